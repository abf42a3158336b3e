use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What the source says of a person's consent. The order is that of strictness: of several, the last one counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// The person agreed, or nobody is asked.
    #[default]
    Yes,
    /// Nothing, or nothing that is understood: nobody is created on it, and nobody taken out.
    Silent,
    /// The person said no.
    No,
}

impl Consent {
    /// Every answer, the least strict first.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Silent, Self::No];
}

/// What one value of the consent attribute means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A known yes.
    Yes,
    /// A known no.
    No,
    /// Nothing.
    Nothing,
    /// Something that is neither a known yes nor a known no.
    Unclear,
}

impl Said {
    /// Tells what it says of the person's consent.
    #[must_use]
    pub fn consent(self) -> Consent {
        match self {
            Self::Yes => Consent::Yes,
            Self::No => Consent::No,
            Self::Nothing | Self::Unclear => Consent::Silent,
        }
    }
}

/// Which attribute tells whether a person agreed to be written to: `ATTRIBUTE`, `!ATTRIBUTE` or `ATTRIBUTE=VALUE,…`.
///
/// `!ATTRIBUTE=VALUE` could be read two ways. It is not parsed, but a destination of an older version may hold it, and
/// then nobody agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsentRule {
    /// The attribute's name.
    pub attribute: String,
    /// Whether the attribute says the opposite (`donotemail`).
    pub inverted: bool,
    /// The values that let a person be mailed, and only those; empty for the words that are known.
    pub values: Vec<String>,
}

/// Why a text is no consent rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadConsentRule {
    /// It names no attribute.
    #[error("{0:?} names no attribute")]
    NoAttribute(String),
    /// `!ATTRIBUTE=VALUES`: are those the values that mean no, or the others?
    #[error("\"{0}\" can be read two ways")]
    Ambiguous(ConsentRule),
}

impl ConsentRule {
    /// The rule that an attribute most likely stands for.
    #[must_use]
    pub fn likely(attribute: &str) -> Self {
        let bare = attribute.to_lowercase().replace([' ', '_', '-'], "");
        Self {
            attribute: attribute.to_owned(),
            // `donotbulkemail` says the opposite of what is asked.
            inverted: bare.contains("donot"),
            values: Vec::new(),
        }
    }

    /// The same rule with the attribute called as people call it, to be read and not to be kept.
    #[must_use]
    pub fn called(&self, attribute: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            ..self.clone()
        }
    }

    /// Tells what a value of the attribute means. Nobody agreed by saying nothing, or by a word that is not known.
    #[must_use]
    pub fn says(&self, value: &str) -> Said {
        let folded = fold(value);
        if folded.is_empty() {
            return Said::Nothing;
        }
        match (self.inverted, self.values.is_empty()) {
            (true, false) => Said::Unclear,
            (inverted, true) => Word::of(&folded).said(inverted),
            (false, false) if self.values.iter().any(|yes| fold(yes) == folded) => Said::Yes,
            (false, false) => self.unlisted(&folded),
        }
    }

    /// A value that is not listed lets nobody be mailed; it is a no only where the word is one in the sense in which the
    /// list uses such words: with `donotemail=No`, that is yes.
    fn unlisted(&self, folded: &str) -> Said {
        let listed = |word| {
            let mut values = self.values.iter();
            values.any(|value| Word::of(&fold(value)) == word)
        };
        let inverted = listed(Word::No) && !listed(Word::Yes);
        match Word::of(folded).said(inverted) {
            Said::No => Said::No,
            _ => Said::Unclear,
        }
    }

    /// Tells whether it is `!ATTRIBUTE=VALUES`.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.inverted && !self.values.is_empty()
    }

    fn read(text: &str) -> Result<Self, BadConsentRule> {
        let (inverted, rest) = text
            .trim()
            .strip_prefix('!')
            .map_or((false, text.trim()), |rest| (true, rest));
        let (attribute, values) = rest.split_once('=').unwrap_or((rest, ""));
        let values = values
            .split(',')
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
            .collect();
        if attribute.trim().is_empty() {
            return Err(BadConsentRule::NoAttribute(text.to_owned()));
        }
        Ok(Self {
            attribute: attribute.trim().to_owned(),
            inverted,
            values,
        })
    }
}

impl FromStr for ConsentRule {
    type Err = BadConsentRule;

    fn from_str(text: &str) -> Result<Self, BadConsentRule> {
        let rule = Self::read(text)?;
        if rule.is_ambiguous() {
            return Err(BadConsentRule::Ambiguous(rule));
        }
        Ok(rule)
    }
}

impl TryFrom<String> for ConsentRule {
    type Error = BadConsentRule;

    /// Reads what is saved, the ambiguous form too: a destination that holds it can be looked at, but not run.
    fn try_from(text: String) -> Result<Self, BadConsentRule> {
        Self::read(&text)
    }
}

impl From<ConsentRule> for String {
    fn from(rule: ConsentRule) -> Self {
        rule.to_string()
    }
}

impl fmt::Display for ConsentRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}{}",
            if self.inverted { "!" } else { "" },
            self.attribute
        )?;
        if self.values.is_empty() {
            Ok(())
        } else {
            write!(out, "={}", self.values.join(","))
        }
    }
}

