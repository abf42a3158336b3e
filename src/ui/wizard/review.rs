//! Everything on one page; each line leads to its step.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::gauge::{mark, stacked};
use super::super::keys::Command;
use super::super::msg::{Outbox, Outcome, Question, Ticket, Wait};
use super::super::paint::{Page, Reach, left, wrap};
use super::{Desk, Fact, Flow, Known};
use crate::domain::Draft;
use crate::export::{Checked, Diff, Together, Warning};
use crate::words::{Part, Words};

/// The buttons, in their order: saving has the focus, since mail to thousands of people wants a choice of its own.
const SAVE: usize = 0;
const EXPORT: usize = 1;
/// What comes before the answers.
const BUTTONS: usize = 2;

#[derive(Debug, Default)]
pub(super) struct Review {
    cursor: usize,
    checked: Wait<Box<Checked>>,
    /// What was checked.
    of: Option<Draft>,
    /// An export is wanted; first its check is waited for.
    waits: bool,
}

impl Review {
    /// Begins a check, if nothing is missing for one; what is checked already is not checked again.
    pub fn enter(&mut self, draft: &Draft, now: Timestamp, out: &mut Outbox) {
        (self.cursor, self.waits) = (SAVE, false);
        let known = self.checked.is_asked() || self.checked.get().is_some();
        if !known || self.of.as_ref() != Some(draft) {
            self.check(draft, now, out);
        }
    }

    fn check(&mut self, draft: &Draft, now: Timestamp, out: &mut Outbox) {
        self.of = Some(draft.clone());
        self.checked = match draft.clone().finish(now) {
            // Nobody could be asked.
            Ok(_) if is_detached(draft) => Wait::Idle,
            Ok(destination) => {
                let fields = draft.fields_to_make();
                Wait::Asked(out.ask(Question::Check(Box::new(destination), fields)))
            }
            Err(_) => Wait::Idle,
        };
    }

