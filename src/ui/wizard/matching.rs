//! What data matching shows: its lines, and what does not fit.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::paint::{Page, cut, left};
use super::Known;
use crate::domain::{Attribute, Draft, Target};
use crate::export::find_attribute;
use crate::words::Words;

/// Draws one line: merge field, attribute, values.
pub(super) fn draw_row(
    page: &mut Page<'_, '_>,
    target: &Target,
    here: bool,
    (draft, known): (&Draft, &Known),
    words: &Words,
) {
    let (wide, broad) = if page.width() < 60 {
        (12, 14)
    } else {
        (14, 18)
    };
    let star = if *target == Target::Email { " *" } else { "" };
    let name = left(&format!("{}{star}", words.target(target)), wide);
    let attribute = draft.map.get(target);
    let values = attribute
        .zip(known.open())
        .and_then(|(name, source)| find_attribute(name, source.attributes()).ok());
    let (mark, style) = if here {
        ("❯ ", page.theme.here())
    } else {
        ("  ", Style::new())
    };
    // People know the label; names of Dataverse are not for them.
    let label = values.map(|one| one.label.as_str());
    let chosen = left(label.or(attribute).unwrap_or("—"), broad);
    let room = page.width().saturating_sub(wide + broad + 9);
    let shown = cut(&values.map(samples).unwrap_or_default(), room);
    page.line(Line::from(vec![
        Span::styled(format!("{mark}{name} ← {chosen} ▾"), style),
        Span::styled(format!("  {shown}"), page.theme.faint()),
    ]));
}

/// What of the mapping does not fit source or audience.
pub(super) fn problems(draft: &Draft, known: &Known, words: &Words) -> Vec<String> {
    let mut problems = Vec::new();
    if draft.map.get(&Target::Email).is_none() {
        problems.push(words.text("gap-email"));
    }
    let (Some(source), Some(view)) = (known.open(), known.view.get()) else {
        problems.push(words.text("ui-matching-not-ready"));
        return problems;
    };
    for (target, attribute) in draft.map.iter() {
        if find_attribute(attribute, source.attributes()).is_err() {
            problems.push(words.with("ui-matching-gone", &[("attribute", attribute.into())]));
        }
        if let Target::Field(tag) | Target::Address(tag, _) = target
            && !view.merge_fields.iter().any(|field| field.tag == *tag)
        {
            problems.push(words.with("ui-matching-no-field", &[("field", tag.as_str().into())]));
        }
    }
    let tags = draft.map.tags();
    for field in view
        .merge_fields
        .iter()
        .filter(|field| field.required && !tags.contains(&&field.tag))
    {
        problems.push(words.with(
            "ui-matching-required",
            &[("field", field.tag.as_str().into())],
        ));
    }
    problems
}

pub(super) fn samples(attribute: &Attribute) -> String {
    attribute.samples.join(" · ")
}
