use std::path::Path;
use std::time::{Duration, SystemTime};

use super::leaving::{clear, is_leaving, put_back};
use super::runs::entries;
use super::{AccountLock, Error, Home, Locked, Runs};

/// How long a run can be taken back: its images hold people's data, and go then.
const IMAGES_STAY: Duration = Duration::from_hours(7 * 24);

/// Clears up what nobody can use any more: plans of runs and checks that were killed, images of runs that are too old to
/// be taken back, which all hold people's data, and files that were leaving. What a living program uses is known by its
/// lock, and stays.
///
/// # Errors
/// Fails when something cannot be looked at or removed; the next command tries again.
pub fn sweep(home: &Home, now: SystemTime) -> Result<(), Error> {
    let runs = Runs::of(home);
    for run in runs.list()? {
        let (has_plan, images) = (run.plan().exists(), run.images());
        let is_old = age(&images, now).is_some_and(|age| age > IMAGES_STAY);
        if (has_plan || is_old) && !run.goes_on(home)? {
            run.drop_plan()?;
            if is_old {
                clear(&images)?;
            }
        }
    }
    for check in runs.scratch()? {
        if !check.goes_on(home)? {
            check.remove()?;
        }
    }
    let Locked::Ours(_nobody_removes) = AccountLock::try_at(&home.leaving_lock(), "")? else {
        return Ok(());
    };
    put_back(&home.leaving_list())?;
    for folder in home.folders_to_leave()? {
        for path in entries(&folder)? {
            if is_leaving(&path) {
                clear(&path)?;
            }
        }
    }
    Ok(())
}

/// How long ago a file was last written; `None` where there is none, or it was written later than now.
fn age(path: &Path, now: SystemTime) -> Option<Duration> {
    let written = path.metadata().and_then(|file| file.modified()).ok()?;
    now.duration_since(written).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use jiff::Timestamp;

    use super::sweep;
    use crate::store::{Home, RunFolder};

    #[test]
    fn plans_of_killed_runs_and_checks_go_and_those_in_use_stay() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let make = |run: &RunFolder| {
            std::fs::create_dir_all(run.folder()).expect("folder");
            std::fs::write(run.plan(), "anna@x.example").expect("plan");
        };
        let alive = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
        let checking = RunFolder::scratch(&home).expect("check");
        let killed = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
        let dropped = RunFolder::scratch(&home).expect("check");
        for run in [&alive, &checking, &killed, &dropped] {
            make(run);
        }
        let (killed_plan, dropped_folder) = (killed.plan(), dropped.folder().to_owned());
        // As when their processes die: the locks go, the files stay.
        drop((killed, dropped));
        sweep(&home, SystemTime::now()).expect("swept");
        assert!(alive.plan().exists() && checking.plan().exists());
        assert!(!killed_plan.exists() && !dropped_folder.exists());
    }

    #[test]
    fn images_go_after_seven_days_and_the_journal_stays() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 50);
        let make = |hours| {
            let run = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
            std::fs::write(run.journal(), "keys").expect("journal");
            let images = std::fs::File::create(run.images()).expect("images");
            let written = now - Duration::from_hours(hours);
            images.set_modified(written).expect("written then");
            run
        };
        let [old, young, alive] = [7 * 24 + 1, 7 * 24 - 1, 7 * 24 + 1].map(make);
        let paths = [&old, &young, &alive].map(|run| (run.images(), run.journal()));
        drop((old, young));
        sweep(&home, now).expect("swept");
        assert_eq!(
            paths.each_ref().map(|(images, _)| images.exists()),
            [false, true, true]
        );
        assert!(paths.iter().all(|(_, journal)| journal.exists()));
    }
}
