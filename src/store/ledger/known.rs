use serde::{Deserialize, Serialize};

use crate::domain::{PersonKey, Status};

/// What is known of a contact of the audience.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// The status last seen; `None` where it is not known.
    pub status: Option<Status>,
    /// When it was seen, in seconds since 1970 by the service's clock.
    pub seen: i64,
    /// Mailchimp's `id` of the contact, where it is not the key.
    pub id: Option<PersonKey>,
    /// Mailchimp's `contact_id`, which stays when the address is changed there.
    pub contact: Option<[u8; 16]>,
    /// Whether the address was changed in Mailchimp, so that `id` is that of another one.
    pub moved: bool,
    /// What our destinations hold the contact with, one entry a destination.
    pub held: Vec<Held>,
}

/// What one destination holds a contact with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Held {
    /// The destination, as [`Ledger::destination`](super::Ledger::destination) numbers it.
    pub destination: u16,
    /// The hash of the values delivered last; 0 where the next run has to look anew.
    pub values: u64,
    /// The hash of the profile's id; 0 where the source has none.
    pub profile: u64,
    /// Our tags that the contact has by this destination, as [`Ledger::tag`](super::Ledger::tag) numbers them.
    pub tags: TagSet,
}

impl Known {
    /// Gives what a destination holds the contact with.
    #[must_use]
    pub fn held_by(&self, destination: u16) -> Option<&Held> {
        let mut held = self.held.iter();
        held.find(|held| held.destination == destination)
    }

    /// As [`Known::held_by`], to change it; made where there is none.
    pub fn hold(&mut self, destination: u16) -> &mut Held {
        let at = self
            .held
            .iter()
            .position(|held| held.destination == destination);
        let at = at.unwrap_or_else(|| {
            self.held.push(Held {
                destination,
                ..Held::default()
            });
            self.held.len() - 1
        });
        &mut self.held[at]
    }

    /// Forgets that a destination holds the contact.
    pub fn let_go(&mut self, destination: u16) {
        self.held.retain(|held| held.destination != destination);
    }
}

/// A set of our tags, by their numbers in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TagSet {
    /// The first 64, which nearly always are all: a set of them needs no memory of its own.
    first: u64,
    more: Vec<u64>,
}

impl TagSet {
    /// Adds a tag.
    pub fn insert(&mut self, tag: u16) {
        let (word, bit) = place(tag);
        match word.checked_sub(1) {
            None => self.first |= bit,
            Some(word) => {
                if self.more.len() <= word {
                    self.more.resize(word + 1, 0);
                }
                self.more[word] |= bit;
            }
        }
    }

    /// Takes a tag out.
    pub fn remove(&mut self, tag: u16) {
        let (word, bit) = place(tag);
        let word = match word.checked_sub(1) {
            None => Some(&mut self.first),
            Some(word) => self.more.get_mut(word),
        };
        if let Some(word) = word {
            *word &= !bit;
        }
        // Equal sets must look equal.
        while self.more.last() == Some(&0) {
            self.more.pop();
        }
    }

    /// Tells whether a tag is in the set.
    #[must_use]
    pub fn contains(&self, tag: u16) -> bool {
        let (word, bit) = place(tag);
        let word = match word.checked_sub(1) {
            None => Some(&self.first),
            Some(word) => self.more.get(word),
        };
        word.is_some_and(|word| word & bit != 0)
    }

    /// Adds all tags of another set.
    pub fn extend(&mut self, other: &Self) {
        self.first |= other.first;
        if self.more.len() < other.more.len() {
            self.more.resize(other.more.len(), 0);
        }
        for (mine, theirs) in self.more.iter_mut().zip(&other.more) {
            *mine |= theirs;
        }
    }

    /// Tells whether no tag is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first == 0 && self.more.is_empty()
    }

    /// Lists the tags in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        let words = std::iter::once(&self.first).chain(&self.more);
        (0..=u16::MAX)
            .step_by(64)
            .zip(words)
            .flat_map(|(from, word)| {
                let bits = (0..64).filter(move |bit| word & (1 << bit) != 0);
                bits.map(move |bit| from + bit)
            })
    }
}

impl FromIterator<u16> for TagSet {
    fn from_iter<I: IntoIterator<Item = u16>>(tags: I) -> Self {
        let mut set = Self::default();
        tags.into_iter().for_each(|tag| set.insert(tag));
        set
    }
}

fn place(tag: u16) -> (usize, u64) {
    (usize::from(tag / 64), 1 << (tag % 64))
}

#[cfg(test)]
mod tests {
    use super::TagSet;

    #[test]
    fn a_set_of_tags_holds_what_was_put_in() {
        let all = [0, 63, 64, 300, u16::MAX];
        let mut set: TagSet = all.into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), all);
        assert!(set.contains(300) && !set.contains(299) && !TagSet::default().contains(300));
        let few: TagSet = [0, 63].into_iter().collect();
        let mut both = few.clone();
        both.extend(&set);
        assert_eq!(both, set);
        for tag in [64, 300, u16::MAX] {
            set.remove(tag);
        }
        assert_eq!(set, few);
        for tag in [0, 63] {
            set.remove(tag);
        }
        assert!(set.is_empty());
    }
}
