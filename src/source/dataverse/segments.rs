//! The list of segments in a membership, and the filter that finds one in it.

use std::borrow::Cow;

use super::super::odata::quoted;
use crate::domain::SegmentId;

/// The most segments that are asked for by name; for more the whole table is read, which is no slower.
const MOST_NAMED: usize = 5;

/// Lists the segments that a membership names: a list as JSON, with or without a backslash before each quote (the
/// documentation shows `\"` and does not say whether the backslash is in the column), or names between commas.
pub(super) fn named(text: &str) -> Vec<String> {
    let text = text.trim();
    if let Ok(names) = serde_json::from_str::<Vec<String>>(text) {
        return trimmed(names);
    }
    let plain: Cow<'_, str> = if text.contains("\\\"") {
        Cow::Owned(text.replace("\\\"", "\""))
    } else {
        Cow::Borrowed(text)
    };
    let listed = if plain.starts_with('[') {
        plain.clone().into_owned()
    } else {
        format!("[{plain}]")
    };
    match serde_json::from_str::<Vec<String>>(&listed) {
        Ok(names) => trimmed(names),
        Err(_no_list) => {
            let bare = plain.trim_matches(['[', ']']);
            let names = bare.split([',', ';']);
            trimmed(
                names
                    .map(|name| name.trim().trim_matches('"').to_owned())
                    .collect(),
            )
        }
    }
}

fn trimmed(names: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let name = name.trim();
        if !name.is_empty() && !kept.iter().any(|other| other == name) {
            kept.push(name.to_owned());
        }
    }
    kept
}

/// Writes a filter for memberships in any of the segments, both with and without backslashes. `None` where there are too
/// many to name, or one has characters that JSON writes in more than one way.
pub(super) fn filter(segments: &[SegmentId]) -> Option<String> {
    let plain = |name: &str| !name.contains(['"', '\\']) && !name.contains(char::is_control);
    if segments.is_empty()
        || segments.len() > MOST_NAMED
        || !segments.iter().all(|segment| plain(segment.as_str()))
    {
        return None;
    }
    let terms = segments.iter().flat_map(|segment| {
        let name = segment.as_str();
        [format!("\"{name}\""), format!("\\\"{name}\\\"")]
            .map(|held| format!("contains(msdynci_segments,{})", quoted(&held)))
    });
    Some(terms.collect::<Vec<_>>().join(" or "))
}

#[cfg(test)]
mod tests {
    use super::{filter, named};
    use crate::domain::SegmentId;

    #[test]
    fn segments_are_read_in_every_way_they_may_be_listed() {
        let both = ["VIP, gold", "Bj\u{f6}rn's"];
        assert_eq!(named(r#"["VIP, gold","Björn's"]"#), both);
        assert_eq!(named(r#"[\"VIP, gold\",\"Björn's\"]"#), both);
        assert_eq!(named(r#""VIP, gold","Björn's""#), both);
        assert_eq!(named(r#"\"VIP, gold\", \"Björn's\""#), both);
        assert_eq!(named("VIP; Gold,VIP"), ["VIP", "Gold"]);
        assert_eq!(named("VIP"), ["VIP"]);
        assert_eq!(named(r#"["Bj\u00f6rn's"]"#), ["Björn's"]);
        assert!(named("").is_empty() && named("[]").is_empty());
    }

    #[test]
    fn a_filter_names_both_spellings_and_doubles_quotes() {
        let one = [SegmentId::new("Björn's")];
        assert_eq!(
            filter(&one).expect("a filter"),
            r#"contains(msdynci_segments,'"Björn''s"') or contains(msdynci_segments,'\"Björn''s\"')"#
        );
        assert_eq!(filter(&[SegmentId::new("a\"b")]), None);
        assert_eq!(filter(&vec![SegmentId::new("a"); 9]), None);
    }
}
