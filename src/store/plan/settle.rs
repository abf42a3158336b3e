//! Makes each person stand in the plan once: one profile an address (rule 2), and nobody's "no" unheard (rule 1).

use std::collections::{BinaryHeap, HashSet};
use std::ops::Range;

use super::entry::Entry;
use super::keys::Stretches;
use super::{Order, Plan, SegmentSets, Stage, record};
use crate::domain::{Consent, PersonKey};
use crate::store::Error;

/// What settling found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Distinct profiles, the rejected ones too.
    pub profiles: u64,
    /// Rows whose id stood in the same file before; they were dropped, which is worth a warning.
    pub repeated: u64,
    /// Some of those rows: the id and where the row stands.
    pub examples: Vec<String>,
    /// Distinct profiles in each of the run's segments, by place.
    pub segments: Vec<u64>,
    /// Ids whose rows have different addresses: then the column is no id of people.
    pub apart: u64,
    /// Of the repeated rows: those with other values than the first one.
    pub contradicting: u64,
    /// Rows with other values than the one of the same id in another file, whose values are delivered.
    pub differing: u64,
}

impl Plan {
    /// Settles the profiles: those of one address are merged into the one with the smallest id. Only then the first `limit`
    /// profiles are kept, so that a "no" counts wherever in the source it stands (rule 1); of unordered rows, those with the
    /// smallest ids.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn settle(&mut self, limit: Option<u64>) -> Result<Settled, Error> {
        // Before anything else takes memory.
        let intake = std::mem::take(&mut self.intake);
        drop(intake.ids);
        self.spool.flush()?;
        for entry in &mut self.entries {
            entry.link = SegmentSets::NONE;
        }
        // Each profile is in its own segments only, before merging.
        let mut segments = self.profiles_in_segments();
        self.sort(Order::Keys);
        self.merge_addresses(&intake.objections)?;
        if let Some(limit) = limit {
            if intake.unordered {
                self.cut_by_id(limit)?;
            } else {
                self.cut(limit);
            }
            segments = self.profiles_in_segments();
        }
        self.tidy();
        Ok(Settled {
            profiles: self.profiles(),
            repeated: intake.repeated,
            examples: intake.examples.into_iter().map(|(.., row)| row).collect(),
            segments,
            apart: intake.apart,
            contradicting: intake.contradicting,
            differing: intake.differing,
        })
    }

    /// The profiles that another one of their address stands for, by the hashes of their ids, with whose address that is:
    /// also those behind a limit, and those that cannot be used.
    #[must_use]
    pub fn merged(&self) -> &[(u64, PersonKey)] {
        &self.merged
    }

    /// Takes down where the entries stand by now.
    pub(super) fn tidy(&mut self) {
        self.entries.shrink_to_fit();
        self.stretches = Stretches::of(&self.entries);
    }

    pub(super) fn profiles_in_segments(&self) -> Vec<u64> {
        let mut by_set = vec![0_u64; self.sets.all().len()];
        for entry in &self.entries {
            by_set[entry.segments as usize] += 1;
        }
        let mut counts = Vec::new();
        for (set, count) in self.sets.all().iter().zip(by_set) {
            for at in set.iter().filter(|_| count > 0) {
                if counts.len() <= at {
                    counts.resize(at + 1, 0);
                }
                counts[at] += count;
            }
        }
        counts
    }

    /// Merges the profiles of each address, and lets all of them say no where one row of the address does.
    fn merge_addresses(&mut self, objections: &HashSet<PersonKey>) -> Result<(), Error> {
        let mut from = 0;
        while let Some(first) = self.entries.get(from) {
            let (key, to) = (first.key, from + self.length_of_group(from));
            if !key.is_nobody() {
                self.merge(from..to, objections.contains(&key))?;
            }
            from = to;
        }
        Ok(())
    }

    fn length_of_group(&self, from: usize) -> usize {
        let same = |entry: &&Entry| entry.key == self.entries[from].key;
        self.entries[from..].iter().take_while(same).count()
    }

    /// Merges the profiles of one address, behind which stand its rows that cannot be used.
    fn merge(&mut self, group: Range<usize>, said_no: bool) -> Result<(), Error> {
        let entries = &self.entries[group.clone()];
        let said_no = said_no || entries.iter().any(|entry| entry.consent() == Consent::No);
        let usable = entries.iter().take_while(|e| e.stage() == Stage::Open);
        let open = group.start..group.start + usable.count();
        if open.is_empty() {
            return Ok(());
        }
        let (mut segments, mut consent) = (SegmentSets::NONE, Consent::Yes);
        for entry in &self.entries[open.clone()] {
            segments = self.sets.union(segments, entry.segments);
            consent = consent.max(entry.consent());
        }
        let winner = self.smallest(open.clone())?;
        for (at, entry) in group.clone().zip(&self.entries[group.clone()]) {
            if at != winner && !entry.id.is_none() {
                self.merged.push((entry.id.short(), entry.key));
            }
        }
        // Who stands for a key is found as its first entry.
        self.entries.swap(open.start, winner);
        for loser in &mut self.entries[open.start + 1..open.end] {
            loser.set_stage(Stage::Merged);
        }
        let winner = &mut self.entries[open.start];
        winner.segments = segments;
        winner.set_consent(if said_no { Consent::No } else { consent });
        Ok(())
    }

    /// Finds the profile with the smallest id, in the order of bytes; those without one come after, the first row first.
    fn smallest(&self, open: Range<usize>) -> Result<usize, Error> {
        let with_id = |at: &usize| !self.entries[*at].id.is_none();
        let candidates: Vec<usize> = open.clone().filter(with_id).collect();
        if let [] | [_] = candidates[..] {
            return Ok(candidates.first().copied().unwrap_or(open.start));
        }
        let places = candidates.iter().map(|at| self.entries[*at].place());
        let places: Vec<u64> = places.collect();
        let mut smallest: Option<(String, usize)> = None;
        self.spool.each(&places, |nth, bytes| {
            let read = record::decode(bytes).map_err(|why| self.spool.damaged(&why))?;
            let id = read.text.profile.unwrap_or_default();
            if smallest.as_ref().is_none_or(|(least, _)| *id < **least) {
                smallest = Some((id.to_owned(), candidates[nth]));
            }
            Ok(())
        })?;
        Ok(smallest.map_or(open.start, |(_, at)| at))
    }

    /// Keeps the first profiles.
    fn cut(&mut self, limit: u64) {
        let Ok(limit) = usize::try_from(limit) else {
            return;
        };
        if limit >= self.entries.len() {
            return;
        }
        let mut places: Vec<u64> = self.entries.iter().map(Entry::place).collect();
        // The place of the first one that is too many.
        let (_, behind, _) = places.select_nth_unstable(limit);
        let behind = *behind;
        drop(places);
        self.keep_profiles(|entry| entry.place() < behind);
    }

    /// Keeps the profiles with the smallest ids, in the order of bytes: the same ones in whatever order they were read.
    fn cut_by_id(&mut self, limit: u64) -> Result<(), Error> {
        let Ok(limit) = usize::try_from(limit) else {
            return Ok(());
        };
        if limit >= self.entries.len() {
            return Ok(());
        }
        let places = self.places(|_| true);
        let mut smallest: BinaryHeap<(String, u64)> = BinaryHeap::new();
        self.spool.each(&places, |nth, bytes| {
            let read = record::decode(bytes).map_err(|why| self.spool.damaged(&why))?;
            let id = read.text.profile.unwrap_or_default();
            let is_full = smallest.len() >= limit;
            if !is_full
                || smallest
                    .peek()
                    .is_some_and(|(largest, _)| id < largest.as_str())
            {
                smallest.push((id.to_owned(), places[nth]));
                if is_full {
                    smallest.pop();
                }
            }
            Ok(())
        })?;
        let kept: HashSet<u64> = smallest.into_iter().map(|(_, place)| place).collect();
        self.keep_profiles(|entry| kept.contains(&entry.place()));
        Ok(())
    }

    /// Keeps some of the profiles. Where one of them was merged into a profile that is not kept, that one stands in its
    /// place: a person is delivered whole or not at all.
    pub(super) fn keep_profiles(&mut self, kept: impl Fn(&Entry) -> bool) {
        self.sort(Order::Keys);
        let mut from = 0;
        while from < self.entries.len() {
            let to = from + self.length_of_group(from);
            cut_group(&mut self.entries[from..to], &kept);
            from = to;
        }
        self.entries.retain(|entry| !entry.is_dropped());
    }
}

/// Cuts the entries of one address, the one that stands for it first.
fn cut_group(group: &mut [Entry], kept: &impl Fn(&Entry) -> bool) {
    let Some((first, rest)) = group.split_first_mut() else {
        return;
    };
    let mut stays = kept(first);
    if !stays && !first.key.is_nobody() && !first.stage().is_aside() {
        let merged = rest.iter_mut().filter(|e| e.stage() == Stage::Merged);
        let swapped = merged.filter(|e| kept(e)).min_by_key(|e| e.place());
        if let Some(swapped) = swapped {
            swapped.drop_it();
            stays = true;
        }
    }
    if !stays {
        first.drop_it();
    }
    for entry in rest.iter_mut().filter(|entry| !kept(entry)) {
        entry.drop_it();
    }
}
