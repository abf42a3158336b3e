//! Which files of a folder are what, told by looking at their names.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::Error;
use super::super::file::DataFile;
use super::super::lake;
use super::super::sample::Sample;
use crate::domain::{FolderLayout, FolderOptions};

/// The files of a source and their parts in it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub root: PathBuf,
    pub layout: Option<FolderLayout>,
    pub profiles: Option<PathBuf>,
    pub segments: Vec<PathBuf>,
    pub ignored: Vec<PathBuf>,
}

/// Tells what lies at a path, or that nothing does.
pub(super) fn about(path: &Path) -> Result<fs::Metadata, Error> {
    fs::metadata(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound {
            path: path.to_owned(),
        },
        _ => Error::Look {
            path: path.to_owned(),
            source,
        },
    })
}

/// Looks at a file or a folder and decides on a layout, which the options can set.
pub(super) fn look(path: &Path, options: &FolderOptions) -> Result<Found, Error> {
    let about = about(path)?;
    let one = about.is_file() || lake::is_table(path)?;
    let (root, files, others) = if !one && about.is_dir() {
        let (files, others) = data_files(path)?;
        (path.to_owned(), files, others)
    } else if one {
        let root = path.parent().filter(|root| !root.as_os_str().is_empty());
        let root = root.unwrap_or(Path::new(".")).to_owned();
        (root, vec![path.to_owned()], Vec::new())
    } else {
        let path = path.to_owned();
        return Err(Error::NotAFile { path });
    };
    if files.is_empty()
        && let Some(path) = others.iter().find(|path| is_workbook(path))
    {
        return Err(Error::Workbook { path: path.clone() });
    }
    let beside = !one || options.layout == Some(FolderLayout::ProfilesAndSegments);
    let segments = if beside {
        segment_files(&root)?
    } else {
        Vec::new()
    };
    let mut found = decide(&root, &files, segments, options)?;
    let used =
        |file: &PathBuf| found.profiles.as_ref() == Some(file) || found.segments.contains(file);
    found.ignored = files
        .iter()
        .filter(|file| !used(file))
        .cloned()
        .chain(others)
        .collect();
    found.root = root;
    Ok(found)
}

fn is_workbook(path: &Path) -> bool {
    let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    ending.is_some_and(|ending| ending == "xlsx" || ending == "xls")
}

fn decide(
    root: &Path,
    files: &[PathBuf],
    segments: Vec<PathBuf>,
    options: &FolderOptions,
) -> Result<Found, Error> {
    let looked = match options.layout {
        Some(set) => set,
        None if options.segment_by.is_some() => FolderLayout::OneFile,
        None if files.is_empty() || files.len() > 1 && segments.is_empty() => {
            FolderLayout::FilePerSegment
        }
        None if segments.is_empty() => FolderLayout::OneFile,
        None => FolderLayout::ProfilesAndSegments,
    };
    if let (Some(column), false) = (&options.segment_by, looked == FolderLayout::OneFile) {
        let column = column.clone();
        return Err(Error::SegmentByNeedsOneFile { column });
    }
    let mut found = Found {
        layout: Some(looked),
        ..Found::default()
    };
    match looked {
        FolderLayout::OneFile => found.profiles = Some(only_file(root, files)?),
        FolderLayout::ProfilesAndSegments => {
            found.profiles = named_profiles(files).or_else(|| largest(files));
            found.segments = segments;
            if found.profiles.is_none() || found.segments.is_empty() {
                let folder = root.to_owned();
                return Err(Error::NoSegments { folder });
            }
        }
        // A folder `segments` with nothing beside it is a folder of segments too.
        FolderLayout::FilePerSegment if files.is_empty() => found.segments = segments,
        FolderLayout::FilePerSegment => found.segments = files.to_vec(),
        // They were looked for already.
        FolderLayout::Tables => {
            let (folder, tables) = (root.to_owned(), Vec::new());
            return Err(Error::NoTables { folder, tables });
        }
    }
    if found.profiles.is_none() && found.segments.is_empty() {
        let folder = root.to_owned();
        return Err(Error::NoFiles { folder });
    }
    Ok(found)
}

fn only_file(root: &Path, files: &[PathBuf]) -> Result<PathBuf, Error> {
    match files {
        [] => Err(Error::NoFiles {
            folder: root.to_owned(),
        }),
        [one] => Ok(one.clone()),
        many => named_profiles(many).ok_or_else(|| Error::ManyFiles {
            folder: root.to_owned(),
            files: many
                .iter()
                .map(|file| DataFile::below(root, file).name.to_string())
                .collect(),
        }),
    }
}

fn named_profiles(files: &[PathBuf]) -> Option<PathBuf> {
    let known = ["profiles", "customer", "profile", "customers"];
    let named = known.iter().find_map(|name| {
        let alike = |file: &&PathBuf| stem(file).is_some_and(|stem| stem.to_lowercase() == *name);
        files.iter().find(alike)
    });
    named.cloned()
}

fn largest(files: &[PathBuf]) -> Option<PathBuf> {
    let bytes = |file: &&PathBuf| fs::metadata(file).map_or(0, |about| about.len());
    files.iter().max_by_key(bytes).cloned()
}

fn segment_files(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let folder = list(root)?.into_iter().find(|path| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase());
        name.as_deref() == Some("segments") && path.is_dir()
    });
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let mut files = list(&folder)?;
    files.retain(|path| stem(path).is_some());
    only_tables(files)
}

/// Keeps files, and of the folders those that are one table.
fn only_tables(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, Error> {
    let mut kept = Vec::new();
    for path in paths {
        if !path.is_dir() || lake::is_table(&path)? {
            kept.push(path);
        }
    }
    Ok(kept)
}

/// Lists the files that may hold profiles, and those that do not: a `.txt` that no delimiter splits is a note, unless there
/// is nothing else.
fn data_files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
    let files = only_tables(list(folder)?)?.into_iter();
    let (files, others): (Vec<_>, Vec<_>) = files.partition(|path| stem(path).is_some());
    let (notes, tables): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|path| is_note(folder, path));
    if tables.is_empty() {
        Ok((notes, others))
    } else {
        Ok((tables, notes.into_iter().chain(others).collect()))
    }
}

fn is_note(folder: &Path, path: &Path) -> bool {
    let ending = ending(path);
    if !matches!(ending, Some(".txt" | ".txt.gz")) {
        return false;
    }
    // What cannot be read is no note: reading it again will tell why.
    let looked = Sample::look(&DataFile::below(folder, path), None);
    looked.is_ok_and(|sample| !sample.is_split())
}

pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Look {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path
            .file_name()
            .is_none_or(|name| name.to_string_lossy().starts_with(['.', '~']));
        if !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Gives a data file's name without its ending; `None` for what is no data file. A folder that is one table has no ending.
pub(super) fn stem(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    if path.is_dir() {
        return Some(name);
    }
    let stem = name.get(..name.len() - ending(path)?.len())?;
    (!stem.is_empty()).then(|| stem.to_owned())
}

fn ending(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let known = [
        ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".parquet",
    ];
    known.into_iter().find(|ending| name.ends_with(ending))
}
