use std::fs::File;
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::store::Error;
use crate::store::files::{private, private_folder, remove_if_there};

/// What the file begins with: a person who looks into it is told what it is, and no record has the place 0.
const TITLE: &[u8] = b"Segue's plan of a run, of no use after it\n";
/// How many bytes of a record tell its length.
const LENGTH: usize = 4;
/// How much is gathered before it is written.
const BUFFER: usize = 256 << 10;
/// How much is read in one go at most, beyond a single record.
const SPAN: u64 = 256 << 10;
/// Records further apart than this are read one by one.
const GAP: u64 = 4 << 10;
/// How much is read of a record whose length is not known; longer ones are read again.
const GUESS: u64 = 1 << 10;
/// An entry has 40 bits for a place.
const END: u64 = 1 << 40;

/// A file of records that are written once, one after the other, and read back by their places.
#[derive(Debug)]
pub(in crate::store) struct Spool {
    path: PathBuf,
    file: File,
    unwritten: Vec<u8>,
    written: u64,
}

impl Spool {
    /// Starts an empty file, in place of one that is there.
    pub fn create(path: &Path) -> Result<Self, Error> {
        private_folder(path.parent().unwrap_or(Path::new(".")))?;
        remove_if_there(path)?;
        let made = private().create_new(true).read(true).open(path);
        Ok(Self {
            file: made.map_err(|why| Error::write(path, why))?,
            path: path.to_owned(),
            unwritten: TITLE.to_vec(),
            written: 0,
        })
    }

    /// Adds a record of these parts and gives its place. It can be read after the next [`Spool::flush`].
    pub fn append(&mut self, parts: &[&[u8]]) -> Result<u64, Error> {
        let place = self.written + self.unwritten.len() as u64;
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let length = u32::try_from(length).ok().filter(|_| place < END);
        let Some(length) = length else {
            return Err(Error::write(&self.path, ErrorKind::FileTooLarge.into()));
        };
        self.unwritten.extend_from_slice(&length.to_le_bytes());
        for part in parts {
            self.unwritten.extend_from_slice(part);
        }
        if self.unwritten.len() >= BUFFER {
            self.flush()?;
        }
        Ok(place)
    }

    /// Writes what is gathered.
    pub fn flush(&mut self) -> Result<(), Error> {
        let mut file = &self.file;
        // On Windows, reading at a place moves the one where the next write would go.
        let written = file
            .seek(SeekFrom::Start(self.written))
            .and_then(|_| file.write_all(&self.unwritten));
        written.map_err(|why| Error::write(&self.path, why))?;
        self.written += self.unwritten.len() as u64;
        self.unwritten.clear();
        Ok(())
    }

    /// Calls back for the records at these places, which ascend, with each one's number in the list. Records that lie close
    /// to each other are read in one go.
    pub fn each(
        &self,
        places: &[u64],
        mut each: impl FnMut(usize, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut window, mut start) = (Vec::new(), 0);
        for (at, place) in places.iter().copied().enumerate() {
            let mut record = record(&window, start, place);
            if record.is_err() {
                start = place;
                self.read(&mut window, place, span(&places[at..]))?;
                record = self::record(&window, start, place);
            }
            if let Err(Some(length)) = record {
                self.read(&mut window, place, LENGTH as u64 + u64::from(length))?;
                record = self::record(&window, start, place);
            }
            let Ok(record) = record else {
                return Err(self.damaged(&"a record ends before its time"));
            };
            each(at, record)?;
        }
        Ok(())
    }

    fn read(&self, window: &mut Vec<u8>, from: u64, length: u64) -> Result<(), Error> {
        let length = length.min(self.written.saturating_sub(from));
        window.resize(usize::try_from(length).unwrap_or(0), 0);
        read_at(&self.file, window, from).map_err(|why| Error::read(&self.path, why))
    }

    /// Makes the error of a record that does not hold what it should.
    pub fn damaged(&self, why: &impl ToString) -> Error {
        Error::Damaged {
            path: self.path.clone(),
            why: why.to_string(),
        }
    }
}

/// Tells how much to read for the first of these places, and for those behind it that lie close.
fn span(places: &[u64]) -> u64 {
    let first = places.first().copied().unwrap_or(0);
    let near = |pair: &&[u64]| pair[1] - pair[0] <= GAP && pair[1] - first <= SPAN;
    let last = places.windows(2).take_while(near).last();
    last.map_or(0, |pair| pair[1] - first) + GUESS
}

/// Finds a record in what was read from `start` on; its length, where it goes beyond.
fn record(window: &[u8], start: u64, place: u64) -> Result<&[u8], Option<u32>> {
    let from = place.checked_sub(start).ok_or(None)?;
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let rest = window.get(from..).ok_or(None)?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>().ok_or(None)?;
    let length = u32::from_le_bytes(*length);
    rest.get(..length as usize).ok_or(Some(length))
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], from: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, from)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut from: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, from)?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        from += read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BUFFER, Spool};

    #[test]
    fn records_are_read_back_wherever_they_lie_and_however_long_they_are() {
        let folder = tempfile::tempdir().expect("folder");
        let mut spool = Spool::create(&folder.path().join("spool")).expect("spool");
        let lengths = [0, 1, 5000, 100, BUFFER + 7, 3, 900, 0, 2000, 1];
        let texts: Vec<Vec<u8>> = (0_u8..).zip(lengths).map(|(n, l)| vec![n; l]).collect();
        let places: Vec<u64> = texts
            .iter()
            .map(|text| spool.append(&[&text[..text.len() / 2], &text[text.len() / 2..]]))
            .collect::<Result<_, _>>()
            .expect("append");
        spool.flush().expect("flush");
        for step in 1..texts.len() {
            let chosen: Vec<u64> = places.iter().copied().step_by(step).collect();
            let mut read = Vec::new();
            let each = |at: usize, record: &[u8]| {
                assert_eq!(at, read.len());
                read.push(record.to_vec());
                Ok(())
            };
            spool.each(&chosen, each).expect("read");
            let wanted: Vec<_> = texts.iter().step_by(step).cloned().collect();
            assert!(read == wanted, "{step}");
        }
    }

    #[test]
    fn a_place_beyond_the_end_is_told() {
        let folder = tempfile::tempdir().expect("folder");
        let mut spool = Spool::create(&folder.path().join("spool")).expect("spool");
        let place = spool.append(&[b"one"]).expect("append");
        assert!(
            spool.each(&[place], |_, _| Ok(())).is_err(),
            "not written yet"
        );
        spool.flush().expect("flush");
        assert!(spool.each(&[place], |_, _| Ok(())).is_ok());
        assert!(spool.each(&[place + 100], |_, _| Ok(())).is_err());
    }
}
