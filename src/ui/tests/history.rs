//! The page of the runs of the past.

use crossterm::event::KeyCode::{Char, Down, Enter, Esc};

use super::super::msg::{Effect, Msg, Question, RunEnd};
use super::bench::{Bench, a_world, assert_shows, home};
use super::screens::report;

fn reads(effect: &Effect) -> bool {
    matches!(effect, Effect::Ask(_, Question::History(_)))
}

#[tokio::test]
async fn the_runs_of_a_destination_are_listed_looked_at_and_left() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('h')]);
    assert_eq!(bench.count(reads), 1);
    let shown = bench.shown();
    for said in [
        "▸ Processing",
        "✓ Successful",
        "! Interrupted",
        "✗ 20261126T203430.000Z-0bad",
        "Members of each segment",
        "gold",
        "1,200",
        "undone",
    ] {
        assert_shows(&shown, said);
    }
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "Members of each segment");
    bench.press(&[Down, Enter]);
    assert_shows(&bench.shown(), "Every profile is accounted for.");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "Members of each segment");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "Alpha");
    assert!(!bench.shown().contains("Members of each segment"));
}

#[tokio::test]
async fn a_run_that_goes_on_is_shown_live_and_the_list_is_read_anew_when_it_ends() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r'), Esc, Char('h')]);
    let ticket = bench.run();
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "s stop");
    bench.press(&[Esc, Char('h')]);
    let read = bench.count(reads);
    let end = RunEnd {
        report: Some(report(&bench.saved.rows[0].destination)),
        failure: None,
    };
    bench.update(Msg::Ended(ticket, Box::new(end)));
    assert_eq!(bench.count(reads), read + 1);
    assert_shows(&bench.shown(), "Members of each segment");
}
