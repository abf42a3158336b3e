//! How much of each attribute is empty and how much of it fits, by the first profiles.

use super::super::msg::{Outbox, Outcome, Question, Ticket};
use super::Known;
use super::known::Wanted;
use crate::source::{Cells, ReadRequest, Row};

/// How many profiles are looked at.
const ROWS: usize = 500;

/// What the first profiles tell of each attribute.
#[derive(Debug, Default)]
pub(super) struct Sampled {
    asked: Option<Ticket>,
    /// Which source was looked at.
    of: Option<Wanted>,
    rows: Vec<Cells>,
}

/// How many of the first values fit something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// The values; cells without one do not count.
    pub values: usize,
    /// Those that do not fit.
    pub misfits: usize,
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
        let cells = rows.unwrap_or_default().into_iter().map(|row| row.cells);
        self.rows = cells
            .map(|cells| cells.unwrap_or_else(|fault| fault.cells))
            .collect();
    }

    /// The share of profiles, in percent, that have no value of the attribute at this place.
    pub fn blank(&self, at: usize) -> Option<usize> {
        let all = self.rows.len();
        let filled = self.values(at).count();
        // One of many is not none.
        (all > 0).then(|| ((all - filled) * 100).div_ceil(all))
    }

    /// Counts the values of the attribute at this place that are not taken.
    pub fn fit(&self, at: usize, takes: impl Fn(&str) -> bool) -> Fit {
        Fit {
            values: self.values(at).count(),
            misfits: self.values(at).filter(|value| !takes(value)).count(),
        }
    }

    fn values(&self, at: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().map(move |cells| cells.get(at).trim());
        cells.filter(|cell| !cell.is_empty())
    }
}
