//! What a key must not do: each trap that people fell into, as a test of its own.

use crossterm::event::KeyCode;

use super::super::app::Screen;
use super::super::msg::{Effect, Msg, Question};
use super::super::overlay::Overlay;
use super::super::wizard::Step;
use super::bench::{Bench, a_world, assert_shows, checks, home, removes, runs, saves, stops};
use super::kept;
use super::screens::{last, report};
use crate::domain::{AudienceId, Draft, MergeTag};
use crate::export::{Guard, Warning};
use crate::store::SavedDraft;
use crate::words::{Explanation, Lang, Next};
use KeyCode::{BackTab, Char, Down, End, Enter, Esc};

#[tokio::test]
async fn in_english_j_moves_down_and_removes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('d'), Char('j'), Char(' '), Enter, Down]);
    assert_eq!(bench.count(removes), 0);
    assert!(
        matches!(&bench.app.overlay, Some(Overlay::Remove(_))),
        "still asked"
    );
    bench.press(&[Char('y')]);
    assert_eq!(bench.count(removes), 1);
    let mut bench = Bench::speaking(Lang::Sv, &world, home(&world, &["Alpha"]));
    bench.press(&[Char('d'), Char('j')]);
    assert_eq!(bench.count(removes), 1, "ja");
}

#[tokio::test]
async fn a_destination_is_removed_only_when_its_run_has_ended() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r'), Char('b'), Char('d')]);
    assert_shows(&bench.shown(), "Stop it, and remove the");
    bench.press(&[Char('y')]);
    assert_eq!((bench.count(stops), bench.count(removes)), (1, 0));
    bench.end(bench.run());
    assert_eq!((bench.count(stops), bench.count(removes)), (1, 1));
}

#[tokio::test]
async fn a_run_that_ends_while_its_removal_is_asked_needs_no_stop() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r'), Char('b'), Char('d')]);
    bench.end(bench.run());
    assert!(matches!(&bench.app.overlay, Some(Overlay::Remove(asked)) if !asked.stops));
    bench.press(&[Char('y')]);
    assert_eq!((bench.count(stops), bench.count(removes)), (0, 1));
}

#[tokio::test]
async fn leaving_while_a_run_goes_on_waits_until_it_has_written_its_report() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r'), Char('q'), Char('y')]);
    assert_eq!((bench.app.quit, bench.count(stops)), (None, 1));
    assert_shows(
        &bench.shown(),
        "Segue ends when the export has written its report",
    );
    bench.press(&[Char('n'), Esc, Enter]);
    assert_eq!(
        (bench.app.quit, bench.count(stops)),
        (None, 1),
        "nothing else is asked"
    );
    bench.press(&[Char('s')]);
    assert_eq!(
        (bench.app.quit, bench.count(stops)),
        (None, 2),
        "what is in flight is dropped"
    );
    bench.end(bench.run());
    assert_eq!(bench.app.quit, Some(130));
}

#[tokio::test]
async fn control_c_asks_then_stops_then_drops_then_ends() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r')]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        bench.control_c();
        seen.push((bench.app.quit, bench.count(stops)));
    }
    assert_eq!(seen, [(None, 0), (None, 1), (None, 2), (Some(130), 2)]);
}

#[tokio::test]
async fn a_signal_stops_the_run_in_order_too() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r')]);
    bench.update(Msg::End(143));
    assert_eq!((bench.app.quit, bench.count(stops)), (None, 1));
    bench.end(bench.run());
    assert_eq!(bench.app.quit, Some(143));
}

#[tokio::test]
async fn editing_another_destination_and_beginning_a_new_one_lose_no_draft() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    let zebra = SavedDraft {
        step: Step::Name.name().to_owned(),
        draft: Draft {
            name: "Zebra letter".into(),
            ..Draft::default()
        },
        ..kept()
    };
    bench.saved.drafts.push(zebra.clone());
    bench.app.reload();
    bench.update(Msg::Tick);
    let (edit, name) = ([Down, Char('e')], [Char('n'), Enter, Char('Q'), Enter]);
    bench.press(&edit);
    bench.press(&[Esc]);
    assert_eq!(
        bench.saved.drafts,
        std::slice::from_ref(&zebra),
        "a look leaves nothing behind"
    );
    bench.press(&edit);
    // Up the lines of the review to the name, which is changed.
    bench.press(&[Down, Down, Enter, Char('!'), Enter]);
    bench.press(&[Esc, Enter]);
    bench.press(&name);
    bench.press(&[Esc, Enter]);
    let names = bench
        .saved
        .drafts
        .iter()
        .map(|draft| draft.draft.name.as_str());
    let names: Vec<&str> = names.collect();
    assert_eq!(names, ["Zebra letter", "Alpha!", "Q"]);
    let shown = bench.shown();
    assert_shows(&shown, "Alpha!, changes not saved yet");
    assert_shows(&shown, "Q, unfinished");
    // What was begun to be changed is gone on with.
    bench.press(&[End, Char('e')]);
    assert!(matches!(&bench.app.screen, Screen::Wizard(wizard) if *wizard.draft.name == "Alpha!"));
}

#[tokio::test]
async fn enter_on_a_value_of_the_rules_changes_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), BackTab]);
    for _ in 0..20 {
        if bench.shown().contains("❯ Limit of") {
            break;
        }
        bench.press(&[Down]);
    }
    bench.press(&[Enter, Char('7'), Char('7'), Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "100,000,077");
    assert_shows(&shown, "Which status do new");
    bench.press(&[End, Enter]);
    assert_shows(&bench.shown(), "Save and export");
}

