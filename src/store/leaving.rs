use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::files::{read_if_there, remove_if_there, replace, sync_folder};
use super::lock::ConfigLock;
use super::{Error, Home};

/// How the names of files end that are leaving.
const END: &str = ".leaving";

/// Files and folders on their way out together: each is moved aside first, so that all can still be put back when one of
/// them cannot go. Which they are is written down before, until the moment from which on they are to be deleted: whatever
/// a program that was killed left aside is put back by the next [`sweep`](super::sweep) as long as that is written, and
/// goes with it otherwise. So all of them go, or none.
#[derive(Debug)]
pub struct Leaving {
    moved: Vec<(PathBuf, PathBuf)>,
    list: PathBuf,
    _ours: ConfigLock,
}

impl Leaving {
    /// Moves aside what is there of these, all or nothing.
    ///
    /// # Errors
    /// Fails when one of them cannot be moved; then all stay where they were.
    pub fn take(home: &Home, paths: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let ours = ConfigLock::take(&home.leaving_lock())?;
        let list = home.leaving_list();
        put_back(&list)?;
        let paths: Vec<PathBuf> = paths.into_iter().collect();
        let written = serde_json::to_vec(&paths).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&list, &written)?;
        let mut leaving = Self {
            moved: Vec::new(),
            list,
            _ours: ours,
        };
        for path in paths {
            let aside = aside(&path);
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
        let _forgotten = fs::remove_file(&self.list);
    }

    /// Deletes them for good.
    ///
    /// # Errors
    /// Fails when one of them cannot be deleted; it is aside, and goes with the next sweep.
    pub fn delete(self) -> Result<(), Error> {
        remove_if_there(&self.list)?;
        // Were the list back after a loss of power, some would be put back and some gone.
        let folder = self.list.parent().unwrap_or(Path::new("."));
        sync_folder(folder).map_err(|why| Error::write(folder, why))?;
        self.moved.iter().try_for_each(|(_, aside)| clear(aside))
    }
}

/// Where something is moved to.
fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{END}"))
}

/// Puts back what was moved aside by a program that was killed before all of it was. Its lock must be held.
pub(super) fn put_back(list: &Path) -> Result<(), Error> {
    let Some(text) = read_if_there(list)? else {
        return Ok(());
    };
    // A list is written whole or not at all.
    let paths: Vec<PathBuf> = serde_json::from_str(&text).unwrap_or_default();
    for path in paths.iter().filter(|path| !path.exists()) {
        match fs::rename(aside(path), path) {
            Err(why) if why.kind() != ErrorKind::NotFound => return Err(Error::write(path, why)),
            _ => {}
        }
    }
    remove_if_there(list)
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
    fn killed_before_all_is_decided_nothing_has_left_and_killed_after_it_all_goes() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let run = home.runs().join("r1");
        std::fs::create_dir_all(&run).expect("folder");
        let files = ["rejects.csv", "images"].map(|name| run.join(name));
        for file in &files {
            std::fs::write(file, "anna@x.example").expect("file");
        }
        let there = || std::fs::read_dir(&run).expect("list").count();
        let swept = || sweep(&home, SystemTime::now()).expect("swept");
        // All are aside, or only the first of them: then it died.
        drop(Leaving::take(&home, files.clone()).expect("moved"));
        swept();
        assert!(files.iter().all(|file| file.exists()) && there() == 2);
        let leaving = Leaving::take(&home, files.clone()).expect("moved");
        std::fs::rename(super::aside(&files[1]), &files[1]).expect("not moved yet");
        drop(leaving);
        swept();
        assert!(files.iter().all(|file| file.exists()) && there() == 2);
        // It is decided, and nothing is deleted yet.
        drop(Leaving::take(&home, files.clone()).expect("moved"));
        std::fs::remove_file(home.leaving_list()).expect("decided");
        swept();
        assert_eq!(there(), 0);
    }
}
