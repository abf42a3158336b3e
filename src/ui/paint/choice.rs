//! Lines that can be clicked on. A click does what the keys would do that lead there, so that both ways are one.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::Page;

/// The keys that lead to a line, and do what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Reach {
    /// It is in another part of the page, which Tab goes to.
    through_tab: bool,
    /// How many lines it is below the cursor.
    below: i16,
    /// What does what the line is for.
    last: Option<KeyCode>,
}

impl Reach {
    /// A line of a list whose cursor is on another, or on the same: it is ticked, gone, opened.
    pub fn acting(at: usize, cursor: usize) -> Self {
        Self {
            last: Some(KeyCode::Char(' ')),
            ..Self::selecting(at, cursor)
        }
    }

    /// The same where a blank is typed.
    pub fn entering(at: usize, cursor: usize) -> Self {
        Self {
            last: Some(KeyCode::Enter),
            ..Self::selecting(at, cursor)
        }
    }

    /// A line that only gets the cursor.
    pub fn selecting(at: usize, cursor: usize) -> Self {
        let place = |at: usize| i16::try_from(at).unwrap_or(i16::MAX);
        Self {
            through_tab: false,
            below: place(at) - place(cursor),
            last: None,
        }
    }

    /// The same from another part of the page.
    pub fn through_tab(self, is_elsewhere: bool) -> Self {
        Self {
            through_tab: is_elsewhere,
            ..self
        }
    }

    /// The keys, in their order.
    pub fn keys(self) -> impl Iterator<Item = KeyCode> {
        let step = if self.below < 0 {
            KeyCode::Up
        } else {
            KeyCode::Down
        };
        let steps = std::iter::repeat_n(step, self.below.unsigned_abs().into());
        let tab = self.through_tab.then_some(KeyCode::Tab);
        tab.into_iter().chain(steps).chain(self.last)
    }
}

impl<'b> Page<'_, 'b> {
    /// Draws lines that can be clicked on.
    pub fn choice(&mut self, reach: Reach, draw: impl FnOnce(&mut Page<'_, 'b>)) {
        let from = self.y;
        draw(self);
        let seen = |y: u16| y.saturating_sub(self.skip).min(self.area.height);
        let (top, bottom) = (seen(from), seen(self.y));
        let area = Rect {
            y: self.area.y + top,
            height: bottom - top,
            ..self.area
        };
        if !area.is_empty() {
            self.choices.push((area, reach));
        }
    }

    /// Says that part of the next line can be clicked on.
    pub fn choice_beside(&mut self, reach: Reach, (from, wide): (usize, usize)) {
        let column = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        if let Some(y) = self.row() {
            let x = self.area.x.saturating_add(column(from));
            let area = Rect::new(x, y, column(wide), 1).intersection(self.area);
            self.choices.push((area, reach));
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode::{Char, Down, Enter, Tab, Up};

    use super::Reach;

    #[test]
    fn a_click_presses_the_keys_that_lead_there() {
        let keys = |reach: Reach| reach.keys().collect::<Vec<_>>();
        assert_eq!(keys(Reach::acting(3, 1)), [Down, Down, Char(' ')]);
        assert_eq!(keys(Reach::entering(1, 1)), [Enter]);
        assert_eq!(keys(Reach::selecting(0, 1)), [Up]);
        assert_eq!(keys(Reach::selecting(2, 2)), []);
        let elsewhere = Reach::acting(0, 0).through_tab(true);
        assert_eq!(keys(elsewhere), [Tab, Char(' ')]);
    }
}
