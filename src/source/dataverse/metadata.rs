//! What the environment tells of the profiles' attributes.

use std::sync::Arc;

use serde::Deserialize;

use super::super::odata::{Columns, Odata, ServiceError};
use super::super::{Error, described};
use super::{ID, PROFILES, SAMPLED};
use crate::domain::{Attribute, ValueKind};

/// What all attributes of Customer Insights' tables begin with.
const PREFIX: &str = "msdynci_";

#[derive(Deserialize)]
struct Answer {
    value: Vec<Told>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    logical_name: String,
    #[serde(default)]
    display_name: Option<Display>,
    #[serde(default)]
    attribute_type: Option<String>,
    /// The attribute whose name or kind this one only repeats.
    #[serde(default)]
    attribute_of: Option<String>,
    #[serde(default)]
    is_valid_for_read: Option<bool>,
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
        self.logical_name.starts_with(PREFIX)
            && self.attribute_of.is_none()
            && self.is_valid_for_read != Some(false)
            && !matches!(
                self.attribute_type.as_deref(),
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

    fn kind(&self) -> ValueKind {
        match self.attribute_type.as_deref() {
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
        label.unwrap_or_else(|| self.logical_name.clone())
    }
}

/// Lists the profiles' attributes, with the values of a few profiles. Dataverse does not tell what they mean: that is
/// guessed.
pub(super) async fn attributes(odata: &Odata) -> Result<Vec<Attribute>, Error> {
    let table = format!("EntityDefinitions(LogicalName='{}')", PROFILES.1);
    let select = "LogicalName,DisplayName,AttributeType,AttributeOf,IsValidForRead";
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
    let mut told: Vec<Told> = answer.value.into_iter().filter(Told::is_offered).collect();
    if told.is_empty() {
        let what = PROFILES.1.to_owned();
        return Err(ServiceError::NoAttributes { what }.into());
    }
    told.sort_by(|one, other| one.logical_name.cmp(&other.logical_name));
    let names: Vec<&str> = told.iter().map(|told| told.logical_name.as_str()).collect();
    // All of them are asked for by naming none: hundreds would not fit an address.
    let url = odata.url(&[PROFILES.0], &[]);
    let columns = Arc::new(Columns::new(names));
    let sample = odata.page(&url, Some(SAMPLED), &columns).await?;
    let plain = told.iter().map(|told| Attribute {
        name: told.logical_name.clone(),
        label: told.label(),
        kind: told.kind(),
        semantic: None,
        samples: Vec::new(),
    });
    Ok(described(plain.collect(), &sample.rows, ID, |name| {
        name.strip_prefix(PREFIX).unwrap_or(name)
    }))
}
