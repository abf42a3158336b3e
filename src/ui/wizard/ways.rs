//! What both sign-ins look like: the ways to choose from, and waiting for the browser.

use ratatui::style::Style;
use ratatui::text::Span;

use super::super::field::Field;
use super::super::paint::{Page, Reach};
use crate::words::Words;

/// Draws ways to choose from; the cursor is on one of them, or was, before it went elsewhere.
pub(super) fn draw_ways(
    page: &mut Page<'_, '_>,
    cursor: (usize, bool),
    ways: impl IntoIterator<Item = String>,
) {
    for (at, text) in ways.into_iter().enumerate() {
        let (mark, style) = if cursor == (at, true) {
            ("❯", page.theme.here())
        } else {
            (" ", Style::new())
        };
        let reach = Reach::acting(at, cursor.0).through_tab(!cursor.1);
        page.choice(reach, |page| {
            page.line(Span::styled(format!("  {mark} {text}"), style));
        });
    }
}

/// Draws the address that the browser shows, and the field for the one that it ends up at.
pub(super) fn draw_browser(page: &mut Page<'_, '_>, url: &str, pasted: &Field, words: &Words) {
    page.text(&words.text("ui-login-waiting"), Style::new());
    page.gap();
    // Written from edge to edge without a blank, so that it can be taken from the screen whole.
    page.leading(url, page.theme.here(), url);
    page.gap();
    page.text(&words.text("ui-login-paste"), Style::new());
    pasted.draw(page, "❯ ", true);
}
