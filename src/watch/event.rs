use std::sync::Arc;

use jiff::Timestamp;

use super::finish::Unfinished;
use crate::domain::{DestinationName, Explanation, Schedule};
use crate::export::{Error, Report, Voice};
use crate::store::Error as StoreError;

/// All that happens while schedules are seen to. A destination is named by its name.
#[derive(Debug)]
pub enum Event {
    /// There are so many schedules now, and the next export is due then.
    Watching {
        /// How many destinations have one.
        schedules: usize,
        /// When the next export is due by the clock, if any is, and by which schedule.
        next: Option<(Timestamp, Schedule)>,
    },
    /// The files of the home cannot be read or written, so that nothing begins; that is tried again.
    Hindered(Error),
    /// A destination's file cannot be read, so that its schedule is not known.
    Broken(String, StoreError),
    /// An export is due and waits for the source.
    Waits(String),
    /// An export waits for another one.
    Queued {
        /// Whose.
        name: String,
        /// Who comes first, in its own words.
        holder: String,
    },
    /// An export began.
    Started {
        /// Whose.
        name: String,
        /// The run.
        run: String,
        /// The unfinished run that is settled first.
        resumed: Option<String>,
    },
    /// An export ended.
    Ended {
        /// Whose.
        name: String,
        /// Its report; `None` when not even that could be written.
        report: Option<Box<Report>>,
        /// Why it failed.
        failure: Option<Error>,
    },
    /// An export was left out, as what it depends on failed.
    Skipped {
        /// Whose.
        name: String,
        /// What failed.
        failed: String,
    },
    /// The source could not be asked whether it was refreshed.
    Unseen {
        /// Whose.
        name: String,
        /// Why.
        failure: Error,
    },
    /// What failed is tried again.
    Retry {
        /// Whose.
        name: String,
        /// When.
        at: Timestamp,
        /// By whose clock that is said.
        schedule: Schedule,
    },
    /// Nothing runs by itself any more until somebody looks.
    Stopped {
        /// Whose schedule.
        name: String,
        /// Why.
        why: Explanation,
    },
    /// The command that is run when an export has ended did not do well.
    Finish {
        /// Whose export.
        name: String,
        /// What came of it.
        why: Unfinished,
    },
}

/// How the exports of a destination speak to the user, who may have several of them.
pub type VoiceOf = Arc<dyn Fn(&DestinationName) -> Voice + Send + Sync>;

/// Whom to tell.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;
