//! `segue segments` as it is typed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::World;
use crate::support::command::{add, segue, told};

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
