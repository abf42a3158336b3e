//! Whatever does not fit can be reached, and that there is more of it is said.

use crossterm::event::KeyCode::{Char, Down, End, Enter, Esc, F, Left, PageDown, Right};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::history::HistoryPage;
use super::super::home::Home;
use super::super::keys::Command;
use super::super::msg::{Answer, Effect, Msg, Outbox, Question};
use super::super::theme::Theme;
use super::bench::{Bench, a_world, assert_shows, destination, home, rejected};
use super::hands::some;
use super::history::past_runs;
use super::screens::report;
use crate::export::{Phase, Progress, SegmentProgress};
use crate::words::{Lang, Words};

/// The page of runs that had so many segments, as it is at a size.
fn of_segments(page: &mut HistoryPage, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    let words = Words::new(Lang::En);
    let drawn = terminal.draw(|frame| {
        let area = frame.area();
        page.draw(frame, area, (Theme::default(), &words), &mut Vec::new());
    });
    drawn.expect("drawn");
    terminal.backend().to_string()
}

#[tokio::test]
async fn each_segment_of_a_history_can_be_reached_at_every_size() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut runs = past_runs();
    for past in runs.iter_mut().flatten() {
        let segments = &mut past.report.ended.counters.segments;
        let Some(one) = segments.get("gold").copied() else {
            continue;
        };
        *segments = (1..=8).map(|at| (format!("part {at}"), one)).collect();
    }
    for size in [(80, 22), (120, 38), (60, 14)] {
        let mut out = Outbox::default();
        let mut page = HistoryPage::open(destination("Alpha", &world), &mut out);
        let Some(Effect::Ask(ticket, Question::History(_))) = out.effects.pop() else {
            panic!("the runs are read");
        };
        page.answer(ticket, Answer::History(Ok(runs.clone())), &mut out);
        let mut seen = Vec::new();
        for _ in 0..9 {
            let shown = of_segments(&mut page, size);
            let fits = size.0 == 120;
            assert_eq!(shown.contains(" of 8 · ← → ─╯"), !fits, "{shown}");
            assert_eq!(page.offers(Command::Left, false), !fits);
            seen.push(shown);
            page.key(Command::Right, Right.into(), &mut out);
        }
        for at in 1..=8 {
            let label = format!("part {at}");
            let shown = seen.iter().any(|shown| shown.contains(&label));
            assert!(shown, "{label} at {size:?}: {}", seen.concat());
        }
        for _ in 0..9 {
            page.key(Command::Left, Left.into(), &mut out);
        }
        assert_shows(&of_segments(&mut page, size), "part 1");
    }
}

#[tokio::test]
async fn the_list_of_commands_says_how_many_are_out_of_sight() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, some(&world));
    bench.press(&[Down, Char(':')]);
    assert_shows(&bench.shown_at(80, 24), "↓ ");
    assert_shows(&bench.shown_at(80, 24), " more ─╯");
    bench.press(&[PageDown]);
    let shown = bench.shown_at(80, 24);
    assert!(shown.contains("─ ↑ ") && !shown.contains("↓ 1"), "{shown}");
    assert_shows(&shown, "❯ ?      help");
    assert!(!bench.shown_at(80, 40).contains("more ─"));
}

#[tokio::test]
async fn the_segments_of_a_run_that_goes_on_are_scrolled() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r')]);
    let mut progress = Progress::default();
    progress.phase = Some(Phase::Delivering);
    let segments = (1..=12).map(|at| SegmentProgress {
        label: format!("part {at}."),
        tag: format!("part {at}."),
        done: 1,
        total: 2,
    });
    progress.segments = segments.collect();
    let ticket = bench.run();
    bench.update(Msg::Progress(ticket, Box::new(progress)));
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "part 1.");
    assert!(!shown.contains("part 12."), "{shown}");
    assert_shows(&shown, " more ─╯");
    assert_shows(&bench.shown_at(80, 24), "↑↓ segments");
    assert_shows(&bench.shown_at(60, 16), "part 1.");
    bench.press(&[End]);
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "part 12.");
    assert!(!shown.contains("part 1."), "{shown}");
    let shown = bench.shown_at(120, 40);
    assert!(!shown.contains("↑↓ segments") && shown.contains("part 1."));
}

