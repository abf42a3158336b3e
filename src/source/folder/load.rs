//! One table of an export: its files found, and what its columns are.

use std::path::{Path, PathBuf};

use super::super::file::DataFile;
use super::super::lake;
use super::super::parts::{Part, TextPart};
use super::super::sample::Sample;
use super::super::shape::addresses;
use super::super::table::{Table, checked, header, place};
use super::super::versions::Versions;
use super::super::{Error, guess};
use super::dated::{self, Newest, is_dated};
use super::location::{Places, parts};
use super::look::list;
use super::membership::{MEMBER, find};
use super::model::{Format, ToldTable};
use crate::domain::FolderOptions;

/// How many missing files are named.
const NAMED: usize = 5;

/// Finds the files of tables below a folder.
pub(super) struct Loader<'a> {
    root: &'a Path,
    model: Option<&'a Path>,
    places: Places,
    id_column: Option<&'a str>,
    delimiter: Option<u8>,
}

/// A table as it was loaded.
pub(super) struct Loaded {
    pub name: String,
    pub table: Table,
    /// The export it was taken from, where there are several by date.
    pub newest: Option<Newest>,
}

impl Loaded {
    /// Gives the table away.
    pub fn take(&mut self) -> Table {
        std::mem::take(&mut self.table)
    }
}

impl ToldTable {
    /// Lists the names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// Tells whether a column has this name, or columns are not told of.
    pub fn tells(&self, name: &str) -> bool {
        self.fields.is_empty() || find(&self.names(), &[name]).is_some()
    }
}

impl<'a> Loader<'a> {
    pub fn new(
        root: &'a Path,
        model: Option<&'a Path>,
        options: &'a FolderOptions,
    ) -> Result<Self, Error> {
        Ok(Self {
            root,
            model,
            places: Places::of(root)?,
            id_column: options.id_column.as_deref(),
            delimiter: options.delimiter.map(checked).transpose()?,
        })
    }

    /// Finds a table's files and columns.
    pub fn load(&self, told: &ToldTable) -> Result<Loaded, Error> {
        let table = || told.name.clone();
        let mut files = told.files.iter();
        if let Some(form) = files.find_map(|file| file.format.unread.clone()) {
            return Err(Error::UnreadForm {
                what: table(),
                form,
            });
        }
        let mut files = told.files.iter();
        let unheard = || files.find_map(|file| file.format.unheard());
        if let Some(part) = told.unread.clone().or_else(unheard) {
            return Err(Error::UnreadPart {
                table: table(),
                part,
            });
        }
        if let Some(folder) = &told.folder {
            let file = DataFile {
                path: folder.clone(),
                name: told.name.as_str().into(),
            };
            return Ok(Loaded {
                name: told.name.clone(),
                table: self.of_columns(told, lake::table(file, None)?),
                newest: None,
            });
        }
        let newest = match self.dated_folder(told)? {
            Some(folder) => {
                let expected = told.files.iter().filter_map(|file| parts(&file.location));
                dated::newest(&folder, &expected.collect::<Vec<_>>())?
            }
            None => None,
        };
        let files = match &newest {
            Some(newest) => {
                let format = told.files.first().map(|file| file.format.clone());
                let format = format.unwrap_or_default();
                let files = newest.read.files.iter();
                files.map(|path| (path.clone(), format.clone())).collect()
            }
            None => self.told_files(told)?,
        };
        Ok(Loaded {
            name: told.name.clone(),
            table: self.table(told, files)?,
            newest,
        })
    }

