//! The members an audience starts with: generated ones, those of a file, or none.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::audience::{Audience, key_of};
use super::merge::{Field, Kept};
use super::refusal::check_address;
use super::status::Status;
use crate::sandbox::clock::Seconds;
use crate::sandbox::dice::Dice;
use crate::sandbox::options::SandboxError;
use crate::sandbox::people::{Dirt, Person, person};

/// The share of the generated people who are in the audience already.
const THERE: f64 = 0.09;

const DAY: Seconds = 86_400;

/// A member of a file to start with.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::sandbox) struct Preloaded {
    email_address: String,
    status: String,
    #[serde(default)]
    merge_fields: HashMap<String, Value>,
    #[serde(default)]
    tags: Vec<String>,
    /// `"person"` if the contact said no itself; otherwise an administrator did, whom a `status` overrules.
    #[serde(default)]
    unsubscribed_by: Option<String>,
}

/// Where the members to start with come from.
#[derive(Debug)]
pub(in crate::sandbox) enum Start {
    Empty,
    Generated { seed: u64, profiles: u64 },
    Preloaded(Vec<Preloaded>),
}

impl Start {
    /// Fills an audience.
    pub(in crate::sandbox) fn fill(&self, audience: &mut Audience, now: Seconds) {
        match self {
            Self::Empty => {}
            Self::Generated { seed, profiles } => generate(audience, *seed, *profiles, now),
            Self::Preloaded(members) => {
                for member in members {
                    add_preloaded(audience, member, now);
                }
            }
        }
    }
}

/// Reads a file of members, one JSON object a line.
pub(in crate::sandbox) fn preload(path: &Path) -> Result<Vec<Preloaded>, SandboxError> {
    let text = fs::read_to_string(path).map_err(|source| SandboxError::ReadPreload {
        path: path.to_owned(),
        source,
    })?;
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(nth, line)| {
            let bad = |reason: String| SandboxError::BadPreload {
                path: path.to_owned(),
                line: nth + 1,
                reason,
            };
            let member: Preloaded =
                serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
            if Status::parse(&member.status).is_none() {
                return Err(bad(format!("unknown status \"{}\"", member.status)));
            }
            check_address(&member.email_address)
                .map_err(|refusal| bad(refusal.words(&member.email_address)))?;
            Ok(member)
        })
        .collect()
}

fn add_preloaded(audience: &mut Audience, member: &Preloaded, now: Seconds) {
    // The first line of an address wins; two contacts cannot have one.
    let status = Status::parse(&member.status).unwrap_or(Status::Subscribed);
    if audience.at(&key_of(&member.email_address)).is_some() {
        return;
    }
    let at = audience.insert(&member.email_address, status, now);
    if status == Status::Forgotten {
        audience.contacts[at].email = "".into();
        return;
    }
    let contact = &mut audience.contacts[at];
    contact.by_person =
        status == Status::Cleaned || member.unsubscribed_by.as_deref() == Some("person");
    if status == Status::Archived {
        contact.before_archive = Status::Subscribed;
    }
    for field in &audience.fields {
        // A value that does not fit is kept as text: the file says what is there, however it came to be.
        if let Some(value) = member.merge_fields.get(&field.tag)
            && let Some(kept) = kept(field, value)
        {
            contact.merge.push((field.id, kept));
        }
    }
    for tag in &member.tags {
        let place = audience.segment_named(tag, now);
        audience.tag(at, place, now);
    }
}

fn kept(field: &Field, value: &Value) -> Option<Kept> {
    match field.accept(value) {
        Ok(kept) => kept,
        Err(_) => Some(Kept::Text(value.as_str()?.into())),
    }
}

fn generate(audience: &mut Audience, seed: u64, profiles: u64, now: Seconds) {
    for number in 0..profiles {
        let mut dice = Dice::of(seed ^ 0x5E60, number);
        if dice.unit() >= THERE {
            continue;
        }
        let person = person(seed, number);
        if person.dirt == Dirt::Clean {
            add_person(audience, &person, &mut dice, now);
        }
    }
}

/// Adds one person as it was met some time ago: the values may be older than the source's.
fn add_person(audience: &mut Audience, person: &Person, dice: &mut Dice, now: Seconds) {
    let status = match dice.below(100) {
        0..=61 => Status::Subscribed,
        62..=77 => Status::Unsubscribed,
        78..=83 => Status::Cleaned,
        84..=88 => Status::Pending,
        89..=94 => Status::Archived,
        _ => Status::Transactional,
    };
    let met = now.saturating_sub(DAY * (30 + Seconds::try_from(dice.below(700)).unwrap_or(0)));
    let at = audience.insert(&person.email, status, met);
    let contact = &mut audience.contacts[at];
    contact.by_person = match status {
        Status::Unsubscribed => dice.below(2) == 0,
        Status::Cleaned => true,
        _ => false,
    };
    if status == Status::Archived {
        contact.before_archive = match dice.below(3) {
            0 => Status::Unsubscribed,
            _ => Status::Subscribed,
        };
    }
    contact.language = person.language.into();
    contact.merge.push((1, Kept::Text(person.first.into())));
    if dice.below(10) > 0 {
        contact.merge.push((2, Kept::Text(person.last.into())));
    }
    // A tag that others made: whoever removes it has touched what is not theirs.
    if dice.below(4) == 0 {
        let place = audience.segment_named("Mässan 2024", met);
        audience.tag(at, place, met);
    }
}
