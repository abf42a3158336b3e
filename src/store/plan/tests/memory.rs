//! What a plan costs, what it keeps of contacts, and what is told of it without reading it back.

use serde_json::json;

use super::{newcomer, plan, row};
use crate::domain::{
    Before, Consent, Contact, Decision, LeftOut, PersonKey, ProfileHash, ProfileId, Reason,
    SegmentSet, Status,
};
use crate::store::plan::{Plan, PlannedRow, Stage};

fn contact(address: &str, status: Status) -> Contact {
    Contact {
        contact_id: None,
        stamp: 0,
        address: address.to_owned(),
        key: address.to_lowercase(),
        id: None,
        status,
        fields: serde_json::Map::new(),
        tags: vec![],
        more_tags: false,
        language: String::new(),
    }
}

#[test]
fn a_hundred_thousand_profiles_take_less_than_60_bytes_each_also_in_three_segments() {
    let folder = tempfile::tempdir().expect("folder");
    let mut plan = Plan::create(&folder.path().join("plan")).expect("create");
    let many = 100_000;
    for (segment, file) in ["a", "b", "c"].into_iter().enumerate() {
        for from in (0..many).step_by(1000) {
            let rows: Vec<PlannedRow> = (from..from + 1000)
                .map(|n| row(&format!("p{n}"), file, segment, &format!("p{n}@x.example")))
                .collect();
            plan.add(&rows).expect("add");
            let each = plan.bytes() as u64 / plan.profiles();
            assert!(plan.profiles() < many / 2 || each < 60, "{each} bytes each");
        }
    }
    let settled = plan.settle(None).expect("settle");
    assert_eq!((settled.profiles, settled.repeated), (many, 0));
    assert_eq!(settled.segments, [many; 3]);
    assert!(plan.bytes() as u64 <= many * 52);
    plan.meet_nobody(&[], newcomer);
    let (mut after, mut seen) = (0, 0);
    loop {
        let batch = plan.batch(Stage::Create, after, 500).expect("batch");
        let Some(last) = batch.last() else { break };
        for one in &batch {
            assert_eq!(one.member.profile, Some(format!("p{seen}")));
            assert_eq!(one.member.address, format!("p{seen}@x.example"));
            seen += 1;
        }
        after = last.member.seq;
    }
    assert_eq!(seen, many);
}

#[test]
fn profiles_are_counted_as_they_are_read() {
    let (_folder, mut plan) = plan(&[
        row("1", "a", 0, "a@x.example"),
        row("1", "b", 1, "a@x.example"),
        row("", "b", 1, "a@x.example"),
        row("", "b", 1, "nobody"),
    ]);
    assert_eq!(plan.profiles(), 3);
    plan.add(&[row("1", "c", 1, "d@x.example")]).expect("add");
    assert_eq!(plan.profiles(), 3);
}

#[test]
fn of_a_contact_to_be_updated_it_is_kept_what_it_was_in_the_fields_that_are_sent() {
    let mut rows = [
        row("1", "a", 0, "One@x.example"),
        row("2", "a", 0, "two@x.example"),
        row("3", "a", 0, "three@x.example"),
    ];
    for row in &mut rows {
        row.content.as_mut().expect("usable").fields = r#"{"AGE":7,"FNAME":"New"}"#.to_owned();
    }
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    let held = json!({"FNAME": "Old", "LNAME": "Kept", "ADDRESS": {"city": "Lund"}});
    let id = PersonKey::of("former@x.example");
    let met = Contact {
        fields: held.as_object().cloned().expect("object"),
        tags: vec!["theirs".to_owned()],
        language: "sv".to_owned(),
        id: Some(id),
        ..contact("ONE@x.example", Status::Subscribed)
    };
    let same = Contact {
        id: Some(PersonKey::of("two@x.example")),
        ..contact("two@x.example", Status::Subscribed)
    };
    let add = SegmentSet::only(0);
    let update = |_: &_, _: &_| Decision::Update { add: add.clone() };
    // Seen twice: it counts as last seen.
    let before = contact("one@x.example", Status::Transactional);
    plan.meet(&[before, same], update).expect("meet");
    plan.meet(&[met], update).expect("meet again");
    plan.meet_nobody(&[], newcomer);
    let updates = plan.batch(Stage::Update, 0, 9).expect("batch");
    let addresses: Vec<_> = updates.iter().map(|one| &*one.member.address).collect();
    assert_eq!(addresses, ["two@x.example", "ONE@x.example"]);
    assert_eq!((updates[0].id, updates[1].id), (None, Some(id)));
    assert_eq!(updates[1].before, Some(Status::Subscribed));
    assert_eq!(updates[1].add, add);
    assert_eq!(updates[1].member.key, "one@x.example");
    let image = Before {
        address: "ONE@x.example".to_owned(),
        fields: json!({"FNAME": "Old", "AGE": ""})
            .as_object()
            .cloned()
            .expect("object"),
        tags: vec!["theirs".to_owned()],
        language: "sv".to_owned(),
    };
    assert_eq!(updates[1].image, Some(image));
    let created = plan.batch(Stage::Create, 0, 9).expect("batch");
    assert_eq!((created.len(), &created[0].image), (1, &None));
    let first = plan.first_updates(9).expect("first");
    assert_eq!(first.len(), 2);
}

