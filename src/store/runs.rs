use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::files::{private_folder, read_if_there, replace, sync_folder};
use super::{AccountLock, Began, Damage, Error, Home, JournalReader, Locked, Record};
use crate::domain::DestinationId;

/// How the names of folders begin that hold a plan which is only looked at.
const CHECK: &str = ".check-";
/// The most that is read of a journal to find its first line.
const FIRST_LINE: u64 = 256 * 1024;

/// The name of an export run; sorts by the time of its start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(String);

/// How the time is written in a run's name; three digits of milliseconds follow.
const TIME: &str = "%Y%m%dT%H%M%S";

impl RunId {
    /// Names a run by its start, to the millisecond, and four random hex digits. It sorts after the newest run there is,
    /// also when the clock has gone back since: then its time is the next millisecond after that one's.
    #[must_use]
    pub fn new(start: Timestamp, newest: Option<&Self>) -> Self {
        let next = newest.and_then(|newest| {
            newest
                .time()?
                .checked_add(SignedDuration::from_millis(1))
                .ok()
        });
        let time = next.map_or(start, |next| next.max(start));
        let millis = time.subsec_millisecond();
        let digits = rand::random::<u16>();
        Self(format!("{}.{millis:03}Z-{digits:04x}", time.strftime(TIME)))
    }

    /// Reads the time that the name tells; `None` when it is no name that [`RunId::new`] makes.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        let (time, _) = self.0.split_once("Z-")?;
        let (seconds, millis) = time.split_once('.')?;
        let time = DateTime::strptime(TIME, seconds).ok()?;
        let time = TimeZone::UTC.to_timestamp(time).ok()?;
        let millis = SignedDuration::from_millis(millis.parse().ok()?);
        time.checked_add(millis).ok()
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
    /// Held by who made the folder, as long as it is used.
    in_use: Option<Arc<InUse>>,
}

/// The sign that a run's folder is in use; taken away when its last holder is done, or dead.
#[derive(Debug)]
struct InUse {
    path: PathBuf,
    _lock: AccountLock,
}

impl InUse {
    fn take(home: &Home, run: &RunId) -> Result<Option<Arc<Self>>, Error> {
        let path = home.run_lock(run);
        Ok(match AccountLock::try_at(&path, run.as_str())? {
            Locked::Ours(lock) => Some(Arc::new(Self { path, _lock: lock })),
            Locked::Held(_) => None,
        })
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        // One that stays is empty, and in nobody's way.
        let _gone = fs::remove_file(&self.path);
    }
}

impl RunFolder {
    /// Makes the folder of a new run.
    ///
    /// # Errors
    /// Fails when it cannot be made.
    pub fn create(home: &Home, start: Timestamp) -> Result<Self, Error> {
        let runs = Runs::of(home).list()?;
        // What is named otherwise is none of our runs, and says nothing about time.
        let newest = runs.iter().find(|run| run.id.time().is_some());
        let id = RunId::new(start, newest.map(|run| &run.id));
        // The sign comes first: a folder without one is cleared up.
        let in_use = InUse::take(home, &id)?;
        let folder = home.run(&id);
        private_folder(&folder)?;
        sync_folder(&home.runs()).map_err(|why| Error::write(&folder, why))?;
        Ok(Self { id, folder, in_use })
    }

