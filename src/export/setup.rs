//! What the making of a destination needs to know, for the wizard and for `segue add` alike.

use std::collections::BTreeMap;

use super::Error;
use crate::deliver::Mailchimp;
use crate::domain::{
    AddressPart, Attribute, Audience, AudienceId, DateEvidence, DateOrder, Destination, FieldKind,
    Mapping, MergeField, MergeTag, Segment, Semantic, Target,
};
use crate::source::Source;
use crate::store::OwnTags;

/// An audience as far as a destination must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceView {
    /// The audience.
    pub audience: Audience,
    /// Its merge fields.
    pub merge_fields: Vec<MergeField>,
    /// The names of its tags.
    pub tags: Vec<String>,
}

impl AudienceView {
    /// Counts merge fields that are yet to be made as those of the audience.
    pub fn count_as_there(&mut self, fields: &[MergeField]) {
        for field in fields {
            if self.merge_fields.iter().all(|one| one.tag != field.tag) {
                self.merge_fields.push(field.clone());
            }
        }
    }
}

/// Looks at an audience.
///
/// # Errors
/// As the calls to Mailchimp; `NotFound` when the account has no such audience.
pub async fn look_at_audience(
    mailchimp: &Mailchimp,
    id: &AudienceId,
) -> Result<AudienceView, Error> {
    let (audience, merge_fields, tags) = tokio::try_join!(
        mailchimp.audience(id),
        mailchimp.merge_fields(id),
        mailchimp.tags(id),
    )?;
    Ok(AudienceView {
        audience,
        merge_fields,
        tags,
    })
}

/// Finds the destination's tags that exist in the audience and are neither ours nor adopted (rule 4).
#[must_use]
pub fn foreign_tags(destination: &Destination, own: &OwnTags, view: &AudienceView) -> Vec<String> {
    let mut foreign = Vec::new();
    if destination.adopt_tags {
        return foreign;
    }
    for tag in destination
        .segments
        .iter()
        .map(|segment| destination.tag_of(segment))
    {
        let there = view
            .tags
            .iter()
            .any(|held| held.trim().to_lowercase() == tag.to_lowercase());
        if there && !own.owns(&tag) {
            foreign.push(tag);
        }
    }
    foreign
}

/// Guesses by meaning which attributes fill the usual fields of an audience.
#[must_use]
pub fn guess_mapping(attributes: &[Attribute], fields: &[MergeField]) -> Mapping {
    let mut map = Mapping::default();
    for (target, meaning) in [
        ("email", Semantic::Email),
        ("FNAME", Semantic::FirstName),
        ("LNAME", Semantic::LastName),
    ] {
        let mut fitting = attributes.iter();
        let attribute = fitting.find(|one| one.semantic == Some(meaning));
        let there = |target: &Target| match target {
            Target::Field(tag) => fields.iter().any(|field| field.tag == *tag),
            _ => true,
        };
        if let (Ok(target), Some(attribute)) = (target.parse::<Target>(), attribute)
            && there(&target)
        {
            map.set(target, attribute.name.clone());
        }
    }
    map
}

/// Lists what is to be matched with attributes, in the order in which people look at it: the address, the names, what the
/// audience requires, what is matched already.
#[must_use]
pub fn targets_to_match(map: &Mapping, fields: &[MergeField]) -> Vec<Target> {
    let tag = |field: &MergeField| Target::Field(field.tag.clone());
    let usual = ["FNAME", "LNAME"].into_iter();
    let usual = usual.filter_map(|name| fields.iter().find(|field| field.tag.as_str() == name));
    let required = fields.iter().filter(|field| field.required);
    let required = required.filter(|field| field.kind != FieldKind::Address);
    let fields = usual.chain(required).map(tag);
    let all = std::iter::once(Target::Email).chain(fields);
    let all = all.chain(map.iter().map(|(target, _)| target.clone()));
    let mut seen = Vec::new();
    for target in all {
        if !seen.contains(&target) {
            seen.push(target);
        }
    }
    seen
}

/// Lists what else could be matched with attributes, with the name that people know a field by.
#[must_use]
pub fn targets_to_add(map: &Mapping, fields: &[MergeField]) -> Vec<(Target, Option<String>)> {
    let mut targets = Vec::new();
    for field in fields {
        let name = || Some(field.name.clone());
        if field.kind == FieldKind::Address {
            let parts = AddressPart::ALL.into_iter();
            let parts = parts.map(|part| Target::Address(field.tag.clone(), part));
            targets.extend(parts.map(|target| (target, name())));
        } else {
            targets.push((Target::Field(field.tag.clone()), name()));
        }
    }
    targets.push((Target::Language, None));
    targets.retain(|(target, _)| map.get(target).is_none());
    targets
}

/// Finds an attribute by its name, exactly, then without case; else by its label: Dataverse's names are not those that people
/// see.
///
/// # Errors
/// Gives those that may be meant where there is more than one, or else all.
pub fn find_attribute<'a>(
    name: &str,
    attributes: &'a [Attribute],
) -> Result<&'a Attribute, Vec<&'a Attribute>> {
    let lower = name.trim().to_lowercase();
    let by =
        |fits: &dyn Fn(&Attribute) -> bool| attributes.iter().filter(|one| fits(one)).collect();
    let ways: [Vec<&Attribute>; 3] = [
        by(&|one| one.name == name),
        by(&|one| one.name.trim().to_lowercase() == lower),
        by(&|one| one.label.trim().to_lowercase() == lower),
    ];
    match ways.into_iter().find(|found| !found.is_empty()) {
        Some(found) => match found.as_slice() {
            [only] => Ok(*only),
            _ => Err(found),
        },
        None => Err(attributes.iter().collect()),
    }
}

