//! A run is taken back only after its numbers were shown and somebody agreed.

use crossterm::event::KeyCode;

use super::super::msg::{Effect, Msg, Question, RunEnd, Ticket};
use super::bench::{Bench, a_world, assert_shows, destination, home};
use super::screens::{last, report};
use crate::export::{Counters, Outcome, Phase, Progress, Report, UndoNote};
use KeyCode::{Char, Enter, Esc};

/// What is taken back, once it is.
fn undoes(bench: &Bench<'_>) -> Option<(Ticket, String)> {
    let mut asked = bench.asked.iter().rev();
    asked.find_map(|effect| match effect {
        Effect::Undo(ticket, _, run) => Some((*ticket, run.to_string())),
        _ => None,
    })
}

/// The run that was asked about last.
#[expect(
    clippy::option_option,
    reason = "a question, and the run that it names"
)]
fn asked(bench: &Bench<'_>) -> Option<Option<String>> {
    let mut asked = bench.asked.iter().rev();
    asked.find_map(|effect| match effect {
        Effect::Ask(_, Question::Undo(_, run)) => Some(run.clone()),
        _ => None,
    })
}

fn undone(of: Report, run: &str) -> Report {
    let mut report = of;
    report.undo = UndoNote {
        undoes: Some(run.to_owned()),
        ..UndoNote::default()
    };
    report.ended.outcome = Outcome::Done;
    report.ended.counters = Counters {
        archived: 4_318,
        restored: 310,
        left: 2,
        ..Counters::default()
    };
    report
}

#[tokio::test]
async fn an_undo_shows_its_numbers_and_wants_a_yes() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('u')]);
    assert_eq!(asked(&bench), Some(None), "the latest run");
    for said in [
        "Undo the run latest",
        "4,318 contacts that the run created are archived",
        "312 contacts get back",
        "9,572 calls to Mailchimp, about 19 min 57 s",
        "3 contacts keep the address",
        "July",
    ] {
        assert_shows(&bench.shown(), said);
    }
    bench.press(&[Enter]);
    assert_eq!(undoes(&bench), None, "Enter agrees to nothing");
    bench.press(&[Char('n'), Char('u'), Char('y')]);
    let (ticket, run) = undoes(&bench).expect("undone");
    assert_eq!(run, "latest");
    let mut progress = Progress::default();
    progress.phase = Some(Phase::Undoing);
    (progress.touched, progress.counters.archived) = (4_630, 463);
    bench.update(Msg::Progress(ticket, Box::new(progress)));
    assert_shows(&bench.shown(), "463 of 4,630 contacts");
    let end = RunEnd {
        report: Some(undone(report(&destination("Alpha", &world)), "latest")),
        failure: None,
    };
    bench.update(Msg::Ended(ticket, Box::new(end)));
    for said in [
        "Undone: the run latest",
        "4,318 archived",
        "310 restored",
        "2 left as they are",
        "left.csv",
    ] {
        assert_shows(&bench.shown(), said);
    }
}

#[tokio::test]
async fn a_report_takes_back_its_own_run_and_one_that_was_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let mut wrote = report(&destination("Alpha", &world));
    saved.rows[0].last = Some(last(wrote.clone()));
    let mut bench = Bench::new(&world, saved.clone());
    bench.press(&[Enter, Char('u')]);
    assert_eq!(asked(&bench), Some(Some(wrote.run.clone())));
    let mut undone = wrote.clone();
    undone.undo.undone_by = Some("later".to_owned());
    saved.rows[0].last = Some(last(undone));
    let mut bench = Bench::new(&world, saved.clone());
    assert_shows(&bench.shown(), "undone");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "This run was undone by later.");
    bench.press(&[Char('u')]);
    assert_eq!(asked(&bench), None, "once is enough");
    wrote.ended.counters = Counters::default();
    saved.rows[0].last = Some(last(wrote));
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter, Char('u')]);
    assert_eq!(asked(&bench), None, "it changed nothing");
}

#[tokio::test]
async fn a_report_shows_what_its_run_changed_and_comes_back() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let told = report(&destination("Alpha", &world));
    let run = told.run.clone();
    saved.rows[0].last = Some(last(told));
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "see what this run changed");
    bench.press(&[Char('d')]);
    let asked = bench.asked.iter().find_map(|effect| match effect {
        Effect::Ask(_, Question::Did(_, run)) => Some(run.clone()),
        _ => None,
    });
    assert_eq!(asked, Some(run));
    assert_shows(&bench.shown(), "What the run changed");
    assert_shows(&bench.shown(), "+ created");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "see what this run changed");
}
