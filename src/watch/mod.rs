//! Exports that run by themselves: what is due is begun, whoever has to wait does, what failed is tried again or told.
//!
//! What is to be done is decided by [`Agenda`](crate::domain::Agenda), which knows no clock; here are the clock, the sources
//! that are asked, the runs and what is remembered of them. Must not know how any of it is shown.

mod event;
mod finish;
mod probe;
mod recover;
mod watcher;

pub use event::{Event, Tell, VoiceOf};
pub use finish::Unfinished;
pub use watcher::Watcher;
