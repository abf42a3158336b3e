//! A small model of what an audience must be after each run, whatever people, others and kills did before it. A history
//! that fails is made shorter by proptest, and its seed can be tried again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use segue::export::{Options, start};
use serde_json::{Value, json};

use crate::support::{World, tags};

const PEOPLE: usize = 12;
const TIERS: [&str; 2] = ["Gold", "Silver"];

/// One thing that happens.
#[derive(Debug, Clone)]
enum Happens {
    /// A profile is in the source, with this name and tier.
    Profile(usize, usize, usize),
    /// A profile is not in the source any more.
    Gone(usize),
    /// Others do something to a contact.
    Other(usize, Deed),
    /// A run is killed at this change of its state.
    Killed(usize),
    /// A run comes to its end; the audience is compared.
    Run,
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Unsubscribe,
    Subscribe,
    Bounce,
    Archive,
    Forget,
    Edit,
    Tag,
    Untag,
}

fn happens() -> impl Strategy<Value = Happens> {
    let who = 0..PEOPLE;
    let deed = prop_oneof![
        Just(Deed::Unsubscribe),
        Just(Deed::Subscribe),
        Just(Deed::Bounce),
        Just(Deed::Archive),
        Just(Deed::Forget),
        Just(Deed::Edit),
        Just(Deed::Tag),
        Just(Deed::Untag),
    ];
    prop_oneof![
        4 => (who.clone(), 0..3_usize, 0..2_usize).prop_map(|(who, name, tier)| Happens::Profile(who, name, tier)),
        2 => who.clone().prop_map(Happens::Gone),
        3 => (who, deed).prop_map(|(who, deed)| Happens::Other(who, deed)),
        1 => (0..40_usize).prop_map(Happens::Killed),
        2 => Just(Happens::Run),
    ]
}

/// What must be.
#[derive(Default)]
struct Model {
    source: BTreeMap<usize, (usize, usize)>,
    /// Who may not be mailed, or cannot be.
    no: BTreeSet<usize>,
    /// Contacts that have the tag `VIP` of others.
    vip: BTreeSet<usize>,
}

fn address(who: usize) -> String {
    format!("p{who}@x.example")
}

impl Model {
    fn write(&self, world: &World) {
        let mut rows = "id,email,first,tier\n".to_owned();
        for (who, (name, tier)) in &self.source {
            let address = address(*who);
            writeln!(rows, "P{who},{address},Name{name},{}", TIERS[*tier]).expect("row");
        }
        world.file("people.csv", &rows);
    }

    /// Has others do something, where it can be done.
    async fn other(&mut self, world: &World, who: usize, deed: Deed) {
        let address = address(who);
        let members = world.members().await;
        let status = members.get(&address).and_then(|one| one["status"].as_str());
        let is_there = matches!(status, Some("subscribed"));
        let step = match deed {
            Deed::Subscribe => {
                // Whoever comes back by a form is a contact as any other, without what others had tagged if forgotten.
                if status.is_none_or(|status| status == "forgotten") {
                    self.vip.remove(&who);
                }
                self.no.remove(&who);
                json!({"subscribe": address})
            }
            _ if !is_there => return,
            Deed::Unsubscribe => json!({"unsubscribe": address}),
            Deed::Bounce => json!({"bounce": address}),
            Deed::Archive => json!({"archive": address}),
            Deed::Forget => json!({"forget": address}),
            Deed::Edit => json!({"edit": {"email": address, "merge_fields": {"FNAME": "Other"}}}),
            Deed::Tag => {
                self.vip.insert(who);
                json!({"tag": [address, "VIP"]})
            }
            Deed::Untag => {
                let held = tags(&members[&address]);
                let Some(ours) = held.iter().find(|tag| *tag != "VIP") else {
                    return;
                };
                json!({"untag": [address, ours]})
            }
        };
        if matches!(
            deed,
            Deed::Unsubscribe | Deed::Bounce | Deed::Archive | Deed::Forget
        ) {
            self.no.insert(who);
        }
        world.steps(&step).await;
    }

