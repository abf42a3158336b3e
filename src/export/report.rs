use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Counters, Error};
use crate::deliver::Error as DeliverError;
use crate::domain::{
    Agreement, AudienceId, Class, ConsentRule, Destination, DestinationId, NewStatus, Reason,
    Reject, StartedBy, State, Worded,
};
use crate::store::{
    Error as StoreError, Home, JournalReader, Record, RejectKeys, RejectReader, RejectsAgain,
    RunFolder, Runs,
};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was delivered or left alone.
    Done,
    /// The same, but some profiles could not be delivered.
    DoneWithRejects,
    /// The user stopped it.
    Stopped,
    /// It failed.
    Failed,
    /// A guard refused.
    Refused,
    /// Mailchimp wants a new sign-in.
    SignInNeeded,
}

impl Outcome {
    /// Tells how a run that failed ended.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Deliver(DeliverError::Stopped) => Self::Stopped,
            _ if error.guard().is_some() => Self::Refused,
            _ if error.exit() == 4 => Self::SignInNeeded,
            _ => Self::Failed,
        }
    }

    /// Shows the outcome as JSON spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneWithRejects => "done_with_rejects",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::SignInNeeded => "sign_in_needed",
        }
    }

    /// Tells the state of a run that ended so, in the documented words.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Done | Self::DoneWithRejects => State::Successful,
            Self::Stopped => State::Cancelled,
            Self::Failed | Self::Refused | Self::SignInNeeded => State::Failed,
        }
    }
}

/// The last event of a run, as `run --json` prints it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// The exit code.
    pub exit: u8,
    /// The guard that refused, where one did.
    pub guard: Option<String>,
    /// The sums.
    #[serde(flatten)]
    pub counters: Counters,
    /// The unfinished run that was settled first; older reports hold `false`.
    #[serde(default, deserialize_with = "run_or_false")]
    pub resumed: Option<String>,
    /// Where its report is.
    pub report: String,
}

fn run_or_false<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Told {
        Run(String),
        None(IgnoredAny),
    }
    Ok(match Told::deserialize(from)? {
        Told::Run(run) => Some(run),
        Told::None(_) => None,
    })
}

/// What is kept of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The run's name.
    pub run: String,
    /// The destination, by its identity.
    pub destination: DestinationId,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Who or what started it.
    pub started_by: StartedBy,
    /// Where the segments are in Mailchimp.
    pub audience_link: String,
    /// The tags of its segments.
    pub tags: Vec<String>,
    /// Profiles that were merged into others: the one, and the one that stands for it. At most 1,000 are listed.
    pub merges: Vec<(String, String)>,
    /// Why it failed. Older reports do not have it, or only in the words of whoever started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Worded>,
    /// What it depends on, which failed, so that it was left out: by the name that this had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// The destination that this is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped_for: Option<DestinationId>,
    /// Whether only some of the profiles were asked for: the first ones, or those rejected before.
    #[serde(default)]
    pub limited: bool,
    /// Whether these were the ones rejected before. Older reports do not say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Whether it is known what came of its calls.
    #[serde(flatten)]
    pub settling: Settling,
    /// What was consented to when it began. Older reports do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentInForce>,
    /// What it has to do with undoing.
    #[serde(flatten)]
    pub undo: UndoNote,
    /// How it ended.
    #[serde(flatten)]
    pub ended: Ended,
}

/// Whether it is known of each of a run's calls what came of it, and who found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settling {
    /// Whether it is; otherwise the next run finds out.
    #[serde(default = "yes")]
    pub settled: bool,
    /// Whether the run's program died, so that another run wrote its report.
    #[serde(default)]
    pub interrupted: bool,
    /// The run that found out, where it could not do so itself.
    #[serde(
        rename = "settled_by",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub by: Option<String>,
}

fn yes() -> bool {
    true
}

impl Settling {
    /// Of a run that wrote its report itself.
    #[must_use]
    pub fn by_itself(settled: bool) -> Self {
        Self {
            settled,
            ..Self::default()
        }
    }
}

/// What a run has to do with undoing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UndoNote {
    /// The run that it took back, where it is an undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The undo that took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// Contacts that the run had changed and that an undo could not restore: what they held before was not known any more.
    #[serde(skip_serializing_if = "super::counters::is_zero")]
    pub lost: u64,
}

/// What was consented to when a run began: by the user, and by the people it was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentInForce {
    /// The user's "I agree".
    pub agreement: Option<Agreement>,
    /// The attribute that told whether a person agreed; `None` where nobody was asked.
    pub consent_attribute: Option<ConsentRule>,
    /// What new people got.
    pub status_if_new: NewStatus,
}

