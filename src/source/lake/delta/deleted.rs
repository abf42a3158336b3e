//! Deletion vectors: which rows of a file do not count any more, as a Roaring bitmap in a file beside it or in the log itself.
//!
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#deletion-vector-format>,
//! <https://github.com/RoaringBitmap/RoaringFormatSpec>

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::super::folder::location_parts;
use super::super::super::{Error, arrow};
use super::super::{opened, unreadable};
use super::features::unread;

const MAGIC: u32 = 1_681_511_377;
/// Begins a bitmap with runs in it, and one without.
const WITH_RUNS: u16 = 12_347;
const WITHOUT_RUNS: u32 = 12_346;
/// From so many containers on, one with runs tells where they begin.
const OFFSETS_FROM: usize = 4;
/// The most values that are listed one by one.
const LISTED: usize = 4_096;
/// A container in which each bit is a value.
const BITS: usize = 8_192;
/// How many characters the id of a file needs.
const ID: usize = 20;
const Z85: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// What the log tells of the rows that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DeletionVector {
    storage_type: String,
    path_or_inline_dv: String,
    offset: Option<u64>,
    size_in_bytes: usize,
    cardinality: u64,
}

/// Where they are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct Deleted {
    /// The file to name where something is wrong.
    path: PathBuf,
    held: Held,
    size: usize,
    cardinality: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    At(u64),
    Here(Vec<u8>),
}

/// The rows of a file that are gone, one bit a row.
#[derive(Debug, Default)]
pub(in crate::source) struct Gone(Vec<u64>);

impl Gone {
    /// Tells whether a row is gone.
    pub fn holds(&self, row: u64) -> bool {
        let at = usize::try_from(row / 64).unwrap_or(usize::MAX);
        self.0
            .get(at)
            .is_some_and(|bits| bits & (1 << (row % 64)) != 0)
    }

    fn set(&mut self, row: u64) -> Option<()> {
        let at = usize::try_from(row / 64).ok()?;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (row % 64);
        Some(())
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }
}

impl DeletionVector {
    /// Tells one from another of the same file.
    pub fn key(&self) -> String {
        let offset = self.offset.unwrap_or_default();
        format!("{}{}@{offset}", self.storage_type, self.path_or_inline_dv)
    }

    /// Finds where the rows are listed.
    pub fn found(&self, folder: &Path) -> Result<Deleted, Error> {
        let told = &self.path_or_inline_dv;
        let strange = || unread(folder, &format!("deletionVectors {}", self.storage_type));
        let (path, held) = match self.storage_type.as_str() {
            "i" => {
                let bytes = decoded(told).ok_or_else(strange)?;
                (folder.join(super::LOG), Held::Here(bytes))
            }
            "u" => {
                let at = told.len().checked_sub(ID).ok_or_else(strange)?;
                let (prefix, id) = told.split_at_checked(at).ok_or_else(strange)?;
                let id = decoded(id).ok_or_else(strange)?;
                let prefix = location_parts(prefix).ok_or_else(strange)?;
                let name = format!("deletion_vector_{}.bin", uuid(&id));
                let path = folder.join(prefix.iter().collect::<PathBuf>()).join(name);
                (path, Held::At(self.offset.unwrap_or_default()))
            }
            // By a path from the root of a store, which is not here.
            _ => return Err(strange()),
        };
        Ok(Deleted {
            path,
            held,
            size: self.size_in_bytes,
            cardinality: self.cardinality,
        })
    }
}

impl Deleted {
    /// Reads which rows are gone.
    pub fn read(&self) -> Result<Gone, Error> {
        let broken = || {
            let why = io::Error::new(io::ErrorKind::InvalidData, "deletion vector");
            unreadable(&self.path, why)
        };
        let bytes = match &self.held {
            Held::Here(bytes) => bytes.get(..self.size).ok_or_else(broken)?.to_vec(),
            Held::At(offset) => self.stored(*offset)?.ok_or_else(broken)?,
        };
        let gone = Bytes(&bytes).vector().ok_or_else(broken)?;
        // Fewer or more than the log tells: these are other rows.
        if gone.count() == self.cardinality {
            Ok(gone)
        } else {
            Err(broken())
        }
    }

    /// Reads them from their file; `None` where it holds something else.
    fn stored(&self, offset: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut file = opened(&self.path)?;
        let failed = |why| unreadable(&self.path, why);
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let whole = self.size.saturating_add(8);
        let mut bytes = Vec::new();
        file.take(whole as u64)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() != whole {
            return Ok(None);
        }
        let told = |at: usize| bytes[at..at + 4].try_into().map(u32::from_be_bytes);
        let data = &bytes[4..4 + self.size];
        let size = told(0).ok().and_then(|size| usize::try_from(size).ok());
        let sum = told(4 + self.size).ok();
        let whole = size == Some(self.size) && sum == Some(crc32fast::hash(data));
        Ok(whole.then(|| data.to_vec()))
    }
}

