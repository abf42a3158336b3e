//! A saved destination's life by command: changed, renamed, copied, detached.

use std::path::Path;
use std::process::{Command, Output};

use segue::domain::{Destination, DestinationId};
use segue::store::{AccountLock, Destinations, Home, Ledger, RunFolder};
use serde_json::{Value, json};

use crate::support::command::{self, told};
use crate::support::tags;
#[cfg(unix)]
use crate::terminal::Tty;

/// As destinations are written before they have ids or lose their login.
const KEPT: &str = r#"name = "Spring"
login = "club"
api = "http://127.0.0.1:1/3.0"
audience = "a1b2c3"
audience_name = "Club"
source = "folder:/people"
status_if_new = "subscribed"
on_leave = "untag"
max_profiles = 1000000
created_at = "2026-01-01T00:00:00Z"

[agreement]
at = "2026-01-01T00:00:00Z"
user = "lotta"
language = "en"
text_sha256 = "00"

[map]
FNAME = "FirstName"
email = "EMail"

[[segments]]
id = "1"
label = "Gold"
"#;

fn segue(home: &Path, line: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command.args(["--home", &home.display().to_string(), "--lang", "en"]);
    let Output {
        status,
        stdout,
        stderr,
    } = command.args(line).output().expect("runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

fn kept(folder: &Path) -> Destinations {
    let destinations = folder.join("destinations");
    std::fs::create_dir_all(&destinations).expect("folder");
    std::fs::write(destinations.join("spring.toml"), KEPT).expect("file");
    Destinations::of(&Home::at(folder))
}

fn find(saved: &Destinations, name: &str) -> Destination {
    saved.find(name).expect("read").expect("there")
}

#[test]
fn what_belongs_to_a_destination_follows_its_new_name() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, saved) = (folder.path(), kept(folder.path()));
    let run = RunFolder::create(&Home::at(home), jiff::Timestamp::UNIX_EPOCH).expect("run");
    let report = serde_json::json!({"run": run.id, "destination": "Spring",
        "started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:01Z", "started_by": "lotta",
        "audience_link": "", "tags": [], "merges": [], "outcome": "done", "exit": 0, "guard": null, "report": ""});
    run.write_report(&report).expect("report");
    drop(run);
    let (exit, out, err) = segue(home, &["rename", "spring", "Autumn"]);
    assert_eq!((exit, out.trim()), (Some(0), "Autumn"), "{err}");
    assert_eq!(find(&saved, "autumn").id().as_str(), "Spring");
    let (_, out, _) = segue(home, &["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(listed[0]["outcome"], "done", "{listed}");
    let (exit, _, err) = segue(home, &["rename", "Spring", "Winter"]);
    assert_eq!(exit, Some(2), "{err}");
}

#[test]
fn comments_go_with_a_copy_and_to_another_machine() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, saved) = (folder.path(), kept(folder.path()));
    let destinations = home.join("destinations");
    let written = format!("# Ours since May.\nowner = 'Eva'\n{KEPT}");
    std::fs::write(destinations.join("spring.toml"), written).expect("file");
    let copied = ["duplicate", "Spring", "Copy", "--accept-privacy"];
    let (exit, _, err) = segue(home, &copied);
    assert_eq!(exit, Some(0), "{err}");
    let (exit, carried, err) = segue(home, &["show", "Spring", "--toml"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(
        !carried.contains("owner"),
        "it would be refused there: {carried}"
    );
    let file = home.join("carried.toml");
    std::fs::write(&file, carried).expect("file");
    let file = file.display().to_string();
    let added = [
        "add",
        "--from",
        &file,
        "--name",
        "Other",
        "--accept-privacy",
        "--offline",
    ];
    let (exit, _, err) = segue(home, &added);
    assert_eq!(exit, Some(0), "{err}");
    for (name, stem) in [("Copy", "copy"), ("Other", "other")] {
        let text = std::fs::read_to_string(destinations.join(format!("{stem}.toml")));
        let text = text.expect("file");
        assert!(text.starts_with("# Ours since May."), "{text}");
        assert_eq!(find(&saved, name).map, find(&saved, "Spring").map);
    }
}

#[test]
fn only_what_is_given_changes_and_a_new_audience_is_agreed_to_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, saved) = (folder.path(), kept(folder.path()));
    let before = find(&saved, "Spring");
    let line = [
        "edit",
        "Spring",
        "--offline",
        "--map",
        "FNAME=",
        "--map",
        "LNAME=LastName",
    ];
    let (exit, _, err) = segue(home, &line);
    assert_eq!(exit, Some(0), "{err}");
    let mut expected = before.clone();
    expected.map.remove(&"FNAME".parse().expect("a field"));
    expected
        .map
        .set("LNAME".parse().expect("a field"), "LastName");
    // Of a login that is not saved nobody knows where it is used.
    expected.api = None;
    assert_eq!(find(&saved, "Spring"), expected);
    let other = ["edit", "Spring", "--offline", "--audience", "ffffff"];
    let (exit, _, err) = segue(home, &other);
    assert!(exit == Some(2) && err.contains("--accept-privacy"), "{err}");
    let (exit, _, err) = segue(home, &[&other[..], &["--accept-privacy"]].concat());
    assert_eq!(exit, Some(0), "{err}");
    assert_ne!(find(&saved, "Spring").agreement, before.agreement);
}

