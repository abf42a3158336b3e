//! What takes back what a run did to a contact, by how the contact stands now: decided in one place, without a call.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::mailchimp::Values;
use super::stamp::{Stamp, spelled, stamp_with, tags_of};
use crate::domain::{Before, Contact, Content, Status};
use crate::store::{Because, Sent};

/// What a run did to a contact.
#[derive(Debug, Clone, PartialEq)]
pub enum Did {
    /// It made the contact.
    Created,
    /// It sent values or tags; what the contact was before.
    Updated(Before),
    /// The same, in a call whose answer nobody saw.
    Perhaps(Before),
    /// It only took tags away.
    Untagged,
}

/// A contact that a run wrote to, and how the run left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Touched {
    /// The member as the run knew it; `add` are all tags that it added.
    pub sent: Sent,
    /// What was done.
    pub did: Did,
    /// The status that the contact had then, where it was told.
    pub status: Option<Status>,
    /// The tags that were taken away.
    pub untagged: Vec<String>,
    /// Those of them that were taken away after the contact was seen last.
    pub unseen: Vec<String>,
    /// The hash of the contact as it was seen last; 0 where it was not.
    pub after: u64,
    /// Whether an undo that ended early had begun with it.
    pub begun: bool,
}

/// What has to be done about a contact.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Archive it.
    Archive,
    /// Switch these tags, then set these values; both may be empty.
    Restore(BTreeMap<String, bool>, Values),
    /// Leave it.
    Leave(Because),
}

impl Touched {
    /// Decides what takes back what was done; `tags` are those of the run's segments, by place.
    pub(super) fn step(&self, contact: &Contact, tags: &[String]) -> Step {
        let tagged = Tagged::new(self, contact, tags);
        let left = Step::Leave(Because::Changed);
        match &self.did {
            Did::Created if self.is_as_left(contact, &tagged) => Step::Archive,
            Did::Created => left,
            Did::Untagged if !self.is_as_left(contact, &tagged) => left,
            // A tag is not added to who gets no mail (rule 1).
            Did::Untagged if tagged.switches.is_empty() && !self.begun => left,
            Did::Untagged => Step::Restore(tagged.switches, Values::default()),
            Did::Updated(before) | Did::Perhaps(before) => {
                let values = differing(before, contact);
                let is_before = values.is_empty() && tagged.switches.is_empty();
                let perhaps = matches!(self.did, Did::Perhaps(_));
                let keys = before.fields.keys().map(String::as_str);
                // It is as it was where the undo got so far before, or where the call never took effect.
                let is_done = is_before && (self.begun || perhaps);
                let proven = !perhaps || self.holds_what_was_sent(contact, keys);
                if is_done || proven && self.is_as_left(contact, &tagged) {
                    Step::Restore(tagged.switches, values)
                } else {
                    left
                }
            }
        }
    }

    /// Tells whether the contact is exactly as the run left it, or as an undo that had begun with it did.
    fn is_as_left(&self, contact: &Contact, tagged: &Tagged) -> bool {
        if self.after == 0 {
            return self.seems_as_left(contact, tagged);
        }
        let mut held = tagged.held.clone();
        if self.begun {
            // Tags are switched before values are set: perhaps that was done, and no more.
            held.extend(tagged.added.iter().cloned());
            held.retain(|tag| !tagged.removed.contains(tag));
        }
        held.extend(self.unseen.iter().map(|tag| spelled(tag)));
        contact.stamp == self.after
            || stamp_with(contact, contact.status, &held) == Some(self.after)
    }

