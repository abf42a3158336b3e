//! The JSON that Mailchimp sends, as far as it is read. Every part may be missing or null.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::stamp::{Stamp, TAGS_TOLD, TagStamp};
use crate::domain::{Contact, Email, PersonKey, Status};
use crate::http::limits;

/// Takes `null` for the type's empty value.
pub(super) fn or_empty<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    value: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

/// Takes a count as a hint: whatever is none says nothing.
pub(super) fn hint<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    Ok(Value::deserialize(value)?.as_u64())
}

/// A list that has at most a thousand entries: whoever makes one up shall not fill the memory.
struct Few<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_seq(FewVisitor(PhantomData)).map(Self)
    }
}

struct FewVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FewVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            if all.len() == limits::ENTRIES {
                return Err(A::Error::custom("more entries than any such list has"));
            }
            all.push(one);
        }
        Ok(all)
    }
}

pub(super) fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Vec<T>, D::Error> {
    Few::deserialize(value).map(|few| few.0)
}

/// The same, and `null` for none.
pub(super) fn few_or_none<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Vec<T>, D::Error> {
    let few: Option<Few<T>> = Option::deserialize(value)?;
    Ok(few.map(|few| few.0).unwrap_or_default())
}

#[derive(Debug, Deserialize)]
pub(super) struct AccountRoot {
    pub account_id: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub account_name: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub total_subscribers: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct ListsPage {
    #[serde(deserialize_with = "few")]
    pub lists: Vec<List>,
    #[serde(default, deserialize_with = "hint")]
    pub total_items: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub id: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub web_id: u64,
    #[serde(default, deserialize_with = "or_empty")]
    pub name: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub double_optin: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub marketing_permissions: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub stats: ListStats,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListStats {
    #[serde(default, deserialize_with = "or_empty")]
    pub member_count: u64,
    /// An empty text where there was none.
    #[serde(default, deserialize_with = "said")]
    pub campaign_last_sent: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MergeFieldsPage {
    #[serde(deserialize_with = "few")]
    pub merge_fields: Vec<Field>,
    #[serde(default, deserialize_with = "hint")]
    pub total_items: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Field {
    pub tag: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub name: String,
    #[serde(default, rename = "type", deserialize_with = "or_empty")]
    pub kind: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub required: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub options: FieldOptions,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct FieldOptions {
    #[serde(default, deserialize_with = "or_empty")]
    pub choices: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub phone_format: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct TagsFound {
    pub tags: Vec<Tag>,
    #[serde(default, deserialize_with = "hint")]
    pub total_items: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tag {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct MembersPage {
    #[serde(deserialize_with = "few")]
    pub members: Vec<WireMember>,
    #[serde(default, deserialize_with = "hint")]
    pub total_items: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireMember {
    #[serde(default, deserialize_with = "said")]
    id: Option<ContactId>,
    #[serde(default, deserialize_with = "said")]
    contact_id: Option<ContactId>,
    pub email_address: String,
    #[serde(default, deserialize_with = "said")]
    pub status: Option<Status>,
    #[serde(default, deserialize_with = "or_empty")]
    pub merge_fields: Map<String, Value>,
    #[serde(default, deserialize_with = "or_empty")]
    pub tags: Vec<Tag>,
    #[serde(default, deserialize_with = "hint")]
    tags_count: Option<u64>,
    #[serde(default, deserialize_with = "or_empty")]
    pub language: String,
    #[serde(default, deserialize_with = "said")]
    timestamp_signup: Option<Timestamp>,
    #[serde(default, deserialize_with = "said")]
    timestamp_opt: Option<Timestamp>,
}

/// When a contact came, by the service's clock: where it tells when the contact signed up, or agreed.
#[derive(Debug, Clone, Default)]
pub(super) struct Times([Option<Timestamp>; 2]);

impl Times {
    /// Tells whether they prove that the contact was there before a time: who is made now signed up now.
    pub fn before(&self, time: Timestamp) -> bool {
        self.0.iter().flatten().any(|told| *told < time)
    }
}

impl Written {
    /// When it came.
    pub fn times(&self) -> Times {
        Times([self.timestamp_signup, self.timestamp_opt])
    }

    /// The hash of the contact as the call left it.
    pub fn stamp(&self) -> u64 {
        let status = self.status.map_or("", Status::as_str);
        Stamp::of_contact(status, self.merge_fields, self.tags, &self.language)
    }
}

impl WireMember {
    /// When it came.
    pub fn times(&self) -> Times {
        Times([self.timestamp_signup, self.timestamp_opt])
    }

    /// Makes the contact. A status that is not known must not be written to, so it counts as a no.
    pub fn contact(self) -> Contact {
        let told = self.tags.len() as u64;
        let more_tags =
            told >= TAGS_TOLD as u64 || self.tags_count.is_some_and(|count| count > told);
        let fields = Stamp::of_fields(&self.merge_fields);
        let tags = TagStamp::of(self.tags.iter().map(|tag| tag.name.as_str()));
        let status = self.status.map_or("", Status::as_str);
        let stamp = Stamp::of_contact(status, fields, tags, &self.language);
        Contact {
            id: self.id.map(|id| PersonKey::from_bytes(id.0)),
            contact_id: self.contact_id.map(|id| id.0),
            stamp,
            more_tags,
            key: Email::key_of(&self.email_address),
            address: self.email_address,
            status: self.status.unwrap_or(Status::Unsubscribed),
            fields: self.merge_fields,
            tags: self.tags.into_iter().map(|tag| tag.name).collect(),
            language: self.language,
        }
    }
}

/// A member in a batch answer: only what the verdict needs of the about 2 kB that Mailchimp sends for each, read without
/// keeping the texts, since there may be a million.
#[derive(Debug, Deserialize)]
pub(super) struct Written {
    /// Mailchimp's own identifier of the contact.
    #[serde(default, deserialize_with = "said")]
    pub contact_id: Option<ContactId>,
    pub email_address: String,
    #[serde(default, deserialize_with = "said")]
    pub status: Option<Status>,
    #[serde(default)]
    merge_fields: Stamp,
    #[serde(default)]
    tags: TagStamp,
    #[serde(default, deserialize_with = "or_empty")]
    language: String,
    #[serde(default, deserialize_with = "said")]
    timestamp_signup: Option<Timestamp>,
    #[serde(default, deserialize_with = "said")]
    timestamp_opt: Option<Timestamp>,
}

/// Mailchimp's own identifier of a contact, which it writes as 32 hex digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContactId(pub [u8; 16]);

impl FromText for ContactId {
    fn from_text(text: &str) -> Option<Self> {
        PersonKey::parse(text).map(|id| Self(*id.as_bytes()))
    }
}

impl FromText for Status {
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl FromText for Timestamp {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// What a text may say.
pub(super) trait FromText: Sized {
    /// Reads it; `None` where it says nothing that is known.
    fn from_text(text: &str) -> Option<Self>;
}

/// Takes what a text says, and `null` for nothing.
fn said<'de, D: Deserializer<'de>, T: FromText>(value: D) -> Result<Option<T>, D::Error> {
    let said: Option<Said<T>> = Option::deserialize(value)?;
    Ok(said.and_then(|said| said.0))
}

struct Said<T>(Option<T>);

impl<'de, T: FromText> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Text<T>(PhantomData<T>);

        impl<T: FromText> Visitor<'_> for Text<T> {
            type Value = Said<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Said<T>, E> {
                Ok(Said(T::from_text(text)))
            }
        }

        value.deserialize_str(Text(PhantomData))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BatchAnswer {
    /// Whether the call was sent before, and may have taken effect then.
    #[serde(skip)]
    pub repeated: bool,
    #[serde(deserialize_with = "few_or_none")]
    pub new_members: Vec<Written>,
    #[serde(deserialize_with = "few_or_none")]
    pub updated_members: Vec<Written>,
    #[serde(deserialize_with = "few_or_none")]
    pub errors: Vec<MemberError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberError {
    #[serde(deserialize_with = "or_empty")]
    pub email_address: String,
    #[serde(deserialize_with = "or_empty")]
    pub error: String,
    #[serde(deserialize_with = "or_empty")]
    pub error_code: String,
    #[serde(deserialize_with = "or_empty")]
    pub field: String,
    #[serde(deserialize_with = "or_empty")]
    pub field_message: String,
}
