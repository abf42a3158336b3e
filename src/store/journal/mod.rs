//! A run's journal.

mod record;

pub use record::{Began, CallKind, Intent, Record, Sent, Settled};
