//! What an export would do about each contact: a table to scroll in, narrowed down by kind and by text.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::field::Field;
use super::keys::{Command, Context};
use super::msg::{Outbox, Outcome, Part, Question, Stretch, Ticket, Wait};
use super::overlay::help;
use super::paint::{Page, cut, left, scroll, wrap};
use super::theme::Theme;
use crate::domain::{Change, ChangeKind};
use crate::export::{Checked, Diff};
use crate::store::{Wanted, Which};
use crate::words::Words;

/// How many changes are read at once: several screens.
pub(super) const PART: usize = 400;
/// How near the cursor comes to the end of what was read before more is.
const MARGIN: usize = 80;
/// How far a page key goes.
const JUMP: usize = 10;
/// How many lines the chosen contact takes at most.
const DETAILS: usize = 7;

/// The table of changes, over whatever led to it.
#[derive(Debug)]
pub(super) struct ChangesPage {
    diff: Diff,
    /// The check that is shown again when the table is left.
    back: Option<Box<Checked>>,
    /// What can be chosen with a number: the sorts that there are, with their counts.
    sorts: Vec<(Which, u64)>,
    sort: usize,
    filter: Field,
    filtering: bool,
    helps: bool,
    /// Whether all of the chosen contact is shown in place of the table.
    whole: bool,
    cursor: usize,
    /// The numbers of all that fit, and what was read of them.
    part: Part,
    wait: Wait<()>,
}

impl ChangesPage {
    /// Shows the changes that a check found, and asks for the first of them.
    pub fn open(diff: Diff, back: Option<Box<Checked>>, out: &mut Outbox) -> Self {
        let kinds = ChangeKind::ALL.map(Which::Kind);
        let unchanged = Which::Kind(ChangeKind::Unchanged);
        let (last, first): (Vec<Which>, _) = kinds.into_iter().partition(|one| *one == unchanged);
        let sorts = first.into_iter().chain([Which::Elsewhere]).chain(last);
        let sorts = sorts.map(|which| (which, diff.count(which)));
        let all = (Which::Changes, diff.count(Which::Changes));
        let sorts = [all]
            .into_iter()
            .chain(sorts.filter(|(_, count)| *count > 0));
        let mut page = Self {
            sorts: sorts.collect(),
            diff,
            back,
            sort: 0,
            filter: Field::default(),
            filtering: false,
            helps: false,
            whole: false,
            cursor: 0,
            part: Part::default(),
            wait: Wait::Idle,
        };
        page.find(out);
        page
    }

    pub fn context(&self) -> Context {
        if self.filtering {
            Context::Filter
        } else {
            Context::Changes
        }
    }

    /// Gives back the check that the table was opened from.
    pub fn back(self) -> Option<Box<Checked>> {
        self.back
    }

    /// Looks for what fits, from the first on.
    fn find(&mut self, out: &mut Outbox) {
        self.cursor = 0;
        self.ask(None, 0, out);
    }

    fn ask(&mut self, found: Option<Arc<[u32]>>, from: usize, out: &mut Outbox) {
        let which = self.sorts.get(self.sort).map(|(which, _)| *which);
        let wanted = Wanted {
            which: which.unwrap_or_default(),
            text: self.filter.text().to_owned(),
        };
        let stretch = Stretch {
            wanted,
            found,
            from,
        };
        let question = Question::Changes(self.diff.clone(), Box::new(stretch));
        self.wait = Wait::Asked(out.ask(question));
    }

    /// Asks for more where the cursor comes near the end of what was read.
    fn look(&mut self, out: &mut Outbox) {
        let (from, total) = (self.part.from, self.part.found.len());
        let to = from + self.part.changes.len();
        let before = from > 0 && self.cursor < from + MARGIN;
        let behind = to < total && self.cursor + MARGIN > to;
        if (before || behind) && !self.wait.is_asked() {
            let found = Some(Arc::clone(&self.part.found));
            self.ask(found, self.cursor.saturating_sub(PART / 2), out);
        }
    }