impl ConsentInForce {
    /// What a destination says of consent now.
    #[must_use]
    pub fn of(destination: &Destination) -> Self {
        Self {
            agreement: destination.agreement.clone(),
            consent_attribute: destination.consent_attribute.clone(),
            status_if_new: destination.status_if_new,
        }
    }
}

impl Report {
    /// Tells how the run ended, in the documented words.
    #[must_use]
    pub fn state(&self) -> State {
        if self.skipped.is_some() {
            State::Skipped
        } else if self.settling.interrupted {
            State::Interrupted
        } else {
            self.ended.outcome.state()
        }
    }

    /// Tells whether the run changed anything in the audience, as far as its sums tell.
    #[must_use]
    pub fn did_something(&self) -> bool {
        let counters = &self.ended.counters;
        counters.created + counters.updated + counters.recreated + counters.tags_removed > 0
    }

    /// Tells whether there is something to take back; an undo that ended early goes on.
    #[must_use]
    pub fn may_be_undone(&self) -> bool {
        let has_work = if self.is_undo() {
            self.ended.outcome != Outcome::Done
        } else {
            self.did_something()
        };
        has_work && self.undo.undone_by.is_none()
    }

    /// Tells whether some of its rejects may fare better in another run. Of the reasons that are for now only one is that of
    /// a reject.
    #[must_use]
    pub fn may_go_again(&self) -> bool {
        let again = |reason: &Reason| match reason.class() {
            Class::Mapping => true,
            Class::Later => *reason == Reason::TooManySignups,
            Class::Permanent => false,
        };
        self.ended.counters.reasons.keys().any(again)
    }

    /// Tells whether it is of a destination.
    #[must_use]
    pub fn is_of(&self, destination: &DestinationId) -> bool {
        destination.matches(self.destination.as_str())
    }

    /// Tells whether it is of an undo, which exports nothing.
    #[must_use]
    pub fn is_undo(&self) -> bool {
        self.undo.undoes.is_some()
    }

    /// Tells whether it tells of all profiles of the destination, so that its rejects and segments are complete.
    #[must_use]
    pub fn told_all(&self) -> bool {
        self.state() == State::Successful && !self.limited && !self.is_undo()
    }
}

/// Collects the rejects that the user has been told of: those of the last run that came to its end, and of runs since
/// that told some before they ended early. A file that is damaged costs what can no longer be read of it.
///
/// # Errors
/// Fails when the runs cannot be listed.
pub(super) fn known_rejects(
    home: &Home,
    destination: &DestinationId,
) -> Result<RejectKeys, StoreError> {
    let mut keys = RejectKeys::default();
    each_known_reject(home, destination, |reject| keys.add(reject))?;
    Ok(keys)
}

/// Collects whom those rejects are about who may fare better now.
///
/// # Errors
/// Fails when the runs cannot be listed.
pub(super) fn rejects_again(
    home: &Home,
    destination: &DestinationId,
) -> Result<RejectsAgain, StoreError> {
    let mut again = RejectsAgain::default();
    each_known_reject(home, destination, |reject| again.add(reject))?;
    Ok(again)
}

fn each_known_reject(
    home: &Home,
    destination: &DestinationId,
    mut take: impl FnMut(&Reject),
) -> Result<(), StoreError> {
    for run in Runs::of(home).list()? {
        let report = Runs::report::<Report>(&run).ok().flatten();
        let Some(report) = report.filter(|report| report.is_of(destination)) else {
            continue;
        };
        if report.limited || report.is_undo() {
            continue;
        }
        match RejectReader::open(&run.rejects()) {
            Ok(rejects) => rejects
                .into_iter()
                .flatten()
                .map_while(Result::ok)
                .for_each(|reject| take(&reject)),
            Err(why) => tracing::warn!(error = %why, "rejects to compare with"),
        }
        if report.told_all() {
            break;
        }
    }
    Ok(())
}

/// Finds the runs to an audience that nobody settled, the newest first: they were killed, or stopped while calls were in
/// flight. One whose journal does not even say where it went counts to each.
///
/// # Errors
/// Fails when the runs cannot be listed.
pub(super) fn unfinished(home: &Home, audience: &AudienceId) -> Result<Vec<RunFolder>, StoreError> {
    let mut found = Vec::new();
    for run in Runs::of(home).list()? {
        let report = Runs::report::<Report>(&run).ok().flatten();
        if report.is_some_and(|report| report.settling.settled) || run.goes_on(home)? {
            continue;
        }
        let Some(mut journal) = JournalReader::open(&run.journal())? else {
            continue;
        };
        let theirs = match journal.read()? {
            Some(Record::Began(began)) => began.audience != audience.as_str(),
            _ => false,
        };
        if !theirs {
            found.push(run);
        }
    }
    Ok(found)
}

