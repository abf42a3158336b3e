//! Runs that end before they begin: nobody reads what cron was told, so their history tells it.

use jiff::Timestamp;

use super::prepare::tags;
use super::{
    ConsentInForce, Counters, Ended, Ending, Error, Outcome, Report, Settling, Surroundings,
    Telling, UndoNote,
};
use crate::domain::{Destination, Explanation, StartedBy};
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
    (why, told): (&Error, Explanation),
    folder: Option<RunFolder>,
) -> Result<Option<Report>, StoreError> {
    let outcome = Outcome::of(why);
    if outcome == Outcome::Stopped || matches!(why, Error::Busy { .. }) {
        return Ok(None);
    }
    let now = Timestamp::now();
    let folder = match folder {
        // What came of its calls the next run finds out.
        Some(folder) if folder.wrote() => return Ok(None),
        Some(folder) => folder,
        None => RunFolder::create(home, now)?,
    };
    let report = Report {
        run: folder.id.to_string(),
        destination: destination.id(),
        started_at: folder.id.time().unwrap_or(now),
        ended_at: now,
        started_by,
        audience_link: String::new(),
        tags: tags(destination).to_vec(),
        merges: Vec::new(),
        failure: Some(told),
        limited: false,
        ledger_lost: false,
        settling: Settling::by_itself(true),
        consent: Some(ConsentInForce::of(destination)),
        undo: UndoNote::default(),
        skipped: None,
        ended: Ended {
            outcome,
            exit: why.exit(),
            guard: why.guard().map(|guard| guard.as_str().to_owned()),
            counters: Counters::default(),
            resumed: None,
            report: folder.report().display().to_string(),
        },
    };
    folder.write_report(&report)?;
    Ok(Some(report))
}
