//! Data files as they lie on disk: plain or gzip, with or without BOM, and not to change under our hands.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use flate2::read::MultiGzDecoder;

use super::Error;
use super::records::{Broken, Csv, MAX_ROW, Record, Records};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];
/// As which `.xlsx` begins, whatever it is named.
const ZIP: &[u8] = b"PK\x03\x04";
/// As which `.xls` begins.
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// What [`unpacked`] gives: the text of a file, packed or not.
pub(super) type Text = Box<dyn Read + Send>;

/// A file of the source: where it is, and what people call it.
#[derive(Debug, Clone, Default)]
pub(super) struct DataFile {
    pub path: PathBuf,
    pub name: Arc<str>,
}

impl DataFile {
    /// Names a file by its path below the source.
    pub fn below(root: &Path, path: &Path) -> Self {
        let below = path.strip_prefix(root).unwrap_or(path);
        let below = if below.as_os_str().is_empty() {
            Path::new(path.file_name().unwrap_or(path.as_os_str()))
        } else {
            below
        };
        Self {
            path: path.to_owned(),
            name: below.to_string_lossy().replace('\\', "/").into(),
        }
    }

    /// Opens the file for its records.
    pub fn records(&self, csv: impl Into<Csv>) -> Result<FileRecords, Error> {
        let stamp = Stamp::of(&self.path)?;
        let text = text(&self.path)?;
        Ok(FileRecords {
            path: self.path.clone(),
            stamp,
            records: Records::new(text, csv),
        })
    }
}

/// The records of one file; the end is only told when the file is still the one that was opened.
pub(super) struct FileRecords {
    path: PathBuf,
    stamp: Stamp,
    records: Records<Text>,
}

impl FileRecords {
    /// Tells which file this is, for who reads it twice.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    pub fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        match self.records.next() {
            Ok(Some(record)) => Ok(Some(record)),
            Ok(None) => self.stamp.check(&self.path).map(|()| None),
            Err(why) => Err(explain(&self.path, why)),
        }
    }
}

/// Names the file in which a record could not be read.
pub(super) fn explain(path: &Path, why: Broken) -> Error {
    let path = path.to_owned();
    match why {
        Broken::Read(source) => Error::ReadFile { path, source },
        Broken::Encoding => not_utf8(&path),
        Broken::OpenQuote { line } => Error::OpenQuote { path, line },
        Broken::LongRow { line } => Error::LongRow {
            path,
            line,
            limit: MAX_ROW,
        },
    }
}

/// Opens a file's text without its BOM. What is no text, or not in UTF-8, is refused by what it is.
pub(super) fn text(path: &Path) -> Result<Text, Error> {
    let failed = |source| Error::ReadFile {
        path: path.to_owned(),
        source,
    };
    let (mut head, rest) = peek::<4>(unpacked(path)?).map_err(failed)?;
    let path = || path.to_owned();
    match head.as_slice() {
        ZIP | OLE => return Err(Error::Workbook { path: path() }),
        // A byte order mark, or Latin letters with their empty halves.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(Error::Utf16 { path: path() }),
        [one, 0, two, 0] | [0, one, 0, two] if *one != 0 && *two != 0 => {
            return Err(Error::Utf16 { path: path() });
        }
        _ if head.starts_with(&BOM) => head.drain(..BOM.len()),
        _ => head.drain(..0),
    };
    Ok(Box::new(io::Cursor::new(head).chain(rest)))
}

/// Finds the first byte of a file that is not UTF-8, after reading met one.
pub(super) fn not_utf8(path: &Path) -> Error {
    first_bad_byte(path).unwrap_or_else(|why| why)
}

fn first_bad_byte(path: &Path) -> Result<Error, Error> {
    let mut input = unpacked(path)?;
    let mut bytes = Vec::new();
    let (mut before, mut line) = (0_u64, 1_u64);
    loop {
        let kept = bytes.len();
        let read = input.by_ref().take(1 << 16).read_to_end(&mut bytes);
        read.map_err(|source| Error::ReadFile {
            path: path.to_owned(),
            source,
        })?;
        let end = bytes.len() == kept;
        let (good, broken) = match std::str::from_utf8(&bytes) {
            Ok(_) => (bytes.len(), false),
            Err(why) => (why.valid_up_to(), end || why.error_len().is_some()),
        };
        let lines = bytes[..good].iter().filter(|byte| **byte == b'\n');
        line += lines.count() as u64;
        if broken {
            return Ok(Error::Encoding {
                path: path.to_owned(),
                line,
                byte: before + good as u64 + 1,
                found: bytes[good],
            });
        }
        if end {
            // All is well now: the file is not the one in which reading met it.
            let path = path.to_owned();
            return Ok(Error::Changed { path });
        }
        before += good as u64;
        bytes.drain(..good);
    }
}

