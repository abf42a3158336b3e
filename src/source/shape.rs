//! What a row of a table looks like, by which those are found that are none: too long, or several taken for one.

use super::guess;
use super::records::Record;
use crate::domain::Email;

/// How many cells a row has, and where addresses are among them.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// The number of columns; 0 where it is not known.
    pub width: usize,
    /// The columns that hold addresses.
    pub addresses: Vec<usize>,
}

/// Finds the columns of which most values, or without values the names, are those of addresses.
pub(super) fn addresses(columns: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let holds = |at: &usize| {
        let values = rows.iter().filter_map(|row| row.get(*at));
        let values: Vec<&str> = values
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .collect();
        guess::is_address(&columns[*at], &values)
    };
    (0..columns.len()).filter(holds).collect()
}

impl Shape {
    /// Counts the cells beyond the last column; 0 where one of them is not empty.
    pub fn empty_beyond(&self, record: Record<'_>) -> usize {
        let beyond = self.width..record.len();
        let mut cells = beyond.clone().filter_map(|at| record.get(at));
        if self.width > 0 && cells.all(|cell| cell.trim().is_empty()) {
            beyond.len()
        } else {
            0
        }
    }

    /// Gives the first value beyond the last column, or an empty one, of a row that is longer than it should be. Some cell
    /// then holds a delimiter without quotes, and the values after it stand in the wrong columns: a "Yes" could be read for
    /// the consent of who said "No", also where the cell pushed out is an empty one.
    pub fn beyond<'r>(&self, record: Record<'r>, surplus: usize) -> Option<&'r str> {
        if self.width == 0 || record.len() <= self.width + surplus {
            return None;
        }
        let beyond = self.width..record.len();
        let mut values = beyond.filter_map(|at| record.get(at)).map(str::trim);
        Some(values.find(|value| !value.is_empty()).unwrap_or_default())
    }

    /// Finds a cell that swallowed rows, because a quote opened it by mistake: a line in it would by itself be a row, with an
    /// address where this table has addresses. Gives the cell's first and last line.
    pub fn swallowed(&self, record: Record<'_>, delimiter: u8) -> Option<(u64, u64)> {
        let mut first = record.line;
        for (at, cell) in record.iter().enumerate() {
            let last = first + cell.matches('\n').count() as u64;
            let mut lines = cell.split(['\n', '\r']);
            let opening = lines.next().unwrap_or_default();
            // What closes the cell is followed by other cells of the row, and so can look like a row of its own.
            let _closing = lines.next_back();
            // Cells of the row come before the opening line; only what the quote took in tells of a mistake.
            let opens = opening.as_bytes().contains(&delimiter);
            if opens && self.is_row(opening, delimiter, at)
                || lines.any(|line| self.is_row(line, delimiter, 0))
            {
                return Some((first, last));
            }
            first = last;
        }
        None
    }

    /// Tells whether a line, after so many cells, makes up a row with an address in it.
    fn is_row(&self, line: &str, delimiter: u8, before: usize) -> bool {
        let cells: Vec<&str> = line.split(char::from(delimiter)).collect();
        let is_address = |at: &usize| {
            let cell = at.checked_sub(before).and_then(|at| cells.get(at));
            cell.is_some_and(|cell| Email::parse(cell.trim_matches('"')).is_ok())
        };
        before + cells.len() == self.width && self.addresses.iter().any(is_address)
    }
}
