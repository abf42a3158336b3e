use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

use super::files::{read_if_there, remove_if_there, replace};
use super::{AccountLock, Error, Logins, RunId};
use crate::domain::{AudienceId, DestinationId, slug};

/// Where Segue keeps its files: one folder (`SEGUE_HOME`, `--home`), or the system's folders for each kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
}

/// Reads a path that was typed where no shell reads it: what begins with `~/` is in the home of the user.
#[must_use]
pub fn typed_path(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => text.into(),
    }
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

    /// What people set for Segue as a whole.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The file of saved logins.
    #[must_use]
    pub fn logins(&self) -> PathBuf {
        self.config.join("logins.toml")
    }

    /// The folder of queries that are written in the application.
    #[must_use]
    pub fn queries(&self) -> PathBuf {
        self.config.join("queries")
    }

    /// The ledger of an audience.
    #[must_use]
    pub fn ledger(&self, audience: &AudienceId) -> PathBuf {
        self.data.join("ledger").join(format!("{audience}.db"))
    }

    /// Which tags of an audience are ours.
    #[must_use]
    pub fn own_tags(&self, audience: &AudienceId) -> PathBuf {
        self.data
            .join("ledger")
            .join(format!("{audience}.tags.toml"))
    }

    /// The files of an audience's ledger: `SQLite` keeps more beside a database that was not closed, and one that is begun
    /// anew has another name at first.
    #[must_use]
    pub fn ledger_files(&self, audience: &AudienceId) -> Vec<PathBuf> {
        let path = self.ledger(audience);
        let ends = ["db", "db-journal", "db-wal", "db-shm", "new", "new-journal"];
        ends.iter().map(|end| path.with_extension(end)).collect()
    }

    /// Where a ledger is made that takes the place of a damaged one.
    pub(super) fn new_ledger(&self, audience: &AudienceId) -> PathBuf {
        self.ledger(audience).with_extension("new")
    }

    /// Removes the ledger of an audience that no destination uses any more.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn remove_ledger(&self, audience: &AudienceId) -> Result<(), Error> {
        self.ledger_files(audience)
            .iter()
            .try_for_each(|path| remove_if_there(path))
    }

    /// The list of people who were erased, as hashes under a key of its own.
    #[must_use]
    pub fn erased(&self) -> PathBuf {
        self.data.join("erased.toml")
    }

    /// The key of that list.
    #[must_use]
    pub fn erased_key(&self) -> PathBuf {
        self.data.join("erased.key")
    }

    /// What is remembered of schedules.
    pub(super) fn agendas(&self) -> PathBuf {
        self.data.join("schedules.toml")
    }

    /// The lock under which that is changed.
    pub(super) fn agendas_lock(&self) -> PathBuf {
        self.locks_folder().join("schedules")
    }

    /// The lock of the one who sees to schedules.
    pub(super) fn watcher_lock(&self) -> PathBuf {
        self.locks_folder().join("watcher")
    }

    /// Traces that whoever changes destinations, logins, schedules or runs leaves: when they differ from those seen before,
    /// somebody did. Costs a few looks at folders, and reads no file.
    #[must_use]
    pub fn traces(&self) -> Vec<(PathBuf, Option<SystemTime>)> {
        let runs = fs::read_dir(self.runs()).into_iter().flatten().flatten();
        let newest = runs.map(|run| run.path()).max();
        let watched = AccountLock::watcher(self).is_ok_and(|holder| holder.is_some());
        let places = [
            self.destinations(),
            self.logins(),
            self.agendas(),
            self.runs(),
        ];
        let places = places.into_iter().chain(newest);
        places
            .chain(watched.then(|| self.watcher_lock()))
            .map(|path| {
                let changed = fs::metadata(&path).and_then(|place| place.modified()).ok();
                (path, changed)
            })
            .collect()
    }

    /// Where commands write that are run when an export has ended.
    #[must_use]
    pub fn finish_log(&self) -> PathBuf {
        self.logs().join("on_finish.log")
    }

    /// The ledgers that there are, by their audiences.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn audiences(&self) -> Result<Vec<AudienceId>, Error> {
        let files = super::runs::entries(&self.data.join("ledger"))?.into_iter();
        let of = |path: PathBuf| {
            let name = path.file_name()?.to_str()?.strip_suffix(".db")?.to_owned();
            AudienceId::parse(&name)
        };
        Ok(files.filter_map(of).collect())
    }

    /// The folder of logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
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

    /// The log, and the older ones by their age.
    pub(super) fn log(&self, age: u32) -> PathBuf {
        self.logs().join(match age {
            0 => "segue.log".to_owned(),
            age => format!("segue.log.{age}"),
        })
    }

    /// The folder of all locks.
    pub(super) fn locks_folder(&self) -> PathBuf {
        self.data.join("locks")
    }

    /// The lock under which another log is begun.
    pub(super) fn log_lock(&self) -> PathBuf {
        self.locks_folder().join("log")
    }

    /// The lock that keeps two runs from sharing an account's ten connections.
    #[must_use]
    pub fn lock(&self, account: &str) -> PathBuf {
        self.locks_folder().join(format!("{}.lock", slug(account)))
    }

    /// The lock under which the sign-in of a login is renewed.
    pub(super) fn login_lock(&self, login: &str) -> PathBuf {
        self.lock(&format!("login {login}"))
    }

    /// The lock that a run of a destination holds as long as it lasts, and its removal.
    pub(super) fn destination_lock(&self, id: &DestinationId) -> PathBuf {
        // Names that look alike as file names must not be in each other's way.
        let mut hasher = DefaultHasher::new();
        let id = id.as_str().to_lowercase();
        id.hash(&mut hasher);
        let name = format!("destination-{}-{:016x}.lock", slug(&id), hasher.finish());
        self.locks_folder().join(name)
    }

    /// The folders in which files may have been left that were leaving for good.
    pub(super) fn folders_to_leave(&self) -> Result<Vec<PathBuf>, Error> {
        let runs = super::runs::entries(&self.runs())?.into_iter();
        let mut folders: Vec<PathBuf> = runs.filter(|path| path.is_dir()).collect();
        let ledger = self.data.join("ledger");
        folders.extend([
            self.runs(),
            ledger,
            self.destinations(),
            self.config.clone(),
        ]);
        Ok(folders)
    }

    /// The lock that says that a run's folder is in use.
    pub(super) fn run_lock(&self, run: &RunId) -> PathBuf {
        let name = format!("run-{}.lock", run.as_str().trim_start_matches('.'));
        self.locks_folder().join(name)
    }

    /// Lists the locks of accounts, logins, runs and destinations: not that of the watcher, whose name tells when it was here.
    pub(super) fn locks(&self) -> Result<Vec<PathBuf>, Error> {
        let mut locks = super::runs::entries(&self.locks_folder())?;
        let ends = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "lock");
        locks.retain(|path| ends(path) && *path != self.watcher_lock());
        Ok(locks)
    }

    /// Tells whether a lock is that of a run whose folder is gone.
    pub(super) fn is_lock_of_nothing(&self, lock: &Path) -> bool {
        let name = lock.file_stem().unwrap_or_default().to_string_lossy();
        let run = name.strip_prefix("run-");
        run.is_some_and(|run| !self.runs().join(run).exists())
    }

    /// The lock under which files leave for good.
    pub(super) fn leaving_lock(&self) -> PathBuf {
        self.locks_folder().join("leaving")
    }

    /// What is on its way out and could still be put back.
    pub(super) fn leaving_list(&self) -> PathBuf {
        self.locks_folder().join("leaving.list")
    }

    /// The lock under which files of configuration are changed.
    pub(super) fn config_lock(&self) -> PathBuf {
        self.locks_folder().join("config")
    }

    /// Finds out whether files can be kept, by keeping an empty one for a moment.
    ///
    /// # Errors
    /// Fails when none can be written.
    pub fn try_to_write(&self) -> Result<(), Error> {
        [&self.config, &self.data]
            .into_iter()
            .try_for_each(|folder| {
                if !folder.exists() {
                    // It is made by the first thing that is kept in it.
                    return may_make(folder);
                }
                let path = folder.join(".trial");
                replace(&path, b"")?;
                remove_if_there(&path)
            })
    }

    /// Tells whether anything was kept here yet.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.config.exists() || self.data.exists()
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
        Ok(self.look_after_id()?.0)
    }

    /// As [`Home::id`], and tells what was wrong with it: the saved logins remember under which name their secrets lie.
    ///
    /// # Errors
    /// Fails when it can be neither read nor written.
    pub fn look_after_id(&self) -> Result<(String, Option<IdTrouble>), Error> {
        let path = self.id_file();
        let found = self.id_if_there()?;
        let (has_logins, kept) = Logins::of(self).home_id();
        let (id, trouble) = match (found, kept) {
            (Some(found), Some(kept)) if found != kept => (kept, Some(IdTrouble::PutBack)),
            (Some(found), _) => return Ok((found, None)),
            (None, Some(kept)) => (kept, Some(IdTrouble::PutBack)),
            (None, None) => {
                let id = format!("{:016x}", rand::random::<u64>());
                (id, has_logins.then_some(IdTrouble::Lost))
            }
        };
        replace(&path, id.as_bytes())?;
        Ok((id, trouble))
    }

    fn id_file(&self) -> PathBuf {
        self.config.join("home-id")
    }

    /// Reads the home's name in the keyring, if it has one yet.
    pub(super) fn id_if_there(&self) -> Result<Option<String>, Error> {
        let text = read_if_there(&self.id_file())?.unwrap_or_default();
        Ok(Some(text.trim().to_owned()).filter(|id| !id.is_empty()))
    }
}

