//! A run's plan: every profile once, with what shall happen to it. What is needed to join, settle and count stands in
//! memory, 52 bytes a profile; all else lies in the spool, a file that each row is written into once.
//!
//! Filled in three steps: rows are added as they are read, settled (each person once), compared with the audience or with
//! what is known of it. Then delivering reads it from front to back. It is worth nothing after its run: after a crash it is
//! made anew.

mod again;
mod each;
mod entry;
mod ids;
mod keys;
mod meet;
mod outline;
mod read;
mod record;
mod sets;
mod settle;
mod spool;
mod told;

use std::collections::HashSet;
use std::path::Path;

use super::Error;
use crate::domain::{
    Consent, Content, Decision, Email, Origin, PersonKey, ProfileHash, ProfileId, Reason,
    SegmentSet, Unfit,
};
use entry::Entry;
use ids::Ids;
use keys::Stretches;
use record::Text;
use sets::{Files, SegmentSets};
pub(super) use spool::Spool;

pub use each::PlannedProfile;
pub use entry::Stage;
pub use meet::Lookup;
pub use outline::Outline;
pub use read::{PlanCounts, PlannedMember, SegmentCount};
pub use settle::Settled;

/// By which part of them the index grows: what is reserved in advance is not of use to anybody else.
const GROWTH: usize = 32;
/// How many repeated rows are named.
const EXAMPLES: usize = 2;

/// A row of the source as the plan takes it in.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// Its profile id, where the source has ids.
    pub profile: Option<ProfileId>,
    /// Where it was read.
    pub origin: Origin,
    /// The run's segments it is in.
    pub segments: SegmentSet,
    /// What it says of the person's consent.
    pub consent: Consent,
    /// The value of the consent attribute, where it is not understood.
    pub unclear: Option<String>,
    /// The row made into a member, or why it cannot be one.
    pub content: Result<Content, Unfit>,
}

/// The plan of one run.
#[derive(Debug)]
pub struct Plan {
    spool: Spool,
    entries: Vec<Entry>,
    order: Order,
    /// As long as the entries stand in the order of their keys.
    stretches: Stretches,
    // In boxes, because a plan is handed from step to step of a run.
    sets: Box<SegmentSets>,
    files: Box<Files>,
    merged: Vec<(u64, PersonKey)>,
    intake: Box<Intake>,
    buffer: Vec<u8>,
}

/// In which order the entries stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// In that of their places: as they were read, or met.
    Places,
    /// In that of their keys, so that a person is found; of one key, first who stands for it.
    Keys,
}

/// What is known only as long as rows are read.
#[derive(Debug, Default)]
struct Intake {
    ids: Ids,
    /// Addresses that say no in rows which do not come into the index.
    objections: HashSet<PersonKey>,
    repeated: u64,
    /// The first repeated rows, by id: the id and where the row stands. Where rows come in any order, those come before
    /// all others that contradict each other: nothing is made of them.
    examples: Vec<(bool, String, String)>,
    apart: u64,
    /// Rows that repeat an id of their file with other values.
    contradicting: u64,
    /// Rows that have an id of another file with other values.
    differing: u64,
    /// Whether rows come in another order each time, so that no row is the first one.
    unordered: bool,
}

