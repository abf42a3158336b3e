use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The identifier of a Mailchimp audience (`list_id` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AudienceId(String);

impl AudienceId {
    /// Takes letters, digits, `-` and `_`: what can stand in a path. Anything else is no audience ID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = text.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (!id.is_empty() && id.len() <= 64 && id.chars().all(fits)).then(|| Self(id.to_owned()))
    }

    /// Shows the identifier as Mailchimp writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AudienceId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no audience ID"))
    }
}

impl From<AudienceId> for String {
    fn from(id: AudienceId) -> Self {
        id.0
    }
}

impl fmt::Display for AudienceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The status of a contact, as Mailchimp names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Gets marketing mail.
    Subscribed,
    /// Said no.
    Unsubscribed,
    /// Bounced.
    Cleaned,
    /// Was asked to confirm and has not.
    Pending,
    /// Gets mail on orders and the like, no marketing mail.
    Transactional,
    /// Taken out of the audience, its former status unknown.
    Archived,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Subscribed,
        Self::Unsubscribed,
        Self::Cleaned,
        Self::Pending,
        Self::Transactional,
        Self::Archived,
    ];

    /// Orders statuses by how much mail they allow: a run must never move a contact to a higher rank (rule 1).
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Cleaned | Self::Unsubscribed | Self::Archived => 0,
            Self::Transactional => 1,
            Self::Pending => 2,
            Self::Subscribed => 3,
        }
    }

    /// Shows the status as Mailchimp writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Unsubscribed => "unsubscribed",
            Self::Cleaned => "cleaned",
            Self::Pending => "pending",
            Self::Transactional => "transactional",
            Self::Archived => "archived",
        }
    }

    /// Reads what [`Status::as_str`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// The status a user chose for people who are not in the audience yet. There is no default (rule 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewStatus {
    /// Gets marketing mail at once.
    Subscribed,
    /// Is asked to confirm by mail first.
    Pending,
    /// Gets no marketing mail.
    Transactional,
}

impl From<NewStatus> for Status {
    fn from(new: NewStatus) -> Self {
        match new {
            NewStatus::Subscribed => Self::Subscribed,
            NewStatus::Pending => Self::Pending,
            NewStatus::Transactional => Self::Transactional,
        }
    }
}

/// An audience as far as a destination must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Its identifier.
    pub id: AudienceId,
    /// Its name.
    pub name: String,
    /// The number Mailchimp's web pages know it by.
    pub web_id: u64,
    /// Members that count as such (subscribed), as Mailchimp tells; at least five minutes old.
    pub members: u64,
    /// When a campaign was last sent to it; `None` where none was.
    pub last_campaign: Option<Timestamp>,
    /// Whether its own forms ask people to confirm.
    pub double_optin: bool,
    /// Whether it asks for GDPR marketing permissions, which new members made in bulk cannot carry.
    pub marketing_permissions: bool,
}

/// The tag of a merge field: `FNAME`. Upper case, A–Z, 0–9 and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MergeTag(String);

impl MergeTag {
    /// Takes a merge tag in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let tag = text.trim().to_ascii_uppercase();
        let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        (!tag.is_empty() && tag.len() <= 50 && tag.chars().all(fits)).then_some(Self(tag))
    }

    /// Shows the tag as Mailchimp writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MergeTag {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no merge tag"))
    }
}

impl From<MergeTag> for String {
    fn from(tag: MergeTag) -> Self {
        tag.0
    }
}

impl fmt::Display for MergeTag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The type of a merge field, which decides what values it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// An object of `addr1`, `addr2`, `city`, `state`, `zip`, `country`.
    Address,
    /// A telephone number.
    Phone,
    /// A date, `YYYY-MM-DD` on the wire.
    Date,
    /// Month and day, `MM/DD` on the wire.
    Birthday,
    /// A US postal code.
    Zip,
    /// A web address.
    Url,
    /// The web address of a picture.
    ImageUrl,
    /// One of its choices.
    Radio,
    /// One of its choices.
    Dropdown,
}

impl FieldKind {
    /// Shows the type as Mailchimp writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Date => "date",
            Self::Birthday => "birthday",
            Self::Zip => "zip",
            Self::Url => "url",
            Self::ImageUrl => "imageurl",
            Self::Radio => "radio",
            Self::Dropdown => "dropdown",
        }
    }
}

/// A field of an audience's members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeField {
    /// How mappings and calls name it.
    pub tag: MergeTag,
    /// How people name it.
    pub name: String,
    /// What values it takes.
    pub kind: FieldKind,
    /// Whether Mailchimp refuses members without it.
    pub required: bool,
    /// The values of a radio or dropdown field.
    pub choices: Vec<String>,
    /// Whether a phone field takes US numbers only.
    pub us_phone: bool,
}

/// A merge field that the audience lacks, to be made. A person may write its tag alone: then it takes texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenField")]
pub struct NewField {
    /// How mappings and calls name it.
    pub tag: MergeTag,
    /// How people name it.
    pub name: String,
    /// What values it takes.
    pub kind: FieldKind,
}

/// A new field as files hold it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a new field is its tag, or a table with `tag`, `name` and `kind`"
)]
enum WrittenField {
    Tag(MergeTag),
    Whole {
        tag: MergeTag,
        name: String,
        kind: FieldKind,
    },
}

impl From<WrittenField> for NewField {
    fn from(written: WrittenField) -> Self {
        match written {
            WrittenField::Tag(tag) => Self::text(tag),
            WrittenField::Whole { tag, name, kind } => Self { tag, name, kind },
        }
    }
}

impl NewField {
    /// A field for texts, named by its tag: what takes every value as it is.
    #[must_use]
    pub fn text(tag: MergeTag) -> Self {
        Self {
            name: tag.to_string(),
            tag,
            kind: FieldKind::Text,
        }
    }
}

impl From<NewField> for MergeField {
    fn from(new: NewField) -> Self {
        Self {
            tag: new.tag,
            name: new.name,
            kind: new.kind,
            required: false,
            choices: Vec::new(),
            us_phone: false,
        }
    }
}
