//! Compares the plan with the audience: who is there, and what differs.

use std::collections::{HashMap, HashSet};

use super::entry::Entry;
use super::record::{self, Read};
use super::{Order, Plan, SegmentSets, Stage, noted};
use crate::domain::{
    Consent, Contact, Decision, Member, Origin, PersonKey, Reason, SegmentSet, Status,
};
use crate::store::Error;

/// An address the audience is asked for by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Whose it is.
    pub person: PersonKey,
    /// The address as it is sent.
    pub address: String,
    /// The normalised address.
    pub key: String,
}

/// What is to be noted of somebody who was met.
struct Found {
    /// Their place in the index.
    at: usize,
    decision: Decision,
    status: Status,
    more_tags: bool,
    /// What is written once more, with what the contact was.
    record: Option<[Vec<u8>; 2]>,
}

impl Plan {
    /// Counts the members about whom nothing is decided yet.
    #[must_use]
    pub fn open_members(&self) -> u64 {
        let open = |entry: &&Entry| entry.stage() == Stage::Open;
        self.entries.iter().filter(open).count() as u64
    }

    /// Lists the first undecided members' addresses, in the order of reading.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn lookups(&self, most: usize) -> Result<Vec<Lookup>, Error> {
        let mut places = self.places(|entry| entry.stage() == Stage::Open);
        places.truncate(most);
        self.addresses(&places)
    }

    /// Lists the addresses of those of these people about whom nothing is decided, in the order of reading.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn lookups_among(&self, people: &HashSet<PersonKey>) -> Result<Vec<Lookup>, Error> {
        let open = |entry: &Entry| entry.stage() == Stage::Open && people.contains(&entry.key);
        self.addresses(&self.places(open))
    }

    /// Lists the addresses of these people, whatever is decided about them, in the order of reading.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn addresses_among(&self, people: &HashSet<PersonKey>) -> Result<Vec<Lookup>, Error> {
        let theirs = |entry: &Entry| !entry.stage().is_aside() && people.contains(&entry.key);
        self.addresses(&self.places(theirs))
    }

    /// Lists some of those who lack a tag by what was told of them, and may have it among those that were not told: the
    /// ones with the next keys.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn more_tags(&mut self, after: PersonKey, most: usize) -> Result<Vec<Lookup>, Error> {
        self.sort(Order::Keys);
        let from = self.entries.partition_point(|entry| entry.key <= after);
        let lacks = |entry: &&Entry| entry.stage() == Stage::Update && entry.has_more_tags();
        let some = self.entries[from..].iter().filter(lacks).take(most);
        let mut places: Vec<u64> = some.map(Entry::place).collect();
        places.sort_unstable();
        let mut lookups = self.addresses(&places)?;
        lookups.sort_unstable_by_key(|lookup| lookup.person);
        Ok(lookups)
    }

    fn addresses(&self, places: &[u64]) -> Result<Vec<Lookup>, Error> {
        let mut lookups = Vec::with_capacity(places.len());
        self.spool.each(places, |_, bytes| {
            let Read { text, met, .. } = self.read(bytes)?;
            let address = met.map_or(text.address, |met| Some(met.address));
            lookups.push(Lookup {
                person: PersonKey::of(text.key()),
                address: address.unwrap_or_default().to_owned(),
                key: text.key().to_owned(),
            });
            Ok(())
        })?;
        Ok(lookups)
    }

    /// Notes what the audience holds of these contacts. Those who are not in the plan are passed over; one who was seen
    /// before counts as last seen, since the audience may change while it is read. Of whom the run will touch, it is kept
    /// what they were.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn meet(
        &mut self,
        contacts: &[Contact],
        decide: impl Fn(&Member, &Contact) -> Decision,
    ) -> Result<(), Error> {
        self.sort(Order::Keys);
        let who: HashMap<usize, &Contact> = contacts
            .iter()
            .filter_map(|contact| Some((self.find(PersonKey::of(&contact.key))?, contact)))
            .collect();
        let mut who: Vec<(usize, &Contact)> = who.into_iter().collect();
        who.sort_unstable_by_key(|(at, _)| self.entries[*at].place());
        let places = who.iter().map(|(at, _)| self.entries[*at].place());
        let places: Vec<u64> = places.collect();
        let mut found = Vec::with_capacity(who.len());
        self.spool.each(&places, |nth, bytes| {
            let (at, contact) = who[nth];
            let read = self.read(bytes)?;
            let member = self.member(&self.entries[at], &read);
            let decision = decide(&member, contact);
            let record = match &decision {
                Decision::Update { .. } | Decision::Reinstate => {
                    let met = record::encode_met(&member, contact).map_err(Error::Encode)?;
                    Some([read.bytes.to_vec(), met])
                }
                Decision::Create | Decision::Leave | Decision::Suppress(_) => None,
            };
            found.push(Found {
                at,
                decision,
                status: contact.status,
                more_tags: contact.more_tags,
                record,
            });
            Ok(())
        })?;
        for found in found {
            self.take_found(&found)?;
        }
        self.spool.flush()
    }

    fn take_found(&mut self, found: &Found) -> Result<(), Error> {
        let lacks = matches!(&found.decision, Decision::Update { add } if !add.is_empty());
        self.note(found.at, &found.decision, Some(found.status));
        let entry = &mut self.entries[found.at];
        entry.set_more_tags(lacks && found.more_tags);
        if let Some([text, met]) = &found.record {
            entry.set_place(self.spool.append(&[text, met])?);
        }
        Ok(())
    }

    /// Takes all decisions back: the audience is read anew.
    pub fn reopen(&mut self) {
        for entry in &mut self.entries {
            if !entry.stage().is_aside() && entry.reason() != Some(Reason::Erased) {
                entry.set_stage(Stage::Open);
                entry.set_reason(None);
                entry.set_status(None);
                entry.link = SegmentSets::NONE;
            }
        }
    }

    /// Writes a decision into an entry.
    pub(super) fn note(&mut self, at: usize, decision: &Decision, status: Option<Status>) {
        let (stage, reason, add) = noted(decision);
        let add = add.map_or(SegmentSets::NONE, |add| self.sets.place(add));
        let entry = &mut self.entries[at];
        entry.set_stage(stage);
        entry.set_reason(reason);
        entry.set_status(status);
        entry.link = add;
    }

    /// Finds the entry that stands for a person.
    fn find(&self, key: PersonKey) -> Option<usize> {
        let near = self.stretches.around(key);
        let entries = self.entries.get(near.clone())?;
        let at = near.start + entries.partition_point(|entry| entry.key < key);
        let entry = self.entries.get(at)?;
        let theirs = entry.key == key && !key.is_nobody() && !entry.stage().is_aside();
        theirs.then_some(at)
    }

    /// Decides about everyone whom the audience does not hold, given what they said of consent and what an earlier run had
    /// to remember of them.
    pub fn meet_nobody(
        &mut self,
        refusals: &[(PersonKey, Reason)],
        decide: impl Fn(Consent, Option<Reason>) -> Decision,
    ) {
        let refusals: HashMap<PersonKey, Reason> = refusals.iter().copied().collect();
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if entry.stage() == Stage::Open {
                let refusal = refusals.get(&entry.key).copied();
                self.note(at, &decide(entry.consent(), refusal), None);
            }
        }
    }

    pub(super) fn read<'a>(&self, bytes: &'a [u8]) -> Result<Read<'a>, Error> {
        record::decode(bytes).map_err(|why| self.spool.damaged(&why))
    }

    pub(super) fn member(&self, entry: &Entry, read: &Read<'_>) -> Member {
        let Read { text, met, .. } = read;
        let address = met.as_ref().map(|met| met.address).or(text.address);
        Member {
            seq: entry.place(),
            profile: text.profile.map(str::to_owned),
            origin: Origin {
                file: self.files.name(text.file),
                line: text.line,
            },
            address: address.unwrap_or_default().to_owned(),
            key: text.key().to_owned(),
            person: entry.key,
            values: entry.values(),
            profile_hash: entry.id.short(),
            consent: entry.consent(),
            segments: self.sets.get(entry.segments).clone(),
            fields: text.fields.to_owned(),
            language: text.language.map(str::to_owned),
        }
    }

    /// The segments whose tags are to be added to somebody.
    pub(super) fn add_of(&self, entry: &Entry) -> &SegmentSet {
        self.sets.get(match entry.stage() {
            Stage::Create | Stage::Reinstate => entry.segments,
            _ => entry.link,
        })
    }
}
