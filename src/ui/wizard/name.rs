//! The display name, and data privacy and compliance.

use crossterm::event::KeyEvent;
use ratatui::text::Span;

use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::paint::{Page, Reach};
use super::consent::Consent;
use super::{Desk, Fact, Flow, Known};
use crate::domain::{DestinationName, Draft};
use crate::words::{Explain, Words};

#[derive(Debug, Default)]
pub(super) struct NameStep {
    field: Field,
    tried: bool,
    consent: Consent,
    /// The cursor is on the agreement, not on the name.
    at_consent: bool,
}

impl NameStep {
    pub fn new(draft: &Draft) -> Self {
        Self {
            field: Field::new(&draft.name),
            ..Self::default()
        }
    }

    pub fn context(&self) -> Context {
        if self.at_consent {
            Context::Choices
        } else {
            Context::Line
        }
    }

    /// Puts the cursor on one of both answers.
    pub fn change(&mut self, fact: Fact) {
        self.at_consent = fact == Fact::Privacy;
        self.consent.miss(self.at_consent);
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => return Flow::Leave,
            Command::NextField => self.at_consent = !self.at_consent,
            Command::Enter => return self.go_on(desk),
            Command::Down if !self.at_consent => self.at_consent = true,
            Command::Up if self.at_consent && self.consent.is_at_top() => self.at_consent = false,
            _ if self.at_consent => self.consent.key(command, desk),
            _ => {
                if self.field.key(event) {
                    self.field.text().clone_into(&mut desk.draft.name);
                }
            }
        }
        Flow::Stay
    }

    /// Goes on, unless something is missing: then the cursor goes there.
    fn go_on(&mut self, desk: &Desk<'_>) -> Flow {
        self.tried = true;
        let named = problem(&desk.draft.name, desk.known, desk.words).is_none();
        let agreed = desk.draft.agreement.is_some();
        // Only who read as far as that and agreed to nothing is told so.
        self.consent.miss(self.at_consent && named && !agreed);
        self.at_consent = named;
        if named && agreed {
            Flow::Next
        } else {
            Flow::Stay
        }
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        if !self.at_consent {
            self.field.paste(text);
            self.field.text().clone_into(&mut desk.draft.name);
        }
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        let cursor = if self.at_consent { " " } else { "❯" };
        let label = format!("{cursor} {} *  ", words.text("label-display-name"));
        let reach = Reach::selecting(0, 0).through_tab(self.at_consent);
        page.choice(reach, |page| {
            self.field.draw(page, &label, !self.at_consent);
        });
        match problem(&draft.name, known, words) {
            Some(why) if self.tried || !draft.name.is_empty() => page.bad(&why),
            Some(_) => page.text(&words.text("ui-name-later"), page.theme.faint()),
            None => page.good(&words.text("ui-name-good")),
        }
        page.gap();
        let style = if self.at_consent {
            page.theme.here()
        } else {
            page.theme.strong()
        };
        let heading = format!("{} *", words.text("label-privacy"));
        page.line(Span::styled(heading, style));
        self.consent.draw(page, draft, self.at_consent, words);
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
