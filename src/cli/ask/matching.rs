//! Which attribute fills which field.

use super::super::args::DateOrderOf;
use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Choice, Halt, Prompt};
use crate::domain::{Attribute, DateOrder, Draft, Mapping, MergeField, MergeTag, Target};
use crate::export::{
    FirstRows, LONGEST_TAG, Mismatch, date_orders, find_attribute, guess_mapping, mismatches,
    targets_to_add, targets_to_match,
};
use crate::plan::Unmet;
use crate::words::Words;

impl Asking<'_> {
    pub(super) async fn matching(&mut self, prompt: &Prompt) -> Answered<()> {
        let words = self.context.words.clone();
        let mut draft = self.draft()?;
        let (view, source) = self.looked()?;
        let attributes = source.attributes().to_vec();
        let fields = view.merge_fields.clone();
        drop_unfit(&mut draft.map, &attributes);
        if draft.map.get(&Target::Email).is_none() {
            guess_the_rest(&mut draft.map, &attributes, &fields);
        }
        loop {
            let problems = problems(&draft, &attributes, &fields, &self.first);
            let rows = targets_to_match(&draft.map, &fields);
            let shown = rows.iter().map(|row| {
                let about = problems.iter().filter(|(target, _)| target == row);
                let told = about.map(|(_, what)| format!("\n    {}", told(what, &words)));
                let is_required = is_required(row, &fields);
                let line = line((row, is_required), &draft.map, &attributes, &words);
                line + &told.collect::<String>()
            });
            let more = ["ui-matching-add", "ui-login-go-on"].map(|key| words.text(key));
            let options: Vec<String> = shown.chain(more).collect();
            let lead = words.text("ui-matching-lead");
            let last = options.len() - 1;
            let question = prompt.about("ask-help-matching");
            let at = question.choose(&lead, &options, Some(last)).await?;
            let changed = match rows.get(at) {
                Some(target) => fill(&mut draft.map, target, &attributes, prompt).await,
                None if at == last => {
                    let stops = problems.iter().filter(|(_, what)| what.stops());
                    let stops: Vec<String> = stops.map(|(_, what)| told(what, &words)).collect();
                    if stops.is_empty() {
                        break;
                    }
                    for problem in &stops {
                        say(problem);
                    }
                    continue;
                }
                None => add(&mut draft.map, &fields, &attributes, prompt).await,
            };
            match changed {
                Err(Halt::Back) => {}
                // Whoever goes back later finds it again.
                changed => {
                    changed?;
                    self.keep_map(&draft.map, &fields);
                }
            }
        }
        self.keep_map(&draft.map, &fields);
        self.dates(&draft.map, &fields, prompt).await
    }

    /// Keeps what fills which field. How dates are written was said of the attribute that filled a field then.
    fn keep_map(&mut self, map: &Mapping, fields: &[MergeField]) {
        let pair = |(target, attribute): (&Target, &str)| format!("{target}={attribute}");
        let before = std::mem::take(&mut self.answers.map);
        self.answers.date_order.retain(|one| {
            one.field.as_ref().is_none_or(|tag| {
                let target = Target::Field(tag.clone());
                let filled = map.get(&target);
                filled.is_some_and(|name| before.contains(&pair((&target, name))))
            })
        });
        let saved = self.saved.iter().flat_map(|saved| saved.map.iter());
        let gone = saved.filter(|(target, _)| map.get(target).is_none());
        let gone = gone.map(|(target, _)| format!("{target}="));
        self.answers.map = gone.chain(map.iter().map(pair)).collect();
        self.answers.create_fields |= map.tags().iter().any(|tag| is_new(tag, fields));
    }

    /// Asks how dates are written that can be read in more than one way.
    async fn dates(
        &mut self,
        map: &Mapping,
        fields: &[MergeField],
        prompt: &Prompt,
    ) -> Answered<()> {
        let words = &self.context.words;
        let (_, source) = self.looked()?;
        let said = self.draft()?.date_orders;
        let given = |tag: &MergeTag| said.get(tag).copied();
        let decided = date_orders(source, map, fields, given).await;
        let (_, undecided) = decided.map_err(|why| self.context.failed(why))?;
        for one in undecided {
            let args = [("attribute", one.attribute.as_str().into())];
            let question = words.with("ui-matching-order", &args);
            let options = DateOrder::ALL.map(|order| words.date_order(order));
            let about = prompt.about("ask-about-dates");
            let at = about.choose(&question, &options, None).await?;
            self.answers.date_order.push(DateOrderOf {
                field: Some(one.tag),
                order: Some(DateOrder::ALL[at]),
            });
        }
        Ok(())
    }
}

/// One line of the matching: the field, what fills it, and its first values.
fn line(
    (target, is_required): (&Target, bool),
    map: &Mapping,
    attributes: &[Attribute],
    words: &Words,
) -> String {
    let filled = map.get(target);
    let found = filled.and_then(|name| find_attribute(name, attributes).ok());
    let shown = match found {
        Some(attribute) => described(attribute),
        None => filled.map_or_else(|| words.text("ui-none"), str::to_owned),
    };
    let star = if is_required { " *" } else { "" };
    format!("{}{star} ← {shown}", words.target(target))
}

