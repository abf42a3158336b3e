//! A folder of files, or one file, as a source.

mod look;
mod members;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::Error;
use super::file::DataFile;
use super::guess;
use super::table::{Sample, Table, checked};
use crate::domain::{Attribute, DateEvidence, FolderLayout, FolderOptions, Segment, SegmentId};

/// The id of the one segment of a file without segments: all its profiles. Our own addition to the documented exports,
/// which know segments only.
pub const ALL_PROFILES: &str = "all-profiles";

/// The most values a column may have to make segments.
const MAX_SEGMENTS: usize = 10_000;
/// The most values shown of an attribute.
const SHOWN: usize = 5;

/// How the files of a folder were understood, for people to see and overrule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderView {
    /// The layout, found or set.
    pub layout: FolderLayout,
    /// The column whose values are the segments.
    pub segment_by: Option<String>,
    /// The column that holds ids, of the profiles file or else of the first file.
    pub id_column: Option<String>,
    /// The files that are read, the profiles file first.
    pub files: Vec<FileView>,
    /// Files in the folder that are not read.
    pub ignored: Vec<String>,
}

/// One file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Its path below the folder.
    pub name: String,
    /// What it is read for.
    pub holds: FileHolds,
    /// The character between its cells.
    pub delimiter: char,
}

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileHolds {
    /// The profiles, whatever their segment.
    Profiles,
    /// The profiles of one segment, as whole rows.
    SegmentRows,
    /// The ids of one segment's profiles.
    SegmentIds,
}

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
}

#[derive(Debug)]
struct SegmentFile {
    id: SegmentId,
    holds: Holds,
}

#[derive(Debug)]
enum Holds {
    Rows(Table),
    Ids(IdFile),
}

/// A file of ids, which may have other columns too.
#[derive(Debug)]
struct IdFile {
    file: DataFile,
    delimiter: u8,
    column: usize,
    /// The first row where it is a header.
    header: Option<Vec<String>>,
}

impl Folder {
    /// Looks at the start of each file.
    pub fn open(path: &Path, options: &FolderOptions) -> Result<Self, Error> {
        let found = look::look(path, options)?;
        let set = options.delimiter.map(checked).transpose()?;
        let id_column = options.id_column.as_deref();
        let table = |path: &Path| {
            let file = DataFile::below(&found.root, path);
            Sample::look(&file, set)?.into_table(file, id_column)
        };
        let profiles = found.profiles.as_deref().map(table).transpose()?;
        let mut segments: Vec<SegmentFile> = Vec::new();
        for path in &found.segments {
            let file = DataFile::below(&found.root, path);
            let holds = match &profiles {
                Some(profiles) => Holds::beside(profiles, file, set)?,
                None => Holds::Rows(table(path)?),
            };
            let id = SegmentId::new(look::stem(path).unwrap_or_default());
            segments.push(SegmentFile { id, holds });
        }
        check_ids(&segments)?;
        let parts = match (&profiles, &options.segment_by) {
            _ if !segments.is_empty() => Parts::Files(segments),
            (Some(profiles), Some(column)) => Parts::Column(segment_column(profiles, column)?),
            _ => Parts::Whole,
        };
        let mut folder = Self {
            view: FolderView {
                layout: found.layout.unwrap_or(FolderLayout::OneFile),
                segment_by: None,
                id_column: None,
                files: Vec::new(),
                ignored: found
                    .ignored
                    .iter()
                    .map(|path| DataFile::below(&found.root, path).name.to_string())
                    .collect(),
            },
            attributes: Vec::new(),
            profiles,
            parts,
        };
        folder.describe();
        Ok(folder)
    }

