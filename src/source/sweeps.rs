//! Reads of one list until one of them is whole. Nothing is sent twice, and nothing is kept but a hash of each row.

use std::collections::HashMap;

use super::keys::{AsIs, Key, Keys};

/// How often a list is read when its pages shift: once, and three times more.
pub(super) const SWEEPS: usize = 4;

/// The rows of a list, over all reads of it.
#[derive(Debug, Default)]
pub(super) struct Sweeps {
    keys: Keys,
    /// In which read each row came last.
    rows: HashMap<Key, u8, AsIs>,
    sweep: u8,
    met: u64,
    twice: bool,
}

impl Sweeps {
    /// Begins to read from the start.
    pub fn begin(&mut self) {
        self.sweep += 1;
        (self.met, self.twice) = (0, false);
    }

    /// Notes a row; tells whether it is to be sent. `tells` is whether its key is no other row's: then it must not come
    /// twice.
    pub fn meet(&mut self, key: &str, tells: bool) -> bool {
        let before = self.rows.insert(self.keys.of(key), self.sweep);
        let again = before == Some(self.sweep);
        self.twice |= again && tells;
        // Rows that cannot be told apart are each a profile of their own, as far as the first read saw them.
        let own = again && !tells;
        self.met += u64::from(!again || own);
        before.is_none() || (own && self.sweep == 1)
    }

    /// Counts the rows of this read.
    pub fn met(&self) -> u64 {
        self.met
    }

    /// Tells whether this read was whole: no row came twice, and none of an earlier read is missing.
    pub fn is_whole(&self) -> bool {
        !self.twice && self.rows.values().all(|last| *last == self.sweep)
    }
}

#[cfg(test)]
mod tests {
    use super::Sweeps;

    #[test]
    fn a_read_is_whole_when_nobody_came_twice_and_nobody_is_missing() {
        let mut sweeps = Sweeps::default();
        let mut read = |ids: &[&str]| {
            sweeps.begin();
            let sent: Vec<&str> = ids
                .iter()
                .copied()
                .filter(|id| sweeps.meet(id, true))
                .collect();
            (sent.join(""), sweeps.met(), sweeps.is_whole())
        };
        // "c" slipped to a page that was read already.
        assert_eq!(read(&["a", "b", "b", "d"]), ("abd".to_owned(), 3, false));
        assert_eq!(read(&["a", "b", "c"]), ("c".to_owned(), 3, false));
        assert_eq!(read(&["a", "b", "c", "d"]), (String::new(), 4, true));
    }

    #[test]
    fn rows_that_are_alike_and_have_no_id_are_each_sent_once() {
        let mut sweeps = Sweeps::default();
        sweeps.begin();
        assert!(sweeps.meet("x", false) && sweeps.meet("x", false));
        assert!(sweeps.is_whole());
        sweeps.begin();
        assert!(!sweeps.meet("x", false) && !sweeps.meet("x", false));
        assert_eq!(sweeps.met(), 2);
    }
}
