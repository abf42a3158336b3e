//! Rules: what new people get, who agreed, what happens to tags, limits. Nothing is chosen beforehand that matters.

mod draw;
mod why;

use crossterm::event::KeyEvent;

use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::known::Wanted;
use super::picker::{Picked, Picker};
use super::{Desk, Flow, Known};
use crate::domain::{
    ConsentRule, Draft, MaxProfiles, NewStatus, OnLeave, RemovedTag, SegmentId, looks_like_consent,
};
use crate::export::find_attribute;
use why::{Answered, Why};

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
    /// Why an attribute is not about consent, while that is asked.
    why: Option<Why>,
    typing: Option<(Row, Field)>,
    tried: bool,
    /// The source whose attributes the consent was looked for in.
    of: Option<Wanted>,
}

impl RulesStep {
    pub fn context(&self, draft: &Draft, known: &Known) -> Context {
        if let Some(why) = &self.why {
            return why.context();
        }
        match (&self.picker, &self.typing) {
            (Some(_), _) => Context::Picker,
            (_, Some(_)) => Context::Typing,
            _ => {
                let rows = Self::rows(draft, known);
                if rows.get(self.cursor).is_some_and(Row::is_value) {
                    Context::Value
                } else {
                    Context::Choices
                }
            }
        }
    }

    /// Tells whether the rules themselves are in sight, and not something that one of them asks.
    pub fn is_listed(&self) -> bool {
        self.why.is_none() && self.picker.is_none()
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

    /// Begins at the status that is chosen. Chooses the attribute that looks like consent, once for each source; who says that it is none has it out.
    pub fn enter(&mut self, draft: &mut Draft, known: &Known) {
        let mut statuses = STATUSES.iter();
        let chosen = statuses.position(|one| draft.status_if_new == Some(*one));
        self.cursor = chosen.unwrap_or(0);
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
        if let Some(mut why) = self.why.take() {
            match why.key(command, event, desk.words) {
                Answered::Left => {}
                Answered::Open => self.why = Some(why),
                Answered::Because(attribute, reason) => dismiss(attribute, reason, desk.draft),
            }
            return Flow::Stay;
        }
        if let Some(mut picker) = self.picker.take() {
            match picker.key(command, event) {
                Picked::Closed => {}
                Picked::Open => self.picker = Some(picker),
                Picked::One(at) => self.choose_consent(at, desk),
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
                    draft.consent_dismissed_because.remove(&name);
                } else {
                    self.why = Some(Why::of(name));
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

    /// Takes what was chosen of the attributes. Whoever wants none where one was found is asked why.
    fn choose_consent(&mut self, at: usize, desk: &mut Desk<'_>) {
        let attribute = at
            .checked_sub(1)
            .and_then(|at| desk.known.open()?.attributes().get(at));
        let rule = attribute.map(|attribute| ConsentRule::likely(&attribute.name));
        let former = std::mem::replace(&mut desk.draft.consent_attribute, rule);
        let former = former.filter(|_| desk.draft.consent_attribute.is_none());
        let suspects = suspects(desk.draft, desk.known, false);
        let former = former.filter(|rule| suspects.contains(&rule.attribute));
        self.why = former.map(|rule| Why::of(rule.attribute));
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
        if let Some(why) = &mut self.why {
            why.paste(text);
        } else if let Some((_, field)) = &mut self.typing {
            field.paste(text);
        } else if let Some(picker) = &mut self.picker {
            picker.paste(text);
        }
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

fn dismiss(attribute: String, reason: String, draft: &mut Draft) {
    let because = &mut draft.consent_dismissed_because;
    because.insert(attribute.clone(), reason);
    draft.consent_dismissed.push(attribute);
}

/// Finds a tag of which the user has not said what becomes of it.
fn asked(draft: &Draft) -> Option<&str> {
    let mut all = draft.removed_tags.iter();
    let found = all.find(|(_, what)| **what == RemovedTag::Asked);
    found.map(|(tag, _)| tag.as_str())
}