    /// Lists the segments with the number of their rows.
    pub fn segments(&self) -> Result<Vec<Segment>, Error> {
        let files = match (&self.parts, &self.profiles) {
            (Parts::Files(files), _) => files,
            (Parts::Column(at), Some(profiles)) => return count_values(profiles, *at),
            (_, Some(profiles)) => {
                let mut count = 0;
                each(profiles, |_| count += 1)?;
                return Ok(vec![segment(ALL_PROFILES, count)]);
            }
            (_, None) => return Ok(Vec::new()),
        };
        let counted = files.iter().map(|file| {
            let mut count = 0;
            match &file.holds {
                Holds::Rows(table) => each(table, |_| count += 1)?,
                Holds::Ids(ids) => ids.each(|_, _| {
                    count += 1;
                    Ok(())
                })?,
            }
            Ok(segment(file.id.as_str(), count))
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
            each(table, |record| {
                for (evidence, at) in evidence.iter_mut().zip(&places) {
                    evidence.add(at.and_then(|at| record.get(at)).unwrap_or_default());
                }
            })?;
        }
        Ok(evidence)
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
            Parts::Whole | Parts::Column(_) => &[],
        }
    }

    /// Fills what people are told.
    fn describe(&mut self) {
        let profiles = self
            .profiles
            .iter()
            .map(|table| view(&table.file, FileHolds::Profiles, table.delimiter));
        let segments = self.segment_files().iter().map(|file| match &file.holds {
            Holds::Rows(table) => view(&table.file, FileHolds::SegmentRows, table.delimiter),
            Holds::Ids(ids) => view(&ids.file, FileHolds::SegmentIds, ids.delimiter),
        });
        let files = profiles.chain(segments).collect();
        let first = self.tables().next();
        let id_column = first.and_then(Table::id_name).map(str::to_owned);
        let segment_by = match self.parts {
            Parts::Column(at) => first.and_then(|table| table.columns.get(at)).cloned(),
            Parts::Whole | Parts::Files(_) => None,
        };
        let attributes = self.guessed(id_column.as_deref());
        self.attributes = attributes;
        self.view.files = files;
        self.view.id_column = id_column;
        self.view.segment_by = segment_by;
    }

    /// Gathers the attributes of all files, each once, with their meanings.
    fn guessed(&self, id: Option<&str>) -> Vec<Attribute> {
        let mut columns: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for table in self.tables() {
            for (at, name) in table
                .columns
                .iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty())
            {
                let place = *places.entry(name).or_insert_with(|| {
                    columns.push((name, Vec::new()));
                    columns.len() - 1
                });
                let values = table
                    .rows
                    .iter()
                    .filter_map(|row| row.get(at))
                    .map(|value| value.trim());
                columns[place]
                    .1
                    .extend(values.filter(|value| !value.is_empty()));
            }
        }
        let semantics = guess::semantics(&columns, id);
        let described = columns
            .into_iter()
            .zip(semantics)
            .map(|((name, values), semantic)| {
                let mut samples: Vec<String> = Vec::new();
                for value in values {
                    if samples.len() < SHOWN && !samples.iter().any(|shown| shown == value) {
                        samples.push(value.to_owned());
                    }
                }
                let name = name.to_owned();
                Attribute {
                    name,
                    semantic,
                    samples,
                }
            });
        described.collect()
    }
}

impl Holds {
    /// Tells what a file beside a profiles file holds: whole rows when it has all columns of that file, else ids.
    fn beside(profiles: &Table, file: DataFile, set: Option<u8>) -> Result<Self, Error> {
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

fn check_ids(segments: &[SegmentFile]) -> Result<(), Error> {
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
    Error::UnknownAttribute {
        path: table.file.path.clone(),
        attribute: attribute.to_owned(),
        candidates: table.attributes(),
    }
}

fn view(file: &DataFile, holds: FileHolds, delimiter: u8) -> FileView {
    FileView {
        name: file.name.to_string(),
        holds,
        delimiter: delimiter.into(),
    }
}

fn segment(id: &str, count: u64) -> Segment {
    Segment {
        id: SegmentId::new(id),
        label: id.to_owned(),
        count: Some(count),
    }
}

fn count_values(profiles: &Table, at: usize) -> Result<Vec<Segment>, Error> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut records = profiles.records()?;
    while let Some(record) = records.next()? {
        let value = record.get(at).unwrap_or_default().trim();
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
    }
    Ok(counts
        .iter()
        .map(|(value, count)| segment(value, *count))
        .collect())
}

fn each(table: &Table, mut take: impl FnMut(super::records::Record<'_>)) -> Result<(), Error> {
    let mut records = table.records()?;
    while let Some(record) = records.next()? {
        take(record);
    }
    Ok(())
}
