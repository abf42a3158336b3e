//! What the list shows, and in which order: pure functions over what was read and what is going on.

use std::cmp::Ordering;

use unicode_width::UnicodeWidthStr;

use super::super::live::{Live, processing};
use super::super::msg::{Broken, HomeData, Row};
use super::columns::{COLUMNS, Column, Order, widest};
use crate::domain::{Destination, LoginName, SourceSpec};
use crate::export::{Outcome, Report};
use crate::store::SavedDraft;
use crate::words::{Explanation, Words};

/// What the list is made of besides what was read.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Seen<'a> {
    pub words: &'a Words,
    pub runs: &'a [Live],
}

/// What a line of the list stands for.
#[derive(Debug)]
pub(super) enum Entry<'a> {
    Draft(&'a SavedDraft),
    Saved(Box<Listed<'a>>),
    Broken(&'a Broken),
}

/// A destination with what stands in its columns.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub row: &'a Row,
    pub standing: Standing<'a>,
    pub cells: [String; COLUMNS],
}

/// How a destination stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing<'a> {
    /// A run goes on, or waits for its turn.
    Live(&'a Live),
    /// The latest run failed before it could write a report.
    Broke(&'a Explanation),
    /// It ran, and nothing came of it since.
    Last(&'a Report),
    /// It never ran.
    Never,
}

impl Entry<'_> {
    /// Tells two lines apart, however they are sorted.
    pub fn id(&self) -> (u8, &str) {
        match self {
            Self::Draft(saved) => (0, &saved.id),
            Self::Saved(listed) => (1, listed.name()),
            Self::Broken(broken) => (2, &broken.name),
        }
    }
}

impl<'a> Listed<'a> {
    fn of(row: &'a Row, seen: Seen<'a>) -> Self {
        let mut runs = seen.runs.iter();
        let run = runs.find(|run| run.is_of(&row.destination.name));
        let last = row.last.as_ref().map(|(report, _)| report);
        let broke = run.and_then(|run| run.broke_after(last.map(|report| report.ended_at)));
        let standing = match (run.filter(|run| run.end.is_none()), broke, last) {
            (Some(live), ..) => Standing::Live(live),
            (None, Some(why), _) => Standing::Broke(why),
            (None, None, Some(report)) => Standing::Last(report),
            (None, None, None) => Standing::Never,
        };
        Self {
            cells: Column::ALL.map(|column| cell(column, row, standing, seen.words)),
            row,
            standing,
        }
    }

    pub fn name(&self) -> &'a str {
        self.row.destination.name.as_str()
    }

    pub fn cell(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    /// Compares by a column; equals by name.
    fn compare(&self, other: &Self, order: Order) -> Ordering {
        let lower = |listed: &Self, column| listed.cell(column).to_lowercase();
        let ended = |listed: &Self| listed.row.last.as_ref().map(|(report, _)| report.ended_at);
        let by = match order.by {
            Column::Name | Column::Source | Column::Audience | Column::Login | Column::Schedule => {
                lower(self, order.by).cmp(&lower(other, order.by))
            }
            Column::Status => self.standing.rank().cmp(&other.standing.rank()),
            Column::Refreshed => ended(self).cmp(&ended(other)),
            Column::Updated => self.row.updated.cmp(&other.row.updated),
        };
        let by = if order.reversed { by.reverse() } else { by };
        by.then_with(|| lower(self, Column::Name).cmp(&lower(other, Column::Name)))
    }
}

impl Standing<'_> {
    /// What goes on comes first, then what wants to be looked at.
    fn rank(self) -> u8 {
        match self {
            Self::Live(_) => 0,
            Self::Broke(_) => 1,
            Self::Last(report) if report.undo.undone_by.is_some() => 7,
            Self::Last(report) => match report.ended.outcome {
                Outcome::Failed => 1,
                Outcome::Refused => 2,
                Outcome::SignInNeeded => 3,
                Outcome::Stopped => 4,
                Outcome::DoneWithRejects => 5,
                Outcome::Done => 6,
            },
            Self::Never => 8,
        }
    }

    /// The sign before the status.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Live(live) if live.is_waiting() => "…",
            Self::Live(_) => "▸",
            Self::Broke(_) => "✗",
            Self::Never => " ",
            Self::Last(report) if report.undo.undone_by.is_some() => " ",
            Self::Last(report) => match report.ended.outcome {
                Outcome::Done => "✓",
                Outcome::DoneWithRejects | Outcome::Stopped => "!",
                Outcome::Failed | Outcome::Refused | Outcome::SignInNeeded => "✗",
            },
        }
    }

    fn text(self, words: &Words) -> String {
        let report = match self {
            Self::Live(live) => return live.short(words),
            Self::Broke(_) => return words.text("ui-outcome-failed"),
            Self::Never => return words.text("list-never"),
            Self::Last(report) if report.undo.undone_by.is_some() => {
                return words.text("ui-outcome-undone");
            }
            Self::Last(report) => report,
        };
        let counters = &report.ended.counters;
        match report.ended.outcome {
            Outcome::Done => {
                let changed = counters.created + counters.updated;
                words.with("ui-outcome-changed", &[("count", changed.into())])
            }
            Outcome::DoneWithRejects => {
                let rejected = [("count", counters.rejected.into())];
                words.with("ui-outcome-rejected", &rejected)
            }
            Outcome::Stopped => words.text("ui-outcome-stopped"),
            Outcome::Failed => words.text("ui-outcome-failed"),
            Outcome::Refused => words.text("ui-outcome-refused"),
            Outcome::SignInNeeded => words.text("ui-outcome-sign-in"),
        }
    }
}

