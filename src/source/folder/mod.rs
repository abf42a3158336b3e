//! A folder of files, or one file, as a source.

mod dated;
mod export;
mod fresh;
mod join;
mod listed;
mod load;
mod location;
mod look;
mod manifest;
mod membership;
mod model;

mod read;
mod segment_file;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;
use std::path::Path;

use super::Error;
use super::file::DataFile;
use super::lake;
use super::sample::Sample;
use super::table::{Table, checked, is_named};
use crate::domain::{Attribute, DateEvidence, FolderLayout, FolderOptions, Segment, SegmentId};
use export::Export;
use membership::Membership;
use segment_file::{Holds, SegmentFile, check_ids};

pub(super) use fresh::refresh;
pub(super) use location::parts as location_parts;
pub(super) use model::or_default;
pub use view::{ExportView, FileHolds, FileView, FolderView};

/// The id of the one segment of a file without segments: all its profiles. Our own addition to the documented exports,
/// which know segments only.
pub const ALL_PROFILES: &str = "all-profiles";

/// The most values a column may have to make segments.
const MAX_SEGMENTS: usize = 10_000;
/// Of how many segment files sampled values are kept.
const SAMPLED: usize = 20;

/// A folder that was looked at.
#[derive(Debug)]
pub(super) struct Folder {
    pub view: FolderView,
    pub attributes: Vec<Attribute>,
    profiles: Option<Table>,
    parts: Parts,
}

/// How rows come to their segments.
#[derive(Debug)]
enum Parts {
    /// All rows of the profiles file are in one segment.
    Whole,
    /// A cell of the profiles file tells.
    Column(usize),
    /// Each file is a segment.
    Files(Vec<SegmentFile>),
    /// A table tells who is in which.
    Members(Box<Membership>),
}

impl Folder {
    /// Looks at the start of each file.
    pub fn open(path: &Path, options: &FolderOptions) -> Result<Self, Error> {
        if matches!(options.layout, None | Some(FolderLayout::Tables))
            && let Some(export) = Export::find(path, options)?
        {
            return export.into_folder(options);
        }
        let found = look::look(path, options)?;
        let set = options.delimiter.map(checked).transpose()?;
        let id_column = options.id_column.as_deref();
        let table = |path: &Path| {
            let file = DataFile::below(&found.root, path);
            if lake::holds(path)? {
                return lake::table(file, id_column);
            }
            Sample::look(&file, set)?.into_table(file, id_column)
        };
        let profiles = found.profiles.as_deref().map(table).transpose()?;
        let mut segments: Vec<SegmentFile> = Vec::new();
        for path in &found.segments {
            let file = DataFile::below(&found.root, path);
            let mut holds = match &profiles {
                Some(profiles) => Holds::beside(profiles, file, set)?,
                None => Holds::Rows(table(path)?),
            };
            if let (Holds::Rows(table), true) = (&mut holds, segments.len() >= SAMPLED) {
                table.rows.clear();
            }
            let id = SegmentId::new(look::stem(path).unwrap_or_default());
            segments.push(SegmentFile::new(id, holds));
        }
        check_ids(&segments)?;
        let parts = match (&profiles, &options.segment_by) {
            _ if !segments.is_empty() => Parts::Files(segments),
            (Some(profiles), Some(column)) => Parts::Column(segment_column(profiles, column)?),
            _ => Parts::Whole,
        };
        let layout = found.layout.unwrap_or(FolderLayout::OneFile);
        let ignored = found.ignored.iter();
        let ignored = ignored.map(|path| DataFile::below(&found.root, path).name.to_string());
        let mut folder = Self::of(layout, profiles, parts);
        folder.view.ignored = ignored.collect();
        Ok(folder)
    }

    /// Describes what was found.
    fn of(layout: FolderLayout, profiles: Option<Table>, parts: Parts) -> Self {
        let view = FolderView {
            layout,
            segment_by: None,
            id_column: None,
            files: Vec::new(),
            ignored: Vec::new(),
            unread: Vec::new(),
            rounded: Vec::new(),
            exports: Vec::new(),
        };
        let mut folder = Self {
            view,
            attributes: Vec::new(),
            profiles,
            parts,
        };
        folder.describe();
        folder
    }

