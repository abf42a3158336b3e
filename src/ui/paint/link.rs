//! Text that leads somewhere. Each character becomes a link of its own (OSC 8): whatever part of a line is drawn anew, no
//! link is left open behind it, and what lies over it takes nothing else away.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Page, wrap};
use crate::domain::printable;
use crate::words::{address, link};

impl Page<'_, '_> {
    /// Writes a text in one style, over as many lines as it needs. The web address or the path of a file in it leads there,
    /// where the terminal can do that.
    pub fn leading(&mut self, text: &str, style: Style, to: &str) {
        let lines = wrap(text, self.width());
        let address = address(to).filter(|_| self.theme.has_links());
        let places = address.as_ref().map(|_| places(&lines, to));
        let mut places = places.into_iter().flatten().peekable();
        for (at, line) in lines.iter().enumerate() {
            let row = self.row();
            self.line(Span::styled(line.as_str(), style));
            while let Some((_, from, wide)) = places.next_if(|(line, ..)| *line == at) {
                let Some((address, y)) = address.as_ref().zip(row) else {
                    continue;
                };
                let place = Rect::new(self.area.x + from, y, wide, 1).intersection(self.area);
                lead(self.frame.buffer_mut(), place, address);
            }
        }
    }
}

/// Finds where a text stands in lines that it may have been broken over: line, column, width.
fn places(lines: &[String], wanted: &str) -> Vec<(usize, u16, u16)> {
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut column = 0;
        for c in line.chars() {
            let wide = c.width().unwrap_or(0);
            // A blank where a line was broken is gone.
            if c != ' ' {
                all.push((c, at, column, column + wide));
            }
            column += wide;
        }
    }
    let wanted = printable(wanted);
    let wanted: Vec<char> = wanted.chars().filter(|c| *c != ' ').collect();
    let mut windows = all.windows(wanted.len().max(1));
    let found = windows.find(|found| found.iter().map(|(c, ..)| c).eq(&wanted));
    let mut places: Vec<(usize, usize, usize)> = Vec::new();
    for (_, line, from, to) in found.unwrap_or_default() {
        match places.last_mut() {
            Some(last) if last.0 == *line => last.2 = *to,
            _ => places.push((*line, *from, *to)),
        }
    }
    let number = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
    let places = places.into_iter();
    places
        .map(|(line, from, to)| (line, number(from), number(to - from)))
        .collect()
}

/// Makes what was drawn in a place of a line lead to an address.
fn lead(buffer: &mut Buffer, place: Rect, address: &str) {
    let mut x = place.x;
    while x < place.right() {
        let Some(cell) = buffer.cell_mut(Position::new(x, place.y)) else {
            return;
        };
        let wide = u16::try_from(cell.symbol().width()).ok();
        let wide = wide.and_then(NonZeroU16::new).unwrap_or(NonZeroU16::MIN);
        let linked = link(cell.symbol(), address);
        cell.set_symbol(&linked)
            .set_diff_option(CellDiffOption::ForcedWidth(wide));
        x += wide.get();
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::style::Style;

    use super::super::{Page, wrap};
    use super::places;
    use crate::ui::theme::Theme;
    use crate::words::link;

    #[test]
    fn a_place_is_found_also_where_it_was_broken_over_lines() {
        let path = "/srv/å b/report";
        let lines = wrap(&format!("日本 saved {path} twice"), 13);
        assert_eq!(lines, ["日本 saved", "/srv/å", "b/report", "twice"]);
        assert_eq!(places(&lines, path), [(1, 0, 6), (2, 0, 8)]);
        assert_eq!(places(&lines, "saved"), [(0, 5, 5)]);
        assert_eq!(places(&lines, "nowhere"), []);
        assert_eq!(places(&[], ""), []);
    }

    /// What the cells of a line hold.
    fn drawn(theme: Theme, to: &str) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(24, 1)).expect("terminal");
        let shown = terminal.draw(|frame| {
            let area = frame.area();
            let page = &mut Page::new(frame, area, theme);
            page.leading(&format!("at {to}."), Style::new(), to);
        });
        let buffer = shown.expect("drawn").buffer;
        (0..24)
            .map(|x| buffer[(x, 0)].symbol().to_owned())
            .collect()
    }

    #[test]
    fn each_character_of_a_place_is_a_link_and_no_other_is() {
        let to = "https://x.example/日";
        let address = "https://x.example/%E6%97%A5";
        let cells = drawn(Theme::default().with_links(), to);
        assert_eq!(cells[..3], ["a", "t", " "]);
        for (at, c) in (3..).zip(to.chars()) {
            assert_eq!(cells[at], link(&c.to_string(), address));
        }
        assert_eq!(cells[23], ".", "a wide character takes two places");
    }

    #[test]
    fn nothing_is_a_link_where_none_are_wanted_or_a_place_is_none() {
        let to = "https://x.example/ab";
        assert_eq!(drawn(Theme::default(), to).concat(), format!("at {to}."));
        let cells = drawn(Theme::default().with_links(), "a1b2c3");
        assert_eq!(cells.concat().trim_end(), "at a1b2c3.");
    }
}
