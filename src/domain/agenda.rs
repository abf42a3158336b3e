//! What has to be done for a schedule, by what is remembered of it. Decides by the times it is given, and asks nobody.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{DestinationId, Refresh, Schedule, State, Worded};

#[cfg(test)]
mod tests;

/// The first pause after a failure that may pass; each one is twice as long as the one before.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// For how long something is tried again that fails each time.
const PATIENCE: SignedDuration = SignedDuration::from_hours(6);
/// How often at least: as often as these pauses make it in that time. A computer that sleeps tries nothing.
const TRIES: u32 = 12;
/// A clock that goes back by more was wrong before.
const WRONG_CLOCK: SignedDuration = SignedDuration::from_hours(24);

/// What is remembered of a destination's schedule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Agenda {
    /// The last moment up to which all that was due has been seen to.
    pub handled: Timestamp,
    /// The state of the source that was exported last, or that was there when the schedule was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Whether an export is due and waits for the source.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// A newer state of the source, which is not exported yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<Newer>,
    /// The export that was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begun: Option<Wanted>,
    /// What kept exports from coming to their end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// The schedule that all this is about: of another one nothing is known.
    pub schedule: Schedule,
}

/// A state of the source that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newer {
    /// By what it is known.
    pub mark: String,
    /// Since when the source has stood so.
    pub since: Timestamp,
}

/// An export that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// When it was found to be due.
    pub at: Timestamp,
    /// The last moment that it sees to.
    pub due: Timestamp,
    /// The state of the source that it sees to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

/// What keeps exports from coming to their end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When the first of them failed.
    pub since: Timestamp,
    /// How many did.
    pub failures: u32,
    /// When it is tried again; `None` when somebody has to look first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Whether all that failed was to ask the source: an answer ends that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asking: bool,
    /// Whose export of the same source failed, so that this one waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<DestinationId>,
    /// What the last one failed with.
    pub why: Worded,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Nothing yet.
    Rest,
    /// An export is due, and the source is not ready.
    Wait,
    /// An export.
    Run(Wanted),
    /// The export that would be due is left out: what it depends on failed.
    Skip {
        /// What failed.
        failed: String,
    },
}

/// How an export ended, as far as its schedule is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// It came to its end.
    Done,
    /// It failed in a way that may pass.
    Transient,
    /// It failed in a way that stays until somebody does something.
    Permanent,
    /// It was stopped, or died: it is due as before.
    Stopped,
}

/// What follows from the end of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The schedule goes on.
    GoesOn,
    /// It is tried again then.
    Retry(Timestamp),
    /// Nothing runs any more until somebody looks. Told once.
    Stops,
}

impl Agenda {
    /// Begins with a schedule that was set at a time: what was due before is none of it.
    #[must_use]
    pub fn new(schedule: Schedule, set_at: Timestamp) -> Self {
        Self {
            handled: set_at,
            schedule,
            ..Self::default()
        }
    }

    /// Takes up a schedule that was set at a time, where another one was remembered before. A refresh of the source that
    /// was seen stays owed as long as exports follow refreshes.
    #[must_use]
    pub fn set(before: Option<&Self>, schedule: Schedule, set_at: Timestamp) -> Self {
        let follows = |schedule: &Schedule| matches!(schedule, Schedule::OnRefresh { .. });
        let new = Self::new(schedule, set_at);
        let before = before.filter(|before| follows(&before.schedule) && follows(&new.schedule));
        match before.cloned() {
            Some(before) => Self {
                mark: before.mark,
                waits: before.waits,
                newer: before.newer,
                begun: before.begun,
                ..new
            },
            None => new,
        }
    }

    /// Finds what is to be done now. `refresh` is how the source stands, as far as that was asked.
    pub fn look(&mut self, now: Timestamp, refresh: Option<&Refresh>) -> Turn {
        self.mistrust_clock(now);
        self.waits = false;
        if self.begun.is_some() || self.rests(now) {
            return Turn::Rest;
        }
        match self.schedule {
            Schedule::Off => Turn::Rest,
            Schedule::Daily { .. } | Schedule::Weekly { .. } => self.look_at_clock(now, refresh),
            Schedule::OnRefresh { quiet_seconds } => match refresh {
                Some(refresh) => self.look_at_source(now, refresh, quiet_seconds),
                None => Turn::Rest,
            },
        }
    }

