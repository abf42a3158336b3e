//! Guards that decide once the plan is made, over the whole way to the sandbox's audience.

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
    let checked = check(order(3, false), Stop::default())
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
