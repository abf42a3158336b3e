//! Segments that are taken out of a destination whose tags people have.

use crossterm::event::KeyCode::{BackTab, Char, Down, End, Enter};

use super::super::msg::{Effect, Question};
use super::bench::{Bench, a_world, assert_shows, home, saves};
use super::screens::{last, report};
use crate::domain::{RemovedTag, Segment};

/// An application with a destination that gives a tag of a segment that its source lists no more, at the rules after
/// that segment was taken out.
async fn taken_out(has_run: bool, look: impl FnOnce(&mut Bench<'_>)) {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let destination = &mut saved.rows[0].destination;
    destination.segments.push(Segment::new("old", "Old news"));
    if has_run {
        let told = report(&saved.rows[0].destination);
        saved.rows[0].last = Some(last(told));
    }
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Char('e'), BackTab, BackTab]);
    assert_shows(&bench.shown(), "Old news");
    bench.press(&[End, Char(' '), Enter]);
    look(&mut bench);
}

#[tokio::test]
async fn what_becomes_of_a_tag_is_asked_before_its_destination_is_saved() {
    taken_out(true, |bench| {
        let row = "People who have “Old news”, no longer given: ";
        assert_shows(&bench.shown(), format!("{row}not decided"));
        // On to the review, which cannot do without an answer: it leads back here.
        bench.press(&[End, Enter]);
        assert_shows(&bench.shown(), "Choose what becomes of “Old news”");
        let to_the_row = |bench: &mut Bench<'_>| {
            for _ in 0..40 {
                bench.press(&[Down]);
                if bench.shown().contains(&format!("❯ {row}")) {
                    return;
                }
            }
            panic!("not reached:\n{}", bench.shown());
        };
        bench.press(&[crossterm::event::KeyCode::Home]);
        to_the_row(bench);
        bench.press(&[Char(' ')]);
        assert_shows(&bench.shown(), format!("{row}removed in the next run"));
        bench.press(&[Enter]);
        assert_shows(&bench.shown(), format!("{row}kept"));
        bench.press(&[End, Enter, Enter]);
        let saved = bench.asked.iter().find_map(|effect| match effect {
            Effect::Ask(_, Question::Save(saved, ..)) => Some(saved),
            _ => None,
        });
        let saved = saved.expect("saved");
        assert_eq!(saved.removed_tags["Old news"], RemovedTag::Keep);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_asked_of_a_destination_that_never_ran() {
    taken_out(false, |bench| {
        assert!(!bench.shown().contains("Old news"), "{}", bench.shown());
        bench.press(&[End, Enter, Enter]);
        assert_eq!(bench.count(saves), 1);
    })
    .await;
}
