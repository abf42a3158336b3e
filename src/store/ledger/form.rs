use jiff::Timestamp;
use rusqlite::{Connection, Result, Row, TransactionBehavior, params};

use super::remembered::{Refusal, note_debt, note_refusal};
use super::seal::broken;
use crate::domain::{PersonKey, Reason};
use crate::store::tags::OwnTag;

/// The version of the database's form. Version 1 also held which tags are ours; up to version 2 people stood in it by
/// their addresses, and nothing but refusals and debts was known of them.
pub(super) const VERSION: u32 = 3;

/// A rollback journal rather than a write-ahead log: most writes are of everyone at once, and it leaves one file.
const SETTINGS: &str = "
PRAGMA page_size = 8192;
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = EXTRA;
PRAGMA cache_size = -16384;
PRAGMA secure_delete = ON;
";

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS person (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destination (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS refusal (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undone (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 3;
";

/// Reads the version, before anything is written.
pub(super) fn version(db: &Connection) -> Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Checks the names, of which there are few: each is in its table and in the index that finds it. Rows of people are checked
/// as they are read.
pub(super) fn check_names(db: &Connection) -> Result<()> {
    for table in ["destination", "tag"] {
        let check = format!("PRAGMA integrity_check({table})");
        let found: String = db.query_row(&check, [], |row| row.get(0))?;
        if found != "ok" {
            return Err(broken("the names"));
        }
    }
    Ok(())
}

/// Chooses how the file is written.
pub(super) fn settle(db: &Connection) -> Result<()> {
    db.execute_batch(SETTINGS)
}

/// Makes the tables.
pub(super) fn make(db: &mut Connection) -> Result<()> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    all.execute_batch(SCHEMA)?;
    all.commit()
}

/// Reads the tags that a ledger of version 1 holds.
pub(super) fn old_tags(db: &Connection) -> Result<Vec<OwnTag>> {
    let mut all = db.prepare("SELECT name, since FROM tag ORDER BY key")?;
    let tag = |row: &Row<'_>| {
        Ok(OwnTag {
            name: row.get(0)?,
            since: since(&row.get::<_, String>(1)?),
        })
    };
    all.query_map([], tag)?.collect()
}

fn since(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

/// Brings an older ledger to this version. Its addresses are nowhere in the file afterwards: what was deleted before goes
/// when the file is made anew, and what is deleted now is overwritten.
pub(super) fn migrate(db: &mut Connection) -> Result<()> {
    db.execute_batch("VACUUM")?;
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version(&all)? >= VERSION {
        // Another program was first.
        return Ok(());
    }
    let (refusals, debts) = (old_refusals(&all)?, old_debts(&all)?);
    all.execute_batch(
        "DROP TABLE IF EXISTS tag; DROP TABLE IF EXISTS refusal; DROP TABLE IF EXISTS owed;",
    )?;
    all.execute_batch(SCHEMA)?;
    for refusal in refusals {
        note_refusal(&all, &refusal)?;
    }
    for (debt, since) in debts {
        note_debt(&all, debt, since)?;
    }
    all.commit()
}

/// Reads what can be read of a damaged ledger of an older version.
pub(super) fn old_people(db: &Connection) -> (Vec<Refusal>, Vec<(PersonKey, Timestamp)>) {
    let refusals = old_refusals(db).unwrap_or_default();
    (refusals, old_debts(db).unwrap_or_default())
}

fn old_refusals(db: &Connection) -> Result<Vec<Refusal>> {
    let mut all = db.prepare("SELECT key, reason, since FROM refusal")?;
    let read = |row: &Row<'_>| {
        Ok(Refusal {
            key: PersonKey::of(&row.get::<_, String>(0)?),
            // One whose reason this program does not know is a refusal all the same.
            reason: Reason::parse(&row.get::<_, String>(1)?).unwrap_or(Reason::Refused),
            since: since(&row.get::<_, String>(2)?),
            words: String::new(),
        })
    };
    all.query_map(params![], read)?.collect()
}

fn old_debts(db: &Connection) -> Result<Vec<(PersonKey, Timestamp)>> {
    // The table came with a later edition of version 1.
    let there = "SELECT count(*) FROM sqlite_master WHERE name = 'owed'";
    if db.query_row(there, [], |row| row.get::<_, u32>(0))? == 0 {
        return Ok(Vec::new());
    }
    let mut all = db.prepare("SELECT hash, since FROM owed")?;
    let read = |row: &Row<'_>| {
        let id = PersonKey::parse(&row.get::<_, String>(0)?);
        let at = since(&row.get::<_, String>(1)?);
        Ok(id.map(|id| (id, at)))
    };
    let read: Result<Vec<_>> = all.query_map(params![], read)?.collect();
    Ok(read?.into_iter().flatten().collect())
}
