//! What a check tells of every contact before a run, over the whole way from a file and the sandbox's audience.

use segue::deliver::Stop;
use segue::domain::{Change, ChangeKind, Reason};
use segue::export::{Checked, Options, check};
use segue::store::{Wanted, Which};
use serde_json::json;

use crate::support::World;

async fn checked(world: &World, people: &str) -> Checked {
    let source = world.file("people.csv", people);
    let options = Options {
        diff: true,
        ..Options::default()
    };
    let order = world.order(world.destination(&source, "", "", &[]), options);
    check(order, Stop::default()).await.expect("checked")
}

fn scratch(world: &World) -> usize {
    let runs = world.folder.path().join("home/runs");
    let folders = std::fs::read_dir(runs).into_iter().flatten().flatten();
    folders.filter(|entry| entry.path().is_dir()).count()
}

fn told(change: &Change) -> String {
    let fields = change.fields.iter();
    let fields = fields.map(|one| format!("{}: {} -> {}", one.field, one.old, one.new));
    let fields = fields.collect::<Vec<_>>().join(", ");
    let tags = change.tags_added.join(", ");
    format!(
        "{} {} [{fields}] +[{tags}]",
        change.what.as_str(),
        change.who()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_what_would_become_of_each_contact_and_leaves_nothing_behind() {
    let member = |email: &str, status: &str, first: &str| json!({"email_address": email, "status": status, "merge_fields": {"FNAME": first}, "tags": []});
    let members = [
        member("there@x.example", "subscribed", "Anna"),
        member("no@x.example", "unsubscribed", "No"),
    ];
    let world = World::new(&members, &[]).await;
    let people = "email,first\nnew@x.example,New\nthere@x.example,Ann\nno@x.example,No\nnobody,X\n";
    let before = world.members().await;
    let checked = checked(&world, people).await;
    let diff = checked.diff.expect("kept");
    assert_eq!(scratch(&world), 1, "as long as somebody looks at it");
    let all = diff.find(&Wanted::default()).expect("found");
    let mut all = diff.read(&all).expect("read");
    all.sort_by_key(|change| change.what);
    let lines: Vec<String> = all.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "created new@x.example [FNAME:  -> New] +[all-profiles]",
            "updated there@x.example [FNAME: Anna -> Ann] +[all-profiles]",
            "suppressed no@x.example [] +[]",
            "rejected nobody [] +[]",
        ]
    );
    assert_eq!(all[2].reason, Some(Reason::Unsubscribed));
    let counts = ChangeKind::ALL.map(|kind| diff.count(Which::Kind(kind)));
    let sums = &checked.would;
    assert_eq!(
        counts,
        [
            sums.created,
            0,
            sums.updated,
            0,
            sums.suppressed,
            sums.rejected,
            sums.unchanged
        ]
    );
    drop(diff);
    assert_eq!(scratch(&world), 0);
    assert_eq!(world.members().await, before);
}
