//! Rules: what new people get, who agreed, what happens to tags, limits. Nothing is chosen beforehand that matters.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::paint::{Page, cut};
use super::known::Wanted;
use super::picker::{Picked, Picker};
use super::{Desk, Flow, Known};
use crate::domain::{
    ConsentRule, Draft, MaxProfiles, NewStatus, OnLeave, RemovedTag, SegmentId, looks_like_consent,
};
use crate::export::find_attribute;
use crate::words::Words;

const STATUSES: [NewStatus; 3] = [
    NewStatus::Subscribed,
    NewStatus::Pending,
    NewStatus::Transactional,
];

/// One line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    Status(NewStatus),
    Consent,
    Invert,
    Dismiss(String),
    OnLeave,
    Removed(String),
    Adopt,
    Clear,
    Max,
    Tag(SegmentId),
    GoOn,
}

impl Row {
    /// Tells whether the line shows a value of its own, which Enter changes.
    fn is_value(&self) -> bool {
        match self {
            Self::Consent | Self::OnLeave | Self::Removed(_) | Self::Max | Self::Tag(_) => true,
            Self::Status(_)
            | Self::Invert
            | Self::Dismiss(_)
            | Self::Adopt
            | Self::Clear
            | Self::GoOn => false,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct RulesStep {
    cursor: usize,
    picker: Option<Picker>,
    typing: Option<(Row, Field)>,
    tried: bool,
    /// The source whose attributes the consent was looked for in.
    of: Option<Wanted>,
}

impl RulesStep {
    pub fn context(&self) -> Context {
        match (&self.picker, &self.typing) {
            (Some(_), _) => Context::Filter,
            (_, Some(_)) => Context::Typing,
            _ => Context::Choices,
        }
    }

    fn rows(draft: &Draft, known: &Known) -> Vec<Row> {
        let mut rows: Vec<Row> = STATUSES.map(Row::Status).to_vec();
        rows.push(Row::Consent);
        if let Some(rule) = &draft.consent_attribute {
            // With values listed, "the opposite" could be read two ways; what is saved so can be taken back.
            if rule.values.is_empty() || rule.inverted {
                rows.push(Row::Invert);
            }
        } else {
            rows.extend(suspects(draft, known, true).into_iter().map(Row::Dismiss));
        }
        rows.push(Row::OnLeave);
        rows.extend(draft.removed_tags.keys().cloned().map(Row::Removed));
        rows.extend([Row::Adopt, Row::Clear, Row::Max]);
        rows.extend(draft.segments.iter().map(|one| Row::Tag(one.id.clone())));
        rows.push(Row::GoOn);
        rows
    }

    /// Begins with a draft; one of a saved destination has its answers.
    pub fn new(draft: &Draft, is_saved: bool) -> Self {
        Self {
            of: Known::wanted(draft).filter(|_| is_saved),
            ..Self::default()
        }
    }

    /// Chooses the attribute that looks like consent, once for each source; who says that it is none has it out.
    pub fn enter(&mut self, draft: &mut Draft, known: &Known) {
        let Some(source) = known.open().filter(|_| self.of != known.looked) else {
            return;
        };
        self.of.clone_from(&known.looked);
        let is_there =
            |rule: &ConsentRule| find_attribute(&rule.attribute, source.attributes()).is_ok();
        draft.consent_attribute = draft.consent_attribute.take().filter(is_there);
        if draft.consent_attribute.is_none() && draft.consent_dismissed.is_empty() {
            let found = suspects(draft, known, false).into_iter().next();
            draft.consent_attribute = found.as_deref().map(ConsentRule::likely);
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        if let Some(mut picker) = self.picker.take() {
            match picker.key(command, event) {
                Picked::Closed => {}
                Picked::Open => self.picker = Some(picker),
                Picked::One(at) => choose_consent(at, desk),
            }
            return Flow::Stay;
        }
        if self.typing.is_some() {
            self.type_on(command, event, desk.draft);
            return Flow::Stay;
        }
        let rows = Self::rows(desk.draft, desk.known);
        self.cursor = self.cursor.min(rows.len() - 1);
        match command {
            Command::Back => return Flow::Leave,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(rows.len() - 1),
            Command::First => self.cursor = 0,
            Command::Last => self.cursor = rows.len() - 1,
            Command::Enter if !rows[self.cursor].is_value() => {
                return self.go_on(desk.draft, &rows);
            }
            Command::Choose if rows[self.cursor] == Row::GoOn => {
                return self.go_on(desk.draft, &rows);
            }
            Command::Choose | Command::Enter => self.choose(rows[self.cursor].clone(), desk),
            _ => {}
        }
        Flow::Stay
    }

    /// Goes on, unless something is missing: then the cursor goes there.
    fn go_on(&mut self, draft: &Draft, rows: &[Row]) -> Flow {
        self.tried = true;
        let lacking = |row: &Row| match row {
            Row::Status(_) => draft.status_if_new.is_none(),
            Row::Removed(tag) => draft.removed_tags.get(tag) == Some(&RemovedTag::Asked),
            Row::Max => draft.max_profiles == MaxProfiles(0),
            _ => false,
        };
        match rows.iter().position(lacking) {
            Some(at) => {
                self.cursor = at;
                Flow::Stay
            }
            None => Flow::Next,
        }
    }

    fn choose(&mut self, row: Row, desk: &mut Desk<'_>) {
        let draft = &mut *desk.draft;
        match row {
            Row::Status(status) => draft.status_if_new = Some(status),
            Row::Consent => {
                let Some(source) = desk.known.open() else {
                    return;
                };
                let none = (desk.words.text("ui-none"), String::new());
                let items = source
                    .attributes()
                    .iter()
                    .map(|one| (one.label.clone(), one.samples.join(" · ")));
                let title = desk.words.text("label-consent-attribute");
                let items: Vec<_> = std::iter::once(none).chain(items).collect();
                let likely = items
                    .iter()
                    .position(|(name, _)| looks_like_consent(name))
                    .unwrap_or(0);
                self.picker = Some(Picker::new(title, items, likely));
            }
            Row::Invert => {
                if let Some(rule) = &mut draft.consent_attribute {
                    rule.inverted = !rule.inverted;
                }
            }
            Row::Dismiss(name) => {
                if draft.consent_dismissed.contains(&name) {
                    draft.consent_dismissed.retain(|other| *other != name);
                } else {
                    draft.consent_dismissed.push(name);
                }
            }
            Row::OnLeave => {
                draft.on_leave = match draft.on_leave {
                    OnLeave::Untag => OnLeave::Keep,
                    OnLeave::Keep => OnLeave::Untag,
                }
            }
            Row::Removed(tag) => {
                let now = draft.removed_tags.entry(tag).or_default();
                *now = match now {
                    RemovedTag::Asked | RemovedTag::Keep => RemovedTag::Untag,
                    RemovedTag::Untag => RemovedTag::Keep,
                }
            }
            Row::Adopt => draft.adopt_tags = !draft.adopt_tags,
            Row::Clear => draft.clear_empty = !draft.clear_empty,
            Row::Max => self.type_limit(draft),
            Row::Tag(id) => {
                let now = draft.tags.get(&id).cloned().unwrap_or_default();
                self.typing = Some((Row::Tag(id), Field::new(&now)));
            }
            Row::GoOn => {}
        }
    }

    fn type_limit(&mut self, draft: &Draft) {
        let now = draft.max_profiles.0.to_string();
        self.typing = Some((Row::Max, Field::new(&now)));
    }

    /// Goes to the most profiles, and begins to have them typed.
    pub fn limit(&mut self, draft: &Draft, known: &Known) {
        let rows = Self::rows(draft, known);
        let place = rows.iter().position(|row| *row == Row::Max);
        self.cursor = place.unwrap_or(self.cursor);
        self.type_limit(draft);
    }

    fn type_on(&mut self, command: Command, event: KeyEvent, draft: &mut Draft) {
        let Some((row, mut field)) = self.typing.take() else {
            return;
        };
        match command {
            Command::Back => return,
            Command::Enter => {
                let text = field.text().trim();
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                match row {
                    Row::Max => {
                        let most = digits.parse().map(MaxProfiles);
                        draft.max_profiles = most.unwrap_or_default();
                    }
                    Row::Tag(id) if text.is_empty() => {
                        draft.tags.remove(&id);
                    }
                    Row::Tag(id) => {
                        draft.tags.insert(id, text.to_owned());
                    }
                    _ => {}
                }
                // The next Enter is for the next line.
                self.cursor += 1;
                return;
            }
            _ => {
                field.key(event);
            }
        }
        self.typing = Some((row, field));
    }

    pub fn paste(&mut self, text: &str) {
        if let Some((_, field)) = &mut self.typing {
            field.paste(text);
        } else if let Some(picker) = &mut self.picker {
            picker.paste(text);
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        if let Some(picker) = &self.picker {
            return picker.draw(page, &words.text("ui-picker-filter"));
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
            self.draw_row(page, (row, here), draft, known, words);
            if rows.get(at + 1).is_none_or(|next| title(next).is_some()) {
                self.draw_trouble(page, row, draft, known, words);
                page.gap();
            }
        }
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
        let mark = if here { "❯" } else { " " };
        let room = page.width().saturating_sub(2);
        let text = cut(&describe(row, draft, known, words), room);
        page.line(Span::styled(format!("{mark} {text}"), style));
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

/// Attributes that look like consent and are not used; those dismissed too, if asked.
fn suspects(draft: &Draft, known: &Known, dismissed: bool) -> Vec<String> {
    let Some(source) = known.open() else {
        return Vec::new();
    };
    let names = source.attributes().iter().map(|one| one.name.clone());
    names
        .filter(|name| {
            looks_like_consent(name) && (dismissed || !draft.consent_dismissed.contains(name))
        })
        .collect()
}

fn choose_consent(at: usize, desk: &mut Desk<'_>) {
    let attribute = at
        .checked_sub(1)
        .and_then(|at| desk.known.open()?.attributes().get(at));
    desk.draft.consent_attribute = attribute.map(|attribute| ConsentRule::likely(&attribute.name));
}

/// Finds a tag of which the user has not said what becomes of it.
fn asked(draft: &Draft) -> Option<&str> {
    let mut all = draft.removed_tags.iter();
    let found = all.find(|(_, what)| **what == RemovedTag::Asked);
    found.map(|(tag, _)| tag.as_str())
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
        Row::Consent => {
            let rule = draft.consent_attribute.as_ref().map(ToString::to_string);
            let now = rule.unwrap_or_else(|| words.text("ui-none"));
            format!("{}: {now} ▾", words.text("label-consent-attribute"))
        }
        Row::Invert => {
            let rule = draft.consent_attribute.as_ref();
            let on = rule.is_some_and(|rule| rule.inverted);
            ticked(on, words.text("ui-rules-invert"))
        }
        Row::Dismiss(name) => {
            let args = [("attribute", name.as_str().into())];
            ticked(
                draft.consent_dismissed.contains(name),
                words.with("ui-rules-dismiss", &args),
            )
        }
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
