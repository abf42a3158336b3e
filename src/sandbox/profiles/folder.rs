//! Reads the folder of `--data`: a CSV file of profiles, and files of ids in `segments/`.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::content::{Content, Segment, Standing, attributes};
use super::rows::{Bits, Rows};
use crate::sandbox::options::SandboxError;

/// What a column of ids may be called, in small letters and without signs.
const IDS: [&str; 5] = [
    "profileid",
    "customerid",
    "contactid",
    "customerprofileid",
    "id",
];

/// The segment of a folder without segments.
const ALL: &str = "all-profiles";

/// Reads a folder source; rows and their ids stay as they lie.
pub(super) fn read(folder: &Path) -> Result<Content, SandboxError> {
    let path = profiles(folder)?;
    let (header, records) = table(&path)?;
    let id = id_column(&header).unwrap_or(0);
    // The id comes first, the rest as it lies.
    let order: Vec<usize> = std::iter::once(id)
        .chain((0..header.len()).filter(|at| *at != id))
        .collect();
    let mut rows = Rows::default();
    let mut places = HashMap::new();
    for record in records {
        let record = record.map_err(|why| refuse(&path, &why))?;
        let name = record.get(id).unwrap_or_default();
        if name.is_empty() || places.contains_key(name) {
            continue;
        }
        places.insert(name.to_owned(), rows.len());
        rows.push(order.iter().map(|at| record.get(*at).unwrap_or_default()));
    }
    let mut segments = Vec::new();
    for path in segment_files(folder)? {
        let label = path.file_stem().unwrap_or_default().to_string_lossy();
        let members = members(&path, &header[id], &places)?;
        segments.push(Segment::new(&label, Standing::Ready, members));
    }
    if segments.is_empty() {
        let mut everyone = Bits::default();
        (0..rows.len()).for_each(|row| everyone.insert(row));
        segments.push(Segment::new(ALL, Standing::Ready, everyone));
    }
    let labels = order.iter().map(|at| header[*at].as_str());
    Ok(Content::new(attributes(labels), rows, segments))
}

fn members(path: &Path, id: &str, places: &HashMap<String, usize>) -> Result<Bits, SandboxError> {
    let (header, records) = table(path)?;
    let named = header.iter().position(|name| fold(name) == fold(id));
    let column = named.or_else(|| id_column(&header));
    let mut members = Bits::default();
    let mut insert = |name: &str| {
        if let Some(row) = places.get(name) {
            members.insert(*row);
        }
    };
    // Without a header the first line is an id as well.
    if column.is_none() {
        insert(&header[0]);
    }
    for record in records {
        let record = record.map_err(|why| refuse(path, &why))?;
        insert(record.get(column.unwrap_or(0)).unwrap_or_default());
    }
    Ok(members)
}

fn fold(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.collect::<String>().to_lowercase()
}

fn id_column(header: &[String]) -> Option<usize> {
    IDS.iter()
        .find_map(|word| header.iter().position(|name| fold(name) == *word))
}

/// A file called profiles, else the largest beside `segments`.
fn profiles(folder: &Path) -> Result<PathBuf, SandboxError> {
    let mut files = data_files(folder)?;
    files.sort_by_key(|path| {
        let named = path.file_stem().is_some_and(|stem| stem == "profiles");
        let size = fs::metadata(path).map_or(0, |about| about.len());
        (!named, u64::MAX - size)
    });
    let none = || refuse(folder, "there is no CSV file of profiles in it");
    files.into_iter().next().ok_or_else(none)
}

fn segment_files(folder: &Path) -> Result<Vec<PathBuf>, SandboxError> {
    let segments = folder.join("segments");
    if !segments.is_dir() {
        return Ok(Vec::new());
    }
    data_files(&segments)
}

