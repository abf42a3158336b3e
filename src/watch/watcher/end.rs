//! What follows from the end of an export, and the end of watching.

use std::collections::HashMap;
use std::future::pending;

use jiff::Timestamp;
use tokio::task::JoinError;
use tokio::time::sleep;

use super::super::event::Event;
use super::super::finish::{Finish, Unfinished, ended};
use super::super::recover::{became, close_of};
use super::{Finished, Ill, LONGEST, Running, Watcher};
use crate::domain::{Agenda, Close, Destination, DestinationId, Then, Worded};
use crate::export::{Ending, Error, Report, StopHandle};
use crate::store::Config;

impl Watcher {
    /// Takes in the end of an export; gives it back where that could not be written down.
    pub(super) fn over(&mut self, finished: Finished) -> Option<Finished> {
        let (id, ending) = (finished.destination.id(), &finished.ending);
        let close = close_of(ending.report.as_ref(), ending.failure.as_ref());
        let explain = (self.voice_of)(&finished.destination.name).explain;
        let told = ending.failure.as_ref().map(|why| explain(why));
        let why = told.or_else(|| ending.report.as_ref()?.failure.clone());
        let kept = why.clone().unwrap_or_else(|| Worded::from(""));
        let closed = self.agendas.change(&id, |agenda| {
            let agenda = agenda.as_mut().filter(|agenda| agenda.begun.is_some());
            agenda.map_or(Then::GoesOn, |agenda| {
                agenda.close(close, kept, Timestamp::now())
            })
        });
        match closed {
            Ok(then) => self.follow(finished, close, then, why.as_ref()),
            Err(why) => {
                self.hinder(why.into());
                return Some(finished);
            }
        }
        None
    }

    /// Does and tells what follows from the end of an export.
    fn follow(&mut self, finished: Finished, close: Close, then: Then, why: Option<&Worded>) {
        let Finished {
            destination,
            ending: Ending { report, failure },
        } = finished;
        let name = destination.name.to_string();
        let id = destination.id();
        if let Some(Running { source, .. }) = self.running.remove(&id) {
            self.probe.is_free(&source, &id);
            match (&failure, then, why) {
                (Some(Error::Source(_)), Then::Retry(until), Some(why)) => {
                    let (who, why) = (id.clone(), why.clone());
                    self.ill.insert(source, Ill { who, why, until });
                }
                _ => drop(self.ill.remove(&source)),
            }
        }
        let exit = report.as_ref().map(|report| report.ended.exit);
        self.exits
            .extend(exit.or_else(|| failure.as_ref().map(Error::exit)));
        if let Some(report) = report.as_ref().filter(|_| close != Close::Stopped)
            && !matches!(then, Then::Retry(_))
        {
            self.finish(&destination, report, then == Then::Stops);
        }
        (self.tell)(Event::Ended {
            name,
            report: report.map(Box::new),
            failure,
        });
        self.tell_then(&destination, then, why);
    }

    pub(super) fn tell_then(&self, destination: &Destination, then: Then, why: Option<&Worded>) {
        let name = destination.name.to_string();
        match (then, why) {
            (Then::Retry(at), _) => {
                let schedule = destination.schedule.clone();
                (self.tell)(Event::Retry { name, at, schedule });
            }
            (Then::Stops, Some(why)) => {
                let why = why.own().clone();
                (self.tell)(Event::Stopped { name, why });
            }
            (Then::Stops | Then::GoesOn, _) => {}
        }
    }

    /// Takes an end in again after a while, or when watching ends.
    pub(super) fn keep_later(&mut self, finished: Finished) {
        let running = self.running.get(&finished.destination.id());
        let stop = running.map(|running| running.stop.stop.clone());
        self.under_way.spawn(async move {
            let stopped = async {
                match stop {
                    Some(stop) => stop.gently.cancelled().await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = sleep(LONGEST) => {}
                () = stopped => {}
            }
            finished
        });
    }

    /// Takes in the end of an export that was begun and is not under way: its watcher was killed. Gives what is remembered
    /// then.
    pub(super) fn settled(
        &mut self,
        destination: &Destination,
        kept: Option<&Agenda>,
    ) -> Result<Option<Agenda>, Error> {
        let id = destination.id();
        let begun = kept.and_then(|kept| kept.begun.as_ref());
        let Some(begun) = begun.filter(|_| !self.running.contains_key(&id)) else {
            return Ok(kept.cloned());
        };
        let report = became(&self.surroundings.home, &id, begun)?;
        if report.is_some() {
            let ending = Ending {
                report,
                failure: None,
            };
            let destination = destination.clone();
            self.over(Finished {
                destination,
                ending,
            });
        } else {
            self.agendas.change(&id, |agenda| {
                if let Some(agenda) = agenda {
                    agenda.close(Close::Stopped, "", Timestamp::now());
                }
            })?;
        }
        Ok(self.agendas.find(&id)?)
    }

    /// Runs the user's command, if there is one.
    pub(super) fn finish(&mut self, destination: &Destination, report: &Report, stopped: bool) {
        let name = destination.name.to_string();
        let home = self.surroundings.home.clone();
        let config = match Config::read(&home) {
            Ok(config) => config.on_finish,
            Err(why) => {
                let why = Unfinished::Unknown(why);
                return (self.tell)(Event::Finish { name, why });
            }
        };
        let Some(line) = config.command(destination) else {
            return;
        };
        let finish = Finish {
            line: line.to_owned(),
            limit: config.limit,
            ended: ended(&name, report, stopped),
            destination: name.clone(),
        };
        self.finishing
            .spawn(async move { (name, finish.run(&home).await) });
    }

    pub(super) fn finished(&self, done: Result<(String, Result<(), Unfinished>), JoinError>) {
        if let Ok((name, Err(why))) = done {
            (self.tell)(Event::Finish { name, why });
        }
    }

    /// Stops what goes on, in order; a second time at once.
    pub(super) async fn wind_up(mut self, stop: &StopHandle) -> Result<Vec<u8>, Error> {
        let ask = |running: &HashMap<DestinationId, Running>| {
            for running in running.values() {
                running.stop.ask(stop.code());
            }
        };
        ask(&self.running);
        let mut asked_twice = false;
        while !self.under_way.is_empty() {
            tokio::select! {
                Some(finished) = self.under_way.join_next() => {
                    // What cannot be written down is found by the next watcher.
                    let _unkept = finished.ok().and_then(|finished| self.over(finished));
                }
                () = stop.stop.now.cancelled(), if !asked_twice => {
                    asked_twice = true;
                    ask(&self.running);
                }
            }
        }
        while !self.finishing.is_empty() {
            tokio::select! {
                Some(done) = self.finishing.join_next() => self.finished(done),
                () = stop.stop.now.cancelled() => {
                    // They end with us, whatever they began too.
                    self.finishing.shutdown().await;
                    break;
                }
            }
        }
        self.exits.push(stop.code());
        Ok(self.exits)
    }
}
