//! Rule 2: nothing is lost and nothing is guessed.

use serde_json::{Value, json};

use crate::support::{World, tags};

pub async fn accounted() {
    let people = "id,email,first\n\
        2,Same@x.example,Second\n\
        1, same@X.example,First\n\
        3,,Nobody\n\
        4,no address,Bad\n\
        5,five@x.example,Five\n\
        5,other@x.example,Twice\n\
        6\n";
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", people);
    let report = world.report(world.destination(&source, "", "", &[])).await;
    let counters = &report.ended.counters;
    assert_eq!(
        (
            counters.profiles,
            counters.created,
            counters.merged,
            counters.rejected
        ),
        (6, 2, 1, 3)
    );
    assert_eq!(report.merges, [("2".to_owned(), "1".to_owned())]);
    let members = world.members().await;
    assert_eq!(members["same@x.example"]["merge_fields"]["FNAME"], "First");
    assert!(members.contains_key("five@x.example") && !members.contains_key("other@x.example"));
}

pub async fn unchanged() {
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", "email,first\na@x.example,A\nb@x.example,B\n");
    world.report(world.destination(&source, "", "", &[])).await;
    let second = world.report(world.destination(&source, "", "", &[])).await;
    assert_eq!(
        (
            second.ended.counters.unchanged,
            second.ended.counters.writes
        ),
        (2, 0)
    );
}

pub async fn joins() {
    let world = World::new(&[], &[]).await;
    let folder = |tier: &str| {
        format!(
            "email,first,tier\na@x.example,A,{tier}\nb@x.example,B,Gold\nc@x.example,C,Silver\n"
        )
    };
    let source = world.file("people.csv", &folder("Silver"));
    let tables = "[folder]\nsegment_by = 'tier'";
    let segments = ["Gold", "Silver"];
    world
        .report(world.destination(&source, "", tables, &segments))
        .await;
    world.file("people.csv", &folder("Gold"));
    let second = world
        .report(world.destination(&source, "", tables, &segments))
        .await;
    assert_eq!(
        (
            second.ended.counters.updated,
            second.ended.counters.unchanged
        ),
        (1, 2)
    );
    assert!(tags(&world.members().await["a@x.example"]).contains(&"Gold".to_owned()));
}

pub async fn many_tags() {
    let theirs: Vec<String> = (0..60).map(|n| format!("Theirs {n}")).collect();
    let held = |name: &str| {
        json!({"email_address": format!("{name}@x.example"), "status": "subscribed",
            "merge_fields": {}, "tags": theirs})
    };
    // One person is looked up alone; three cost more calls than the lists of the audience have pages.
    for names in [&["a"][..], &["a", "b", "c"]] {
        let held: Vec<Value> = names.iter().map(|name| held(name)).collect();
        let world = World::new(&held, &[]).await;
        let rows: Vec<String> = names
            .iter()
            .map(|name| format!("{name}@x.example,{name}\n"))
            .collect();
        let source = world.file("people.csv", &format!("email,first\n{}", rows.concat()));
        let people = names.len() as u64;
        let first = world.report(world.destination(&source, "", "", &[])).await;
        let sums = &first.ended.counters;
        assert_eq!((sums.updated, sums.tags_added), (people, people));
        let second = world.report(world.destination(&source, "", "", &[])).await;
        let sums = &second.ended.counters;
        assert_eq!((sums.unchanged, sums.writes), (people, 0));
    }
}
