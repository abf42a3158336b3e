use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::deliver::Error as DeliverError;
use crate::domain::{DestinationName, Reason};
use crate::store::{Error as StoreError, Home, RunFolder, Runs};

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
}

/// The sums of a run. Every profile is in exactly one of them (rule 2):
/// `profiles = created + updated + unchanged + suppressed + rejected + merged + remaining`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Distinct profiles.
    pub profiles: u64,
    /// Members created.
    pub created: u64,
    /// Members updated.
    pub updated: u64,
    /// Members that no call named.
    pub unchanged: u64,
    /// Profiles left alone because of what the person or the service said.
    pub suppressed: u64,
    /// Profiles that could not be delivered.
    pub rejected: u64,
    /// Profiles that another one of the same address stands for.
    pub merged: u64,
    /// Profiles not got to; 0 unless stopped, refused or failed.
    pub remaining: u64,
    /// Of the created: contacts that Segue itself had archived.
    pub reinstated: u64,
    /// People deleted meanwhile whom an update made anew, archived again at once.
    pub recreated: u64,
    /// Contacts that get no marketing mail.
    pub not_mailable: u64,
    /// Tags added to members.
    pub tags_added: u64,
    /// Tags removed from members.
    pub tags_removed: u64,
    /// Suppressed and rejected profiles by reason.
    pub reasons: BTreeMap<Reason, u64>,
    /// Requests to Mailchimp.
    pub calls: u64,
    /// Those that change something.
    pub writes: u64,
    /// Requests that repeated one before.
    pub retries: u64,
    /// Answers that asked for patience.
    pub throttled: u64,
    /// Members whose status rose; expected 0.
    pub statuses_raised: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl Counters {
    /// Counts the profiles that are accounted for.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.suppressed + self.rejected + self.merged
    }

    /// Tells whether rule 2's sum holds.
    #[must_use]
    pub fn sum_holds(&self) -> bool {
        self.profiles == self.settled() + self.remaining
    }

    /// Lists the counters that are numbers, in the order in which commands print them.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, u64); 19] {
        [
            ("profiles", self.profiles),
            ("created", self.created),
            ("updated", self.updated),
            ("unchanged", self.unchanged),
            ("suppressed", self.suppressed),
            ("rejected", self.rejected),
            ("merged", self.merged),
            ("remaining", self.remaining),
            ("reinstated", self.reinstated),
            ("recreated", self.recreated),
            ("not_mailable", self.not_mailable),
            ("tags_added", self.tags_added),
            ("tags_removed", self.tags_removed),
            ("calls", self.calls),
            ("writes", self.writes),
            ("retries", self.retries),
            ("throttled", self.throttled),
            ("statuses_raised", self.statuses_raised),
            ("duration_ms", self.duration_ms),
        ]
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
    /// Whether it went on with a run that had broken off.
    pub resumed: bool,
    /// Where its report is.
    pub report: String,
}

/// What is kept of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The run's name.
    pub run: String,
    /// The destination's name.
    pub destination: DestinationName,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Who started it: the operating system's user name.
    pub started_by: String,
    /// Where the segments are in Mailchimp.
    pub audience_link: String,
    /// The tags of its segments.
    pub tags: Vec<String>,
    /// Profiles that were merged into others: the one, and the one that stands for it. At most 1,000 are listed.
    pub merges: Vec<(String, String)>,
    /// The labels of its segments that the source had no profile in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_segments: Vec<String>,
    /// How it ended.
    #[serde(flatten)]
    pub ended: Ended,
}

/// Finds a destination's last run that came to an end, with its report.
///
/// # Errors
/// Fails when a report cannot be read.
pub fn last_report(
    home: &Home,
    destination: &DestinationName,
) -> Result<Option<(RunFolder, Report)>, StoreError> {
    for run in Runs::of(home).list()? {
        // A damaged report, perhaps another destination's, must not keep this one from running.
        let report = Runs::report::<Report>(&run).ok().flatten();
        if let Some(report) = report.filter(|report| report.destination == *destination) {
            return Ok(Some((run, report)));
        }
    }
    Ok(None)
}
