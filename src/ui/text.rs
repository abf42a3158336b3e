//! Lines that text is typed into.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::text::Span;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::{Page, scroll};
use crate::domain::printable;

/// The longest text that is taken.
const MOST: usize = 64 << 10;

/// A text of several lines.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// There is always one.
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            lines: vec![Vec::new()],
            row: 0,
            column: 0,
        }
    }
}

impl Text {
    /// What stands in it.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| line.iter().collect())
            .collect();
        lines.join("\n")
    }

    /// Takes a key; tells whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let plain = !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Char(c) if plain && !c.is_control() => self.insert(c),
            KeyCode::Enter => self.insert('\n'),
            KeyCode::Backspace => self.back(),
            KeyCode::Delete => {
                let before = (self.row, self.column);
                self.right();
                (self.row, self.column) != before && self.back()
            }
            _ => {
                self.go(key.code);
                false
            }
        }
    }

    fn go(&mut self, to: KeyCode) {
        match to {
            KeyCode::Left if self.column > 0 => self.column -= 1,
            KeyCode::Left if self.row > 0 => {
                self.row -= 1;
                self.column = self.line().len();
            }
            KeyCode::Right => self.right(),
            KeyCode::Up => self.row = self.row.saturating_sub(1),
            KeyCode::Down => self.row = (self.row + 1).min(self.lines.len() - 1),
            KeyCode::Home => self.column = 0,
            KeyCode::End => self.column = self.line().len(),
            _ => {}
        }
        self.column = self.column.min(self.line().len());
    }

    fn line(&self) -> &[char] {
        &self.lines[self.row]
    }

    fn right(&mut self) {
        if self.column < self.line().len() {
            self.column += 1;
        } else if self.row + 1 < self.lines.len() {
            (self.row, self.column) = (self.row + 1, 0);
        }
    }

    fn insert(&mut self, c: char) -> bool {
        if self.lines.iter().map(|line| line.len() + 1).sum::<usize>() > MOST {
            return false;
        }
        if c == '\n' {
            let rest = self.lines[self.row].split_off(self.column);
            self.lines.insert(self.row + 1, rest);
            (self.row, self.column) = (self.row + 1, 0);
        } else {
            self.lines[self.row].insert(self.column, c);
            self.column += 1;
        }
        true
    }

    /// Takes away what stands before the cursor.
    fn back(&mut self) -> bool {
        if self.column > 0 {
            self.column -= 1;
            self.lines[self.row].remove(self.column);
            return true;
        }
        if self.row == 0 {
            return false;
        }
        let rest = self.lines.remove(self.row);
        self.row -= 1;
        self.column = self.line().len();
        self.lines[self.row].extend(rest);
        true
    }

    /// Takes pasted text, without its control characters.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for c in text.replace('\t', "    ").chars() {
            if c == '\n' || !c.is_control() {
                self.insert(c);
            }
        }
    }

    /// Begins with a text, at its start.
    pub fn begin(&mut self, text: &str) {
        *self = Self::default();
        self.paste(text.trim_end());
        (self.row, self.column) = (0, 0);
    }

    /// Draws so many of its lines, with the cursor when it has the focus.
    pub fn draw(&self, page: &mut Page<'_, '_>, height: usize, focus: bool) {
        let room = page.width().saturating_sub(3).max(4);
        let first = scroll(self.row, height, self.lines.len());
        let wide = |chars: &[char]| -> usize { chars.iter().map(|c| c.width().unwrap_or(0)).sum() };
        // All lines are moved alike, so that what stands below each other stays so.
        let mut skip = 0;
        while wide(&self.line()[skip..self.column]) >= room {
            skip += 1;
        }
        for row in first..first + height {
            let line = self.lines.get(row).map_or(&[][..], Vec::as_slice);
            let line = &line[skip.min(line.len())..];
            let mut end = 0;
            while end < line.len() && wide(&line[..=end]) <= room {
                end += 1;
            }
            let shown: String = line[..end].iter().collect();
            let shown = printable(&shown).into_owned();
            let blanks = " ".repeat(room.saturating_sub(shown.width()));
            if focus && row == self.row {
                page.cursor(2 + wide(&self.line()[skip..self.column]));
            }
            page.line(vec![
                Span::styled("│ ", page.theme.border()),
                Span::styled(shown + &blanks, page.theme.typed()),
            ]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crossterm::event::KeyCode::{self, Backspace, Char, Delete, End, Enter, Home, Left, Up};

    fn press(text: &mut Text, keys: &[KeyCode]) {
        for key in keys {
            text.key((*key).into());
        }
    }

    #[test]
    fn lines_are_typed_broken_and_joined() {
        let mut text = Text::default();
        press(&mut text, &[Char('a'), Char('b'), Enter, Char('c')]);
        assert_eq!(text.text(), "ab\nc");
        press(&mut text, &[Home, Backspace]);
        assert_eq!(text.text(), "abc");
        press(&mut text, &[Enter, Up, End, Delete]);
        assert_eq!(text.text(), "abc");
        press(&mut text, &[Left, Backspace, Backspace]);
        assert_eq!(text.text(), "bc");
    }

    #[test]
    fn pasted_lines_stay_lines_and_control_characters_go() {
        let mut text = Text::default();
        text.paste("-- A\r\nselect\t1\u{1b}");
        assert_eq!(text.text(), "-- A\nselect    1");
    }
}
