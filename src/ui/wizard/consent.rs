//! Data privacy and compliance: the text exactly as it is hashed, and "I agree".

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keys::Command;
use super::super::paint::{Page, Reach, wrap};
use super::Desk;
use crate::domain::Draft;
use crate::words::Words;

#[derive(Debug, Default)]
pub(super) struct Consent {
    scroll: usize,
    /// Somebody came here because it lacks.
    is_missed: bool,
}

impl Consent {
    /// Says beside it that it is needed, or no longer, as long as it is not given.
    pub fn miss(&mut self, is_missed: bool) {
        self.is_missed = is_missed;
    }

    /// Tells whether the first line of the text can be seen.
    pub fn is_at_top(&self) -> bool {
        self.scroll == 0
    }

    pub fn key(&mut self, command: Command, desk: &mut Desk<'_>) {
        match command {
            Command::Up => self.scroll = self.scroll.saturating_sub(1),
            Command::Down => self.scroll = (self.scroll + 1).min(60),
            Command::Choose => {
                desk.draft.agreement = match desk.draft.agreement {
                    Some(_) => None,
                    None => Some(desk.words.agreement(desk.user, desk.now)),
                };
            }
            _ => {}
        }
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, draft: &Draft, here: bool, words: &Words) {
        let text = words.consent_text();
        // The heading stands above it.
        let body = text
            .split_once("\n\n")
            .map_or(text.as_str(), |(_, body)| body);
        let mut lines = wrap(body, page.width().min(76));
        // Rather close together than out of sight.
        while lines.len() + 1 > page.rest()
            && let Some(gap) = lines.iter().rposition(String::is_empty)
        {
            lines.remove(gap);
        }
        let room = page.rest().saturating_sub(1).min(lines.len());
        self.scroll = self.scroll.min(lines.len() - room);
        let below = lines.len() - self.scroll - room;
        page.beyond((self.scroll, below), words);
        for line in lines.iter().skip(self.scroll).take(room) {
            let mut parts = line.split(' ');
            let page_of = parts.find(|part| part.starts_with("https://"));
            page.leading(line, Style::new(), page_of.unwrap_or_default());
        }
        if page.rest() > 1 {
            page.gap();
        }
        let agreed = draft.agreement.is_some();
        let (mark, style) = match (agreed, here) {
            (true, _) => ("[✓]", page.theme.good()),
            (false, true) => ("[ ]", page.theme.here()),
            (false, false) => ("[ ]", Style::new()),
        };
        let cursor = if here { "❯" } else { " " };
        let box_ = format!("{cursor} {mark} {}", words.text("consent-agree"));
        let mut line = vec![Span::styled(box_, style)];
        if self.is_missed && !agreed {
            let told = format!("   ✗ {}", words.text("ui-consent-needed"));
            line.push(Span::styled(told, page.theme.bad()));
        }
        let reach = Reach::acting(0, 0).through_tab(!here);
        page.choice(reach, |page| page.line(Line::from(line)));
    }
}