    pub fn key(&mut self, command: Command, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => return Flow::Leave,
            Command::Up | Command::Left => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(BUTTONS + Fact::ALL.len() - 1),
            Command::Right if self.cursor == SAVE => self.cursor = EXPORT,
            Command::First | Command::PageUp => self.cursor = SAVE,
            Command::Last | Command::PageDown => self.cursor = BUTTONS + Fact::ALL.len() - 1,
            Command::Check if !self.checked.is_asked() => {
                self.waits = false;
                self.check(desk.draft, desk.now, desk.out);
            }
            Command::Edit => return self.export(desk.draft),
            Command::Enter | Command::Choose => {
                return match self.cursor {
                    SAVE => Flow::Save,
                    EXPORT => self.export(desk.draft),
                    line => match Fact::ALL.get(line - BUTTONS) {
                        Some(fact) => Flow::Change(*fact),
                        None => Flow::Stay,
                    },
                };
            }
            _ => {}
        }
        Flow::Stay
    }

    /// Asks whether to export what was shown to be fit for it. A check that goes on is waited for, and what it refuses
    /// is not begun.
    fn export(&mut self, draft: &Draft) -> Flow {
        if is_detached(draft) {
            return Flow::Change(Fact::Login);
        }
        self.export_checked()
    }

    fn export_checked(&mut self) -> Flow {
        self.waits = true;
        match &self.checked {
            // Something is missing: saving leads to it.
            Wait::Idle => Flow::Save,
            Wait::Done(checked) if !is_refused(checked) => {
                self.waits = false;
                Flow::Export
            }
            Wait::Asked(_) | Wait::Done(_) | Wait::Failed(_) => {
                // Why nothing begins is told beside the button.
                self.cursor = EXPORT;
                Flow::Stay
            }
        }
    }

    pub fn answer(&mut self, ticket: Ticket, checked: Outcome<Box<Checked>>) -> Flow {
        if self.checked.is(ticket) {
            self.checked.settle(checked);
            if self.waits {
                return self.export_checked();
            }
        }
        Flow::Stay
    }

    /// What the check found, once that is known.
    pub fn checked(&self) -> Option<Box<Checked>> {
        self.checked.get().cloned()
    }

    /// What would become of each contact, once that is known.
    pub fn diff(&self) -> Option<Diff> {
        self.checked.get()?.diff.clone()
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        let style = |at: usize, page: &Page<'_, '_>| {
            if self.cursor == at {
                page.theme.button()
            } else {
                page.theme.strong()
            }
        };
        let (save, export) = (style(SAVE, page), style(EXPORT, page));
        if self.cursor <= EXPORT {
            page.keep_in_sight();
        }
        let [to_save, to_export] =
            ["ui-save", "ui-save-and-export"].map(|key| format!(" {} ", words.text(key)));
        let (wide, next) = (to_save.width(), 2 + to_save.width() + 3);
        page.choice_beside(Reach::acting(SAVE, self.cursor), (2, wide));
        let wide = to_export.width();
        page.choice_beside(Reach::acting(EXPORT, self.cursor), (next, wide));
        page.line(Line::from(vec![
            Span::raw("  "),
            Span::styled(to_save, save),
            Span::raw("   "),
            Span::styled(to_export, export),
        ]));
        page.gap();
        if is_detached(draft) {
            page.warn(&not_connected(page, words));
        } else {
            self.draw_check(page, words);
        }
        page.gap();
        let gaps = draft.gaps();
        let facts = facts(draft, &|name| known.label(name), words).into_iter();
        for (at, (fact, value)) in facts.enumerate() {
            let sign = match known.found(fact, draft) {
                _ if gaps.iter().any(|gap| Fact::of(gap) == fact) => ("✗", page.theme.bad()),
                None if fact == Fact::Login && is_detached(draft) => ("!", page.theme.warn()),
                Some(false) => ("✗", page.theme.bad()),
                Some(true) => ("✓", page.theme.good()),
                None => ("·", page.theme.faint()),
            };
            let (at, label) = (at + BUTTONS, words.text(fact.label()));
            page.choice(Reach::acting(at, self.cursor), |page| {
                draw_fact(page, self.cursor == at, sign, (&label, &value));
            });
        }
    }

    /// Draws the outcome of the check, above the answers: it must not be missed.
    fn draw_check(&self, page: &mut Page<'_, '_>, words: &Words) {
        let waits = self.waits;
        if waits && !matches!(self.checked, Wait::Idle | Wait::Asked(_)) {
            page.warn(&not_exported(page, words));
        }
        match &self.checked {
            Wait::Idle => page.text(&words.text("ui-review-incomplete"), page.theme.faint()),
            Wait::Asked(_) => {
                page.text(&words.text("ui-review-checking"), page.theme.faint());
                if waits {
                    page.warn(&words.text("ui-review-waits"));
                }
            }
            Wait::Failed(why) => page.failure(why),
            Wait::Done(checked) => totals(page, checked, words),
        }
    }
}

