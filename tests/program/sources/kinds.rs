//! What holds of every kind of source.

use std::collections::{BTreeMap, BTreeSet};

use segue::domain::Semantic;
use segue::sandbox;
use segue::source::{Error, ReadRequest, Row, Source};
use tokio::sync::mpsc::channel;

use super::world::{KINDS, Kind, World, attribute_of, segment_of};

fn people() -> sandbox::Options {
    sandbox::Options {
        profiles: 400,
        ..sandbox::Options::default()
    }
}

async fn read(source: &Source, request: ReadRequest) -> Result<Vec<Row>, Error> {
    let (rows, mut read) = channel(4);
    let reader = source.clone();
    let reading = tokio::spawn(async move { reader.read(request, rows).await });
    let mut all = Vec::new();
    while let Some(batch) = read.recv().await {
        all.extend(batch);
    }
    reading.await.expect("joined").map(|_summary| all)
}

async fn request(source: &Source, segments: &[&str]) -> ReadRequest {
    let mut request = ReadRequest::default();
    for label in segments {
        request.segments.push(segment_of(source, label).await);
    }
    for label in ["EMail", "FirstName", "Email Subscriber"] {
        request.attributes.push(attribute_of(source, label));
    }
    request
}

/// Each profile's values and segments, however often it came.
fn told(rows: &[Row]) -> BTreeMap<String, (Vec<String>, BTreeSet<usize>)> {
    let mut told = BTreeMap::new();
    for row in rows {
        let id = row.profile.as_ref().expect("an id").as_str().to_owned();
        let cells = row.cells.as_ref().expect("no fault").iter();
        let cells = cells.map(str::to_owned).collect();
        let (_, segments) = told.entry(id).or_insert((cells, BTreeSet::new()));
        segments.extend(row.segments.iter());
    }
    told
}

#[tokio::test]
async fn every_kind_tells_what_the_attributes_mean() {
    let world = World::new(people()).await;
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        for (label, meaning) in [
            ("EMail", Semantic::Email),
            ("FirstName", Semantic::FirstName),
            ("LastName", Semantic::LastName),
            ("Email Subscriber", Semantic::Consent),
        ] {
            let found = source.attributes().iter().find(|one| one.label == label);
            let found = found.unwrap_or_else(|| panic!("{kind:?}: no {label}"));
            assert_eq!(found.semantic, Some(meaning), "{kind:?}: {label}");
            assert!(!found.samples.is_empty(), "{kind:?}: {label}");
        }
    }
}

#[tokio::test]
async fn every_kind_counts_the_same_members() {
    let world = World::new(people()).await;
    let mut counts = BTreeMap::new();
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        let segments = source.segments().await.expect("segments");
        let all: Vec<_> = segments.iter().map(|one| one.id.clone()).collect();
        let not_ready = source.not_ready(&all).await.expect("states");
        // Customer Insights alone knows segments that are not up to date.
        assert_eq!(not_ready.is_empty(), kind != Kind::Insights, "{kind:?}");
        let ready = segments
            .iter()
            .filter(|one| not_ready.iter().all(|other| other.id != one.id));
        let told: BTreeMap<_, _> = ready.map(|one| (one.label.clone(), one.count)).collect();
        assert_eq!(told.len(), 8, "{kind:?}");
        counts.insert(format!("{kind:?}"), told);
    }
    let first = &counts["Folder"];
    for (kind, told) in &counts {
        assert_eq!(told, first, "{kind}");
    }
}

#[tokio::test]
async fn every_kind_reads_the_same_people() {
    let world = World::new(people()).await;
    let mut first = None;
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        let request = request(&source, &["Gold", "Norden", "Födelsedag i maj"]).await;
        let rows = read(&source, request).await.expect("rows");
        let told = told(&rows);
        assert!(told.len() > 20, "{kind:?}");
        assert_eq!(first.get_or_insert_with(|| told.clone()), &told, "{kind:?}");
    }
}

#[tokio::test]
async fn every_kind_shows_its_first_members() {
    let world = World::new(people()).await;
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        let whole = told(
            &read(&source, request(&source, &["Norden"]).await)
                .await
                .expect("rows"),
        );
        let first = source.peek(request(&source, &["Norden"]).await, 10).await;
        let first = told(&first.expect("rows"));
        assert_eq!(first.len(), 10, "{kind:?}");
        for (id, person) in first {
            assert_eq!(whole.get(&id), Some(&person), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn every_kind_names_an_attribute_that_is_not_there() {
    let world = World::new(people()).await;
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        let mut request = request(&source, &["Gold"]).await;
        request.attributes.push("gone".to_owned());
        let why = read(&source, request)
            .await
            .expect_err("an unknown attribute");
        assert!(
            matches!(&why, Error::UnknownAttribute { attribute, candidates, .. } if attribute == "gone" && candidates.len() >= 15),
            "{kind:?}: {why:?}"
        );
    }
}

#[tokio::test]
async fn every_kind_stops_when_nobody_takes_the_rows() {
    let world = World::new(people()).await;
    for kind in KINDS {
        let source = world.open(kind).await.expect("a source");
        let (rows, taken) = channel(1);
        drop(taken);
        let outcome = source.read(request(&source, &["Norden"]).await, rows).await;
        assert!(
            matches!(outcome, Err(Error::Stopped)),
            "{kind:?}: {outcome:?}"
        );
    }
}
