//! Who is in which segments, by a hash of the id: a million ids fit in some tens of megabytes.

use std::collections::HashMap;

use super::keys::{AsIs, Key, Keys};
use crate::domain::SegmentSet;

/// Marks a membership whose profile was met.
const MET: u32 = 1 << 31;

/// A set of ids with their segments.
pub(super) struct Members {
    keys: Keys,
    places: HashMap<Key, u32, AsIs>,
    sets: Vec<SegmentSet>,
    known: HashMap<SegmentSet, u32>,
    steps: HashMap<(u32, usize), u32>,
    unmet: u64,
}

impl Default for Members {
    fn default() -> Self {
        Self {
            keys: Keys::default(),
            places: HashMap::default(),
            sets: vec![SegmentSet::default()],
            known: HashMap::new(),
            steps: HashMap::new(),
            unmet: 0,
        }
    }
}

impl Members {
    /// Puts an id into a segment.
    pub fn insert(&mut self, id: &str, segment: usize) {
        let key = self.keys.of(id);
        let place = self.places.entry(key).or_insert_with(|| {
            self.unmet += 1;
            0
        });
        let (sets, known) = (&mut self.sets, &mut self.known);
        let from = *place;
        *place = *self.steps.entry((from, segment)).or_insert_with(|| {
            let mut set = sets[from as usize].clone();
            set.insert(segment);
            *known.entry(set).or_insert_with_key(|set| {
                sets.push(set.clone());
                // There are no more sets than ids, far below the bound that the type asks for.
                u32::try_from(sets.len() - 1).unwrap_or(MET - 1)
            })
        });
    }

    /// Gives the segments of an id and notes that its profile was met.
    pub fn meet(&mut self, id: &str) -> Option<&SegmentSet> {
        let key = self.keys.of(id);
        let place = self.places.get_mut(&key)?;
        if *place & MET == 0 {
            *place |= MET;
            self.unmet -= 1;
        }
        self.sets.get((*place & !MET) as usize)
    }

    /// Gives the segments of an id whose profile was not met, once.
    pub fn meet_late(&mut self, id: &str) -> Option<&SegmentSet> {
        if self.misses(id) { self.meet(id) } else { None }
    }

    /// Tells whether an id's profile was not met yet.
    pub fn misses(&self, id: &str) -> bool {
        let place = self.places.get(&self.keys.of(id));
        place.is_some_and(|place| place & MET == 0)
    }

    /// Counts the ids whose profile was not met.
    pub fn unmet(&self) -> u64 {
        self.unmet
    }
}

#[cfg(test)]
mod tests {
    use super::Members;

    #[test]
    fn an_id_is_in_all_its_segments_and_is_missed_until_met() {
        let mut members = Members::default();
        for (id, segment) in [("a", 0), ("b", 0), ("b", 9), ("b", 9), ("c", 9), ("c", 0)] {
            members.insert(id, segment);
        }
        assert_eq!(members.unmet(), 3);
        let mut of = |id| members.meet(id).map(|set| set.iter().collect::<Vec<_>>());
        assert_eq!(
            (of("a"), of("b"), of("b")),
            (Some(vec![0]), Some(vec![0, 9]), Some(vec![0, 9]))
        );
        assert_eq!(of("d"), None);
        assert_eq!(members.unmet(), 1);
        assert!(members.meet_late("a").is_none());
        assert!(members.meet_late("c").is_some() && members.meet_late("c").is_none());
    }
}
