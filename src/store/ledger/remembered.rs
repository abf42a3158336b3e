use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Result, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Ledger;
use super::seal::{broken, seal, unseal};
use crate::domain::{PersonKey, Reason};
use crate::store::Error;

/// Someone who was refused, which is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Who.
    pub key: PersonKey,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub since: Timestamp,
    /// The service's own words, where it contradicts itself; else empty.
    pub words: String,
}

/// How long it is remembered that Mailchimp contradicts itself about someone: by then it may be of one mind.
const UNCLEAR: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Refusal {
    /// Tells whether the person is to be left alone now: for good, or for a week where Mailchimp contradicted itself.
    #[must_use]
    pub fn still_holds(&self, now: Timestamp) -> bool {
        self.until().is_none_or(|until| now < until)
    }

    /// Tells until when; `None` for good.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        let ends = self.reason == Reason::Unclear;
        ends.then(|| self.since.checked_add(UNCLEAR).unwrap_or(self.since))
    }
}

/// Someone whom an undo archived, and who counts as new when exported again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Who.
    pub key: PersonKey,
    /// When, in seconds since 1970 by the service's clock.
    pub since: i64,
    /// The hash of the contact as the undo left it.
    pub after: u64,
}

fn put(db: &Connection, statement: &str, key: &[u8], value: &impl Serialize) -> Result<()> {
    let mut sealed = Vec::new();
    seal(key, value, &mut sealed)?;
    let mut put = db.prepare_cached(statement)?;
    put.execute(params![key, sealed]).map(|_| ())
}

/// Reads a table of remembered things, and how many of them are damaged.
fn read<T: DeserializeOwned>(db: &Connection, table: &str) -> Result<(Vec<(PersonKey, T)>, usize)> {
    read_by(db, table, unseal)
}

fn read_by<T>(
    db: &Connection,
    table: &str,
    unseal: impl Fn(&[u8], &[u8]) -> Option<T>,
) -> Result<(Vec<(PersonKey, T)>, usize)> {
    let mut all = db.prepare(&format!("SELECT key, row FROM {table} ORDER BY key"))?;
    let (mut all, mut read, mut damaged) = (all.query([])?, Vec::new(), 0);
    while let Some(row) = all.next()? {
        let (key, row) = (row.get_ref(0)?.as_blob()?, row.get_ref(1)?.as_blob()?);
        let id = key.first_chunk().copied().map(PersonKey::from_bytes);
        match id.zip(unseal(key, row)) {
            Some(one) => read.push(one),
            None => damaged += 1,
        }
    }
    Ok((read, damaged))
}

fn whole<T>((read, damaged): (T, usize), what: &'static str) -> Result<T> {
    if damaged == 0 {
        Ok(read)
    } else {
        Err(broken(what))
    }
}

/// Notes a refusal.
pub(super) fn note_refusal(db: &Connection, refusal: &Refusal) -> Result<()> {
    let (reason, since) = (refusal.reason.as_str(), refusal.since.as_millisecond());
    let (statement, key) = (
        "INSERT OR REPLACE INTO refusal VALUES (?1, ?2)",
        refusal.key.as_bytes(),
    );
    // As before there were words, so that a program of then can read it.
    if refusal.words.is_empty() {
        return put(db, statement, key, &(reason, since));
    }
    put(db, statement, key, &(reason, since, &refusal.words))
}

/// Notes a debt, unless it is noted already.
pub(super) fn note_debt(db: &Connection, id: PersonKey, since: Timestamp) -> Result<()> {
    let value = since.as_millisecond();
    let statement = "INSERT OR IGNORE INTO owed VALUES (?1, ?2)";
    put(db, statement, id.as_bytes(), &value)
}

/// Notes that a debt is paid.
pub(super) fn note_paid(db: &Connection, id: PersonKey) -> Result<()> {
    let mut gone = db.prepare_cached("DELETE FROM owed WHERE key = ?1")?;
    gone.execute([id.as_bytes()]).map(|_| ())
}

/// Notes whom an undo archived.
pub(super) fn note_undone(db: &Connection, undone: &Undone) -> Result<()> {
    let statement = "INSERT OR REPLACE INTO undone VALUES (?1, ?2)";
    let value = (undone.since, undone.after);
    put(db, statement, undone.key.as_bytes(), &value)
}

/// Tells whether an undo archived anyone who was not made anew since.
pub(super) fn any_undone(db: &Connection) -> Result<bool> {
    db.query_row("SELECT EXISTS (SELECT 1 FROM undone)", [], |row| row.get(0))
}

/// Forgets that an undo archived someone.
pub(super) fn forget_undone(db: &Connection, key: PersonKey) -> Result<()> {
    let mut gone = db.prepare_cached("DELETE FROM undone WHERE key = ?1")?;
    gone.execute([key.as_bytes()]).map(|_| ())
}

/// Forgets all that is remembered of somebody.
pub(super) fn forget_remembered(db: &Connection, key: PersonKey) -> Result<()> {
    for table in ["refusal", "undone", "owed"] {
        let mut gone = db.prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))?;
        gone.execute([key.as_bytes()])?;
    }
    Ok(())
}

/// A refusal as its row holds it: reason, since, words.
type RefusalRow = (String, i64, String);

