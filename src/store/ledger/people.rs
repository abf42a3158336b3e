use std::cmp::Ordering;
use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Result, params};
use serde::{Deserialize, Serialize};

use super::notes::{forget_source, note, noted};
use super::remembered::forget_remembered;
use super::seal::{broken, seal, sum_of, unseal};
use super::{Known, Ledger};
use crate::domain::PersonKey;
use crate::store::{Error, Leaver};

/// Under which name it is noted how many rows there are.
const ROWS: &str = "rows";

/// What going through all rows came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scan {
    /// How many rows were read.
    pub rows: u64,
    /// How many were passed over, because their checksum is wrong: of these people the ledger knows nothing, so it does not
    /// know the whole audience until they were read anew.
    pub damaged: u64,
}

/// How many rows there should be, and all their checksums in one: so that it is noticed when one is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Rows {
    count: u64,
    sums: u32,
}

impl Ledger {
    /// Goes through everyone, by key in ascending order. Others wait with writing meanwhile, so what is done with each must
    /// not take long.
    ///
    /// # Errors
    /// Fails when the database cannot be read, or rows are lost: then [`Ledger::begin_anew`] is left.
    pub fn each(&self, mut each: impl FnMut(PersonKey, Known)) -> std::result::Result<Scan, Error> {
        let mut scan = Scan::default();
        let read = read_rows(&self.db, |key, row| {
            if let Some(known) =
                key_of(key).and_then(|key| Some((key, unseal(key.as_bytes(), row)?)))
            {
                scan.rows += 1;
                each(known.0, known.1);
            } else {
                scan.damaged += 1;
            }
        });
        let checked = read.and_then(|found| {
            let noted = noted::<Rows>(&self.db, ROWS)?.unwrap_or_default();
            // The checksums of damaged rows are as little worth as the rest of them.
            let holds = found.count == noted.count && (scan.damaged > 0 || found == noted);
            if holds {
                Ok(scan)
            } else {
                Err(broken("the count of people"))
            }
        });
        checked.map_err(self.failed())
    }

    /// Reads what is known of one person; damaged, it is not known.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn get(&self, key: PersonKey) -> std::result::Result<Option<Known>, Error> {
        let row = row(&self.db, key).map_err(self.failed())?;
        Ok(row.and_then(|row| unseal(key.as_bytes(), &row)))
    }

    /// Writes what is known of people, all or nothing; in ascending order of their keys it is fast.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn write(
        &mut self,
        people: impl IntoIterator<Item = (PersonKey, Known)>,
    ) -> std::result::Result<(), Error> {
        self.merge(people, |_, known| Some(known))
    }

    /// Forgets people, all or nothing.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn delete(
        &mut self,
        people: impl IntoIterator<Item = PersonKey>,
    ) -> std::result::Result<(), Error> {
        self.merge(people.into_iter().map(|key| (key, ())), |_, ()| None)
    }

    /// Takes somebody out of everything that is known of the audience, for good: what is deleted is overwritten.
    ///
    /// # Errors
    /// Fails when the disk does, or rows are lost.
    pub fn erase(&mut self, leaver: &Leaver) -> std::result::Result<(), Error> {
        // Rows of theirs that are damaged are found by their keys alone.
        let mut theirs: BTreeSet<PersonKey> = leaver.ids().collect();
        self.each(|key, known| {
            let is_theirs = known.id.is_some_and(|id| leaver.is(id));
            theirs.extend(is_theirs.then_some(key));
        })?;
        self.within(|db| {
            merge(db, theirs.into_iter().map(|key| (key, ())), |_, ()| None)?;
            leaver.ids().try_for_each(|id| forget_remembered(db, id))
        })
    }

    /// Forgets what a destination holds people with, and how much its source held: it is no more.
    ///
    /// # Errors
    /// Fails when the disk does, or rows are lost.
    pub fn forget_destination(&mut self, name: &str) -> std::result::Result<(), Error> {
        let destination = self.destination(name)?;
        let mut held = Vec::new();
        self.each(|key, known| held.extend(known.held_by(destination).map(|_| (key, ()))))?;
        self.within(|db| {
            forget_source(db, destination)?;
            // Its number stays taken, under a name that no destination can have.
            db.execute(
                "UPDATE destination SET name = char(1) || id WHERE id = ?1",
                [destination],
            )?;
            merge(db, held, |known, ()| {
                known.map(|mut known| {
                    known.let_go(destination);
                    known
                })
            })
        })
    }

    /// Takes in news of people, all or nothing: given what is known of someone and the news, tells what is known
    /// afterwards. In ascending order of their keys it is fast.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn merge<T>(
        &mut self,
        news: impl IntoIterator<Item = (PersonKey, T)>,
        with: impl FnMut(Option<Known>, T) -> Option<Known>,
    ) -> std::result::Result<(), Error> {
        self.within(|db| merge(db, news, with))
    }
}

