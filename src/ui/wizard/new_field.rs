//! The dialog for a merge field that the audience lacks: its tag, its name, its type.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::msg::{Outcome, Question, Ticket};
use super::super::paint::{Page, Reach};
use super::matching::samples;
use super::{Desk, Known};
use crate::domain::{FieldKind, Mapping, MergeField, MergeTag, NewField, Target};
use crate::export::{LONGEST_TAG, find_attribute};
use crate::words::Words;

/// The types that are offered.
const KINDS: [FieldKind; 7] = [
    FieldKind::Text,
    FieldKind::Number,
    FieldKind::Phone,
    FieldKind::Date,
    FieldKind::Birthday,
    FieldKind::Zip,
    FieldKind::Url,
];
/// The line of the type, below tag and name.
const KIND: usize = 2;

/// What came of a key.
pub(super) enum Made {
    /// Nothing yet.
    Open,
    /// It was left.
    Closed,
    /// This field, which this attribute fills.
    Field(NewField, String),
}

/// The dialog.
#[derive(Debug)]
pub(super) struct FieldForm {
    attribute: String,
    tag: Field,
    name: Field,
    kind: FieldKind,
    /// The values are looked through for their type; until then, and for all that is no number, it is a text.
    asked: Option<Ticket>,
    focus: usize,
    problem: Option<String>,
}

impl FieldForm {
    /// Opens it with what the attribute suggests, and has its values looked through.
    pub fn open(attribute: &str, tag: &str, desk: &mut Desk<'_>) -> Option<Self> {
        let looked = desk.known.source.get()?;
        let found = find_attribute(attribute, looked.source.attributes()).ok()?;
        let letters = found.label.chars().filter(char::is_ascii_alphanumeric);
        let suggested: String = letters.take(LONGEST_TAG).collect();
        let tag = if tag.is_empty() { &suggested } else { tag };
        // By this tag the answer is told; it is no one's yet.
        let stand_in = MergeTag::parse("NEW")?;
        let mut mapping = Mapping::default();
        mapping.set(Target::Field(stand_in), attribute);
        let segments = looked.segments.iter().map(|one| one.id.clone()).collect();
        let question = Question::Field(looked.source.clone(), segments, mapping);
        Some(Self {
            attribute: attribute.to_owned(),
            tag: Field::new(&tag.to_uppercase()),
            name: Field::new(&found.label),
            kind: FieldKind::Text,
            asked: Some(desk.out.ask(question)),
            focus: 0,
            problem: None,
        })
    }

    pub fn context(&self) -> Context {
        if self.focus == KIND {
            Context::Form
        } else {
            Context::Typing
        }
    }

    /// Tells whether this ticket is waited for.
    pub fn waits(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// Takes the type that fits all values.
    pub fn settle(&mut self, fields: Outcome<Vec<MergeField>>) {
        self.asked = None;
        let field = fields.ok().and_then(|fields| fields.into_iter().next());
        self.kind = field.map_or(self.kind, |field| field.kind);
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &Desk<'_>) -> Made {
        self.problem = None;
        match command {
            Command::Back => return Made::Closed,
            Command::Enter => match self.made(desk) {
                Ok(field) => return Made::Field(field, self.attribute.clone()),
                Err(problem) => (self.problem, self.focus) = (Some(problem), 0),
            },
            Command::NextField | Command::Down => self.focus = (self.focus + 1) % 3,
            Command::PrevField | Command::Up => self.focus = (self.focus + 2) % 3,
            Command::Choose | Command::Right if self.focus == KIND => self.turn(1),
            Command::Left if self.focus == KIND => self.turn(KINDS.len() - 1),
            _ => {
                let field = [&mut self.tag, &mut self.name].into_iter().nth(self.focus);
                if let Some(field) = field {
                    field.key(event);
                }
            }
        }
        Made::Open
    }

    fn turn(&mut self, by: usize) {
        // What the user says counts, whatever the values say later.
        self.asked = None;
        let at = KINDS.iter().position(|kind| *kind == self.kind);
        self.kind = KINDS[(at.unwrap_or(0) + by) % KINDS.len()];
    }

    fn made(&self, desk: &Desk<'_>) -> Result<NewField, String> {
        let words = desk.words;
        let Some(tag) = MergeTag::parse(self.tag.text()) else {
            return Err(words.text("ui-field-bad-tag"));
        };
        if tag.as_str().chars().count() > LONGEST_TAG {
            let args = [("tag", tag.as_str().into()), ("most", LONGEST_TAG.into())];
            return Err(words.with("ui-matching-long-tag", &args));
        }
        let view = desk.known.view.get();
        if view.is_some_and(|view| view.merge_fields.iter().any(|field| field.tag == tag)) {
            return Err(words.with("ui-field-there", &[("tag", tag.as_str().into())]));
        }
        let name = self.name.text().trim();
        Ok(NewField {
            name: if name.is_empty() { tag.as_str() } else { name }.to_owned(),
            tag,
            kind: self.kind,
        })
    }

    pub fn paste(&mut self, text: &str) {
        let field = [&mut self.tag, &mut self.name].into_iter().nth(self.focus);
        if let Some(field) = field {
            field.paste(text.trim());
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, known: &Known, words: &Words) {
        let attributes = known.open().map(crate::source::Source::attributes);
        let attribute =
            attributes.and_then(|all| all.iter().find(|one| one.name == self.attribute));
        let label = attribute.map_or(self.attribute.as_str(), |one| one.label.as_str());
        let args = [("attribute", label.into())];
        page.text(&words.with("ui-field-lead", &args), page.theme.strong());
        if let Some(attribute) = attribute {
            page.text(&samples(attribute), page.theme.faint());
        }
        page.gap();
        for (at, (key, field)) in [("ui-field-tag", &self.tag), ("ui-field-name", &self.name)]
            .into_iter()
            .enumerate()
        {
            let before = format!("{} ", words.text(key));
            let typed = Reach::selecting(at, self.focus);
            page.choice(typed, |page| field.draw(page, &before, self.focus == at));
        }
        let style = if self.focus == KIND {
            page.theme.here()
        } else {
            Style::new()
        };
        page.choice(Reach::acting(KIND, self.focus), |page| {
            page.line(Line::from(vec![
                Span::styled(
                    format!("{} ", words.text("ui-field-kind")),
                    page.theme.faint(),
                ),
                Span::styled(format!("‹ {} ›", words.field_kind(self.kind)), style),
            ]));
        });
        page.gap();
        match &self.problem {
            Some(problem) => page.bad(problem),
            None if self.asked.is_some() => {
                page.text(&words.text("ui-field-looking"), page.theme.faint());
            }
            None => {}
        }
        page.text(&words.text("ui-field-later"), page.theme.faint());
    }
}
