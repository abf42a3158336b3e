use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::frame::{Form, Frames};
use crate::store::Error;
use crate::store::files::{private, sync_folder};

/// The door to the disk, which a test can hold: to fill it up, tear a write, let a sync fail.
pub trait Disk: Debug + Send {
    /// Appends all of it.
    ///
    /// # Errors
    /// Fails when the disk does; then some of it may have been written.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    /// Fails when the disk does; then nothing is known of what was written.
    fn sync_data(&mut self) -> io::Result<()>;
}

/// A file that is made, with its header, when something is first written to it.
#[derive(Debug)]
pub(super) struct FileDisk {
    path: PathBuf,
    form: Form,
    file: Option<File>,
}

impl FileDisk {
    pub fn new(path: PathBuf, form: Form) -> Self {
        Self {
            path,
            form,
            file: None,
        }
    }

    /// Makes the file now.
    pub fn made(path: PathBuf, form: Form) -> Result<Self, Error> {
        let mut disk = Self::new(path, form);
        let made = disk.open(private().create_new(true));
        let synced = made.and_then(File::sync_data);
        synced.map_err(|why| Error::write(&disk.path, why))?;
        Ok(disk)
    }

    /// Cuts off what a killed program left half-written, so that what is appended can be read.
    pub fn trim(&self) -> Result<(), Error> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(()),
            Err(why) => return Err(Error::read(&self.path, why)),
        };
        let end = Frames::new(file, &self.path, self.form)?.last_end()?;
        let cut = OpenOptions::new()
            .write(true)
            .open(&self.path)
            .and_then(|file| file.set_len(end).and_then(|()| file.sync_all()));
        cut.map_err(|why| Error::write(&self.path, why))
    }

    fn open(&mut self, options: &OpenOptions) -> io::Result<&File> {
        let mut file = options.open(&self.path)?;
        if file.metadata()?.len() == 0 {
            file.write_all(&self.form.header())?;
            sync_folder(self.path.parent().unwrap_or(Path::new(".")))?;
        }
        Ok(self.file.insert(file))
    }
}

impl Disk for FileDisk {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut file = match &self.file {
            Some(file) => file,
            None => self.open(private().append(true))?,
        };
        file.write_all(bytes)
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_data)
    }
}
