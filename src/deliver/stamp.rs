//! How a contact stood, in eight bytes: whether somebody changed it since can be told without keeping what it held.

use std::collections::BTreeSet;
use std::hash::Hasher;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use siphasher::sip::SipHasher13;

use crate::domain::{Contact, Status};

/// How many tags Mailchimp tells of a contact at most, unless it is asked for them alone.
pub(super) const TAGS_TOLD: usize = 50;

/// The hash of a JSON value, the same whatever the order of its keys and entries, and stable over versions: what is empty
/// counts as not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp(pub u64);

impl Stamp {
    /// Hashes the parts of a contact that a run writes or that say what a person wants.
    pub fn of_contact(status: &str, fields: Self, tags: TagStamp, language: &str) -> u64 {
        let mut hasher = SipHasher13::new();
        hasher.write(status.as_bytes());
        hasher.write_u8(0xff);
        hasher.write_u64(fields.0);
        hasher.write_u64(tags.0);
        hasher.write(language.as_bytes());
        // 0 stands for a contact that was not seen.
        hasher.finish().max(1)
    }

    /// Hashes merge fields that were read already.
    pub fn of_fields(fields: &Map<String, Value>) -> Self {
        Self::deserialize(fields).unwrap_or_default()
    }
}

/// The stamp that a contact would have with another status or other tags; `None` where it has more tags than an answer
/// tells, of which nobody knows which ones are stamped.
pub(super) fn stamp_with(
    contact: &Contact,
    status: Status,
    tags: &BTreeSet<String>,
) -> Option<u64> {
    let most = contact.tags.len().max(tags.len());
    let tags = TagStamp::of(tags.iter().map(String::as_str));
    let fields = Stamp::of_fields(&contact.fields);
    let stamp = Stamp::of_contact(status.as_str(), fields, tags, &contact.language);
    (most < TAGS_TOLD).then_some(stamp)
}

/// The tags of a contact as they are compared: without case.
pub(super) fn tags_of(contact: &Contact) -> BTreeSet<String> {
    contact.tags.iter().map(|tag| spelled(tag)).collect()
}

/// How a tag is spelled to be compared.
pub(super) fn spelled(tag: &str) -> String {
    tag.trim().to_lowercase()
}

fn hash(kind: u8, bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write_u8(kind);
    hasher.write(bytes);
    hasher.finish()
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Parts)
    }
}

impl<'de> DeserializeSeed<'de> for Parts {
    type Value = Stamp;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Stamp, D::Error> {
        value.deserialize_any(self)
    }
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
    type Value = Stamp;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Stamp, E> {
        Ok(Stamp(0))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Stamp, E> {
        Ok(Stamp(hash(b'b', &[value.into()])))
    }

    fn visit_str<E>(self, value: &str) -> Result<Stamp, E> {
        Ok(Stamp(if value.is_empty() {
            0
        } else {
            hash(b's', value.as_bytes())
        }))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Stamp, E> {
        Ok(Stamp(hash(b'n', value.to_string().as_bytes())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Stamp, E> {
        Ok(Stamp(hash(b'n', value.to_string().as_bytes())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Stamp, E> {
        Ok(Stamp(hash(b'n', value.to_string().as_bytes())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Stamp, A::Error> {
        let mut sum = 0_u64;
        while let Some(Stamp(one)) = list.next_element()? {
            sum = sum.wrapping_add(one);
        }
        Ok(Stamp(sum))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Stamp, A::Error> {
        let mut sum = 0_u64;
        while let Some(Stamp(key)) = map.next_key()? {
            let Stamp(value) = map.next_value()?;
            if value != 0 {
                sum = sum.wrapping_add(hash(b'e', &(key.rotate_left(1) ^ value).to_le_bytes()));
            }
        }
        Ok(Stamp(sum))
    }
}

/// The hash of a list of tags: their names without case, whatever else is told of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TagStamp(pub u64);

impl TagStamp {
    /// Hashes names that were read already.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.fold(0, |sum, name| sum.wrapping_add(tag(name))))
    }
}

fn tag(name: &str) -> u64 {
    hash(b't', spelled(name).as_bytes())
}

impl<'de> Deserialize<'de> for TagStamp {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Tags)
    }
}

struct Tags;

impl<'de> Visitor<'de> for Tags {
    type Value = TagStamp;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a list of tags")
    }

    fn visit_unit<E>(self) -> Result<TagStamp, E> {
        Ok(TagStamp(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<TagStamp, A::Error> {
        let mut sum = 0_u64;
        while let Some(NamedStamp(one)) = list.next_element()? {
            sum = sum.wrapping_add(one);
        }
        Ok(TagStamp(sum))
    }
}

/// The hash of an object's `name`.
struct NamedStamp(u64);

impl<'de> Deserialize<'de> for NamedStamp {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Named;
        impl<'de> Visitor<'de> for Named {
            type Value = NamedStamp;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a tag")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NamedStamp, A::Error> {
                let mut stamp = 0;
                while let Some(is_name) = map.next_key::<IsName>()? {
                    if is_name.0 {
                        let NameStamp(name) = map.next_value()?;
                        stamp = name;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(NamedStamp(stamp))
            }
        }
        value.deserialize_map(Named)
    }
}

/// Whether a key is `name`.
struct IsName(bool);

impl<'de> Deserialize<'de> for IsName {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Key;
        impl Visitor<'_> for Key {
            type Value = IsName;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<IsName, E> {
                Ok(IsName(key == "name"))
            }
        }
        value.deserialize_str(Key)
    }
}

/// The hash of a tag's name.
struct NameStamp(u64);

impl<'de> Deserialize<'de> for NameStamp {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = NameStamp;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<NameStamp, E> {
                Ok(NameStamp(tag(name)))
            }
        }
        value.deserialize_str(Name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Stamp, TagStamp};

    fn stamp(value: &Value) -> Stamp {
        serde_json::from_str(&value.to_string()).expect("stamp")
    }

    #[test]
    fn a_stamp_tells_values_apart_and_not_their_order_or_what_is_empty() {
        let held =
            json!({"FNAME": "A", "AGE": 42, "ADDRESS": {"city": "Umeå", "zip": ""}, "PHONE": ""});
        let same = json!({"AGE": 42, "ADDRESS": {"zip": null, "city": "Umeå"}, "FNAME": "A"});
        assert_eq!(stamp(&held), stamp(&same));
        let read = held.as_object().expect("object");
        assert_eq!(Stamp::of_fields(read), stamp(&same), "read or streamed");
        for other in [
            json!({"FNAME": "B", "AGE": 42, "ADDRESS": {"city": "Umeå"}}),
            json!({"LNAME": "A", "AGE": 42, "ADDRESS": {"city": "Umeå"}}),
            json!({"FNAME": "A", "AGE": "42", "ADDRESS": {"city": "Umeå"}}),
            json!({"FNAME": "A", "AGE": 42, "ADDRESS": {"zip": "Umeå"}}),
            json!({"FNAME": "A", "AGE": 42}),
        ] {
            assert_ne!(stamp(&held), stamp(&other), "{other}");
        }
    }

    #[test]
    fn tags_are_told_by_their_names() {
        let told = r#"[{"id": 7, "name": "Gold"}, {"name": "Silver ", "id": 9, "more": [1]}]"#;
        let told: TagStamp = serde_json::from_str(told).expect("tags");
        assert_eq!(told, TagStamp::of(["silver", "GOLD"].into_iter()));
        assert_ne!(told, TagStamp::of(["gold"].into_iter()));
        let none: TagStamp = serde_json::from_str("null").expect("none");
        assert_eq!(none, TagStamp::default());
    }
}
