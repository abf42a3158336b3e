use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::files::private_folder;
use super::tags::OwnTag;
use super::{Error, Home, OwnTags};
use crate::domain::{AudienceId, Reason};

/// What Segue must remember of an audience between runs: who was refused for good, and who has to be archived again.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    db: Connection,
    is_new: bool,
}

/// The version of the database's form. Ledgers of version 1 also held which tags are ours.
const VERSION: u32 = 2;

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS refusal (key TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed (hash TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
";

impl Ledger {
    /// Opens the ledger of an audience, made on first use.
    ///
    /// # Errors
    /// Fails when the database cannot be opened.
    pub fn open(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        let path = home.ledger(audience);
        private_folder(path.parent().unwrap_or(Path::new(".")))?;
        let failed = |source| Error::Database {
            path: path.clone(),
            source,
        };
        let is_new = !path.exists();
        if is_new {
            super::files::replace(&path, b"")?;
        }
        let db = Connection::open(&path).map_err(failed)?;
        db.busy_timeout(std::time::Duration::from_secs(10))
            .map_err(failed)?;
        // Before anything is written.
        let version: u32 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed)?;
        if version > VERSION {
            return Err(Error::Newer { path, version });
        }
        let ledger = Self { path, db, is_new };
        if version == 1 {
            OwnTags::move_in(home, audience, ledger.old_tags()?)?;
            ledger.perform("DROP TABLE IF EXISTS tag")?;
        }
        ledger.perform(SCHEMA)?;
        Ok(ledger)
    }

    /// Tells whether it was made just now, so that it remembers nothing yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    fn perform(&self, statements: &str) -> Result<(), Error> {
        self.db.execute_batch(statements).map_err(self.failed())
    }

    /// Reads the tags that a ledger of version 1 holds.
    fn old_tags(&self) -> Result<Vec<OwnTag>, Error> {
        let mut all = self
            .db
            .prepare("SELECT name, since FROM tag ORDER BY key")
            .map_err(self.failed())?;
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
        let rows: Result<Vec<(String, String)>, _> =
            all.query_map([], read).map_err(self.failed())?.collect();
        let tag = |(name, since): (String, String)| OwnTag {
            name,
            since: since.parse().unwrap_or_default(),
        };
        Ok(rows.map_err(self.failed())?.into_iter().map(tag).collect())
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |source| Error::Database {
            path: self.path.clone(),
            source,
        }
    }

    /// Remembers that an address was refused for good (rule 1).
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn remember(&mut self, refused: &[(String, Reason)], now: Timestamp) -> Result<(), Error> {
        let path = self.path.clone();
        let failed = |source| Error::Database {
            path: path.clone(),
            source,
        };
        let all = self.db.transaction().map_err(failed)?;
        for (key, reason) in refused {
            let insert = "INSERT OR REPLACE INTO refusal VALUES (?1, ?2, ?3)";
            all.execute(insert, params![key, reason.as_str(), now.to_string()])
                .map_err(failed)?;
        }
        all.commit().map_err(failed)
    }

    /// Writes down contacts that a run made anew by mistake and has to archive again, by Mailchimp's key of each.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn owe(&mut self, hashes: &[String], now: Timestamp) -> Result<(), Error> {
        let path = self.path.clone();
        let failed = |source| Error::Database {
            path: path.clone(),
            source,
        };
        let all = self.db.transaction().map_err(failed)?;
        for hash in hashes {
            let insert = "INSERT INTO owed VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            all.execute(insert, params![hash, now.to_string()])
                .map_err(failed)?;
        }
        all.commit().map_err(failed)
    }

    /// Lists the contacts that still have to be archived again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn owed(&self) -> Result<Vec<String>, Error> {
        let failed = self.failed();
        let mut all = self
            .db
            .prepare("SELECT hash FROM owed ORDER BY hash")
            .map_err(&failed)?;
        let rows = all.query_map([], |row| row.get(0));
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Takes note that such a contact was archived again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn paid(&self, hash: &str) -> Result<(), Error> {
        let gone = self.db.execute("DELETE FROM owed WHERE hash = ?1", [hash]);
        gone.map(|_| ()).map_err(self.failed())
    }

    /// Lists the remembered refusals: normalised address and reason, by address.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn refusals(&self) -> Result<Vec<(String, Reason)>, Error> {
        let failed = self.failed();
        let mut all = self
            .db
            .prepare("SELECT key, reason FROM refusal ORDER BY key")
            .map_err(&failed)?;
        let rows = all
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
            .map_err(&failed)?;
        let read: Result<Vec<(String, String)>, _> = rows.collect();
        let known = |(key, reason): (String, String)| Some((key, Reason::parse(&reason)?));
        Ok(read
            .map_err(&failed)?
            .into_iter()
            .filter_map(known)
            .collect())
    }

    /// Forgets all refusals, for good; who has to be archived again stays.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn forget_all(&self) -> Result<(), Error> {
        self.perform("PRAGMA secure_delete = ON; DELETE FROM refusal;")
    }

    /// Forgets a remembered refusal; tells whether there was one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn forget(&self, key: &str) -> Result<bool, Error> {
        let gone = self
            .db
            .execute("DELETE FROM refusal WHERE key = ?1", [key])
            .map_err(self.failed())?;
        Ok(gone > 0)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Ledger;
    use crate::domain::{AudienceId, Reason};
    use crate::store::{Error, Home};

    #[test]
    fn refusals_are_remembered() {
        let folder = tempfile::tempdir().expect("folder");
        let (home, audience) = (
            Home::at(folder.path()),
            AudienceId::parse("abc").expect("id"),
        );
        let now = Timestamp::UNIX_EPOCH;
        let mut ledger = Ledger::open(&home, &audience).expect("open");
        assert!(ledger.is_new());
        ledger
            .remember(&[("a@b.example".to_owned(), Reason::Compliance)], now)
            .expect("remember");
        drop(ledger);
        let ledger = Ledger::open(&home, &audience).expect("open again");
        assert!(!ledger.is_new());
        assert_eq!(
            ledger.refusals().expect("list"),
            [("a@b.example".to_owned(), Reason::Compliance)]
        );
        assert!(ledger.forget("a@b.example").expect("forget"));
        assert_eq!(ledger.refusals().expect("list"), []);
    }

    #[test]
    fn a_newer_ledger_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().expect("folder");
        let (home, audience) = (
            Home::at(folder.path()),
            AudienceId::parse("abc").expect("id"),
        );
        let path = home.ledger(&audience);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        let newer = rusqlite::Connection::open(&path).expect("newer");
        newer.execute_batch("PRAGMA user_version = 3").expect("set");
        drop(newer);
        let before = std::fs::read(&path).expect("file");
        let refused = Ledger::open(&home, &audience);
        assert!(matches!(refused, Err(Error::Newer { version: 3, .. })));
        assert_eq!(std::fs::read(&path).expect("file"), before);
    }
}
