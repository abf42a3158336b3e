//! What goes with a destination is asked, and what keeps it from going is told.

use std::sync::Arc;

use crossterm::event::KeyCode;
use jiff::Timestamp;

use super::super::desk::Desk;
use super::super::msg::{Answer, Effect, Msg, Question};
use super::super::overlay::Overlay;
use super::bench::{Bench, a_world, assert_shows, destination, home, removes};
use super::world::World;
use crate::domain::DestinationId;
use crate::domain::PersonKey;
use crate::export::{Removal, Surroundings};
use crate::login::MemoryKeyring;
use crate::store::{AccountLock, Destinations, Home, Ledger, Locked, Logins};
use crate::words::{Lang, Words};
use KeyCode::Char;

/// A desk over a home of its own, with one destination and its login.
pub(super) fn desk(folder: &tempfile::TempDir, world: &World) -> Desk {
    let home = Home::at(folder.path());
    let spring = destination("Spring", world);
    let saved = Destinations::of(&home).save(spring, None);
    saved.expect("a destination");
    Logins::of(&home).save(&world.login).expect("a login");
    let surroundings = Surroundings::for_test(home, Arc::new(MemoryKeyring::new()));
    Desk::new(surroundings, Words::new(Lang::En), None)
}

fn how(bench: &Bench<'_>) -> Option<Removal> {
    let mut asked = bench.asked.iter().rev();
    asked.find_map(|effect| match effect {
        Effect::Ask(_, Question::Remove(_, how)) => Some(*how),
        _ => None,
    })
}

#[tokio::test]
async fn the_login_that_nothing_else_uses_goes_too_unless_it_is_to_stay() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    bench.press(&[Char('d')]);
    assert_shows(&bench.shown(), "[✓] The login club and its secret go too");
    bench.press(&[Char('y')]);
    assert_eq!(how(&bench), Some(Removal::default()), "as the command does");
    bench.press(&[Char('d'), Char(' ')]);
    assert_shows(&bench.shown(), "[ ] The login club");
    bench.press(&[Char('y')]);
    assert!(how(&bench).is_some_and(|how| how.keep_login));
}

#[tokio::test]
async fn a_login_that_others_use_is_not_spoken_of() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha", "Beta"]));
    bench.press(&[Char('d')]);
    assert!(!bench.shown().contains("The login"), "{}", bench.shown());
}

#[tokio::test]
async fn nobody_agrees_before_it_is_known_what_goes_too() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, home(&world, &["Alpha"]));
    let asked = bench.app.update(Msg::Key(Char('d').into()));
    bench.press(&[Char('y')]);
    assert_eq!(bench.count(removes), 0);
    bench.perform(asked);
    bench.press(&[Char('y')]);
    assert_eq!(bench.count(removes), 1);
}

#[tokio::test]
async fn a_destination_that_another_program_exports_to_is_not_removed_and_that_is_told() {
    let (folder, people) = (tempfile::tempdir(), tempfile::tempdir().expect("folder"));
    let folder = folder.expect("folder");
    let world = a_world(&people).await;
    let desk = desk(&folder, &world);
    let home_folder = Home::at(folder.path());
    let lock = AccountLock::try_destination(&home_folder, &id("Spring"), "Spring (4711)");
    let lock = lock.expect("lock");
    assert!(matches!(lock, Locked::Ours(_)));
    let remove = Question::Remove("Spring".to_owned(), Removal::default());
    let Answer::Removed(Err(why)) = desk.clone().answer(remove.clone(), 0).await else {
        panic!("it was removed");
    };
    let left = |home: &Home| Destinations::of(home).list().expect("list").len();
    assert_eq!(left(&home_folder), 1);
    let mut bench = Bench::new(&world, home(&world, &["Spring"]));
    bench.app.overlay = Some(Overlay::Failed(why));
    let shown = bench.shown();
    for told in [
        "Spring is being exported",
        "Spring (4711)",
        "→ Stop that run",
    ] {
        assert_shows(&shown, told);
    }
    drop(lock);
    let mut ledger =
        Ledger::open(&home_folder, &destination("Spring", &world).audience).expect("ledger");
    let owed = [PersonKey::of("anna@x.example")];
    ledger.owe(&owed, Timestamp::UNIX_EPOCH).expect("owed");
    drop(ledger);
    let removed = desk.clone().answer(remove.clone(), 0).await;
    let Answer::Removed(Ok((name, Some(told)))) = removed else {
        panic!("it is not removed, or nothing is told");
    };
    assert_eq!(name, "Spring");
    bench.app.overlay = Some(Overlay::Told(told));
    assert_shows(&bench.shown(), "created again by mistake still has");
    assert_eq!(left(&home_folder), 0);
    let logins = Logins::of(&home_folder).list().expect("logins");
    assert_eq!(logins, [], "its login too");
    let again = desk.answer(remove, 0).await;
    assert!(matches!(again, Answer::Removed(Ok(_))), "can be repeated");
}

fn id(name: &str) -> DestinationId {
    DestinationId::parse(name).expect("a name")
}
