//! What there is to take back: a fold of the run's journal, less what an undo that ended early has done, joined with the
//! images.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use tokio::sync::mpsc;

use super::target::{Target, fold};
use crate::deliver::{Did, Touched};
use crate::domain::{Before, ChangeKind, Fate, PersonKey, SegmentSet, Status};
use crate::export::Error;
use crate::store::{CallKind, ImageReader, MemberFate, RunFolder, Sent};

/// How many contacts an undo has seen to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub archived: u64,
    pub restored: u64,
    pub left: u64,
}

impl Sums {
    pub fn done(self) -> u64 {
        self.archived + self.restored + self.left
    }
}

/// What a run did to a contact; what the contact was before is told by the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Created,
    Updated,
    Perhaps,
    Untagged,
    /// Nothing is left to be taken back: a contact that was made anew was archived again at once.
    Over,
}

#[derive(Debug)]
struct Entry {
    sent: Sent,
    kind: Kind,
    status: Option<Status>,
    untagged: Vec<String>,
    unseen: Vec<String>,
    after: u64,
    has_image: bool,
}

/// What a run did to a contact, as it is told to a person.
#[derive(Debug)]
pub(super) struct Told {
    pub key: PersonKey,
    pub what: ChangeKind,
    /// What the contact was before, where that is still known.
    pub before: Option<Before>,
    pub added: SegmentSet,
    pub removed: Vec<String>,
}

/// All that there is to take back.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: Vec<Entry>,
    places: HashMap<PersonKey, usize>,
    /// Whom an undo that ended early has seen to.
    done: HashSet<PersonKey>,
    /// With whom it had begun.
    begun: HashSet<PersonKey>,
    pub sums: Sums,
    /// Contacts that were changed and have no image.
    pub lost: u64,
    /// Contacts whose address was empty.
    pub addresses: u64,
    /// Contacts of whom it has to be looked up first whether the run got to them: it was killed, and is not settled.
    pub in_doubt: u64,
    /// Whether some of the journal cannot be read any more.
    pub is_damaged: bool,
}

impl Gathered {
    /// Reads journals and images. `addresses` are the tags of the merge fields that hold one.
    pub fn of(target: &Target, addresses: &[String]) -> Result<Self, Error> {
        let mut all = Self::default();
        let folded = target.fold(|fate| all.take(fate))?;
        let in_doubt = folded.in_doubt.iter();
        all.in_doubt = in_doubt.map(|intent| intent.members.len() as u64).sum();
        all.is_damaged = folded.damage.places > 0;
        if let Some(undo) = &target.undo {
            fold(undo, |fate| all.take_done(fate))?;
        }
        let is_empty = |before: &Before| {
            let mut tags = addresses.iter().filter_map(|tag| before.fields.get(tag));
            tags.any(|value| match value {
                Value::String(text) => text.is_empty(),
                Value::Object(parts) => parts.values().all(|part| part == ""),
                _ => false,
            })
        };
        let mut empty = 0;
        let read = each_image(&target.run, |key, before| {
            let place = all.places.get(&key).copied();
            let entry = place.and_then(|at| all.entries.get_mut(at));
            if let Some(entry) = entry.filter(|entry| entry.needs_image() && !entry.has_image) {
                entry.has_image = true;
                empty += u64::from(!all.done.contains(&key) && is_empty(&before));
            }
            true
        });
        // What cannot be read of the images is lost, and costs only that.
        if let Err(why) = read {
            tracing::warn!(error = %why, "images of a run");
        }
        all.addresses = empty;
        let lost = |entry: &&Entry| entry.kind == Kind::Updated && !entry.has_image;
        all.lost = all.entries.iter().filter(lost).count() as u64;
        Ok(all)
    }

    /// Counts contacts to be archived and to be restored, and the calls that this takes.
    pub fn counts(&self) -> (u64, u64, u64) {
        let (mut archive, mut restore, mut calls) = (0, 0, 0);
        for entry in self.open() {
            if entry.kind == Kind::Created {
                archive += 1;
                calls += 2;
            } else {
                restore += 1;
                let tags = !entry.sent.add.is_empty() || !entry.untagged.is_empty();
                calls += 1 + u64::from(entry.needs_image()) + u64::from(tags);
            }
        }
        (archive, restore, calls)
    }

    /// Counts the contacts that are seen to or are still to be.
    pub fn total(&self) -> u64 {
        self.sums.done() + self.open().count() as u64
    }

    /// Who is still to be seen to.
    fn open(&self) -> impl Iterator<Item = &Entry> {
        let has_all = |entry: &Entry| !entry.needs_image() || entry.has_image;
        let open = self.entries.iter().filter(|entry| entry.kind != Kind::Over);
        open.filter(move |entry| has_all(entry) && !self.done.contains(&entry.sent.key))
    }

    /// Whom the run wrote to.
    pub fn people(&self) -> HashSet<PersonKey> {
        self.places.keys().copied().collect()
    }

    /// Tells what the run did to each contact, also where nothing is known any more of what it was before.
    pub fn tell(
        &self,
        run: &RunFolder,
        mut each: impl FnMut(Told) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let known = |entry: &Entry| entry.needs_image() && entry.has_image;
        let all = self.entries.iter().filter(|entry| entry.kind != Kind::Over);
        for entry in all.filter(|entry| !known(entry)) {
            each(entry.told(None))?;
        }
        let (mut seen, mut failed) = (HashSet::new(), Ok(()));
        each_image(run, |key, before| {
            let entry = self.places.get(&key).map(|at| &self.entries[*at]);
            // Of someone who was written to twice the first image counts.
            if let Some(entry) = entry.filter(|entry| known(entry) && seen.insert(key)) {
                failed = each(entry.told(Some(before)));
            }
            failed.is_ok()
        })?;
        failed
    }

