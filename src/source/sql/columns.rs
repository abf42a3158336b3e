//! The columns of a query: which holds ids, which the wanted attributes, and how their values are written.

use std::collections::HashSet;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::SqlError;
use super::query::Query;
use crate::domain::{ProfileId, ValueKind};
use crate::source::arrow::{Form, NoText, Texts};
use crate::source::keys::folded;
use crate::source::{Cells, Error, guess};

/// How kinds of values are kept.
const KINDS: [(ValueKind, &str); 4] = [
    (ValueKind::Text, "text"),
    (ValueKind::Number, "number"),
    (ValueKind::Truth, "truth"),
    (ValueKind::Date, "date"),
];

/// Reads a column as it is kept; `None` for one whose values are no texts.
pub(super) fn read(kept: &str) -> Option<(&str, ValueKind)> {
    let (name, word) = kept.rsplit_once(' ')?;
    let (kind, _) = KINDS.iter().find(|(_, known)| *known == word)?;
    Some((name, *kind))
}

/// Names a column as it is kept, whatever its values are.
pub(super) fn name(kept: &str) -> &str {
    kept.rsplit_once(' ').map_or(kept, |(name, _)| name)
}

/// The columns of one query.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    file: String,
    all: Vec<Column>,
    id: usize,
}

/// One column; without a form, its values are no texts.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    form: Result<Form, NoText>,
}

impl Column {
    fn kind(&self) -> Option<ValueKind> {
        self.form.as_ref().ok().map(Form::kind)
    }

    /// How it is kept, to be compared with another time: by kinds that no engine and no library renames.
    fn kept(&self) -> String {
        let kinds = KINDS.iter();
        let kind = kinds.filter(|(kind, _)| Some(*kind) == self.kind());
        let kind = kind.map(|(_, word)| *word).next();
        format!("{} {}", self.name, kind.unwrap_or("other"))
    }
}

impl Columns {
    /// Takes the columns that a query gives. `id` is the one that was named for ids.
    pub fn of(query: &Query, schema: &Schema, id: Option<&str>) -> Result<Self, SqlError> {
        let file = query.file.to_string();
        let mut seen = HashSet::new();
        for field in schema.fields() {
            if !seen.insert(field.name().trim()) {
                let column = field.name().clone();
                return Err(SqlError::DuplicateColumn {
                    query: file,
                    column,
                });
            }
        }
        let columns: Vec<Column> = schema
            .fields()
            .iter()
            .map(|field| Column {
                name: field.name().trim().to_owned(),
                form: Form::of(field),
            })
            .collect();
        let found = match id {
            Some(id) => place(&columns, id),
            None => columns
                .iter()
                .position(|column| guess::is_id_name(&column.name)),
        };
        match found {
            Some(id) => Ok(Self {
                file,
                all: columns,
                id,
            }),
            None => Err(SqlError::NoIdColumn {
                query: file,
                named: id.map(str::to_owned),
                columns: columns.into_iter().map(|column| column.name).collect(),
            }),
        }
    }

    /// Lists those whose values are texts, with their kinds.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, ValueKind)> {
        let columns = self.all.iter();
        columns.filter_map(|column| Some((column.name.as_str(), column.kind()?)))
    }

    /// Lists the others.
    pub fn textless(&self) -> impl Iterator<Item = &NoText> {
        let columns = self.all.iter();
        columns.filter_map(|column| column.form.as_ref().err())
    }

    /// Names the column of ids.
    pub fn id_name(&self) -> &str {
        &self.all[self.id].name
    }

    /// Lists them as they are kept.
    pub fn kept(&self) -> Vec<String> {
        let mut kept: Vec<String> = self.all.iter().map(Column::kept).collect();
        kept.sort();
        kept
    }

    /// Refuses other columns than those that were kept.
    pub fn check(&self, kept: &[String]) -> Result<(), SqlError> {
        let now = self.kept();
        let lacking = |from: &[String], of: &[String]| -> Vec<String> {
            let lacking = of.iter().filter(|one| !from.contains(one));
            lacking.cloned().collect()
        };
        let (gone, new) = (lacking(&now, kept), lacking(kept, &now));
        if gone.is_empty() && new.is_empty() {
            return Ok(());
        }
        let query = self.file.clone();
        Err(SqlError::OtherColumns { query, gone, new })
    }

    /// Makes ready to pick these attributes of the rows, and the id.
    pub fn picker(&self, attributes: &[String]) -> Result<Picker, Error> {
        let place_of = |name: &String| {
            place(&self.all, name).ok_or_else(|| Error::UnknownAttribute {
                table: self.file.clone(),
                attribute: name.clone(),
                candidates: self.attributes().map(|(name, _)| name.to_owned()).collect(),
            })
        };
        let places = attributes.iter().map(place_of);
        let places: Vec<usize> = places.collect::<Result<_, _>>()?;
        let places = std::iter::once(self.id).chain(places);
        let picked = places.map(|at| {
            let form = self.all[at].form.clone();
            Ok((at, form.map_err(|why| no_text(&self.file, &why))?))
        });
        Ok(Picker(picked.collect::<Result<_, SqlError>>()?))
    }
}

/// Says that a column of a query is no attribute.
pub(super) fn no_text(query: &str, why: &NoText) -> SqlError {
    SqlError::NoTextColumn {
        query: query.to_owned(),
        column: why.column.trim().to_owned(),
        holds: why.holds.clone(),
    }
}

/// Finds a column by its name: exactly, then without case.
fn place(columns: &[Column], name: &str) -> Option<usize> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    crate::source::table::place(&names, name)
}

/// Picks values of rows: where the columns are, that of ids first, and how their values are written.
#[derive(Debug)]
pub(super) struct Picker(Vec<(usize, Form)>);

impl Picker {
    /// Gives ids and values of a batch; `None` where a column is not what was announced. A row without an id has none.
    pub fn rows(&self, batch: &RecordBatch) -> Option<Vec<(Option<ProfileId>, Cells)>> {
        let columns = self.0.iter();
        let columns = columns.map(|(at, form)| form.texts(batch.columns().get(*at)?.as_ref()));
        let columns = columns.collect::<Option<Vec<Texts<'_>>>>()?;
        let (ids, values) = columns.split_first()?;
        let rows = (0..batch.num_rows()).map(|row| {
            let id = ProfileId::parse(&folded(ids.get(row)));
            (
                id,
                Cells::gather(values.iter().map(|column| column.get(row))),
            )
        });
        Some(rows.collect())
    }
}
