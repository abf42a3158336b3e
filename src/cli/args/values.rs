//! What the values of arguments may be.

use crate::domain::{DateOrder, FolderLayout, MergeTag, NewStatus, OnLeave};

/// What a part is to be that may be left out: an empty value takes it away. Clap would take an `Option` for its own.
pub(super) type OrNone<T> = Option<T>;

/// Reads a value by the spelling that files use, so that there is one list of names.
fn named<T: serde::de::DeserializeOwned>(text: &str, possible: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|_why| possible.to_owned())
}

const STATUSES: &str = "subscribed, pending, transactional";
const ON_LEAVE: &str = "untag, keep";
const DATE_ORDERS: &str = "mdy, dmy, ymd";
const LAYOUTS: &str = "one-file, profiles-and-segments, file-per-segment, tables";
const CONFIRMED: &str = "delete";
const SHELLS: &str = "bash, elvish, fish, powershell, zsh";

/// Lists what an argument takes, where that is a closed list. It is named as errors name it: `--flag <VALUE>`.
pub(in crate::cli) fn closed_list(argument: &str) -> Option<&'static str> {
    match argument.split(' ').next()? {
        "--status-if-new" => Some(STATUSES),
        "--on-leave" | "--removed-tags" => Some(ON_LEAVE),
        "--date-order" => Some(DATE_ORDERS),
        "--layout" => Some(LAYOUTS),
        "--color" => Some("auto, always, never"),
        "--lang" => Some("en, sv"),
        "--print-unit" => Some("systemd, cron, launchd, task"),
        "--confirm" => Some(CONFIRMED),
        "<SHELL>" => Some(SHELLS),
        _ => None,
    }
}

pub(super) fn status(text: &str) -> Result<NewStatus, String> {
    named(text, STATUSES)
}

pub(super) fn on_leave(text: &str) -> Result<OnLeave, String> {
    named(text, ON_LEAVE)
}

/// The order of dates, of all fields whose values do not tell or of one; without an order, what was said before no longer
/// holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct DateOrderOf {
    pub field: Option<MergeTag>,
    pub order: OrNone<DateOrder>,
}

pub(super) fn date_order(text: &str) -> Result<DateOrderOf, String> {
    let (field, order) = match text.split_once('=') {
        Some((field, order)) => (Some(field), order),
        None => (None, text),
    };
    let unknown = || DATE_ORDERS.to_owned();
    let field = field.map(|tag| MergeTag::parse(tag).ok_or_else(unknown));
    let field = field.transpose()?;
    let order = match (&field, order.trim()) {
        (Some(_), "") => None,
        (_, order) => Some(named(order, DATE_ORDERS)?),
    };
    Ok(DateOrderOf { field, order })
}

pub(super) fn layout(text: &str) -> Result<OrNone<FolderLayout>, String> {
    match text {
        "" => Ok(None),
        text => named(text, LAYOUTS).map(Some),
    }
}

pub(super) fn confirmed(text: &str) -> Result<String, String> {
    one_of(CONFIRMED, text)
}

fn one_of(listed: &str, text: &str) -> Result<String, String> {
    let known = listed.split(", ").any(|one| one == text);
    known
        .then(|| text.to_owned())
        .ok_or_else(|| listed.to_owned())
}

pub(super) fn shell(text: &str) -> Result<String, String> {
    one_of(SHELLS, text)
}

pub(super) fn delimiter(text: &str) -> Result<OrNone<char>, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok(Some('\t')),
        (_, None, _) => Ok(None),
        (_, one, None) => Ok(one),
        _ => Err(", ; | tab".to_owned()),
    }
}
