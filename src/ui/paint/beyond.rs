//! What is longer than its room: which part of it is in sight, and that there is more.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::super::keys::Command;
use super::super::theme::Theme;
use super::{Page, Reach, cut, emptied};
use crate::words::Words;

/// Between a note on a border and its corner.
const SIDE: u16 = 2;
/// How far a page key goes.
const JUMP: u16 = 10;

/// The line that must be in sight.
#[derive(Debug, Clone, Copy)]
pub(super) enum Focus {
    /// It is typed in; what it leads to stands below it.
    Typed(u16),
    /// It is chosen; what matters stands above it.
    Chosen(u16),
}

/// Finds the first of the lines to show, so that the one with the cursor is among them.
pub(in crate::ui) fn scroll(cursor: usize, room: usize, total: usize) -> usize {
    if total <= room || room == 0 {
        return 0;
    }
    cursor.saturating_sub(room / 2).min(total - room)
}

/// How many of the first lines are left out after a key that moves, if it is one.
pub(in crate::ui) fn scrolled(skip: u16, command: Command) -> Option<u16> {
    Some(match command {
        Command::Up => skip.saturating_sub(1),
        Command::Down => skip.saturating_add(1),
        Command::PageUp => skip.saturating_sub(JUMP),
        Command::PageDown => skip.saturating_add(JUMP),
        Command::First => 0,
        Command::Last => u16::MAX,
        _ => return None,
    })
}

impl<'f, 'b> Page<'f, 'b> {
    /// Draws what may be longer than an area inside of a panel. If it is, draws it again so that what matters is in sight: the
    /// line that is typed in or chosen, or else the end, where messages stand. How much is out of sight is said. Gives what
    /// can be clicked on.
    pub fn fitted(
        frame: &'f mut Frame<'b>,
        (area, around): (Rect, Rect),
        theme: Theme,
        words: &Words,
        mut draw: impl FnMut(&mut Self),
    ) -> Vec<(Rect, Reach)> {
        let mut page = Self::new(frame, area, theme);
        page.around = Some(around);
        draw(&mut page);
        let over = page.end.saturating_sub(area.height);
        let skip = match page.focus {
            None => over,
            // As much of the end as there is room for.
            Some(Focus::Typed(at)) => over.min(at.saturating_sub(1)),
            // As little as can be.
            Some(Focus::Chosen(at)) => over.min((at + 2).saturating_sub(area.height)),
        };
        if skip > 0 {
            page.again(skip);
            draw(&mut page);
        }
        page.rest_of(words);
        page.choices
    }

    /// Leaves out the first lines, but never more than can be so that the end is in sight; gives how many can.
    pub fn scrolled(&mut self, skip: u16, words: &Words, draw: impl Fn(&mut Self)) -> u16 {
        self.skip = skip;
        draw(self);
        let most = self.end.saturating_sub(self.area.height);
        if skip > most {
            self.again(most);
            draw(self);
        }
        self.rest_of(words);
        most
    }

    /// Draws the lines of a list that there is room for, the chosen one among them, and says how many there are above and
    /// below.
    pub fn list(
        &mut self,
        place: (usize, usize),
        words: &Words,
        draw: impl FnMut(&mut Self, usize),
    ) {
        self.list_within(self.rest(), place, words, draw);
    }

    /// The same in so many lines at most.
    pub fn list_within(
        &mut self,
        room: usize,
        (cursor, total): (usize, usize),
        words: &Words,
        mut draw: impl FnMut(&mut Self, usize),
    ) {
        let room = room.min(self.rest());
        let first = scroll(cursor, room, total);
        let end = total.min(first + room);
        for at in first..end {
            draw(self, at);
        }
        self.beyond((first, total - end), words);
    }

    /// Begins anew without the first lines.
    fn again(&mut self, skip: u16) {
        emptied(self.frame, self.area, self.theme);
        (self.y, self.end, self.skip) = (0, 0, skip);
        self.choices.clear();
    }

    /// Says how many lines are out of sight.
    fn rest_of(&mut self, words: &Words) {
        let below = self.end.saturating_sub(self.skip);
        let below = below.saturating_sub(self.area.height);
        self.beyond((self.skip.into(), below.into()), words);
    }

    /// Says on the lower border how much is out of sight above and below.
    pub fn beyond(&mut self, (above, below): (usize, usize), words: &Words) {
        let told = [("ui-above", above), ("ui-below", below)];
        let told = told.into_iter().filter(|(_, count)| *count > 0);
        let told = told.map(|(key, count)| words.with(key, &[("count", count.into())]));
        let told = told.collect::<Vec<_>>().join(" · ");
        if !told.is_empty() {
            self.note_below(&told);
        }
    }

    /// Writes a note at the end of the lower border.
    pub fn note_below(&mut self, text: &str) {
        let Some(around) = self.around.filter(|around| around.height > 1) else {
            return;
        };
        let room = usize::from(around.width).saturating_sub(6);
        let text = format!(" {} ", cut(text, room));
        let width = u16::try_from(text.width()).unwrap_or(0);
        let place = Rect {
            x: around.right().saturating_sub(width + SIDE),
            y: around.bottom() - 1,
            width,
            height: 1,
        };
        // It lies over the border, which may be dim.
        let style = self.theme.ground().patch(self.theme.here());
        let style = style.remove_modifier(Modifier::DIM);
        let line = Line::from(Span::styled(text, style));
        self.frame.render_widget(Paragraph::new(line), place);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::super::theme::Theme;
    use super::super::Page;
    use super::scroll;
    use crate::words::{Lang, Words};

    fn shown(cursor: usize, total: usize) -> String {
        let mut terminal = Terminal::new(TestBackend::new(30, 6)).expect("a terminal");
        let words = Words::new(Lang::En);
        let drawn = terminal.draw(|frame| {
            let area = frame.area();
            let page = &mut Page::framed(frame, area, Theme::default(), ("List", ""));
            page.list((cursor, total), &words, |page, at| {
                page.line(format!("line {at}"));
            });
        });
        drawn.expect("drawn");
        terminal.backend().to_string()
    }

    #[test]
    fn the_cursor_stays_in_sight() {
        for cursor in 0..50 {
            let first = scroll(cursor, 7, 50);
            assert!(first <= cursor && cursor < first + 7);
        }
    }

    #[test]
    fn a_list_says_how_many_lines_are_above_and_below_and_nothing_where_all_fit() {
        for (cursor, total, told) in [
            (0, 4, None),
            (0, 9, Some("─ ↓ 5 more ─╯")),
            (4, 9, Some("─ ↑ 2 more · ↓ 3 more ─╯")),
            (8, 9, Some("─ ↑ 5 more ─╯")),
        ] {
            let shown = shown(cursor, total);
            assert!(shown.contains(&format!("line {cursor} ")), "{shown}");
            match told {
                Some(told) => assert!(shown.contains(told), "{shown}"),
                None => assert!(!shown.contains("more"), "{shown}"),
            }
        }
    }
}
