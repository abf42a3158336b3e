//! The files that hold a table's rows, read one after the other.

use std::sync::Arc;

use super::Error;
use super::file::{DataFile, FileRecords};
use super::records::{Csv, Record};
use super::table::Table;
use super::versions::Current;

/// One file of a table.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub file: DataFile,
    pub csv: Csv,
    /// The trimmed first row, where it is a header.
    pub header: Option<Vec<String>>,
}

/// A row and the file it stands in.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub record: Record<'a>,
    pub file: &'a Arc<str>,
}

impl Part {
    /// Opens the file anew, past its header, which must be the one that was looked at.
    pub fn records(&self) -> Result<FileRecords, Error> {
        let mut records = self.file.records(self.csv)?;
        let Some(header) = &self.header else {
            return Ok(records);
        };
        let same = records.next()?.is_some_and(|now| {
            now.iter()
                .map(str::trim)
                .eq(header.iter().map(String::as_str))
        });
        if same {
            Ok(records)
        } else {
            let path = self.file.path.clone();
            Err(Error::Changed { path })
        }
    }
}

/// The rows of a table that are still true.
pub(super) struct TableRecords<'a> {
    table: &'a Table,
    current: Option<Current>,
}

impl<'a> TableRecords<'a> {
    /// Finds out which rows are still true, where the table keeps earlier ones.
    pub fn of(table: &'a Table) -> Result<Self, Error> {
        let versions = table.versions.as_ref();
        let current = versions.map(|versions| versions.current(&table.parts));
        Ok(Self {
            table,
            current: current.transpose()?,
        })
    }

    /// Takes row by row.
    pub fn each(self, mut take: impl FnMut(Line<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let mut row = 0;
        for (at, part) in self.table.parts.iter().enumerate() {
            let mut records = part.records()?;
            if let Some(current) = &self.current
                && !current.is_of(at, &records)
            {
                let path = part.file.path.clone();
                return Err(Error::Changed { path });
            }
            while let Some(record) = records.next()? {
                let file = &part.file.name;
                if self.current.as_ref().is_none_or(|all| all.holds(row)) {
                    take(Line { record, file })?;
                }
                row += 1;
            }
        }
        Ok(())
    }
}
