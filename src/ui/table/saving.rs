//! Where the lines of a table are written to: a path in one line, and a question before a file is written over.

use crossterm::event::KeyEvent;

use super::super::field::Field;
use super::super::msg::{Outcome, Ticket, Wait};
use super::super::paint::Page;
use super::super::writing::Written;
use crate::words::Words;

/// A file that is asked for.
#[derive(Debug)]
pub(super) struct Saving {
    path: Field,
    /// Whether a file of this name is there, and Enter writes over it.
    over: bool,
    wait: Wait<()>,
}

impl Saving {
    /// Offers a name.
    pub fn to(name: &str) -> Self {
        Self {
            path: Field::new(name),
            over: false,
            wait: Wait::Idle,
        }
    }

    /// Tells whether Enter writes.
    pub fn is_ready(&self) -> bool {
        !self.path.text().trim().is_empty() && !self.wait.is_asked()
    }

    pub fn key(&mut self, event: KeyEvent) {
        if self.path.key(event) {
            (self.over, self.wait) = (false, Wait::Idle);
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.path.paste(text);
        (self.over, self.wait) = (false, Wait::Idle);
    }

    /// The path, and whether a file there may be written over.
    pub fn target(&self) -> (String, bool) {
        (self.path.text().trim().to_owned(), self.over)
    }

    pub fn asked(&mut self, ticket: Ticket) {
        self.wait = Wait::Asked(ticket);
    }

    pub fn waits_for(&self, ticket: Ticket) -> bool {
        self.wait.is(ticket)
    }

    /// Takes what came of it; gives it back once the file is written.
    pub fn settle(&mut self, outcome: Outcome<Option<Written>>) -> Option<Written> {
        match outcome {
            Ok(Some(written)) => return Some(written),
            Ok(None) => (self.over, self.wait) = (true, Wait::Idle),
            Err(why) => self.wait = Wait::Failed(Box::new(why)),
        }
        None
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let label = format!("{} ", words.text("table-write-to"));
        self.path.draw(page, &label, true);
        if self.over {
            page.warn(&words.text("table-write-over"));
        }
        if let Some(why) = self.wait.failure() {
            page.failure(why);
        }
    }
}
