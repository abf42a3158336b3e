//! Forgets the runs that are too old to be remembered, but for what later runs still read of them.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::Report;
use crate::domain::DestinationId;
use crate::store::{AccountLock, Destinations, Error, Home, Leaving, Locked, RunFolder, Runs};

/// What was met of a destination's runs so far, from the newest on.
#[derive(Debug, Default)]
struct Met {
    /// An export that came to its end.
    last: bool,
    /// One that told of all profiles.
    full: bool,
    /// What goes.
    leaving: Vec<PathBuf>,
}

impl Met {
    /// Tells whether a run is still read: the last export of all profiles and those since that had rejects, for the
    /// rejects that are known; and the last export of any kind, for what the destination did before.
    fn needs(&mut self, report: &Report) -> bool {
        if report.is_undo() {
            return false;
        }
        let is_last = !std::mem::replace(&mut self.last, true);
        let has_rejects = report.ended.counters.rejected > 0 && !report.limited;
        let tells = !self.full && (has_rejects || report.told_all());
        self.full |= report.told_all();
        is_last || tells
    }
}

/// Forgets the runs that began before a time. A run that is not settled stays as it is; of one that the next run of a saved
/// destination still reads its report and rejects stay. What a run or a removal uses just now goes the next time.
///
/// # Errors
/// Fails when something cannot be looked at or removed; the next command tries again.
pub fn forget_old_runs(home: &Home, since: Timestamp) -> Result<(), Error> {
    let runs = Runs::of(home).list()?;
    if !runs.iter().any(|run| is_old(run, since)) {
        return Ok(());
    }
    for (of, leaving) in what_leaves(home, &runs, since)? {
        // Of one that nobody knows whose it was nothing can be read any more, and nobody runs it.
        let lock = of.map(|id| AccountLock::try_destination(home, &id, ""));
        let lock = lock.transpose()?;
        if !matches!(lock, Some(Locked::Held(_))) {
            Leaving::take(home, leaving)?.delete()?;
        }
    }
    Ok(())
}

fn is_old(run: &RunFolder, since: Timestamp) -> bool {
    run.id.time().is_some_and(|time| time < since)
}

