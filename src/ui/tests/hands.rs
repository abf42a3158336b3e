//! Keys that are offered do something, the mouse does what it points at, pasted lines are told.

use KeyCode::{Char, Down, End, Enter, Esc};
use crossterm::event::KeyCode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::keys::Command;
use super::super::msg::{HomeData, Msg};
use super::super::view::draw;
use super::super::wizard::Step;
use super::bench::{Bench, a_world, assert_shows, destination, home, removes, runs};
use super::kept;
use super::screens::{last, report};
use super::world::World;
use crate::store::SavedDraft;
use crate::words::Lang;

/// Three destinations, the first of which was exported; and one in the making.
pub(super) fn some(world: &World) -> HomeData {
    let mut saved = home(world, &["Alpha", "Beta", "Gamma"]);
    let row = &mut saved.rows[0];
    row.last = Some(last(report(&row.destination)));
    saved.drafts.push(kept());
    saved
}

#[tokio::test]
async fn every_key_that_the_footer_offers_does_something_here() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let nothing = HomeData::default;
    let all = || some(&world);
    let states: [(&dyn Fn() -> HomeData, &[KeyCode]); 10] = [
        (&nothing, &[]),
        (&all, &[]),
        (&all, &[Down]),
        (&all, &[End]),
        (&all, &[Down, Enter]),
        (&all, &[Down, Enter, Char('r')]),
        (&all, &[End, Enter]),
        (&all, &[Down, Char('h')]),
        (&all, &[Char('c'), Char('d')]),
        (&all, &[End, Char('v')]),
    ];
    for (saved, keys) in states {
        let mut bench = Bench::new(&world, saved());
        bench.press(keys);
        let shown = bench.shown();
        let bindings = bench.app.theme.keys().bindings(bench.app.context());
        let offered = bindings.filter(|one| {
            // Moving and the way back are there even where there is nowhere to go.
            let always = matches!(one.command, Command::Up | Command::Back);
            !one.label.is_empty() && !always && bench.app.offers(one.command)
        });
        for binding in offered.collect::<Vec<_>>() {
            let mut bench = Bench::new(&world, saved());
            bench.press(keys);
            let asked = bench.asked.len();
            bench.press(&[binding.code]);
            let did = bench.asked.len() > asked || bench.app.quit.is_some();
            let code = binding.code;
            assert!(
                did || bench.shown() != shown,
                "{code:?} does nothing after {keys:?} on:\n{shown}"
            );
        }
    }
}

#[tokio::test]
async fn every_key_that_a_step_of_the_wizard_offers_does_something_there() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut dead = Vec::new();
    for step in Step::ALL {
        for moved in [&[][..], &[KeyCode::Home], &[KeyCode::Home, Down]] {
            let begin = || {
                let mut saved = home(&world, &[]);
                saved.drafts.push(SavedDraft {
                    step: step.name().to_owned(),
                    draft: destination("Alpha", &world).into(),
                    ..kept()
                });
                let mut bench = Bench::new(&world, saved);
                bench.press(&[Enter]);
                bench.press(moved);
                bench
            };
            let mut bench = begin();
            let shown = bench.shown();
            let bindings = bench.app.theme.keys().bindings(bench.app.context());
            let offered =
                bindings.filter(|one| !one.label.is_empty() && bench.app.offers(one.command));
            for binding in offered.collect::<Vec<_>>() {
                let mut bench = begin();
                let asked = bench.asked.len();
                bench.press(&[binding.code]);
                let code = binding.code;
                // Of several, the one that is chosen already stays so.
                let is_chosen = step == Step::Rules && binding.command == Command::Choose;
                if bench.asked.len() == asked && bench.shown() == shown && !is_chosen {
                    dead.push((step, moved, code, shown.clone()));
                }
            }
        }
    }
    let named: Vec<_> = dead
        .iter()
        .map(|(step, moved, code, _)| (step, moved, code))
        .collect();
    let first = dead.first().map(|(.., shown)| shown);
    assert!(
        dead.is_empty(),
        "{named:?} do nothing, the first on:\n{}",
        first.expect("one")
    );
}

