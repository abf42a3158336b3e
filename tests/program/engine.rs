//! What the engine remembers between runs, and how it goes on after one that ended early.

use std::fmt::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use segue::domain::{Destination, DestinationName, Reason};
use segue::export::{Error, Guard, Options, Order, Outcome, Phase, Report, start};
use segue::store::{AccountLock, Destinations, Ledger, Locked, Runs};
use serde_json::json;

use crate::support::{World, tags};

/// People `from` to `to` as a file of the source.
fn people(world: &World, from: usize, to: usize) -> PathBuf {
    let mut rows = "id,email,first\n".to_owned();
    for at in from..to {
        writeln!(rows, "P{at:05},p{at}@x.example,First{at}").expect("row");
    }
    let file = world.file("people.csv", &rows);
    file.parent().expect("folder").to_owned()
}

pub fn by_segment(world: &World, rows: &[(&str, &str, &str)]) -> Destination {
    let mut text = "id,email,first,tier\n".to_owned();
    for (id, email, tier) in rows {
        writeln!(text, "{id},{email},{id},{tier}").expect("row");
    }
    let file = world.file("tiers.csv", &text);
    let folder = "[folder]\nsegment_by = 'tier'";
    world.destination(&file, "", folder, &["Gold", "Silver"])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_rerun_writes_nothing_and_reads_no_audience() {
    let world = World::new(&[], &[]).await;
    let source = people(&world, 0, 3000);
    let destination = world.destination(&source, "", "", &[]);
    let first = world.report(destination.clone()).await;
    assert_eq!(first.ended.counters.created, 3000);
    let second = world.report(destination.clone()).await;
    let counters = &second.ended.counters;
    assert_eq!((counters.unchanged, counters.writes), (3000, 0));
    assert!(counters.calls <= 20, "{} calls", counters.calls);
    // One in a hundred changed costs one call.
    let mut rows = "id,email,first\n".to_owned();
    for at in 0..3000 {
        let name = if at % 100 == 0 { "Other" } else { "First" };
        writeln!(rows, "P{at:05},p{at}@x.example,{name}{at}").expect("row");
    }
    world.file("people.csv", &rows);
    let third = world.report(destination).await;
    let counters = &third.ended.counters;
    assert_eq!((counters.updated, counters.unchanged), (30, 2970));
    assert!(counters.writes <= 2, "{} writes", counters.writes);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_did_meanwhile_is_heard() {
    let world = World::new(&[], &[]).await;
    let source = people(&world, 0, 60);
    let destination = world.destination(&source, "", "", &[]);
    world.report(destination.clone()).await;
    world
        .steps(&json!([
            {"unsubscribe": "p1@x.example"},
            {"bounce": "p2@x.example"},
            {"archive": "p3@x.example"},
            {"edit": {"email": "p4@x.example", "merge_fields": {"FNAME": "Eva"}}},
            {"untag": ["p5@x.example", "all-profiles"]},
            {"move": ["p6@x.example", "moved6@x.example"]},
        ]))
        .await;
    let report = world.report(destination.clone()).await;
    let counters = &report.ended.counters;
    for reason in [Reason::Unsubscribed, Reason::Cleaned, Reason::Archived] {
        assert_eq!(counters.reasons[&reason], 1, "{reason:?}");
    }
    assert_eq!((counters.created, counters.updated), (0, 2), "{counters:?}");
    let members = world.members().await;
    assert_eq!(members["p4@x.example"]["merge_fields"]["FNAME"], "First4");
    assert_eq!(tags(&members["p5@x.example"]), ["all-profiles"]);
    assert!(!members.contains_key("p6@x.example"));
    let again = world.report(destination).await;
    assert_eq!(again.ended.counters.writes, 0, "{:?}", again.ended.counters);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_run_goes_by_what_is_saved_once_its_turn_has_come() {
    let world = World::new(&[], &[]).await;
    let file = world.file(
        "people.csv",
        "id,email,first,ok\n1,a@x.example,A,yes\n2,b@x.example,B,no\n",
    );
    let stale = world.destination(&file, "", "", &[]);
    let saved = Destinations::of(&world.home());
    let stale = saved.save(stale, None).expect("saved");
    let ordered = |destination: &Destination| Order {
        is_saved: true,
        ..world.order(destination.clone(), Options::default())
    };
    let order = ordered(&stale);
    let careful = |one: &mut Destination| one.consent_attribute = "ok".parse().ok();
    saved.change(&stale, careful).expect("written");
    let ended = start(order).done.await.expect("the run ends");
    assert!(ended.failure.is_none(), "{:?}", ended.failure);
    let members = world.members().await;
    assert_eq!(members.keys().collect::<Vec<_>>(), ["a@x.example"]);
    // Another source is another order; and what was removed does not run.
    let order = ordered(&stale);
    let elsewhere = |one: &mut Destination| one.source = "folder:/elsewhere".parse().expect("spec");
    saved.change(&stale, elsewhere).expect("written");
    let ended = start(order).done.await.expect("the run ends");
    let changed = ended.failure.expect("refused");
    assert!(matches!(changed, Error::Changed { .. }) && changed.exit() == 5);
    let order = ordered(&stale);
    let path = saved.path(&stale.id()).expect("read").expect("there");
    std::fs::remove_file(path).expect("removed");
    let ended = start(order).done.await.expect("the run ends");
    let gone = ended.failure.expect("refused");
    assert!(matches!(gone, Error::Gone { .. }) && gone.exit() == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_segment_loses_its_tag_and_nothing_else() {
    let world = World::new(&[], &[]).await;
    let rows = [
        ("1", "a@x.example", "Gold"),
        ("2", "b@x.example", "Gold"),
        ("3", "c@x.example", "Silver"),
    ];
    world.report(by_segment(&world, &rows)).await;
    world.steps(&json!({"tag": ["b@x.example", "VIP"]})).await;
    // One changes the segment, one leaves the source.
    let rows = [
        ("1", "a@x.example", "Silver"),
        ("3", "c@x.example", "Silver"),
        ("4", "d@x.example", "Gold"),
    ];
    let report = world.report(by_segment(&world, &rows)).await;
    let counters = &report.ended.counters;
    assert_eq!((counters.tags_removed, counters.tags_added), (2, 2));
    assert_eq!((counters.updated, counters.unchanged), (1, 1));
    let members = world.members().await;
    assert_eq!(tags(&members["a@x.example"]), ["Silver"]);
    assert_eq!(tags(&members["b@x.example"]), ["VIP"]);
    assert_eq!(members["b@x.example"]["status"], "subscribed");
    let again = world.report(by_segment(&world, &rows)).await;
    assert_eq!(again.ended.counters.writes, 0, "{:?}", again.ended.counters);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_destination_read_whole_does_not_count_as_what_another_one_delivered() {
    let world = World::new(&[], &[]).await;
    let source = people(&world, 0, 3);
    let one = world.destination(&source, "", "", &[]);
    let mut other = one.clone();
    other.name = DestinationName::parse("Other").expect("a name");
    other.map.remove(&"FNAME".parse().expect("a field"));
    other.map.set("LNAME".parse().expect("a field"), "first");
    for destination in [&one, &other, &one, &other] {
        world.report(destination.clone()).await;
    }
    let edit = json!({"edit": {"email": "p1@x.example", "merge_fields": {"LNAME": "Changed"}}});
    world.steps(&edit).await;
    let fresh = Options {
        fresh: true,
        ..Options::default()
    };
    let ending = world.export(one, fresh).await;
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
    // Some minutes later that change is not among the latest any more.
    let mut ledger = Ledger::open(&world.home(), &world.audience()).expect("ledger");
    let mut notes = ledger.audience_notes().expect("notes");
    let cursor = notes.cursor.as_mut().expect("a cursor");
    cursor.statuses_from += 90;
    cursor.changes_from += 90;
    ledger.note_audience(&notes).expect("noted");
    drop(ledger);
    world.report(other).await;
    let members = world.members().await;
    assert_eq!(members["p1@x.example"]["merge_fields"]["LNAME"], "First1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_run_makes_no_leavers_and_keep_keeps() {
    let world = World::new(&[], &[]).await;
    let rows = [("1", "a@x.example", "Gold"), ("2", "b@x.example", "Gold")];
    world.report(by_segment(&world, &rows)).await;
    let left = [("1", "a@x.example", "Gold"), ("3", "c@x.example", "Silver")];
    let limited = Options {
        limit: Some(1),
        ..Options::default()
    };
    world.export(by_segment(&world, &left), limited).await;
    assert_eq!(tags(&world.members().await["b@x.example"]), ["Gold"]);
    let mut keeping = by_segment(&world, &left);
    keeping.on_leave = segue::domain::OnLeave::Keep;
    let report = world.report(keeping).await;
    assert_eq!(report.ended.counters.tags_removed, 0);
    assert_eq!(tags(&world.members().await["b@x.example"]), ["Gold"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn very_many_leavers_and_a_source_that_shrank_are_refused() {
    let world = World::new(&[], &[]).await;
    let source = people(&world, 0, 300);
    let destination = world.destination(&source, "", "", &[]);
    world.report(destination.clone()).await;
    people(&world, 0, 200);
    let ending = world.export(destination.clone(), Options::default()).await;
    assert!(matches!(
        ending.failure,
        Some(Error::Refused(Guard::Removals {
            count: 100,
            members: 300,
            ..
        }))
    ));
    people(&world, 0, 100);
    let ending = world.export(destination.clone(), Options::default()).await;
    assert!(matches!(
        ending.failure,
        Some(Error::Refused(Guard::Shrunk {
            before: 300,
            now: 100,
            ..
        }))
    ));
    let allowed = Options {
        allow_shrink: true,
        max_removals: Some(100),
        ..Options::default()
    };
    let ending = world.export(destination, allowed).await;
    let report = ending.report.expect("report");
    assert_eq!(report.ended.outcome, Outcome::Done);
    assert_eq!(report.ended.counters.tags_removed, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_whose_address_changed_is_a_new_contact_unless_the_old_one_said_no() {
    let world = World::new(&[], &[]).await;
    let rows = [("1", "a@x.example", "Gold"), ("2", "b@x.example", "Gold")];
    world.report(by_segment(&world, &rows)).await;
    world.steps(&json!({"unsubscribe": "b@x.example"})).await;
    let rows = [
        ("1", "new-a@x.example", "Gold"),
        ("2", "new-b@x.example", "Gold"),
    ];
    let report = world.report(by_segment(&world, &rows)).await;
    let counters = &report.ended.counters;
    assert_eq!(counters.created, 1);
    assert_eq!(counters.reasons[&Reason::ChangedAddressOfNo], 1);
    let members = world.members().await;
    assert!(tags(&members["a@x.example"]).is_empty());
    assert!(!members.contains_key("new-b@x.example"));
    let again = world.report(by_segment(&world, &rows)).await;
    assert_eq!(
        again.ended.counters.created, 0,
        "the old no is not forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_whose_address_was_changed_in_mailchimp_is_followed() {
    let world = World::new(&[], &[]).await;
    let rows = [("1", "a@x.example", "Gold"), ("2", "b@x.example", "Gold")];
    world.report(by_segment(&world, &rows)).await;
    world
        .steps(&json!({"move": ["a@x.example", "moved@x.example"]}))
        .await;
    world.report(by_segment(&world, &rows)).await;
    // The profile joins another segment, by the address that it had.
    let rows = [("1", "a@x.example", "Silver"), ("2", "b@x.example", "Gold")];
    let report = world.report(by_segment(&world, &rows)).await;
    let counters = &report.ended.counters;
    assert_eq!((counters.created, counters.updated), (0, 1), "{counters:?}");
    assert_eq!(tags(&world.members().await["moved@x.example"]), ["Silver"]);
    let fresh = Options {
        fresh: true,
        ..Options::default()
    };
    world.export(by_segment(&world, &rows), fresh).await;
    world
        .steps(&json!({"unsubscribe": "moved@x.example"}))
        .await;
    for _ in 0..2 {
        let report = world.report(by_segment(&world, &rows)).await;
        let counters = &report.ended.counters;
        assert_eq!(counters.created, 0, "{counters:?}");
        assert_eq!(counters.reasons[&Reason::Unsubscribed], 1);
    }
}

/// Kills a run at its `at`th change of state.
async fn killed(world: &World, destination: &Destination, at: usize) {
    let mut running = start(world.order(destination.clone(), Options::default()));
    for _ in 0..at {
        if running.progress.changed().await.is_err() {
            break;
        }
    }
    running.done.abort();
    let _killed = running.done.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_is_settled_by_the_next_one() {
    for at in [1, 4, 9, 16, 25, 40] {
        let world = World::new(&[], &["drop-after=0.05"]).await;
        let source = people(&world, 0, 3000);
        let destination = world.destination(&source, "", "", &[]);
        killed(&world, &destination, at).await;
        // One that had written its report just then was not killed.
        let runs = Runs::of(&world.home()).list().expect("runs");
        let report = runs.first().map(Runs::report::<Report>);
        let was_killed = matches!(report, Some(Ok(None)));
        let sent = world.members().await.len() as u64;
        let report = world.report(destination.clone()).await;
        let counters = &report.ended.counters;
        assert_eq!(
            counters.created + counters.unchanged + counters.updated,
            3000,
            "killed at {at}: {counters:?}"
        );
        let members = world.members().await;
        assert_eq!(members.len(), 3000);
        assert!(members.values().all(|one| one["status"] == "subscribed"));
        assert!(members.values().all(|one| tags(one) == ["all-profiles"]));
        let again = world.report(destination.clone()).await;
        assert_eq!(again.ended.counters.writes, 0, "killed at {at}");
        if was_killed && sent > 0 {
            let resumed = report.ended.resumed.expect("the run that was settled");
            let all: Vec<Report> = Runs::of(&world.home())
                .list()
                .expect("runs")
                .iter()
                .filter_map(|run| Runs::report(run).expect("report"))
                .collect();
            let killed = all
                .iter()
                .find(|one| one.run == resumed)
                .expect("its report");
            let told = &killed.ended.counters;
            // A call that was under way may have come through after the audience was looked at.
            assert!(told.sum_holds() && told.created >= sent, "{told:?} {sent}");
            assert_eq!(counters.unchanged, told.created, "nobody is sent twice");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_tells_for_whom_and_begins_when_they_are_over() {
    let world = World::new(&[], &[]).await;
    let source = people(&world, 0, 3);
    let destination = world.destination(&source, "", "", &[]);
    let wait = Options {
        wait: true,
        ..Options::default()
    };
    let order = world.order(destination.clone(), wait.clone());
    let take = || AccountLock::try_take(&world.home(), &order.access.account, "Spring (4711)");
    let Locked::Ours(held) = take().expect("a lock") else {
        panic!("nobody has it")
    };
    let mut running = start(order.clone());
    let queued = running
        .progress
        .wait_for(|progress| progress.phase == Some(Phase::Queued));
    let holder = queued.await.expect("queued").holder.clone();
    assert_eq!(holder.as_deref(), Some("Spring (4711)"));
    let over = Timestamp::now();
    drop(held);
    let report = running.done.await.expect("ended").report.expect("a report");
    assert!(report.started_at >= over, "to wait is no part of the run");
    assert_eq!(report.ended.counters.created, 3);
    assert_eq!(running.progress.borrow().holder, None);
    // One that is stopped while it waits has begun nothing.
    let Locked::Ours(_held) = take().expect("a lock") else {
        panic!("nobody has it any more")
    };
    let mut running = start(order.clone());
    let queued = running
        .progress
        .wait_for(|progress| progress.phase == Some(Phase::Queued));
    drop(queued.await.expect("queued"));
    running.stop.ask(130);
    let ending = running.done.await.expect("ended");
    assert!(ending.report.is_none(), "nothing was begun");
    assert_eq!(ending.failure.expect("stopped").exit(), 130);
}
