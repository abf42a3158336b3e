use std::sync::Arc;

use crate::domain::{Member, SegmentSet, Status};

/// The most members in one call.
pub(super) const MOST: usize = 500;

/// What Mailchimp said last about a member that was not settled by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing: there was no answer yet, or none was seen.
    #[default]
    Nothing,
    /// The answer to its call does not mention it; the words of rows that name nobody may be about it.
    Silence(Arc<str>),
    /// That the contact exists, in these words.
    Exists(Arc<str>),
}

/// A member on its way to the audience.
#[derive(Debug, Clone)]
pub struct Item {
    /// The member.
    pub member: Member,
    /// The status read before; `None` for someone who was not there.
    pub before: Option<Status>,
    /// The segments whose tags are to be added.
    pub add: SegmentSet,
    /// Whether a call with this member went out that may have taken effect unseen.
    pub in_doubt: bool,
    /// How often it was looked up.
    pub turns: u8,
    /// What Mailchimp said last.
    pub said: Said,
}

impl Item {
    /// Takes a member from the plan.
    #[must_use]
    pub fn new(member: Member, before: Option<Status>, add: SegmentSet) -> Self {
        Self {
            member,
            before,
            add,
            in_doubt: false,
            turns: 0,
            said: Said::Nothing,
        }
    }

    /// The same member, after a call whose outcome was not seen.
    pub(super) fn doubted(self) -> Self {
        Self {
            in_doubt: true,
            said: Said::Nothing,
            ..self
        }
    }
}

/// Members that go to the audience in one call, at most 500.
#[derive(Debug, Clone)]
pub enum Batch {
    /// People who are not in the audience.
    Create(Vec<Item>),
    /// People who are.
    Update(Vec<Item>),
}

/// One thing for a lane to do.
#[derive(Debug)]
pub(super) enum Task {
    /// Send a call.
    Send(Batch),
    /// Ask the audience about members whose fate is not known.
    LookUp(Vec<Item>),
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::Item;
    use crate::domain::{Consent, Member, Origin, PersonKey, SegmentSet};

    pub(in crate::deliver) fn item(address: &str) -> Item {
        let member = Member {
            seq: 1,
            profile: Some("p1".to_owned()),
            origin: Origin {
                file: Arc::from("people.csv"),
                line: 2,
            },
            address: address.to_owned(),
            key: address.to_lowercase(),
            person: PersonKey::of(&address.to_lowercase()),
            values: 1,
            profile_hash: 0,
            consent: Consent::Yes,
            segments: SegmentSet::only(0),
            fields: r#"{"FNAME":"A"}"#.to_owned(),
            language: None,
        };
        Item::new(member, None, SegmentSet::only(0))
    }
}
