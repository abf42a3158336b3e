//! What people are told of a folder: how its files were understood, and what attributes its profiles have.

use std::collections::HashMap;

use super::super::file::DataFile;
use super::super::guess;
use super::super::table::Table;
use super::segment_file::Holds;
use super::{Folder, Parts};
use crate::domain::{Attribute, FolderLayout, ValueKind};

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

impl Folder {
    /// Fills what people are told.
    pub(super) fn describe(&mut self) {
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
        self.forget_samples();
    }

    fn forget_samples(&mut self) {
        if let Parts::Files(files) = &mut self.parts {
            for file in files {
                if let Holds::Rows(table) = &mut file.holds {
                    table.rows = Vec::new();
                }
            }
        }
        if let Some(table) = &mut self.profiles {
            table.rows = Vec::new();
        }
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
                    label: name.clone(),
                    name,
                    kind: ValueKind::Text,
                    semantic,
                    samples,
                }
            });
        described.collect()
    }
}

fn view(file: &DataFile, holds: FileHolds, delimiter: u8) -> FileView {
    FileView {
        name: file.name.to_string(),
        holds,
        delimiter: delimiter.into(),
    }
}
