//! What is damaged is told, and costs only itself.

use crossterm::event::KeyCode;

use super::super::msg::{Answer, Effect, Question};
use super::super::overlay::Overlay;
use super::bench::{Bench, a_world, assert_shows, checks, home, removes, runs};
use super::removal::desk;
use super::screens::{last, report};
use KeyCode::{Char, Down, Enter, Esc};

#[tokio::test]
async fn a_damaged_file_of_a_destination_costs_only_itself() {
    let (folder, people) = (tempfile::tempdir(), tempfile::tempdir().expect("folder"));
    let folder = folder.expect("folder");
    let world = a_world(&people).await;
    let desk = desk(&folder, &world);
    let damaged = folder.path().join("destinations/winter.toml");
    std::fs::write(damaged, "name = 'Winter'\nlogin = ").expect("damaged");
    let Answer::Home(Ok(data)) = desk.answer(Question::Home, 0).await else {
        panic!("no home");
    };
    assert_eq!(data.rows.len(), 1);
    let mut bench = Bench::new(&world, *data);
    let shown = bench.shown();
    assert_shows(&shown, "✗ broken: line 2: ");
    let line = |name: &str| shown.lines().position(|line| line.contains(name));
    assert!(line("Spring") < line("Winter"), "{shown}");
    bench.press(&[Down]);
    for key in [Char('r'), Char('e'), Char('c'), Char('d'), Enter] {
        bench.press(&[key]);
        assert!(
            matches!(&bench.app.overlay, Some(Overlay::Failed(why)) if why.what.contains("winter.toml")),
            "{key:?}"
        );
        bench.press(&[Esc]);
    }
    let done = |effect: &Effect| runs(effect) || checks(effect) || removes(effect);
    assert_eq!(bench.count(done), 0);
    bench.press(&[KeyCode::Up, Char('r')]);
    assert_eq!(bench.count(runs), 1, "the other one works");
}

#[tokio::test]
async fn a_destination_of_a_newer_version_is_not_called_broken() {
    let (folder, people) = (tempfile::tempdir(), tempfile::tempdir().expect("folder"));
    let folder = folder.expect("folder");
    let world = a_world(&people).await;
    let desk = desk(&folder, &world);
    let newer = folder.path().join("destinations/winter.toml");
    std::fs::write(newer, "format = 99\nname = 'Winter'\n").expect("written");
    let Answer::Home(Ok(data)) = desk.answer(Question::Home, 0).await else {
        panic!("no home");
    };
    let mut bench = Bench::new(&world, *data);
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "✗ newer version: install the newer Segue");
    assert!(!shown.contains("broken"), "{shown}");
}

#[tokio::test]
async fn a_damaged_file_of_logins_costs_only_the_logins() {
    let (folder, people) = (tempfile::tempdir(), tempfile::tempdir().expect("folder"));
    let folder = folder.expect("folder");
    let world = a_world(&people).await;
    let desk = desk(&folder, &world);
    std::fs::write(folder.path().join("logins.toml"), "[[login").expect("damaged");
    let Answer::Home(Ok(data)) = desk.answer(Question::Home, 0).await else {
        panic!("no home");
    };
    assert_eq!((data.rows.len(), data.logins.len()), (1, 0));
}

#[tokio::test]
async fn a_report_says_once_that_what_was_remembered_was_gone() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let mut report = report(&saved.rows[0].destination);
    report.ended.counters.losses.ledger_lost = true;
    report.ended.counters.repeated_ids = 2;
    saved.rows[0].last = Some(last(report));
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "! What Segue remembered of this audience was lost");
    let warned = shown.lines().filter(|line| line.contains("! ")).count();
    assert_eq!(warned, 3, "the outcome, the ledger, the ids:\n{shown}");
}
