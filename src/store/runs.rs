use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::files::{private_folder, read_if_there, replace};
use super::{Error, Home};

/// The name of an export run; sorts by the time of its start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// Names a run by its start, to the millisecond, and four random hex digits.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        let time = start.strftime("%Y%m%dT%H%M%S").to_string();
        let millis = start.subsec_millisecond();
        Self(format!("{time}.{millis:03}Z-{:04x}", rand::random::<u16>()))
    }

    /// Takes a run's name as a user typed it: nothing that could lead out of the folder of runs.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        (!text.is_empty() && !text.starts_with('.') && text.chars().all(fits))
            .then(|| Self(text.to_owned()))
    }

    /// Shows the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The files of one run.
#[derive(Debug, Clone)]
pub struct RunFolder {
    /// The run's name.
    pub id: RunId,
    folder: PathBuf,
}

impl RunFolder {
    /// Makes the folder of a new run.
    ///
    /// # Errors
    /// Fails when it cannot be made.
    pub fn create(home: &Home, start: Timestamp) -> Result<Self, Error> {
        let id = RunId::new(start);
        let folder = home.run(&id);
        private_folder(&folder)?;
        Ok(Self { id, folder })
    }

    /// Names a hidden folder for a plan that is only looked at; nothing in it is a run.
    #[must_use]
    pub fn scratch(home: &Home) -> Self {
        let id = RunId(format!(
            ".check-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        ));
        let folder = home.run(&id);
        Self { id, folder }
    }

    /// The plan, as long as the run lasts.
    #[must_use]
    pub fn plan(&self) -> PathBuf {
        self.folder.join("plan")
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// The report.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.folder.join("report.json")
    }

    /// The rejects.
    #[must_use]
    pub fn rejects(&self) -> PathBuf {
        self.folder.join("rejects.csv")
    }

    /// Writes the report, whole or not at all.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn write_report(&self, report: &impl Serialize) -> Result<(), Error> {
        let text =
            serde_json::to_vec_pretty(report).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&self.report(), &text)
    }

    /// Deletes the plan: it holds people's data and is of no more use.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn drop_plan(&self) -> Result<(), Error> {
        super::files::remove_if_there(&self.plan())
    }

    /// Deletes what names people: plan, journal, rejects. The report's sums stay.
    ///
    /// # Errors
    /// Fails when one of them cannot be removed.
    pub fn drop_people(&self) -> Result<(), Error> {
        [self.plan(), self.journal(), self.rejects()]
            .iter()
            .try_for_each(|path| super::files::remove_if_there(path))
    }

    /// Deletes the whole folder.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn remove(&self) -> Result<(), Error> {
        fs::remove_dir_all(&self.folder).map_err(|why| Error::write(&self.folder, why))
    }
}

/// All runs of a home.
#[derive(Debug, Clone)]
pub struct Runs {
    folder: PathBuf,
}

impl Runs {
    /// Opens the runs of a home; there may be none.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            folder: home.runs(),
        }
    }

    /// Lists the runs, the newest first.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn list(&self) -> Result<Vec<RunFolder>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => return Err(Error::read(&self.folder, why)),
        };
        let mut runs = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|why| Error::read(&self.folder, why))?;
            if let Some(id) = entry.file_name().to_str().and_then(RunId::parse) {
                runs.push(RunFolder {
                    id,
                    folder: entry.path(),
                });
            }
        }
        runs.sort_by(|a, b| b.id.cmp(&a.id));
        Ok(runs)
    }

    /// Reads a run's report; `None` when the run did not come to its end.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn report<T: DeserializeOwned>(run: &RunFolder) -> Result<Option<T>, Error> {
        let path = run.report();
        let Some(text) = read_if_there(&path)? else {
            return Ok(None);
        };
        let damaged = |why: serde_json::Error| Error::Damaged {
            path: Path::to_owned(&path),
            why: why.to_string(),
        };
        serde_json::from_str(&text).map(Some).map_err(damaged)
    }
}
