//! A run's plan on disk: every profile once, with what shall happen to it. A `SQLite` file, so that memory stays small
//! whatever the size of the segments, and so that a person can look into it.
//!
//! Filled in three steps: rows are added as they are read, settled (each person once), compared with the audience. Then
//! it is frozen, and delivering reads it from front to back.

mod compare;
mod read;
mod settle;
mod told;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, InterruptHandle, params};

use super::Error;
use super::files::private;
use crate::domain::{Consent, Content, Email, Origin, ProfileId, SegmentSet, Unfit};

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
    /// What it says of the person's consent.
    pub consent: Consent,
    /// The value of the consent attribute, where it is not understood.
    pub unclear: Option<String>,
    /// The row made into a member, or why it cannot be one.
    pub content: Result<Content, Unfit>,
}

/// What stops a plan's statement from another thread: settling a million rows takes seconds.
pub struct PlanInterrupt(InterruptHandle);

impl PlanInterrupt {
    /// Makes the statement that goes on fail; later ones are not concerned.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
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
    consent INTEGER NOT NULL,
    fields TEXT,
    language TEXT,
    reason TEXT,
    detail TEXT,
    winner INTEGER,
    status TEXT,
    adds BLOB,
    more_tags INTEGER NOT NULL DEFAULT 0,
    unclear TEXT,
    left_out TEXT
);
";

const INSERT: &str = "INSERT INTO person
    (profile, file, line, segments, stage, email, key, consent, fields, language, reason, detail, refused, unclear, left_out)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

/// A person's consent as the plan keeps it: a number that grows with strictness.
struct Answer(Consent);

impl ToSql for Answer {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0 as i64))
    }
}

impl FromSql for Answer {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let at = usize::try_from(value.as_i64()?).unwrap_or(usize::MAX);
        // What cannot be read is no yes.
        Ok(Self(Consent::ALL.get(at).copied().unwrap_or(Consent::No)))
    }
}

fn left_out(content: &Content) -> Option<String> {
    if content.left_out.is_empty() {
        return None;
    }
    serde_json::to_string(&content.left_out).ok()
}

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
        let mut insert = self.db.prepare_cached(INSERT).map_err(failed)?;
        for (row, file) in rows.iter().zip(files) {
            let (content, fault) = match &row.content {
                Ok(content) => (Some(content), None),
                Err(fault) => (None, Some(fault)),
            };
            let stage = fault.map_or(Stage::Open, |_| Stage::Rejected);
            let address = content.map(|content| content.email.address());
            let refused = fault.and_then(|fault| fault.email.as_deref());
            let added = insert.execute(params![
                row.profile.as_ref().map(ProfileId::as_str),
                file,
                i64::try_from(row.origin.line).unwrap_or_default(),
                row.segments.as_bytes(),
                stage,
                address.or(refused),
                content.map(|content| content.email.key()),
                Answer(row.consent),
                content.map(|content| content.fields.as_str()),
                content.and_then(|content| content.language.as_deref()),
                fault.map(|fault| fault.reason.as_str()),
                fault.map(|fault| fault.detail.as_str()),
                refused.map(Email::key_of),
                row.unclear,
                content.and_then(left_out),
            ]);
            added.map_err(failed)?;
        }
        drop(insert);
        all.commit().map_err(failed)
    }

    /// Calls back with the profile id of every row taken in so far.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn each_id(&self, mut each: impl FnMut(Option<&str>)) -> Result<(), Error> {
        let failed = self.failed();
        let mut all = self
            .db
            .prepare("SELECT profile FROM person")
            .map_err(&failed)?;
        let mut rows = all.query([]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let id = row.get_ref(0).and_then(|id| Ok(id.as_str_or_null()?));
            each(id.map_err(&failed)?);
        }
        Ok(())
    }

    /// Gives what stops the statement that goes on, from another thread.
    #[must_use]
    pub fn interrupt(&self) -> PlanInterrupt {
        PlanInterrupt(self.db.get_interrupt_handle())
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
