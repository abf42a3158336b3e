use serde::Deserialize;

use crate::domain::Status;
use crate::http::{CallError, ClientError};

/// Mailchimp's own words for a refusal (`application/problem+json`); any part may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The kind of refusal.
    pub title: String,
    /// The refusal in a sentence.
    pub detail: String,
    /// The fields at fault, where it is about fields.
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.title, self.detail)?;
        self.errors
            .iter()
            .try_for_each(|error| write!(out, " [{}: {}]", error.field, error.message))
    }
}

/// Why a call to Mailchimp, or the whole delivery, did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The HTTP client could not be made.
    #[error("could not prepare for calls to Mailchimp")]
    Client(#[source] ClientError),
    /// Mailchimp does not accept the login (any more).
    #[error("Mailchimp does not accept the login")]
    SignIn(Problem),
    /// Mailchimp refused a call, in its own words.
    #[error("Mailchimp refused to {what} ({status}): {problem}")]
    Refused {
        /// What was being done.
        what: &'static str,
        /// The HTTP status.
        status: u16,
        /// Its words.
        problem: Problem,
    },
    /// There is no such thing at Mailchimp.
    #[error("Mailchimp found nothing to {what}")]
    NotFound {
        /// What was being done.
        what: &'static str,
    },
    /// Mailchimp could not be reached, or kept asking for patience, through all tries.
    #[error("could not {what} in {tries} tries: {last}")]
    Unreachable {
        /// What was being done.
        what: &'static str,
        /// How often it was tried.
        tries: u32,
        /// What happened last.
        last: String,
        /// What the network said, where it was the network.
        #[source]
        source: Option<CallError>,
    },
    /// The answer to a call that must not be repeated blindly was not seen.
    #[error("the answer to {what} was not seen")]
    Unseen {
        /// What was being done.
        what: &'static str,
    },
    /// An answer was not what Mailchimp documents.
    #[error("could not read Mailchimp's answer when trying to {what}: {why}")]
    Unreadable {
        /// What was being done.
        what: &'static str,
        /// What was wrong with it.
        why: String,
    },
    /// The first update call changed somebody's status: the run stops before more is sent (rule 1).
    #[error("the first update call changed a contact's status from {} to {}", before.as_str(), after.as_str())]
    StatusChanged {
        /// The status read before.
        before: Status,
        /// The status read after.
        after: Status,
    },
    /// A lane broke off: a bug.
    #[error("a lane broke off: {0}")]
    Broken(String),
    /// The user stopped the run.
    #[error("stopped")]
    Stopped,
}
