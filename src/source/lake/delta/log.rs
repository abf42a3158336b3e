//! The log: which files are the table in its newest version.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::super::Error;
use super::super::super::folder::{location_parts, or_default};
use super::super::names;
use super::deleted::{Deleted, DeletionVector};
use super::{LOG, checkpoint, features};

/// How many digits a version has in the name of its file.
const DIGITS: usize = 20;

/// What lies in the folder of a log. `_last_checkpoint` is not asked: it is there for stores that are slow to list, and may
/// be older than what it lies beside.
pub(super) struct Listing {
    log: PathBuf,
    commits: BTreeMap<u64, PathBuf>,
    checkpoints: BTreeMap<u64, Vec<PathBuf>>,
}

impl Listing {
    /// Lists commits, and checkpoints of which all parts are there.
    pub fn of(log: &Path) -> Result<Self, Error> {
        let (mut commits, mut whole) = (BTreeMap::new(), BTreeMap::new());
        let mut torn: BTreeMap<(u64, usize), Vec<PathBuf>> = BTreeMap::new();
        for name in names(log)? {
            let path = log.join(&name);
            let words: Vec<&str> = name.split('.').collect();
            let Some(version) = words.first().and_then(|word| number(word)) else {
                continue;
            };
            match words[1..] {
                ["json"] => {
                    commits.insert(version, path);
                }
                ["checkpoint", "parquet"] | ["checkpoint", _, "parquet" | "json"] => {
                    whole.insert(version, vec![path]);
                }
                ["checkpoint", _part, of, "parquet"] => {
                    let of = of.parse().unwrap_or(usize::MAX);
                    torn.entry((version, of)).or_default().push(path);
                }
                _ => {}
            }
        }
        for ((version, of), parts) in torn {
            if parts.len() == of {
                whole.entry(version).or_insert(parts);
            }
        }
        let log = log.to_owned();
        if commits.is_empty() && whole.is_empty() {
            return Err(lacking(&log, 0));
        }
        Ok(Self {
            log,
            commits,
            checkpoints: whole,
        })
    }

    /// Gives the newest version, and the file that made it.
    pub fn newest(&self) -> (u64, PathBuf) {
        let commit = self.commits.iter().next_back();
        let commit = commit.map(|(version, path)| (*version, path.clone()));
        let checkpoint = self.checkpoints.iter().next_back();
        let checkpoint = checkpoint
            .map(|(version, parts)| (*version, parts.first().cloned().unwrap_or_default()));
        match (commit, checkpoint) {
            (Some(commit), Some(checkpoint)) if commit.0 < checkpoint.0 => checkpoint,
            (Some(commit), _) => commit,
            (None, checkpoint) => checkpoint.unwrap_or_default(),
        }
    }
}

fn number(word: &str) -> Option<u64> {
    let digits = word.len() == DIGITS && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok())?
}

fn lacking(log: &Path, version: u64) -> Error {
    let table = log.parent().and_then(Path::file_name).unwrap_or_default();
    Error::MissingPartitions {
        path: log.to_owned(),
        table: table.to_string_lossy().into_owned(),
        files: vec![format!("{LOG}/{version:020}.json")],
    }
}

/// A table in one version.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub protocol: Protocol,
    pub metadata: Metadata,
    /// The files, by path and deletion vector.
    files: BTreeMap<(String, String), Add>,
}

/// What a reader must understand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Protocol {
    pub min_reader_version: u32,
    pub reader_features: Option<Vec<String>>,
}

/// What the table is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    pub schema_string: String,
    #[serde(deserialize_with = "or_default")]
    pub partition_columns: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub configuration: Map<String, Value>,
}

/// A file of the table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Add {
    path: String,
    #[serde(deserialize_with = "or_default")]
    pub partition_values: Map<String, Value>,
    deletion_vector: Option<DeletionVector>,
}

impl Add {
    fn key(&self) -> (String, String) {
        let deleted = self.deletion_vector.as_ref();
        (
            self.path.clone(),
            deleted.map(DeletionVector::key).unwrap_or_default(),
        )
    }

    /// Finds where those of its rows are listed that do not count any more.
    pub fn deleted(&self, folder: &Path) -> Result<Option<Deleted>, Error> {
        let told = self.deletion_vector.as_ref();
        told.map(|told| told.found(folder)).transpose()
    }

    /// Finds the file, which lies in the table's own folder.
    pub fn place(&self, folder: &Path) -> Result<PathBuf, Error> {
        let strange = || features::unread(folder, &format!("path {}", self.path));
        if self.path.contains("://") || self.path.starts_with('/') {
            // A shallow clone has its files in the folder of another table.
            return Err(strange());
        }
        let names = location_parts(&self.path).ok_or_else(strange)?;
        Ok(folder.join(names.iter().collect::<PathBuf>()))
    }
}

impl Snapshot {
    /// Reads the log from its newest checkpoint on.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let listing = Listing::of(&folder.join(LOG))?;
        let mut snapshot = Self::default();
        let mut next = 0;
        if let Some((version, parts)) = listing.checkpoints.iter().next_back() {
            checkpoint::read(parts, &mut |action| snapshot.take(action))?;
            next = version + 1;
        }
        let (newest, _) = listing.newest();
        for version in next..=newest {
            let Some(path) = listing.commits.get(&version) else {
                return Err(lacking(&listing.log, version));
            };
            lines(path, &mut |action| snapshot.take(action))?;
        }
        features::check(folder, &snapshot)?;
        Ok(snapshot)
    }

    /// Lists the files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &Add> {
        self.files.values()
    }

    /// Takes an action. Those that only tell of other things than the table's rows are passed over.
    fn take(&mut self, mut action: Value) -> Result<(), serde_json::Error> {
        let Some(action) = action.as_object_mut() else {
            return Ok(());
        };
        for (name, told) in action.iter_mut().filter(|(_, told)| !told.is_null()) {
            let told = told.take();
            match name.as_str() {
                "protocol" => self.protocol = serde_json::from_value(told)?,
                "metaData" => self.metadata = serde_json::from_value(told)?,
                "add" => {
                    let add: Add = serde_json::from_value(told)?;
                    self.files.insert(add.key(), add);
                }
                "remove" => {
                    let gone: Add = serde_json::from_value(told)?;
                    self.files.remove(&gone.key());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Takes an action for each line of JSON.
pub(super) fn lines(
    path: &Path,
    take: &mut dyn FnMut(Value) -> Result<(), serde_json::Error>,
) -> Result<(), Error> {
    let text = fs::read(path).map_err(|source| Error::OpenFile {
        path: path.to_owned(),
        source,
    })?;
    let broken = |source| Error::BrokenModel {
        path: path.to_owned(),
        source,
    };
    for line in text.split(|byte| *byte == b'\n') {
        if !line.trim_ascii().is_empty() {
            serde_json::from_slice(line)
                .and_then(&mut *take)
                .map_err(broken)?;
        }
    }
    Ok(())
}
