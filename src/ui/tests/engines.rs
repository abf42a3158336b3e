//! What is answered of engines that are asked in SQL.

use super::super::engine::QueryRow;
use super::super::msg::{Answer, Question};
use super::world::{World, failed, or_not};
use crate::domain::LoginName;
use crate::source::Tried;
use crate::store::Login;
use crate::words::Explanation;

/// A folder in which one query has a fault.
pub(super) const BROKEN: &str = "/srv/broken";

/// A login of an engine.
pub(super) fn engine_login(name: &str, world: &World) -> Login {
    Login {
        name: LoginName::parse(name).expect("name"),
        service: Login::SQL.to_owned(),
        account_name: "DuckDB 1.5 \u{1b}[1m".to_owned(),
        api: None,
        ..world.login.clone()
    }
}

/// What is in that folder.
fn query_rows() -> Vec<QueryRow> {
    let row = |file: &str, label: &str, problem| QueryRow {
        file: file.to_owned(),
        label: label.to_owned(),
        columns: vec!["id".to_owned(), "email".to_owned()],
        problem,
    };
    let wrong = Explanation {
        what: "bad.sql gives no column that holds ids.".to_owned(),
        ..failed()
    };
    vec![
        row("bad.sql", "Bad \u{202e}", Some(wrong)),
        row("gold.sql", "Gold customers", None),
    ]
}

fn tried() -> Tried {
    let row = |id: &str, mail: &str| vec![id.to_owned(), mail.to_owned()];
    Tried {
        columns: row("id", "email"),
        rows: vec![row("C-1", "ann@example.se"), row("C-2", "\u{1b}[31m日本")],
        count: Some(2),
    }
}

pub(super) fn answer(question: &Question, world: &World, good: bool) -> Answer {
    match question {
        Question::Engine(asked) => {
            let is_there = good && !asked.driver.contains("nowhere");
            Answer::Engine(or_not(is_there, engine_login(asked.name.as_str(), world)))
        }
        Question::Queries(..) => Answer::Queries(or_not(good, query_rows())),
        Question::TryQuery(_, _, text) => {
            Answer::Tried(or_not(good && !text.contains("delete"), tried()))
        }
        Question::OpenQuery(_) => {
            let text = "-- Nya kunder\nselect id, email from people\n".to_owned();
            Answer::QueryText(or_not(good, text))
        }
        Question::KeepQuery(..) => Answer::QueryKept(or_not(good, ())),
        other => panic!("no question of an engine: {other:?}"),
    }
}
