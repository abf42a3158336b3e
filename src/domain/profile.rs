use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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

/// By what the ids of profiles are told apart where their text is not at hand: 12 bytes of their SHA-256, so many that two
/// ids never have the same. Zero stands for no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ProfileHash([u8; 12]);

impl ProfileHash {
    /// Makes the hash of an id.
    #[must_use]
    pub fn of(id: &ProfileId) -> Self {
        let mut hash = [0; 12];
        hash.copy_from_slice(&Sha256::digest(id.as_str())[..12]);
        Self(hash)
    }

    /// Shows the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 12] {
        &self.0
    }

    /// Tells whether it stands for no id.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Gives the first eight bytes, by which a ledger remembers whose address an address was; 0 without an id.
    #[must_use]
    pub fn short(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        u64::from_be_bytes(first)
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

/// What all attributes of Customer Insights' tables begin with in Dataverse.
pub const DATAVERSE_PREFIX: &str = "msdynci_";

/// What people read where only an attribute's name is known, and not its label.
#[must_use]
pub fn spoken(attribute: &str) -> &str {
    let bare = attribute.strip_prefix(DATAVERSE_PREFIX);
    bare.filter(|bare| !bare.is_empty()).unwrap_or(attribute)
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
    /// Whether its dates are ISO because the source has a type for them, so that nobody need find out their order.
    pub iso_dates: bool,
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
