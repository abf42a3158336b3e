use std::collections::BTreeMap;

use crate::domain::{Origin, ProfileId, Reason, SegmentId, SegmentSet};

/// What to read: which segments, and which attributes of their profiles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadRequest {
    /// The chosen segments; a row's [`SegmentSet`] holds places in this list.
    pub segments: Vec<SegmentId>,
    /// The wanted attributes; a row's [`Cells`] come in this order.
    pub attributes: Vec<String>,
    /// The place in them of the one that is wanted as the source keeps it: a two-option attribute as true or false,
    /// whatever its labels.
    pub raw: Option<usize>,
    /// Whether to go on where fewer members came than the source itself counts.
    pub trust_counts: bool,
}

/// One row of the source that is in a chosen segment, or cannot be told not to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The profile's id; `None` where the source or this row has none.
    pub profile: Option<ProfileId>,
    /// The chosen segments it is in, as places in [`ReadRequest::segments`]; empty only in a row with a [`Fault`] that
    /// hides its segment.
    pub segments: SegmentSet,
    /// Where it was read.
    pub origin: Origin,
    /// The wanted values, or why there are none.
    pub cells: Result<Cells, Fault>,
}

/// Why a row cannot be delivered; always told, never skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The reason of its reject: `short_row`, `no_profile`, `row_too_long`, or `invalid_value` for a row with a zero byte or
    /// with quotes that were not doubled.
    pub reason: Reason,
    /// The missing column, the id without a profile, the first value beyond the last column, or the cell at fault.
    pub detail: String,
    /// Whether the values may stand in the wrong columns, so that none of them can be trusted.
    pub shifted: bool,
    /// The wanted values as far as the row has them, to name the person in a report; never to be delivered.
    pub cells: Cells,
}

/// The wanted values of one row: one text and where each value ends in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// Joins values.
    pub(super) fn gather<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Self {
        let (mut bytes, mut count) = (0, 0);
        for value in values.clone() {
            bytes += value.len();
            count += 1;
        }
        let mut cells = Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(count),
        };
        for value in values {
            cells.text.push_str(value);
            cells.ends.push(cells.text.len());
        }
        cells
    }

    /// Gives all values in one text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Takes the last value off.
    pub(super) fn pop(&mut self) -> Option<String> {
        self.ends.pop()?;
        let start = self.ends.last().copied().unwrap_or(0);
        Some(self.text.split_off(start))
    }

    /// Gives the value of the attribute at a place in [`ReadRequest::attributes`]; empty when there is none.
    #[must_use]
    pub fn get(&self, at: usize) -> &str {
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        match (start, self.ends.get(at)) {
            (Some(start), Some(end)) => &self.text[start..*end],
            _ => "",
        }
    }

    /// Lists the values in the order of [`ReadRequest::attributes`].
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Counts the values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Tells whether no attribute was wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<'a> FromIterator<&'a str> for Cells {
    fn from_iter<T: IntoIterator<Item = &'a str>>(values: T) -> Self {
        let values: Vec<&str> = values.into_iter().collect();
        Self::gather(values.into_iter())
    }
}

/// What a whole read came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadSummary {
    /// Rows handed over, faults included.
    pub rows: u64,
    /// Rows handed over with a [`Fault`].
    pub faults: u64,
    /// Rows that are in none of the chosen segments.
    pub outside: u64,
    /// Chosen segments that no row was in.
    pub empty: Vec<SegmentId>,
    /// Those of them that the source does not list.
    pub gone: Vec<SegmentId>,
    /// Whether the source lists segments only by their members, so that an empty one looks as if it were gone.
    pub by_members: bool,
    /// Chosen segments that the source counts otherwise than they were read.
    pub miscounted: Vec<Miscount>,
    /// Values with a broken letter, by attribute: U+FFFD stands for it.
    pub letters_replaced: BTreeMap<String, u64>,
    /// Choices that the source has no label for, by attribute: the value is left empty.
    pub choices_unknown: BTreeMap<String, u64>,
    /// Whether the segments may be of different moments: the source cannot be read at one.
    pub apart: bool,
}

/// A segment that did not hold as many members as its source said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscount {
    /// The segment.
    pub segment: SegmentId,
    /// How many members the source counts.
    pub told: u64,
    /// How many were read.
    pub read: u64,
}

impl Miscount {
    /// Compares; `None` where both agree, or nothing was told.
    pub(super) fn find(segment: &SegmentId, told: Option<u64>, read: u64) -> Option<Self> {
        let told = told.filter(|told| *told != read)?;
        Some(Self {
            segment: segment.clone(),
            told,
            read,
        })
    }

    /// Tells whether so many are missing that it is no longer explained by what changed meanwhile.
    pub(super) fn is_grave(&self) -> bool {
        let missing = self.told.saturating_sub(self.read);
        missing > MISSING_AT_MOST || missing.saturating_mul(100) > self.told
    }
}

/// How many members of a segment may be missing of what its source counts; also not more than one of a hundred.
const MISSING_AT_MOST: u64 = 100;

#[cfg(test)]
mod tests {
    use super::{Cells, Miscount};
    use crate::domain::SegmentId;

    #[test]
    fn more_than_one_of_a_hundred_or_more_than_a_hundred_missing_is_grave() {
        let grave = |told, read| {
            let found = Miscount::find(&SegmentId::new("s"), Some(told), read);
            found.is_some_and(|one| one.is_grave())
        };
        assert!(grave(6, 5) && grave(1000, 989) && grave(1_000_000, 999_899));
        assert!(grave(u64::MAX, 0));
        assert!(!grave(1000, 990) && !grave(1_000_000, 999_900) && !grave(6, 7));
        assert_eq!(Miscount::find(&SegmentId::new("s"), None, 5), None);
    }

    #[test]
    fn cells_are_found_by_their_place_and_beyond_the_last_there_is_nothing() {
        let cells: Cells = ["å", "", "öl"].into_iter().collect();
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["å", "", "öl"]);
        assert_eq!((cells.len(), cells.get(3)), (3, ""));
        assert!(Cells::default().is_empty());
    }
}
