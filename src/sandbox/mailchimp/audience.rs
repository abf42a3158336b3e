//! What is kept of the audience: contacts, merge fields, tags. Changes of a contact go through `write`.

use std::collections::{BTreeSet, HashMap};

use md5::{Digest, Md5};

use super::changes::{Changes, Made, place};
use super::mailings::Outlook;
use super::merge::{Field, Kept, Type};
use super::status::Status;
use crate::sandbox::clock::Seconds;
use crate::sandbox::dice::mix;

/// MD5 of a lower-cased address.
pub(super) type Key = [u8; 16];

/// The key under which an address is kept.
pub(super) fn key_of(email: &str) -> Key {
    Md5::digest(email.to_lowercase().as_bytes()).into()
}

/// What lists are filtered by. Apart from the rest of the contact, so that looking through a million of them reads
/// 16 MB and not 200.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) status: Status,
    pub(super) changed: Seconds,
    pub(super) opted: Seconds,
    pub(super) joined: Seconds,
}

/// A tag on a contact: the tag's place and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tagged {
    pub(super) segment: u32,
    pub(super) since: Seconds,
}

/// The rest of a contact.
#[derive(Debug)]
pub(super) struct Contact {
    pub(super) key: Key,
    pub(super) email: Box<str>,
    /// Merge field id and value, by id.
    pub(super) merge: Vec<(u16, Kept)>,
    pub(super) tags: Vec<Tagged>,
    pub(super) language: Box<str>,
    pub(super) ip_signup: Box<str>,
    pub(super) ip_opt: Box<str>,
    pub(super) location: Option<Box<(f64, f64)>>,
    pub(super) plain_mail: bool,
    pub(super) vip: bool,
    /// Whether the person said no, not an administrator: then nobody else can take it back.
    pub(super) by_person: bool,
    /// The status before archiving; the service keeps it to itself.
    pub(super) before_archive: Status,
}

/// A static segment, which is what Mailchimp calls a tag.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) created: Seconds,
    pub(super) updated: Seconds,
    pub(super) members: BTreeSet<u32>,
    /// How many of the members have each status.
    pub(super) count: [u32; Status::COUNT],
}

/// What the sandbox counts about the contacts.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::sandbox) struct Tally {
    pub(in crate::sandbox) statuses_raised: u64,
    pub(in crate::sandbox) opted_out_set_pending: u64,
}

/// The audience.
#[derive(Debug)]
pub(in crate::sandbox) struct Audience {
    pub(super) id: String,
    /// `http://HOST:PORT/3.0`, for links.
    pub(super) api: String,
    pub(super) created: Seconds,
    pub(super) fields: Vec<Field>,
    pub(super) next_field: u16,
    pub(super) states: Vec<State>,
    pub(super) contacts: Vec<Contact>,
    pub(super) segments: Vec<Option<Segment>>,
    /// Tries of addresses that sign up too often.
    pub(super) signups: HashMap<Key, u8>,
    pub(in crate::sandbox) tally: Tally,
    pub(super) count: [u32; Status::COUNT],
    pub(super) outlook: Outlook,
    pub(super) changes: Changes,
    pub(super) made: Made,
    by_key: HashMap<Key, u32>,
    by_name: HashMap<String, u32>,
}

/// The id of the first tag; ids of tags are numbers of seven digits.
const FIRST_SEGMENT: u32 = 1_000_001;

