//! The generated people as what Customer Insights holds.

use super::content::{Content, Segment, Standing, attributes};
use super::rows::{Bits, Rows};
use crate::sandbox::people::{HEADER, SEGMENTS, person};

/// Makes all people of a seed, in the order in which `write_people` writes them.
pub(super) fn people(seed: u64, profiles: u64) -> Content {
    let mut rows = Rows::default();
    let mut members = vec![Bits::default(); SEGMENTS.len()];
    for number in 0..profiles {
        let person = person(seed, number);
        let row = rows.len();
        rows.push(person.cells().iter());
        for (bits, (_, holds)) in members.iter_mut().zip(SEGMENTS) {
            if holds(&person) {
                bits.insert(row);
            }
        }
    }
    let named = SEGMENTS.iter().zip(members);
    let segments = named.map(|((label, _), bits)| Segment::new(label, Standing::Ready, bits));
    Content::new(attributes(HEADER.split(',')), rows, segments.collect())
}
