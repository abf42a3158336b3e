//! Export runs of the application: begun, told of while they go on, and ended.

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

use super::desk::Desk;
use super::msg::{Msg, RunEnd, Ticket, Which};
use crate::domain::{Destination, StartedBy};
use crate::export::{Error, Options, Order, StopHandle, Voice, start, start_undo};
use crate::store::RunId;
use crate::words::Explain;

/// How often a run's progress is told.
const PACE: Duration = Duration::from_millis(100);

/// How a run differs from the usual. Whoever looks on sees that it waits, and for whom.
fn options(errand: &Errand) -> Options {
    let is = |which| matches!(errand, Errand::Export(wanted) if *wanted == which);
    Options {
        fresh: is(Which::Fresh),
        only_rejects: is(Which::Rejects),
        wait: true,
        ..Options::default()
    }
}

/// What is carried out for a destination.
#[derive(Debug, Clone)]
pub(super) enum Errand {
    /// An export.
    Export(Which),
    /// The taking back of a run.
    Undo(RunId),
}

impl Desk {
    /// Carries out an errand, and tells how it goes on; gives its end.
    pub async fn carry_out(
        &self,
        ticket: Ticket,
        destination: Destination,
        errand: Errand,
        tell: &Sender<Msg>,
        asked: &StopHandle,
    ) -> RunEnd {
        let exported = matches!(errand, Errand::Export(_)).then(|| destination.clone());
        let order = match errand {
            Errand::Export(_) => self.order(destination).await,
            Errand::Undo(_) => self.undo_order(destination).await,
        };
        let started = order.map(|mut order| {
            order.options = options(&errand);
            match errand {
                Errand::Export(_) => start(order),
                Errand::Undo(run) => start_undo(order, run),
            }
        });
        let mut running = match started {
            Ok(running) => running,
            Err(why) => return self.not_begun(exported, why),
        };
        let mut done = running.done;
        let stop = running.stop;
        let (gently, at_once) = (asked.stop.gently.clone(), asked.stop.now.clone());
        let passing = tokio::spawn(async move {
            gently.cancelled().await;
            stop.ask(130);
            at_once.cancelled().await;
            stop.ask(130);
        });
        let ended = loop {
            tokio::select! {
                ended = &mut done => break ended,
                changed = running.progress.changed() => {
                    let progress = running.progress.borrow_and_update().clone();
                    let told = tell.send(Msg::Progress(ticket, Box::new(progress))).await;
                    if changed.is_err() || told.is_err() {
                        break (&mut done).await;
                    }
                    sleep(PACE).await;
                }
            }
        };
        passing.abort();
        let last = running.progress.borrow().clone();
        let _gone = tell.send(Msg::Progress(ticket, Box::new(last))).await;
        match ended {
            Ok(ending) => RunEnd {
                report: ending.report,
                failure: ending.failure.map(|why| why.explain(&self.words)),
            },
            Err(why) => {
                if why.is_panic() {
                    let _gone = tell.send(Msg::End(70)).await;
                }
                self.failed(&Error::Broken(why.to_string()))
            }
        }
    }

    /// Ends what failed before it began; of an export its history tells.
    fn not_begun(&self, exported: Option<Destination>, why: Error) -> RunEnd {
        let Some(destination) = exported else {
            return self.failed(&why);
        };
        let explain = self.words.voice().explain;
        let (surroundings, by) = (&self.surroundings, StartedBy::Person);
        let ending = surroundings.not_begun(&destination, by, &explain, why);
        RunEnd {
            report: None,
            failure: ending.failure.map(|why| why.explain(&self.words)),
        }
    }

    fn failed(&self, why: &Error) -> RunEnd {
        RunEnd {
            report: None,
            failure: Some(why.explain(&self.words)),
        }
    }

    pub async fn order(&self, destination: Destination) -> Result<Order, Error> {
        let (options, voice) = (Options::default(), self.words.voice());
        let by = StartedBy::Person;
        self.surroundings
            .order(destination, options, by, &voice)
            .await
    }

    /// The order of an undo: it needs no source.
    pub async fn undo_order(&self, destination: Destination) -> Result<Order, Error> {
        let access = self.surroundings.access_for(&destination).await?;
        let Voice { advice, explain } = self.words.voice();
        Ok(Order {
            home: self.surroundings.home.clone(),
            destination,
            is_saved: true,
            access,
            source: None,
            options: Options::default(),
            started_by: StartedBy::Person,
            advice,
            explain,
        })
    }
}
