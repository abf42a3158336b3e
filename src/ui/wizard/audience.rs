//! The audience ID: typed, or picked from the account's audiences once they are known.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::field::Field;
use super::super::keys::Command;
use super::super::msg::Wait;
use super::super::paint::{Page, cut, scroll};
use super::{Desk, Flow, Known};
use crate::domain::{AudienceId, Draft};
use crate::words::Words;

#[derive(Debug, Default)]
pub(super) struct AudienceStep {
    field: Field,
    cursor: Option<usize>,
}

impl AudienceStep {
    pub fn new(draft: &Draft) -> Self {
        Self {
            field: Field::new(&draft.audience),
            cursor: None,
        }
    }

    /// Takes the account's only audience when none was given.
    pub fn suggest(&mut self, draft: &mut Draft, known: &Known) {
        if let (true, Some([only])) = (
            draft.audience.is_empty(),
            known.audiences.get().map(Vec::as_slice),
        ) {
            *draft.audience = only.id.to_string();
            self.field.set(&draft.audience);
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        let count = desk.known.audiences.get().map_or(0, Vec::len);
        match command {
            Command::Back => return Flow::Back,
            Command::Enter => {
                let empty = desk.draft.audience.trim().is_empty();
                if AudienceId::parse(&desk.draft.audience).is_some()
                    || empty && desk.draft.login.is_none()
                {
                    return Flow::Next;
                }
            }
            Command::Up | Command::Down if count > 0 => {
                let at = match (self.cursor, command) {
                    (Some(at), Command::Down) => (at + 1).min(count - 1),
                    (Some(at), _) => at.saturating_sub(1),
                    (None, _) => 0,
                };
                self.cursor = Some(at);
                if let Some(audience) = desk.known.audiences.get().and_then(|all| all.get(at)) {
                    *desk.draft.audience = audience.id.to_string();
                    self.field.set(&desk.draft.audience);
                }
            }
            _ => {
                if self.field.key(event) {
                    self.field.text().clone_into(&mut desk.draft.audience);
                    self.cursor = None;
                }
            }
        }
        Flow::Stay
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        self.field.paste(text.trim());
        self.field.text().clone_into(&mut desk.draft.audience);
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        page.text(&words.text("ui-audience-lead"), Style::new());
        page.gap();
        self.field.draw(
            page,
            &format!("❯ {} ", words.text("label-audience-id")),
            true,
        );
        let typed = draft.audience.trim();
        if typed.is_empty() && draft.login.is_none() {
            page.text(&words.text("ui-audience-empty"), page.theme.faint());
        } else if AudienceId::parse(typed).is_none() {
            page.bad(&words.text("ui-audience-bad"));
        } else {
            state(page, typed, known, words);
        }
        page.gap();
        let Some(all) = known.audiences.get().filter(|all| !all.is_empty()) else {
            return;
        };
        page.line(Span::styled(
            words.text("ui-audience-choose"),
            page.theme.strong(),
        ));
        let at = self.cursor.unwrap_or(0);
        let room = page.rest();
        for (place, audience) in all
            .iter()
            .enumerate()
            .skip(scroll(at, room, all.len()))
            .take(room)
        {
            let here = audience.id.as_str() == typed && place == self.cursor.unwrap_or(place);
            let style = if here {
                page.theme.here()
            } else {
                Style::new()
            };
            let mark = if here { "❯ ✓ " } else { "    " };
            page.line(Line::from(vec![
                Span::styled(format!("{mark}{}", cut(&audience.name, 40)), style),
                Span::styled(
                    format!(
                        "  {} · {}",
                        words.with("ui-members", &[("count", audience.members.into())]),
                        audience.id
                    ),
                    page.theme.faint(),
                ),
            ]));
        }
    }
}

/// Shows what is known of the chosen audience.
pub(super) fn state(page: &mut Page<'_, '_>, typed: &str, known: &Known, words: &Words) {
    let listed = known
        .audiences
        .get()
        .and_then(|all| all.iter().find(|one| one.id.as_str() == typed));
    let viewed = known
        .view
        .get()
        .map(|view| &view.audience)
        .filter(|one| one.id.as_str() == typed);
    match (listed.or(viewed), &known.view) {
        (Some(audience), _) => {
            let args = [
                ("name", audience.name.clone().into()),
                ("count", audience.members.into()),
            ];
            page.good(&words.with("ui-audience-found", &args));
        }
        (None, Wait::Failed(why)) => page.failure(why),
        (None, Wait::Asked(_)) => page.text(&words.text("ui-looking"), page.theme.faint()),
        _ => page.text(&words.text("ui-audience-after"), page.theme.faint()),
    }
}
