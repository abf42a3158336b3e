use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing but blanks.
    #[error("a name needs at least one character")]
    Empty,
    /// More than 100 characters.
    #[error("a name has at most 100 characters")]
    TooLong,
    /// A control character, which no terminal could show.
    #[error("a name holds no control characters")]
    Control,
}

fn check(text: &str) -> Result<String, BadName> {
    let name = text.trim();
    if name.is_empty() {
        Err(BadName::Empty)
    } else if name.chars().count() > 100 {
        Err(BadName::TooLong)
    } else if name.chars().any(char::is_control) {
        Err(BadName::Control)
    } else {
        Ok(name.to_owned())
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Takes 1 to 100 characters after trimming, none of them a control character.
            ///
            /// # Errors
            /// Says which of those the text breaks.
            pub fn parse(text: &str) -> Result<Self, BadName> {
                check(text).map(Self)
            }

            /// Shows the name as the user wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Tells whether a text means this name, upper and lower case alike.
            #[must_use]
            pub fn matches(&self, text: &str) -> bool {
                self.0.to_lowercase() == text.trim().to_lowercase()
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name! {
    /// What a user calls a saved destination; unique without case.
    DestinationName
}
name! {
    /// What a destination's runs, its lock and the ledger call it, whatever its name is by now: the name that it was first
    /// saved under, unless that was another one's.
    DestinationId
}
name! {
    /// What a user calls a saved login; unique without case.
    LoginName
}

impl From<DestinationName> for DestinationId {
    fn from(name: DestinationName) -> Self {
        Self(name.0)
    }
}

/// Makes a text fit for a file name: ASCII letters, digits and single dashes; `segue` when nothing is left.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        let plain = match c {
            'å' | 'ä' | 'á' | 'à' | 'â' | 'ã' => 'a',
            'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' => 'o',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'ü' | 'ú' | 'ù' | 'û' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if plain != '-' || !slug.ends_with('-') && !slug.is_empty() {
            slug.push(plain);
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "segue".to_owned()
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadName, DestinationName, slug};

    #[test]
    fn a_name_is_one_to_a_hundred_characters_without_control() {
        assert_eq!(
            DestinationName::parse("  Våren ").expect("valid").as_str(),
            "Våren"
        );
        assert_eq!(DestinationName::parse(" "), Err(BadName::Empty));
        assert_eq!(
            DestinationName::parse(&"å".repeat(101)),
            Err(BadName::TooLong)
        );
        assert_eq!(DestinationName::parse("a\u{1b}[31m"), Err(BadName::Control));
        assert!(
            DestinationName::parse("Våren")
                .expect("valid")
                .matches("VÅREN")
        );
    }

    #[test]
    fn a_slug_is_fit_for_a_file_name() {
        assert_eq!(slug("Vårens nyhetsbrev / 2026!"), "varens-nyhetsbrev-2026");
        assert_eq!(slug("日本"), "segue");
    }
}
