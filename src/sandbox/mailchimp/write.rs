//! The one way a contact is changed, and the rules of doing so.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::audience::{Audience, key_of};
use super::merge::Kept;
use super::refusal::{Refusal, check_address};
use super::status::Status;
use crate::sandbox::clock::{self, Seconds};
use crate::sandbox::faults::{Faults, Kind};

/// A member as a body names it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct MemberBody<'a> {
    #[serde(default, borrow)]
    pub(super) email_address: Option<Cow<'a, str>>,
    pub(super) email_type: Option<EmailType>,
    pub(super) status: Option<Status>,
    pub(super) status_if_new: Option<Status>,
    pub(super) merge_fields: Option<HashMap<String, Value>>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) language: Option<String>,
    pub(super) vip: Option<bool>,
    pub(super) location: Option<Location>,
    pub(super) ip_signup: Option<String>,
    pub(super) ip_opt: Option<String>,
    pub(super) timestamp_signup: Option<String>,
    pub(super) timestamp_opt: Option<String>,
    /// Read to refuse what is no map of switches; the audience has no interest groups.
    #[serde(rename = "interests")]
    pub(super) _interests: Option<HashMap<String, Option<bool>>>,
}

/// The form of mail a contact wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EmailType {
    Html,
    Text,
}

/// Where a contact is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// How a call treats the contact it names.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "the API's own switches")]
pub(super) struct Rules {
    /// Whether a contact that is there may be changed.
    pub(super) update_existing: bool,
    /// Whether an archived contact counts as new ([?] in the reference; the reading that hurts).
    pub(super) archived_is_new: bool,
    /// Whether `tags` of the body are read. PUT and PATCH ignore them in silence.
    pub(super) tags: bool,
    /// Whether tags that are not in the body are taken away.
    pub(super) sync_tags: bool,
    /// Whether required merge fields may be missing.
    pub(super) skip_required: bool,
}

/// What became of a contact that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    New(usize),
    Updated(usize),
}

/// Values that passed, by field id; none clears.
pub(super) type Checked = Vec<(u16, Option<Kept>)>;

impl Audience {
    /// Writes one member by the rules, or leaves the contact as it was.
    pub(super) fn write(
        &mut self,
        body: &MemberBody<'_>,
        rules: Rules,
        now: Seconds,
        faults: &Faults,
    ) -> Result<Written, Refusal> {
        let email = body.email_address.as_deref().unwrap_or_default();
        check_address(email)?;
        let at = self.at(&key_of(email));
        self.write_at(at, email, body, rules, now, faults)
    }

    /// As [`Audience::write`], for a contact that was found by other means; the body may then carry another address.
    pub(super) fn write_at(
        &mut self,
        at: Option<usize>,
        email: &str,
        body: &MemberBody<'_>,
        rules: Rules,
        now: Seconds,
        faults: &Faults,
    ) -> Result<Written, Refusal> {
        let lower = email.to_lowercase();
        let old = at.map(|at| self.states[at].status);
        let there = old.is_some() && !(rules.archived_is_new && old == Some(Status::Archived));
        if old == Some(Status::Forgotten) || (old.is_none() && faults.on(Kind::Forgotten, &lower)) {
            return Err(Refusal::Forgotten);
        }
        if there && !rules.update_existing {
            return Err(Refusal::Exists);
        }
        let target = if there {
            body.status
        } else {
            body.status_if_new.or(body.status)
        };
        if !there {
            self.check_new(&lower, faults)?;
            if target.is_none() {
                return Err(Refusal::Shape(
                    "status_if_new",
                    "This value should not be blank.",
                ));
            }
        }
        if let Some(target) = target {
            self.check_rise(at.filter(|_| there), old, target, &lower, faults)?;
        }
        let checked = self.check_merge(at, body, rules, &lower, faults)?;
        let (signup, opt) = (
            time(body.timestamp_signup.as_deref(), "timestamp_signup")?,
            time(body.timestamp_opt.as_deref(), "timestamp_opt")?,
        );
        let at = self.place(at, email, target, now);
        self.fill(at, body, checked);
        let state = &mut self.states[at];
        state.joined = signup.unwrap_or(state.joined);
        state.opted = opt.unwrap_or(state.opted);
        self.touch(at, now);
        if rules.tags {
            self.write_tags(at, body.tags.as_deref(), rules.sync_tags, now);
        }
        Ok(if there {
            Written::Updated(at)
        } else {
            Written::New(at)
        })
    }

    /// Makes the contact if need be and gives it the status asked for.
    fn place(
        &mut self,
        at: Option<usize>,
        email: &str,
        target: Option<Status>,
        now: Seconds,
    ) -> usize {
        let Some(at) = at else {
            return self.insert(email, target.unwrap_or(Status::Transactional), now);
        };
        if *self.contacts[at].email != *email {
            self.rename(at, email);
        }
        if let Some(target) = target
            && target != self.states[at].status
        {
            self.set_status(at, target);
            // Whoever calls the API is an administrator; a bounce stays nobody's to undo.
            self.contacts[at].by_person = target == Status::Cleaned;
            self.states[at].opted = now;
        }
        at
    }

