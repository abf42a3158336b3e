//! The files that hold a table's rows, read one after the other.

use std::sync::Arc;

use super::Error;
use super::file::{DataFile, FileRecords, Stamp};
use super::lake::ParquetPart;
use super::records::{Csv, Flaw, Record};
use super::shape::Shape;
use super::table::Table;
use super::versions::Current;
use crate::domain::Reason;

/// One file of a table.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(TextPart),
    Parquet(ParquetPart),
}

/// A file of text.
#[derive(Debug, Clone)]
pub(super) struct TextPart {
    pub file: DataFile,
    pub csv: Csv,
    /// Whether its first line tells Excel the delimiter: `sep=;`.
    pub sep: bool,
    /// The trimmed first row, where it is a header.
    pub header: Option<Vec<String>>,
}

/// A row and the file it stands in.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub record: Record<'a>,
    pub file: &'a Arc<str>,
    /// The first value beyond the last column, or an empty one, where the row has more cells than it should.
    beyond: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Tells why none of the row's values can be trusted to stand in its column, if so, with what is at fault.
    pub fn doubt(&self) -> Option<(Reason, &'a str)> {
        if let Some(beyond) = self.beyond {
            return Some((Reason::RowTooLong, beyond));
        }
        let flaw = self.record.flaw?;
        let mark = match flaw {
            Flaw::StrayQuote => '"',
            Flaw::ZeroByte => '\0',
        };
        let cell = self.record.iter().find(|cell| cell.contains(mark));
        Some((Reason::InvalidValue, cell.unwrap_or_default()))
    }
}

impl Part {
    pub fn file(&self) -> &DataFile {
        match self {
            Self::Text(part) => &part.file,
            Self::Parquet(part) => &part.file,
        }
    }

    /// Takes row after row: of text whole ones, of columns those that are wanted. Gives the file's stamp, which must be the
    /// one before and after.
    pub fn each(
        &self,
        shape: &Shape,
        wanted: &[usize],
        mut take: impl FnMut(Line<'_>) -> Result<(), Error>,
    ) -> Result<Stamp, Error> {
        match self {
            Self::Text(part) => {
                let mut records = part.records(shape)?;
                while let Some(line) = records.next()? {
                    take(line)?;
                }
                Ok(records.records.stamp().clone())
            }
            Self::Parquet(part) => part.each(wanted, |record| {
                take(Line {
                    record,
                    file: &part.file.name,
                    beyond: None,
                })
            }),
        }
    }
}

impl TextPart {
    /// Opens the file anew for its rows, which must be those that a table knows.
    fn records<'a>(&'a self, shape: &'a Shape) -> Result<PartRecords<'a>, Error> {
        let (surplus, stamp) = self.surplus(shape)?;
        let records = self.opened()?;
        if *records.stamp() != stamp {
            let path = self.file.path.clone();
            return Err(Error::Changed { path });
        }
        Ok(PartRecords {
            records,
            part: self,
            shape,
            surplus,
        })
    }

    /// Opens the file past its header, which must be the one that was looked at.
    fn opened(&self) -> Result<FileRecords, Error> {
        let mut records = self.file.records(self.csv.clone())?;
        if self.sep {
            records.next()?;
        }
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

    /// Counts the empty cells by which every row of the file is longer than its header, as some programs write them: 0 where
    /// any row is not, which the first row tells of nearly every file.
    fn surplus(&self, shape: &Shape) -> Result<(usize, Stamp), Error> {
        let mut records = self.opened()?;
        let stamp = records.stamp().clone();
        let mut all = None;
        while let Some(record) = records.next()? {
            let empty = shape.empty_beyond(record);
            if empty == 0 || *all.get_or_insert(empty) != empty {
                return Ok((0, stamp));
            }
        }
        Ok((all.unwrap_or(0), stamp))
    }
}

/// The rows of one file of text.
struct PartRecords<'a> {
    records: FileRecords,
    part: &'a TextPart,
    shape: &'a Shape,
    surplus: usize,
}

impl PartRecords<'_> {
    fn next(&mut self) -> Result<Option<Line<'_>>, Error> {
        let Some(record) = self.records.next()? else {
            return Ok(None);
        };
        if record.breaks
            && let Some((first, last)) = self.shape.swallowed(record, self.part.csv.delimiter)
        {
            let path = self.part.file.path.clone();
            return Err(Error::SwallowedRows { path, first, last });
        }
        Ok(Some(Line {
            record,
            file: &self.part.file.name,
            beyond: self.shape.beyond(record, self.surplus),
        }))
    }
}

/// The rows of a table that are still true.
pub(super) struct TableRecords<'a> {
    table: &'a Table,
    shape: Shape,
    current: Option<Current>,
}

impl<'a> TableRecords<'a> {
    /// Finds out which rows are still true, where the table keeps earlier ones.
    pub fn of(table: &'a Table) -> Result<Self, Error> {
        let shape = table.shape();
        let versions = table.versions.as_ref();
        let current = versions.map(|versions| versions.current(&table.parts, &shape));
        Ok(Self {
            table,
            current: current.transpose()?,
            shape,
        })
    }

    /// Takes row by row, with the wanted columns at least.
    pub fn each(
        self,
        wanted: &[usize],
        mut take: impl FnMut(Line<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut row = 0;
        for (at, part) in self.table.parts.iter().enumerate() {
            let stamp = part.each(&self.shape, wanted, |line| {
                if self.current.as_ref().is_none_or(|all| all.holds(row)) {
                    take(line)?;
                }
                row += 1;
                Ok(())
            })?;
            if let Some(current) = &self.current
                && !current.is_of(at, &stamp)
            {
                let path = part.file().path.clone();
                return Err(Error::Changed { path });
            }
        }
        self.table.check_listing()
    }
}
