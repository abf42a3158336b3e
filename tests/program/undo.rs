//! `segue undo` as it is typed: what it asks, what it prints, its exit codes.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::command::{saved, segue, told};

fn ended(output: &Output) -> (Option<i32>, Value) {
    let (exit, out, err) = told(output);
    assert_eq!(out.lines().count(), 1, "one line of JSON: {out}{err}");
    (exit, serde_json::from_str(&out).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_says_what_it_does_asks_and_is_done_once() {
    let world = saved().await;
    let (exit, out, err) = told(&segue(&world, &["undo", "Spring"]));
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    for said in [
        "--yes",
        "One contact that the run created is archived",
        "gets back the values",
    ] {
        assert!(err.contains(said), "{said}: {err}");
    }
    assert_eq!(
        world.members().await["bo@x.example"]["status"],
        "subscribed"
    );
    let (exit, done) = ended(&segue(&world, &["undo", "Spring", "--yes", "--json"]));
    assert_eq!(exit, Some(0), "{done}");
    let keys = ["archived", "restored", "left", "remaining", "exit"];
    assert_eq!(
        keys.map(|key| done[key].as_u64()),
        [1, 1, 0, 0, 0].map(Some),
        "{done}"
    );
    assert_eq!(
        (&done["event"], &done["destination"]),
        (&json!("ended"), &json!("Spring"))
    );
    let report = std::fs::read_to_string(done["report"].as_str().expect("path")).expect("report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["undoes"], done["undoes"]);
    let members = world.members().await;
    assert_eq!(members["bo@x.example"]["status"], "archived");
    assert_eq!(members["anna@x.example"]["merge_fields"]["FNAME"], "Anna");
    let run = done["undoes"].as_str().expect("a run");
    for line in [
        &["undo", "Spring", "--yes", "--json"][..],
        &["undo", "spring", run, "--yes", "--json"],
    ] {
        let again = segue(&world, line);
        let (exit, told) = ended(&again);
        assert_eq!(
            (exit, &told["exit"], &told["undoes"]),
            (Some(2), &json!(2), &Value::Null)
        );
        let words = String::from_utf8_lossy(&again.stderr);
        assert!(words.contains("undone already"), "{words}");
    }
    assert_eq!(world.stats().await["statuses_raised"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_is_named_and_so_is_one_that_is_not_known() {
    let world = saved().await;
    let source = world.file("more.csv", "email,first\nbo@x.example,Bosse\n");
    world.report(world.destination(&source, "", "", &[])).await;
    let (exit, out, err) = told(&segue(&world, &["undo", "Spring", "--yes"]));
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    assert!(
        err.contains("Test wrote to the same audience later") && err.contains("segue undo Test "),
        "{err}"
    );
    let line = ["undo", "Spring", "yesterday", "--yes", "--lang", "sv"];
    let (exit, out, err) = told(&segue(&world, &line));
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("har ingen körning yesterday"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_left_is_told_with_the_place_of_the_list() {
    let world = saved().await;
    let client = reqwest::Client::new();
    let api = world.ready("mailchimp_api").trim_end_matches("/3.0");
    let url = format!("{api}/sandbox/audiences/{}/steps", world.audience());
    let sent = client
        .post(url)
        .json(&json!({"unsubscribe": "bo@x.example"}));
    assert!(sent.send().await.expect("sent").status().is_success());
    let (exit, out, err) = told(&segue(&world, &["undo", "Spring", "--yes"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    assert!(out.contains("archived: 0\nrestored: 1\nleft: 1\n"), "{out}");
    let path = err
        .lines()
        .find_map(|line| Some(line.split_once("listed in ")?.1));
    let list = std::fs::read_to_string(path.expect("told")).expect("a list");
    assert!(
        list.contains("bo@x.example,") && list.ends_with(",changed\n"),
        "{list}"
    );
}
