//! Takes back a run: archives whom it created, and brings back values and tags that it changed, from its journal and its
//! images. An undo is a run of its own, with a journal and a report, and goes on where it ended early.
//!
//! Backwards only: the latest run of an audience first, or what a later run wrote would be taken for another's change.

mod carry;
mod did;
mod gather;
mod target;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::{Error, Order};
use crate::deliver::Campaign;
use crate::domain::{AudienceId, Destination, DestinationName, FieldKind};
use crate::store::{Destinations, Home, RunId};
use gather::Gathered;
use target::Target;

pub use carry::start_undo;
pub use did::did;

/// How long a call takes where none was measured.
const A_CALL: Duration = Duration::from_secs(1);

/// Why a run cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoUndo {
    /// No run of the destination wrote to its audience.
    NothingWritten {
        /// The destination.
        destination: DestinationName,
    },
    /// The destination has no such run.
    UnknownRun {
        /// The destination.
        destination: DestinationName,
        /// What was asked for.
        run: String,
    },
    /// The run is an undo itself.
    IsUndo {
        /// The run.
        run: RunId,
        /// What it took back.
        undoes: String,
    },
    /// The run changed nothing in the audience.
    WroteNothing {
        /// The run.
        run: RunId,
    },
    /// The run was taken back already.
    Undone {
        /// The destination.
        destination: DestinationName,
        /// The run.
        run: RunId,
        /// The undo that did.
        by: RunId,
        /// The run before it, which could be taken back now.
        before: Option<RunId>,
    },
    /// A later run wrote to the same audience.
    Later {
        /// The run.
        run: RunId,
        /// The latest one that is not taken back.
        later: RunId,
        /// The later run's destination.
        destination: String,
    },
    /// What the run wrote is not known any more: its journal is gone or damaged.
    NoJournal {
        /// The run.
        run: String,
    },
    /// The run only changed contacts, and what these held before is not known any more.
    NoImages {
        /// The run.
        run: RunId,
    },
}

/// What an undo would do: what a person is told before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The run that is taken back.
    pub run: RunId,
    /// When it began.
    pub started_at: Timestamp,
    /// How many contacts an undo that ended early has seen to already, where there is one.
    pub done: Option<u64>,
    /// Contacts to be archived: the run created them.
    pub archive: u64,
    /// Contacts whose values and tags are brought back.
    pub restore: u64,
    /// Contacts that the run changed and whose state before is not known any more: they stay as they are.
    pub lost: u64,
    /// Contacts whose address was empty and stays filled.
    pub addresses: u64,
    /// Contacts of whom it is looked up first whether the run, which was killed, got to them: they are taken back as well.
    pub in_doubt: u64,
    /// Whether some of the run's journal is damaged: whoever stood there is not known any more, and stays as they are.
    pub is_damaged: bool,
    /// The campaigns that were sent to the audience since.
    pub campaigns: Vec<Campaign>,
    /// The destinations that export to the audience by themselves, or besides this one: whom they hold comes back with
    /// their next run.
    pub again: Vec<Again>,
    /// How many calls it takes, about.
    pub calls: u64,
    /// How long it takes, about.
    pub time: Duration,
}

/// A destination that may bring back what an undo takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The destination.
    pub name: DestinationName,
    /// Whether it runs by itself.
    pub by_itself: bool,
}

/// Lists those that may bring back what an undo of one takes away: itself where it has a schedule, and others.
fn again(home: &Home, destination: &Destination) -> Result<Vec<Again>, Error> {
    let all = Destinations::of(home).list()?.into_iter();
    let all = all.filter(|one| one.audience == destination.audience);
    let may = all.filter(|one| one.id() != destination.id() || !one.schedule.is_off());
    let told = may.map(|one| Again {
        by_itself: !one.schedule.is_off(),
        name: one.name,
    });
    Ok(told.collect())
}

/// Finds out what taking back a run would do; the latest one that wrote where none is named. Writes nothing.
///
/// # Errors
/// [`Error::NoUndo`] when the run cannot be taken back; else as every call, and when files cannot be read.
pub async fn offer_undo(order: &Order, run: Option<&str>) -> Result<Offer, Error> {
    let (home, destination) = (order.home.clone(), order.destination.clone());
    let wanted = run.map(str::to_owned);
    let target = blocking(move || Target::find(&home, &destination, wanted.as_deref())).await?;
    let mailchimp = order.access.mailchimp()?;
    let audience = audience(&target)?;
    let asked = Instant::now();
    let fields = mailchimp.merge_fields(&audience).await?;
    let measured = asked.elapsed();
    let since = target.since()?;
    let campaigns = mailchimp.campaigns_since(&audience, since).await?;
    let addresses = fields
        .into_iter()
        .filter(|field| field.kind == FieldKind::Address)
        .map(|field| field.tag.to_string())
        .collect::<Vec<_>>();
    let (target, gathered) = blocking(move || {
        let gathered = Gathered::of(&target, &addresses)?;
        Ok((target, gathered))
    })
    .await?;
    let (archive, restore, calls) = gathered.counts();
    if archive + restore == 0 && gathered.lost > 0 && target.undo.is_none() {
        let run = target.run.id;
        return Err(Error::NoUndo(NoUndo::NoImages { run }));
    }
    let a_call = if measured.is_zero() { A_CALL } else { measured };
    let lanes = u32::try_from(order.options.max_in_flight.clamp(1, 10)).unwrap_or(1);
    let many = u32::try_from(calls).unwrap_or(u32::MAX);
    Ok(Offer {
        run: target.run.id,
        started_at: Timestamp::from_millisecond(target.began.at).unwrap_or_default(),
        done: target.undo.map(|_| gathered.sums.done()),
        archive,
        restore,
        lost: gathered.lost,
        addresses: gathered.addresses,
        in_doubt: gathered.in_doubt,
        is_damaged: gathered.is_damaged,
        campaigns,
        again: again(&order.home, &order.destination)?,
        calls,
        time: a_call.saturating_mul(many) / lanes,
    })
}

/// Tells whether a run could be taken back, as far as files tell; the service is not asked.
#[must_use]
pub fn can_undo(home: &Home, destination: &Destination, run: &RunId) -> bool {
    Target::find(home, destination, Some(run.as_str())).is_ok()
}

/// Where the run wrote to, whatever its destination says by now.
fn audience(target: &Target) -> Result<AudienceId, Error> {
    let lost = || NoUndo::NoJournal {
        run: target.run.id.to_string(),
    };
    AudienceId::parse(&target.began.audience).ok_or_else(|| Error::NoUndo(lost()))
}

/// Reads files without keeping the lanes from working.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let read = spawn_blocking(read).await;
    read.map_err(|why| Error::Broken(why.to_string()))?
}