    /// Takes a key; tells whether the table is left.
    pub fn key(&mut self, command: Command, event: KeyEvent, out: &mut Outbox) -> bool {
        if std::mem::take(&mut self.helps) {
            return false;
        }
        let last = self.part.found.len().saturating_sub(1);
        match command {
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(JUMP),
            Command::PageDown => self.cursor = (self.cursor + JUMP).min(last),
            Command::Help => self.helps = true,
            Command::Back if self.filtering => {
                self.filtering = false;
                self.filter.set("");
                self.find(out);
            }
            Command::Enter if self.filtering => self.filtering = false,
            Command::Back | Command::Enter if self.whole => self.whole = false,
            Command::Back => return true,
            _ if self.filtering => self.typed(event, out),
            Command::First => self.cursor = 0,
            Command::Last => self.cursor = last,
            Command::Filter => (self.filtering, self.whole) = (true, false),
            Command::Enter => self.whole = self.change(self.cursor).is_some(),
            Command::NextField => self.choose(self.sort + 1, out),
            Command::PrevField => self.choose(self.sort + self.sorts.len() - 1, out),
            Command::Type => {
                let digit = match event.code {
                    KeyCode::Char(c) => c.to_digit(10),
                    _ => None,
                };
                let at = digit.and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
                if let Some(at) = at.filter(|at| *at < self.sorts.len()) {
                    self.choose(at, out);
                }
            }
            _ => {}
        }
        self.look(out);
        false
    }

    fn typed(&mut self, event: KeyEvent, out: &mut Outbox) {
        if self.filter.key(event) {
            self.find(out);
        }
    }

    /// Chooses a sort; after the last comes the first.
    fn choose(&mut self, sort: usize, out: &mut Outbox) {
        self.sort = sort % self.sorts.len();
        self.find(out);
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        if self.filtering {
            self.filter.paste(text);
            self.find(out);
        }
    }

    /// Tells whether this answer is waited for.
    pub fn waits_for(&self, ticket: Ticket) -> bool {
        self.wait.is(ticket)
    }

    pub fn answer(&mut self, part: Outcome<Box<Part>>, out: &mut Outbox) {
        match part {
            Ok(part) => {
                self.part = *part;
                self.wait = Wait::Idle;
                self.cursor = self.cursor.min(self.part.found.len().saturating_sub(1));
                self.look(out);
            }
            Err(why) => self.wait = Wait::Failed(Box::new(why)),
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        if self.helps {
            return help(page, Context::Changes, None, words);
        }
        self.draw_sorts(page, words);
        if self.filtering || !self.filter.text().is_empty() {
            let label = format!("{} ", words.text("ui-picker-filter"));
            self.filter.draw(page, &label, self.filtering);
        } else {
            page.gap();
        }
        if let Some(why) = self.wait.failure() {
            return page.failure(why);
        }
        let total = self.part.found.len();
        if total == 0 {
            let key = if self.wait.is_asked() {
                "ui-looking"
            } else {
                "ui-changes-none"
            };
            return page.text(&words.text(key), page.theme.faint());
        }
        if let Some(change) = self.change(self.cursor).filter(|_| self.whole) {
            for line in details(change, page, words) {
                page.line(line);
            }
            return;
        }
        let columns = Columns::of(page.width(), words);
        page.line(Span::styled(columns.head(words), page.theme.faint()));
        let chosen = self.change(self.cursor);
        let most = (page.rest() / 2).min(DETAILS);
        let details = chosen.map_or(Vec::new(), |change| details(change, page, words));
        let details: Vec<Line<'_>> = details.into_iter().take(most.saturating_sub(1)).collect();
        let room = page.rest().saturating_sub(most);
        let first = scroll(self.cursor, room, total);
        for at in first..total.min(first + room) {
            let here = at == self.cursor;
            let row = self.change(at);
            let row = row.map(|change| columns.row(change, here, page.theme, words));
            page.line(row.unwrap_or_else(|| Line::styled("  …", page.theme.faint())));
        }
        let (at, of) = (self.cursor as u64 + 1, total as u64);
        let place = format!(" {} / {} ", words.number(at), words.number(of));
        let rest = page.width().saturating_sub(place.width() + 2);
        let rule = format!("──{place}{}", "─".repeat(rest));
        page.line(Span::styled(rule, page.theme.faint()));
        for line in details {
            page.line(line);
        }
    }

    /// The change at this place among those that fit, if it was read.
    fn change(&self, at: usize) -> Option<&Change> {
        self.part.changes.get(at.checked_sub(self.part.from)?)
    }

    /// Draws what can be chosen, each with its number and its count, over as many lines as it needs.
    fn draw_sorts(&self, page: &mut Page<'_, '_>, words: &Words) {
        let mut line = Line::default();
        for (at, (which, count)) in self.sorts.iter().enumerate() {
            let name = match which {
                Which::Changes | Which::Everything => words.text("ui-changes-all"),
                Which::Kind(kind) => words.change(*kind),
                Which::Elsewhere => words.text("change-in-mailchimp"),
            };
            let text = format!(" {} {name} {} ", at + 1, words.number(*count));
            if line.width() > 0 && line.width() + text.width() > page.width() {
                page.line(std::mem::take(&mut line));
            }
            let style = if at == self.sort {
                page.theme.button()
            } else {
                Style::new()
            };
            line.push_span(Span::styled(text, style));
        }
        page.line(line);
    }
}

/// How wide the columns are.
struct Columns {
    what: usize,
    who: usize,
    told: usize,
}

impl Columns {
    fn of(width: usize, words: &Words) -> Self {
        let what = ChangeKind::ALL.map(|kind| words.change(kind).width());
        let what = what.into_iter().max().unwrap_or(0) + 4;
        let rest = width.saturating_sub(what);
        let who = (rest * 2 / 5).clamp(12, 40);
        let told = rest.saturating_sub(who);
        Self { what, who, told }
    }

