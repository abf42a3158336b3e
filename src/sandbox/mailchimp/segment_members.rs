//! Who has a tag: listing, adding and removing members of a static segment.

use serde::Deserialize;
use serde_json::json;

use super::audience::Audience;
use super::batch::MOST;
use super::call::{Answer, Call, Problem};
use super::changes::List;
use super::fields::Choice;
use super::member_list::page_of;
use super::segments::{counts, place};
use super::status::Status;

pub(super) fn list(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let (at, page) = (place(audience, call)?, call.page()?);
    let list = List::Segment(at, Status::ALL.map(|status| counts(call, status)));
    let (shown, total) = audience.part(list, (page.offset, page.count), |audience| {
        let members = audience.segment(at).map(|segment| segment.members.iter());
        let all = members.into_iter().flatten().copied();
        all.filter(|member| counts(call, audience.states[*member as usize].status))
            .collect()
    });
    Ok(page_of(audience, call, &shown, total))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    members_to_add: Vec<String>,
    members_to_remove: Vec<String>,
}

/// Adds and removes up to 500 each. Addresses that are not in the audience, and archived contacts, are passed over
/// without a word.
pub(super) fn change(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let body: Body = call.json()?;
    for (field, list) in [
        ("members_to_add", &body.members_to_add),
        ("members_to_remove", &body.members_to_remove),
    ] {
        if list.len() > MOST {
            let message = "This collection should contain 500 elements or less.";
            return Err(Problem::field(field, message));
        }
    }
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for email in &body.members_to_add {
        let member = audience
            .named(email)
            .filter(|member| audience.states[*member].status != Status::Archived);
        if let Some(member) = member
            && audience.tag(member, at, call.now)
        {
            added.push(member);
        }
    }
    for email in &body.members_to_remove {
        if let Some(member) = audience.named(email)
            && audience.untag(member, at, call.now)
        {
            removed.push(member);
        }
    }
    Ok(answer(audience, &added, &removed))
}

fn answer(audience: &Audience, added: &[usize], removed: &[usize]) -> Answer {
    let mut out = Vec::new();
    for (key, members) in [
        ("{\"members_added\":[", added),
        ("],\"members_removed\":[", removed),
    ] {
        out.extend_from_slice(key.as_bytes());
        for (nth, member) in members.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            audience.render(*member, Choice::default(), &mut out);
        }
    }
    let rest = json!({
        "errors": [],
        "total_added": added.len(),
        "total_removed": removed.len(),
        "error_count": 0,
        "_links": [],
    })
    .to_string();
    out.extend_from_slice(b"],");
    out.extend_from_slice(&rest.as_bytes()[1..]);
    Answer::Json(out)
}

#[derive(Debug, Deserialize)]
struct One {
    email_address: String,
}

/// Adds one member.
pub(super) fn add(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let body: One = call.json()?;
    let member = audience
        .named(&body.email_address)
        .ok_or_else(Problem::not_found)?;
    audience.tag(member, at, call.now);
    let mut out = Vec::new();
    audience.render(member, call.fields().all(), &mut out);
    Ok(Answer::Json(out))
}

/// Removes one member.
pub(super) fn remove(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let member = audience
        .named(call.param(2))
        .ok_or_else(Problem::not_found)?;
    if !audience.untag(member, at, call.now) {
        return Err(Problem::not_found());
    }
    Ok(Answer::NoContent)
}
