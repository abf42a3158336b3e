use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// How the service took a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strain {
    /// It answered.
    Fine,
    /// It asked for patience (429, 403 without a body).
    Throttled,
    /// It gave no answer in time.
    TimedOut,
}

/// How many calls may be in flight: half after a refusal or a time-out, one more after each window of good answers,
/// between 1 and a ceiling. A pure function of what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    ceiling: usize,
    limit: usize,
    /// Good answers since the limit changed.
    good: usize,
    /// How many calls were begun.
    begun: u64,
    /// How many calls were begun at the last cut. How those end tells nothing about the limit that stands since.
    stale: u64,
}

impl Window {
    fn new(ceiling: usize) -> Self {
        let ceiling = ceiling.max(1);
        Self {
            ceiling,
            limit: ceiling,
            good: 0,
            begun: 0,
            stale: 0,
        }
    }

    /// Begins a call; gives its number.
    fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.begun
    }

    fn note(&mut self, call: u64, strain: Strain) {
        if call <= self.stale {
            return;
        }
        match strain {
            Strain::Fine => {
                self.good += 1;
                if self.good >= self.limit {
                    self.limit = (self.limit + 1).min(self.ceiling);
                    self.good = 0;
                }
            }
            Strain::Throttled | Strain::TimedOut => {
                self.limit = (self.limit / 2).max(1);
                self.good = 0;
                self.stale = self.begun;
            }
        }
    }
}

#[derive(Debug)]
struct Lanes {
    window: Window,
    in_flight: usize,
}

/// Hands out permits for calls, as many at once as the service bears. Shared by all workers.
#[derive(Debug, Clone)]
pub struct Pacer {
    lanes: Arc<Mutex<Lanes>>,
    freed: Arc<Notify>,
}

/// The right to one call in flight; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    pacer: Pacer,
    call: u64,
}

impl Pacer {
    /// Starts with the ceiling: the vendor's limit is known, so there is no need to feel for it.
    #[must_use]
    pub fn new(ceiling: usize) -> Self {
        Self {
            lanes: Arc::new(Mutex::new(Lanes {
                window: Window::new(ceiling),
                in_flight: 0,
            })),
            freed: Arc::default(),
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Lanes) -> T) -> T {
        look(&mut self.lanes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until one more call may be in flight.
    pub async fn acquire(&self) -> Permit {
        loop {
            let freed = self.freed.notified();
            let granted = self.with(|lanes| {
                let free = lanes.in_flight < lanes.window.limit;
                free.then(|| {
                    lanes.in_flight += 1;
                    lanes.window.begin()
                })
            });
            if let Some(call) = granted {
                return Permit {
                    pacer: self.clone(),
                    call,
                };
            }
            freed.await;
        }
    }

    /// Tells how many calls may be in flight now.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.with(|lanes| lanes.window.limit)
    }
}

impl Permit {
    /// Learns how the service took the call.
    pub fn note(&self, strain: Strain) {
        self.pacer
            .with(|lanes| lanes.window.note(self.call, strain));
        self.pacer.freed.notify_waiters();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pacer.with(|lanes| lanes.in_flight -= 1);
        self.pacer.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pacer, Strain, Window};

    /// Makes as many calls as may be in flight, all of which end alike.
    fn round(window: &mut Window, strain: Strain) -> usize {
        let calls: Vec<u64> = (0..window.limit).map(|_| window.begin()).collect();
        for call in calls {
            window.note(call, strain);
        }
        window.limit
    }

    #[test]
    fn it_starts_at_the_limit_and_stays_there_while_all_is_well() {
        let mut window = Window::new(8);
        assert_eq!(window.limit, 8);
        let rounds: Vec<usize> = (0..20).map(|_| round(&mut window, Strain::Fine)).collect();
        assert_eq!(rounds, [8; 20]);
        assert_eq!(Window::new(0).limit, 1);
    }

    #[test]
    fn a_burst_of_refusals_or_time_outs_halves_once_and_never_below_one() {
        for strain in [Strain::Throttled, Strain::TimedOut] {
            let mut window = Window::new(10);
            let rounds: Vec<usize> = (0..5).map(|_| round(&mut window, strain)).collect();
            assert_eq!(rounds, [5, 2, 1, 1, 1], "{strain:?}");
        }
    }

    #[test]
    fn a_window_of_good_answers_wins_one_lane_back() {
        let mut window = Window::new(5);
        while round(&mut window, Strain::Throttled) > 1 {}
        let rounds: Vec<usize> = (0..6).map(|_| round(&mut window, Strain::Fine)).collect();
        assert_eq!(rounds, [2, 3, 4, 5, 5, 5]);
    }

    #[test]
    fn one_refusal_within_a_window_begins_it_anew() {
        let mut window = Window::new(4);
        assert_eq!(round(&mut window, Strain::Throttled), 2);
        let good = window.begin();
        window.note(good, Strain::Fine);
        let refused = window.begin();
        window.note(refused, Strain::Throttled);
        assert_eq!(window.limit, 1);
    }

    #[test]
    fn what_was_under_way_at_a_cut_tells_nothing_new_however_late() {
        let mut window = Window::new(8);
        let calls: Vec<u64> = (0..8).map(|_| window.begin()).collect();
        window.note(calls[0], Strain::Throttled);
        assert_eq!(window.limit, 4);
        round(&mut window, Strain::Fine);
        window.note(calls[7], Strain::TimedOut);
        assert_eq!(window.limit, 5);
        (1..7).for_each(|at| window.note(calls[at], Strain::Fine));
        assert_eq!((window.limit, window.good), (5, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_calls_are_in_flight_than_the_limit() {
        let pacer = Pacer::new(2);
        let (first, second) = (pacer.acquire().await, pacer.acquire().await);
        let wait = Duration::from_secs(1);
        assert!(tokio::time::timeout(wait, pacer.acquire()).await.is_err());
        drop(first);
        let third = tokio::time::timeout(wait, pacer.acquire()).await;
        let third = third.expect("a lane is free");
        second.note(Strain::Throttled);
        drop(second);
        assert!(tokio::time::timeout(wait, pacer.acquire()).await.is_err());
        drop(third);
        assert!(tokio::time::timeout(wait, pacer.acquire()).await.is_ok());
    }
}
