use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::files::{private, private_folder, read_if_there, remove_if_there};
use super::{Error, Home};
use crate::domain::{DestinationId, LoginName};

/// Whoever holds a lock without a name looks at something, clears up, or has not written it down yet: how long one asks
/// again, and how often.
const MOMENT: Duration = Duration::from_millis(10);
const MOMENTS: usize = 20;
/// How long after it saw to the schedules once somebody is taken to come again.
const COMES_AGAIN: Duration = Duration::from_hours(2);

/// The right to be the only one: at an account, as a run at Mailchimp or as who renews an export user's sign-in; or at a
/// destination. Given back when dropped, with the name of who held it; or when the process dies.
#[derive(Debug)]
pub struct AccountLock {
    file: File,
    /// Whether the name stays: it tells that somebody comes again.
    stays: bool,
}

impl Drop for AccountLock {
    fn drop(&mut self) {
        if !self.stays {
            // A name that stays is of somebody who is gone, and misleads nobody.
            let _stays = self.file.set_len(0);
        }
    }
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

    /// Asks for the right to renew the sign-in of a login.
    ///
    /// # Errors
    /// Fails when the lock file cannot be opened.
    pub fn try_login(home: &Home, login: &str, holder: &str) -> Result<Locked, Error> {
        Self::try_at(&home.login_lock(login), holder)
    }

    /// Takes away the file of a login's lock, whose name tells of it, when the login goes for good.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn forget_login(home: &Home, login: &LoginName) -> Result<(), Error> {
        remove_if_there(&home.login_lock(login.as_str()))
    }

    /// Takes away the file of a destination's lock, whose name tells of it, when the destination goes for good.
    ///
    /// # Errors
    /// Fails when it cannot be removed.
    pub fn forget_destination(home: &Home, id: &DestinationId) -> Result<(), Error> {
        remove_if_there(&home.destination_lock(id))
    }

    /// Takes away what runs that were killed left of themselves in a home: the names of who held a lock, and the locks of
    /// runs that are gone. A lock that somebody holds stays as it is.
    ///
    /// # Errors
    /// Fails when a lock cannot be read or removed.
    pub fn forget_holders(home: &Home) -> Result<(), Error> {
        for path in home.locks()? {
            let Locked::Ours(lock) = Self::try_once(&path, "")? else {
                continue;
            };
            if home.is_lock_of_nothing(&path) {
                remove_if_there(&path)?;
            }
            drop(lock);
        }
        Ok(())
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
        Self::holder(&home.watcher_lock())
    }

    /// How whoever sees to the schedules once, and comes again, begins its name.
    pub const ONCE: &str = "segue watch --once";

    /// Tells whether somebody sees to the schedules of a home: now, or once and not long ago, as from cron.
    ///
    /// # Errors
    /// Fails when the lock file cannot be read.
    pub fn is_watched(home: &Home) -> Result<bool, Error> {
        if Self::watcher(home)?.is_some() {
            return Ok(true);
        }
        let path = home.watcher_lock();
        let last = read_if_there(&path)?.unwrap_or_default();
        let at = std::fs::metadata(&path).and_then(|file| file.modified());
        let ago = at.ok().and_then(|at| at.elapsed().ok());
        Ok(last.starts_with(Self::ONCE) && ago.is_some_and(|ago| ago < COMES_AGAIN))
    }

    /// Tells who holds a lock, without keeping anybody from it who takes it just then; `None` where nobody does.
    pub(super) fn holder(path: &Path) -> Result<Option<String>, Error> {
        let failed = |why| Error::read(path, why);
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(failed(why)),
        };
        held_by(&mut file, failed)
    }

    /// Asks without waiting; only whoever holds it for a moment, without a name, is waited for.
    pub(super) fn try_at(path: &Path, holder: &str) -> Result<Locked, Error> {
        for _ in 0..MOMENTS {
            match Self::try_once(path, holder)? {
                Locked::Held(holder) if holder.is_empty() => std::thread::sleep(MOMENT),
                locked => return Ok(locked),
            }
        }
        Self::try_once(path, holder)
    }

    fn try_once(path: &Path, holder: &str) -> Result<Locked, Error> {
        let failed = |why| Error::write(path, why);
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)
                    .and_then(|()| file.rewind())
                    .map_err(failed)?;
                file.write_all(holder.as_bytes()).map_err(failed)?;
                let stays = holder.starts_with(Self::ONCE);
                Ok(Locked::Ours(Self { file, stays }))
            }
            // Whoever only looks shares it: what stands in the file is then of somebody who is gone.
            Err(TryLockError::WouldBlock) => Ok(Locked::Held(
                held_by(&mut file, failed)?.unwrap_or_default(),
            )),
            Err(TryLockError::Error(why)) => Err(failed(why)),
        }
    }
}

