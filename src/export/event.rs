use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::CountDiffers;
use crate::deliver::{Lane, Told, Trouble};
use crate::domain::{NewStatus, Reason, SourceSpec};
use crate::store::PlanCounts;

/// The stretches of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Another run has the account, or the destination; its end is waited for.
    Queued,
    /// The source is being refreshed; its end is waited for.
    Waiting,
    /// The source is read into the plan.
    Reading,
    /// The plan is compared with the audience.
    Comparing,
    /// Batches go to the audience.
    Delivering,
    /// A run is taken back.
    Undoing,
}

/// A service that asks us to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Mailchimp.
    Mailchimp,
    /// Dataverse.
    Dataverse,
    /// The Customer Insights API.
    Insights,
}

impl Asker {
    /// Names the service behind a source; a folder and an engine never ask.
    pub(super) fn of(source: &SourceSpec) -> Self {
        match source {
            SourceSpec::Dataverse(_) => Self::Dataverse,
            SourceSpec::Insights(_) | SourceSpec::Folder(_) | SourceSpec::Sql(_) => Self::Insights,
        }
    }
}

/// Whom to tell that a service asks us to wait, and how long.
pub type OnWait = Arc<dyn Fn(Asker, Duration) + Send + Sync>;

/// All that happens in a run, for whoever watches. What must not be lost is in the journal before it is told here.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run begins.
    Started {
        /// Its name.
        run: String,
        /// The tags of its segments, by place.
        segments: Vec<String>,
        /// What new people get.
        status_if_new: NewStatus,
        /// The unfinished run of the destination that is settled first.
        resumed: Option<String>,
    },
    /// A stretch begins.
    Phase {
        /// Which.
        phase: Phase,
    },
    /// Rows were read, in all so far.
    Read {
        /// How many.
        rows: u64,
    },
    /// Contacts were compared, in all so far.
    Compared {
        /// How many.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// Some of what Segue wrote down itself is not to be had any more.
    Lost(Lost),
    /// What was read of the audience stays different from what the service counts.
    CountsDiffer(Gap),
    /// The plan is made.
    Planned(Box<Planned>),
    /// A call goes out.
    CallStarted {
        /// Its lane.
        lane: Lane,
        /// Whether it changes something.
        writes: bool,
        /// Whether it was tried before.
        again: bool,
    },
    /// A call is over.
    CallOver {
        /// Its lane.
        lane: Lane,
        /// What went wrong, when it may be tried again.
        trouble: Option<Trouble>,
        /// How many calls may be in flight from now on.
        limit: usize,
    },
    /// A service asks us to wait.
    Waits {
        /// Which.
        asker: Asker,
        /// How long.
        pause: Duration,
    },
    /// Some members are settled.
    Settled(Vec<Told>),
    /// An undo begins, or goes on.
    Undoing {
        /// How many contacts were archived, restored and left before.
        done: [u64; 3],
        /// How many there are in all.
        total: u64,
    },
}

/// What of Segue's own notes is not to be had any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Some of what is remembered of the audience is damaged: the audience is read instead.
    LedgerDamaged,
    /// All that was remembered of the audience is gone.
    Ledger,
    /// Some of the journal of a run that ended early is damaged: the audience is read instead.
    Journal,
}

/// What was read of a list and what the service counts, where the two do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Different contacts read.
    pub read: u64,
    /// Contacts counted.
    pub counted: u64,
    /// How many addresses are looked up one by one for that, each a call.
    pub lookups: u64,
}

/// What the plan says, once the audience was compared.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Planned {
    /// Distinct profiles.
    pub profiles: u64,
    /// To be created.
    pub create: u64,
    /// To be updated.
    pub update: u64,
    /// Nothing to do.
    pub unchanged: u64,
    /// Left alone.
    pub suppressed: u64,
    /// Not deliverable.
    pub rejected: u64,
    /// Stood for by others.
    pub merged: u64,
    /// In the audience without marketing mail.
    pub not_mailable: u64,
    /// Tags that will be taken away.
    pub leaving: u64,
    /// Suppressed and rejected by reason.
    pub reasons: Vec<(Reason, u64)>,
    /// The segments, by place.
    pub segments: Vec<PlannedSegment>,
    /// What was found in reading.
    pub found: Found,
}

/// What the plan says of a segment.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedSegment {
    /// Its label.
    pub label: String,
    /// Distinct profiles in it, before merging.
    pub profiles: u64,
    /// Members to be sent.
    pub pending: u64,
    /// Members settled already.
    pub settled: u64,
    /// Of those: members that the audience holds as they should be.
    pub held: u64,
}

/// What is worth telling of a source that was read, whatever became of its profiles.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// Rows dropped because their id stood in the same file before.
    pub repeated: u64,
    /// Some of those rows.
    pub repeated_examples: Vec<String>,
    /// Ids whose rows have different addresses.
    pub apart: u64,
    /// The labels of the segments that no profile is in.
    pub empty: Vec<String>,
    /// The labels of those of them that the source does not list any more: their tags are left as they are.
    pub gone: Vec<String>,
    /// Values that look like none (`NULL`, `N/A`, `1.2E+14`), by attribute and value.
    pub odd: BTreeMap<String, u64>,
    /// Values that did not fit an optional merge field and were left out, by field.
    pub left_out: BTreeMap<String, u64>,
    /// Values of the consent attribute that were not understood, the most frequent ones.
    pub consent: BTreeMap<String, u64>,
    /// Segments, by label, that the source counts otherwise than they were read.
    pub counts_differ: BTreeMap<String, CountDiffers>,
    /// Values with a broken letter, which U+FFFD stands for, by attribute.
    pub letters_replaced: BTreeMap<String, u64>,
    /// Choices that the source has no label for and that were left empty, by attribute.
    pub choices_unknown: BTreeMap<String, u64>,
    /// Profiles with other values in a later segment than in the first one, whose values are delivered.
    pub differing: u64,
    /// Whether the segments may be of different moments.
    pub of_moments: bool,
}

impl Planned {
    /// Takes the plan's counts.
    #[must_use]
    pub fn new(counts: &PlanCounts, segments: Vec<PlannedSegment>, found: Found) -> Self {
        let reasons = counts.reasons.iter();
        Self {
            profiles: counts.profiles,
            create: counts.create,
            update: counts.update,
            unchanged: counts.unchanged,
            suppressed: counts.suppressed,
            rejected: counts.rejected,
            merged: counts.merged,
            not_mailable: counts.not_mailable,
            leaving: 0,
            reasons: reasons.map(|(reason, count)| (*reason, *count)).collect(),
            segments,
            found,
        }
    }
}
