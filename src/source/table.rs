//! A data file looked at: its delimiter, its columns, its first rows.

use std::collections::HashSet;
use std::io::Read;

use super::Error;
use super::file::{self, DataFile};
use super::guess;
use super::parts::{Line, Part, TableRecords};
use super::records::{Broken, Csv, MAX_ROW, Records};
use super::versions::Versions;
use crate::domain::{Email, ValueKind};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE_BYTES: u64 = 256 << 10;
const SAMPLE_ROWS: usize = 200;

/// The first rows of a file, its header included.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub delimiter: u8,
    pub rows: Vec<Vec<String>>,
}

/// Rows under names, in one file or in several, as they were when looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The file, or what several files are called together.
    pub file: DataFile,
    pub parts: Vec<Part>,
    /// The trimmed names in the header; one without a name is no attribute, but keeps its place.
    pub columns: Vec<String>,
    /// Where ids are.
    pub id: Option<usize>,
    pub rows: Vec<Vec<String>>,
    /// What a model tells of each column; empty where only the file tells.
    pub told: Vec<Told>,
    /// Whether a row may end early, the cells after its last one being empty.
    pub fills: bool,
    /// How to tell the latest of several rows about one thing.
    pub versions: Option<Versions>,
}

/// What a model tells of a column beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub kind: ValueKind,
    pub label: Option<String>,
}

impl Sample {
    /// Looks at the start of a file. A delimiter set by the user must split it if another one does.
    pub fn look(file: &DataFile, set: Option<u8>) -> Result<Self, Error> {
        let (text, cut) = start_of(file)?;
        let found = find_delimiter(&text, cut);
        let delimiter = set.or(found).unwrap_or(b',');
        let rows = parse(&text, delimiter, cut).map_err(|why| file::explain(&file.path, why))?;
        let path = file.path.clone();
        match (rows.first(), found) {
            (None, _) if cut => Err(Error::LongRow {
                path,
                line: 1,
                limit: MAX_ROW,
            }),
            (None, _) => Err(Error::EmptyFile { path }),
            (Some(header), Some(found)) if header.len() < 2 && found != delimiter => {
                Err(Error::WrongDelimiter {
                    path,
                    set: delimiter.into(),
                    found: found.into(),
                })
            }
            _ => Ok(Self { delimiter, rows }),
        }
    }

    /// Looks at the start of a file by a delimiter that need not split it.
    pub fn look_as_is(file: &DataFile, csv: impl Into<Csv>) -> Result<Self, Error> {
        let csv = csv.into();
        let (text, cut) = start_of(file)?;
        let rows = parse(&text, csv, cut).map_err(|why| file::explain(&file.path, why))?;
        Ok(Self {
            delimiter: csv.delimiter,
            rows,
        })
    }

    /// Tells whether the rows fall into more than one cell.
    pub fn is_split(&self) -> bool {
        self.rows.first().is_some_and(|header| header.len() > 1)
    }

    /// Takes the first row for the header.
    pub fn into_table(mut self, file: DataFile, id_column: Option<&str>) -> Result<Table, Error> {
        let columns = header(&file, &self.rows.remove(0))?;
        let part = Part {
            file: file.clone(),
            csv: self.delimiter.into(),
            header: Some(columns.clone()),
        };
        let id = match id_column {
            Some(name) => Some(place(&columns, name).ok_or_else(|| Error::UnknownIdColumn {
                path: file.path.clone(),
                column: name.to_owned(),
                candidates: named(&columns),
            })?),
            None => guess::id_column(&columns, &self.rows),
        };
        Ok(Table {
            file,
            parts: vec![part],
            columns,
            id,
            rows: self.rows,
            told: Vec::new(),
            fills: false,
            versions: None,
        })
    }
}

impl Table {
    /// Finds a column by its name, exactly, then without case.
    pub fn place(&self, column: &str) -> Option<usize> {
        place(&self.columns, column)
    }

    /// Lists the columns that have a name.
    pub fn attributes(&self) -> Vec<String> {
        named(&self.columns)
    }

