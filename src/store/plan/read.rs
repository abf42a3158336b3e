//! Reads the settled plan: totals, batches in order, rejects, merges.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Plan, Stage};
use crate::domain::{Member, Reason, Reject, RejectKind, SegmentSet, Status};
use crate::store::Error;

pub(super) const MEMBER: &str =
    "SELECT seq, profile, file, line, email, key, consent, segments, fields, language,
    status, adds FROM person";

/// How many profiles of a plan stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// Distinct profiles.
    pub profiles: u64,
    /// To be created.
    pub create: u64,
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
    /// In the audience as `transactional`: they get no marketing mail.
    pub not_mailable: u64,
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

impl Plan {
    /// Counts the plan's profiles by what shall happen to them.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn counts(&self) -> Result<PlanCounts, Error> {
        let failed = self.failed();
        let mut counts = PlanCounts::default();
        let groups = "SELECT stage, reason, status = ?1, segments, adds, count(*) FROM person GROUP BY 1, 2, 3, 4, 5";
        let mut groups = self.db.prepare(groups).map_err(&failed)?;
        let mut rows = groups
            .query([Status::Transactional.as_str()])
            .map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            counts.take(row).map_err(&failed)?;
        }
        Ok(counts)
    }

    /// Counts the members of each of the run's segments.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn segment_counts(&self, segments: usize) -> Result<Vec<SegmentCount>, Error> {
        let failed = self.failed();
        let mut counts = vec![SegmentCount::default(); segments];
        let groups = "SELECT stage, segments, count(*) FROM person WHERE stage NOT IN (?1, ?2) GROUP BY 1, 2";
        let mut groups = self.db.prepare(groups).map_err(&failed)?;
        let mut rows = groups
            .query([Stage::Merged, Stage::Rejected])
            .map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let stage: Stage = row.get(0).map_err(&failed)?;
            let set = SegmentSet::from_bytes(
                row.get_ref(1)
                    .and_then(|v| Ok(v.as_blob()?))
                    .map_err(&failed)?,
            );
            let count = row.get::<_, i64>(2).map_err(&failed)?.unsigned_abs();
            for at in set.iter() {
                if let Some(segment) = counts.get_mut(at) {
                    match stage {
                        Stage::Create | Stage::Update => segment.pending += count,
                        _ => segment.settled += count,
                    }
                    if stage == Stage::Unchanged {
                        segment.held += count;
                    }
                }
            }
        }
        Ok(counts)
    }

    /// Lists members to be created, or to be updated, after a place in the plan: at most `most`, in order. With each
    /// comes its status before and the segments whose tags it lacks (all of them for a new one).
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn batch(
        &self,
        stage: Stage,
        after: u64,
        most: usize,
    ) -> Result<Vec<(Member, Option<Status>, SegmentSet)>, Error> {
        let failed = self.failed();
        let page = format!("{MEMBER} WHERE seq > ?1 AND stage = ?2 ORDER BY seq LIMIT ?3");
        let mut page = self.db.prepare_cached(&page).map_err(&failed)?;
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows = page.query_map(
            params![after, stage, i64::try_from(most).unwrap_or(500)],
            |row| {
                let member = self.member(row)?;
                let status = row.get_ref(10)?.as_str_or_null()?.and_then(Status::parse);
                let adds = row
                    .get_ref(11)?
                    .as_blob_or_null()?
                    .map(SegmentSet::from_bytes);
                let adds = adds.unwrap_or_else(|| member.segments.clone());
                Ok((member, status, adds))
            },
        );
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Lists subscribed members to be updated: those by whom the first update call is tried out (rule 1).
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn first_updates(
        &self,
        most: usize,
    ) -> Result<Vec<(Member, Option<Status>, SegmentSet)>, Error> {
        let failed = self.failed();
        let page = format!("{MEMBER} WHERE stage = ?1 AND status = ?2 ORDER BY seq LIMIT ?3");
        let mut page = self.db.prepare(&page).map_err(&failed)?;
        let values = params![
            Stage::Update,
            Status::Subscribed.as_str(),
            i64::try_from(most).unwrap_or(10)
        ];
        let rows = page.query_map(values, |row| {
            let member = self.member(row)?;
            let adds = row
                .get_ref(11)?
                .as_blob_or_null()?
                .map(SegmentSet::from_bytes)
                .unwrap_or_default();
            let status = row.get_ref(10)?.as_str_or_null()?.and_then(Status::parse);
            Ok((member, status, adds))
        });
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Calls back for every reject in the order of reading.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each_reject(
        &self,
        mut each: impl FnMut(Reject) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = self.failed();
        let all = "SELECT profile, file, line, email, reason, detail FROM person WHERE stage = ?1 ORDER BY seq";
        let mut all = self.db.prepare(all).map_err(&failed)?;
        let mut rows = all.query([Stage::Rejected]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            each(self.reject(row).map_err(&failed)?)?;
        }
        Ok(())
    }

    fn reject(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Reject> {
        Ok(Reject {
            profile: row.get(0)?,
            file: self.file_name(row.get(1)?).to_string(),
            line: row.get::<_, i64>(2)?.unsigned_abs(),
            email: row.get(3)?,
            reason: Reason::parse(row.get_ref(4)?.as_str()?).unwrap_or(Reason::Refused),
            detail: row.get(5)?,
            kind: RejectKind::Person,
        })
    }

    /// Lists merges, at most `most`: the profile (or its place) that was merged and the one that stands for it.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn merges(&self, most: usize) -> Result<Vec<(String, String)>, Error> {
        let failed = self.failed();
        let all = "SELECT ifnull(loser.profile, a.name || ':' || loser.line), ifnull(winner.profile, b.name || ':' || winner.line)
             FROM person loser JOIN person winner ON winner.seq = loser.winner
             JOIN file a ON a.id = loser.file JOIN file b ON b.id = winner.file
             WHERE loser.stage = ?1 ORDER BY loser.seq LIMIT ?2";
        let mut all = self.db.prepare(all).map_err(&failed)?;
        let values = params![Stage::Merged, i64::try_from(most).unwrap_or(i64::MAX)];
        let rows = all.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)));
        rows.and_then(Iterator::collect).map_err(&failed)
    }
}

impl PlanCounts {
    fn take(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
        let stage: Stage = row.get(0)?;
        let reason = row.get_ref(1)?.as_str_or_null()?.and_then(Reason::parse);
        let transactional = row.get::<_, Option<bool>>(2)?.unwrap_or(false);
        let segments = SegmentSet::from_bytes(row.get_ref(3)?.as_blob()?);
        let adds = row
            .get_ref(4)?
            .as_blob_or_null()?
            .map(SegmentSet::from_bytes);
        let count = row.get::<_, i64>(5)?.unsigned_abs();
        self.profiles += count;
        let tags = |set: &SegmentSet| set.iter().count() as u64 * count;
        match stage {
            Stage::Open => {}
            Stage::Rejected => self.rejected += count,
            Stage::Merged => self.merged += count,
            Stage::Suppressed => self.suppressed += count,
            Stage::Unchanged => self.unchanged += count,
            Stage::Create => {
                self.create += count;
                self.tags += tags(&segments);
            }
            Stage::Update => {
                self.update += count;
                self.tags += adds.as_ref().map_or(0, tags);
            }
        }
        if transactional && matches!(stage, Stage::Unchanged | Stage::Update) {
            self.not_mailable += count;
        }
        if let Some(reason) =
            reason.filter(|_| matches!(stage, Stage::Rejected | Stage::Suppressed))
        {
            *self.reasons.entry(reason).or_default() += count;
        }
        Ok(())
    }
}
