use rusqlite::{Connection, OptionalExtension, Result, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Ledger;
use super::seal::{broken, seal, unseal};
use crate::store::{Error, RunId};

/// What the ledger notes of the audience as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AudienceNotes {
    /// From when on the audience has to be looked at again; `None` where it was never looked at.
    pub cursor: Option<Cursor>,
    /// Since when everyone in the audience is known, in seconds since 1970; `None` where that is not so.
    pub complete_since: Option<i64>,
    /// When the audience was last read whole, in seconds since 1970.
    pub read_whole: Option<i64>,
    /// By how many contacts the audience's own count differs from the ledger, where that was found to be stable.
    pub count_difference: Option<i64>,
    /// Whether the ledger was begun anew after it had been damaged: what it does not hold may be ours nevertheless.
    pub rebuilt: bool,
}

/// From when on changes of the audience are not known yet, in seconds since 1970 by the service's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Of the lists by status: who is unsubscribed, cleaned, pending, archived.
    pub statuses_from: i64,
    /// Of everything else.
    pub changes_from: i64,
}

/// What the last complete reading of a destination's source came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceNotes {
    /// How many profiles.
    pub profiles: u64,
    /// How many of them in each segment, by the segment's id.
    pub segments: Vec<(String, u64)>,
}

const AUDIENCE: &str = "audience";

/// Notes something under a name.
pub(super) fn note(db: &Connection, name: &str, value: &impl Serialize) -> Result<()> {
    let mut sealed = Vec::new();
    seal(name.as_bytes(), value, &mut sealed)?;
    let mut put = db.prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?;
    put.execute(params![name, sealed]).map(|_| ())
}

/// Reads what was noted under a name.
pub(super) fn noted<T: DeserializeOwned>(db: &Connection, name: &str) -> Result<Option<T>> {
    let mut find = db.prepare_cached("SELECT row FROM meta WHERE name = ?1")?;
    let row: Option<Vec<u8>> = find.query_row([name], |row| row.get(0)).optional()?;
    row.map(|row| unseal(name.as_bytes(), &row).ok_or_else(|| broken("the notes")))
        .transpose()
}

fn source(destination: u16) -> String {
    format!("source {destination}")
}

/// Forgets what a destination's source came to.
pub(super) fn forget_source(db: &Connection, destination: u16) -> Result<()> {
    let gone = "DELETE FROM meta WHERE name = ?1";
    db.execute(gone, [source(destination)]).map(|_| ())
}

/// How long the journal of a run was when it was folded.
pub(super) fn folded(db: &Connection, run: &RunId) -> Result<Option<u64>> {
    noted(db, &format!("folded {run}"))
}

/// Notes that the journal of a run is folded, up to this length.
pub(super) fn note_folded(db: &Connection, run: &RunId, length: u64) -> Result<()> {
    note(db, &format!("folded {run}"), &length)
}

/// Forgets how far the audience is known.
pub(super) fn forget_extent(db: &Connection) -> Result<()> {
    let notes: AudienceNotes = noted(db, AUDIENCE)?.unwrap_or_default();
    let notes = AudienceNotes {
        cursor: None,
        complete_since: None,
        ..notes
    };
    note(db, AUDIENCE, &notes)
}

/// Notes that the ledger was begun anew.
pub(super) fn note_rebuilt(db: &Connection) -> Result<()> {
    let rebuilt = true;
    note(
        db,
        AUDIENCE,
        &AudienceNotes {
            rebuilt,
            ..AudienceNotes::default()
        },
    )
}

impl Ledger {
    /// Reads what is noted of the audience as a whole.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn audience_notes(&self) -> std::result::Result<AudienceNotes, Error> {
        let noted = noted(&self.db, AUDIENCE).map_err(self.failed())?;
        Ok(noted.unwrap_or_default())
    }

    /// Notes something of the audience as a whole; what the notes rest on must be written before.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn note_audience(&mut self, notes: &AudienceNotes) -> std::result::Result<(), Error> {
        self.within(|db| note(db, AUDIENCE, notes))
    }

    /// Reads what the last complete reading of a destination's source came to.
    ///
    /// # Errors
    /// Fails when the database does.
    pub fn source_notes(
        &self,
        destination: u16,
    ) -> std::result::Result<Option<SourceNotes>, Error> {
        noted(&self.db, &source(destination)).map_err(self.failed())
    }

    /// Notes what a complete reading of a destination's source came to.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn note_source(
        &mut self,
        destination: u16,
        notes: &SourceNotes,
    ) -> std::result::Result<(), Error> {
        self.within(|db| note(db, &source(destination), notes))
    }
}
