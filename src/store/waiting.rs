use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::remove_if_there;
use super::runs::entries;
use super::{AccountLock, Error, Home, Locked};
use crate::domain::{DestinationId, StartedBy};

/// How the names of the files begin that tell of runs which wait.
const WAITING: &str = "waiting-";

/// A run that has not begun, as another one has what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Whose run it is.
    pub destination: DestinationId,
    /// Who or what started it.
    pub started_by: StartedBy,
    /// Since when it waits.
    pub since: Timestamp,
    /// Who has what it waits for, as they wrote down themselves.
    pub holder: String,
}

/// The sign that a run waits, for other programs to see; taken away when the wait is over, or its program dead.
#[derive(Debug)]
pub struct Waiting {
    path: PathBuf,
    _lock: AccountLock,
}

impl Waiting {
    /// Sets the sign.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn note(home: &Home, waits: &Waits) -> Result<Option<Self>, Error> {
        let text = serde_json::to_string(waits).map_err(|why| Error::Encode(why.to_string()))?;
        let (us, random) = (std::process::id(), rand::random::<u32>());
        let path = home
            .locks_folder()
            .join(format!("{WAITING}{us}-{random:08x}"));
        Ok(match AccountLock::try_at(&path, &text)? {
            Locked::Ours(lock) => Some(Self { path, _lock: lock }),
            Locked::Held(_) => None,
        })
    }

    /// Lists who waits, the first who came first.
    ///
    /// # Errors
    /// Fails when a sign cannot be read. What a program left that was killed is cleared up.
    pub fn list(home: &Home) -> Result<Vec<Waits>, Error> {
        let mut waiting: Vec<Waits> = Vec::new();
        for path in entries(&home.locks_folder())? {
            let name = path.file_name().and_then(|name| name.to_str());
            if !name.is_some_and(|name| name.starts_with(WAITING)) {
                continue;
            }
            match AccountLock::holder(&path)? {
                Some(text) => waiting.extend(serde_json::from_str::<Waits>(&text)),
                // One that is empty is just being written.
                None if path.metadata().is_ok_and(|file| file.len() > 0) => remove_if_there(&path)?,
                None => {}
            }
        }
        waiting.sort_by_key(|waits| waits.since);
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // One that stays is held by nobody, and cleared up.
        let _gone = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Waiting, Waits};
    use crate::domain::{DestinationId, StartedBy};
    use crate::store::Home;

    #[test]
    fn who_waits_is_seen_by_others_until_the_wait_is_over_or_its_program_dead() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let list = || Waiting::list(&home).expect("list");
        assert_eq!(list(), []);
        let waits = |name: &str, since| Waits {
            destination: DestinationId::parse(name).expect("a name"),
            started_by: StartedBy::Command,
            since: Timestamp::from_second(since).expect("a time"),
            holder: "Spring (4711)".to_owned(),
        };
        let note = |waits: Waits| Waiting::note(&home, &waits).expect("noted").expect("ours");
        let later = note(waits("Winter", 20));
        let _first = note(waits("Autumn", 10));
        assert_eq!(list(), [waits("Autumn", 10), waits("Winter", 20)]);
        drop(later);
        assert_eq!(list(), [waits("Autumn", 10)]);
        // As a program leaves it that is killed.
        let left = home.locks_folder().join("waiting-1-00000000");
        std::fs::write(&left, "{}").expect("left");
        assert_eq!(list(), [waits("Autumn", 10)]);
        assert!(!left.exists());
    }
}
