use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::value::{address, convert};
use crate::domain::{
    AddressPart, BadEmail, ConsentRule, Content, DateEvidence, DateOrder, Destination, Email,
    FieldKind, MergeField, MergeTag, Reason, Target, Unfit,
};

/// How a destination makes a member of a source's row: worked out once, applied to every row.
#[derive(Debug, Clone)]
pub struct Rules {
    attributes: Vec<String>,
    email: usize,
    language: Option<usize>,
    consent: Option<(usize, ConsentRule)>,
    fields: Vec<FieldRule>,
    clear_empty: bool,
}

#[derive(Debug, Clone)]
struct FieldRule {
    field: MergeField,
    order: Option<DateOrder>,
    from: From,
}

#[derive(Debug, Clone)]
enum From {
    Attribute(usize),
    Parts(Vec<(AddressPart, usize)>),
}

/// Why a mapping does not fit the audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// No attribute is mapped to the e-mail address.
    NoEmail,
    /// The audience has no such merge field.
    UnknownField(MergeTag),
    /// The audience requires a merge field that nothing is mapped to.
    RequiredField(MergeTag),
    /// An address field is mapped as a whole, or another field in parts.
    AddressParts(MergeTag),
    /// The order of a date column is not known.
    DateOrder(MergeTag),
}

impl Rules {
    /// Fits a destination's mapping to the audience's merge fields.
    ///
    /// # Errors
    /// Lists everything that does not fit.
    pub fn new(destination: &Destination, audience: &[MergeField]) -> Result<Self, Vec<Unmet>> {
        let mut attributes = Columns::default();
        let mut unmet = Vec::new();
        let email = destination
            .map
            .get(&Target::Email)
            .map(|attribute| attributes.place(attribute));
        if email.is_none() {
            unmet.push(Unmet::NoEmail);
        }
        let language = destination
            .map
            .get(&Target::Language)
            .map(|attribute| attributes.place(attribute));
        let consent = destination.consent_attribute.clone();
        let consent = consent.map(|rule| (attributes.place(&rule.attribute), rule));
        let mapped = mapped_fields(destination, &mut attributes);
        let known: BTreeMap<&MergeTag, &MergeField> =
            audience.iter().map(|field| (&field.tag, field)).collect();
        let mut fields = Vec::new();
        for (tag, from) in mapped {
            let order = destination.date_orders.get(&tag).copied();
            match known.get(&tag) {
                None => unmet.push(Unmet::UnknownField(tag)),
                Some(field)
                    if (field.kind == FieldKind::Address) != matches!(from, From::Parts(_)) =>
                {
                    unmet.push(Unmet::AddressParts(tag));
                }
                Some(field) if DateEvidence::matters_to(field.kind) && order.is_none() => {
                    unmet.push(Unmet::DateOrder(tag));
                }
                Some(field) => fields.push(FieldRule {
                    field: (*field).clone(),
                    order,
                    from,
                }),
            }
        }
        let missing = audience
            .iter()
            .filter(|field| field.required && !destination.map.tags().contains(&&field.tag));
        unmet.extend(missing.map(|field| Unmet::RequiredField(field.tag.clone())));
        match email {
            Some(email) if unmet.is_empty() => Ok(Self {
                attributes: attributes.names,
                email,
                language,
                consent,
                fields,
                clear_empty: destination.clear_empty,
            }),
            _ => Err(unmet),
        }
    }

    /// Lists the attributes to read, in the order [`Rules::prepare`] wants their values.
    #[must_use]
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// Makes a member's content of a row's values, asked for by place in [`Rules::attributes`]. An empty value is not sent (rule 3).
    ///
    /// # Errors
    /// Tells why the row cannot be a member.
    pub fn prepare<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Result<Content, Unfit> {
        let agrees = self.agrees(&cell);
        let written = cell(self.email);
        let email = Email::parse(written).map_err(|why| match why {
            BadEmail::Empty => Unfit {
                email: None,
                agrees,
                reason: Reason::NoEmail,
                detail: String::new(),
            },
            BadEmail::Invalid => Unfit {
                email: Some(written.to_owned()),
                agrees,
                reason: Reason::InvalidEmail,
                detail: written.to_owned(),
            },
        })?;
        let broken = |reason, detail| Unfit {
            email: Some(email.address().to_owned()),
            agrees,
            reason,
            detail,
        };
        let mut fields = Map::new();
        for rule in &self.fields {
            if let Some(value) = self
                .value(rule, &cell)
                .map_err(|(reason, detail)| broken(reason, detail))?
            {
                fields.insert(rule.field.tag.to_string(), value);
            }
        }
        let language = self
            .language
            .map(|at| cell(at).trim())
            .filter(|text| !text.is_empty());
        Ok(Content {
            agrees,
            fields: Value::Object(fields).to_string(),
            language: language.map(|text| text.to_lowercase().replace('-', "_")),
            email,
        })
    }

    /// Tells whether a row's person may be created.
    #[must_use]
    pub fn agrees<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        self.consent
            .as_ref()
            .is_none_or(|(at, rule)| rule.agrees(cell(*at)))
    }

    /// Finds the address in a row's values, to name the person of a row that cannot be used.
    #[must_use]
    pub fn address<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Option<String> {
        Some(cell(self.email).trim().to_owned()).filter(|address| !address.is_empty())
    }

    fn value<'a>(
        &self,
        rule: &FieldRule,
        cell: &impl Fn(usize) -> &'a str,
    ) -> Result<Option<Value>, (Reason, String)> {
        let tag = &rule.field.tag;
        let value = match &rule.from {
            From::Attribute(at) if cell(*at).trim().is_empty() => None,
            From::Attribute(at) => {
                let invalid = || (Reason::InvalidValue, format!("{tag}: {}", cell(*at).trim()));
                Some(convert(&rule.field, cell(*at), rule.order).ok_or_else(invalid)?)
            }
            From::Parts(parts) => {
                let parts: Vec<_> = parts.iter().map(|(part, at)| (*part, cell(*at))).collect();
                let incomplete =
                    |part: AddressPart| (Reason::InvalidValue, format!("{tag}.{}", part.as_str()));
                address(&parts).transpose().map_err(incomplete)?
            }
        };
        match value {
            None if rule.field.required => Err((Reason::MissingRequired, tag.to_string())),
            None if self.clear_empty => Ok(Some(Value::from(""))),
            value => Ok(value),
        }
    }
}

#[derive(Default)]
struct Columns {
    names: Vec<String>,
}

impl Columns {
    fn place(&mut self, attribute: &str) -> usize {
        self.names
            .iter()
            .position(|name| name == attribute)
            .unwrap_or_else(|| {
                self.names.push(attribute.to_owned());
                self.names.len() - 1
            })
    }
}

fn mapped_fields(destination: &Destination, attributes: &mut Columns) -> BTreeMap<MergeTag, From> {
    let mut mapped = BTreeMap::new();
    for (target, attribute) in destination.map.iter() {
        match target {
            Target::Email | Target::Language => {}
            Target::Field(tag) => {
                mapped.insert(tag.clone(), From::Attribute(attributes.place(attribute)));
            }
            Target::Address(tag, part) => {
                let at = attributes.place(attribute);
                match mapped
                    .entry(tag.clone())
                    .or_insert_with(|| From::Parts(Vec::new()))
                {
                    From::Parts(parts) => parts.push((*part, at)),
                    From::Attribute(_) => {}
                }
            }
        }
    }
    mapped
}