/// As [`Ledger::merge`], within a transaction.
pub(super) fn merge<T>(
    db: &Connection,
    news: impl IntoIterator<Item = (PersonKey, T)>,
    mut with: impl FnMut(Option<Known>, T) -> Option<Known>,
) -> Result<()> {
    let mut rows = noted::<Rows>(db, ROWS)?.unwrap_or_default();
    let mut find = db.prepare("SELECT row FROM person WHERE key = ?1")?;
    let mut put = db.prepare(
        "INSERT INTO person VALUES (?1, ?2) ON CONFLICT DO UPDATE SET row = excluded.row",
    )?;
    let mut drop = db.prepare("DELETE FROM person WHERE key = ?1")?;
    let (mut sealed, mut was_damaged) = (Vec::new(), false);
    // Behind the last key nobody is found, except who was put there a moment ago: a new ledger is not searched at all.
    let mut last = last_key(db)?;
    for (key, news) in news {
        let bytes = key.as_bytes();
        let is_new = last < Some(key);
        last = last.max(Some(key));
        let mut old = None;
        if !is_new && let Some(row) = find.query([bytes])?.next()? {
            let row = row.get_ref(0)?.as_blob()?;
            rows.count = rows.count.wrapping_sub(1);
            rows.sums ^= sum_of(row);
            old = unseal(bytes, row);
            was_damaged |= old.is_none();
        }
        match with(old, news) {
            Some(known) => {
                rows.sums ^= seal(bytes, &known, &mut sealed)?;
                rows.count += 1;
                put.execute(params![bytes, sealed])?;
            }
            None if is_new => {}
            None => {
                drop.execute([bytes])?;
            }
        }
    }
    if was_damaged {
        // What the damaged row had been counted with is not known.
        rows = read_rows(db, |_, _| {})?;
    }
    note(db, ROWS, &rows)
}

/// The last key there is; where that one is none, the last that there could be.
fn last_key(db: &Connection) -> Result<Option<PersonKey>> {
    let last: Option<Vec<u8>> =
        db.query_row("SELECT max(key) FROM person", [], |row| row.get(0))?;
    let none = PersonKey::from_bytes([u8::MAX; 16]);
    Ok(last.map(|key| key_of(&key).unwrap_or(none)))
}

fn row(db: &Connection, key: PersonKey) -> Result<Option<Vec<u8>>> {
    let mut find = db.prepare_cached("SELECT row FROM person WHERE key = ?1")?;
    find.query_row([key.as_bytes()], |row| row.get(0))
        .optional()
}

fn key_of(bytes: &[u8]) -> Option<PersonKey> {
    bytes.try_into().ok().map(PersonKey::from_bytes)
}

/// Goes through the rows as they are. Rows that come twice, or not in order, are damage that no checksum shows.
fn read_rows(db: &Connection, mut each: impl FnMut(&[u8], &[u8])) -> Result<Rows> {
    let (mut found, mut last) = (Rows::default(), Vec::new());
    let mut all = db.prepare("SELECT key, row FROM person ORDER BY key")?;
    let mut all = all.query([])?;
    while let Some(row) = all.next()? {
        // What is no blob any more is as damaged as one with a wrong checksum.
        let bytes = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_bytes().unwrap_or_default());
        let (key, row) = (bytes(0)?, bytes(1)?);
        found.count += 1;
        found.sums ^= sum_of(row);
        if key.len() == 16 {
            if last.as_slice().cmp(key) != Ordering::Less {
                return Err(broken("the order of people"));
            }
            last.clear();
            last.extend_from_slice(key);
        }
        each(key, row);
    }
    Ok(found)
}
