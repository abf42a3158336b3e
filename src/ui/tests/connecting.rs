//! Connecting to Mailchimp: signing in, and the audience.

use crossterm::event::KeyCode::{Char, Down, Enter, Esc, Tab, Up};
use crossterm::event::{KeyEvent, KeyModifiers};

use super::super::msg::{Answer, Effect, Msg, Question, Ticket};
use super::super::wizard::Step;
use super::bench::{Bench, a_world, assert_shows, home};
use super::wizard::{at, step};
use super::world::{World, failed};
use crate::domain::{Audience, AudienceId, Draft};

pub(super) fn audience(id: &str, name: &str, campaign: Option<&str>) -> Audience {
    Audience {
        id: AudienceId::parse(id).expect("id"),
        name: name.to_owned(),
        web_id: 2,
        members: 1_234,
        last_campaign: campaign.map(|time| time.parse().expect("a time")),
        double_optin: false,
        marketing_permissions: false,
    }
}

#[tokio::test]
async fn enter_on_an_empty_field_of_the_sign_in_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = at(&world, Step::Mailchimp, Draft::default());
    let app = "The client ID is missing";
    bench.press(&[Tab, Down, Enter]);
    assert!(!bench.shown().contains(app), "nothing was asked for yet");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), app);
    bench.press(&[Char('1'), Enter]);
    assert_shows(&bench.shown(), "The client secret is missing");
    bench.press(&[Char('2')]);
    assert!(!bench.shown().contains("is missing"), "it is being typed");
    bench.press(&[Esc, Down, Enter, Enter]);
    assert_shows(&bench.shown(), "The API key is missing");
}

#[tokio::test]
async fn the_audiences_of_the_account_are_listed_with_members_and_last_campaign() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![
        audience("a1b2c3", "Club", None),
        audience("b2c3d4", "Friends", Some("2026-05-01T12:00:00Z")),
    ];
    let mut bench = at(&world, Step::Mailchimp, Draft::default());
    let shown = bench.shown();
    for told in [
        "Members",
        "Last campaign",
        "Friends",
        "1,234",
        "1 May 2026",
        "none yet",
    ] {
        assert_shows(&shown, told);
    }
    // None of several is taken for the user.
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Mailchimp);
    assert_shows(&bench.shown(), "✗ Choose an audience");
    bench.press(&[Down, Down]);
    assert_shows(&bench.shown(), "✓ Friends  ");
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Source);
}

#[tokio::test]
async fn an_audience_id_can_still_be_typed() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![audience("x1", "One", None), audience("x2", "Two", None)];
    let mut bench = at(&world, Step::Mailchimp, Draft::default());
    bench.press(&[
        Char('a'),
        Char('1'),
        Char('b'),
        Char('2'),
        Char('c'),
        Char('3'),
    ]);
    let looks = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Audience(..)));
    assert_eq!(bench.count(looks), 0, "it is still being typed");
    bench.press(&[Enter]);
    assert_eq!((step(&bench), bench.count(looks)), (Step::Source, 1));
}

#[tokio::test]
async fn an_audience_that_is_not_found_is_told_of_where_it_is_chosen() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![audience("x1", "One", None), audience("x2", "Two", None)];
    let mut bench = at(&world, Step::Mailchimp, Draft::default());
    bench.press(&[Char('y'), Char('9')]);
    assert_shows(&bench.shown(), "None of your audiences has this ID");
    let looks = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Audience(..)));
    // Enter looks again: it may be new.
    for looked in 1..=2 {
        bench.press(&[Enter]);
        assert_eq!(
            (step(&bench), bench.count(looks)),
            (Step::Mailchimp, looked)
        );
    }
    bench.press(&[Up, Enter]);
    assert_eq!(bench.count(looks), 3);
}

#[tokio::test]
async fn whoever_is_not_signed_in_may_type_the_id_and_signs_in_first() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = signed_out(&world);
    // Below the ways to sign in; Enter leads back to them.
    bench.press(&[Down, Down, Char('x'), Char('1')]);
    assert_shows(&bench.shown(), "❯ Audience ID x1");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "❯ Use an API key");
    bench.press(&[Up, Up, Down, Enter, Char('k'), Enter]);
    assert_shows(&bench.shown(), "❯ Audience ID x1");
    assert_shows(&bench.shown(), "✓ Connected to Mailchimp: Club");
    bench.press(&[Tab]);
    assert_shows(&bench.shown(), "❯ Choose the audience");
}

