//! The saved destinations.

mod columns;
mod details;
mod list;
mod rows;

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::layout::Rect;

use super::field::Field;
use super::keys::{Command, Context};
use super::msg::{HomeData, Outcome, Row, Wait, Which};
use super::paint::{BORDERS, Page};
use super::table::{Columned, Layout, Order, headings};
use super::view::Hit;
use crate::domain::{Agenda, Destination, DestinationId};
use crate::store::SavedDraft;
use crate::words::Explanation;
use list::{Entry, List};
use rows::MARGIN;

pub(super) use columns::Column;
pub(super) use list::Seen;

/// The lines that the details of a destination need.
const DETAILS: usize = 12;
/// So many lines of the list are worth more than the details.
const FEW: usize = 5;

/// The home screen's own state.
#[derive(Debug)]
pub(super) struct Home {
    /// What is saved, once it is read.
    pub data: Wait<Box<HomeData>>,
    cursor: usize,
    order: Order<Column>,
    filter: Field,
    filtering: bool,
    /// The destination that the cursor goes to once it is listed.
    wanted: Option<String>,
    /// The names of the destinations that the user chose.
    chosen: BTreeSet<String>,
}

/// What the user chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    None,
    New,
    GoOn(Box<SavedDraft>),
    /// The destinations, in the order of the list.
    Run(Vec<Destination>, Which),
    Check(Box<Destination>),
    View(Box<Destination>),
    Edit(Box<Destination>),
    Rename(Box<Destination>),
    Duplicate(Box<Destination>),
    /// With whether a schedule of them has stopped.
    Schedule(Vec<Destination>, bool),
    Detach(Box<Destination>),
    Remove(Box<Destination>),
    Undo(Box<Destination>),
    History(Box<Destination>),
    DropDraft(Box<SavedDraft>),
    /// Why nothing can be done with it.
    Tell(Box<Explanation>),
    Open(Box<Destination>),
    /// To the saved logins.
    Logins,
    /// Back to the list.
    Home,
    Quit,
}

impl Default for Home {
    fn default() -> Self {
        Self {
            data: Wait::Idle,
            cursor: 0,
            order: Order::by(Column::Name),
            filter: Field::default(),
            filtering: false,
            wanted: None,
            chosen: BTreeSet::new(),
        }
    }
}

impl Home {
    pub fn context(&self) -> Context {
        if self.filtering {
            Context::Filter
        } else {
            Context::Home
        }
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command, seen: Seen<'_>) -> bool {
        let entries = self.list(seen).entries;
        let here = entries.get(self.cursor);
        let saved = match here {
            Some(Entry::Saved(listed)) => Some(listed),
            _ => None,
        };
        let last = saved.and_then(|listed| listed.row.last.as_ref());
        match command {
            Command::Run | Command::Fresh | Command::Schedule => {
                saved.is_some() || !self.chosen.is_empty()
            }
            Command::Check
            | Command::Choose
            | Command::View
            | Command::Rename
            | Command::Duplicate
            | Command::History => saved.is_some(),
            Command::Remove | Command::Edit => {
                saved.is_some() || matches!(here, Some(Entry::Draft(_)))
            }
            Command::Back => {
                self.filtering || !self.filter.text().is_empty() || !self.chosen.is_empty()
            }
            Command::Undo => last.is_some_and(|last| last.report.undo.undone_by.is_none()),
            Command::Enter => here.is_some() || self.filtering,
            Command::All | Command::Sort | Command::Reverse => {
                let is_saved = |entry: &&Entry<'_>| matches!(entry, Entry::Saved(_));
                let more_than = usize::from(command != Command::All);
                entries.iter().filter(is_saved).count() > more_than
            }
            Command::Filter => !entries.is_empty() || !self.filter.text().is_empty(),
            _ => true,
        }
    }

    fn drafts(&self) -> &[SavedDraft] {
        let data = self.data.get();
        data.map(|data| data.drafts.as_slice()).unwrap_or_default()
    }

