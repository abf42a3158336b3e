//! How much of each attribute is empty, by the first profiles.

use super::super::msg::{Outbox, Outcome, Question, Ticket};
use super::Known;
use super::known::Wanted;
use crate::source::{ReadRequest, Row};

/// How many profiles are looked at.
const ROWS: usize = 500;

/// What the first profiles tell of each attribute.
#[derive(Debug, Default)]
pub(super) struct Sampled {
    asked: Option<Ticket>,
    /// Which source was looked at.
    of: Option<Wanted>,
    rows: usize,
    /// How many of them have no value, by attribute.
    blank: Vec<usize>,
}

impl Sampled {
    /// Asks for the first profiles with all they have, once for each source.
    pub fn ask(&mut self, known: &Known, out: &mut Outbox) {
        let Some(looked) = known.source.get().filter(|_| self.of != known.looked) else {
            return;
        };
        let attributes = looked.source.attributes().iter();
        let request = ReadRequest {
            segments: looked.segments.iter().map(|one| one.id.clone()).collect(),
            attributes: attributes.map(|one| one.name.clone()).collect(),
            raw: None,
            trust_counts: true,
        };
        let question = Question::Preview(looked.source.clone(), request, ROWS);
        *self = Self {
            asked: Some(out.ask(question)),
            of: known.looked.clone(),
            ..Self::default()
        };
    }

    /// Tells whether this ticket is waited for.
    pub fn waits(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// Takes the profiles. Where there are none, nothing is told: the export says why.
    pub fn settle(&mut self, rows: Outcome<Vec<Row>>) {
        self.asked = None;
        for row in rows.unwrap_or_default() {
            let cells = match &row.cells {
                Ok(cells) => cells,
                Err(fault) => &fault.cells,
            };
            self.rows += 1;
            self.blank.resize(self.blank.len().max(cells.len()), 0);
            for (blank, cell) in self.blank.iter_mut().zip(cells.iter()) {
                *blank += usize::from(cell.trim().is_empty());
            }
        }
    }

    /// The share of profiles, in percent, that have no value of the attribute at this place.
    pub fn blank(&self, at: usize) -> Option<usize> {
        let blank = self.blank.get(at)?;
        // One of many is not none.
        Some((blank * 100).div_ceil(self.rows.max(1)))
    }
}
