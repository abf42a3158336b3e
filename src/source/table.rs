//! Rows under the names of columns.

use std::collections::HashSet;

use super::Error;
use super::file::DataFile;
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

    /// Gives the character between cells, of the first file.
    pub fn delimiter(&self) -> u8 {
        self.parts.first().map_or(b',', |part| part.csv.delimiter)
    }

    /// Tells what its rows look like.
    pub fn shape(&self) -> Shape {
        Shape {
            width: self.columns.len(),
            addresses: self.addresses.clone(),
        }
    }

    /// Makes ready to read the rows, where need be by finding out first which of them are still true.
    pub fn records(&self) -> Result<TableRecords<'_>, Error> {
        TableRecords::of(self)
    }

    /// Takes every row that is still true.
    pub fn each(&self, take: impl FnMut(Line<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.records()?.each(take)
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

pub(super) fn named(columns: &[String]) -> Vec<String> {
    let named = columns.iter().filter(|name| !name.is_empty());
    named.cloned().collect()
}
