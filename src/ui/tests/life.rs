//! A saved destination's life: looked at, edited, renamed, duplicated, detached.

use crossterm::event::KeyCode::{Backspace, Char, Down, Enter, Esc, Right, Tab, Up};
use jiff::Timestamp;

use super::super::app::Screen;
use super::super::msg::{Answer, Change, Effect, HomeData, Msg, Question, Row};
use super::super::overlay::Overlay;
use super::bench::{Bench, a_world, assert_shows, home, runs};
use super::world::failed;
use crate::domain::{Agenda, Close, Destination, Schedule};
use crate::store::Names;
use crate::words::{Lang, Words, zone_here};

#[tokio::test]
async fn the_removal_of_a_login_lists_what_uses_it_and_waits_for_no_run() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('l')]);
    for part in ["club", "Mailchimp", "Club", "never", "Alpha, Beta"] {
        assert_shows(&bench.shown(), part);
    }
    bench.press(&[Char('d')]);
    assert_shows(&bench.shown(), "club is used by Alpha, Beta.");
    bench.press(&[Enter, Char('n')]);
    let asks = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Logout(_)));
    assert_eq!(bench.count(asks), 0);
    bench.press(&[Esc, Char('r'), Char('b'), Char('l'), Char('d')]);
    assert_shows(&bench.shown(), "An export to Alpha uses club just now.");
    bench.press(&[Esc, Esc]);
    bench.end(bench.run());
    bench.press(&[Char('l'), Char('d'), Char('y')]);
    assert_eq!(bench.count(asks), 1);
    assert_shows(&bench.shown(), "No login is saved yet");
    bench.press(&[Esc]);
    assert_eq!(
        bench.shown().matches("no connection").count(),
        3,
        "two rows, and one detail"
    );
}

#[tokio::test]
async fn a_schedule_is_set_in_a_line_and_told_with_who_sees_to_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('t')]);
    assert_shows(&bench.shown(), "When should Alpha run by itself?");
    for _ in 0..3 {
        bench.press(&[Backspace]);
    }
    bench.press(&[Char('6'), Char('a'), Enter]);
    assert_shows(&bench.shown(), "6a is not a schedule.");
    bench.press(&[Backspace, Backspace]);
    for c in "mon 06:00".chars() {
        bench.press(&[Char(c)]);
    }
    bench.press(&[Enter]);
    let all = schedules(&bench);
    let [(names, schedule)] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(names, &["Alpha"]);
    assert_eq!(schedule.in_short(), "mon 06:00");
    assert_eq!(schedule.zone(), Some(&zone_here()));
    let shown = bench.shown();
    assert_shows(&shown, "Every Monday at 06:00");
    assert_shows(&shown, "next run");
    assert_shows(&shown, "segue watch is not running");
}

