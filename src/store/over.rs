//! Writes what has changed over a TOML file, and keeps what a person wrote into it: comments, the order of keys, and keys
//! that are none of ours.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use toml_edit::{ArrayOfTables, DocumentMut, Item, RawString, Table};

/// Gives the text of a file anew: of `old` everything stays that `new` says the same of, and what `T` does not know. An
/// `old` that cannot be read is replaced.
pub(super) fn over<T: DeserializeOwned>(old: &str, new: &str) -> String {
    let laid = foreign::<T>(old).and_then(|foreign| laid(old, new, &foreign));
    laid.unwrap_or_else(|| new.to_owned())
}

/// Gives the text of a new file with the comments of `like`, and in its order; nothing else of that stays.
#[must_use]
pub fn commented(like: &str, new: &str) -> String {
    laid(like, new, &BTreeSet::new()).unwrap_or_else(|| new.to_owned())
}

fn laid(old: &str, new: &str, foreign: &BTreeSet<String>) -> Option<String> {
    let mut document: DocumentMut = old.parse().ok()?;
    let anew: DocumentMut = new.parse().ok()?;
    lay(document.as_table_mut(), anew.as_table(), "", foreign);
    let mut at = 0;
    place(document.as_table_mut(), &mut at);
    Some(document.to_string())
}

/// Lists the keys that `T` passes over, each with the tables that it is in.
fn foreign<T: DeserializeOwned>(text: &str) -> Option<BTreeSet<String>> {
    let mut foreign = BTreeSet::new();
    let file = toml::Deserializer::parse(text).ok()?;
    let read: Result<T, _> = serde_ignored::deserialize(file, |key| {
        // A value that need not be there has a step of its own on the way to it.
        foreign.insert(key.to_string().replace(".?", ""));
    });
    read.ok().map(|_| foreign)
}

fn lay(old: &mut Table, new: &Table, within: &str, foreign: &BTreeSet<String>) {
    let keys = old.iter().map(|(key, _)| key.to_owned());
    let gone: Vec<String> = keys
        .filter(|key| !new.contains_key(key) && !foreign.contains(&path(within, key)))
        .collect();
    for key in gone {
        remove(old, &key);
    }
    for (key, item) in new {
        match (old.get_mut(key), item) {
            (Some(there), item) if is_same(there, item) => {}
            (Some(Item::Table(there)), Item::Table(item)) => {
                lay(there, item, &path(within, key), foreign);
            }
            (Some(Item::ArrayOfTables(there)), Item::ArrayOfTables(rows)) => {
                *there = rows_over(there, rows, &path(within, key), foreign);
            }
            (Some(Item::Value(there)), Item::Value(value)) => {
                let written = there.decor().clone();
                *there = value.clone();
                *there.decor_mut() = written;
            }
            (there, item) => {
                if there.is_some() && !item.is_value() {
                    // Above a table stands nothing that was said above a value.
                    remove(old, key);
                }
                old.insert(key, item.clone());
            }
        }
    }
}

/// Numbers the tables as they follow each other: those of either text come with the places that they had there, and a
/// table of one row must not end up below another row.
fn place(table: &mut Table, at: &mut isize) {
    table.set_position(Some(*at));
    *at += 1;
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => place(inner, at),
            Item::ArrayOfTables(rows) => rows.iter_mut().for_each(|row| place(row, at)),
            Item::Value(_) | Item::None => {}
        }
    }
}

/// Lays rows over those of the same id, or of the same name where there are no ids.
fn rows_over(
    old: &ArrayOfTables,
    new: &ArrayOfTables,
    within: &str,
    foreign: &BTreeSet<String>,
) -> ArrayOfTables {
    let id = |row: &Table| {
        let id = row.get("id").or_else(|| row.get("name"))?;
        id.as_str().map(str::to_owned)
    };
    let laid = new.iter().map(|row| {
        let same = |(_, one): &(usize, &Table)| id(row).is_some() && id(one) == id(row);
        let Some((at, one)) = old.iter().enumerate().find(same) else {
            return row.clone();
        };
        let mut one = one.clone();
        lay(&mut one, row, &path(within, &at.to_string()), foreign);
        one
    });
    laid.collect()
}

