//! The plan and the ledger gone through side by side, in the order of their keys.

use std::collections::HashMap;
use std::sync::mpsc::Receiver;

use super::memory::{Leaver, Memory, Met, is_no};
use super::seen::Looked;
use crate::domain::{Consent, Decision, OnLeave, PersonKey, Status};
use crate::plan::{self, decide_known};
use crate::store::{Known, Outline, Stage, TagSet};

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

/// What goes through them, and what that came to.
pub(super) struct Merging<'a> {
    memory: &'a Memory,
    looked: &'a Looked,
    rows: Rows,
    /// Whose entries of the plan are being gone through.
    at: Option<PersonKey>,
    met: Met,
    /// Contacts that a whole reading did not find under their keys, by Mailchimp's own identifier.
    gone: HashMap<[u8; 16], PersonKey>,
}

impl<'a> Merging<'a> {
    pub fn new(
        memory: &'a Memory,
        looked: &'a Looked,
        chunks: Receiver<Vec<(PersonKey, Known)>>,
    ) -> Self {
        let news = looked.all().len() as u64;
        Self {
            memory,
            looked,
            rows: Rows::new(chunks),
            at: None,
            met: Met {
                news,
                ..Met::default()
            },
            gone: HashMap::new(),
        }
    }

    pub fn take(&mut self, outline: &Outline<'_>) -> Option<(Decision, Option<Status>)> {
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
        let keeps = memory.on_leave == OnLeave::Keep;
        let is_left = |tag: u16| {
            let stays = memory.left.contains(tag) || keeps && !memory.confirmed.contains(tag);
            stays && !said_no
        };
        let left = held.tags.iter();
        let left = left.filter(|tag| !wanted.contains(*tag) && !is_left(*tag));
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

    pub fn finish(mut self) -> Met {
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