#[tokio::test]
async fn a_schedule_is_typed_and_shown_in_either_language() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    for (lang, typed, set, again) in [
        (
            Lang::Sv,
            "mån,tors 06:00",
            "mon,thu 06:00",
            "mån,tors 06:00",
        ),
        (Lang::Sv, "refresh", "refresh", "uppdatering"),
        (Lang::En, "mån 6:00", "mon 06:00", "mon 06:00"),
        (Lang::En, "uppdatering", "refresh", "refresh"),
    ] {
        let mut bench = Bench::speaking(lang, &world, home(&world, &["Alpha"]));
        bench.press(&[Char('t')]);
        bench.press(&typed.chars().map(Char).collect::<Vec<_>>());
        bench.press(&[Enter]);
        let all = schedules(&bench);
        let set_to = all.last().map(|(_, schedule)| schedule.in_short());
        assert_eq!(set_to.as_deref(), Some(set), "{typed}");
        // What holds stands there as it is typed in this language, and means the same.
        bench.press(&[Char('t')]);
        assert_shows(&bench.shown(), again);
        bench.press(&[Enter]);
        assert_eq!(schedules(&bench).len(), all.len(), "nothing was changed");
    }
    let mut bench = Bench::speaking(Lang::Sv, &world, home(&world, &["Alpha"]));
    bench.press(&[Char('t')]);
    let shown = bench.shown();
    for said in ["mån,tors 06:00", "uppdatering", "bara när du kör det"] {
        assert_shows(&shown, said);
    }
    assert!(
        !shown.contains("refresh") && !shown.contains("off"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_schedule_is_set_for_all_that_are_chosen_in_a_zone_that_is_checked() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha", "Beta", "Gamma"]);
    let tokyo = "Asia/Tokyo".parse().expect("zone");
    saved.rows[1].destination.schedule = Schedule::from_short("05:00", &tokyo).expect("schedule");
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Char(' '), Down, Char(' '), Char('t')]);
    let shown = bench.shown();
    assert_shows(&shown, "these 2 destinations");
    assert_shows(&shown, "Alpha, Beta");
    assert_shows(&shown, "Their schedules differ");
    assert_shows(&shown, "Asia/Tokyo");
    // Nothing is typed, so nothing is meant.
    bench.press(&[Enter]);
    assert_eq!(schedules(&bench), []);
    bench.press(&[Char('t'), Tab, Char('x'), Enter]);
    assert_shows(&bench.shown(), "A time zone belongs to times");
    bench.press(&[Esc, Char('t')]);
    type_in(&mut bench, "06:00");
    bench.press(&[Tab, Char('x'), Enter]);
    assert_shows(&bench.shown(), "Asia/Tokyox is no time zone");
    assert_eq!(schedules(&bench), []);
    bench.press(&[Backspace, Enter]);
    let daily = Schedule::from_short("06:00", &tokyo).expect("schedule");
    let set = (vec!["Alpha".to_owned(), "Beta".to_owned()], daily);
    assert_eq!(schedules(&bench), [set]);
    assert!(bench.app.overlay.is_none());
    // They are not chosen any more; the zone that is stored stays.
    bench.press(&[Char('t')]);
    let shown = bench.shown();
    assert_shows(&shown, "When should Beta run by itself?");
    assert_shows(&shown, "Asia/Tokyo");
    bench.press(&[Enter]);
    assert_eq!(schedules(&bench).len(), 1, "nothing was changed");
    // A zone says nothing of anything but times.
    bench.press(&[Char('t'), Tab, Char('x'), Up]);
    bench.press(&[Backspace; 5]);
    type_in(&mut bench, "refresh");
    bench.press(&[Enter]);
    let all = schedules(&bench);
    let set = all.last().map(|(_, schedule)| schedule.in_short());
    assert_eq!(set.as_deref(), Some("refresh"));
}

/// Sets schedules as the engine does.
pub(super) fn scheduled(
    all: &[Destination],
    schedule: &Schedule,
    saved: &mut HomeData,
) -> Vec<Destination> {
    let asked = |row: &&mut Row| all.iter().any(|one| one.id() == row.destination.id());
    let set = saved.rows.iter_mut().filter(asked).map(|row| {
        row.destination.schedule = schedule.clone();
        row.destination.clone()
    });
    set.collect()
}

#[tokio::test]
async fn what_keeps_a_schedule_from_going_is_told_at_home_also_of_one_that_never_ran() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let refresh = Schedule::OnRefresh {
        quiet_seconds: None,
    };
    let now = Timestamp::now();
    let mut agenda = Agenda::new(refresh.clone(), now);
    agenda.close(Close::Transient, "Nobody answers.", now);
    let row = &mut saved.rows[0];
    row.destination.schedule = refresh;
    row.watched = true;
    row.trouble = Words::new(Lang::En).told_trouble(Some(&agenda), &Names::default());
    row.agenda = Some(agenda);
    let mut bench = Bench::new(&world, saved);
    let shown = bench.shown();
    for part in ["Queued", "will be tried again", "Nobody answers."] {
        assert_shows(&shown, part);
    }
}

fn type_in(bench: &mut Bench<'_>, text: &str) {
    bench.press(&text.chars().map(Char).collect::<Vec<_>>());
}

/// Which schedules were set, and whose they are.
fn schedules(bench: &Bench<'_>) -> Vec<(Vec<String>, Schedule)> {
    let asked = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Ask(_, Question::Schedule(all, schedule)) => {
            let names = all.iter().map(|one| one.name.to_string());
            Some((names.collect(), schedule.clone()))
        }
        _ => None,
    });
    asked.collect()
}

/// What was changed without the wizard.
fn changes(bench: &Bench<'_>) -> Vec<Change> {
    let asked = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Ask(_, Question::Change(_, change)) => Some(change.clone()),
        _ => None,
    });
    asked.collect()
}

fn names<'a>(bench: &'a Bench<'_>) -> Vec<&'a str> {
    let rows = bench.saved.rows.iter();
    rows.map(|row| row.destination.name.as_str()).collect()
}

#[tokio::test]
async fn a_destination_is_looked_at_part_by_part_and_nothing_changes() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('v')]);
    for part in [
        "Alpha",
        "lotta, ",
        "Club (a1b2c3)",
        "folder:/srv/people",
        "Email ← EMail",
        "Gold → Gold",
        "subscribed",
        "its tag is removed",
        "1,000,000",
    ] {
        assert_shows(&bench.shown(), part);
    }
    bench.press(&[Char('v')]);
    assert!(matches!(bench.app.screen, Screen::Home));
    assert!(bench.saved.drafts.is_empty());
}

