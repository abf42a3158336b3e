//! What of the mapping cannot work or would lose values, each beside the line that it is about.

use super::Known;
use super::mapping::ORDERS;
use super::sampled::{Fit, Sampled};
use crate::domain::{Draft, Email, FieldKind, MergeField, MergeTag, Target};
use crate::export::{Warning, find_attribute};
use crate::plan::{Unmet, fits};
use crate::words::{Explain, Words};

/// What is to be said of a line of data matching.
#[derive(Debug)]
pub(super) struct Problem {
    /// The line; `None` where it is about all of them.
    pub target: Option<Target>,
    /// What is wrong.
    pub text: String,
    /// Whether no export can run with it.
    pub stops: bool,
}

/// Finds everything that is to be said of the mapping.
pub(super) fn problems(
    draft: &Draft,
    known: &Known,
    sampled: &Sampled,
    words: &Words,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut stop = |target: Option<&Target>, text| {
        problems.push(Problem {
            target: target.cloned(),
            text,
            stops: true,
        });
    };
    let unmet = |unmet: &Unmet| unmet.explain(words).what;
    if draft.map.get(&Target::Email).is_none() {
        stop(Some(&Target::Email), words.text("gap-email"));
    }
    let (Some(source), Some(view)) = (known.open(), known.view.get()) else {
        stop(None, words.text("ui-matching-not-ready"));
        return problems;
    };
    let field = |tag: &MergeTag| view.merge_fields.iter().find(|field| field.tag == *tag);
    for (target, attribute) in draft.map.iter() {
        if find_attribute(attribute, source.attributes()).is_err() {
            let args = [("attribute", attribute.into())];
            stop(Some(target), words.with("ui-matching-gone", &args));
        }
        let (tag, is_part) = match target {
            Target::Field(tag) => (tag, false),
            Target::Address(tag, _) => (tag, true),
            Target::Email | Target::Language => continue,
        };
        match field(tag) {
            None => stop(Some(target), unmet(&Unmet::UnknownField(tag.clone()))),
            Some(field) if (field.kind == FieldKind::Address) != is_part => {
                stop(Some(target), unmet(&Unmet::AddressParts(tag.clone())));
            }
            Some(_) => {}
        }
    }
    let tags = draft.map.tags();
    let required = view.merge_fields.iter().filter(|field| field.required);
    for field in required.filter(|field| !tags.contains(&&field.tag)) {
        let target = Target::Field(field.tag.clone());
        let what = unmet(&Unmet::RequiredField(field.tag.clone()));
        stop(Some(&target), what);
    }
    for (target, _) in draft.map.iter() {
        let field = match target {
            Target::Field(tag) => field(tag),
            Target::Email | Target::Language | Target::Address(..) => None,
        };
        let text = misfit(target, field, (draft, known), sampled, words);
        problems.extend(text.map(|text| warned(Some(target.clone()), text)));
    }
    for (tag, lacking) in draft.map.partial_addresses() {
        let parts = draft.map.iter().map(|(target, _)| target);
        let parts = parts.filter(|one| matches!(one, Target::Address(of, _) if *of == tag));
        let last = parts.last().cloned();
        let told = words.warning(&Warning::PartialAddress { tag, lacking });
        problems.push(warned(last, told));
    }
    problems
}

fn warned(target: Option<Target>, text: String) -> Problem {
    Problem {
        target,
        text,
        stops: false,
    }
}

/// Tells of values among the first ones that would be left out, or with which the person would be rejected.
fn misfit(
    target: &Target,
    field: Option<&MergeField>,
    (draft, known): (&Draft, &Known),
    sampled: &Sampled,
    words: &Words,
) -> Option<String> {
    let source = known.open()?;
    let attribute = find_attribute(draft.map.get(target)?, source.attributes()).ok()?;
    let at = source
        .attributes()
        .iter()
        .position(|one| one.name == attribute.name)?;
    let (fit, kind) = match (target, field) {
        (Target::Email, _) => (
            sampled.fit(at, |value| Email::parse(value).is_ok()),
            words.text("ui-matching-address"),
        ),
        (Target::Field(tag), Some(field)) => {
            let decided = draft.date_orders.get(tag).copied();
            let orders = decided.map_or(ORDERS.to_vec(), |order| vec![order]);
            let takes = |value: &str| orders.iter().any(|order| fits(field, value, Some(*order)));
            (sampled.fit(at, takes), words.field_kind(field.kind))
        }
        _ => return None,
    };
    let Fit { values, misfits } = fit;
    if misfits == 0 {
        return None;
    }
    let key = if field.is_none_or(|field| field.required) {
        "ui-matching-rejects"
    } else {
        "ui-matching-leaves-out"
    };
    let args = [
        ("count", misfits.into()),
        ("all", values.into()),
        ("kind", kind.as_str().into()),
    ];
    Some(words.with(key, &args))
}
