//! Rows under the names of columns.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Error;
use super::arrow::NoText;
use super::file::DataFile;
use super::lake::{self, Cell};
use super::parts::{Line, Part, TableRecords};
use super::shape::Shape;
use super::versions::Versions;
use crate::domain::{Email, ValueKind};

/// Rows under names, in one file or in several, as they were when looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The file, or what several files are called together.
    pub file: DataFile,
    pub parts: Vec<Part>,
    /// The trimmed names in the header; one without a name is no attribute, but keeps its place.
    pub columns: Vec<String>,
    /// Where ids are.
    pub id: Option<usize>,
    pub rows: Vec<Vec<String>>,
    /// What a model tells of each column; empty where only the file tells.
    pub told: Vec<Told>,
    /// Whether a row may end early, the cells after its last one being empty.
    pub fills: bool,
    /// The columns that hold addresses.
    pub addresses: Vec<usize>,
    /// How to tell the latest of several rows about one thing.
    pub versions: Option<Versions>,
    /// Columns whose values are no texts, and so no attributes.
    pub textless: Vec<NoText>,
    /// The folder whose files these are, all of them, as long as nobody writes it anew.
    pub listing: Option<(PathBuf, Vec<PathBuf>)>,
}

/// What a model tells of a column beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub kind: ValueKind,
    /// Whether the file itself has a type for dates, and holds no texts that look like some.
    pub iso_dates: bool,
    pub label: Option<String>,
}

impl Table {
    /// Finds a column by its name, exactly, then without case.
    pub fn place(&self, column: &str) -> Option<usize> {
        place(&self.columns, column)
    }

    /// Lists the columns that have a name.
    pub fn attributes(&self) -> Vec<String> {
        named(&self.columns)
    }

    /// Gives the name of the id column.
    pub fn id_name(&self) -> Option<&str> {
        self.id.map(|at| self.columns[at].as_str())
    }

    /// Gives the character between cells, of the first file of text.
    pub fn delimiter(&self) -> Option<u8> {
        self.parts.iter().find_map(|part| match part {
            Part::Text(part) => Some(part.csv.delimiter),
            Part::Parquet(_) => None,
        })
    }

    /// Tells whether it has a column of this name, whatever its values are.
    pub fn knows(&self, column: &str) -> bool {
        let mut textless = self.textless.iter();
        self.columns.iter().any(|known| known == column)
            || textless.any(|known| known.column == column)
    }

    /// Takes from the files what their columns hold: of dates that one of them has as texts, nothing is known.
    pub fn told_by_parts(&mut self) {
        let told = (0..self.columns.len()).map(|at| {
            let cells = self.parts.iter().filter_map(|part| match part {
                Part::Parquet(part) => part.cells.get(at).filter(|cell| **cell != Cell::None),
                Part::Text(_) => None,
            });
            let mut told = cells.map(Cell::told);
            let first = told.next().unwrap_or_default();
            if told.all(|next| next == first) {
                first
            } else {
                Told::default()
            }
        });
        self.told = told.collect();
    }

    /// Refuses what was read of a folder that has other files now.
    pub fn check_listing(&self) -> Result<(), Error> {
        match &self.listing {
            Some((folder, files)) if lake::listed(folder)? != *files => Err(Error::Changed {
                path: folder.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Tells what its rows look like.
    pub fn shape(&self) -> Shape {
        Shape {
            width: self.columns.len(),
            addresses: self.addresses.clone(),
        }
    }

    /// Takes every row that is still true; of its cells only those of the wanted columns need be there.
    pub fn each(
        &self,
        wanted: &[usize],
        take: impl FnMut(Line<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        TableRecords::of(self)?.each(wanted, take)
    }
}

/// Checks a delimiter that the user set.
pub(super) fn checked(delimiter: char) -> Result<u8, Error> {
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, 0 | b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err(Error::BadDelimiter { delimiter }),
    }
}

pub(super) fn header(file: &DataFile, row: &[String]) -> Result<Vec<String>, Error> {
    let path = || file.path.clone();
    let columns: Vec<String> = row.iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = HashSet::new();
    for name in columns.iter().filter(|name| !name.is_empty()) {
        if !seen.insert(name) {
            return Err(Error::DuplicateColumn {
                path: path(),
                column: name.clone(),
            });
        }
    }
    if seen.is_empty() || columns.iter().any(|name| Email::parse(name).is_ok()) {
        return Err(Error::NoHeader { path: path() });
    }
    Ok(columns)
}

pub(super) fn place(columns: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    let exact = columns.iter().position(|column| column == name);
    let lower = name.to_lowercase();
    let mut alike = (0..columns.len()).filter(|at| columns[*at].to_lowercase() == lower);
    // Where two columns differ only in case, nothing tells which of them is meant.
    let only = alike.next().filter(|_| alike.next().is_none());
    exact.or(only).filter(|_| !name.is_empty())
}

/// Tells whether a column is the one that was typed, case apart.
pub(super) fn is_named(column: &str, typed: &str) -> bool {
    column.trim().to_lowercase() == typed.trim().to_lowercase()
}

pub(super) fn named(columns: &[String]) -> Vec<String> {
    let named = columns.iter().filter(|name| !name.is_empty());
    named.cloned().collect()
}
