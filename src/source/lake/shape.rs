//! What the columns of a Parquet file are, and what becomes of them in a table of several files.

use std::path::Path;

use arrow_schema::{Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;

use super::super::Error;
use super::super::arrow::{Form, NoText};
use super::super::table::Told;
use super::{opened, unreadable};
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
    let file = opened(path)?;
    let about = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default());
    let about = about.map_err(|why| unreadable(path, why))?;
    let groups = about.metadata().row_groups().iter();
    let chunks = groups.flat_map(RowGroupMetaData::columns);
    for chunk in chunks {
        let form = match chunk.compression() {
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) => continue,
            Compression::GZIP(_) => "GZIP",
            Compression::BROTLI(_) => "Brotli",
            Compression::LZO => "LZO",
            Compression::LZ4 | Compression::LZ4_RAW => "LZ4",
        };
        return Err(Error::UnreadForm {
            what: path.display().to_string(),
            form: format!("Parquet ({form})"),
        });
    }
    Ok(formed(about.schema()))
}

fn formed(schema: &Schema) -> Vec<Column> {
    let fields = schema.fields().iter();
    let columns = fields.map(|field| Column {
        form: Form::of(field),
        field: field.as_ref().clone(),
    });
    columns.collect()
}
