//! An engine that is asked in SQL as the source: connected, its queries shown, one written.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crossterm::event::KeyCode::{Down, Enter, Esc, Tab, Up};

use super::super::engine::EngineAsked;
use super::super::msg::{Effect, Looked, Msg, Question};
use super::super::wizard::Step;
use super::bench::{Bench, assert_shows, home};
use super::engines::{BROKEN, engine_login};
use super::screens::{SIZES, Tour, same_as_before};
use super::sources::{PEOPLE, at, control, draft, letters};
use super::world::{World, world};
use super::{kept, world as worlds};
use crate::domain::{Draft, FolderOptions, LoginName, Segment, SegmentId, SourceSpec};
use crate::source::{Engine, Reach, Source};
use crate::store::SavedDraft;
use crate::words::Lang;

/// What an engine with two queries has, as it was looked at before.
async fn asked_in_sql(folder: &Path) -> Looked {
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).expect("written");
    };
    write("gold.sql", "-- Gold customers\nselect * from people");
    write("new.sql", "-- Nya kunder 日本語\nselect * from people");
    let columns = ["EMail text", "FirstName text", "id text", "since date"];
    let columns: Vec<String> = columns.map(str::to_owned).to_vec();
    let ids = ["gold", "new"].map(SegmentId::new);
    let options = FolderOptions {
        queries: Some(folder.to_owned()),
        columns: ids.map(|id| (id, columns.clone())).into(),
        ..FolderOptions::default()
    };
    let engine = Engine {
        driver: "none".to_owned(),
        options: BTreeMap::default(),
        secrets: BTreeMap::default(),
        program: ("/nowhere".into(), Vec::new()),
        patience: Duration::from_secs(1),
    };
    let spec = SourceSpec::Sql(LoginName::parse("lake").expect("name"));
    let reach = Some(Reach::Engine(Box::new(engine)));
    let source = Source::open(&spec, &options, reach).await.expect("opens");
    let segment = |id: &str, label: &str, count| Segment {
        count: Some(count),
        ..Segment::new(id, label)
    };
    Looked {
        source,
        refreshing: false,
        segments: vec![
            segment("gold", "Gold customers", 4_892),
            segment("new", "Nya kunder 日本語", 12),
        ],
    }
}

/// A world with an engine, and the folder of its queries.
async fn with_engine(folder: &Path) -> World {
    let mut world = world(folder, PEOPLE, "Club").await;
    let queries = folder.join("queries");
    std::fs::create_dir(&queries).expect("folder");
    world.sql = Some(asked_in_sql(&queries).await);
    world
}

fn asked(bench: &Bench<'_>) -> Vec<EngineAsked> {
    let asked = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Ask(_, Question::Engine(asked)) => Some((**asked).clone()),
        _ => None,
    });
    asked.collect()
}

fn sources(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Ask(_, Question::Source(SourceSpec::Sql(_), ..))
    )
}

fn typed(bench: &mut Bench<'_>, text: &str) {
    bench.press(&letters(text));
}

/// Opens the dialog of an engine, which is the last of the ways.
fn open(bench: &mut Bench<'_>) {
    bench.press(&[Down; 9]);
    bench.press(&[Enter]);
}

fn connect(bench: &mut Bench<'_>) {
    open(bench);
    typed(bench, "lake");
    bench.press(&[Enter]);
    typed(bench, "duckdb");
    bench.press(&[Enter]);
    typed(bench, "path=/srv/lake.db");
    bench.press(&[Enter]);
}

#[tokio::test]
async fn an_engine_is_connected_in_one_dialog_and_no_secret_is_seen_or_kept_as_a_setting() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut bench = at(&world, Step::Source);
    open(&mut bench);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "Fill in this field first");
    typed(&mut bench, "lake");
    bench.press(&[Enter]);
    typed(&mut bench, "nowhere");
    bench.press(&[Enter]);
    typed(&mut bench, "uri");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "as NAME=VALUE");
    assert!(asked(&bench).is_empty());
    typed(&mut bench, "=postgresql://ann:hemlig1@db.example/crm");
    bench.press(&[Tab]);
    typed(&mut bench, "username=ann");
    bench.press(&[Down, Down]);
    typed(&mut bench, "pin=hemlig2");
    let shown = bench.shown();
    assert_shows(&shown, "username=ann");
    assert_shows(&shown, "pin=•••••••");
    assert!(!shown.contains("hemlig"), "{shown}");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "It failed");
    let [told] = &asked(&bench)[..] else {
        panic!("it is asked once")
    };
    let options: Vec<_> = told.options.keys().map(String::as_str).collect();
    let secrets: Vec<_> = told.secrets.keys().map(String::as_str).collect();
    assert_eq!((options, secrets), (vec!["username"], vec!["pin", "uri"]));
}

