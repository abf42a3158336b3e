//! A table to scroll in: sorted by its columns, narrowed down by sort and by text, with all of the chosen line below it.
//!
//! What the lines are is not known here: a page hands in the texts of the lines that are in sight.

mod columns;
mod saving;

use std::cell::Cell;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::field::Field;
use super::keys::{Command, Context};
use super::msg::{Outbox, Outcome, Question, Ticket};
use super::notice::Notice;
use super::paint::{Page, scroll, scrolled};
use super::view::Hit;
use super::writing::{Listing, Writing, Written};
use crate::words::Words;
use saving::Saving;

pub(super) use columns::{Columned, Layout, Order};

/// How far a page key goes.
const JUMP: usize = 10;
/// How many lines the chosen one takes below the table at most, the rule above it among them.
const DETAILS: usize = 7;
/// What stands before the first column: where the cursor is.
const MARGIN: usize = 2;

/// Draws the headings of a table, and tells where they are.
pub(super) fn headings<C: Columned>(
    page: &mut Page<'_, '_>,
    margin: usize,
    (layout, order): (&Layout<C>, Order<C>),
    words: &Words,
    hits: &mut Vec<(Rect, Hit)>,
) {
    let line = page.area(1);
    let mut spans = vec![Span::raw(" ".repeat(margin))];
    let mut x = line.x + u16::try_from(margin).unwrap_or(0);
    for (column, text) in layout.cells(|column| order.heading(column, words)) {
        let width = u16::try_from(text.width()).unwrap_or(0);
        hits.push((Rect { x, width, ..line }, Hit::Heading(column.at())));
        x = x.saturating_add(width);
        let style = if column == order.by {
            page.theme.strong()
        } else {
            page.theme.faint()
        };
        spans.push(Span::styled(text, style));
    }
    page.line(Line::from(spans));
}

/// What can be chosen to narrow a table down: its name, its count, and whether it is a part of the one before it that is
/// none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sort {
    pub name: String,
    pub count: u64,
    pub is_part: bool,
}

/// What a key or a click asks of the page that the table stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    Stay,
    /// Another order, sort or text: the lines are others.
    Anew,
    /// The table is left.
    Leave,
    /// The address of the chosen line is wanted.
    Copy,
    /// All that is listed is to be written to the file that was named.
    Write,
}

/// What a table shows just now.
pub(super) struct Shown<'a, C> {
    /// What it can be narrowed down to.
    pub sorts: &'a [Sort],
    /// How many lines there are.
    pub total: usize,
    /// How wide the texts of each column are.
    pub widest: Vec<usize>,
    /// What stands in a line, and how it looks where the cursor is not on it; nothing while it is not read.
    pub cell: &'a dyn Fn(usize, C) -> Option<(String, Style)>,
    /// All that is known of a line.
    pub details: &'a dyn Fn(usize, usize) -> Vec<Line<'static>>,
}

/// The state of a table.
#[derive(Debug)]
pub(super) struct Table<C> {
    /// By what it is sorted.
    pub order: Order<C>,
    /// The column that it was sorted by at first.
    first: C,
    /// The column of which nothing is known here.
    without: Option<C>,
    /// What it is narrowed down to.
    pub sort: usize,
    /// Which line is chosen.
    pub cursor: usize,
    filter: Field,
    filtering: bool,
    /// Whether all of the chosen line is shown in place of the table.
    whole: bool,
    /// How many lines of that are out of sight above. Drawing finds out how many can be.
    skip: Cell<u16>,
    /// The name of the file that is offered, and the one that is asked for.
    file: String,
    saving: Option<Saving>,
}

impl<C: Columned> Table<C> {
    /// Sorted by a column; what it lists is written to a file of this name unless another one is typed.
    pub fn by(column: C, file: String) -> Self {
        Self {
            order: Order::by(column),
            first: column,
            without: None,
            sort: 0,
            cursor: 0,
            filter: Field::default(),
            filtering: false,
            whole: false,
            skip: Cell::new(0),
            file,
            saving: None,
        }
    }

    /// The same without a column, of which nothing is known.
    pub fn without(self, column: C) -> Self {
        Self {
            without: Some(column),
            ..self
        }
    }

    pub fn context(&self) -> Context {
        match () {
            () if self.saving.is_some() => Context::Naming,
            () if self.filtering => Context::Filter,
            () => Context::Rows,
        }
    }

    /// Tells whether a key does anything, with so many lines and so much to narrow them down to.
    pub fn offers(&self, command: Command, total: usize, sorts: usize) -> bool {
        match command {
            _ if self.saving.is_some() => true,
            Command::Copy | Command::Write => total > 0,
            Command::Enter => total > 0 || self.filtering,
            Command::Sort | Command::Reverse => total > 1,
            Command::NextField => sorts > 1,
            _ => true,
        }
    }

    /// What is looked for.
    pub fn text(&self) -> &str {
        self.filter.text()
    }

