//! Data matching: what stands beside what, and how a line is added.

use crossterm::event::KeyCode::{self, BackTab, Char, Down, Enter, Right, Tab};

use super::super::app::Screen;
use super::super::msg::{Effect, Question};
use super::super::wizard::Step;
use super::bench::{Bench, assert_shows, home};
use super::kept;
use super::world::{World, world};
use crate::domain::{
    Draft, FieldKind, MergeField, MergeTag, NewField, Segment, SourceSpec, Target,
};
use crate::source::{ReadRequest, Row, Source};
use crate::store::SavedDraft;

const PEOPLE: &str = "id,EMail,FirstName,LastName,Shoe size,Segment\n\
    1,ann@example.se,Ann,,41,Gold\n2,bo@example.se,,,42,Gold\n3,cy@example.se,Cy,Ek,43,Gold\n";

/// The wizard at data matching, with nothing matched yet.
fn at(world: &World) -> Bench<'_> {
    let mut saved = home(world, &[]);
    saved.drafts.push(SavedDraft {
        step: Step::Matching.name().to_owned(),
        draft: Draft {
            login: Some(world.login.name.clone()),
            audience: "a1b2c3".into(),
            source: Some(SourceSpec::Folder("/srv/people".into())),
            ..Draft::default()
        },
        ..kept()
    });
    let mut bench = Bench::new(world, saved);
    bench.press(&[Enter]);
    bench
}

fn draft<'b>(bench: &'b Bench<'_>) -> &'b Draft {
    match &bench.app.screen {
        Screen::Wizard(wizard) => &wizard.draft,
        other => panic!("no wizard: {other:?}"),
    }
}

fn line(shown: &str, with: &str) -> String {
    let found = shown.lines().find(|line| line.contains(with));
    found
        .unwrap_or_else(|| panic!("no {with:?}:\n{shown}"))
        .to_owned()
}

#[tokio::test]
async fn field_and_attribute_stand_side_by_side_with_type_values_and_share_of_empty_cells() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), PEOPLE, "Club").await;
    let mut bench = at(&world);
    let shown = bench.shown();
    let told = line(&shown, "First name");
    for part in ["text", "≈ FirstName", "34 %", "Ann"] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(line(&shown, "Email *").contains("0 %"), "{shown}");
    assert_shows(&shown, "≈ = guessed");
    // All that is known of the chosen line stands below, whatever the width.
    bench.press(&[KeyCode::Home, Down]);
    let small = bench.shown_at(80, 24);
    assert_shows(&small, "First name ← FirstName: guessed · 34% empty · ");
    // What the user chose is guessed no longer.
    bench.press(&[KeyCode::Home, Down, Char(' '), Down, Enter]);
    let told = line(&bench.shown(), "First name");
    assert!(told.contains("← LastName"), "{told}");
    assert_eq!(
        bench.count(|effect| matches!(effect, Effect::Ask(_, Question::Preview(..)))),
        1,
        "the first profiles are read once"
    );
}

#[tokio::test]
async fn what_is_said_of_the_chosen_item_is_whole_and_a_tag_finds_its_field() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), PEOPLE, "Club").await;
    let mut bench = at(&world);
    bench.press(&[Char('a'), KeyCode::PageDown]);
    let shown = bench.shown_at(80, 24);
    assert_shows(&shown, "❯ New merge field");
    assert_shows(
        &shown,
        "type its tag above, or choose this; it is made when",
    );
    bench.press(&"birthday".chars().map(Char).collect::<Vec<_>>());
    assert_shows(&bench.shown_at(80, 24), "❯ BIRTHDAY");
}

#[tokio::test]
async fn a_line_is_added_with_the_attribute_first_or_the_field_first() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), PEOPLE, "Club").await;
    let target: Target = "BIRTHDAY".parse().expect("target");
    let shoe: Vec<_> = "Shoe".chars().map(Char).collect();
    let birthday: Vec<_> = "BIRTH".chars().map(Char).collect();
    for first in [&[Tab][..], &[]] {
        let mut bench = at(&world);
        bench.press(&[Char('a')]);
        bench.press(first);
        let order = if first.is_empty() {
            [&birthday, &shoe]
        } else {
            [&shoe, &birthday]
        };
        for typed in order {
            bench.press(typed);
            bench.press(&[Enter]);
        }
        assert_eq!(draft(&bench).map.get(&target), Some("Shoe size"));
    }
}

