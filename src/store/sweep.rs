use super::leaving::{clear, is_leaving};
use super::runs::entries;
use super::{AccountLock, Error, Home, Locked, Runs};

/// Clears up what programs that were killed left behind and nobody can use any more: plans of runs and checks, which
/// hold people's data, and files that were leaving. What a living program uses is known by its lock, and stays.
///
/// # Errors
/// Fails when something cannot be looked at or removed; the next command tries again.
pub fn sweep(home: &Home) -> Result<(), Error> {
    let runs = Runs::of(home);
    for run in runs.list()? {
        if run.plan().exists() && !run.goes_on(home)? {
            run.drop_plan()?;
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
    for folder in home.folders_to_leave()? {
        for path in entries(&folder)? {
            if is_leaving(&path) {
                clear(&path)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
        sweep(&home).expect("swept");
        assert!(alive.plan().exists() && checking.plan().exists());
        assert!(!killed_plan.exists() && !dropped_folder.exists());
    }
}
