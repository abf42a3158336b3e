//! What the source holds at one moment, under each service's names.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::rows::{Bits, Rows};

/// How many chosen orders of rows are remembered.
const REMEMBERED: usize = 12;

/// A column of the profiles, under each service's name for it.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Attribute {
    /// What people call it.
    pub(in crate::sandbox) label: String,
    /// The Customer Insights API's name.
    pub(in crate::sandbox) name: String,
    /// Dataverse's logical name.
    pub(in crate::sandbox) logical: String,
    /// Its meaning, as the Customer Insights API names it.
    pub(in crate::sandbox) semantic: Option<&'static str>,
}

impl Attribute {
    /// Names the profile's id, whose names are fixed.
    pub(super) fn id(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            name: "CustomerId".to_owned(),
            logical: "msdynci_customerid".to_owned(),
            semantic: None,
        }
    }

    pub(super) fn new(label: &str) -> Self {
        let name: String = label.chars().filter(|one| one.is_alphanumeric()).collect();
        let logical = name.to_ascii_lowercase();
        let logical: String = logical.chars().filter(char::is_ascii).collect();
        Self {
            semantic: semantic(&name),
            label: label.to_owned(),
            name,
            logical: format!("msdynci_{logical}"),
        }
    }
}

/// Names all columns, the id first; two that would be called the same are told apart by a number.
pub(super) fn attributes<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<Attribute> {
    let mut taken = HashSet::new();
    let mut all = Vec::new();
    for (at, label) in labels.enumerate() {
        let mut one = if at == 0 {
            Attribute::id(label)
        } else {
            Attribute::new(label)
        };
        if !taken.insert(one.logical.clone()) {
            one.name = format!("{}{at}", one.name);
            one.logical = format!("{}{at}", one.logical);
            taken.insert(one.logical.clone());
        }
        all.push(one);
    }
    all
}

fn semantic(name: &str) -> Option<&'static str> {
    let known = [
        ("email", "IdentityServiceEmail"),
        ("emailaddress", "IdentityServiceEmail"),
        ("firstname", "PersonFirstName"),
        ("lastname", "PersonLastName"),
        ("fullname", "PersonFullName"),
        ("phone", "IdentityServicePhone"),
        ("telephone", "IdentityServicePhone"),
        ("city", "LocationCity"),
        ("state", "LocationState"),
        ("postcode", "LocationPostalCode"),
        ("country", "LocationCountry"),
        ("streetaddress", "LocationAddressStreet"),
    ];
    let name = name.to_lowercase();
    known
        .iter()
        .find_map(|(word, meaning)| (*word == name).then_some(*meaning))
}

/// How a segment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Standing {
    /// It is evaluated with every refresh.
    Ready,
    /// It was switched off; the Customer Insights API alone still knows it.
    Inactive,
    /// Its last evaluation failed; likewise.
    Failed,
}

/// A segment and who is in it.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Segment {
    /// What people call it, and Dataverse.
    pub(in crate::sandbox) label: String,
    /// The Customer Insights API's name: without blanks and most signs.
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) standing: Standing,
    pub(in crate::sandbox) members: Arc<Bits>,
}

impl Segment {
    pub(super) fn new(label: &str, standing: Standing, members: Bits) -> Self {
        let kept = |one: char| one.is_alphanumeric() || one == '\'';
        let tidy = |one: char| if kept(one) { one } else { '_' };
        Self {
            label: label.to_owned(),
            name: label.chars().map(tidy).collect(),
            standing,
            members: Arc::new(members),
        }
    }
}

/// What the source holds; clones share the rows.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Content {
    /// The first is the profile's id.
    pub(in crate::sandbox) attributes: Vec<Attribute>,
    pub(in crate::sandbox) rows: Arc<Rows>,
    pub(in crate::sandbox) segments: Vec<Segment>,
    /// When a refresh last wrote it.
    pub(in crate::sandbox) modified: String,
    chosen: Remembered,
}

