//! How many calls a run would make, and how long it would take: from what its check needed, and from how long Mailchimp
//! took to answer it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Event;
use crate::deliver::Lane;
use crate::store::PlanCounts;

/// The most members in one call that writes.
const BATCH: u64 = 500;
/// The most members in the first call that updates; each of them is read again after it (rule 1).
const FIRST: u64 = 10;
/// What is made of the time that is reckoned with: a run that has luck, and one that has none. Calls that write take
/// longer than those that read, and the service is not always as fast.
const LUCK: [f64; 2] = [0.7, 2.0];

/// What a run would take.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Forecast {
    /// All requests to Mailchimp, those that read too.
    pub calls: u64,
    /// The shortest and the longest time to reckon with, in seconds.
    pub seconds: [f64; 2],
}

impl Forecast {
    /// Reckons up a run that reads as its check did and then writes.
    pub(super) fn new(
        counts: &PlanCounts,
        untagging: &[Untagging],
        check: &Measured,
        lanes: usize,
    ) -> Self {
        let first = counts.update.min(FIRST);
        // Tried out one by one, before all else.
        let apart = if first > 0 { 1 + first } else { 0 };
        let members = [counts.update - first, counts.create - counts.reinstate];
        let removed = untagging.iter().map(|tag| tag.people);
        let calls = members.into_iter().chain(removed);
        let calls: u64 = calls.map(|members| members.div_ceil(BATCH)).sum();
        // The tags are listed once; addresses are asked for one by one, or in pages where that is fewer calls.
        let asked: u64 = untagging.iter().map(|tag| tag.unknown.min(BATCH)).sum();
        let asked = asked + u64::from(!untagging.is_empty());
        let writes = calls + counts.reinstate + asked;
        let lanes = u64::try_from(lanes).unwrap_or(1).max(1);
        let rounds = u32::try_from(apart + writes.div_ceil(lanes)).unwrap_or(u32::MAX);
        let time = check.took + check.latency().saturating_mul(rounds);
        Self {
            calls: check.calls + apart + writes,
            seconds: LUCK.map(|luck| (time.as_secs_f64() * luck * 10.0).round() / 10.0),
        }
    }
}

/// The people who will lose a tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Untagging {
    /// How many they are.
    pub people: u64,
    /// Those whose address is not known.
    pub unknown: u64,
}

/// What the calls of a check took.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// How long the whole check took.
    pub took: Duration,
    /// How many calls went out.
    calls: u64,
    answered: u32,
    waited: Duration,
    /// When the calls in flight went out.
    out: HashMap<Lane, Instant>,
}

impl Measured {
    /// Takes what is told of calls, at the time at which it is told.
    pub fn take(&mut self, event: &Event, now: Instant) {
        match event {
            Event::CallStarted { lane, .. } => {
                self.calls += 1;
                self.out.insert(*lane, now);
            }
            Event::CallOver { lane, .. } => {
                if let Some(since) = self.out.remove(lane) {
                    self.answered += 1;
                    self.waited += now.saturating_duration_since(since);
                }
            }
            _ => {}
        }
    }

    /// How long a call takes to be answered.
    fn latency(&self) -> Duration {
        self.waited.checked_div(self.answered).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Forecast, Measured, Untagging};
    use crate::export::Event;
    use crate::store::PlanCounts;

    fn measured(latency: Duration, calls: u64, took: Duration) -> Measured {
        let (mut measured, start) = (Measured::default(), Instant::now());
        for _ in 0..calls {
            let (lane, trouble, limit) = (0, None, 8);
            let (writes, again) = (false, false);
            measured.take(
                &Event::CallStarted {
                    lane,
                    writes,
                    again,
                },
                start,
            );
            let over = Event::CallOver {
                lane,
                trouble,
                limit,
            };
            measured.take(&over, start + latency);
        }
        measured.took = took;
        measured
    }

    fn counts(create: u64, update: u64) -> PlanCounts {
        PlanCounts {
            create,
            update,
            ..PlanCounts::default()
        }
    }

    #[test]
    fn calls_are_those_of_the_check_and_one_for_every_500_of_each_kind() {
        let check = measured(Duration::from_secs(1), 7, Duration::from_secs(3));
        let calls = |create, update| Forecast::new(&counts(create, update), &[], &check, 8).calls;
        assert_eq!(calls(0, 0), 7);
        assert_eq!(calls(1, 0), 8);
        assert_eq!(calls(1001, 0), 10);
        assert_eq!(
            calls(0, 4),
            7 + 1 + 4,
            "the first update call, and its members read again"
        );
        assert_eq!(calls(500, 511), 7 + 1 + 10 + 2 + 1);
        let back = PlanCounts {
            reinstate: 3,
            ..counts(503, 0)
        };
        let back = Forecast::new(&back, &[], &check, 8);
        assert_eq!(back.calls, 7 + 1 + 3, "who is put back, is by a call each");
        let tag = Untagging {
            people: 501,
            unknown: 2,
        };
        let untagged = Forecast::new(&counts(0, 0), &[tag], &check, 8);
        assert_eq!(untagged.calls, 7 + 1 + 2 + 2);
    }

    #[test]
    fn time_is_a_range_of_what_the_check_took_and_calls_by_latency_over_the_lanes() {
        let check = measured(Duration::from_secs(1), 7, Duration::from_secs(3));
        let seconds = |create, lanes| {
            let run = Forecast::new(&counts(create, 0), &[], &check, lanes);
            format!("{:?}", run.seconds)
        };
        assert_eq!(seconds(0, 8), "[2.1, 6.0]");
        assert_eq!(seconds(500_000, 10), "[72.1, 206.0]");
        assert_eq!(seconds(500_000, 1), "[702.1, 2006.0]");
        let nothing = Forecast::new(&counts(1, 1), &[], &Measured::default(), 0);
        assert_eq!(format!("{:?}", nothing.seconds), "[0.0, 0.0]");
    }
}
