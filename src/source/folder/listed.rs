//! An id that stands in the list of a segment's members.

use std::sync::Arc;

use super::super::parts::Line;
use super::super::{Cells, Fault, Row};
use crate::domain::{Origin, ProfileId, Reason, SegmentSet};

/// An id and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a> {
    pub line: Line<'a>,
    /// `None` in a row that ends before the id.
    pub id: Option<&'a str>,
    /// The name of the column that ids are in; empty where there is none.
    pub column: &'a str,
}

impl Listed<'_> {
    /// Makes the row of an id without a profile, of a row without an id, or of one that cannot be trusted.
    pub fn orphan(&self, segments: SegmentSet) -> Row {
        let doubt = self.line.doubt();
        let (reason, detail) = doubt.unwrap_or(match self.id {
            Some(id) => (Reason::NoProfile, id),
            None => (Reason::ShortRow, self.column),
        });
        Row {
            profile: self.id.and_then(ProfileId::parse),
            segments,
            origin: Origin {
                file: Arc::clone(self.line.file),
                line: self.line.record.line,
            },
            cells: Err(Fault {
                reason,
                detail: detail.to_owned(),
                shifted: doubt.is_some(),
                cells: Cells::default(),
            }),
        }
    }
}
