//! Describes the tables and their columns.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::problem::{Problem, reply};
use super::table::{Column, Holds, Table, guid};
use crate::sandbox::dice::mix_text;
use crate::sandbox::profiles::Content;
use crate::sandbox::traffic::Asked;

/// The names of all kinds of columns begin with this.
const CRM: &str = "Microsoft.Dynamics.CRM.";

/// The kind of columns that hold text.
const TEXTS: &str = "StringAttributeMetadata";

/// What only choices have, and only for who expands it.
const OF_CHOICES: [&str; 2] = ["OptionSet", "GlobalOptionSet"];

/// What only texts have; asking for it without naming that kind is refused.
const OF_TEXTS: [&str; 3] = ["FormatName", "MaxLength", "Format"];

/// Answers with a table's definition.
pub(super) fn entity(
    origin: &str,
    asked: &Asked,
    key: &str,
    content: &Content,
    choices: bool,
) -> Result<Response, Problem> {
    let table = find(key, content, choices)?;
    let mut shown = json!({
        "@odata.context": format!("{origin}/api/data/v9.2/$metadata#EntityDefinitions/$entity"),
    });
    let told = select(asked, describe_table(&table), "EntityMetadata", &[])?;
    if let (Some(shown), Value::Object(told)) = (shown.as_object_mut(), told) {
        shown.extend(told);
    }
    Ok(reply(StatusCode::OK, &shown))
}

/// Answers with a table's columns, those of one kind if so asked.
pub(super) fn attributes(
    origin: &str,
    asked: &Asked,
    key: &str,
    kind: Option<&str>,
    content: &Content,
    choices: bool,
) -> Result<Response, Problem> {
    let table = find(key, content, choices)?;
    let kind = match kind {
        None => None,
        Some(full) => Some(
            full.strip_prefix(CRM)
                .filter(|kind| kind.ends_with("AttributeMetadata"))
                .ok_or_else(|| Problem::not_found(full))?,
        ),
    };
    let hidden: &[&str] = if kind == Some(TEXTS) { &[] } else { &OF_TEXTS };
    let expanded = expanded(asked, kind)?;
    let of = kind.unwrap_or("AttributeMetadata");
    let mut described = Vec::new();
    for mut one in describe_columns(&table, content) {
        if let Some(kind) = kind {
            if one["@odata.type"] != format!("#{CRM}{kind}") {
                continue;
            }
            // All are of the kind that was asked for, so that none says it.
            one.as_object_mut().map(|one| one.remove("@odata.type"));
        }
        let sets: Vec<(&str, Value)> = expanded
            .iter()
            .map(|name| (*name, one[*name].take()))
            .collect();
        if let Some(one) = one.as_object_mut() {
            one.retain(|name, _| !OF_CHOICES.contains(&name.as_str()));
        }
        let mut told = select(asked, one, of, hidden)?;
        for (name, set) in sets {
            told[name] = set;
        }
        described.push(told);
    }
    let entity = table.entity;
    let cast = kind.map_or_else(String::new, |kind| format!("/{CRM}{kind}"));
    let body = json!({
        "@odata.context": format!("{origin}/api/data/v9.2/$metadata#EntityDefinitions('{entity}')/Attributes{cast}"),
        "value": described,
    });
    Ok(reply(StatusCode::OK, &body))
}

fn find<'a>(key: &str, content: &'a Content, choices: bool) -> Result<Table<'a>, Problem> {
    let name = key
        .strip_prefix("LogicalName='")
        .and_then(|rest| rest.strip_suffix('\''))
        .ok_or_else(|| Problem::bad(format!("The key '{key}' is not supported.")))?;
    [
        Table::profiles(content, choices),
        Table::memberships(content, false),
    ]
    .into_iter()
    .find(|one| one.entity == name)
    .ok_or_else(|| Problem::no_entity(name))
}

/// Which sets of choices are asked for; only kinds of columns that have such can be asked.
fn expanded<'a>(asked: &'a Asked, kind: Option<&str>) -> Result<Vec<&'a str>, Problem> {
    let Some(names) = asked.text("$expand") else {
        return Ok(Vec::new());
    };
    let kind = kind.unwrap_or("AttributeMetadata");
    let of_kind: &[&str] = match kind {
        "BooleanAttributeMetadata" | "PicklistAttributeMetadata" => &OF_CHOICES,
        _ => &[],
    };
    let names = names.split(',').map(str::trim);
    names
        .map(|name| {
            let known = of_kind.contains(&name).then_some(name);
            known.ok_or_else(|| Problem::no_property(name, kind))
        })
        .collect()
}

