//! Looks at the first rows of the chosen segments, so that a wrong mapping is seen before a run rejects everybody.

use super::Error;
use crate::domain::{Email, SegmentId};
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
        trust_counts: true,
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

#[cfg(test)]
mod tests {
    use super::Addresses;

    #[test]
    fn a_column_with_hardly_any_address_is_told_from_one_with_some() {
        let found = |values: &[&str]| {
            let mut found = Addresses::default();
            values.iter().for_each(|value| found.add(value));
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
