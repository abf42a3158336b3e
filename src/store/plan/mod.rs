//! A run's plan on disk: every profile once, with what shall happen to it. A `SQLite` file, so that memory stays small
//! whatever the size of the segments, and so that a person can look into it.
//!
//! Filled in three steps: rows are added as they are read, settled (each person once), compared with the audience. Then
//! it is frozen, and delivering reads it from front to back.

mod compare;
mod read;
mod settle;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};

use super::Error;
use super::files::private;
use crate::domain::{Content, Email, Origin, ProfileId, SegmentSet, Unfit};

pub use compare::Lookup;
pub use read::{PlanCounts, SegmentCount};
pub use settle::Settled;

/// What a plan says about a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nothing yet.
    Open,
    /// It cannot be delivered.
    Rejected,
    /// Another profile with the same address stands for it.
    Merged,
    /// It is left alone, with a reason.
    Suppressed,
    /// The audience holds it as it is.
    Unchanged,
    /// It goes into a create call.
    Create,
    /// It goes into an update call.
    Update,
}

impl Stage {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Rejected,
        Self::Merged,
        Self::Suppressed,
        Self::Unchanged,
        Self::Create,
        Self::Update,
    ];
}

impl ToSql for Stage {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as i64))
    }
}

impl FromSql for Stage {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let at = usize::try_from(value.as_i64()?).unwrap_or(usize::MAX);
        Self::ALL
            .get(at)
            .copied()
            .ok_or(rusqlite::types::FromSqlError::OutOfRange(value.as_i64()?))
    }
}

/// A row of the source as the plan takes it in.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// Its profile id, where the source has ids.
    pub profile: Option<ProfileId>,
    /// Where it was read.
    pub origin: Origin,
    /// The run's segments it is in.
    pub segments: SegmentSet,
    /// The row made into a member, or why it cannot be one.
    pub content: Result<Content, Unfit>,
}

/// The plan of one run.
#[derive(Debug)]
pub struct Plan {
    path: PathBuf,
    db: Connection,
    files: HashMap<Arc<str>, i64>,
    file_names: Vec<Arc<str>>,
}

// Until it is frozen a plan is worth nothing: after a crash it is made anew. So it needs no journal of its own.
const SCHEMA: &str = "
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -32768;
CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE person (
    seq INTEGER PRIMARY KEY,
    profile TEXT,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    segments BLOB NOT NULL,
    stage INTEGER NOT NULL,
    email TEXT,
    key TEXT,
    refused TEXT,
    agrees INTEGER,
    fields TEXT,
    language TEXT,
    reason TEXT,
    detail TEXT,
    winner INTEGER,
    status TEXT,
    adds BLOB
);
";

impl Plan {
    /// Starts an empty plan, in place of one that is there.
    ///
    /// # Errors
    /// Fails when the file cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        super::files::private_folder(path.parent().unwrap_or(Path::new(".")))?;
        super::files::remove_if_there(path)?;
        private()
            .create_new(true)
            .open(path)
            .map_err(|why| Error::write(path, why))?;
        let failed = |source| Error::Database {
            path: path.to_owned(),
            source,
        };
        let db = Connection::open(path).map_err(failed)?;
        db.execute_batch(SCHEMA).map_err(failed)?;
        db.set_prepared_statement_cache_capacity(32);
        Ok(Self {
            path: path.to_owned(),
            db,
            files: HashMap::new(),
            file_names: Vec::new(),
        })
    }

    /// Takes in rows in the order they were read.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, rows: &[PlannedRow]) -> Result<(), Error> {
        let files: Vec<i64> = rows
            .iter()
            .map(|row| self.file_id(&row.origin.file))
            .collect::<Result<_, _>>()?;
        let failed = |source| Error::Database {
            path: self.path.clone(),
            source,
        };
        let all = self.db.unchecked_transaction().map_err(failed)?;
        let mut insert = self
            .db
            .prepare_cached(
                "INSERT INTO person
                 (profile, file, line, segments, stage, email, key, agrees, fields, language, reason, detail, refused)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )
            .map_err(failed)?;
        for (row, file) in rows.iter().zip(files) {
            let profile = row.profile.as_ref().map(ProfileId::as_str);
            let line = i64::try_from(row.origin.line).unwrap_or_default();
            let segments = row.segments.as_bytes();
            let added = match &row.content {
                Ok(content) => insert.execute(params![
                    profile,
                    file,
                    line,
                    segments,
                    Stage::Open,
                    content.email.address(),
                    content.email.key(),
                    content.agrees,
                    content.fields,
                    content.language,
                    None::<&str>,
                    None::<&str>,
                    None::<&str>,
                ]),
                Err(fault) => insert.execute(params![
                    profile,
                    file,
                    line,
                    segments,
                    Stage::Rejected,
                    fault.email,
                    None::<&str>,
                    fault.agrees,
                    None::<&str>,
                    None::<&str>,
                    fault.reason.as_str(),
                    fault.detail,
                    fault.email.as_deref().map(Email::key_of),
                ]),
            };
            added.map_err(failed)?;
        }
        drop(insert);
        all.commit().map_err(failed)
    }

    fn file_id(&mut self, name: &Arc<str>) -> Result<i64, Error> {
        if let Some(id) = self.files.get(name) {
            return Ok(*id);
        }
        let id = i64::try_from(self.file_names.len()).unwrap_or_default();
        let insert = "INSERT INTO file VALUES (?1, ?2)";
        self.db
            .execute(insert, params![id, name])
            .map_err(self.failed())?;
        self.files.insert(Arc::clone(name), id);
        self.file_names.push(Arc::clone(name));
        Ok(id)
    }

    fn file_name(&self, id: i64) -> Arc<str> {
        let at = usize::try_from(id).unwrap_or(usize::MAX);
        self.file_names
            .get(at)
            .cloned()
            .unwrap_or_else(|| Arc::from(""))
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |source| Error::Database {
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