/// Reads the refusals, and how many are damaged. A row without words has no place for them.
fn read_refusals(db: &Connection) -> Result<(Vec<(PersonKey, RefusalRow)>, usize)> {
    let without_words = |key: &[u8], row: &[u8]| {
        let (reason, since) = unseal(key, row)?;
        Some((reason, since, String::new()))
    };
    read_by(db, "refusal", |key, row| {
        unseal(key, row).or_else(|| without_words(key, row))
    })
}

fn refusals(read: Vec<(PersonKey, RefusalRow)>) -> Vec<Refusal> {
    let refusal = |(key, (reason, since, words)): (PersonKey, RefusalRow)| Refusal {
        key,
        // One whose reason this program does not know is a refusal all the same.
        reason: Reason::parse(&reason).unwrap_or(Reason::Refused),
        since: Timestamp::from_millisecond(since).unwrap_or_default(),
        words,
    };
    read.into_iter().map(refusal).collect()
}

fn undone(read: Vec<(PersonKey, (i64, u64))>) -> Vec<Undone> {
    let undone = |(key, (since, after))| Undone { key, since, after };
    read.into_iter().map(undone).collect()
}

/// What of a damaged ledger must not be lost, as far as it can be read.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub refusals: Vec<Refusal>,
    pub debts: Vec<(PersonKey, Timestamp)>,
    pub undone: Vec<Undone>,
}

impl Carried {
    /// Reads what can be read.
    pub fn of(db: &Connection) -> Self {
        fn left<T: DeserializeOwned>(db: &Connection, table: &str) -> Vec<(PersonKey, T)> {
            read(db, table).unwrap_or_default().0
        }
        let debt = |(id, since)| (id, Timestamp::from_millisecond(since).unwrap_or_default());
        let (mut old_refusals, mut old_debts) = super::form::old_people(db);
        old_refusals.extend(refusals(read_refusals(db).unwrap_or_default().0));
        old_debts.extend(left(db, "owed").into_iter().map(debt));
        Self {
            refusals: old_refusals,
            debts: old_debts,
            undone: undone(left(db, "undone")),
        }
    }

    /// Notes it in another ledger.
    pub fn note(&self, db: &Connection) -> Result<()> {
        for refusal in &self.refusals {
            note_refusal(db, refusal)?;
        }
        for (id, since) in &self.debts {
            note_debt(db, *id, *since)?;
        }
        self.undone.iter().try_for_each(|one| note_undone(db, one))
    }
}

impl Ledger {
    /// Remembers that people were refused (rule 1).
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn remember(
        &mut self,
        refused: &[(PersonKey, Reason)],
        now: Timestamp,
    ) -> std::result::Result<(), Error> {
        let refusal = |&(key, reason): &(PersonKey, Reason)| Refusal {
            key,
            reason,
            since: now,
            words: String::new(),
        };
        self.within(|db| {
            let mut refused = refused.iter().map(refusal);
            refused.try_for_each(|refusal| note_refusal(db, &refusal))
        })
    }

    /// Lists the remembered refusals, by key.
    ///
    /// # Errors
    /// Fails when the database does, or one of them is damaged: nobody may be taken for someone who was never refused.
    pub fn refusals(&self) -> std::result::Result<Vec<Refusal>, Error> {
        let read = read_refusals(&self.db).and_then(|read| whole(read, "the refusals"));
        read.map(refusals).map_err(self.failed())
    }

    /// Forgets everyone, for good; what is owed stays.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn forget_all(&mut self) -> std::result::Result<(), Error> {
        let gone = "DELETE FROM person; DELETE FROM refusal; DELETE FROM undone; DELETE FROM meta;";
        self.within(|db| db.execute_batch(gone))
    }

    /// Forgets a remembered refusal; tells whether there was one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn forget(&mut self, key: PersonKey) -> std::result::Result<bool, Error> {
        let gone = "DELETE FROM refusal WHERE key = ?1";
        self.within(|db| Ok(db.execute(gone, [key.as_bytes()])? > 0))
    }

    /// Writes down contacts that were made anew by mistake and have to be archived again, by Mailchimp's `id` of each: the
    /// next run does it where this one cannot (rule 1).
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn owe(&mut self, ids: &[PersonKey], now: Timestamp) -> std::result::Result<(), Error> {
        self.within(|db| ids.iter().try_for_each(|id| note_debt(db, *id, now)))
    }

    /// Lists the contacts that still have to be archived again.
    ///
    /// # Errors
    /// Fails when the database does, or a debt is damaged.
    pub fn owed(&self) -> std::result::Result<Vec<PersonKey>, Error> {
        let read = read::<i64>(&self.db, "owed");
        let read = read.and_then(|read| whole(read, "what is owed"));
        let read = read.map_err(self.failed())?;
        Ok(read.into_iter().map(|(id, _)| id).collect())
    }

    /// Takes note that such a contact is archived again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn paid(&mut self, id: PersonKey) -> std::result::Result<(), Error> {
        self.within(|db| note_paid(db, id))
    }

    /// Lists whom an undo archived, by key.
    ///
    /// # Errors
    /// Fails when the database does, or a row of it is damaged.
    pub fn undone(&self) -> std::result::Result<Vec<Undone>, Error> {
        let read = read(&self.db, "undone").and_then(|read| whole(read, "who was undone"));
        read.map(undone).map_err(self.failed())
    }
}
