//! Draws the wizard: steps at the side, the question in the middle, help beside it where there is room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::keys::Keys;
use super::super::paint::{Page, cut, panel};
use super::super::theme::Theme;
use super::{
    AUDIENCE, CONSENT, LOGIN, MATCHING, NAME, REVIEW, RULES, SEGMENTS, SOURCE, STEPS, Wizard,
};
use crate::words::Words;

/// The help of each step, in their order.
const HELP: [&str; 10] = [
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

/// The help of a step.
pub(in crate::ui) fn help_of(step: usize, keys: Keys, words: &Words) -> String {
    let key = [("key", keys.shown("ui-key-export").into())];
    words.with(HELP[step], &key)
}

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

impl Wizard {
    /// Draws it; tells where the steps are that can be gone to.
    pub fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
        words: &Words,
    ) -> Vec<(Rect, usize)> {
        let mut steps = Vec::new();
        let side = match area.width {
            0..76 => 0,
            76..140 => 25,
            _ => 36,
        };
        // A table, and what is said line by line, needs the room more.
        let is_wide = matches!(self.step, AUDIENCE | MATCHING | SEGMENTS | RULES | REVIEW);
        let help = match area.width {
            0..120 => 0,
            120..140 if is_wide => 0,
            120..140 => 36,
            _ => 46,
        };
        if side > 0 {
            let beside = Rect {
                width: side,
                ..area
            };
            let title = words.text("ui-steps");
            let inside = panel(frame, beside, theme, (&title, ""));
            steps = self.draw_steps(&mut Page::new(frame, inside, theme), words);
        }
        if help > 0 {
            let beside = Rect {
                x: area.right() - help,
                width: help,
                ..area
            };
            let title = words.text("ui-help-title");
            let inside = panel(frame, beside, theme, (&title, ""));
            let text = help_of(self.step, theme.keys(), words);
            Page::new(frame, inside, theme).text(&text, theme.faint());
        }
        let middle = Rect {
            x: area.x + side,
            width: area.width - side - help,
            ..area
        };
        let star = if matches!(self.step, NAME | CONSENT) {
            " *"
        } else {
            ""
        };
        let title = format!("{}{star}", words.text(STEPS[self.step]));
        let inside = panel(frame, middle, theme, (&title, ""));
        Page::fitted(frame, inside, theme, words, |page| {
            if let Some(notice) = &self.notice {
                page.good(notice);
                page.gap();
            }
            self.draw_step(page, words);
            if let Some(why) = self.failure().cloned() {
                page.gap();
                page.failure(&why);
            }
        });
        steps
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

    /// Draws the steps, in the groups of the documented form; tells where those are that were visited.
    fn draw_steps(&self, page: &mut Page<'_, '_>, words: &Words) -> Vec<(Rect, usize)> {
        let room = page.width().saturating_sub(2);
        let mut visited = Vec::new();
        for (at, key) in STEPS.iter().enumerate() {
            match at {
                NAME => page.line(Span::styled(
                    words.text("ui-group-connection"),
                    page.theme.faint(),
                )),
                MATCHING => page.line(Span::styled(
                    words.text("ui-group-export"),
                    page.theme.faint(),
                )),
                RULES => page.gap(),
                _ => {}
            }
            if at <= self.furthest.max(self.step) {
                visited.push((page.area(1), at));
            }
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
            let is_parted = at == LOGIN && super::review::is_detached(&self.draft);
            let done = at < self.furthest.max(self.step) && !lacks && found;
            let may_go = self.is_going && at <= self.furthest.max(self.step);
            if may_go {
                // The tenth is 0: a digit is a step.
                page.line(ratatui::text::Line::from(vec![
                    Span::styled(format!("{} ", (at + 1) % 10), page.theme.key()),
                    Span::styled(name, Style::new()),
                ]));
            } else if at == self.step {
                page.line(Span::styled(format!("❯ {name}"), page.theme.here()));
            } else if done {
                page.line(ratatui::text::Line::from(vec![
                    Span::styled("✓ ", page.theme.good()),
                    Span::styled(name, Style::new()),
                ]));
            } else if is_parted {
                page.line(ratatui::text::Line::from(vec![
                    Span::styled("! ", page.theme.warn()),
                    Span::styled(name, Style::new()),
                ]));
            } else {
                page.line(Span::styled(format!("  {name}"), page.theme.faint()));
            }
        }
        visited
    }
}
