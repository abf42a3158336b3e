//! One export run, start to end: the source read into the plan, the plan compared with the audience, guards, delivery,
//! report. What happens is told as [`Event`]s, written down first and then folded into [`Progress`].
//!
//! Does not know who watches: wizard, commands and tests hold the same [`Running`].

mod check;
mod compare;
mod counters;
mod diff;
mod doctor;
mod engine;
mod erase;
mod error;
mod event;
mod export_user;
mod fields;
mod forecast;
mod former;
mod history;
mod leaving;
mod life;
mod look;
mod matching;
mod memory;
mod merging;
mod names;
mod not_begun;
mod old_runs;
mod order;
mod overage;
mod overlap;
mod parting;
mod prepare;
mod progress;
mod queued;
mod read;
mod recorder;
mod remembered;
mod remove;
mod report;
mod run;
mod sample;
mod seen;
mod send;
mod settle;
mod setup;
mod surroundings;
mod undo;

pub use check::{Checked, MANY_SEGMENTS, SharedField, Warning, check, shared_fields, warnings};
pub use counters::{CountDiffers, Counters, Losses, SegmentSum};
pub use diff::Diff;
pub use doctor::{Check, Finding, Trouble, doctor, finish_of_nobody};
pub use erase::{Erasure, erase};
pub use error::{Error, Guard};
pub use event::{Asker, Event, Found, Gap, Lost, OnWait, Phase, Planned, PlannedSegment};
pub use export_user::SourceSignIn;
pub use fields::{LONGEST_TAG, create_fields, missing_fields};
pub use forecast::Forecast;
pub use history::{Past, Trend, Unreadable, has_run, history, latest, trends};
pub use matching::{FirstRows, Mismatch, mismatches};
pub use old_runs::forget_old_runs;
pub use order::{Access, Advice, Ending, Options, Order, Running, StopHandle, Telling, Voice};
pub use overlap::{Overlap, Together, overlap};
pub use parting::SignedIn;
pub use progress::{Message, Progress, SegmentProgress};
pub use queued::{Queued, queued, standing};
pub use remembered::{Refused, Remembered, forget_refusals};
pub use remove::{Removal, Removed};
pub use report::{
    ConsentInForce, Ended, Outcome, Report, Settling, UndoNote, last_report, last_report_that,
};
pub use run::{start, start_with};
pub use sample::{Addresses, sample, sample_addresses};
pub use setup::{
    AudienceView, Chosen, Undecided, choose_segments, date_orders, find_attribute, foreign_tags,
    guess_mapping, look_at_audience, targets_to_add, targets_to_match,
};
pub use surroundings::{ENV_LOGIN, Surroundings};
pub use undo::{Again, NoUndo, Offer, can_undo, did, offer_undo, start_undo};