    /// Finds what was begun to be changed of a destination.
    pub fn edited(&self, id: &DestinationId) -> Option<&SavedDraft> {
        let mut drafts = self.drafts().iter();
        drafts.find(|draft| draft.former.as_ref() == Some(id))
    }

    /// Names a new draft, by the time, so that two programs at once do not take the same name.
    pub fn free_id(&self, now: Timestamp) -> String {
        let taken = |id: &String| self.drafts().iter().any(|draft| draft.id == *id);
        let mut ids = (now.as_millisecond()..).map(|id| id.to_string());
        ids.find(|id| !taken(id)).unwrap_or_default()
    }

    /// Takes what was read; the cursor stays on its line.
    pub fn take(&mut self, data: Outcome<Box<HomeData>>, seen: Seen<'_>) {
        self.keeping(seen, |home| home.data.settle(data));
        if let Some(wanted) = self.wanted.take() {
            let entries = self.list(seen).entries;
            let place = entries
                .iter()
                .position(|entry| entry.id() == (1, wanted.as_str()));
            self.cursor = place.unwrap_or(self.cursor);
        }
    }

    /// Has the cursor go to a destination once that is listed.
    pub fn go_to(&mut self, name: &str) {
        self.wanted = Some(name.to_owned());
    }

    /// Tells whether there is a destination of this name.
    pub fn has(&self, name: &str) -> bool {
        let data = self.data.get();
        data.is_some_and(|data| {
            data.rows
                .iter()
                .any(|row| row.destination.name.matches(name))
        })
    }

    fn list<'a>(&'a self, seen: Seen<'a>) -> List<'a> {
        match self.data.get() {
            Some(data) => List::of(data, self.filter.text(), self.order, seen),
            None => List::default(),
        }
    }

    /// Changes what the list shows, and keeps the cursor on the line that it is on.
    fn keeping(&mut self, seen: Seen<'_>, change: impl FnOnce(&mut Self)) {
        let before = self.list(seen).entries;
        let held = before.get(self.cursor).map(|entry| {
            let (kind, name) = entry.id();
            (kind, name.to_owned())
        });
        change(self);
        let entries = self.list(seen).entries;
        let held = held.as_ref().map(|(kind, name)| (*kind, name.as_str()));
        let place = entries.iter().position(|entry| Some(entry.id()) == held);
        let end = entries.len().saturating_sub(1);
        self.cursor = place.unwrap_or(self.cursor).min(end);
    }

    /// Which line the cursor is on.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts the cursor on a line.
    pub fn select(&mut self, line: usize) {
        self.cursor = line;
    }

    /// Sorts by the column whose heading was clicked on.
    pub fn sort(&mut self, column: usize, seen: Seen<'_>) {
        self.keeping(seen, |home| {
            home.order = home.order.click(Column::ALL[column]);
        });
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, seen: Seen<'_>) -> Choice {
        let last = self.list(seen).entries.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match command {
            Command::Back | Command::Enter if self.filtering => {
                self.filtering = false;
                if command == Command::Back {
                    self.keeping(seen, |home| home.filter.set(""));
                }
            }
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp | Command::First => self.cursor = 0,
            Command::PageDown | Command::Last => self.cursor = last,
            Command::Enter
            | Command::Run
            | Command::Fresh
            | Command::Check
            | Command::View
            | Command::Edit
            | Command::Rename
            | Command::Duplicate
            | Command::Schedule
            | Command::Remove
            | Command::Undo
            | Command::History => return self.asked(command, seen),
            Command::Choose => self.choose(seen),
            Command::All => self.choose_all(seen),
            Command::Back if !self.filter.text().is_empty() => {
                self.keeping(seen, |home| home.filter.set(""));
            }
            Command::Back => self.chosen.clear(),
            Command::Sort => self.keeping(seen, |home| home.order = home.order.next()),
            Command::Reverse => self.keeping(seen, |home| home.order = home.order.reverse()),
            Command::Logins => return Choice::Logins,
            Command::New => return Choice::New,
            Command::Filter => self.filtering = true,
            Command::Quit => return Choice::Quit,
            _ if self.filtering => {
                self.filter.key(event);
                self.cursor = 0;
            }
            _ => {}
        }
        Choice::None
    }

