//! The saved destinations.

mod rows;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::Span;

use super::field::Field;
use super::keys::{Command, Context};
use super::msg::{Broken, HomeData, Wait, Which};
use super::paint::{Page, left, scroll};
use super::pane::Live;
use super::wizard::facts;
use crate::domain::{Destination, Draft};
use crate::export::Report;
use crate::store::SavedDraft;
use crate::words::{Explanation, Words};
use rows::Widths;

/// The lines that the details of a destination need.
const DETAILS: usize = 11;

/// A destination with its last report and where its rejects are.
type Row = (Destination, Option<(Report, PathBuf)>);

/// What a line of the list stands for, in the order of the list.
#[derive(Debug, Clone, Copy)]
enum Entry<'a> {
    Draft(&'a SavedDraft),
    Saved(&'a Row),
    Broken(&'a Broken),
}

/// The home screen's own state.
#[derive(Debug, Default)]
pub(super) struct Home {
    /// What is saved, once it is read.
    pub data: Wait<Box<HomeData>>,
    cursor: usize,
    filter: Field,
    filtering: bool,
}

/// What the user chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    None,
    New,
    GoOn(Box<SavedDraft>),
    Run(Box<Destination>, Which),
    Check(Box<Destination>),
    Edit(Box<Destination>),
    Remove(Box<Destination>),
    Undo(Box<Destination>),
    DropDraft(Box<SavedDraft>),
    /// Why nothing can be done with it.
    Tell(Box<Explanation>),
    Open(Box<Destination>),
    Quit,
}

impl Home {
    pub fn context(&self) -> Context {
        if self.filtering {
            Context::Filter
        } else {
            Context::Home
        }
    }

    fn drafts(&self) -> &[SavedDraft] {
        let data = self.data.get();
        data.map(|data| data.drafts.as_slice()).unwrap_or_default()
    }

    /// Finds what was begun to be changed of a destination.
    pub fn edited(&self, name: &str) -> Option<&SavedDraft> {
        let mut drafts = self.drafts().iter();
        drafts.find(|draft| draft.former.as_deref() == Some(name))
    }

    /// Names a new draft, by the time, so that two programs at once do not take the same name.
    pub fn free_id(&self, now: Timestamp) -> String {
        let taken = |id: &String| self.drafts().iter().any(|draft| draft.id == *id);
        let mut ids = (now.as_millisecond()..).map(|id| id.to_string());
        ids.find(|id| !taken(id)).unwrap_or_default()
    }

    /// Lists what is shown: drafts, then what the filter lets through.
    fn entries(&self) -> Vec<Entry<'_>> {
        let Some(data) = self.data.get() else {
            return Vec::new();
        };
        let wanted = self.filter.text().to_lowercase();
        let fits = |name: &str| name.to_lowercase().contains(&wanted);
        let saved = data.rows.iter().filter(|row| fits(row.0.name.as_str()));
        let broken = data.broken.iter().filter(|broken| fits(&broken.name));
        let drafts = data.drafts.iter().map(Entry::Draft);
        drafts
            .chain(saved.map(Entry::Saved))
            .chain(broken.map(Entry::Broken))
            .collect()
    }

    /// Puts the cursor on a row.
    pub fn select(&mut self, row: usize) {
        self.cursor = row;
    }

    pub fn key(&mut self, command: Command, event: KeyEvent) -> Choice {
        let last = self.entries().len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match command {
            Command::Back | Command::Enter if self.filtering => {
                self.filtering = false;
                if command == Command::Back {
                    self.filter.set("");
                }
            }
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp | Command::First => self.cursor = 0,
            Command::PageDown | Command::Last => self.cursor = last,
            Command::Enter
            | Command::Choose
            | Command::Run
            | Command::Fresh
            | Command::Check
            | Command::Edit
            | Command::Remove
            | Command::Undo => return self.chosen(command),
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

    /// Finds what a command means for what the cursor is on.
    fn chosen(&self, command: Command) -> Choice {
        let opens = matches!(command, Command::Enter | Command::Choose);
        match self.entries().get(self.cursor) {
            None if opens => Choice::New,
            None => Choice::None,
            Some(Entry::Draft(saved)) => match command {
                Command::Remove => Choice::DropDraft(Box::new((*saved).clone())),
                Command::Run | Command::Fresh | Command::Check | Command::Undo => Choice::None,
                _ => Choice::GoOn(Box::new((*saved).clone())),
            },
            Some(Entry::Saved((destination, _))) => {
                let destination = Box::new(destination.clone());
                match command {
                    Command::Run => Choice::Run(destination, Which::Usual),
                    Command::Fresh => Choice::Run(destination, Which::Fresh),
                    Command::Check => Choice::Check(destination),
                    Command::Edit => Choice::Edit(destination),
                    Command::Remove => Choice::Remove(destination),
                    Command::Undo => Choice::Undo(destination),
                    _ => Choice::Open(destination),
                }
            }
            Some(Entry::Broken(broken)) => Choice::Tell(Box::new(broken.why.clone())),
        }
    }

    pub fn paste(&mut self, text: &str) {
        if self.filtering {
            self.filter.paste(text);
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words, runs: &[Live]) {
        if let Some(why) = self.data.failure() {
            return page.failure(why);
        }
        let Some(data) = self.data.get() else { return };
        if data.rows.is_empty() && data.drafts.is_empty() && data.broken.is_empty() {
            return empty(page, words);
        }
        if self.filtering || !self.filter.text().is_empty() {
            let label = format!("{} ", words.text("ui-picker-filter"));
            self.filter.draw(page, &label, self.filtering);
        } else {
            page.gap();
        }
        let widths = Widths::of(page.width());
        let head = widths.row([
            &words.text("ui-col-destination"),
            &words.text("ui-col-audience"),
            &words.text("label-segments"),
            &words.text("ui-col-last"),
            &words.text("ui-col-outcome"),
        ]);
        page.line(Span::styled(format!("  {head}"), page.theme.faint()));
        let entries = self.entries();
        if entries.is_empty() {
            page.text(&words.text("ui-home-no-match"), page.theme.faint());
        }
        let room = entries.len().min(page.rest()).max(page.rest() / 2);
        let first = scroll(self.cursor, room, entries.len());
        for (at, entry) in entries.iter().enumerate().skip(first).take(room) {
            let here = at == self.cursor;
            match entry {
                Entry::Draft(saved) => rows::unfinished(page, saved, here, words),
                Entry::Saved(row) => {
                    let mut live = runs.iter().filter(|run| run.end.is_none());
                    let live = live.find(|run| run.destination.name == row.0.name);
                    rows::saved(page, (row, live), here, &widths, words);
                }
                Entry::Broken(broken) => rows::broken(page, broken, here, &widths, words),
            }
        }
        match entries.get(self.cursor) {
            Some(Entry::Saved(row)) if page.rest() >= DETAILS => details(page, row, words),
            Some(Entry::Broken(broken)) if page.rest() >= DETAILS => {
                page.gap();
                page.rule();
                page.failure(&broken.why);
            }
            _ => {}
        }
    }
}

/// Draws what the chosen destination is and what its last run did.
fn details(page: &mut Page<'_, '_>, (destination, last): &Row, words: &Words) {
    page.gap();
    page.rule();
    let draft = Draft::from(destination.clone());
    for (key, _, value) in facts(&draft, words).into_iter().skip(2) {
        page.fact(&left(&words.text(key), 16), &value);
    }
    if let Some((report, _)) = last {
        page.gap();
        super::report::in_short(page, report, words);
    }
}

fn empty(page: &mut Page<'_, '_>, words: &Words) {
    page.gap();
    page.text(&words.text("ui-home-empty"), Style::new());
    page.gap();
    page.text(&words.text("ui-home-empty-new"), page.theme.strong());
    page.text(&words.text("ui-home-empty-demo"), page.theme.faint());
}
