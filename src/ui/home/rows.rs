//! The lines of the home screen's list.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::msg::Broken;
use super::super::paint::{Page, cut, left, right};
use super::super::pane::Live;
use super::super::wizard::STEPS;
use super::Row;
use crate::export::{Outcome, Report};
use crate::store::SavedDraft;
use crate::words::Words;

/// Draws a destination in the making.
pub(super) fn unfinished(page: &mut Page<'_, '_>, saved: &SavedDraft, here: bool, words: &Words) {
    let name = if saved.draft.name.is_empty() {
        words.text("ui-home-nameless")
    } else {
        saved.draft.name.to_string()
    };
    let step = words.text(STEPS[saved.step.min(9)]);
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

/// Draws a destination whose file cannot be read, and why, as far as there is room.
pub(super) fn broken(
    page: &mut Page<'_, '_>,
    broken: &Broken,
    here: bool,
    widths: &Widths,
    words: &Words,
) {
    let (mark, style) = if here {
        ("❯ ", page.theme.here())
    } else {
        ("  ", Style::new())
    };
    let name = left(&broken.name, widths.name.saturating_sub(1));
    let why = words.with("list-broken", &[("why", broken.why.why.as_str().into())]);
    let room = page.width().saturating_sub(widths.name + 4);
    page.line(Line::from(vec![
        Span::styled(format!("{mark}{name} "), style),
        Span::styled(format!("✗ {}", cut(&why, room)), page.theme.bad()),
    ]));
}

/// Draws a destination with what its last run did.
pub(super) fn saved(
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
pub(super) struct Widths {
    name: usize,
    audience: usize,
    segments: usize,
    last: usize,
    outcome: usize,
}

impl Widths {
    pub fn of(width: usize) -> Self {
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

    pub fn row(&self, cells: [&str; 5]) -> String {
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
    if report.undo.undone_by.is_some() {
        return (" ", words.text("ui-outcome-undone"));
    }
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