    /// Gives the name of the id column.
    pub fn id_name(&self) -> Option<&str> {
        self.id.map(|at| self.columns[at].as_str())
    }

    /// Gives the character between cells, of the first file.
    pub fn delimiter(&self) -> u8 {
        self.parts.first().map_or(b',', |part| part.csv.delimiter)
    }

    /// Makes ready to read the rows, where need be by finding out first which of them are still true.
    pub fn records(&self) -> Result<TableRecords<'_>, Error> {
        TableRecords::of(self)
    }

    /// Takes every row that is still true.
    pub fn each(&self, take: impl FnMut(Line<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.records()?.each(take)
    }
}

/// Checks a delimiter that the user set.
pub(super) fn checked(delimiter: char) -> Result<u8, Error> {
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, 0 | b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err(Error::BadDelimiter { delimiter }),
    }
}

pub(super) fn header(file: &DataFile, row: &[String]) -> Result<Vec<String>, Error> {
    let path = || file.path.clone();
    let columns: Vec<String> = row.iter().map(|name| name.trim().to_owned()).collect();
    let mut seen = HashSet::new();
    for name in columns.iter().filter(|name| !name.is_empty()) {
        if !seen.insert(name) {
            return Err(Error::DuplicateColumn {
                path: path(),
                column: name.clone(),
            });
        }
    }
    if seen.is_empty() || columns.iter().any(|name| Email::parse(name).is_ok()) {
        return Err(Error::NoHeader { path: path() });
    }
    Ok(columns)
}

pub(super) fn place(columns: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    let exact = columns.iter().position(|column| column == name);
    let lower = name.to_lowercase();
    let alike = || {
        columns
            .iter()
            .position(|column| column.to_lowercase() == lower)
    };
    exact.or_else(alike).filter(|_| !name.is_empty())
}

pub(super) fn named(columns: &[String]) -> Vec<String> {
    let named = columns.iter().filter(|name| !name.is_empty());
    named.cloned().collect()
}

/// Reads the start of a file, and tells whether there is more.
fn start_of(file: &DataFile) -> Result<(Vec<u8>, bool), Error> {
    let mut bytes = Vec::new();
    let mut input = file::text(&file.path)?.take(SAMPLE_BYTES + 1);
    input
        .read_to_end(&mut bytes)
        .map_err(|source| Error::ReadFile {
            path: file.path.clone(),
            source,
        })?;
    let cut = bytes.len() as u64 > SAMPLE_BYTES;
    match std::str::from_utf8(&bytes) {
        _ if bytes.contains(&0) => Err(file::not_utf8(&file.path)),
        Err(why) if !cut || why.error_len().is_some() => Err(file::not_utf8(&file.path)),
        Err(why) => {
            bytes.truncate(why.valid_up_to());
            Ok((bytes, cut))
        }
        Ok(_) => Ok((bytes, cut)),
    }
}

fn parse(text: &[u8], csv: impl Into<Csv>, cut: bool) -> Result<Vec<Vec<String>>, Broken> {
    let mut records = Records::new(text, csv);
    let mut rows = Vec::new();
    while rows.len() < SAMPLE_ROWS {
        match records.next() {
            Ok(Some(record)) => rows.push(record.iter().map(str::to_owned).collect()),
            Ok(None) => {
                // Where the sample was cut, its last row is a torn one.
                rows.truncate(rows.len() - usize::from(cut && !rows.is_empty()));
                break;
            }
            Err(_) if cut => break,
            Err(why) => return Err(why),
        }
    }
    Ok(rows)
}

