//! The Parquet files of one table, as engines write them into a folder: `region=r1/part-0.parquet`.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::super::Error;
use super::super::file::DataFile;
use super::super::parts::Part;
use super::super::table::Table;
use super::part::ParquetPart;
use super::shape::{Cell, Column, columns};
use super::{is_parquet, names};

/// How many folders of partitions lie within each other at most.
const DEPTH: usize = 8;
/// As which Hive writes that a row has no value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";
/// What engines leave beside the files of a table, at the end of writing it or to tell of all of them.
const MARKS: [&str; 3] = ["_SUCCESS", "_metadata", "_common_metadata"];
/// Where Spark writes files before they count.
const UNFINISHED: &str = "_temporary";

/// The files of one table.
pub(super) struct Dataset {
    folder: Option<PathBuf>,
    /// Each with the values that its folders tell, by the names of their columns.
    files: Vec<(PathBuf, Vec<(String, String)>)>,
}

impl Dataset {
    /// Takes files of which something else tells that they are one table.
    pub fn of(paths: Vec<PathBuf>) -> Self {
        Self {
            folder: None,
            files: paths.into_iter().map(|path| (path, Vec::new())).collect(),
        }
    }

    /// Finds the files of a folder that is one table: its folders are named `COLUMN=VALUE`, its files by number, or an
    /// engine left its mark. Files with names of their own are each a table.
    pub fn find(folder: &Path) -> Result<Option<Self>, Error> {
        let all = names(folder)?;
        let (mut marked, mut parts, mut others) = (false, 0, 0);
        for name in all.iter().filter(|name| !name.starts_with(['.', '~'])) {
            let path = folder.join(name);
            if MARKS.contains(&name.as_str()) || partition(name).is_some() && path.is_dir() {
                marked = true;
            } else if name == UNFINISHED || !name.starts_with('_') && is_parquet_name(name) {
                let numbered = name == UNFINISHED || is_part(name, folder);
                parts += usize::from(numbered);
                others += usize::from(!numbered);
            }
        }
        if !marked && (parts == 0 || others > 0) {
            return Ok(None);
        }
        let mut dataset = Self {
            folder: Some(folder.to_owned()),
            files: Vec::new(),
        };
        dataset.gather(folder, &[], DEPTH)?;
        Ok((!dataset.files.is_empty()).then_some(dataset))
    }

    fn gather(
        &mut self,
        folder: &Path,
        told: &[(String, String)],
        depth: usize,
    ) -> Result<(), Error> {
        for name in names(folder)? {
            let path = folder.join(&name);
            if name == UNFINISHED {
                // The files that are there may be some of a table that is still being written.
                let path = folder.to_owned();
                return Err(Error::Changed { path });
            }
            if name.starts_with(['.', '~', '_']) {
                continue;
            }
            if path.is_dir() {
                if let (Some(value), true) = (partition(&name), depth > 0) {
                    let told: Vec<_> = told.iter().cloned().chain([value]).collect();
                    self.gather(&path, &told, depth - 1)?;
                }
            } else if is_parquet(&path) {
                self.files.push((path, told.to_vec()));
            }
        }
        Ok(())
    }

    /// Looks at what columns the files have, and makes a table of them.
    pub fn table(self, file: DataFile) -> Result<Table, Error> {
        let looked = self.files.iter().map(|(path, _)| columns(path));
        let looked = looked.collect::<Result<Vec<_>, _>>()?;
        let mut table = Table {
            file,
            ..Table::default()
        };
        let widest = looked.iter().max_by_key(|columns| columns.len());
        for column in widest.into_iter().flatten() {
            match &column.form {
                Ok(_) => table.columns.push(column.field.name().clone()),
                Err(why) => table.textless.push(why.clone()),
            }
        }
        let partitions = self.files.iter().flat_map(|(_, told)| told);
        for (name, _) in partitions {
            let known = table
                .columns
                .iter()
                .chain(table.textless.iter().map(|one| &one.column));
            if !known.clone().any(|column| column == name) {
                table.columns.push(name.clone());
            }
        }
        let root = self.folder.as_deref();
        for ((path, told), columns) in self.files.iter().zip(&looked) {
            let strange = columns
                .iter()
                .any(|column| !table.knows(column.field.name()));
            if strange {
                let path = path.clone();
                return Err(Error::OtherColumns { path });
            }
            let cells = table.columns.iter().map(|name| cell(name, columns, told));
            let cells = cells.collect::<Result<Vec<_>, _>>();
            let cells = cells.map_err(|()| Error::OtherColumns { path: path.clone() })?;
            let file = match root {
                // Named with the folder, as it is below the source.
                Some(root) => DataFile {
                    path: path.clone(),
                    name: below(&table.file, root, path).into(),
                },
                None if self.files.len() == 1 => table.file.clone(),
                None => DataFile::below(path.parent().unwrap_or(path), path),
            };
            table.parts.push(Part::Parquet(ParquetPart {
                file,
                cells,
                deleted: None,
            }));
        }
        table.told_by_parts();
        table.listing = self.folder.map(|folder| {
            (
                folder,
                self.files.into_iter().map(|(path, _)| path).collect(),
            )
        });
        Ok(table)
    }
}

/// Lists the files of a table's folder anew.
pub(in crate::source) fn listed(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let found = Dataset::find(folder)?;
    let files = found.into_iter().flat_map(|dataset| dataset.files);
    Ok(files.map(|(path, _)| path).collect())
}

fn below(table: &DataFile, root: &Path, path: &Path) -> String {
    let inner = DataFile::below(root, path);
    format!("{}/{}", table.name, inner.name)
}

fn cell(name: &str, columns: &[Column], told: &[(String, String)]) -> Result<Cell, ()> {
    if let Some(column) = columns.iter().find(|column| column.field.name() == name) {
        return match &column.form {
            Ok(form) => Ok(Cell::Column(name.to_owned(), form.clone())),
            // A text in another file of the table.
            Err(_) => Err(()),
        };
    }
    let told = told.iter().find(|(column, _)| column == name);
    Ok(told.map_or(Cell::None, |(_, value)| Cell::Same(value.clone())))
}

/// Reads `COLUMN=VALUE`.
fn partition(name: &str) -> Option<(String, String)> {
    let (column, value) = name.split_once('=')?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let value = if value == NO_VALUE {
        String::new()
    } else {
        plain(value)
    };
    (!column.is_empty()).then(|| (plain(column), value))
}

fn is_parquet_name(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".parquet")
}

/// Tells whether a file is named by its number: `part-00000-….snappy.parquet`, `part.0.parquet`, `data_0.parquet`,
/// `000000.parquet`, or as its folder, `Customer_1.parquet`.
fn is_part(name: &str, folder: &Path) -> bool {
    let name = name.to_lowercase();
    let own = folder
        .file_name()
        .map(|own| own.to_string_lossy().to_lowercase());
    let numbered = |rest: &str| {
        let rest = rest.trim_start_matches(['-', '_', '.']);
        rest.starts_with(|first: char| first.is_ascii_digit())
    };
    let stem = name.split('.').next().unwrap_or_default();
    let starts = ["part", "data", own.as_deref().unwrap_or("part")];
    starts
        .iter()
        .any(|start| name.strip_prefix(start).is_some_and(numbered))
        || stem
            .chars()
            .all(|one| one.is_ascii_digit() || matches!(one, '-' | '_'))
}
