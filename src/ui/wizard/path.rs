//! A path that is typed: what it may go on with stands below it, and Tab writes on what that has in common.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::text::Span;

use super::super::field::Field;
use super::super::look::Fits;
use super::super::msg::{Answer, Outbox, Question, Ticket, Wait};
use super::super::paint::{Page, cut};
use crate::store::typed_path;

#[derive(Debug, Default)]
pub(super) struct PathField {
    field: Field,
    fits: Fits,
    fitting: Wait<Vec<String>>,
}

impl PathField {
    pub fn new(path: &str, fits: Fits) -> Self {
        Self {
            field: Field::new(path),
            fits,
            ..Self::default()
        }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.field.text().trim()
    }

    /// Puts another path in.
    pub fn set(&mut self, path: &str) {
        self.field.set(path);
        self.forget();
    }

    /// The path, with the user's home for `~`.
    pub fn path(&self) -> PathBuf {
        typed_path(self.text())
    }

    /// Takes a key; tells whether the path changed.
    pub fn key(&mut self, event: KeyEvent, out: &mut Outbox) -> bool {
        let changed = self.field.key(event);
        if changed {
            self.ask(out);
        }
        changed
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        self.field.paste(text.trim());
        self.ask(out);
    }

    /// Asks for what fits.
    fn ask(&mut self, out: &mut Outbox) {
        let path = self.path();
        let slash = if self.text().ends_with('/') && !path.to_string_lossy().ends_with('/') {
            "/"
        } else {
            ""
        };
        let question = Question::Path(format!("{}{slash}", path.display()), self.fits);
        self.fitting = Wait::Asked(out.ask(question));
    }

    /// Shows nothing below it any more.
    pub fn forget(&mut self) {
        self.fitting = Wait::Idle;
    }

    /// Writes on what all fitting paths have in common; tells whether that was anything.
    pub fn complete(&mut self, out: &mut Outbox) -> bool {
        let Some(first) = self.fitting.get().and_then(|fitting| fitting.first()) else {
            return false;
        };
        let mut common = first.clone();
        for other in self.fitting.get().into_iter().flatten() {
            while !other.starts_with(&common) {
                common.pop();
            }
        }
        if common.len() <= self.text().len() {
            return false;
        }
        self.field.set(&common);
        self.ask(out);
        true
    }

    pub fn answer(&mut self, ticket: Ticket, answer: &Answer) {
        if let Answer::Path(found) = answer
            && self.fitting.is(ticket)
        {
            self.fitting = Wait::Done(found.clone());
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, label: &str, focus: bool) {
        self.field.draw(page, label, focus);
    }

    /// Lists some of what fits, and leaves so many lines free.
    pub fn draw_fitting(&self, page: &mut Page<'_, '_>, free: usize) {
        let most = page.rest().saturating_sub(free).min(5);
        for path in self.fitting.get().into_iter().flatten().take(most) {
            page.line(Span::styled(
                format!("  {}", cut(path, page.width())),
                page.theme.faint(),
            ));
        }
    }
}