#[tokio::test]
async fn enter_on_a_line_of_the_matching_changes_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), BackTab, BackTab, BackTab]);
    assert_shows(&bench.shown(), "❯ Go on");
    bench.press(&[KeyCode::Home, Enter]);
    assert_shows(&bench.shown(), "Which attribute fills");
}

#[tokio::test]
async fn saving_has_the_focus_and_starts_no_second_check() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for keys in [&[][..], &[BackTab, End, Enter]] {
        let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
        bench.press(&[Char('e')]);
        bench.press(keys);
        bench.press(&[Enter]);
        assert_eq!((bench.count(saves), bench.count(runs)), (1, 0));
        assert_eq!(bench.count(checks), 1);
    }
}

#[tokio::test]
async fn an_export_waits_for_the_check_and_shows_it_first() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.holds_checks = true;
    bench.press(&[Char('e'), Down, Enter, Enter]);
    assert_eq!((bench.count(saves), bench.count(runs)), (0, 0));
    assert_shows(&bench.shown(), "The export waits for this check");
    bench.answer_check(vec![Warning::DoubleOptin]);
    assert_eq!((bench.count(saves), bench.count(runs)), (0, 0));
    assert_shows(&bench.shown(), "Save, and export now?");
    assert_shows(&bench.shown(), "4,318 created");
    bench.press(&[Enter]);
    assert_eq!(
        (bench.count(saves), bench.count(runs)),
        (0, 0),
        "Enter sends nothing"
    );
    bench.press(&[Char('y')]);
    assert_eq!((bench.count(saves), bench.count(runs)), (1, 1));
}

#[tokio::test]
async fn a_refused_check_is_no_green_tick_and_is_not_exported() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.holds_checks = true;
    bench.press(&[Char('e')]);
    bench.answer_check(vec![
        Warning::DoubleOptin,
        Warning::WouldBeRefused(Guard::NoAgreement),
    ]);
    let shown = bench.shown();
    assert!(!shown.contains("✓ Of 4,892"), "{shown}");
    let at = |text: &str| {
        shown
            .find(text)
            .unwrap_or_else(|| panic!("no {text:?}:\n{shown}"))
    };
    assert!(at("✗ ") < at("of 4,892 profiles"), "{shown}");
    assert!(
        at("of 4,892 profiles") < shown.rfind("Alpha").expect("the name"),
        "above the answers:\n{shown}"
    );
    bench.press(&[Down, Enter]);
    assert_shows(&bench.shown(), "Nothing is exported");
    assert_eq!((bench.count(saves), bench.count(runs)), (0, 0));
    bench.press(&[KeyCode::Up, Enter]);
    assert_eq!(
        (bench.count(saves), bench.count(runs)),
        (1, 0),
        "it can be saved"
    );
}

#[tokio::test]
async fn a_new_merge_field_is_made_when_saving() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), BackTab, BackTab, BackTab, Char('a')]);
    bench.press(&"SHOE".chars().map(Char).collect::<Vec<_>>());
    // The tag, the attribute that fills it, the dialog, and on to the end.
    bench.press(&[Enter, Enter, Enter, End, Enter, Enter, End, Enter]);
    let made = |bench: &Bench<'_>, save: bool| {
        let mut fields = bench.asked.iter().filter_map(|effect| match effect {
            Effect::Ask(_, Question::Check(_, fields)) if !save => Some(fields.clone()),
            Effect::Ask(_, Question::Save(_, _, fields)) if save => Some(fields.clone()),
            _ => None,
        });
        let fields = fields.next_back().unwrap_or_default();
        let tags = fields.into_iter().map(|field| field.tag);
        tags.collect::<Vec<_>>()
    };
    let tag = MergeTag::parse("SHOE").expect("tag");
    assert_eq!(
        made(&bench, false),
        std::slice::from_ref(&tag),
        "{}",
        bench.shown()
    );
    assert_eq!(bench.count(saves), 0, "nothing is made yet");
    bench.press(&[Enter]);
    assert_eq!(made(&bench, true), [tag]);
}

#[tokio::test]
async fn a_report_that_is_opened_later_tells_cause_and_next_step() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let mut report = report(&saved.rows[0].destination);
    let told = Explanation {
        what: "Mailchimp gave no answer.".to_owned(),
        why: "The line is cut.".to_owned(),
        next: vec![Next::Say("Run it again.".to_owned())],
    };
    report.failure = Some(told.into());
    saved.rows[0].last = Some(last(report));
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter]);
    let shown = bench.shown();
    for told in [
        "Mailchimp gave no answer.",
        "The line is cut.",
        "→ Run it again.",
    ] {
        assert_shows(&shown, told);
    }
}

#[tokio::test]
async fn an_audience_that_is_not_there_gets_no_tick() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    let saved = home(&world, &["Alpha"]);
    world.view.audience.id = AudienceId::parse("another").expect("id");
    world.audiences = vec![world.view.audience.clone()];
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Char('e')]);
    let shown = bench.shown();
    let lines: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("a1b2c3"))
        .collect();
    assert!(!lines.is_empty(), "{shown}");
    for line in lines {
        let line = line.rsplit('│').nth(1).expect("beside the steps");
        assert!(line.contains('✗') && !line.contains('✓'), "{line}");
    }
    assert!(!shown.contains("✓ Connect to"), "{shown}");
    assert!(!shown.contains("✓ Audience"), "{shown}");
}
