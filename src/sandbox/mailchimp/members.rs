//! Calls on one member.

use std::collections::HashMap;

use serde_json::Value;

use super::audience::{Audience, key_of};
use super::call::{Answer, Call, Problem};
use super::refusal::{Refusal, check_address};
use super::status::Status;
use super::write::{MemberBody, Rules, Written};

fn answer(audience: &Audience, call: &Call<'_>, at: usize) -> Answer {
    let fields = call.fields();
    let mut out = Vec::new();
    audience.render(at, fields.all(), &mut out);
    Answer::Json(out)
}

fn named(audience: &Audience, call: &Call<'_>) -> Result<usize, Problem> {
    audience.named(call.param(1)).ok_or_else(Problem::not_found)
}

fn rules(call: &Call<'_>) -> Rules {
    Rules {
        update_existing: true,
        archived_is_new: true,
        tags: false,
        sync_tags: false,
        skip_required: call.flag("skip_merge_validation"),
    }
}

/// Puts the `null`s aside that single-member bodies refuse: there every field has exactly one type.
fn body<'a>(call: &'a Call<'_>) -> Result<MemberBody<'a>, Problem> {
    let keys: HashMap<String, Value> = call.json()?;
    if let Some((key, _)) = keys.iter().find(|(_, value)| value.is_null()) {
        let message = "Schema describes string, NULL found instead";
        return Err(Problem::field(key, message));
    }
    call.json()
}

pub(super) fn get(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = named(audience, call)?;
    Ok(answer(audience, call, at))
}

pub(super) fn add(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body = body(call)?;
    let missing: Vec<&str> = [
        ("email_address", body.email_address.is_none()),
        ("status", body.status.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        let message = format!("Required fields were not provided: {}", missing.join(", "));
        return Err(Problem::field("", &message));
    }
    let rules = Rules {
        update_existing: false,
        tags: true,
        ..rules(call)
    };
    let email = body.email_address.as_deref().unwrap_or_default();
    match audience.write(&body, rules, call.now, call.faults) {
        Ok(Written::New(at) | Written::Updated(at)) => Ok(answer(audience, call, at)),
        Err(refusal) => Err(refusal.problem(email)),
    }
}

pub(super) fn put(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body = body(call)?;
    let Some(email) = body.email_address.as_deref() else {
        return Err(Problem::field(
            "",
            "Required fields were not provided: email_address",
        ));
    };
    let at = audience
        .named(call.param(1))
        .or_else(|| audience.at(&key_of(email)));
    if at.is_none() && body.status_if_new.is_none() && body.status.is_none() {
        return Err(Problem::field(
            "",
            "Required fields were not provided: status_if_new",
        ));
    }
    change(audience, call, at, email, &body, rules(call))
}

pub(super) fn patch(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body = body(call)?;
    let at = named(audience, call)?;
    let email = match body.email_address.as_deref() {
        Some(email) => email.to_owned(),
        None => audience.contacts[at].email.clone().into(),
    };
    // PATCH names someone who is there, archived or not: only a `status` brings an archived contact back.
    let rules = Rules {
        archived_is_new: false,
        ..rules(call)
    };
    change(audience, call, Some(at), &email, &body, rules)
}

fn change(
    audience: &mut Audience,
    call: &Call<'_>,
    at: Option<usize>,
    email: &str,
    body: &MemberBody<'_>,
    rules: Rules,
) -> Result<Answer, Problem> {
    check_address(email).map_err(|refusal| refusal.problem(email))?;
    let taken = audience.at(&key_of(email));
    if let (Some(taken), Some(at)) = (taken, at)
        && taken != at
    {
        let refusal = match audience.states[taken].status {
            Status::Forgotten => Refusal::Forgotten,
            _ => Refusal::Exists,
        };
        return Err(refusal.problem(email));
    }
    match audience.write_at(at, email, body, rules, call.now, call.faults) {
        Ok(Written::New(at) | Written::Updated(at)) => Ok(answer(audience, call, at)),
        Err(refusal) => Err(refusal.problem(email)),
    }
}

pub(super) fn archive(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = named(audience, call)?;
    if audience.states[at].status == Status::Archived {
        return Err(Problem::new(
            405,
            "Method Not Allowed",
            "This list member cannot be removed. Please contact support.",
        ));
    }
    audience.set_status(at, Status::Archived);
    audience.touch(at, call.now);
    Ok(Answer::NoContent)
}

pub(super) fn delete_permanent(
    audience: &mut Audience,
    call: &Call<'_>,
) -> Result<Answer, Problem> {
    let at = named(audience, call)?;
    audience.forget(at);
    Ok(Answer::NoContent)
}
