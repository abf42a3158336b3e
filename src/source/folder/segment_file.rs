//! A file that is one segment: whole rows, or the ids of its profiles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::file::DataFile;
use super::super::table::{Sample, Table};
use super::super::{Cells, Error, Fault, Row, guess};
use crate::domain::{Origin, ProfileId, Reason, SegmentId, SegmentSet};

#[derive(Debug)]
pub(super) struct SegmentFile {
    pub id: SegmentId,
    pub holds: Holds,
}

#[derive(Debug)]
pub(super) enum Holds {
    Rows(Table),
    Ids(IdFile),
}

/// A file of ids, which may have other columns too.
#[derive(Debug)]
pub(super) struct IdFile {
    pub file: DataFile,
    pub delimiter: u8,
    pub column: usize,
    /// The first row where it is a header.
    pub header: Option<Vec<String>>,
}

impl Holds {
    /// Tells what a file beside a profiles file holds: whole rows when it has all columns of that file, else ids.
    pub fn beside(profiles: &Table, file: DataFile, set: Option<u8>) -> Result<Self, Error> {
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
        let (column, header, delimiter) = match named {
            Some(column) => (column, Some(header), looked.delimiter),
            None if !looked.is_split() => (0, None, profiles.delimiter),
            // Ids that hold a delimiter of their own: by the profiles file's delimiter they are one column.
            None => match Sample::look_as_is(&file, profiles.delimiter)? {
                plain if plain.is_split() => return Err(Error::NotASegment { path: file.path }),
                plain => (0, None, plain.delimiter),
            },
        };
        Ok(Self::Ids(IdFile {
            file,
            delimiter,
            column,
            header,
        }))
    }
}

impl IdFile {
    /// Takes every id with the line it stands in; `None` for a row that ends before the id.
    pub fn each(
        &self,
        mut take: impl FnMut(u64, Option<&str>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut records = self.file.records(self.delimiter)?;
        if let Some(header) = &self.header {
            let same = records.next()?.is_some_and(|now| {
                now.iter()
                    .map(str::trim)
                    .eq(header.iter().map(String::as_str))
            });
            if !same {
                let path = self.file.path.clone();
                return Err(Error::Changed { path });
            }
        }
        while let Some(record) = records.next()? {
            take(record.line, record.get(self.column).map(str::trim))?;
        }
        Ok(())
    }

    /// Makes the row of an id without a profile, or of a row without an id.
    pub fn orphan(&self, line: u64, id: Option<&str>, segments: SegmentSet) -> Row {
        let (reason, detail) = match (id, &self.header) {
            (Some(id), _) => (Reason::NoProfile, id),
            (None, Some(header)) => (Reason::ShortRow, header[self.column].as_str()),
            (None, None) => (Reason::ShortRow, ""),
        };
        Row {
            profile: id.and_then(ProfileId::parse),
            segments,
            origin: Origin {
                file: Arc::clone(&self.file.name),
                line,
            },
            cells: Err(Fault {
                reason,
                detail: detail.to_owned(),
                cells: Cells::default(),
            }),
        }
    }
}

/// Refuses two files that would be the same segment.
pub(super) fn check_ids(segments: &[SegmentFile]) -> Result<(), Error> {
    let mut files: BTreeMap<&SegmentId, Vec<String>> = BTreeMap::new();
    for segment in segments {
        let (Holds::Rows(Table { file, .. }) | Holds::Ids(IdFile { file, .. })) = &segment.holds;
        files
            .entry(&segment.id)
            .or_default()
            .push(file.name.to_string());
    }
    match files.into_iter().find(|(_, files)| files.len() > 1) {
        Some((segment, files)) => Err(Error::SegmentTwice {
            segment: segment.clone(),
            files,
        }),
        None => Ok(()),
    }
}
