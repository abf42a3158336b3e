//! The commands about rejects and refusals, as they are typed.

use std::path::Path;

use jiff::Timestamp;
use segue::domain::{Destination, PersonKey, Reason};
use segue::store::{Destinations, Home, Ledger};
use serde_json::Value;

use crate::support::command::{at, given, told};

fn segue(home: &Path, line: &[&str], input: &str) -> std::process::Output {
    given(at(home, line), input)
}

/// Saves a destination whose source names one of three people who are remembered.
fn saved(folder: &Path) -> Home {
    let home = Home::at(folder.join("home"));
    let people = folder.join("people.csv");
    std::fs::write(&people, "email\nanna@x.example\nbo@x.example\n").expect("people");
    let text = format!(
        "name = 'My club'\nlogin = 'a'\naudience = 'aaa'\nsource = 'folder:{}'\nstatus_if_new = 'subscribed'\n\
         created_at = '2026-01-01T00:00:00Z'\n[[segments]]\nid = 'all-profiles'\nlabel = 'all'\n[map]\nemail = 'email'\n",
        people.display()
    );
    let destination: Destination = toml::from_str(&text).expect("destination");
    let destinations = Destinations::of(&home);
    destinations.save(destination.clone(), None).expect("saved");
    let refused = [
        ("anna", Reason::Fake),
        ("gone", Reason::Forgotten),
        ("left", Reason::Forgotten),
    ];
    let refused = refused.map(|(who, why)| (PersonKey::of(&format!("{who}@x.example")), why));
    let mut ledger = Ledger::open(&home, &destination.audience).expect("ledger");
    ledger
        .remember(&refused, Timestamp::now())
        .expect("remembered");
    home
}

#[test]
fn refusals_are_listed_by_name_where_there_is_one_and_forgotten_by_address() {
    let folder = tempfile::tempdir().expect("folder");
    let _saved = saved(folder.path());
    let home = &folder.path().join("home");
    let listed = || {
        let line = ["rejects", "my club", "--remembered", "--json"];
        let (exit, out, err) = told(&segue(home, &line, ""));
        assert_eq!(exit, Some(0), "{err}");
        serde_json::from_str::<Vec<Value>>(&out).expect("an array")
    };
    let names: Vec<_> = listed().iter().map(|one| one["email"].clone()).collect();
    assert_eq!(
        names,
        [Value::from("anna@x.example"), Value::Null, Value::Null]
    );
    let (exit, out, err) = told(&segue(home, &["rejects", "My club", "--remembered"], ""));
    assert_eq!(exit, Some(0), "{err}");
    assert!(
        out.contains("anna@x.example") && out.contains("2 people"),
        "{out}"
    );
    assert!(!out.contains("bo@x.example"), "{out}");

    let forget = ["rejects", "My club", "--forget"];
    let (exit, out, err) = told(&segue(home, &forget, "ANNA@x.example\nleft@x.example\nx\n"));
    assert_eq!((exit, out.as_str()), (Some(0), "forgotten: 2\n"), "{err}");
    assert_eq!(listed().len(), 1);
    let (exit, _, err) = told(&segue(home, &forget, "anna@x.example\n"));
    assert_eq!(exit, Some(2), "{err}");
    let hint = format!(
        "run: segue --home {} rejects 'My club' --remembered",
        home.display()
    );
    assert!(err.contains(&hint), "{err}");
    let (exit, _, err) = told(&segue(home, &forget, ""));
    assert_eq!(exit, Some(2), "{err}");
    let unknown = ["rejects", "My club", "anna@x.example", "--forget"];
    assert_eq!(told(&segue(home, &unknown, "")).0, Some(2));
}
