use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use super::notes::{folded, forget_extent, note_folded};
use super::people::merge;
use super::remembered::{
    Refusal, Undone, any_undone, forget_undone, note_debt, note_paid, note_refusal, note_undone,
};
use super::{Known, Ledger, TagSet, failure, number};
use crate::domain::{Fate, PersonKey, Reason, SegmentSet, Status};
use crate::store::journal::{Damage, Folded, JournalReader, MemberFate, fold_journal};
use crate::store::{Error, RunFolder};

/// A longer journal is folded in parts, by people, each in a reading of its own, so that what is collected of it fits into
/// memory however long it is: about half a million fates at once.
const PART: u64 = 32 * 1024 * 1024;

/// What a fate does to what is known of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// The contact is as this destination sent it, and nobody else's.
    Made,
    /// The contact holds what this destination sent.
    Holds,
    /// Only the status is news.
    Seen,
    /// A tag is gone.
    Untagged,
    /// Values and added tags are as they were before the run.
    Restored,
    /// The contact is archived, and nothing of ours counts.
    Archived,
    /// The contact is about to be archived; until then nobody can tell its status.
    Unclear,
}

/// A fate, small enough for a million of them.
#[derive(Debug)]
struct News {
    key: PersonKey,
    values: u64,
    profile: u64,
    /// The place of the set of tags.
    tags: u32,
    /// Mailchimp's own identifier of the contact; all zero where it was not told.
    contact: [u8; 16],
    effect: Effect,
    status: Option<Status>,
}

