//! The rows of one Parquet file, batch by batch: never more in memory than one batch and the pages it lies in.

use arrow_array::RecordBatch;

use super::super::Error;
use super::super::arrow::Texts;
use super::super::file::{DataFile, Stamp};
use super::super::parts::Part;
use super::super::records::Record;
use super::delta::Deleted;
use super::reader::{Batches, batches};
use super::shape::Cell;

/// How many rows are looked at.
const SAMPLE_ROWS: usize = 200;

/// One Parquet file of a table.
#[derive(Debug, Clone)]
pub(in crate::source) struct ParquetPart {
    pub file: DataFile,
    /// Where the values of each of the table's columns are.
    pub cells: Vec<Cell>,
    /// Where those of its rows are listed that do not count any more.
    pub deleted: Option<Deleted>,
}

/// A value of a column in a batch, for all its rows.
#[derive(Debug)]
pub(in crate::source) enum Values<'a> {
    Texts(Texts<'a>),
    Same(&'a str),
    /// Not read, because nobody asked for it.
    Unread,
}

impl Values<'_> {
    /// Gives the value of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Texts(texts) => Some(texts.get(row)),
            Self::Same(value) => Some(value),
            Self::Unread => None,
        }
    }
}

impl ParquetPart {
    /// Takes row after row, with the values of the wanted columns. Gives the file's stamp.
    pub fn each(
        &self,
        wanted: &[usize],
        mut take: impl FnMut(Record<'_>) -> Result<(), Error>,
    ) -> Result<Stamp, Error> {
        let stamp = self.stamp()?;
        let gone = self.deleted.as_ref().map(Deleted::read).transpose()?;
        let (rows, batches) = self.batches(wanted)?;
        let mut line = 0;
        let mut all = |values: &[Values<'_>], rows: usize| -> Result<(), Error> {
            for row in 0..rows {
                if gone.as_ref().is_none_or(|gone| !gone.holds(line)) {
                    take(Record::of_columns(values, row, line + 1))?;
                }
                line += 1;
            }
            Ok(())
        };
        let own = |at: &usize| matches!(self.cells.get(*at), Some(Cell::Column(..)));
        if !wanted.iter().any(own) {
            // No column of the file is wanted: its rows are only counted.
            all(&self.values(wanted, None)?, rows)?;
            return self.unchanged(&stamp);
        }
        for batch in batches {
            let batch = batch?;
            all(&self.values(wanted, Some(&batch))?, batch.num_rows())?;
        }
        self.unchanged(&stamp)
    }

    fn stamp(&self) -> Result<Stamp, Error> {
        Stamp::of(&self.file.path).map_err(|_gone| self.changed())
    }

    fn unchanged(&self, before: &Stamp) -> Result<Stamp, Error> {
        match self.stamp() {
            Ok(now) if now == *before => Ok(now),
            _ => Err(self.changed()),
        }
    }

    /// Opens the file for those of its columns that are wanted, and counts its rows.
    fn batches(&self, wanted: &[usize]) -> Result<(usize, Batches), Error> {
        let own = wanted.iter().filter_map(|at| match self.cells.get(*at) {
            Some(Cell::Column(name, _)) => Some(name.as_str()),
            _ => None,
        });
        let own: Vec<&str> = own.collect();
        // A column that was there when the file was looked at.
        batches(&self.file.path, &own)?.ok_or_else(|| self.changed())
    }

    fn values<'a>(
        &'a self,
        wanted: &[usize],
        batch: Option<&'a RecordBatch>,
    ) -> Result<Vec<Values<'a>>, Error> {
        let cells = self.cells.iter().enumerate();
        let values = cells.map(|(at, cell)| match cell {
            Cell::Same(value) => Ok(Values::Same(value)),
            Cell::None => Ok(Values::Same("")),
            Cell::Column(..) if !wanted.contains(&at) => Ok(Values::Unread),
            Cell::Column(name, form) => {
                let array = batch.and_then(|batch| batch.column_by_name(name));
                let texts = array.and_then(|array| form.texts(array.as_ref()));
                texts.map(Values::Texts).ok_or_else(|| self.changed())
            }
        });
        values.collect()
    }

    fn changed(&self) -> Error {
        Error::Changed {
            path: self.file.path.clone(),
        }
    }
}

/// Reads the first rows of a table, of as many files as are needed.
pub(super) fn first_rows(parts: &[Part]) -> Result<Vec<Vec<String>>, Error> {
    let mut rows = Vec::new();
    for part in parts {
        let Part::Parquet(part) = part else { continue };
        let all: Vec<usize> = (0..part.cells.len()).collect();
        let looked = part.each(&all, |record| {
            rows.push(record.iter().map(str::to_owned).collect());
            if rows.len() < SAMPLE_ROWS {
                Ok(())
            } else {
                Err(Error::Stopped)
            }
        });
        match looked {
            Ok(_) => {}
            Err(Error::Stopped) => break,
            Err(why) => return Err(why),
        }
    }
    Ok(rows)
}
