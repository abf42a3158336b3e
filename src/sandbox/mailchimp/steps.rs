//! What others do to the audience meanwhile, for tests: people, their mail servers, and whoever owns the account.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::audience::{Audience, key_of};
use super::mailings::{Automation, Campaign};
use super::refusal::check_address;
use super::status::Status;
use crate::sandbox::clock::Seconds;

/// What `POST /sandbox/audiences/{id}/steps` does, as JSON: one step or a list of them, done at once or, if one cannot be
/// done, up to that one. The ordinary API can do some of this too, but as an administrator whom a `status` overrules.
///
/// None of these counts in `statuses_raised`: it was the person, not a program.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::sandbox) enum Step {
    /// `{"unsubscribe":"a@example.com"}`: the person says no, which no `status` takes back.
    Unsubscribe(String),
    /// `{"subscribe":"a@example.com"}`: the person signs up by a form, or again, whatever was before; even somebody
    /// forgotten comes back so.
    Subscribe(String),
    /// `{"bounce":"a@example.com"}`: mail came back once too often, which makes the contact a cleaned one.
    Bounce(String),
    /// `{"archive":"a@example.com"}`.
    Archive(String),
    /// `{"forget":"a@example.com"}`: deleted for good.
    Forget(String),
    /// `{"edit":{"email":"a@example.com","merge_fields":{"FNAME":"Eva"},"language":"sv"}}`: the person sets right what is
    /// held of them; an empty value clears.
    Edit(Edit),
    /// `{"move":["a@example.com","b@example.com"]}`: the person changes the address; `contact_id` stays, `id` does not.
    Move(String, String),
    /// `{"tag":["a@example.com","VIP"]}`.
    Tag(String, String),
    /// `{"untag":["a@example.com","VIP"]}`.
    Untag(String, String),
    /// `{"campaign":{"title":"July","send_time":"2026-07-01T10:00:00Z"}}`.
    Campaign(Campaign),
    /// `{"automation":{"title":"Welcome","workflow_type":"welcomeSeries"}}`.
    Automation(Automation),
}

/// Values that a person changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Edit {
    email: String,
    #[serde(default)]
    merge_fields: HashMap<String, Value>,
    language: Option<String>,
}

impl Audience {
    /// Does a step; says in words why it cannot be done.
    pub(in crate::sandbox) fn step(&mut self, step: &Step, now: Seconds) -> Result<(), String> {
        match step {
            Step::Unsubscribe(email) => self.becomes(email, Status::Unsubscribed, now),
            Step::Bounce(email) => self.becomes(email, Status::Cleaned, now),
            Step::Archive(email) => self.becomes(email, Status::Archived, now),
            Step::Subscribe(email) => self.signs_up(email, now),
            Step::Forget(email) => self.held(email).map(|at| {
                self.forget(at);
            }),
            Step::Edit(edit) => self.edit(edit, now),
            Step::Move(from, to) => self.moves(from, to, now),
            Step::Tag(email, name) => self.held(email).map(|at| {
                let tag = self.segment_named(name, now);
                self.tag(at, tag, now);
            }),
            Step::Untag(email, name) => {
                let at = self.held(email)?;
                let tag = self.find_segment(name);
                let tag = tag.ok_or_else(|| format!("there is no tag \"{name}\""))?;
                self.untag(at, tag, now);
                Ok(())
            }
            Step::Campaign(campaign) => {
                campaign.sent()?;
                self.outlook.campaigns.push(campaign.clone());
                Ok(())
            }
            Step::Automation(automation) => {
                self.outlook.automations.push(automation.clone());
                Ok(())
            }
        }
    }

    fn held(&self, email: &str) -> Result<usize, String> {
        self.named(email)
            .ok_or_else(|| format!("there is no contact {email}"))
    }

    fn becomes(&mut self, email: &str, status: Status, now: Seconds) -> Result<(), String> {
        let at = self.held(email)?;
        self.set_by_person(at, status, now);
        Ok(())
    }

    /// Sets a status that nobody but the person, or their mail server, chose.
    fn set_by_person(&mut self, at: usize, status: Status, now: Seconds) {
        let tally = self.tally;
        self.set_status(at, status);
        self.tally = tally;
        if status != Status::Archived {
            self.contacts[at].by_person = status.opted_out();
            self.states[at].opted = now;
        }
        self.touch(at, now);
    }

    fn signs_up(&mut self, email: &str, now: Seconds) -> Result<(), String> {
        check_address(email).map_err(|why| why.words(email))?;
        match self.at(&key_of(email)) {
            Some(at) => {
                self.contacts[at].email = email.into();
                self.set_by_person(at, Status::Subscribed, now);
            }
            None => {
                self.insert(email, Status::Subscribed, now);
            }
        }
        Ok(())
    }

    fn edit(&mut self, edit: &Edit, now: Seconds) -> Result<(), String> {
        let at = self.held(&edit.email)?;
        let mut kept = Vec::new();
        for (tag, value) in &edit.merge_fields {
            let field = self.fields.iter().find(|field| field.tag == *tag);
            let field = field.ok_or_else(|| format!("there is no merge field {tag}"))?;
            kept.push((field.id, field.accept(value)?));
        }
        self.keep(at, kept);
        if let Some(language) = &edit.language {
            self.contacts[at].language = language.as_str().into();
        }
        self.touch(at, now);
        Ok(())
    }

    fn moves(&mut self, from: &str, to: &str, now: Seconds) -> Result<(), String> {
        let at = self.held(from)?;
        check_address(to).map_err(|why| why.words(to))?;
        if self.at(&key_of(to)).is_some_and(|taken| taken != at) {
            return Err(format!("{to} is a contact already"));
        }
        self.rename(at, to);
        self.touch(at, now);
        Ok(())
    }
}
