//! What became of exports whose end nobody saw: their watcher was killed.

use crate::domain::{Close, DestinationId, StartedBy, State, Wanted};
use crate::export::{Error, Report, history};
use crate::store::{Error as StoreError, Home};

/// Finds how an export ended that was begun; `None` of one that did not come to an end by itself: it is due as before.
pub(super) fn became(
    home: &Home,
    id: &DestinationId,
    begun: &Wanted,
) -> Result<Option<Report>, StoreError> {
    for past in history(home, Some(id))? {
        let Ok(past) = past else { continue };
        let ours = matches!(past.report.started_by, StartedBy::Watch | StartedBy::Once);
        if past.report.started_at < begun.at {
            break;
        }
        if ours {
            let ended =
                past.ended_at.is_some() && close_of(Some(&past.report), None) != Close::Stopped;
            return Ok(ended.then_some(past.report));
        }
    }
    Ok(None)
}

/// What the end of an export means to its schedule, by its report and by why it failed, as far as there are any. The disk may
/// have room the next time, whatever a run says of it now.
pub(super) fn close_of(report: Option<&Report>, failure: Option<&Error>) -> Close {
    let by_exit = |exit| match exit {
        5 => Close::Transient,
        130 | 143 => Close::Stopped,
        _ => Close::Permanent,
    };
    let may_pass = match failure {
        Some(Error::Store(why)) => why.may_pass(),
        _ => false,
    };
    match (report.map(Report::state), failure) {
        (Some(State::Failed) | None, Some(_)) if may_pass => Close::Transient,
        (Some(State::Successful), _) => Close::Done,
        (Some(State::Failed), _) => by_exit(report.map_or(1, |report| report.ended.exit)),
        (None, Some(failure)) => by_exit(failure.exit()),
        (
            Some(
                State::Queued
                | State::Processing
                | State::Skipped
                | State::Cancelled
                | State::Interrupted,
            )
            | None,
            _,
        ) => Close::Stopped,
    }
}
