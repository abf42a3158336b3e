//! Guards that decide once the plan is made, and runs of only some profiles, over the whole way to the sandbox's audience.

use segue::deliver::Stop;
use segue::export::{Options, Order, Outcome, Warning, check, start};
use serde_json::{Value, json};

use crate::support::World;

fn held(name: &str, status: &str) -> Value {
    json!({"email_address": format!("{name}@x.example"), "status": status, "merge_fields": {}, "tags": []})
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_no_run_takes_the_account_beyond_its_plan_unless_that_is_allowed() {
    let held = [
        held("in", "subscribed"),
        held("no", "unsubscribed"),
        held("old", "archived"),
    ];
    let world = World::new(&held, &[]).await;
    let people = "email,first\nin@x.example,A\nb@x.example,B\nc@x.example,C\n";
    let source = world.file("people.csv", people);
    let order = |plan_limit, allow_overage| -> Order {
        let options = Options {
            allow_overage,
            ..Options::default()
        };
        let mut order = world.order(world.destination(&source, "", "", &[]), options);
        order.access.plan_limit = Some(plan_limit);
        order
    };
    let before = world.members().await;
    let ending = start(order(3, false)).done.await.expect("ends");
    let ended = ending.report.expect("a report").ended;
    assert_eq!((ended.outcome, ended.exit), (Outcome::Refused, 6));
    assert_eq!(ended.guard.as_deref(), Some("plan_limit"));
    assert_eq!((ended.counters.remaining, ended.counters.writes), (3, 0));
    assert_eq!(world.members().await, before, "nothing was written");
    let checked = Box::pin(check(order(3, false), Stop::default()))
        .await
        .expect("checks");
    assert_eq!((checked.exit, checked.would.created), (6, 2));
    let warned = |warning: &Warning| matches!(warning, Warning::WouldBeRefused(guard) if guard.as_str() == "plan_limit");
    assert!(checked.warnings.iter().any(warned));
    let ending = start(order(3, true)).done.await.expect("ends");
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
    assert_eq!(world.members().await.len(), 5);
    // Four are there now, and nobody is created any more.
    let ending = start(order(3, false)).done.await.expect("ends");
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_are_sent_again_alone_and_stay_those_of_the_last_full_run() {
    let world = World::new(&[], &[]).await;
    let people = "id,email,first\n1,one@x.example,A\n2,no address,B\n3,,C\n4,also none,D\n";
    let source = world.file("people.csv", people);
    let destination = || world.destination(&source, "", "", &[]);
    let first = world.report(destination()).await;
    assert_eq!((first.ended.counters.created, first.ended.exit), (1, 3));
    assert!(!first.limited);
    // Two are mended; who came since, and who changed since, is not one of them.
    let people = "id,email,first\n1,one@x.example,Other\n2,two@x.example,B\n3,,C\n4,four@x.example,D\n5,five@x.example,E\n";
    world.file("people.csv", people);
    let again = || {
        let only_rejects = true;
        Options {
            only_rejects,
            ..Options::default()
        }
    };
    for created in [2, 0] {
        let ending = world.export(destination(), again()).await;
        let report = ending.report.expect("a report");
        let counters = &report.ended.counters;
        assert!(report.limited && counters.sum_holds());
        assert_eq!((counters.profiles, counters.created), (3, created));
        assert_eq!(
            (counters.rejected, report.ended.exit),
            (1, 0),
            "no new reject"
        );
    }
    let members = world.members().await;
    assert_eq!(members["one@x.example"]["merge_fields"]["FNAME"], "A");
    assert!(!members.contains_key("five@x.example"));
}