/// An application at the ways to sign in: nobody did yet.
fn signed_out(world: &World) -> Bench<'_> {
    let mut nobody = home(world, &[]);
    nobody.usable.clear();
    let mut bench = Bench::new(world, nobody);
    bench.press(&[Char('n'), Enter, Char('Q'), Enter, Char(' '), Enter]);
    bench
}

/// The last question that was asked and fits.
fn ticket(bench: &Bench<'_>, fits: impl Fn(&Question) -> bool) -> Ticket {
    let mut asked = bench.asked.iter().rev();
    let found = asked.find_map(|effect| match effect {
        Effect::Ask(ticket, question) if fits(question) => Some(*ticket),
        _ => None,
    });
    found.expect("asked")
}

fn asks_for_audience(question: &Question) -> bool {
    matches!(question, Question::Audience(..))
}

/// An application where Enter was pressed on an audience, which is still looked up.
fn looking(world: &World) -> Bench<'_> {
    let mut bench = at(world, Step::Mailchimp, Draft::default());
    bench.holds_all = true;
    bench.press(&[Down, Enter]);
    assert_shows(&bench.shown(), "Looking");
    bench
}

#[tokio::test]
async fn whoever_turns_to_something_else_while_an_audience_is_looked_up_stays_there() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![
        audience("a1b2c3", "Club", None),
        audience("x2", "Two", None),
    ];
    let found = |world: &World| Answer::Audience(Ok(Box::new(world.view.clone())));
    // Signing in otherwise.
    let mut bench = looking(&world);
    bench.press(&[Tab]);
    let asked = ticket(&bench, asks_for_audience);
    bench.update(Msg::Answer(asked, found(&world)));
    assert_eq!(step(&bench), Step::Mailchimp);
    // Away and back.
    let mut bench = looking(&world);
    let asked = ticket(&bench, asks_for_audience);
    for code in [Up, Down] {
        bench.update(Msg::Key(KeyEvent::new(code, KeyModifiers::CONTROL)));
    }
    bench.update(Msg::Answer(asked, found(&world)));
    assert_eq!(step(&bench), Step::Mailchimp);
    // Another ID.
    let mut bench = looking(&world);
    let asked = ticket(&bench, asks_for_audience);
    bench.update(Msg::Paste("9".to_owned()));
    bench.update(Msg::Answer(asked, found(&world)));
    assert_eq!(step(&bench), Step::Mailchimp);
    let mut bench = looking(&world);
    let asked = ticket(&bench, asks_for_audience);
    bench.update(Msg::Answer(asked, found(&world)));
    assert_eq!(step(&bench), Step::Source, "who waits for it goes on");
}

#[tokio::test]
async fn a_listed_audience_that_cannot_be_looked_at_says_why_until_one_signs_in_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = a_world(&folder).await;
    world.audiences = vec![
        audience("a1b2c3", "Club", None),
        audience("x2", "Two", None),
    ];
    let mut bench = looking(&world);
    let asked = ticket(&bench, asks_for_audience);
    bench.update(Msg::Answer(asked, Answer::Audience(Err(failed()))));
    assert_shows(&bench.shown(), "✗ It failed");
    bench.holds_all = false;
    // The same login, renewed.
    bench.press(&[Tab, Down, Down, Enter, Char('k'), Enter]);
    let shown = bench.shown();
    assert!(!shown.contains("✗ It failed"), "{shown}");
    bench.press(&[Enter]);
    assert_eq!(step(&bench), Step::Source);
}

#[tokio::test]
async fn a_sign_in_that_ends_after_the_page_was_left_brings_nobody_back() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = signed_out(&world);
    bench.press(&[Down, Enter, Char('k')]);
    bench.holds_all = true;
    bench.press(&[Enter]);
    let key = ticket(&bench, |asked| matches!(asked, Question::ApiKey(_)));
    bench.update(Msg::Key(KeyEvent::new(Up, KeyModifiers::CONTROL)));
    let login = Answer::Login(Ok(world.login.clone()));
    bench.update(Msg::Answer(key, login));
    assert_eq!(step(&bench), Step::Name);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "✓ Connected to Mailchimp: Club");
}
