//! The wizard's ways: what Enter accepts, how one goes about in it, and how one leaves.

use crossterm::event::KeyCode::{BackTab, Backspace, Char, Down, Enter, Esc, Home, Tab, Up};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::Screen;
use super::super::msg::{Effect, Msg};
use super::super::wizard::Step;
use super::bench::{Bench, a_world, assert_shows, home, runs, saves};
use super::connecting::audience;
use super::kept;
use super::world::World;
use crate::domain::Draft;
use crate::export::{Guard, Warning};
use crate::store::SavedDraft;

pub(super) fn step(bench: &Bench<'_>) -> Step {
    match &bench.app.screen {
        Screen::Wizard(wizard) => wizard.step,
        other => panic!("no wizard: {other:?}"),
    }
}

/// An application at a step of a new destination.
pub(super) fn at(world: &World, step: Step, draft: Draft) -> Bench<'_> {
    let mut saved = home(world, &[]);
    saved.drafts.push(SavedDraft {
        step: step.name().to_owned(),
        draft,
        ..kept()
    });
    let mut bench = Bench::new(world, saved);
    bench.press(&[Enter]);
    bench
}

fn go_to(bench: &mut Bench<'_>, digit: char) {
    let control_g = KeyEvent::new(Char('g'), KeyModifiers::CONTROL);
    bench.update(Msg::Key(control_g));
    bench.press(&[Char(digit)]);
}

#[tokio::test]
async fn the_saved_login_and_the_only_audience_are_accepted_with_enter() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &[]));
    bench.press(&[Char('n'), Enter, Char('Q'), Enter, Char(' '), Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "✓ Connected to Mailchimp: Club");
    assert_shows(&shown, "✓ Club  ");
    assert_shows(&shown, "none yet");
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Source);
}

#[tokio::test]
async fn name_and_privacy_are_answered_on_one_page_and_each_is_asked_for_where_it_is() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('n'), Enter]);
    let missing = "Press Space to agree";
    for key in [Char('Q'), Tab, Tab, Down, Up, Enter] {
        bench.press(&[key]);
        assert!(!bench.shown().contains(missing), "nobody read as far");
    }
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), missing);
    bench.press(&[Char(' ')]);
    assert!(!bench.shown().contains(missing));
    // A name that another has leads back to the name, whatever was agreed to.
    bench.press(&[Up]);
    bench.press(&[Backspace]);
    bench.press(&"Alpha".chars().map(Char).collect::<Vec<_>>());
    bench.press(&[Tab, Enter, Char('2')]);
    assert_shows(&bench.shown(), "Alpha2");
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Mailchimp);
}

#[tokio::test]
async fn control_g_and_a_number_goes_to_a_step_that_was_visited_and_to_no_other() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    go_to(&mut bench, '2');
    assert_eq!(step(&bench), Step::Name);
    // Also where letters are typed.
    go_to(&mut bench, '8');
    assert_eq!(step(&bench), Step::Review);
    let mut bench = at(&world, Step::Name, Draft::default());
    go_to(&mut bench, '7');
    assert_eq!(step(&bench), Step::Name);
    go_to(&mut bench, '1');
    assert_eq!(step(&bench), Step::Start);
}

#[tokio::test]
async fn shift_tab_goes_to_the_step_before() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    for before in Step::ALL.into_iter().rev().skip(1) {
        bench.press(&[BackTab]);
        assert_eq!(step(&bench), before);
    }
}

#[tokio::test]
async fn leaving_an_edit_without_changes_asks_nothing_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), BackTab, BackTab, Esc]);
    assert!(matches!(bench.app.screen, Screen::Home));
    let keeps = |effect: &Effect| matches!(effect, Effect::Keep(_));
    assert_eq!((bench.count(keeps), bench.saved.drafts.len()), (0, 0));
}

#[tokio::test]
async fn leaving_with_answers_asks_once_whether_to_leave_to_stay_or_to_throw_them_away() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (answer, drafts) in [(Enter, 1), (Esc, 1), (Char('d'), 0)] {
        let mut bench = Bench::new(&world, home(&world, &[]));
        bench.press(&[Char('n'), Enter, Char('Q'), Enter, Esc]);
        assert_shows(&bench.shown(), "Kept as a draft");
        bench.press(&[Char('s')]);
        assert_eq!(step(&bench), Step::Name, "it stays");
        bench.press(&[Esc, answer]);
        assert!(matches!(bench.app.screen, Screen::Home));
        assert_eq!(bench.saved.drafts.len(), drafts);
    }
}

#[tokio::test]
async fn an_export_wants_one_deliberate_act_and_shows_the_numbers_of_the_check() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), Char('e')]);
    let shown = bench.shown();
    assert_shows(&shown, "Save, and export now?");
    assert_shows(&shown, "4,318 created");
    bench.press(&[Char('n')]);
    assert_eq!((bench.count(saves), bench.count(runs)), (0, 0));
    bench.press(&[Char('e'), Char('y')]);
    assert_eq!((bench.count(saves), bench.count(runs)), (1, 1));
}

#[tokio::test]
async fn enter_on_the_limit_of_the_review_begins_to_type_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    bench.press(&[Down; 10]);
    bench.press(&[Enter, Char('7'), Char('7')]);
    assert_eq!(step(&bench), Step::Rules);
    assert_shows(&bench.shown(), "100000077");
}

