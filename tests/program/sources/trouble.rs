//! What goes wrong at a service: each a clear failure with the exit code for it, and nothing half.

use segue::deliver::Stop;
use segue::export::{Ending, Error as ExportError, Guard, Phase, Progress, Warning, check, start};
use segue::sandbox;
use segue::source::{Error, ServiceError};
use segue::words::{Explain, Lang, Words};
use serde_json::json;

use super::export::{destination, export, order};
use super::world::{KINDS, Kind, World};

async fn world() -> World {
    World::new(sandbox::Options {
        profiles: 300,
        empty: true,
        ..sandbox::Options::default()
    })
    .await
}

fn failure(ending: &Ending) -> &ExportError {
    ending.failure.as_ref().expect("a failure")
}

fn service_error(ending: &Ending) -> &ServiceError {
    match failure(ending) {
        ExportError::Source(Error::Service(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_source_that_disappears_ends_the_run_and_the_next_one_begins_anew() {
    for kind in [Kind::Dataverse, Kind::Insights] {
        let world = world().await;
        let destination = destination(&world, kind).await;
        world.control("source", json!({"vanish_after": 3})).await;
        let ending = export(&world, kind, destination.clone()).await;
        let why = service_error(&ending);
        assert!(
            matches!(why, ServiceError::NoAnswer(_)),
            "{kind:?}: {why:?}"
        );
        assert_eq!(failure(&ending).exit(), 5, "{kind:?}");
        assert!(world.members().await.is_empty(), "{kind:?}");
        world
            .control("source", json!({"vanish_after": "never"}))
            .await;
        let ending = export(&world, kind, destination).await;
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
    }
}

#[tokio::test]
async fn a_missing_privilege_is_told_apart_from_a_missing_sign_in() {
    for kind in [Kind::Dataverse, Kind::Insights] {
        let world = world().await;
        let destination = destination(&world, kind).await;
        world.control("source", json!({"privilege": "off"})).await;
        let ending = export(&world, kind, destination).await;
        let why = service_error(&ending);
        assert!(
            matches!(why, ServiceError::NoPrivilege { .. }),
            "{kind:?}: {why:?}"
        );
        assert_eq!(failure(&ending).exit(), 4);
    }
}

#[tokio::test]
async fn a_wrong_subscription_key_is_named() {
    let world = world().await;
    let destination = destination(&world, Kind::Insights).await;
    world
        .control("source", json!({"subscription_key": "off"}))
        .await;
    let ending = export(&world, Kind::Insights, destination).await;
    let why = service_error(&ending);
    assert!(
        matches!(why, ServiceError::SubscriptionKey { .. }),
        "{why:?}"
    );
    assert_eq!(failure(&ending).exit(), 4);
}

#[tokio::test]
async fn a_segment_that_is_gone_is_refused_or_its_tag_is_left_and_told() {
    for kind in KINDS {
        let world = world().await;
        let wanted = destination(&world, kind).await;
        export(&world, kind, wanted.clone()).await;
        let before = world.members().await;
        world.delete_segment("Gold").await;
        let ending = export(&world, kind, wanted.clone()).await;
        let guard = failure(&ending).guard().expect("a guard");
        assert!(
            matches!(&guard, Guard::Shrunk { gone, emptied, .. } if gone == &["Gold"] && emptied.is_empty()),
            "{kind:?}: {guard:?}"
        );
        assert_eq!(failure(&ending).exit(), 6, "{kind:?}");
        let told = guard.explain(&Words::new(Lang::En)).what;
        assert!(told.contains("no longer has the segment “Gold”"), "{told}");
        let mut checking = order(&world, kind, wanted.clone()).await;
        checking.options.allow_shrink = true;
        let allowed = checking.clone();
        let checked = check(checking, Stop::default()).await.expect("checked");
        let warning = Warning::GoneSegments(vec!["Gold".to_owned()]);
        assert!(checked.warnings.contains(&warning), "{kind:?}");
        assert_eq!(checked.exit, 0, "{kind:?}");
        let ending = start(allowed).done.await.expect("the run ends");
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
        assert_eq!(
            world.members().await,
            before,
            "{kind:?}: nobody is untagged"
        );
        // What was allowed is told from then on, and not refused again.
        let ending = export(&world, kind, wanted).await;
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
        let counters = ending.report.expect("a report").ended.counters;
        assert!(counters.warnings().contains(&warning), "{kind:?}");
        assert_eq!(counters.tags_removed, 0, "{kind:?}");
        assert_eq!(
            world.members().await,
            before,
            "{kind:?}: nobody is untagged"
        );
    }
}

#[tokio::test]
async fn fewer_members_than_the_source_counts_end_a_run_and_a_check_unless_counts_are_not_trusted()
{
    let world = world().await;
    let wanted = destination(&world, Kind::Insights).await;
    world.control("source", json!({"counts_more": 20})).await;
    let ending = export(&world, Kind::Insights, wanted.clone()).await;
    let why = service_error(&ending);
    assert!(matches!(why, ServiceError::Fewer { .. }), "{why:?}");
    assert_eq!(failure(&ending).exit(), 5);
    let checking = order(&world, Kind::Insights, wanted.clone()).await;
    let why = check(checking, Stop::default()).await.expect_err("a check");
    assert_eq!(why.exit(), 5);
    assert!(world.members().await.is_empty());

    let mut trusting = order(&world, Kind::Insights, wanted).await;
    trusting.options.trust_counts = true;
    let checked = check(trusting.clone(), Stop::default()).await;
    let told =
        |warning: &Warning| matches!(warning, Warning::CountsDiffer(told) if told.len() == 3);
    assert!(checked.expect("checked").warnings.iter().any(told));
    let ending = start(trusting).done.await.expect("the run ends");
    let counters = ending.report.expect("a report").ended.counters;
    let gold = counters.counts_differ["Gold"];
    assert_eq!(gold.told, gold.read + 20);
    assert!(counters.warnings().iter().any(told) && counters.created > 50);
}

#[tokio::test]
async fn a_renamed_attribute_is_named_before_anything_is_read() {
    for kind in [Kind::Dataverse, Kind::Insights] {
        let world = world().await;
        let destination = destination(&world, kind).await;
        world
            .control("source", json!({"rename_attribute": ["EMail", "Mejl"]}))
            .await;
        let ending = export(&world, kind, destination).await;
        assert!(
            matches!(
                failure(&ending),
                ExportError::Source(Error::UnknownAttribute { .. })
            ),
            "{kind:?}: {:?}",
            ending.failure
        );
    }
}

#[tokio::test]
async fn consent_withdrawn_in_entra_asks_for_a_sign_in() {
    let world = world().await;
    let destination = destination(&world, Kind::Dataverse).await;
    let service = world.service(Kind::Dataverse).await;
    assert!(service.is_some());
    world.control("entra", json!({"revoke": "consent"})).await;
    let source = segue::source::Source::open(
        &destination.source,
        &destination.folder,
        service.map(Into::into),
    );
    let why = source.await.expect_err("no consent");
    assert!(why.needs_sign_in(), "{why:?}");
}

#[tokio::test]
async fn a_segment_that_is_switched_off_is_refused() {
    let world = world().await;
    let source = world.open(Kind::Insights).await.expect("a source");
    let segments = source.segments().await.expect("segments");
    let ids: Vec<_> = segments.iter().map(|one| one.id.clone()).collect();
    let not_ready = source.not_ready(&ids).await.expect("states");
    for segment in not_ready {
        let mut destination = destination(&world, Kind::Insights).await;
        destination.segments.push(segment);
        let ending = export(&world, Kind::Insights, destination).await;
        assert_eq!(failure(&ending).exit(), 6);
        let guard = failure(&ending).guard().expect("a guard");
        assert_eq!(guard.as_str(), "segment_state");
    }
    assert!(world.members().await.is_empty());
}

#[tokio::test]
async fn lists_of_segments_with_backslashes_are_read_like_any_other() {
    let world = world().await;
    let destination = destination(&world, Kind::Dataverse).await;
    world.control("source", json!({"backslash": true})).await;
    let ending = export(&world, Kind::Dataverse, destination).await;
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
    let report = ending.report.expect("a report");
    assert!(report.ended.counters.empty_segments.is_empty() && report.ended.counters.created > 50);
}

#[tokio::test]
async fn a_running_refresh_is_told_and_waited_for_when_asked() {
    let world = world().await;
    let destination = destination(&world, Kind::Insights).await;
    world.control("source", json!({"refresh": "running"})).await;
    let checking = order(&world, Kind::Insights, destination.clone()).await;
    let checked = check(checking, Stop::default()).await.expect("checked");
    assert!(
        checked.warnings.contains(&Warning::Refreshing),
        "{:?}",
        checked.warnings
    );

    let mut order = order(&world, Kind::Insights, destination).await;
    order.options.wait = true;
    let mut running = start(order);
    let waits = |progress: &Progress| progress.phase == Some(Phase::Waiting);
    running.progress.wait_for(waits).await.expect("it waits");
    world.control("source", json!({"refresh": "idle"})).await;
    let ending = running.done.await.expect("the run ends");
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
}
