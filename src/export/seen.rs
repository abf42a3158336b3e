//! What a run saw of the audience, to be kept in the ledger: a few bytes a contact, since there may be a million.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::memory::{Leaver, Memory, Met};
use crate::domain::{Contact, Decision, Member, PersonKey, Status};
use crate::store::{AudienceNotes, Known, Ledger, TagSet};

/// A contact as it was seen last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub key: PersonKey,
    contact: [u8; 16],
    /// The hash of the member's values, where the contact holds them and all its tags; else 0.
    values: u64,
    profile: u64,
    /// The places of the sets of tags: those it has of ours, and those the member wants.
    tags: u32,
    wanted: u32,
    status: u8,
    has_all_tags: bool,
}

impl Seen {
    pub fn status(&self) -> Status {
        let known = Status::ALL.get(usize::from(self.status)).copied();
        known.unwrap_or(Status::Unsubscribed)
    }

    pub fn contact(&self) -> Option<[u8; 16]> {
        Some(self.contact).filter(|contact| *contact != [0; 16])
    }
}

/// How far the audience was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Extent {
    /// Some contacts only: who is neither among them nor remembered has to be asked for.
    #[default]
    Some,
    /// What changed since everybody was known.
    Changes,
    /// Everybody.
    Whole,
}

/// All that was seen.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub extent: Extent,
    /// The people who are looked for in a list; `None` where everybody in it counts.
    pub only: Option<HashSet<PersonKey>>,
    seen: Vec<Seen>,
    sorted: bool,
    sets: Vec<TagSet>,
    places: HashMap<TagSet, u32>,
    /// Ids of contacts that differ from their keys, which is rare.
    ids: HashMap<PersonKey, PersonKey>,
    /// Who was asked for and is not there.
    absent: HashSet<PersonKey>,
    /// Whether lists and counts did not agree: then some contacts may not be among them.
    pub has_gap: bool,
    /// Whom the changes name by Mailchimp's own identifier.
    by_contact: HashMap<[u8; 16], (PersonKey, Status)>,
}

impl Looked {
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    pub fn is_partial(&self) -> bool {
        self.extent == Extent::Some
    }

    pub fn all(&self) -> &[Seen] {
        &self.seen
    }

    /// Leaves out contacts who are not looked for.
    pub fn pass_over(&self, contacts: &mut Vec<Contact>) {
        if let Some(only) = &self.only {
            contacts.retain(|contact| only.contains(&PersonKey::of(&contact.key)));
        }
    }

    /// Takes in contacts, as they are read, and those of them that hold what their member would bring.
    pub fn take(&mut self, memory: &Memory, contacts: &[Contact], held: Vec<Holding>) {
        self.sorted = false;
        let mut held: HashMap<PersonKey, Holding> =
            held.into_iter().map(|held| (held.key, held)).collect();
        for contact in contacts {
            let key = PersonKey::of(&contact.key);
            let status = Status::ALL.iter().position(|one| *one == contact.status);
            if let Some(id) = contact.id.filter(|id| *id != key) {
                self.ids.insert(key, id);
            }
            if let (false, Some(told)) = (self.is_whole(), contact.contact_id) {
                self.by_contact.insert(told, (key, contact.status));
            }
            let tags = self.place(memory.ours(&contact.tags));
            let held = held.remove(&key);
            let (values, profile) = held
                .as_ref()
                .map_or((0, 0), |one| (one.values, one.profile));
            let wanted = held.map_or(0, |one| self.place(one.tags));
            self.seen.push(Seen {
                key,
                contact: contact.contact_id.unwrap_or_default(),
                values,
                profile,
                tags,
                wanted,
                status: u8::try_from(status.unwrap_or(0)).unwrap_or(0),
                has_all_tags: !contact.more_tags,
            });
        }
    }

    /// Takes note of who was asked for: those who were not found are not there.
    pub fn asked(&mut self, people: &[PersonKey]) {
        self.sort();
        let absent = people.iter().filter(|key| self.find(**key).is_none());
        let absent: Vec<PersonKey> = absent.copied().collect();
        self.absent.extend(absent);
    }

    /// Tells whether somebody was asked for and is not there.
    pub fn is_absent(&self, key: PersonKey) -> bool {
        self.absent.contains(&key)
    }

    fn place(&mut self, set: TagSet) -> u32 {
        if self.sets.is_empty() {
            self.sets.push(TagSet::default());
            self.places.insert(TagSet::default(), 0);
        }
        if let Some(place) = self.places.get(&set) {
            return *place;
        }
        let place = u32::try_from(self.sets.len()).unwrap_or(0);
        self.sets.push(set.clone());
        self.places.insert(set, place);
        place
    }

    /// Sorts by key; of whoever was seen twice the latest stays.
    pub fn sort(&mut self) {
        if self.sorted {
            return;
        }
        self.seen.reverse();
        self.seen.sort_by_key(|seen| seen.key);
        self.seen.dedup_by_key(|seen| seen.key);
        self.sorted = true;
    }

    /// Finds a contact by key; sorted before.
    pub fn find(&self, key: PersonKey) -> Option<&Seen> {
        let at = self.seen.binary_search_by_key(&key, |seen| seen.key);
        at.ok().map(|at| &self.seen[at])
    }

