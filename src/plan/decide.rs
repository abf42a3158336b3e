use serde_json::{Map, Value};

use crate::domain::{Contact, Decision, Member, Reason, SegmentSet, Status};

/// Decides what a run does about a member whose address is in the audience (rule 1): nothing that could raise a status,
/// nothing at all for someone who said no, and no call when the audience already holds every value and tag.
#[must_use]
pub fn decide(member: &Member, contact: &Contact, tags: &[String]) -> Decision {
    match contact.status {
        Status::Unsubscribed => Decision::Suppress(Reason::Unsubscribed),
        Status::Cleaned => Decision::Suppress(Reason::Cleaned),
        Status::Archived => Decision::Suppress(Reason::Archived),
        Status::Pending => Decision::Suppress(Reason::AwaitingConfirmation),
        Status::Subscribed | Status::Transactional => {
            let add = missing_tags(member, contact, tags);
            if add.is_empty() && holds_values(member, contact) {
                Decision::Leave
            } else {
                Decision::Update { add }
            }
        }
    }
}

/// Tells whether a contact stands as a create call meant it: the status sent, every value, every tag. `pending` sent as
/// `subscribed` is not: Mailchimp may ask for confirmation by itself, and that is for the person to see.
#[must_use]
pub fn is_as_sent(member: &Member, contact: &Contact, sent: Status, tags: &[String]) -> bool {
    contact.status == sent
        && holds_values(member, contact)
        && missing_tags(member, contact, tags).is_empty()
}

/// Finds the member's segments whose tags the contact lacks. Tag names are compared without case (rule 4).
fn missing_tags(member: &Member, contact: &Contact, tags: &[String]) -> SegmentSet {
    let held: Vec<String> = contact
        .tags
        .iter()
        .map(|tag| tag.trim().to_lowercase())
        .collect();
    let mut missing = SegmentSet::default();
    for at in member.segments.iter() {
        if tags
            .get(at)
            .is_some_and(|tag| !held.contains(&tag.trim().to_lowercase()))
        {
            missing.insert(at);
        }
    }
    missing
}

fn holds_values(member: &Member, contact: &Contact) -> bool {
    let Ok(wanted) = serde_json::from_str::<Map<String, Value>>(&member.fields) else {
        return false;
    };
    let same_language = member
        .language
        .as_ref()
        .is_none_or(|language| *language == contact.language);
    same_language
        && wanted.iter().all(|(tag, value)| {
            contact
                .fields
                .get(tag)
                .is_some_and(|held| same(value, held))
        })
}

/// Compares a value to be sent with the one held. Mailchimp gives a number back as a number or as text, and an address
/// with more parts than were sent.
fn same(wanted: &Value, held: &Value) -> bool {
    match (wanted, held) {
        (Value::Object(wanted), Value::Object(held)) => wanted
            .iter()
            .all(|(part, value)| held.get(part).is_some_and(|held| same(value, held))),
        (Value::Number(wanted), Value::Number(held)) => wanted.as_f64() == held.as_f64(),
        (Value::Number(wanted), Value::String(held)) => held
            .parse::<f64>()
            .is_ok_and(|held| wanted.as_f64() == Some(held)),
        _ => wanted == held,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{decide, is_as_sent};
    use crate::domain::{Contact, Decision, Member, Origin, Reason, SegmentSet, Status};

    fn member(fields: &Value) -> Member {
        Member {
            seq: 1,
            profile: None,
            origin: Origin {
                file: Arc::from("a.csv"),
                line: 2,
            },
            address: "a@x.example".to_owned(),
            key: "a@x.example".to_owned(),
            agrees: true,
            segments: SegmentSet::only(1),
            fields: fields.to_string(),
            language: None,
        }
    }

    fn contact(status: Status, fields: &Value, tags: &[&str]) -> Contact {
        Contact {
            address: "a@x.example".to_owned(),
            key: "a@x.example".to_owned(),
            status,
            fields: fields.as_object().cloned().unwrap_or_default(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            language: String::new(),
        }
    }

    fn tags() -> Vec<String> {
        vec!["Silver".to_owned(), "Gold".to_owned()]
    }

    #[test]
    fn rule_1_nobody_who_said_no_or_waits_is_written() {
        let table = [
            (Status::Unsubscribed, Reason::Unsubscribed),
            (Status::Cleaned, Reason::Cleaned),
            (Status::Archived, Reason::Archived),
            (Status::Pending, Reason::AwaitingConfirmation),
        ];
        for (status, reason) in table {
            let decision = decide(
                &member(&json!({"FNAME": "A"})),
                &contact(status, &json!({}), &[]),
                &tags(),
            );
            assert_eq!(decision, Decision::Suppress(reason));
        }
    }

    #[test]
    fn rule_1_transactional_contacts_get_values_and_tags() {
        let decision = decide(
            &member(&json!({})),
            &contact(Status::Transactional, &json!({}), &[]),
            &tags(),
        );
        assert_eq!(
            decision,
            Decision::Update {
                add: SegmentSet::only(1)
            }
        );
    }

    #[test]
    fn rule_2_who_is_held_as_is_gets_no_call() {
        let held = json!({"FNAME": "A", "AGE": "42", "CITY": "other"});
        let same = contact(Status::Subscribed, &held, &["GOLD "]);
        assert_eq!(
            decide(&member(&json!({"FNAME": "A", "AGE": 42})), &same, &tags()),
            Decision::Leave
        );
        let differs = decide(&member(&json!({"FNAME": "B"})), &same, &tags());
        assert_eq!(
            differs,
            Decision::Update {
                add: SegmentSet::default()
            }
        );
    }

    #[test]
    fn rule_2_who_only_joins_a_segment_is_updated() {
        let held = contact(Status::Subscribed, &json!({}), &["Silver"]);
        assert_eq!(
            decide(&member(&json!({})), &held, &tags()),
            Decision::Update {
                add: SegmentSet::only(1)
            }
        );
    }

    #[test]
    fn rule_1_present_as_sent_means_status_values_and_tags() {
        let sent = member(&json!({"FNAME": "A"}));
        let there = |status, fields: Value, tag: &[&str]| {
            is_as_sent(
                &sent,
                &contact(status, &fields, tag),
                Status::Subscribed,
                &tags(),
            )
        };
        assert!(there(Status::Subscribed, json!({"FNAME": "A"}), &["Gold"]));
        assert!(!there(
            Status::Transactional,
            json!({"FNAME": "A"}),
            &["Gold"]
        ));
        assert!(!there(Status::Subscribed, json!({"FNAME": "B"}), &["Gold"]));
        assert!(!there(Status::Subscribed, json!({"FNAME": "A"}), &[]));
    }
}
