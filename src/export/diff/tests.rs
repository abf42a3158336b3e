use std::sync::Arc;

use serde_json::{Value, json};

use super::{Losing, write};
use crate::domain::{
    Change, ChangeKind, Consent, Contact, Content, Email, Origin, PersonKey, ProfileId, Reason,
    SegmentSet, Status, Unfit,
};
use crate::plan::{Remembered, decide, decide_newcomer};
use crate::store::{Changes, Plan, PlannedRow, Which};

fn row(line: u64, email: &str, fields: &Value) -> PlannedRow {
    let content = match Email::parse(email) {
        Ok(email) => Ok(Content {
            email,
            fields: fields.to_string(),
            language: None,
            left_out: Vec::new(),
        }),
        Err(_) => Err(Unfit {
            email: Some(email.to_owned()),
            reason: Reason::InvalidEmail,
            detail: email.to_owned(),
        }),
    };
    PlannedRow {
        profile: ProfileId::parse(&format!("id{line}")),
        origin: Origin {
            file: Arc::from("people.csv"),
            line,
        },
        segments: SegmentSet::only(0),
        consent: Consent::Yes,
        unclear: None,
        content,
    }
}

fn contact(address: &str, status: Status, fields: &Value, tags: &[&str]) -> Contact {
    Contact {
        address: address.to_owned(),
        key: address.to_lowercase(),
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

/// Every kind of person, and what is told of each.
fn told(losing: Losing, delivered: &[(&str, u64)]) -> Vec<Change> {
    let folder = tempfile::tempdir().expect("folder");
    let named = |name: &str| json!({"FNAME": name});
    let tags = ["Gold".to_owned()];
    let mut plan = Plan::create(&folder.path().join("plan")).expect("plan");
    let rows = [
        row(2, "new@x.example", &named("New")),
        row(3, "changed@x.example", &named("Ann")),
        row(4, "joins@x.example", &named("Same")),
        row(5, "no@x.example", &named("No")),
        row(6, "nobody", &named("X")),
        row(7, "same@x.example", &named("Same")),
        row(8, "NEW@x.example", &named("Merged")),
    ];
    plan.add(&rows).expect("added");
    plan.settle(None).expect("settled");
    let subscribed = Status::Subscribed;
    let audience = [
        contact("Changed@X.example", subscribed, &named("Anna"), &["gold"]),
        contact("joins@x.example", subscribed, &named("Same"), &["Other"]),
        contact("no@x.example", Status::Unsubscribed, &named("No"), &[]),
        contact("same@x.example", subscribed, &named("Same"), &["Gold"]),
    ];
    let met = plan.meet(&audience, |member, contact| {
        decide(member, Some(contact), &Remembered::default(), &tags)
    });
    met.expect("met");
    plan.meet_nobody(&[], decide_newcomer);
    let mut changes = Changes::create(&folder.path().join("changes")).expect("file");
    let delivered = |person| {
        let found = delivered
            .iter()
            .find(|(key, _)| PersonKey::of(key) == person);
        Ok(found.map(|(_, values)| *values))
    };
    write(plan, &mut changes, &tags, losing, delivered).expect("written");
    let mut all = Vec::new();
    let each = changes.each(Which::Everything, |change| {
        all.push(change);
        Ok(())
    });
    each.expect("read");
    all
}

fn find<'c>(all: &'c [Change], address: &str) -> &'c Change {
    let mut all = all.iter();
    all.find(|one| one.address == address).expect(address)
}

fn fields(change: &Change) -> Vec<String> {
    let fields = change.fields.iter();
    fields
        .map(|one| format!("{}: {} -> {}", one.field, one.old, one.new))
        .collect()
}

#[test]
fn each_person_is_told_once_with_what_would_become_of_them() {
    let all = told(Losing::default(), &[]);
    assert_eq!(
        all.len(),
        6,
        "who was merged is told by whom stands for them"
    );
    let new = find(&all, "new@x.example");
    assert_eq!(new.what, ChangeKind::Created);
    assert_eq!(
        (fields(new), &*new.place),
        (vec!["FNAME:  -> New".to_owned()], "people.csv:2")
    );
    assert_eq!(new.tags_added, ["Gold"]);
    let changed = find(&all, "Changed@X.example");
    assert_eq!(changed.what, ChangeKind::Updated);
    assert_eq!(fields(changed), ["FNAME: Anna -> Ann"]);
    assert!(changed.tags_added.is_empty() && !changed.changed_in_mailchimp);
    let joins = find(&all, "joins@x.example");
    assert_eq!((joins.what, joins.fields.len()), (ChangeKind::Updated, 0));
    assert_eq!(joins.tags_added, ["Gold"]);
    let no = find(&all, "no@x.example");
    assert_eq!(
        (no.what, no.reason),
        (ChangeKind::Suppressed, Some(Reason::Unsubscribed))
    );
    assert!(no.fields.is_empty() && no.tags_added.is_empty());
    let nobody = find(&all, "nobody");
    assert_eq!(
        (nobody.what, nobody.reason),
        (ChangeKind::Rejected, Some(Reason::InvalidEmail))
    );
    assert_eq!(
        (nobody.detail.as_str(), nobody.profile.as_deref()),
        ("nobody", Some("id6"))
    );
    assert_eq!(find(&all, "same@x.example").what, ChangeKind::Unchanged);
}

#[test]
fn who_leaves_a_segment_is_told_also_where_the_source_does_not_hold_them_any_more() {
    let gold = || vec!["Gold".to_owned()];
    let losing = [
        "same@x.example",
        "no@x.example",
        "gone@x.example",
        "lost@x.example",
    ];
    let gone = PersonKey::of("gone@x.example");
    let losing = Losing {
        tags: losing
            .map(|address| (PersonKey::of(address), gold()))
            .into(),
        addresses: [(gone, "Gone@X.example".to_owned())].into(),
    };
    let all = told(losing, &[]);
    let same = find(&all, "same@x.example");
    assert_eq!(
        (same.what, &same.tags_removed),
        (ChangeKind::Updated, &gold())
    );
    let no = find(&all, "no@x.example");
    assert_eq!(
        (no.what, &no.tags_removed),
        (ChangeKind::Suppressed, &gold())
    );
    // By the audience's address; by the key, where the audience tells none.
    for address in ["Gone@X.example", &PersonKey::of("lost@x.example").hex()] {
        let left = find(&all, address);
        assert_eq!(
            (left.what, &left.tags_removed),
            (ChangeKind::Untagged, &gold())
        );
    }
}

#[test]
fn rule_3_what_others_changed_in_mailchimp_is_told_where_we_delivered_what_we_would_send_again() {
    let fields = |name: &str| row(1, "a@x.example", &json!({"FNAME": name}));
    let values = |name: &str| fields(name).content.expect("usable").values();
    let again = told(Losing::default(), &[("changed@x.example", values("Ann"))]);
    assert!(find(&again, "Changed@X.example").changed_in_mailchimp);
    let other = told(Losing::default(), &[("changed@x.example", values("Anne"))]);
    assert!(!find(&other, "Changed@X.example").changed_in_mailchimp);
    let joins = told(Losing::default(), &[("joins@x.example", values("Same"))]);
    assert!(
        !find(&joins, "joins@x.example").changed_in_mailchimp,
        "only a tag is new"
    );
}
