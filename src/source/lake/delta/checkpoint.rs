//! Checkpoints: what all commits before came to, in one Parquet file, in several, or in one that refers to others.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::super::Error;
use super::super::reader::rows;
use super::log::lines;

type Take<'a> = &'a mut dyn FnMut(Value) -> Result<(), serde_json::Error>;

/// Takes every action of a checkpoint, and of the sidecars it names. In Parquet each is a row; the columns are named as the
/// keys in a commit are.
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
