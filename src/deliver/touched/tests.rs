use serde_json::{Value, json};

use super::{Did, Step, Touched};
use crate::deliver::wire::WireMember;
use crate::domain::{Before, Contact, Content, PersonKey, SegmentSet, Status};
use crate::store::{Because, Sent};

const TAGS: [&str; 2] = ["Gold", "Silver"];

fn contact(status: &str, fields: &Value, tags: &[&str]) -> Contact {
    let tags: Vec<Value> = tags.iter().map(|tag| json!({"name": tag})).collect();
    let member = json!({
        "email_address": "a@x.example", "status": status, "merge_fields": fields, "tags": tags,
        "language": "sv",
    });
    let member: WireMember = serde_json::from_value(member).expect("member");
    member.contact()
}

fn before(fields: &Value) -> Before {
    Before {
        address: "a@x.example".to_owned(),
        fields: fields.as_object().expect("fields").clone(),
        tags: vec!["VIP".to_owned()],
        language: "sv".to_owned(),
    }
}

/// A contact that the run left as this one, after it had added the tag Gold.
fn touched(did: Did, as_left: &Contact) -> Touched {
    Touched {
        sent: Sent {
            key: PersonKey::of("a@x.example"),
            id: None,
            values: Content::hash_of(r#"{"FNAME":"New"}"#, None),
            profile: 0,
            segments: SegmentSet::only(0),
            add: SegmentSet::only(0),
            before: Some(Status::Subscribed),
        },
        did,
        status: Some(Status::Subscribed),
        untagged: Vec::new(),
        unseen: Vec::new(),
        after: as_left.stamp,
        begun: false,
    }
}

fn step(touched: &Touched, now: &Contact) -> Step {
    touched.step(now, &TAGS.map(str::to_owned))
}

/// What a step does, for short: tags by name, then values.
fn told(step: &Step) -> String {
    match step {
        Step::Archive => "archive".to_owned(),
        Step::Leave(Because::Changed) => "leave".to_owned(),
        Step::Leave(because) => format!("{because:?}"),
        Step::Restore(tags, values) => json!([tags, values]).to_string(),
    }
}

const LEAVE: &str = "leave";

#[test]
fn a_contact_that_was_created_is_archived_only_as_it_was_left() {
    let left = contact("subscribed", &json!({"FNAME": "New"}), &["Gold"]);
    let created = touched(Did::Created, &left);
    assert_eq!(told(&step(&created, &left)), "archive");
    for other in [
        contact("unsubscribed", &json!({"FNAME": "New"}), &["Gold"]),
        contact("archived", &json!({"FNAME": "New"}), &["Gold"]),
        contact("subscribed", &json!({"FNAME": "Eva"}), &["Gold"]),
        contact("subscribed", &json!({"FNAME": "New"}), &["Gold", "VIP"]),
        contact("subscribed", &json!({"FNAME": "New"}), &[]),
    ] {
        assert_eq!(told(&step(&created, &other)), LEAVE, "{other:?}");
    }
}

#[test]
fn a_contact_that_was_not_seen_is_known_by_what_was_sent() {
    let left = contact(
        "subscribed",
        &json!({"FNAME": "New", "LNAME": ""}),
        &["gold "],
    );
    let unseen = |did| Touched {
        after: 0,
        ..touched(did, &left)
    };
    assert_eq!(told(&step(&unseen(Did::Created), &left)), "archive");
    let updated = unseen(Did::Updated(before(&json!({"FNAME": "Old"}))));
    let restored = r#"[{"Gold":false},{"merge_fields":{"FNAME":"Old"}}]"#;
    assert_eq!(told(&step(&updated, &left)), restored);
    for other in [
        contact(
            "subscribed",
            &json!({"FNAME": "New", "LNAME": "Ek"}),
            &["Gold"],
        ),
        contact("pending", &json!({"FNAME": "New"}), &["Gold"]),
        contact("subscribed", &json!({"FNAME": "New"}), &[]),
    ] {
        assert_eq!(told(&step(&unseen(Did::Created), &other)), LEAVE);
    }
    let edited = contact("subscribed", &json!({"FNAME": "Eva"}), &["Gold"]);
    assert_eq!(told(&step(&updated, &edited)), LEAVE);
}

#[test]
fn only_what_differs_is_brought_back_and_an_address_is_not_emptied() {
    let address = json!({"addr1": "Gata 1", "city": "Umeå", "state": "-", "zip": "90320"});
    let fields = json!({"FNAME": "New", "LNAME": "Ek", "ADDRESS": address, "AGE": 7});
    let left = contact("subscribed", &fields, &["Gold", "VIP"]);
    let was = json!({"FNAME": "", "LNAME": "Ek", "ADDRESS": "", "AGE": 7});
    let updated = touched(Did::Updated(before(&was)), &left);
    let restored = r#"[{"Gold":false},{"merge_fields":{"FNAME":""}}]"#;
    assert_eq!(told(&step(&updated, &left)), restored);
    let spoke = Before {
        language: "en".to_owned(),
        tags: vec!["GOLD".to_owned()],
        ..before(&was)
    };
    let updated = touched(Did::Updated(spoke), &left);
    let restored = r#"[{},{"language":"en","merge_fields":{"FNAME":""}}]"#;
    assert_eq!(
        told(&step(&updated, &left)),
        restored,
        "the tag was there before"
    );
}

#[test]
fn an_undo_that_had_begun_goes_on_wherever_it_was_cut_off() {
    let (new, old) = (json!({"FNAME": "New"}), json!({"FNAME": "Old"}));
    let left = contact("subscribed", &new, &["Gold", "VIP"]);
    let fresh = touched(Did::Updated(before(&old)), &left);
    let begun = Touched {
        begun: true,
        ..fresh.clone()
    };
    let half = contact("subscribed", &new, &["VIP"]);
    let whole = contact("subscribed", &old, &["VIP"]);
    let restored = r#"[{"Gold":false},{"merge_fields":{"FNAME":"Old"}}]"#;
    assert_eq!(told(&step(&begun, &left)), restored);
    let rest = r#"[{},{"merge_fields":{"FNAME":"Old"}}]"#;
    assert_eq!(told(&step(&begun, &half)), rest);
    assert_eq!(told(&step(&begun, &whole)), "[{},{}]");
    let edited = contact("subscribed", &json!({"FNAME": "Eva"}), &["VIP"]);
    assert_eq!(told(&step(&begun, &edited)), LEAVE);
    // Somebody else took the tag, or set the value: that is theirs.
    assert_eq!(told(&step(&fresh, &half)), LEAVE);
    assert_eq!(told(&step(&fresh, &whole)), LEAVE);
}

#[test]
fn a_tag_that_was_taken_is_given_back_to_who_gets_mail_only() {
    let fields = json!({"FNAME": "New"});
    let with = contact("subscribed", &fields, &["Gold", "Silver"]);
    let without = contact("subscribed", &fields, &["Gold"]);
    let silver = || vec!["Silver".to_owned()];
    let untagged = Touched {
        untagged: silver(),
        unseen: silver(),
        sent: Sent {
            add: SegmentSet::default(),
            ..touched(Did::Untagged, &with).sent
        },
        ..touched(Did::Untagged, &with)
    };
    assert_eq!(told(&step(&untagged, &without)), r#"[{"Silver":true},{}]"#);
    let edited = contact("subscribed", &json!({"FNAME": "Eva"}), &["Gold"]);
    assert_eq!(told(&step(&untagged, &edited)), LEAVE);
    let not_seen = Touched {
        after: 0,
        status: None,
        ..untagged.clone()
    };
    assert_eq!(told(&step(&not_seen, &without)), r#"[{"Silver":true},{}]"#);
    assert_eq!(told(&step(&not_seen, &with)), LEAVE, "somebody put it back");
    let said_no = contact("unsubscribed", &fields, &["Gold"]);
    assert_eq!(told(&step(&not_seen, &said_no)), LEAVE);
    let was_no = Touched {
        status: Some(Status::Unsubscribed),
        ..not_seen
    };
    assert_eq!(told(&step(&was_no, &said_no)), LEAVE, "rule 1");
}

#[test]
fn a_call_that_nobody_saw_the_answer_of_is_taken_back_only_where_it_is_proven() {
    let (new, old) = (json!({"FNAME": "New"}), json!({"FNAME": "Old"}));
    let left = contact("subscribed", &new, &["Gold", "VIP"]);
    let perhaps = touched(Did::Perhaps(before(&old)), &left);
    let restored = r#"[{"Gold":false},{"merge_fields":{"FNAME":"Old"}}]"#;
    assert_eq!(told(&step(&perhaps, &left)), restored);
    let never = contact("subscribed", &old, &["VIP"]);
    assert_eq!(told(&step(&perhaps, &never)), "[{},{}]");
    let other = contact("subscribed", &json!({"FNAME": "Eva"}), &["Gold", "VIP"]);
    let seen = touched(Did::Perhaps(before(&old)), &other);
    assert_eq!(told(&step(&seen, &other)), LEAVE, "it is not what was sent");
}