    /// Hands out the contacts one by one, until nobody takes them any more.
    pub fn feed(mut self, run: &RunFolder, feed: &mpsc::Sender<Touched>) -> Result<(), Error> {
        for entry in self.open().filter(|entry| !entry.needs_image()) {
            let did = match entry.kind {
                Kind::Created => Did::Created,
                _ => Did::Untagged,
            };
            if feed.blocking_send(self.touched(entry, did)).is_err() {
                return Ok(());
            }
        }
        let mut seen = std::mem::take(&mut self.done);
        each_image(run, |key, before| {
            let entry = self.places.get(&key).map(|at| &self.entries[*at]);
            // Of someone who was written to twice the first image counts.
            let Some(entry) = entry.filter(|entry| entry.needs_image() && seen.insert(key)) else {
                return true;
            };
            let did = match entry.kind {
                Kind::Perhaps => Did::Perhaps(before),
                _ => Did::Updated(before),
            };
            feed.blocking_send(self.touched(entry, did)).is_ok()
        })
    }

    fn touched(&self, entry: &Entry, did: Did) -> Touched {
        Touched {
            begun: self.begun.contains(&entry.sent.key),
            sent: entry.sent.clone(),
            did,
            status: entry.status,
            untagged: entry.untagged.clone(),
            unseen: entry.unseen.clone(),
            after: entry.after,
        }
    }

    /// Takes in what the run did to a contact.
    fn take(&mut self, fate: MemberFate<'_>) {
        let MemberFate { sent, settled, .. } = fate;
        let (kind, status) = match &settled.fate {
            Fate::Created { status } | Fate::Reinstated { status } => {
                (Kind::Created, Some(*status))
            }
            Fate::Updated { status } => (Kind::Updated, Some(*status)),
            Fate::Untagged => (Kind::Untagged, None),
            // What became of it was asked for after the run, and nobody could tell.
            Fate::Nothing if fate.call == Some(CallKind::Update) && settled.after != 0 => {
                (Kind::Perhaps, None)
            }
            Fate::Recreated { .. } => (Kind::Over, None),
            Fate::Unchanged { .. }
            | Fate::Suppressed(_)
            | Fate::Rejected(_)
            | Fate::Left
            | Fate::Undone
            | Fate::Restored { .. }
            | Fate::NotTagged
            | Fate::Nothing => return,
        };
        let at = *self.places.entry(sent.key).or_insert(self.entries.len());
        if at == self.entries.len() {
            let mut sent = sent.clone();
            if kind == Kind::Untagged {
                sent.add = SegmentSet::default();
            }
            self.entries.push(Entry {
                sent,
                kind,
                status,
                untagged: Vec::new(),
                unseen: Vec::new(),
                after: settled.after,
                has_image: false,
            });
        }
        let entry = &mut self.entries[at];
        entry.kind = match (entry.kind, kind) {
            (Kind::Over, _) | (_, Kind::Over) => Kind::Over,
            (Kind::Created, _) | (_, Kind::Created) => Kind::Created,
            (Kind::Updated, _) | (_, Kind::Updated) => Kind::Updated,
            (Kind::Perhaps, _) | (_, Kind::Perhaps) => Kind::Perhaps,
            (Kind::Untagged, Kind::Untagged) => Kind::Untagged,
        };
        if kind == Kind::Untagged {
            let tag = fate.tag.unwrap_or_default().to_owned();
            entry.untagged.push(tag.clone());
            entry.unseen.push(tag);
            if settled.after == 0 {
                return;
            }
        } else {
            entry.sent.add.extend(&sent.add);
            entry.sent.values = sent.values;
            entry.status = status;
        }
        entry.sent.id = sent.id.or(entry.sent.id);
        entry.after = settled.after;
        entry.unseen.clear();
    }

    /// Takes in what the undo that goes on has done.
    fn take_done(&mut self, fate: MemberFate<'_>) {
        let key = fate.sent.key;
        match (&fate.settled.fate, fate.call) {
            (Fate::Undone, _) => self.sums.archived += 1,
            (Fate::Restored { .. }, _) => self.sums.restored += 1,
            (Fate::Left, _) => self.sums.left += 1,
            (Fate::Nothing, Some(CallKind::Restore)) => {
                self.begun.insert(key);
                return;
            }
            _ => return,
        }
        self.done.insert(key);
    }
}

impl Entry {
    fn told(&self, before: Option<Before>) -> Told {
        Told {
            key: self.sent.key,
            what: match self.kind {
                Kind::Created => ChangeKind::Created,
                Kind::Updated | Kind::Perhaps | Kind::Over => ChangeKind::Updated,
                Kind::Untagged => ChangeKind::Untagged,
            },
            before,
            added: self.sent.add.clone(),
            removed: self.untagged.clone(),
        }
    }

    fn needs_image(&self) -> bool {
        matches!(self.kind, Kind::Updated | Kind::Perhaps)
    }
}

/// Reads the images of a run, as long as they are wanted. One that cannot be understood is passed over.
fn each_image(
    run: &RunFolder,
    mut each: impl FnMut(PersonKey, Before) -> bool,
) -> Result<(), Error> {
    let Some(mut images) = ImageReader::open(&run.images())? else {
        return Ok(());
    };
    while let Some(image) = images.read::<String>()? {
        let Ok(before) = serde_json::from_str(&image.before) else {
            continue;
        };
        if !each(image.key, before) {
            break;
        }
    }
    Ok(())
}
