//! What follows from the end of an export, and the end of watching.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::task::JoinError;

use super::super::event::Event;
use super::super::finish::{Finish, ended};
use super::super::recover::closed;
use super::{Finished, Running, Watcher};
use crate::domain::{Close, Destination, DestinationId, State, Then};
use crate::export::{Ending, Error, Report, StopHandle, Unbegun};
use crate::store::Config;

impl Watcher {
    /// Takes in the end of an export.
    pub(super) fn over(&mut self, joined: Result<Finished, JoinError>) -> Result<(), Error> {
        let broken = |why: JoinError| Error::Broken(why.to_string());
        let Finished {
            destination,
            ending,
        } = joined.map_err(broken)?;
        let (id, now) = (destination.id(), Timestamp::now());
        let source = self.running.remove(&id).map(|running| running.source);
        let Ending { report, failure } = ending;
        let report = report.or_else(|| self.unbegun(&destination, failure.as_ref()?));
        let close = report
            .as_ref()
            .map_or(Close::Stopped, |report| close_of(report, failure.as_ref()));
        let why = failure.as_ref().map(|why| (self.voice.explain)(why));
        let what = why.as_ref().map(|why| why.what.clone()).unwrap_or_default();
        let then = self.agendas.change(&id, |agenda| {
            let agenda = agenda.as_mut().filter(|agenda| agenda.begun.is_some());
            agenda.map_or(Then::GoesOn, |agenda| agenda.close(close, &what, now))
        })?;
        if let Some(source) = source {
            match (&failure, then) {
                (Some(Error::Source(_)), Then::Retry(until)) => {
                    self.ill
                        .insert(source, (destination.name.to_string(), until));
                }
                _ => drop(self.ill.remove(&source)),
            }
        }
        self.exits
            .extend(report.as_ref().map(|report| report.ended.exit));
        if let Some(report) = report.as_ref().filter(|_| close != Close::Stopped)
            && !matches!(then, Then::Retry(_))
        {
            self.finish(&destination, report, then == Then::Stops);
        }
        let name = destination.name.to_string();
        (self.tell)(Event::Ended {
            name: name.clone(),
            report: report.map(Box::new),
            failure,
        });
        match (then, why) {
            (Then::Retry(at), _) => (self.tell)(Event::Retry { name, at }),
            (Then::Stops, Some(why)) => (self.tell)(Event::Stopped { name, why }),
            (Then::Stops | Then::GoesOn, _) => {}
        }
        Ok(())
    }

    /// Keeps a report of what failed before it could begin.
    fn unbegun(&self, destination: &Destination, why: &Error) -> Option<Report> {
        if why.exit() == 130 {
            // It was stopped while it waited, and is due as before.
            return None;
        }
        let told = (self.voice.explain)(why);
        let home = &self.surroundings.home;
        Unbegun::Failed(why, told)
            .keep(home, destination, self.by)
            .ok()
    }

    /// Runs the user's command, if there is one.
    pub(super) fn finish(&mut self, destination: &Destination, report: &Report, stopped: bool) {
        let name = destination.name.to_string();
        let home = self.surroundings.home.clone();
        let config = match Config::read(&home) {
            Ok(config) => config.on_finish,
            Err(why) => {
                let why = why.to_string();
                return (self.tell)(Event::Finish { name, why });
            }
        };
        let Some(line) = config.command(&name) else {
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

    pub(super) fn finished(&self, done: Result<(String, Result<(), String>), JoinError>) {
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
                Some(finished) = self.under_way.join_next() => self.over(finished)?,
                () = stop.stop.now.cancelled(), if !asked_twice => {
                    asked_twice = true;
                    ask(&self.running);
                }
            }
        }
        while let Some(done) = self.finishing.join_next().await {
            self.finished(done);
        }
        self.exits.push(stop.code());
        Ok(self.exits)
    }
}

/// What the end of an export means to its schedule. A source may be whole the next time, whatever a run says of it now.
fn close_of(report: &Report, failure: Option<&Error>) -> Close {
    match failure {
        Some(Error::Source(why)) if report.state() == State::Failed && why.may_pass() => {
            Close::Transient
        }
        _ => closed(report.state(), report),
    }
}
