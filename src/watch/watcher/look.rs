//! What there is to do for a destination.

use jiff::Timestamp;

use super::super::event::Event;
use super::super::probe::source_of;
use super::Watcher;
use crate::domain::{
    Agenda, Close, Destination, Refresh, Schedule, SourceSpec, StartedBy, Then, Turn,
};
use crate::export::{Error, Unbegun, last_report};

impl Watcher {
    /// Does what there is to do for one destination, and writes down what is remembered of it then.
    pub(super) fn look_at(
        &mut self,
        destination: &Destination,
        kept: Option<&Agenda>,
        mut agenda: Agenda,
        now: Timestamp,
    ) -> Result<Agenda, Error> {
        let waited = agenda.waits;
        self.see_who_looked(destination, &mut agenda)?;
        let refresh = self.refresh_of(destination, &mut agenda, now);
        let turn = agenda.look(now, refresh.as_ref());
        // Of two with the same source one shows whether that can be read.
        let source = source_of(destination);
        let is_read = self
            .running
            .values()
            .any(|running| running.source == source);
        let mut begun = None;
        match turn {
            Turn::Rest => {
                // Nothing was seen, so that what waited for it still does.
                agenda.waits = waited && refresh.is_none() && agenda.newer.is_some();
            }
            Turn::Wait => {
                if !waited {
                    (self.tell)(Event::Waits(destination.name.to_string()));
                }
            }
            Turn::Skip { failed } => self.skip(destination, &failed)?,
            Turn::Run(_) if is_read => agenda.waits = true,
            Turn::Run(due) => match self.ill.get(&source).cloned() {
                Some((name, until)) if until > now && name != destination.name.as_str() => {
                    self.skip(destination, &name)?;
                    agenda.depend(&name, until, now);
                }
                _ => {
                    agenda.begin(due.clone());
                    begun = Some(due);
                }
            },
        }
        if kept != Some(&agenda) {
            self.agendas
                .change(&destination.id(), |slot| *slot = Some(agenda.clone()))?;
        }
        if let Some(due) = begun {
            self.begin(destination.clone(), &due, source);
        }
        Ok(agenda)
    }

    /// Where something is wrong, an export that somebody else began and that went well is a sign that it is no more.
    fn see_who_looked(&self, destination: &Destination, agenda: &mut Agenda) -> Result<(), Error> {
        let Some(trouble) = &agenda.trouble else {
            return Ok(());
        };
        let last = last_report(&self.surroundings.home, &destination.id())?;
        let well = last.map(|(_, report)| report).filter(|report| {
            let by_hand = matches!(report.started_by, StartedBy::Person | StartedBy::Command);
            by_hand && report.told_all() && report.started_at > trouble.since
        });
        if let Some(report) = well {
            agenda.looked_at(report.started_at);
        }
        Ok(())
    }

    /// Asks how the source stands where that matters; what cannot be asked is told as a failure is.
    fn refresh_of(
        &mut self,
        destination: &Destination,
        agenda: &mut Agenda,
        now: Timestamp,
    ) -> Option<Refresh> {
        let by_clock = !matches!(destination.schedule, Schedule::OnRefresh { .. });
        // Only Customer Insights tells whether it is being refreshed.
        let tells = matches!(destination.source, SourceSpec::Insights(_));
        if !agenda.asks_source(now) || by_clock && !tells {
            return None;
        }
        let told = self.probe.ask(destination, &self.surroundings);
        match told {
            // By the clock nothing begins before it is known: an answer wakes us.
            None if by_clock => Some(Refresh {
                running: true,
                ..Refresh::default()
            }),
            None => None,
            Some(Ok(refresh)) => Some(refresh),
            // An export finds out what is wrong, and tells it.
            Some(Err(_)) if by_clock => None,
            Some(Err(failure)) => {
                let name = destination.name.to_string();
                let close = match failure.exit() {
                    2 | 4 => Close::Permanent,
                    _ => Close::Transient,
                };
                let why = (self.voice.explain)(&failure);
                let first = agenda.trouble.is_none();
                let then = agenda.close(close, &why.what, now);
                if first {
                    let name = name.clone();
                    (self.tell)(Event::Unseen { name, failure });
                }
                match then {
                    Then::GoesOn => {}
                    Then::Retry(at) => (self.tell)(Event::Retry { name, at }),
                    Then::Stops => (self.tell)(Event::Stopped { name, why }),
                }
                None
            }
        }
    }

    /// Leaves an export out, and remembers that.
    fn skip(&mut self, destination: &Destination, failed: &str) -> Result<(), Error> {
        let home = &self.surroundings.home;
        let report = Unbegun::Skipped(failed).keep(home, destination, self.by)?;
        (self.tell)(Event::Skipped {
            name: destination.name.to_string(),
            failed: failed.to_owned(),
        });
        self.exits.push(report.ended.exit);
        self.finish(destination, &report, false);
        Ok(())
    }
}
