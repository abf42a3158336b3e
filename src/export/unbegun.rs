//! Runs that did not begin, which nobody was there to be told of: they are remembered all the same.

use jiff::Timestamp;

use super::{ConsentInForce, Counters, Ended, Error, Outcome, Report, Settling, UndoNote};
use crate::domain::{Destination, Explanation, StartedBy};
use crate::store::{Error as StoreError, Home, RunFolder};

/// Why a run did not begin.
#[derive(Debug)]
pub enum Unbegun<'a> {
    /// What it needs was not to be had: why, and in words.
    Failed(&'a Error, Explanation),
    /// What it depends on failed.
    Skipped(&'a str),
}

impl Unbegun<'_> {
    /// Keeps it as a run that did nothing.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn keep(
        self,
        home: &Home,
        destination: &Destination,
        started_by: StartedBy,
    ) -> Result<Report, StoreError> {
        let now = Timestamp::now();
        let folder = RunFolder::create(home, now)?;
        let (outcome, exit, guard) = match &self {
            Self::Failed(why, _) => (Outcome::of(why), why.exit(), why.guard()),
            Self::Skipped(_) => (Outcome::Failed, 5, None),
        };
        let (failure, skipped) = match self {
            Self::Failed(_, told) => (Some(told), None),
            Self::Skipped(what) => (None, Some(what.to_owned())),
        };
        let report = Report {
            run: folder.id.to_string(),
            destination: destination.id(),
            started_at: now,
            ended_at: now,
            started_by,
            audience_link: String::new(),
            tags: Vec::new(),
            merges: Vec::new(),
            failure,
            skipped,
            limited: false,
            ledger_lost: false,
            settling: Settling::by_itself(true),
            consent: Some(ConsentInForce::of(destination)),
            undo: UndoNote::default(),
            ended: Ended {
                outcome,
                exit,
                guard: guard.map(|guard| guard.as_str().to_owned()),
                counters: Counters::default(),
                resumed: None,
                report: folder.report().display().to_string(),
            },
        };
        folder.write_report(&report)?;
        Ok(report)
    }
}
