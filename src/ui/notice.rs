//! What was just done, told in the last line until the next key.

use super::writing::Written;
use crate::words::Words;

/// Something that was done at once, and is told until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    /// This text is on the clipboard.
    Copied(String),
    /// A file was written.
    Written(Written),
    /// Of what was pasted, only the first line was taken.
    FirstLine,
}

impl Notice {
    /// Says what was just done.
    pub fn told(&self, words: &Words) -> String {
        match self {
            Self::Copied(text) => words.with("notice-copied", &[("text", text.as_str().into())]),
            Self::Written(written) => {
                let args = [
                    ("rows", written.rows.into()),
                    ("path", written.path.as_str().into()),
                ];
                words.with("notice-written", &args)
            }
            Self::FirstLine => words.text("notice-first-line"),
        }
    }

    /// The file or the page that it names, if it names one.
    pub fn leads_to(&self) -> &str {
        match self {
            Self::Copied(text) => text,
            Self::Written(written) => &written.path,
            Self::FirstLine => "",
        }
    }
}