    /// The tiers that nobody in the source is in. By a column nobody can tell such a segment from one that is gone, so
    /// whoever has its tag keeps it.
    fn empty(&self) -> Vec<&'static str> {
        let filled: BTreeSet<usize> = self.source.values().map(|(_, tier)| *tier).collect();
        let empty = (0..TIERS.len()).filter(|tier| !filled.contains(tier));
        empty.map(|tier| TIERS[tier]).collect()
    }

    fn compare(&self, members: &BTreeMap<String, Value>) {
        let empty = self.empty();
        let counting = |member: &Value| {
            let mut all = tags(member);
            all.retain(|tag| !empty.contains(&tag.as_str()));
            all
        };
        for who in 0..PEOPLE {
            let member = members.get(&address(who));
            let status = member.and_then(|one| one["status"].as_str());
            if self.no.contains(&who) {
                assert_ne!(status, Some("subscribed"), "{who} said no");
                continue;
            }
            let Some((name, tier)) = self.source.get(&who) else {
                // Whoever left, or never was in the source, has none of our tags.
                let ours = member.map(counting).unwrap_or_default();
                assert!(ours.iter().all(|tag| tag == "VIP"), "{who} left: {ours:?}");
                continue;
            };
            assert_eq!(status, Some("subscribed"), "{who}");
            let member = member.expect("there");
            assert_eq!(
                member["merge_fields"]["FNAME"],
                format!("Name{name}"),
                "{who}"
            );
            let mut right = vec![TIERS[*tier]];
            right.extend(self.vip.contains(&who).then_some("VIP"));
            assert_eq!(counting(member), right, "{who}");
        }
    }
}

async fn history(happens: &[Happens], faults: &[&str]) {
    let world = World::new(&[], faults).await;
    let mut model = Model::default();
    model.source.insert(0, (0, 0));
    model.source.insert(1, (0, 1));
    model.write(&world);
    let file = world.folder.path().join("source").join("people.csv");
    let options = Options {
        allow_shrink: true,
        ..Options::default()
    };
    let segmented = "[folder]\nsegment_by = 'tier'";
    let destination = world.destination(&file, "", segmented, &TIERS);
    for one in happens.iter().chain([&Happens::Run]) {
        match one {
            Happens::Profile(who, name, tier) => {
                model.source.insert(*who, (*name, *tier));
            }
            Happens::Gone(who) => {
                model.source.remove(who);
            }
            Happens::Other(who, deed) => model.other(&world, *who, *deed).await,
            Happens::Killed(at) => {
                let order = world.order(destination.clone(), options.clone());
                let mut running = start(order);
                for _ in 0..*at {
                    if running.progress.changed().await.is_err() {
                        break;
                    }
                }
                running.done.abort();
                let _killed = running.done.await;
            }
            Happens::Run => {
                let ending = world.export(destination.clone(), options.clone()).await;
                assert!(ending.failure.is_none(), "{:?}", ending.failure);
                let counters = ending.report.expect("report").ended.counters;
                assert!(counters.sum_holds(), "{counters:?}");
                assert_eq!(counters.statuses_raised, 0);
                model.compare(&world.members().await);
            }
        }
        model.write(&world);
    }
}

#[test]
fn the_engine_agrees_with_a_small_model_of_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("runtime");
    let cases = std::env::var("SEGUE_HISTORIES").ok();
    let config = Config {
        cases: cases.and_then(|count| count.parse().ok()).unwrap_or(12),
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let histories = prop::collection::vec(happens(), 1..30);
    TestRunner::new(config)
        .run(&(histories, any::<bool>()), |(happens, faulty)| {
            let faults: &[&str] = if faulty {
                &[
                    "drop-after=0.05",
                    "drop-before=0.05",
                    "500=0.05",
                    "429=0.05",
                ]
            } else {
                &[]
            };
            let told = format!("{happens:?}");
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                runtime.block_on(history(&happens, faults));
            }));
            ran.map_err(|why| {
                let why = why
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| why.downcast_ref::<&str>().map(|why| (*why).to_owned()));
                TestCaseError::fail(format!("{} in {told}", why.unwrap_or_default()))
            })
        })
        .unwrap_or_else(|why| panic!("{why}"));
}