fn unpacked(path: &Path) -> Result<Text, Error> {
    let file = File::open(path).map_err(|source| Error::OpenFile {
        path: path.to_owned(),
        source,
    })?;
    let (head, file) = peek::<2>(file).map_err(|source| Error::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    let packed = head == GZIP;
    let whole = io::Cursor::new(head).chain(file);
    Ok(if packed {
        Box::new(MultiGzDecoder::new(whole))
    } else {
        Box::new(whole)
    })
}

/// Reads the first bytes, fewer when there are no more.
fn peek<const N: usize>(mut input: impl Read) -> io::Result<(Vec<u8>, impl Read)> {
    let mut head = Vec::with_capacity(N);
    input.by_ref().take(N as u64).read_to_end(&mut head)?;
    Ok((head, input))
}

/// By what a file that was written to is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    written: Option<SystemTime>,
}

impl Stamp {
    /// Looks at a file.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let about = fs::metadata(path).map_err(|source| Error::OpenFile {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            bytes: about.len(),
            written: about.modified().ok(),
        })
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        match Self::of(path) {
            Ok(now) if now == *self => Ok(()),
            _ => Err(Error::Changed {
                path: path.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::Error;
    use super::{DataFile, not_utf8};

    fn file(bytes: &[u8]) -> (tempfile::TempDir, DataFile) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("people.csv");
        fs::write(&path, bytes).expect("written");
        let file = DataFile::below(folder.path(), &path);
        (folder, file)
    }

    fn cells(file: &DataFile) -> Result<Vec<String>, Error> {
        let mut records = file.records(b',')?;
        let mut cells = Vec::new();
        while let Some(record) = records.next()? {
            cells.extend(record.iter().map(str::to_owned));
        }
        Ok(cells)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(text).expect("packed");
        writer.finish().expect("packed")
    }

    #[test]
    fn a_bom_is_not_part_of_the_first_cell_packed_or_not() {
        let text = "\u{feff}Id,E-post\n1,å@exempel.se\n".as_bytes();
        for bytes in [text.to_vec(), gzip(text)] {
            let (_folder, file) = file(&bytes);
            assert_eq!(cells(&file).expect("readable")[0], "Id");
        }
    }

    #[test]
    fn a_gzip_of_several_parts_is_read_to_its_end_and_a_torn_one_is_an_error() {
        let parts = [gzip(b"a\n"), gzip(b"b\n")].concat();
        let (_folder, whole) = file(&parts);
        assert_eq!(cells(&whole).expect("readable"), ["a", "b"]);
        let (_folder, torn) = file(&parts[..parts.len() - 9]);
        assert!(matches!(cells(&torn), Err(Error::ReadFile { .. })));
    }

    #[test]
    fn what_is_not_utf_8_is_an_error_with_file_line_and_byte() {
        let place = |bytes: &[u8]| {
            let (_folder, file) = file(bytes);
            match cells(&file) {
                Err(Error::Encoding {
                    line, byte, found, ..
                }) => Some((line, byte, found)),
                _ => None,
            }
        };
        assert_eq!(place(b"Id,Namn\n1,\"\n\"\"x\xe5\"\n"), Some((3, 16, 0xe5)));
        assert_eq!(place(b"\xef\xbb\xbfId\n\xe5"), Some((2, 7, 0xe5)));
        let mut far = "å\n".repeat(50_000).into_bytes();
        far.push(0xc3);
        assert_eq!(place(&far), Some((50_001, 150_001, 0xc3)));
    }

    #[test]
    fn workbooks_and_utf_16_are_told_by_what_they_are_and_a_zero_byte_is_neither() {
        let told = |bytes: &[u8]| {
            let (_folder, file) = file(bytes);
            match cells(&file) {
                Err(Error::Workbook { .. }) => "workbook",
                Err(Error::Utf16 { .. }) => "utf-16",
                Err(why) => panic!("{why}"),
                Ok(_) => "text",
            }
        };
        for packed in [false, true] {
            let wrap = |bytes: &[u8]| if packed { gzip(bytes) } else { bytes.to_vec() };
            assert_eq!(told(&wrap(b"PK\x03\x04\x14\0")), "workbook");
            assert_eq!(told(&wrap(b"\xd0\xcf\x11\xe0\xa1")), "workbook");
            assert_eq!(told(&wrap(b"\xff\xfeI\0d\0")), "utf-16");
            assert_eq!(told(&wrap(b"\xfe\xff\0I\0d")), "utf-16");
            assert_eq!(told(&wrap(b"I\0d\0,\0")), "utf-16");
            assert_eq!(told(&wrap(b"\0I\0d\0,")), "utf-16");
            assert_eq!(told(&wrap(b"Id,Name\n1,Bo\0\n")), "text");
        }
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_is_an_error() {
        let (_folder, file) = file(b"a\nb\n");
        let mut records = file.records(b',').expect("open");
        assert!(records.next().expect("readable").is_some());
        let mut more = fs::OpenOptions::new()
            .append(true)
            .open(&file.path)
            .expect("open");
        more.write_all(b"c\n").expect("written");
        let end = loop {
            match records.next() {
                Ok(Some(_)) => {}
                end => break end.map(|_| ()),
            }
        };
        assert!(matches!(end, Err(Error::Changed { .. })));
        assert!(matches!(not_utf8(&file.path), Error::Changed { .. }));
    }
}
