//! Where profiles come from: a folder that is typed, what is found in it, and another one in its place.

use crossterm::event::KeyCode::{self, Char, Down, Enter, Tab, Up};
use crossterm::event::{KeyEvent, KeyModifiers};

use super::super::app::Screen;
use super::super::msg::Msg;
use super::super::wizard::Step;
use super::bench::{Bench, assert_shows, home};
use super::kept;
use super::world::{OTHER, World, looked, world};
use crate::domain::{Agreement, Draft, Segment, SourceSpec, Target};
use crate::store::SavedDraft;

pub(super) const PEOPLE: &str = "id,EMail,FirstName,Shoe size,News consent,Segment\n\
    1,ann@example.se,Ann,41,yes,Gold\n2,bo@example.se,Bo,42,yes,Gold\n2,bo@example.se,Bo,42,yes,Silver\n";
const OTHERS: &str = "id,E-mail,First name,Shoe size,Marketing consent,Segment\n\
    1,ann@example.se,Ann,41,yes,Gold\n";

/// The wizard at a step, with profiles from a folder.
pub(super) fn at(world: &World, step: Step) -> Bench<'_> {
    let mut saved = home(world, &[]);
    saved.drafts.push(SavedDraft {
        step: step.name().to_owned(),
        draft: Draft {
            login: Some(world.login.name.clone()),
            audience: "a1b2c3".into(),
            source: Some(SourceSpec::Folder("/srv/people".into())),
            agreement: Some(Agreement {
                at: jiff::Timestamp::UNIX_EPOCH,
                user: "lotta".to_owned(),
                language: "en".to_owned(),
                text_sha256: String::new(),
            }),
            ..Draft::default()
        },
        ..kept()
    });
    let mut bench = Bench::new(world, saved);
    bench.press(&[Enter]);
    bench
}

pub(super) fn draft<'b>(bench: &'b Bench<'_>) -> &'b Draft {
    match &bench.app.screen {
        Screen::Wizard(wizard) => &wizard.draft,
        other => panic!("no wizard: {other:?}"),
    }
}

pub(super) fn letters(text: &str) -> Vec<KeyCode> {
    text.chars().map(Char).collect()
}

pub(super) fn control(bench: &mut Bench<'_>, letter: char) {
    let event = KeyEvent::new(Char(letter), KeyModifiers::CONTROL);
    bench.update(Msg::Key(event));
}

/// Opens the form of the folder, which is the last of the ways but that to an engine, and clears it.
fn open_folder(bench: &mut Bench<'_>) {
    bench.press(&[Down; 8]);
    bench.press(&[Up, Enter]);
    control(bench, 'u');
}

#[tokio::test]
async fn a_folder_is_completed_with_tab_and_what_is_found_in_it_is_a_table() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), PEOPLE, "Club").await;
    let mut bench = at(&world, Step::Source);
    open_folder(&mut bench);
    assert_shows(&bench.shown(), "For example ~/exports/august");
    bench.press(&letters("/t"));
    assert_shows(&bench.shown(), "/tmp/a/");
    bench.press(&[Tab]);
    let typed = Some(SourceSpec::Folder("/tmp/".into()));
    assert_eq!(draft(&bench).source, typed);
    bench.press(&[Enter]);
    let shown = bench.shown();
    let mut lines = shown.lines().skip_while(|line| !line.contains("File "));
    let head = lines.next().expect("a head");
    assert!(head.contains("Holds") && head.contains("Size"), "{head}");
    let row = lines.next().expect("a row");
    let size = format!("{} B", PEOPLE.len());
    for part in ["people.csv", "profiles", &size] {
        assert!(row.contains(part), "no {part:?} in {row}");
    }
}

#[tokio::test]
async fn another_source_is_guessed_anew_and_what_was_chosen_stays_where_it_can() {
    let (here, there) = (tempfile::tempdir().expect("folder"), tempfile::tempdir());
    let there = there.expect("folder");
    let mut world = world(here.path(), PEOPLE, "Club").await;
    world.other = Some(looked(there.path(), OTHERS).await);
    let mut bench = at(&world, Step::Matching);
    let filled = |bench: &Bench<'_>, target: &str| {
        let target: Target = target.parse().expect("target");
        draft(bench).map.get(&target).map(str::to_owned)
    };
    assert_eq!(filled(&bench, "FNAME").as_deref(), Some("FirstName"));
    bench.press(&[Char('a')]);
    bench.press(&letters("BIRTH"));
    bench.press(&[Enter]);
    bench.press(&letters("Shoe"));
    bench.press(&[Enter]);
    control(&mut bench, 'g');
    bench.press(&[Char('4')]);
    open_folder(&mut bench);
    bench.press(&letters(OTHER));
    bench.press(&[Enter, Enter]);
    assert_shows(&bench.shown(), "Data matching");
    assert_eq!(filled(&bench, "email").as_deref(), Some("E-mail"));
    assert_eq!(filled(&bench, "FNAME").as_deref(), Some("First name"));
    assert_eq!(filled(&bench, "BIRTHDAY").as_deref(), Some("Shoe size"));
}

#[tokio::test]
async fn segments_that_share_people_say_how_many_different_ones_they_hold() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), PEOPLE, "Club").await;
    let mut bench = at(&world, Step::Segments);
    assert!(!bench.shown().contains("memberships"), "none is chosen");
    bench.press(&[Char('a')]);
    assert_eq!(draft(&bench).segments.len(), 2);
    let sentence = "2 different people in 3 memberships";
    assert_shows(&bench.shown(), sentence);
    bench.press(&[Char(' ')]);
    assert!(
        !bench.shown().contains(sentence),
        "one segment shares nobody"
    );
    let left: Vec<&Segment> = draft(&bench).segments.iter().collect();
    assert_eq!(left.len(), 1);
}
