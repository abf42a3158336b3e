use serde_json::{Map, Value};

use super::held::holds;
use super::known::said_no;
use crate::domain::{Consent, Contact, Decision, Member, Reason, SegmentSet, Status};

/// What earlier runs had to remember of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Why the person was refused, where that is remembered.
    pub refusal: Option<Reason>,
    /// How an undo left the contact that it archived ([`Contact::stamp`]).
    pub undone: Option<u64>,
}

impl Remembered {
    /// Tells whether an undo archived the contact and nobody has touched it since.
    fn is_undone_as(self, stamp: u64) -> bool {
        self.undone == Some(stamp)
    }
}

/// Decides what a run does about a person: the one place where that is decided, for the plan as for whoever is looked up
/// while it is delivered. Nothing that could raise a status, nothing at all for someone who said no to the source or the
/// audience, and no call when the audience already holds every value and tag (rule 1).
///
/// `contact` is what the audience holds of the address, `remembered` what earlier runs had to remember of the person, and
/// `tags` are those of the run's segments.
#[must_use]
pub fn decide(
    member: &Member,
    contact: Option<&Contact>,
    remembered: &Remembered,
    tags: &[String],
) -> Decision {
    let Some(contact) = contact else {
        return decide_newcomer(member.consent, remembered.refusal);
    };
    if contact.status == Status::Archived && remembered.is_undone_as(contact.stamp) {
        return match member.consent {
            Consent::Yes => Decision::Reinstate,
            Consent::Silent | Consent::No => Decision::Suppress(Reason::NoConsent),
        };
    }
    if let Some(reason) = said_no(contact.status, member.consent) {
        return Decision::Suppress(reason);
    }
    let add = missing_tags(member, contact, tags);
    if add.is_empty() && holds_values(member, contact) {
        Decision::Leave
    } else {
        Decision::Update { add }
    }
}

/// What [`decide`] says of everybody whom the audience does not hold: only a known yes creates.
#[must_use]
pub fn decide_newcomer(consent: Consent, refusal: Option<Reason>) -> Decision {
    match (refusal, consent) {
        (Some(reason), _) => Decision::Suppress(reason),
        (None, Consent::Yes) => Decision::Create,
        (None, Consent::Silent | Consent::No) => Decision::Suppress(Reason::NoConsent),
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
        .is_none_or(|language| language.eq_ignore_ascii_case(&contact.language));
    let nothing = Value::from("");
    same_language
        && wanted.iter().all(|(tag, value)| {
            let held = contact.fields.get(tag).unwrap_or(&nothing);
            holds(held, value)
        })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{Remembered, decide, is_as_sent};
    use crate::domain::{
        Consent, Contact, Decision, Member, Origin, PersonKey, Reason, SegmentSet, Status,
    };

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
            person: PersonKey::of("a@x.example"),
            values: 1,
            profile_hash: 0,
            consent: Consent::Yes,
            segments: SegmentSet::only(1),
            fields: fields.to_string(),
            language: None,
        }
    }

    fn contact(status: Status, fields: &Value, tags: &[&str]) -> Contact {
        Contact {
            address: "a@x.example".to_owned(),
            key: "a@x.example".to_owned(),
            id: None,
            contact_id: None,
            stamp: 0,
            status,
            fields: fields.as_object().cloned().unwrap_or_default(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            more_tags: false,
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
                Some(&contact(status, &json!({}), &[])),
                &Remembered::default(),
                &tags(),
            );
            assert_eq!(decision, Decision::Suppress(reason));
        }
    }

    #[test]
    fn rule_1_who_said_no_in_the_source_gets_nothing_and_silence_does_not_concern_who_is_there() {
        let there = contact(Status::Subscribed, &json!({}), &[]);
        let with = |consent| Member {
            consent,
            ..member(&json!({"FNAME": "A"}))
        };
        let no = Decision::Suppress(Reason::NoConsent);
        let add = SegmentSet::only(1);
        let update = Decision::Update { add };
        let decided =
            |consent, contact| decide(&with(consent), contact, &Remembered::default(), &tags());
        assert_eq!(decided(Consent::No, Some(&there)), no);
        assert_eq!(decided(Consent::Silent, Some(&there)), update);
        assert_eq!(decided(Consent::Yes, Some(&there)), update);
        assert_eq!(decided(Consent::No, None), no);
        assert_eq!(decided(Consent::Silent, None), no);
        assert_eq!(decided(Consent::Yes, None), Decision::Create);
    }

    #[test]
    fn rule_1_a_remembered_refusal_is_not_sent_again() {
        let member = member(&json!({}));
        let refused = Remembered {
            refusal: Some(Reason::Fake),
            undone: None,
        };
        let decided = |contact| decide(&member, contact, &refused, &tags());
        assert_eq!(decided(None), Decision::Suppress(Reason::Fake));
        let back = contact(Status::Subscribed, &json!({}), &["gold"]);
        assert_eq!(decided(Some(&back)), Decision::Leave);
    }

    #[test]
    fn rule_1_whom_an_undo_archived_counts_as_new_unless_somebody_touched_them() {
        let archived = Contact {
            stamp: 7,
            ..contact(Status::Archived, &json!({}), &[])
        };
        let decided = |consent, undone| {
            let remembered = Remembered {
                refusal: None,
                undone,
            };
            let member = Member {
                consent,
                ..member(&json!({}))
            };
            decide(&member, Some(&archived), &remembered, &tags())
        };
        assert_eq!(decided(Consent::Yes, Some(7)), Decision::Reinstate);
        let no = Decision::Suppress(Reason::NoConsent);
        assert_eq!(decided(Consent::Silent, Some(7)), no);
        let archived = Decision::Suppress(Reason::Archived);
        assert_eq!(decided(Consent::Yes, Some(8)), archived);
        assert_eq!(decided(Consent::Yes, None), archived);
    }

    #[test]
    fn rule_1_transactional_contacts_get_values_and_tags() {
        let decision = decide(
            &member(&json!({})),
            Some(&contact(Status::Transactional, &json!({}), &[])),
            &Remembered::default(),
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
            decide(
                &member(&json!({"FNAME": "A", "AGE": 42})),
                Some(&same),
                &Remembered::default(),
                &tags()
            ),
            Decision::Leave
        );
        let differs = decide(
            &member(&json!({"FNAME": "B"})),
            Some(&same),
            &Remembered::default(),
            &tags(),
        );
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
            decide(
                &member(&json!({})),
                Some(&held),
                &Remembered::default(),
                &tags()
            ),
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
