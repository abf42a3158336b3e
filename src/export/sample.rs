//! Looks at the first rows of the chosen segments, so that a wrong mapping is seen before a run rejects everybody.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Error, Warning};
use crate::domain::{Destination, Email, SegmentId};
use crate::plan::Rules;
use crate::source::{ReadRequest, Source};

/// How many rows are looked at.
const ROWS: usize = 500;
/// One value in so many must be an address, or the column is not taken for one of addresses.
const ONE_IN: u64 = 10;

/// How many addresses a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses {
    /// Values that are not blank.
    pub values: u64,
    /// Of those: e-mail addresses.
    pub addresses: u64,
}

impl Addresses {
    /// Tells whether the column holds hardly any address: fewer than one value in ten is one.
    #[must_use]
    pub fn are_few(self) -> bool {
        self.addresses.saturating_mul(ONE_IN) < self.values
    }

    fn add(&mut self, value: &str) {
        self.values += u64::from(!value.trim().is_empty());
        self.addresses += u64::from(Email::parse(value).is_ok());
    }
}

/// Counts the addresses in the first rows of an attribute. Rows that cannot be used count with what they hold.
///
/// # Errors
/// As reading the source.
pub async fn sample_addresses(
    source: &Source,
    segments: Vec<SegmentId>,
    attribute: &str,
) -> Result<Addresses, Error> {
    let request = ReadRequest {
        segments,
        attributes: vec![attribute.to_owned()],
        ..ReadRequest::default()
    };
    let mut found = Addresses::default();
    for row in source.peek(request, ROWS).await? {
        match &row.cells {
            Ok(cells) => found.add(cells.get(0)),
            Err(fault) => found.add(fault.cells.get(0)),
        }
    }
    Ok(found)
}

/// Finds what to warn about in the first rows of the source, as far as they tell: words of consent that are not
/// understood, and an id column that tells people not apart.
///
/// # Errors
/// As reading the source.
pub async fn sample(
    destination: &Destination,
    source: &Source,
    rules: &Rules,
) -> Result<Vec<Warning>, Error> {
    let segments = destination.segments.iter();
    let request = ReadRequest {
        segments: segments.map(|segment| segment.id.clone()).collect(),
        attributes: rules.attributes().to_vec(),
        raw: rules.raw(),
        trust_counts: true,
    };
    let (mut unclear, mut addresses) = (BTreeMap::new(), HashMap::new());
    let mut apart = HashSet::new();
    for row in source.peek(request, ROWS).await? {
        let cells = match &row.cells {
            Ok(cells) => cells,
            Err(fault) => &fault.cells,
        };
        if let (_, Some(value)) = rules.consent(|at| cells.get(at)) {
            *unclear.entry(value).or_default() += 1;
        }
        if let (Some(id), Some(address)) = (row.profile, rules.address(|at| cells.get(at))) {
            let address = Email::key_of(&address);
            let first = addresses
                .entry(id.clone())
                .or_insert_with(|| address.clone());
            if *first != address {
                apart.insert(id);
            }
        }
    }
    let mut warnings = Vec::new();
    if !unclear.is_empty() {
        warnings.push(Warning::ConsentNotUnderstood(unclear));
    }
    if !apart.is_empty() {
        warnings.push(Warning::IdsApart(apart.len() as u64));
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use super::Addresses;

    #[test]
    fn a_column_with_hardly_any_address_is_told_from_one_with_some() {
        let found = |values: &[&str]| {
            let mut found = Addresses::default();
            for value in values {
                found.add(value);
            }
            found
        };
        assert!(found(&["Gävle", "Lund", ""]).are_few());
        assert!(!found(&["Gävle", "a@b.example", ""]).are_few());
        assert!(
            !found(&["", " "]).are_few(),
            "blank values say nothing about a column"
        );
    }
}
