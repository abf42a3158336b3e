//! The profiles, page by page.

use axum::http::StatusCode;
use axum::response::Response;

use super::account::Account;
use super::entities::CUSTOMER;
use super::number;
use super::problem::{Problem, reply};
use crate::sandbox::profiles::{Content, Filter};
use crate::sandbox::traffic::Asked;

/// How many rows a page has when nobody says.
const PAGE: usize = 100;

/// [?] The most rows of a page is not documented. More are not refused but cut, which is what a careless reader misses.
const MOST: usize = 5000;

/// The function that tells who is in a segment.
const MEMBER: &str = "IsMemberOfSegment";

/// Answers with a page of an entity.
pub(super) fn answer(
    origin: &str,
    asked: &Asked,
    entity: &str,
    account: &Account,
    content: &Content,
) -> Result<Response, Problem> {
    // [?] Whether a segment's own entity can be read is not documented, so that it cannot.
    if entity != CUSTOMER {
        let message = format!("The entity '{entity}' was not found.");
        return Err(Problem::odata(
            StatusCode::NOT_FOUND,
            "ODataEntityNotFound",
            &message,
        ));
    }
    let columns = select(asked, content)?;
    let filter = filter(asked, content)?;
    let order = order(asked, content)?;
    let top = number(asked, "$top")?.unwrap_or(PAGE).min(MOST);
    let skip = number(asked, "$skip")?.unwrap_or(0);
    let text = |name| asked.text(name).unwrap_or_default();
    let question = format!("customers\n{}\n{}", text("$filter"), text("$orderby"));
    let rows = content.chosen(&question, || choose(content, &filter, order));
    let from = skip.min(rows.len());
    let upto = rows.len().min(from + top);
    let described = format!(
        "{origin}/v1/instances/{}/data/$metadata#{CUSTOMER}",
        account.instance
    );
    let counted = (text("$count") == "true").then_some(rows.len());
    Ok(reply(body(
        content,
        &columns,
        &rows[from..upto],
        &described,
        counted,
    )))
}

fn bad(message: &str) -> Problem {
    Problem::odata(StatusCode::BAD_REQUEST, "ODataInvalidQuery", message)
}

fn find(content: &Content, name: &str) -> Result<usize, String> {
    let at = content.attributes.iter().position(|one| one.name == name);
    at.ok_or_else(|| format!("Could not find a property named '{name}' on type '{CUSTOMER}'."))
}

fn select(asked: &Asked, content: &Content) -> Result<Vec<usize>, Problem> {
    let Some(names) = asked.text("$select").filter(|names| *names != "*") else {
        return Ok((0..content.attributes.len()).collect());
    };
    let names = names.split(',').map(str::trim);
    let columns: Result<Vec<_>, _> = names.map(|name| find(content, name)).collect();
    columns.map_err(|why| bad(&why))
}

fn filter(asked: &Asked, content: &Content) -> Result<Filter, Problem> {
    let Some(text) = asked.text("$filter") else {
        return Ok(Filter::Always);
    };
    let filter = Filter::parse(text, |name| find(content, name)).map_err(|why| bad(&why))?;
    for (name, segment) in filter.calls() {
        if name != MEMBER {
            return Err(bad(&format!(
                "An unknown function with name '{name}' was found."
            )));
        }
        if content.segments.iter().all(|one| one.name != segment) {
            let message = format!("The segment '{segment}' was not found.");
            return Err(Problem::odata(
                StatusCode::BAD_REQUEST,
                "segmentNotFound",
                &message,
            ));
        }
    }
    Ok(filter)
}

/// The column to order by, and whether backwards.
fn order(asked: &Asked, content: &Content) -> Result<Option<(usize, bool)>, Problem> {
    let text = asked.text("$orderby").unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (by, way) = text.split_once(' ').unwrap_or((text, "asc"));
    let at = find(content, by).map_err(|why| bad(&why))?;
    Ok(Some((at, way.trim() == "desc")))
}

fn choose(content: &Content, filter: &Filter, order: Option<(usize, bool)>) -> Vec<u32> {
    let matches = |row: &u32| {
        let row = *row as usize;
        let value = |at: usize| content.rows.text(row, at);
        let member = |_: &str, name: &str| {
            let segment = content.segments.iter().find(|one| one.name == name);
            segment.is_some_and(|one| one.members.holds(row))
        };
        filter.holds(&value, &member)
    };
    let all = 0..u32::try_from(content.rows.len()).unwrap_or(u32::MAX);
    let mut rows: Vec<u32> = all.filter(matches).collect();
    if let Some((by, backwards)) = order {
        rows.sort_by_cached_key(|row| content.rows.text(*row as usize, by));
        if backwards {
            rows.reverse();
        }
    }
    rows
}

fn body(
    content: &Content,
    columns: &[usize],
    rows: &[u32],
    described: &str,
    counted: Option<usize>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + rows.len() * columns.len() * 32);
    out.extend_from_slice(format!("{{\"@odata.context\":\"{described}\"").as_bytes());
    if let Some(count) = counted {
        out.extend_from_slice(format!(",\"@odata.count\":{count}").as_bytes());
    }
    out.extend_from_slice(b",\"value\":[");
    let named = columns
        .iter()
        .map(|at| (*at, &content.attributes[*at].name));
    let keys: Vec<_> = named
        .map(|(at, name)| (at, format!("\"{name}\":")))
        .collect();
    let needed = columns.iter().max().map_or(0, |at| at + 1);
    for (nth, row) in rows.iter().enumerate() {
        out.extend_from_slice(if nth > 0 { b",{" } else { b"{" });
        let values: Vec<&[u8]> = content.rows.values(*row as usize).take(needed).collect();
        for (nth, (at, key)) in keys.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            match values.get(*at) {
                Some(value) if !value.is_empty() => {
                    out.push(b'"');
                    out.extend_from_slice(value);
                    out.push(b'"');
                }
                _ => out.extend_from_slice(b"null"),
            }
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}
