//! A file that is one segment: whole rows, or the ids of its profiles.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::Error;
use super::super::file::DataFile;
use super::super::guess;
use super::super::lake;
use super::super::parts::{Part, TextPart};
use super::super::sample::Sample;
use super::super::table::Table;
use super::listed::Listed;
use crate::domain::{SegmentId, SegmentState};

#[derive(Debug)]
pub(super) struct SegmentFile {
    pub id: SegmentId,
    pub holds: Holds,
    /// Whether it can be relied on, and of when it is, where the folder tells.
    pub state: SegmentState,
    pub evaluated_at: Option<Timestamp>,
}

impl SegmentFile {
    /// Takes what a file holds for a segment.
    pub fn new(id: SegmentId, holds: Holds) -> Self {
        Self {
            id,
            holds,
            state: SegmentState::Ready,
            evaluated_at: None,
        }
    }
}

#[derive(Debug)]
pub(super) enum Holds {
    Rows(Table),
    Ids(IdFile),
}

/// A file of ids, which may have other columns too.
#[derive(Debug)]
pub(super) struct IdFile {
    pub table: Table,
    pub column: usize,
}

impl Holds {
    /// Tells what a file beside a profiles file holds: whole rows when it has all columns of that file, else ids.
    pub fn beside(profiles: &Table, file: DataFile, set: Option<u8>) -> Result<Self, Error> {
        if lake::holds(&file.path)? {
            return Self::of_columns(profiles, file);
        }
        let looked = match Sample::look(&file, set) {
            // One column of ids has no delimiter, whatever was set, nor do ids with another one in them.
            Err(Error::WrongDelimiter { .. }) => Sample::look(&file, None),
            looked => looked,
        }?;
        let header: Vec<String> = looked
            .rows
            .first()
            .into_iter()
            .flatten()
            .map(|name| name.trim().to_owned())
            .collect();
        let has = |column: &String| column.is_empty() || header.contains(column);
        if looked.is_split() && profiles.columns.iter().all(has) {
            return looked.into_table(file, profiles.id_name()).map(Self::Rows);
        }
        let Some(id) = profiles.id_name() else {
            return Err(Error::NoIdColumn {
                path: profiles.file.path.clone(),
                candidates: profiles.attributes(),
            });
        };
        let same = |name: &String| guess::fold(name) == guess::fold(id);
        let named = header.iter().position(same);
        let named = named.or_else(|| header.iter().position(|name| guess::is_id_name(name)));
        let sep = looked.sep;
        let delimiter = profiles.delimiter().unwrap_or(b',');
        let (column, header, delimiter) = match named {
            Some(column) => (column, Some(header), looked.delimiter),
            None if !looked.is_split() => (0, None, delimiter),
            // Ids that hold a delimiter of their own: by the profiles file's delimiter they are one column.
            None => match Sample::look_as_is(&file, delimiter)? {
                plain if plain.is_split() => return Err(Error::NotASegment { path: file.path }),
                plain => (0, None, plain.delimiter),
            },
        };
        let part = Part::Text(TextPart {
            file: file.clone(),
            csv: delimiter.into(),
            sep,
            header: header.clone(),
        });
        let table = Table {
            file,
            parts: vec![part],
            columns: header.unwrap_or_default(),
            id: Some(column),
            ..Table::default()
        };
        Ok(Self::Ids(IdFile { table, column }))
    }

    /// Tells the same of a table in columns, which always have names.
    fn of_columns(profiles: &Table, file: DataFile) -> Result<Self, Error> {
        let table = lake::table(file, None)?;
        let has = |column: &String| column.is_empty() || table.columns.contains(column);
        let whole = table.columns.len() > 1 && profiles.columns.iter().all(has);
        let Some(id) = profiles.id_name() else {
            if whole {
                return Ok(Self::Rows(table));
            }
            return Err(Error::NoIdColumn {
                path: profiles.file.path.clone(),
                candidates: profiles.attributes(),
            });
        };
        if whole {
            let id = table.place(id);
            return Ok(Self::Rows(Table { id, ..table }));
        }
        let columns = &table.columns;
        let same = |name: &String| guess::fold(name) == guess::fold(id);
        let named = columns.iter().position(same);
        let named = named.or_else(|| columns.iter().position(|name| guess::is_id_name(name)));
        match named.or((columns.len() == 1).then_some(0)) {
            Some(column) => Ok(Self::Ids(IdFile { table, column })),
            None => Err(Error::NotASegment {
                path: table.file.path,
            }),
        }
    }
}

impl IdFile {
    /// Takes every id with the row it stands in.
    pub fn each(&self, mut take: impl FnMut(Listed<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let column = self.table.columns.get(self.column);
        let column = column.map_or("", String::as_str);
        self.table.each(&[self.column], |line| {
            let id = line.record.get(self.column).map(str::trim);
            take(Listed { line, id, column })
        })
    }
}

/// Refuses two files that would be the same segment.
pub(super) fn check_ids(segments: &[SegmentFile]) -> Result<(), Error> {
    let mut files: BTreeMap<&SegmentId, Vec<String>> = BTreeMap::new();
    for segment in segments {
        let (Holds::Rows(table) | Holds::Ids(IdFile { table, .. })) = &segment.holds;
        files
            .entry(&segment.id)
            .or_default()
            .push(table.file.name.to_string());
    }
    match files.into_iter().find(|(_, files)| files.len() > 1) {
        Some((segment, files)) => Err(Error::SegmentTwice {
            segment: segment.clone(),
            files,
        }),
        None => Ok(()),
    }
}
