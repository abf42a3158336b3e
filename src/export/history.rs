//! Every run that is remembered: what became of it, also of one that goes on or was killed.

use jiff::Timestamp;

use super::settle::{interrupted, so_far};
use super::{Error, Outcome, Report};
use crate::domain::{DestinationId, State};
use crate::store::{Destinations, Error as StoreError, Home, Names, RunFolder, Runs};

/// A run that is remembered.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its files.
    pub run: RunFolder,
    /// How it stands.
    pub state: State,
    /// When it ended; `None` of one that goes on, or was killed and is not settled.
    pub ended_at: Option<Timestamp>,
    /// What its destination is called by now; of one that is no more, what it was called.
    pub name: String,
    /// Its report; of one that wrote none, what its journal tells so far.
    pub report: Report,
}

impl Past {
    /// Gives the sign beside how it stands.
    #[must_use]
    pub fn sign(&self) -> char {
        if self.state == self.report.state() {
            self.report.sign()
        } else {
            self.state.sign()
        }
    }
}

impl Report {
    /// Gives the sign beside its state: where there are rejects somebody should look, though the run was successful.
    #[must_use]
    pub fn sign(&self) -> char {
        match self.state() {
            State::Successful if self.ended.counters.rejected > 0 => '!',
            state => state.sign(),
        }
    }

    /// Tells whether it was stopped before it was known what to do: its sums, all zero, say nothing then.
    #[must_use]
    pub fn stopped_reading(&self) -> bool {
        let counters = &self.ended.counters;
        let stopped = self.ended.outcome == Outcome::Stopped && !self.is_undo();
        stopped && counters.profiles == 0 && counters.writes == 0
    }
}

/// A run whose report cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its files.
    pub run: RunFolder,
    /// Whose run it is, where its journal tells.
    pub destination: Option<String>,
    /// What is wrong.
    pub why: StoreError,
}

impl Past {
    /// Calls the destination that it was left out for as that is called by now.
    fn named_by_now(mut self, saved: &Names) -> Self {
        let report = &mut self.report;
        if let Some(name) = report.skipped_for.as_ref().and_then(|id| saved.find(id)) {
            report.skipped = Some(name.to_string());
        }
        self
    }

    /// Tells why there is no report, of a killed run that nobody has settled yet.
    #[must_use]
    pub fn why_unfinished(&self) -> Option<Error> {
        let killed = self.state == State::Interrupted && self.ended_at.is_none();
        killed.then(|| interrupted(&self.report.ended.counters))
    }
}

/// Tells whether a run of a destination is remembered, so that people may have what it gives.
///
/// # Errors
/// Fails when the runs cannot be listed.
pub fn has_run(home: &Home, destination: &DestinationId) -> Result<bool, StoreError> {
    let runs = Runs::of(home).list()?;
    Ok(runs.iter().any(|run| run.is_of(destination)))
}

/// Lists the runs of a destination, or of all, the newest first; undos are among them.
///
/// # Errors
/// Fails when the runs cannot be listed. A run that cannot be read is told in its place.
pub fn history(
    home: &Home,
    destination: Option<&DestinationId>,
) -> Result<Vec<Result<Past, Unreadable>>, StoreError> {
    let (mut all, saved) = (Vec::new(), Destinations::of(home).names());
    for run in Runs::of(home).list()? {
        if destination.is_some_and(|id| !run.is_of(id)) {
            continue;
        }
        let name = run.destination().map(|of| saved.of(of.as_str()));
        match past(home, &run, name.as_deref().unwrap_or_default()) {
            Ok(past) => all.extend(past.map(|past| past.named_by_now(&saved)).map(Ok)),
            Err(why) => all.push(Err(Unreadable {
                run,
                destination: name,
                why,
            })),
        }
    }
    Ok(all)
}

/// Finds the latest run of a destination, and how it stands.
///
/// # Errors
/// Fails when the runs cannot be listed. One that cannot be read is passed over.
pub fn latest(home: &Home, destination: &DestinationId) -> Result<Option<Past>, StoreError> {
    for run in Runs::of(home).list()? {
        if run.is_of(destination)
            && let Ok(Some(past)) = past(home, &run, "")
        {
            return Ok(Some(past));
        }
    }
    Ok(None)
}

