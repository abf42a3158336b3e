//! Draws the wizard: steps at the side, the question in the middle, help beside it where there is room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

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

/// The names of the steps where there is little room, in their order.
const SHORT: [&str; 10] = [
    "ui-step-start",
    "label-display-name",
    "ui-short-privacy",
    "ui-short-audience",
    "ui-short-login",
    "ui-short-source",
    "label-data-matching",
    "label-segments",
    "ui-step-rules",
    "ui-step-review",
];

/// Draws a line down, between what stands side by side.
fn divide(frame: &mut Frame<'_>, area: Rect, x: u16, theme: Theme) {
    let area = Rect {
        x,
        width: 1,
        ..area
    };
    let mut page = Page::new(frame, area, theme);
    while page.rest() > 0 {
        page.line(Span::styled("│", theme.faint()));
    }
}

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
            let beside = Rect {
                width: side - 2,
                ..area
            };
            self.draw_steps(&mut Page::new(frame, beside, theme), words);
            divide(frame, area, area.x + side - 2, theme);
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
            Page::new(frame, beside, theme).text(&words.text(HELP[self.step]), theme.faint());
            divide(frame, area, middle.x + middle.width + 1, theme);
        }
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
        let title = format!("{title}{star}");
        Page::fitted(frame, middle, theme, words, |page| {
            page.line(Span::styled(cut(&title, page.width()), theme.strong()));
            page.gap();
            self.draw_step(page, words);
            if let Some(why) = self.failure().cloned() {
                page.gap();
                page.failure(&why);
            }
        });
    }

    fn draw_step(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        match self.step {
            NAME => self.name.draw(page, &self.draft, &self.known, words),
            CONSENT => self.consent.draw(page, &self.draft, words),
            AUDIENCE => self.audience.draw(page, &self.draft, &self.known, words),
            LOGIN => self
                .login
                .draw(page, &self.draft, &self.known, words, self.demo),
            SOURCE => self
                .source
                .draw(page, &self.draft, &self.known, words, self.demo),
            MATCHING => self.mapping.draw(page, &self.draft, &self.known, words),
            SEGMENTS => self.segments.draw(page, &self.draft, &self.known, words),
            RULES => self.rules.draw(page, &self.draft, &self.known, words),
            REVIEW => self.review.draw(page, &self.draft, &self.known, words),
            _ => super::start::draw(page, words, &self.known),
        }
    }

    fn draw_steps(&self, page: &mut Page<'_, '_>, words: &Words) {
        let room = page.width().saturating_sub(4);
        for (at, key) in STEPS.iter().enumerate() {
            let name = words.text(key);
            let name = if name.width() > room {
                cut(&words.text(SHORT[at]), room)
            } else {
                name
            };
            let lacks = self
                .draft
                .gaps()
                .iter()
                .any(|gap| super::review::step_of(gap) == at);
            let found = self.known.found(at, &self.draft) == Some(true);
            let done = at < self.furthest.max(self.step) && !lacks && found;
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