    /// Chooses the destination that the cursor is on, or no longer.
    fn choose(&mut self, seen: Seen<'_>) {
        let list = self.list(seen);
        if let Some(Entry::Saved(listed)) = list.entries.get(self.cursor) {
            let name = listed.name().to_owned();
            if !self.chosen.remove(&name) {
                self.chosen.insert(name);
            }
        }
    }

    /// Chooses all that are listed, or none of them if all are chosen already.
    fn choose_all(&mut self, seen: Seen<'_>) {
        let list = self.list(seen);
        let saved = list.entries.iter().filter_map(|entry| match entry {
            Entry::Saved(listed) => Some(listed.name().to_owned()),
            Entry::Draft(_) | Entry::Broken(_) => None,
        });
        let listed: BTreeSet<String> = saved.collect();
        if listed.is_subset(&self.chosen) {
            self.chosen.retain(|name| !listed.contains(name));
        } else {
            self.chosen.extend(listed);
        }
    }

    /// Lets go of what was chosen.
    pub fn unchoose(&mut self) {
        self.chosen.clear();
    }

    /// Lists the chosen destinations in the order of the list, whatever the filter lets through.
    fn all_chosen(&self, seen: Seen<'_>) -> Vec<Destination> {
        let Some(data) = self.data.get() else {
            return Vec::new();
        };
        let entries = List::of(data, "", self.order, seen).entries.into_iter();
        let chosen = entries.filter_map(|entry| match entry {
            Entry::Saved(listed) if self.chosen.contains(listed.name()) => {
                Some(listed.row.destination.clone())
            }
            _ => None,
        });
        chosen.collect()
    }

    /// Finds what a command means for what is chosen, or for what the cursor is on.
    fn asked(&self, command: Command, seen: Seen<'_>) -> Choice {
        let which = match command {
            Command::Run => Some(Which::Usual),
            Command::Fresh => Some(Which::Fresh),
            _ => None,
        };
        let chosen = self.all_chosen(seen);
        match which {
            _ if chosen.is_empty() => {}
            Some(which) => return Choice::Run(chosen, which),
            None if command == Command::Schedule => return self.scheduled(chosen),
            None => {}
        }
        match self.list(seen).entries.get(self.cursor) {
            None if command == Command::Enter => Choice::New,
            None => Choice::None,
            Some(Entry::Draft(saved)) => match command {
                Command::Remove => Choice::DropDraft(Box::new((*saved).clone())),
                Command::Enter | Command::Edit => Choice::GoOn(Box::new((*saved).clone())),
                _ => Choice::None,
            },
            Some(Entry::Saved(listed)) => {
                let destination = Box::new(listed.row.destination.clone());
                match (command, which) {
                    (_, Some(which)) => Choice::Run(vec![*destination], which),
                    (Command::Check, _) => Choice::Check(destination),
                    (Command::View, _) => Choice::View(destination),
                    (Command::Edit, _) => Choice::Edit(destination),
                    (Command::Rename, _) => Choice::Rename(destination),
                    (Command::Schedule, _) => self.scheduled(vec![*destination]),
                    (Command::Duplicate, _) => Choice::Duplicate(destination),
                    (Command::Remove, _) => Choice::Remove(destination),
                    (Command::Undo, _) => Choice::Undo(destination),
                    (Command::History, _) => Choice::History(destination),
                    _ => Choice::Open(destination),
                }
            }
            Some(Entry::Broken(broken)) => Choice::Tell(Box::new(broken.why.clone())),
        }
    }

