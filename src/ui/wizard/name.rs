//! The display name.

use crossterm::event::KeyEvent;

use super::super::field::Field;
use super::super::keys::Command;
use super::super::paint::Page;
use super::{Desk, Flow, Known};
use crate::domain::{DestinationName, Draft};
use crate::words::{Explain, Words};

#[derive(Debug, Default)]
pub(super) struct Name {
    field: Field,
    tried: bool,
}

impl Name {
    pub fn new(draft: &Draft) -> Self {
        Self {
            field: Field::new(&draft.name),
            tried: false,
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => return Flow::Leave,
            Command::Enter => {
                self.tried = true;
                if problem(&desk.draft.name, desk.known, desk.words).is_none() {
                    return Flow::Next;
                }
            }
            _ => {
                if self.field.key(event) {
                    self.field.text().clone_into(&mut desk.draft.name);
                }
            }
        }
        Flow::Stay
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        self.field.paste(text);
        self.field.text().clone_into(&mut desk.draft.name);
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        self.field.draw(page, "❯ ", true);
        page.text(&words.text("ui-name-later"), page.theme.faint());
        page.gap();
        match problem(&draft.name, known, words) {
            Some(why) if self.tried || !draft.name.is_empty() => page.bad(&why),
            Some(_) => {}
            None => page.good(&words.text("ui-name-good")),
        }
    }
}

/// Tells what is wrong with a name.
pub(super) fn problem(name: &str, known: &Known, words: &Words) -> Option<String> {
    match DestinationName::parse(name) {
        Err(why) => Some(why.explain(words).why),
        Ok(name) => known
            .taken
            .iter()
            .any(|other| name.matches(other))
            .then(|| words.text("ui-name-taken")),
    }
}
