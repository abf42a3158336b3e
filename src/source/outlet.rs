use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::keys::folded;
use super::tally::{BATCH, Catalogue, Tally};
use super::{Cells, Error, Fault, ReadRequest, ReadSummary, Row};
use crate::domain::{Origin, ProfileId, Reason, SegmentSet};

/// Hands over the rows of a service's table.
pub(super) struct Outlet {
    rows: Sender<Vec<Row>>,
    tally: Tally,
    table: Arc<str>,
    line: u64,
    attributes: Vec<String>,
    broken: bool,
}

impl Outlet {
    /// Makes ready to hand over rows of a table, named as people are to be told of it.
    pub fn new(rows: Sender<Vec<Row>>, request: &ReadRequest, table: &str) -> Self {
        Self {
            rows,
            tally: Tally::new(request.segments.len()),
            table: Arc::from(table),
            line: 0,
            attributes: request.attributes.clone(),
            broken: false,
        }
    }

    /// Goes on with another page; tells whether it had broken letters.
    pub fn turn_page(&mut self, broken: bool) {
        self.broken = broken;
    }

    /// Counts a choice without a label, of the attribute at a place of the request.
    pub fn no_label(&mut self, at: usize) {
        if let Some(name) = self.attributes.get(at) {
            let counts = &mut self.tally.summary.choices_unknown;
            *counts.entry(name.clone()).or_default() += 1;
        }
    }

    /// Goes on with another table, or another part of it.
    pub fn turn_to(&mut self, table: &str) {
        (self.table, self.line) = (Arc::from(table), 0);
    }

    /// Makes the row of the table's next profile. `None` for its segments when it is in none that was asked for.
    pub fn row(&mut self, id: &str, segments: Option<SegmentSet>, cells: Cells) -> Option<Row> {
        self.line += 1;
        let Some(segments) = segments else {
            self.tally.summary.outside += 1;
            return None;
        };
        if self.broken {
            let counts = &mut self.tally.summary.letters_replaced;
            for (name, value) in self.attributes.iter().zip(cells.iter()) {
                if value.contains('\u{FFFD}') {
                    *counts.entry(name.clone()).or_default() += 1;
                }
            }
        }
        Some(self.told(id, segments, Ok(cells)))
    }

    /// Makes the row of a member that has no profile.
    pub fn orphan(&self, id: &str, segments: SegmentSet) -> Row {
        let fault = Fault {
            reason: Reason::NoProfile,
            detail: id.to_owned(),
            shifted: false,
            cells: Cells::default(),
        };
        self.told(id, segments, Err(fault))
    }

    fn told(&self, id: &str, segments: SegmentSet, cells: Result<Cells, Fault>) -> Row {
        Row {
            profile: ProfileId::parse(&folded(id)),
            segments,
            origin: Origin {
                file: Arc::clone(&self.table),
                line: self.line,
            },
            cells,
        }
    }

    /// Sends rows on, in batches.
    pub async fn send(&mut self, rows: impl IntoIterator<Item = Row>) -> Result<(), Error> {
        let mut rows = rows.into_iter();
        loop {
            let batch: Vec<Row> = rows.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            for row in &batch {
                self.tally.count(row);
            }
            self.rows
                .send(batch)
                .await
                .map_err(|_unsent| Error::Stopped)?;
        }
    }

    /// Tells what the read came to.
    pub fn finish(self, request: &ReadRequest, catalogue: &Catalogue<'_>) -> ReadSummary {
        self.tally.finish(&request.segments, catalogue)
    }
}