    /// Tells under which key a contact is now that was known under another one.
    pub fn moved_to(&self, contact: [u8; 16], from: PersonKey) -> Option<(PersonKey, Status)> {
        let (key, status) = *self.by_contact.get(&contact)?;
        (key != from).then_some((key, status))
    }

    fn known(&self, memory: &Memory, seen: &Seen, old: Option<Known>, now: i64) -> Known {
        let mut known = old.unwrap_or_default();
        known.status = Some(seen.status());
        known.seen = now;
        known.id = self.ids.get(&seen.key).copied();
        known.moved &= known.id.is_some();
        known.contact = seen.contact().or(known.contact);
        let tags = &self.sets[seen.tags as usize];
        for held in &mut known.held {
            // What somebody else took away is not there any more.
            if seen.has_all_tags {
                held.tags = held.tags.iter().filter(|tag| tags.contains(*tag)).collect();
            }
            // Somebody changed it, or the run is about to: what was delivered does not count. Whether the contact holds
            // what another destination delivered nobody can tell here, and later runs look only at later changes.
            if held.destination != memory.destination || seen.values == 0 {
                held.values = 0;
            }
        }
        if seen.values != 0 {
            let held = known.hold(memory.destination);
            (held.values, held.profile) = (seen.values, seen.profile);
            held.tags.extend(&self.sets[seen.wanted as usize]);
        }
        known
    }
}

/// A member whose contact holds all that it would bring.
#[derive(Debug)]
pub(super) struct Holding {
    key: PersonKey,
    values: u64,
    profile: u64,
    tags: TagSet,
}

impl Holding {
    /// Notes it, where that is what was decided.
    pub fn of(memory: &Memory, member: &Member, decision: &Decision) -> Option<Self> {
        if *decision != Decision::Leave {
            return None;
        }
        let places = member.segments.iter();
        Some(Self {
            key: member.person,
            values: member.values,
            profile: member.profile_hash,
            tags: places
                .filter_map(|at| memory.tags.get(at).copied())
                .collect(),
        })
    }
}

impl Memory {
    /// Which of the tags that have numbers are among these.
    fn ours(&self, names: &[String]) -> TagSet {
        let number = |name: &String| {
            let name = name.trim().to_lowercase();
            let at = self.tag_names.iter().position(|known| *known == name)?;
            u16::try_from(at).ok()
        };
        names.iter().filter_map(number).collect()
    }

    /// Takes what a run saw of the audience into the ledger. Gives what had been delivered to those of whom that does not
    /// count any more: the hash of the values. Blocks.
    pub fn take_in(
        &self,
        mut looked: Looked,
        met: &Met,
        notes: &AudienceNotes,
        now: i64,
    ) -> Result<HashMap<PersonKey, u64>, Error> {
        let mut delivered = HashMap::new();
        looked.sort();
        let mut ledger = self.ledger()?;
        if looked.is_whole() && !looked.has_gap {
            forget_gone(&mut ledger, &looked, met)?;
        }
        let seen = looked.all().iter().map(|seen| (seen.key, seen));
        ledger.merge(seen, |old, seen| {
            let held = old.as_ref().and_then(|old| old.held_by(self.destination));
            let values = held.map_or(0, |held| held.values);
            let known = looked.known(self, seen, old, now);
            let held = known.held_by(self.destination);
            if values != 0 && held.is_none_or(|held| held.values == 0) {
                delivered.insert(seen.key, values);
            }
            Some(known)
        })?;
        let mut moved: Vec<_> = met.moved.iter().map(|(key, now)| (*key, *now)).collect();
        moved.sort_unstable_by_key(|(key, _)| *key);
        ledger.merge(moved, |old, (id, status)| {
            let mut known = old?;
            (known.id, known.status, known.moved) = (Some(id), Some(status), true);
            Some(known)
        })?;
        let former = met.former.iter().map(|one| (one.key, one));
        ledger.merge(former, |old, one| {
            let mut known = old.unwrap_or_default();
            (known.status, known.seen) = (Some(one.status), now);
            known.hold(self.destination).profile = one.profile;
            Some(known)
        })?;
        let mut absent: Vec<_> = looked.absent.iter().copied().collect();
        absent.sort_unstable();
        ledger.delete(absent)?;
        let let_go = |leaver: &&Leaver| !leaver.let_go.is_empty();
        let mut left: Vec<_> = met.leavers.iter().filter(let_go).collect();
        left.sort_unstable_by_key(|leaver| leaver.key);
        let left = left.into_iter().map(|leaver| (leaver.key, leaver));
        ledger.merge(left, |old, leaver| {
            let mut known = old?;
            let held = known.hold(self.destination);
            leaver.let_go.iter().for_each(|tag| held.tags.remove(tag));
            Some(known)
        })?;
        ledger.note_audience(notes)?;
        Ok(delivered)
    }
}

/// Forgets contacts that a whole reading did not find; those whose address was changed stay under the old one too.
fn forget_gone(ledger: &mut Ledger, looked: &Looked, met: &Met) -> Result<(), Error> {
    let mut gone = Vec::new();
    ledger.each(|key, _| {
        if looked.find(key).is_none() && !met.moved.contains_key(&key) {
            gone.push(key);
        }
    })?;
    ledger.delete(gone)?;
    Ok(())
}
