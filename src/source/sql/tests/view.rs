//! Queries looked at one by one, tried and kept.

use super::{Frames, World, batch, people};
use crate::source::sql::{
    Engine, SqlError, is_query_name, keep_query, query_text, survey, try_query,
};
use crate::source::{Error, NotReading};

fn one() -> Frames {
    Frames::greeting(true).query(&people(&["c1"]))
}

fn write(world: &World, name: &str, text: &str) {
    std::fs::write(world.folder.path().join(name), text).expect("query");
}

#[tokio::test]
async fn a_query_with_a_fault_does_not_hide_the_others() {
    let world = World::new(&["gold", "new"]);
    write(&world, "bad.sql", "delete from people");
    let engine = world.engine(&one(), "");
    let views = survey(&engine, &world.options()).await.expect("looked at");
    let told: Vec<_> = views
        .iter()
        .map(|view| (&*view.file, &*view.label, view.problem.is_some()))
        .collect();
    let good = [("gold.sql", "GOLD", false), ("new.sql", "NEW", false)];
    assert_eq!(told, [&[("bad.sql", "", true)], &good[..]].concat());
    assert_eq!(views[1].columns, ["email", "id"]);
    let nobody = Frames::greeting(true).query(&batch(&[("id", &[Some("1")])]));
    let engine = world.engine(&nobody, "");
    let views = survey(&engine, &world.options()).await.expect("looked at");
    assert!(matches!(
        views[2].problem,
        Some(Error::Sql(SqlError::NoEmailColumn { .. }))
    ));
}

#[tokio::test]
async fn an_engine_that_breaks_off_is_no_fault_of_a_query() {
    let world = World::new(&["gold", "new"]);
    let engine = world.engine(&Frames::default(), "exit 1");
    let why = survey(&engine, &world.options()).await.expect_err("broken");
    assert!(
        matches!(why, Error::Sql(SqlError::BrokeOff { .. })),
        "{why}"
    );
}

#[tokio::test]
async fn a_text_is_tried_and_what_does_not_only_read_is_refused_before_anyone_is_asked() {
    let world = World::new(&["gold"]);
    let frames = Frames::greeting(true)
        .query(&people(&["c1", "c2"]))
        .query(&batch(&[("members", &[Some("2")])]));
    let engine = world.engine(&frames, "");
    let tried = try_query(&engine, "new", "select 1", 5).await;
    let tried = tried.expect("tried");
    assert_eq!(
        (tried.count, tried.columns),
        (Some(2), vec!["id".into(), "email".into()])
    );
    assert_eq!(tried.rows[1], ["c2", "c2@b.example"]);
    let nobody = Engine {
        program: ("/nowhere".into(), Vec::new()),
        ..engine
    };
    let why = try_query(&nobody, "new", "delete from people", 5).await;
    let why = why.expect_err("refused");
    let Error::Sql(SqlError::NotOnlyReading { path, why }) = why else {
        panic!("{why}")
    };
    assert_eq!(path, std::path::Path::new("new.sql"));
    assert!(matches!(why, NotReading::Statement(_)), "{why:?}");
}

#[test]
fn a_query_is_kept_as_a_file_and_over_another_only_where_that_is_meant() {
    let folder = tempfile::tempdir().expect("folder");
    let queries = folder.path().join("new");
    let gold = queries.join("gold.sql");
    let kept = || query_text(&gold).expect("there");
    keep_query(&gold, "\n-- Gold\nselect 1\n\n", false).expect("kept");
    assert_eq!(kept(), "-- Gold\nselect 1\n");
    let why = keep_query(&gold, "select 2", false).expect_err("there is one");
    assert!(matches!(why, Error::Sql(SqlError::QueryExists(_))), "{why}");
    let why = keep_query(&gold, "drop table x", true).expect_err("refused");
    assert!(
        matches!(why, Error::Sql(SqlError::NotOnlyReading { .. })),
        "{why}"
    );
    assert_eq!(kept(), "-- Gold\nselect 1\n");
    keep_query(&gold, "select 3", true).expect("kept");
    assert_eq!(kept(), "select 3\n");
    let files = std::fs::read_dir(&queries).expect("folder").count();
    assert_eq!(files, 1, "nothing else is left");
}

#[test]
fn names_of_queries_are_names_of_segments_and_lead_nowhere_else() {
    for good in ["gold", "Nya kunder", "a-b_c.2"] {
        assert!(is_query_name(good), "{good}");
    }
    for bad in ["", "_refresh", ".x", "a/b", "..", "a\\b", "a:b"] {
        assert!(!is_query_name(bad), "{bad}");
    }
}
