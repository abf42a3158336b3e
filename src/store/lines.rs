use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Error;
use super::files::private;

/// What happened in a run, one JSON line an event, appended before anyone is told.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Journal {
    /// Opens a run's journal to append to it.
    ///
    /// # Errors
    /// Fails when the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = private()
            .append(true)
            .open(path)
            .map_err(|why| Error::write(path, why))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
        })
    }

    /// Appends one event and hands it to the system.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn append(&mut self, event: &impl Serialize) -> Result<(), Error> {
        let line = serde_json::to_vec(event).map_err(|why| Error::Encode(why.to_string()))?;
        let written = self
            .file
            .write_all(&line)
            .and_then(|()| self.file.write_all(b"\n"));
        written
            .and_then(|()| self.file.flush())
            .map_err(|why| Error::write(&self.path, why))
    }
}
