use std::path::Path;

use crate::store::Error;

use super::{Explain, Explanation, Words};

impl Words {
    /// Says in a line why a file cannot be read.
    #[must_use]
    pub fn unreadable(&self, why: &Error) -> String {
        let told = why.explain(self);
        format!("{} {}", told.what, told.why).trim_end().to_owned()
    }

    /// Says in few words what is wrong with a saved destination that stands in a list.
    #[must_use]
    pub fn broken_in_short(&self, why: &Error) -> String {
        match why {
            Error::Newer { .. } => self.text("list-newer"),
            _ => self.with("list-broken", &[("why", why.explain(self).why.into())]),
        }
    }

    /// Says in a line what is wrong with a saved destination that cannot be read; one that a newer version wrote is not
    /// broken.
    #[must_use]
    pub fn broken(&self, why: &Error) -> String {
        let told = self.why_broken(why);
        match why {
            Error::Newer { .. } => told,
            _ => self.with("list-broken", &[("why", told.into())]),
        }
    }

    /// Says the same to programs, which know already that it cannot be read.
    #[must_use]
    pub fn why_broken(&self, why: &Error) -> String {
        match why {
            Error::Newer { .. } => why.explain(self).what,
            _ => self.unreadable(why),
        }
    }
}

impl Explain for Error {
    fn explain(&self, words: &Words) -> Explanation {
        let on = |key, path: &Path, cause: String| {
            let path = path.display().to_string();
            words.explained(key, &[("path", path.into()), ("cause", cause.into())])
        };
        match self {
            Self::NoHome => words.explained("error-store-no-home", &[]),
            Self::Read { path, source } => on("error-store-read", path, words.system_said(source)),
            Self::Write { path, source } => {
                on("error-store-write", path, words.system_said(source))
            }
            Self::Damaged { path, why } => {
                // Only these are for people to write.
                let theirs = path.extension().is_some_and(|kind| kind == "toml");
                let key = if theirs {
                    "error-store-damaged"
                } else {
                    "error-store-damaged-own"
                };
                on(key, path, why.trim().to_owned())
            }
            Self::Newer { path, version } => on("error-store-newer", path, version.to_string()),
            Self::Encode(why) => {
                words.explained("error-store-encode", &[("cause", why.as_str().into())])
            }
            Self::Exists(name) => {
                words.explained("error-store-exists", &[("name", name.as_str().into())])
            }
            Self::NoErasedKey { key, list } => {
                let [key, list] = [key, list].map(|path| path.display().to_string());
                let args = [("key", key.into()), ("list", list.into())];
                words.explained("error-store-no-erased-key", &args)
            }
            Self::Twice { path, other } => {
                on("error-store-twice", path, other.display().to_string())
            }
            Self::Database { path, source } => on("error-store-database", path, source.to_string()),
        }
    }
}