    /// Takes a key, with so many lines in the table and so much to narrow it down to.
    pub fn key(&mut self, command: Command, event: KeyEvent, total: usize, sorts: &[Sort]) -> Turn {
        if let Some(saving) = &mut self.saving {
            return match command {
                Command::Back => {
                    self.saving = None;
                    Turn::Stay
                }
                Command::Enter if saving.is_ready() => Turn::Write,
                _ => {
                    saving.key(event);
                    Turn::Stay
                }
            };
        }
        let last = total.saturating_sub(1);
        if self.whole && matches!(command, Command::PageUp | Command::PageDown) {
            let skip = scrolled(self.skip.get(), command);
            self.skip.set(skip.unwrap_or_default());
            return Turn::Stay;
        }
        self.skip.set(0);
        match command {
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(JUMP),
            Command::PageDown => self.cursor = (self.cursor + JUMP).min(last),
            Command::Enter if self.filtering => self.filtering = false,
            Command::Back | Command::Enter if self.whole => self.whole = false,
            Command::Back if self.filtering || !self.text().is_empty() => {
                self.filtering = false;
                self.filter.set("");
                return self.anew();
            }
            Command::Back => return Turn::Leave,
            _ if self.filtering => {
                let is_new = self.filter.key(event);
                return if is_new { self.anew() } else { Turn::Stay };
            }
            Command::First => self.cursor = 0,
            Command::Last => self.cursor = last,
            Command::Filter => (self.filtering, self.whole) = (true, false),
            Command::Enter => self.whole = total > 0,
            Command::NextField => return self.choose(next(self.sort, sorts, 1), sorts),
            Command::PrevField => {
                return self.choose(next(self.sort, sorts, sorts.len().saturating_sub(1)), sorts);
            }
            Command::Sort => {
                let next = self.order.next();
                let is_shown = self.without != Some(next.by);
                return self.ordered(if is_shown { next } else { next.next() });
            }
            Command::Reverse => return self.ordered(self.order.reverse()),
            Command::Copy if total > 0 => return Turn::Copy,
            Command::Write if total > 0 => self.saving = Some(Saving::to(&self.file)),
            Command::Type => return self.numbered(event, sorts),
            _ => {}
        }
        Turn::Stay
    }

    /// Has what is listed written to the file that was named.
    pub fn write(&mut self, listing: Listing, out: &mut Outbox) {
        if let Some(saving) = &mut self.saving {
            let (path, over) = saving.target();
            let writing = Writing {
                listing,
                path,
                over,
            };
            saving.asked(out.ask(Question::Write(Box::new(writing))));
        }
    }

    /// Takes what came of writing the file.
    pub fn written(&mut self, ticket: Ticket, outcome: Outcome<Option<Written>>, out: &mut Outbox) {
        let saving = self
            .saving
            .as_mut()
            .filter(|saving| saving.waits_for(ticket));
        if let Some(written) = saving.and_then(|saving| saving.settle(outcome)) {
            self.saving = None;
            out.notice = Some(Notice::Written(written));
        }
    }

