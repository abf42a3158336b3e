//! A saved destination's life by command: changed, renamed, copied, detached.

use std::path::Path;
use std::process::{Command, Output};

use segue::domain::Destination;
use segue::store::{Destinations, Home, RunFolder};

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
