//! Draws the wizard: steps at the side, the question in the middle, help beside it where there is room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::paint::{Page, cut};
use super::super::theme::Theme;
use super::{
    AUDIENCE, CONSENT, LOGIN, MATCHING, NAME, REVIEW, RULES, SEGMENTS, SOURCE, STEPS, Wizard,
};
use crate::words::Words;

/// The help of each step, in their order.
pub(in crate::ui) const HELP: [&str; 10] = [
    "ui-help-start",
    "ui-help-name",
    "ui-help-consent",
    "ui-help-audience",
    "ui-help-login",
    "ui-help-source",
    "ui-help-matching",
    "ui-help-segments",
    "ui-help-rules",
    "ui-help-review",
];

impl Wizard {
    /// Draws it.
    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: Theme, words: &Words) {
        let side = match area.width {
            0..76 => 0,
            76..104 => 26,
            _ => 36,
        };
        let help = if area.width >= 110 { 34 } else { 0 };
        if side > 0 {
            self.draw_steps(
                &mut Page::new(
                    frame,
                    Rect {
                        width: side,
                        ..area
                    },
                    theme,
                ),
                words,
            );
        }
        let middle = Rect {
            x: area.x + side,
            width: area.width - side - help,
            ..area
        };
        if help > 0 {
            let beside = Rect {
                x: middle.x + middle.width + 3,
                y: area.y + 2,
                width: help - 3,
                height: area.height.saturating_sub(2),
            };
            let mut page = Page::new(frame, beside, theme);
            page.text(&words.text(HELP[self.step]), theme.faint());
        }
        let mut page = Page::new(frame, middle, theme);
        let title = words.text(STEPS[self.step]);
        let star = if matches!(self.step, NAME | CONSENT) {
            " *"
        } else {
            ""
        };
        let title = if side > 0 {
            title
        } else {
            format!("{}/{} {title}", self.step + 1, STEPS.len())
        };
        page.line(Span::styled(
            cut(&format!("{title}{star}"), page.width()),
            theme.strong(),
        ));
        page.gap();
        self.draw_step(&mut page, words);
        if let Some(why) = self.failure().cloned() {
            page.gap();
            page.failure(&why);
        }
    }

    fn draw_step(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        match self.step {
            NAME => self.name.draw(page, &self.draft, &self.known, words),
            CONSENT => self.consent.draw(page, &self.draft, words),
            AUDIENCE => self.audience.draw(page, &self.draft, &self.known, words),
            LOGIN => self
                .login
                .draw(page, &self.draft, &self.known, words, self.demo),
            SOURCE => self.source.draw(page, &self.draft, &self.known, words),
            MATCHING => self.mapping.draw(page, &self.draft, &self.known, words),
            SEGMENTS => self.segments.draw(page, &self.draft, &self.known, words),
            RULES => self.rules.draw(page, &self.draft, &self.known, words),
            REVIEW => self.review.draw(page, &self.draft, words),
            _ => super::start::draw(page, words, &self.known),
        }
    }

    fn draw_steps(&self, page: &mut Page<'_, '_>, words: &Words) {
        for (at, key) in STEPS.iter().enumerate() {
            let name = cut(&words.text(key), page.width() - 5);
            let lacks = self
                .draft
                .gaps()
                .iter()
                .any(|gap| super::review::step_of(*gap) == at);
            let done = at < self.furthest.max(self.step) && !lacks;
            if at == self.step {
                page.line(Span::styled(format!(" ❯ {name}"), page.theme.here()));
            } else if done {
                page.line(ratatui::text::Line::from(vec![
                    Span::styled(" ✓ ", page.theme.good()),
                    Span::styled(name, Style::new()),
                ]));
            } else {
                page.line(Span::styled(format!("   {name}"), page.theme.faint()));
            }
        }
    }
}
