use super::batch::MOST;

/// After how many good calls in a row a call may hold more.
const WINDOW: u32 = 8;
/// By how much more at most.
const STEP: usize = 50;

/// How many members a call may hold: half after one that was too much for the service, a step more after each window of
/// calls that it bore. A pure function of what just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BatchSize {
    now: usize,
    good: u32,
}

impl BatchSize {
    /// As many as Mailchimp takes.
    pub fn full() -> Self {
        Self { now: MOST, good: 0 }
    }

    /// Tells how many members a call may hold now.
    pub fn get(self) -> usize {
        self.now
    }

    /// Takes note that a call with so many members was not answered in time, or refused for its length. Calls of one size
    /// that were in flight side by side halve it once.
    pub fn too_many(&mut self, members: usize) {
        self.now = self.now.min((members / 2).max(1));
        self.good = 0;
    }

    /// Takes note that a call with so many members was answered. A smaller one than may be tells nothing.
    pub fn fitted(&mut self, members: usize) {
        if members < self.now || self.now == MOST {
            return;
        }
        self.good += 1;
        if self.good >= WINDOW {
            let step = (self.now / 2).clamp(1, STEP);
            self.now = (self.now + step).min(MOST);
            self.good = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(size: &mut BatchSize) -> usize {
        (0..WINDOW).for_each(|_| size.fitted(size.now));
        size.get()
    }

    #[test]
    fn a_call_that_is_too_much_halves_the_next_ones_down_to_one() {
        let mut size = BatchSize::full();
        let mut sizes = vec![size.get()];
        while size.get() > 1 {
            size.too_many(size.get());
            sizes.push(size.get());
        }
        assert_eq!(sizes, [500, 250, 125, 62, 31, 15, 7, 3, 1]);
        size.too_many(1);
        assert_eq!(size.get(), 1);
    }

    #[test]
    fn calls_of_one_size_in_flight_together_halve_it_once() {
        let mut size = BatchSize::full();
        (0..10).for_each(|_| size.too_many(500));
        assert_eq!(size.get(), 250);
        size.too_many(400);
        assert_eq!(size.get(), 200);
    }

    #[test]
    fn windows_of_good_calls_win_the_size_back_up_to_the_most() {
        let mut size = BatchSize::full();
        size.too_many(500);
        let sizes: Vec<usize> = (0..7).map(|_| window(&mut size)).collect();
        assert_eq!(sizes, [300, 350, 400, 450, 500, 500, 500]);
        size.too_many(2);
        let sizes: Vec<usize> = (0..8).map(|_| window(&mut size)).collect();
        assert_eq!(sizes, [2, 3, 4, 6, 9, 13, 19, 28]);
    }

    #[test]
    fn calls_smaller_than_may_be_and_windows_cut_short_tell_nothing() {
        let mut size = BatchSize::full();
        size.too_many(500);
        (0..100).for_each(|_| size.fitted(249));
        assert_eq!(size.get(), 250);
        (1..WINDOW).for_each(|_| size.fitted(250));
        size.too_many(250);
        size.fitted(250);
        assert_eq!(size.get(), 125);
    }
}
