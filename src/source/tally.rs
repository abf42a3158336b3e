use super::{ReadSummary, Row};
use crate::domain::SegmentId;

/// Rows in a batch: enough to make the channel's cost small, few enough to keep memory so.
pub(super) const BATCH: usize = 500;

/// The segments that a source lists.
#[derive(Debug)]
pub(super) enum Catalogue<'a> {
    /// Only those that it has members of.
    ByMembers,
    /// These, whether they have members or not.
    These(Vec<&'a SegmentId>),
}

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
    pub fn finish(mut self, segments: &[SegmentId], catalogue: &Catalogue<'_>) -> ReadSummary {
        let empty = segments
            .iter()
            .zip(&self.filled)
            .filter(|(_, filled)| !**filled);
        self.summary.empty = empty.map(|(id, _)| id.clone()).collect();
        self.summary.gone.clone_from(&self.summary.empty);
        match catalogue {
            Catalogue::ByMembers => self.summary.by_members = true,
            Catalogue::These(ids) => self.summary.gone.retain(|id| !ids.contains(&id)),
        }
        self.summary
    }
}
