use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How the service took a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strain {
    /// It answered.
    Fine,
    /// It asked for patience (429, 403 without JSON).
    Throttled,
}

/// How many calls may be in flight: half after a refusal, one more after each window of good answers, between 1 and a
/// ceiling. A pure function of what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    ceiling: usize,
    limit: usize,
    good: usize,
    /// Refusals of calls that were already under way at the last cut tell nothing new.
    deaf_until: Option<Instant>,
}

impl Window {
    fn note(&mut self, strain: Strain, now: Instant) {
        match strain {
            Strain::Fine => {
                self.good += 1;
                if self.good >= self.limit && self.limit < self.ceiling {
                    self.limit += 1;
                    self.good = 0;
                }
            }
            Strain::Throttled => {
                self.good = 0;
                if self.deaf_until.is_none_or(|until| now >= until) {
                    self.limit = (self.limit / 2).max(1);
                    self.deaf_until = Some(now + Duration::from_secs(1));
                }
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
}

impl Pacer {
    /// Starts with the ceiling: the vendor's limit is known, so there is no need to feel for it.
    #[must_use]
    pub fn new(ceiling: usize) -> Self {
        let ceiling = ceiling.max(1);
        let window = Window {
            ceiling,
            limit: ceiling,
            good: 0,
            deaf_until: None,
        };
        Self {
            lanes: Arc::new(Mutex::new(Lanes {
                window,
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
                lanes.in_flight += usize::from(free);
                free
            });
            if granted {
                return Permit {
                    pacer: self.clone(),
                };
            }
            freed.await;
        }
    }

    /// Learns how the service took a call.
    pub fn note(&self, strain: Strain) {
        let now = Instant::now();
        self.with(|lanes| lanes.window.note(strain, now));
        self.freed.notify_waiters();
    }

    /// Tells how many calls may be in flight now.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.with(|lanes| lanes.window.limit)
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

    use super::{Pacer, Strain};

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_refusals_halves_once_and_good_answers_win_the_lanes_back() {
        let pacer = Pacer::new(8);
        (0..5).for_each(|_| pacer.note(Strain::Throttled));
        assert_eq!(pacer.limit(), 4);
        tokio::time::advance(Duration::from_secs(2)).await;
        pacer.note(Strain::Throttled);
        assert_eq!(pacer.limit(), 2);
        (0..100).for_each(|_| pacer.note(Strain::Fine));
        assert_eq!(pacer.limit(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_calls_are_in_flight_than_the_limit() {
        let pacer = Pacer::new(2);
        let (first, _second) = (pacer.acquire().await, pacer.acquire().await);
        let third = tokio::time::timeout(Duration::from_secs(1), pacer.acquire()).await;
        assert!(third.is_err());
        drop(first);
        tokio::time::timeout(Duration::from_secs(1), pacer.acquire())
            .await
            .expect("a lane is free");
    }
}