#[tokio::test]
async fn editing_without_a_change_leaves_no_draft_behind() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('v'), Char('e')]);
    assert_shows(&bench.shown(), "Edit destination");
    // Through a step and back, and out of the wizard.
    bench.press(&[Down, Down, Enter, Enter]);
    bench.press(&[Esc]);
    assert!(matches!(bench.app.screen, Screen::Home));
    assert!(bench.saved.drafts.is_empty(), "{:?}", bench.saved.drafts);
    assert!(!bench.shown().contains("not saved yet"));
    // One letter more is a change.
    bench.press(&[Char('e'), Down, Down, Enter, Char('!'), Enter]);
    bench.press(&[Esc, Enter]);
    assert_eq!(bench.saved.drafts.len(), 1);
}

#[tokio::test]
async fn a_destination_gets_another_name_and_the_cursor_stays_on_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('R'), Char(' '), Backspace]);
    bench.press(&[Backspace; 5]);
    bench.press(&[Enter]);
    assert_eq!(changes(&bench), [], "no name is none");
    assert!(matches!(bench.app.overlay, Some(Overlay::Name(_))));
    bench.press(&"Zulu".chars().map(Char).collect::<Vec<_>>());
    bench.press(&[Enter]);
    assert!(bench.app.overlay.is_none());
    assert_eq!(names(&bench), ["Beta", "Zulu"]);
    assert_shows(&bench.shown(), "❯  Zulu");
    bench.press(&[Char('R'), Char('!'), Esc]);
    assert_eq!(names(&bench), ["Beta", "Zulu"]);
}

#[tokio::test]
async fn a_copy_gets_a_free_name_and_the_one_that_is_looked_at_is_the_copy() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "alpha 2"]));
    bench.press(&[Char('v'), Char('D')]);
    assert_shows(&bench.shown(), "Alpha 3");
    bench.press(&[Enter]);
    assert_eq!(names(&bench), ["Alpha", "alpha 2", "Alpha 3"]);
    assert!(matches!(&bench.app.screen, Screen::About(page)
        if page.destination.name.as_str() == "Alpha 3"));
    assert_eq!(bench.count(runs), 0, "a copy runs nothing");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "❯  Alpha 3");
}

#[tokio::test]
async fn a_name_that_is_refused_stays_to_be_changed() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('R'), Char('!')]);
    let effects = bench.app.update(Msg::Key(Enter.into()));
    let [Effect::Ask(ticket, Question::Change(..))] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    // Enter again asks nothing before the answer is there.
    assert!(bench.app.update(Msg::Key(Enter.into())).is_empty());
    bench.update(Msg::Answer(*ticket, Answer::Changed(Err(failed()))));
    let shown = bench.shown();
    assert_shows(&shown, "It failed");
    assert_shows(&shown, "Alpha!");
    bench.press(&[Char('?')]);
    assert!(!bench.shown().contains("It failed"));
}

#[tokio::test]
async fn a_destination_that_was_detached_says_so_and_is_attached_by_editing() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('v'), Char('x')]);
    assert_shows(&bench.shown(), "Detach the login club from Alpha?");
    bench.press(&[Enter, Char('n')]);
    assert_eq!(changes(&bench), []);
    bench.press(&[Char('x'), Char('y')]);
    assert_eq!(changes(&bench), [Change::Detach]);
    let shown = bench.shown();
    assert_shows(&shown, "no connection");
    assert_shows(&shown, "this destination does not run");
    bench.press(&[Char('x')]);
    assert!(bench.app.overlay.is_none(), "there is nothing to detach");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "no connection");
    // In the wizard: from the end up to the login, and the saved one is chosen.
    bench.press(&[Char('e'), Up, Down, Down, Down, Down, Down, Enter]);
    assert_shows(&bench.shown(), "Use the saved login club");
}

#[tokio::test]
async fn a_destination_without_a_login_gets_no_tick_for_it_and_no_check() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    saved.rows[0].destination.login = None;
    let mut bench = Bench::new(&world, saved);
    assert_shows(&bench.shown(), "! no connection");
    bench.press(&[Char('e')]);
    let shown = bench.shown();
    assert_shows(&shown, "! Login");
    assert_shows(&shown, "! Mailchimp");
    assert_shows(&shown, "line “Login” and press");
    let checks = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Check(..)));
    assert_eq!(bench.count(checks), 0, "nobody could be asked");
    // Exporting it leads to the step that it lacks.
    bench.press(&[Right, Enter]);
    assert_shows(&bench.shown(), "Use the saved login club");
}
