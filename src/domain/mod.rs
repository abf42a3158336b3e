//! The words of the field as types: destination, audience, segment, profile, member, mapping, consent.
//!
//! Pure: no I/O, no clock, no tokio. Everything else builds on this folder and it builds on nothing.

mod agenda;
mod agreement;
mod audience;
mod change;
mod consent;
mod destination;
mod draft;
mod email;
mod explanation;
mod fate;
mod mapping;
mod member;
mod name;
mod person;
mod printable;
mod profile;
mod refresh;
mod reject;
mod run;
mod schedule;
mod secret;
mod segment;

pub use agenda::{Agenda, Close, Newer, Then, Trouble, Turn, Wanted};
pub use agreement::Agreement;
pub use audience::{
    Audience, AudienceId, FieldKind, MergeField, MergeTag, NewField, NewStatus, Status,
};
pub use change::{Change, ChangeKind, FieldChange};
pub use consent::{BadConsentRule, Consent, ConsentRule, Said, looks_like_consent};
pub use destination::{
    Destination, FolderLayout, FolderOptions, MaxProfiles, OnLeave, Parts, RemovedTag, SourceSpec,
};
pub use draft::{Draft, Gap, Typed};
pub use email::{BadEmail, Email};
pub use explanation::{Explanation, Next, Worded};
pub use fate::Fate;
pub use mapping::{AddressPart, DateEvidence, DateOrder, Mapping, Target};
pub use member::{Before, Contact, Content, Decision, LeftOut, Member, Unfit};
pub use name::{BadName, DestinationId, DestinationName, LoginName, slug};
pub use person::PersonKey;
pub use printable::{escaped, is_unprintable, printable};
pub use profile::{
    Attribute, DATAVERSE_PREFIX, Origin, ProfileHash, ProfileId, Semantic, ValueKind, spoken,
};
pub use refresh::Refresh;
pub use reject::{Class, Reason, Reject, RejectKind};
pub use run::{StartedBy, State};
pub use schedule::{BadSchedule, Days, Schedule, Times, Zone};
pub use secret::Secret;
pub use segment::{Segment, SegmentId, SegmentSet, SegmentState};
