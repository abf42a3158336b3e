//! What was asked of a table: which columns and rows, in which order, how many at once.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::cookie::{Page, preferred};
use super::problem::{Problem, no_property, page};
use super::table::{Column, Holds, Table};
use crate::sandbox::profiles::{Filter, escape};
use crate::sandbox::traffic::Asked;

/// The most rows of a page, and how many it has when nobody says.
const PAGE: usize = 5000;

/// The count never tells more.
const COUNTED: usize = 5000;

const OPTIONS: [&str; 6] = [
    "$select",
    "$filter",
    "$orderby",
    "$top",
    "$count",
    "$skiptoken",
];

/// A question that was understood.
struct Query<'a> {
    table: &'a Table<'a>,
    columns: Vec<&'a Column>,
    filter: Filter,
    /// A column, and whether backwards.
    order: Option<(Holds, bool)>,
}

/// Answers with a page.
pub(super) fn run(origin: &str, asked: &Asked, table: &Table<'_>) -> Result<Response, Problem> {
    let query = Query::read(asked, table)?;
    let preferred = preferred(&asked.headers);
    let size = preferred.unwrap_or(PAGE).clamp(1, PAGE);
    let at = Page::of(asked, size)?;
    let top = match asked.text("$top") {
        // A page size that was asked for makes the service forget `$top`.
        Some(top) if preferred.is_none() => Some(number("$top", top)?.min(PAGE)),
        _ => None,
    };
    let order = asked.text("$orderby").unwrap_or_default();
    let filter = resolved(asked.text("$filter").unwrap_or_default(), asked);
    let question = format!("{}\n{filter}\n{order}", table.edition);
    let rows = table.content.chosen(&question, || query.choose());
    let from = at.before().min(rows.len());
    let upto = rows.len().min(from + top.unwrap_or(size));
    let next = (top.is_none() && upto < rows.len()).then(|| at.next_link(origin, asked));
    let body = query.body(origin, asked, &rows[from..upto], rows.len(), next);
    let mut response = page(StatusCode::OK, body);
    if preferred.is_some()
        && let Ok(applied) = HeaderValue::from_str(&format!("odata.maxpagesize={size}"))
    {
        let headers = response.headers_mut();
        headers.insert("preference-applied", applied);
    }
    Ok(response)
}

fn number(name: &str, text: &str) -> Result<usize, Problem> {
    text.parse().ok().ok_or_else(|| {
        Problem::bad(format!(
            "Invalid value '{text}' for {name} query option found. The {name} query option requires a non-negative integer value."
        ))
    })
}

impl<'a> Query<'a> {
    fn read(asked: &Asked, table: &'a Table<'a>) -> Result<Self, Problem> {
        for name in asked.query.keys() {
            if name == "$skip" {
                return Err(Problem::bad("Skip Clause is not supported in CRM"));
            }
            // What begins so is an alias for a value.
            if !name.starts_with('@') && !OPTIONS.contains(&name.as_str()) {
                return Err(Problem::bad(format!(
                    "The query parameter {name} is not supported"
                )));
            }
        }
        let filter = match asked.text("$filter") {
            Some(text) => filter(&resolved(text, asked), table)?,
            None => Filter::Always,
        };
        let order = asked.text("$orderby").unwrap_or_default().trim();
        let (by, way) = order.split_once(' ').unwrap_or((order, "asc"));
        let order = match by {
            "" => None,
            by => Some((find(table, by)?.holds, way.trim() == "desc")),
        };
        Ok(Self {
            columns: select(asked, table)?,
            table,
            filter,
            order,
        })
    }

    fn choose(&self) -> Vec<u32> {
        let table = self.table;
        let matches = |row: &u32| {
            let row = *row as usize;
            let value = |at: usize| table.text(row, table.columns[at].holds);
            table.holds(row)
                && (self.filter == Filter::Always || self.filter.holds(&value, &|_, _| false))
        };
        let all = 0..u32::try_from(table.content.rows.len()).unwrap_or(u32::MAX);
        let mut rows: Vec<u32> = all.filter(matches).collect();
        if let Some((by, backwards)) = self.order {
            rows.sort_by_cached_key(|row| table.text(*row as usize, by));
            if backwards {
                rows.reverse();
            }
        }
        rows
    }

