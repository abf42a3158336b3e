use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::commit::{Asked, Commit, Place};
use super::disk::{Disk, FileDisk};
use super::frame::{IMAGES, JOURNAL, frame};
use super::record::INTENT;
use super::{CallKind, Folded, Images, Record, Sent, Settled};
use crate::store::{Error, RunFolder};

/// Writes a run's journal. What it was given is on the disk when it returns; whatever is asked for at the same time goes
/// there together. After the disk has failed once, everything fails, with the same cause.
///
/// Handles can be cloned: all write to the same journal. Values are encoded by who asks, so that lanes share that work.
#[derive(Debug, Clone)]
pub struct JournalWriter {
    commit: Arc<Commit>,
    next: Arc<AtomicU32>,
}

impl JournalWriter {
    /// Makes the journal of a new run. Its first record, [`Record::Began`], is the caller's to write.
    ///
    /// # Errors
    /// Fails when the file cannot be made, or is there already.
    pub fn create(run: &RunFolder) -> Result<Self, Error> {
        let journal = FileDisk::made(run.journal(), JOURNAL)?;
        let images = FileDisk::new(run.images(), IMAGES);
        Ok(Self::files(run, images, journal, 0))
    }

    /// Opens the journal of a run that ended early, to settle it: as it was folded.
    ///
    /// # Errors
    /// Fails when the files cannot be read or written.
    pub fn reopen(run: &RunFolder, folded: &Folded) -> Result<Self, Error> {
        let journal = FileDisk::new(run.journal(), JOURNAL);
        let images = FileDisk::new(run.images(), IMAGES);
        journal.trim()?;
        images.trim()?;
        Ok(Self::files(run, images, journal, folded.next_intent))
    }

    fn files(run: &RunFolder, images: FileDisk, journal: FileDisk, next: u32) -> Self {
        let images = (run.images(), Box::new(images) as Box<dyn Disk>);
        Self::on(images, (run.journal(), Box::new(journal)), next)
    }

    /// Writes to these disks, for whose headers the caller cares; `next` is the number of the next intent.
    #[must_use]
    pub fn on(
        (images_path, images): (PathBuf, Box<dyn Disk>),
        (path, journal): (PathBuf, Box<dyn Disk>),
        next: u32,
    ) -> Self {
        let images = Place {
            path: images_path,
            disk: images,
        };
        let journal = Place {
            path,
            disk: journal,
        };
        Self {
            commit: Arc::new(Commit::new(images, journal)),
            next: Arc::new(AtomicU32::new(next)),
        }
    }

    /// Writes down a call before it goes out, and before that how the contacts are that it changes. Gives the intent's
    /// number.
    ///
    /// # Errors
    /// Fails when the disk does; then the call must not go out.
    pub async fn intend(
        &self,
        call: CallKind,
        tag: Option<&str>,
        attempt: u8,
        members: &[Sent],
        images: Images,
    ) -> Result<u32, Error> {
        let no = self.next.fetch_add(1, Ordering::Relaxed);
        let mut journal = Vec::with_capacity(64 * (members.len() + 1));
        // As `Record::Intent` is encoded, without making one: the members stay the caller's.
        frame(&(INTENT, no, call, tag, attempt, members), &mut journal)?;
        let asked = Asked {
            images: images.into_bytes(),
            journal,
            is_last: false,
        };
        self.commit.write(asked).await?;
        Ok(no)
    }

    /// Writes down what became of members of an intent, each only once: what is found out later about someone who is
    /// settled is a [`Record::Found`].
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn settle(&self, intent: u32, settled: Vec<Settled>) -> Result<(), Error> {
        self.write(&Record::Result { intent, settled }).await
    }

    /// Writes any record.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub async fn write(&self, record: &Record) -> Result<(), Error> {
        let mut journal = Vec::new();
        frame(record, &mut journal)?;
        let asked = Asked {
            images: Vec::new(),
            journal,
            is_last: false,
        };
        self.commit.write(asked).await
    }

    /// Ends the journal, for all handles: nothing more can be written.
    ///
    /// # Errors
    /// Fails when the disk has failed before.
    pub async fn close(self) -> Result<(), Error> {
        let asked = Asked {
            images: Vec::new(),
            journal: Vec::new(),
            is_last: true,
        };
        self.commit.write(asked).await
    }
}
