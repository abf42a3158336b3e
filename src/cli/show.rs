use super::Context;
use super::args::ShowFlags;
use super::context::Failure;
use super::out::{print_columns, print_json, print_toml};
use crate::domain::Destination;
use crate::store::Error as StoreError;
use crate::words::Label;

/// Shows a saved destination: for people, as TOML, or the TOML as JSON.
pub(super) fn run(context: &Context, flags: &ShowFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    if context.json {
        print_json(&destination);
    } else if flags.toml {
        let encoded = |why: toml::ser::Error| context.failed(StoreError::Encode(why.to_string()));
        print_toml(&toml::to_string(&destination).map_err(encoded)?);
    } else {
        print_columns(&lines(context, &destination));
    }
    Ok(0)
}

fn lines(context: &Context, destination: &Destination) -> Vec<Vec<String>> {
    let words = &context.words;
    let audience = match destination.audience_name.as_str() {
        "" => destination.audience.to_string(),
        name => format!("{name} ({})", destination.audience),
    };
    let agreed = words.agreed(destination.agreement.as_ref());
    let mut lines = vec![
        vec![
            words.label(Label::DisplayName),
            destination.name.to_string(),
        ],
        vec![words.label(Label::Privacy), agreed],
        vec![words.label(Label::AudienceId), audience],
        vec![
            words.label(Label::Login),
            destination
                .login
                .as_ref()
                .map_or_else(|| words.text("no-connection"), ToString::to_string),
        ],
        vec![words.label(Label::Source), destination.source.to_string()],
    ];
    lines.extend(matching(context, destination));
    let consent = destination
        .consent_attribute
        .as_ref()
        .map_or_else(|| "–".to_owned(), ToString::to_string);
    lines.extend([
        vec![
            words.label(Label::StatusIfNew),
            words.new_status(destination.status_if_new),
        ],
        vec![words.label(Label::ConsentAttribute), consent],
        vec![
            words.label(Label::OnLeave),
            words.on_leave(destination.on_leave),
        ],
        vec![
            words.label(Label::MaxProfiles),
            words.number(destination.max_profiles.0),
        ],
        vec![
            words.label(Label::Created),
            words.date_time(destination.created_at),
        ],
    ]);
    lines
}

/// The mapping and the segments, a line each, the label at the first of them.
fn matching(context: &Context, destination: &Destination) -> Vec<Vec<String>> {
    let words = &context.words;
    let mut lines = Vec::new();
    for (at, (target, attribute)) in destination.map.iter().enumerate() {
        let label = if at == 0 {
            words.label(Label::DataMatching)
        } else {
            String::new()
        };
        lines.push(vec![
            label,
            format!("{} ← {attribute}", words.target(target)),
        ]);
    }
    for (at, segment) in destination.segments.iter().enumerate() {
        let label = if at == 0 {
            words.label(Label::Segments)
        } else {
            String::new()
        };
        lines.push(vec![
            label,
            format!("{} → {}", segment.label, destination.tag_of(segment)),
        ]);
    }
    lines
}
