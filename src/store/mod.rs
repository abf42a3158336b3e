//! What is kept on disk: destinations, logins, the ledger of an audience, and each run's plan, journal, report, rejects.
//!
//! Every file is readable by its owner only and holds no secret. Knows neither services nor runs: it keeps what it is given.

mod again;
mod agendas;
mod changes;
mod config;
mod destinations;
mod drafts;
mod encode;
mod erase;
mod erased;
mod error;
mod files;
mod home;
mod journal;
mod keys;
mod leaving;
mod ledger;
mod left;
mod listing;
mod lock;
mod log;
mod logins;
mod names;
mod over;
mod plan;
mod rejects;
mod runs;
mod sweep;
mod tags;
mod waiting;

pub use again::RejectsAgain;
pub use agendas::{Agendas, Known as KnownAgendas};
pub use changes::{CHANGE_COLUMNS, Changes, SortedBy, Wanted, Which, change_rows};
pub use config::{Config, Look, OnFinish};
pub use destinations::{BrokenDestination, Destinations};
pub use drafts::{Drafts, SavedDraft};
pub use erase::Leaver;
pub use erased::Erased;
pub use error::Error;
pub use home::{Home, IdTrouble, typed_path};
pub use journal::{
    Began, CallKind, Damage, Disk, Folded, Image, ImageReader, Images, InDoubt, Intent,
    JournalReader, JournalWriter, MemberFate, Owed, Record, Sent, Settled as SettledMember,
    fold_journal,
};
pub use keys::{BadKey, KeyWish, LookAtKeys, NoSuchKey};
pub use leaving::Leaving;
pub use ledger::{
    AudienceNotes, Cursor, Held, Known, Ledger, Refusal, Scan, SourceNotes, TagSet, Undone,
};
pub use left::{Because, LeftWriter};
pub use listing::write_listing;
pub use lock::{AccountLock, Locked};
pub use log::{LogFile, finish_log};
pub use logins::{EntraLogin, Login, Logins, Parted, SqlLogin};
pub use names::Names;
pub use over::commented;
pub use plan::{
    Lookup, Outline, Plan, PlanCounts, PlannedMember, PlannedProfile, PlannedRow, SegmentCount,
    Settled, Stage,
};
pub use rejects::{
    REJECT_COLUMNS, RejectKeys, RejectReader, RejectWriter, csv_line, csv_record, each_reject_line,
    reject_cells,
};
pub use runs::{RunFolder, RunId, Runs};
pub use sweep::sweep;
pub use tags::OwnTags;
pub use waiting::{Waiting, Waits};
