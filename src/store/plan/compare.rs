//! Compares the plan with the audience: who is there, and what differs.

use rusqlite::{OptionalExtension, params};

use super::{Answer, Plan, Stage};
use crate::domain::{Consent, Contact, Decision, Member, Reason, SegmentSet};
use crate::store::Error;

/// An address the audience is asked for by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Its place in the plan.
    pub seq: u64,
    /// The address as it is sent.
    pub address: String,
    /// The normalised address.
    pub key: String,
}

impl Plan {
    /// Counts the members about whom nothing is decided yet.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn open_members(&self) -> Result<u64, Error> {
        let count = "SELECT count(*) FROM person WHERE stage = ?1";
        let open: i64 = self
            .db
            .query_row(count, [Stage::Open], |row| row.get(0))
            .map_err(self.failed())?;
        Ok(open.unsigned_abs())
    }

    /// Lists some of the undecided members' addresses, from a place in the plan on.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn lookups(&self, after: u64, most: usize) -> Result<Vec<Lookup>, Error> {
        self.addresses("stage = ?2", Stage::Open, after, most)
    }

    /// Lists some of those who lack a tag by what was told of them, and may have it among those that were not told.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn more_tags(&self, after: u64, most: usize) -> Result<Vec<Lookup>, Error> {
        self.addresses("stage = ?2 AND more_tags", Stage::Update, after, most)
    }

    fn addresses(
        &self,
        whose: &str,
        stage: Stage,
        after: u64,
        most: usize,
    ) -> Result<Vec<Lookup>, Error> {
        let failed = self.failed();
        let page = format!(
            "SELECT seq, email, key FROM person WHERE seq > ?1 AND {whose} ORDER BY seq LIMIT ?3"
        );
        let mut page = self.db.prepare_cached(&page).map_err(&failed)?;
        let values = params![
            i64::try_from(after).unwrap_or(i64::MAX),
            stage,
            i64::try_from(most).unwrap_or(1000)
        ];
        let rows = page.query_map(values, |row| {
            Ok(Lookup {
                seq: row.get::<_, i64>(0)?.unsigned_abs(),
                address: row.get(1)?,
                key: row.get(2)?,
            })
        });
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Notes what the audience holds of these contacts. Those who are not in the plan are passed over; one who was seen
    /// before counts as last seen, since the audience may change while it is read.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn meet(
        &self,
        contacts: &[Contact],
        decide: impl Fn(&Member, &Contact) -> Decision,
    ) -> Result<(), Error> {
        let failed = self.failed();
        let all = self.db.unchecked_transaction().map_err(&failed)?;
        for contact in contacts {
            let found = format!("{} WHERE key = ?1", super::read::MEMBER);
            let mut found = self.db.prepare_cached(&found).map_err(&failed)?;
            let member = found
                .query_row([&contact.key], |row| self.member(row))
                .optional()
                .map_err(&failed)?;
            if let Some(member) = member {
                self.decided(&member, contact, &decide(&member, contact))?;
            }
        }
        all.commit().map_err(&failed)
    }

    fn decided(
        &self,
        member: &Member,
        contact: &Contact,
        decision: &Decision,
    ) -> Result<(), Error> {
        let (stage, reason, adds) = noted(decision);
        let note = "UPDATE person SET stage = ?2, reason = ?3, adds = ?4, status = ?5, email = ?6, more_tags = ?7
             WHERE seq = ?1";
        let lacks = matches!(decision, Decision::Update { add } if !add.is_empty());
        let mut note = self.db.prepare_cached(note).map_err(self.failed())?;
        let seq = i64::try_from(member.seq).unwrap_or_default();
        note.execute(params![
            seq,
            stage,
            reason,
            adds,
            contact.status.as_str(),
            contact.address,
            lacks && contact.more_tags
        ])
        .map_err(self.failed())?;
        Ok(())
    }

    /// Decides about everyone whom the audience does not hold, given what they said of consent and what an earlier run had
    /// to remember of them.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn meet_nobody(
        &self,
        refusals: &[(String, Reason)],
        decide: impl Fn(Consent, Option<Reason>) -> Decision,
    ) -> Result<(), Error> {
        let failed = self.failed();
        let all = self.db.unchecked_transaction().map_err(&failed)?;
        let refused = refusals
            .iter()
            .map(|(key, reason)| (Some(key), Some(*reason)));
        for (key, refusal) in refused.chain([(None, None)]) {
            for consent in Consent::ALL {
                let (stage, reason, _) = noted(&decide(consent, refusal));
                let whose = if key.is_some() {
                    "key = ?3"
                } else {
                    "?3 IS NULL"
                };
                let note = format!(
                    "UPDATE person SET stage = ?4, reason = ?5 WHERE stage = ?1 AND consent = ?2 AND {whose}"
                );
                let mut note = self.db.prepare_cached(&note).map_err(&failed)?;
                note.execute(params![Stage::Open, Answer(consent), key, stage, reason])
                    .map_err(&failed)?;
            }
        }
        all.commit().map_err(&failed)
    }

    pub(super) fn member(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Member> {
        Ok(Member {
            seq: row.get::<_, i64>(0)?.unsigned_abs(),
            profile: row.get(1)?,
            origin: crate::domain::Origin {
                file: self.file_name(row.get(2)?),
                line: row.get::<_, i64>(3)?.unsigned_abs(),
            },
            address: row.get(4)?,
            key: row.get(5)?,
            consent: row.get::<_, Answer>(6)?.0,
            segments: SegmentSet::from_bytes(row.get_ref(7)?.as_blob()?),
            fields: row.get(8)?,
            language: row.get(9)?,
        })
    }
}

/// A decision as the plan's columns hold it: stage, reason, and the segments to be added.
fn noted(decision: &Decision) -> (Stage, Option<&'static str>, Option<&[u8]>) {
    match decision {
        Decision::Create => (Stage::Create, None, None),
        Decision::Update { add } => (Stage::Update, None, Some(add.as_bytes())),
        Decision::Leave => (Stage::Unchanged, None, None),
        Decision::Suppress(reason) => (Stage::Suppressed, Some(reason.as_str()), None),
    }
}
