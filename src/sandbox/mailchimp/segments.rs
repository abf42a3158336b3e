//! Tags, which are static segments: the same ids under both names.

use serde::Deserialize;
use serde_json::{Value, json};

use super::audience::{Audience, Segment};
use super::batch::MOST;
use super::call::{Answer, Call, Problem};
use super::status::Status;
use crate::sandbox::clock;

/// How many members of a segment a call counts or lists: the active ones, and others if asked for.
pub(super) fn counts(call: &Call<'_>, status: Status) -> bool {
    match status {
        Status::Subscribed => true,
        Status::Unsubscribed => call.flag("include_unsubscribed"),
        Status::Cleaned => call.flag("include_cleaned"),
        Status::Transactional => call.flag("include_transactional"),
        Status::Pending | Status::Archived | Status::Forgotten => false,
    }
}

fn show(audience: &Audience, call: &Call<'_>, segment: &Segment) -> Value {
    let count: u32 = [
        Status::Subscribed,
        Status::Unsubscribed,
        Status::Cleaned,
        Status::Transactional,
    ]
    .into_iter()
    .filter(|status| counts(call, *status))
    .map(|status| segment.count[status.index()])
    .sum();
    let href = format!(
        "{}/lists/{}/segments/{}",
        audience.api, audience.id, segment.id
    );
    json!({
        "id": segment.id,
        "name": segment.name,
        "member_count": count,
        "type": "static",
        "created_at": clock::iso(segment.created),
        "updated_at": clock::iso(segment.updated),
        "options": { "match": "any", "conditions": [] },
        "list_id": audience.id,
        "_links": [{ "rel": "self", "href": href, "method": "GET" }],
    })
}

/// The tag that a call names.
pub(super) fn place(audience: &Audience, call: &Call<'_>) -> Result<u32, Problem> {
    audience
        .segment_place(call.param(1))
        .ok_or_else(Problem::not_found)
}

fn answer(audience: &Audience, call: &Call<'_>, at: u32) -> Result<Answer, Problem> {
    let segment = audience.segment(at).ok_or_else(Problem::not_found)?;
    Answer::of(call, show(audience, call, segment))
}

pub(super) fn list(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.page()?;
    let (since_created, before_created) = (
        call.time("since_created_at")?,
        call.time("before_created_at")?,
    );
    let (since_updated, before_updated) = (
        call.time("since_updated_at")?,
        call.time("before_updated_at")?,
    );
    // Only static segments exist here, so another type asked for finds none.
    let none = call.text("type").is_some_and(|kind| kind != "static")
        || call
            .text("exclude_type")
            .is_some_and(|kind| kind.contains("static"));
    let segments: Vec<&Segment> = audience
        .segments
        .iter()
        .flatten()
        .filter(|segment| {
            !none
                && since_created.is_none_or(|time| segment.created >= time)
                && before_created.is_none_or(|time| segment.created <= time)
                && since_updated.is_none_or(|time| segment.updated >= time)
                && before_updated.is_none_or(|time| segment.updated <= time)
        })
        .collect();
    let shown: Vec<Value> = segments
        .iter()
        .skip(page.offset)
        .take(page.count)
        .map(|segment| show(audience, call, segment))
        .collect();
    let answer = json!({
        "segments": shown,
        "list_id": audience.id,
        "total_items": segments.len(),
        "_links": [],
    });
    Answer::of(call, answer)
}

#[derive(Debug, Deserialize)]
struct Body {
    name: Option<String>,
    static_segment: Option<Vec<String>>,
    options: Option<Value>,
}

impl Body {
    fn check(&self) -> Result<(), Problem> {
        if self.options.is_some() {
            let detail = "The sandbox keeps static segments only; it takes no conditions.";
            return Err(Problem::new(400, "Bad Request", detail));
        }
        let too_many = self
            .static_segment
            .as_ref()
            .is_some_and(|list| list.len() > MOST);
        if too_many {
            let message = "This collection should contain 500 elements or less.";
            return Err(Problem::field("static_segment", message));
        }
        Ok(())
    }
}