impl Plan {
    /// Starts an empty plan, in place of one that is there.
    ///
    /// # Errors
    /// Fails when the file cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            spool: Spool::create(path)?,
            entries: Vec::new(),
            order: Order::Places,
            stretches: Stretches::default(),
            sets: Box::new(SegmentSets::new()),
            files: Box::default(),
            merged: Vec::new(),
            intake: Box::default(),
            buffer: Vec::new(),
        })
    }

    /// Has the plan depend on no order of the rows within a file.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.intake.unordered = true;
        self
    }

    /// Takes in rows in the order they were read, file after file, until the plan is settled. The first row of an id wins;
    /// later ones are joined to it, so that the files of several segments do not pile up.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, rows: &[PlannedRow]) -> Result<(), Error> {
        for row in rows {
            let id = row.profile.as_ref();
            let id = id.map(ProfileHash::of).unwrap_or_default();
            let known = Some(&id).filter(|id| !id.is_none());
            let known = known.and_then(|id| self.intake.ids.find(id, &self.entries));
            match known {
                Some(at) => self.join(at, row),
                None => self.take(row, id)?,
            }
        }
        Ok(())
    }

    /// Counts the distinct profiles so far: ids, and rows without one.
    #[must_use]
    pub fn profiles(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Takes in the first row of a profile.
    fn take(&mut self, row: &PlannedRow, id: ProfileHash) -> Result<(), Error> {
        let file = self.files.place(&row.origin.file);
        let text = Text::of(row, file);
        record::encode(&text, &mut self.buffer).map_err(|why| Error::Encode(why.to_string()))?;
        let place = self.spool.append(&[&self.buffer])?;
        let mut entry = Entry::new(key(row), id, place);
        entry.set_consent(row.consent);
        entry.set_unclear(row.unclear.is_some());
        entry.segments = self.sets.place(&row.segments);
        entry.link = file;
        match &row.content {
            Ok(content) => {
                entry.set_values(content.values());
                entry.set_leaves_out(!content.left_out.is_empty());
            }
            Err(fault) => {
                entry.set_stage(stage_of(fault.reason));
                entry.set_reason(Some(fault.reason));
            }
        }
        if self.entries.len() == self.entries.capacity() {
            let more = (self.entries.len() / GROWTH).max(GROWTH);
            self.entries.reserve_exact(more);
        }
        self.entries.push(entry);
        if !id.is_none() {
            self.intake.ids.insert_last(&self.entries);
        }
        Ok(())
    }

    /// Joins a row to the entry of its profile: its segments, unless the id stood in its file before, and its "no", which
    /// counts wherever it stands, also in a row that is dropped (rule 1).
    fn join(&mut self, at: usize, row: &PlannedRow) {
        let entry = &mut self.entries[at];
        let key = key(row);
        let differs = differs(entry, row, key);
        entry.set_consent(entry.consent().max(row.consent));
        if row.consent == Consent::No && key != entry.key && !key.is_nobody() {
            self.intake.objections.insert(key);
        }
        if row.content.is_ok() && entry.is_first_apart(key) {
            self.intake.apart += 1;
        }
        let file = self.files.place(&row.origin.file);
        // Files come one after the other, so the last one tells whether the id was in this one before.
        if entry.link == file {
            self.intake.contradicting += u64::from(differs);
            self.intake.repeat(row, differs);
        } else {
            self.intake.differing += u64::from(differs);
            entry.link = file;
            let more = self.sets.place(&row.segments);
            entry.segments = self.sets.union(entry.segments, more);
        }
    }

    /// Brings the entries into an order, at a tenth of a second a million.
    fn sort(&mut self, order: Order) {
        if self.order == order {
            return;
        }
        match order {
            Order::Places => self.entries.sort_unstable_by_key(Entry::place),
            Order::Keys => self
                .entries
                .sort_unstable_by_key(|entry| (entry.key, entry.stage().is_aside(), entry.place())),
        }
        self.stretches = match order {
            Order::Places => Stretches::default(),
            Order::Keys => Stretches::of(&self.entries),
        };
        self.order = order;
    }

    /// Lists the places of some of the entries in the order of reading.
    fn places(&self, whose: impl Fn(&Entry) -> bool) -> Vec<u64> {
        let chosen = self.entries.iter().filter(|entry| whose(entry));
        let mut places: Vec<u64> = chosen.map(Entry::place).collect();
        places.sort_unstable();
        places
    }

    /// How much memory the index takes.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.intake.ids.bytes()
    }
}

impl Intake {
    /// Counts a row whose id stood in the same file before, and notes it, if it is among the first by id.
    fn repeat(&mut self, row: &PlannedRow, differs: bool) {
        self.repeated += 1;
        let agrees = !(self.unordered && differs);
        let id = row.profile.as_ref().map_or("", ProfileId::as_str);
        let before =
            |(other, known, _): &(bool, String, String)| (*other, &**known) <= (agrees, id);
        let behind = self.examples.last().is_some_and(before);
        if self.examples.len() < EXAMPLES || !behind {
            let Origin { file, line } = &row.origin;
            let shown = match line {
                0 => format!("{id} ({file})"),
                line => format!("{id} ({file}:{line})"),
            };
            // Of one id, the rows stay in the order of reading.
            let at = self.examples.partition_point(before);
            // Without lines, the rows of one id look alike.
            if self.examples.iter().all(|(.., other)| *other != shown) {
                self.examples.insert(at, (agrees, id.to_owned(), shown));
                self.examples.truncate(EXAMPLES);
            }
        }
    }
}

/// Tells whether a row says something else than the one whose id it has, as far as that is delivered.
fn differs(entry: &Entry, row: &PlannedRow, key: PersonKey) -> bool {
    let says_else = match &row.content {
        Ok(content) => entry.stage() == Stage::Rejected || entry.values() != content.values(),
        Err(fault) => entry.reason() != Some(fault.reason),
    };
    says_else || entry.key != key || entry.consent() != row.consent
}

/// Finds whose row it is, also one that cannot be used.
fn key(row: &PlannedRow) -> PersonKey {
    match &row.content {
        Ok(content) => PersonKey::of(content.email.key()),
        Err(fault) => match fault.email.as_deref().map(Email::key_of) {
            Some(address) if !address.is_empty() => PersonKey::of(&address),
            _ => PersonKey::default(),
        },
    }
}

/// Where a row stands that cannot be used: whose person was erased is left alone, and no reject names it.
fn stage_of(reason: Reason) -> Stage {
    match reason {
        Reason::Erased => Stage::Suppressed,
        _ => Stage::Rejected,
    }
}

/// What of a decision stands in the entry: the stage, the reason, and the segments to be added.
fn noted(decision: &Decision) -> (Stage, Option<Reason>, Option<&SegmentSet>) {
    match decision {
        Decision::Create => (Stage::Create, None, None),
        Decision::Reinstate => (Stage::Reinstate, None, None),
        Decision::Update { add } => (Stage::Update, None, Some(add)),
        Decision::Leave => (Stage::Unchanged, None, None),
        Decision::Suppress(reason) => (Stage::Suppressed, Some(*reason), None),
    }
}

#[cfg(test)]
mod tests;