#[tokio::test]
async fn moving_is_offered_where_something_is_out_of_sight_and_pages_are_turned() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for keys in [&[Down, Enter][..], &[Down, Char('v')], &[Down, Char('?')]] {
        let mut bench = Bench::new(&world, some(&world));
        bench.press(keys);
        let small = bench.shown_at(60, 16);
        assert_shows(&small, " more ─");
        assert!(bench.app.offers(Command::Up), "{keys:?}");
        bench.press(&[End]);
        let end = bench.shown_at(60, 16);
        assert!(end.contains("─ ↑ ") && !end.contains("· ↓ "), "{end}");
        bench.shown_at(160, 60);
        assert!(!bench.app.offers(Command::Up), "{keys:?}");
    }
}

#[tokio::test]
async fn all_of_a_reject_is_told_where_rows_are_free_below() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = some(&world);
    let row = &mut saved.rows[0];
    let file = "exports/of/the/autumn/in/a/folder/with/a/long/name/people.csv".to_owned();
    row.last.as_mut().expect("a run").report = report(&row.destination);
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Down, Enter]);
    bench.rejects = rejected(&file);
    bench.press(&[Char('r')]);
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "people.csv:4");
    assert_shows(&shown, format!("{file}:4"));
    assert!(!shown.contains("─ ↓ "), "{shown}");
}

#[tokio::test]
async fn help_lists_what_can_be_done_now_and_leads_back_to_where_it_was_opened() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, some(&world));
    // A destination that never ran has no run to take back, but the page of its runs says so.
    bench.press(&[End, Char('?')]);
    let shown = bench.shown();
    assert!(!shown.contains("undo"), "{shown}");
    assert_shows(&shown, "history");
    bench.press(&[Esc, Char(':')]);
    assert_shows(&bench.shown(), "h      history");
    bench.press(&[Esc, Char('h')]);
    assert_shows(&bench.shown(), "Segue › Gamma › History");
    bench.press(&[Esc, Char('c'), Char('?')]);
    assert_shows(&bench.shown(), "╭ Help ");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "An export of Gamma now");
    bench.press(&[Char('d'), Char('?')]);
    assert_shows(&bench.shown(), "write file");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "What an export would change");
    bench.press(&[Esc, Esc, Char('R'), F(1)]);
    assert_shows(&bench.shown(), "While you type, letters are text");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "A new name for Gamma");
}

#[tokio::test]
async fn what_was_asked_arrives_also_under_help() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for over in ['?', ':'] {
        let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
        bench.holds_checks = true;
        bench.press(&[Char('c'), Char(over)]);
        bench.answer_check(Vec::new());
        bench.press(&[Esc]);
        assert_shows(&bench.shown(), "An export of Alpha now");
    }
}

#[tokio::test]
async fn what_an_undo_counts_is_never_cut() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (lang, label) in [
        (Lang::En, "left as they are"),
        (Lang::Sv, "lämnade som de är"),
    ] {
        let mut bench = Bench::speaking(lang, &world, home(&world, &["Alpha"]));
        bench.press(&[Char('r')]);
        let mut progress = Progress::default();
        progress.phase = Some(Phase::Undoing);
        progress.counters.left = 1_234_567;
        let ticket = bench.run();
        bench.update(Msg::Progress(ticket, Box::new(progress)));
        let shown = bench.shown_at(80, 24);
        assert_shows(&shown, label);
        assert!(!shown.contains('…'), "{shown}");
    }
}

#[tokio::test]
async fn what_is_still_read_is_never_shown_as_if_there_were_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let none = [
        "A destination says which",
        "No login is saved",
        "0 rejects",
        "No rejects",
        "has not been run",
        "Nothing matches",
    ];
    let saved = some(&world);
    for keys in [
        &[][..],
        &[Char('l')],
        &[Down, Enter, Char('r')],
        &[Down, Enter, Char('d')],
        &[Down, Char('h')],
        &[Down, Char('u')],
        &[Down, Char('c')],
        &[Down, Char('d')],
    ] {
        let mut bench = Bench::new(&world, saved.clone());
        if let Some((last, before)) = keys.split_last() {
            bench.press(before);
            bench.holds_all = true;
            bench.press(&[*last]);
        } else {
            bench.app.home = Home::default();
            bench.holds_all = true;
            let effects = bench.app.begin();
            bench.perform(effects);
        }
        let shown = bench.shown();
        for text in none {
            assert!(!shown.contains(text), "{text:?} after {keys:?}:\n{shown}");
        }
    }
}
