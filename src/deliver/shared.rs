//! What the lanes of a delivery know together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Error;
use super::mailchimp::member_hash;
use super::notice::Verdict;
use super::size::BatchSize;
use super::watch::Watch;
use crate::domain::{PersonKey, Reject};
use crate::store::{Debt, Ledger};

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
    ledger: Mutex<Ledger>,
}

/// Refusals of whole calls since one was taken.
#[derive(Debug, Default)]
struct Refusals {
    batches: u32,
    alone: u32,
    /// Members refused alone, told once it is clear that it was about them.
    held: Verdict,
}

impl Shared {
    pub fn new(watch: Watch, ledger: Ledger) -> Self {
        Self {
            trial: tokio::sync::Mutex::new(false),
            watch,
            size: Mutex::new(BatchSize::full()),
            recreated: AtomicU64::new(0),
            refusals: Mutex::default(),
            ledger: Mutex::new(ledger),
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
    #[expect(dead_code, reason = "the lanes do not tell of it yet")]
    pub fn fitted(&self, members: usize) {
        self.batch_size().fitted(members);
    }

    fn refusals(&self) -> MutexGuard<'_, Refusals> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note that a call was taken: what was refused before it was about the members. Gives their rejects.
    pub fn taken(&self) -> Verdict {
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

    /// Keeps the reject of a member that was refused alone.
    pub fn hold(&self, verdict: Verdict) {
        let held = &mut self.refusals().held;
        held.rejects.extend::<Vec<Reject>>(verdict.rejects);
        for (at, count) in verdict.by_segment {
            *held.by_segment.entry(at).or_default() += count;
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down that people have to be archived again, before anything else is done about them: the next run does it
    /// where this one cannot.
    pub fn owe(&self, addresses: &[String]) -> Result<(), Error> {
        let debts: Vec<Debt> = addresses.iter().filter_map(|one| debt(one)).collect();
        self.ledger()
            .owe(&debts, Timestamp::now())
            .map_err(Error::Store)
    }

    /// Takes note that somebody was archived again.
    pub fn paid(&self, address: &str) -> Result<(), Error> {
        debt(address).map_or(Ok(()), |debt| {
            self.ledger().paid(&debt).map_err(Error::Store)
        })
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

/// What is owed of someone who was made anew.
fn debt(address: &str) -> Option<Debt> {
    PersonKey::parse(&member_hash(address)).map(Debt::archive)
}
