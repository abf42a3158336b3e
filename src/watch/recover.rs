//! What became of exports that an earlier watcher began and did not see the end of: it was killed, or its computer was.

use crate::domain::{Close, DestinationId, StartedBy, State, Wanted};
use crate::export::{Report, history};
use crate::store::{Error, Home};

/// Tells how an export ended that was begun: it is due as before unless it came to an end by itself.
pub(super) fn became(home: &Home, id: &DestinationId, begun: &Wanted) -> Result<Close, Error> {
    for past in history(home, Some(id))? {
        let Ok(past) = past else { continue };
        let ours = matches!(past.report.started_by, StartedBy::Watch | StartedBy::Once);
        if past.report.started_at < begun.at {
            break;
        }
        if ours {
            return Ok(closed(past.state, &past.report));
        }
    }
    Ok(Close::Stopped)
}

/// What the end of a run means to its schedule.
pub(super) fn closed(state: State, report: &Report) -> Close {
    match state {
        State::Successful => Close::Done,
        State::Failed if report.ended.exit == 5 => Close::Transient,
        State::Failed => Close::Permanent,
        State::Queued
        | State::Processing
        | State::Skipped
        | State::Cancelled
        | State::Interrupted => Close::Stopped,
    }
}
