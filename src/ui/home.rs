//! The saved destinations.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::field::Field;
use super::keys::{Command, Context};
use super::msg::{HomeData, Wait};
use super::paint::{Page, cut, left, right, scroll};
use super::pane::Live;
use super::wizard::facts;
use crate::domain::{Destination, Draft};
use crate::export::{Outcome, Report};
use crate::store::SavedDraft;
use crate::words::Words;

/// The lines that the details of a destination need.
const DETAILS: usize = 11;

/// A destination with its last report and where its rejects are.
type Row = (Destination, Option<(Report, PathBuf)>);

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
    Run(Box<Destination>),
    Check(Box<Destination>),
    Edit(Box<Destination>),
    Remove(String),
    DropDraft(Box<SavedDraft>),
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

    fn shown(&self) -> Vec<&Row> {
        let wanted = self.filter.text().to_lowercase();
        let rows = self
            .data
            .get()
            .map(|data| data.rows.as_slice())
            .unwrap_or_default();
        rows.iter()
            .filter(|(row, _)| row.name.as_str().to_lowercase().contains(&wanted))
            .collect()
    }

    /// Puts the cursor on a row.
    pub fn select(&mut self, row: usize) {
        self.cursor = row;
    }

    pub fn key(&mut self, command: Command, event: KeyEvent) -> Choice {
        let drafts = self.drafts().len();
        let last = (self.shown().len() + drafts).saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let draft = self.drafts().get(self.cursor).cloned();
        let here = self
            .cursor
            .checked_sub(drafts)
            .and_then(|at| self.shown().get(at).map(|row| row.0.clone()));
        let chosen = |make: fn(Box<Destination>) -> Choice| {
            here.clone().map_or(Choice::None, |row| make(Box::new(row)))
        };
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
            Command::Enter | Command::Choose | Command::Edit if draft.is_some() => {
                return draft.map_or(Choice::None, |saved| Choice::GoOn(Box::new(saved)));
            }
            Command::Enter | Command::Choose if here.is_none() => return Choice::New,
            Command::Enter | Command::Choose => return chosen(Choice::Open),
            Command::New => return Choice::New,
            Command::Run => return chosen(Choice::Run),
            Command::Check => return chosen(Choice::Check),
            Command::Edit => return chosen(Choice::Edit),
            Command::Remove => {
                let row = here.map(|row| Choice::Remove(row.name.to_string()));
                let draft = draft.map(|saved| Choice::DropDraft(Box::new(saved)));
                return draft.or(row).unwrap_or(Choice::None);
            }
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
        if data.rows.is_empty() && data.drafts.is_empty() {
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
        let (drafts, shown) = (&data.drafts, self.shown());
        if shown.is_empty() && drafts.is_empty() {
            page.text(&words.text("ui-home-no-match"), page.theme.faint());
        }
        let all = drafts.len() + shown.len();
        let room = all.min(page.rest()).max(page.rest() / 2);
        let first = scroll(self.cursor, room, all);
        for at in (first..all).take(room) {
            let here = at == self.cursor;
            if let Some(saved) = drafts.get(at) {
                unfinished(page, saved, here, words);
            } else if let Some(row) = shown.get(at - drafts.len()) {
                let live = runs
                    .iter()
                    .find(|run| run.end.is_none() && run.destination.name == row.0.name);
                draw_row(page, (row, live), here, &widths, words);
            }
        }
        let here = self.cursor.checked_sub(drafts.len());
        let here = here.and_then(|at| shown.get(at));
        if let Some(row) = here.filter(|_| page.rest() >= DETAILS) {
            details(page, row, words);
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

fn unfinished(page: &mut Page<'_, '_>, saved: &SavedDraft, here: bool, words: &Words) {
    let name = if saved.draft.name.is_empty() {
        words.text("ui-home-nameless")
    } else {
        saved.draft.name.clone()
    };
    let step = words.text(super::wizard::STEPS[saved.step.min(9)]);
    let key = match saved.former {
        Some(_) => "ui-home-edited",
        None => "ui-home-unfinished",
    };
    let args = [("name", name.into()), ("step", step.into())];
    let text = cut(&words.with(key, &args), page.width() - 2);
    let (mark, style) = if here {
        ("❯ ", page.theme.here())
    } else {
        ("  ", page.theme.warn())
    };
    page.line(Span::styled(format!("{mark}{text}"), style));
}

fn draw_row(
    page: &mut Page<'_, '_>,
    ((destination, last), live): (&Row, Option<&Live>),
    here: bool,
    widths: &Widths,
    words: &Words,
) {
    let (sign, outcome) = outcome(last.as_ref().map(|(report, _)| report), live, words);
    let when = last.as_ref().map_or_else(
        || words.text("ui-home-never"),
        |(report, _)| words.date_time(report.ended_at),
    );
    let audience = if destination.audience_name.is_empty() {
        destination.audience.as_str()
    } else {
        &destination.audience_name
    };
    let count = words.number(destination.segments.len() as u64);
    let cells = [destination.name.as_str(), audience, &count, &when, ""];
    let (mark, style) = if here {
        ("❯ ", page.theme.here())
    } else {
        ("  ", Style::new())
    };
    let tint = match sign {
        "✓" => page.theme.good(),
        "!" => page.theme.warn(),
        "✗" => page.theme.bad(),
        _ => Style::new(),
    };
    page.line(Line::from(vec![
        Span::styled(mark, style),
        Span::styled(widths.row(cells), style),
        Span::styled(format!("{sign} {}", cut(&outcome, widths.outcome)), tint),
    ]));
}

/// How wide the columns are; the narrow screen goes without audience and segments.
struct Widths {
    name: usize,
    audience: usize,
    segments: usize,
    last: usize,
    outcome: usize,
}

impl Widths {
    fn of(width: usize) -> Self {
        let width = width.saturating_sub(2);
        let (audience, segments) = match width {
            0..76 => (0, 0),
            76..100 => (13, 11),
            _ => (26, 11),
        };
        let last = 19;
        let outcome = (width / 5).max(14);
        let name = width
            .saturating_sub(audience + segments + last + outcome + 2)
            .max(8);
        Self {
            name,
            audience,
            segments,
            last,
            outcome,
        }
    }

    fn row(&self, cells: [&str; 5]) -> String {
        let [name, audience, segments, last, outcome] = cells;
        let column = |text: &str, width: usize| match width {
            0 => String::new(),
            width => left(text, width - 1) + " ",
        };
        let count = if self.segments == 0 {
            String::new()
        } else {
            right(segments, self.segments - 2) + "  "
        };
        column(name, self.name)
            + &column(audience, self.audience)
            + &count
            + &column(last, self.last)
            + &cut(outcome, self.outcome)
    }
}

fn outcome(last: Option<&Report>, live: Option<&Live>, words: &Words) -> (&'static str, String) {
    if let Some(live) = live {
        return ("▸", live.short(words));
    }
    let Some(report) = last else {
        return (" ", String::new());
    };
    let counters = &report.ended.counters;
    match report.ended.outcome {
        Outcome::Done => (
            "✓",
            words.with(
                "ui-outcome-changed",
                &[("count", (counters.created + counters.updated).into())],
            ),
        ),
        Outcome::DoneWithRejects => (
            "!",
            words.with(
                "ui-outcome-rejected",
                &[("count", counters.rejected.into())],
            ),
        ),
        Outcome::Stopped => ("!", words.text("ui-outcome-stopped")),
        Outcome::Failed => ("✗", words.text("ui-outcome-failed")),
        Outcome::Refused => ("✗", words.text("ui-outcome-refused")),
        Outcome::SignInNeeded => ("✗", words.text("ui-outcome-sign-in")),
    }
}
