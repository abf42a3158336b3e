//! Draws the rules: group by group, each line as long as it is.

use ratatui::style::Style;
use ratatui::text::Span;

use super::super::super::paint::{Page, Reach, cut, wrap};
use super::super::Known;
use super::{Row, RulesStep, asked, suspects};
use crate::domain::{ConsentRule, Draft, MaxProfiles, NewStatus, OnLeave, RemovedTag};
use crate::words::Words;

impl RulesStep {
    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        if let Some(why) = &self.why {
            return why.draw(page, known, words);
        }
        if let Some(picker) = &self.picker {
            return picker.draw(page, words);
        }
        let rows = Self::rows(draft, known);
        let cursor = self.cursor.min(rows.len() - 1);
        for (at, row) in rows.iter().enumerate() {
            if let Some(title) = title(row) {
                page.line(Span::styled(words.text(title), page.theme.strong()));
            }
            let here = at == cursor;
            if here {
                page.keep_in_sight();
            }
            let draw = |page: &mut Page<'_, '_>| {
                self.draw_row(page, (row, here), draft, known, words);
            };
            match self.typing {
                // It ends by its own keys.
                Some(_) => draw(page),
                None => page.choice(Reach::acting(at, cursor), draw),
            }
            if rows.get(at + 1).is_none_or(|next| title(next).is_some()) {
                self.draw_trouble(page, row, draft, known, words);
                page.gap();
            }
        }
    }

    /// What the chosen line leads to.
    pub fn about(&self, draft: &Draft, known: &Known, words: &Words) -> String {
        let rows = Self::rows(draft, known);
        let row = &rows[self.cursor.min(rows.len() - 1)];
        words.text(match row {
            Row::Status(NewStatus::Subscribed) => "ui-about-subscribed",
            Row::Status(NewStatus::Pending) => "ui-about-pending",
            Row::Status(NewStatus::Transactional) => "ui-about-transactional",
            Row::Consent => "ui-about-consent",
            Row::Invert => "ui-about-invert",
            Row::Dismiss(_) => "ui-about-dismiss",
            Row::OnLeave => match draft.on_leave {
                OnLeave::Untag => "ui-about-untag",
                OnLeave::Keep => "ui-about-keep",
            },
            Row::Removed(tag) => match draft.removed_tags.get(tag).copied().unwrap_or_default() {
                RemovedTag::Asked => "ui-about-removed-asked",
                RemovedTag::Untag => "ui-about-removed-untag",
                RemovedTag::Keep => "ui-about-removed-keep",
            },
            Row::Adopt => "ui-about-adopt",
            Row::Clear => "ui-about-clear",
            Row::Max => "ui-about-max",
            Row::Tag(_) => "ui-about-tag",
            Row::GoOn => "ui-about-go-on",
        })
    }

    fn draw_row(
        &self,
        page: &mut Page<'_, '_>,
        (row, here): (&Row, bool),
        draft: &Draft,
        known: &Known,
        words: &Words,
    ) {
        if let Some((_, field)) = self.typing.as_ref().filter(|(typed, _)| typed == row) {
            let label = cut(&label(row, draft, words), 30);
            return field.draw(page, &format!("❯ {label}: "), true);
        }
        let warns = match row {
            Row::Dismiss(name) => !draft.consent_dismissed.contains(name),
            Row::Removed(tag) => draft.removed_tags.get(tag) == Some(&RemovedTag::Asked),
            _ => false,
        };
        let style = match (here, warns) {
            (true, _) => page.theme.here(),
            (false, true) => page.theme.warn(),
            (false, false) => Style::new(),
        };
        let text = describe(row, draft, known, words);
        // What goes on in another line stands below the text, not below its box.
        let boxed = if text.starts_with(['[', '(']) { 4 } else { 0 };
        let (sign, text) = text.split_at(text.char_indices().nth(boxed).map_or(0, |(at, _)| at));
        let mut before = format!("{}{sign}", if here { "❯ " } else { "  " });
        for part in wrap(text, page.width().saturating_sub(2 + boxed)) {
            page.line(Span::styled(format!("{before}{part}"), style));
            before = " ".repeat(2 + boxed);
        }
    }

    /// Says what is wrong in the group that ends with a line.
    fn draw_trouble(
        &self,
        page: &mut Page<'_, '_>,
        last: &Row,
        draft: &Draft,
        known: &Known,
        words: &Words,
    ) {
        match last {
            Row::Status(_) if self.tried && draft.status_if_new.is_none() => {
                page.bad(&words.text("ui-rules-status-needed"));
            }
            Row::Consent | Row::Invert | Row::Dismiss(_)
                if draft.consent_attribute.is_none()
                    && !suspects(draft, known, false).is_empty() =>
            {
                page.warn(&words.text("ui-rules-consent-unused"));
            }
            Row::GoOn => {
                if let Some(tag) = asked(draft).filter(|_| self.tried) {
                    let args = [("tag", tag.into())];
                    page.bad(&words.with("ui-rules-removed-needed", &args));
                }
                if draft.max_profiles == MaxProfiles(0) {
                    page.bad(&words.text("gap-max-profiles"));
                }
            }
            _ => {}
        }
    }
}

