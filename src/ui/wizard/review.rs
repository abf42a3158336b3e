//! Everything on one page; each line leads to its step.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keys::Command;
use super::super::msg::{Outbox, Outcome, Question, Ticket, Wait};
use super::super::paint::{Page, left, wrap};
use super::{AUDIENCE, CONSENT, Desk, Flow, LOGIN, MATCHING, NAME, RULES, SEGMENTS, SOURCE};
use crate::domain::{Draft, Gap};
use crate::export::Checked;
use crate::words::Words;

/// How many lines of the page lead to a step; the buttons come before them.
const LINES: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Review {
    cursor: usize,
    checked: Wait<Box<Checked>>,
}

/// The step that fills a gap.
pub(super) fn step_of(gap: &Gap) -> usize {
    match gap {
        Gap::Name => NAME,
        Gap::Agreement => CONSENT,
        Gap::Audience => AUDIENCE,
        Gap::Login => LOGIN,
        Gap::Source | Gap::SourceLogin => SOURCE,
        Gap::Email => MATCHING,
        Gap::Segments | Gap::Tag(_) | Gap::SameTag(_) => SEGMENTS,
        Gap::StatusIfNew | Gap::MaxProfiles => RULES,
    }
}

impl Review {
    /// Begins a check, if nothing is missing for one.
    pub fn enter(&mut self, draft: &Draft, editing: bool, now: Timestamp, out: &mut Outbox) {
        self.cursor = usize::from(editing);
        self.checked = match draft.clone().finish(now) {
            Ok(destination) => Wait::Asked(out.ask(Question::Check(Box::new(destination)))),
            Err(_) => Wait::Idle,
        };
    }

    pub fn key(&mut self, command: Command, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => return Flow::Back,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(LINES + 1),
            Command::Check if !self.checked.is_asked() => {
                self.enter(desk.draft, self.cursor == 1, desk.now, desk.out);
            }
            Command::Enter | Command::Choose => {
                return match self.cursor {
                    0 => Flow::Save { export: true },
                    1 => Flow::Save { export: false },
                    line => Flow::Jump(
                        [
                            NAME, CONSENT, AUDIENCE, LOGIN, SOURCE, MATCHING, SEGMENTS, RULES,
                        ][(line - 2).min(7)],
                    ),
                };
            }
            _ => {}
        }
        Flow::Stay
    }

    pub fn answer(&mut self, ticket: Ticket, checked: Outcome<Box<Checked>>) -> Flow {
        if self.checked.is(ticket) {
            self.checked.settle(checked);
        }
        Flow::Stay
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, words: &Words) {
        let style = |at: usize, page: &Page<'_, '_>| {
            if self.cursor == at {
                page.theme.button()
            } else {
                page.theme.strong()
            }
        };
        let (export, save) = (style(0, page), style(1, page));
        if self.cursor < 2 {
            page.focus();
        }
        page.line(Line::from(vec![
            Span::raw("  "),
            Span::styled(format!(" {} ", words.text("ui-save-and-export")), export),
            Span::raw("   "),
            Span::styled(format!(" {} ", words.text("ui-save")), save),
        ]));
        page.gap();
        let gaps = draft.gaps();
        let missing = |step: usize| gaps.iter().any(|gap| step_of(gap) == step);
        for (at, (key, step, value)) in facts(draft, words).into_iter().enumerate() {
            let here = self.cursor == at + 2;
            let (sign, tint) = if missing(step) {
                ("✗", page.theme.bad())
            } else {
                ("✓", page.theme.good())
            };
            let style = if here {
                page.theme.here()
            } else {
                Style::new()
            };
            let wide = 16.min(page.width() / 3);
            let room = page.width().saturating_sub(wide + 6);
            if here {
                page.focus();
            }
            for (row, part) in wrap(&value, room).into_iter().enumerate() {
                let (mark, sign, label) = match (row, here) {
                    (0, true) => ("❯ ", sign, words.text(key)),
                    (0, false) => ("  ", sign, words.text(key)),
                    _ => ("  ", " ", String::new()),
                };
                page.line(Line::from(vec![
                    Span::styled(mark, style),
                    Span::styled(format!("{sign} "), tint),
                    Span::styled(left(&label, wide), page.theme.faint()),
                    Span::styled(format!(" {part}"), style),
                ]));
            }
        }
        page.gap();
        match &self.checked {
            Wait::Idle => page.text(&words.text("ui-review-incomplete"), page.theme.faint()),
            Wait::Asked(_) => page.text(&words.text("ui-review-checking"), page.theme.faint()),
            Wait::Failed(why) => page.failure(why),
            Wait::Done(checked) => totals(page, checked, words),
        }
    }
}

/// What a destination is, fact by fact: what it is called, the step it belongs to, what it is now.
pub(in crate::ui) fn facts(draft: &Draft, words: &Words) -> Vec<(&'static str, usize, String)> {
    let agreed = draft
        .agreement
        .as_ref()
        .map(|one| format!("{}, {}", one.user, words.date_time(one.at)));
    let audience = if draft.audience_name.is_empty() {
        draft.audience.clone()
    } else {
        format!("{} · {}", draft.audience_name, draft.audience)
    };
    let map: Vec<String> = draft
        .map
        .iter()
        .map(|(target, attribute)| format!("{} ← {attribute}", words.target(target)))
        .collect();
    let segments: Vec<&str> = draft
        .segments
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    let status = draft
        .status_if_new
        .map(|status| words.new_status(status))
        .unwrap_or_default();
    let consent = draft
        .consent_attribute
        .as_ref()
        .map(|rule| format!(" · {}: {rule}", words.text("label-consent-attribute")));
    vec![
        ("label-display-name", NAME, draft.name.clone()),
        ("ui-short-privacy", CONSENT, agreed.unwrap_or_default()),
        ("ui-short-audience", AUDIENCE, audience),
        (
            "label-login",
            LOGIN,
            draft
                .login
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        ("label-source", SOURCE, source_of(draft)),
        ("label-data-matching", MATCHING, map.join(", ")),
        ("label-segments", SEGMENTS, segments.join(", ")),
        (
            "ui-step-rules",
            RULES,
            status + &consent.unwrap_or_default(),
        ),
    ]
}

/// The source, and whose name it is read in.
fn source_of(draft: &Draft) -> String {
    let source = draft.source.as_ref().map(ToString::to_string);
    let login = draft.source_login.as_ref().map(ToString::to_string);
    let both = source.into_iter().chain(login);
    both.collect::<Vec<_>>().join(" · ")
}

/// What a run would do.
pub(in crate::ui) fn totals(page: &mut Page<'_, '_>, checked: &Checked, words: &Words) {
    let would = &checked.would;
    let args = [
        ("profiles", would.profiles.into()),
        ("created", would.created.into()),
        ("updated", would.updated.into()),
        ("unchanged", would.unchanged.into()),
        ("suppressed", would.suppressed.into()),
        ("rejected", would.rejected.into()),
        ("merged", would.merged.into()),
    ];
    page.good(&words.with("ui-check-totals", &args));
    for warning in &checked.warnings {
        page.warn(&words.warning(warning));
    }
}
