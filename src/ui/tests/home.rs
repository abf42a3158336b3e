//! The list of destinations: searched, sorted, several chosen and run one after the other.

use crossterm::event::KeyCode::{Char, Down, Enter, Esc};
use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;

use super::super::app::Screen;
use super::super::msg::{Effect, HomeData, Msg, RunEnd, Ticket};
use super::super::overlay::Overlay;
use super::super::wizard::Step;
use super::bench::{Bench, a_world, assert_shows, home, runs, stops};
use super::screens::{last, report};
use super::world::World;
use crate::domain::{LoginName, SourceSpec};
use crate::export::{Counters, Outcome};

/// Four destinations that no two columns put into the same order; Delta never ran.
fn four(world: &World) -> HomeData {
    let mut data = home(world, &["Alpha", "beta", "Gamma", "Delta"]);
    let time = |day: i64| Timestamp::from_second(1_774_858_800 + day * 86_400).expect("a time");
    let audiences = ["Dogs", "cats", "Ants", "Bees"];
    let outcomes = [Outcome::Done, Outcome::Failed, Outcome::Stopped];
    for (at, row) in data.rows.iter_mut().enumerate() {
        audiences[at].clone_into(&mut row.destination.audience_name);
        row.updated = Some(time([3, 1, 0, 2][at]));
        row.last = outcomes.get(at).map(|outcome| {
            let mut report = report(&row.destination);
            report.ended.outcome = *outcome;
            report.ended_at = time([1, 0, 2][at]);
            last(report)
        });
    }
    data.rows[1].destination.source = SourceSpec::Dataverse("https://crm.example".to_owned());
    data
}

/// The first letters of the names in the order of the list.
fn order(bench: &mut Bench<'_>) -> String {
    let shown = bench.shown();
    let name = |line: &str| {
        let line = line.trim_start_matches(['"', '│', ' ', '❯', '●']);
        let names = ["Alpha", "beta", "Gamma", "Delta"];
        names
            .iter()
            .any(|name| line.starts_with(&format!("{name} ")))
            .then(|| line.chars().next())?
    };
    shown.lines().filter_map(name).collect()
}

#[tokio::test]
async fn the_list_is_sorted_by_any_column_and_the_cursor_stays_on_its_destination() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, four(&world));
    assert_eq!(order(&mut bench), "AbDG", "by name, without case");
    assert_shows(&bench.shown(), "Destination ▲");
    for (heading, wanted, reversed) in [
        ("Source ▲", "bADG", "ADGb"),
        ("Audience ▲", "GDbA", "AbDG"),
        ("Login ▲", "ADGb", "bADG"),
        ("Status ▲", "bGAD", "DAGb"),
        ("Last run ▼", "GAbD", "DbAG"),
        ("Schedule ▲", "AbDG", "AbDG"),
        ("Updated ▼", "ADbG", "GbDA"),
    ] {
        bench.press(&[Char('s')]);
        assert_shows(&bench.shown(), heading);
        assert_eq!(order(&mut bench), wanted, "{heading}");
        assert_shows(&bench.shown(), "❯  Alpha");
        bench.press(&[Char('S')]);
        assert_eq!(order(&mut bench), reversed, "{heading}, reversed");
        bench.press(&[Char('S')]);
    }
}

#[tokio::test]
async fn a_click_on_a_heading_sorts_and_one_on_a_line_selects_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, four(&world));
    let click = |bench: &mut Bench<'_>, text: &str| {
        let shown = bench.shown();
        let found = shown.lines().enumerate().find_map(|(row, line)| {
            let line = line.trim_start_matches('"');
            let at = line.find(text)?;
            Some((line[..at].chars().count(), row))
        });
        let (column, row) = found.expect(text);
        bench.update(Msg::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: u16::try_from(column).expect("small"),
            row: u16::try_from(row).expect("small"),
            modifiers: KeyModifiers::NONE,
        }));
    };
    click(&mut bench, "Last run");
    assert_eq!(order(&mut bench), "GAbD", "the latest first");
    click(&mut bench, "Last run");
    assert_eq!(order(&mut bench), "DbAG");
    click(&mut bench, "Gamma");
    assert_shows(&bench.shown(), "❯  Gamma");
    bench.press(&[Char('d')]);
    click(&mut bench, "beta");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "❯  Gamma");
}

#[tokio::test]
async fn the_filter_looks_at_every_column_without_case_and_esc_clears_it_first() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, four(&world));
    for (typed, found) in [
        ("ALPHA", "A"),
        ("dataverse", "b"),
        ("bees", "D"),
        ("club", "AbDG"),
        ("canceled", "G"),
        ("never", "D"),
    ] {
        bench.press(&[Char('/')]);
        bench.press(&typed.chars().map(Char).collect::<Vec<_>>());
        assert_eq!(order(&mut bench), found, "{typed}");
        bench.press(&[Esc]);
        assert_eq!(order(&mut bench), "AbDG");
    }
    bench.press(&[Char(' '), Char('/'), Char('b'), Char('e'), Enter]);
    assert_shows(&bench.shown(), "2 of 4 destinations · 1 chosen");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "4 destinations · 1 chosen");
    bench.press(&[Esc]);
    assert!(!bench.shown().contains("chosen"));
    assert!(matches!(bench.app.screen, Screen::Home) && bench.app.quit.is_none());
}

/// Those that were begun, in their order.
fn begun(bench: &Bench<'_>) -> Vec<(Ticket, String)> {
    let asked = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Run(ticket, destination, _) => Some((*ticket, destination.name.to_string())),
        _ => None,
    });
    asked.collect()
}

