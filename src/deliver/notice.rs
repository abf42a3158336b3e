use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{Reason, Reject};

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
    Settled(Box<Verdict>),
}

/// What became of the members of a call, as sums that can be added up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verdict {
    /// Members created.
    pub created: u64,
    /// Members updated.
    pub updated: u64,
    /// Members that turned out to need nothing.
    pub unchanged: u64,
    /// Members left alone, by reason.
    pub suppressed: BTreeMap<Reason, u64>,
    /// Members refused.
    pub rejects: Vec<Reject>,
    /// People deleted or archived in the meantime whom a call made anew, archived again at once. They count as
    /// suppressed.
    pub recreated: u64,
    /// Of those, who had been told as created already.
    pub taken_back: u64,
    /// What Mailchimp said about contacts that exist by one call and not by the next ones.
    pub unclear: Vec<String>,
    /// Contacts that get no marketing mail, found while delivering.
    pub not_mailable: u64,
    /// Tags added to members.
    pub tags_added: u64,
    /// Members whose status is higher than the one read before; never expected.
    pub statuses_raised: u64,
    /// Members settled, by place of their segment.
    pub by_segment: BTreeMap<usize, u64>,
    /// Of those, whom the audience now holds; less than none where some are taken back.
    pub held: BTreeMap<usize, i64>,
}

impl Verdict {
    /// Counts the members it speaks of.
    #[must_use]
    pub fn members(&self) -> u64 {
        let suppressed: u64 = self.suppressed.values().sum();
        let told = self.created + self.updated + self.unchanged + suppressed;
        (told + self.rejects.len() as u64).saturating_sub(self.taken_back)
    }
}
