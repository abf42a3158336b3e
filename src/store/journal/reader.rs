use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::Record;
use super::frame::{Damage, Frames, JOURNAL};
use crate::store::Error;

/// Reads a journal from front to back. A record that was cut off at the end never was; what is damaged before is passed
/// over, and told by [`JournalReader::damage`].
#[derive(Debug)]
pub struct JournalReader<R = File>(Frames<R>);

impl JournalReader {
    /// Opens a journal; `None` where there is none, or one of JSON lines as they were written before version 1.
    ///
    /// # Errors
    /// Fails when it cannot be read, or is of a newer version.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        match File::open(path) {
            Ok(file) => Self::new(file, path),
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::read(path, why)),
        }
    }
}

impl<R: Read> JournalReader<R> {
    /// Reads a journal from wherever its bytes come; errors name this path.
    ///
    /// # Errors
    /// As [`JournalReader::open`].
    pub fn new(from: R, path: &Path) -> Result<Option<Self>, Error> {
        let frames = Frames::new(from, path, JOURNAL)?;
        let of_lines = frames.first().starts_with(b"{\"");
        Ok((!of_lines).then_some(Self(frames)))
    }

    /// Reads the next record; `None` at the end.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub fn read(&mut self) -> Result<Option<Record>, Error> {
        self.0.next()
    }

    /// Tells what could not be read so far.
    #[must_use]
    pub fn damage(&self) -> Damage {
        self.0.damage()
    }
}