/// What a journal's fates come to, collected until they can be written in the order of the keys.
#[derive(Debug, Default)]
struct Collected {
    news: Vec<News>,
    /// Ids of contacts that differ from the keys, which is rare.
    ids: HashMap<PersonKey, PersonKey>,
    /// Distinct sets of segments, and of one tag each, by their places in `sets`.
    places: HashMap<Set, u32>,
    sets: Vec<Set>,
    refusals: Vec<(PersonKey, Reason)>,
    undone: Vec<(PersonKey, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Set {
    Segments(SegmentSet),
    Tag(String),
}

impl Collected {
    fn place(&mut self, set: Set) -> u32 {
        if let Some(place) = self.places.get(&set) {
            return *place;
        }
        let place = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(set.clone());
        self.places.insert(set, place);
        place
    }

    fn take(&mut self, fate: MemberFate<'_>) {
        let MemberFate { sent, settled, .. } = fate;
        let (effect, status) = match &settled.fate {
            Fate::Created { status } | Fate::Reinstated { status } => (Effect::Made, Some(*status)),
            Fate::Updated { status } | Fate::Unchanged { status } => (Effect::Holds, Some(*status)),
            Fate::Suppressed(reason) => {
                self.refuse(sent.key, *reason);
                match seen_as(*reason) {
                    Some(status) => (Effect::Seen, Some(status)),
                    None => return,
                }
            }
            Fate::Rejected(reason) => return self.refuse(sent.key, *reason),
            Fate::Untagged | Fate::NotTagged => (Effect::Untagged, None),
            Fate::Restored { status } => (Effect::Restored, Some(*status)),
            Fate::Undone => {
                self.undone.push((sent.key, settled.after));
                (Effect::Archived, Some(Status::Archived))
            }
            Fate::Recreated { .. } => (Effect::Unclear, None),
            Fate::Left | Fate::Nothing => return,
        };
        let set = match (effect, fate.tag) {
            (Effect::Untagged, Some(tag)) => Set::Tag(tag.to_owned()),
            // Which tag it was is not written down.
            (Effect::Untagged, None) => return,
            (Effect::Restored, _) => Set::Segments(sent.add.clone()),
            _ => Set::Segments(sent.segments.clone()),
        };
        let tags = self.place(set);
        if let Some(id) = sent.id {
            self.ids.insert(sent.key, id);
        }
        self.news.push(News {
            key: sent.key,
            values: sent.values,
            profile: sent.profile,
            tags,
            contact: settled.contact.unwrap_or_default(),
            effect,
            status,
        });
    }

    fn refuse(&mut self, key: PersonKey, reason: Reason) {
        if reason.is_remembered() {
            self.refusals.push((key, reason));
        }
    }
}

/// The status of someone left alone for this reason.
fn seen_as(reason: Reason) -> Option<Status> {
    match reason {
        Reason::Unsubscribed => Some(Status::Unsubscribed),
        Reason::Cleaned => Some(Status::Cleaned),
        Reason::Archived => Some(Status::Archived),
        Reason::AwaitingConfirmation => Some(Status::Pending),
        _ => None,
    }
}

impl Ledger {
    /// Takes in what became of everyone in a run, from its journal, all or nothing; what is in doubt is not taken in, so
    /// it is settled before. Gives what the journal comes to; `None` where it is folded already, or there is none.
    ///
    /// # Errors
    /// Fails when the journal cannot be read, or the disk does.
    pub fn fold_run(&mut self, run: &RunFolder) -> Result<Option<Folded>, Error> {
        self.fold_by(PART, run)
    }

    /// Folds in parts of about so many bytes of the journal.
    pub(super) fn fold_by(&mut self, part: u64, run: &RunFolder) -> Result<Option<Folded>, Error> {
        let path = run.journal();
        let Ok(file) = std::fs::metadata(&path) else {
            return Ok(None);
        };
        let length = file.len();
        if folded(&self.db, &run.id).map_err(self.failed())? == Some(length) {
            return Ok(None);
        }
        let parts = length / part + 1;
        let ledger = self.path.clone();
        let failed = |why| failure(&ledger, why);
        self.all_or_nothing(|db| {
            let mut told = None;
            for part in 0..parts {
                let Some(journal) = JournalReader::open(&path)? else {
                    return Ok(None);
                };
                let mut collected = Collected::default();
                let folded = fold_journal(journal, |fate| {
                    if part_of(fate.sent.key, parts) == part {
                        collected.take(fate);
                    }
                })?;
                // Whoever comes twice keeps the order: the last fate counts.
                collected.news.sort_by_key(|news| news.key);
                write(db, &collected, &folded).map_err(failed)?;
                told = Some(folded);
            }
            if let Some(told) = &told {
                end(db, told, run, length).map_err(failed)?;
            }
            Ok(told)
        })
    }
}

/// Which of so many parts a person is in; each holds a stretch of keys, one after the other.
fn part_of(key: PersonKey, parts: u64) -> u64 {
    let [first, second, ..] = *key.as_bytes();
    (u64::from(u16::from_be_bytes([first, second])) * parts) >> u16::BITS
}

/// The service's clock before any write of the run; ours, where it did not tell.
fn clock_of(told: &Folded) -> i64 {
    let began = told.began.as_ref().map(|began| began.at / 1000);
    told.clock.or(began).unwrap_or(0)
}

fn by_us(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap_or_default()
}

/// Writes a part of the fates.
fn write(db: &Connection, collected: &Collected, told: &Folded) -> rusqlite::Result<()> {
    let began = told.began.as_ref();
    let clock = clock_of(told);
    // Without its first record nobody can tell which destination's a journal is: then only what was seen counts.
    let destination = began.map(|began| number(db, "destination", &began.destination));
    let destination = destination.transpose()?;
    let mut tags = Vec::new();
    for (_, tag) in began.iter().flat_map(|began| &began.segments) {
        tags.push(number(db, "tag", tag)?);
    }
    let mut sets = Vec::with_capacity(collected.sets.len());
    for set in &collected.sets {
        sets.push(match set {
            Set::Segments(set) => set.iter().filter_map(|at| tags.get(at).copied()).collect(),
            Set::Tag(tag) => TagSet::from_iter([number(db, "tag", tag)?]),
        });
    }
    let news = collected.news.iter().map(|news| (news.key, news));
    merge(db, news, |known, news| {
        let mut known = known.unwrap_or_default();
        known.seen = clock;
        if let Some(id) = collected.ids.get(&news.key) {
            known.id = Some(*id);
        }
        let none = TagSet::default();
        let tags = sets.get(news.tags as usize).unwrap_or(&none);
        apply(&mut known, news, destination, tags);
        Some(known)
    })?;
    let made = |news: &&News| news.effect == Effect::Made;
    // Nobody was undone, nearly always: then a million people need not be looked for among them.
    if any_undone(db)? {
        for news in collected.news.iter().filter(made) {
            forget_undone(db, news.key)?;
        }
    }
    for &(key, after) in &collected.undone {
        let since = clock;
        note_undone(db, &Undone { key, since, after })?;
    }
    note_refusals(db, collected, told, by_us(clock))?;
    let archived = |news: &&News| news.effect == Effect::Archived;
    for news in collected.news.iter().filter(archived) {
        let id = collected.ids.get(&news.key).copied().unwrap_or(news.key);
        note_paid(db, id)?;
    }
    Ok(())
}

/// Notes the run's debts, and that it is folded.
fn end(db: &Connection, told: &Folded, run: &RunFolder, length: u64) -> rusqlite::Result<()> {
    for &key in &told.paid {
        note_paid(db, key)?;
    }
    for owed in &told.owed {
        let debt = owed.id.unwrap_or(owed.key);
        note_debt(db, debt, by_us(clock_of(told)))?;
    }
    if told.damage != Damage::default() || told.strays > 0 {
        // Nobody can tell who was delivered: the next run reads the audience whole.
        forget_extent(db)?;
    }
    note_folded(db, &run.id, length)
}

/// Notes who was refused, with what the service said where it contradicts itself.
fn note_refusals(
    db: &Connection,
    collected: &Collected,
    told: &Folded,
    since: Timestamp,
) -> rusqlite::Result<()> {
    let said: HashMap<_, _> = told.said.iter().map(|(key, words)| (key, words)).collect();
    for &(key, reason) in &collected.refusals {
        let words = said.get(&key).filter(|_| reason == Reason::Unclear);
        let words = words.map(|words| (*words).clone()).unwrap_or_default();
        let refusal = Refusal {
            key,
            reason,
            since,
            words,
        };
        note_refusal(db, &refusal)?;
    }
    Ok(())
}

fn apply(known: &mut Known, news: &News, destination: Option<u16>, tags: &TagSet) {
    if news.effect != Effect::Untagged {
        known.status = news.status;
    }
    if news.contact != [0; 16] {
        known.contact = Some(news.contact);
    }
    // Whoever is made anew has nothing any more of what others had sent.
    if let Effect::Made | Effect::Archived | Effect::Unclear = news.effect {
        known.held.clear();
    }
    let Some(destination) = destination else {
        return;
    };
    match news.effect {
        Effect::Made | Effect::Holds => {
            let held = known.hold(destination);
            // A call that only adds tags sends no values, and leaves them as they are.
            if news.values != 0 {
                held.values = news.values;
            }
            held.profile = news.profile;
            held.tags.extend(tags);
        }
        Effect::Untagged | Effect::Restored => {
            if known.held_by(destination).is_some() {
                let held = known.hold(destination);
                tags.iter().for_each(|tag| held.tags.remove(tag));
                if news.effect == Effect::Restored {
                    held.values = 0;
                }
            }
        }
        Effect::Seen | Effect::Archived | Effect::Unclear => {}
    }
}