    /// Names a hidden folder for a plan that is only looked at; nothing in it is a run.
    ///
    /// # Errors
    /// Fails when the sign that it is in use cannot be set.
    pub fn scratch(home: &Home) -> Result<Self, Error> {
        let id = RunId(format!(
            "{CHECK}{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        ));
        let in_use = InUse::take(home, &id)?;
        let folder = home.run(&id);
        Ok(Self { id, folder, in_use })
    }

    /// Tells whether the run goes on, in this process or another.
    ///
    /// # Errors
    /// Fails when it cannot be found out.
    pub fn goes_on(&self, home: &Home) -> Result<bool, Error> {
        Ok(self.in_use.is_some() || AccountLock::holder(&home.run_lock(&self.id))?.is_some())
    }

    /// Tells by its files whose run it is: from the report, else from the journal's first record, which was a line of JSON
    /// before.
    #[must_use]
    pub fn destination(&self) -> Option<DestinationId> {
        let report = fs::read(self.report()).ok();
        let journal = || {
            let file = fs::File::open(self.journal()).ok()?;
            let mut line = Vec::new();
            let mut first = BufReader::new(file).take(FIRST_LINE);
            first.read_until(b'\n', &mut line).ok()?;
            Some(line)
        };
        let told = |text: Vec<u8>| {
            let told: Value = serde_json::from_slice(&text).ok()?;
            Some(told.get("destination")?.as_str()?.to_owned())
        };
        let told = report
            .and_then(told)
            .or_else(|| Some(self.began()?.destination))
            .or_else(|| journal().and_then(told));
        DestinationId::parse(&told?).ok()
    }

    /// Tells whether it is a run of a destination.
    #[must_use]
    pub fn is_of(&self, destination: &DestinationId) -> bool {
        let of = self.destination();
        of.is_some_and(|of| destination.matches(of.as_str()))
    }

    /// Goes on with a run that ended early: nobody else does as long as what this gives lives. `None` where somebody does.
    ///
    /// # Errors
    /// Fails when the sign that it is in use cannot be set.
    pub fn go_on(&self, home: &Home) -> Result<Option<Self>, Error> {
        let in_use = InUse::take(home, &self.id)?;
        Ok(in_use.map(|sign| Self {
            in_use: Some(sign),
            ..self.clone()
        }))
    }

    /// Reads what the run is from the start of its journal.
    #[must_use]
    pub fn began(&self) -> Option<Began> {
        let mut journal = JournalReader::open(&self.journal()).ok()??;
        match journal.read().ok()? {
            Some(Record::Began(began)) => Some(began),
            _ => None,
        }
    }

    /// Tells by its journal whether the run set out to write to the audience; what is damaged counts as written.
    #[must_use]
    pub fn wrote(&self) -> bool {
        let Ok(Some(mut journal)) = JournalReader::open(&self.journal()) else {
            return false;
        };
        while let Ok(Some(record)) = journal.read() {
            if matches!(record, Record::Intent(_)) {
                return true;
            }
        }
        journal.damage() != Damage::default()
    }

    /// Lists what names people: all but the report.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn people(&self) -> Result<Vec<PathBuf>, Error> {
        let files = entries(&self.folder)?.into_iter();
        Ok(files.filter(|path| *path != self.report()).collect())
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
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

    /// A journal that could not be believed.
    pub(super) fn damaged_journal(&self) -> PathBuf {
        self.folder.join("journal.damaged")
    }

    /// How the contacts were that the run wrote to.
    #[must_use]
    pub fn images(&self) -> PathBuf {
        self.folder.join("images")
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

    /// The contacts that an undo left as they are.
    #[must_use]
    pub fn left(&self) -> PathBuf {
        self.folder.join("left.csv")
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

    /// Puts a journal aside that cannot be believed, so that nobody comes upon it again.
    ///
    /// # Errors
    /// Fails when it cannot be moved.
    pub fn set_aside(&self) -> Result<(), Error> {
        let journal = self.journal();
        fs::rename(&journal, self.damaged_journal()).map_err(|why| Error::write(&journal, why))
    }

    /// Deletes the whole folder; one that is not there is no error.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn remove(&self) -> Result<(), Error> {
        match fs::remove_dir_all(&self.folder) {
            Err(why) if why.kind() != ErrorKind::NotFound => Err(Error::write(&self.folder, why)),
            _ => Ok(()),
        }
    }
}

/// Lists what is in a folder that need not exist.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |why| Error::read(folder, why);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(failed(why)),
    };
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
        .collect()
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
        let mut runs = Vec::new();
        for path in entries(&self.folder)? {
            let name = path.file_name().and_then(|name| name.to_str());
            if let Some(id) = name.and_then(RunId::parse) {
                runs.push(RunFolder {
                    id,
                    folder: path,
                    in_use: None,
                });
            }
        }
        runs.sort_by(|a, b| b.id.cmp(&a.id));
        Ok(runs)
    }

    /// Lists the folders of plans that were only looked at.
    pub(super) fn scratch(&self) -> Result<Vec<RunFolder>, Error> {
        let folders = entries(&self.folder)?.into_iter();
        let scratch = folders.filter_map(|folder| {
            let name = folder.file_name()?.to_str()?.to_owned();
            name.starts_with(CHECK).then(|| RunFolder {
                id: RunId(name),
                folder,
                in_use: None,
            })
        });
        Ok(scratch.collect())
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

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{RunFolder, RunId, Runs};
    use crate::store::Home;

    #[test]
    fn a_run_sorts_after_those_before_it_though_the_clock_goes_back_or_ahead() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let noon = Timestamp::from_millisecond(1_800_000_000_123).expect("time");
        let hours = [0, 24 * 365, -24, -23, 0, 24 * 366];
        let mut made = Vec::new();
        for hour in hours {
            let now = noon + SignedDuration::from_hours(hour);
            made.push(RunFolder::create(&home, now).expect("made").id);
        }
        std::fs::create_dir(home.runs().join("zzz")).expect("not a run of ours");
        let listed: Vec<RunId> = Runs::of(&home)
            .list()
            .expect("list")
            .into_iter()
            .map(|run| run.id)
            .filter(|id| id.as_str() != "zzz")
            .rev()
            .collect();
        assert_eq!(listed, made);
        assert_eq!(made[0].time(), Some(noon));
        assert_eq!(
            made[5].time(),
            Some(noon + SignedDuration::from_hours(24 * 366))
        );
    }

    #[test]
    fn a_killed_run_is_known_by_its_journal() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let run = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("made");
        assert_eq!(run.destination(), None);
        let first = "{\"event\":\"started\",\"destination\":\"Våren\"}\n{\"event\":\"pha";
        std::fs::write(run.journal(), first).expect("journal");
        assert_eq!(run.destination(), super::DestinationId::parse("Våren").ok());
        std::fs::write(run.report(), "{\"destination\": \"Hösten\"}").expect("report");
        assert_eq!(
            run.destination(),
            super::DestinationId::parse("Hösten").ok()
        );
    }
}
