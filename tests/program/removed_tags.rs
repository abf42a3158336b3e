//! Segments that are taken out of a destination: what becomes of their tags is asked, and done by the next run.

use std::fmt::Write as _;

use segue::domain::{Destination, OnLeave, RemovedTag};
use segue::export::{Error, Guard, Options};
use serde_json::Value;

use crate::support::command::{add, segue, told};
use crate::support::{World, tags};

/// More people than may leave a tag without a word.
const SILVER: usize = 120;

/// A destination over two segments, and its source.
fn destination(world: &World, segments: &[&str]) -> Destination {
    let mut text = "id,email,first,tier\n0,g0@x.example,G,Gold\n".to_owned();
    for at in 1..=SILVER {
        writeln!(text, "{at},s{at}@x.example,S,Silver").expect("row");
    }
    let file = world.file("tiers.csv", &text);
    let folder = "[folder]\nsegment_by = 'tier'";
    world.destination(&file, "", folder, segments)
}

/// How many people have the tag Silver after it was taken out.
async fn left(what: Option<RemovedTag>, on_leave: OnLeave) -> (Option<Error>, usize) {
    let world = World::new(&[], &[]).await;
    world.report(destination(&world, &["Gold", "Silver"])).await;
    let mut gold = destination(&world, &["Gold"]);
    gold.on_leave = on_leave;
    let said = what.map(|what| ("Silver".to_owned(), what));
    gold.removed_tags = said.into_iter().collect();
    let ending = world.export(gold.clone(), Options::default()).await;
    let members = world.members().await;
    let has = |member: &&Value| tags(member) == ["Silver"];
    let count = members.values().filter(has).count();
    assert_eq!(tags(&members["g0@x.example"]), ["Gold"]);
    if ending.failure.is_none() {
        let again = world.report(gold).await;
        assert_eq!(again.ended.counters.writes, 0, "{what:?}: it is done");
    }
    (ending.failure, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_was_taken_out_is_removed_from_however_many_or_kept_as_was_said() {
    let untag = Some(RemovedTag::Untag);
    for on_leave in [OnLeave::Untag, OnLeave::Keep] {
        let (failure, count) = left(untag, on_leave).await;
        assert!(failure.is_none() && count == 0, "{failure:?} {count}");
    }
    let (failure, count) = left(Some(RemovedTag::Keep), OnLeave::Untag).await;
    assert!(failure.is_none() && count == SILVER, "{failure:?} {count}");
    let (failure, count) = left(None, OnLeave::Untag).await;
    let refused = matches!(failure, Some(Error::Refused(Guard::Removals { .. })));
    assert!(refused && count == SILVER, "{failure:?} {count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_names_the_flag_that_is_missing_and_the_check_shows_who_loses_the_tag() {
    let world = World::new(&[], &[]).await;
    world.file(
        "gold.csv",
        "id,first,email\n1,A,a@x.example\n2,B,b@x.example\n",
    );
    let silver = world.file("silver.csv", "id,first,email\n3,C,c@x.example\n");
    add(
        &world,
        silver.parent().expect("folder"),
        &["--all-segments"],
    );
    let taken_out = ["edit", "Spring", "--segment", "gold"];
    let given = |line: &[&str]| told(&segue(&world, line));
    let (exit, out, err) = given(&["run", "Spring"]);
    assert_eq!(exit, Some(0), "{out}{err}");
    let (exit, out, err) = given(&taken_out);
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    assert!(
        err.contains("--removed-tags") && err.contains("untag, keep"),
        "{err}"
    );
    assert!(err.contains("“silver”"), "{err}");
    let (exit, _, err) = given(&[&taken_out[..], &["--removed-tags", "untag"]].concat());
    assert_eq!(exit, Some(0), "{err}");
    let (_, out, _) = given(&["show", "Spring", "--json"]);
    let shown: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(shown["removed_tags"]["silver"], "untag");
    let (exit, out, err) = given(&["check", "Spring", "--diff", "--csv"]);
    assert_eq!(exit, Some(0), "{err}");
    let line = out.lines().find(|line| line.contains("silver"));
    let named = line.is_some_and(|line| line.contains("c@x.example"));
    assert!(named, "by the address in the audience: {out}");
    let (exit, _, err) = given(&["run", "Spring"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(tags(&world.members().await["c@x.example"]).is_empty());
    // Nobody is asked where the segment comes back.
    let (exit, _, err) = given(&["edit", "Spring", "--all-segments"]);
    assert_eq!(exit, Some(0), "{err}");
    let (_, out, _) = given(&["show", "Spring", "--toml"]);
    assert!(!out.contains("removed_tags"), "{out}");
}
