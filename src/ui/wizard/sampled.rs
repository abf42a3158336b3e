//! How much of each attribute is empty and how much of it fits, by the first profiles.

use super::super::msg::{Outbox, Outcome, Question, Ticket};
use super::Known;
use super::known::Wanted;
use crate::export::FirstRows;
use crate::source::Row;

/// What the first profiles tell of each attribute.
#[derive(Debug, Default)]
pub(super) struct Sampled {
    asked: Option<Ticket>,
    /// Which source was looked at.
    of: Option<Wanted>,
    /// What was found.
    pub first: FirstRows,
}

impl Sampled {
    /// Asks for the first profiles with all they have, once for each source.
    pub fn ask(&mut self, known: &Known, out: &mut Outbox) {
        let Some(looked) = known.source.get().filter(|_| self.of != known.looked) else {
            return;
        };
        let request = FirstRows::request(&looked.source, &looked.segments);
        let question = Question::Preview(looked.source.clone(), request, FirstRows::MOST);
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
        self.first = FirstRows::of(rows.unwrap_or_default());
    }
}
