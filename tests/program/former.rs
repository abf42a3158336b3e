//! A no under a former address: it counts for the person, wherever it is remembered.

use segue::domain::Reason;
use segue::export::Options;
use serde_json::json;

use crate::engine::by_segment;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_no_under_a_former_address_counts_for_all_who_share_the_new_one() {
    // Whoever stands for the shared address, and whether the one who said no is behind a limit.
    let shared = ["shared@x.example", "b@x.example", "shared@x.example"];
    let rows = |to: [&'static str; 3]| [0, 1, 2].map(|at| (["1", "2", "3"][at], to[at], "Gold"));
    for (former, limit) in [
        ("a@x.example", None),
        ("c@x.example", None),
        ("c@x.example", Some(2)),
    ] {
        let world = World::new(&[], &[]).await;
        let before = rows(["a@x.example", "b@x.example", "c@x.example"]);
        world.report(by_segment(&world, &before)).await;
        world.steps(&json!({"unsubscribe": former})).await;
        let options = Options {
            limit,
            ..Options::default()
        };
        let ending = world
            .export(by_segment(&world, &rows(shared)), options)
            .await;
        let counters = ending.report.expect("report").ended.counters;
        assert_eq!(counters.created, 0, "{former} {limit:?}");
        assert_eq!(counters.reasons[&Reason::ChangedAddressOfNo], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_no_under_a_former_address_outlives_the_ledger() {
    let world = World::new(&[], &[]).await;
    let rows = [("1", "a@x.example", "Gold"), ("2", "b@x.example", "Gold")];
    let destination = by_segment(&world, &rows);
    let ledger = world.home().ledger(&destination.audience);
    world.report(destination).await;
    world.steps(&json!({"unsubscribe": "b@x.example"})).await;
    std::fs::remove_file(ledger).expect("lost");
    let rows = [
        ("1", "a@x.example", "Gold"),
        ("2", "new-b@x.example", "Gold"),
    ];
    // The second time it is the ledger again that knows.
    for _ in 0..2 {
        let report = world.report(by_segment(&world, &rows)).await;
        let counters = &report.ended.counters;
        assert_eq!(counters.created, 0);
        assert_eq!(counters.reasons[&Reason::ChangedAddressOfNo], 1);
    }
}
