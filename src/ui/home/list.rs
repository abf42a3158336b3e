//! What the list shows, and in which order: pure functions over what was read and what is going on.

use std::cmp::Ordering;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::super::live::{Live, processing};
use super::super::msg::{Broken, HomeData, Last, Row};
use super::super::table::{Columned, Order};
use super::columns::{COLUMNS, Column};
use crate::domain::State;
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
    /// A run of this program goes on, or waits for its turn.
    Live(&'a Live),
    /// The latest run failed before it could write a report.
    Broke(&'a Explanation),
    /// It ran, or runs in another program.
    Last(&'a Last),
    /// It never ran, and its first run is due and waits.
    Due,
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
        let last = row.last.as_ref();
        let broke = run.and_then(|run| run.broke_after(last.map(|last| last.report.ended_at)));
        let is_due = row
            .agenda
            .as_ref()
            .is_some_and(|agenda| agenda.state(None).is_some());
        let standing = match (run.filter(|run| run.end.is_none()), broke, last) {
            (Some(live), ..) => Standing::Live(live),
            (None, Some(why), _) => Standing::Broke(why),
            (None, None, Some(last)) => Standing::Last(last),
            (None, None, None) if is_due => Standing::Due,
            (None, None, None) => Standing::Never,
        };
        Self {
            cells: std::array::from_fn(|at| cell(Column::ALL[at], row, standing, seen.words)),
            row,
            standing,
        }
    }

    pub fn name(&self) -> &'a str {
        self.row.destination.name.as_str()
    }

    pub fn cell(&self, column: Column) -> &str {
        &self.cells[column.at()]
    }

    /// The sign before what its status says.
    pub fn sign(&self) -> char {
        self.cell(Column::Status).chars().next().unwrap_or(' ')
    }

    /// Compares by a column; equals by name.
    fn compare(&self, other: &Self, order: Order<Column>) -> Ordering {
        let lower = |listed: &Self, column| listed.cell(column).to_lowercase();
        let ended = |listed: &Self| ended_at(listed.row);
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
    /// The state in the documented words, where there is one.
    fn state(self) -> Option<State> {
        match self {
            Self::Live(live) if live.is_waiting() => Some(State::Queued),
            Self::Live(_) => Some(State::Processing),
            Self::Broke(_) => Some(State::Failed),
            Self::Last(last) if last.report.undo.undone_by.is_some() => None,
            Self::Last(last) => Some(last.state),
            Self::Due => Some(State::Queued),
            Self::Never => None,
        }
    }

    /// How many could not be delivered though the run was successful.
    fn rejected(self) -> Option<u64> {
        match self {
            Self::Last(last) if last.state == State::Successful => {
                Some(last.report.ended.counters.rejected).filter(|count| *count > 0)
            }
            Self::Last(_) | Self::Live(_) | Self::Broke(_) | Self::Due | Self::Never => None,
        }
    }

    /// What goes on comes first, then what wants to be looked at.
    fn rank(self) -> u8 {
        match self.state() {
            Some(State::Processing) => 0,
            Some(State::Queued) => 1,
            Some(State::Failed) => 2,
            Some(State::Interrupted) => 3,
            Some(State::Cancelled) => 4,
            Some(State::Skipped) => 5,
            Some(State::Successful) if self.rejected().is_some() => 6,
            Some(State::Successful) => 7,
            None => 8 + u8::from(matches!(self, Self::Never)),
        }
    }

    /// The sign before the status.
    pub fn sign(self) -> char {
        match self.state() {
            Some(state) => match self {
                Self::Last(last) if last.state == last.report.state() => last.report.sign(),
                _ => state.sign(),
            },
            None => ' ',
        }
    }

    fn text(self, words: &Words) -> String {
        match (self, self.state()) {
            (Self::Live(live), _) => live.short(words),
            (Self::Last(last), Some(state)) if state == last.report.state() => {
                words.ended(&last.report)
            }
            (_, Some(state)) => words.state(state),
            (Self::Never, None) => words.text("list-never"),
            (_, None) => words.text("ui-outcome-undone"),
        }
    }
}

/// What stands in a column of a destination.
fn cell(column: Column, row: &Row, standing: Standing<'_>, words: &Words) -> String {
    let destination = &row.destination;
    match column {
        Column::Name => destination.name.to_string(),
        Column::Source => words.source_type(&destination.source),
        Column::Audience => destination.audience_label().to_owned(),
        // That there is none stands in the column beside it.
        Column::Login if is_parted(row, standing) => destination
            .source_login
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        Column::Login => words.connections(destination),
        // What became of its last run matters less than that there will be no other.
        Column::Status if is_parted(row, standing) => format!("! {}", words.text("no-connection")),
        Column::Status => format!("{} {}", standing.sign(), standing.text(words)),
        Column::Refreshed => {
            let ended = ended_at(row);
            ended.map(|at| words.date_time(at)).unwrap_or_default()
        }
        Column::Schedule => words.schedule_short(&row.destination.schedule),
        Column::Updated => row
            .updated
            .map(|at| words.date_time(at))
            .unwrap_or_default(),
    }
}

/// Tells whether a destination has no login, and does not run therefore.
fn is_parted(row: &Row, standing: Standing<'_>) -> bool {
    row.destination.login.is_none() && !matches!(standing, Standing::Live(_))
}

/// When the last run ended, unless it goes on in another program.
fn ended_at(row: &Row) -> Option<Timestamp> {
    let over = row.last.as_ref();
    let over = over.filter(|last| last.state != State::Processing);
    over.map(|last| last.report.ended_at)
}

/// The list, and how wide the texts of its columns are, whatever the filter lets through.
#[derive(Debug, Default)]
pub(super) struct List<'a> {
    pub entries: Vec<Entry<'a>>,
    pub widest: Vec<usize>,
}

impl<'a> List<'a> {
    /// Lists drafts, then destinations in their order, then what is broken: of each what the filter lets through, which
    /// looks at every column, upper and lower case alike.
    pub fn of(data: &'a HomeData, filter: &str, order: Order<Column>, seen: Seen<'a>) -> Self {
        let wanted = filter.trim().to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        let mut saved: Vec<_> = data.rows.iter().map(|row| Listed::of(row, seen)).collect();
        let mut widest = order.headings(seen.words);
        for listed in &saved {
            for (widest, text) in widest.iter_mut().zip(&listed.cells) {
                *widest = (*widest).max(text.width());
            }
        }
        if saved
            .iter()
            .any(|listed| matches!(listed.standing, Standing::Live(_)))
        {
            // Columns do not move with every percent.
            let status = &mut widest[Column::Status.at()];
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
