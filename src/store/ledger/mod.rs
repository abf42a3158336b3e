//! What is known of an audience between runs: who is in it and with what of ours, who was refused, what is owed, and up to
//! where the audience was looked at. It is a cache of the truth: the fold of all journals and of what was read. People
//! stand in it by their keys. What is damaged is told and never believed.

mod folding;
mod form;
mod known;
mod notes;
mod people;
mod remembered;
mod seal;
#[cfg(test)]
mod tests;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Error as Sql, ErrorCode, TransactionBehavior};

use super::files::{private_folder, remove_if_there, replace, sync_folder};
use super::{Error, Home, OwnTags};
use crate::domain::AudienceId;
use remembered::Carried;

pub use known::{Held, Known, TagSet};
pub use notes::{AudienceNotes, Cursor, SourceNotes};
pub use people::Scan;
pub use remembered::{Refusal, Undone};

/// No Segue will ever have written so many versions: the number is damaged.
const FAR: u32 = 9_999;

/// What Segue knows of an audience between runs.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    db: Connection,
    is_new: bool,
}

impl Ledger {
    /// Opens the ledger of an audience, made on first use.
    ///
    /// # Errors
    /// Fails when the database cannot be opened, is of a newer version, or is damaged: then [`Ledger::begin_anew`] is left.
    pub fn open(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        let path = home.ledger(audience);
        private_folder(path.parent().unwrap_or(Path::new(".")))?;
        let is_new = length(&path) == 0;
        if !path.exists() {
            replace(&path, b"")?;
        }
        let db = connect(&path).map_err(|why| failure(&path, why))?;
        let mut ledger = Self { path, db, is_new };
        // Before anything is written.
        let version = form::version(&ledger.db).map_err(ledger.failed())?;
        if version > FAR {
            return Err(failure(&ledger.path, seal::broken("the version")));
        }
        if version > form::VERSION {
            let path = ledger.path;
            return Err(Error::Newer { path, version });
        }
        if version == 0 && length(&ledger.path) > 0 {
            // A file shorter than what `SQLite` reads first passes for an empty one.
            return Err(failure(&ledger.path, seal::broken("the version")));
        }
        if version == 1 {
            let tags = form::old_tags(&ledger.db).map_err(ledger.failed())?;
            OwnTags::move_in(home, audience, tags)?;
        }
        let made = form::settle(&ledger.db).and_then(|()| match version {
            0 => form::make(&mut ledger.db),
            form::VERSION => form::check_names(&ledger.db),
            _ => form::migrate(&mut ledger.db),
        });
        made.map_err(ledger.failed())?;
        Ok(ledger)
    }

    /// Sets a damaged ledger aside for good and begins a new one, which knows that. Refusals, debts and who was undone are
    /// carried over as far as they can be read; everyone else is read anew from the audience.
    ///
    /// # Errors
    /// Fails when the new one cannot be written; then the damaged one is still there.
    pub fn begin_anew(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        let path = home.ledger(audience);
        let carried = connect(&path).map(|db| Carried::of(&db));
        let carried = carried.unwrap_or_default();
        let new = home.new_ledger(audience);
        remove_if_there(&new)?;
        replace(&new, b"")?;
        let write = |mut db: Connection| {
            form::settle(&db)?;
            form::make(&mut db)?;
            let all = db.transaction()?;
            carried.note(&all)?;
            notes::note_rebuilt(&all)?;
            all.commit()
        };
        let written = connect(&new).and_then(write);
        written.map_err(|why| failure(&new, why))?;
        // What belongs to the damaged one must not be taken for the new one's.
        for file in home.ledger_files(audience) {
            if file != path && file != new {
                remove_if_there(&file)?;
            }
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::rename(&new, &path)
            .and_then(|()| sync_folder(folder))
            .map_err(|why| Error::write(&path, why))?;
        let ledger = Self::open(home, audience)?;
        let is_new = true;
        Ok(Self { is_new, ..ledger })
    }

    /// As [`Ledger::open`], and as [`Ledger::begin_anew`] where the ledger is damaged: then it is as new as one made just
    /// now.
    ///
    /// # Errors
    /// Fails when the database cannot be opened, or is of a newer version.
    pub fn open_or_begin_anew(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        match Self::open(home, audience) {
            Err(why @ Error::Damaged { .. }) => {
                tracing::warn!(error = %why, "the ledger is begun anew");
                Self::begin_anew(home, audience)
            }
            opened => opened,
        }
    }

    /// Tells whether it was made just now, so that it remembers nothing yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Gives the number of a destination in this ledger, a new one where it has none yet.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn destination(&mut self, name: &str) -> Result<u16, Error> {
        self.within(|db| number(db, "destination", name))
    }

