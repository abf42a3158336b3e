//! The start of a file looked at: its delimiter, its first rows, and what stands above them.

use std::io::Read;

use super::Error;
use super::file::{self, DataFile};
use super::guess;
use super::parts::{Part, TextPart};
use super::records::{Broken, Csv, MAX_ROW, Records};
use super::shape::addresses;
use super::table::{Table, checked, header, named, place};
use crate::domain::Email;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE_BYTES: u64 = 256 << 10;
const SAMPLE_ROWS: usize = 200;

/// The first rows of a file, its header included.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub delimiter: u8,
    pub rows: Vec<Vec<String>>,
    /// Whether the first line told the delimiter, and is none of the rows.
    pub sep: bool,
    /// The line that seems to hold the names of the columns, where a title stands above it.
    title: Option<u64>,
}

impl Sample {
    /// Looks at the start of a file. A delimiter set by the user must split it if another one does.
    pub fn look(file: &DataFile, set: Option<u8>) -> Result<Self, Error> {
        let (text, cut) = start_of(file)?;
        let sep = sep_line(&text);
        let text = &text[sep.map_or(0, |(_, line)| line)..];
        let set = set.or(sep.map(|(delimiter, _)| delimiter));
        let found = find_delimiter(text, cut);
        let delimiter = set.or(found).unwrap_or(b',');
        let rows = parse(text, delimiter, cut).map_err(|why| file::explain(&file.path, why))?;
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
            _ => Ok(Self {
                delimiter,
                rows,
                sep: sep.is_some(),
                title: below_title(text, set, cut),
            }),
        }
    }

    /// Looks at the start of a file by a delimiter that need not split it.
    pub fn look_as_is(file: &DataFile, csv: impl Into<Csv>) -> Result<Self, Error> {
        let csv = csv.into();
        let delimiter = csv.delimiter;
        let (text, cut) = start_of(file)?;
        let rows = parse(&text, csv, cut).map_err(|why| file::explain(&file.path, why))?;
        Ok(Self {
            delimiter,
            rows,
            sep: false,
            title: None,
        })
    }

    /// Tells whether the rows fall into more than one cell.
    pub fn is_split(&self) -> bool {
        self.rows.first().is_some_and(|header| header.len() > 1)
    }

    /// Takes the first row for the header.
    pub fn into_table(mut self, file: DataFile, id_column: Option<&str>) -> Result<Table, Error> {
        if let Some(line) = self.title {
            let path = file.path;
            return Err(Error::TitleAbove { path, line });
        }
        let columns = header(&file, &self.rows.remove(0))?;
        let part = Part::Text(TextPart {
            file: file.clone(),
            csv: self.delimiter.into(),
            sep: self.sep,
            header: Some(columns.clone()),
        });
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
            addresses: addresses(&columns, &self.rows),
            columns,
            id,
            rows: self.rows,
            ..Table::default()
        })
    }
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
        Err(why) if !cut || why.error_len().is_some() => Err(file::not_utf8(&file.path)),
        Err(why) => {
            bytes.truncate(why.valid_up_to());
            Ok((bytes, cut))
        }
        Ok(_) => Ok((bytes, cut)),
    }
}

fn parse(text: &[u8], csv: impl Into<Csv>, cut: bool) -> Result<Vec<Vec<String>>, Broken> {
    let rows = numbered(text, csv, cut)?.into_iter();
    Ok(rows.map(|(_, row)| row).collect())
}

/// Reads the first rows, each with its line.
fn numbered(
    text: &[u8],
    csv: impl Into<Csv>,
    cut: bool,
) -> Result<Vec<(u64, Vec<String>)>, Broken> {
    let mut records = Records::new(text, csv);
    let mut rows = Vec::new();
    while rows.len() < SAMPLE_ROWS {
        match records.next() {
            Ok(Some(record)) => {
                rows.push((record.line, record.iter().map(str::to_owned).collect()));
            }
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

/// Reads the line `sep=;`, by which Excel is told the delimiter, and counts its bytes.
fn sep_line(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().position(|byte| *byte == b'\n')? + 1;
    let line = text[..end].trim_ascii_end();
    // A tab at the end is the delimiter itself.
    let line = if text[..end].starts_with(b"sep=\t") {
        &text[..5]
    } else {
        line
    };
    let bare = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""));
    match bare.unwrap_or(line) {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => {
            let delimiter = checked(char::from(*delimiter)).ok()?;
            Some((delimiter, end))
        }
        _ => None,
    }
}

/// Finds the line with the names of the columns below a title: the first row holds one value, or fewer than there are names
/// above addresses, and most others are alike and hold more.
fn below_title(text: &[u8], set: Option<u8>, cut: bool) -> Option<u64> {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let is_value = |cell: &String| Email::parse(cell).is_ok();
    set.into_iter().chain(DELIMITERS).find_map(|delimiter| {
        let rows = numbered(text, delimiter, cut).ok()?;
        let (_, title) = rows.first()?;
        let widths = || rows.iter().map(|(_, row)| row.len());
        let most = widths().max_by_key(|width| widths().filter(|one| one == width).count())?;
        let widest = |row: &[String]| row.len() == most && filled(row) > 1;
        let names = rows.iter().position(|(_, row)| widest(row))?;
        let (line, header) = &rows[names];
        let below = &rows[names + 1..];
        let alike = below.iter().filter(|(_, row)| row.len() == most).count();
        let people = below.iter().any(|(_, row)| row.iter().any(is_value));
        let short = title.len() < most && filled(header) == most && people;
        let stands_above = names > 0 && (filled(title) == 1 || short);
        let is_header = alike * 2 > below.len() && !header.iter().any(is_value);
        (stands_above && is_header).then_some(*line)
    })
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
mod tests;
