use super::entry::Entry;
use crate::domain::ProfileHash;

/// The least number of slots.
const FEWEST: usize = 1024;

/// Finds the entry of a profile id while rows are read: a hash table with open addressing over places in the index, at 5 to
/// 7 bytes an id. A map of the standard library would hold the ids once more, and twice as many while it grows.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// 0 where nobody is; else the entry's place in the index, from 1, below bits of the hash that spare most looks at an
    /// entry of another id.
    slots: Vec<u32>,
    /// The bits of a slot that hold the place.
    places: u32,
    held: usize,
}

impl Ids {
    /// Finds the entry of an id.
    pub fn find(&self, id: &ProfileHash, entries: &[Entry]) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let (mut at, tag) = self.home(id);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let place = (slot & self.places) as usize - 1;
            if slot & !self.places == tag && entries[place].id == *id {
                return Some(place);
            }
            at = self.next(at);
        }
    }

    /// Takes in the last entry, whose id is in no other.
    pub fn insert_last(&mut self, entries: &[Entry]) {
        self.held += 1;
        // Up to four fifths full, so that a look-up ends soon; and places have to fit.
        if self.held * 5 > self.slots.len() * 4 || entries.len() > self.places as usize {
            self.make_room(entries);
        } else if let Some(last) = entries.last() {
            self.put(&last.id, entries.len());
        }
    }

    /// Makes the table anew and larger. The old one goes first, since all that it holds stands in the index.
    fn make_room(&mut self, entries: &[Entry]) {
        let slots = (self.held + self.held / 2).max(FEWEST);
        self.slots = Vec::new();
        self.slots = vec![0; slots];
        let most = u32::try_from(entries.len() + slots).unwrap_or(u32::MAX);
        self.places = u32::MAX >> most.leading_zeros();
        for (at, entry) in entries.iter().enumerate() {
            if !entry.id.is_none() {
                self.put(&entry.id, at + 1);
            }
        }
    }

    fn put(&mut self, id: &ProfileHash, place: usize) {
        let (mut at, tag) = self.home(id);
        while self.slots[at] != 0 {
            at = self.next(at);
        }
        self.slots[at] = tag | (u32::try_from(place).unwrap_or(u32::MAX) & self.places);
    }

    /// Where a look-up of an id begins, and the bits of it that stand in its slot.
    fn home(&self, id: &ProfileHash) -> (usize, u32) {
        let short = id.short();
        // The upper half of a product is below its factor, the number of slots.
        let at = (u128::from(short) * self.slots.len() as u128) >> 64;
        // Its last bits say least of where that is.
        let tag = short.to_be_bytes();
        let tag = u32::from_be_bytes([tag[4], tag[5], tag[6], tag[7]]) & !self.places;
        (usize::try_from(at).unwrap_or(0), tag)
    }

    fn next(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() {
            0
        } else {
            at + 1
        }
    }

    /// How much memory it takes.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }
}