fn data_files(folder: &Path) -> Result<Vec<PathBuf>, SandboxError> {
    let listed = fs::read_dir(folder).map_err(|why| refuse(folder, &why))?;
    let wanted = |path: &PathBuf| {
        let kind = path.extension().unwrap_or_default();
        path.is_file() && ["csv", "txt", "tsv"].iter().any(|known| kind == *known)
    };
    let mut files: Vec<PathBuf> = listed
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(wanted)
        .collect();
    files.sort();
    Ok(files)
}

type Records = csv::StringRecordsIntoIter<fs::File>;

/// The header of a file, and what follows it.
fn table(path: &Path) -> Result<(Vec<String>, Records), SandboxError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(path)?)
        .flexible(true)
        .from_path(path)
        .map_err(|why| refuse(path, &why))?;
    let header = reader.headers().map_err(|why| refuse(path, &why))?;
    let tidy = |name: &str| name.trim_start_matches('\u{feff}').trim().to_owned();
    let header: Vec<String> = header.iter().map(tidy).collect();
    if header.is_empty() {
        return Err(refuse(path, "it is empty"));
    }
    Ok((header, reader.into_records()))
}

/// The sign that stands most often in the first line.
fn delimiter(path: &Path) -> Result<u8, SandboxError> {
    let mut first = String::new();
    let file = fs::File::open(path).map_err(|why| refuse(path, &why))?;
    let mut file = BufReader::new(file);
    file.read_line(&mut first)
        .map_err(|why| refuse(path, &why))?;
    let often = |sign: u8| first.matches(char::from(sign)).count();
    // Of equals the last wins, so the comma stands last.
    let signs = [b'|', b'\t', b';', b','];
    Ok(signs
        .into_iter()
        .max_by_key(|sign| often(*sign))
        .unwrap_or(b','))
}

fn refuse(path: &Path, why: &(impl ToString + ?Sized)) -> SandboxError {
    SandboxError::BadData {
        path: path.to_owned(),
        reason: why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::made;
    use super::*;
    use crate::sandbox::options::Options;
    use crate::sandbox::people::write_people;

    #[test]
    fn generated_people_written_as_a_folder_come_back_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            profiles: 300,
            ..Options::default()
        };
        write_people(&options, folder.path()).expect("files");
        let (read, made) = (
            read(folder.path()).expect("a source"),
            made::people(options.seed, 300),
        );
        assert_eq!(read.rows.len(), 300);
        for row in 0..300 {
            assert!(read.rows.values(row).eq(made.rows.values(row)), "{row}");
        }
        for segment in &made.segments {
            let same = read.segments.iter().find(|one| one.label == segment.label);
            let same = same.expect("the segment");
            assert_eq!(same.members.len(), segment.members.len());
            assert!((0..300).all(|row| same.members.holds(row) == segment.members.holds(row)));
        }
    }

    #[test]
    fn ids_of_a_folder_are_passed_on_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("written");
        };
        write(
            "people.csv",
            "\u{feff}Name;Contact Id\n\"Bo \"\"B\"\"\";P-2\nÅsa;P-1\nÅsa;P-1\n",
        );
        fs::create_dir(folder.path().join("segments")).expect("a folder");
        write("segments/Bara Åsa.csv", "P-1\n");
        write("segments/Both.csv", "ContactId;x\nP-2;\nP-1;\nP-9;\n");
        let content = read(folder.path()).expect("a source");
        let labels: Vec<_> = content.attributes.iter().map(|one| &one.label).collect();
        assert_eq!(labels, ["Contact Id", "Name"]);
        assert_eq!(content.rows.len(), 2);
        assert_eq!(content.rows.text(0, 1).as_deref(), Some("Bo \"B\""));
        assert_eq!(content.rows.id(1), b"P-1");
        let sizes: Vec<_> = content
            .segments
            .iter()
            .map(|one| (one.name.as_str(), one.members.len()))
            .collect();
        assert_eq!(sizes[..2], [("Bara_Åsa", 1), ("Both", 2)]);
    }

    #[test]
    fn a_folder_without_profiles_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let why = read(folder.path()).expect_err("refused").to_string();
        assert!(why.contains("no CSV file of profiles"), "{why}");
    }
}
