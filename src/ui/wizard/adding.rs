//! Changing a line of data matching and adding one: the field first or the attribute first, or a field that is new.

use crossterm::event::KeyEvent;

use super::super::keys::Command;
use super::mapping::{MappingStep, Then};
use super::matching::samples;
use super::new_field::{FieldForm, Made};
use super::picker::{Picked, Picker};
use super::{Desk, Flow};
use crate::domain::{DateOrder, MergeTag, Target};
use crate::export::targets_to_add;

/// What is chosen from a list.
#[derive(Debug)]
pub(super) enum Choosing {
    /// The attribute that fills this.
    Attribute(Target),
    /// What to fill, with this attribute if it was chosen first.
    Target(Vec<Target>, Option<String>),
    /// The attribute, before what it fills.
    First,
    /// The attribute that fills a new field of this tag.
    ForNew(String),
    /// The order of dates.
    Order(MergeTag, Then),
}

impl MappingStep {
    /// Lets the user pick the attribute that fills something.
    pub(super) fn choose(&mut self, target: Target, desk: &Desk<'_>) {
        let fields = desk.known.merge_fields();
        let args = [("field", desk.words.target_among(&target, fields).into())];
        let title = desk.words.with("ui-matching-choose", &args);
        let now = desk.draft.map.get(&target).map(str::to_owned);
        self.attributes(title, now.as_deref(), Choosing::Attribute(target), desk);
    }

    fn attributes(
        &mut self,
        title: String,
        now: Option<&str>,
        choosing: Choosing,
        desk: &Desk<'_>,
    ) {
        let Some(source) = desk.known.open() else {
            return;
        };
        let all = source.attributes().iter();
        let items = all.clone().map(|one| (one.label.clone(), samples(one)));
        let cursor = all.clone().position(|one| Some(one.name.as_str()) == now);
        let picker = Picker::new(title, items.collect(), cursor.unwrap_or(0));
        self.picker = Some((picker, choosing));
    }

    /// Lets the user pick what is filled, by an attribute that was chosen or will be.
    pub(super) fn add(&mut self, attribute: Option<String>, desk: &Desk<'_>) {
        let Some(view) = desk.known.view.get() else {
            return;
        };
        let targets = targets_to_add(&desk.draft.map, &view.merge_fields);
        let named = |target: &Target| desk.words.target_among(target, &view.merge_fields);
        let items = targets.iter().map(|(target, name)| match name {
            // Found by the name in Mailchimp, and by the tag.
            Some(_) => (named(target), target.to_string()),
            None => (named(target), String::new()),
        });
        let last = (
            desk.words.text("ui-matching-make"),
            desk.words.text("ui-matching-make-how"),
        );
        let items = items.chain([last]).collect();
        let title = match &attribute {
            Some(name) => desk
                .words
                .with("ui-matching-fills", &[("attribute", name.as_str().into())]),
            None => format!(
                "{} · {}",
                desk.words.text("ui-matching-add"),
                desk.words.text("ui-matching-field-first")
            ),
        };
        let targets = targets.into_iter().map(|(target, _)| target).collect();
        self.picker = Some((
            Picker::new(title, items, 0).searched_by_both(),
            Choosing::Target(targets, attribute),
        ));
    }

    fn add_by_attribute(&mut self, desk: &Desk<'_>) {
        let title = format!(
            "{} · {}",
            desk.words.text("ui-matching-which"),
            desk.words.text("ui-matching-attribute-first")
        );
        self.attributes(title, None, Choosing::First, desk);
    }

    /// Goes on to the dialog of a new field, or first to the attribute that fills it.
    fn make(&mut self, tag: &str, attribute: Option<&str>, desk: &mut Desk<'_>) {
        if let Some(attribute) = attribute {
            self.form = FieldForm::open(attribute, tag, desk);
        } else {
            let title = desk.words.text("ui-matching-which");
            self.attributes(title, None, Choosing::ForNew(tag.to_owned()), desk);
        }
    }

    pub(super) fn pick(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        let Some((mut picker, choosing)) = self.picker.take() else {
            return Flow::Stay;
        };
        // A new merge field is made of what was typed when no field fits.
        if let (Choosing::Target(_, attribute), Command::Enter, Some(tag)) =
            (&choosing, command, MergeTag::parse(picker.typed()))
            && let Some(view) = desk.known.view.get()
            && !view
                .merge_fields
                .iter()
                .any(|field| field.tag.as_str().starts_with(tag.as_str()))
        {
            self.make(tag.as_str(), attribute.as_deref(), desk);
            return Flow::Stay;
        }
        let named = |at: usize, desk: &Desk<'_>| {
            let attribute = desk.known.open()?.attributes().get(at)?;
            Some(attribute.name.clone())
        };
        match (choosing, command) {
            (Choosing::Target(_, None), Command::NextField) => self.add_by_attribute(desk),
            (Choosing::First, Command::NextField) => self.add(None, desk),
            (choosing, _) => match (picker.key(command, event), choosing) {
                (Picked::Closed, _) => {}
                (Picked::Open, choosing) => self.picker = Some((picker, choosing)),
                (Picked::One(at), Choosing::Attribute(target)) => {
                    if let Some(name) = named(at, desk) {
                        self.set(target, name, desk);
                    }
                }
                (Picked::One(at), Choosing::First) => self.add(named(at, desk), desk),
                (Picked::One(at), Choosing::ForNew(tag)) => {
                    let name = named(at, desk);
                    self.make(&tag, name.as_deref(), desk);
                }
                (Picked::One(at), Choosing::Target(targets, attribute)) => {
                    match (targets.into_iter().nth(at), attribute) {
                        (Some(target), Some(name)) => self.set(target, name, desk),
                        (Some(target), None) => self.choose(target, desk),
                        (None, attribute) => self.make("", attribute.as_deref(), desk),
                    }
                }
                (Picked::One(at), Choosing::Order(tag, then)) => {
                    desk.draft
                        .date_orders
                        .insert(tag, DateOrder::ALL[at.min(2)]);
                    return self.after_dates(then, desk);
                }
            },
        }
        Flow::Stay
    }

    fn set(&mut self, target: Target, attribute: String, desk: &mut Desk<'_>) {
        if let Target::Field(tag) = &target {
            desk.draft.date_orders.remove(tag);
        }
        self.guesses.retain(|guessed| *guessed != target);
        desk.draft.map.set(target, attribute);
    }

    /// Takes a key for the dialog of a new field; it is made when the destination is saved.
    pub(super) fn fill(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) {
        let Some(mut form) = self.form.take() else {
            return;
        };
        match form.key(command, event, desk) {
            Made::Open => self.form = Some(form),
            Made::Closed => {}
            Made::Field(field, attribute) => {
                let target = Target::Field(field.tag.clone());
                desk.draft.new_fields.retain(|one| one.tag != field.tag);
                desk.draft.new_fields.push(field);
                desk.known.plan_fields(desk.draft);
                self.set(target, attribute, desk);
            }
        }
    }
}
