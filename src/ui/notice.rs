//! What was just done, told in the last line until the next key.

use super::writing::Written;
use crate::words::Words;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    /// An address.
    Address,
    /// The ID of a profile, since there is no address.
    Profile,
    /// Mailchimp's key, since nothing else is known.
    Key,
}

/// Something that was done at once, and is told until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    /// This text is on the clipboard.
    Copied(Copied, String),
    /// A file was written.
    Written(Written),
    /// Of what was pasted, only the first line was taken.
    FirstLine,
    /// A question wants a yes or a no, by these keys.
    YesOrNo(&'static str, &'static str),
}

impl Notice {
    /// Says what was just done.
    pub fn told(&self, words: &Words) -> String {
        match self {
            Self::Copied(copied, text) => {
                let key = match copied {
                    Copied::Address => "notice-copied",
                    Copied::Profile => "notice-copied-id",
                    Copied::Key => "notice-copied-key",
                };
                words.with(key, &[("text", text.as_str().into())])
            }
            Self::Written(written) => {
                let args = [
                    ("rows", written.rows.into()),
                    ("path", written.path.as_str().into()),
                ];
                words.with("notice-written", &args)
            }
            Self::FirstLine => words.text("notice-first-line"),
            Self::YesOrNo(yes, no) => {
                let args = [("yes", (*yes).into()), ("no", (*no).into())];
                words.with("notice-yes-or-no", &args)
            }
        }
    }

    /// The file or the page that it names, if it names one.
    pub fn leads_to(&self) -> &str {
        match self {
            Self::Copied(_, text) => text,
            Self::Written(written) => &written.path,
            Self::FirstLine | Self::YesOrNo(..) => "",
        }
    }
}
