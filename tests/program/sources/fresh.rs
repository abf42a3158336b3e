//! Sources that are refreshed, as those who wait for that see them.

use std::time::Duration;

use segue::domain::FolderOptions;
use segue::sandbox;
use segue::source::refresh;
use serde_json::json;

use super::world::{Kind, World};

#[tokio::test]
async fn every_service_is_another_after_each_refresh_and_the_same_until_then() {
    for (every, moves) in [(Duration::ZERO, false), (Duration::from_millis(250), true)] {
        let world = World::new(sandbox::Options {
            profiles: 300,
            empty: true,
            refresh_every: every,
            ..sandbox::Options::default()
        })
        .await;
        for kind in [Kind::Dataverse, Kind::Insights] {
            let mark = async || {
                let service = world.service(kind).await;
                refresh(
                    &world.spec(kind),
                    &FolderOptions::default(),
                    service.map(Into::into),
                )
                .await
                .expect("asked")
                .mark
            };
            let first = mark().await;
            assert!(!first.is_empty());
            let mut moved = false;
            for _ in 0..if moves { 500 } else { 3 } {
                moved = mark().await != first;
                if moved {
                    break;
                }
            }
            assert_eq!(moved, moves, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_refresh_that_runs_is_told_where_the_source_knows_it() {
    let world = World::new(sandbox::Options {
        profiles: 3,
        empty: true,
        ..sandbox::Options::default()
    })
    .await;
    world.control("source", json!({"refresh": "running"})).await;
    let service = world.service(Kind::Insights).await;
    let told = refresh(
        &world.spec(Kind::Insights),
        &FolderOptions::default(),
        service.map(Into::into),
    )
    .await;
    assert!(told.expect("asked").running);
}
