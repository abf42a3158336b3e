//! What `model.json` and `manifest.cdm.json` tell of the tables beside them.
//!
//! Both belong to the Common Data Model; their writers differ in what they leave out, and truths may be written as texts.
//! <https://learn.microsoft.com/common-data-model/model-json>

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::super::Error;
use super::super::records::Csv;
use super::super::table::{Told, checked};
use super::look::list;
use super::manifest;
use crate::domain::ValueKind;

/// The tables that one file tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Model {
    pub path: PathBuf,
    pub tables: Vec<ToldTable>,
    /// The other models that it refers to, which are not read.
    pub others: Vec<String>,
}

/// One table as it is told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ToldTable {
    pub name: String,
    pub fields: Vec<Field>,
    pub files: Vec<ToldFile>,
    /// The folder that is the table, where no model names its files.
    pub folder: Option<PathBuf>,
    /// What is told of it that is not understood, as the model names it.
    pub unread: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub told: Told,
}

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ToldFile {
    /// A URL, or a path below the folder of the model.
    pub location: String,
    pub format: Format,
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Format {
    /// Whether its first line names the columns; `None` where that is not told.
    pub headers: Option<bool>,
    pub csv: Csv,
    /// The name of a form that is not read.
    pub unread: Option<String>,
    /// A setting that cannot be honoured, with its value.
    pub unheard: Option<String>,
}

impl Default for Format {
    /// Gives what holds where nothing is told.
    fn default() -> Self {
        Self {
            headers: None,
            csv: Csv::from(b','),
            unread: None,
            unheard: None,
        }
    }
}

impl ToldTable {
    /// Gives what is told of a column.
    pub fn told(&self, name: &str) -> Told {
        let field = self
            .fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name));
        field.map(|field| field.told.clone()).unwrap_or_default()
    }
}

impl Format {
    /// Takes a setting by its name; others than these change nothing in how we read. One that is not honoured is kept: by
    /// other rules values would stand in other columns, without a word.
    pub fn set(&mut self, name: &str, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let honoured = match name.to_ascii_lowercase().as_str() {
            _ if value.is_null() => true,
            "columnheaders" => {
                self.headers = truth(value);
                true
            }
            "delimiter" | "columndelimiter" => self.set_delimiter(text),
            "quotestyle" => {
                self.csv.quotes &= !text.to_ascii_lowercase().ends_with("none");
                true
            }
            "quotecharacter" | "quotechar" | "quote" => {
                self.csv.quotes &= !text.is_empty();
                matches!(text, "" | "\"")
            }
            "escapecharacter" | "escapechar" | "escape" => self.set_escape(text),
            "encoding" | "encodingname" => {
                let name = text.to_ascii_lowercase().replace('-', "");
                matches!(name.as_str(), "" | "utf8" | "usascii" | "ascii" | "65001")
            }
            "newline" | "rowdelimiter" => {
                let name = text.replace("\\r", "\r").replace("\\n", "\n");
                matches!(name.as_str(), "" | "\n" | "\r\n" | "\r")
            }
            "nullvalue" | "nullvalues" => {
                let many = value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                let all = value.as_str().into_iter().chain(many);
                self.csv.nulls.extend(all.map(str::to_owned));
                true
            }
            "skiplinecount" | "skiplines" => matches!(value.as_u64(), Some(0)) || text == "0",
            _ => true,
        };
        if !honoured {
            self.unheard = Some(format!("{name} {value}"));
        }
    }

    fn set_delimiter(&mut self, text: &str) -> bool {
        let mut letters = text.chars();
        let told = match (letters.next(), letters.next()) {
            (Some(only), None) => checked(only).ok(),
            _ if text == "\\t" => Some(b'\t'),
            _ => None,
        };
        self.csv.delimiter = told.unwrap_or(self.csv.delimiter);
        told.is_some()
    }

    fn set_escape(&mut self, text: &str) -> bool {
        let escape = match text.as_bytes() {
            [] | [b'"'] => return true,
            [one] | [b'\\', one @ b'\\'] => *one,
            _ => return false,
        };
        self.csv.escape = Some(escape);
        !matches!(escape, b'\n' | b'\r') && escape.is_ascii()
    }

    /// Gives a setting that cannot be honoured, with its value.
    pub fn unheard(&self) -> Option<String> {
        let both = self.csv.escape.is_some_and(|escape| {
            // Without quotes an escape character stands before delimiters, which is another grammar.
            !self.csv.quotes || escape == self.csv.delimiter
        });
        let escape = || {
            format!(
                "escape {:?}",
                self.csv.escape.map(char::from).unwrap_or_default()
            )
        };
        self.unheard.clone().or_else(|| both.then(escape))
    }
}

