use crate::domain::{Origin, ProfileId, Reason, SegmentId, SegmentSet};

/// What to read: which segments, and which attributes of their profiles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadRequest {
    /// The chosen segments; a row's [`SegmentSet`] holds places in this list.
    pub segments: Vec<SegmentId>,
    /// The wanted attributes; a row's [`Cells`] come in this order.
    pub attributes: Vec<String>,
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
    /// The reason of its reject: `short_row`, `no_profile`, or `invalid_value` for a row with values beyond the last
    /// column, whose values cannot be trusted to stand in their columns.
    pub reason: Reason,
    /// The missing column, the id without a profile, or the first value beyond the last column.
    pub detail: String,
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
}

#[cfg(test)]
mod tests {
    use super::Cells;

    #[test]
    fn cells_are_found_by_their_place_and_beyond_the_last_there_is_nothing() {
        let cells: Cells = ["å", "", "öl"].into_iter().collect();
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["å", "", "öl"]);
        assert_eq!((cells.len(), cells.get(3)), (3, ""));
        assert!(Cells::default().is_empty());
    }
}
