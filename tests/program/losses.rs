//! What of Segue's own notes is lost or damaged is told, and never believed.

use segue::deliver::Stop;
use segue::domain::PersonKey;
use segue::export::{Error, Lost, Options, Warning, check, last_report};
use segue::store::{Runs, sweep};

use crate::engine::by_segment;
use crate::support::World;

const ROWS: [(&str, &str, &str); 2] =
    [("1", "a@x.example", "Gold"), ("2", "b@x.example", "Silver")];

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_ledger_is_read_anew_and_never_believed() {
    let world = World::new(&[], &[]).await;
    world.report(by_segment(&world, &ROWS)).await;
    let path = world.home().ledger(&world.audience());
    let whole = std::fs::read(&path).expect("ledger");
    let mut told = 0;
    // Of the first: versions of the format, and a size that cannot be.
    let known = [18, 20, 61, 62, 63];
    for at in known
        .into_iter()
        .chain((0..whole.len()).step_by(whole.len() / 12))
    {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&path, &damaged).expect("damaged");
        let ending = world
            .export(by_segment(&world, &ROWS), Options::default())
            .await;
        if let Some(Error::Store(segue::store::Error::Newer { .. })) = ending.failure {
            // That is what the damaged version says.
            continue;
        }
        if ending.failure.is_some() {
            // Where a run cannot go on without it, the next one can.
            let next = world.report(by_segment(&world, &ROWS)).await;
            assert_eq!(next.ended.counters.created, 0, "after {at}");
            continue;
        }
        let report = ending.report.expect("a report");
        let counters = &report.ended.counters;
        told += usize::from(counters.losses.ledger_lost || counters.losses.ledger_damaged);
        assert_eq!(counters.created, 0, "at {at}");
        assert_eq!(counters.tags_removed, 0, "at {at}");
    }
    assert!(told > 0, "what is damaged is told");
    sweep(&world.home(), std::time::SystemTime::now()).expect("swept");
    let last = last_report(&world.home(), &by_segment(&world, &ROWS).id());
    assert!(last.expect("reports").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_the_ledger_that_is_damaged_is_told_by_the_run_that_meets_it() {
    let world = World::new(&[], &[]).await;
    world.report(by_segment(&world, &ROWS)).await;
    let path = world.home().ledger(&world.audience());
    let mut bytes = std::fs::read(&path).expect("ledger");
    let key = *PersonKey::of("a@x.example").as_bytes();
    let places = bytes.windows(key.len()).enumerate();
    let places = places.filter(|(_, part)| *part == key);
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "the person is in it");
    // What is known of a person stands right behind the key.
    for at in places {
        bytes[at + key.len() + 3] ^= 0x55;
    }
    std::fs::write(&path, &bytes).expect("damaged");
    let warning = Warning::Lost(Lost::LedgerDamaged);
    let order = world.order(by_segment(&world, &ROWS), Options::default());
    let checked = check(order, Stop::default()).await.expect("checked");
    assert!(
        checked.warnings.contains(&warning),
        "{:?}",
        checked.warnings
    );
    std::fs::write(&path, &bytes).expect("damaged again");
    let report = world.report(by_segment(&world, &ROWS)).await;
    assert!(
        !report.ended.counters.losses.ledger_lost,
        "it was found on the way"
    );
    assert!(report.ended.counters.warnings().contains(&warning));
    let again = world.report(by_segment(&world, &ROWS)).await;
    assert!(
        !again.ended.counters.warnings().contains(&warning),
        "it is mended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_gone_is_told_by_whoever_meets_it_first() {
    let world = World::new(&[], &[]).await;
    let lost = Warning::Lost(Lost::Ledger);
    let first = world.report(by_segment(&world, &ROWS)).await;
    assert!(!first.ended.counters.warnings().contains(&lost));
    let path = world.home().ledger(&world.audience());
    std::fs::remove_file(&path).expect("removed");
    let report = world.report(by_segment(&world, &ROWS)).await;
    assert!(report.ended.counters.warnings().contains(&lost));
    let told = serde_json::to_value(&report.ended).expect("JSON");
    assert_eq!(told["ledger_lost"], true);
    std::fs::remove_file(&path).expect("removed");
    for is_told in [true, false] {
        let order = world.order(by_segment(&world, &ROWS), Options::default());
        let checked = check(order, Stop::default()).await.expect("checked");
        assert_eq!(checked.warnings.contains(&lost), is_told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ended_early_is_told_by_a_check_and_its_damaged_journal_by_the_next_run() {
    let world = World::new(&[], &[]).await;
    let destination = by_segment(&world, &ROWS);
    world.report(destination.clone()).await;
    // As one leaves it that was killed right before it wrote its report.
    let runs = Runs::of(&world.home()).list().expect("runs");
    let run = runs.into_iter().next().expect("a run");
    std::fs::remove_file(run.report()).expect("removed");
    let order = world.order(destination.clone(), Options::default());
    let checked = check(order, Stop::default()).await.expect("checked");
    let unsettled = Warning::Unsettled(run.id.clone());
    assert!(
        checked.warnings.contains(&unsettled),
        "{:?}",
        checked.warnings
    );
    let mut bytes = std::fs::read(run.journal()).expect("journal");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(run.journal(), &bytes).expect("damaged");
    let report = world.report(destination.clone()).await;
    let counters = &report.ended.counters;
    assert!(counters.warnings().contains(&Warning::Lost(Lost::Journal)));
    assert_eq!(counters.created, 0);
    assert_eq!(world.members().await.len(), 2);
    let order = world.order(destination, Options::default());
    let checked = check(order, Stop::default()).await.expect("checked");
    assert!(!checked.warnings.contains(&unsettled), "it is settled");
}
