//! Columns that hold a choice's number, or one of two options, where the source is told to have such; and their labels.
//! The organisation's base language is English; the user's is Swedish, as in many a real environment.

use serde_json::{Value, json};

/// The organisation's base language, and the language of the user's pages.
pub(super) const LANGUAGES: [u32; 2] = [1033, 1053];

/// What a column can hold instead of texts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The column, by what people call it.
    label: &'static str,
    /// Each of its values with what JSON holds instead: as the source has it, which is its label in the base language, and
    /// its label in the user's language.
    values: &'static [(&'static str, &'static str, &'static str)],
    /// How the kind of column is called, and whether it is one of two options.
    pub(super) kind: &'static str,
}

/// The columns.
static ALL: [Typed; 2] = [
    Typed {
        label: "Email Subscriber",
        values: &[("No", "false", "Nej"), ("Yes", "true", "Ja")],
        kind: "Boolean",
    },
    Typed {
        label: "Loyalty Tier",
        values: &[
            ("bronze", "100000000", "brons"),
            ("silver", "100000001", "silver"),
            ("gold", "100000002", "guld"),
        ],
        kind: "Picklist",
    },
];

impl Typed {
    /// Finds what a column can hold, by what people call it.
    pub(super) fn find(label: &str) -> Option<&'static Self> {
        ALL.iter().find(|one| one.label == label)
    }

    /// What JSON holds for a value of the source; none for null.
    pub(super) fn stored(&self, value: &str) -> Option<&'static str> {
        let found = self.values.iter().find(|(text, ..)| *text == value);
        found.map(|(_, stored, _)| *stored)
    }

    /// The choices as the column's definition tells them.
    pub(super) fn option_set(&self) -> Value {
        let option = |(text, stored, other): &(&str, &str, &str)| {
            let number: i64 = match *stored {
                "false" => 0,
                "true" => 1,
                number => number.parse().unwrap_or_default(),
            };
            json!({ "Value": number, "Label": label(text, other), "Color": "#0000ff" })
        };
        let options: Vec<Value> = self.values.iter().map(option).collect();
        match options.as_slice() {
            [no, yes] if self.kind == "Boolean" => {
                json!({ "OptionSetType": "Boolean", "FalseOption": no, "TrueOption": yes })
            }
            _ => json!({ "OptionSetType": "Picklist", "Options": options }),
        }
    }
}

fn label(base: &str, user: &str) -> Value {
    let [in_base, in_users] = [(base, LANGUAGES[0]), (user, LANGUAGES[1])]
        .map(|(text, language)| json!({ "Label": text, "LanguageCode": language }));
    json!({ "LocalizedLabels": [in_users.clone(), in_base], "UserLocalizedLabel": in_users })
}
