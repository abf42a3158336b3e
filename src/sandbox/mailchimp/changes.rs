//! The order in which contacts changed, and the lists made of it: a page of a list must cost its own members, not all.

use super::audience::Audience;
use super::status::Status;
use crate::sandbox::clock::Seconds;

/// How many lists are kept while nothing changes: as many as one client reads side by side.
const KEPT: usize = 6;

/// Contacts by when they changed last. A change is appended; the entry that it replaces stays behind, dead, until there
/// are more dead than living.
#[derive(Debug, Default)]
pub(super) struct Changes {
    log: Vec<(Seconds, u32)>,
    /// For each contact, the place of its living entry.
    living: Vec<u32>,
    /// Whether a time was noted that lies before the last one: generated contacts were met in any order.
    unsorted: bool,
}

impl Changes {
    fn note(&mut self, at: usize, time: Seconds) {
        if self.log.last() == Some(&(time, place(at))) {
            return;
        }
        if self.log.len() > 2 * self.living.len() + 1024 {
            self.tidy();
        }
        self.unsorted |= self.log.last().is_some_and(|(last, _)| time < *last);
        if at >= self.living.len() {
            self.living.resize(at + 1, u32::MAX);
        }
        self.living[at] = place(self.log.len());
        self.log.push((time, place(at)));
    }

    fn lives(&self, entry: usize) -> bool {
        let (_, at) = self.log[entry];
        self.living[at as usize] == place(entry)
    }

    /// Drops the dead and puts the rest in order.
    fn tidy(&mut self) {
        let living = (0..self.log.len()).filter(|entry| self.lives(*entry));
        let mut log: Vec<(Seconds, u32)> = living.map(|entry| self.log[entry]).collect();
        log.sort_by_key(|(time, _)| *time);
        for (entry, (_, at)) in log.iter().enumerate() {
            self.living[*at as usize] = place(entry);
        }
        (self.log, self.unsorted) = (log, false);
    }

    /// The contacts that changed last within a span, both ends included.
    fn within(
        &mut self,
        since: Option<Seconds>,
        before: Option<Seconds>,
    ) -> impl Iterator<Item = usize> {
        if self.unsorted {
            self.tidy();
        }
        let from = since.map_or(0, |since| self.log.partition_point(|one| one.0 < since));
        let upto = before.map_or(self.log.len(), |before| {
            self.log.partition_point(|one| one.0 <= before)
        });
        (from..upto.max(from))
            .filter(|entry| self.lives(*entry))
            .map(|entry| self.log[entry].1 as usize)
    }
}

/// What a list is of: the same list is asked for page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum List {
    /// Members of the audience, by the words of the query.
    Members(Vec<(String, String)>),
    /// Members of a tag with one of these states.
    Segment(u32, [bool; Status::COUNT]),
}

/// Lists made since the last change.
#[derive(Debug, Default)]
pub(super) struct Made {
    lists: Vec<(List, Vec<u32>)>,
}

impl Audience {
    /// Takes note that something about a contact changed.
    pub(super) fn touch(&mut self, at: usize, now: Seconds) {
        self.states[at].changed = now;
        self.changes.note(at, now);
        self.made.lists.clear();
    }

    /// Takes note that lists may be others now, though nobody's time of change is.
    pub(super) fn unmake(&mut self) {
        self.made.lists.clear();
    }

    /// The contacts that changed last within a span, both ends included; those that changed in one second in no order.
    pub(super) fn changed_within(
        &mut self,
        since: Option<Seconds>,
        before: Option<Seconds>,
    ) -> Vec<usize> {
        self.changes.within(since, before).collect()
    }

    /// A part of a list and how long it is; the list is made unless it was since the last change.
    pub(super) fn part(
        &mut self,
        list: List,
        (offset, count): (usize, usize),
        make: impl FnOnce(&mut Self) -> Vec<u32>,
    ) -> (Vec<usize>, usize) {
        let found = self.made.lists.iter().position(|(one, _)| *one == list);
        let found = found.unwrap_or_else(|| {
            let fresh = make(self);
            if self.made.lists.len() == KEPT {
                self.made.lists.remove(0);
            }
            self.made.lists.push((list, fresh));
            self.made.lists.len() - 1
        });
        let all = &self.made.lists[found].1;
        let shown = all.iter().skip(offset).take(count);
        (shown.map(|at| *at as usize).collect(), all.len())
    }
}

/// A place in four bytes; there are never so many contacts or changes that it does not fit.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(changes: &mut Changes, since: Seconds, before: Seconds) -> Vec<usize> {
        changes.within(Some(since), Some(before)).collect()
    }

    #[test]
    fn a_contact_is_found_at_its_last_change_only() {
        let mut changes = Changes::default();
        for (at, time) in [(0, 10), (1, 20), (2, 20), (0, 30)] {
            changes.note(at, time);
        }
        assert_eq!(within(&mut changes, 10, 20), [1, 2]);
        assert_eq!(within(&mut changes, 20, 30), [1, 2, 0]);
        assert!(within(&mut changes, 31, 90).is_empty());
        assert!(within(&mut changes, 90, 1).is_empty());
    }

    #[test]
    fn times_may_come_in_any_order() {
        let mut changes = Changes::default();
        for (at, time) in [(0, 30), (1, 10), (2, 20), (1, 25)] {
            changes.note(at, time);
        }
        assert_eq!(within(&mut changes, 0, 90), [2, 1, 0]);
        assert_eq!(within(&mut changes, 20, 25), [2, 1]);
    }

    #[test]
    fn the_log_stays_short_however_often_contacts_change() {
        let mut changes = Changes::default();
        for time in 0..100_000 {
            changes.note(time as usize % 10, time);
        }
        assert!(changes.log.len() < 2000, "{}", changes.log.len());
        let all: Vec<usize> = changes.within(None, None).collect();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
}
