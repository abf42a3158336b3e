//! What of a mapping cannot work or would lose values, by the audience's merge fields and the first profiles.

use super::{Error, find_attribute};
use crate::domain::{
    AddressPart, Attribute, DateOrder, Draft, Email, FieldKind, MergeField, MergeTag, Segment,
    Target,
};
use crate::plan::{Unmet, fits};
use crate::source::{Cells, ReadRequest, Row, Source};

/// The first profiles with all they have: how much of each attribute is empty, and how much of it fits.
#[derive(Debug, Default)]
pub struct FirstRows {
    rows: Vec<Cells>,
}

impl FirstRows {
    /// How many profiles are looked at.
    pub const MOST: usize = 500;

    /// What is read for it: every attribute of these segments.
    #[must_use]
    pub fn request(source: &Source, segments: &[Segment]) -> ReadRequest {
        let attributes = source.attributes().iter();
        ReadRequest {
            segments: segments.iter().map(|one| one.id.clone()).collect(),
            attributes: attributes.map(|one| one.name.clone()).collect(),
            raw: None,
            trust_counts: true,
        }
    }

    /// Reads them.
    ///
    /// # Errors
    /// As reading the source.
    pub async fn read(source: &Source, segments: &[Segment]) -> Result<Self, Error> {
        let request = Self::request(source, segments);
        Ok(Self::of(source.peek(request, Self::MOST).await?))
    }

    /// Takes what was read. Rows that cannot be used count with what they hold.
    #[must_use]
    pub fn of(rows: Vec<Row>) -> Self {
        let cells = rows.into_iter().map(|row| row.cells);
        let rows = cells.map(|cells| cells.unwrap_or_else(|fault| fault.cells));
        Self {
            rows: rows.collect(),
        }
    }

    /// The share of profiles, in percent, that have no value of the attribute at this place.
    #[must_use]
    pub fn blank(&self, at: usize) -> Option<usize> {
        let all = self.rows.len();
        let filled = self.values(at).count();
        // One of many is not none.
        (all > 0).then(|| ((all - filled) * 100).div_ceil(all))
    }

    /// Counts the values of the attribute at this place, and those that are not taken.
    fn fit(&self, at: usize, takes: impl Fn(&str) -> bool) -> (usize, usize) {
        let misfits = self.values(at).filter(|value| !takes(value)).count();
        (self.values(at).count(), misfits)
    }

    fn values(&self, at: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().map(move |cells| cells.get(at).trim());
        cells.filter(|cell| !cell.is_empty())
    }
}

/// What is wrong with a line of data matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The profiles have no such attribute any more.
    Gone(String),
    /// The audience wants it otherwise.
    Unmet(Unmet),
    /// Values among the first ones do not fit.
    Misfits {
        /// How many.
        count: usize,
        /// How many values there are.
        all: usize,
        /// What they should be; `None` for an email address.
        kind: Option<FieldKind>,
        /// Whether their people are rejected; else the values are left out.
        rejects: bool,
    },
    /// Parts of an address are filled, and these are not.
    PartialAddress(MergeTag, Vec<AddressPart>),
}

impl Mismatch {
    /// Tells whether no export can run with it.
    #[must_use]
    pub fn stops(&self) -> bool {
        match self {
            Self::Gone(_) | Self::Unmet(_) => true,
            Self::Misfits { .. } | Self::PartialAddress(..) => false,
        }
    }
}

/// Finds everything that is to be said of a draft's mapping, each with the line that it is about.
#[must_use]
pub fn mismatches(
    draft: &Draft,
    attributes: &[Attribute],
    fields: &[MergeField],
    first: &FirstRows,
) -> Vec<(Target, Mismatch)> {
    let map = &draft.map;
    let mut found = Vec::new();
    if map.get(&Target::Email).is_none() {
        found.push((Target::Email, Mismatch::Unmet(Unmet::NoEmail)));
    }
    for (target, attribute) in map.iter() {
        if find_attribute(attribute, attributes).is_err() {
            found.push((target.clone(), Mismatch::Gone(attribute.to_owned())));
        }
        let unmet = unmet(target, fields);
        found.extend(unmet.map(|unmet| (target.clone(), Mismatch::Unmet(unmet))));
    }
    let tags = map.tags();
    let required = fields.iter().filter(|field| field.required);
    for field in required.filter(|field| !tags.contains(&&field.tag)) {
        let unmet = Unmet::RequiredField(field.tag.clone());
        found.push((Target::Field(field.tag.clone()), Mismatch::Unmet(unmet)));
    }
    for (target, attribute) in map.iter() {
        let named = find_attribute(attribute, attributes).ok();
        let at = named.and_then(|named| attributes.iter().position(|one| one.name == named.name));
        let misfits = at.and_then(|at| misfits((target, at), draft, fields, first));
        found.extend(misfits.map(|misfits| (target.clone(), misfits)));
    }
    for (tag, lacking) in map.partial_addresses() {
        let parts = map.iter().map(|(target, _)| target);
        let parts = parts.filter(|one| matches!(one, Target::Address(of, _) if *of == tag));
        let last = parts.last().cloned();
        found.extend(last.map(|last| (last, Mismatch::PartialAddress(tag, lacking))));
    }
    found
}

