//! Runs that have not begun, in this program or another: they wait for what another run has.

use jiff::Timestamp;

use crate::domain::{DestinationId, StartedBy, State};
use crate::store::{Destinations, Error as StoreError, Home, Waiting};

/// A run that waits; it has no name and no files yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Whose run it is.
    pub destination: DestinationId,
    /// What that is called by now.
    pub name: String,
    /// Who or what started it.
    pub started_by: StartedBy,
    /// Since when it waits.
    pub since: Timestamp,
    /// For whom, as they wrote down themselves.
    pub holder: String,
}

/// Lists the runs that wait, of a destination or of all, the one that waits longest first.
///
/// # Errors
/// Fails when they cannot be listed.
pub fn queued(home: &Home, destination: Option<&DestinationId>) -> Result<Vec<Queued>, StoreError> {
    let waiting = Waiting::list(home)?.into_iter();
    let wanted = |of: &DestinationId| destination.is_none_or(|id| id.matches(of.as_str()));
    let waiting: Vec<_> = waiting.filter(|waits| wanted(&waits.destination)).collect();
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let saved = Destinations::of(home).names();
    let queued = waiting.into_iter().map(|waits| Queued {
        name: saved.of(waits.destination.as_str()),
        destination: waits.destination,
        started_by: waits.started_by,
        since: waits.since,
        holder: waits.holder,
    });
    Ok(queued.collect())
}

/// Tells how a destination stands of whose runs one waits or not: a run that goes on comes first.
#[must_use]
pub fn standing(state: Option<State>, waits: bool) -> Option<State> {
    match state {
        Some(State::Processing) => state,
        _ if waits => Some(State::Queued),
        _ => state,
    }
}
