//! Tags as Mailchimp keeps them: static segments, whose members are listed and taken out by their ids.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::super::caller::{Call, Repeat};
use super::super::wire::{few, few_or_none, hint, or_empty};
use super::{Mailchimp, PAGE, is_last, next_page};
use crate::deliver::Error;
use crate::domain::{AudienceId, Status};
use crate::http::Answer;

/// A tag of an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticSegment {
    /// Its identifier.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// How many subscribed contacts have it.
    pub members: u64,
}

/// A contact that has a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The address as Mailchimp keeps it.
    pub address: String,
    /// Mailchimp's key of the address.
    pub id: String,
    /// Mailchimp's key of the contact, which stays when the address is changed.
    pub contact_id: String,
    /// Its status; one that is not known counts as a no.
    pub status: Status,
}

/// What a call to take contacts out of a tag came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Untagged {
    /// The addresses that had the tag and have it no more. Who is not named never had it, is archived or is not in the
    /// audience: Mailchimp says nothing about these.
    pub removed: Vec<String>,
    /// Addresses that Mailchimp refused, each with its words.
    pub errors: Vec<(String, String)>,
    /// Whether an earlier try may have taken effect unseen; then `removed` may lack some.
    pub repeated: bool,
}

#[derive(Deserialize)]
struct SegmentsPage {
    #[serde(deserialize_with = "few")]
    segments: Vec<WireSegment>,
    #[serde(default, deserialize_with = "hint")]
    total_items: Option<u64>,
}

#[derive(Deserialize)]
struct WireSegment {
    id: u64,
    #[serde(default, deserialize_with = "or_empty")]
    name: String,
    #[serde(default, deserialize_with = "or_empty")]
    member_count: u64,
}

#[derive(Deserialize)]
struct HoldersPage {
    #[serde(deserialize_with = "few")]
    members: Vec<WireHolder>,
    #[serde(default, deserialize_with = "hint")]
    total_items: Option<u64>,
}

#[derive(Deserialize)]
struct WireHolder {
    email_address: String,
    #[serde(default, deserialize_with = "or_empty")]
    id: String,
    #[serde(default, deserialize_with = "or_empty")]
    contact_id: String,
    #[serde(default, deserialize_with = "or_empty")]
    status: String,
}

#[derive(Deserialize)]
struct Changed {
    #[serde(deserialize_with = "few")]
    members_removed: Vec<Address>,
    #[serde(default, deserialize_with = "few_or_none")]
    errors: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Address {
    email_address: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default, deserialize_with = "few_or_none")]
    email_addresses: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    error: String,
}

impl Mailchimp {
    /// Lists the tags of an audience with their ids.
    ///
    /// # Errors
    /// As every call.
    pub async fn static_segments(&self, id: &AudienceId) -> Result<Vec<StaticSegment>, Error> {
        let what = "read tags";
        let fields = "total_items,segments.id,segments.name,segments.member_count";
        let (mut all, mut seen, mut pages) = (Vec::new(), 0, 0);
        loop {
            let query = [
                ("type", "static".to_owned()),
                ("count", PAGE.to_string()),
                ("offset", seen.to_string()),
                ("fields", fields.to_owned()),
            ];
            let call = Call::get(what, format!("/lists/{id}/segments"), &query);
            let page: SegmentsPage = self.caller.read(&call).await?;
            let (rows, counted) = (page.segments.len() as u64, page.total_items);
            all.extend(page.segments.into_iter().map(|one| StaticSegment {
                id: one.id,
                name: one.name,
                members: one.member_count,
            }));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }

    /// Reads one page of the contacts that have a tag, whatever their status, and what the service tells of their number.
    /// Archived contacts are not listed. An empty page is the end.
    ///
    /// # Errors
    /// As every call; [`Error::NotFound`] when the audience has no such tag.
    pub async fn tag_members(
        &self,
        id: &AudienceId,
        tag: u64,
        offset: u64,
    ) -> Result<(Vec<Holder>, Option<u64>), Error> {
        let fields =
            "total_items,members.email_address,members.id,members.contact_id,members.status";
        let mut query = vec![
            ("count", PAGE.to_string()),
            ("offset", offset.to_string()),
            ("fields", fields.to_owned()),
        ];
        let others = [
            "include_cleaned",
            "include_transactional",
            "include_unsubscribed",
        ];
        query.extend(others.map(|name| (name, "true".to_owned())));
        let path = format!("/lists/{id}/segments/{tag}/members");
        let call = Call::get("read who has a tag", path, &query);
        let page: HoldersPage = self.caller.read(&call).await?;
        let members = page.members.into_iter().map(|one| Holder {
            address: one.email_address,
            id: one.id,
            contact_id: one.contact_id,
            status: Status::parse(&one.status).unwrap_or(Status::Unsubscribed),
        });
        Ok((members.collect(), page.total_items))
    }

    /// Takes contacts out of a tag, at most 500 at a time. Nothing else of them changes.
    ///
    /// # Errors
    /// As every call; [`Error::NotFound`] when the audience has no such tag.
    pub async fn remove_from_tag(
        &self,
        id: &AudienceId,
        tag: u64,
        addresses: &[String],
    ) -> Result<Untagged, Error> {
        let call = Call {
            what: "take contacts out of a tag",
            method: Method::POST,
            path: format!("/lists/{id}/segments/{tag}"),
            query: vec![],
            body: Some(json!({ "members_to_remove": addresses }).to_string().into()),
            repeat: Repeat::Harmless,
            shrinks: false,
        };
        let read = |answer: &Answer| serde_json::from_slice::<Changed>(&answer.body);
        let (changed, repeated) = self.caller.insist(&call, read).await?;
        let errors = changed.errors.into_iter().flat_map(|refusal| {
            let words = refusal.error;
            let addresses = refusal.email_addresses.into_iter();
            addresses.map(move |address| (address, words.clone()))
        });
        let removed = changed.members_removed.into_iter();
        Ok(Untagged {
            removed: removed.map(|one| one.email_address).collect(),
            errors: errors.collect(),
            repeated,
        })
    }
}