/// Draws a fact, behind the sign that says how it is with it.
fn draw_fact(
    page: &mut Page<'_, '_>,
    here: bool,
    (sign, tint): (&'static str, Style),
    (label, value): (&str, &str),
) {
    let style = if here {
        page.theme.here()
    } else {
        Style::new()
    };
    let wide = 16.min(page.width() / 3);
    let room = page.width().saturating_sub(wide + 6);
    if here {
        page.keep_in_sight();
    }
    for (row, part) in wrap(value, room).into_iter().enumerate() {
        let (mark, sign, label) = match (row, here) {
            (0, true) => ("❯ ", sign, label),
            (0, false) => ("  ", sign, label),
            _ => ("  ", " ", ""),
        };
        page.line(Line::from(vec![
            Span::styled(mark, style),
            Span::styled(format!("{sign} "), tint),
            Span::styled(left(label, wide), page.theme.faint()),
            Span::styled(format!(" {part}"), style),
        ]));
    }
}

/// Tells whether a saved destination has no login: it stays, and does not run until it has one.
pub(super) fn is_detached(draft: &Draft) -> bool {
    draft.login.is_none() && draft.created_at.is_some()
}

/// Says that nothing is exported without a login, and which line leads to one.
fn not_connected(page: &Page<'_, '_>, words: &Words) -> String {
    let args = [
        ("step", words.text("label-login").into()),
        ("key", page.theme.keys().shown("ui-key-go").into()),
    ];
    words.with("ui-review-not-connected", &args)
}

/// Says that nothing was exported, and how to go on.
fn not_exported(page: &Page<'_, '_>, words: &Words) -> String {
    let key = [("key", page.theme.keys().shown("ui-key-check").into())];
    words.with("ui-review-not-exported", &key)
}

/// What a destination is, answer by answer, in the order of the review. Attributes are called by their labels.
pub(in crate::ui) fn facts(
    draft: &Draft,
    label: &dyn Fn(&str) -> String,
    words: &Words,
) -> Vec<(Fact, String)> {
    let agreed = draft
        .agreement
        .as_ref()
        .map(|one| format!("{}, {}", one.user, words.date_time(one.at)));
    let audience = if draft.audience_name.is_empty() {
        draft.audience.to_string()
    } else {
        format!("{} · {}", draft.audience_name, *draft.audience)
    };
    let map: Vec<String> = draft
        .map
        .iter()
        .map(|(target, attribute)| format!("{} ← {}", words.target(target), label(attribute)))
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
    let consent = draft.consent_attribute.as_ref().map(|rule| {
        let rule = rule.called(label(&rule.attribute));
        format!(" · {}: {rule}", words.text("label-consent-attribute"))
    });
    let value = |fact: Fact| match fact {
        Fact::Name => draft.name.to_string(),
        Fact::Privacy => agreed.clone().unwrap_or_default(),
        Fact::Audience => audience.clone(),
        Fact::Login => match &draft.login {
            Some(login) => login.to_string(),
            None if draft.created_at.is_some() => words.text("no-connection"),
            None => String::new(),
        },
        Fact::Source => source_of(draft),
        Fact::Matching => map.join(", "),
        Fact::Segments => segments.join(", "),
        Fact::Rules => format!("{status}{}", consent.as_deref().unwrap_or_default()),
        Fact::Limit => words.with("ui-limit", &[("count", draft.max_profiles.0.into())]),
    };
    let all = Fact::ALL.into_iter();
    all.map(|fact| (fact, value(fact))).collect()
}

/// The source, whose name it is read in, and where its queries are.
fn source_of(draft: &Draft) -> String {
    let source = draft.source.as_ref().map(ToString::to_string);
    let login = draft.source_login.as_ref().map(ToString::to_string);
    let queries = draft.folder.queries.as_ref();
    let queries = queries.map(|folder| folder.display().to_string());
    let all = source.into_iter().chain(login).chain(queries);
    all.collect::<Vec<_>>().join(" · ")
}

/// Tells whether a guard would refuse the run.
fn is_refused(checked: &Checked) -> bool {
    let mut warnings = checked.warnings.iter();
    warnings.any(|one| matches!(one, Warning::WouldBeRefused(_)))
}

/// What a run would do, with what refuses it first: then nothing gets a tick.
pub(in crate::ui) fn totals(page: &mut Page<'_, '_>, checked: &Checked, words: &Words) {
    let profiles = [("count", checked.would.profiles.into())];
    let told = words.with("ui-check-of", &profiles);
    let (refusals, warnings): (Vec<&Warning>, Vec<&Warning>) = checked
        .warnings
        .iter()
        .partition(|one| matches!(one, Warning::WouldBeRefused(_)));
    for refusal in &refusals {
        page.bad(&words.warning(refusal));
    }
    if refusals.is_empty() {
        page.good(&told);
    } else {
        page.text(&told, Style::new());
    }
    draw_sum(page, &Part::exported(&checked.would), words);
    if let Some(together) = Together::shared(&checked.would) {
        page.text(&words.together(together), page.theme.faint());
    }
    page.text(&words.forecast(&checked.run), page.theme.faint());
    for warning in warnings {
        page.warn(&words.warning(warning));
    }
}

/// Draws what would become of the profiles: one bar of all, and each part with its mark and number.
fn draw_sum(page: &mut Page<'_, '_>, parts: &[(Part, u64)], words: &Words) {
    if parts.is_empty() {
        return;
    }
    let told = parts.iter().map(|(part, count)| {
        let text = format!(" {} {}", words.number(*count), words.part(*part, *count));
        (mark(*part, page.theme), text)
    });
    let told: Vec<_> = told.collect();
    let widest = told.iter().map(|(_, text)| text.width()).max();
    let wide = widest.unwrap_or(0) + 2;
    page.line(stacked(parts, page.width(), page.theme));
    let beside = (page.width() / (wide + 1)).max(1);
    for row in told.chunks(beside) {
        let cells = row.iter();
        let cells = cells.flat_map(|(mark, text)| [mark.clone(), Span::raw(left(text, wide))]);
        page.line(Line::from(cells.collect::<Vec<_>>()));
    }
}