/// Bytes taken from the start; `None` where there are too few.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn word(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn long(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// Reads a bitmap of 64 bits: one of 32 for each upper half.
    fn vector(&mut self) -> Option<Gone> {
        let mut gone = Gone::default();
        if self.word()? != MAGIC {
            return None;
        }
        for _ in 0..self.long()? {
            let upper = u64::from(self.word()?) << 32;
            self.bitmap(upper, &mut gone)?;
        }
        Some(gone)
    }

    fn bitmap(&mut self, upper: u64, gone: &mut Gone) -> Option<()> {
        let cookie = self.word()?;
        let (count, runs) = if cookie == WITHOUT_RUNS {
            (usize::try_from(self.word()?).ok()?, None)
        } else {
            let bytes = cookie.to_le_bytes();
            let count = usize::from(u16::from_le_bytes([bytes[2], bytes[3]])) + 1;
            let known = u16::from_le_bytes([bytes[0], bytes[1]]) == WITH_RUNS;
            (count, Some(self.take(count.div_ceil(8)).filter(|_| known)?))
        };
        let mut heads = Bytes(self.take(count.checked_mul(4)?)?);
        if runs.is_none() || count >= OFFSETS_FROM {
            self.take(count * 4)?;
        }
        for at in 0..count {
            let start = upper | u64::from(heads.short()?) << 16;
            let values = usize::from(heads.short()?) + 1;
            if runs.is_some_and(|runs| runs[at / 8] & (1 << (at % 8)) != 0) {
                for _ in 0..self.short()? {
                    let first = u64::from(self.short()?);
                    for row in first..=first + u64::from(self.short()?) {
                        gone.set(start + row)?;
                    }
                }
            } else if values <= LISTED {
                for _ in 0..values {
                    gone.set(start + u64::from(self.short()?))?;
                }
            } else {
                let bits = self.take(BITS)?;
                for row in (0..1 << 16).filter(|row| bits[row / 8] & (1 << (row % 8)) != 0) {
                    gone.set(start + row as u64)?;
                }
            }
        }
        Some(())
    }
}

/// Reads Z85: four bytes in five characters.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for five in text.as_bytes().chunks(5) {
        if five.len() < 5 {
            return None;
        }
        let mut number = 0_u32;
        for letter in five {
            let digit = Z85.iter().position(|known| known == letter)?;
            number = number
                .checked_mul(85)?
                .checked_add(u32::try_from(digit).ok()?)?;
        }
        bytes.extend(number.to_be_bytes());
    }
    Some(bytes)
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::new();
    arrow::uuid(bytes, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::{Bytes, DeletionVector, decoded};

    /// The bytes of a vector of one bitmap.
    fn vector(bitmap: &[u8]) -> Vec<u8> {
        let mut bytes = super::MAGIC.to_le_bytes().to_vec();
        bytes.extend(1_u64.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(bitmap);
        bytes
    }

    fn shorts(all: &[u16]) -> Vec<u8> {
        all.iter().flat_map(|one| one.to_le_bytes()).collect()
    }

    fn rows(bytes: &[u8], of: u64) -> Option<Vec<u64>> {
        let gone = Bytes(bytes).vector()?;
        Some((0..of).filter(|row| gone.holds(*row)).collect())
    }

    #[test]
    fn values_that_are_listed_run_or_are_bits_are_read() {
        let mut listed = super::WITHOUT_RUNS.to_le_bytes().to_vec();
        listed.extend(2_u32.to_le_bytes());
        listed.extend(shorts(&[0, 1, 1, 0]));
        listed.extend([0; 8]);
        listed.extend(shorts(&[3, 65_535, 2]));
        assert_eq!(
            rows(&vector(&listed), 70_000),
            Some(vec![3, 65_535, 65_538])
        );
        let mut runs = shorts(&[super::WITH_RUNS, 0]);
        runs.push(1);
        runs.extend(shorts(&[0, 4, 2, 1, 2, 10, 1]));
        assert_eq!(rows(&vector(&runs), 100), Some(vec![1, 2, 3, 10, 11]));
        let mut bits = super::WITHOUT_RUNS.to_le_bytes().to_vec();
        bits.extend(1_u32.to_le_bytes());
        bits.extend(shorts(&[0, 4_999]));
        bits.extend([0; 4]);
        bits.extend((0..8_192).map(|at| if at < 625 { 0xff } else { 0 }));
        assert_eq!(rows(&vector(&bits), 65_536), Some((0..5_000).collect()));
        let whole = vector(&listed);
        for cut in 0..whole.len() {
            assert_eq!(rows(&whole[..cut], 1), None, "{cut}");
        }
    }

    #[test]
    fn a_vector_in_the_log_itself_is_read_as_the_protocol_has_it() {
        let told = DeletionVector {
            storage_type: "i".to_owned(),
            path_or_inline_dv: "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L".to_owned(),
            offset: None,
            size_in_bytes: 44,
            cardinality: 6,
        };
        let found = told.found(std::path::Path::new("t")).expect("found");
        let gone = found.read().expect("read");
        let rows: Vec<u64> = (0..100).filter(|row| gone.holds(*row)).collect();
        assert_eq!(rows, [3, 4, 7, 11, 18, 29]);
        let other = DeletionVector {
            cardinality: 5,
            ..told
        };
        assert!(
            other
                .found(std::path::Path::new("t"))
                .expect("found")
                .read()
                .is_err()
        );
    }

    #[test]
    fn the_name_of_a_file_of_vectors_is_decoded() {
        let told = DeletionVector {
            storage_type: "u".to_owned(),
            path_or_inline_dv: "ab^-aqEH.-t@S}K{vb[*k^".to_owned(),
            offset: Some(4),
            size_in_bytes: 40,
            cardinality: 6,
        };
        let found = told.found(std::path::Path::new("t")).expect("found");
        let name = "t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin";
        assert_eq!(found.path, std::path::Path::new(name));
        assert_eq!(decoded("abc"), None);
    }
}
