//! The page of the runs of the past.

use std::path::Path;

use crossterm::event::KeyCode::{Char, Down, Enter, Esc};

use super::super::msg::{Broken, Effect, Msg, Question, RunEnd};
use super::bench::{Bench, a_world, assert_shows, home};
use super::screens::report;
use super::world::failed;
use crate::domain::State;
use crate::export::{Past, UndoNote, history};
use crate::store::Home;

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

/// Runs as they were kept, and some like them: each with more members, one killed, one that nobody can read.
pub(super) fn past_runs() -> Vec<Result<Past, Broken>> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept");
    let kept = history(&Home::at(kept), None).expect("kept runs");
    let mut runs: Vec<Result<Past, Broken>> = kept.into_iter().flatten().map(Ok).collect();
    let Some(Ok(export)) = runs.last().cloned() else {
        panic!("an export was kept");
    };
    let like = |state, members| {
        let mut past = export.clone();
        past.state = state;
        past.report.undo = UndoNote::default();
        past.report.settling.interrupted = state == State::Interrupted;
        let gold = past.report.ended.counters.segments.get_mut("gold");
        gold.expect("a segment").members = members;
        past
    };
    runs.insert(0, Ok(like(State::Successful, 1_200)));
    runs.insert(1, Ok(like(State::Interrupted, 1_000)));
    runs.insert(2, Ok(like(State::Successful, 900)));
    let broken = Broken {
        name: "20261126T203430.000Z-0bad".to_owned(),
        line: failed().what,
        why: failed(),
    };
    runs.insert(3, Err(broken));
    let mut running = like(State::Processing, 0);
    running.ended_at = None;
    runs.insert(0, Ok(running));
    runs
}
