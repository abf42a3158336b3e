//! What people are told of a folder: how its files were understood, and what attributes its profiles have.

use std::collections::HashMap;
use std::fs;

use super::super::parts::Part;
use super::super::table::{Table, Told};
use super::super::{guess, shown};
use super::segment_file::Holds;
use super::{Folder, Parts};
use crate::domain::{Attribute, FolderLayout};

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
    /// Files and tables in the folder that are not read.
    pub ignored: Vec<String>,
    /// What a model tells and nothing is made of: other manifests, tables of them, changes that would have to be applied.
    pub unread: Vec<String>,
    /// Columns of long numbers that a spreadsheet rounded, so that their last digits are gone.
    pub rounded: Vec<String>,
    /// Which exports are read, where the folder keeps several by date.
    pub exports: Vec<ExportView>,
}

/// The export of a table that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportView {
    /// The table's name.
    pub table: String,
    /// When it was exported, as its folders tell.
    pub at: String,
    /// When a newer one was begun that is not complete.
    pub incomplete: Option<String>,
    /// What is missing of that one.
    pub missing: Vec<String>,
}

/// One file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Its path below the folder, or the table's name where several files hold it.
    pub name: String,
    /// How many files it stands for.
    pub files: usize,
    /// How large they are on the disk.
    pub bytes: u64,
    /// What it is read for.
    pub holds: FileHolds,
    /// The character between its cells, where it is text.
    pub delimiter: Option<char>,
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
    /// Who is in which segment.
    Members,
}

impl Folder {
    /// Fills what people are told.
    pub(super) fn describe(&mut self) {
        let profiles = self
            .profiles
            .iter()
            .map(|table| view(table, FileHolds::Profiles));
        let segments = self.segment_files().iter().map(|file| match &file.holds {
            Holds::Rows(table) => view(table, FileHolds::SegmentRows),
            Holds::Ids(ids) => view(&ids.table, FileHolds::SegmentIds),
        });
        let members = match &self.parts {
            Parts::Members(all) => Some(view(&all.table, FileHolds::Members)),
            _ => None,
        };
        let files = profiles.chain(segments).chain(members).collect();
        let first = self.tables().next();
        let id_column = first.and_then(Table::id_name).map(str::to_owned);
        let segment_by = match self.parts {
            Parts::Column(at) => first.and_then(|table| table.columns.get(at)).cloned(),
            Parts::Whole | Parts::Files(_) | Parts::Members(_) => None,
        };
        let attributes = self.guessed(id_column.as_deref());
        self.view.rounded = self.rounded();
        self.view.unread = self.textless();
        self.attributes = attributes;
        self.view.files = files;
        self.view.id_column = id_column;
        self.view.segment_by = segment_by;
        self.forget_samples();
    }

    /// Lists the columns that are no attributes, with their types.
    fn textless(&self) -> Vec<String> {
        let mut columns = Vec::new();
        for table in self.tables() {
            for one in &table.textless {
                let told = format!("{} ({})", one.column, one.holds);
                if !columns.contains(&told) {
                    columns.push(told);
                }
            }
        }
        columns
    }

    fn rounded(&self) -> Vec<String> {
        let mut columns = Vec::new();
        for table in self.tables() {
            for (at, column) in table.columns.iter().enumerate() {
                let mut values = table.rows.iter().filter_map(|row| row.get(at));
                if values.any(|value| guess::is_rounded(value)) && !columns.contains(column) {
                    columns.push(column.clone());
                }
            }
        }
        columns
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
        let mut told: Vec<Told> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for table in self.tables() {
            for (at, name) in table
                .columns
                .iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty())
            {
                let own = table.told.get(at).cloned().unwrap_or_default();
                if let Some(known) = places.get(name.as_str()) {
                    // Dates that another table has as texts are not known to be ISO.
                    let known: &mut Told = &mut told[*known];
                    known.iso_dates &= own.iso_dates;
                }
                let place = *places.entry(name).or_insert_with(|| {
                    columns.push((name, Vec::new()));
                    told.push(own);
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
        let described = columns.into_iter().zip(semantics).zip(told).map(
            |(((name, values), semantic), told)| {
                let samples = shown(&values);
                let name = name.to_owned();
                Attribute {
                    label: told.label.unwrap_or_else(|| name.clone()),
                    name,
                    kind: told.kind,
                    iso_dates: told.iso_dates,
                    semantic,
                    samples,
                }
            },
        );
        described.collect()
    }
}

fn view(table: &Table, holds: FileHolds) -> FileView {
    let file = match table.parts.as_slice() {
        [Part::Text(one)] => &one.file,
        _ => &table.file,
    };
    let sizes = table
        .parts
        .iter()
        .map(|part| fs::metadata(&part.file().path));
    let sizes = sizes.map(|told| told.map_or(0, |told| told.len()));
    FileView {
        name: file.name.to_string(),
        files: table.parts.len(),
        bytes: sizes.sum(),
        holds,
        delimiter: table.delimiter().map(char::from),
    }
}
