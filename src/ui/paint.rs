//! Drawing by lines: text made harmless, cut and padded by its width on the screen.

mod beyond;
mod choice;
mod link;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Padding, Paragraph};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::Theme;
use crate::domain::printable;
use crate::words::{self, Explanation, LongWord};
use beyond::Focus;

pub(super) use beyond::{scroll, scrolled};
pub(super) use choice::Reach;

/// Cuts a text to a width, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, width: usize) -> String {
    let text = printable(text).into_owned();
    if text.width() <= width {
        return text;
    }
    if width == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > width - 1 {
            break;
        }
        used += wide;
        out.push(c);
    }
    out.push('…');
    out
}

/// Cuts a text to a width in its middle: of a place its end matters, the number of the line.
pub(super) fn cut_middle(text: &str, width: usize) -> String {
    let text = printable(text).into_owned();
    if text.width() <= width || width < 3 {
        return cut(&text, width);
    }
    let (mut end, mut used) = (text.len(), 0);
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > (width - 1) * 2 / 3 {
            break;
        }
        end = at;
    }
    let end = &text[end..];
    // The ellipsis stands at the end of what is cut: the text is longer than its room.
    cut(&text, width - end.width()) + end
}

/// Cuts and pads on the right.
pub(super) fn left(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let blanks = width.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}

/// Cuts and pads on the left.
pub(super) fn right(text: &str, width: usize) -> String {
    let text = cut(text, width);
    " ".repeat(width.saturating_sub(text.width())) + &text
}

/// Breaks a text into lines by width, at blanks where there are some. Keeps its own line breaks.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    words::wrap(text, width, LongWord::Broken)
}

/// The lines that a panel has above and below what stands in it.
pub(super) const BORDERS: usize = 2;

/// Draws a panel: a border with a title in it, and a note at its end. Gives the area of what stands inside.
pub(super) fn panel(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    (title, note): (&str, &str),
) -> Rect {
    let room = usize::from(area.width).saturating_sub(6);
    let note = cut(note, room / 2);
    let title = cut(title, room.saturating_sub(note.width() + 1));
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border())
        .padding(Padding::horizontal(1));
    if !title.is_empty() {
        // It lies over the border, which may be dim, and paler than text: terminals show what is bold and dim as dim.
        let style = theme.ground().patch(theme.strong());
        let style = style.remove_modifier(Modifier::DIM);
        let title = Span::styled(format!(" {title} "), style);
        block = block.title_top(Line::from(title).left_aligned());
    }
    if !note.is_empty() {
        let note = Span::styled(format!(" {note} "), theme.faint());
        block = block.title_top(Line::from(note).right_aligned());
    }
    let inside = block.inner(area);
    frame.render_widget(block, area);
    inside
}

/// Writes lines from top to bottom, as far as there is room.
pub(super) struct Page<'f, 'b> {
    frame: &'f mut Frame<'b>,
    area: Rect,
    y: u16,
    /// Behind the last line that was written.
    end: u16,
    skip: u16,
    focus: Option<Focus>,
    /// What can be clicked on.
    choices: Vec<(Rect, Reach)>,
    /// The panel around it, on whose border stands how much is out of sight.
    around: Option<Rect>,
    /// How things look.
    pub theme: Theme,
}

impl<'f, 'b> Page<'f, 'b> {
    /// Begins at the top of an area.
    pub fn new(frame: &'f mut Frame<'b>, area: Rect, theme: Theme) -> Self {
        Self {
            frame,
            area,
            y: 0,
            end: 0,
            skip: 0,
            focus: None,
            choices: Vec::new(),
            around: None,
            theme,
        }
    }

    /// Draws a panel over an area, and begins at its top.
    pub fn framed(frame: &'f mut Frame<'b>, area: Rect, theme: Theme, title: (&str, &str)) -> Self {
        let inside = panel(frame, area, theme, title);
        Self {
            around: Some(area),
            ..Self::new(frame, inside, theme)
        }
    }

    /// Tells how many lines something takes at a width: it is drawn where there is no room, and so is not seen.
    pub fn lines_of(
        frame: &mut Frame<'_>,
        width: u16,
        theme: Theme,
        draw: impl FnOnce(&mut Page<'_, '_>),
    ) -> u16 {
        let nowhere = Rect {
            width,
            height: 0,
            ..frame.area()
        };
        let mut page = Page::new(frame, nowhere, theme);
        draw(&mut page);
        page.end
    }

    /// The width of a line.
    pub fn width(&self) -> usize {
        usize::from(self.area.width)
    }

    /// How many lines are left.
    pub fn rest(&self) -> usize {
        usize::from(self.area.height.saturating_sub(self.y))
    }

    /// The area of the next lines.
    pub fn area(&self, height: usize) -> Rect {
        let height = u16::try_from(height.min(self.rest())).unwrap_or(0);
        Rect::new(self.area.x, self.area.y + self.y, self.area.width, height)
    }