impl Audience {
    pub(in crate::sandbox) fn new(id: &str, api: &str, now: Seconds) -> Self {
        let mut audience = Self {
            id: id.to_owned(),
            api: api.to_owned(),
            created: now,
            fields: Vec::new(),
            next_field: 1,
            states: Vec::new(),
            contacts: Vec::new(),
            segments: Vec::new(),
            signups: HashMap::new(),
            tally: Tally::default(),
            count: [0; Status::COUNT],
            outlook: Outlook::default(),
            changes: Changes::default(),
            made: Made::default(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (tag, name, kind) in [
            ("FNAME", "First Name", Type::Text),
            ("LNAME", "Last Name", Type::Text),
            ("ADDRESS", "Address", Type::Address),
            ("PHONE", "Phone Number", Type::Phone),
            ("BIRTHDAY", "Birthday", Type::Birthday),
        ] {
            audience.add_field(Field {
                id: 0,
                tag: tag.into(),
                name: name.into(),
                kind,
                required: false,
                public: false,
                default_value: String::new(),
                help_text: String::new(),
                display_order: 0,
                choices: Vec::new(),
                date_format: if kind == Type::Birthday { "MM/DD" } else { "" }.into(),
                phone_format: if kind == Type::Phone { "none" } else { "" }.into(),
            });
        }
        audience
    }

    /// Adds a merge field; gives it its id and its place.
    pub(super) fn add_field(&mut self, field: Field) -> Field {
        let id = self.next_field;
        self.next_field += 1;
        let field = Field {
            id,
            display_order: match field.display_order {
                0 => i64::from(id) + 1,
                order => order,
            },
            ..field
        };
        self.fields.push(field.clone());
        field
    }

    pub(super) fn at(&self, key: &Key) -> Option<usize> {
        self.by_key.get(key).map(|at| *at as usize)
    }

    /// Finds the contact that a path names: by MD5, by contact id or by the address itself. Forgotten ones are none.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        let at = if name.contains('@') {
            self.at(&key_of(name))?
        } else {
            parse_hex(name)
                .and_then(|key| self.at(&key))
                .or_else(|| self.by_contact_id(name))?
        };
        (self.states[at].status != Status::Forgotten).then_some(at)
    }

    /// The contact id: 24 digits that look drawn, and the place in eight.
    pub(super) fn contact_id(at: usize) -> String {
        let [_, _, _, _, place @ ..] = (at as u64).to_be_bytes();
        let [drawn @ .., _, _, _, _] = mix(12, at as u64).to_be_bytes();
        let mut id = [0; 16];
        id[..8].copy_from_slice(&mix(11, at as u64).to_be_bytes());
        id[8..12].copy_from_slice(&drawn);
        id[12..].copy_from_slice(&place);
        hex(&id).map(char::from).iter().collect()
    }

    fn by_contact_id(&self, name: &str) -> Option<usize> {
        let at = usize::from_str_radix(name.get(24..32)?, 16).ok()?;
        (at < self.states.len() && Self::contact_id(at) == name).then_some(at)
    }

    /// Adds a contact that was not there.
    pub(super) fn insert(&mut self, email: &str, status: Status, now: Seconds) -> usize {
        let key = key_of(email);
        let at = self.contacts.len();
        self.by_key.insert(key, place(at));
        self.states.push(State {
            status,
            changed: now,
            opted: now,
            joined: now,
        });
        self.contacts.push(Contact {
            key,
            email: email.into(),
            merge: Vec::new(),
            tags: Vec::new(),
            language: "".into(),
            ip_signup: "".into(),
            ip_opt: "".into(),
            location: None,
            plain_mail: false,
            vip: false,
            by_person: false,
            before_archive: status,
        });
        self.count[status.index()] += 1;
        self.touch(at, now);
        at
    }

    /// Gives a contact another status, keeping the counts right. Raises are counted here, where none can be missed.
    pub(super) fn set_status(&mut self, at: usize, status: Status) {
        self.unmake();
        let old = std::mem::replace(&mut self.states[at].status, status);
        let contact = &mut self.contacts[at];
        if status.rank() > old.rank() {
            self.tally.statuses_raised += 1;
        }
        let said_no =
            old.opted_out() || (old == Status::Archived && contact.before_archive.opted_out());
        if status == Status::Pending && said_no {
            self.tally.opted_out_set_pending += 1;
        }
        if status == Status::Archived && old != Status::Archived {
            contact.before_archive = old;
        }
        self.count[old.index()] -= 1;
        self.count[status.index()] += 1;
        for tag in &contact.tags {
            if let Some(Some(segment)) = self.segments.get_mut(tag.segment as usize) {
                segment.count[old.index()] -= 1;
                segment.count[status.index()] += 1;
            }
        }
    }

    /// Gives a contact another address; the caller has seen to it that nobody has it.
    pub(super) fn rename(&mut self, at: usize, email: &str) {
        let contact = &mut self.contacts[at];
        let key = key_of(email);
        if contact.key != key {
            self.by_key.remove(&contact.key);
            self.by_key.insert(key, place(at));
            contact.key = key;
        }
        contact.email = email.into();
    }

