//! Writes down what happens before anyone is told: journal, rejects, refusals to remember, then the progress.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::{Advice, Error, Event, Progress};
use crate::domain::{Email, Reject};
use crate::store::{Error as StoreError, Journal, Ledger, RejectKeys, RejectWriter, RunFolder};

/// Folds the events of one run.
pub(super) struct Recorder {
    pub journal: Journal,
    pub rejects: RejectWriter,
    pub ledger: Ledger,
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
        ledger: Ledger,
        before: RejectKeys,
        advice: Advice,
        progress: watch::Sender<Progress>,
        start: Instant,
    ) -> Result<Self, StoreError> {
        let journal = Journal::open(&run.journal())?;
        let rejects = RejectWriter::create(run)?;
        Ok(Self {
            journal,
            rejects,
            ledger,
            before,
            advice,
            new_rejects: 0,
            progress,
            start,
        })
    }

    /// Takes in events until the run has dropped its end, then hands itself back: with an error when the disk failed,
    /// after which nothing more was taken in.
    pub fn record(mut self, mut events: mpsc::Receiver<Event>) -> (Self, Result<(), Error>) {
        while let Some(event) = events.blocking_recv() {
            if let Err(why) = self.take_in(&event) {
                return (self, Err(why.into()));
            }
        }
        let flushed = self.rejects.flush().map_err(Error::from);
        (self, flushed)
    }

    fn take_in(&mut self, event: &Event) -> Result<(), StoreError> {
        if event.is_kept() {
            self.journal.append(event)?;
        }
        if let Event::Settled(verdict) = event {
            self.remember(&verdict.rejects)?;
            verdict
                .rejects
                .iter()
                .try_for_each(|reject| self.reject(reject))?;
            self.rejects.flush()?;
        }
        let at = self.start.elapsed();
        self.progress
            .send_modify(|progress| progress.apply(event, at));
        Ok(())
    }

    /// Adds a reject to the run's file.
    pub fn reject(&mut self, reject: &Reject) -> Result<(), StoreError> {
        self.new_rejects += u64::from(!self.before.had(reject));
        let advice = Arc::clone(&self.advice);
        self.rejects.add(reject, &advice(reject.reason))
    }

    fn remember(&mut self, rejects: &[Reject]) -> Result<(), StoreError> {
        let refused: Vec<_> = rejects
            .iter()
            .filter(|reject| reject.reason.is_remembered())
            .filter_map(|reject| Some((Email::key_of(reject.email.as_deref()?), reject.reason)))
            .collect();
        if refused.is_empty() {
            Ok(())
        } else {
            self.ledger.remember(&refused, Timestamp::now())
        }
    }
}
