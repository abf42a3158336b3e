//! What `manifest.cdm.json` tells, with the entity documents it refers to.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::super::Error;
use super::super::table::Told;
use super::location::{Places, glob_of};
use super::model::{Field, Format, ToldFile, ToldTable, kind, or_default, parsed, shaped};

#[derive(Deserialize)]
struct ManifestJson {
    entities: Vec<EntityJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntityJson {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default, deserialize_with = "or_default")]
    entity_name: String,
    #[serde(default, deserialize_with = "or_default")]
    entity_path: String,
    #[serde(default, deserialize_with = "or_default")]
    data_partitions: Vec<PartitionJson>,
    #[serde(default, deserialize_with = "or_default")]
    data_partition_patterns: Vec<PatternJson>,
    #[serde(default, deserialize_with = "or_default")]
    incremental_partitions: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    incremental_partition_patterns: Vec<Value>,
}

impl EntityJson {
    /// Names what tells more of the rows than is read: without it, they would be those of another time.
    fn unread(&self) -> Option<String> {
        let kind = self.kind.as_str().unwrap_or_default();
        let reference = kind.to_ascii_lowercase().starts_with("reference");
        let named = [
            (kind, reference),
            (
                "incrementalPartitions",
                !self.incremental_partitions.is_empty(),
            ),
            (
                "incrementalPartitionPatterns",
                !self.incremental_partition_patterns.is_empty(),
            ),
        ];
        let unread = named.into_iter().find(|(_, there)| *there);
        unread.map(|(name, _)| name.to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartitionJson {
    #[serde(default, deserialize_with = "or_default")]
    location: String,
    #[serde(default, deserialize_with = "or_default")]
    exhibits_traits: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PatternJson {
    #[serde(default, deserialize_with = "or_default")]
    root_location: String,
    #[serde(default, deserialize_with = "or_default")]
    glob_pattern: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    exhibits_traits: Vec<Value>,
}

/// Lists the tables of a manifest.
pub(super) fn tables(path: &Path, told: Value) -> Result<Vec<ToldTable>, Error> {
    let told: ManifestJson = shaped(path, told)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let places = Places::of(folder)?;
    let named = told
        .entities
        .into_iter()
        .filter(|entity| !entity.entity_name.trim().is_empty());
    let tables = named.map(|entity| {
        let mut table = ToldTable {
            fields: fields(&entity, &places)?,
            unread: entity.unread(),
            name: entity.entity_name,
            ..ToldTable::default()
        };
        table.files = entity
            .data_partitions
            .into_iter()
            .map(|partition| ToldFile {
                location: partition.location,
                format: format(&partition.exhibits_traits),
            })
            .collect();
        for pattern in entity.data_partition_patterns {
            let glob = pattern.glob_pattern.as_deref();
            let Some(glob) = glob.and_then(glob_of) else {
                let told = glob.unwrap_or("regularExpression");
                table.unread = Some(format!("dataPartitionPatterns {told}"));
                continue;
            };
            let format = format(&pattern.exhibits_traits);
            let found = places.matching(&pattern.root_location, &glob)?;
            table.files.extend(found.into_iter().map(|location| {
                let format = format.clone();
                ToldFile { location, format }
            }));
        }
        Ok(table)
    });
    tables.collect()
}

/// Lists the manifests that a manifest refers to.
pub(super) fn others(told: &Value) -> Vec<String> {
    let listed = told["subManifests"].as_array().into_iter().flatten();
    let named = listed.map(|one| {
        let names = [&one["definition"], &one["manifestName"]];
        let name = names.into_iter().find_map(Value::as_str);
        format!("subManifests {}", name.unwrap_or_default())
    });
    named.collect()
}

fn format(traits: &[Value]) -> Format {
    let mut format = Format::default();
    for one in traits {
        let name = one.as_str().or_else(|| one["traitReference"].as_str());
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match name.strip_prefix("is.partition.format.") {
            Some("csv" | "parquet") => {}
            Some(other) => format.unread = Some(other.to_owned()),
            None => continue,
        }
        for argument in one["arguments"].as_array().into_iter().flatten() {
            let name = argument["name"].as_str().unwrap_or_default();
            format.set(name, &argument["value"]);
        }
    }
    format
}

/// Reads the document that tells an entity's attributes; none where that was not copied along.
fn fields(entity: &EntityJson, places: &Places) -> Result<Vec<Field>, Error> {
    let (document, name) = match entity.entity_path.rsplit_once('/') {
        Some((document, name)) if document.to_ascii_lowercase().ends_with(".json") => {
            (document, name)
        }
        _ => (entity.entity_path.as_str(), entity.entity_name.as_str()),
    };
    let Some(path) = places.file(document) else {
        return Ok(Vec::new());
    };
    let told: Value = parsed(&path)?;
    let definitions = told["definitions"].as_array();
    let named = definitions
        .into_iter()
        .flatten()
        .find(|one| one["entityName"].as_str() == Some(name));
    let mut fields = Vec::new();
    if let Some(definition) = named {
        gather(&definition["hasAttributes"], &mut fields);
    }
    Ok(fields)
}

/// Gathers attributes, also those in groups and the keys to other entities.
fn gather(attributes: &Value, fields: &mut Vec<Field>) {
    for one in attributes.as_array().into_iter().flatten() {
        let group = &one["attributeGroupReference"]["members"];
        if group.is_array() {
            gather(group, fields);
            continue;
        }
        let key = &one["resolutionGuidance"]["entityByReference"]["foreignKeyAttribute"];
        let told = if key.is_object() { key } else { one };
        let Some(name) = told["name"].as_str() else {
            continue;
        };
        let types = [
            &told["dataType"],
            &told["dataType"]["dataTypeReference"],
            &told["dataFormat"],
        ];
        let data_type = types.iter().find_map(|one| one.as_str());
        fields.push(Field {
            name: name.trim().to_owned(),
            told: Told {
                kind: kind(data_type.unwrap_or_default()),
                iso_dates: false,
                label: told["displayName"].as_str().map(str::to_owned),
            },
        });
    }
}
