//! The list of all that can be done, and keys that a person changed.

use KeyCode::{Backspace, Char, Down, End, Enter, Esc, Up};
use crossterm::event::KeyCode;

use super::super::keys::{Command, Keys};
use super::super::msg::{Effect, HomeData, Msg, Question};
use super::super::overlay::Overlay;
use super::bench::{Bench, a_world, assert_shows, home, runs};
use super::hands::some;
use super::world::World;
use crate::store::KeyWish;

fn letters(text: &str) -> Vec<KeyCode> {
    text.chars().map(Char).collect()
}

/// Where the list can be opened: how to get there.
const PLACES: [&[KeyCode]; 8] = [
    &[],
    &[Down],
    &[Down, Enter],
    &[Down, Enter, Char('r')],
    &[Down, Char('h')],
    &[Down, Char('c')],
    &[Down, Char('c'), Char('d')],
    &[End, Char('v')],
];

fn at<'w>(world: &'w World, keys: &[KeyCode]) -> Bench<'w> {
    let mut bench = Bench::new(world, some(world));
    bench.press(keys);
    bench
}

#[tokio::test]
async fn whatever_the_footer_offers_is_in_the_list_and_enter_does_what_its_key_does() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for place in PLACES {
        let bench = at(&world, place);
        let offered = bench.app.theme.keys().bindings(bench.app.context());
        let offered: Vec<_> = offered
            .filter(|one| {
                !one.label.is_empty() && one.command != Command::Up && bench.app.offers(one.command)
            })
            .collect();
        assert!(!offered.is_empty(), "{place:?}");
        for (number, binding) in offered.iter().enumerate() {
            let mut by_key = at(&world, place);
            by_key.press(&[binding.code]);
            let mut by_list = at(&world, place);
            by_list.press(&[Char(':')]);
            by_list.press(&vec![Down; number]);
            by_list.press(&[Enter]);
            let what = format!("{:?} after {place:?}", binding.code);
            assert_eq!(by_list.shown(), by_key.shown(), "{what}");
            assert_eq!(by_list.asked.len(), by_key.asked.len(), "{what}");
            assert_eq!(by_list.app.quit, by_key.app.quit, "{what}");
        }
    }
}

#[tokio::test]
async fn typing_narrows_the_list_down_and_esc_leaves_all_as_it_was() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    let before = bench.shown();
    assert_shows(&before, ": commands");
    bench.press(&[Char(':')]);
    let shown = bench.shown();
    assert_shows(&shown, "╭ Commands ");
    assert_shows(&shown, "❯ n      new");
    assert_shows(&shown, "  q      quit");
    bench.press(&letters("READ all"));
    let shown = bench.shown();
    assert_shows(&shown, "❯ f      run, reading all again");
    assert_shows(&shown, " 1 / ");
    // A key finds what it does, too.
    bench.press(&[Backspace; 8]);
    // So does what it is called in the file.
    bench.press(&letters("fresh"));
    assert_shows(&bench.shown(), "❯ f      run, reading all again");
    bench.press(&[Backspace; 5]);
    bench.press(&[Char('R'), Up]);
    assert_shows(&bench.shown(), "❯ R      rename");
    bench.press(&letters("xyz"));
    assert_shows(&bench.shown(), "No command is called that.");
    bench.press(&[Enter]);
    assert!(matches!(bench.app.overlay, Some(Overlay::Palette(_))));
    bench.press(&[Esc]);
    assert_eq!(bench.shown(), before);
    bench.press(&[Char(':')]);
    bench.update(Msg::Paste("run\nrename".to_owned()));
    bench.press(&[Enter]);
    assert_eq!(bench.count(runs), 1);
}

#[tokio::test]
async fn the_list_is_opened_and_chosen_from_with_the_mouse() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.click(": commands", 0);
    bench.click("  check", 3);
    let checks = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Check(..)));
    assert_eq!(bench.count(checks), 1);
    assert_shows(&bench.shown(), "An export of Alpha now");
}

#[tokio::test]
async fn a_colon_is_text_where_text_is_typed_and_no_way_round_a_question() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('/'), Char(':')]);
    assert!(bench.app.overlay.is_none());
    assert!(!bench.shown().contains(": commands"));
    bench.press(&[Esc, Char('d'), Char(':')]);
    assert!(matches!(bench.app.overlay, Some(Overlay::Remove(_))));
    assert!(!bench.shown().contains(": commands"));
}

#[tokio::test]
async fn the_wizard_lists_its_steps_and_the_way_out() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, HomeData::default());
    bench.press(&[Char('n'), Char(':')]);
    bench.press(&letters("number"));
    bench.press(&[Enter, Char('1')]);
    assert_shows(&bench.shown(), "step 1 of 8");
    bench.press(&[Char(':')]);
    bench.press(&letters("quit"));
    bench.press(&[Enter]);
    assert_eq!(bench.app.quit, Some(0));
}

#[tokio::test]
async fn a_changed_key_is_pressed_and_shown_wherever_the_usual_one_was() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let wishes = [("run", "w"), ("undo", "F7"), ("new", "ö"), ("rejects", "z")];
    let wishes = wishes.map(|(command, key)| KeyWish {
        command: command.to_owned(),
        key: key.to_owned(),
        line: 1,
    });
    let keys = Keys::new(&wishes);
    let with_keys = |saved| {
        let mut bench = Bench::new(&world, saved);
        bench.app.theme = bench.app.theme.with_keys(keys);
        bench
    };
    let mut bench = with_keys(HomeData::default());
    let shown = bench.shown();
    assert_shows(&shown, "ö   makes your first destination");
    assert_shows(&shown, "w   exports; F7 undoes the last export");
    let mut bench = with_keys(some(&world));
    bench.press(&[Down]);
    assert_shows(&bench.shown(), "ö new  w run");
    bench.press(&[Char('?')]);
    assert_shows(&bench.shown(), "F7   undo");
    bench.press(&[Esc, Char(':')]);
    assert_shows(&bench.shown(), "  w      run");
    bench.press(&[Esc, Char('r')]);
    assert_eq!(bench.count(runs), 0, "the usual key is free");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "z   ");
    bench.press(&[Esc]);
    bench.click("w run", 0);
    assert_eq!(bench.count(runs), 1);
}
