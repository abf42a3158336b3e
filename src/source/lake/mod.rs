//! Tables as lakehouses keep them: Parquet files, folders of such files, and Delta, which tells in a log which of them count.
//!
//! Everything above sees the same [`Table`] as of a CSV; only here is known that values come in columns.

mod dataset;
mod delta;
mod part;
#[cfg(feature = "parquet")]
mod reader;
#[cfg(not(feature = "parquet"))]
#[path = "without.rs"]
mod reader;
mod shape;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Error;
use super::file::DataFile;
use super::guess;
use super::shape::addresses;
use super::table::{Table, header, named, place};

pub(super) use dataset::listed;
pub(super) use delta::version;
pub(super) use part::{ParquetPart, Values};
pub(super) use shape::Cell;

use dataset::Dataset;

/// As which every Parquet file begins.
const MAGIC: &[u8; 4] = b"PAR1";

/// Tells whether a file is Parquet, by its name or else by its first bytes.
pub(super) fn is_parquet(path: &Path) -> bool {
    let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    if ending.is_some_and(|ending| ending == "parquet") {
        return true;
    }
    let mut start = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *MAGIC
}

/// Tells whether a folder is one table: Delta, or the part files of one.
pub(super) fn is_table(folder: &Path) -> Result<bool, Error> {
    if !folder.is_dir() {
        return Ok(false);
    }
    Ok(delta::is_delta(folder) || Dataset::find(folder)?.is_some())
}

/// Tells whether a path is a table of ours.
pub(super) fn holds(path: &Path) -> Result<bool, Error> {
    Ok(if path.is_dir() {
        is_table(path)?
    } else {
        is_parquet(path)
    })
}

/// Looks at a table: a Parquet file, or the folder of one.
pub(super) fn table(file: DataFile, id_column: Option<&str>) -> Result<Table, Error> {
    let path = file.path.clone();
    let table = if delta::is_delta(&path) {
        delta::table(file)?
    } else if path.is_dir() {
        match Dataset::find(&path)? {
            Some(dataset) => dataset.table(file)?,
            None => return Err(Error::NoFiles { folder: path }),
        }
    } else {
        Dataset::of(vec![path]).table(file)?
    };
    finished(table, id_column)
}

/// Looks at files that are one table together.
pub(super) fn files(
    file: DataFile,
    paths: Vec<std::path::PathBuf>,
    id_column: Option<&str>,
) -> Result<Table, Error> {
    finished(Dataset::of(paths).table(file)?, id_column)
}

/// Finds out what the columns are for.
fn finished(mut table: Table, id_column: Option<&str>) -> Result<Table, Error> {
    header(&table.file, &table.columns)?;
    table.rows = part::first_rows(&table.parts)?;
    table.addresses = addresses(&table.columns, &table.rows);
    table.id = match id_column {
        Some(name) => {
            let unknown = || Error::UnknownIdColumn {
                path: table.file.path.clone(),
                column: name.to_owned(),
                candidates: named(&table.columns),
            };
            Some(place(&table.columns, name).ok_or_else(unknown)?)
        }
        None => guess::id_column(&table.columns, &table.rows),
    };
    Ok(table)
}

/// Names what is wrong with a file. One that is gone was there when the table was looked at: it is being written anew.
fn opened(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|source| {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Error::Changed { path },
            _ => Error::OpenFile { path, source },
        }
    })
}

fn unreadable(path: &Path, why: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::ReadFile {
        path: path.to_owned(),
        source: io::Error::other(why),
    }
}

/// Lists all names in a folder, also those that begin with a dot.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Look {
        path: folder.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
