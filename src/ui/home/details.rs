//! What the cursor is on: what the destination is, and what its last run did.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::paint::{Page, left, wrap};
use super::super::report::in_short;
use super::super::scheduling::draw_schedule;
use super::super::wizard::facts;
use super::list::{Entry, Listed, Standing};
use crate::domain::{Draft, spoken};
use crate::words::Words;

/// Draws what the cursor is on.
pub(super) fn draw(page: &mut Page<'_, '_>, entry: Option<&Entry<'_>>, words: &Words) {
    let title = match entry {
        Some(Entry::Saved(listed)) => listed.name(),
        Some(Entry::Broken(broken)) => &broken.name,
        Some(Entry::Draft(_)) | None => return,
    };
    let rest = page.rest();
    let page = &mut page.panel(rest, (title, ""));
    // All of it is shown by the keys for that: this is what there is room for.
    page.scrolled(0, words, |page| match entry {
        Some(Entry::Saved(listed)) => details(page, listed, words),
        Some(Entry::Broken(broken)) => page.failure(&broken.why),
        Some(Entry::Draft(_)) | None => {}
    });
}

/// Draws what the chosen destination is and what its last run did.
fn details(page: &mut Page<'_, '_>, listed: &Listed<'_>, words: &Words) {
    let draft = Draft::from(listed.row.destination.clone());
    for (fact, value) in facts(&draft, &|name| spoken(name).to_owned(), words)
        .into_iter()
        .skip(2)
    {
        page.fact(&left(&words.text(fact.label()), 16), &value);
    }
    draw_schedule(page, listed.row, words);
    match listed.standing {
        Standing::Last(last) => {
            page.gap();
            in_short(page, &last.report, words);
            if let Some(why) = &last.report.failure {
                page.failure(words.read(why));
            }
        }
        Standing::Broke(why) => {
            page.gap();
            page.failure(why);
        }
        Standing::Live(_) | Standing::Due | Standing::Never => {}
    }
}

/// Draws what there is while nothing is saved.
pub(super) fn empty(page: &mut Page<'_, '_>, words: &Words) {
    page.gap();
    page.text(&words.text("ui-home-empty"), Style::new());
    page.gap();
    // The tour of a first start: it goes by itself when there is a destination.
    let keys = page.theme.keys();
    let tour = [
        (keys.shown("ui-key-new"), "ui-home-tour-new"),
        (keys.shown("ui-key-check"), "ui-home-tour-check"),
        (keys.shown("ui-key-run"), "ui-home-tour-run"),
        ("?", "ui-home-tour-help"),
    ];
    let others = [
        ("undo", keys.shown("ui-key-undo").into()),
        ("history", keys.shown("ui-key-history").into()),
    ];
    for (key, text) in tour {
        for (at, part) in wrap(&words.with(text, &others), page.width().saturating_sub(4))
            .into_iter()
            .enumerate()
        {
            let key = if at == 0 { key } else { "" };
            page.line(Line::from(vec![
                Span::styled(left(key, 4), page.theme.key()),
                Span::raw(part),
            ]));
        }
    }
    page.gap();
    page.text(&words.text("ui-home-empty-demo"), page.theme.faint());
}
