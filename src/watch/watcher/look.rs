//! What there is to do for a destination.

use jiff::Timestamp;

use super::super::event::Event;
use super::super::probe::source_of;
use super::{Ill, Watcher};
use crate::domain::{
    Agenda, Close, Destination, DestinationId, Refresh, Schedule, SourceSpec, Then, Turn, Wanted,
};
use crate::export::Error;

/// What is known of a source.
enum Seen {
    /// Nothing yet: the answer wakes us.
    NotYet,
    /// How it stands, where that matters.
    Stands(Option<Refresh>),
    /// It could not be asked.
    Not(Error),
}

/// What is done once it is written down that it is.
enum Step {
    Nothing,
    Wait,
    Skip {
        failed: String,
        /// The destination that this is, where it is one: then it is tried again by itself.
        other: Option<DestinationId>,
    },
    Begin(Wanted),
    Unseen {
        failure: Error,
        first: bool,
        then: Then,
    },
}

impl Watcher {
    /// Does what there is to do for one destination, and writes down what is remembered of it before. `None` where somebody
    /// else changed that meanwhile: then it has to be looked at anew.
    pub(super) fn look_at(
        &mut self,
        destination: &Destination,
        kept: Option<&Agenda>,
        mut agenda: Agenda,
        now: Timestamp,
    ) -> Result<Option<Agenda>, Error> {
        let step = match self.seen(destination, &agenda, now) {
            Seen::NotYet => Step::Nothing,
            Seen::Stands(refresh) => self.step(destination, &mut agenda, refresh.as_ref(), now),
            Seen::Not(failure) => self.unseen(destination, &mut agenda, failure, now),
        };
        if kept != Some(&agenda) {
            let is_ours = self.agendas.change(&destination.id(), |slot| {
                let is_ours = slot.as_ref() == kept;
                if is_ours {
                    *slot = Some(agenda.clone());
                }
                is_ours
            })?;
            if !is_ours {
                return Ok(None);
            }
        }
        self.take(destination, step)?;
        Ok(Some(agenda))
    }

    /// Asks how the source stands where that matters.
    fn seen(&mut self, destination: &Destination, agenda: &Agenda, now: Timestamp) -> Seen {
        let by_clock = !matches!(destination.schedule, Schedule::OnRefresh { .. });
        // Only Customer Insights tells whether it is being refreshed.
        let tells = matches!(destination.source, SourceSpec::Insights(_));
        if !agenda.asks_source(now) || by_clock && !tells {
            return Seen::Stands(None);
        }
        match self.probe.ask(destination, &self.surroundings) {
            None => Seen::NotYet,
            Some(Ok(refresh)) => Seen::Stands(Some(refresh)),
            // An export finds out what is wrong, and tells it.
            Some(Err(_)) if by_clock => Seen::Stands(None),
            Some(Err(failure)) => Seen::Not(failure),
        }
    }

    /// Finds what is to be done, and takes that down.
    fn step(
        &self,
        destination: &Destination,
        agenda: &mut Agenda,
        refresh: Option<&Refresh>,
        now: Timestamp,
    ) -> Step {
        let waited = agenda.waits;
        let source = source_of(destination);
        let mut running = self.running.values();
        match agenda.look(now, refresh) {
            Turn::Rest => Step::Nothing,
            Turn::Wait if waited => Step::Nothing,
            Turn::Wait => Step::Wait,
            Turn::Skip { failed } => Step::Skip {
                failed,
                other: None,
            },
            // Of two with the same source one shows whether that can be read.
            Turn::Run(_) if running.any(|running| running.source == source) => {
                agenda.waits = true;
                Step::Nothing
            }
            Turn::Run(due) => match self.ill.get(&source).cloned() {
                Some(Ill { who, why, until }) if until > now && who != destination.id() => {
                    let is_told = agenda.trouble.is_some();
                    agenda.depend(&who, why, until, now);
                    if is_told {
                        Step::Nothing
                    } else {
                        Step::Skip {
                            failed: self.names.of(who.as_str()),
                            other: Some(who),
                        }
                    }
                }
                _ => {
                    agenda.begin(due.clone());
                    Step::Begin(due)
                }
            },
        }
    }

    /// Takes down that the source could not be asked.
    fn unseen(
        &self,
        destination: &Destination,
        agenda: &mut Agenda,
        failure: Error,
        now: Timestamp,
    ) -> Step {
        let explain = (self.voice_of)(&destination.name).explain;
        let close = match failure.exit() {
            2 | 4 => Close::Permanent,
            _ => Close::Transient,
        };
        let first = agenda.trouble.is_none();
        let then = agenda.close(close, explain(&failure), now);
        Step::Unseen {
            failure,
            first,
            then,
        }
    }

    fn take(&mut self, destination: &Destination, step: Step) -> Result<(), Error> {
        match step {
            Step::Nothing => {}
            Step::Wait => (self.tell)(Event::Waits(destination.name.to_string())),
            Step::Skip { failed, other } => self.skip(destination, failed, other.as_ref())?,
            Step::Begin(due) => self.begin(destination.clone(), &due),
            Step::Unseen {
                failure,
                first,
                then,
            } => self.tell_unseen(destination, failure, first, then),
        }
        Ok(())
    }

    /// Leaves an export out, and remembers that. What is tried again by itself calls nobody.
    fn skip(
        &mut self,
        destination: &Destination,
        failed: String,
        other: Option<&DestinationId>,
    ) -> Result<(), Error> {
        let report = self
            .surroundings
            .skipped(destination, self.by, &failed, other)?;
        let name = destination.name.to_string();
        (self.tell)(Event::Skipped { name, failed });
        self.exits.push(report.ended.exit);
        if other.is_none() {
            self.finish(destination, &report, false);
        }
        Ok(())
    }

    /// Tells that a source could not be asked; what stops a schedule is remembered as a run that failed is.
    fn tell_unseen(&mut self, destination: &Destination, failure: Error, first: bool, then: Then) {
        let name = destination.name.to_string();
        let explain = (self.voice_of)(&destination.name).explain;
        let why = explain(&failure);
        self.exits.push(failure.exit());
        if then != Then::Stops {
            if first {
                (self.tell)(Event::Unseen { name, failure });
            }
            return self.tell_then(destination, then, Some(&why));
        }
        let ending = self
            .surroundings
            .not_begun(destination, self.by, &explain, failure);
        if let Some(report) = &ending.report {
            self.finish(destination, report, true);
        }
        (self.tell)(Event::Ended {
            name,
            report: ending.report.map(Box::new),
            failure: ending.failure,
        });
        self.tell_then(destination, then, Some(&why));
    }
}
