//! Runs that end before they begin: nobody reads what cron was told, so their history tells it.

use jiff::Timestamp;

use super::prepare::tags;
use super::{
    ConsentInForce, Counters, Ended, Ending, Error, Outcome, Report, Settling, Surroundings,
    Telling, UndoNote,
};
use crate::domain::{Destination, DestinationId, StartedBy, Worded};
use crate::store::{Error as StoreError, Home, RunFolder};

impl Surroundings {
    /// Ends a run that failed before it began, and keeps that in its history.
    #[must_use]
    pub fn not_begun(
        &self,
        destination: &Destination,
        started_by: StartedBy,
        explain: &Telling,
        why: Error,
    ) -> Ending {
        not_begun(&self.home, destination, started_by, explain, why, None)
    }

    /// Keeps in its history that a run was left out, as what it depends on failed: by its name, and of another destination
    /// by what stays when that changes.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn skipped(
        &self,
        destination: &Destination,
        started_by: StartedBy,
        failed: &str,
        other: Option<&DestinationId>,
    ) -> Result<Report, StoreError> {
        let folder = RunFolder::create(&self.home, Timestamp::now())?;
        let mut report = nothing_done(&folder, destination, started_by);
        report.skipped = Some(failed.to_owned());
        report.skipped_for = other.cloned();
        folder.write_report(&report)?;
        Ok(report)
    }
}

/// The same, in the folder that was made for it, if one was.
pub(super) fn not_begun(
    home: &Home,
    destination: &Destination,
    started_by: StartedBy,
    explain: &Telling,
    why: Error,
    folder: Option<RunFolder>,
) -> Ending {
    let told = (&why, explain(&why));
    let kept = keep(home, destination, started_by, told, folder);
    let report = kept.unwrap_or_else(|why| {
        tracing::warn!(error = %why, "a run that did not begin");
        None
    });
    Ending {
        report,
        failure: Some(why),
    }
}

/// Keeps the report. A run that was stopped, or whose place another has, failed in nothing: it leaves none.
fn keep(
    home: &Home,
    destination: &Destination,
    started_by: StartedBy,
    (why, told): (&Error, Worded),
    folder: Option<RunFolder>,
) -> Result<Option<Report>, StoreError> {
    let outcome = Outcome::of(why);
    if outcome == Outcome::Stopped || matches!(why, Error::Busy { .. }) {
        return Ok(None);
    }
    let folder = match folder {
        // What came of its calls the next run finds out.
        Some(folder) if folder.wrote() => return Ok(None),
        Some(folder) => folder,
        None => RunFolder::create(home, Timestamp::now())?,
    };
    let mut report = nothing_done(&folder, destination, started_by);
    report.failure = Some(told);
    (report.ended.outcome, report.ended.exit) = (outcome, why.exit());
    report.ended.guard = why.guard().map(|guard| guard.as_str().to_owned());
    folder.write_report(&report)?;
    Ok(Some(report))
}

/// The report of a run that did nothing, and may another time.
fn nothing_done(folder: &RunFolder, destination: &Destination, started_by: StartedBy) -> Report {
    let now = Timestamp::now();
    Report {
        run: folder.id.to_string(),
        destination: destination.id(),
        started_at: folder.id.time().unwrap_or(now),
        ended_at: now,
        started_by,
        audience_link: String::new(),
        tags: tags(destination).to_vec(),
        merges: Vec::new(),
        failure: None,
        skipped: None,
        skipped_for: None,
        limited: false,
        again: false,
        settling: Settling::by_itself(true),
        consent: Some(ConsentInForce::of(destination)),
        undo: UndoNote::default(),
        ended: Ended {
            outcome: Outcome::Failed,
            exit: 5,
            guard: None,
            counters: Counters::default(),
            resumed: None,
            report: folder.report().display().to_string(),
        },
    }
}