#[tokio::test]
async fn a_click_in_the_wizard_does_what_the_keys_do_that_lead_there() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![audience("x1", "One", None), audience("x2", "Two", None)];
    let mut bench = Bench::new(&world, home(&world, &[]));
    bench.press(&[Char('n'), Enter, Char('Q')]);
    bench.click("] I agree", 0);
    assert_shows(&bench.shown(), "❯ [✓] I agree");
    bench.click("Display name *", 0);
    assert_shows(&bench.shown(), "❯ Display name *");
    bench.press(&[Enter]);
    bench.click(" Two", 1);
    assert_shows(&bench.shown(), "❯ Audience ID x2");
    bench.click(" One", 1);
    assert_shows(&bench.shown(), "❯ Audience ID x1");
    bench.press(&[Tab]);
    bench.click(" Two", 1);
    assert_shows(&bench.shown(), "❯ Audience ID x2");
    bench.press(&[Enter]);
    bench.click("A folder of exported files", 3);
    assert_shows(&bench.shown(), "detected automatically");
    bench.click("Layout", 3);
    assert!(!bench.shown().contains("detected automatically"), "another");

    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    bench.click("Email ← EMail", 1);
    assert_eq!(step(&bench), Step::Matching);
    bench.click("First name", 1);
    // The list of attributes lies over the page.
    bench.click("Email Subscriber", 1);
    assert_shows(&bench.shown(), "← Email Subscriber");
    bench.click("✓ Segments", 3);
    bench.click("] Gold", 0);
    assert_shows(&bench.shown(), "❯ [ ] Gold");
    bench.click("] Gold", 0);
    bench.click("✓ Rules", 3);
    bench.click("pending", 2);
    assert_shows(&bench.shown(), "❯ (●) pending");
    bench.click("  Review", 3);
    bench.click("Save and export", 2);
    assert_shows(&bench.shown(), "Save, and export now?");
}

#[tokio::test]
async fn the_rule_under_the_cursor_says_what_it_leads_to() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = at(&world, Step::Rules, Draft::default());
    assert_shows(&bench.shown(), "Campaigns reach them");
    bench.press(&[Down]);
    assert_shows(&bench.shown(), "Each gets one mail from Mailchimp");
    // The way out of the list says something else than the rules in it.
    bench.press(&[KeyCode::End]);
    assert_shows(&bench.shown(), "The review shows");
}

#[tokio::test]
async fn esc_clears_what_a_list_is_narrowed_down_by_before_it_leaves() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    go_to(&mut bench, '6');
    bench.press(&[Char('/'), Char('z'), Enter]);
    assert!(!bench.shown().contains("Gold"), "narrowed down");
    bench.press(&[Esc]);
    assert_eq!(step(&bench), Step::Segments);
    assert_shows(&bench.shown(), "Gold");
    go_to(&mut bench, '5');
    // A blank in a name is typed, and does not pick what is in sight by then.
    bench.press(&[Home, Char(' ')]);
    bench.press(&"email s".chars().map(Char).collect::<Vec<_>>());
    assert_shows(&bench.shown(), "Which attribute fills Email");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "FirstName");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "← EMail");
}

#[tokio::test]
async fn saving_without_the_agreement_leads_to_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    go_to(&mut bench, '2');
    bench.press(&[Tab, Char(' ')]);
    go_to(&mut bench, '8');
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "❯ [ ] I agree   ✗ Press Space");
}

#[tokio::test]
async fn a_click_does_nothing_where_the_next_key_would_be_taken_for_another() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e')]);
    bench.update(Msg::Key(KeyEvent::new(Char('g'), KeyModifiers::CONTROL)));
    bench.click("Save and export", 2);
    assert_eq!((step(&bench), bench.count(saves)), (Step::Review, 0));
    bench.press(&[Char('7'), KeyCode::End, Up, Char(' '), Char('x')]);
    bench.click("pending", 1);
    bench.press(&[Char('y'), Enter]);
    assert_shows(&bench.shown(), "Tag for Gold: xy");
}

#[tokio::test]
async fn an_answer_that_the_review_led_to_leads_back_to_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('e'), KeyCode::End, Up, Up, Enter]);
    assert_eq!(step(&bench), Step::Segments);
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Review);
    // Whoever went another way goes on step by step, and another audience has other fields.
    go_to(&mut bench, '6');
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Rules);
    go_to(&mut bench, '8');
    bench.press(&[Down, Down, Down, Down, Enter]);
    assert_shows(&bench.shown(), "❯ Audience ID");
    bench.press(&[Char('9'), Backspace, Enter]);
    assert_eq!(step(&bench), Step::Review, "the same");
}

#[tokio::test]
async fn an_export_that_a_guard_refuses_is_told_of_beside_its_button() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.holds_checks = true;
    bench.press(&[Char('e'), KeyCode::End, Char('e')]);
    bench.answer_check(vec![Warning::WouldBeRefused(Guard::NoAgreement)]);
    let shown = bench.shown();
    let told = shown
        .lines()
        .position(|line| line.contains("Nothing is exported"));
    let button = shown
        .lines()
        .position(|line| line.contains("Save and export"));
    assert_eq!(told, button.map(|at| at + 2), "{shown}");
}
