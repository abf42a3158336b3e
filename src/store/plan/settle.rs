//! Makes each person stand in the plan once: one row a profile id, one profile an address (rule 2).

use rusqlite::{OptionalExtension, params};

use super::{Answer, Plan, Stage};
use crate::domain::{Consent, SegmentSet};
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
}

/// How many repeated rows are named.
const EXAMPLES: usize = 2;

/// One row of a group that shares an id or an address.
struct Sharer {
    shared: String,
    seq: i64,
    file: i64,
    segments: SegmentSet,
    consent: Consent,
    line: i64,
}

impl Plan {
    /// Settles the rows: the first row of an id wins (its segments in other files are joined to it), then profiles of one
    /// address are merged into the one with the smallest id. Only then the first `limit` profiles are kept, so that a "no"
    /// counts wherever in the source it stands (rule 1).
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn settle(&mut self, limit: Option<u64>) -> Result<Settled, Error> {
        let failed = self.failed();
        let all = self.db.unchecked_transaction().map_err(&failed)?;
        let apart = self.ids_of_several_addresses()?;
        self.note_objections()?;
        let (repeated, examples) = self.settle_ids()?;
        self.heed_objections()?;
        let mut segments = self.profiles_in_segments()?;
        self.merge_addresses()?;
        if let Some(limit) = limit {
            self.cut(limit)?;
            segments = self.profiles_in_segments()?;
        }
        let count = "SELECT count(*) FROM person";
        let profiles: i64 = self
            .db
            .query_row(count, [], |row| row.get(0))
            .map_err(&failed)?;
        all.commit().map_err(&failed)?;
        Ok(Settled {
            profiles: profiles.unsigned_abs(),
            repeated,
            examples,
            segments,
            apart,
        })
    }

    /// Notes the addresses that say no anywhere: in rows that are dropped, that cannot be used, or beyond a limit too.
    fn note_objections(&self) -> Result<(), Error> {
        let note = "CREATE TEMP TABLE objection (key TEXT PRIMARY KEY) WITHOUT ROWID";
        self.run(note, [])?;
        let find = "INSERT OR IGNORE INTO objection SELECT ifnull(key, refused) FROM person
             WHERE consent = ?1 AND ifnull(key, refused) IS NOT NULL";
        self.run(find, [Answer(Consent::No)])
    }

    fn heed_objections(&self) -> Result<(), Error> {
        let heed = "UPDATE person SET consent = ?1
             WHERE consent <> ?1 AND key IN (SELECT key FROM objection)";
        self.run(heed, [Answer(Consent::No)])?;
        self.db
            .execute_batch("DROP TABLE objection")
            .map_err(self.failed())
    }

    /// Keeps the first profiles. Where one of them was merged into a profile behind the limit, that one stands in its
    /// place: a person is delivered whole or not at all.
    fn cut(&self, limit: u64) -> Result<(), Error> {
        let last = "SELECT seq FROM person ORDER BY seq LIMIT 1 OFFSET ?1";
        let offset = i64::try_from(limit.saturating_sub(1)).unwrap_or(i64::MAX);
        let last: Option<i64> = self
            .db
            .query_row(last, [offset], |row| row.get(0))
            .optional()
            .map_err(self.failed())?;
        let last = if limit == 0 { Some(0) } else { last };
        let Some(last) = last else { return Ok(()) };
        let swap = "CREATE TEMP TABLE swap AS SELECT winner, min(seq) AS first FROM person
             WHERE stage = ?1 AND seq <= ?2 AND winner > ?2 GROUP BY winner";
        self.run(swap, params![Stage::Merged, last])?;
        let cut = "DELETE FROM person WHERE seq IN (SELECT first FROM swap)
             OR (seq > ?1 AND seq NOT IN (SELECT winner FROM swap))";
        self.run(cut, [last])?;
        self.db
            .execute_batch("DROP TABLE swap")
            .map_err(self.failed())
    }