    fn scheduled(&self, all: Vec<Destination>) -> Choice {
        let rows = self.data.get().map_or(&[][..], |data| &data.rows);
        let asked = |row: &Row| all.iter().any(|one| one.id() == row.destination.id());
        let stopped = |row: &Row| row.agenda.as_ref().is_some_and(Agenda::is_stopped);
        let stopped = rows.iter().any(|row| asked(row) && stopped(row));
        Choice::Schedule(all, stopped)
    }

    pub fn paste(&mut self, text: &str) {
        if self.filtering {
            self.filter.paste(text);
            self.cursor = 0;
        }
    }

    /// Says how many destinations there are, and how many of them are listed or chosen.
    pub fn place(&self, seen: Seen<'_>) -> String {
        let Some(data) = self.data.get().filter(|data| !data.rows.is_empty()) else {
            return String::new();
        };
        let is_listed = |entry: &&Entry<'_>| matches!(entry, Entry::Saved(_));
        let entries = self.list(seen).entries;
        let listed = entries.iter().filter(is_listed).count();
        let args = [
            ("count", data.rows.len().into()),
            ("listed", listed.into()),
            ("chosen", self.all_chosen(seen).len().into()),
        ];
        let words = seen.words;
        let key = if listed == data.rows.len() {
            "home-count"
        } else {
            "home-listed"
        };
        let mut place = words.with(key, &args);
        if !self.chosen.is_empty() {
            place = format!("{place} · {}", words.with("home-chosen", &args));
        }
        place
    }

    /// Draws the list, and below it what the cursor is on; tells where lines and headings are.
    pub fn draw(&self, page: &mut Page<'_, '_>, seen: Seen<'_>, hits: &mut Vec<(Rect, Hit)>) {
        let words = seen.words;
        let Some(data) = self.data.get() else {
            let rest = page.rest();
            let page = &mut page.panel(rest, (&words.text("home-title"), ""));
            return match self.data.failure() {
                Some(why) => page.failure(why),
                None => page.text(&words.text("ui-looking"), page.theme.faint()),
            };
        };
        if data.rows.is_empty() && data.drafts.is_empty() && data.broken.is_empty() {
            let rest = page.rest();
            return details::empty(
                &mut page.panel(rest, (&words.text("home-title"), "")),
                words,
            );
        }
        let List { entries, widest } = self.list(seen);
        let filters = self.filtering || !self.filter.text().is_empty();
        let needed = entries.len().max(1) + BORDERS + 1 + usize::from(filters);
        // The details keep their room while some of the list is in sight all the same.
        let height = match page.rest().checked_sub(DETAILS) {
            Some(rest) if rest >= FEW + BORDERS => needed.min(rest),
            _ => page.rest(),
        };
        let list = &mut page.panel(height, (&words.text("home-title"), ""));
        if filters {
            let label = format!("{} ", words.text("ui-picker-filter"));
            self.filter.draw(list, &label, self.filtering);
        }
        let room = list.width().saturating_sub(MARGIN);
        let layout = Layout::of(room, &widest, self.order.by, None);
        headings(list, MARGIN, (&layout, self.order), words, hits);
        if entries.is_empty() {
            list.text(&words.text("ui-home-no-match"), list.theme.faint());
        }
        list.list((self.cursor, entries.len()), words, |list, at| {
            let here = at == self.cursor;
            hits.push((list.area(1), Hit::Line(at)));
            let mark = u16::try_from(MARGIN).unwrap_or(0);
            let mark = list.area(1).intersection(Rect {
                width: mark,
                ..list.area(1)
            });
            hits.push((mark, Hit::Mark(at)));
            match &entries[at] {
                Entry::Draft(saved) => rows::unfinished(list, saved, here, words),
                Entry::Saved(listed) => {
                    let chosen = self.chosen.contains(listed.name());
                    rows::saved(list, listed, (here, chosen), &layout);
                }
                Entry::Broken(broken) => rows::broken(list, broken, here, &layout),
            }
        });
        if page.rest() >= DETAILS {
            details::draw(page, entries.get(self.cursor), words);
        }
    }
}
