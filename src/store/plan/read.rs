//! Reads the settled plan: totals, batches in order, rejects, merges.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::entry::Entry;
use super::record::{Met, Read};
use super::{Order, Plan, Stage};
use crate::domain::{Before, Member, PersonKey, Reason, Reject, RejectKind, SegmentSet, Status};
use crate::store::Error;

/// How many profiles of a plan stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// Distinct profiles.
    pub profiles: u64,
    /// To be created.
    pub create: u64,
    /// Of those: to be put back one by one, because an undo archived them.
    pub reinstate: u64,
    /// To be updated.
    pub update: u64,
    /// As the audience holds them.
    pub unchanged: u64,
    /// Left alone.
    pub suppressed: u64,
    /// Not deliverable.
    pub rejected: u64,
    /// Stood for by another profile.
    pub merged: u64,
    /// As the audience holds them, which is as `transactional`: they get no marketing mail.
    pub not_mailable: u64,
    /// The same, of those to be updated.
    pub update_not_mailable: u64,
    /// Tags that will be added to members.
    pub tags: u64,
    /// Suppressed and rejected profiles by reason.
    pub reasons: BTreeMap<Reason, u64>,
}

/// How one segment's members stand, counted after merging.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SegmentCount {
    /// Members to be created or updated.
    pub pending: u64,
    /// Members about whom nothing has to be sent.
    pub settled: u64,
    /// Of those: members that the audience holds as they should be.
    pub held: u64,
}

/// A member to be created or updated.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMember {
    /// The member.
    pub member: Member,
    /// The status read before; `None` for someone who was not there.
    pub before: Option<Status>,
    /// The segments whose tags it lacks: all of them for a new one.
    pub add: SegmentSet,
    /// Mailchimp's key of the contact, where it was told and is not the person's.
    pub id: Option<PersonKey>,
    /// What the contact was, where one was met.
    pub image: Option<Before>,
}

impl Plan {
    /// Counts the plan's profiles by what shall happen to them.
    #[must_use]
    pub fn counts(&self) -> PlanCounts {
        let tags: Vec<u64> = self.sets.all().iter().map(size).collect();
        let mut counts = PlanCounts::default();
        for entry in &self.entries {
            counts.take(entry, &tags);
        }
        counts
    }

    /// Counts the members of each of the run's segments.
    #[must_use]
    pub fn segment_counts(&self, segments: usize) -> Vec<SegmentCount> {
        let mut by_set = vec![SegmentCount::default(); self.sets.all().len()];
        for entry in self.entries.iter().filter(|e| !e.stage().is_aside()) {
            let count = &mut by_set[entry.segments as usize];
            match entry.stage() {
                Stage::Create | Stage::Update | Stage::Reinstate => count.pending += 1,
                _ => count.settled += 1,
            }
            count.held += u64::from(entry.stage() == Stage::Unchanged);
        }
        let mut counts = vec![SegmentCount::default(); segments];
        for (set, of_set) in self.sets.all().iter().zip(by_set) {
            for at in set.iter() {
                if let Some(segment) = counts.get_mut(at) {
                    segment.pending += of_set.pending;
                    segment.settled += of_set.settled;
                    segment.held += of_set.held;
                }
            }
        }
        counts
    }

