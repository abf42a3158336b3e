//! Which run of a destination is begun from where.

use crossterm::event::KeyCode::{Char, Enter};

use super::super::msg::{Effect, Msg, RunEnd, Which};
use super::bench::{Bench, a_world, assert_shows, home, runs};
use super::screens::{last, report};
use crate::domain::Reason;
use crate::export::{Phase, Progress, SegmentProgress};

fn begun(bench: &Bench<'_>) -> Vec<Which> {
    let asked = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Run(_, _, which) => Some(*which),
        _ => None,
    });
    asked.collect()
}

#[tokio::test]
async fn a_run_is_the_usual_one_unless_all_is_to_be_read_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (key, which) in [('r', Which::Usual), ('f', Which::Fresh)] {
        let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
        bench.press(&[Char(key)]);
        assert_eq!(begun(&bench), [which]);
    }
}

#[tokio::test]
async fn rejects_are_sent_again_from_the_report_where_that_may_help() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (reason, helps) in [
        (Reason::InvalidEmail, true),
        (Reason::TooManySignups, true),
        (Reason::Fake, false),
        (Reason::AwaitingConfirmation, false),
    ] {
        let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
        bench.press(&[Char('r')]);
        let mut report = report(&bench.saved.rows[0].destination);
        report.ended.counters.reasons = [(reason, 1)].into();
        let end = RunEnd {
            report: Some(report),
            failure: None,
        };
        let ticket = bench.run();
        bench.update(Msg::Ended(ticket, Box::new(end)));
        assert_eq!(bench.shown().contains("x send again"), helps, "{reason:?}");
        bench.press(&[Char('x')]);
        assert_eq!(bench.count(runs), if helps { 2 } else { 1 }, "{reason:?}");
        if helps {
            assert_eq!(begun(&bench)[1], Which::Rejects);
        }
    }
}

#[tokio::test]
async fn a_report_says_that_the_run_was_limited() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let mut limited = report(&saved.rows[0].destination);
    limited.limited = true;
    saved.rows[0].last = Some(last(limited));
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "This run was limited");
}

#[tokio::test]
async fn a_stretch_shows_what_is_known_and_no_bar_for_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r')]);
    let ticket = bench.run();
    let mut progress = Progress::default();
    progress.phase = Some(Phase::Reading);
    progress.rows = 1_250;
    progress.segments = vec![SegmentProgress {
        tag: "Gold".to_owned(),
        ..SegmentProgress::default()
    }];
    bench.update(Msg::Progress(ticket, Box::new(progress.clone())));
    let shown = bench.shown();
    assert_shows(&shown, "1,250 rows read so far");
    assert_shows(&shown, "Nothing is written to Mailchimp yet.");
    for said in ["created", "░", "█", "0 of 0", "Gold"] {
        assert!(!shown.contains(said), "{said} says nothing yet:\n{shown}");
    }
    progress.phase = Some(Phase::Delivering);
    progress.planned = true;
    progress.counters.profiles = 2_000;
    progress.counters.created = 500;
    (progress.counters.throttled, progress.counters.retries) = (2, 1);
    (progress.segments[0].done, progress.segments[0].total) = (250, 1_000);
    bench.update(Msg::Progress(ticket, Box::new(progress)));
    let shown = bench.shown();
    assert_shows(&shown, "500 of 2,000 profiles");
    assert_shows(
        &shown,
        "Mailchimp asked us to slow down, twice · one call was sent again",
    );
    assert_shows(&shown, "Gold  █");
}
