//! `POST /lists/{list_id}`: up to 500 members in one call, answered 200 even when members fail.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::fields::Choice;
use super::refusal::Refusal;
use super::write::{MemberBody, Rules, Written};

/// How many members a call may carry.
pub(super) const MOST: usize = 500;

/// About how long a member is in an answer.
const MEMBER: usize = 2048;

#[derive(Debug, Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    members: Vec<MemberBody<'a>>,
    #[serde(default)]
    update_existing: Option<bool>,
    #[serde(default)]
    sync_tags: Option<bool>,
}

pub(super) fn subscribe(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body: Body<'_> = call.json()?;
    if body.members.len() > MOST {
        return Err(Problem::field(
            "members",
            "This collection should contain 500 elements or less.",
        ));
    }
    for (at, member) in body.members.iter().enumerate() {
        if member.status.is_none() && member.status_if_new.is_none() {
            return Err(Problem::field(
                &format!("members.item:{at}"),
                "Data did not match any of the schemas described in anyOf.",
            ));
        }
    }
    let rules = Rules {
        update_existing: body.update_existing.unwrap_or(false),
        archived_is_new: true,
        tags: true,
        sync_tags: body.sync_tags.unwrap_or(false),
        skip_required: call.flag("skip_merge_validation"),
    };
    let skip_doubles = call.flag("skip_duplicate_check");
    let mut report = Report {
        new: Vec::with_capacity(body.members.len() * MEMBER),
        ..Report::default()
    };
    report.new.extend_from_slice(b"{\"new_members\":[");
    let mut seen = HashSet::with_capacity(body.members.len());
    for member in &body.members {
        let email = member.email_address.as_deref().unwrap_or_default();
        if !email.is_empty() && !seen.insert(email.to_lowercase()) {
            if !skip_doubles {
                report.error(
                    email,
                    "Duplicate email addresses found in the request.",
                    None,
                );
            }
            continue;
        }
        match audience.write(member, rules, call.now, call.faults) {
            Ok(written) => report.written(audience, written),
            Err(refusal) => report.refused(email, &refusal),
        }
    }
    Ok(Answer::Json(report.answer(audience)))
}

/// What became of the members, already as JSON.
#[derive(Debug, Default)]
struct Report {
    /// The answer so far, up to the last new member.
    new: Vec<u8>,
    updated: Vec<u8>,
    errors: Vec<serde_json::Value>,
    created: usize,
    changed: usize,
}

impl Report {
    fn written(&mut self, audience: &Audience, written: Written) {
        let (at, out, count) = match written {
            Written::New(at) => (at, &mut self.new, &mut self.created),
            Written::Updated(at) => (at, &mut self.updated, &mut self.changed),
        };
        if *count > 0 {
            out.push(b',');
        }
        *count += 1;
        audience.render(at, Choice::default(), out);
    }

    fn refused(&mut self, email: &str, refusal: &Refusal) {
        let field = match refusal {
            Refusal::Merge(errors) => errors.first().cloned(),
            Refusal::Shape(field, message) => Some(((*field).to_owned(), (*message).to_owned())),
            _ => None,
        };
        if *refusal == Refusal::Exists {
            self.errors.push(json!({
                "email_address": email,
                "error": refusal.words(email),
                "error_code": "ERROR_CONTACT_EXISTS",
                "field": "",
                "field_message": "",
            }));
            return;
        }
        self.error(email, &refusal.words(email), field);
    }

    fn error(&mut self, email: &str, words: &str, field: Option<(String, String)>) {
        let (field, message) = field.unwrap_or_default();
        self.errors.push(json!({
            "email_address": email,
            "error": words,
            "error_code": "ERROR_GENERIC",
            "field": field,
            "field_message": message,
        }));
    }

    fn answer(self, audience: &Audience) -> Vec<u8> {
        let mut out = self.new;
        out.extend_from_slice(b"],\"updated_members\":[");
        out.extend_from_slice(&self.updated);
        out.extend_from_slice(b"],");
        let rest = json!({
            "total_created": self.created,
            "total_updated": self.changed,
            "error_count": self.errors.len(),
            "errors": self.errors,
            "_links": [{
                "rel": "self",
                "href": format!("{}/lists/{}", audience.api, audience.id),
                "method": "GET",
            }],
        })
        .to_string();
        out.extend_from_slice(&rest.as_bytes()[1..]);
        out
    }
}