    /// Finds the folder with a table's exports by date.
    fn dated_folder(&self, told: &ToldTable) -> Result<Option<PathBuf>, Error> {
        let own = list(self.root)?.into_iter().find(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            name.is_some_and(|name| name.eq_ignore_ascii_case(&told.name)) && path.is_dir()
        });
        if let Some(folder) = own
            && is_dated(&folder)?
        {
            return Ok(Some(folder));
        }
        // Without a model, a folder can be the one table it is named after.
        let itself = self.model.is_none() && is_dated(self.root)?;
        Ok(itself.then(|| self.root.to_owned()))
    }

    fn told_files(&self, told: &ToldTable) -> Result<Vec<(PathBuf, Format)>, Error> {
        let (mut files, mut missing) = (Vec::<(PathBuf, Format)>::new(), Vec::new());
        for file in &told.files {
            match self.places.file(&file.location) {
                // One file cannot be two: the other one's folder was not copied along.
                Some(path) if files.iter().all(|(taken, _)| *taken != path) => {
                    files.push((path, file.format.clone()));
                }
                _ => missing.push(parts(&file.location).unwrap_or_default().join("/")),
            }
        }
        if missing.is_empty() {
            return Ok(files);
        }
        missing.truncate(NAMED);
        Err(Error::MissingPartitions {
            path: self.model.unwrap_or(self.root).to_owned(),
            table: told.name.clone(),
            files: missing,
        })
    }

    fn table(&self, told: &ToldTable, files: Vec<(PathBuf, Format)>) -> Result<Table, Error> {
        let first = files.first().map(|(path, _)| path.as_path());
        let file = DataFile {
            path: first.or(self.model).unwrap_or(self.root).to_owned(),
            name: told.name.as_str().into(),
        };
        if files.iter().any(|(path, _)| lake::is_parquet(path)) {
            let files = files.into_iter().map(|(path, _)| path).collect();
            return Ok(self.of_columns(told, lake::files(file, files, None)?));
        }
        let fields = told.names();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut parts = Vec::new();
        let mut delimiter = self.delimiter;
        for (path, mut format) in files {
            let file = DataFile::below(self.root, &path);
            if let Some(set) = delimiter {
                format.csv.delimiter = set;
            } else if fields.is_empty() && self.model.is_none() {
                // Nothing is told of these files; they are all written alike.
                format.csv.delimiter = Sample::look(&file, None)?.delimiter;
                delimiter = Some(format.csv.delimiter);
            }
            let names = format.headers != Some(false);
            let mut sample = if rows.is_empty() || names {
                Sample::look_as_is(&file, format.csv.clone())?.rows
            } else {
                Vec::new()
            };
            let is_header = |row: &Vec<String>| match format.headers {
                Some(told) => told,
                None => fields.is_empty() || alike(row, &fields),
            };
            let header = sample
                .first()
                .is_some_and(is_header)
                .then(|| sample.remove(0));
            let header = header.map(|row| row.iter().map(|name| name.trim().to_owned()).collect());
            if rows.is_empty() {
                rows = sample;
            }
            let csv = format.csv;
            parts.push(TextPart {
                file,
                csv,
                sep: false,
                header,
            });
        }
        self.named(
            told,
            parts,
            Table {
                file,
                rows,
                ..Table::default()
            },
        )
    }

    /// Takes a table whose files name their columns and tell their types; a model only knows better what people call them.
    fn of_columns(&self, told: &ToldTable, mut table: Table) -> Table {
        for (own, name) in table.told.iter_mut().zip(&table.columns) {
            own.label = told.told(name).label;
        }
        self.understand(&mut table);
        table
    }

    /// Finds out what columns are for, by the names that Customer Insights and Synapse Link give them.
    fn understand(&self, table: &mut Table) {
        table.id = match self.id_column {
            Some(name) => place(&table.columns, name),
            None => find(&table.columns, &MEMBER)
                .or_else(|| guess::id_column(&table.columns, &table.rows)),
        };
        table.addresses = addresses(&table.columns, &table.rows);
        table.versions = Versions::of(&table.columns, table.id);
    }

    /// Names the columns of a table, by its files' headers or by what is told.
    fn named(
        &self,
        told: &ToldTable,
        parts: Vec<TextPart>,
        mut table: Table,
    ) -> Result<Table, Error> {
        let fields = told.names();
        let headers = parts.iter().filter_map(|part| part.header.as_ref());
        let longest = headers.reduce(|one, next| if next.len() > one.len() { next } else { one });
        // Columns that came later are at the end, so that earlier files have fewer.
        let by_header = longest.filter(|header| !alike(header, &fields)).cloned();
        table.columns = by_header.unwrap_or_else(|| fields.clone());
        for part in &parts {
            let agrees = match &part.header {
                Some(header) => alike(header, &table.columns),
                None => table.columns == fields,
            };
            if !agrees {
                let path = part.file.path.clone();
                return Err(Error::OtherColumns { path });
            }
        }
        if !table.columns.is_empty() {
            header(&table.file, &table.columns)?;
        }
        table.told = table.columns.iter().map(|name| told.told(name)).collect();
        table.parts = parts.into_iter().map(Part::Text).collect();
        table.fills = !fields.is_empty();
        self.understand(&mut table);
        Ok(table)
    }
}

/// Tells whether a row holds the names of columns in order, of the later ones perhaps not.
fn alike(row: &[String], names: &[String]) -> bool {
    !row.is_empty()
        && row.len() <= names.len()
        && row
            .iter()
            .zip(names)
            .all(|(cell, name)| cell.trim().eq_ignore_ascii_case(name))
}
