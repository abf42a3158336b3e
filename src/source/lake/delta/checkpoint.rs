//! Checkpoints: what all commits before came to, in one Parquet file, in several, or in one that refers to others.

use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

use super::super::super::Error;
use super::super::{opened, unreadable};
use super::log::lines;

type Take<'a> = &'a mut dyn FnMut(Value) -> Result<(), serde_json::Error>;

/// Takes every action of a checkpoint, and of the sidecars it names.
pub(super) fn read(parts: &[PathBuf], take: Take<'_>) -> Result<(), Error> {
    let mut sidecars = Vec::new();
    for path in parts {
        let mut each = |action: Value| {
            if let Some(sidecar) = action["sidecar"]["path"].as_str() {
                sidecars.push(sidecar.to_owned());
            }
            take(action)
        };
        if path.extension().is_some_and(|ending| ending == "json") {
            lines(path, &mut each)?;
        } else {
            rows(path, &mut each)?;
        }
    }
    let log = parts.first().and_then(|path| path.parent());
    for sidecar in sidecars {
        // They are named without a folder; a name that leads elsewhere finds nothing there.
        let name = Path::new(&sidecar).file_name().unwrap_or_default();
        let path = log.unwrap_or(Path::new("")).join("_sidecars").join(name);
        rows(&path, take)?;
    }
    Ok(())
}

/// Takes an action for each row of a Parquet file; the columns are named as the keys in a commit are.
fn rows(path: &Path, take: Take<'_>) -> Result<(), Error> {
    let reader = SerializedFileReader::new(opened(path)?).map_err(|why| unreadable(path, why))?;
    let rows = reader
        .get_row_iter(None)
        .map_err(|why| unreadable(path, why))?;
    for row in rows {
        let row = row.map_err(|why| unreadable(path, why))?;
        take(row.to_json_value()).map_err(|source| Error::BrokenModel {
            path: path.to_owned(),
            source,
        })?;
    }
    Ok(())
}
