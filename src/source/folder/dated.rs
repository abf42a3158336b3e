//! Exports to a store of blobs: below each table a folder for year, month, day and time, and in it the table's files.
//!
//! `HighValueSegment/2026/08/24/1433/HighValueSegment_1.csv`:
//! <https://learn.microsoft.com/dynamics365/customer-insights/data/export-azure-blob-storage>

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime, Time};

use super::super::Error;
use super::look::{list, stem};

/// One export of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated {
    pub at: DateTime,
    /// Its files, in order.
    pub files: Vec<PathBuf>,
    /// What is missing or was not copied to its end.
    pub missing: Vec<String>,
}

/// The export of a table that is read, and those that came after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Newest {
    pub read: Dated,
    /// The newer ones, which are not complete.
    pub incomplete: Vec<Dated>,
}

/// Lists the exports in a table's folder, the newest first. Names of files that are known to belong to the table must be
/// there, where their folder is.
pub(super) fn exports(folder: &Path, expected: &[Vec<String>]) -> Result<Vec<Dated>, Error> {
    let mut found = Vec::new();
    for (year, path) in numbered(folder, 4)? {
        for (month, path) in numbered(&path, 2)? {
            for (day, path) in numbered(&path, 2)? {
                for (time, path) in numbered(&path, 4)? {
                    let date = Date::new(year, narrow(month), narrow(day));
                    let time = Time::new(narrow(time / 100), narrow(time % 100), 0, 0);
                    if let (Ok(date), Ok(time)) = (date, time) {
                        let (files, missing) = contents(&path, expected)?;
                        found.push(Dated {
                            at: date.to_datetime(time),
                            files,
                            missing,
                        });
                    }
                }
            }
        }
    }
    found.sort_by_key(|export| std::cmp::Reverse(export.at));
    Ok(found)
}

/// Takes the newest complete export of a table; `None` where there are no exports.
pub(super) fn newest(folder: &Path, expected: &[Vec<String>]) -> Result<Option<Newest>, Error> {
    let all = exports(folder, expected)?;
    let Some(complete) = all.iter().position(|export| export.missing.is_empty()) else {
        return match all.into_iter().next() {
            Some(newest) => Err(Error::IncompleteExport {
                folder: folder.to_owned(),
                at: written(newest.at),
                files: newest.missing,
            }),
            None => Ok(None),
        };
    };
    Ok(Some(Newest {
        read: all[complete].clone(),
        incomplete: all[..complete].to_vec(),
    }))
}

/// Tells whether a folder has exports by date in it.
pub(super) fn is_dated(folder: &Path) -> Result<bool, Error> {
    for (_, path) in numbered(folder, 4)? {
        for (_, path) in numbered(&path, 2)? {
            if !numbered(&path, 2)?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Writes the time of an export for people.
pub(super) fn written(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Lists the folders whose name is a number of so many digits.
fn numbered(folder: &Path, digits: usize) -> Result<Vec<(i16, PathBuf)>, Error> {
    let mut found = Vec::new();
    for path in list(folder)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.filter(|name| {
            let short = digits == 2 && name.len() == 1;
            (name.len() == digits || short) && name.bytes().all(|byte| byte.is_ascii_digit())
        });
        if let Some(number) = name.and_then(|name| name.parse().ok())
            && path.is_dir()
        {
            found.push((number, path));
        }
    }
    Ok(found)
}

fn narrow(number: i16) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

/// Lists the files of one export, and what is missing of it: numbers left out, files without a byte, files that are still
/// being copied, and such as are known to belong to it.
fn contents(folder: &Path, expected: &[Vec<String>]) -> Result<(Vec<PathBuf>, Vec<String>), Error> {
    let mut files = BTreeMap::new();
    let (mut missing, mut numbers) = (Vec::new(), BTreeMap::<String, BTreeSet<u32>>::new());
    for path in list(folder)?.into_iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        let Some(stem) = stem(&path) else {
            if is_unfinished(&name) {
                missing.push(name);
            }
            continue;
        };
        if fs::metadata(&path).is_ok_and(|about| about.len() == 0) {
            missing.push(name.clone());
        }
        let number = stem.rsplit_once('_').and_then(|(table, number)| {
            let number: u32 = number.parse().ok()?;
            numbers.entry(table.to_owned()).or_default().insert(number);
            Some(number)
        });
        files.insert((number, name), path);
    }
    for (table, numbers) in &numbers {
        let last = numbers.last().copied().unwrap_or(0);
        let gaps = (1..last).filter(|number| !numbers.contains(number));
        missing.extend(gaps.take(10).map(|number| format!("{table}_{number}.csv")));
    }
    let known = expected.iter().filter(|path| lies_in(path, folder));
    let names = known.filter_map(|path| path.last());
    let gone = names.filter(|name| {
        let there = |(_, file): &(Option<u32>, String)| {
            file == *name || file.strip_suffix(".gz") == Some(name.as_str())
        };
        !files.keys().any(there) && !missing.contains(name)
    });
    let gone: Vec<String> = gone.cloned().collect();
    missing.extend(gone);
    if files.is_empty() && missing.is_empty() {
        missing.push("*.csv".to_owned());
    }
    Ok((files.into_values().collect(), missing))
}

/// Tells whether a file was known to be in a folder, by year, month, day and time.
fn lies_in(file: &[String], folder: &Path) -> bool {
    let names: Vec<_> = folder.iter().map(|name| name.to_string_lossy()).collect();
    let (Some(above), Some(dated)) = (
        file.split_last().map(|(_, above)| above),
        names.len().checked_sub(4).map(|at| &names[at..]),
    ) else {
        return false;
    };
    above.len() >= 4 && above[above.len() - 4..].iter().eq(dated.iter())
}

fn is_unfinished(name: &str) -> bool {
    let endings = [
        ".tmp",
        ".part",
        ".filepart",
        ".crdownload",
        ".partial",
        ".download",
    ];
    let name = name.to_ascii_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}