/// Takes a key out. What stands above the first one is said of the whole file, and stays.
fn remove(table: &mut Table, key: &str) {
    let is_first = table.iter().next().is_some_and(|(first, _)| first == key);
    let above = table.key(key).and_then(|key| key.leaf_decor().prefix());
    let above = above.and_then(RawString::as_str).map(str::to_owned);
    table.remove(key);
    let mut rest = table.iter();
    let next = rest.find(|(_, item)| item.is_value());
    let next = next.map(|(next, _)| next.to_owned());
    drop(rest);
    let next = next.filter(|_| is_first);
    if let (Some(above), Some(mut next)) = (above, next.and_then(|next| table.key_mut(&next))) {
        let decor = next.leaf_decor_mut();
        let own = decor
            .prefix()
            .and_then(RawString::as_str)
            .unwrap_or_default();
        decor.set_prefix([above.as_str(), own].concat());
    }
}

fn path(within: &str, key: &str) -> String {
    match within {
        "" => key.to_owned(),
        within => format!("{within}.{key}"),
    }
}

/// Tells whether two items say the same, however they are written.
fn is_same(one: &Item, other: &Item) -> bool {
    let read = |item: &Item| {
        let mut document = DocumentMut::new();
        document.insert("it", item.clone());
        document.to_string().parse::<toml::Table>().ok()
    };
    read(one).is_some_and(|one| read(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::{commented, over};

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its keys count")]
    struct Known {
        name: String,
        #[serde(default)]
        login: Option<String>,
        #[serde(default)]
        limit: Option<u64>,
        map: BTreeMap<String, String>,
        segments: Vec<Segment>,
    }

    #[derive(Deserialize)]
    struct Segment {
        id: String,
    }

    const WRITTEN: &str = "# Ours since May.
limit = 10 # no more than this
owner = \"Åsa\"
name = 'Spring'
login = \"club\"

[map]
# Asked for by law.
email = \"EMail\"
FNAME = \"First\" # gone soon

[ours]
note = \"x\"

[[segments]]
id = \"1\" # Gold
";

    #[test]
    fn what_a_person_wrote_stays_and_what_has_changed_is_changed() {
        let new = "name = \"Summer\"\nlimit = 10\nadded = true\n\n[map]\nemail = \"Mail\"\n\n\
                   [[segments]]\nid = \"1\"\n";
        let wanted = "# Ours since May.
limit = 10 # no more than this
owner = \"Åsa\"
name = \"Summer\"
added = true

[map]
# Asked for by law.
email = \"Mail\"

[ours]
note = \"x\"

[[segments]]
id = \"1\" # Gold
";
        assert_eq!(over::<Known>(WRITTEN, new), wanted);
        assert_eq!(over::<Known>(wanted, new), wanted, "nothing is new");
    }

    #[test]
    fn other_segments_take_the_place_of_those_before() {
        let new = "name = 'Spring'\n[map]\nemail = 'EMail'\n[[segments]]\nid = '2'\n[[segments]]\nid = '3'\n";
        let text = over::<Known>(WRITTEN, new);
        let read: Known = toml::from_str(&text).expect("whole");
        let ids: Vec<&str> = read.segments.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["2", "3"], "{text}");
        assert!(
            text.contains("# Ours since May.") && text.contains("[ours]"),
            "{text}"
        );
    }

    #[test]
    fn a_copy_has_the_comments_and_only_its_own_keys() {
        let new =
            "name = \"Copy\"\nlimit = 10\n\n[map]\nemail = \"EMail\"\n\n[[segments]]\nid = \"1\"\n";
        let wanted = "# Ours since May.
limit = 10 # no more than this
name = \"Copy\"

[map]
# Asked for by law.
email = \"EMail\"

[[segments]]
id = \"1\" # Gold
";
        assert_eq!(commented(WRITTEN, new), wanted);
        let listed = "# Ours.\nsegments = ['Gold'] # by name\n[map]\nemail = 'EMail' # theirs\n";
        let text = commented(listed, new);
        let read: Known = toml::from_str(&text).expect("whole");
        assert_eq!(
            (read.name.as_str(), read.segments[0].id.as_str()),
            ("Copy", "1")
        );
        assert!(
            text.starts_with("# Ours.") && text.contains("# theirs"),
            "{text}"
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_replaced() {
        assert_eq!(over::<Known>("<<<<", "name = 'x'\n"), "name = 'x'\n");
    }
}
