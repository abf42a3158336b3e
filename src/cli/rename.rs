use jiff::Timestamp;

use super::Context;
use super::add::tell;
use super::args::{DuplicateFlags, RenameFlags};
use super::context::Failure;
use super::out::say;
use super::usage;
use crate::domain::DestinationName;

/// Gives a destination another name; its history, its rejects and what it has delivered stay its own.
pub(super) fn run(context: &Context, flags: &RenameFlags) -> Result<u8, Failure> {
    let saved = context.destination(&flags.name)?;
    let name = name(context, &flags.new)?;
    let renamed = context.surroundings.rename_destination(&saved, name);
    tell(context, &renamed.map_err(|why| context.failed(why))?);
    Ok(0)
}

/// Saves a copy of a destination under another name. Its history is its own, and so is the agreement to its transfer.
pub(super) fn duplicate(context: &Context, flags: &DuplicateFlags) -> Result<u8, Failure> {
    let saved = context.destination(&flags.name)?;
    let name = name(context, &flags.new)?;
    if !flags.accept_privacy {
        say(&context.words.consent_text());
        let what = usage::missing("--accept-privacy", &context.words);
        let next = usage::how_to_add("--accept-privacy", &context.words);
        return Err(Failure::usage(what, next));
    }
    let user = &context.surroundings.user;
    let agreement = Some(context.words.agreement(user, Timestamp::now()));
    let was_scheduled = !saved.schedule.is_off();
    let copy = context
        .surroundings
        .duplicate_destination(saved, name, agreement);
    tell(context, &copy.map_err(|why| context.failed(why))?);
    if was_scheduled {
        say(&context.words.text("schedule-not-copied"));
    }
    Ok(0)
}

fn name(context: &Context, typed: &str) -> Result<DestinationName, Failure> {
    DestinationName::parse(typed).map_err(|why| context.mistyped("<NEW>", &why))
}