    /// Takes a click.
    pub fn click(&mut self, hit: Hit, total: usize, sorts: &[Sort]) -> Turn {
        if self.saving.is_some() {
            return Turn::Stay;
        }
        match hit {
            Hit::Heading(column) => self.ordered(self.order.click(C::ALL[column])),
            Hit::Sort(sort) => self.choose(sort, sorts),
            Hit::Line(line) if line == self.cursor => {
                self.whole = total > 0;
                Turn::Stay
            }
            Hit::Line(line) => {
                self.cursor = line.min(total.saturating_sub(1));
                Turn::Stay
            }
            Hit::Key(_) | Hit::Mark(_) | Hit::Reach(_) | Hit::Step(_) => Turn::Stay,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Turn {
        if let Some(saving) = &mut self.saving {
            saving.paste(text);
            return Turn::Stay;
        }
        if !self.filtering {
            return Turn::Stay;
        }
        self.filter.paste(text);
        self.anew()
    }

    fn anew(&mut self) -> Turn {
        self.cursor = 0;
        Turn::Anew
    }

    fn ordered(&mut self, order: Order<C>) -> Turn {
        self.order = order;
        self.anew()
    }

    fn choose(&mut self, sort: usize, sorts: &[Sort]) -> Turn {
        self.sort = sort.min(sorts.len().saturating_sub(1));
        self.whole = false;
        self.anew()
    }

    /// Chooses by number.
    fn numbered(&mut self, event: KeyEvent, sorts: &[Sort]) -> Turn {
        let digit = match event.code {
            KeyCode::Char(c) => c.to_digit(10),
            _ => None,
        };
        let at = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
        let mut numbered = (0..sorts.len()).filter(|at| !sorts[*at].is_part);
        match at.and_then(|at| numbered.nth(at)) {
            Some(sort) => self.choose(sort, sorts),
            None => Turn::Stay,
        }
    }

    /// Draws it, and tells where what can be clicked on is.
    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        shown: &Shown<'_, C>,
        words: &Words,
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        self.draw_sorts(page, shown.sorts, words, hits);
        if let Some(saving) = &self.saving {
            saving.draw(page, words);
        } else if self.filtering || !self.text().is_empty() {
            let label = format!("{} ", words.text("ui-picker-filter"));
            self.filter.draw(page, &label, self.filtering);
        } else {
            page.gap();
        }
        if shown.total == 0 {
            return page.text(&words.text("ui-changes-none"), page.theme.faint());
        }
        let details = (shown.details)(self.cursor, page.width());
        if self.whole {
            let draw = |page: &mut Page<'_, '_>| {
                for line in &details {
                    page.line(line.clone());
                }
            };
            let rest = page.rest();
            let over = page.part(rest).scrolled(self.skip.get(), words, draw);
            self.skip.set(self.skip.get().min(over));
            return;
        }
        let room = page.width().saturating_sub(MARGIN);
        // The order that nobody asked for takes no room from what is always shown.
        let sorted = match C::ALWAYS {
            [always, ..] if self.order.by == self.first => *always,
            _ => self.order.by,
        };
        let layout = Layout::of(room, &shown.widest, sorted, self.without);
        headings(page, MARGIN, (&layout, self.order), words, hits);
        // The lines that the table does not need are those of the chosen one.
        let least = (page.rest() / 2).min(DETAILS);
        let spare = page.rest().saturating_sub(shown.total);
        let most = least.max(spare.min(details.len() + 1));
        let room = page.rest().saturating_sub(most);
        let first = scroll(self.cursor, room, shown.total);
        for at in first..shown.total.min(first + room) {
            hits.push((page.area(1), Hit::Line(at)));
            page.line(self.row(at, shown, &layout, page));
        }
        let (at, of) = (self.cursor as u64 + 1, shown.total as u64);
        let place = format!(" {} / {} ", words.number(at), words.number(of));
        let rest = page.width().saturating_sub(place.width() + 2);
        let rule = format!("──{place}{}", "─".repeat(rest));
        page.line(Span::styled(rule, page.theme.faint()));
        let below = details.len().saturating_sub(most.saturating_sub(1));
        for line in details.into_iter().take(most.saturating_sub(1)) {
            page.line(line);
        }
        page.beyond((0, below), words);
    }

    fn row(
        &self,
        at: usize,
        shown: &Shown<'_, C>,
        layout: &Layout<C>,
        page: &Page<'_, '_>,
    ) -> Line<'static> {
        let theme = page.theme;
        let here = at == self.cursor;
        let mark = Span::styled(if here { "❯ " } else { "  " }, theme.here());
        let cell = |column| (shown.cell)(at, column);
        let cells =
            layout.cells(|column| cell(column).map_or_else(|| "…".to_owned(), |(text, _)| text));
        let cells = cells.into_iter().map(|(column, text)| {
            let style = match cell(column) {
                _ if here => theme.here(),
                Some((_, style)) => style,
                None => theme.faint(),
            };
            Span::styled(text, style)
        });
        std::iter::once(mark)
            .chain(cells)
            .collect::<Vec<_>>()
            .into()
    }

    /// Draws what the table can be narrowed down to, each with its count, over as many lines as it needs. Parts are there
    /// while what they are a part of is chosen.
    fn draw_sorts(
        &self,
        page: &mut Page<'_, '_>,
        sorts: &[Sort],
        words: &Words,
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        let mut line = Line::default();
        let mut number = 0;
        for (at, sort) in sorts.iter().enumerate() {
            number += usize::from(!sort.is_part);
            if !seen(at, self.sort, sorts) {
                continue;
            }
            let count = words.number(sort.count);
            let text = if sort.is_part {
                format!(" {} {count} ", sort.name)
            } else {
                format!(" {number} {} {count} ", sort.name)
            };
            if line.width() > 0 && line.width() + text.width() > page.width() {
                page.line(std::mem::take(&mut line));
            }
            let area = page.area(1);
            let area = Rect {
                x: area.x + u16::try_from(line.width()).unwrap_or(0),
                width: u16::try_from(text.width()).unwrap_or(0),
                ..area
            };
            hits.push((area, Hit::Sort(at)));
            let style = match () {
                () if at == self.sort => page.theme.button(),
                () if sort.is_part => page.theme.faint(),
                () => Style::new(),
            };
            line.push_span(Span::styled(text, style));
        }
        page.line(line);
    }
}

/// What a part is a part of; what is none, of itself.
fn whole_of(at: usize, sorts: &[Sort]) -> usize {
    let mut before = (0..=at.min(sorts.len().saturating_sub(1))).rev();
    before
        .find(|at| sorts.get(*at).is_some_and(|sort| !sort.is_part))
        .unwrap_or(0)
}

/// Tells whether one of the sorts is in sight while another is chosen.
fn seen(at: usize, chosen: usize, sorts: &[Sort]) -> bool {
    !sorts[at].is_part || whole_of(at, sorts) == whole_of(chosen, sorts)
}

/// The sort in sight that is so many steps on; after the last comes the first.
fn next(from: usize, sorts: &[Sort], step: usize) -> usize {
    let on = (1..=sorts.len()).map(|by| (from + by * step) % sorts.len());
    let mut on = on.filter(|at| seen(*at, from, sorts));
    on.next().unwrap_or(0)
}
