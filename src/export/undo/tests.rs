//! Undos against the sandbox: what they archive, restore and leave, and that they end the same wherever they are cut off.

mod world;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{NoUndo, did, offer_undo, start_undo};
use crate::export::{Diff, Error, Outcome, last_report};
use crate::store::{RunFolder, Runs, Which};
use world::{World, member, tags};

/// An audience with one contact of ours to be and one who is not, and an export of three people.
async fn exported() -> (World, RunFolder) {
    let held = [
        member(
            "anna@x.example",
            &json!({"FNAME": "Anna", "LNAME": "Ek"}),
            &["VIP"],
        ),
        member("other@x.example", &json!({"FNAME": "Other"}), &[]),
    ];
    let world = World::new(&held, &[]).await;
    let run = world
        .export(
            "Spring",
            "anna@x.example,Annika,sv\nbo@x.example,Bo,en\ncia@x.example,Cia,\n",
        )
        .await;
    (world, run)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_did_is_told_person_by_person_from_what_it_kept() {
    let (world, run) = exported().await;
    let order = world.order("Spring");
    let told = |diff: &Diff| {
        let mut all = Vec::new();
        let each = diff.each(Which::Everything, |change| {
            let fields = change.fields.iter();
            let fields = fields.map(|one| format!("{} {}>{}", one.field, one.old, one.new));
            let fields = fields.collect::<Vec<_>>().join(", ");
            let tags = change.tags_added.join(",");
            all.push(format!(
                "{} {} [{fields}] +{tags}",
                change.what.sign(),
                change.address
            ));
        });
        each.expect("read");
        all.sort();
        all
    };
    let diff = did(&order, run.id.as_str()).await.expect("told");
    assert_eq!(
        told(&diff),
        [
            "+ bo@x.example [FNAME >Bo] +all-profiles",
            "+ cia@x.example [FNAME >Cia] +all-profiles",
            "~ anna@x.example [FNAME Anna>Annika, language >sv] +all-profiles",
        ]
    );
    // Without images nobody knows what was there before, but still whom the run wrote to.
    std::fs::remove_file(run.images()).expect("removed");
    let diff = did(&order, run.id.as_str()).await.expect("told");
    assert!(told(&diff).contains(&"~ anna@x.example [] +all-profiles".to_owned()));
    let lost = did(&order, "20200101T000000.000Z-0000").await;
    assert!(matches!(lost, Err(Error::NoUndo(NoUndo::NoJournal { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_lost_a_tag_is_told_by_address_though_the_audience_counts_nobody_as_changed() {
    let (world, _) = exported().await;
    let rows = "anna@x.example,Annika,sv\nbo@x.example,Bo,en\n";
    let run = world.export("Spring", rows).await;
    let diff = did(&world.order("Spring"), run.id.as_str()).await;
    let mut all = Vec::new();
    let each = diff.expect("told").each(Which::Everything, |change| {
        let tags = change.tags_removed.join(",");
        all.push(format!("{} {} {tags}", change.what.sign(), change.who()));
    });
    each.expect("read");
    assert_eq!(all, ["− cia@x.example all-profiles"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_created_is_archived_and_who_was_changed_gets_everything_back() {
    let (world, run) = exported().await;
    let before = world.members().await;
    assert_eq!(before["anna@x.example"]["merge_fields"]["FNAME"], "Annika");
    assert_eq!(before["anna@x.example"]["language"], "sv");
    assert_eq!(tags(&before["anna@x.example"]), ["VIP", "all-profiles"]);
    let order = world.order("Spring");
    let offer = offer_undo(&order, None).await.expect("an offer");
    assert_eq!((&offer.run, offer.done), (&run.id, None));
    assert_eq!((offer.archive, offer.restore, offer.lost), (2, 1, 0));
    assert_eq!(offer.calls, 2 * 2 + 3);
    let report = world.undo("Spring", None).await.expect("undone");
    let counters = &report.ended.counters;
    assert_eq!(report.ended.outcome, Outcome::Done);
    assert_eq!(
        (counters.archived, counters.restored, counters.left),
        (2, 1, 0)
    );
    assert_eq!((counters.remaining, counters.calls), (0, 3 + 4 + 2));
    let after = world.members().await;
    for address in ["bo@x.example", "cia@x.example"] {
        assert_eq!(after[address]["status"], "archived");
    }
    let anna = &after["anna@x.example"];
    assert_eq!(anna["status"], "subscribed");
    assert_eq!(anna["merge_fields"]["FNAME"], "Anna");
    assert_eq!(anna["merge_fields"]["LNAME"], "Ek");
    assert_eq!(
        (&anna["language"], tags(anna)),
        (&json!(""), vec!["VIP".to_owned()])
    );
    assert_eq!(after["other@x.example"], before["other@x.example"]);
    world.nobody_rose().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_undo_archived_is_remembered_as_it_left_them() {
    let (world, _) = exported().await;
    world.undo("Spring", None).await.expect("undone");
    let undone = world.ledger().undone().expect("undone");
    assert_eq!(undone.len(), 2);
    for one in undone {
        let stamp = world.stamp(one.key).await;
        assert_eq!((one.after, one.after == 0), (stamp, false));
    }
    let rows = "anna@x.example,Anna,\nbo@x.example,Bo,en\n";
    world.export("Spring", rows).await;
    let counters = world.latest().1.ended.counters;
    assert_eq!((counters.reinstated, counters.created), (1, 1), "put back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_since_is_left_and_listed() {
    let (world, _) = exported().await;
    let edit = json!({"edit": {"email": "anna@x.example", "merge_fields": {"LNAME": "Ekman"}}});
    let steps = json!([
        edit, {"unsubscribe": "bo@x.example"}, {"forget": "cia@x.example"},
    ]);
    world.step(&steps).await;
    let before = world.members().await;
    let report = world.undo("Spring", None).await.expect("undone");
    let counters = &report.ended.counters;
    assert_eq!((counters.archived, counters.restored), (0, 0));
    assert_eq!((counters.left, counters.remaining), (3, 0));
    assert_eq!(counters.writes, 0, "nobody is touched");
    assert_eq!(world.members().await, before);
    let (run, _) = world.latest();
    let text = std::fs::read_to_string(run.left()).expect("listed");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(lines.remove(0), "run,email,id,reason");
    lines.sort();
    let told: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1], cells[3])
        })
        .collect();
    let changed = "changed";
    assert_eq!(
        told,
        [
            ("", "gone"),
            ("anna@x.example", changed),
            ("bo@x.example", changed)
        ]
    );
    world.nobody_rose().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_tag_taken_by_hand_and_a_status_that_fell_leave_a_contact_alone() {
    let (world, _) = exported().await;
    let untag = json!({"untag": ["anna@x.example", "all-profiles"]});
    world
        .step(&json!([untag, {"archive": "bo@x.example"}]))
        .await;
    let report = world.undo("Spring", None).await.expect("undone");
    assert_eq!(report.ended.counters.left, 2);
    assert_eq!(report.ended.counters.archived, 1);
    let anna = &world.members().await["anna@x.example"];
    assert_eq!(anna["merge_fields"]["FNAME"], "Annika");
}

/// Cuts an undo off after so many contacts, then goes on, until it has come to its end.
async fn cut_off_and_gone_on(after: u64, faults: &[&str]) {
    let held: Vec<Value> = (0..20)
        .map(|at| member(&format!("p{at}@x.example"), &json!({"FNAME": "Old"}), &[]))
        .collect();
    let world = World::new(&held, faults).await;
    let rows = (0..40).map(|at| format!("p{at}@x.example,New,sv\n"));
    let rows = rows.collect::<Vec<_>>().concat();
    let run = world.export("Spring", &rows).await;
    world.step(&json!({"unsubscribe": "p3@x.example"})).await;
    let mut cuts = 0;
    while cuts < 60 {
        let mut running = start_undo(world.order("Spring"), run.id.clone());
        let more = running.progress.wait_for(|progress| {
            let counters = &progress.counters;
            let done = counters.archived + counters.restored + counters.left;
            done >= after * (cuts + 1)
        });
        if more.await.is_err() {
            match running.done.await.expect("joined").failure {
                // Files may still be in the hands of the one that was cut off, as they are not of a process that is gone.
                Some(Error::Busy { .. }) => tokio::task::yield_now().await,
                // It came to its end first, or the one before did as it was cut off.
                None | Some(Error::NoUndo(NoUndo::Undone { .. })) => break,
                Some(why) => panic!("{why:?}"),
            }
            continue;
        }
        running.done.abort();
        let _cut = running.done.await;
        cuts += 1;
    }
    let report = loop {
        match world.undo("Spring", None).await {
            Ok(report) => break report,
            Err(Error::NoUndo(NoUndo::Undone { .. })) => break world.latest().1,
            Err(Error::Busy { .. }) => tokio::task::yield_now().await,
            Err(why) => panic!("{why:?}"),
        }
    };
    assert!(cuts > 0, "it was cut off");
    let counters = &report.ended.counters;
    assert_eq!(report.ended.outcome, Outcome::Done);
    assert_eq!(
        (counters.archived, counters.restored, counters.left),
        (20, 19, 1),
        "after {cuts} cuts"
    );
    let members = world.members().await;
    for at in 0..40 {
        let one = &members[&format!("p{at}@x.example")];
        let (status, first) = match at {
            3 => ("unsubscribed", "New"),
            0..20 => ("subscribed", "Old"),
            _ => ("archived", "New"),
        };
        assert_eq!(one["status"], status, "{at}");
        assert_eq!(one["merge_fields"]["FNAME"], first, "{at}");
        assert_eq!(tags(one).is_empty(), status == "subscribed", "{at}");
    }
    assert_eq!(world.undos(), 1, "it went on in its own folder");
    world.nobody_rose().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_was_killed_goes_on_and_ends_the_same() {
    cut_off_and_gone_on(7, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_was_killed_goes_on_though_answers_go_missing() {
    cut_off_and_gone_on(9, &["drop-after=0.2", "500=0.1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_run_to_an_audience_is_taken_back_first_whoever_made_it() {
    let (world, first) = exported().await;
    let second = world.export("Autumn", "dan@x.example,Dan,\n").await;
    let refused = world.undo("Spring", None).await.expect_err("refused");
    assert_eq!(refused.exit(), 2);
    let Error::NoUndo(NoUndo::Later {
        later, destination, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!((later, destination.as_str()), (second.id.clone(), "Autumn"));
    let latest = world.undo("Autumn", Some(second.id.as_str())).await;
    assert_eq!(latest.expect("undone").ended.counters.archived, 1);
    let report = world.undo("Spring", Some(first.id.as_str())).await;
    assert_eq!(report.expect("undone").ended.counters.archived, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_taken_back_once_and_marked() {
    let (world, run) = exported().await;
    let undo = world.undo("Spring", None).await.expect("undone");
    assert_eq!(undo.undo.undoes.as_deref(), Some(run.id.as_str()));
    let id = world.order("Spring").destination.id();
    let (last, report) = last_report(&world.home(), &id)
        .expect("runs")
        .expect("a run");
    assert_eq!(last.id, run.id, "an undo is no export");
    assert_eq!(report.undo.undone_by, Some(undo.run.clone()));
    for wanted in [None, Some(run.id.as_str())] {
        let refused = world.undo("Spring", wanted).await.expect_err("refused");
        assert!(
            matches!(&refused, Error::NoUndo(NoUndo::Undone { by, before: None, .. }) if by.as_str() == undo.run),
            "{refused:?}"
        );
    }
    let refused = world.undo("Spring", Some(undo.run.as_str())).await;
    assert!(matches!(refused, Err(Error::NoUndo(NoUndo::IsUndo { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_back_is_said_before() {
    let (world, run) = exported().await;
    let sent = Timestamp::now().to_string();
    world
        .step(&json!({"campaign": {"title": "July", "send_time": sent}}))
        .await;
    std::fs::remove_file(run.images()).expect("images");
    let order = world.order("Spring");
    let offer = offer_undo(&order, None).await.expect("an offer");
    assert_eq!((offer.archive, offer.restore, offer.lost), (2, 0, 1));
    let titles: Vec<&str> = offer
        .campaigns
        .iter()
        .map(|one| one.title.as_str())
        .collect();
    assert_eq!(titles, ["July"]);
    let report = world.undo("Spring", None).await.expect("undone");
    assert_eq!(report.undo.lost, 1);
    assert_eq!(report.ended.counters.archived, 2);
    let anna = &world.members().await["anna@x.example"];
    assert_eq!(anna["merge_fields"]["FNAME"], "Annika", "it stays as it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_cannot_be_taken_back_are_refused_with_words() {
    let held = [member(
        "anna@x.example",
        &json!({"FNAME": "Anna"}),
        &["all-profiles"],
    )];
    let world = World::new(&held, &[]).await;
    let refused = |why: Error| match why {
        Error::NoUndo(why) => why,
        why => panic!("{why:?}"),
    };
    let nothing = world.undo("Spring", None).await.expect_err("no run");
    assert!(matches!(refused(nothing), NoUndo::NothingWritten { .. }));
    let run = world.export("Spring", "anna@x.example,Anna,\n").await;
    let unknown = world.undo("Spring", Some("x")).await.expect_err("unknown");
    assert!(matches!(refused(unknown), NoUndo::UnknownRun { .. }));
    let other = world.undo("Autumn", Some(run.id.as_str())).await;
    assert!(matches!(
        refused(other.expect_err("other")),
        NoUndo::UnknownRun { .. }
    ));
    let wrote = world.undo("Spring", Some(run.id.as_str())).await;
    let wrote = refused(wrote.expect_err("nothing written"));
    assert!(matches!(wrote, NoUndo::WroteNothing { .. }), "{wrote:?}");
    std::fs::remove_file(run.journal()).expect("journal");
    let wrote = world.undo("Spring", Some(run.id.as_str())).await;
    let wrote = refused(wrote.expect_err("nothing written"));
    assert!(
        matches!(wrote, NoUndo::WroteNothing { .. }),
        "one that failed early has no journal: {wrote:?}"
    );
    let run = world.export("Spring", "anna@x.example,Annika,\n").await;
    std::fs::remove_file(run.images()).expect("images");
    let lost = world.undo("Spring", None).await.expect_err("lost");
    assert!(matches!(refused(lost), NoUndo::NoImages { .. }));
    std::fs::remove_file(run.journal()).expect("journal");
    let lost = world.undo("Spring", Some(run.id.as_str())).await;
    assert!(matches!(
        refused(lost.expect_err("lost")),
        NoUndo::NoJournal { .. }
    ));
    assert_eq!(Runs::of(&world.home()).list().expect("runs").len(), 2);
}