    /// Lists members to be created, or to be updated, after a place in the plan: at most `most`, in the order in which they
    /// were read, or met.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn batch(
        &mut self,
        stage: Stage,
        after: u64,
        most: usize,
    ) -> Result<Vec<PlannedMember>, Error> {
        self.planned(after, most, |entry| entry.stage() == stage)
    }

    /// Lists subscribed members to be updated: those by whom the first update call is tried out (rule 1).
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn first_updates(&mut self, most: usize) -> Result<Vec<PlannedMember>, Error> {
        self.planned(0, most, |entry| {
            entry.stage() == Stage::Update && entry.status() == Some(Status::Subscribed)
        })
    }

    fn planned(
        &mut self,
        after: u64,
        most: usize,
        whose: impl Fn(&Entry) -> bool,
    ) -> Result<Vec<PlannedMember>, Error> {
        self.sort(Order::Places);
        let from = self.entries.partition_point(|entry| entry.place() <= after);
        let rest = self.entries[from..].iter();
        let some: Vec<&Entry> = rest.filter(|entry| whose(entry)).take(most).collect();
        let places: Vec<u64> = some.iter().map(|entry| entry.place()).collect();
        let mut planned = Vec::with_capacity(some.len());
        self.spool.each(&places, |nth, bytes| {
            let (entry, read) = (some[nth], self.read(bytes)?);
            let met = read.met.as_ref();
            let image = met.map(Met::image).transpose();
            planned.push(PlannedMember {
                member: self.member(entry, &read),
                before: entry.status(),
                add: self.add_of(entry).clone(),
                id: met.and_then(|met| met.id),
                image: image.map_err(|why| self.spool.damaged(&why))?,
            });
            Ok(())
        })?;
        Ok(planned)
    }

    /// Calls back for every reject in the order of reading.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each_reject(
        &self,
        mut each: impl FnMut(Reject) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rejected: Vec<(u64, Reason)> = self
            .entries
            .iter()
            .filter(|entry| entry.stage() == Stage::Rejected)
            .map(|entry| (entry.place(), entry.reason().unwrap_or(Reason::Refused)))
            .collect();
        rejected.sort_unstable_by_key(|(place, _)| *place);
        let places: Vec<u64> = rejected.iter().map(|(place, _)| *place).collect();
        self.spool.each(&places, |nth, bytes| {
            let read = self.read(bytes)?;
            let detail = read.text.detail.to_owned();
            each(self.reject(&read, rejected[nth].1, detail, RejectKind::Person))
        })
    }

    pub(super) fn reject(
        &self,
        read: &Read<'_>,
        reason: Reason,
        detail: String,
        kind: RejectKind,
    ) -> Reject {
        let (text, met) = (&read.text, read.met.as_ref());
        let address = met.map(|met| met.address).or(text.address);
        Reject {
            profile: text.profile.map(str::to_owned),
            file: self.files.name(text.file).to_string(),
            line: text.line,
            email: address.map(str::to_owned),
            reason,
            detail,
            kind,
        }
    }

    /// Lists the first merges in the order of reading, at most `most`: the profile (or its place) that was merged and the
    /// one that stands for it.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn merges(&self, most: usize) -> Result<Vec<(String, String)>, Error> {
        let mut losers = self.places(|entry| entry.stage() == Stage::Merged);
        losers.truncate(most);
        let listed: HashSet<u64> = losers.iter().copied().collect();
        let merged = self.entries.iter().filter(|e| e.stage() == Stage::Merged);
        let keys: HashSet<PersonKey> = merged
            .filter(|entry| listed.contains(&entry.place()))
            .map(|entry| entry.key)
            .collect();
        let winners = self.places(|entry| !entry.stage().is_aside() && keys.contains(&entry.key));
        let mut names = HashMap::new();
        self.each_name(&winners, |key, name| {
            names.insert(key, name);
        })?;
        let mut pairs = Vec::with_capacity(losers.len());
        self.each_name(&losers, |key, name| {
            pairs.extend(names.get(&key).map(|winner| (name, winner.clone())));
        })?;
        Ok(pairs)
    }

    /// Calls back with the key of each of these and what it is called: by its id, or by where it stands.
    fn each_name(
        &self,
        places: &[u64],
        mut each: impl FnMut(PersonKey, String),
    ) -> Result<(), Error> {
        self.spool.each(places, |_, bytes| {
            let text = self.read(bytes)?.text;
            let place = || format!("{}:{}", self.files.name(text.file), text.line);
            let name = text.profile.map_or_else(place, str::to_owned);
            each(PersonKey::of(text.key()), name);
            Ok(())
        })
    }
}

fn size(set: &SegmentSet) -> u64 {
    set.iter().count() as u64
}

impl PlanCounts {
    fn take(&mut self, entry: &Entry, tags: &[u64]) {
        self.profiles += 1;
        match entry.stage() {
            Stage::Open => {}
            Stage::Rejected => self.rejected += 1,
            Stage::Merged => self.merged += 1,
            Stage::Suppressed => self.suppressed += 1,
            Stage::Unchanged => self.unchanged += 1,
            stage @ (Stage::Create | Stage::Reinstate) => {
                self.create += 1;
                self.reinstate += u64::from(stage == Stage::Reinstate);
                self.tags += tags[entry.segments as usize];
            }
            Stage::Update => {
                self.update += 1;
                self.tags += tags[entry.link as usize];
            }
        }
        if entry.status() == Some(Status::Transactional) {
            match entry.stage() {
                Stage::Unchanged => self.not_mailable += 1,
                Stage::Update => self.update_not_mailable += 1,
                _ => {}
            }
        }
        if let (Stage::Rejected | Stage::Suppressed, Some(reason)) = (entry.stage(), entry.reason())
        {
            *self.reasons.entry(reason).or_default() += 1;
        }
    }
}