/// Who holds a lock alone, in its own words; `None` where nobody does.
fn held_by(
    file: &mut File,
    failed: impl Fn(std::io::Error) -> Error,
) -> Result<Option<String>, Error> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| None).map_err(failed),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder).map_err(failed)?;
            Ok(Some(holder))
        }
        Err(TryLockError::Error(why)) => Err(failed(why)),
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

/// The right to change what is configured: destinations, logins, drafts; or to have files leave. Each holder reads, changes and writes while it
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
        let held = std::fs::read_to_string(home.lock("acc")).expect("the file");
        assert_eq!(held, "", "the name goes with who held it");
        assert!(matches!(
            AccountLock::try_take(&home, "acc", "x").expect("lock"),
            Locked::Ours(_)
        ));
    }

    #[test]
    fn what_killed_runs_left_in_locks_goes_and_who_is_there_stays() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let read = |path: &std::path::Path| std::fs::read_to_string(path).ok();
        let held = AccountLock::try_take(&home, "held", "Autumn (2)").expect("lock");
        let killed = home.lock("killed");
        std::fs::write(&killed, "Spring (1)").expect("file");
        let run = home.lock("run-20260101T000000.000Z-0000");
        std::fs::write(&run, "20260101T000000.000Z-0000").expect("file");
        let once = format!("{} (3)", AccountLock::ONCE);
        drop(AccountLock::try_watcher(&home, &once).expect("lock"));
        AccountLock::forget_holders(&home).expect("forgotten");
        assert_eq!(read(&killed).as_deref(), Some(""));
        assert_eq!(read(&run), None, "its run is gone");
        assert_eq!(read(&home.lock("held")).as_deref(), Some("Autumn (2)"));
        assert!(AccountLock::is_watched(&home).expect("read"));
        drop(held);
    }

    #[test]
    fn who_sees_to_schedules_once_comes_again_and_who_was_killed_does_not() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let watched = || AccountLock::is_watched(&home).expect("read");
        assert!(!watched());
        let stays = AccountLock::try_watcher(&home, "segue watch (1)").expect("lock");
        assert!(watched());
        drop(stays);
        assert!(!watched());
        let once = format!("{} (2)", AccountLock::ONCE);
        drop(AccountLock::try_watcher(&home, &once).expect("lock"));
        assert!(watched());
    }

    #[test]
    fn who_only_looks_keeps_nobody_away_and_who_has_no_name_is_waited_for() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let path = home.lock("acc");
        assert_eq!(AccountLock::holder(&path).expect("read"), None, "no file");
        let clearing = AccountLock::try_at(&path, "").expect("lock");
        assert_eq!(
            AccountLock::holder(&path).expect("read"),
            Some(String::new())
        );
        let away = std::thread::spawn(move || drop(clearing));
        let run = AccountLock::try_at(&path, "Spring (1)").expect("lock");
        away.join().expect("away");
        assert!(matches!(run, Locked::Ours(_)));
        let looked = AccountLock::holder(&path).expect("read");
        assert_eq!(looked.as_deref(), Some("Spring (1)"));
        drop(run);
        assert_eq!(AccountLock::holder(&path).expect("read"), None);
        // What stands in the file is of a run that has ended; somebody looks just then.
        let looking = std::fs::File::open(&path).expect("file");
        looking.lock_shared().expect("shared");
        let away = std::thread::spawn(move || drop(looking));
        let next = AccountLock::try_at(&path, "Autumn (2)").expect("lock");
        away.join().expect("away");
        assert!(matches!(next, Locked::Ours(_)));
    }
}