#[test]
fn who_may_have_more_tags_is_asked_for_in_the_order_of_keys_and_once() {
    let rows: Vec<_> = (0..9)
        .map(|n| row("", "a", 0, &format!("P{n}@x.example")))
        .collect();
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    assert_eq!(plan.lookups(4).expect("list").len(), 4);
    assert_eq!(plan.lookups(4).expect("list")[1].address, "P1@x.example");
    let contacts: Vec<_> = (0..8)
        .map(|n| Contact {
            more_tags: n != 3,
            ..contact(&format!("p{n}@x.example"), Status::Subscribed)
        })
        .collect();
    let add = SegmentSet::only(0);
    let update = |_: &_, _: &_| Decision::Update { add: add.clone() };
    plan.meet(&contacts, update).expect("meet");
    let (mut after, mut asked) = (PersonKey::default(), Vec::new());
    loop {
        let some = plan.more_tags(after, 2).expect("list");
        let Some(last) = some.last() else { break };
        assert!(some.len() <= 2 && last.person > after);
        after = last.person;
        asked.extend(some.into_iter().map(|lookup| lookup.address));
        // They lack it still, and nothing more was told.
        plan.meet(&contacts[..4], update).expect("meet");
    }
    asked.sort();
    let wanted = [0, 1, 2, 4, 5, 6, 7].map(|n| format!("p{n}@x.example"));
    assert_eq!(asked, wanted);
}

#[test]
fn each_tells_all_profiles_in_the_order_of_keys_and_notes_what_is_decided() {
    let mut unusable = row("5", "a", 0, "@@");
    unusable.consent = Consent::No;
    let rows = [
        row("1", "a", 0, "a@x.example"),
        row("2", "a", 1, "b@x.example"),
        row("0", "a", 2, "b@x.example"),
        row("3", "a", 0, "c@x.example"),
        row("4", "a", 0, ""),
        unusable,
    ];
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    let mut keys = Vec::new();
    let mut stages = Vec::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| PersonKey::of(&format!("{name}@x.example")));
    let add = SegmentSet::only(2);
    plan.each(|one| {
        keys.push(one.key);
        stages.push(one.stage);
        assert_eq!(one.values == 0, one.stage == Stage::Rejected);
        if one.key == a {
            return Some((Decision::Leave, Some(Status::Transactional)));
        }
        let winner = one.key == b && one.stage == Stage::Open;
        if winner {
            let id = ProfileId::parse("0").expect("id");
            assert_eq!(one.profile, ProfileHash::of(&id).short());
            assert_eq!(one.segments.iter().collect::<Vec<_>>(), [1, 2]);
        }
        // Also said of the one that was merged, which it does not concern.
        (one.key == b).then(|| (Decision::Update { add: add.clone() }, None))
    });
    assert!(keys.is_sorted());
    assert_eq!(keys.len(), 6);
    let of = |stage| stages.iter().filter(|one| **one == stage).count();
    assert_eq!(
        [of(Stage::Open), of(Stage::Merged), of(Stage::Rejected)],
        [3, 1, 2]
    );
    assert_eq!(plan.open_members(), 1);
    let open = plan.lookups(9).expect("list");
    assert_eq!(open[0].person, c);
    plan.meet_nobody(&[], newcomer);
    let counts = plan.counts();
    assert_eq!(
        [
            counts.unchanged,
            counts.update,
            counts.create,
            counts.merged,
            counts.rejected
        ],
        [1, 1, 1, 1, 2]
    );
    assert_eq!((counts.not_mailable, counts.tags), (1, 2));
    let update = plan.batch(Stage::Update, 0, 9).expect("batch").remove(0);
    assert_eq!(
        (&update.member.address[..], update.add),
        ("b@x.example", add)
    );
    assert_eq!((update.before, update.image), (None, None));
}

#[test]
fn rejects_and_values_left_out_are_told_in_the_order_of_reading() {
    let mut rows: Vec<_> = (0..6)
        .map(|n| {
            let address = if n % 2 == 0 { "@@" } else { "p@x.example" };
            row(
                &n.to_string(),
                "a",
                0,
                &address.replace('p', &n.to_string()),
            )
        })
        .collect();
    for row in &mut rows {
        if let Ok(content) = &mut row.content {
            content.left_out = ["A", "B"]
                .map(|field| LeftOut {
                    field: field.to_owned(),
                    detail: field.to_owned(),
                })
                .to_vec();
        }
    }
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    plan.meet(&[contact("3@x.example", Status::Subscribed)], |_, _| {
        Decision::Update {
            add: SegmentSet::default(),
        }
    })
    .expect("meet");
    plan.meet_nobody(&[], newcomer);
    plan.batch(Stage::Create, 0, 1).expect("batch");
    let mut told = Vec::new();
    plan.each_reject(|reject| {
        assert_eq!(reject.reason, Reason::InvalidEmail);
        told.push(reject.profile.expect("id"));
        Ok(())
    })
    .expect("rejects");
    assert_eq!(told, ["0", "2", "4"]);
    let mut told = Vec::new();
    plan.each_left_out(|field, reject| {
        told.push(format!("{field}{}", reject.profile.expect("id")));
        Ok(())
    })
    .expect("left out");
    told.sort_by_key(|value| value[1..].to_owned());
    assert_eq!(told, ["A1", "B1", "A3", "B3", "A5", "B5"]);
}
