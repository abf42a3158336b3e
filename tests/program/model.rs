//! A small model of what an audience must be after each run, whatever people, others, kills, faults and damage did before
//! it. A history follows from a seed; one that fails is made shorter by proptest, and runs again by its seed:
//! `SEGUE_SEED=7 cargo test --test program model`. `SEGUE_HISTORIES=2000` runs so many, from that seed on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use segue::domain::{Destination, DestinationName};
use segue::export::{Options, start};
use segue::http::Client;
use segue::store::{Ledger, Runs};
use serde_json::{Value, json};

use crate::support::{World, tags};

const PEOPLE: usize = 12;
const TIERS: [&str; 2] = ["Gold", "Silver"];
const FAULTS: [&str; 4] = [
    "drop-after=0.05",
    "drop-before=0.05",
    "500=0.05",
    "429=0.05",
];

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
    /// So many bytes at the end of the latest journal never came to the disk.
    Torn(usize),
    /// A byte of the ledger is not what it was, or the ledger is lost.
    Damaged(Option<usize>),
    /// Some minutes pass: what changed before is not read again.
    Later,
    /// Only the first profiles are exported.
    Limited(u64),
    /// A run by which nothing that is remembered counts, or a usual one, comes to its end; the audience is compared.
    Run { fresh: bool },
    /// A run of the other destination, which fills another field.
    Second { fresh: bool },
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Unsubscribe,
    Subscribe,
    Bounce,
    Archive,
    Forget,
    Edit,
    EditSecond,
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
        Just(Deed::EditSecond),
        Just(Deed::Tag),
        Just(Deed::Untag),
    ];
    let fresh = prop::bool::weighted(0.2);
    prop_oneof![
        8 => (who.clone(), 0..3_usize, 0..2_usize).prop_map(|(who, name, tier)| Happens::Profile(who, name, tier)),
        4 => who.clone().prop_map(Happens::Gone),
        6 => (who, deed).prop_map(|(who, deed)| Happens::Other(who, deed)),
        3 => (0..40_usize).prop_map(Happens::Killed),
        1 => (1..200_usize).prop_map(Happens::Torn),
        1 => prop::option::weighted(0.8, any::<usize>()).prop_map(Happens::Damaged),
        2 => Just(Happens::Later),
        1 => (1..PEOPLE as u64).prop_map(Happens::Limited),
        4 => fresh.prop_map(|fresh| Happens::Run { fresh }),
        2 => fresh.prop_map(|fresh| Happens::Second { fresh }),
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
    /// What had been delivered was lost with a journal or the ledger: then nobody is untagged by guessing.
    damaged: bool,
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
        let edit =
            |field: &str| json!({"edit": {"email": address, "merge_fields": {field: "Other"}}});
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
            Deed::Edit => edit("FNAME"),
            Deed::EditSecond => edit("LNAME"),
            Deed::Tag => {
                self.vip.insert(who);
                json!({"tag": [address, "VIP"]})
            }
            Deed::Untag => {
                let held = tags(&members[&address]);
                let Some(ours) = held.iter().find(|tag| TIERS.contains(&tag.as_str())) else {
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

    /// The tags that whoever has them may keep, or lose: of tiers that nobody in the source is in, since by a column nobody
    /// can tell such a segment from one that is gone; and all where it is not known any more who has them.
    fn uncertain(&self) -> Vec<&'static str> {
        let filled: BTreeSet<usize> = self.source.values().map(|(_, tier)| *tier).collect();
        let uncertain = (0..TIERS.len()).filter(|tier| self.damaged || !filled.contains(tier));
        uncertain.map(|tier| TIERS[tier]).collect()
    }

    fn compare(&self, members: &BTreeMap<String, Value>) {
        let uncertain = self.uncertain();
        for who in 0..PEOPLE {
            let member = members.get(&address(who));
            let status = member.and_then(|one| one["status"].as_str());
            if self.no.contains(&who) {
                assert_ne!(status, Some("subscribed"), "{who} said no");
                continue;
            }
            let mut held = member.map(tags).unwrap_or_default();
            held.retain(|tag| tag != "Second");
            let Some((name, tier)) = self.source.get(&who) else {
                // Whoever left, or never was in the source, has none of our tags.
                held.retain(|tag| tag != "VIP" && !uncertain.contains(&tag.as_str()));
                assert!(held.is_empty(), "{who} left: {held:?}");
                continue;
            };
            assert_eq!(status, Some("subscribed"), "{who}");
            let first = &member.expect("there")["merge_fields"]["FNAME"];
            assert_eq!(*first, format!("Name{name}"), "{who}");
            let own = TIERS[*tier];
            held.retain(|tag| tag == own || !uncertain.contains(&tag.as_str()));
            let mut right = vec![own];
            right.extend(self.vip.contains(&who).then_some("VIP"));
            assert_eq!(held, right, "{who}");
        }
    }

    /// What must be after a run of the other destination.
    fn compare_second(&self, members: &BTreeMap<String, Value>) {
        for (who, (name, _)) in &self.source {
            if !self.no.contains(who) {
                let last = &members[&address(*who)]["merge_fields"]["LNAME"];
                assert_eq!(*last, format!("Name{name}"), "{who}");
            }
        }
    }
}

/// The two destinations of the same audience, each with a field and tags of its own.
fn destinations(world: &World) -> [Destination; 2] {
    let file = world.folder.path().join("source").join("people.csv");
    let segmented = "[folder]\nsegment_by = 'tier'";
    let first = world.destination(&file, "", segmented, &TIERS);
    let mut second = world.destination(&file, "", "[tags]\nall-profiles = 'Second'", &[]);
    second.name = DestinationName::parse("Second").expect("a name");
    second.map.remove(&"FNAME".parse().expect("a field"));
    second.map.set("LNAME".parse().expect("a field"), "first");
    [first, second]
}

async fn killed(world: &World, destination: &Destination, options: &Options, at: usize) {
    let mut running = start(world.order(destination.clone(), options.clone()));
    for _ in 0..at {
        if running.progress.changed().await.is_err() {
            break;
        }
    }
    running.done.abort();
    let _killed = running.done.await;
}

async fn run(world: &World, destination: &Destination, options: Options) {
    let ending = world.export(destination.clone(), options).await;
    assert!(ending.failure.is_none(), "{:?}", ending.failure);
    let counters = ending.report.expect("report").ended.counters;
    assert!(counters.sum_holds(), "{counters:?}");
    assert_eq!(counters.statuses_raised, 0);
    assert_eq!(world.stats().await["statuses_raised"], 0);
}

/// Cuts the end of the latest journal off; tells whether there was one.
fn tear(world: &World, bytes: usize) -> bool {
    let runs = Runs::of(&world.home()).list().unwrap_or_default();
    let Some(journal) = runs.first().map(segue::store::RunFolder::journal) else {
        return false;
    };
    let Ok(whole) = std::fs::read(&journal) else {
        return false;
    };
    let left = whole.len().saturating_sub(bytes);
    std::fs::write(&journal, &whole[..left]).expect("torn");
    true
}

/// Changes a byte of the ledger, or loses it; tells whether there was one.
fn damage(world: &World, at: Option<usize>) -> bool {
    let path = world.home().ledger(&world.audience());
    let Ok(mut bytes) = std::fs::read(&path) else {
        return false;
    };
    match at {
        // Where the version stands a byte that changed reads as a newer version, which is told and not repaired.
        Some(at) if bytes.len() > 4096 => {
            let place = 4096 + at % (bytes.len() - 4096);
            bytes[place] ^= 0x55;
            std::fs::write(&path, &bytes).expect("damaged");
        }
        _ => std::fs::remove_file(&path).expect("lost"),
    }
    true
}

/// Has what was there when the audience was looked at last count as older than what is read again. `moved` is where the
/// cursor was moved to: to move it once more would pass over what others did since, which no run does.
fn later(world: &World, moved: &mut Option<i64>) {
    let Ok(mut ledger) = Ledger::open(&world.home(), &world.audience()) else {
        return;
    };
    let Ok(mut notes) = ledger.audience_notes() else {
        return;
    };
    if let Some(cursor) = &mut notes.cursor
        && *moved != Some(cursor.statuses_from)
    {
        // What a run's own second held is read again whatever passed since.
        cursor.statuses_from += 60;
        *moved = Some(cursor.statuses_from);
        ledger.note_audience(&notes).expect("noted");
    }
}

async fn history(happens: &[Happens], faults: &[&str], seed: u64, client: Client) {
    let world = World::seeded(&[], faults, seed, client).await;
    let mut model = Model::default();
    model.source.insert(0, (0, 0));
    model.source.insert(1, (0, 1));
    model.write(&world);
    let options = |fresh, limit| Options {
        allow_shrink: true,
        fresh,
        limit,
        ..Options::default()
    };
    let [first, second] = destinations(&world);
    let mut moved = None;
    for one in happens.iter().chain([&Happens::Run { fresh: false }]) {
        match one {
            Happens::Profile(who, name, tier) => {
                model.source.insert(*who, (*name, *tier));
            }
            Happens::Gone(who) => {
                model.source.remove(who);
            }
            Happens::Other(who, deed) => model.other(&world, *who, *deed).await,
            Happens::Killed(at) => killed(&world, &first, &options(false, None), *at).await,
            Happens::Torn(bytes) => model.damaged |= tear(&world, *bytes),
            Happens::Damaged(at) => model.damaged |= damage(&world, *at),
            Happens::Later => later(&world, &mut moved),
            Happens::Limited(most) => run(&world, &first, options(false, Some(*most))).await,
            Happens::Run { fresh } => {
                run(&world, &first, options(*fresh, None)).await;
                model.compare(&world.members().await);
            }
            Happens::Second { fresh } => {
                run(&world, &second, options(*fresh, None)).await;
                model.compare_second(&world.members().await);
            }
        }
        model.write(&world);
    }
}

/// Runs the history of a seed, and where it fails shorter ones like it; tells what the shortest came to.
fn try_seed(runtime: &tokio::runtime::Runtime, seed: u64, client: &Client) -> Result<(), String> {
    let config = Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let histories = prop::collection::vec(happens(), 1..30);
    let tried = TestRunner::new_with_rng(config, rng).run(
        &(histories, any::<bool>()),
        |(happens, faulty)| {
            let faults: &[&str] = if faulty { &FAULTS } else { &[] };
            let ran = catch_unwind(AssertUnwindSafe(|| {
                runtime.block_on(history(&happens, faults, seed, client.clone()));
            }));
            ran.map_err(|why| {
                let why = why
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| why.downcast_ref::<&str>().map(|why| (*why).to_owned()));
                TestCaseError::fail(format!("{} in {happens:?}", why.unwrap_or_default()))
            })
        },
    );
    tried.map_err(|why| why.to_string())
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_engine_agrees_with_a_small_model_of_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("runtime");
    let client = Client::new(Duration::from_secs(20)).expect("client");
    let seed = number("SEGUE_SEED");
    let many = number("SEGUE_HISTORIES").unwrap_or(if seed.is_some() { 1 } else { 12 });
    let first = seed.unwrap_or(0);
    for seed in first..first.saturating_add(many) {
        if let Err(why) = try_seed(&runtime, seed, &client) {
            panic!("SEGUE_SEED={seed} cargo test --test program model\n{why}");
        }
    }
}