    /// Lists the segments with the number of their rows.
    pub fn segments(&self) -> Result<Vec<Segment>, Error> {
        let files = match (&self.parts, &self.profiles) {
            (Parts::Files(files), _) => files,
            (Parts::Members(table), _) => return table.segments(),
            (Parts::Column(at), Some(profiles)) => return count_values(profiles, *at),
            (_, Some(profiles)) => {
                let mut count = 0;
                each(profiles, &[], |_| count += 1)?;
                return Ok(vec![segment(ALL_PROFILES, count)]);
            }
            (_, None) => return Ok(Vec::new()),
        };
        let counted = files.iter().map(|file| {
            let mut count = 0;
            match &file.holds {
                Holds::Rows(table) => each(table, &[], |_| count += 1)?,
                Holds::Ids(ids) => ids.each(|_| {
                    count += 1;
                    Ok(())
                })?,
            }
            Ok(Segment {
                state: file.state,
                evaluated_at: file.evaluated_at,
                ..segment(file.id.as_str(), count)
            })
        });
        counted.collect()
    }

    /// Reads columns to their end, in every file of whole rows that has them.
    pub fn date_evidence(&self, attributes: &[String]) -> Result<Vec<DateEvidence>, Error> {
        let mut evidence = vec![DateEvidence::default(); attributes.len()];
        for attribute in attributes {
            if let (false, Some(first)) = (
                self.tables().any(|table| table.place(attribute).is_some()),
                self.tables().next(),
            ) {
                return Err(unknown_attribute(first, attribute));
            }
        }
        for table in self.tables() {
            let places: Vec<Option<usize>> =
                attributes.iter().map(|name| table.place(name)).collect();
            if places.iter().all(Option::is_none) {
                continue;
            }
            let wanted: Vec<usize> = places.iter().flatten().copied().collect();
            each(table, &wanted, |record| {
                for (evidence, at) in evidence.iter_mut().zip(&places) {
                    evidence.add(at.and_then(|at| record.get(at)).unwrap_or_default());
                }
            })?;
        }
        Ok(evidence)
    }

    /// Tells why a column is no attribute, where one of this name has values that are no texts.
    pub fn no_text(&self, name: &str) -> Option<Error> {
        self.tables().find_map(|table| no_text(table, name))
    }

    /// Lists the files of whole rows, the profiles file first.
    fn tables(&self) -> impl Iterator<Item = &Table> {
        let segments = self
            .segment_files()
            .iter()
            .filter_map(|file| match &file.holds {
                Holds::Rows(table) => Some(table),
                Holds::Ids(_) => None,
            });
        self.profiles.iter().chain(segments)
    }

    fn segment_files(&self) -> &[SegmentFile] {
        match &self.parts {
            Parts::Files(files) => files,
            Parts::Whole | Parts::Column(_) | Parts::Members(_) => &[],
        }
    }
}

fn segment_column(profiles: &Table, column: &str) -> Result<usize, Error> {
    profiles
        .place(column)
        .ok_or_else(|| Error::UnknownSegmentColumn {
            path: profiles.file.path.clone(),
            column: column.to_owned(),
            candidates: profiles.attributes(),
        })
}

fn unknown_attribute(table: &Table, attribute: &str) -> Error {
    no_text(table, attribute).unwrap_or_else(|| Error::UnknownAttribute {
        table: table.file.path.display().to_string(),
        attribute: attribute.to_owned(),
        candidates: table.attributes(),
    })
}

/// Tells why a column is no attribute, where one of this name has values that are no texts.
fn no_text(table: &Table, attribute: &str) -> Option<Error> {
    let mut textless = table.textless.iter();
    let why = textless.find(|one| is_named(&one.column, attribute))?;
    Some(Error::NoText {
        table: table.file.path.display().to_string(),
        column: why.column.clone(),
        holds: why.holds.clone(),
    })
}

fn segment(id: &str, count: u64) -> Segment {
    Segment {
        count: Some(count),
        ..Segment::new(id, id)
    }
}

fn count_values(profiles: &Table, at: usize) -> Result<Vec<Segment>, Error> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    profiles.each(&[at], |line| {
        let value = line.record.get(at).unwrap_or_default().trim();
        if let Some(count) = counts.get_mut(value) {
            *count += 1;
        } else if !value.is_empty() {
            counts.insert(value.to_owned(), 1);
        }
        if counts.len() > MAX_SEGMENTS {
            return Err(Error::TooManySegments {
                path: profiles.file.path.clone(),
                column: profiles.columns[at].clone(),
                limit: MAX_SEGMENTS,
            });
        }
        Ok(())
    })?;
    Ok(counts
        .iter()
        .map(|(value, count)| segment(value, *count))
        .collect())
}

fn each(
    table: &Table,
    wanted: &[usize],
    mut take: impl FnMut(super::records::Record<'_>),
) -> Result<(), Error> {
    table.each(wanted, |line| {
        take(line.record);
        Ok(())
    })
}