/// What stands in a column of a destination.
fn cell(column: Column, row: &Row, standing: Standing<'_>, words: &Words) -> String {
    let destination = &row.destination;
    match column {
        Column::Name => destination.name.to_string(),
        Column::Source => words.text(match destination.source {
            SourceSpec::Folder(_) => "home-source-folder",
            SourceSpec::Dataverse(_) => "home-source-dataverse",
            SourceSpec::Insights(_) => "home-source-insights",
        }),
        Column::Audience => audience(destination).to_owned(),
        Column::Login => {
            let none = words.text("no-connection");
            let login = destination.login.as_ref();
            let login = login.map_or(none.as_str(), LoginName::as_str);
            let both = std::iter::once(login);
            let both = both.chain(destination.source_login.as_ref().map(LoginName::as_str));
            both.collect::<Vec<_>>().join(" · ")
        }
        Column::Status => format!("{} {}", standing.sign(), standing.text(words)),
        Column::Refreshed => {
            let last = row.last.as_ref();
            last.map_or_else(String::new, |(report, _)| words.date_time(report.ended_at))
        }
        Column::Schedule => words.text("home-schedule-off"),
        Column::Updated => row
            .updated
            .map(|at| words.date_time(at))
            .unwrap_or_default(),
    }
}

/// The audience's name, or its ID where no name is known.
fn audience(destination: &Destination) -> &str {
    match destination.audience_name.as_str() {
        "" => destination.audience.as_str(),
        name => name,
    }
}

/// The list, and how wide the texts of its columns are, whatever the filter lets through.
#[derive(Debug, Default)]
pub(super) struct List<'a> {
    pub entries: Vec<Entry<'a>>,
    pub widest: [usize; COLUMNS],
}

impl<'a> List<'a> {
    /// Lists drafts, then destinations in their order, then what is broken: of each what the filter lets through, which
    /// looks at every column, upper and lower case alike.
    pub fn of(data: &'a HomeData, filter: &str, order: Order, seen: Seen<'a>) -> Self {
        let wanted = filter.trim().to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        let mut saved: Vec<_> = data.rows.iter().map(|row| Listed::of(row, seen)).collect();
        let mut widest = widest(saved.iter().map(|listed| &listed.cells), order, seen.words);
        if saved
            .iter()
            .any(|listed| matches!(listed.standing, Standing::Live(_)))
        {
            // Columns do not move with every percent.
            let status = &mut widest[Column::Status as usize];
            *status = (*status).max(2 + processing(0.999, seen.words).width());
        }
        saved.retain(|listed| listed.cells.iter().any(|cell| fits(cell)));
        saved.sort_by(|one, other| one.compare(other, order));
        let drafts = data.drafts.iter().filter(|saved| fits(&saved.draft.name));
        let broken = data.broken.iter().filter(|broken| fits(&broken.name));
        let saved = saved.into_iter().map(Box::new).map(Entry::Saved);
        Self {
            entries: drafts
                .map(Entry::Draft)
                .chain(saved)
                .chain(broken.map(Entry::Broken))
                .collect(),
            widest,
        }
    }
}
