//! What earlier runs left behind of the audience: whom it holds, and with what of ours. Most people are decided about by
//! it, so that the audience need not be read for them.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use jiff::Timestamp;

use super::Error;
use super::seen::Looked;
use crate::domain::{
    AudienceId, Consent, Decision, Destination, OnLeave, PersonKey, Reason, Status,
};
use crate::plan::{self, Remembered, decide_known};
use crate::store::{
    AudienceNotes, Destinations, Error as StoreError, Home, Known, Ledger, Outline, Plan, Scan,
    SourceNotes, Stage, TagSet,
};

/// How many rows of the ledger are handed over at once.
const CHUNK: usize = 4096;

/// What is remembered of an audience, but for its people, who stay in the ledger.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    home: Home,
    audience: AudienceId,
    on_leave: OnLeave,
    /// The destination's number.
    pub destination: u16,
    /// The numbers of the other destinations to the audience that are saved.
    others: HashSet<u16>,
    /// The numbers of the tags of the run's segments, by place.
    pub tags: Vec<u16>,
    /// The names of all tags that have numbers, in lower case, by number.
    pub tag_names: Vec<String>,
    /// The same, but those of the run as they are spelled.
    pub spelled: Vec<String>,
    pub notes: AudienceNotes,
    /// What the last complete reading of the destination's source came to.
    pub source: Option<SourceNotes>,
    pub refusals: HashMap<PersonKey, Reason>,
    pub undone: HashMap<PersonKey, u64>,
}

/// Somebody who has tags of ours that the destination does not give any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaver {
    pub key: PersonKey,
    /// Mailchimp's id of the contact, where it is not the key.
    pub id: Option<PersonKey>,
    pub profile: u64,
    pub status: Option<Status>,
    /// The tags to be taken away.
    pub remove: TagSet,
    /// The tags that only count as another destination's from now on.
    pub let_go: TagSet,
    /// Whether the person is in the source, in other segments.
    pub stays: bool,
}

/// What comparing the plan with what is remembered came to.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Undecided people whose contacts have to be read.
    pub unknown: HashSet<PersonKey>,
    /// Of these and others: contacts whose address was changed in Mailchimp, with the id they have now.
    pub moved: HashMap<PersonKey, (PersonKey, Status)>,
    pub leavers: Vec<Leaver>,
    /// The profiles, by the hashes of their ids, whose address was another one that said no.
    pub said_no: HashSet<u64>,
    /// How many members of the destination each tag has, by its number.
    pub holders: HashMap<u16, u64>,
    /// How many contacts are known: those that are not archived, and those that are.
    pub there: u64,
    pub archived: u64,
    /// How many contacts were seen that nobody had known of.
    pub news: u64,
    /// How many the service counts, where all were read.
    pub counted: Option<u64>,
    pub damaged: u64,
}

impl Memory {
    /// Opens what is remembered. Blocks.
    pub fn open(
        home: &Home,
        destination: &Destination,
        tags: &[String],
        now: Timestamp,
    ) -> Result<Self, Error> {
        match Self::read(home, destination, tags, now) {
            Err(Error::Store(StoreError::Damaged { .. })) => {
                Ledger::begin_anew(home, &destination.audience)?;
                Self::read(home, destination, tags, now)
            }
            read => read,
        }
    }

    fn read(
        home: &Home,
        destination: &Destination,
        tags: &[String],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let audience = &destination.audience;
        let mut ledger = Ledger::open_or_begin_anew(home, audience)?;
        let numbers = tags.iter().map(|tag| ledger.tag(tag));
        let numbers: Vec<u16> = numbers.collect::<Result<_, _>>()?;
        let refusals = ledger.refusals()?.into_iter();
        let refusals = refusals.filter(|one| one.still_holds(now));
        let undone = ledger.undone()?.into_iter();
        let number = ledger.destination(destination.name.as_str())?;
        // A destination that is no more, or has another name now, holds nobody.
        let saved: HashSet<String> = Destinations::of(home)
            .list()?
            .into_iter()
            .map(|one| one.name.as_str().trim().to_lowercase())
            .collect();
        let numbered = (0..).zip(ledger.destinations()?);
        let others = numbered.filter(|(at, name)| *at != number && saved.contains(name));
        Ok(Self {
            home: home.clone(),
            audience: audience.clone(),
            on_leave: destination.on_leave,
            destination: number,
            others: others.map(|(at, _)| at).collect(),
            source: ledger.source_notes(number)?,
            spelled: spelled(ledger.tags()?, &numbers, tags),
            tags: numbers,
            tag_names: ledger.tags()?,
            notes: ledger.audience_notes()?,
            refusals: refusals.map(|one| (one.key, one.reason)).collect(),
            undone: undone.map(|one| (one.key, one.after)).collect(),
        })
    }

