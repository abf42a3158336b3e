use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Values that mean "yes" unless the user lists others.
const YES: [&str; 4] = ["yes", "true", "1", "ja"];

/// Which attribute tells whether a person agreed to be written to: `[!]ATTRIBUTE[=VALUE,…]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsentRule {
    /// The attribute's name.
    pub attribute: String,
    /// Whether the attribute says the opposite (`donotemail`).
    pub inverted: bool,
    /// The values that count as yes; empty for yes, true, 1 and ja.
    pub values: Vec<String>,
}

impl ConsentRule {
    /// Tells whether a value of the attribute means that the person agreed. An empty value never does, inverted or not:
    /// nobody agreed by saying nothing.
    #[must_use]
    pub fn agrees(&self, value: &str) -> bool {
        let value = value.trim().to_lowercase();
        let listed = if self.values.is_empty() {
            YES.contains(&value.as_str())
        } else {
            self.values.iter().any(|yes| yes.to_lowercase() == value)
        };
        !value.is_empty() && listed != self.inverted
    }
}

impl FromStr for ConsentRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
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
            return Err(format!("{text:?} names no attribute"));
        }
        Ok(Self {
            attribute: attribute.trim().to_owned(),
            inverted,
            values,
        })
    }
}

impl TryFrom<String> for ConsentRule {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
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
mod tests {
    use super::{ConsentRule, looks_like_consent};

    #[test]
    fn yes_true_1_ja_agree_and_nothing_else() {
        let rule: ConsentRule = "Email Subscriber".parse().expect("valid");
        for yes in ["Yes", "TRUE", "1", " ja "] {
            assert!(rule.agrees(yes), "{yes}");
        }
        for no in ["No", "", "0", "maybe"] {
            assert!(!rule.agrees(no), "{no}");
        }
    }

    #[test]
    fn listed_values_and_inversion_are_kept_but_silence_never_agrees() {
        let rule: ConsentRule = "!DoNotEmail=true,J".parse().expect("valid");
        assert!(rule.agrees("false") && !rule.agrees("j") && !rule.agrees(" "));
        assert_eq!(rule.to_string(), "!DoNotEmail=true,J");
    }

    #[test]
    fn attributes_that_look_like_consent_are_seen() {
        for name in [
            "Email Subscriber",
            "opt-in",
            "doNotBulkEMail",
            "donotemail",
            "Samtycke nyhetsbrev",
        ] {
            assert!(looks_like_consent(name), "{name}");
        }
        assert!(!looks_like_consent("EMail"));
    }
}
