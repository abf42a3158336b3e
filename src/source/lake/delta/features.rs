//! What a Delta table asks of its readers: applied, or refused by name.

use std::path::Path;

use super::super::super::Error;
use super::log::Snapshot;

/// The newest version of the protocol; from it on, a table names what it asks.
const NAMED: u32 = 3;
/// What is understood, or changes nothing in how rows are read: columns by other names, rows that are listed as gone,
/// checkpoints in several files, times without a zone, columns whose type became a wider one (each file is read by its own
/// types).
const UNDERSTOOD: [&str; 7] = [
    "columnMapping",
    "deletionVectors",
    "v2Checkpoint",
    "timestampNtz",
    "typeWidening",
    "typeWidening-preview",
    "vacuumProtocolCheck",
];

/// Refuses what is not understood.
pub(super) fn check(folder: &Path, snapshot: &Snapshot) -> Result<(), Error> {
    if snapshot.protocol.min_reader_version > NAMED {
        let asked = snapshot.protocol.min_reader_version;
        return Err(unread(folder, &format!("minReaderVersion {asked}")));
    }
    let asked = snapshot.protocol.reader_features.iter().flatten();
    let strange = asked
        .into_iter()
        .find(|name| !UNDERSTOOD.contains(&name.as_str()));
    strange.map_or(Ok(()), |name| Err(unread(folder, name)))
}

/// Refuses a table for a part of it.
pub(super) fn unread(folder: &Path, feature: &str) -> Error {
    Error::UnreadFeature {
        path: folder.to_owned(),
        feature: feature.to_owned(),
    }
}
