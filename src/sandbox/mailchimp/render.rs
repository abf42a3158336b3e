//! Writes a contact as the API does, straight into the answer: half of the work of a million members is this.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::audience::{Audience, Key, hex};
use super::fields::Choice;
use super::merge::{Kept, Type};
use super::status::Status;
use crate::sandbox::clock;
use crate::sandbox::dice::mix;

/// A member object shows no more tags than this; the rest is to be paged.
const TAGS_SHOWN: usize = 50;

/// An object being written, key by key, leaving out what was not asked for.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    choice: Choice<'a>,
    first: bool,
}

impl<'a> Object<'a> {
    fn open(out: &'a mut Vec<u8>, choice: Choice<'a>) -> Self {
        out.push(b'{');
        Self {
            out,
            choice,
            first: true,
        }
    }

    /// Writes a key, if it was asked for; what of its value was, is answered.
    fn key(&mut self, key: &str) -> Option<Choice<'a>> {
        let inner = self.choice.enter(key)?;
        self.out
            .extend_from_slice(if self.first { b"\"" } else { b",\"" });
        self.first = false;
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        Some(inner)
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if self.key(key).is_some() {
            write_json(self.out, value);
        }
    }

    /// Writes a text that is made only if it was asked for; it has nothing that JSON escapes.
    fn plain(&mut self, key: &str, text: impl FnOnce() -> String) {
        if self.key(key).is_some() {
            self.out.push(b'"');
            self.out.extend_from_slice(text().as_bytes());
            self.out.push(b'"');
        }
    }

    /// Writes a value that is made only if it was asked for, and cut to what was.
    fn tree(&mut self, key: &str, value: impl FnOnce() -> Value) {
        if let Some(inner) = self.key(key) {
            let mut value = value();
            inner.prune(&mut value);
            write_json(self.out, &value);
        }
    }

    /// Writes what is JSON already; only cutting it takes it apart.
    fn fixed(&mut self, key: &str, json: &str) {
        let Some(inner) = self.key(key) else { return };
        if inner.is_whole() {
            self.out.extend_from_slice(json.as_bytes());
            return;
        }
        let mut value: Value = serde_json::from_str(json).unwrap_or_default();
        inner.prune(&mut value);
        write_json(self.out, &value);
    }

    fn close(self) {
        self.out.push(b'}');
    }
}

fn write_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Writing to memory cannot fail, and none of our values has keys that are no strings.
    let _ = serde_json::to_writer(out, value);
}

