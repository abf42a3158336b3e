//! Data privacy and compliance: the text exactly as it is hashed, and "I agree".

use ratatui::style::Style;
use ratatui::text::Span;

use super::super::keys::Command;
use super::super::paint::{Page, wrap};
use super::{Desk, Flow};
use crate::domain::Draft;
use crate::words::Words;

#[derive(Debug, Default)]
pub(super) struct Consent {
    scroll: usize,
    tried: bool,
}

impl Consent {
    pub fn key(&mut self, command: Command, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => return Flow::Leave,
            Command::Up => self.scroll = self.scroll.saturating_sub(1),
            Command::Down => self.scroll = (self.scroll + 1).min(60),
            Command::Choose => {
                desk.draft.agreement = match desk.draft.agreement {
                    Some(_) => None,
                    None => Some(desk.words.agreement(desk.user, desk.now)),
                };
            }
            Command::Enter if desk.draft.agreement.is_some() => return Flow::Next,
            Command::Enter => self.tried = true,
            _ => {}
        }
        Flow::Stay
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, draft: &Draft, words: &Words) {
        let text = words.consent_text();
        // The heading is the step's own title.
        let body = text
            .split_once("\n\n")
            .map_or(text.as_str(), |(_, body)| body);
        let lines = wrap(body, page.width().min(76));
        let needed = words.text("ui-consent-needed");
        let told = if self.tried && draft.agreement.is_none() {
            wrap(&needed, page.width().saturating_sub(2)).len()
        } else {
            0
        };
        let room = page.rest().saturating_sub(2 + told).min(lines.len());
        self.scroll = self.scroll.min(lines.len() - room);
        for line in lines.iter().skip(self.scroll).take(room) {
            let mut parts = line.split(' ');
            let page_of = parts.find(|part| part.starts_with("https://"));
            page.leading(line, Style::new(), page_of.unwrap_or_default());
        }
        if self.scroll + room < lines.len() {
            page.line(Span::styled(words.text("ui-more-below"), page.theme.warn()));
        } else {
            page.gap();
        }
        let agreed = draft.agreement.is_some();
        let (mark, style) = if agreed {
            ("[✓]", page.theme.good())
        } else {
            ("[ ]", page.theme.here())
        };
        page.line(Span::styled(
            format!("❯ {mark} {}", words.text("consent-agree")),
            style,
        ));
        if self.tried && !agreed {
            page.bad(&needed);
        }
    }
}