#[tokio::test]
async fn queries_of_a_folder_are_segments_and_their_columns_are_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut bench = at(&world, Step::Source);
    connect(&mut bench);
    assert_shows(
        &bench.shown(),
        "Queries for the SQL engine lake (DuckDB 1.5",
    );
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "Fill in this field first");
    typed(&mut bench, "/srv/queries");
    assert_eq!(bench.count(sources), 0, "it is not asked for every letter");
    bench.press(&[Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "Read: 2 segments, 4 attributes");
    assert_shows(&shown, "✓ gold.sql  Gold customers");
    assert_shows(&shown, "EMail, FirstName");
    let made = draft(&bench);
    assert_eq!(made.source, Some("sql:lake".parse().expect("spec")));
    assert_eq!(made.folder.queries, Some("/srv/queries".into()));
    let columns = &made.folder.columns[&SegmentId::new("new")];
    assert_eq!(columns.len(), 4);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "Data matching");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "Gold customers");
    assert_eq!(bench.count(sources), 1, "nothing is looked at twice");
}

#[tokio::test]
async fn where_one_query_has_a_fault_the_others_are_shown_too() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut bench = at(&world, Step::Source);
    connect(&mut bench);
    typed(&mut bench, BROKEN);
    bench.press(&[Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "It failed");
    assert_shows(&shown, "✗ bad.sql");
    assert_shows(&shown, "bad.sql gives no column that holds ids.");
    assert_shows(&shown, "✓ gold.sql");
    let before = bench.count(sources);
    bench.press(&[Enter]);
    assert_eq!(bench.count(sources), before + 1, "Enter looks again");
}

#[tokio::test]
async fn a_query_that_is_written_is_tried_then_kept_as_a_file_and_read_as_any_other() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut bench = at(&world, Step::Source);
    connect(&mut bench);
    bench.press(&[Tab, Tab, Enter]);
    bench.update(Msg::Paste("-- Gold\ndelete from people\n".to_owned()));
    bench.press(&[Tab, Enter]);
    assert_shows(&bench.shown(), "Name it with letters");
    typed(&mut bench, "gold");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "It failed");
    let keeps = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::KeepQuery(..)));
    bench.press(&[Enter]);
    assert_eq!(bench.count(keeps), 0, "it is not kept");
    bench.press(&[Tab]);
    bench.press(&[crossterm::event::KeyCode::Backspace; 19]);
    typed(&mut bench, "select id, email");
    bench.press(&[Enter]);
    typed(&mut bench, "from people");
    bench.press(&[Tab, Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "It only reads, and gives 2 rows");
    assert_shows(&shown, "C-1  ann@example.se");
    bench.press(&[Enter]);
    let kept = bench.asked.iter().find_map(|effect| match effect {
        Effect::Ask(_, Question::KeepQuery(file, text, over)) => Some((file, text, *over)),
        _ => None,
    });
    let (file, text, over) = kept.expect("it is kept");
    assert_eq!(
        (file.to_str(), over),
        (Some("/srv/home/queries/gold.sql"), false)
    );
    assert_eq!(text, "-- Gold\nselect id, email\nfrom people");
    assert_shows(&bench.shown(), "Read: 2 segments");
}

#[tokio::test]
async fn a_query_of_the_folder_is_opened_changed_and_kept_in_its_file_or_under_another_name() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut bench = at(&world, Step::Source);
    connect(&mut bench);
    typed(&mut bench, "/srv/queries");
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "✓ gold.sql");
    bench.press(&[Down; 4]);
    bench.press(&[Enter]);
    let opens = |effect: &Effect| match effect {
        Effect::Ask(_, Question::OpenQuery(file)) => Some(file.clone()),
        _ => None,
    };
    let opened = bench.asked.iter().find_map(opens);
    assert_eq!(opened.as_deref(), Some(Path::new("/srv/queries/new.sql")));
    assert_shows(&bench.shown(), "select id, email from people");
    let keeps = |bench: &Bench<'_>| {
        let last = bench.asked.iter().rev().find_map(|effect| match effect {
            Effect::Ask(_, Question::KeepQuery(file, _, over)) => Some((file.clone(), *over)),
            _ => None,
        });
        last.expect("it is kept")
    };
    bench.press(&[Tab, Enter]);
    assert_shows(&bench.shown(), "Enter writes it over /srv/queries/new.sql");
    bench.press(&[Enter]);
    assert_eq!(keeps(&bench), ("/srv/queries/new.sql".into(), true));
    assert_shows(&bench.shown(), "Read: 2 segments");
    // Under another name it is another query.
    bench.press(&[Down; 4]);
    bench.press(&[Enter, Tab]);
    typed(&mut bench, "er");
    bench.press(&[Enter, Enter]);
    assert_eq!(keeps(&bench), ("/srv/queries/newer.sql".into(), false));
    // What is written anew begins empty, not with what was opened.
    bench.press(&[Down, Down, Enter]);
    assert!(!bench.shown().contains("select id"));
}