    /// Opens the ledger itself. Blocks.
    pub fn ledger(&self) -> Result<Ledger, Error> {
        Ok(Ledger::open_or_begin_anew(&self.home, &self.audience)?)
    }

    /// Tells what is remembered of a person.
    pub fn of(&self, key: PersonKey) -> Remembered {
        Remembered {
            refusal: self.refusals.get(&key).copied(),
            undone: self.undone.get(&key).copied(),
        }
    }

    /// Goes through the plan and the ledger side by side, and decides about everybody of whom enough is known. Of what was
    /// looked at in this run the ledger is older: `looked` goes before it. Blocks.
    pub fn meet(&self, plan: &mut Plan, looked: &Looked) -> Result<Met, Error> {
        let ledger = self.ledger()?;
        let (send, receive) = sync_channel(4);
        let (merged, scan) = thread::scope(|scope| {
            let scanning = scope.spawn(move || -> Result<Scan, StoreError> {
                let mut some = Vec::with_capacity(CHUNK);
                // Nobody listens any more when the other side broke off, which it tells itself.
                let scan = ledger.each(|key, known| {
                    some.push((key, known));
                    if some.len() == CHUNK {
                        let full = std::mem::replace(&mut some, Vec::with_capacity(CHUNK));
                        let _sent = send.send(full);
                    }
                });
                let _sent = send.send(some);
                scan
            });
            let mut merging = Merging {
                memory: self,
                looked,
                rows: Rows::new(receive),
                at: None,
                met: Met {
                    news: looked.all().len() as u64,
                    ..Met::default()
                },
                gone: HashMap::new(),
            };
            plan.each(|outline| merging.take(outline));
            let merged = merging.finish();
            let scan = scanning.join();
            (merged, scan)
        });
        let scan = scan.map_err(|_panicked| Error::Broken("the ledger's reader".to_owned()))?;
        match scan {
            Ok(scan) => {
                let met = Met {
                    damaged: scan.damaged,
                    ..merged
                };
                Ok(changed_addresses(plan, met))
            }
            // Nothing of it is believed: the audience is read whole.
            Err(StoreError::Damaged { .. }) => {
                Ledger::begin_anew(&self.home, &self.audience)?;
                let news = looked.all().len() as u64;
                Ok(Met {
                    damaged: 1,
                    news,
                    ..Met::default()
                })
            }
            Err(why) => Err(why.into()),
        }
    }
}

/// Who is in the source but cannot be used leaves nothing, nor does a contact that another profile is about: its address was
/// changed in Mailchimp as in the source.
fn changed_addresses(plan: &mut Plan, mut met: Met) -> Met {
    let left = met.leavers.iter().filter(|leaver| !leaver.stays);
    let (profiles, ids): (HashSet<u64>, HashSet<PersonKey>) = left
        .map(|one| (one.profile, one.id.unwrap_or(one.key)))
        .unzip();
    if ids.is_empty() {
        return met;
    }
    let (mut unusable, mut others) = (HashSet::new(), HashSet::new());
    plan.each(|outline| {
        if outline.stage == Stage::Rejected {
            if outline.profile != 0 && profiles.contains(&outline.profile) {
                unusable.insert(outline.profile);
            }
        } else if ids.contains(&outline.key) {
            others.insert(outline.key);
        }
        None
    });
    met.leavers.retain(|one| {
        let is_left = !unusable.contains(&one.profile);
        one.stays || (is_left && !others.contains(&one.id.unwrap_or(one.key)))
    });
    met
}

