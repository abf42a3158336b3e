//! The columns of a Delta table, and by which names they stand in its files.

use std::path::Path;

use arrow_schema::Field;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::super::Error;
use super::super::super::arrow::NoText;
use super::super::super::table::Told;
use super::features::unread;
use super::log::Snapshot;
use crate::domain::ValueKind;

/// Under what Arrow keeps the number of a field of Parquet.
const FIELD_ID: &str = "PARQUET:field_id";

/// How columns are found in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mapped {
    /// By the name that the schema tells for it.
    Name,
    /// By the number of the field.
    Id,
}

/// The columns in their order.
#[derive(Debug)]
pub(super) struct Schema {
    pub columns: Vec<Column>,
    mapped: Mapped,
}

#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    /// Its name in files and partition values.
    pub physical: String,
    id: Option<i64>,
    /// Whether its value is told of each file.
    pub partition: bool,
    pub told: Told,
    pub textless: Option<NoText>,
}

#[derive(Deserialize)]
struct SchemaJson {
    fields: Vec<FieldJson>,
}

#[derive(Deserialize)]
struct FieldJson {
    name: String,
    r#type: Value,
    #[serde(default)]
    metadata: Map<String, Value>,
}

impl Schema {
    /// Reads the schema that the log tells.
    pub fn of(folder: &Path, snapshot: &Snapshot) -> Result<Self, Error> {
        let about = &snapshot.metadata;
        let mapped = about.configuration.get("delta.columnMapping.mode");
        let (mapped, physical) = match mapped.and_then(Value::as_str) {
            None | Some("none") => (Mapped::Name, false),
            Some("name") => (Mapped::Name, true),
            Some("id") => (Mapped::Id, true),
            Some(other) => return Err(unread(folder, &format!("columnMapping {other}"))),
        };
        let told: Result<SchemaJson, _> = serde_json::from_str(&about.schema_string);
        let told = told.map_err(|source| Error::BrokenModel {
            path: folder.join(super::LOG),
            source,
        })?;
        let columns = told.fields.into_iter().map(|field| {
            let named = field.metadata.get("delta.columnMapping.physicalName");
            let named = named.and_then(Value::as_str).filter(|_| physical);
            let id = field.metadata.get("delta.columnMapping.id");
            Column {
                physical: named.unwrap_or(&field.name).to_owned(),
                id: id.and_then(Value::as_i64),
                partition: about.partition_columns.contains(&field.name),
                told: told_of(&field.r#type),
                textless: textless(&field.name, &field.r#type),
                name: field.name,
            }
        });
        Ok(Self {
            columns: columns.collect(),
            mapped,
        })
    }

    /// Tells whether a file's field is the column's.
    pub fn is_same(&self, column: &Column, field: &Field) -> bool {
        match self.mapped {
            Mapped::Name => *field.name() == column.physical,
            Mapped::Id => {
                let id = field.metadata().get(FIELD_ID);
                let id = id.and_then(|id| id.parse().ok());
                id.is_some() && id == column.id
            }
        }
    }
}

fn told_of(holds: &Value) -> Told {
    let name = holds.as_str().unwrap_or_default();
    let kind = match name {
        "boolean" => ValueKind::Truth,
        "byte" | "short" | "integer" | "long" | "float" | "double" => ValueKind::Number,
        "date" | "timestamp" | "timestamp_ntz" => ValueKind::Date,
        _ if name.starts_with("decimal") => ValueKind::Number,
        _ => ValueKind::Text,
    };
    Told {
        kind,
        iso_dates: kind == ValueKind::Date,
        label: None,
    }
}

fn textless(name: &str, holds: &Value) -> Option<NoText> {
    let called = match holds.as_str() {
        Some("binary") => "binary",
        Some(_) => return None,
        None => holds["type"].as_str().unwrap_or("struct"),
    };
    Some(NoText {
        column: name.to_owned(),
        holds: called.to_owned(),
    })
}
