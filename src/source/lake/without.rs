//! What stands in for reading Parquet in a build without it: every file is refused by name.

use std::iter::Empty;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use serde_json::Value;

use super::super::Error;

pub(super) type Batches = Empty<Result<RecordBatch, Error>>;

fn refused(path: &Path) -> Error {
    Error::NoParquet {
        path: path.to_owned(),
    }
}

pub(super) fn schema(path: &Path) -> Result<SchemaRef, Error> {
    Err(refused(path))
}

pub(super) fn batches(path: &Path, _columns: &[&str]) -> Result<Option<(usize, Batches)>, Error> {
    Err(refused(path))
}

pub(super) fn rows(
    path: &Path,
    _take: &mut dyn FnMut(Value) -> Result<(), serde_json::Error>,
) -> Result<(), Error> {
    Err(refused(path))
}