#[tokio::test]
async fn a_destination_of_an_engine_is_changed_and_what_its_queries_give_is_looked_at_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    let mut saved = home(&world, &[]);
    saved.logins.push(engine_login("lake", &world));
    let old = [(SegmentId::new("gold"), vec!["old text".to_owned()])];
    saved.drafts.push(SavedDraft {
        step: Step::Source.name().to_owned(),
        draft: Draft {
            login: Some(world.login.name.clone()),
            audience: "a1b2c3".into(),
            source: Some("sql:lake".parse().expect("spec")),
            folder: FolderOptions {
                queries: Some("/srv/queries".into()),
                columns: old.into(),
                ..FolderOptions::default()
            },
            ..Draft::default()
        },
        ..kept()
    });
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Enter]);
    assert_shows(&bench.shown(), "lake · /srv/queries");
    assert_eq!(draft(&bench).folder.columns.len(), 2, "the old are gone");
    bench.press(&[Down, Down, Down, Down, Down, Enter]);
    assert_shows(&bench.shown(), "Queries for the SQL engine lake");
    assert_shows(&bench.shown(), "/srv/queries");
    let before = bench.count(sources);
    control(&mut bench, 'u');
    typed(&mut bench, "/srv/more");
    bench.press(&[Enter]);
    assert_eq!(bench.count(sources), before + 1);
    assert_eq!(draft(&bench).folder.queries, Some("/srv/more".into()));
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "lake · /srv/more");
    // A folder of files has no queries.
    bench.press(&[Down, Down, Down, Down, Enter]);
    control(&mut bench, 'u');
    typed(&mut bench, worlds::OTHER);
    let folder = &draft(&bench).folder;
    assert!(folder.queries.is_none() && folder.columns.is_empty());
}

/// Walks through the screens of an engine, and sees each.
fn walk(tour: &mut Tour<'_>) {
    let typed = |tour: &mut Tour<'_>, text: &str| tour.press(&letters(text));
    tour.press(&[Enter]);
    tour.see("ways");
    tour.press(&[Down; 9]);
    tour.press(&[Enter]);
    tour.see("an engine that is new");
    typed(tour, "lake2");
    tour.press(&[Enter]);
    typed(tour, "/t");
    tour.see("driver, with what fits");
    typed(tour, "/nowhere.so");
    tour.press(&[Enter]);
    typed(tour, "uri=grpc+tls://lake.example:443");
    tour.press(&[Down, Down]);
    typed(tour, "password=hemligt");
    tour.press(&[Enter]);
    tour.see("an engine that does not let us in");
    tour.press(&[Esc]);
    tour.press(&[Down; 9]);
    tour.press(&[Up, Enter]);
    tour.see("queries of an engine");
    typed(tour, BROKEN);
    tour.press(&[Enter]);
    tour.see("a query has a fault");
    typed(tour, "/not");
    tour.press(&[Enter]);
    tour.see("queries are found");
    tour.press(&[Tab, Tab, Enter]);
    tour.see("a query to be written");
    tour.update(Msg::Paste(
        "-- Guldkunder\nselect id, email\n  from people".to_owned(),
    ));
    tour.press(&[Tab]);
    typed(tour, "guld");
    tour.press(&[Enter]);
    tour.see("a query that was tried");
    tour.press(&[Enter, Esc]);
    tour.see("connected to an engine");
}

#[tokio::test]
async fn every_screen_of_an_engine_is_as_it_was_seen() {
    let folder = tempfile::tempdir().expect("folder");
    let world = with_engine(folder.path()).await;
    for lang in Lang::ALL {
        for size in SIZES {
            let mut tour = Tour::new(&world, lang, size, None);
            tour.saved.logins.push(engine_login("lake", &world));
            tour.saved.drafts.push(SavedDraft {
                step: Step::Source.name().to_owned(),
                ..kept()
            });
            let effects = tour.app.begin();
            tour.perform(effects);
            walk(&mut tour);
            let name = format!("engine-{}-{}x{}", lang.as_str(), size.0, size.1);
            same_as_before(&name, &tour.seen);
        }
    }
}