    fn body(
        &self,
        origin: &str,
        asked: &Asked,
        rows: &[u32],
        all: usize,
        next: Option<String>,
    ) -> Vec<u8> {
        let set = self.table.entity;
        let shown: Vec<&str> = self.columns.iter().map(|one| one.name.as_str()).collect();
        let shown = match asked.text("$select") {
            Some(_) => format!("({})", shown.join(",")),
            None => String::new(),
        };
        let mut out = Vec::with_capacity(512 + rows.len() * (64 + self.columns.len() * 40));
        let context = format!("{origin}/api/data/v9.2/$metadata#{set}s{shown}");
        out.extend_from_slice(format!("{{\"@odata.context\":\"{context}\"").as_bytes());
        if asked.text("$count") == Some("true") {
            let count = all.min(COUNTED);
            out.extend_from_slice(format!(",\"@odata.count\":{count}").as_bytes());
        }
        out.extend_from_slice(b",\"value\":[");
        let columns = self.columns.iter();
        let keys: Vec<(Vec<u8>, Holds)> = columns
            .map(|one| (format!(",\"{}\":", one.name).into_bytes(), one.holds))
            .collect();
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(br#"{"@odata.etag":"W/\"1048577\"""#);
            self.table.write(*row as usize, &keys, &mut out);
            out.push(b'}');
        }
        out.push(b']');
        if let Some(next) = next {
            out.extend_from_slice(b",\"@odata.nextLink\":\"");
            escape(&next, &mut out);
            out.push(b'"');
        }
        out.push(b'}');
        out
    }
}

fn find<'a>(table: &'a Table<'_>, name: &str) -> Result<&'a Column, Problem> {
    let at = table.find(name);
    at.map(|at| &table.columns[at])
        .ok_or_else(|| Problem::no_property(name, table.entity))
}

/// The columns asked for. The key comes with every row, asked for or not.
fn select<'a>(asked: &Asked, table: &'a Table<'_>) -> Result<Vec<&'a Column>, Problem> {
    let Some(names) = asked.text("$select").filter(|names| *names != "*") else {
        return Ok(table.columns.iter().collect());
    };
    let names = names.split(',').map(str::trim);
    let chosen: Result<Vec<_>, _> = names.map(|name| find(table, name)).collect();
    let mut chosen = chosen?;
    if chosen.iter().all(|one| one.holds != Holds::Key) {
        chosen.extend(table.columns.iter().filter(|one| one.holds == Holds::Key));
    }
    Ok(chosen)
}

/// Puts values in place of their aliases, the longest first: `@p1` begins `@p10`.
fn resolved(text: &str, asked: &Asked) -> String {
    let aliases = asked.query.iter().filter(|(name, _)| name.starts_with('@'));
    let mut aliases: Vec<_> = aliases.collect();
    aliases.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    aliases
        .into_iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(name.as_str(), value)
        })
}

fn filter(text: &str, table: &Table<'_>) -> Result<Filter, Problem> {
    let read = |text: &str| {
        let field = |name: &str| {
            let unknown = || no_property(name, table.entity);
            table.find(name).ok_or_else(unknown)
        };
        Filter::parse(text, field).map_err(Problem::bad)
    };
    let mut filter = read(text)?;
    // [?] Whether the backslashes of the documented filter are part of it is not said. Where the lists hold none, a
    // filter may be written either way.
    if text.contains("\\\"") && table.edition == "memberships" {
        let plain = read(&text.replace("\\\"", "\""))?;
        filter = Filter::Or(Box::new(filter), Box::new(plain));
    }
    match filter.calls().first() {
        Some((name, _)) => Err(Problem::bad(format!(
            "An unknown function with name '{name}' was found."
        ))),
        None => Ok(filter),
    }
}