/// Spells the run's own tags as they are named; the ledger knows tags without case.
fn spelled(mut names: Vec<String>, numbers: &[u16], tags: &[String]) -> Vec<String> {
    for (number, tag) in numbers.iter().zip(tags) {
        if let Some(name) = names.get_mut(usize::from(*number)) {
            name.clone_from(tag);
        }
    }
    names
}

/// Tells whether a status is one of people who do not want mail.
fn is_no(status: Status) -> bool {
    matches!(
        status,
        Status::Unsubscribed | Status::Cleaned | Status::Archived
    )
}

/// The rows of the ledger, one after the other, from another thread.
struct Rows {
    chunks: Receiver<Vec<(PersonKey, Known)>>,
    some: std::vec::IntoIter<(PersonKey, Known)>,
    next: Option<(PersonKey, Known)>,
}

impl Rows {
    fn new(chunks: Receiver<Vec<(PersonKey, Known)>>) -> Self {
        let mut rows = Self {
            chunks,
            some: Vec::new().into_iter(),
            next: None,
        };
        rows.advance();
        rows
    }

    /// Takes the next row, and has the one after it ready.
    fn advance(&mut self) -> Option<(PersonKey, Known)> {
        let taken = self.next.take();
        self.next = self.some.next().or_else(|| {
            self.some = self.chunks.recv().ok()?.into_iter();
            self.some.next()
        });
        taken
    }

    fn take_before(&mut self, key: Option<PersonKey>) -> Option<(PersonKey, Known)> {
        let (next, _) = self.next.as_ref()?;
        if key.is_some_and(|key| *next >= key) {
            return None;
        }
        self.advance()
    }

    fn take_at(&mut self, key: PersonKey) -> Option<Known> {
        let (next, _) = self.next.as_ref()?;
        if *next != key {
            return None;
        }
        self.advance().map(|(_, known)| known)
    }
}

struct Merging<'a> {
    memory: &'a Memory,
    looked: &'a Looked,
    rows: Rows,
    /// Whose entries of the plan are being gone through.
    at: Option<PersonKey>,
    met: Met,
    /// Contacts that a whole reading did not find under their keys, by Mailchimp's own identifier.
    gone: HashMap<[u8; 16], PersonKey>,
}