impl Audience {
    /// Writes the member at a place.
    pub(super) fn render(&self, at: usize, choice: Choice<'_>, out: &mut Vec<u8>) {
        let (state, contact) = (&self.states[at], &self.contacts[at]);
        let hash = hex(&contact.key);
        let hash = std::str::from_utf8(&hash).unwrap_or_default();
        let mut object = Object::open(out, choice);
        object.put("id", hash);
        object.put("email_address", &*contact.email);
        object.plain("unique_email_id", || unique_id(&contact.key));
        object.plain("contact_id", || Self::contact_id(at));
        if object.key("full_name").is_some() {
            write_json(object.out, &self.full_name(at));
        }
        object.put("web_id", &(700_000_000 + at));
        object.put(
            "email_type",
            if contact.plain_mail { "text" } else { "html" },
        );
        object.put("status", state.status.name());
        if state.status == Status::Unsubscribed {
            let reason = if contact.by_person {
                "No longer interested"
            } else {
                "N/A (Unsubscribed by an admin)"
            };
            object.put("unsubscribe_reason", reason);
        }
        object.fixed("consents_to_one_to_one_messaging", "true");
        if let Some(inner) = object.key("merge_fields") {
            self.render_merge(at, inner, object.out);
        }
        object.fixed("interests", "{}");
        object.fixed("stats", r#"{"avg_open_rate":0,"avg_click_rate":0}"#);
        object.put("ip_signup", &*contact.ip_signup);
        object.plain("timestamp_signup", || clock::iso(state.joined));
        object.put("ip_opt", &*contact.ip_opt);
        object.plain("timestamp_opt", || clock::iso(state.opted));
        object.fixed("member_rating", "2");
        object.plain("last_changed", || clock::iso(state.changed));
        object.put("language", &*contact.language);
        object.put("vip", &contact.vip);
        object.fixed("email_client", r#""""#);
        object.fixed("location", &location(contact.location.as_deref()));
        object.fixed("source", r#""API - Generic""#);
        object.put("tags_count", &contact.tags.len());
        object.tree("tags", || {
            let shown = contact.tags.iter().take(TAGS_SHOWN);
            let segments = shown.filter_map(|tag| self.segment(tag.segment));
            segments
                .map(|segment| json!({ "id": segment.id, "name": segment.name }))
                .collect()
        });
        object.put("list_id", &self.id);
        if object.key("_links").is_some() {
            self.render_links(hash, object.out);
        }
        object.close();
    }

    fn full_name(&self, at: usize) -> String {
        let value = |tag: &str| {
            let id = self.fields.iter().find(|field| field.tag == tag)?.id;
            let merge = &self.contacts[at].merge;
            match merge.iter().find(|(found, _)| *found == id) {
                Some((_, Kept::Text(text))) => Some(&**text),
                _ => None,
            }
        };
        let (first, last) = (value("FNAME"), value("LNAME"));
        match (first, last) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (one, other) => one.or(other).unwrap_or_default().to_owned(),
        }
    }

    /// All merge fields of the audience; one without a value is an empty text, whatever its type.
    fn render_merge(&self, at: usize, choice: Choice<'_>, out: &mut Vec<u8>) {
        let merge = &self.contacts[at].merge;
        let mut object = Object::open(out, choice);
        for field in &self.fields {
            match merge.binary_search_by_key(&field.id, |(id, _)| *id) {
                Ok(place) => match &merge[place].1 {
                    Kept::Text(text) => object.put(&field.tag, &**text),
                    Kept::Number(number) => object.put(&field.tag, &**number),
                    address @ Kept::Address(_) => object.tree(&field.tag, || address.to_value()),
                },
                Err(_) if field.kind == Type::Address => object.put(&field.tag, ""),
                Err(_) => object.put(&field.tag, field.default_value.as_str()),
            }
        }
        object.close();
    }

    fn render_links(&self, hash: &str, out: &mut Vec<u8>) {
        const SCHEMA: &str = "https://us1.api.mailchimp.com/schema/3.0";
        let list = format!("{}/lists/{}/members", self.api, self.id);
        let response = format!("{SCHEMA}/Definitions/Lists/Members/Response.json");
        // Writing to memory cannot fail.
        let _ = write!(
            out,
            "[{{\"rel\":\"self\",\"href\":\"{list}/{hash}\",\"method\":\"GET\",\"targetSchema\":\"{response}\"}},\
             {{\"rel\":\"parent\",\"href\":\"{list}\",\"method\":\"GET\",\"targetSchema\":\"{SCHEMA}/Definitions/Lists/Members/CollectionResponse.json\",\"schema\":\"{SCHEMA}/Paths/Lists/Members/Collection.json\"}},\
             {{\"rel\":\"update\",\"href\":\"{list}/{hash}\",\"method\":\"PATCH\",\"targetSchema\":\"{response}\",\"schema\":\"{SCHEMA}/Definitions/Lists/Members/PATCH.json\"}},\
             {{\"rel\":\"upsert\",\"href\":\"{list}/{hash}\",\"method\":\"PUT\",\"targetSchema\":\"{response}\",\"schema\":\"{SCHEMA}/Definitions/Lists/Members/PUT.json\"}},\
             {{\"rel\":\"delete\",\"href\":\"{list}/{hash}\",\"method\":\"DELETE\"}}]"
        );
    }
}

fn location(known: Option<&(f64, f64)>) -> Cow<'static, str> {
    const NOWHERE: &str = r#"{"latitude":0,"longitude":0,"gmtoff":0,"dstoff":0,"country_code":"","timezone":"","region":""}"#;
    match known {
        None => NOWHERE.into(),
        Some((latitude, longitude)) => NOWHERE
            .replace("\"latitude\":0", &format!("\"latitude\":{latitude}"))
            .replace("\"longitude\":0", &format!("\"longitude\":{longitude}"))
            .into(),
    }
}

/// The id of an address over all audiences: another address has another.
pub(super) fn unique_id(key: &Key) -> String {
    let half = u64::from_le_bytes(*key.first_chunk().unwrap_or(&[0; 8]));
    format!("{:010x}", mix(13, half) >> 24)
}

/// All contacts, archived ones too, sorted by address.
pub(in crate::sandbox) fn export_order(audience: &Audience) -> Vec<usize> {
    let mut order: Vec<(String, usize)> = audience
        .states
        .iter()
        .enumerate()
        .filter(|(_, state)| state.status != Status::Forgotten)
        .map(|(at, _)| (audience.contacts[at].email.to_lowercase(), at))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// Writes some contacts, one a line: every field, all tags by name. Those that are gone by now are passed over.
pub(in crate::sandbox) fn export(audience: &Audience, places: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    let fields = super::fields::Fields::new(None, Some("_links,tags"));
    for at in places.iter().copied() {
        let state = audience.states.get(at);
        if state.is_none_or(|state| state.status == Status::Forgotten) {
            continue;
        }
        audience.render(at, fields.all(), &mut out);
        // The member object shows fifty tags; here all of them are wanted, by name and in a fixed order.
        out.pop();
        let mut names: Vec<&str> = audience.contacts[at]
            .tags
            .iter()
            .filter_map(|tag| audience.segment(tag.segment))
            .map(|segment| segment.name.as_str())
            .collect();
        names.sort_unstable();
        out.extend_from_slice(b",\"tags\":");
        write_json(&mut out, &names);
        out.extend_from_slice(b"}\n");
    }
    out
}
