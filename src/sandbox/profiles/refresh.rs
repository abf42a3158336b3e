//! When the source refreshes itself: segments are evaluated at the end of each refresh.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How long a refresh takes when none is due again.
const LONG: Duration = Duration::from_mins(4);

/// Which part of an interval its refresh takes, as a divisor.
const PART: u32 = 10;

/// The refreshes of a source, from its start on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refresh {
    began: Timestamp,
    /// Zero for never.
    every: Duration,
}

/// One refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) struct Run {
    pub(in crate::sandbox) number: u64,
    pub(in crate::sandbox) began: Timestamp,
    /// None while it runs.
    pub(in crate::sandbox) ended: Option<Timestamp>,
}

/// How the refreshes stand at one moment.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct Moment {
    refresh: Refresh,
    /// How many refreshes ended since the start; the one that ended at the start is number 0.
    done: u64,
    /// Since when the next one runs.
    running: Option<Timestamp>,
}

impl Refresh {
    pub(super) fn new(began: Timestamp, every: Duration) -> Self {
        Self { began, every }
    }

    /// How the refreshes stand at a time; `forced` says whether one runs, whatever the clock says.
    pub(super) fn at(self, now: Timestamp, forced: Option<bool>) -> Moment {
        let since = now.duration_since(self.began).as_millis().max(0);
        let every = i128::try_from(self.every.as_millis()).unwrap_or(0);
        let done = since.checked_div(every).unwrap_or(0);
        let done = u64::try_from(done).unwrap_or(0);
        let next = back(self.end(done + 1), self.length());
        let due = every > 0 && now >= next;
        Moment {
            refresh: self,
            done,
            running: forced.unwrap_or(due).then_some(next.min(now)),
        }
    }

    /// When a refresh ended, or will.
    fn end(self, number: u64) -> Timestamp {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let after = self.every.saturating_mul(number);
        let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::ZERO);
        self.began.checked_add(after).unwrap_or(self.began)
    }

    fn length(self) -> Duration {
        if self.every.is_zero() {
            LONG
        } else {
            self.every / PART
        }
    }
}

impl Moment {
    /// When segments were evaluated last.
    pub(in crate::sandbox) fn last(&self) -> Timestamp {
        self.refresh.end(self.done)
    }

    /// How many refreshes ended since.
    pub(in crate::sandbox) fn times(&self) -> u64 {
        self.done
    }

    /// When the source was started.
    pub(in crate::sandbox) fn first(&self) -> Timestamp {
        self.refresh.began
    }

    /// Whether a refresh runs.
    pub(in crate::sandbox) fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// The refreshes, the latest first.
    pub(in crate::sandbox) fn latest(self) -> impl Iterator<Item = Run> {
        let running = self.running.map(|began| Run {
            number: self.done + 1,
            began,
            ended: None,
        });
        let ended = (0..=self.done).rev().map(move |number| {
            let end = self.refresh.end(number);
            Run {
                number,
                began: back(end, self.refresh.length()),
                ended: Some(end),
            }
        });
        running.into_iter().chain(ended)
    }
}

fn back(from: Timestamp, by: Duration) -> Timestamp {
    from.checked_sub(by).unwrap_or(from)
}

/// Writes a time with seven decimals, as Microsoft's services do.
pub(in crate::sandbox) fn written(time: Timestamp) -> String {
    format!("{time:.7}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("a time")
    }

    #[test]
    fn the_evaluation_date_moves_on_at_each_interval_and_a_job_runs_shortly_before() {
        let refresh = Refresh::new(second(0), Duration::from_secs(100));
        for (now, last, runs) in [
            (0, 0, false),
            (89, 0, false),
            (90, 0, true),
            (99, 0, true),
            (100, 100, false),
            (395, 300, true),
        ] {
            let moment = refresh.at(second(now), None);
            assert_eq!(moment.last(), second(last), "{now}");
            assert_eq!(moment.runs(), runs, "{now}");
        }
        let latest: Vec<_> = refresh.at(second(195), None).latest().collect();
        let numbers: Vec<_> = latest.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [2, 1, 0]);
        assert_eq!((latest[0].began, latest[0].ended), (second(190), None));
        assert_eq!(latest[1].ended, Some(second(100)));
    }

    #[test]
    fn without_an_interval_nothing_moves_unless_told() {
        let refresh = Refresh::new(second(0), Duration::ZERO);
        let moment = refresh.at(second(1_000_000), None);
        assert_eq!((moment.last(), moment.runs()), (second(0), false));
        assert_eq!(moment.latest().count(), 1);
        assert!(refresh.at(second(5), Some(true)).runs());
        let busy = Refresh::new(second(0), Duration::from_secs(100));
        assert!(!busy.at(second(99), Some(false)).runs());
    }

    #[test]
    fn a_time_is_written_with_seven_decimals() {
        assert_eq!(written(second(0)), "2027-01-15T08:00:00.0000000Z");
    }
}
