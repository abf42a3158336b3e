use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::Error;
use crate::store::encode::encode;

/// The most bytes of one record. Where a file is damaged, every place is tried for a record, so this bounds that work.
const MOST: usize = 4 << 20;
/// What stands before a record: its length and its checksum.
const HEAD: usize = 8;
/// What stands at the start of a file: magic, version, checksum of both.
pub(super) const HEADER: usize = 16;
/// How much is read at a time.
const CHUNK: usize = 256 * 1024;

/// What kind of file it is, and of which version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    magic: [u8; 8],
    version: u32,
}

/// A run's journal.
pub(super) const JOURNAL: Form = Form {
    magic: *b"SegueJnl",
    version: 1,
};

/// A run's before-images.
pub(super) const IMAGES: Form = Form {
    magic: *b"SegueImg",
    version: 1,
};

impl Form {
    /// Gives what the file begins with.
    pub fn header(self) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..8].copy_from_slice(&self.magic);
        header[8..12].copy_from_slice(&self.version.to_le_bytes());
        let sum = crc32fast::hash(&header[..12]);
        header[12..].copy_from_slice(&sum.to_le_bytes());
        header
    }
}

/// Puts a record behind what a buffer holds: length, checksum, value.
pub(super) fn frame(value: &impl Serialize, into: &mut Vec<u8>) -> Result<(), Error> {
    frame_by(into, |into| {
        encode(value, into).map_err(|why| why.to_string())
    })
}

/// As [`frame`], of a value that is encoded already.
pub(super) fn frame_encoded(value: &[u8], into: &mut Vec<u8>) -> Result<(), Error> {
    frame_by(into, |into| {
        into.extend_from_slice(value);
        Ok(())
    })
}

fn frame_by(
    into: &mut Vec<u8>,
    put: impl FnOnce(&mut Vec<u8>) -> Result<(), String>,
) -> Result<(), Error> {
    let start = into.len();
    into.extend([0; HEAD]);
    let why = put(into);
    let length = into.len() - start - HEAD;
    let too_long = || Err(format!("a record of {length} bytes"));
    if let Err(why) = why.and_then(|()| if length > MOST { too_long() } else { Ok(()) }) {
        into.truncate(start);
        return Err(Error::Encode(why));
    }
    let payload = start + HEAD;
    let sum = crc32fast::hash(&into[payload..]);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the length is at most MOST"
    )]
    into[start..start + 4].copy_from_slice(&(length as u32).to_le_bytes());
    into[start + 4..payload].copy_from_slice(&sum.to_le_bytes());
    Ok(())
}

/// What of a file could not be read, though more follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Damage {
    /// In how many places.
    pub places: u32,
    /// How many bytes in all.
    pub bytes: u64,
}

/// The records of a file, one after the other. What is damaged is passed over: the next record is where length and
/// checksum agree again.
#[derive(Debug)]
pub(super) struct Frames<R> {
    path: PathBuf,
    from: R,
    window: Vec<u8>,
    /// Where in the window the next record should begin.
    at: usize,
    /// Where in the file the window begins.
    start: u64,
    dry: bool,
    bad: Option<u64>,
    damage: Damage,
    end: u64,
}

impl<R: Read> Frames<R> {
    /// Reads the header. A file that was cut within it holds no record.
    pub fn new(from: R, path: &Path, form: Form) -> Result<Self, Error> {
        let mut frames = Self {
            path: path.to_owned(),
            from,
            window: Vec::new(),
            at: 0,
            start: 0,
            dry: false,
            bad: None,
            damage: Damage::default(),
            end: 0,
        };
        frames.fill(HEADER)?;
        let header = &frames.window[..frames.window.len().min(HEADER)];
        let holds = header.len() == HEADER
            && header[..8] == form.magic
            && number(&header[12..]) == crc32fast::hash(&header[..12]);
        if !holds {
            // Cut or damaged; in the latter case records may follow, and are of our version as far as anyone can tell.
            return Ok(frames);
        }
        let version = number(&header[8..12]);
        if version > form.version {
            let path = frames.path;
            return Err(Error::Newer { path, version });
        }
        frames.at = HEADER;
        frames.end = HEADER as u64;
        Ok(frames)
    }

    /// Shows the first bytes of the file, before anything was read.
    pub fn first(&self) -> &[u8] {
        &self.window
    }

    /// Reads until so many bytes are there, or the file ends; tells whether they are.
    fn fill(&mut self, need: usize) -> Result<bool, Error> {
        while self.window.len() - self.at < need && !self.dry {
            if self.at >= CHUNK {
                self.window.drain(..self.at);
                self.start += self.at as u64;
                self.at = 0;
            }
            let mut chunk = self.from.by_ref().take(CHUNK as u64);
            let read = chunk
                .read_to_end(&mut self.window)
                .map_err(|why| Error::read(&self.path, why))?;
            self.dry = read < CHUNK;
        }
        Ok(self.window.len() - self.at >= need)
    }

    /// Gives the length of a record that begins here, if one does.
    fn here(&mut self) -> Result<Option<usize>, Error> {
        let head = &self.window[self.at..self.at + HEAD];
        let (length, sum) = (number(&head[..4]) as usize, number(&head[4..]));
        // Nothing is encoded in no bytes, and a stretch of zeros must not look like records.
        if length == 0 || length > MOST || !self.fill(HEAD + length)? {
            return Ok(None);
        }
        let payload = &self.window[self.at + HEAD..self.at + HEAD + length];
        Ok((crc32fast::hash(payload) == sum).then_some(length))
    }

    /// Reads the next record; `None` at the end.
    pub fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        self.find(|payload| {
            let (value, rest) = postcard::take_from_bytes(payload).ok()?;
            rest.is_empty().then_some(value)
        })
    }

    /// As [`Frames::next`], by what reads a value from its bytes.
    pub fn find<T>(&mut self, read: impl Fn(&[u8]) -> Option<T>) -> Result<Option<T>, Error> {
        while self.fill(HEAD)? {
            if let Some(length) = self.here()? {
                let payload = self.at + HEAD;
                if let Some(value) = read(&self.window[payload..payload + length]) {
                    if let Some(bad) = self.bad.take() {
                        self.damage.places += 1;
                        self.damage.bytes += self.start + self.at as u64 - bad;
                    }
                    self.at = payload + length;
                    self.end = self.start + self.at as u64;
                    return Ok(Some(value));
                }
            }
            self.bad.get_or_insert(self.start + self.at as u64);
            self.at += 1;
        }
        Ok(None)
    }

    /// Goes on to the end without looking at what the records say, and tells where the last one ends.
    pub fn last_end(mut self) -> Result<u64, Error> {
        while self.find(|_| Some(()))?.is_some() {}
        Ok(self.end)
    }

    /// Tells what could not be read so far, though more follows.
    pub fn damage(&self) -> Damage {
        self.damage
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}