    /// Counts the ids whose rows have different addresses: the sign of a column that is no id of people.
    fn ids_of_several_addresses(&self) -> Result<u64, Error> {
        let index =
            "CREATE INDEX person_profile ON person (profile, seq) WHERE profile IS NOT NULL";
        self.db.execute_batch(index).map_err(self.failed())?;
        let count = "SELECT count(*) FROM (SELECT 1 FROM person
             WHERE profile IN (SELECT profile FROM person WHERE profile IS NOT NULL
                               GROUP BY profile HAVING count(*) > 1)
             GROUP BY profile HAVING count(DISTINCT key) > 1)";
        let several: i64 = self
            .db
            .query_row(count, [], |row| row.get(0))
            .map_err(self.failed())?;
        Ok(several.unsigned_abs())
    }

    /// Counts the profiles of each segment while each is in its own segments only, before merging.
    fn profiles_in_segments(&self) -> Result<Vec<u64>, Error> {
        let failed = self.failed();
        let mut counts = Vec::new();
        let groups = "SELECT segments, count(*) FROM person GROUP BY 1";
        let mut groups = self.db.prepare(groups).map_err(&failed)?;
        let mut rows = groups.query([]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let set = row.get_ref(0).and_then(|set| Ok(set.as_blob()?));
            let set = SegmentSet::from_bytes(set.map_err(&failed)?);
            let count = row.get::<_, i64>(1).map_err(&failed)?.unsigned_abs();
            for at in set.iter() {
                if counts.len() <= at {
                    counts.resize(at + 1, 0);
                }
                counts[at] += count;
            }
        }
        Ok(counts)
    }

    fn settle_ids(&self) -> Result<(u64, Vec<String>), Error> {
        let groups = "SELECT profile, seq, file, segments, consent, line FROM person
             WHERE profile IN (SELECT profile FROM person WHERE profile IS NOT NULL
                               GROUP BY profile HAVING count(*) > 1)
             ORDER BY profile, seq";
        let (mut repeated, mut examples) = (0, Vec::new());
        self.each_group(groups, |group| {
            let (first, rest) = group;
            let mut segments = first.segments.clone();
            let mut consent = first.consent;
            let mut files = vec![first.file];
            for row in rest {
                // A "no" counts wherever it stands, also in a row that is dropped.
                consent = consent.max(row.consent);
                if files.contains(&row.file) {
                    repeated += 1;
                    if examples.len() < EXAMPLES {
                        examples.push(self.place(row));
                    }
                } else {
                    files.push(row.file);
                    segments.extend(&row.segments);
                }
                self.run("DELETE FROM person WHERE seq = ?1", params![row.seq])?;
            }
            let join = "UPDATE person SET segments = ?2, consent = ?3 WHERE seq = ?1";
            self.run(
                join,
                params![first.seq, segments.as_bytes(), Answer(consent)],
            )
        })?;
        self.db
            .execute_batch("DROP INDEX person_profile")
            .map_err(self.failed())?;
        Ok((repeated, examples))
    }

    /// Says which row this is: `7 (people.csv:3)`.
    fn place(&self, row: &Sharer) -> String {
        let file = self.file_name(row.file);
        match row.line {
            0 => format!("{} ({file})", row.shared),
            line => format!("{} ({file}:{line})", row.shared),
        }
    }

    fn merge_addresses(&self) -> Result<(), Error> {
        let index = "CREATE INDEX person_key ON person (key, profile IS NULL, profile, seq) WHERE key IS NOT NULL";
        self.db.execute_batch(index).map_err(self.failed())?;
        // Ids compare as bytes (SQLite's BINARY collation); profiles without one come after, the first row first.
        let groups = "SELECT key, seq, file, segments, consent, line FROM person
             WHERE key IN (SELECT key FROM person WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)
             ORDER BY key, profile IS NULL, profile, seq";
        self.each_group(groups, |(winner, losers)| {
            let mut segments = winner.segments.clone();
            let mut consent = winner.consent;
            for loser in losers {
                segments.extend(&loser.segments);
                consent = consent.max(loser.consent);
                let merge = "UPDATE person SET stage = ?2, winner = ?3, key = NULL WHERE seq = ?1";
                self.run(merge, params![loser.seq, Stage::Merged, winner.seq])?;
            }
            let join = "UPDATE person SET segments = ?2, consent = ?3 WHERE seq = ?1";
            self.run(
                join,
                params![winner.seq, segments.as_bytes(), Answer(consent)],
            )
        })
    }

    /// Calls back for every group of rows with the same first column: its first row, and the rest.
    fn each_group(
        &self,
        query: &str,
        mut each: impl FnMut((&Sharer, &[Sharer])) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = self.failed();
        // The groups are copied aside first, so that rows can be changed while they are gone through.
        let copy = format!(
            "CREATE TEMP TABLE sharer (shared, seq, file, segments, consent, line); INSERT INTO sharer {query}"
        );
        self.db.execute_batch(&copy).map_err(&failed)?;
        let mut select = self
            .db
            .prepare("SELECT * FROM sharer ORDER BY rowid")
            .map_err(&failed)?;
        let mut rows = select.query([]).map_err(&failed)?;
        let mut group: Vec<Sharer> = Vec::new();
        loop {
            let next = match rows.next().map_err(&failed)? {
                Some(row) => Some(sharer(row).map_err(&failed)?),
                None => None,
            };
            let same = matches!((&next, group.first()), (Some(next), Some(first)) if next.shared == first.shared);
            if !same {
                if let Some((first, rest)) = group.split_first() {
                    each((first, rest))?;
                }
                group.clear();
            }
            match next {
                Some(row) => group.push(row),
                None => break,
            }
        }
        drop(rows);
        drop(select);
        self.db.execute_batch("DROP TABLE sharer").map_err(&failed)
    }

    fn run(&self, statement: &str, values: impl rusqlite::Params) -> Result<(), Error> {
        let mut statement = self.db.prepare_cached(statement).map_err(self.failed())?;
        statement.execute(values).map_err(self.failed())?;
        Ok(())
    }
}

fn sharer(row: &rusqlite::Row<'_>) -> rusqlite::Result<Sharer> {
    Ok(Sharer {
        shared: row.get(0)?,
        seq: row.get(1)?,
        file: row.get(2)?,
        segments: SegmentSet::from_bytes(row.get_ref(3)?.as_blob()?),
        consent: row.get::<_, Answer>(4)?.0,
        line: row.get(5)?,
    })
}
