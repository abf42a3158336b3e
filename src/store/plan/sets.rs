use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::SegmentSet;

/// How many unions are remembered.
const UNIONS: usize = 4096;

/// The distinct sets of segments of a plan: a million profiles have a few between them.
#[derive(Debug)]
pub(super) struct SegmentSets {
    sets: Vec<SegmentSet>,
    places: HashMap<SegmentSet, u32>,
    /// What was joined before, so that rows of a second file cost a look-up each.
    unions: HashMap<(u32, u32), u32>,
    last: u32,
}

impl SegmentSets {
    /// The place of the set of no segment.
    pub const NONE: u32 = 0;

    pub fn new() -> Self {
        let none = SegmentSet::default();
        Self {
            sets: vec![none.clone()],
            places: HashMap::from([(none, Self::NONE)]),
            unions: HashMap::new(),
            last: Self::NONE,
        }
    }

    /// Finds the place of a set, which is kept if it is new.
    pub fn place(&mut self, set: &SegmentSet) -> u32 {
        // One row is mostly in the segments of the row before.
        if self.get(self.last) != set {
            self.last = match self.places.get(set) {
                Some(place) => *place,
                None => self.keep(set),
            };
        }
        self.last
    }

    fn keep(&mut self, set: &SegmentSet) -> u32 {
        let place = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(set.clone());
        self.places.insert(set.clone(), place);
        place
    }

    pub fn get(&self, place: u32) -> &SegmentSet {
        &self.sets[place as usize]
    }

    /// Finds the place of what two sets are together.
    pub fn union(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        if let Some(place) = self.unions.get(&(one, other)) {
            return *place;
        }
        let mut both = self.get(one).clone();
        both.extend(self.get(other));
        let place = self.place(&both);
        if self.unions.len() == UNIONS {
            self.unions.clear();
        }
        self.unions.insert((one, other), place);
        place
    }

    /// Lists the sets by place.
    pub fn all(&self) -> &[SegmentSet] {
        &self.sets
    }
}

/// The names of the files that rows come from.
#[derive(Debug, Default)]
pub(super) struct Files {
    names: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
    last: Option<(Arc<str>, u32)>,
}

impl Files {
    /// Finds the place of a file, which is kept if it is new.
    pub fn place(&mut self, name: &Arc<str>) -> u32 {
        match &self.last {
            Some((last, place)) if Arc::ptr_eq(last, name) => return *place,
            _ => {}
        }
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(Arc::clone(name)).or_insert(next);
        if place == next {
            self.names.push(Arc::clone(name));
        }
        self.last = Some((Arc::clone(name), place));
        place
    }

    pub fn name(&self, place: u32) -> Arc<str> {
        let name = self.names.get(place as usize);
        name.cloned().unwrap_or_else(|| Arc::from(""))
    }
}
