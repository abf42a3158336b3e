use super::{ReadSummary, Row};
use crate::domain::SegmentId;

/// Rows in a batch: enough to make the channel's cost small, few enough to keep memory so.
pub(super) const BATCH: usize = 500;

/// Counts the rows that are handed over.
#[derive(Debug, Default)]
pub(super) struct Tally {
    filled: Vec<bool>,
    pub summary: ReadSummary,
}

impl Tally {
    pub fn new(segments: usize) -> Self {
        Self {
            filled: vec![false; segments],
            summary: ReadSummary::default(),
        }
    }

    pub fn count(&mut self, row: &Row) {
        self.summary.rows += 1;
        self.summary.faults += u64::from(row.cells.is_err());
        for segment in row.segments.iter() {
            if let Some(filled) = self.filled.get_mut(segment) {
                *filled = true;
            }
        }
    }

    /// Tells what the read came to; `segments` are those of the request.
    pub fn finish(mut self, segments: &[SegmentId]) -> ReadSummary {
        let empty = segments
            .iter()
            .zip(&self.filled)
            .filter(|(_, filled)| !**filled);
        self.summary.empty = empty.map(|(id, _)| id.clone()).collect();
        self.summary
    }
}