    /// Writes a line.
    pub fn line<'l>(&mut self, line: impl Into<Line<'l>>) {
        if let Some(y) = self.row() {
            let area = Rect::new(self.area.x, y, self.area.width, 1);
            self.frame.render_widget(Paragraph::new(line.into()), area);
        }
        self.y = self.y.saturating_add(1);
        self.end = self.y;
    }

    /// Where the next line is on the screen, if it can be seen.
    fn row(&self) -> Option<u16> {
        let y = self.y.checked_sub(self.skip)?;
        (y < self.area.height).then(|| self.area.y + y)
    }

    /// The next lines as a page of its own, in the same panel.
    pub fn part(&mut self, height: usize) -> Page<'_, 'b> {
        let (area, around) = (self.area(height), self.around);
        self.y = self.y.saturating_add(area.height);
        self.end = self.y;
        Page {
            around,
            ..Page::new(self.frame, area, self.theme)
        }
    }

    /// Draws a panel over the next lines; gives what stands inside.
    pub fn panel(&mut self, height: usize, title: (&str, &str)) -> Page<'_, 'b> {
        let area = self.area(height);
        self.y = self.y.saturating_add(area.height);
        self.end = self.y;
        Page::framed(self.frame, area, self.theme, title)
    }

    /// Writes a text in one style, over as many lines as it needs.
    pub fn text(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.width()) {
            self.line(Span::styled(line, style));
        }
    }

    /// Writes a value behind its label, over as many lines as it needs.
    pub fn fact(&mut self, label: &str, value: &str) {
        let mut label = label.to_owned();
        let wide = label.width();
        for part in wrap(value, self.width().saturating_sub(wide)) {
            self.line(Line::from(vec![
                Span::styled(label, self.theme.faint()),
                Span::raw(part),
            ]));
            label = " ".repeat(wide);
        }
    }

    /// Leaves a line empty.
    pub fn gap(&mut self) {
        self.y = self.y.saturating_add(1);
    }

    /// Writes a text behind a sign, over as many lines as it needs; they begin below each other.
    pub fn told(&mut self, sign: &str, text: &str, style: Style) {
        let indent = sign.width() + 1;
        let mut sign = format!("{sign} ");
        for line in wrap(text, self.width().saturating_sub(indent)) {
            self.line(Span::styled(sign + &line, style));
            sign = " ".repeat(indent);
        }
    }

    /// Says what went wrong and what to do.
    pub fn failure(&mut self, why: &Explanation) {
        self.told("✗", &why.what, self.theme.bad());
        if !why.why.is_empty() {
            self.told(" ", &why.why, Style::new());
        }
        for next in &why.next {
            self.told("→", next.text(), self.theme.strong());
        }
    }

    /// Says that something is good.
    pub fn good(&mut self, text: &str) {
        self.told("✓", text, self.theme.good());
    }

    /// Says that something wants attention.
    pub fn warn(&mut self, text: &str) {
        self.told("!", text, self.theme.warn());
    }

    /// Says that something is wrong.
    pub fn bad(&mut self, text: &str) {
        self.told("✗", text, self.theme.bad());
    }

    /// Says that the next line is the chosen one, which must be in sight.
    pub fn keep_in_sight(&mut self) {
        self.focus = Some(Focus::Chosen(self.y));
    }

    /// Shows where the cursor of the terminal is, in the next line.
    pub fn cursor(&mut self, column: usize) {
        self.focus = Some(Focus::Typed(self.y));
        if let Some(y) = self.row() {
            let x = u16::try_from(column)
                .unwrap_or(u16::MAX)
                .min(self.area.width.saturating_sub(1));
            self.frame.set_cursor_position((self.area.x + x, y));
        }
    }

    /// The frame itself, for widgets.
    pub fn frame(&mut self) -> &mut Frame<'b> {
        self.frame
    }
}

/// The place of something so large in the middle of an area.
pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// Empties an area, down to the ground that lies behind all.
pub(super) fn emptied(frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, theme.ground());
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::theme::Theme;
    use super::{cut, cut_middle, emptied, left, panel, right};
    use crate::store::Look;

    #[test]
    fn a_title_has_the_colour_of_text_and_not_of_the_border_under_it() {
        let mut terminal = Terminal::new(TestBackend::new(12, 3)).expect("a terminal");
        let theme = Theme::new(Look::Light, true);
        let drawn = terminal.draw(|frame| {
            panel(frame, frame.area(), theme, ("Help", ""));
        });
        let drawn = drawn.expect("drawn").buffer;
        assert_eq!(Some(drawn[(3, 0)].fg), theme.ground().fg);
        assert_ne!(Some(drawn[(0, 0)].fg), theme.ground().fg);
    }

    #[test]
    fn what_is_emptied_has_the_ground_of_the_theme() {
        let mut terminal = Terminal::new(TestBackend::new(4, 2)).expect("a terminal");
        let theme = Theme::new(Look::Light, true);
        let drawn = terminal.draw(|frame| emptied(frame, frame.area(), theme));
        let cells = drawn.expect("drawn").buffer.content.iter();
        let grounds: Vec<_> = cells.map(|cell| Some(cell.bg)).collect();
        assert_eq!(grounds, [theme.ground().bg; 8]);
    }

    #[test]
    fn columns_are_as_wide_as_they_look() {
        assert_eq!(left("日本", 5), "日本 ");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut_middle("people.csv:1004", 15), "people.csv:1004");
        assert_eq!(cut_middle("people.csv:1004", 12), "peop…sv:1004");
        assert_eq!(cut_middle("日本語:日本語:1", 9), "日本…語:1");
        assert_eq!(right("12", 4), "  12");
        assert_eq!(left("e\u{301}", 2), "e\u{301} ");
    }
}
