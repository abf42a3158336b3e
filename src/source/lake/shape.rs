//! What the columns of a Parquet file are, and what becomes of them in a table of several files.

use std::path::Path;

use arrow_schema::{Field, Schema};

use super::super::Error;
use super::super::arrow::{Form, NoText};
use super::super::table::Told;
use super::reader::schema;
use crate::domain::ValueKind;

/// Where the values of a column come from, in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) enum Cell {
    /// The file's own column of this name.
    Column(String, Form),
    /// All rows of the file have the same value, told by its folder or by a log.
    Same(String),
    /// The file is older than the column.
    None,
}

impl Cell {
    /// Tells what kind of values they are.
    pub fn told(&self) -> Told {
        let kind = match self {
            Self::Column(_, form) => form.kind(),
            Self::Same(_) | Self::None => ValueKind::Text,
        };
        Told {
            kind,
            iso_dates: kind == ValueKind::Date,
            label: None,
        }
    }
}

/// One column of a file.
pub(super) struct Column {
    /// The field as the file has it.
    pub field: Field,
    pub form: Result<Form, NoText>,
}

/// Reads what columns a file has, and refuses one that is packed in a way that is not unpacked here.
pub(super) fn columns(path: &Path) -> Result<Vec<Column>, Error> {
    Ok(formed(schema(path)?.as_ref()))
}

fn formed(schema: &Schema) -> Vec<Column> {
    let fields = schema.fields().iter();
    let columns = fields.map(|field| Column {
        form: Form::of(field),
        field: field.as_ref().clone(),
    });
    columns.collect()
}