/// Which segment a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// This one.
    One(Segment),
    /// None of them.
    None,
    /// More than one: a person must say which, by its id.
    Many(Vec<Segment>),
}

/// Finds a segment by id, then by label exactly, then by label without case.
#[must_use]
pub fn choose_segments(text: &str, all: &[Segment]) -> Chosen {
    let lower = text.trim().to_lowercase();
    let ways: [&dyn Fn(&Segment) -> bool; 3] = [
        &|segment| segment.id.as_str() == text,
        &|segment| segment.label == text,
        &|segment| segment.label.trim().to_lowercase() == lower,
    ];
    for fits in ways {
        let mut found: Vec<Segment> = all
            .iter()
            .filter(|segment| fits(segment))
            .cloned()
            .collect();
        match found.len() {
            0 => {}
            1 => return Chosen::One(found.remove(0)),
            _ => return Chosen::Many(found),
        }
    }
    Chosen::None
}

/// A date column whose order a person must tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The merge field.
    pub tag: MergeTag,
    /// The attribute that fills it.
    pub attribute: String,
    /// The orders that fit equally well; none when the column contradicts itself.
    pub fitting: Vec<DateOrder>,
}

/// Decides the order of every mapped date column over its whole length, or takes the order given for its field where it
/// does not decide.
///
/// # Errors
/// As reading the source.
pub async fn date_orders(
    source: &Source,
    mapping: &Mapping,
    fields: &[MergeField],
    given: impl Fn(&MergeTag) -> Option<DateOrder>,
) -> Result<(BTreeMap<MergeTag, DateOrder>, Vec<Undecided>), Error> {
    let dates = |tag: &MergeTag| {
        fields
            .iter()
            .any(|field| field.tag == *tag && DateEvidence::matters_to(field.kind))
    };
    let columns: Vec<(MergeTag, String)> = mapping
        .iter()
        .filter_map(|(target, attribute)| match target {
            Target::Field(tag) if dates(tag) => Some((tag.clone(), attribute.to_owned())),
            _ => None,
        })
        .collect();
    let (mut orders, mut undecided) = (BTreeMap::new(), Vec::new());
    if columns.is_empty() {
        return Ok((orders, undecided));
    }
    let attributes: Vec<String> = columns
        .iter()
        .map(|(_, attribute)| attribute.clone())
        .collect();
    let evidence = source.date_evidence(&attributes).await?;
    for ((tag, attribute), evidence) in columns.into_iter().zip(evidence) {
        let fitting = if evidence.contradicts_itself() {
            Vec::new()
        } else {
            evidence.orders()
        };
        match (fitting.as_slice(), given(&tag)) {
            // Whatever order: some dates do not fit it, and are left out.
            ([], None) if evidence.contradicts_itself() => undecided.push(Undecided {
                tag,
                attribute,
                fitting,
            }),
            ([one], _) => {
                orders.insert(tag, *one);
            }
            // A column without any date: whatever order, there is nothing to misread.
            ([], given) => {
                orders.insert(tag, given.unwrap_or(DateOrder::Ymd));
            }
            (several, Some(given)) if several.contains(&given) => {
                orders.insert(tag, given);
            }
            (_, _) => undecided.push(Undecided {
                tag,
                attribute,
                fitting,
            }),
        }
    }
    Ok((orders, undecided))
}

#[cfg(test)]
mod tests {
    use super::{Chosen, choose_segments, find_attribute};
    use crate::domain::{Attribute, Segment, ValueKind};

    #[test]
    fn an_attribute_is_found_exactly_then_without_case_and_never_guessed() {
        let all = [("Email", "E-post"), ("EMAIL", "E-post"), ("Name", "Namn")];
        let all = all.map(|(name, label)| Attribute {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: ValueKind::Text,
            iso_dates: false,
            semantic: None,
            samples: Vec::new(),
        });
        let found = |text| {
            let names = |found: Vec<&Attribute>| -> Vec<String> {
                found.iter().map(|one| one.name.clone()).collect()
            };
            let found = find_attribute(text, &all);
            found.map(|one| one.name.clone()).map_err(names)
        };
        let both = vec!["Email".to_owned(), "EMAIL".to_owned()];
        assert_eq!(found("EMAIL"), Ok("EMAIL".to_owned()));
        assert_eq!(found("email"), Err(both.clone()));
        assert_eq!(found("e-post"), Err(both));
        assert_eq!(found("namn"), Ok("Name".to_owned()));
        assert_eq!(found("Tier").map_err(|names| names.len()), Err(3));
    }

    #[test]
    fn a_segment_is_found_by_id_then_label_then_without_case() {
        let segment = |id: &str, label: &str| Segment::new(id, label);
        let all = [
            segment("gold", "Silver"),
            segment("2", "gold"),
            segment("3", "Win-back"),
            segment("4", "GOLD"),
        ];
        let id = |text| match choose_segments(text, &all) {
            Chosen::One(segment) => segment.id.as_str().to_owned(),
            Chosen::None => "none".to_owned(),
            Chosen::Many(_) => "many".to_owned(),
        };
        assert_eq!(id("gold"), "gold");
        assert_eq!(id("GOLD"), "4");
        assert_eq!(id("WIN-BACK"), "3");
        assert_eq!(id("Gold"), "many");
        assert_eq!(id("bronze"), "none");
    }
}