/// Finds what goes of old runs, by destination; the newest run is the first of them.
fn what_leaves(
    home: &Home,
    runs: &[RunFolder],
    since: Timestamp,
) -> Result<impl Iterator<Item = (Option<DestinationId>, Vec<PathBuf>)>, Error> {
    let saved = Destinations::of(home);
    let ids = saved.list()?.into_iter().map(|one| one.id());
    let ids: HashSet<String> = ids.map(|id| id.as_str().to_lowercase()).collect();
    // One that cannot be read may be any of them.
    let is_unsure = !saved.broken()?.is_empty();
    let mut all: HashMap<String, Met> = HashMap::new();
    for run in runs {
        let id = run.destination();
        let id = id.map_or_else(String::new, |id| id.as_str().to_lowercase());
        let is_saved = is_unsure || ids.contains(&id);
        let met = all.entry(id).or_default();
        let report = Runs::report::<Report>(run).ok().flatten();
        let needed = report.as_ref().is_some_and(|report| met.needs(report));
        let settled = report.map_or(!run.journal().exists(), |report| report.settling.settled);
        if !is_old(run, since) || !settled {
            continue;
        }
        if needed && is_saved {
            let mut people = run.people()?;
            people.retain(|path| *path != run.rejects());
            met.leaving.extend(people);
        } else {
            met.leaving.push(run.folder().to_owned());
        }
    }
    let leaving = all.into_iter();
    let leaving = leaving.map(|(id, met)| (DestinationId::parse(&id).ok(), met.leaving));
    Ok(leaving.filter(|(_, leaving)| !leaving.is_empty()))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use serde_json::{Value, json};

    use super::{forget_old_runs, what_leaves};
    use crate::domain::DestinationId;
    use crate::store::{AccountLock, Home, Leaving, RunFolder, Runs, sweep};

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).expect("a time")
    }

    fn ago(days: i64) -> Timestamp {
        now() - SignedDuration::from_hours(24 * days)
    }

    /// A home with one saved destination.
    fn home(folder: &tempfile::TempDir) -> Home {
        let home = Home::at(folder.path());
        let saved = "name = 'kunder'\nlogin = 'x'\naudience = 'a1'\nsource = 'folder:/x'\nstatus_if_new = 'pending'\n\
            created_at = '2026-01-01T00:00:00Z'\nsegments = []\n[map]\nemail = 'email'\n";
        std::fs::create_dir_all(home.destinations()).expect("folder");
        std::fs::write(home.destinations().join("kunder.toml"), saved).expect("saved");
        home
    }

    /// Makes a run, each later than the one before.
    fn run(home: &Home, of: &str, days: i64, more: &Value) -> String {
        let run = RunFolder::create(home, ago(days)).expect("run");
        let mut report = json!({
            "run": run.id, "destination": of, "started_at": ago(days), "ended_at": ago(days),
            "started_by": "command", "audience_link": "", "tags": [], "merges": [], "outcome": "done",
            "exit": 0, "guard": null, "report": "",
        });
        let (Value::Object(report), Value::Object(more)) = (&mut report, more) else {
            panic!("objects");
        };
        report.extend(more.clone());
        run.write_report(&report).expect("report");
        for file in [run.journal(), run.images(), run.rejects()] {
            std::fs::write(file, "x").expect("file");
        }
        run.id.to_string()
    }

    /// What is left of each run, the newest first.
    fn left(home: &Home) -> Vec<(String, usize)> {
        let runs = Runs::of(home).list().expect("runs").into_iter();
        let files = |run: &RunFolder| std::fs::read_dir(run.folder()).expect("list").count();
        runs.map(|run| (run.id.to_string(), files(&run))).collect()
    }

    #[test]
    fn old_runs_go_but_for_what_the_next_run_still_reads() {
        let folder = tempfile::tempdir().expect("folder");
        let home = home(&folder);
        let rejects = json!({"rejected": 1, "outcome": "failed"});
        run(&home, "kunder", 200, &json!({}));
        run(&home, "borta", 190, &json!({}));
        let full = run(
            &home,
            "Kunder",
            150,
            &json!({"outcome": "done_with_rejects"}),
        );
        run(&home, "kunder", 140, &json!({"outcome": "failed"}));
        let stopped = json!({"outcome": "stopped", "settled": false});
        let unsettled = run(&home, "kunder", 130, &stopped);
        let telling = run(&home, "kunder", 120, &rejects);
        let unknown = json!({"rejected": 1, "limited": true});
        run(&home, "kunder", 110, &unknown);
        run(&home, "kunder", 105, &json!({"undoes": "r"}));
        let last = run(&home, "kunder", 100, &json!({"outcome": "failed"}));
        let young = run(&home, "borta", 89, &json!({}));
        forget_old_runs(&home, ago(90)).expect("forgotten");
        let stays = [
            (young, 4),
            (last, 2),
            (telling, 2),
            (unsettled, 4),
            (full, 2),
        ];
        assert_eq!(left(&home), stays);
        forget_old_runs(&home, ago(90)).expect("again");
        assert_eq!(left(&home), stays);
    }

    #[test]
    fn what_a_killed_program_left_half_way_goes_the_next_time() {
        let folder = tempfile::tempdir().expect("folder");
        let home = home(&folder);
        run(&home, "kunder", 200, &json!({}));
        let full = run(&home, "kunder", 150, &json!({}));
        let runs = Runs::of(&home).list().expect("runs");
        for (_, leaving) in what_leaves(&home, &runs, ago(90)).expect("found") {
            // Moved aside, and then it died.
            drop(Leaving::take(&home, leaving).expect("moved"));
        }
        sweep(&home, std::time::SystemTime::now()).expect("put back");
        forget_old_runs(&home, ago(90)).expect("moved anew");
        assert_eq!(left(&home), [(full, 2)]);
        let others = std::fs::read_dir(home.runs()).expect("list");
        assert_eq!(others.count(), 1);
    }

    #[test]
    fn nothing_goes_while_a_run_goes_on() {
        let folder = tempfile::tempdir().expect("folder");
        let home = home(&folder);
        run(&home, "kunder", 200, &json!({}));
        run(&home, "kunder", 150, &json!({}));
        let before = left(&home);
        let kunder = DestinationId::parse("Kunder").expect("a name");
        let held = AccountLock::try_destination(&home, &kunder, "a run").expect("held");
        forget_old_runs(&home, ago(90)).expect("later");
        assert_eq!(left(&home), before);
        drop(held);
        forget_old_runs(&home, ago(90)).expect("forgotten");
        assert_eq!(left(&home).len(), 1);
    }
}
