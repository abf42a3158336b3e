use serde_json::{Map, Value};

use super::held::holds;
use crate::domain::{Before, Contact, FieldChange, Member};

/// Lists the values by which a member differs from what the audience holds of the contact, or all of them where there is
/// no contact: those for which [`decide`](super::decide) has a call made. Of an address only the parts that differ are
/// listed.
#[must_use]
pub fn differing(member: &Member, held: Option<&Before>) -> Vec<FieldChange> {
    let wanted = serde_json::from_str(&member.fields).unwrap_or_default();
    between(held, wanted, member.language.as_deref())
}

/// Lists the values of these merge fields by which a contact differs from what it was before; all of them where it was
/// not there.
#[must_use]
pub fn differing_since(before: Option<&Before>, now: &Contact, tags: &[&str]) -> Vec<FieldChange> {
    let wanted = now.fields.iter();
    let wanted = wanted.filter(|(tag, _)| tags.contains(&tag.as_str()));
    let wanted = wanted.map(|(tag, value)| (tag.clone(), value.clone()));
    // What was set beside the export is no change of it.
    let language = before.map(|_| now.language.as_str());
    between(before, wanted.collect(), language)
}

fn between(
    held: Option<&Before>,
    wanted: Map<String, Value>,
    language: Option<&str>,
) -> Vec<FieldChange> {
    let nothing = Value::Null;
    let mut changes = Vec::new();
    for (tag, new) in wanted {
        let old = held.and_then(|held| held.fields.get(&tag));
        let old = old.unwrap_or(&nothing);
        match &new {
            Value::Object(parts) => changes.extend(
                parts
                    .iter()
                    .map(|(part, new)| (part, old.get(part).unwrap_or(&nothing), new))
                    .filter(|(_, old, new)| !holds(old, new))
                    .map(|(part, old, new)| change(format!("{tag}.{part}"), old, new)),
            ),
            new if holds(old, new) => {}
            new => changes.push(change(tag, old, new)),
        }
    }
    let held = held.map_or("", |held| &held.language);
    let language = language.into_iter();
    let language = language.filter(|new| !new.eq_ignore_ascii_case(held));
    changes.extend(language.map(|new| FieldChange {
        field: "language".to_owned(),
        old: held.to_owned(),
        new: new.to_owned(),
    }));
    changes
}

fn change(field: String, old: &Value, new: &Value) -> FieldChange {
    FieldChange {
        field,
        old: text(old),
        new: text(new),
    }
}

/// Writes a value for a person to read; an address in one line, as on a letter.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(parts) => {
            let parts = parts.values().map(text);
            let filled: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
            filled.join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::differing;
    use crate::domain::{Before, Consent, Member, Origin, PersonKey, SegmentSet};

    fn member(fields: &Value, language: Option<&str>) -> Member {
        Member {
            seq: 1,
            profile: None,
            origin: Origin {
                file: Arc::from("a.csv"),
                line: 2,
            },
            address: "a@x.example".to_owned(),
            key: "a@x.example".to_owned(),
            person: PersonKey::of("a@x.example"),
            values: 1,
            profile_hash: 0,
            consent: Consent::Yes,
            segments: SegmentSet::only(0),
            fields: fields.to_string(),
            language: language.map(str::to_owned),
        }
    }

    fn told(member: &Member, held: Option<&Value>) -> Vec<String> {
        let held = held.map(|fields| Before {
            address: "a@x.example".to_owned(),
            fields: fields.as_object().cloned().unwrap_or_default(),
            tags: Vec::new(),
            language: "sv".to_owned(),
        });
        let changes = differing(member, held.as_ref()).into_iter();
        changes
            .map(|one| format!("{}: {} -> {}", one.field, one.old, one.new))
            .collect()
    }

    #[test]
    fn only_what_the_audience_does_not_hold_is_listed() {
        let sent = json!({"AGE": 42, "FNAME": "Ann", "PHONE": "404-555-1212"});
        let held = json!({"AGE": "42", "FNAME": "Anna", "PHONE": "(404) 555-1212", "CITY": "x"});
        assert_eq!(
            told(&member(&sent, Some("SV")), Some(&held)),
            ["FNAME: Anna -> Ann"]
        );
        assert_eq!(
            told(&member(&json!({}), Some("en")), Some(&held)),
            ["language: sv -> en"]
        );
    }

    #[test]
    fn of_an_address_the_parts_that_differ_are_listed() {
        let sent = json!({"ADDRESS": {"addr1": "A 1", "city": "Ystad"}});
        let held = json!({"ADDRESS": {"addr1": "A 1", "city": "Lund", "zip": "1"}});
        let member = member(&sent, None);
        assert_eq!(told(&member, Some(&held)), ["ADDRESS.city: Lund -> Ystad"]);
        assert_eq!(
            told(&member, Some(&json!({"ADDRESS": ""}))),
            ["ADDRESS.addr1:  -> A 1", "ADDRESS.city:  -> Ystad"]
        );
    }

    #[test]
    fn of_somebody_new_everything_that_is_sent_is_listed() {
        let sent = member(&json!({"FNAME": "Ann", "X": ""}), Some("en"));
        assert_eq!(told(&sent, None), ["FNAME:  -> Ann", "language:  -> en"]);
    }

    #[test]
    fn a_field_that_is_cleared_tells_all_that_was_in_it() {
        let held = json!({"ADDRESS": {"addr1": "A 1", "addr2": "", "city": "Lund"}});
        assert_eq!(
            told(&member(&json!({"ADDRESS": ""}), None), Some(&held)),
            ["ADDRESS: A 1, Lund -> "]
        );
    }
}