fn names(bench: &Bench<'_>) -> Vec<String> {
    begun(bench).into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn several_chosen_are_asked_about_and_run_one_after_the_other_in_the_order_of_the_list() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, four(&world));
    // All but Delta, and the filter hides what is chosen from nobody.
    bench.press(&[Char('a'), Char('/'), Char('e'), Char('l'), Enter, Char(' ')]);
    bench.press(&[Char('r')]);
    assert_shows(&bench.shown(), "Run 3 destinations?");
    bench.press(&[Enter, Char('n')]);
    assert_eq!(bench.count(runs), 0, "Enter is no yes");
    bench.press(&[Char('r'), Char('y'), Esc]);
    assert!(matches!(bench.app.screen, Screen::Home));
    assert_eq!(names(&bench), ["Alpha"], "one at a time to an account");
    let shown = bench.shown();
    assert_eq!(shown.matches("… Queued").count(), 2, "{shown}");
    assert_shows(&shown, "▸ Processing · starting");
    assert!(!shown.contains("chosen"));
    for expected in [&["Alpha", "beta"][..], &["Alpha", "beta", "Gamma"]] {
        let (ticket, _) = begun(&bench).pop().expect("begun");
        bench.end(ticket);
        assert_eq!(names(&bench), expected);
    }
    let shown = bench.shown();
    assert_eq!(shown.matches("✗ Failed").count(), 2, "{shown}");
    bench.press(&[KeyCode::Home]);
    assert_shows(&bench.shown(), "It failed");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "It failed");
}

#[tokio::test]
async fn runs_to_other_accounts_go_on_beside_each_other() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha", "Beta", "Gamma"]);
    let names_of = ["club", "twin", "other"];
    let accounts = ["1", "1", "2"];
    saved.logins.clear();
    for (at, row) in saved.rows.iter_mut().enumerate() {
        let mut login = world.login.clone();
        login.name = LoginName::parse(names_of[at]).expect("name");
        row.destination.login = Some(login.name.clone());
        accounts[at].clone_into(&mut login.account_id);
        saved.logins.push(login);
    }
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Char('a'), Char('r'), Char('y')]);
    assert_eq!(
        names(&bench),
        ["Alpha", "Gamma"],
        "one login more is no account more"
    );
    let (ticket, _) = begun(&bench).pop().expect("begun");
    bench.end(ticket);
    assert_eq!(
        names(&bench),
        ["Alpha", "Gamma"],
        "the account is still in use"
    );
}

#[tokio::test]
async fn a_queued_run_says_for_whom_it_waits_and_is_stopped_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('r'), Char('b'), Down]);
    bench.press(&[Char('r')]);
    assert_shows(&bench.shown(), "Alpha comes first");
    bench.press(&[Char('s')]);
    assert_eq!((bench.count(runs), bench.count(stops)), (1, 0));
    assert!(matches!(bench.app.screen, Screen::Home));
    assert!(!bench.shown().contains("Queued"));
    // Leaving stops what goes on and begins nothing that was queued.
    bench.press(&[Char('r'), Char('b'), Char('q'), Char('y')]);
    assert_eq!((bench.count(runs), bench.count(stops)), (1, 1));
    bench.end(bench.run());
    assert_eq!((bench.count(runs), bench.app.quit), (1, Some(130)));
}

#[tokio::test]
async fn a_queued_run_exports_what_its_destination_is_by_then() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('a'), Char('r'), Char('y'), KeyCode::End, Char('e')]);
    // Back to the name, another one, and to the end again.
    bench.press(&[Down, Down, Enter, Char('!'), Enter]);
    let Screen::Wizard(wizard) = &mut bench.app.screen else {
        panic!("the wizard")
    };
    wizard.step = Step::Review;
    bench.press(&[KeyCode::Up, KeyCode::Up, Enter]);
    bench.end(begun(&bench)[0].0);
    assert_eq!(names(&bench), ["Alpha", "Beta!"]);
}

#[tokio::test]
async fn a_report_is_the_newer_one_though_the_run_before_had_none() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('r'), Char('b')]);
    bench.end(bench.run());
    assert_shows(&bench.shown(), "✗ Failed");
    // Another program ran it since.
    let mut later = report(&bench.saved.rows[0].destination);
    later.ended_at = bench.app.clock + std::time::Duration::from_mins(1);
    bench.saved.rows[0].last = Some(last(later));
    let effects = bench.app.begin();
    bench.perform(effects);
    assert_shows(&bench.shown(), "! Successful · 67 rejected");
    bench.press(&[Char('r'), Char('b')]);
    let end = RunEnd {
        report: Some(report(&bench.saved.rows[0].destination)),
        failure: None,
    };
    bench.update(Msg::Ended(bench.run(), Box::new(end)));
    assert!(!matches!(bench.app.overlay, Some(Overlay::Failed(_))));
    assert_shows(&bench.shown(), "! Successful · 67 rejected");
}

#[tokio::test]
async fn rejects_that_were_sent_again_are_told_as_such() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    let mut report = report(&saved.rows[0].destination);
    (report.limited, report.again) = (true, true);
    report.ended.counters = Counters {
        profiles: 3,
        rejected: 3,
        ..Counters::default()
    };
    saved.rows[0].last = Some(last(report));
    let mut bench = Bench::new(&world, saved);
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "! Successful · 3 of 3 rejected again");
    assert_shows(&shown, "rejects sent again: 3 rejected");
    assert!(!shown.contains("╳╳╳"), "{shown}");
}

#[tokio::test]
async fn that_there_is_no_login_is_said_once_in_a_row() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    saved.rows[0].destination.login = None;
    let mut bench = Bench::new(&world, saved);
    let shown = bench.shown_at(160, 40);
    let row = shown.lines().find(|line| line.contains("❯  Alpha"));
    let row = row.expect("a row");
    assert_eq!(row.matches("no connection").count(), 1, "{row}");
}
