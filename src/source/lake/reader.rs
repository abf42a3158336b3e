//! Parquet by the crate of that name, which only this file knows: it is a feature of the build, being large.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

use super::super::Error;
use super::{opened, unreadable};

/// How many rows are taken at once: enough that the work is done column by column, few enough for any width.
const ROWS: usize = 4_096;

/// Reads what columns a file has, and refuses one that is packed in a way that is not unpacked here.
pub(super) fn schema(path: &Path) -> Result<SchemaRef, Error> {
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
    Ok(about.schema().clone())
}

/// The rows of a file, batch by batch.
pub(super) struct Batches {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.map_err(|why| unreadable(&self.path, why)))
    }
}

/// Opens a file for some of its columns, and counts its rows; `None` where it has no such column.
pub(super) fn batches(path: &Path, columns: &[&str]) -> Result<Option<(usize, Batches)>, Error> {
    let builder = builder(path, opened(path)?)?;
    let schema = builder.schema();
    let roots = columns.iter().map(|name| schema.index_of(name));
    let Ok(roots) = roots.collect::<Result<Vec<_>, _>>() else {
        return Ok(None);
    };
    let rows = builder.metadata().file_metadata().num_rows();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let reader = builder.with_projection(mask).with_batch_size(ROWS).build();
    let batches = Batches {
        path: path.to_owned(),
        reader: reader.map_err(|why| unreadable(path, why))?,
    };
    Ok(Some((usize::try_from(rows).unwrap_or_default(), batches)))
}

fn builder(path: &Path, file: File) -> Result<ParquetRecordBatchReaderBuilder<File>, Error> {
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|why| unreadable(path, why))
}

/// Takes each row of a file, with its columns as keys.
pub(super) fn rows(
    path: &Path,
    take: &mut dyn FnMut(Value) -> Result<(), serde_json::Error>,
) -> Result<(), Error> {
    let reader = SerializedFileReader::new(opened(path)?).map_err(|why| unreadable(path, why))?;
    let rows = reader
        .get_row_iter(None)
        .map_err(|why| unreadable(path, why))?;
    for row in rows {
        let row = row.map_err(|why| unreadable(path, why))?;
        take(row.to_json_value()).map_err(|source| Error::BrokenModel {
            path: path.to_owned(),
            source,
        })?;
    }
    Ok(())
}
