//! What is read for the application besides the engine's own answers: first rows, rejects, paths.

use std::fs;
use std::path::Path;

use tokio::task::spawn_blocking;

use super::changes::PART;
use super::msg::{Part, Stretch};
use crate::domain::Reject;
use crate::export::{Diff, Error};
use crate::store::RejectReader;

/// The most rejects that are shown; the file has them all.
const REJECTS: usize = 100_000;

/// Does blocking work aside.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
}

/// Reads the rejects of a run.
pub(super) fn rejects(path: &Path) -> Result<Vec<Reject>, Error> {
    let Some(reader) = RejectReader::open(path)? else {
        return Ok(Vec::new());
    };
    let rejects: Result<Vec<_>, _> = reader.take(REJECTS).collect();
    Ok(rejects?)
}

/// Reads some of what a check found of each contact.
pub(super) fn part(diff: &Diff, stretch: Stretch) -> Result<Part, Error> {
    let Stretch {
        wanted,
        found,
        from,
    } = stretch;
    let found = match found {
        Some(found) => found,
        None => diff.find(&wanted)?.into(),
    };
    let to = found.len().min(from + PART);
    let changes = diff.read(found.get(from..to).unwrap_or_default())?;
    Ok(Part {
        found,
        from,
        changes,
    })
}

/// What a path leads to that is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fits {
    /// Files of profiles, or their folder.
    #[default]
    Profiles,
    /// A folder of queries.
    Queries,
    /// The library of a driver.
    Drivers,
}

/// Lists what a path may go on with: folders first by their slash, and files that fit.
pub(super) fn fitting(text: &str, fits: Fits) -> Vec<String> {
    let ends: &[&str] = match fits {
        Fits::Profiles => &[".csv", ".tsv", ".txt", ".csv.gz"],
        Fits::Queries => &[],
        Fits::Drivers => &[".so", ".dylib", ".dll"],
    };
    let (folder, start) = match text.rfind('/') {
        Some(at) => text.split_at(at + 1),
        None => ("", text),
    };
    let listed = fs::read_dir(if folder.is_empty() { "." } else { folder });
    let names = listed.into_iter().flatten().flatten().filter_map(|entry| {
        let mut name = entry.file_name().to_str()?.to_owned();
        let is_folder = entry.path().is_dir();
        let hidden = name.starts_with('.') && !start.starts_with('.');
        let data = ends.iter().any(|end| name.ends_with(end));
        if is_folder {
            name.push('/');
        }
        (!hidden && (is_folder || data) && name.starts_with(start))
            .then(|| format!("{folder}{name}"))
    });
    let mut names: Vec<String> = names.take(1000).collect();
    names.sort();
    names
}
