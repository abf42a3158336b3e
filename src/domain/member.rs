use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Consent, Email, Origin, PersonKey, Reason, Reject, RejectKind, SegmentSet, Status};

/// A row of the source made into what a member needs.
#[derive(Debug, Clone)]
pub struct Content {
    /// The address.
    pub email: Email,
    /// The merge fields to send, as the text of a JSON object.
    pub fields: String,
    /// The language, where one is mapped and told.
    pub language: Option<String>,
    /// The values that were left out because they do not fit.
    pub left_out: Vec<LeftOut>,
}

impl Content {
    /// Makes the hash of what is sent of the person, merge fields and language, by which a later run knows that nothing
    /// differs: eight bytes of a SHA-256, the same in every version. It is never 0, which stands for nothing sent.
    #[must_use]
    pub fn values(&self) -> u64 {
        Self::hash_of(&self.fields, self.language.as_deref())
    }

    /// Makes the same hash of merge fields, as the text of a JSON object, and a language.
    #[must_use]
    pub fn hash_of(fields: &str, language: Option<&str>) -> u64 {
        let mut hash = Sha256::new();
        hash.update(fields);
        if let Some(language) = language {
            // No JSON holds this byte, so no other pair of the two makes the same text.
            hash.update([0]);
            hash.update(language);
        }
        let mut first = [0; 8];
        first.copy_from_slice(&hash.finalize()[..8]);
        u64::from_be_bytes(first).max(1)
    }
}

/// A value that does not fit an optional merge field, or no language: it is left out, the rest of its profile is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The merge field, or `language`.
    pub field: String,
    /// The field and the value at fault, for a person to read.
    pub detail: String,
}

/// Why a row of the source cannot be a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The address as far as there is one.
    pub email: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The merge field and value at fault, for a person to read.
    pub detail: String,
}

/// A profile as the audience shall hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its place in the plan; 0 is nobody's.
    pub seq: u64,
    /// The profile's id, where the source has ids.
    pub profile: Option<String>,
    /// Where it was read.
    pub origin: Origin,
    /// The address as the source wrote it, trimmed.
    pub address: String,
    /// The normalised address.
    pub key: String,
    /// By what the person is known wherever the address shall not stand.
    pub person: PersonKey,
    /// The hash of what is sent: [`Content::values`].
    pub values: u64,
    /// The hash of the profile's id ([`ProfileHash::short`](super::ProfileHash::short)); 0 where the source has none.
    pub profile_hash: u64,
    /// What the source says of the person's consent; yes where it is not asked.
    pub consent: Consent,
    /// The segments it is in, by place in the run's list.
    pub segments: SegmentSet,
    /// The merge fields to send, as the text of a JSON object.
    pub fields: String,
    /// The member's language, where one is mapped and told.
    pub language: Option<String>,
}

impl Member {
    /// Makes the reject of this member.
    #[must_use]
    pub fn reject(&self, reason: Reason, detail: impl Into<String>) -> Reject {
        Reject {
            profile: self.profile.clone(),
            file: self.origin.file.to_string(),
            line: self.origin.line,
            email: Some(self.address.clone()),
            reason,
            detail: detail.into(),
            kind: RejectKind::Person,
        }
    }
}

/// Someone in the audience, as the audience holds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// The address as the audience writes it: what calls about this contact must use.
    pub address: String,
    /// The normalised address.
    pub key: String,
    /// Mailchimp's `id`, where it was told.
    pub id: Option<PersonKey>,
    /// Mailchimp's `contact_id`, which stays when the address is changed, where it was told.
    pub contact_id: Option<[u8; 16]>,
    /// The hash of the contact as it stood, by which is told whether somebody changed it since.
    pub stamp: u64,
    /// The status now.
    pub status: Status,
    /// The merge fields by tag.
    pub fields: Map<String, Value>,
    /// The names of the tags that were told.
    pub tags: Vec<String>,
    /// Whether it may have more tags than were told.
    pub more_tags: bool,
    /// The language; empty when none is set.
    pub language: String,
}

/// What a contact was before a run touched it, as far as the run may touch it: what an undo brings back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// The address as the audience wrote it.
    pub address: String,
    /// The values of the merge fields that are sent, and of no others; an empty text where there was none.
    pub fields: Map<String, Value>,
    /// The names of the tags that were told.
    pub tags: Vec<String>,
    /// The language; empty when none was set.
    pub language: String,
}

impl Before {
    /// Keeps of a contact what a run may change that sends it this member.
    #[must_use]
    pub fn of(member: &Member, contact: &Contact) -> Self {
        let sent: HashMap<String, &RawValue> =
            serde_json::from_str(&member.fields).unwrap_or_default();
        let held = |tag: String| {
            let value = contact.fields.get(&tag).cloned();
            (tag, value.unwrap_or_else(|| "".into()))
        };
        Self {
            address: contact.address.clone(),
            fields: sent.into_keys().map(held).collect(),
            tags: contact.tags.clone(),
            language: contact.language.clone(),
        }
    }
}

/// What a run does about one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Create the contact, with all its tags.
    Create,
    /// Put a contact back that an undo archived and nobody touched since, as if it were new.
    Reinstate,
    /// Send values and the tags of these segments to a contact that exists.
    Update {
        /// The segments whose tags the contact lacks.
        add: SegmentSet,
    },
    /// Nothing differs.
    Leave,
    /// Write nothing, because of what the person or the service said.
    Suppress(Reason),
}
