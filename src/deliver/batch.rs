use std::sync::Arc;

use crate::domain::{Before, Email, Fate, Member, PersonKey, Reject, SegmentSet, Status};
use crate::store::{PlannedMember, Sent};

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

/// Where a member stands in the journal: an intent's number and its place in it.
pub(super) type Entry = (u32, u16);

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
    /// Mailchimp's key of the contact, where it was told and is not the person's.
    pub(super) id: Option<PersonKey>,
    /// What the contact was, until it is written down.
    pub(super) image: Option<Box<Before>>,
    /// The intents of its calls whose outcome is not written down yet.
    pub(super) intents: Vec<Entry>,
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
            id: None,
            image: None,
            intents: Vec::new(),
        }
    }

    /// Takes a member from the plan, with what the audience held of it.
    #[must_use]
    pub fn of(mut planned: PlannedMember) -> Self {
        let member = &mut planned.member;
        if !member.address.eq_ignore_ascii_case(&member.key) {
            // Answers name the address that the contact has now.
            member.key = Email::key_of(&member.address);
        }
        Self {
            id: planned.id,
            image: planned.image.map(Box::new),
            ..Self::new(planned.member, planned.before, planned.add)
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

    /// The member as the journal knows it: by key.
    pub(super) fn sent(&self) -> Sent {
        Sent {
            key: self.member.person,
            id: self.id.or_else(|| self.own_id()),
            values: self.member.values,
            profile: self.member.profile_hash,
            segments: self.member.segments.clone(),
            add: self.add.clone(),
            before: self.before,
        }
    }

    /// The key that Mailchimp makes of the address as it is written, where that is not the person's.
    fn own_id(&self) -> Option<PersonKey> {
        let Member {
            address,
            key,
            person,
            ..
        } = &self.member;
        if address.eq_ignore_ascii_case(key) {
            return None;
        }
        let id = PersonKey::of(&address.trim().to_lowercase());
        Some(id).filter(|id| id != person)
    }
}

/// What became of a member: to be written down, then told.
#[derive(Debug)]
pub(super) struct Outcome {
    pub item: Item,
    pub fate: Fate,
    /// The hash of the contact as it stands now; 0 where it was not seen.
    pub after: u64,
    /// Mailchimp's `contact_id`, where it was told.
    pub contact: Option<[u8; 16]>,
    /// Mailchimp's own words about it.
    pub words: Option<Arc<str>>,
}

impl Outcome {
    pub fn new(item: Item, fate: Fate) -> Self {
        Self {
            item,
            fate,
            after: 0,
            contact: None,
            words: None,
        }
    }

    /// The reject, where the member was refused.
    pub fn reject(&self) -> Option<Reject> {
        let Fate::Rejected(reason) = self.fate else {
            return None;
        };
        let words = self.words.as_deref().unwrap_or_default();
        Some(self.item.member.reject(reason, words))
    }
}

/// Members that go to the audience in one call, at most 500.
#[derive(Debug, Clone)]
pub enum Batch {
    /// People who are not in the audience.
    Create(Vec<Item>),
    /// People who are.
    Update(Vec<Item>),
    /// People whom an undo had archived; sent one by one.
    Reinstate(Vec<Item>),
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

    #[test]
    fn mailchimps_id_is_kept_where_it_is_not_the_key() {
        let mut item = item("Anna@x.example");
        assert_eq!(item.sent().id, None);
        item.member.address = "Anna@räksmörgås.example".to_owned();
        item.member.key = "anna@xn--rksmrgs-5wao1o.example".to_owned();
        let id = PersonKey::of("anna@räksmörgås.example");
        assert_eq!(item.sent().id, Some(id));
    }
}
