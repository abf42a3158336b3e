//! What the lanes of a delivery know together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Error;
use super::batch::Outcome;
use super::size::BatchSize;
use super::watch::Watch;

/// How many people a run makes anew by mistake, archived again each, before it stops.
const MOST_RECREATED: u64 = 20;
/// How many batches, and how many members alone, are refused in a row before the refusal is held for one of the run.
const ROW: u32 = 3;
/// How many calls of any size are.
const CALLS: u32 = 24;

/// What the lanes know together: how large calls may be, whether updates were tried out, who was archived meanwhile.
#[derive(Debug)]
pub(super) struct Shared {
    /// Whether the first update call was made and changed no status (rule 1). Whoever holds it makes it.
    pub trial: tokio::sync::Mutex<bool>,
    pub watch: Watch,
    size: Mutex<BatchSize>,
    recreated: AtomicU64,
    refusals: Mutex<Refusals>,
}

/// Refusals of whole calls since one was taken.
#[derive(Debug, Default)]
struct Refusals {
    batches: u32,
    alone: u32,
    /// Members refused alone, told once it is clear that it was about them.
    held: Vec<Outcome>,
}

impl Shared {
    pub fn new(watch: Watch) -> Self {
        Self {
            trial: tokio::sync::Mutex::new(false),
            watch,
            size: Mutex::new(BatchSize::full()),
            recreated: AtomicU64::new(0),
            refusals: Mutex::default(),
        }
    }

    /// Tells how many members a call may hold.
    pub fn size(&self) -> usize {
        self.batch_size().get()
    }

    fn batch_size(&self) -> MutexGuard<'_, BatchSize> {
        self.size.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note that a call with so many members was too much.
    pub fn too_many(&self, members: usize) {
        self.batch_size().too_many(members);
    }

    /// Takes note that a call with so many members was answered: after some of these, calls may hold more again.
    pub fn fitted(&self, members: usize) {
        self.batch_size().fitted(members);
    }

    fn refusals(&self) -> MutexGuard<'_, Refusals> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note that a call was taken: what was refused before it was about the members. Gives these.
    pub fn taken(&self) -> Vec<Outcome> {
        std::mem::take(&mut *self.refusals()).held
    }

    /// Takes note that a whole call was refused. Tells whether it is about the run rather than about one of its members:
    /// batches and single members alike are refused, one after the other.
    pub fn refused(&self, members: usize) -> bool {
        let mut refusals = self.refusals();
        if members > 1 {
            refusals.batches += 1;
        } else {
            refusals.alone += 1;
        }
        (refusals.batches >= ROW && refusals.alone >= ROW)
            || refusals.batches + refusals.alone >= CALLS
    }

    /// Keeps a member that was refused alone.
    pub fn hold(&self, refused: Outcome) {
        self.refusals().held.push(refused);
    }

    /// Counts people who were made anew; too many of them are an error.
    pub fn count_recreated(&self, more: u64) -> Result<(), Error> {
        let count = self.recreated.fetch_add(more, Ordering::Relaxed) + more;
        if count > MOST_RECREATED {
            return Err(Error::ManyRecreated { count });
        }
        Ok(())
    }
}