/// Tells of one run; `None` of one that did not get as far as its journal.
fn past(home: &Home, run: &RunFolder, name: &str) -> Result<Option<Past>, StoreError> {
    let told = |report: Report, state, ended_at| Past {
        run: run.clone(),
        state,
        ended_at,
        name: name.to_owned(),
        report,
    };
    let read = || Runs::report::<Report>(run);
    let mut written = read()?.filter(|report| report.settling.settled);
    let goes_on = written.is_none() && run.goes_on(home)?;
    if written.is_none() && !goes_on {
        // Read anew: it may have ended just now.
        written = read()?;
    }
    if let Some(report) = written {
        let (state, ended_at) = (report.state(), report.ended_at);
        return Ok(Some(told(report, state, Some(ended_at))));
    }
    let state = if goes_on {
        State::Processing
    } else {
        State::Interrupted
    };
    Ok(so_far(run)?.map(|report| told(report, state, None)))
}

/// How many members a segment had, run by run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The segment.
    pub label: String,
    /// The members of the audience in it after each run that exported all of it, the oldest first.
    pub members: Vec<(Timestamp, u64)>,
}

/// Follows the segments through a history: those that the last full export had, in its order.
#[must_use]
pub fn trends<'a>(history: impl IntoIterator<Item = &'a Past>) -> Vec<Trend> {
    let mut trends: Option<Vec<Trend>> = None;
    let is_full = |past: &&Past| past.state == State::Successful && past.report.told_all();
    let full = history.into_iter().filter(is_full);
    for report in full.map(|past| &past.report) {
        let segments = &report.ended.counters.segments;
        let trends = trends.get_or_insert_with(|| {
            let labels = segments.keys().cloned();
            let begun = labels.map(|label| Trend {
                label,
                members: Vec::new(),
            });
            begun.collect()
        });
        for trend in trends {
            let sum = segments.get(&trend.label);
            trend
                .members
                .extend(sum.map(|sum| (report.ended_at, sum.members)));
        }
    }
    let mut trends = trends.unwrap_or_default();
    for trend in &mut trends {
        trend.members.reverse();
    }
    trends
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{Outcome, Past, Unreadable, history, trends};
    use crate::domain::{DestinationId, NewStatus, StartedBy, State};
    use crate::store::{Began, Home, JournalWriter, Record, RunFolder};

    fn kunder() -> DestinationId {
        DestinationId::parse("kunder").expect("a name")
    }

    fn told(home: &Home) -> Vec<Result<Past, Unreadable>> {
        history(home, Some(&kunder())).expect("history")
    }

    fn reported(home: &Home, of: &str, more: &Value) -> RunFolder {
        let run = RunFolder::create(home, Timestamp::UNIX_EPOCH).expect("run");
        let mut report = json!({
            "run": run.id, "destination": of, "started_at": "2026-01-01T00:00:00Z",
            "ended_at": "2026-01-01T00:00:01Z", "started_by": "command", "audience_link": "", "tags": [],
            "merges": [], "outcome": "done", "exit": 0, "guard": null, "report": "",
        });
        let (Value::Object(report), Value::Object(more)) = (&mut report, more) else {
            panic!("objects");
        };
        report.extend(more.clone());
        run.write_report(&report).expect("report");
        run
    }

    async fn begun(home: &Home) -> RunFolder {
        let run = RunFolder::create(home, Timestamp::UNIX_EPOCH).expect("run");
        let journal = JournalWriter::create(&run).expect("journal");
        let began = Began {
            run: run.id.to_string(),
            destination: "Kunder".to_owned(),
            audience: "a1".to_owned(),
            at: 1_800_000_000_000,
            started_by: StartedBy::Watch,
            status_if_new: NewStatus::Pending,
            segments: Vec::new(),
            undoes: None,
            partial: false,
        };
        journal.write(&Record::Began(began)).await.expect("began");
        journal.close().await.expect("closed");
        run
    }

    #[test]
    fn runs_of_an_older_version_are_still_told() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept");
        let all = told(&Home::at(kept));
        let [Ok(undo), Ok(export)] = all.as_slice() else {
            panic!("{all:?}");
        };
        assert_eq!([undo.state, export.state], [State::Successful; 2]);
        let run = export.run.id.as_str();
        assert_eq!(undo.report.undo.undoes.as_deref(), Some(run));
        let undone = export.report.undo.undone_by.as_deref();
        assert_eq!(undone, Some(undo.run.id.as_str()));
        assert_eq!(export.report.started_by, StartedBy::Person);
        assert_eq!(export.report.consent, None);
        assert_eq!(undo.report.ended.counters.archived, 2);
        let began = export.run.began().expect("a journal");
        assert_eq!(began.started_by, StartedBy::Person);
        assert!(export.run.wrote());
    }

    #[tokio::test]
    async fn a_run_goes_on_as_long_as_its_program_lives_and_is_interrupted_then() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let run = begun(&home).await;
        let only = |home: &Home| told(home).remove(0).expect("readable");
        let past = only(&home);
        assert_eq!((past.state, past.ended_at), (State::Processing, None));
        assert_eq!(past.report.started_by, StartedBy::Watch);
        assert!(past.why_unfinished().is_none());
        drop((run, past));
        let past = only(&home);
        assert_eq!((past.state, past.ended_at), (State::Interrupted, None));
        assert!(past.why_unfinished().is_some());
    }

    #[test]
    fn each_run_has_its_state_and_a_damaged_report_costs_only_itself() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        reported(&home, "hösten", &json!({}));
        for outcome in ["done_with_rejects", "stopped", "refused", "sign_in_needed"] {
            reported(&home, "kunder", &json!({"outcome": outcome}));
        }
        // Stopped twice, so that the next run has to look up what came of it: it ended all the same.
        reported(
            &home,
            "kunder",
            &json!({"outcome": "stopped", "settled": false}),
        );
        let killed = json!({"outcome": "failed", "interrupted": true, "settled_by": "r"});
        reported(&home, "kunder", &killed);
        let damaged = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
        std::fs::write(damaged.report(), "{\"destination\": \"kunder\"").expect("cut");
        // Nothing tells whose that was.
        assert_eq!(told(&home).len(), 6);
        std::fs::write(damaged.report(), "{\"destination\": \"kunder\"}").expect("lacking");
        let mut all = told(&home).into_iter();
        assert_eq!(
            all.next().expect("there").expect_err("damaged").run.id,
            damaged.id
        );
        let all: Vec<Past> = all.map(|past| past.expect("readable")).collect();
        let states: Vec<State> = all.iter().map(|past| past.state).collect();
        let wanted = [
            State::Interrupted,
            State::Cancelled,
            State::Failed,
            State::Failed,
            State::Cancelled,
            State::Successful,
        ];
        assert_eq!(states, wanted);
        assert!(all.iter().all(|past| past.ended_at.is_some()));
        assert_eq!(all[0].report.ended.outcome, Outcome::Failed);
        assert_eq!(history(&home, None).expect("all").len(), 8);
    }

    #[test]
    fn segments_are_followed_through_full_exports_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let of = |members: u64| json!({"Gold": {"profiles": 9, "members": members}, "Old": {"members": 1}});
        reported(&home, "kunder", &json!({"segments": of(3)}));
        reported(
            &home,
            "kunder",
            &json!({"segments": of(4), "limited": true}),
        );
        reported(&home, "kunder", &json!({"segments": of(5), "undoes": "r"}));
        reported(
            &home,
            "kunder",
            &json!({"segments": of(6), "outcome": "stopped"}),
        );
        let gold = json!({"Gold": {"profiles": 9, "members": 7}});
        reported(
            &home,
            "kunder",
            &json!({"segments": gold, "outcome": "done_with_rejects"}),
        );
        let all: Vec<Past> = told(&home).into_iter().flatten().collect();
        let followed = trends(&all);
        let members = |at: usize| followed[at].members.iter().map(|(_, count)| *count);
        assert_eq!(
            followed.len(),
            1,
            "what is exported no more is not followed"
        );
        assert_eq!(followed[0].label, "Gold");
        assert_eq!(members(0).collect::<Vec<_>>(), [3, 7]);
    }
}