    /// Gives the number of a tag in this ledger, a new one where it has none yet. Compared without case.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn tag(&mut self, name: &str) -> Result<u16, Error> {
        self.within(|db| number(db, "tag", name))
    }

    /// Lists the tags that have numbers: in lower case, by number.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn tags(&self) -> Result<Vec<String>, Error> {
        names(&self.db, "tag").map_err(self.failed())
    }

    /// Lists the destinations that have numbers: in lower case, by number.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn destinations(&self) -> Result<Vec<String>, Error> {
        names(&self.db, "destination").map_err(self.failed())
    }

    /// Does something with the database alone, all or nothing.
    fn within<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let path = self.path.clone();
        self.all_or_nothing(|db| work(db).map_err(|why| failure(&path, why)))
    }

    /// Does something all or nothing.
    fn all_or_nothing<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let failed = |why| failure(&self.path, why);
        let begun = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate);
        let all = begun.map_err(failed)?;
        let done = work(&all)?;
        all.commit().map_err(failed)?;
        Ok(done)
    }

    fn failed(&self) -> impl Fn(Sql) -> Error + '_ {
        |why| failure(&self.path, why)
    }
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(10))?;
    Ok(db)
}

/// Tells damage from whatever else keeps a database from working.
fn failure(path: &Path, why: Sql) -> Error {
    let is_damage = match &why {
        // `Unknown` stands for statements that do not fit the tables: those are ours, so the tables are not. Nothing is put
        // where something is already, so an index that says so does not fit its table.
        Sql::SqliteFailure(why, _) => {
            matches!(
            why.code,
            ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::Unknown
                | ErrorCode::ConstraintViolation
        )
        // It says of itself that nobody may write to it, and the system knows nothing of that.
            || why.code == ErrorCode::ReadOnly && OpenOptions::new().append(true).open(path).is_ok()
        }
        Sql::SqlInputError { .. }
        | Sql::FromSqlConversionFailure(..)
        | Sql::IntegralValueOutOfRange(..)
        | Sql::InvalidColumnType(..)
        | Sql::Utf8Error(..)
        | Sql::QueryReturnedNoRows => true,
        _ => false,
    };
    let path = path.to_owned();
    if is_damage {
        let why = why.to_string();
        Error::Damaged { path, why }
    } else {
        Error::Database { path, source: why }
    }
}

/// How a name is spelled in the ledger: names are compared without case.
fn spelled(name: &str) -> String {
    name.trim().to_lowercase()
}

fn names(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut all = db.prepare(&format!("SELECT id, name FROM {table} ORDER BY id"))?;
    let (mut all, mut names) = (all.query([])?, Vec::new());
    while let Some(row) = all.next()? {
        if row.get::<_, u32>(0)? as usize != names.len() {
            return Err(seal::broken("the numbers of names"));
        }
        names.push(row.get(1)?);
    }
    Ok(names)
}

/// Gives the number of a name; numbers count from 0 without a gap.
fn number(db: &Connection, table: &str, name: &str) -> rusqlite::Result<u16> {
    let name = spelled(name);
    let names = names(db, table)?;
    let known = names.iter().position(|known| *known == name);
    let at = known.unwrap_or(names.len());
    let number = u16::try_from(at).map_err(|why| Sql::ToSqlConversionFailure(why.into()))?;
    if known.is_none() {
        let put = format!("INSERT INTO {table} VALUES (?1, ?2)");
        db.execute(&put, rusqlite::params![number, name])?;
    }
    Ok(number)
}