/// Nobody can be exported without an address, and nobody gets into an audience without what it requires.
fn is_required(target: &Target, fields: &[MergeField]) -> bool {
    let required = |tag: &MergeTag| fields.iter().any(|one| one.tag == *tag && one.required);
    match target {
        Target::Email => true,
        Target::Field(tag) => required(tag),
        _ => false,
    }
}

/// Takes off what another source had, and this one has not.
fn drop_unfit(map: &mut Mapping, attributes: &[Attribute]) {
    let unfit = map.iter().filter(|(_, name)| {
        let there = find_attribute(name, attributes);
        there.is_err()
    });
    let unfit: Vec<Target> = unfit.map(|(target, _)| target.clone()).collect();
    for target in &unfit {
        map.remove(target);
    }
}

/// Fills what is not filled yet with what is likely.
fn guess_the_rest(map: &mut Mapping, attributes: &[Attribute], fields: &[MergeField]) {
    for (target, attribute) in guess_mapping(attributes, fields).iter() {
        if map.get(target).is_none() {
            map.set(target.clone(), attribute.to_owned());
        }
    }
}

fn described(attribute: &Attribute) -> String {
    if attribute.samples.is_empty() {
        return attribute.label.clone();
    }
    let first: Vec<&str> = attribute
        .samples
        .iter()
        .map(String::as_str)
        .take(2)
        .collect();
    format!("{} ({})", attribute.label, first.join(" · "))
}

/// Finds what is to be said of each line. A field that the audience lacks is made with the destination.
fn problems(
    draft: &Draft,
    attributes: &[Attribute],
    fields: &[MergeField],
    first: &FirstRows,
) -> Vec<(Target, Mismatch)> {
    let is_made = |what: &Mismatch| matches!(what, Mismatch::Unmet(Unmet::UnknownField(_)));
    let mut found = mismatches(draft, attributes, fields, first);
    found.retain(|(_, what)| !is_made(what));
    found
}

/// Says what is wrong with a line, behind the sign that the wizard has for it.
fn told(what: &Mismatch, words: &Words) -> String {
    let sign = if what.stops() { "✗" } else { "!" };
    format!("{sign} {}", words.mismatch(what))
}

fn is_new(tag: &MergeTag, fields: &[MergeField]) -> bool {
    fields.iter().all(|field| field.tag != *tag)
}

/// Has the attribute chosen that fills a field; any but the address may be filled by none.
async fn fill(
    map: &mut Mapping,
    target: &Target,
    attributes: &[Attribute],
    prompt: &Prompt,
) -> Answered<()> {
    let words = &prompt.words;
    let none = (*target != Target::Email).then(|| words.text("ui-none"));
    let first = usize::from(none.is_some());
    let options: Vec<String> = none
        .into_iter()
        .chain(attributes.iter().map(described))
        .collect();
    let now = map.get(target).map(str::to_owned);
    let usual = attributes
        .iter()
        .position(|one| now.as_ref() == Some(&one.name));
    let usual = usual.map_or((first == 1).then_some(0), |at| Some(at + first));
    let field = [("field", words.target(target).into())];
    let question = words.with("ui-matching-choose", &field);
    let about = prompt.about("ask-about-attribute");
    let at = about.choose(&question, &options, usual).await?;
    match at.checked_sub(first).and_then(|at| attributes.get(at)) {
        Some(attribute) => {
            map.set(target.clone(), attribute.name.clone());
        }
        None => map.remove(target),
    }
    Ok(())
}

/// Has another field chosen, or the tag of a new one typed, and what fills it.
async fn add(
    map: &mut Mapping,
    fields: &[MergeField],
    attributes: &[Attribute],
    prompt: &Prompt,
) -> Answered<()> {
    let words = &prompt.words;
    let targets = targets_to_add(map, fields);
    let options = targets.iter().map(|(target, name)| match name {
        Some(name) => format!("{name} ({target})"),
        None => words.target(target),
    });
    let options: Vec<String> = options.collect();
    let question = words.text("ui-matching-add");
    let asked = (question.as_str(), "ask-field");
    let about = prompt.about("ask-about-field");
    let target = match about.choose_or_type(asked, &options, None).await? {
        Choice::At(at) => targets[at].0.clone(),
        Choice::Other(typed) => match MergeTag::parse(&typed) {
            Some(tag) if tag.as_str().len() <= LONGEST_TAG => Target::Field(tag),
            tag => {
                let args = [("tag", typed.into()), ("most", LONGEST_TAG.into())];
                say(&match tag {
                    Some(_) => words.with("ui-matching-long-tag", &args),
                    None => words.with("ask-no-tag", &args[..1]),
                });
                return Ok(());
            }
        },
    };
    fill(map, &target, attributes, prompt).await
}
