use super::Context;
use super::args::{RemoveFlags, ShowFlags};
use super::context::Failure;
use super::out::{print_columns, print_json, print_toml, say};
use crate::domain::Destination;
use crate::export::{Error, Report};
use crate::store::{Destinations, Error as StoreError, Runs};
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
    let agreed = destination.agreement.as_ref().map_or_else(
        || words.text("show-not-agreed"),
        |agreement| {
            let args = [
                ("user", agreement.user.as_str().into()),
                ("time", words.date_time(agreement.at).into()),
            ];
            words.with("show-agreed", &args)
        },
    );
    let mut lines = vec![
        vec![
            words.label(Label::DisplayName),
            destination.name.to_string(),
        ],
        vec![words.label(Label::Privacy), agreed],
        vec![words.label(Label::AudienceId), audience],
        vec![words.label(Label::Login), destination.login.to_string()],
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
            words.number(destination.max_profiles),
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

/// Removes a destination, its rejects and plans, and what nobody else uses: its audience's ledger and its login. The
/// history stays unless `--purge`.
pub(super) async fn remove(context: &Context, flags: &RemoveFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    let name = destination.name.to_string();
    let question = context
        .words
        .with("remove-question", &[("name", name.as_str().into())]);
    if !context.confirm(&question, flags.yes)? {
        return Ok(0);
    }
    forget(context, &destination, flags.purge)
        .await
        .map_err(|why| context.failed(why))?;
    say(&context.words.with("remove-done", &[("name", name.into())]));
    Ok(0)
}

async fn forget(context: &Context, destination: &Destination, purge: bool) -> Result<(), Error> {
    let home = &context.surroundings.home;
    let saved = Destinations::of(home);
    for run in Runs::of(home).list()? {
        let report = Runs::report::<Report>(&run)?;
        if report.is_some_and(|report| report.destination == destination.name) {
            if purge {
                run.remove()?;
            } else {
                run.drop_people()?;
            }
        }
    }
    saved.remove(destination.name.as_str())?;
    let others = saved.list()?;
    if !others
        .iter()
        .any(|other| other.audience == destination.audience)
    {
        home.remove_ledger(&destination.audience)?;
    }
    if !others.iter().any(|other| other.login == destination.login) {
        context
            .surroundings
            .remove_login(&destination.login)
            .await?;
    }
    Ok(())
}
