//! What earlier runs left behind of the audience: whom it holds, and with what of ours. Most people are decided about by
//! it, so that the audience need not be read for them.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::sync_channel;
use std::thread;

use jiff::Timestamp;

use super::Error;
use super::former::Former;
use super::merging::Merging;
use super::seen::Looked;
use crate::domain::{
    AudienceId, Destination, DestinationId, OnLeave, PersonKey, Reason, RemovedTag, SegmentSet,
    Status,
};
use crate::plan::Remembered;
use crate::store::{
    AudienceNotes, Destinations, Error as StoreError, Home, Ledger, Plan, Scan, SourceNotes, Stage,
    TagSet,
};

/// How many rows of the ledger are handed over at once.
const CHUNK: usize = 4096;

/// What is remembered of an audience, but for its people, who stay in the ledger.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    home: Home,
    audience: AudienceId,
    pub id: DestinationId,
    pub on_leave: OnLeave,
    /// The destination's number.
    pub destination: u16,
    /// The numbers of the other destinations to the audience that are saved.
    pub others: HashSet<u16>,
    /// The numbers of the tags of the run's segments, by place.
    pub tags: Vec<u16>,
    /// The names of all tags that have numbers, in lower case, by number.
    pub tag_names: Vec<String>,
    /// The same, but those of the destination as they are spelled.
    pub spelled: Vec<String>,
    pub notes: AudienceNotes,
    /// Whether it was damaged when it was opened, so that it began anew.
    pub begun_anew: bool,
    /// What the last complete reading of the destination's source came to.
    pub source: Option<SourceNotes>,
    /// The tags that whoever has them keeps: of segments that are gone from the source, or of some that were taken out of
    /// the destination.
    pub left: TagSet,
    /// The tags that the destination gives no more, and that are to be removed from however many have them.
    pub confirmed: TagSet,
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
    /// Those of them that the ledger has to learn anew, in the order of their keys.
    pub former: Vec<Former>,
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
                let read = Self::read(home, destination, tags, now)?;
                Ok(Self {
                    begun_anew: true,
                    ..read
                })
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
        let notes = ledger.audience_notes()?;
        let numbers = tags.iter().map(|tag| ledger.tag(tag));
        let numbers: Vec<u16> = numbers.collect::<Result<_, _>>()?;
        let (mut left, mut confirmed) = (TagSet::default(), TagSet::default());
        let mut named: Vec<(u16, String)> = numbers.iter().copied().zip(tags.to_vec()).collect();
        for (tag, what) in &destination.removed_tags {
            let number = ledger.tag(tag)?;
            if numbers.contains(&number) {
                continue;
            }
            match what {
                // Nobody said anything: whoever has it leaves a segment like any other.
                RemovedTag::Asked => {}
                RemovedTag::Untag => confirmed.insert(number),
                RemovedTag::Keep => left.insert(number),
            }
            named.push((number, tag.clone()));
        }
        let refusals = ledger.refusals()?.into_iter();
        let refusals = refusals.filter(|one| one.still_holds(now));
        let undone = ledger.undone()?.into_iter();
        let number = ledger.destination(destination.id().as_str())?;
        // A destination that is no more, or exports elsewhere by now, holds nobody.
        let saved: HashSet<String> = Destinations::of(home)
            .list()?
            .into_iter()
            .filter(|one| one.audience == *audience)
            .map(|one| one.id().as_str().to_lowercase())
            .collect();
        let numbered = (0..).zip(ledger.destinations()?);
        let others = numbered.filter(|(at, name)| *at != number && saved.contains(name));
        Ok(Self {
            home: home.clone(),
            audience: audience.clone(),
            id: destination.id(),
            on_leave: destination.on_leave,
            destination: number,
            others: others.map(|(at, _)| at).collect(),
            source: ledger.source_notes(number)?,
            left,
            confirmed,
            spelled: spelled(ledger.tags()?, named),
            tags: numbers,
            tag_names: ledger.tags()?,
            notes,
            begun_anew: false,
            refusals: refusals.map(|one| (one.key, one.reason)).collect(),
            undone: undone.map(|one| (one.key, one.after)).collect(),
        })
    }

    /// Leaves the tags of these segments as they are: the source does not tell any more who is in them.
    pub fn leave(&mut self, segments: &SegmentSet) {
        let places = segments.iter();
        let tags = places.filter_map(|at| self.tags.get(at).copied());
        tags.for_each(|tag| self.left.insert(tag));
    }

    /// Where all that is kept lies.
    pub fn home(&self) -> &Home {
        &self.home
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
            let mut merging = Merging::new(self, looked, receive);
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

/// Spells the destination's own tags as they are named; the ledger knows tags without case.
fn spelled(mut names: Vec<String>, own: Vec<(u16, String)>) -> Vec<String> {
    for (number, tag) in own {
        if let Some(name) = names.get_mut(usize::from(number)) {
            *name = tag;
        }
    }
    names
}

/// Tells whether a status is one of people who do not want mail.
pub(super) fn is_no(status: Status) -> bool {
    matches!(
        status,
        Status::Unsubscribed | Status::Cleaned | Status::Archived
    )
}