impl Model {
    /// Reads the model of a folder, if there is one.
    pub fn find(folder: &Path) -> Result<Option<Self>, Error> {
        let paths = list(folder)?;
        let named = |fits: fn(&str) -> bool| {
            paths.iter().find(|path| {
                let name = path.file_name().map(|name| name.to_string_lossy());
                path.is_file() && name.is_some_and(|name| fits(&name.to_ascii_lowercase()))
            })
        };
        // Where both are, `model.json` is the one that Customer Insights and Synapse Link keep up to date.
        let found = named(|name| name == "model.json")
            .or_else(|| named(|name| name.ends_with("manifest.cdm.json")));
        match found {
            Some(path) => Self::read(path),
            None => Ok(None),
        }
    }

    /// Reads one file; `None` when it tells of no tables, and belongs to something else.
    pub fn read(path: &Path) -> Result<Option<Self>, Error> {
        let told: Value = parsed(path)?;
        if told.get("entities").is_none_or(Value::is_null) {
            return Ok(None);
        }
        let others = manifest::others(&told);
        let name = path.file_name().map(|name| name.to_string_lossy());
        let tables = if name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".cdm.json")) {
            manifest::tables(path, told)?
        } else {
            let told: ModelJson = shaped(path, told)?;
            let entities = told.entities.into_iter();
            let named = entities.filter(|entity| !entity.name.trim().is_empty());
            named.map(ToldTable::from).collect()
        };
        let path = path.to_owned();
        Ok(Some(Self {
            path,
            tables,
            others,
        }))
    }
}

/// Takes a null for what is there where nothing is told.
pub(in crate::source) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    told: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(told).map(Option::unwrap_or_default)
}

#[derive(Deserialize)]
struct ModelJson {
    entities: Vec<EntityJson>,
}

#[derive(Deserialize)]
struct EntityJson {
    #[serde(rename = "$type", default, deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    attributes: Vec<AttributeJson>,
    #[serde(default, deserialize_with = "or_default")]
    partitions: Vec<PartitionJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributeJson {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    data_type: String,
    #[serde(default, deserialize_with = "or_default")]
    display_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartitionJson {
    #[serde(default, deserialize_with = "or_default")]
    location: String,
    #[serde(default, deserialize_with = "or_default")]
    file_format_settings: Value,
}

impl From<EntityJson> for ToldTable {
    fn from(entity: EntityJson) -> Self {
        let fields = entity.attributes.into_iter().map(|attribute| Field {
            name: attribute.name.trim().to_owned(),
            told: Told {
                kind: kind(&attribute.data_type),
                iso_dates: false,
                label: attribute.display_name,
            },
        });
        let files = entity.partitions.into_iter().map(|partition| ToldFile {
            location: partition.location,
            format: format(&partition.file_format_settings),
        });
        Self {
            name: entity.name,
            fields: fields.collect(),
            files: files.collect(),
            folder: None,
            unread: (entity.kind == "ReferenceEntity").then_some(entity.kind),
        }
    }
}

fn format(settings: &Value) -> Format {
    let mut format = Format::default();
    for (name, value) in settings.as_object().into_iter().flatten() {
        match name.as_str() {
            "$type" => {
                let told = value.as_str().unwrap_or_default();
                let known = ["", "CsvFormatSettings", "ParquetFormatSettings"];
                let other = !known.contains(&told);
                format.unread = other.then(|| told.trim_end_matches("FormatSettings").to_owned());
            }
            _ => format.set(name, value),
        }
    }
    format
}

/// Reads a JSON file, with or without BOM.
pub(super) fn parsed<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read(path).map_err(|source| Error::OpenFile {
        path: path.to_owned(),
        source,
    })?;
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    serde_json::from_slice(text).map_err(|source| broken(path, source))
}

/// Takes JSON for what it should tell.
pub(super) fn shaped<T: DeserializeOwned>(path: &Path, told: Value) -> Result<T, Error> {
    serde_json::from_value(told).map_err(|source| broken(path, source))
}

fn broken(path: &Path, source: serde_json::Error) -> Error {
    let path = path.to_owned();
    Error::BrokenModel { path, source }
}

/// Tells what kind of values a data type is for.
pub(super) fn kind(data_type: &str) -> ValueKind {
    match data_type.to_ascii_lowercase().as_str() {
        "boolean" => ValueKind::Truth,
        "date" | "datetime" | "datetimeoffset" => ValueKind::Date,
        "int16" | "int32" | "int64" | "integer" | "biginteger" | "smallinteger" | "double"
        | "float" | "decimal" => ValueKind::Number,
        _ => ValueKind::Text,
    }
}

fn truth(value: &Value) -> Option<bool> {
    let text = value.as_str().map(str::to_ascii_lowercase);
    match text.as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => value.as_bool(),
    }
}
