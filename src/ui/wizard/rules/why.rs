use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::super::field::Field;
use super::super::super::keys::{Command, Context};
use super::super::super::paint::{Page, wrap};
use super::super::Known;
use crate::words::Words;

/// Why an attribute that looks like consent is none; behind these, what the user types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Because {
    AgreedElsewhere,
    SaysOtherwise,
    OutOfDate,
}

impl Because {
    const ALL: [Self; 3] = [Self::AgreedElsewhere, Self::SaysOtherwise, Self::OutOfDate];

    fn key(self) -> &'static str {
        match self {
            Self::AgreedElsewhere => "ui-why-agreed",
            Self::SaysOtherwise => "ui-why-otherwise",
            Self::OutOfDate => "ui-why-out-of-date",
        }
    }
}

/// The line that a reason of one's own is typed in.
const OWN: usize = Because::ALL.len();

/// Asks why an attribute that looks like consent is not used: the answer is kept with the destination.
#[derive(Debug)]
pub(super) struct Why {
    attribute: String,
    cursor: usize,
    own: Field,
    /// Whether it was answered with nothing.
    is_empty: bool,
}

/// What came of a key.
pub(super) enum Answered {
    /// Nothing yet.
    Open,
    /// The question was left: nothing is dismissed.
    Left,
    /// The attribute is dismissed, for this reason.
    Because(String, String),
}

impl Why {
    pub fn of(attribute: String) -> Self {
        Self {
            attribute,
            cursor: 0,
            own: Field::default(),
            is_empty: false,
        }
    }

    pub fn context(&self) -> Context {
        match self.cursor {
            OWN => Context::Typing,
            _ => Context::Form,
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, words: &Words) -> Answered {
        match command {
            Command::Back => return Answered::Left,
            Command::Up | Command::PrevField => self.cursor = self.cursor.saturating_sub(1),
            Command::Down | Command::NextField => self.cursor = (self.cursor + 1).min(OWN),
            Command::Enter | Command::Choose => return self.answer(words),
            _ if self.cursor == OWN => {
                self.own.key(event);
                self.is_empty = false;
            }
            _ => {}
        }
        Answered::Open
    }

    fn answer(&mut self, words: &Words) -> Answered {
        let reason = match Because::ALL.get(self.cursor) {
            Some(because) => words.text(because.key()),
            None => self.own.text().trim().to_owned(),
        };
        self.is_empty = reason.is_empty();
        if self.is_empty {
            return Answered::Open;
        }
        Answered::Because(self.attribute.clone(), reason)
    }

    pub fn paste(&mut self, text: &str) {
        self.cursor = OWN;
        self.own.paste(text);
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, known: &Known, words: &Words) {
        let args = [("attribute", known.label(&self.attribute).into())];
        page.text(&words.with("ui-why-lead", &args), page.theme.strong());
        page.warn(&words.text("ui-why-consequence"));
        page.gap();
        for (at, because) in Because::ALL.into_iter().enumerate() {
            let (mut mark, style) = if at == self.cursor {
                ("❯ ", page.theme.here())
            } else {
                ("  ", Style::new())
            };
            let text = words.text(because.key());
            for part in wrap(&text, page.width().saturating_sub(2)) {
                page.line(Span::styled(format!("{mark}{part}"), style));
                mark = "  ";
            }
        }
        let here = self.cursor == OWN;
        let mark = if here { "❯" } else { " " };
        let before = format!("{mark} {} ", words.text("ui-why-own"));
        self.own.draw(page, &before, here);
        if self.is_empty {
            page.bad(&words.text("ui-why-needed"));
        }
    }
}
