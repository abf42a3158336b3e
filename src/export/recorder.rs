//! Folds what happens in a run: into the file of its rejects, then into the progress that is shown.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, watch};

use super::{Advice, Error, Event, Progress};
use crate::deliver::Stop;
use crate::domain::Reject;
use crate::store::{Error as StoreError, RejectKeys, RejectWriter, RunFolder};

/// Folds the events of one run.
pub(super) struct Recorder {
    pub rejects: RejectWriter,
    pub before: RejectKeys,
    pub advice: Advice,
    pub new_rejects: u64,
    pub progress: watch::Sender<Progress>,
    pub start: Instant,
}

impl Recorder {
    /// Opens the files of a run.
    pub fn open(
        run: &RunFolder,
        before: RejectKeys,
        advice: Advice,
        progress: watch::Sender<Progress>,
        start: Instant,
    ) -> Result<Self, StoreError> {
        let rejects = RejectWriter::create(run)?;
        Ok(Self {
            rejects,
            before,
            advice,
            new_rejects: 0,
            progress,
            start,
        })
    }

    /// Takes in events until the run has dropped its end, then hands itself back: with an error when the disk failed.
    /// Then the run is stopped, and what calls in flight still did is counted, though it cannot be written down.
    pub fn record(
        mut self,
        mut events: mpsc::Receiver<Event>,
        stop: &Stop,
    ) -> (Self, Result<(), Error>) {
        let mut wrote = Ok(());
        while let Some(event) = events.blocking_recv() {
            if wrote.is_ok() {
                wrote = self.write_down(&event);
                if wrote.is_err() {
                    stop.gently.cancel();
                }
            }
            let at = self.start.elapsed();
            self.progress
                .send_modify(|progress| progress.apply(&event, at));
        }
        let flushed = self.rejects.flush();
        (self, wrote.and(flushed).map_err(Error::from))
    }

    fn write_down(&mut self, event: &Event) -> Result<(), StoreError> {
        if let Event::Settled(settled) = event {
            let mut rejects = settled.iter().filter_map(|told| told.reject.as_ref());
            rejects.try_for_each(|reject| self.reject(reject))?;
            self.rejects.flush()?;
        }
        Ok(())
    }

    /// Adds a reject to the run's file.
    pub fn reject(&mut self, reject: &Reject) -> Result<(), StoreError> {
        self.new_rejects += u64::from(!self.before.had(reject));
        let advice = Arc::clone(&self.advice);
        self.rejects.add(reject, &advice(reject.reason))
    }
}
