use serde::Deserialize;
use serde_json::Value;

use crate::domain::Status;
use crate::http::{Answer, CallError, ClientError, quote};
use crate::login::is_about_the_login;
use crate::store::Error as StoreError;

/// Mailchimp's own words for a refusal (`application/problem+json`); any part may be missing, or be something else than
/// it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Value")]
pub struct Problem {
    /// The kind of refusal.
    pub title: String,
    /// The refusal in a sentence.
    pub detail: String,
    /// The fields at fault, where it is about fields.
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl Problem {
    /// Reads what an answer complains of; nothing where it says nothing.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// Tells whether it is the login that is refused, not what was asked for.
    #[must_use]
    pub fn is_about_the_login(&self) -> bool {
        is_about_the_login(&self.title) || is_about_the_login(&self.detail)
    }
}

impl From<Value> for Problem {
    fn from(said: Value) -> Self {
        let text = |within: &Value, keys: &[&str]| {
            let found = keys.iter().filter_map(|key| within[key].as_str());
            let found = found.map(|text| quote(text, &[]));
            found
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        };
        let field = |one: &Value| FieldProblem {
            field: text(one, &["field"]),
            message: text(one, &["message"]),
        };
        let errors = said["errors"].as_array();
        Self {
            title: text(&said, &["title", "error"]),
            detail: text(&said, &["detail", "message", "error_description"]),
            errors: errors
                .into_iter()
                .flatten()
                .map(field)
                .filter(|field| *field != FieldProblem::default())
                .collect(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = [&*self.title, &*self.detail].map(str::trim);
        let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
        out.write_str(&said.join(": "))?;
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
    #[error("could not {what} in {tries} tries")]
    Unreachable {
        /// What was being done.
        what: &'static str,
        /// How often it was tried.
        tries: u32,
        /// What Mailchimp said last, if it said anything.
        problem: Box<Problem>,
        /// What came of the last try.
        #[source]
        source: CallError,
    },
    /// The answer to a call that must not be repeated blindly was not seen.
    #[error("the answer to {what} was not seen")]
    Unseen {
        /// What was being done.
        what: &'static str,
    },
    /// A call held or asked for more than the service does at once; less may succeed.
    #[error("could not {what}: too much for one call")]
    TooMuch {
        /// What was being done.
        what: &'static str,
        /// Whether it may have been done all the same.
        done: bool,
    },
    /// An answer was not what Mailchimp documents, however often it was asked for.
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
    /// More people than may happen by chance were deleted or archived meanwhile and made anew by the run (rule 1).
    #[error("{count} people who had left were made anew, and archived again")]
    ManyRecreated {
        /// How many, all archived again.
        count: u64,
    },
    /// What must not be lost could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A lane broke off: a bug.
    #[error("a lane broke off: {0}")]
    Broken(String),
    /// The user stopped the run.
    #[error("stopped")]
    Stopped,
}

impl Error {
    /// An answer that speaks of somebody who was not asked about: nothing in it can be believed.
    pub(super) fn stranger(what: &'static str) -> Self {
        let why = "it names somebody who was not asked about".to_owned();
        Self::Unreadable { what, why }
    }

    /// Tells whether the same may work later, without anyone doing anything: nobody said no to the login or to the data.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Unseen { .. }
            | Self::TooMuch { .. }
            | Self::Unreadable { .. } => true,
            Self::Refused { status, .. } => matches!(status, 405 | 413),
            Self::Client(_)
            | Self::SignIn(_)
            | Self::NotFound { .. }
            | Self::StatusChanged { .. }
            | Self::ManyRecreated { .. }
            | Self::Store(_)
            | Self::Broken(_)
            | Self::Stopped => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::http::limits;

    fn read(json: &str) -> Problem {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn mailchimps_sentence_is_read_whatever_is_missing_or_null_around_it() {
        for json in [
            r#"{"detail":"no room","errors":null}"#,
            r#"{"type":null,"title":null,"status":"400","detail":"no room","errors":[null,{"field":null,"message":null}]}"#,
            r#"{"detail":"no room","errors":{"a":"b"},"instance":""}"#,
            r#"{"detail":null,"message":"no room","errors":"none"}"#,
        ] {
            let problem = read(json);
            assert_eq!(
                (problem.detail.as_str(), problem.errors.len()),
                ("no room", 0),
                "{json}"
            );
        }
        let problem = read(r#"{"title":"Invalid","errors":[{"field":null,"message":"too long"}]}"#);
        assert_eq!(problem.errors[0].message, "too long");
        assert_eq!(read("[]"), Problem::default());
    }

    #[test]
    fn what_is_said_is_as_long_as_a_person_reads() {
        let long = format!(r#"{{"detail":"{}"}}"#, "å".repeat(5000));
        assert_eq!(read(&long).detail.chars().count(), limits::WORDS);
    }
}
