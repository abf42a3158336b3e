//! A line that text is typed into.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::text::{Line, Span};
use tui_input::{Input, InputRequest};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::Page;
use crate::domain::printable;

/// The longest text that a field takes.
const MOST: usize = 4096;

/// How much of a text is shown as dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Cover {
    /// Nothing.
    #[default]
    None,
    /// All of it.
    All,
    /// What stands behind the first `=`.
    Value,
}

/// A text field.
#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    input: Input,
    cover: Cover,
}

impl Field {
    /// Starts with a text.
    pub fn new(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
            cover: Cover::None,
        }
    }

    /// Shows dots instead of what is typed.
    pub fn hidden(text: &str) -> Self {
        Self {
            cover: Cover::All,
            ..Self::new(text)
        }
    }

    /// Shows dots for so much of it from now on.
    pub fn cover(&mut self, cover: Cover) {
        self.cover = cover;
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Puts another text in.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
    }

    /// Takes a key; tells whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let request = match key.code {
            KeyCode::Char('a') if control => InputRequest::GoToStart,
            KeyCode::Char('e') if control => InputRequest::GoToEnd,
            KeyCode::Char('u') if control => InputRequest::DeleteFromStart,
            KeyCode::Char('k') if control => InputRequest::DeleteTillEnd,
            KeyCode::Char('w') if control => InputRequest::DeletePrevWord,
            KeyCode::Char('y') if control => InputRequest::Yank,
            KeyCode::Char(c) if !control && !alt && !c.is_control() => {
                if self.text().chars().count() >= MOST {
                    return false;
                }
                InputRequest::InsertChar(c)
            }
            KeyCode::Backspace if control || alt => InputRequest::DeletePrevWord,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left if control => InputRequest::GoToPrevWord,
            KeyCode::Right if control => InputRequest::GoToNextWord,
            KeyCode::Left => InputRequest::GoToPrevChar,
            KeyCode::Right => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            _ => return false,
        };
        self.input
            .handle(request)
            .is_some_and(|change| change.value)
    }

    /// Takes pasted text, without its control characters.
    pub fn paste(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text().chars().count());
        // A line break inside a secret is a mistake that must not vanish: a blank is refused when it is saved.
        let kept = |c: char| match c {
            '\n' | '\r' if self.cover != Cover::None => Some(' '),
            c => Some(c).filter(|c| !c.is_control()),
        };
        let text: Vec<char> = text.trim().chars().filter_map(kept).take(room).collect();
        for c in text {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// What may be seen of it.
    fn shown(&self) -> Vec<char> {
        let (seen, covered) = match (self.cover, self.text().find('=')) {
            (Cover::None, _) | (Cover::Value, None) => (self.text(), ""),
            (Cover::All, _) => ("", self.text()),
            (Cover::Value, Some(at)) => self.text().split_at(at + 1),
        };
        let seen = printable(seen).chars().collect::<Vec<char>>();
        seen.into_iter()
            .chain(covered.chars().map(|_| '•'))
            .collect()
    }

    /// Draws it in one line, with the cursor when it has the focus.
    pub fn draw(&self, page: &mut Page<'_, '_>, before: &str, focus: bool) {
        let room = page.width().saturating_sub(before.width() + 1).clamp(4, 60);
        let shown = self.shown();
        let cursor = self.input.cursor().min(shown.len());
        let width =
            |chars: &[char]| -> usize { chars.iter().map(|c| c.width().unwrap_or(0)).sum() };
        let mut first = 0;
        while width(&shown[first..cursor]) >= room {
            first += 1;
        }
        let mut end = first;
        while end < shown.len() && width(&shown[first..=end]) <= room {
            end += 1;
        }
        let text: String = shown[first..end].iter().collect();
        let blanks = " ".repeat(room.saturating_sub(text.width()));
        if focus {
            page.cursor(before.width() + width(&shown[first..cursor]));
        }
        let style = if focus {
            page.theme.here()
        } else {
            page.theme.faint()
        };
        page.line(Line::from(vec![
            Span::styled(before.to_owned(), style),
            Span::styled(text + &blanks, page.theme.typed()),
        ]));
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn pasting_strips_control_characters_and_never_submits() {
        let mut field = Field::new("a");
        field.paste("b\r\nc\u{1b}[0m");
        assert_eq!(field.text(), "abc[0m");
    }
}
