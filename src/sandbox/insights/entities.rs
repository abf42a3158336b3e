//! The entities: the unified profile with its attributes, and each segment.

use serde_json::{Value, json};

use super::account::Account;
use super::problem::Problem;
use crate::sandbox::profiles::{Attribute, Content, Moment, Standing, written};

/// The unified profile.
pub(super) const CUSTOMER: &str = "Customer";

/// All entities.
pub(super) fn all(account: &Account, content: &Content, moment: &Moment) -> Value {
    let segments = content.segments.iter();
    let segments = segments
        .filter(|one| one.standing != Standing::Inactive)
        .map(|one| segment(&one.name, content, moment));
    let entities: Value = std::iter::once(customer(content, moment))
        .chain(segments)
        .collect();
    json!({
        "instanceId": account.instance,
        "dataflowId": Value::Null,
        "datasourceId": Value::Null,
        "dataflowType": "unknown",
        "entities": entities,
    })
}

/// One entity.
pub(super) fn one(name: &str, content: &Content, moment: &Moment) -> Result<Value, Problem> {
    if name == CUSTOMER {
        return Ok(customer(content, moment));
    }
    let known = content.segments.iter().find(|one| one.name == name);
    known
        .map(|one| segment(&one.name, content, moment))
        .ok_or_else(|| Problem::no_entity(name))
}

/// How many rows an entity has.
pub(super) fn size(name: &str, content: &Content) -> Result<Value, Problem> {
    let known = content.segments.iter().find(|one| one.name == name);
    let rows = match known {
        _ if name == CUSTOMER => content.rows.len(),
        Some(segment) => segment.members.len(),
        None => return Err(Problem::no_entity(name)),
    };
    Ok(json!({ "qualifiedEntityName": name, "size": rows * 256, "rowCount": rows }))
}

fn customer(content: &Content, moment: &Moment) -> Value {
    let attributes: Vec<Value> = content.attributes.iter().map(attribute).collect();
    entity(CUSTOMER, "profile", "Customer", &attributes, moment)
}

fn segment(name: &str, content: &Content, moment: &Moment) -> Value {
    let id: Vec<Value> = content.attributes.iter().take(1).map(attribute).collect();
    let mut told = entity(name, "segment", "", &id, moment);
    told["semanticType"] = Value::Null;
    told
}

fn entity(name: &str, kind: &str, meaning: &str, attributes: &[Value], moment: &Moment) -> Value {
    json!({
        "name": name,
        "qualifiedEntityName": name,
        "dataSourceName": Value::Null,
        "entityType": kind,
        "attributes": attributes,
        "keys": [attributes.iter().take(1).collect::<Vec<_>>()],
        "relationships": [],
        "semanticType": meaning,
        "refreshTime": written(moment.last()),
        "partitions": [],
    })
}

fn attribute(one: &Attribute) -> Value {
    json!({
        "name": one.name,
        "friendlyName": one.label,
        "baseName": one.name,
        "dataType": { "cdsaType": "string" },
        "semanticType": one.semantic,
    })
}