/// Finds what the audience has against a line.
fn unmet(target: &Target, fields: &[MergeField]) -> Option<Unmet> {
    let (tag, is_part) = match target {
        Target::Field(tag) => (tag, false),
        Target::Address(tag, _) => (tag, true),
        Target::Email | Target::Language => return None,
    };
    match fields.iter().find(|field| field.tag == *tag) {
        None => Some(Unmet::UnknownField(tag.clone())),
        Some(field) if (field.kind == FieldKind::Address) != is_part => {
            Some(Unmet::AddressParts(tag.clone()))
        }
        Some(_) => None,
    }
}

/// Finds values among the first ones that would be left out, or with which the person would be rejected.
fn misfits(
    (target, at): (&Target, usize),
    draft: &Draft,
    fields: &[MergeField],
    first: &FirstRows,
) -> Option<Mismatch> {
    let (fit, kind, rejects) = match target {
        Target::Email => (
            first.fit(at, |value| Email::parse(value).is_ok()),
            None,
            true,
        ),
        Target::Field(tag) => {
            let field = fields.iter().find(|field| field.tag == *tag)?;
            let decided = draft.date_orders.get(tag).copied();
            let orders = decided.map_or(DateOrder::ALL.to_vec(), |order| vec![order]);
            let takes = |value: &str| orders.iter().any(|order| fits(field, value, Some(*order)));
            (first.fit(at, takes), Some(field.kind), field.required)
        }
        Target::Language | Target::Address(..) => return None,
    };
    let (all, count) = fit;
    (count > 0).then_some(Mismatch::Misfits {
        count,
        all,
        kind,
        rejects,
    })
}

#[cfg(test)]
mod tests {
    use super::{FirstRows, Mismatch, mismatches};
    use crate::domain::{
        Attribute, DateOrder, Draft, FieldKind, MergeField, MergeTag, Target, ValueKind,
    };
    use crate::plan::Unmet;
    use crate::source::Cells;

    fn target(text: &str) -> Target {
        text.parse().expect("target")
    }

    fn tag(text: &str) -> MergeTag {
        MergeTag::parse(text).expect("tag")
    }

    fn field(text: &str, kind: FieldKind, required: bool) -> MergeField {
        MergeField {
            tag: tag(text),
            name: text.to_owned(),
            kind,
            required,
            choices: Vec::new(),
            us_phone: false,
        }
    }

    /// What is said of a mapping of three attributes to two merge fields, with the first profiles.
    fn told(map: &[(&str, &str)], order: Option<DateOrder>) -> Vec<(Target, Mismatch)> {
        let attributes = ["mail", "born", "points"].map(|name| Attribute {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: ValueKind::Text,
            iso_dates: false,
            semantic: None,
            samples: Vec::new(),
        });
        let fields = [
            field("BIRTHDAY", FieldKind::Birthday, false),
            field("POINTS", FieldKind::Number, true),
        ];
        let rows = [
            ["ann@example.se", "28/8/1975", "many"],
            ["nobody", "8/28/1975", ""],
            ["", "soon", "7"],
        ];
        let rows = rows.map(|row| row.into_iter().collect::<Cells>());
        let first = FirstRows {
            rows: rows.to_vec(),
        };
        let mut draft = Draft::default();
        for (to, attribute) in map {
            draft.map.set(target(to), *attribute);
        }
        let order = order.map(|order| (tag("BIRTHDAY"), order));
        draft.date_orders.extend(order);
        mismatches(&draft, &attributes, &fields, &first)
    }

    fn misfits(count: usize, all: usize, kind: Option<FieldKind>, rejects: bool) -> Mismatch {
        Mismatch::Misfits {
            count,
            all,
            kind,
            rejects,
        }
    }

    #[test]
    fn no_export_can_run_without_what_is_required() {
        let required = Unmet::RequiredField(tag("POINTS"));
        let lacking = told(&[], None);
        assert_eq!(
            lacking,
            [
                (Target::Email, Mismatch::Unmet(Unmet::NoEmail)),
                (target("POINTS"), Mismatch::Unmet(required)),
            ]
        );
        assert!(lacking.iter().all(|(_, what)| what.stops()));
        let gone = told(&[("email", "mail"), ("POINTS", "gone")], None);
        assert_eq!(gone[0].1, Mismatch::Gone("gone".to_owned()));
        assert!(gone[0].1.stops());
    }

    #[test]
    fn a_line_is_told_which_of_the_first_values_do_not_fit() {
        let all = [
            ("email", "mail"),
            ("BIRTHDAY", "born"),
            ("POINTS", "points"),
        ];
        let (birthday, number) = (Some(FieldKind::Birthday), Some(FieldKind::Number));
        let found = told(&all, None);
        assert_eq!(
            found,
            [
                (Target::Email, misfits(1, 2, None, true)),
                (target("BIRTHDAY"), misfits(1, 3, birthday, false)),
                (target("POINTS"), misfits(1, 2, number, true)),
            ]
        );
        assert!(!found.iter().any(|(_, what)| what.stops()));
        let decided = told(&all, Some(DateOrder::Dmy));
        assert_eq!(decided[1].1, misfits(2, 3, birthday, false));
    }
}
