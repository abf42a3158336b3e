use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The key of a unified customer profile in its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(String);

impl ProfileId {
    /// Takes the source's key; blanks around it do not count. An empty one is no id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let id = id.trim();
        (!id.is_empty()).then(|| Self(id.to_owned()))
    }

    /// Shows the key as the source wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an attribute means, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Semantic {
    /// The key of the profile.
    Id,
    /// An e-mail address.
    Email,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// A telephone number.
    Phone,
    /// The language a person reads.
    Language,
    /// The day of birth.
    Birthday,
    /// The country a person lives in.
    Country,
    /// Whether a person agreed (or objected) to be written to.
    Consent,
}

/// What kind of values an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ValueKind {
    /// Text, or anything the source does not tell apart from it.
    #[default]
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Truth,
    /// A date, with or without a time.
    Date,
}

/// One field of the source's profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in the source, as mappings refer to it.
    pub name: String,
    /// What people call it; its name where the source has no other.
    pub label: String,
    /// What kind of values it holds, as the source says.
    pub kind: ValueKind,
    /// What it means: as the source says, or as its name and sampled values suggest.
    pub semantic: Option<Semantic>,
    /// The first few values that are not empty, to show a person.
    pub samples: Vec<String>,
}

/// Where a profile was read, for a person who wants to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file's path relative to the source, or the table's name.
    pub file: Arc<str>,
    /// The line (from 1) the row starts at; 0 where there are no lines.
    pub line: u64,
}
