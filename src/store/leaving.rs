use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{AccountLock, Error, Home, Locked};

/// How the names of files end that are leaving.
const END: &str = ".leaving";

/// Files and folders on their way out together: each is moved aside first, so that all can still be put back when one of
/// them cannot go. What is left aside by a program that was killed goes with the next [`sweep`](super::sweep).
#[derive(Debug)]
pub struct Leaving {
    moved: Vec<(PathBuf, PathBuf)>,
    _ours: AccountLock,
}

impl Leaving {
    /// Moves aside what is there of these, all or nothing.
    ///
    /// # Errors
    /// Fails when one of them cannot be moved; then all stay where they were.
    pub fn take(home: &Home, paths: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let lock = home.leaving_lock();
        let Locked::Ours(ours) = AccountLock::try_at(&lock, "")? else {
            return Err(Error::write(&lock, ErrorKind::ResourceBusy.into()));
        };
        let mut leaving = Self {
            moved: Vec::new(),
            _ours: ours,
        };
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let aside = path.with_file_name(format!(".{name}{END}"));
            match fs::rename(&path, &aside) {
                Ok(()) => leaving.moved.push((path, aside)),
                Err(why) if why.kind() == ErrorKind::NotFound => {}
                Err(why) => {
                    leaving.put_back();
                    return Err(Error::write(&path, why));
                }
            }
        }
        Ok(leaving)
    }

    /// Puts all of them back to where they were.
    pub fn put_back(self) {
        for (path, aside) in self.moved.iter().rev() {
            // They were moved in this folder a moment ago, so they can be moved again.
            let _back = fs::rename(aside, path);
        }
    }

    /// Deletes them for good.
    ///
    /// # Errors
    /// Fails when one of them cannot be deleted; it is aside, and goes with the next sweep.
    pub fn delete(self) -> Result<(), Error> {
        self.moved.iter().try_for_each(|(_, aside)| clear(aside))
    }
}

/// Tells whether a path names something that was moved aside.
pub(super) fn is_leaving(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(END)
}

/// Deletes a file, or a folder with what is in it.
pub(super) fn clear(path: &Path) -> Result<(), Error> {
    let gone = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match gone {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(Error::write(path, why)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::Leaving;
    use crate::store::{Home, sweep};

    #[test]
    fn files_leave_all_or_none() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let (one, run) = (folder.path().join("one"), home.runs().join("r1"));
        std::fs::write(&one, "1").expect("file");
        std::fs::create_dir_all(run.join("deep")).expect("folder");
        // A name that is too long once it is moved aside cannot be moved.
        let stuck = folder.path().join("x".repeat(250));
        std::fs::write(&stuck, "3").expect("file");
        let there = [one.clone(), run.clone(), folder.path().join("none")];
        let with_stuck = there.clone().into_iter().chain([stuck.clone()]);
        assert!(Leaving::take(&home, with_stuck).is_err());
        assert!(one.exists() && run.join("deep").exists() && stuck.exists());
        Leaving::take(&home, there.clone())
            .expect("moved")
            .put_back();
        assert!(one.exists() && run.exists());
        Leaving::take(&home, there)
            .expect("moved")
            .delete()
            .expect("gone");
        assert!(!one.exists() && !run.exists());
    }

    #[test]
    fn what_a_killed_program_left_aside_goes_with_the_next_command() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let rejects = home.runs().join("r1").join("rejects.csv");
        std::fs::create_dir_all(rejects.parent().expect("folder")).expect("folder");
        std::fs::write(&rejects, "anna@x.example").expect("file");
        drop(Leaving::take(&home, [rejects.clone()]).expect("moved"));
        sweep(&home, SystemTime::now()).expect("swept");
        let left = std::fs::read_dir(rejects.parent().expect("folder")).expect("list");
        assert_eq!(left.count(), 0);
    }
}
