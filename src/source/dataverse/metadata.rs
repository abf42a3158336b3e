//! What the environment tells of the profiles' attributes.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::super::odata::{Columns, Odata, ServiceError};
use super::super::{Cells, Error, described};
use super::forms::{Form, Shapes};
use super::labels;
use super::{ID, PROFILES, SAMPLED};
use crate::domain::{Attribute, DATAVERSE_PREFIX, ValueKind};

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    value: Option<Vec<Told>>,
}

/// How long the names of the attributes may be that one call samples: an address holds 32,768 characters, and some
/// proxies take far fewer.
const NAMED: usize = 1_500;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    #[serde(default)]
    logical_name: Option<String>,
    #[serde(default)]
    display_name: Option<Display>,
    #[serde(default)]
    attribute_type: Option<String>,
    /// The type's name where `attribute_type` says no more than `Virtual`.
    #[serde(default)]
    attribute_type_name: Option<TypeName>,
    /// The attribute whose name or kind this one only repeats.
    #[serde(default)]
    attribute_of: Option<String>,
    #[serde(default)]
    is_valid_for_read: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TypeName {
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Display {
    #[serde(default)]
    user_localized_label: Option<Label>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Label {
    #[serde(default)]
    label: Option<String>,
}

impl Told {
    /// Tells whether profiles can be asked for it: what belongs to the row rather than to the person, and what only
    /// stands for another attribute, is left out.
    fn is_offered(&self) -> bool {
        self.name().starts_with(DATAVERSE_PREFIX)
            && self.attribute_of.is_none()
            && self.is_valid_for_read != Some(false)
            && !matches!(
                self.kind_name(),
                Some(
                    "Lookup"
                        | "Customer"
                        | "Owner"
                        | "Virtual"
                        | "EntityName"
                        | "ManagedProperty"
                        | "PartyList"
                )
            )
    }

    fn name(&self) -> &str {
        self.logical_name.as_deref().unwrap_or_default()
    }

    /// Names the kind of attribute as Dataverse does.
    fn kind_name(&self) -> Option<&str> {
        let name = self.attribute_type_name.as_ref();
        match name.and_then(|name| name.value.as_deref()) {
            Some("MultiSelectPicklistType") => Some(labels::CHOICES),
            _ => self.attribute_type.as_deref(),
        }
    }

    fn kind(&self) -> ValueKind {
        match self.kind_name() {
            Some("Integer" | "BigInt" | "Decimal" | "Double" | "Money") => ValueKind::Number,
            Some("Boolean") => ValueKind::Truth,
            Some("DateTime") => ValueKind::Date,
            _ => ValueKind::Text,
        }
    }

    fn label(&self) -> String {
        let label = self
            .display_name
            .as_ref()
            .and_then(|name| name.user_localized_label.as_ref()?.label.clone());
        let label = label.filter(|label| !label.trim().is_empty());
        label.unwrap_or_else(|| self.name().to_owned())
    }
}

/// The profiles' attributes, and how their values are written for people.
pub(super) struct Described {
    pub attributes: Vec<Attribute>,
    pub forms: HashMap<String, Form>,
}

/// Lists the profiles' attributes, with the values of a few profiles. Dataverse does not tell what they mean: that is
/// guessed.
pub(super) async fn describe(odata: &Odata) -> Result<Described, Error> {
    let table = format!("EntityDefinitions(LogicalName='{}')", PROFILES.1);
    let select =
        "LogicalName,DisplayName,AttributeType,AttributeTypeName,AttributeOf,IsValidForRead";
    let url = odata.url(&[&table, "Attributes"], &[("$select", select)]);
    let answer: Answer = match odata.ask(&url).await {
        Err(Error::Service(ServiceError::NotThere { host, message, .. })) => {
            let what = PROFILES.1.to_owned();
            return Err(ServiceError::NotThere {
                what,
                host,
                message,
            }
            .into());
        }
        answer => answer?,
    };
    let told = answer.value.unwrap_or_default().into_iter();
    let mut told: Vec<Told> = told.filter(Told::is_offered).collect();
    if told.is_empty() {
        let what = PROFILES.1.to_owned();
        return Err(ServiceError::NoAttributes { what }.into());
    }
    told.sort_by(|one, other| one.logical_name.cmp(&other.logical_name));
    let kinds: Vec<(&str, &str)> = told
        .iter()
        .filter_map(|told| Some((told.name(), told.kind_name()?)))
        .collect();
    let forms = labels::forms(odata, &table, &kinds).await?;
    let names: Vec<String> = told.iter().map(|told| told.name().to_owned()).collect();
    let shapes = Shapes::new(&forms, &names, None);
    let sample = sample(odata, &names).await?.into_iter();
    let sample: Vec<Cells> = sample.map(|cells| shapes.show(cells, |_| {})).collect();
    let plain = told.iter().map(|told| Attribute {
        name: told.name().to_owned(),
        label: told.label(),
        kind: told.kind(),
        iso_dates: told.kind() == ValueKind::Date,
        semantic: None,
        samples: Vec::new(),
    });
    let attributes = described(plain.collect(), &sample, ID, |name| {
        name.strip_prefix(DATAVERSE_PREFIX).unwrap_or(name)
    });
    Ok(Described { attributes, forms })
}

/// Reads the attributes of a few profiles, and nothing else of them; some at a time, for an address holds only so many
/// names.
async fn sample(odata: &Odata, names: &[String]) -> Result<Vec<Cells>, Error> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut from = 0;
    while from < names.len() {
        let mut length = 0;
        let fits = names[from..].iter().take_while(|name| {
            length += name.len() + 1;
            length <= NAMED
        });
        let upto = from + fits.count().max(1);
        let some = &names[from..upto];
        let url = odata.url(&[PROFILES.0], &[("$select", &some.join(","))]);
        let columns = Arc::new(Columns::new(some.iter().map(String::as_str)));
        let page = odata.page(&url, Some(SAMPLED), false, &columns).await?;
        for (at, cells) in page.rows.iter().enumerate() {
            if at == rows.len() {
                rows.push(Vec::new());
            }
            // A row that came only now has nothing in the columns before.
            rows[at].resize(from, String::new());
            rows[at].extend(cells.iter().map(str::to_owned));
        }
        from = upto;
    }
    let cells = rows.iter().map(|row| row.iter().map(String::as_str));
    Ok(cells.map(Iterator::collect).collect())
}
