use std::collections::HashSet;

use super::{Cells, Error, guess};
use crate::domain::{Attribute, Semantic};

/// How many values of an attribute are shown to a person.
const SHOWN: usize = 5;

/// Adds to attributes of a service what sampled rows say of them: a few values, and what they mean where the service does
/// not tell. `bare` takes off a name what all names of the service begin with.
pub(super) fn described(
    mut attributes: Vec<Attribute>,
    rows: &[Cells],
    id: &str,
    bare: impl Fn(&str) -> &str,
) -> Vec<Attribute> {
    let columns: Vec<(&str, Vec<&str>)> = attributes
        .iter()
        .enumerate()
        .map(|(at, attribute)| {
            let values = rows.iter().map(|row| row.get(at).trim());
            let name = bare(&attribute.name);
            (name, values.filter(|value| !value.is_empty()).collect())
        })
        .collect();
    let guessed = guess::semantics(&columns, Some(bare(id)));
    let samples: Vec<Vec<String>> = columns.iter().map(|(_, values)| shown(values)).collect();
    // A meaning that the service tells of one attribute is not guessed for another.
    let told: HashSet<Semantic> = attributes.iter().filter_map(|one| one.semantic).collect();
    let additions = guessed.into_iter().zip(samples);
    for (attribute, (guess, samples)) in attributes.iter_mut().zip(additions) {
        attribute.samples = samples;
        attribute.semantic = attribute
            .semantic
            .or(guess.filter(|guess| !told.contains(guess)));
    }
    attributes
}

/// Picks the first few different values.
pub(super) fn shown(values: &[&str]) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    for value in values {
        if samples.len() < SHOWN && !samples.iter().any(|shown| shown == value) {
            samples.push((*value).to_owned());
        }
    }
    samples
}

/// Checks that a service's table has all attributes that are wanted.
pub(super) fn check_attributes(
    wanted: &[String],
    there: &[Attribute],
    table: &str,
) -> Result<(), Error> {
    let missing = wanted
        .iter()
        .find(|name| !there.iter().any(|attribute| attribute.name == **name));
    match missing {
        None => Ok(()),
        Some(name) => Err(Error::UnknownAttribute {
            table: table.to_owned(),
            attribute: name.clone(),
            candidates: there.iter().map(|one| one.name.clone()).collect(),
        }),
    }
}
