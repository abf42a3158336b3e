use super::Context;
use super::args::ShowFlags;
use super::context::Failure;
use super::out::{print_columns, print_json, print_toml};
use crate::domain::Destination;
use crate::store::Error as StoreError;

/// Shows a saved destination: for people, as TOML to be carried to another machine, or whole as JSON.
pub(super) fn run(context: &Context, flags: &ShowFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    if context.json {
        print_json(&destination);
    } else if flags.toml {
        let encoded = |why: toml::ser::Error| context.failed(StoreError::Encode(why.to_string()));
        // Whoever reads it elsewhere agrees for themselves, and signs in there.
        let carried = Destination {
            agreement: None,
            api: None,
            id: None,
            ..destination
        };
        print_toml(&toml::to_string(&carried).map_err(encoded)?);
    } else {
        let parts = context.words.all_of(&destination).into_iter();
        let lines: Vec<_> = parts.map(|(label, value)| vec![label, value]).collect();
        print_columns(&lines);
    }
    Ok(0)
}
