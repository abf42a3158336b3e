use std::collections::BTreeMap;

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

/// A failure as it is kept for whoever reads of it later: in the language of the program that it happened to, and in every
/// other one that is spoken. A watcher that the system starts speaks English, and whom it works for may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Worded {
    #[serde(flatten)]
    own: Explanation,
    #[serde(rename = "in", skip_serializing_if = "BTreeMap::is_empty")]
    others: BTreeMap<String, Explanation>,
}

/// It as older files have it too: as a sentence, or in one language only.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Sentence(String),
    Worded {
        #[serde(flatten)]
        own: Explanation,
        #[serde(rename = "in", default)]
        others: BTreeMap<String, Explanation>,
    },
}

impl Worded {
    /// Takes it in the program's language, and in others by their tags.
    #[must_use]
    pub fn new(own: Explanation, others: BTreeMap<String, Explanation>) -> Self {
        Self { own, others }
    }

    /// Gives it in the language of this tag; of an older file, or where nobody spoke that yet, in the one that it has.
    #[must_use]
    pub fn of(&self, language: &str) -> &Explanation {
        self.others.get(language).unwrap_or(&self.own)
    }

    /// Gives it in the language of the program that it happened to.
    #[must_use]
    pub fn own(&self) -> &Explanation {
        &self.own
    }
}

impl From<Explanation> for Worded {
    fn from(own: Explanation) -> Self {
        Self::new(own, BTreeMap::new())
    }
}

impl From<&str> for Worded {
    fn from(sentence: &str) -> Self {
        Explanation {
            what: sentence.to_owned(),
            why: String::new(),
            next: Vec::new(),
        }
        .into()
    }
}

impl From<Kept> for Worded {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Sentence(sentence) => sentence.as_str().into(),
            Kept::Worded { own, others } => Self::new(own, others),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Explanation, Next, Worded};

    #[test]
    fn a_failure_is_kept_in_every_language_and_older_files_have_one() {
        let said = |what: &str| Explanation {
            what: what.to_owned(),
            why: String::new(),
            next: vec![Next::Run("segue run Spring".to_owned())],
        };
        let others = BTreeMap::from([("sv".to_owned(), said("Det gick inte."))]);
        let worded = Worded::new(said("It failed."), others);
        let kept = serde_json::to_value(&worded).expect("JSON");
        assert_eq!(kept["what"], "It failed.", "{kept}");
        let read = |kept| serde_json::from_value::<Worded>(kept).expect("opens");
        assert_eq!(read(kept), worded);
        let text = toml::to_string(&worded).expect("TOML");
        assert_eq!(toml::from_str::<Worded>(&text).expect(&text), worded);
        for (language, what) in [
            ("sv", "Det gick inte."),
            ("en", "It failed."),
            ("fi", "It failed."),
        ] {
            assert_eq!(worded.of(language).what, what);
        }
        assert_eq!(read(json!("It failed.")).of("sv").what, "It failed.");
        let older = json!({"what": "It failed.", "why": "", "next": [{"run": "segue run Spring"}]});
        assert_eq!(read(older), said("It failed.").into());
    }
}
