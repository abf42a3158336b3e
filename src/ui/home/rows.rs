//! The lines of the home screen's list.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::msg::Broken;
use super::super::paint::{Page, cut, left};
use super::super::table::Layout;
use super::super::wizard::Step;
use super::columns::Column;
use super::list::Listed;
use crate::store::SavedDraft;
use crate::words::Words;

/// What stands before the first column: where the cursor is, and what is chosen.
pub(super) const MARGIN: usize = 3;

/// Draws the margin: the cursor, and whether the line is chosen.
fn margin(page: &Page<'_, '_>, here: bool, chosen: bool) -> Vec<Span<'static>> {
    let cursor = if here { "❯" } else { " " };
    let chosen = if chosen { "● " } else { "  " };
    vec![
        Span::styled(cursor, page.theme.here()),
        Span::styled(chosen, page.theme.here()),
    ]
}

/// Draws a destination in the making.
pub(super) fn unfinished(page: &mut Page<'_, '_>, saved: &SavedDraft, here: bool, words: &Words) {
    let name = if saved.draft.name.is_empty() {
        words.text("ui-home-nameless")
    } else {
        saved.draft.name.to_string()
    };
    let step = words.text(Step::left(&saved.step, &saved.draft).title());
    let key = match saved.former {
        Some(_) => "ui-home-edited",
        None => "ui-home-unfinished",
    };
    let args = [("name", name.into()), ("step", step.into())];
    let text = cut(&words.with(key, &args), page.width() - MARGIN);
    let style = if here {
        page.theme.here()
    } else {
        page.theme.warn()
    };
    let mut line = margin(page, here, false);
    line.push(Span::styled(text, style));
    page.line(Line::from(line));
}

/// Draws a destination whose file cannot be read, and why, as far as there is room.
pub(super) fn broken(
    page: &mut Page<'_, '_>,
    broken: &Broken,
    here: bool,
    layout: &Layout<Column>,
) {
    let name = left(&broken.name, layout.width(Column::Name)) + "  ";
    let room = page.width().saturating_sub(MARGIN + name.width() + 2);
    let style = if here {
        page.theme.here()
    } else {
        Style::new()
    };
    let mut line = margin(page, here, false);
    line.push(Span::styled(name, style));
    let why = format!("✗ {}", cut(&broken.line, room));
    line.push(Span::styled(why, page.theme.bad()));
    page.line(Line::from(line));
}

/// Draws a destination, column by column.
pub(super) fn saved(
    page: &mut Page<'_, '_>,
    listed: &Listed<'_>,
    (here, chosen): (bool, bool),
    layout: &Layout<Column>,
) {
    let style = if here {
        page.theme.here()
    } else {
        Style::new()
    };
    let tint = match listed.sign() {
        '✓' => page.theme.good(),
        '!' => page.theme.warn(),
        '✗' => page.theme.bad(),
        _ => style,
    };
    let mut line = margin(page, here, chosen);
    let cells = layout.cells(|column| listed.cell(column).to_owned());
    line.extend(cells.into_iter().map(|(column, text)| match column {
        Column::Status => Span::styled(text, tint),
        _ => Span::styled(text, style),
    }));
    page.line(Line::from(line));
}
