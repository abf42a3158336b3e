use std::ops::Range;

use super::entry::Entry;
use crate::domain::PersonKey;

/// How many stretches the keys are parted into, by their first two bytes.
const STRETCHES: usize = 1 << 16;

/// Where in the index, sorted by key, each stretch of keys begins. Keys are hashes, so stretches are short: a person is found
/// with three looks at memory that is far away, where halving a million entries takes a dozen.
#[derive(Debug, Default)]
pub(super) struct Stretches(Vec<u32>);

impl Stretches {
    /// Takes the beginnings down.
    pub fn of(entries: &[Entry]) -> Self {
        let mut starts = vec![0; STRETCHES + 1];
        for entry in entries {
            starts[number(entry.key) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self(starts)
    }

    /// Finds the entries among which a key stands, if it stands anywhere.
    pub fn around(&self, key: PersonKey) -> Range<usize> {
        let start = |at: usize| self.0.get(at).map_or(0, |start| *start as usize);
        start(number(key))..start(number(key) + 1)
    }
}

fn number(key: PersonKey) -> usize {
    let [first, second, ..] = *key.as_bytes();
    usize::from(u16::from_be_bytes([first, second]))
}