#[tokio::test]
async fn what_cannot_work_is_said_beside_its_line_and_enter_leads_there() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = world(folder.path(), PEOPLE, "Club").await;
    let birthday = world.view.merge_fields.iter_mut();
    let mut birthday = birthday.filter(|field| field.tag.as_str() == "BIRTHDAY");
    birthday.next().expect("a field").required = true;
    let mut bench = at(&world);
    let below = |shown: &str, with: &str| {
        let mut lines = shown.lines().skip_while(|line| !line.contains(with));
        lines.nth(1).expect("a line below").to_owned()
    };
    let told = below(&bench.shown(), "BIRTHDAY");
    assert!(
        told.contains("✗ The audience requires the merge field BIRTHDAY"),
        "{told}"
    );
    // Enter on "Go on" leads to the line, Enter there picks the attribute.
    let shoe: Vec<_> = "Shoe".chars().map(Char).collect();
    bench.press(&[Enter, Enter]);
    bench.press(&shoe);
    bench.press(&[Enter]);
    let target: Target = "BIRTHDAY".parse().expect("target");
    assert_eq!(draft(&bench).map.get(&target), Some("Shoe size"));
    let told = below(&bench.shown(), "BIRTHDAY");
    assert!(
        told.contains("! 3 of the first 3 values do not fit (birthday)"),
        "{told}"
    );
    // An address is what the email address is filled with.
    let first: Vec<_> = "FirstName".chars().map(Char).collect();
    bench.press(&[KeyCode::Home, Enter]);
    bench.press(&first);
    bench.press(&[Enter]);
    let told = below(&bench.shown(), "Email *");
    assert!(
        told.contains("! 2 of the first 2 values do not fit (email address)"),
        "{told}"
    );
    // Without it no export can run.
    bench.press(&[KeyCode::Home, Char('d')]);
    let before = draft(&bench).clone();
    assert!(
        before.map.get(&Target::Email).is_some(),
        "it cannot be removed"
    );
}

#[tokio::test]
async fn a_new_field_is_made_in_one_dialog_with_its_type_told_by_the_values() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = world(folder.path(), PEOPLE, "Club").await;
    world.kind = FieldKind::Number;
    let mut bench = at(&world);
    let shoe: Vec<_> = "Shoe".chars().map(Char).collect();
    // The attribute first, then a field that is new.
    bench.press(&[Char('a'), Tab]);
    bench.press(&shoe);
    bench.press(&[Enter, Down, Down, Down, Down, Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "A new merge field for Shoe size");
    assert_shows(&shown, "41 · 42 · 43");
    assert_shows(&shown, "SHOESIZE");
    assert_shows(&shown, "‹ number ›");
    // The type can be turned.
    bench.press(&[BackTab, Right, Enter]);
    let field = NewField {
        tag: "SHOESIZE".to_owned().try_into().expect("tag"),
        name: "Shoe size".to_owned(),
        kind: FieldKind::Phone,
    };
    assert_eq!(draft(&bench).fields_to_make(), [field]);
    assert!(line(&bench.shown(), "Shoe size   phone").contains("← Shoe size"));
}

/// The first profiles, with all that they have.
pub(super) async fn first_rows(source: &Source, segments: &[Segment]) -> Vec<Row> {
    let request = ReadRequest {
        segments: segments.iter().map(|one| one.id.clone()).collect(),
        attributes: names(source),
        ..ReadRequest::default()
    };
    source.peek(request, 500).await.expect("rows")
}

fn names(source: &Source) -> Vec<String> {
    let all = source.attributes().iter();
    all.map(|one| one.name.clone()).collect()
}

/// What the values of an attribute suggest for a new field.
pub(super) fn new_field(kind: FieldKind) -> MergeField {
    let tag = MergeTag::parse("NEW").expect("tag");
    NewField {
        kind,
        ..NewField::text(tag)
    }
    .into()
}

/// The first profiles, where all that they have is asked for.
pub(super) fn rows_for(request: &ReadRequest, world: &World) -> Vec<Row> {
    let all = request.attributes == names(&world.source);
    if all { world.rows.clone() } else { Vec::new() }
}