/// Leaves only what `$select` names, and what always comes. `hidden` may not be asked for.
fn select(asked: &Asked, whole: Value, kind: &str, hidden: &[&str]) -> Result<Value, Problem> {
    let known = |name: &&String| !matches!(name.as_str(), "$select" | "$expand");
    if let Some(other) = asked.query.keys().find(known) {
        return Err(Problem::bad(format!(
            "The query parameter {other} is not supported"
        )));
    }
    let Some(names) = asked.text("$select") else {
        return Ok(whole);
    };
    let mut shown = Map::new();
    for name in ["@odata.type", "MetadataId"] {
        if let Some(value) = whole.get(name) {
            shown.insert(name.to_owned(), value.clone());
        }
    }
    for name in names.split(',').map(str::trim) {
        match whole.get(name) {
            Some(value) if !hidden.contains(&name) => shown.insert(name.to_owned(), value.clone()),
            // What this column lacks may be another's.
            None if OF_TEXTS.contains(&name) && hidden.is_empty() => None,
            _ => return Err(Problem::no_property(name, kind)),
        };
    }
    Ok(Value::Object(shown))
}

fn describe_table(table: &Table<'_>) -> Value {
    let name = table.entity;
    json!({
        "MetadataId": id(name),
        "LogicalName": name,
        "SchemaName": name,
        "EntitySetName": format!("{name}s"),
        "LogicalCollectionName": format!("{name}s"),
        "PrimaryIdAttribute": format!("{name}id"),
        "PrimaryNameAttribute": Value::Null,
        // [?] Whether it is on is not documented.
        "ChangeTrackingEnabled": false,
        "DisplayName": label(Some(name.trim_start_matches("msdynci_"))),
    })
}

fn describe_columns(table: &Table<'_>, content: &Content) -> Vec<Value> {
    let own = table.columns.iter();
    let mut all: Vec<Value> = own.map(|column| describe(table, column, content)).collect();
    // The name of whoever made a row: it belongs to another column, and cannot be selected.
    let mut shadow = plain(table, "createdbyname", "String", None);
    shadow["AttributeOf"] = "createdby".into();
    all.push(shadow);
    all
}

fn describe(table: &Table<'_>, column: &Column, content: &Content) -> Value {
    let kind = match (column.holds, column.name.as_str()) {
        (Holds::Key, _) => "Uniqueidentifier",
        (Holds::Number(_), _) => "BigInt",
        (Holds::Typed(_, typed), _) => typed.kind,
        (_, "createdon" | "modifiedon") => "DateTime",
        (_, "_createdby_value") => "Lookup",
        _ => "String",
    };
    let shown = match column.holds {
        Holds::Value(at) | Holds::Typed(at, _) => content.attributes[at].label.as_str(),
        _ => column.name.trim_start_matches("msdynci_"),
    };
    // A lookup is selected as `_createdby_value`, and described as `createdby`.
    let name = column.name.trim_start_matches('_');
    let mut told = plain(table, name.trim_end_matches("_value"), kind, Some(shown));
    if let Holds::Typed(_, typed) = column.holds {
        told["OptionSet"] = typed.option_set();
        told["GlobalOptionSet"] = Value::Null;
    }
    told
}

fn plain(table: &Table<'_>, name: &str, kind: &str, shown: Option<&str>) -> Value {
    let class = match kind {
        "Uniqueidentifier" => "UniqueIdentifier",
        kind => kind,
    };
    let mut told = json!({
        "@odata.type": format!("#{CRM}{class}AttributeMetadata"),
        "MetadataId": id(&format!("{}.{name}", table.entity)),
        "LogicalName": name,
        "SchemaName": name,
        "AttributeType": kind,
        "AttributeTypeName": { "Value": format!("{kind}Type") },
        "AttributeOf": Value::Null,
        "EntityLogicalName": table.entity,
        "IsPrimaryId": kind == "Uniqueidentifier",
        "IsValidForRead": shown.is_some(),
        "IsCustomAttribute": name.starts_with("msdynci_"),
        "DisplayName": label(shown),
    });
    if kind == "String" {
        // [?] Whether Customer Insights gives addresses the format Email is not documented; all are plain texts here.
        told["FormatName"] = json!({ "Value": "Text" });
        told["Format"] = "Text".into();
        told["MaxLength"] = 4000.into();
    }
    told
}

fn label(shown: Option<&str>) -> Value {
    let Some(shown) = shown else {
        return json!({ "LocalizedLabels": [], "UserLocalizedLabel": Value::Null });
    };
    let label = json!({
        "Label": shown, "LanguageCode": 1033, "IsManaged": true,
        "MetadataId": id(shown), "HasChanged": Value::Null,
    });
    json!({ "LocalizedLabels": [label], "UserLocalizedLabel": label })
}

fn id(name: &str) -> String {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = guid(mix_text(1, name), mix_text(2, name), &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
