//! `segue segments` as it is typed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use segue::store::Destinations;
use serde_json::{Value, json};

use crate::support::command::{add, given, of, segue, told, try_add};
use crate::support::{World, export_user};

/// A destination called Spring over two files, which exports one of them.
async fn saved(gold: &str, silver: &str) -> World {
    let world = World::new(&[], &[]).await;
    world.file("gold.csv", gold);
    let path = world.file("silver.csv", silver);
    let more = ["--segment", "gold", "--consent-attribute", "optin"];
    add(&world, path.parent().expect("folder"), &more);
    world
}

const GOLD: &str =
    "id,first,email,optin\n1,\"A, \"\"n\"\"\",a@x.example,yes\n2,=1+1,b@x.example,no\n3\n";
const SILVER: &str = "id,first,email,optin\n1,A,a@x.example,yes\n";

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_listed_with_counts_and_printed_with_what_is_mapped() {
    let world = saved(GOLD, SILVER).await;
    let (exit, out, err) = told(&segue(&world, &["segments", "spring", "--json"]));
    assert_eq!(exit, Some(0), "{err}");
    let all: Value = serde_json::from_str(&out).expect("JSON");
    let told_of =
        |at: usize| ["id", "chosen", "count", "state", "tag"].map(|key| all[at][key].clone());
    let gold = [
        json!("gold"),
        json!(true),
        json!(3),
        json!("ready"),
        json!("gold"),
    ];
    assert_eq!(told_of(0), gold);
    let silver = [
        json!("silver"),
        json!(false),
        json!(1),
        json!("ready"),
        Value::Null,
    ];
    assert_eq!(told_of(1), silver);
    let (_, out, _) = told(&segue(&world, &["segments", "Spring"]));
    assert!(out.contains("gold     ✓         3        ready"), "{out}");
    let (exit, out, err) = told(&segue(&world, &["segments", "Spring", "Gold", "--csv"]));
    assert_eq!(exit, Some(0), "{err}");
    let csv =
        "profile,email,first,optin\n1,a@x.example,\"A, \"\"n\"\"\",yes\n2,b@x.example,'=1+1,no\n";
    assert_eq!(out, csv);
    assert!(
        err.contains("gold.csv:4"),
        "the row that cannot be read is told: {err}"
    );
    let line = ["segments", "Spring", "silver", "--preview", "--json"];
    let (_, out, _) = told(&segue(&world, &line));
    let members: Value = serde_json::from_str(&out).expect("JSON");
    let only = json!([{"profile": "1", "attributes": {"email": "a@x.example", "first": "A", "optin": "yes"}}]);
    assert_eq!(members, only);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_out_as_they_are_but_for_an_apostrophe_before_a_formula() {
    let values = [
        ("family", "👩\u{200d}👧\u{202e}", "👩\u{200d}👧\u{202e}"),
        ("lines", "\"Box 1\r\nÅre \"", "\"Box 1\r\nÅre \""),
        ("blank", "a\tb  ", "a\tb  "),
        ("phone", "+46 70 123", "'+46 70 123"),
        ("negative", "-5", "'-5"),
        ("quoted", "''=x", "'''=x"),
        ("apostrophe", "'n Roll", "'n Roll"),
    ];
    let rows = values.map(|(id, value, _)| format!("{id},{value},{id}@x.example,yes\n"));
    let world = saved(&format!("id,first,email,optin\n{}", rows.concat()), SILVER).await;
    let (exit, out, err) = told(&segue(&world, &["segments", "Spring", "gold", "--csv"]));
    assert_eq!((exit, err.as_str()), (Some(0), ""));
    let lines = values.map(|(id, _, value)| format!("{id},{id}@x.example,{value},yes\n"));
    assert_eq!(
        out,
        format!("profile,email,first,optin\n{}", lines.concat())
    );
}

/// Runs a command as an export user of the sandbox's Dataverse.
async fn as_user(world: &World, line: &[&str]) -> (Option<i32>, String, String) {
    let ready = world.sandbox.ready();
    let (app, token) = export_user::signed_in(ready, export_user::dataverse(ready)).await;
    let mut command = of(world, line);
    command
        .env("SEGUE_INSIGHTS_REFRESH_TOKEN", token.expose())
        .env("SEGUE_INSIGHTS_CLIENT_ID", app.client_id)
        .env("SEGUE_ENTRA_AUTHORITY", world.ready("authority"))
        .env("SEGUE_INSIGHTS_URL", world.ready("insights_url"));
    told(&given(command, ""))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_segments_of_a_service_are_listed_previewed_and_printed() {
    let world = World::new(&[], &[]).await;
    let (audience, source) = (
        world.audience().to_string(),
        format!("dataverse:{}", world.ready("dataverse_url")),
    );
    let line = [
        "add",
        "--name",
        "Spring",
        "--accept-privacy",
        "--status-if-new",
        "pending",
        "--all-segments",
    ];
    let more = [
        "--audience",
        &audience,
        "--source",
        &source,
        "--map",
        "email=EMail",
        "--map",
        "FNAME=FirstName",
    ];
    let (exit, _, err) = as_user(&world, &[&line[..], &more].concat()).await;
    assert_eq!(exit, Some(0), "{err}");
    let (exit, out, err) = as_user(&world, &["segments", "Spring", "--json"]).await;
    assert_eq!(exit, Some(0), "{err}");
    let all: Value = serde_json::from_str(&out).expect("JSON");
    let list = all.as_array().expect("a list").iter();
    let smallest = list.min_by_key(|one| one["count"].as_u64());
    let smallest = smallest.expect("a segment");
    let (label, count) = (
        smallest["label"].as_str().expect("text"),
        smallest["count"].as_u64(),
    );
    assert!(smallest["chosen"] == true && count > Some(0), "{all}");
    let (exit, out, err) = as_user(&world, &["segments", "Spring", label, "--csv"]).await;
    assert_eq!(exit, Some(0), "{err}");
    let (head, members) = out.split_once('\n').expect("lines");
    assert!(
        head.starts_with("profile,") && head.split(',').count() == 3,
        "{head}"
    );
    assert_eq!(Some(members.lines().count() as u64), count);
    let (exit, out, err) = as_user(
        &world,
        &["segments", "Spring", label, "--preview", "--json"],
    )
    .await;
    assert_eq!(exit, Some(0), "{err}");
    let first: Value = serde_json::from_str(&out).expect("JSON");
    let first = first.as_array().expect("a list");
    assert!(!first.is_empty() && first.len() <= 100);
    let mut profiles = first.iter().filter_map(|one| one["profile"].as_str());
    assert!(profiles.all(|id| members.contains(id)), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_segment_is_told_with_those_there_are() {
    let world = saved(GOLD, SILVER).await;
    for flag in ["--csv", "--preview"] {
        let (exit, out, err) = told(&segue(&world, &["segments", "Spring", "bronze", flag]));
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("gold, silver"), "{err}");
    }
    let (exit, _, err) = told(&segue(&world, &["segments", "Spring", "--csv"]));
    assert_eq!(exit, Some(2), "{err}");
    std::fs::remove_file(world.folder.path().join("source/gold.csv")).expect("gone");
    let (exit, out, _) = told(&segue(&world, &["segments", "Spring", "--json"]));
    assert_eq!(exit, Some(0), "{out}");
    assert!(
        out.contains(r#""id":"gold","label":"gold","last_refreshed":null,"state":"gone""#),
        "{out}"
    );
    let (exit, out, err) = told(&segue(&world, &["segments", "Spring", "gold", "--csv"]));
    assert_ne!(exit, Some(0), "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_only_the_first_lines_is_no_failure() {
    let rows = (0..20_000).map(|id| format!("{id},Anna,a{id}@x.example,yes\n"));
    let rows: String = std::iter::once("id,first,email,optin\n".to_owned())
        .chain(rows)
        .collect();
    let world = saved(&rows, SILVER).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command
        .args(["segments", "Spring", "gold", "--csv"])
        .env_clear()
        .env("SEGUE_HOME", world.folder.path().join("home"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("begun");
    let mut first = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().expect("piped"));
    out.read_line(&mut first).expect("a line");
    assert_eq!(first, "profile,email,first,optin\n");
    drop(out);
    let ended = child.wait_with_output().expect("ended");
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!((ended.status.code(), err.as_ref()), (Some(0), ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_folder_is_told_under_the_flag_that_said_it() {
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", "email,first\nanna@x.example,Anna\n");
    let refused = |flags: &[&str]| {
        let flags = [flags, &["--all-segments"]].concat();
        let (exit, _, err) = try_add(&world, &source, &flags);
        assert_eq!(exit, Some(2), "{err}");
        let line = err.lines().next().unwrap_or_default().to_owned();
        line.split(": ").nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(refused(&["--segment-by", "city"]), "--segment-by");
    assert_eq!(refused(&["--id-column", "number"]), "--id-column");
    assert_eq!(refused(&["--delimiter", ";"]), "--delimiter");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_part_is_edited_while_a_chosen_segment_is_gone_from_the_source() {
    let world = World::new(&[], &[]).await;
    let rows = "email,first,tier\nanna@x.example,Anna,Gold\nbo@x.example,Bo,Silver\n";
    let source = world.file("people.csv", rows);
    let segments = [
        "--segment-by",
        "tier",
        "--segment",
        "Gold",
        "--segment",
        "Silver",
    ];
    add(&world, &source, &segments);
    world.file("people.csv", &rows.replace("Silver", "Gold"));
    let edited = |flags: &[&str]| {
        let line = [&["edit", "Spring"], flags].concat();
        told(&segue(&world, &line))
    };
    let (exit, _, err) = edited(&["--max-profiles", "7"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(
        err.contains("warning: The source no longer has the segment “Silver”"),
        "{err}"
    );
    let saved = Destinations::of(&world.home()).find("Spring");
    let saved = saved.expect("read").expect("there");
    let labels: Vec<&str> = saved
        .segments
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    assert_eq!((saved.max_profiles.0, labels), (7, vec!["Gold", "Silver"]));
    let (exit, _, err) = edited(&["--segment", "Gold", "--segment", "Silver"]);
    assert_eq!(exit, Some(2), "{err}");
    assert!(
        err.contains("Silver is not a value that --segment takes"),
        "{err}"
    );
}
