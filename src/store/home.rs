use std::fs::File;
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

use super::files::{private, private_folder, read_if_there, remove_if_there, replace};
use super::{Error, RunId};
use crate::domain::{AudienceId, slug};

/// Where Segue keeps its files: one folder (`SEGUE_HOME`, `--home`), or the system's folders for each kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
}

impl Home {
    /// Keeps everything under one folder.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            config: folder.clone(),
            data: folder,
        }
    }

    /// Keeps files where the system wants them (XDG folders, or their like on macOS and Windows).
    ///
    /// # Errors
    /// Fails when the user has no home folder.
    pub fn of_user() -> Result<Self, Error> {
        let strategy = choose_base_strategy().map_err(|_why| Error::NoHome)?;
        Ok(Self {
            config: strategy.config_dir().join("segue"),
            data: strategy.data_dir().join("segue"),
        })
    }

    /// The folder of saved destinations.
    #[must_use]
    pub fn destinations(&self) -> PathBuf {
        self.config.join("destinations")
    }

    /// The file of saved logins.
    #[must_use]
    pub fn logins(&self) -> PathBuf {
        self.config.join("logins.toml")
    }

    /// The ledger of an audience.
    #[must_use]
    pub fn ledger(&self, audience: &AudienceId) -> PathBuf {
        self.data.join("ledger").join(format!("{audience}.db"))
    }

    /// Removes the ledger of an audience that no destination uses any more.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn remove_ledger(&self, audience: &AudienceId) -> Result<(), Error> {
        let path = self.ledger(audience);
        // SQLite keeps two more files beside a database that was not closed.
        ["db", "db-wal", "db-shm"]
            .iter()
            .try_for_each(|end| remove_if_there(&path.with_extension(end)))
    }

    /// The folder of all runs.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.data.join("runs")
    }

    /// The folder of one run.
    #[must_use]
    pub fn run(&self, run: &RunId) -> PathBuf {
        self.runs().join(run.as_str())
    }

    /// Opens the log to append to it.
    ///
    /// # Errors
    /// Fails when the file cannot be opened.
    pub fn open_log(&self) -> Result<File, Error> {
        let path = self.data.join("logs").join("segue.log");
        private_folder(path.parent().unwrap_or(&self.data))?;
        private()
            .append(true)
            .open(&path)
            .map_err(|why| Error::write(&path, why))
    }

    /// The lock that keeps two runs from sharing an account's ten connections.
    #[must_use]
    pub fn lock(&self, account: &str) -> PathBuf {
        self.data
            .join("locks")
            .join(format!("{}.lock", slug(account)))
    }

    /// The lock under which files of configuration are changed.
    pub(super) fn config_lock(&self) -> PathBuf {
        self.data.join("locks").join("config")
    }

    /// The folder that `show` and messages name to people.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.config
    }

    /// The random name of this home in the keyring, made on first use, so that two homes never share a secret.
    ///
    /// # Errors
    /// Fails when it can be neither read nor written.
    pub fn id(&self) -> Result<String, Error> {
        let path = self.config.join("home-id");
        if let Some(id) = read_if_there(&path)? {
            return Ok(id.trim().to_owned());
        }
        let id = format!("{:016x}", rand::random::<u64>());
        replace(&path, id.as_bytes())?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::Home;

    #[test]
    fn a_home_keeps_its_id() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        assert_eq!(home.id().expect("made"), home.id().expect("kept"));
    }
}