#[test]
fn a_detached_destination_does_not_run_and_says_what_to_do() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, saved) = (folder.path(), kept(folder.path()));
    let (exit, _, err) = segue(home, &["edit", "Spring", "--no-login"]);
    assert_eq!(exit, Some(0), "{err}");
    assert_eq!(find(&saved, "Spring").login, None);
    for command in ["run", "check"] {
        let (exit, _, err) = segue(home, &[command, "Spring"]);
        assert_eq!(exit, Some(4), "{err}");
        assert!(err.contains("edit Spring --login LOGIN"), "{err}");
    }
    let (_, out, _) = segue(home, &["show", "Spring"]);
    assert!(out.contains("no connection"), "{out}");
}

#[test]
fn a_copy_needs_an_agreement_of_its_own() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, saved) = (folder.path(), kept(folder.path()));
    let line = ["duplicate", "Spring", "Autumn"];
    let (exit, _, err) = segue(home, &line);
    assert!(exit == Some(2) && err.contains("--accept-privacy"), "{err}");
    let (exit, out, err) = segue(home, &[&line[..], &["--accept-privacy"]].concat());
    assert_eq!((exit, out.trim()), (Some(0), "Autumn"), "{err}");
    let (spring, copy) = (find(&saved, "Spring"), find(&saved, "Autumn"));
    assert_eq!((spring.map, spring.segments), (copy.map, copy.segments));
    assert_ne!(spring.agreement, copy.agreement);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_lacks_what_none_is_saved_without_is_named_and_nobody_loses_a_tag() {
    let world = command::saved().await;
    let path = world.home().destinations().join("spring.toml");
    let whole = std::fs::read_to_string(&path).expect("file");
    let (top, segments) = whole.split_once("[[segments]]").expect("segments");
    let (head, _) = top.split_once("[map]").expect("a map");
    let without_map = format!("{head}[[segments]]{segments}");
    for (text, lacks) in [
        (top, "segments"),
        (&without_map, "map.email"),
        (head, "map.email, segments"),
    ] {
        std::fs::write(&path, text).expect("written");
        for line in ["run", "check"] {
            let (exit, out, err) = told(&command::segue(&world, &[line, "Spring", "--json"]));
            assert_eq!(exit, Some(1), "{line}: {out}{err}");
            assert!(
                err.contains(&format!("spring.toml: {lacks}")),
                "{line}: {err}"
            );
            assert!(err.contains("segue edit Spring --"), "{line}: {err}");
        }
        let (_, out, _) = told(&command::segue(&world, &["doctor", "--json"]));
        assert!(out.contains("is not complete"), "{out}");
    }
    let is_tagged = |member: &Value| tags(member) == ["all-profiles"];
    assert!(world.members().await.values().all(is_tagged));
    // It can be mended by command too.
    std::fs::write(&path, top).expect("written");
    let line = ["edit", "Spring", "--segment", "all-profiles"];
    let (exit, _, err) = told(&command::segue(&world, &line));
    assert_eq!(exit, Some(0), "{err}");
    let (exit, _, err) = told(&command::segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(0), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_audience_leaves_the_former_one_as_it_is_and_is_forgotten_with_the_destination() {
    let world = command::saved().await;
    let (home, former) = (world.home(), world.audience());
    let held = || {
        let mut held = 0;
        let ledger = Ledger::open(&home, &former).expect("ledger");
        ledger
            .each(|_, known| held += known.held.len())
            .expect("read");
        held
    };
    assert_eq!(held(), 2);
    let line = [
        "edit",
        "Spring",
        "--audience",
        "ffffff0000",
        "--accept-privacy",
        "--offline",
    ];
    let lock = AccountLock::try_destination(
        &home,
        &DestinationId::parse("Spring").expect("a name"),
        "a run",
    );
    for (line, says) in [
        (&line[..], "a run"),
        (&["rename", "Spring", "Autumn"], "a run"),
    ] {
        let (exit, _, err) = told(&command::segue(&world, line));
        assert!(exit == Some(5) && err.contains(says), "{line:?}: {err}");
    }
    drop(lock);
    assert_eq!(held(), 2, "nothing happened");
    let (exit, _, err) = told(&command::segue(&world, &line));
    assert_eq!(exit, Some(0), "{err}");
    assert!(
        err.contains(&format!("brought to {former} stay there, with their tags")),
        "{err}"
    );
    assert_eq!(
        held(),
        0,
        "what it does not hold keeps nobody from taking a tag away"
    );
    assert!(
        world
            .members()
            .await
            .values()
            .all(|member| tags(member) == ["all-profiles"])
    );
    let (exit, _, err) = told(&command::segue(
        &world,
        &["remove", "Spring", "--yes", "--purge"],
    ));
    assert_eq!(exit, Some(0), "{err}");
    let left: Vec<_> = std::fs::read_dir(home.ledger(&former).parent().expect("folder"))
        .expect("list")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_only_reads_makes_no_folder_and_says_that_there_is_none() {
    let folder = tempfile::tempdir().expect("folder");
    let home = folder.path().join("typo");
    for (line, exit) in [
        (&["list", "--json", "-v"][..], 0),
        (&["history", "--json"], 0),
        (&["logins", "--json"], 0),
        (&["show", "Spring"], 2),
        (&["segments", "Spring"], 2),
        (&["rejects", "Spring"], 2),
        (&["check", "Spring"], 2),
        (&["run", "Spring"], 2),
        (&["run", "--all"], 2),
        (&["edit", "Spring", "--on-leave", "keep"], 2),
        (&["remove", "Spring", "--yes"], 2),
        (&["logout", "club"], 2),
        (&["--plain"], 0),
    ] {
        let (ended, out, err) = segue(&home, line);
        assert_eq!(ended, Some(exit), "{line:?}: {out}{err}");
        assert!(
            err.contains("There is no folder") && err.contains("typo"),
            "{line:?}: {err}"
        );
        assert!(out.is_empty() || out == "[]\n", "{line:?}: {out}");
        assert!(!home.exists(), "{line:?}");
    }
    let (_, out, _) = segue(&home, &["doctor", "--json"]);
    assert!(
        out.contains(r#""check":"folder","next":[],"state":"ok""#),
        "{out}"
    );
    assert!(!home.exists());
    let more = [
        "--segment",
        "1",
        "--status-if-new",
        "pending",
        "--login",
        "club",
        "--offline",
    ];
    let line = [
        "add",
        "--name",
        "Spring",
        "--audience",
        "a1b2c3",
        "--source",
        "folder:/x",
        "--map",
        "email=E",
    ];
    let (exit, _, err) = segue(&home, &[&line[..], &more, &["--accept-privacy"]].concat());
    assert!(
        exit == Some(0) && !err.contains("There is no folder"),
        "{err}"
    );
    assert!(home.join("destinations/spring.toml").exists());
}

#[test]
fn the_list_tells_type_connection_and_when_it_was_made_and_changed() {
    let folder = tempfile::tempdir().expect("folder");
    let (home, _) = (folder.path(), kept(folder.path()));
    let listed =
        || -> Value { serde_json::from_str(&segue(home, &["list", "--json"]).1).expect("JSON") };
    let one = &listed()[0];
    assert_eq!(
        (&one["source_type"], &one["login"]),
        (&json!("folder"), &json!("club"))
    );
    assert_eq!(one["created_at"], "2026-01-01T00:00:00Z");
    assert!(one["updated_at"].is_string(), "{one}");
    let (_, out, _) = segue(home, &["list"]);
    for said in [
        "Source", "Folder", "Club", "club", "Created", "Updated", "never",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    segue(home, &["edit", "Spring", "--no-login"]);
    assert_eq!(listed()[0]["login"], Value::Null);
    assert!(segue(home, &["list"]).1.contains("no connection"));
    #[cfg(unix)]
    {
        let home = home.display().to_string();
        let tty = Tty::run(&["--home", &home, "list"], 10, 80);
        tty.see("no connection");
        tty.see("never");
        let widest =
            tty.with_screen(|screen| screen.rows(0, 80).filter(|row| !row.is_empty()).count());
        assert_eq!(widest, 2, "no line was wrapped");
    }
}

#[test]
fn a_login_of_the_environment_is_listed_with_its_variable() {
    let folder = tempfile::tempdir().expect("folder");
    let lent = |line: &[&str]| {
        let mut command = command::at(folder.path(), line);
        command.env(
            "SEGUE_MAILCHIMP_TOKEN",
            "0123456789abcdef0123456789abcdef-us7",
        );
        command.env("SEGUE_INSIGHTS_REFRESH_TOKEN", "r1");
        told(&command::given(command, ""))
    };
    let logins = |more: &[&str]| lent(&[&["logins"][..], more].concat()).1;
    let all: Value = serde_json::from_str(&logins(&["--json"])).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    assert_eq!(
        (&all[0]["name"], &all[0]["service"]),
        (&json!("env"), &json!("mailchimp"))
    );
    assert_eq!(all[0]["secret"], "SEGUE_MAILCHIMP_TOKEN");
    assert_eq!(all[0]["api"], "https://us7.api.mailchimp.com/3.0");
    assert_eq!(
        (&all[1]["name"], &all[1]["secret"]),
        (&json!("env"), &json!("SEGUE_INSIGHTS_REFRESH_TOKEN"))
    );
    let table = logins(&[]);
    assert!(
        table.contains("env") && table.contains("SEGUE_MAILCHIMP_TOKEN"),
        "{table}"
    );
    assert!(!table.contains("0123456789abcdef"), "{table}");
    let (exit, _, err) = lent(&["logout", "Env", "--yes"]);
    assert_eq!(exit, Some(2), "{err}");
    let both = "unset SEGUE_MAILCHIMP_TOKEN, SEGUE_INSIGHTS_REFRESH_TOKEN";
    assert!(err.contains(both), "{err}");
    std::fs::write(folder.path().join("logins.toml"), LOGIN).expect("written");
    let all: Value = serde_json::from_str(&logins(&["--json"])).expect("JSON");
    assert_eq!(
        (&all[0]["name"], &all[0]["secret"]),
        (&json!("club"), &json!("SEGUE_MAILCHIMP_TOKEN"))
    );
    assert_eq!(
        all.as_array().map(Vec::len),
        Some(2),
        "none is needed beside it: {all}"
    );
}

const LOGIN: &str = r#"[[login]]
name = "club"
service = "mailchimp"
account_id = "a1"
account_name = "Club"
api = "https://us1.api.mailchimp.com/3.0"
created_at = "2026-01-01T00:00:00Z"
"#;