fn name_of(body: &Body) -> Option<String> {
    let name = body.name.as_deref()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

pub(super) fn add(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body: Body = call.json()?;
    body.check()?;
    let Some(name) = name_of(&body) else {
        return Err(Problem::field(
            "",
            "Required fields were not provided: name",
        ));
    };
    if audience.find_segment(&name).is_some() {
        return Err(Problem::new(
            400,
            "Bad Request",
            "Sorry, that tag already exists.",
        ));
    }
    let at = audience.segment_named(&name, call.now);
    fill(audience, call, at, body.static_segment.as_deref());
    answer(audience, call, at)
}

fn fill(audience: &mut Audience, call: &Call<'_>, at: u32, emails: Option<&[String]>) {
    for email in emails.unwrap_or_default() {
        if let Some(member) = audience.named(email) {
            audience.tag(member, at, call.now);
        }
    }
}

pub(super) fn get(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    answer(audience, call, at)
}

/// Renames a tag; a `static_segment` replaces all its members, `[]` removes them.
pub(super) fn patch(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let body: Body = call.json()?;
    body.check()?;
    if let Some(name) = name_of(&body) {
        if audience
            .find_segment(&name)
            .is_some_and(|other| other != at)
        {
            return Err(Problem::new(
                400,
                "Bad Request",
                "Sorry, that tag already exists.",
            ));
        }
        audience.rename_segment(at, &name);
    }
    if let Some(emails) = &body.static_segment {
        let members = audience.segment(at).map(|segment| segment.members.clone());
        for member in members.unwrap_or_default() {
            audience.untag(member as usize, at, call.now);
        }
        fill(audience, call, at, Some(emails));
    }
    answer(audience, call, at)
}

pub(super) fn delete(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    audience.drop_segment(at);
    Ok(Answer::NoContent)
}

pub(super) fn search(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let prefix = call.text("name").unwrap_or_default().to_lowercase();
    let tags: Vec<Value> = audience
        .segments
        .iter()
        .flatten()
        .filter(|segment| segment.name.to_lowercase().starts_with(&prefix))
        .map(|segment| json!({ "id": segment.id, "name": segment.name }))
        .collect();
    let total = tags.len();
    Answer::of(
        call,
        json!({ "tags": tags, "total_items": total, "_links": [] }),
    )
}

pub(super) fn tags_of(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.page()?;
    let at = audience
        .named(call.param(1))
        .ok_or_else(Problem::not_found)?;
    let held = &audience.contacts[at].tags;
    let tags: Vec<Value> = held
        .iter()
        .filter_map(|tag| audience.segment(tag.segment).map(|segment| (tag, segment)))
        .skip(page.offset)
        .take(page.count)
        .map(|(tag, segment)| {
            json!({ "id": segment.id, "name": segment.name, "date_added": clock::iso(tag.since) })
        })
        .collect();
    let total = held.len();
    Answer::of(
        call,
        json!({ "tags": tags, "total_items": total, "_links": [] }),
    )
}

#[derive(Debug, Deserialize)]
struct Tags {
    tags: Vec<TagBody>,
    /// Read to refuse what is no switch; there are no automations to keep from starting.
    #[serde(rename = "is_syncing")]
    _is_syncing: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct TagBody {
    name: String,
    status: TagStatus,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TagStatus {
    Active,
    Inactive,
}

/// Adds and removes tags of one member; an archived one keeps what it has.
pub(super) fn tag(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body: Tags = call.json()?;
    let at = audience
        .named(call.param(1))
        .ok_or_else(Problem::not_found)?;
    for tag in body.tags.iter().filter(|tag| !tag.name.trim().is_empty()) {
        if tag.status == TagStatus::Active {
            let place = audience.segment_named(&tag.name, call.now);
            audience.tag(at, place, call.now);
        } else if let Some(place) = audience.find_segment(&tag.name) {
            audience.untag(at, place, call.now);
        }
    }
    audience.touch(at, call.now);
    Ok(Answer::NoContent)
}
