//! A destination as TOML that is carried to another machine: `segue show --toml` prints it, `segue add --from` reads it;
//! what is left out may be given as flags.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::de::Error as _;
use toml::Value;
use toml::de::Error;

use crate::domain::{Destination, Draft, is_unprintable};
use crate::store::commented;

/// Writes a destination without its agreement, its base and its identity: whoever reads it elsewhere agrees for
/// themselves, and signs in there. The comments of its file go with it. Nothing in the text can steer a terminal.
pub(in crate::cli) fn write(
    destination: Destination,
    file: &str,
) -> Result<String, toml::ser::Error> {
    let carried = Destination {
        agreement: None,
        api: None,
        id: None,
        // Elsewhere nobody has a tag from it.
        removed_tags: BTreeMap::new(),
        ..destination
    };
    let text = commented(file, &toml::to_string(&carried)?);
    if !text.contains(is_strange) {
        return Ok(text);
    }
    let mut table = Value::try_from(&carried)?;
    mark(&mut table);
    let marked = toml::to_string(&table)?;
    Ok(marked.replace(MARK, "\\U"))
}

/// Stands for what begins a character's number: no other text holds it, since all of its kind are numbered.
const MARK: char = '\u{fff9}';

fn is_strange(c: char) -> bool {
    c != '\n' && is_unprintable(c)
}

/// Numbers the characters of every text that holds strange ones: those, and whatever would have TOML write it as one in
/// which no numbers count.
fn mark(value: &mut Value) {
    match value {
        Value::String(text) => *text = marked(text),
        Value::Array(all) => all.iter_mut().for_each(mark),
        Value::Table(table) => {
            let keyed = std::mem::take(table).into_iter();
            let keyed = keyed.map(|(key, mut value)| {
                mark(&mut value);
                (marked(&key), value)
            });
            *table = keyed.collect();
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

fn marked(text: &str) -> String {
    if !text.contains(is_strange) {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if is_unprintable(c) || matches!(c, '"' | '\\') {
            // Writing to a string cannot fail.
            write!(out, "{MARK}{:08X}", u32::from(c)).unwrap_or_default();
        } else {
            out.push(c);
        }
    }
    out
}

/// Reads the text of a file. Base, time and agreement in it are passed over: they were another one's.
pub(super) fn read(text: &str) -> Result<Draft, Error> {
    let mut unknown = None;
    let file = toml::Deserializer::parse(text)?;
    let draft: Draft = serde_ignored::deserialize(file, |key| {
        unknown.get_or_insert_with(|| key.to_string());
    })?;
    if let Some(key) = unknown {
        return Err(Error::custom(format!("unknown key `{key}`")));
    }
    Ok(Draft {
        api: None,
        created_at: None,
        agreement: None,
        new_fields: Vec::new(),
        removed_tags: BTreeMap::new(),
        ..draft
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    const PRINTED: &str = r#"name = "Spring"
login = "club"
api = "http://127.0.0.1:1/3.0"
audience = "abc"
source = "folder:/people"
status_if_new = "subscribed"
on_leave = "untag"
max_profiles = 1000
created_at = "2026-01-01T00:00:00Z"

[agreement]
at = "2026-01-01T00:00:00Z"
user = "lotta"
language = "en"
text_sha256 = "00"

[map]
email = "EMail"

[[segments]]
id = "1"
label = "Gold"
count = 5
"#;

    #[test]
    fn what_was_another_ones_is_passed_over() {
        let draft = read(PRINTED).expect("as printed");
        assert_eq!(
            (draft.api, draft.created_at, draft.agreement),
            (None, None, None)
        );
        assert_eq!(
            (draft.name.as_str(), draft.max_profiles.0),
            ("Spring", 1000)
        );
        assert_eq!(draft.segments[0].count, Some(5));
    }

    #[test]
    fn a_person_writes_segments_by_name_and_leaves_out_what_the_flags_say() {
        let draft = read("segments = [\"Gold\"]\n[map]\nemail = \"EMail\"\n").expect("enough");
        assert_eq!(
            (draft.name.as_str(), draft.segments[0].label.as_str()),
            ("", "Gold")
        );
    }

    #[test]
    fn a_key_that_nobody_knows_and_a_value_that_does_not_fit_are_refused_by_name() {
        for (text, named) in [
            ("on_leaf = \"keep\"", "`on_leaf`"),
            ("[folder]\ncolumn = \"x\"", "`folder.column`"),
            ("name = \"x\"\non_leave = \"kep\"", "line 2"),
            ("segments = [1]", "a segment is its name"),
        ] {
            let why = read(text).expect_err(text).to_string();
            assert!(why.contains(named), "{why}");
        }
    }
}