/// Finds the delimiter by which most rows are as wide as the header; with several, the one that makes more columns.
fn find_delimiter(text: &[u8], cut: bool) -> Option<u8> {
    let scored = DELIMITERS.into_iter().filter_map(|delimiter| {
        let rows = parse(text, delimiter, cut).ok()?;
        let width = rows.first()?.len();
        let agreeing = rows.iter().filter(|row| row.len() == width).count();
        (width > 1).then_some((agreeing * 1000 / rows.len(), width, delimiter))
    });
    // `max_by_key` takes the last of equals; the list has the likelier ones first.
    let best = scored
        .rev()
        .max_by_key(|(share, width, _)| (*share, *width));
    best.map(|(_, _, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Error;
    use super::super::file::DataFile;
    use super::{Sample, Table, checked};

    fn look(text: &str, set: Option<u8>) -> Result<Sample, Error> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("people.csv");
        fs::write(&path, text).expect("written");
        Sample::look(&DataFile::below(folder.path(), &path), set)
    }

    fn table(text: &str, id: Option<&str>) -> Result<Table, Error> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("people.csv");
        fs::write(&path, text).expect("written");
        let file = DataFile::below(folder.path(), &path);
        Sample::look(&file, None)?.into_table(file, id)
    }

    #[test]
    fn comma_semicolon_tab_and_pipe_are_found_by_looking_past_quotes() {
        for delimiter in [',', ';', '\t', '|'] {
            let text = "Id;Namn;Ort\n1;\"a,b|c\";x\n2;\"d,e|f;g\th\";y\n".replace(';', "\u{1}");
            let text = text.replace('\u{1}', &delimiter.to_string());
            let sample = look(&text, None).expect("readable");
            assert_eq!(char::from(sample.delimiter), delimiter);
            assert_eq!(sample.rows[1].len(), 3);
        }
    }

    #[test]
    fn short_rows_and_decimal_commas_do_not_mislead() {
        let sample = look("Id;Belopp;Namn\n1;2,5;Bo\n2;3,5\n3\n", None).expect("readable");
        assert_eq!(sample.delimiter, b';');
    }

    #[test]
    fn a_delimiter_that_is_set_is_taken_unless_another_one_splits_the_file() {
        assert_eq!(
            look("a^b\n1^2\n", Some(b'^')).expect("readable").rows[1].len(),
            2
        );
        let wrong = look("a,b\n1,2\n", Some(b';'));
        assert!(matches!(
            wrong,
            Err(Error::WrongDelimiter {
                set: ';',
                found: ',',
                ..
            })
        ));
        for bad in ['å', '"', '\n'] {
            assert!(matches!(checked(bad), Err(Error::BadDelimiter { .. })));
        }
    }

    #[test]
    fn an_empty_file_is_an_error_and_so_is_one_without_header() {
        for empty in ["", "\u{feff}", "\r\n\n  \n"] {
            assert!(
                matches!(look(empty, None), Err(Error::EmptyFile { .. })),
                "{empty:?}"
            );
        }
        let bare = table("1,asa@exempel.se\n2,bo@exempel.se\n", None);
        assert!(matches!(bare, Err(Error::NoHeader { .. })));
    }

    #[test]
    fn two_columns_of_one_name_are_an_error() {
        let twice = table("Id, Namn,Namn \n", None);
        assert!(matches!(twice, Err(Error::DuplicateColumn { column, .. }) if column == "Namn"));
        let unnamed = table("Id,,Namn,\n1,0,Bo,\n", None).expect("unnamed columns are none");
        assert_eq!(unnamed.attributes(), ["Id", "Namn"]);
    }

    #[test]
    fn the_id_column_is_found_by_name_or_chosen_or_absent() {
        let id = |text: &str, chosen: Option<&str>| table(text, chosen).map(|t| t.id);
        assert_eq!(id("Namn,Kund-Id\nx,1\ny,2\n", None).expect("ok"), Some(1));
        assert_eq!(
            id("Namn,Nyckel\nx,1\n", Some("nyckel")).expect("ok"),
            Some(1)
        );
        assert_eq!(id("Namn,Nyckel\nx,1\n", None).expect("ok"), None);
        assert!(matches!(
            id("Namn,Nyckel\nx,1\n", Some("Id")),
            Err(Error::UnknownIdColumn { candidates, .. }) if candidates == ["Namn", "Nyckel"]
        ));
    }

    #[test]
    fn a_sample_ends_with_a_whole_row_and_a_whole_character() {
        let text = format!("Id,Namn\n{}", "1,\"åäö\nåäö\"\n".repeat(30_000));
        let sample = look(&text, None).expect("readable");
        assert!(sample.rows.iter().all(|row| row.len() == 2));
    }
}
