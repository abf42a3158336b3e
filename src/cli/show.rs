use super::Context;
use super::add::carried;
use super::args::ShowFlags;
use super::context::Failure;
use super::out::{print_columns, print_json, print_raw};
use crate::store::{Destinations, Error as StoreError};

/// Shows a saved destination: for people, as TOML to be carried to another machine, or whole as JSON.
pub(super) fn run(context: &Context, flags: &ShowFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    if context.json {
        print_json(&destination);
    } else if flags.toml {
        let encoded = |why: toml::ser::Error| context.failed(StoreError::Encode(why.to_string()));
        let file = Destinations::of(&context.surroundings.home).text(&destination.id());
        let file = file.map_err(|why| context.failed(why))?.unwrap_or_default();
        print_raw(carried(destination, &file).map_err(encoded)?.as_bytes());
    } else {
        let parts = context.words.all_of(&destination).into_iter();
        let lines: Vec<_> = parts.map(|(label, value)| vec![label, value]).collect();
        print_columns(&lines);
    }
    Ok(0)
}