    fn head(&self, words: &Words) -> String {
        let what = left(&format!("  {}", words.text("ui-col-what")), self.what - 1);
        let who = left(&words.text("ui-col-contact"), self.who - 1);
        format!("{what} {who} {}", words.text("ui-col-changes"))
    }

    fn row(&self, change: &Change, here: bool, theme: Theme, words: &Words) -> Line<'static> {
        let mark = if here { '❯' } else { ' ' };
        let what = format!("{mark}{} {}", change.what.sign(), words.change(change.what));
        let told = words.told(change).join(" · ");
        let style = if here { theme.here() } else { Style::new() };
        let tint = match change.what {
            _ if here => theme.here(),
            ChangeKind::Created | ChangeKind::Reinstated => theme.good(),
            ChangeKind::Updated | ChangeKind::Untagged => Style::new(),
            ChangeKind::Suppressed => theme.warn(),
            ChangeKind::Rejected => theme.bad(),
            ChangeKind::Unchanged => theme.faint(),
        };
        Line::from(vec![
            Span::styled(left(&what, self.what - 1) + " ", tint),
            Span::styled(left(change.who(), self.who - 1) + " ", style),
            Span::styled(cut(&told, self.told), style),
        ])
    }
}

/// All that is known of the chosen contact, line by line.
fn details(change: &Change, page: &Page<'_, '_>, words: &Words) -> Vec<Line<'static>> {
    let mut named = vec![change.who()];
    for part in [change.profile.as_deref().unwrap_or(""), &change.place] {
        if !part.is_empty() && !named.contains(&part) {
            named.push(part);
        }
    }
    let who = cut(&named.join(" · "), page.width());
    let mut lines = vec![Line::styled(who, page.theme.strong())];
    let advice = change.reason.map(|reason| words.advice(reason));
    // As one text, tags and all: what does not fit into a line goes on in the next.
    let told = words.told(change).join("  ·  ");
    let told = wrap(&told, page.width()).into_iter().map(Line::raw);
    lines.extend(told);
    lines.extend(advice.into_iter().flat_map(|advice| {
        let advice = wrap(&format!("→ {advice}"), page.width()).into_iter();
        advice.map(|line| Line::styled(line, page.theme.strong()))
    }));
    lines
}
