use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::files::private_folder;
use super::{Error, Home};
use crate::domain::{AudienceId, Reason};

/// What Segue must remember of an audience between runs: which tags are ours, who was refused for good, and who has to be
/// archived again.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    db: Connection,
}

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS tag (key TEXT PRIMARY KEY, name TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refusal (key TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed (hash TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
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
        if !path.exists() {
            super::files::replace(&path, b"")?;
        }
        let db = Connection::open(&path).map_err(failed)?;
        db.busy_timeout(std::time::Duration::from_secs(10))
            .map_err(failed)?;
        db.execute_batch(SCHEMA).map_err(failed)?;
        Ok(Self { path, db })
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |source| Error::Database {
            path: self.path.clone(),
            source,
        }
    }

    /// Tells whether a tag is ours: Segue made it, or the user adopted it (rule 4). Compared without case.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn owns(&self, tag: &str) -> Result<bool, Error> {
        let found = "SELECT EXISTS (SELECT 1 FROM tag WHERE key = ?1)";
        self.db
            .query_row(found, [tag.trim().to_lowercase()], |row| row.get(0))
            .map_err(self.failed())
    }

    /// Notes that tags are ours, before the first member gets them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn own<'a>(
        &self,
        tags: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for tag in tags {
            let insert = "INSERT INTO tag VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            let values = params![tag.trim().to_lowercase(), tag.trim(), now.to_string()];
            self.db.execute(insert, values).map_err(self.failed())?;
        }
        Ok(())
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
    use crate::store::Home;

    #[test]
    fn tags_and_refusals_are_remembered() {
        let folder = tempfile::tempdir().expect("folder");
        let (home, audience) = (
            Home::at(folder.path()),
            AudienceId::parse("abc").expect("id"),
        );
        let now = Timestamp::UNIX_EPOCH;
        let mut ledger = Ledger::open(&home, &audience).expect("open");
        ledger.own([" Gold "], now).expect("own");
        ledger
            .remember(&[("a@b.example".to_owned(), Reason::Compliance)], now)
            .expect("remember");
        drop(ledger);
        let ledger = Ledger::open(&home, &audience).expect("open again");
        assert!(ledger.owns("GOLD").expect("look") && !ledger.owns("Silver").expect("look"));
        assert_eq!(
            ledger.refusals().expect("list"),
            [("a@b.example".to_owned(), Reason::Compliance)]
        );
        assert!(ledger.forget("a@b.example").expect("forget"));
        assert_eq!(ledger.refusals().expect("list"), []);
    }
}