    /// The same of a contact that was not seen after the call: as far as it is known what was sent.
    fn seems_as_left(&self, contact: &Contact, tagged: &Tagged) -> bool {
        let status = self.status.or(self.sent.before);
        let has = |tags: &BTreeSet<String>| tags.is_subset(&tagged.held);
        let lacks = |tags: &BTreeSet<String>| tags.is_disjoint(&tagged.held);
        let tags_fit = self.begun || has(&tagged.added) && lacks(&tagged.removed);
        let values_fit = match &self.did {
            Did::Untagged => true,
            Did::Created => {
                let filled = contact.fields.iter().filter(|(_, value)| !is_empty(value));
                self.holds_what_was_sent(contact, filled.map(|(key, _)| key.as_str()))
            }
            Did::Updated(before) | Did::Perhaps(before) => {
                let keys = before.fields.keys().map(String::as_str);
                self.sent.values == 0 || self.holds_what_was_sent(contact, keys)
            }
        };
        // Of a tag that was taken away the status need not be known: nothing else was touched.
        let fits = |status| status == contact.status;
        let status_fits = status.map_or(matches!(self.did, Did::Untagged), fits);
        status_fits && tags_fit && values_fit
    }

    /// Tells whether the contact holds in these merge fields, letter by letter, what was sent of the person.
    fn holds_what_was_sent<'a>(
        &self,
        contact: &Contact,
        keys: impl Iterator<Item = &'a str>,
    ) -> bool {
        let held = |key: &str| {
            let value = contact.fields.get(key).cloned();
            (key.to_owned(), value.unwrap_or_else(|| "".into()))
        };
        let fields = Value::Object(keys.map(held).collect()).to_string();
        let languages = [None, Some(contact.language.as_str())];
        let mut hashes = languages
            .map(|language| Content::hash_of(&fields, language))
            .into_iter();
        hashes.any(|hash| hash == self.sent.values)
    }
}

/// The tags of a contact, and what a run did to them.
struct Tagged {
    held: BTreeSet<String>,
    /// Those that the run added.
    added: BTreeSet<String>,
    /// Those that it took away.
    removed: BTreeSet<String>,
    /// Those to be switched, by name: on or off.
    switches: BTreeMap<String, bool>,
}

impl Tagged {
    fn new(touched: &Touched, contact: &Contact, tags: &[String]) -> Self {
        let held = tags_of(contact);
        let had: BTreeSet<String> = match &touched.did {
            Did::Updated(before) | Did::Perhaps(before) => {
                before.tags.iter().map(|tag| spelled(tag)).collect()
            }
            Did::Created | Did::Untagged => BTreeSet::new(),
        };
        let added = touched.sent.add.iter().filter_map(|at| tags.get(at));
        let added: Vec<&String> = added.filter(|tag| !had.contains(&spelled(tag))).collect();
        let is_mailed = matches!(contact.status, Status::Subscribed | Status::Transactional);
        let off = added.iter().map(|tag| (*tag, false));
        let off = off.filter(|(tag, _)| held.contains(&spelled(tag)));
        let on = touched.untagged.iter().map(|tag| (tag, true));
        let on = on.filter(|(tag, _)| is_mailed && !held.contains(&spelled(tag)));
        let switches = off.chain(on).map(|(tag, on)| (tag.clone(), on)).collect();
        Self {
            added: added.into_iter().map(|tag| spelled(tag)).collect(),
            removed: touched.untagged.iter().map(|tag| spelled(tag)).collect(),
            held,
            switches,
        }
    }
}

/// The values of before that a contact holds otherwise now. An address cannot be made empty again.
fn differing(before: &Before, contact: &Contact) -> Values {
    let mut merge_fields = Map::new();
    for (tag, was) in &before.fields {
        let is = contact.fields.get(tag).unwrap_or(&Value::Null);
        let stays = is.is_object() && is_empty(was);
        if !stays && !are_alike(was, is) {
            merge_fields.insert(tag.clone(), was.clone());
        }
    }
    let language = before.language.clone();
    Values {
        merge_fields,
        language: Some(language).filter(|language| *language != contact.language),
    }
}

/// Tells whether a value of a merge field stands for none.
pub(super) fn is_empty(value: &Value) -> bool {
    are_alike(value, &Value::Null)
}

fn are_alike(one: &Value, other: &Value) -> bool {
    let stamp = |value: &Value| {
        let field = Map::from_iter([("value".to_owned(), value.clone())]);
        Stamp::of_fields(&field)
    };
    stamp(one) == stamp(other)
}

#[cfg(test)]
mod tests;
