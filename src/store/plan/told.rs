//! What is told of values, whatever becomes of their profiles: those left out, and answers about consent that nobody
//! understands.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Plan, Stage};
use crate::domain::{LeftOut, Reason, Reject, RejectKind};
use crate::store::Error;

/// How many values of the consent attribute are told.
const MOST: i64 = 20;

impl Plan {
    /// Counts the values of the consent attribute that were not understood, the most frequent ones, each profile once.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn unclear_consent(&self) -> Result<BTreeMap<String, u64>, Error> {
        let failed = self.failed();
        let all = "SELECT unclear, count(*) FROM person WHERE unclear IS NOT NULL
             GROUP BY unclear ORDER BY 2 DESC, 1 LIMIT ?1";
        let mut all = self.db.prepare(all).map_err(&failed)?;
        let rows = all.query_map([MOST], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        });
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Counts the values that are left out of what is delivered, by field.
    ///
    /// # Errors
    /// As [`Plan::each_left_out`].
    pub fn left_out(&self) -> Result<BTreeMap<String, u64>, Error> {
        let mut counts = BTreeMap::new();
        self.each_left_out(|field, _| {
            *counts.entry(field.to_owned()).or_default() += 1;
            Ok(())
        })?;
        Ok(counts)
    }

    /// Calls back for every value that is left out of what is delivered, in the order of reading, with its field.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each_left_out(
        &self,
        mut each: impl FnMut(&str, Reject) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = self.failed();
        // Of people who are not written nothing is left out.
        let all = "SELECT profile, file, line, email, left_out FROM person
             WHERE left_out IS NOT NULL AND stage IN (?1, ?2, ?3) ORDER BY seq";
        let mut all = self.db.prepare(all).map_err(&failed)?;
        let written = params![Stage::Create, Stage::Update, Stage::Unchanged];
        let mut rows = all.query(written).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let values: String = row.get(4).map_err(&failed)?;
            let values: Vec<LeftOut> = serde_json::from_str(&values).unwrap_or_default();
            for LeftOut { field, detail } in values {
                let reject = Reject {
                    profile: row.get(0).map_err(&failed)?,
                    file: self.file_name(row.get(1).map_err(&failed)?).to_string(),
                    line: row.get::<_, i64>(2).map_err(&failed)?.unsigned_abs(),
                    email: row.get(3).map_err(&failed)?,
                    reason: Reason::InvalidValue,
                    detail,
                    kind: RejectKind::Value,
                };
                each(&field, reject)?;
            }
        }
        Ok(())
    }
}
