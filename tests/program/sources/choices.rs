//! Choices and two-option attributes of Dataverse, from the table to the audience.

use std::collections::BTreeMap;

use segue::domain::Target;
use segue::sandbox;
use segue::source::{Error, ServiceError};
use serde_json::{Value, json};

use super::export::{destination, export};
use super::world::{Kind, World, attribute_of};

async fn world(choices: bool) -> World {
    let world = World::new(sandbox::Options {
        profiles: 600,
        empty: true,
        ..sandbox::Options::default()
    })
    .await;
    world.control("source", json!({ "choices": choices })).await;
    world
}

#[tokio::test]
async fn rule_1_a_two_option_attribute_of_dataverse_makes_the_audience_that_its_words_make() {
    let mut audiences = BTreeMap::new();
    for (kind, choices) in [
        (Kind::Folder, false),
        (Kind::Dataverse, false),
        (Kind::Dataverse, true),
    ] {
        let world = world(choices).await;
        let source = world.open(kind).await.expect("a source");
        let mut destination = destination(&world, kind).await;
        // Who agreed is judged by true and false; the tier and the answer go out in words.
        for (tag, label) in [("FNAME", "Loyalty Tier"), ("LNAME", "Email Subscriber")] {
            let target: Target = tag.parse().expect("a target");
            destination.map.set(target, attribute_of(&source, label));
        }
        let ending = export(&world, kind, destination).await;
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
        let counters = ending.report.expect("a report").ended.counters;
        assert!(counters.created > 50 && counters.suppressed > 20);
        assert!(counters.choices_unknown.is_empty() && counters.consent_not_understood.is_empty());
        audiences.insert((format!("{kind:?}"), choices), world.members().await);
    }
    let mut audiences = audiences.into_iter();
    let (_, first) = audiences.next().expect("the first");
    let field = |one: &Value, tag: &str| one[2][tag].as_str().unwrap_or_default().to_owned();
    assert!(first.iter().all(|one| field(one, "LNAME") == "Yes"));
    assert!(first.iter().any(|one| field(one, "FNAME") == "gold"));
    for (kind, members) in audiences {
        assert_eq!(members, first, "{kind:?}");
    }
}

#[tokio::test]
async fn a_choice_whose_labels_cannot_be_read_ends_the_run_before_anything_is_written() {
    let world = world(true).await;
    let source = world.open(Kind::Dataverse).await.expect("a source");
    let mut destination = destination(&world, Kind::Dataverse).await;
    let target: Target = "FNAME".parse().expect("a target");
    let tier = attribute_of(&source, "Loyalty Tier");
    destination.map.set(target, tier.clone());
    world.control("source", json!({ "labels": "off" })).await;
    let ending = export(&world, Kind::Dataverse, destination).await;
    let why = ending.failure.expect("a failure");
    assert!(
        matches!(&why, segue::export::Error::Source(Error::Service(ServiceError::NoLabels { attribute })) if *attribute == tier),
        "{why:?}"
    );
    assert_eq!(why.exit(), 1);
    assert!(world.members().await.is_empty());
}
