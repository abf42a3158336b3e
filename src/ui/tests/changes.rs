//! The table of what an export would change.

use crossterm::event::{KeyCode, MouseEvent, MouseEventKind};

use super::super::msg::{Effect, Msg, Question};
use super::super::overlay::Overlay;
use super::bench::{Bench, a_world, assert_shows, home};
use super::hands::some;
use crate::words::Lang;
use KeyCode::{Backspace, Char, Down, End, Enter, Esc, Home, PageDown, Tab};

fn reads(effect: &Effect) -> bool {
    matches!(effect, Effect::Ask(_, Question::Changes(..)))
}

#[tokio::test]
async fn the_changes_of_a_check_are_scrolled_and_filtered_and_esc_leads_back() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('c')]);
    assert_shows(&bench.shown(), "d changes");
    bench.press(&[Char('d')]);
    let shown = bench.shown();
    assert_shows(&shown, "What an export would change");
    assert_shows(&shown, "1 All contacts 1,003");
    // What changes comes before what is new, and what is not written last.
    assert_shows(&shown, "What ▲");
    assert!(shown.find("~ updated") < shown.find("+ created"), "{shown}");
    assert_shows(&shown, "First name: Åsa 0 · +Gold");
    assert_shows(&shown, "1 / 1,003");
    bench.press(&[Down, PageDown]);
    assert_shows(&bench.shown(), "12 / 1,003");
    let kind = MouseEventKind::ScrollDown;
    let (column, row) = (5, 5);
    let modifiers = crossterm::event::KeyModifiers::NONE;
    bench.update(Msg::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    }));
    assert_shows(&bench.shown(), "13 / 1,003");
    bench.press(&[End]);
    assert_shows(&bench.shown(), "❯ ! suppressed");
    bench.press(&[Char('3')]);
    let shown = bench.shown();
    assert_shows(&shown, "1 / 1");
    assert_shows(&shown, "old 日本 → new");
    assert_shows(&shown, "changed in Mailchimp");
    bench.press(&[Enter]);
    let whole = bench.shown();
    assert_shows(&whole, "First name: — → x");
    assert!(!whole.contains("1 / 1"), "{whole}");
    bench.press(&[Esc, Tab, Tab]);
    assert_shows(&bench.shown(), "people.csv:1004");
    bench.press(&[
        Char('1'),
        Char('/'),
        Char('å'),
        Char('s'),
        Char('a'),
        Char(' '),
        Char('7'),
        Char('7'),
    ]);
    assert_shows(&bench.shown(), "1 / 11");
    bench.press(&[Backspace, Backspace, Enter, Down, Home, Esc]);
    assert_shows(&bench.shown(), "1 / 1,003");
    bench.press(&[Esc]);
    assert!(
        matches!(&bench.app.overlay, Some(Overlay::Check(_))),
        "back at the check"
    );
    bench.press(&[Esc]);
    assert!(bench.app.overlay.is_none());
}

#[tokio::test]
async fn what_a_run_did_is_told_as_done_and_without_a_column_of_which_nothing_is_known() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (lang, done, to_come, place) in [
        (Lang::Sv, "skapades", "skapas", " Var "),
        (Lang::En, "created", "would change", "Where"),
    ] {
        let mut bench = Bench::speaking(lang, &world, some(&world));
        bench.press(&[Down, Enter, Char('d')]);
        for sorted in 0..4 {
            let shown = bench.shown();
            assert_shows(&shown, done);
            assert!(
                !shown.contains(to_come) && !shown.contains(place),
                "{sorted}: {shown}"
            );
            bench.press(&[Char('s')]);
        }
    }
}

#[tokio::test]
async fn a_long_list_is_read_in_parts_however_one_gets_to_its_end() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('c'), Char('d')]);
    assert_eq!(bench.count(reads), 1);
    for at in 2..=1003 {
        bench.press(&[Down]);
        if at % 97 == 0 {
            let shown = bench.shown();
            assert!(!shown.contains("  …"), "{shown}");
            assert_shows(&shown, format!("── {at} / 1,003 "));
        }
    }
    let parts = bench.count(reads);
    assert!((3..8).contains(&parts), "{parts}");
    bench.press(&[Home]);
    assert_shows(&bench.shown(), "❯ ~ updated");
    bench.press(&[End, Char('g')]);
    assert_shows(&bench.shown(), "❯ ~ updated");
}