    /// Erases a contact; what stays is that it must not come back.
    pub(super) fn forget(&mut self, at: usize) {
        for tag in std::mem::take(&mut self.contacts[at].tags) {
            self.unlink(at, tag.segment);
        }
        self.set_status(at, Status::Forgotten);
        let contact = &mut self.contacts[at];
        contact.email = "".into();
        contact.merge = Vec::new();
        contact.ip_signup = "".into();
        contact.ip_opt = "".into();
        contact.location = None;
    }

    /// Finds a tag by its name, without case, or makes it.
    pub(super) fn segment_named(&mut self, name: &str, now: Seconds) -> u32 {
        if let Some(at) = self.find_segment(name) {
            return at;
        }
        let at = place(self.segments.len());
        self.by_name.insert(name.trim().to_lowercase(), at);
        self.segments.push(Some(Segment {
            id: FIRST_SEGMENT + at,
            name: name.trim().to_owned(),
            created: now,
            updated: now,
            members: BTreeSet::new(),
            count: [0; Status::COUNT],
        }));
        at
    }

    pub(super) fn find_segment(&self, name: &str) -> Option<u32> {
        self.by_name
            .get(name.trim().to_lowercase().as_str())
            .copied()
    }

    /// The place of the tag with an id.
    pub(super) fn segment_place(&self, id: &str) -> Option<u32> {
        let at = id.parse::<u32>().ok()?.checked_sub(FIRST_SEGMENT)?;
        self.segment(at).map(|_| at)
    }

    pub(super) fn segment(&self, at: u32) -> Option<&Segment> {
        self.segments.get(at as usize)?.as_ref()
    }

    pub(super) fn rename_segment(&mut self, at: u32, name: &str) {
        let Some(Some(segment)) = self.segments.get_mut(at as usize) else {
            return;
        };
        self.by_name.remove(&segment.name.to_lowercase());
        name.trim().clone_into(&mut segment.name);
        self.by_name.insert(name.trim().to_lowercase(), at);
    }

    pub(super) fn drop_segment(&mut self, at: u32) {
        let Some(segment) = self.segments.get_mut(at as usize).and_then(Option::take) else {
            return;
        };
        self.unmake();
        self.by_name.remove(&segment.name.to_lowercase());
        for member in segment.members {
            self.contacts[member as usize]
                .tags
                .retain(|tag| tag.segment != at);
        }
    }

    /// Tags a contact; tells whether that is new, and then the contact has changed.
    pub(super) fn tag(&mut self, at: usize, tag: u32, now: Seconds) -> bool {
        let Some(Some(segment)) = self.segments.get_mut(tag as usize) else {
            return false;
        };
        let tags = &mut self.contacts[at].tags;
        if tags.iter().any(|held| held.segment == tag) {
            return false;
        }
        // Exactly as many as needed: most contacts have one or two.
        tags.reserve_exact(1);
        tags.push(Tagged {
            segment: tag,
            since: now,
        });
        segment.members.insert(place(at));
        segment.count[self.states[at].status.index()] += 1;
        segment.updated = now;
        self.touch(at, now);
        true
    }

    /// Takes a tag from a contact; tells whether it had it. An archived contact keeps its tags: whether the service
    /// untags one is not documented, and that it does not is the reading that hurts.
    pub(super) fn untag(&mut self, at: usize, tag: u32, now: Seconds) -> bool {
        if self.states[at].status == Status::Archived {
            return false;
        }
        let tags = &mut self.contacts[at].tags;
        let before = tags.len();
        tags.retain(|held| held.segment != tag);
        if tags.len() == before {
            return false;
        }
        self.unlink(at, tag);
        if let Some(Some(segment)) = self.segments.get_mut(tag as usize) {
            segment.updated = now;
        }
        self.touch(at, now);
        true
    }

    fn unlink(&mut self, at: usize, tag: u32) {
        if let Some(Some(segment)) = self.segments.get_mut(tag as usize) {
            segment.members.remove(&place(at));
            segment.count[self.states[at].status.index()] -= 1;
        }
    }

    /// How many contacts have a status.
    pub(super) fn counted(&self, status: Status) -> u32 {
        self.count[status.index()]
    }
}

/// Writes a key as 32 digits.
pub(super) fn hex(key: &Key) -> [u8; 32] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 32];
    for (at, byte) in key.iter().enumerate() {
        text[2 * at] = DIGITS[usize::from(byte >> 4)];
        text[2 * at + 1] = DIGITS[usize::from(byte & 15)];
    }
    text
}

fn parse_hex(text: &str) -> Option<Key> {
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 16];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(key)
}
