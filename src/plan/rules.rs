use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::language;
use super::value::{address, convert, is_scientific};
use crate::domain::{
    AddressPart, BadEmail, Consent, ConsentRule, Content, DateEvidence, DateOrder, Destination,
    Email, FieldKind, LeftOut, MergeField, MergeTag, Reason, Said, Target, Unfit,
};

/// How much of a value is told to a person.
const SHOWN: usize = 60;

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
    /// Its tag as JSON.
    key: String,
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
        let mapped = mapped_fields(destination, &mut attributes);
        // After all others, so that none of them is found in its place.
        let consent = destination.consent_attribute.clone();
        let consent = consent.map(|rule| (attributes.own_place(&rule.attribute), rule));
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
                    key: Value::from(field.tag.as_str()).to_string(),
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

    /// Tells which of the attributes is wanted as the source keeps it, not as people read it: the one that is judged.
    #[must_use]
    pub fn raw(&self) -> Option<usize> {
        self.consent.as_ref().map(|(at, _)| *at)
    }

    /// Makes a member's content of a row's values, asked for by place in [`Rules::attributes`]. An empty value is not sent
    /// (rule 3); one that does not fit is left out, unless its field is required.
    ///
    /// # Errors
    /// Tells why the row cannot be a member.
    pub fn prepare<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Result<Content, Unfit> {
        let written = cell(self.email);
        let unfit = |email, reason, detail| Unfit {
            email,
            reason,
            detail,
        };
        let email = Email::parse(written).map_err(|why| match why {
            BadEmail::Empty => unfit(None, Reason::NoEmail, String::new()),
            BadEmail::Invalid => unfit(
                Some(written.to_owned()),
                Reason::InvalidEmail,
                written.to_owned(),
            ),
        })?;
        let (mut fields, mut left_out) = (Fields::default(), Vec::new());
        for rule in &self.fields {
            let tag = &rule.field.tag;
            let reject = |reason, detail| unfit(Some(email.address().to_owned()), reason, detail);
            match rule.value(&cell) {
                Filled::With(value) => fields.put(rule, &value),
                Filled::Not(detail) if rule.field.required => {
                    return Err(reject(Reason::InvalidValue, detail));
                }
                Filled::Not(detail) => left_out.push(LeftOut {
                    field: tag.to_string(),
                    detail,
                }),
                Filled::Empty if rule.field.required => {
                    return Err(reject(Reason::MissingRequired, tag.to_string()));
                }
                Filled::Empty if self.clear_empty => fields.put(rule, &Value::from("")),
                Filled::Empty => {}
            }
        }
        let language = self.language.map_or("", |at| cell(at).trim());
        let code = language::code(language);
        if code.is_none() && !language.is_empty() {
            left_out.push(LeftOut {
                field: "language".to_owned(),
                detail: told("language", language),
            });
        }
        Ok(Content {
            fields: fields.whole(),
            language: code.map(str::to_owned),
            left_out,
            email,
        })
    }

    /// Reads what a row says of its person's consent, also one that cannot be used; and the value, where it is not
    /// understood.
    #[must_use]
    pub fn consent<'a>(&self, cell: impl Fn(usize) -> &'a str) -> (Consent, Option<String>) {
        let Some((at, rule)) = &self.consent else {
            return (Consent::Yes, None);
        };
        let value = cell(*at);
        let said = rule.says(value);
        let unclear = (said == Said::Unclear).then(|| shortened(value));
        (said.consent(), unclear)
    }

    /// Finds the address in a row's values, to name the person of a row that cannot be used.
    #[must_use]
    pub fn address<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Option<String> {
        Some(cell(self.email).trim().to_owned()).filter(|address| !address.is_empty())
    }
}

/// A member's merge fields as JSON, in the order of their tags: written at once, since there may be a million members.
#[derive(Default)]
struct Fields(String);

impl Fields {
    fn put(&mut self, rule: &FieldRule, value: &Value) {
        let opening = if self.0.is_empty() { '{' } else { ',' };
        // A text takes whatever is written.
        let _written = write!(self.0, "{opening}{}:{value}", rule.key);
    }

    fn whole(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// What a row has for a merge field.
enum Filled {
    With(Value),
    Empty,
    /// Something that does not fit: the field and the value, for a person to read.
    Not(String),
}

impl FieldRule {
    fn value<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Filled {
        let tag = self.field.tag.as_str();
        match &self.from {
            From::Attribute(at) => match cell(*at).trim() {
                "" => Filled::Empty,
                value => convert(&self.field, value, self.order)
                    .map_or_else(|| Filled::Not(told(tag, value)), Filled::With),
            },
            From::Parts(parts) => {
                let parts: Vec<_> = parts.iter().map(|(part, at)| (*part, cell(*at))).collect();
                match address(&parts) {
                    None => Filled::Empty,
                    Some(Ok(value)) => Filled::With(value),
                    Some(Err(missing)) => Filled::Not(format!("{tag}.{}", missing.as_str())),
                }
            }
        }
    }
}

fn told(field: &str, value: &str) -> String {
    format!("{field}: {}", shortened(value))
}

fn shortened(value: &str) -> String {
    let value = value.trim();
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// Names a value that stands for nothing, or for something that was lost, as it is sent all the same: a person has to
/// say what is meant by it.
#[must_use]
pub fn looks_empty(value: &str) -> Option<&'static str> {
    // The first letter tells nearly all others apart, and this is asked of every value of a million rows.
    match value.as_bytes().first()? {
        b'N' | b'n' | b'\\' | b'#' => ["NULL", "\\N", "N/A", "#N/A"]
            .into_iter()
            .find(|word| value.trim().eq_ignore_ascii_case(word)),
        b'0'..=b'9' | b'-' if is_scientific(value) => Some("1.2E+14"),
        _ => None,
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

    /// Gives an attribute a place of its own, also where it has one already: there it is read in another form.
    fn own_place(&mut self, attribute: &str) -> usize {
        self.names.push(attribute.to_owned());
        self.names.len() - 1
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

#[cfg(test)]
mod tests;