    /// Tells whether the source has to be asked before [`Agenda::look`] can tell what is to be done.
    #[must_use]
    pub fn asks_source(&self, now: Timestamp) -> bool {
        if self.begun.is_some() || self.rests(now) {
            return false;
        }
        match self.schedule {
            Schedule::Off => false,
            Schedule::Daily { .. } | Schedule::Weekly { .. } => self.due(now).is_some(),
            Schedule::OnRefresh { .. } => true,
        }
    }

    /// Tells when the next export is due by the clock: in the past where it is overdue.
    #[must_use]
    pub fn next_run(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.trouble {
            Some(trouble) => trouble.retry_at,
            None => self.due(now).or_else(|| self.schedule.next_due(now)),
        }
    }

    /// Tells the same of a schedule, of which this is remembered, or of another one, or nothing.
    #[must_use]
    pub fn next_of(schedule: &Schedule, kept: Option<&Self>, now: Timestamp) -> Option<Timestamp> {
        match kept.filter(|kept| kept.schedule == *schedule) {
            Some(kept) => kept.next_run(now),
            None => schedule.next_due(now),
        }
    }

    /// Tells whether nothing runs until somebody looks.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let trouble = self.trouble.as_ref();
        trouble.is_some_and(|trouble| trouble.retry_at.is_none())
    }

    /// Tells how the destination stands whose latest run stood so: it is queued where an export is due that waits for the
    /// account, for the source, or to be tried again.
    #[must_use]
    pub fn state(&self, latest: Option<State>) -> Option<State> {
        let retries = self.trouble.is_some() && !self.is_stopped();
        match latest {
            Some(State::Processing) => latest,
            _ if self.begun.is_some() || self.waits || retries => Some(State::Queued),
            _ => latest,
        }
    }

    /// Takes down that an export begins.
    pub fn begin(&mut self, wanted: Wanted) {
        self.begun = Some(wanted);
    }

    /// Takes down how the export ended that was begun, or that it could not be tried; tells what follows.
    pub fn close(&mut self, close: Close, why: impl Into<Worded>, now: Timestamp) -> Then {
        let begun = self.begun.take();
        match close {
            Close::Stopped => Then::GoesOn,
            Close::Done => {
                self.trouble = None;
                if let Some(wanted) = begun {
                    self.has_seen_to(wanted);
                }
                Then::GoesOn
            }
            Close::Transient => self.failed(why.into(), now, begun.is_none(), true),
            Close::Permanent => self.failed(why.into(), now, begun.is_none(), false),
        }
    }

    /// Takes down that an export waits for another one, which failed for a reason that is this one's too and is tried again
    /// then.
    pub fn depend(&mut self, other: &DestinationId, why: Worded, until: Timestamp, now: Timestamp) {
        let before = self.trouble.take();
        self.begun = None;
        self.trouble = Some(Trouble {
            since: before.as_ref().map_or(now, |before| before.since.min(now)),
            failures: before.map_or(0, |before| before.failures),
            retry_at: Some(until),
            asking: false,
            waits_for: Some(other.clone()),
            why,
        });
    }

    /// Takes down that somebody looked at what went wrong: an export that began then, and was not ours, came to its end.
    pub fn looked_at(&mut self, began: Timestamp) {
        if self.trouble.take().is_some() {
            self.handled = self.handled.max(began);
        }
    }

    /// Takes down what an export has seen to, or one that was left out.
    fn has_seen_to(&mut self, wanted: Wanted) {
        self.handled = self.handled.max(wanted.due);
        if wanted.mark.is_some() {
            let newer = self.newer.as_ref();
            if newer.is_some_and(|newer| Some(&newer.mark) == wanted.mark.as_ref()) {
                self.newer = None;
            }
            self.mark = wanted.mark;
        }
    }

    fn failed(&mut self, why: Worded, now: Timestamp, asking: bool, passes: bool) -> Then {
        let before = self.trouble.take();
        let since = before.as_ref().map_or(now, |before| before.since.min(now));
        let failures = before.as_ref().map_or(0, |before| before.failures) + 1;
        let (end, next) = (later(since, PATIENCE), later(now, pause(failures)));
        let retry_at = if now < end {
            Some(next.min(end))
        } else {
            (failures < TRIES).then_some(next)
        };
        let retry_at = retry_at.filter(|_| passes);
        self.trouble = Some(Trouble {
            since,
            failures,
            retry_at,
            asking: asking && before.is_none_or(|before| before.asking),
            waits_for: None,
            why,
        });
        retry_at.map_or(Then::Stops, Then::Retry)
    }

    /// Tells whether nothing is to be done whatever is due: it is not yet tried again, or somebody has to look first.
    fn rests(&self, now: Timestamp) -> bool {
        let trouble = self.trouble.as_ref();
        trouble.is_some_and(|trouble| trouble.retry_at.is_none_or(|retry_at| now < retry_at))
    }

    /// Finds the last moment that was due and is not seen to. Any before it are seen to with it.
    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let due = self.schedule.last_due(now);
        due.filter(|due| *due > self.handled)
    }

    fn look_at_clock(&mut self, now: Timestamp, refresh: Option<&Refresh>) -> Turn {
        let Some(due) = self.due(now) else {
            return Turn::Rest;
        };
        if refresh.is_some_and(|refresh| refresh.running) {
            self.waits = true;
            return Turn::Wait;
        }
        Turn::Run(Wanted {
            at: now,
            due,
            mark: None,
        })
    }

    fn look_at_source(&mut self, now: Timestamp, refresh: &Refresh, quiet: Option<u32>) -> Turn {
        self.trouble.take_if(|trouble| trouble.asking);
        if self.mark.is_none() {
            // What is there when the schedule is set is not a refresh; what came after that is, by the source's own word:
            // whoever sees to schedules may have begun much later.
            let came_after = refresh.ended_at.is_some_and(|at| at > self.handled);
            let seen = if came_after { "" } else { &refresh.mark };
            self.mark = Some(seen.to_owned());
        }
        if self.mark.as_ref() == Some(&refresh.mark) {
            // Nothing is owed: whatever failed was about a state that is gone.
            (self.newer, self.trouble) = (None, None);
            return Turn::Rest;
        }
        let since = self.stands_since(now, refresh);
        self.waits = true;
        if refresh.running {
            return Turn::Wait;
        }
        let wanted = Wanted {
            at: now,
            due: now,
            mark: Some(refresh.mark.clone()),
        };
        if let Some(failed) = refresh.failed.clone() {
            self.waits = false;
            self.has_seen_to(wanted);
            return Turn::Skip { failed };
        }
        let quiet = quiet.unwrap_or(refresh.quiet_seconds);
        let quiet = SignedDuration::from_secs(quiet.into());
        if now.duration_since(since) < quiet {
            return Turn::Wait;
        }
        self.waits = false;
        Turn::Run(wanted)
    }

    /// Takes down the state of the source, and tells since when it has stood so: by its own word, else since it was seen
    /// first.
    fn stands_since(&mut self, now: Timestamp, refresh: &Refresh) -> Timestamp {
        let before = self.newer.take();
        let newer = match before {
            Some(same) if same.mark == refresh.mark => same,
            _ => Newer {
                mark: refresh.mark.clone(),
                since: refresh.ended_at.filter(|at| *at <= now).unwrap_or(now),
            },
        };
        let since = newer.since;
        self.newer = Some(newer);
        since
    }

    /// A clock that was ahead by more than a day has left times that would keep everything from running. By less, what was
    /// due in that time has been seen to.
    fn mistrust_clock(&mut self, now: Timestamp) {
        if self.handled.duration_since(now) > WRONG_CLOCK {
            self.handled = now;
        }
        if let Some(newer) = &mut self.newer {
            newer.since = newer.since.min(now);
        }
        if let Some(trouble) = &mut self.trouble {
            trouble.since = trouble.since.min(now);
            let latest = later(now, LONGEST_PAUSE);
            trouble.retry_at = trouble.retry_at.map(|retry_at| retry_at.min(latest));
        }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn pause(failures: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE * 2_i32.pow(failures.saturating_sub(1).min(6));
    doubled.min(LONGEST_PAUSE)
}
