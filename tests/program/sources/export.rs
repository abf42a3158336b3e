//! Whole exports from every kind of source.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use segue::domain::{Destination, Segment, StartedBy};
use segue::export::{Access, Ending, Options, Order, start};
use segue::login::Credential;
use segue::sandbox;
use segue::store::Home;
use segue::words::{Lang, Words};

use super::world::{KINDS, Kind, World, attribute_of, segment_of};

/// The destination that every kind gets: three segments, mapped by what attributes are called in front of people.
pub async fn destination(world: &World, kind: Kind) -> Destination {
    let source = world.open(kind).await.expect("a source");
    let name = |label: &str| attribute_of(&source, label);
    let text = format!(
        "name = 'Test'\nlogin = 'test'\naudience = '{}'\nsource = '{}'\nstatus_if_new = 'subscribed'\n\
         consent_attribute = '{}'\ncreated_at = '2026-01-01T00:00:00Z'\n\
         [agreement]\nat = '2026-01-01T00:00:00Z'\nuser = 'test'\nlanguage = 'en'\ntext_sha256 = ''\n\
         [map]\nemail = '{}'\nFNAME = '{}'\nLNAME = '{}'\n[[segments]]\nid = 'x'\nlabel = 'x'\n",
        world.ready("audience_id"),
        world.spec(kind),
        name("Email Subscriber"),
        name("EMail"),
        name("FirstName"),
        name("LastName"),
    );
    let mut destination: Destination = toml::from_str(&text).expect("a destination");
    destination.segments.clear();
    for label in ["Nyhetsbrev", "Norden", "Gold"] {
        let id = segment_of(&source, label).await;
        destination.segments.push(Segment::new(id.as_str(), label));
    }
    destination
}

pub async fn export(world: &World, kind: Kind, destination: Destination) -> Ending {
    let order = order(world, kind, destination).await;
    start(order).done.await.expect("the run ends")
}

pub async fn order(world: &World, kind: Kind, destination: Destination) -> Order {
    Order {
        home: Home::at(world.folder.path().join("home")),
        destination,
        is_saved: false,
        access: Access {
            service: segue::deliver::Service {
                api: segue::http::Endpoint::parse(world.ready("mailchimp_api")).expect("endpoint"),
                credential: Credential::api_key(world.ready("mailchimp_api_key")).expect("key"),
                client: segue::http::Client::new(Duration::from_secs(20)).expect("client"),
                first_pause: Duration::from_millis(1),
                waits: segue::http::Waits::default(),
            },
            account: "test".to_owned(),
            plan_limit: None,
        },
        source: world.service(kind).await.map(Into::into),
        options: Options::default(),
        started_by: StartedBy::Command,
        advice: Arc::new(|reason| reason.as_str().to_owned()),
        explain: Arc::new(|why| Words::new(Lang::En).worded(why)),
    }
}

#[tokio::test]
async fn every_kind_makes_the_same_audience() {
    let mut audiences = BTreeMap::new();
    for kind in KINDS {
        let world = World::new(sandbox::Options {
            profiles: 600,
            ..sandbox::Options::default()
        })
        .await;
        let ending = export(&world, kind, destination(&world, kind).await).await;
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
        let counters = ending.report.expect("a report").ended.counters;
        assert!(
            counters.sum_holds() && counters.created > 50,
            "{kind:?}: {counters:?}"
        );
        audiences.insert(format!("{kind:?}"), world.members().await);
        let calls = world.calls_to_source().await;
        let service = matches!(kind, Kind::Dataverse | Kind::Insights);
        assert_eq!(calls.is_empty(), !service, "{kind:?}");
        // A source is read and never written.
        assert!(
            calls.iter().all(|call| call.starts_with("GET ")),
            "{calls:?}"
        );
    }
    let first = &audiences["Folder"];
    for (kind, members) in &audiences {
        assert_eq!(members.len(), first.len(), "{kind}");
        for (member, other) in members.iter().zip(first) {
            assert_eq!(member, other, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_run_outlives_its_tokens_and_pages_that_fail() {
    let fault = |text: &str| text.parse().expect("a fault");
    for kind in [Kind::Dataverse, Kind::Insights] {
        let world = World::new(sandbox::Options {
            profiles: 600,
            empty: true,
            // Shorter than the reading takes, and longer than a busy machine needs to use a token.
            token_lifetime: Duration::from_millis(150),
            latency: Duration::from_millis(20),
            faults: vec![
                fault("500=0.05"),
                fault("429=0.05"),
                fault("drop-after=0.03"),
            ],
            ..sandbox::Options::default()
        })
        .await;
        let ending = export(&world, kind, destination(&world, kind).await).await;
        assert!(ending.failure.is_none(), "{kind:?}: {:?}", ending.failure);
        let counters = ending.report.expect("a report").ended.counters;
        assert!(
            counters.sum_holds() && counters.created > 50,
            "{kind:?}: {counters:?}"
        );
    }
}
