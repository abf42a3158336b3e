use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::files::{private, private_folder};
use super::{Error, Home};
use crate::domain::DestinationId;

/// The right to be the only one: at an account, as a run at Mailchimp or as who renews an export user's sign-in; or at a
/// destination. Given back when dropped, or when the process dies.
#[derive(Debug)]
pub struct AccountLock {
    _file: File,
}

/// What came of asking for the lock.
#[derive(Debug)]
pub enum Locked {
    /// It is ours.
    Ours(AccountLock),
    /// Another run has it: who, as it wrote down itself.
    Held(String),
}

impl AccountLock {
    /// Asks for the account's lock without waiting, and writes down who holds it.
    ///
    /// # Errors
    /// Fails when the lock file cannot be opened.
    pub fn try_take(home: &Home, account: &str, holder: &str) -> Result<Locked, Error> {
        Self::try_at(&home.lock(account), holder)
    }

    /// Asks for the lock of a destination: a run of it holds that, and its removal.
    ///
    /// # Errors
    /// Fails when the lock file cannot be opened.
    pub fn try_destination(home: &Home, id: &DestinationId, holder: &str) -> Result<Locked, Error> {
        Self::try_at(&home.destination_lock(id), holder)
    }

    /// Asks for the right to see to the schedules of a home: one at a time does.
    ///
    /// # Errors
    /// Fails when the lock file cannot be opened.
    pub fn try_watcher(home: &Home, holder: &str) -> Result<Locked, Error> {
        Self::try_at(&home.watcher_lock(), holder)
    }

    /// Tells who sees to the schedules of a home; `None` where nobody does.
    ///
    /// # Errors
    /// Fails when the lock file cannot be opened.
    pub fn watcher(home: &Home) -> Result<Option<String>, Error> {
        if !home.watcher_lock().exists() {
            return Ok(None);
        }
        Ok(match Self::try_watcher(home, "")? {
            Locked::Ours(_) => None,
            Locked::Held(holder) => Some(holder),
        })
    }

    pub(super) fn try_at(path: &Path, holder: &str) -> Result<Locked, Error> {
        let failed = |why| Error::write(path, why);
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)
                    .and_then(|()| file.rewind())
                    .map_err(failed)?;
                file.write_all(holder.as_bytes()).map_err(failed)?;
                Ok(Locked::Ours(Self { _file: file }))
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).map_err(failed)?;
                Ok(Locked::Held(holder))
            }
            Err(TryLockError::Error(why)) => Err(failed(why)),
        }
    }
}

fn open(path: &Path) -> Result<File, Error> {
    private_folder(path.parent().unwrap_or(Path::new(".")))?;
    private()
        .read(true)
        .truncate(false)
        .open(path)
        .map_err(|why| Error::write(path, why))
}

/// The right to change what is configured: destinations, logins, drafts. Each holder reads, changes and writes while it
/// has it, so that two programs at once do not undo each other's changes.
#[derive(Debug)]
pub(super) struct ConfigLock {
    _file: File,
}

impl ConfigLock {
    /// Waits for the right, which nobody keeps for longer than it takes to write a file.
    pub fn take(path: &Path) -> Result<Self, Error> {
        let file = open(path)?;
        file.lock().map_err(|why| Error::write(path, why))?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountLock, Locked};
    use crate::store::Home;

    #[test]
    fn one_run_holds_an_account_and_is_named_to_the_other() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let first = AccountLock::try_take(&home, "acc", "Spring (run 1)").expect("lock");
        let second = AccountLock::try_take(&home, "acc", "Autumn").expect("lock");
        assert!(matches!(second, Locked::Held(holder) if holder == "Spring (run 1)"));
        drop(first);
        assert!(matches!(
            AccountLock::try_take(&home, "acc", "x").expect("lock"),
            Locked::Ours(_)
        ));
    }
}
