//! Writes down what happens before anyone is told: journal, rejects, refusals to remember, then the progress.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::{Advice, Error, Event, Progress};
use crate::deliver::Stop;
use crate::domain::{Email, PersonKey, Reject};
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
            .filter_map(|reject| Some((key_of(reject.email.as_deref()?), reject.reason)))
            .collect();
        if refused.is_empty() {
            Ok(())
        } else {
            self.ledger.remember(&refused, Timestamp::now())
        }
    }
}

fn key_of(address: &str) -> PersonKey {
    PersonKey::of(&Email::key_of(address))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Instant;

    use jiff::Timestamp;
    use tokio::sync::{mpsc, watch};

    use super::Recorder;
    use crate::deliver::{Stop, Verdict};
    use crate::domain::AudienceId;
    use crate::export::{Event, Planned, Progress};
    use crate::store::{Home, Journal, Ledger, RejectKeys, RunFolder};

    #[test]
    #[cfg_attr(not(target_os = "linux"), ignore = "needs /dev/full")]
    fn what_was_answered_is_counted_though_the_disk_is_full() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let run = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
        let ledger = Ledger::open(&home, &AudienceId::parse("abc").expect("id")).expect("ledger");
        let (progress, watched) = watch::channel(Progress::default());
        let mut recorder = Recorder::open(
            &run,
            ledger,
            RejectKeys::default(),
            Arc::new(|_| String::new()),
            progress,
            Instant::now(),
        )
        .expect("recorder");
        recorder.journal = Journal::open(Path::new("/dev/full")).expect("journal");
        let (send, events) = mpsc::channel(8);
        let planned = Planned {
            profiles: 9,
            create: 9,
            ..Planned::default()
        };
        let created = |created| Verdict {
            created,
            ..Verdict::default()
        };
        for event in [
            Event::Planned(Box::new(planned)),
            Event::Settled(Box::new(created(4))),
            Event::Settled(Box::new(created(3))),
        ] {
            send.try_send(event).expect("room");
        }
        drop(send);
        let stop = Stop::default();
        let (_recorder, wrote) = recorder.record(events, &stop);
        assert!(wrote.is_err() && stop.gently.is_cancelled());
        let counters = watched.borrow().counters.clone();
        assert_eq!((counters.created, counters.remaining), (7, 2));
    }
}