impl Merging<'_> {
    fn take(&mut self, outline: &Outline<'_>) -> Option<(Decision, Option<Status>)> {
        if outline.key.is_nobody() || self.at == Some(outline.key) {
            // Whoever stands behind the first of a key was merged into it, or cannot be used.
            return None;
        }
        self.at = Some(outline.key);
        while let Some((key, known)) = self.rows.take_before(Some(outline.key)) {
            self.not_in_source(key, known);
        }
        let Some(known) = self.rows.take_at(outline.key) else {
            if self.looked.is_partial() && outline.stage == Stage::Open {
                self.met.unknown.insert(outline.key);
            }
            return None;
        };
        let known = self.current(outline.key, known)?;
        self.count(&known);
        self.leaves(outline, &known);
        if outline.stage != Stage::Open {
            return None;
        }
        let decided = self.decide(outline, &known);
        if decided.is_none() {
            self.met.unknown.insert(outline.key);
        }
        decided
    }

    fn decide(&self, outline: &Outline<'_>, known: &Known) -> Option<(Decision, Option<Status>)> {
        let status = known.status?;
        let held = known.held_by(self.memory.destination);
        let same_values = held.is_some_and(|held| held.values == outline.values);
        let has = |tag: u16| known.held.iter().any(|held| held.tags.contains(tag));
        let mut wanted = outline.segments.iter();
        let has_tags = wanted.all(|at| self.memory.tags.get(at).is_some_and(|tag| has(*tag)));
        let undone = self.memory.undone.contains_key(&outline.key);
        let known = plan::Known {
            status,
            same_values: same_values && outline.values != 0,
            has_tags,
        };
        let decision = decide_known(outline.consent, known, undone)?;
        Some((decision, Some(status)))
    }

    /// Brings what is known of somebody up to what was seen in this run; `None` where the contact is gone.
    fn current(&mut self, key: PersonKey, mut known: Known) -> Option<Known> {
        if self.looked.is_absent(key) {
            return None;
        }
        if let Some(seen) = self.looked.find(key) {
            self.met.news = self.met.news.saturating_sub(1);
            known.status = Some(seen.status());
            known.moved = false;
            return Some(known);
        }
        if let Some(contact) = known.contact
            && let Some((id, status)) = self.looked.moved_to(contact, key)
        {
            // Whatever was sent there last, somebody touched the contact.
            known.held.iter_mut().for_each(|held| held.values = 0);
            (known.status, known.id, known.moved) = (Some(status), Some(id), true);
        } else if self.looked.is_whole() {
            if let Some(contact) = known.contact {
                self.gone.insert(contact, key);
            }
            return None;
        }
        if let (true, Some(id), Some(status)) = (known.moved, known.id, known.status) {
            self.met.moved.insert(key, (id, status));
        }
        Some(known)
    }

    fn not_in_source(&mut self, key: PersonKey, known: Known) {
        let Some(known) = self.current(key, known) else {
            return;
        };
        self.count(&known);
        if let Some(held) = known.held_by(self.memory.destination)
            && held.profile != 0
            && known.status.is_some_and(is_no)
        {
            self.met.said_no.insert(held.profile);
        }
        self.leave(key, &known, &TagSet::default(), false, false);
    }

    fn count(&mut self, known: &Known) {
        match known.status {
            // A contact whose address was changed in Mailchimp counts under the one it has now.
            _ if known.moved => {}
            Some(Status::Archived) => self.met.archived += 1,
            Some(_) => self.met.there += 1,
            None => {}
        }
        if let Some(held) = known.held_by(self.memory.destination) {
            for tag in held.tags.iter() {
                *self.met.holders.entry(tag).or_default() += 1;
            }
        }
    }

    /// Finds the tags that somebody in the source has from earlier and gets no more.
    fn leaves(&mut self, outline: &Outline<'_>, known: &Known) {
        if outline.stage == Stage::Rejected {
            return;
        }
        // Whoever says no in the source loses what is ours, whatever else was chosen (rule 1).
        let said_no = outline.consent == Consent::No;
        let mut wanted = TagSet::default();
        if !said_no {
            let places = outline.segments.iter();
            wanted = places
                .filter_map(|at| self.memory.tags.get(at).copied())
                .collect();
        }
        self.leave(outline.key, known, &wanted, true, said_no);
    }

    fn leave(
        &mut self,
        key: PersonKey,
        known: &Known,
        wanted: &TagSet,
        stays: bool,
        said_no: bool,
    ) {
        let memory = self.memory;
        if memory.on_leave == OnLeave::Keep && !said_no {
            return;
        }
        let Some(held) = known.held_by(memory.destination) else {
            return;
        };
        // An archived contact keeps its tags until it is back: that is owed.
        if known.status == Some(Status::Archived) {
            return;
        }
        let by_others = |tag: u16| {
            let others = known.held.iter();
            let mut others = others.filter(|held| memory.others.contains(&held.destination));
            others.any(|held| held.tags.contains(tag))
        };
        let left = held.tags.iter().filter(|tag| !wanted.contains(*tag));
        let (let_go, remove): (Vec<u16>, Vec<u16>) = left.partition(|tag| by_others(*tag));
        if let_go.is_empty() && remove.is_empty() {
            return;
        }
        self.met.leavers.push(Leaver {
            key,
            id: known.id,
            profile: held.profile,
            status: known.status,
            remove: remove.into_iter().collect(),
            let_go: let_go.into_iter().collect(),
            stays,
        });
    }

    fn finish(mut self) -> Met {
        while let Some((key, known)) = self.rows.take_before(None) {
            self.not_in_source(key, known);
        }
        // A contact that is gone under its key may be there under another one.
        if !self.gone.is_empty() {
            for seen in self.looked.all() {
                if let Some(key) = seen.contact().and_then(|contact| self.gone.get(&contact)) {
                    let now = (seen.key, seen.status());
                    self.met.moved.insert(*key, now);
                    self.met.unknown.insert(*key);
                }
            }
        }
        self.met
    }
}