impl Content {
    /// Puts a source together, with the two segments that no other kind of source has: one inactive, one that failed.
    pub(super) fn new(attributes: Vec<Attribute>, rows: Rows, mut segments: Vec<Segment>) -> Self {
        let more = [
            ("Lapsed customers", Standing::Inactive, 11),
            ("Spring campaign", Standing::Failed, 7),
        ];
        for (label, standing, step) in more {
            let mut bits = Bits::default();
            let every = (0..rows.len()).step_by(step);
            every.for_each(|row| bits.insert(row));
            if segments.iter().all(|one| one.label != label) {
                segments.push(Segment::new(label, standing, bits));
            }
        }
        Self {
            attributes,
            rows: Arc::new(rows),
            segments,
            modified: "2026-11-02T02:41:55Z".to_owned(),
            chosen: Remembered::default(),
        }
    }

    /// What it is after so many refreshes: with each of them one more leaves the first segment, which moves its count.
    pub(super) fn refreshed(&self, times: u64, at: Timestamp) -> Self {
        let mut content = self.clone();
        let second = Timestamp::from_second(at.as_second()).unwrap_or(at);
        content.modified = second.to_string();
        let ready = content.segments.iter_mut();
        let mut ready = ready.filter(|one| one.standing == Standing::Ready);
        if let Some(first) = ready.next() {
            let leave = usize::try_from(times).unwrap_or(usize::MAX);
            let stay = (0..content.rows.len()).filter(|row| first.members.holds(*row));
            let mut members = Bits::default();
            stay.skip(leave.min(first.members.len() / 2))
                .for_each(|row| members.insert(row));
            first.members = Arc::new(members);
        }
        content
    }

    /// The rows that answer a question, in its order. They are chosen once, however many pages are asked for.
    pub(in crate::sandbox) fn chosen(
        &self,
        question: &str,
        choose: impl FnOnce() -> Vec<u32>,
    ) -> Arc<Vec<u32>> {
        let mut known = self.chosen.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rows)) = known.iter().find(|(asked, _)| asked == question) {
            return Arc::clone(rows);
        }
        let rows = Arc::new(choose());
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        known.push((question.to_owned(), Arc::clone(&rows)));
        rows
    }
}

/// Questions and their rows, the oldest first. A changed copy begins with none.
#[derive(Debug, Default)]
struct Remembered(Mutex<Vec<(String, Arc<Vec<u32>>)>>);

impl Clone for Remembered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_each_services_names_and_never_the_same_twice() {
        let labels = ["ProfileId", "EMail", "Email Subscriber", "e-mail", "Ö"];
        let all = attributes(labels.into_iter());
        let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
        let expected = ["CustomerId", "EMail", "EmailSubscriber", "email3", "Ö"];
        assert_eq!(names, expected);
        assert_eq!(all[2].logical, "msdynci_emailsubscriber");
        assert_eq!(all[3].logical, "msdynci_email3");
        assert_eq!(all[1].semantic, Some("IdentityServiceEmail"));
        assert_eq!(all[0].semantic, None);
    }

    #[test]
    fn a_refresh_moves_the_date_and_who_is_in_the_first_segment() {
        let mut rows = Rows::default();
        (0..100).for_each(|row| rows.push([row.to_string()].iter()));
        let mut all = Bits::default();
        (0..100).for_each(|row| all.insert(row));
        let segment = Segment::new("Gold", Standing::Ready, all);
        let content = Content::new(Vec::new(), rows, vec![segment]);
        let at = "2026-11-27T01:02:03.456Z".parse().expect("a time");
        let refreshed = content.refreshed(3, at);
        assert_eq!(refreshed.modified, "2026-11-27T01:02:03Z");
        assert_eq!(refreshed.segments[0].members.len(), 97);
        assert_eq!(content.segments[0].members.len(), 100);
        assert_eq!(content.refreshed(1000, at).segments[0].members.len(), 50);
    }

    #[test]
    fn rows_are_chosen_once_and_again_after_a_change() {
        let content = Content::new(Vec::new(), Rows::default(), Vec::new());
        assert_eq!(*content.chosen("all", || vec![1]), [1]);
        assert_eq!(*content.chosen("all", || vec![2]), [1]);
        assert_eq!(*content.clone().chosen("all", || vec![2]), [2]);
    }
}