#[tokio::test]
async fn keys_that_would_do_nothing_are_not_offered() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let footer = |bench: &mut Bench<'_>| {
        let shown = bench.shown();
        shown.lines().last().expect("a footer").to_owned()
    };
    let mut bench = Bench::new(&world, HomeData::default());
    let shown = footer(&mut bench);
    assert_shows(&shown, "n new");
    assert!(
        !shown.contains("r run") && !shown.contains("e edit"),
        "{shown}"
    );
    let mut bench = Bench::new(&world, some(&world));
    let shown = footer(&mut bench);
    assert!(!shown.contains("r run"), "a draft does not run: {shown}");
    bench.press(&[Down]);
    assert_shows(&footer(&mut bench), "r run");
    // A report of a run that left no rejects.
    let mut saved = some(&world);
    let counters = &mut saved.rows[0]
        .last
        .as_mut()
        .expect("a run")
        .report
        .ended
        .counters;
    counters.rejected = 0;
    counters.reasons.clear();
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Down, Enter]);
    let shown = footer(&mut bench);
    assert!(
        !shown.contains("rejects") && !shown.contains("send again"),
        "{shown}"
    );
    assert_shows(&shown, "u undo");
}

#[tokio::test]
async fn a_first_start_tells_in_four_lines_what_there_is_and_only_then() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let told = [
        "n   makes your first destination",
        "c   checks what an export would do",
        "r   exports; u undoes the last export",
        "?   shows the keys for where you are",
    ];
    let shown = Bench::new(&world, HomeData::default()).shown();
    for line in told {
        assert_shows(&shown, line);
    }
    let shown = Bench::new(&world, home(&world, &["Alpha"])).shown();
    assert!(!shown.contains(told[3]), "{shown}");
}

#[tokio::test]
async fn a_click_chooses_a_line_another_one_opens_it_and_one_on_its_mark_ticks_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    // The name stands in the list, three columns behind the beginning of its line.
    bench.click("   Beta", 1);
    assert_shows(&bench.shown(), "❯● Beta");
    bench.click("   Alpha", 5);
    assert_shows(&bench.shown(), "❯  Alpha");
    bench.click("❯  Alpha", 5);
    assert_shows(&bench.shown(), "Segue › Alpha › Report");
    bench.press(&[Esc, Char('l')]);
    bench.click("club", 1);
    assert_shows(&bench.shown(), "❯ club");
    bench.click("back", 1);
    bench.click("r run", 0);
    assert_eq!(bench.count(runs), 1, "the footer is clicked on as well");
}

#[tokio::test]
async fn of_pasted_lines_the_first_is_kept_and_that_is_told() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('/')]);
    bench.update(Msg::Paste("Be\nAl\n".to_owned()));
    let shown = bench.shown();
    assert_shows(&shown, "the first one was kept");
    assert_shows(&shown, "Beta");
    assert!(!shown.contains("Alpha"), "{shown}");
    bench.press(&[Esc, Char('R')]);
    bench.update(Msg::Paste("x\n".to_owned()));
    assert!(!bench.shown().contains("was kept"), "one line is one line");
}

#[tokio::test]
async fn enter_neither_agrees_nor_refuses_and_says_which_keys_do() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (lang, told) in [
        (Lang::En, "Press y for yes"),
        (Lang::Sv, "Tryck på j för ja"),
    ] {
        let mut bench = Bench::speaking(lang, &world, home(&world, &["Alpha"]));
        bench.press(&[Char('d'), Enter]);
        assert_shows(&bench.shown(), told);
        bench.press(&[Char('n')]);
        assert_eq!(bench.count(removes), 0);
        // Nor does it leave a list in which there is nothing to open.
        bench.press(&[Char('l'), Enter]);
        assert_shows(&bench.shown(), "❯ club");
    }
}

#[tokio::test]
async fn the_way_out_is_in_the_footer_whatever_else_does_not_fit() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    let footer = |bench: &mut Bench<'_>| {
        let mut terminal = Terminal::new(TestBackend::new(60, 24)).expect("terminal");
        let drawn = terminal.draw(|frame| draw(frame, &mut bench.app));
        drawn.expect("drawn");
        let shown = terminal.backend().to_string();
        shown.lines().last().expect("a footer").to_owned()
    };
    assert_shows(&footer(&mut bench), "q quit");
    bench.press(&[Char('e')]);
    assert_shows(&footer(&mut bench), "esc leave");
}

#[tokio::test]
async fn from_a_run_that_failed_one_goes_to_the_answers_that_can_mend_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r')]);
    let run = bench.run();
    bench.end(run);
    assert_shows(&bench.shown(), "e   change the destination");
    bench.press(&[Char('e')]);
    assert_shows(&bench.shown(), "Edit destination › Alpha");
}