/// Finds a destination's last export that came to an end, with its report.
///
/// # Errors
/// Fails when a report cannot be read.
pub fn last_report(
    home: &Home,
    destination: &DestinationId,
) -> Result<Option<(RunFolder, Report)>, StoreError> {
    last_report_that(home, destination, |_| true)
}

/// As [`last_report`], of those exports of which something holds.
///
/// # Errors
/// As [`last_report`].
pub fn last_report_that(
    home: &Home,
    destination: &DestinationId,
    holds: impl Fn(&Report) -> bool,
) -> Result<Option<(RunFolder, Report)>, StoreError> {
    for run in Runs::of(home).list()? {
        // A damaged report, perhaps another destination's, must not keep this one from running.
        let report = Runs::report::<Report>(&run).ok().flatten();
        let its_own =
            |report: &Report| report.is_of(destination) && !report.is_undo() && holds(report);
        if let Some(report) = report.filter(its_own) {
            return Ok(Some((run, report)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{Report, known_rejects};
    use crate::domain::{DestinationId, Explanation, Next, Reason, Reject, RejectKind};
    use crate::store::{Home, RejectWriter, RunFolder};

    #[test]
    fn a_report_of_an_older_version_still_opens() {
        let mut old = json!({
            "run": "20260101T000000.000Z-0000", "destination": "kunder",
            "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:01Z", "started_by": "lotta",
            "audience_link": "", "tags": [], "merges": [],
            "outcome": "done", "exit": 0, "guard": null, "resumed": false, "report": "r.json",
            "profiles": 1, "created": 1, "reasons": {}, "empty_segments": ["Gold"],
        });
        let read =
            |report: &Value| serde_json::from_value::<Report>(report.clone()).expect("opens");
        let report = read(&old);
        assert_eq!(report.ended.resumed, None);
        assert_eq!(report.ended.counters.empty_segments, ["Gold"]);
        assert!(report.ended.counters.sum_holds());
        assert_eq!(report.failure, None);
        let mut failed = report;
        let told = Explanation {
            what: "It failed.".to_owned(),
            why: String::new(),
            next: vec![Next::Run("segue run kunder".to_owned())],
        };
        failed.failure = Some(told.into());
        let kept = serde_json::to_value(&failed).expect("json");
        assert_eq!(read(&kept).failure, failed.failure, "{kept}");
        old["resumed"] = json!("an unfinished run");
        assert_eq!(
            read(&old).ended.resumed.as_deref(),
            Some("an unfinished run")
        );
        let again = serde_json::to_value(read(&old)).expect("json");
        assert_eq!(again["resumed"], "an unfinished run");
    }

    fn told(home: &Home, outcome: &str, limited: bool, profiles: &[&str]) -> RunFolder {
        let run = RunFolder::create(home, Timestamp::UNIX_EPOCH).expect("run");
        let report = json!({
            "run": run.id, "destination": "kunder", "started_at": "2026-01-01T00:00:00Z",
            "ended_at": "2026-01-01T00:00:01Z", "started_by": "lotta", "audience_link": "", "tags": [],
            "merges": [], "outcome": outcome, "exit": 0, "guard": null, "report": "", "limited": limited,
        });
        run.write_report(&report).expect("report");
        let mut rejects = RejectWriter::create(&run).expect("rejects");
        for profile in profiles {
            rejects.add(&reject(profile), "").expect("added");
        }
        rejects.flush().expect("written");
        run
    }

    fn reject(profile: &str) -> Reject {
        Reject {
            profile: Some(profile.to_owned()),
            file: "people.csv".to_owned(),
            line: 3,
            email: None,
            reason: Reason::NoEmail,
            detail: String::new(),
            kind: RejectKind::Person,
        }
    }

    #[test]
    fn known_rejects_are_those_of_the_last_run_that_told_all() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let kunder = DestinationId::parse("kunder").expect("name");
        let known = |profile: &str| {
            let keys = known_rejects(&home, &kunder).expect("known");
            keys.had(&reject(profile))
        };
        told(&home, "done_with_rejects", false, &["older"]);
        let whole = told(&home, "done_with_rejects", false, &["a", "b"]);
        told(&home, "failed", false, &[]);
        told(&home, "done_with_rejects", true, &["limited"]);
        told(&home, "stopped", false, &["c"]);
        assert!(known("a") && known("b") && known("c"));
        assert!(!known("older") && !known("limited"));
        let text = std::fs::read(whole.rejects()).expect("file");
        std::fs::write(whole.rejects(), &text[..text.len() - 12]).expect("cut");
        assert!(known("a"), "what can still be read counts");
        std::fs::write(whole.rejects(), [0xff, 0xfe]).expect("damaged");
        assert!(!known("a") && known("c"));
    }
}
