use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The user's recorded "I agree" to data leaving Customer Insights (rule 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// When it was given.
    pub at: Timestamp,
    /// The operating system's name of who gave it.
    pub user: String,
    /// The language of the text shown: `en` or `sv`.
    pub language: String,
    /// SHA-256 of the text shown, in lower-case hex.
    pub text_sha256: String,
}