/// The title of the group that begins with a line.
fn title(row: &Row) -> Option<&'static str> {
    match row {
        Row::Status(NewStatus::Subscribed) => Some("ui-rules-lead"),
        Row::Consent => Some("ui-rules-consent"),
        Row::OnLeave => Some("ui-rules-leaving"),
        _ => None,
    }
}

fn label(row: &Row, draft: &Draft, words: &Words) -> String {
    match row {
        Row::Tag(id) => {
            let label = draft
                .segments
                .iter()
                .find(|one| one.id == *id)
                .map_or("", |one| one.label.as_str());
            words.with("ui-rules-tag", &[("segment", label.into())])
        }
        _ => words.text("label-max-profiles"),
    }
}

fn describe(row: &Row, draft: &Draft, known: &Known, words: &Words) -> String {
    let ticked = |on: bool, text: String| format!("{} {text}", if on { "[✓]" } else { "[ ]" });
    match row {
        Row::Status(status) => {
            let sign = if draft.status_if_new == Some(*status) {
                "(●)"
            } else {
                "( )"
            };
            let text = words.text(match status {
                NewStatus::Subscribed => "ui-rules-subscribed",
                NewStatus::Pending => "ui-rules-pending",
                NewStatus::Transactional => "ui-rules-transactional",
            });
            format!("{sign} {text}")
        }
        Row::Consent => consent(draft, known, words),
        Row::Invert => {
            let rule = draft.consent_attribute.as_ref();
            let on = rule.is_some_and(|rule| rule.inverted);
            ticked(on, words.text("ui-rules-invert"))
        }
        Row::Dismiss(name) => ticked(
            draft.consent_dismissed.contains(name),
            dismissed(name, draft, known, words),
        ),
        Row::OnLeave => format!(
            "{}: {} ▾",
            words.text("ui-rules-on-leave"),
            words.on_leave(draft.on_leave)
        ),
        Row::Removed(tag) => {
            let args = [("tag", tag.as_str().into())];
            let what = draft.removed_tags.get(tag).copied().unwrap_or_default();
            let what = words.removed_tag(what);
            format!("{}: {what} ▾", words.with("ui-rules-removed-tag", &args))
        }
        Row::Adopt => {
            let args = [("count", same_names(draft, known).into())];
            ticked(draft.adopt_tags, words.with("ui-rules-adopt", &args))
        }
        Row::Clear => ticked(draft.clear_empty, words.text("ui-rules-clear")),
        Row::Max => {
            let most = words.number(draft.max_profiles.0);
            format!("{}: {most}", label(row, draft, words))
        }
        Row::Tag(id) => {
            let segment = draft.segments.iter().find(|one| one.id == *id);
            let own = segment.map_or("", |one| one.label.as_str());
            let tag = draft.tags.get(id).map_or(own, String::as_str);
            format!("{}: {tag}", label(row, draft, words))
        }
        Row::GoOn => words.text("ui-login-go-on"),
    }
}

/// Which attribute tells who agreed. Whether it says the opposite is a line of its own.
fn consent(draft: &Draft, known: &Known, words: &Words) -> String {
    let rule = draft.consent_attribute.as_ref().map(|rule| ConsentRule {
        inverted: false,
        ..rule.called(known.label(&rule.attribute))
    });
    let now = rule.map_or_else(|| words.text("ui-none"), |rule| rule.to_string());
    format!("{}: {now} ▾", words.text("label-consent-attribute"))
}

/// That an attribute is not about consent, and why, once that was said.
fn dismissed(attribute: &str, draft: &Draft, known: &Known, words: &Words) -> String {
    let args = [("attribute", known.label(attribute).into())];
    let told = words.with("ui-rules-dismiss", &args);
    match draft.consent_dismissed_because.get(attribute) {
        Some(reason) => format!("{told}: {reason}"),
        None => told,
    }
}

/// Counts the chosen segments whose tag is in the audience already.
fn same_names(draft: &Draft, known: &Known) -> usize {
    let view = known.view.get();
    let tags = view.map(|view| view.tags.as_slice()).unwrap_or_default();
    let same = draft.segments.iter().filter(|one| {
        let name = draft.tags.get(&one.id).unwrap_or(&one.label);
        let name = name.trim().to_lowercase();
        tags.iter().any(|tag| tag.trim().to_lowercase() == name)
    });
    same.count()
}
