//! A run that this program started: queued, going on, over.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::exports::Errand;
use super::gauge::share;
use super::keys::Command;
use super::msg::{Effect, RunEnd, Ticket};
use crate::domain::{Destination, DestinationName, State};
use crate::export::{Phase, Progress};
use crate::words::{Explanation, Words};

/// How many moments of the rate are kept, one a second.
const MOMENTS: usize = 240;

/// A run that this program started.
#[derive(Debug)]
pub(super) struct Live {
    /// Its ticket.
    pub ticket: Ticket,
    /// What it exports.
    pub destination: Destination,
    /// How it stands.
    pub progress: Progress,
    /// What it does.
    pub errand: Errand,
    /// Whether it waits for another run to the same account.
    pub queued: bool,
    /// Which segment is the first in sight, and how many are not.
    pub segments: (usize, usize),
    /// How often it was asked to stop.
    pub stops: u8,
    /// How it ended, and when.
    pub end: Option<(RunEnd, Timestamp)>,
    begun: Instant,
    /// Its rate at moments of the past.
    pub rates: VecDeque<u64>,
    sampled: Instant,
}

impl Live {
    /// One that has yet to begin.
    pub fn new(ticket: Ticket, destination: Destination, errand: Errand, now: Instant) -> Self {
        Self {
            ticket,
            destination,
            errand,
            queued: true,
            progress: Progress::default(),
            segments: (0, 0),
            stops: 0,
            end: None,
            begun: now,
            rates: VecDeque::new(),
            sampled: now,
        }
    }

    /// Begins.
    pub fn begin(&mut self, now: Instant) -> Effect {
        self.queued = false;
        (self.begun, self.sampled) = (now, now);
        let destination = Box::new(self.destination.clone());
        match &self.errand {
            Errand::Export(which) => Effect::Run(self.ticket, destination, *which),
            Errand::Undo(run) => Effect::Undo(self.ticket, destination, run.clone()),
        }
    }

    /// Takes the latest progress.
    pub fn update(&mut self, progress: Progress, now: Instant) {
        self.progress = progress;
        if now.duration_since(self.sampled) >= Duration::from_millis(500) {
            self.sampled = now;
            self.rates.push_back(whole(self.progress.rate()));
            if self.rates.len() > MOMENTS {
                self.rates.pop_front();
            }
        }
    }

    /// Tells whether a key does anything while it is looked at.
    pub fn offers(&self, command: Command) -> bool {
        match command {
            Command::Stop => self.stops < 2,
            Command::Up => self.segments.1 > 0,
            _ => true,
        }
    }

    /// Tells whether it is one of this destination.
    pub fn is_of(&self, name: &DestinationName) -> bool {
        self.destination.name == *name
    }

    /// Tells whether it takes a run back.
    pub fn is_undo(&self) -> bool {
        matches!(self.errand, Errand::Undo(_))
    }

    /// Tells how long it has been running.
    pub fn elapsed(&self, now: Instant) -> Duration {
        now.duration_since(self.begun)
    }

    /// Says in a few words how far it is.
    pub fn short(&self, words: &Words) -> String {
        if self.is_waiting() {
            return words.state(State::Queued);
        }
        if let Some(share) = whole_share(&self.progress) {
            return processing(share, words);
        }
        let phase = phase(self.progress.phase, words);
        format!("{} · {phase}", words.state(State::Processing))
    }

    /// Why it failed before it could write a report, if it did after this time and nobody stopped it.
    pub fn broke_after(&self, last: Option<Timestamp>) -> Option<&Explanation> {
        let (end, at) = self.end.as_ref()?;
        let newest = end.report.is_none() && self.stops == 0 && last.is_none_or(|last| last < *at);
        end.failure.as_ref().filter(|_| newest)
    }

    /// How it ended, if that is newer than what is known: with a report, or without one though nobody stopped it.
    pub fn newer_than(&self, last: Option<Timestamp>) -> Option<&RunEnd> {
        let (end, _) = self.end.as_ref()?;
        let told = end.report.as_ref().map(|report| report.ended_at);
        let is_newer = match told {
            Some(told) => last.is_none_or(|last| last < told),
            None => self.broke_after(last).is_some(),
        };
        Some(end).filter(|_| is_newer)
    }

    /// Tells whether it has begun and is not over.
    pub fn goes_on(&self) -> bool {
        !self.queued && self.end.is_none()
    }

    /// Tells whether it waits: for another run of this program or of another one, or for the source.
    pub fn is_waiting(&self) -> bool {
        let waits = [Some(Phase::Queued), Some(Phase::Waiting)];
        self.queued || waits.contains(&self.progress.phase)
    }
}

/// Says how much is done.
pub(super) fn processing(share: f64, words: &Words) -> String {
    format!(
        "{} {}",
        words.state(State::Processing),
        words.percent(share)
    )
}

/// Names a stretch of a run.
pub(super) fn phase(phase: Option<Phase>, words: &Words) -> String {
    words.text(match phase {
        None => "ui-phase-starting",
        Some(Phase::Queued) => "ui-phase-queued",
        Some(Phase::Waiting) => "ui-phase-waiting",
        Some(Phase::Reading) => "ui-phase-reading",
        Some(Phase::Comparing) => "ui-phase-comparing",
        Some(Phase::Delivering) => "ui-phase-delivering",
        Some(Phase::Undoing) => "ui-phase-undoing",
    })
}

/// How much of the present stretch is done, where its length is known: while the source is read it is not.
pub(super) fn whole_share(progress: &Progress) -> Option<f64> {
    let (done, total) = progress.done();
    share(done, total)
}

/// Rounds a rate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is small and not negative"
)]
pub(super) fn whole(rate: f64) -> u64 {
    rate.round().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::whole_share;
    use crate::export::{Phase, Progress};

    #[test]
    fn while_the_source_is_read_no_share_is_claimed() {
        let mut progress = Progress::default();
        progress.rows = 4_000;
        for phase in [
            None,
            Some(Phase::Queued),
            Some(Phase::Waiting),
            Some(Phase::Reading),
        ] {
            progress.phase = phase;
            assert_eq!(whole_share(&progress), None, "{phase:?}");
        }
    }
}
