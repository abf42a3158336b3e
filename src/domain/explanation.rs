use serde::{Deserialize, Serialize};

/// A failure told to a person: what happened, why, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What happened, in one sentence.
    pub what: String,
    /// Why; empty when there is nothing to add.
    pub why: String,
    /// What to do next, the likeliest first; never empty.
    pub next: Vec<Next>,
}

/// One way on after a failure: data, so that the UI can offer a key and the commands a line to copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// A command line that helps.
    Run(String),
    /// A sentence that says what to do.
    Say(String),
}

impl Next {
    /// What is read, whichever it is.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Run(text) | Self::Say(text) => text,
        }
    }
}