    fn check_new(&mut self, lower: &str, faults: &Faults) -> Result<(), Refusal> {
        if faults.on(Kind::Fake, lower) {
            return Err(Refusal::Fake);
        }
        if faults.on(Kind::TooManySignups, lower) {
            let tries = self.signups.entry(key_of(lower)).or_default();
            if *tries < 3 {
                *tries += 1;
                return Err(Refusal::TooManySignups);
            }
        }
        Ok(())
    }

    /// Refuses what a person's own "no" forbids. Asking to confirm is open even then; that is how it hurts.
    fn check_rise(
        &self,
        there: Option<usize>,
        old: Option<Status>,
        target: Status,
        lower: &str,
        faults: &Faults,
    ) -> Result<(), Refusal> {
        let rises = there.is_none() || old.is_some_and(|old| target.rank() > old.rank());
        if !rises || target.rank() == 0 {
            return Ok(());
        }
        let said_no = there
            .is_some_and(|at| self.contacts[at].by_person && old.is_some_and(Status::opted_out));
        if said_no && target != Status::Pending || faults.on(Kind::Compliance, lower) {
            return Err(Refusal::Compliance);
        }
        Ok(())
    }

    fn check_merge(
        &self,
        at: Option<usize>,
        body: &MemberBody<'_>,
        rules: Rules,
        lower: &str,
        faults: &Faults,
    ) -> Result<Checked, Refusal> {
        let sent = body.merge_fields.as_ref();
        let (mut checked, mut errors) = (Checked::new(), Vec::new());
        for field in &self.fields {
            let value = sent.and_then(|sent| sent.get(&field.tag));
            match value.map(|value| field.accept(value)) {
                Some(Err(message)) => {
                    errors.push((field.tag.clone(), message));
                    continue;
                }
                Some(Ok(kept)) => checked.push((field.id, kept)),
                None => {}
            }
            let held = match checked.last() {
                Some((id, kept)) if *id == field.id => kept.is_some(),
                _ => at.is_some_and(|at| {
                    let merge = &self.contacts[at].merge;
                    merge.iter().any(|(id, _)| *id == field.id)
                }),
            };
            if field.required && !held && !rules.skip_required {
                errors.push((field.tag.clone(), "Please enter a value".into()));
            }
        }
        if errors.is_empty() && !checked.is_empty() && faults.on(Kind::MergeInvalid, lower) {
            let tag = self.fields.iter().find(|field| field.id == checked[0].0);
            let tag = tag.map(|field| field.tag.clone()).unwrap_or_default();
            errors.push((tag, "This value is invalid".into()));
        }
        if errors.is_empty() {
            return Ok(checked);
        }
        Err(Refusal::Merge(errors))
    }

    /// Puts values that passed in place of those held.
    pub(super) fn keep(&mut self, at: usize, checked: Checked) {
        let contact = &mut self.contacts[at];
        contact
            .merge
            .reserve_exact(checked.len().saturating_sub(contact.merge.len()));
        for (id, kept) in checked {
            let place = contact.merge.binary_search_by_key(&id, |(id, _)| *id);
            match (place, kept) {
                (Ok(place), Some(kept)) => contact.merge[place].1 = kept,
                (Ok(place), None) => {
                    contact.merge.remove(place);
                }
                (Err(place), Some(kept)) => contact.merge.insert(place, (id, kept)),
                (Err(_), None) => {}
            }
        }
    }

    fn fill(&mut self, at: usize, body: &MemberBody<'_>, checked: Checked) {
        self.keep(at, checked);
        let contact = &mut self.contacts[at];
        let copy = |to: &mut Box<str>, from: &Option<String>| {
            if let Some(from) = from {
                *to = from.as_str().into();
            }
        };
        copy(&mut contact.language, &body.language);
        copy(&mut contact.ip_signup, &body.ip_signup);
        copy(&mut contact.ip_opt, &body.ip_opt);
        if let Some(kind) = body.email_type {
            contact.plain_mail = kind == EmailType::Text;
        }
        contact.vip = body.vip.unwrap_or(contact.vip);
        if let Some(location) = &body.location {
            let at = (
                location.latitude.unwrap_or(0.0),
                location.longitude.unwrap_or(0.0),
            );
            contact.location = Some(Box::new(at));
        }
    }

    fn write_tags(&mut self, at: usize, names: Option<&[String]>, sync: bool, now: Seconds) {
        let names = names.unwrap_or_default();
        let wanted: Vec<u32> = names
            .iter()
            .filter(|name| !name.trim().is_empty())
            .map(|name| self.segment_named(name, now))
            .collect();
        if sync {
            let had: Vec<u32> = self.contacts[at]
                .tags
                .iter()
                .map(|tag| tag.segment)
                .collect();
            for place in had.into_iter().filter(|place| !wanted.contains(place)) {
                self.untag(at, place, now);
            }
        }
        for place in wanted {
            self.tag(at, place, now);
        }
    }
}

fn time(text: Option<&str>, field: &'static str) -> Result<Option<Seconds>, Refusal> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => clock::parse(text)
            .map(Some)
            .ok_or(Refusal::Shape(field, "This value is not a valid datetime.")),
    }
}
