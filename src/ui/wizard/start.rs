//! Before you start: the documented prerequisites, each checked as far as it can be by now.

use ratatui::style::Style;

use super::super::keys::Command;
use super::super::paint::Page;
use super::{Flow, Known};
use crate::domain::Semantic;
use crate::words::Words;

pub(super) fn key(command: Command) -> Flow {
    match command {
        Command::Enter => Flow::Next,
        Command::Back => Flow::Leave,
        _ => Flow::Stay,
    }
}

pub(super) fn draw(page: &mut Page<'_, '_>, words: &Words, known: &Known) {
    page.text(&words.text("ui-start-lead"), Style::new());
    page.gap();
    let email = known.open().is_some_and(|source| {
        let email = Some(Semantic::Email);
        source
            .attributes()
            .iter()
            .any(|attribute| attribute.semantic == email)
    });
    let wants = [
        (!known.usable.is_empty(), words.text("ui-start-account")),
        (
            known.audiences.get().is_some_and(|found| !found.is_empty()),
            words.text("ui-start-audience"),
        ),
        (
            known.source.get().is_some(),
            words.text("ui-start-segments"),
        ),
        (email, words.text("ui-start-email")),
    ];
    for (there, text) in wants {
        if there {
            page.good(&text);
        } else {
            page.told("·", &text, Style::new());
        }
    }
    page.gap();
    page.text(&words.text("ui-start-later"), page.theme.faint());
}