/// Finds out without making it whether a folder could be made.
#[cfg(unix)]
fn may_make(folder: &Path) -> Result<(), Error> {
    use rustix::fs::{Access, access};
    let there = folder.ancestors().find(|folder| folder.exists());
    let there = there.unwrap_or(Path::new("/"));
    if !there.is_dir() {
        return Err(Error::write(
            there,
            std::io::ErrorKind::NotADirectory.into(),
        ));
    }
    access(there, Access::WRITE_OK).map_err(|why| Error::write(there, why.into()))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix one can fail")]
fn may_make(_folder: &Path) -> Result<(), Error> {
    Ok(())
}

/// What was wrong with a home's name in the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdTrouble {
    /// It was gone or altered, and was put back as the logins remember it.
    PutBack,
    /// It was gone, and nothing tells what it was: the secrets of the logins cannot be found.
    Lost,
}

#[cfg(test)]
mod tests {
    use super::{Home, IdTrouble};
    use crate::store::{Login, Logins};

    #[test]
    fn a_home_keeps_its_id() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        assert_eq!(home.id().expect("made"), home.id().expect("kept"));
    }

    #[test]
    fn a_home_id_that_is_gone_or_altered_is_put_back_and_told() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let path = folder.path().join("home-id");
        let id = home.id().expect("made");
        let login: Login = toml::from_str(LOGIN).expect("a login");
        Logins::of(&home).save(&login).expect("saved");
        assert_eq!(home.look_after_id().expect("id"), (id.clone(), None));
        std::fs::write(&path, "0123456789abcdef").expect("altered");
        let told = home.look_after_id().expect("id");
        assert_eq!(told, (id.clone(), Some(IdTrouble::PutBack)));
        std::fs::remove_file(&path).expect("gone");
        let told = home.look_after_id().expect("id");
        assert_eq!(told, (id.clone(), Some(IdTrouble::PutBack)));
        assert_eq!(home.look_after_id().expect("id"), (id, None));
        std::fs::remove_file(&path).expect("gone");
        std::fs::write(home.logins(), format!("[[login]]\n{LOGIN}")).expect("an older file");
        let (_, trouble) = home.look_after_id().expect("id");
        assert_eq!(trouble, Some(IdTrouble::Lost));
    }

    const LOGIN: &str = r#"name = "contoso"
service = "mailchimp"
account_id = "a1"
account_name = "Contoso"
api = "https://us1.api.mailchimp.com/3.0"
created_at = "2026-01-01T00:00:00Z"
"#;
}
