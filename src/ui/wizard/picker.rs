use crossterm::event::{KeyCode, KeyEvent};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::field::Field;
use super::super::keys::Command;
use super::super::paint::{Page, Reach, cut, left, wrap};
use crate::words::Words;

/// So many items are in sight, whatever stands below them.
const LEAST: usize = 3;

/// A list to choose one from, narrowed down by typing.
#[derive(Debug, Clone)]
pub(super) struct Picker {
    title: String,
    items: Vec<(String, String)>,
    cursor: usize,
    filter: Field,
    /// Whether also what is said about an item finds it.
    by_both: bool,
}

/// What came of a key.
pub(super) enum Picked {
    /// Nothing yet.
    Open,
    /// The list was closed.
    Closed,
    /// This one, by its place in the list.
    One(usize),
}

impl Picker {
    /// Offers items, each with something to say about it.
    pub fn new(title: String, items: Vec<(String, String)>, cursor: usize) -> Self {
        Self {
            title,
            items,
            cursor,
            filter: Field::default(),
            by_both: false,
        }
    }

    /// The same; what is typed may also be what is said about an item.
    pub fn searched_by_both(self) -> Self {
        Self {
            by_both: true,
            ..self
        }
    }

    fn shown(&self) -> Vec<usize> {
        let wanted = self.filter.text().to_lowercase();
        let fits = |at: &usize| {
            let (name, about) = &self.items[*at];
            let about = if self.by_both { about } else { "" };
            [name, about].map(|text| text.to_lowercase().contains(&wanted)) != [false, false]
        };
        (0..self.items.len()).filter(fits).collect()
    }

    /// What was typed to narrow the list down.
    pub fn typed(&self) -> &str {
        self.filter.text()
    }

    /// Takes a key; letters narrow the list down, and so does a blank behind them. By itself it chooses.
    pub fn key(&mut self, command: Command, event: KeyEvent) -> Picked {
        let shown = self.shown();
        let last = shown.len().saturating_sub(1);
        let is_blank = event.code == KeyCode::Char(' ') && self.filter.text().is_empty();
        match command {
            Command::Back if !self.filter.text().is_empty() => {
                self.filter.set("");
                self.cursor = 0;
            }
            Command::Back => return Picked::Closed,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(10),
            Command::PageDown => self.cursor = (self.cursor + 10).min(last),
            _ if command == Command::Enter || is_blank => {
                return shown
                    .get(self.cursor)
                    .map_or(Picked::Open, |at| Picked::One(*at));
            }
            _ => {
                if self.filter.key(event) {
                    self.cursor = 0;
                }
            }
        }
        Picked::Open
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.filter.paste(text);
        self.cursor = 0;
    }

    /// Draws it over the rest of the page.
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        page.line(Span::styled(
            cut(&self.title, page.width()),
            page.theme.strong(),
        ));
        let filter = words.text("ui-picker-filter");
        self.filter.draw(page, &format!("{filter} "), true);
        page.gap();
        let shown = self.shown();
        let names = self.items.iter().map(|(name, _)| name.width());
        let wide = names.max().unwrap_or(0).min(page.width() * 2 / 3).max(4);
        let room = page.width().saturating_sub(wide + 5);
        // What is cut beside the chosen one stands below, as far as the list leaves room for that.
        let chosen = shown.get(self.cursor).map(|at| &*self.items[*at].1);
        let cut_off = chosen.filter(|about| about.width() > room);
        let below = cut_off.map_or(Vec::new(), |about| wrap(about, page.width()));
        let taken = below.len() + usize::from(!below.is_empty());
        let lines = page.rest().saturating_sub(taken).max(LEAST);
        page.list_within(lines, (self.cursor, shown.len()), words, |page, place| {
            let (name, about) = &self.items[shown[place]];
            let here = place == self.cursor;
            let (mark, style) = if here {
                ("❯ ", page.theme.here())
            } else {
                ("  ", ratatui::style::Style::new())
            };
            let name = left(name, wide);
            let about = cut(about, room);
            page.choice(Reach::entering(place, self.cursor), |page| {
                page.line(Line::from(vec![
                    Span::styled(format!("{mark}{name}"), style),
                    Span::styled(format!("  {about}"), page.theme.faint()),
                ]));
            });
        });
        if !below.is_empty() {
            page.gap();
        }
        for line in below {
            page.line(Span::styled(line, page.theme.faint()));
        }
    }
}
