//! Draws the wizard: steps at the side, the question in the middle, help beside or below it where there is room.

use ratatui::Frame;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::keys::Keys;
use super::super::paint::{BORDERS, Page, cut, panel, wrap};
use super::super::theme::Theme;
use super::super::view::Hit;
use super::{Fact, Step, Wizard};
use crate::words::Words;

/// How many lines a step has to itself before its help may stand below it.
const FORM: u16 = 28;
/// How many lines there are for what a rule leads to.
const ABOUT: u16 = 2;
/// A page of fewer lines has none for that.
const LOW: u16 = 16;

/// The help of a step.
pub(in crate::ui) fn help_of(step: Step, keys: Keys, words: &Words) -> String {
    let key = [("key", keys.shown("ui-key-export").into())];
    let paragraphs = step.help().iter().map(|text| words.with(text, &key));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

impl Wizard {
    /// Draws it; tells what can be clicked on.
    pub fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
        words: &Words,
    ) -> Vec<(Rect, Hit)> {
        let mut hits = Vec::new();
        let side = match area.width {
            0..76 => 0,
            76..140 => 25,
            _ => 36,
        };
        if side > 0 {
            let beside = Rect {
                width: side,
                ..area
            };
            let title = words.text("ui-steps");
            let inside = panel(frame, beside, theme, (&title, ""));
            let steps = self.draw_steps(&mut Page::new(frame, inside, theme), words);
            hits.extend(
                steps
                    .into_iter()
                    .map(|(area, step)| (area, Hit::Step(step))),
            );
        }
        let rest = Rect {
            x: area.x + side,
            width: area.width - side,
            ..area
        };
        let middle = self.draw_help(frame, (rest, area.width), theme, words);
        let title = words.text(self.step.title());
        let inside = panel(frame, middle, theme, (&title, ""));
        let inside = self.draw_about(frame, inside, theme, words);
        let mut choices = Page::fitted(frame, (inside, middle), theme, words, |page| {
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
        if self.is_going {
            // The next key is a step's number.
            choices.clear();
        }
        hits.extend(
            choices
                .into_iter()
                .map(|(area, reach)| (area, Hit::Reach(reach))),
        );
        hits
    }

    /// Draws the help of the step beside it, or else below it where that takes nothing away; gives what is left.
    fn draw_help(
        &self,
        frame: &mut Frame<'_>,
        (area, whole): (Rect, u16),
        theme: Theme,
        words: &Words,
    ) -> Rect {
        // A table, and what is said line by line, needs the width more.
        let is_wide = !matches!(self.step, Step::Start | Step::Name | Step::Source);
        let beside = match whole {
            0..120 => 0,
            120..180 if is_wide => 0,
            120..140 => 36,
            _ => 46,
        };
        let text = help_of(self.step, theme.keys(), words);
        let (left, help) = if beside > 0 {
            let [left, help] = Layout::horizontal([Fill(1), Length(beside)]).areas(area);
            (left, help)
        } else {
            let lines = wrap(&text, usize::from(area.width).saturating_sub(4)).len() + BORDERS;
            let below = u16::try_from(lines).unwrap_or(u16::MAX);
            if area.height < below.saturating_add(FORM) {
                return area;
            }
            let [left, help] = Layout::vertical([Fill(1), Length(below)]).areas(area);
            (left, help)
        };
        let inside = panel(frame, help, theme, (&words.text("ui-help-title"), ""));
        Page::new(frame, inside, theme).text(&text, theme.faint());
        left
    }

    /// Draws what the chosen rule leads to, always in the same place; gives what is left.
    fn draw_about(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme, words: &Words) -> Rect {
        let is_low = area.height < LOW;
        if self.step != Step::Rules || !self.rules.is_listed() || is_low {
            return area;
        }
        let [left, below] = Layout::vertical([Fill(1), Length(ABOUT)]).areas(area);
        let text = self.rules.about(&self.draft, &self.known, words);
        Page::new(frame, below, theme).text(&text, theme.faint());
        left
    }

    fn draw_step(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        match self.step {
            Step::Start => super::start::draw(page, words, &self.known),
            Step::Name => self.name.draw(page, &self.draft, &self.known, words),
            Step::Mailchimp => {
                let step = &self.mailchimp;
                step.draw(page, &self.draft, &self.known, words, self.demo);
            }
            Step::Source => self
                .source
                .draw(page, &self.draft, &self.known, words, self.demo),
            Step::Matching => self.mapping.draw(page, &self.draft, &self.known, words),
            Step::Segments => self.segments.draw(page, &self.draft, &self.known, words),
            Step::Rules => self.rules.draw(page, &self.draft, &self.known, words),
            Step::Review => self.review.draw(page, &self.draft, &self.known, words),
        }
    }

    /// Draws the steps, in the groups of the documented form; tells where those are that were visited.
    fn draw_steps(&self, page: &mut Page<'_, '_>, words: &Words) -> Vec<(Rect, Step)> {
        let room = page.width().saturating_sub(2);
        let mut visited = Vec::new();
        let furthest = self.furthest.max(self.step);
        let gaps = self.draft.gaps();
        for step in Step::ALL {
            match step {
                Step::Name => page.line(Span::styled(
                    words.text("ui-group-connection"),
                    page.theme.faint(),
                )),
                Step::Matching => page.line(Span::styled(
                    words.text("ui-group-export"),
                    page.theme.faint(),
                )),
                Step::Rules => page.gap(),
                _ => {}
            }
            if step <= furthest {
                visited.push((page.area(1), step));
            }
            let name = words.text(step.title());
            let name = if name.width() > room {
                cut(&words.text(step.short()), room)
            } else {
                name
            };
            let lacks = gaps.iter().any(|gap| Fact::of(gap).step() == step);
            let mut answers = Fact::ALL.into_iter().filter(|fact| fact.step() == step);
            let found = answers.all(|fact| self.known.found(fact, &self.draft) == Some(true));
            let is_parted = step == Step::Mailchimp && super::review::is_detached(&self.draft);
            let done = step < furthest && !lacks && found;
            let may_go = self.is_going && step <= furthest;
            if may_go {
                page.line(ratatui::text::Line::from(vec![
                    Span::styled(format!("{} ", step.number()), page.theme.key()),
                    Span::styled(name, Style::new()),
                ]));
            } else if step == self.step {
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
