//! Delta tables: files of Parquet, and a log that tells which of them are the table, and how its columns are called.
//!
//! An own reader: the log is some lines of JSON, and the crates for it bring an engine, a runtime and clouds along.
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>

mod checkpoint;
mod deleted;
mod features;
mod log;
mod schema;

use std::path::Path;
use std::time::SystemTime;

use super::super::Error;
use super::super::file::DataFile;
use super::super::parts::Part;
use super::super::table::Table;
use super::part::ParquetPart;
use super::shape::{Cell, columns};
use log::{Add, Snapshot};
use schema::{Column, Schema};

pub(super) use deleted::Deleted;

/// The folder of the log.
const LOG: &str = "_delta_log";

/// Tells whether a folder is a Delta table.
pub(super) fn is_delta(folder: &Path) -> bool {
    folder.join(LOG).is_dir()
}

/// Gives the newest version of a Delta table and when it was written; `None` for any other folder.
pub(in crate::source) fn version(
    folder: &Path,
) -> Result<Option<(u64, Option<SystemTime>)>, Error> {
    if !is_delta(folder) {
        return Ok(None);
    }
    let (version, path) = log::Listing::of(&folder.join(LOG))?.newest();
    let written = std::fs::metadata(path).and_then(|about| about.modified());
    Ok(Some((version, written.ok())))
}

/// Looks at the newest version of a table. Its files never change: what is written meanwhile makes another version.
pub(super) fn table(file: DataFile) -> Result<Table, Error> {
    let folder = file.path.clone();
    let snapshot = Snapshot::read(&folder)?;
    let schema = Schema::of(&folder, &snapshot)?;
    let mut table = Table {
        file,
        ..Table::default()
    };
    let mut read = Vec::new();
    for column in &schema.columns {
        if let Some(why) = &column.textless {
            table.textless.push(why.clone());
        } else {
            table.columns.push(column.name.clone());
            read.push(column);
        }
    }
    for add in snapshot.files() {
        let part = part(&folder, &table.file, add, &read, &schema)?;
        table.parts.push(Part::Parquet(part));
    }
    table.told = read.iter().map(|column| column.told.clone()).collect();
    Ok(table)
}

fn part(
    folder: &Path,
    table: &DataFile,
    add: &Add,
    read: &[&Column],
    schema: &Schema,
) -> Result<ParquetPart, Error> {
    let path = add.place(folder)?;
    let there = columns(&path)?;
    let cells = read.iter().map(|column| {
        if column.partition {
            let value = add.partition_values.get(&column.physical);
            let value = value.and_then(serde_json::Value::as_str);
            return Ok(Cell::Same(value.unwrap_or_default().to_owned()));
        }
        let own = there.iter().find(|own| schema.is_same(column, &own.field));
        match own.map(|own| (own.field.name(), &own.form)) {
            None => Ok(Cell::None),
            Some((name, Ok(form))) => Ok(Cell::Column(name.clone(), form.clone())),
            Some((_, Err(_no_text))) => Err(Error::OtherColumns { path: path.clone() }),
        }
    });
    let cells = cells.collect::<Result<_, _>>()?;
    let name = DataFile::below(folder, &path).name;
    Ok(ParquetPart {
        file: DataFile {
            name: format!("{}/{name}", table.name).into(),
            path,
        },
        cells,
        deleted: add.deleted(folder)?,
    })
}