/// What a word means by itself. Yes and no answer the attribute's question; the others stand for themselves, whatever
/// the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Yes,
    No,
    Allowed,
    Denied,
    Unknown,
}

const YES: [&str; 15] = [
    "yes", "true", "1", "1.0", "y", "x", "on", "checked", "ja", "j", "sant", "på", "wahr", "oui",
    "si",
];
const NO: [&str; 13] = [
    "no",
    "false",
    "0",
    "0.0",
    "n",
    "off",
    "unchecked",
    "nej",
    "falskt",
    "av",
    "nein",
    "falsch",
    "non",
];
const ALLOWED: [&str; 10] = [
    "allow",
    "allowed",
    "optedin",
    "optin",
    "subscribed",
    "consented",
    "granted",
    "tillåt",
    "tillåten",
    "prenumererar",
];
const DENIED: [&str; 10] = [
    "donotallow",
    "notallowed",
    "tillåtinte",
    "denied",
    "blocked",
    "optedout",
    "optout",
    "unsubscribed",
    "withdrawn",
    "avregistrerad",
];
/// Words that turn the rest of a value round, and those that may stand with them.
const NOT: [&str; 19] = [
    "not", "no", "never", "dont", "doesnt", "didnt", "isnt", "hasnt", "ej", "inte", "icke",
    "aldrig", "nicht", "kein", "keine", "ne", "non", "pas", "nunca",
];
const WITH_NOT: [&str; 11] = [
    "do", "does", "did", "is", "are", "was", "has", "have", "har", "är", "ist",
];

/// How a "not" begins a word that is written in one.
const JOINED: [&str; 6] = ["donot", "doesnot", "dont", "not", "inte", "ej"];

impl Word {
    fn of(folded: &str) -> Self {
        let words: Vec<&str> = folded.split(' ').collect();
        let known = Self::known(&words.concat());
        if known != Self::Unknown {
            return known;
        }
        // "Do not allow", "ej prenumererar", "tillåt inte".
        let turns = |word: &&&str| NOT.contains(*word) || WITH_NOT.contains(*word);
        let before = words.iter().take_while(turns).count();
        let rest = &words[before..];
        let after = rest.iter().rev().take_while(turns).count();
        let rest = &rest[..rest.len() - after];
        let rest = rest.concat();
        let joined = JOINED.iter().filter_map(|not| rest.strip_prefix(not));
        if joined.map(Self::known).any(|known| known == Self::Allowed) {
            // "NotSubscribed".
            return Self::Denied;
        }
        let turned = words.iter().any(|word| NOT.contains(word));
        match Self::known(&rest) {
            Self::Yes | Self::Allowed if turned => Self::Denied,
            // "Not blocked" may mean anything.
            _ => Self::Unknown,
        }
    }

    fn known(word: &str) -> Self {
        let lists = [
            (Self::Yes, &YES[..]),
            (Self::No, &NO),
            (Self::Allowed, &ALLOWED),
            (Self::Denied, &DENIED),
        ];
        let found = lists.into_iter().find(|(_, list)| list.contains(&word));
        found.map_or(Self::Unknown, |(meaning, _)| meaning)
    }

    fn said(self, inverted: bool) -> Said {
        match (self, inverted) {
            (Self::Yes, false) | (Self::No, true) | (Self::Allowed, _) => Said::Yes,
            (Self::No, false) | (Self::Yes, true) | (Self::Denied, _) => Said::No,
            (Self::Unknown, _) => Said::Unclear,
        }
    }
}

/// Writes a value as the lists do: lower case, one blank between words, whatever dashes, underscores, apostrophes and
/// invisible letters it has. A dash before a digit stays: -1 is not 1.
fn fold(value: &str) -> String {
    let mut folded = String::with_capacity(value.len());
    let mut apart = false;
    let mut chars = value.chars().peekable();
    while let Some(letter) = chars.next() {
        let dash = matches!(letter, '-' | '_' | '\u{2010}'..='\u{2015}')
            && !chars.peek().is_some_and(char::is_ascii_digit);
        if letter.is_whitespace() || dash {
            apart = true;
        } else if !matches!(
            letter,
            '\'' | '’' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        ) {
            if apart && !folded.is_empty() {
                folded.push(' ');
            }
            apart = false;
            folded.extend(letter.to_lowercase());
        }
    }
    if folded.is_ascii() {
        return folded;
    }
    // Some systems write the letter and its mark apart, and Spanish yes is written both ways.
    folded
        .replace("a\u{30a}", "å")
        .replace("i\u{301}", "i")
        .replace('í', "i")
}

/// Tells whether an attribute's name looks like consent: `*subscri*`, `*optin*`, `donot*email*`, `*samtycke*` (rule 1).
/// Blanks, dashes, dots and underscores do not count, so that "Opt-in" and "Do not bulk e-mail" are seen too.
#[must_use]
pub fn looks_like_consent(attribute: &str) -> bool {
    let name: String = attribute
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let objects = name
        .find("donot")
        .is_some_and(|at| name[at..].contains("email"));
    objects
        || ["subscri", "optin", "samtycke"]
            .iter()
            .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests;
