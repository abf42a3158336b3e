//! A small segment of Dataverse is asked for by the ids of its members, a large one is found in the whole table.

use segue::domain::{Segment, SegmentId};
use segue::sandbox::Options;
use segue::source::{ReadRequest, Source};
use tokio::sync::mpsc::channel;

use super::world::{Kind, World, attribute_of};

/// Who is in a segment, with values, in order.
async fn people(source: &Source, segment: &SegmentId) -> Vec<String> {
    let request = ReadRequest {
        segments: vec![segment.clone()],
        attributes: vec![attribute_of(source, "EMail"), attribute_of(source, "City")],
        ..ReadRequest::default()
    };
    let (rows, mut read) = channel(10_000);
    source.read(request, rows).await.expect("rows");
    let mut people = Vec::new();
    while let Some(rows) = read.recv().await {
        people.extend(
            rows.iter()
                .map(|row| format!("{:?} {:?}", row.profile, row.cells)),
        );
    }
    people.sort_unstable();
    people
}

async fn calls(world: &World) -> (u64, u64) {
    let counts = world.counts_of_calls().await;
    let count = |path: &str| {
        let call = format!("GET /api/data/v9.2/{path}");
        counts
            .get(&call)
            .and_then(serde_json::Value::as_u64)
            .unwrap_or(0)
    };
    (
        count("msdynci_customerprofiles"),
        count("RetrieveTotalRecordCount"),
    )
}

#[tokio::test]
async fn a_small_segment_costs_few_calls_and_a_large_one_the_whole_table() {
    let world = World::new(Options {
        profiles: 12_000,
        empty: true,
        ..Options::default()
    })
    .await;
    let (source, folder) = (
        world.open(Kind::Dataverse).await.expect("a source"),
        world.open(Kind::Folder).await.expect("a source"),
    );
    let segments = source.segments().await.expect("segments");
    let of_size = |from: u64, upto: u64| -> &Segment {
        let found = segments
            .iter()
            .find(|one| one.count.is_some_and(|count| (from..upto).contains(&count)));
        found.unwrap_or_else(|| panic!("none of {from} to {upto}: {segments:?}"))
    };
    for (segment, most) in [(of_size(15, 100), 1), (of_size(700, 1_200), 3)] {
        let before = calls(&world).await;
        let told = people(&source, &segment.id).await;
        let after = calls(&world).await;
        assert_eq!(after.0 - before.0, most, "{segment:?}");
        assert_eq!(after.1 - before.1, 1, "{segment:?}");
        let listed = folder.segments().await.expect("segments");
        let same = listed
            .iter()
            .find(|one| one.label == segment.label)
            .expect("the same");
        assert_eq!(told, people(&folder, &same.id).await, "{segment:?}");
        assert_eq!(Some(told.len() as u64), segment.count);
    }
}
