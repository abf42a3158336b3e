//! What a journal holds: each call that writes to an audience, before it goes out and after it was answered, member by
//! member. People stand in it by their keys; no address, no value.

use serde::{Deserialize, Serialize};

use crate::domain::{Fate, NewStatus, PersonKey, SegmentSet, StartedBy, Status};

/// The place of [`Record::Intent`] among the records, by which it is encoded.
pub(super) const INTENT: u32 = 3;

/// One record. New kinds are added at the end: files know them by their places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// The run begins; always the first record.
    Began(Began),
    /// The service's clock, in seconds since 1970, as the run began: before any write.
    Clock(i64),
    /// The plan's sums as JSON, as whoever made them reads them back.
    Planned(Vec<u8>),
    /// A call goes out.
    Intent(Intent),
    /// What became of members of a call. Of one intent there may be several, for different members.
    Result {
        /// The intent's number.
        intent: u32,
        /// Who is settled by it.
        settled: Vec<Settled>,
    },
    /// What became of members whom no call named, or turned out to have become of members that were settled before.
    Found(Vec<(Sent, Settled)>),
    /// A contact that was recreated is archived again: this debt is paid.
    Paid(PersonKey),
    /// The service's clock, in seconds since 1970, after the last write.
    Over(i64),
    /// What the service said of someone about whom it contradicts itself, without any address.
    Said {
        /// Of whom.
        key: PersonKey,
        /// Its words.
        words: String,
    },
    /// What was consented to as the run began, as JSON, as whoever wrote it reads it back.
    Consent(Vec<u8>),
}

/// What a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Began {
    /// The run's name.
    pub run: String,
    /// The destination, by its identity.
    pub destination: String,
    /// The audience's ID.
    pub audience: String,
    /// When, in milliseconds since 1970 by our clock.
    pub at: i64,
    /// Who or what started it.
    pub started_by: StartedBy,
    /// What new people get.
    pub status_if_new: NewStatus,
    /// The segments by place: label and tag.
    pub segments: Vec<(String, String)>,
    /// The run that this one takes back, where it is an undo.
    pub undoes: Option<String>,
    /// Whether only some of the destination's profiles were asked for.
    pub partial: bool,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CallKind {
    /// Creates people (`update_existing: false`).
    Create,
    /// Sends values and tags to people who are there.
    Update,
    /// Takes a tag away, the one of the segment at this place, or beyond the segments the one of [`Intent::tag`].
    Untag,
    /// Archives a contact.
    Archive,
    /// Puts a contact back that an undo had archived.
    Reinstate,
    /// Brings back values and tags of before a run.
    Restore,
}

/// A call about to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its number in the run, from 0.
    pub no: u32,
    /// What it does.
    pub call: CallKind,
    /// The tag that is taken away, where one is.
    pub tag: Option<String>,
    /// How often its members were sent before.
    pub attempt: u8,
    /// Its members.
    pub members: Vec<Sent>,
}

/// A member of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who.
    pub key: PersonKey,
    /// Mailchimp's `id` of the contact, where it is not the key.
    pub id: Option<PersonKey>,
    /// The hash of the mapped values; 0 where none are sent.
    pub values: u64,
    /// The hash of the profile's id; 0 where the source has none.
    pub profile: u64,
    /// The segments it is in, by place.
    pub segments: SegmentSet,
    /// Those whose tags are added.
    pub add: SegmentSet,
    /// The status read before; `None` for someone who was not there.
    pub before: Option<Status>,
}

/// What became of one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Its place in the intent.
    pub at: u16,
    /// What became of it.
    pub fate: Fate,
    /// The hash of the contact as the call left it; 0 where it was not seen.
    pub after: u64,
    /// Mailchimp's `contact_id`, where it was told.
    pub contact: Option<[u8; 16]>,
}
