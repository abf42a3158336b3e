use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Fate, Reject};
use crate::store::Sent;

/// One of the lanes in which calls are in flight at once, from 0.
pub type Lane = usize;

/// What the network or the service did that made a call wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Mailchimp asked for patience.
    Throttled,
    /// Mailchimp failed (5xx, or an answer that is none).
    Failed,
    /// There was no answer in time, or the connection broke.
    NoAnswer,
    /// No connection came about.
    NoConnection,
}

/// What happens while calls are made.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A call goes out.
    Started {
        /// Its lane.
        lane: Lane,
        /// Whether it changes something.
        writes: bool,
        /// Whether it was tried before.
        again: bool,
    },
    /// A call is over, well or not.
    Over {
        /// Its lane.
        lane: Lane,
        /// What went wrong, when it may be tried again.
        trouble: Option<Trouble>,
        /// How many calls may be in flight from now on.
        limit: usize,
    },
    /// What became of some members.
    Settled(Vec<Told>),
}

/// What became of one member, told once it is written down.
#[derive(Debug, Clone)]
pub struct Told {
    /// The member, as the journal knows it.
    pub sent: Sent,
    /// What became of it.
    pub fate: Fate,
    /// The reject, where it was refused.
    pub reject: Option<Reject>,
    /// What Mailchimp said about a contact that exists by one call and not by the next ones.
    pub unclear: Option<Arc<str>>,
}
