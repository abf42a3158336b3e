//! `segue history` as it is typed, over runs that ended, went on and were killed.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use jiff::Timestamp;
use segue::domain::{DestinationId, NewStatus, StartedBy};
use segue::store::{AccountLock, Began, JournalWriter, Locked, Record, RunFolder};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::command::{given, of, saved, segue, told};
use crate::watch::ACCOUNT;

fn history(world: &World, line: &[&str]) -> Vec<Value> {
    let (exit, out, err) = told(&segue(world, &[&["history", "--json"], line].concat()));
    assert_eq!(exit, Some(0), "{out}{err}");
    serde_json::from_str(&out).expect("an array")
}

/// A run of this process that wrote no more than how it began.
pub async fn begun(world: &World) -> RunFolder {
    let run = RunFolder::create(&world.home(), Timestamp::now()).expect("run");
    let journal = JournalWriter::create(&run).expect("journal");
    let began = Began {
        run: run.id.to_string(),
        destination: "Spring".to_owned(),
        audience: world.audience().to_string(),
        at: Timestamp::now().as_millisecond(),
        started_by: StartedBy::Watch,
        status_if_new: NewStatus::Subscribed,
        segments: Vec::new(),
        undoes: None,
        partial: false,
    };
    journal.write(&Record::Began(began)).await.expect("began");
    journal.close().await.expect("closed");
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_is_told_from_its_start_to_who_settled_it() {
    let world = saved().await;
    let run = begun(&world).await;
    let all = history(&world, &["spring"]);
    let first = &all[1];
    assert_eq!(
        (&first["event"], &first["state"], &first["started_by"]),
        (&json!("ended"), &json!("successful"), &json!("command"))
    );
    let sums = json!({"all-profiles": {"profiles": 2, "members": 2}});
    assert_eq!(
        (&first["segments"], &first["outcome"]),
        (&sums, &json!("done"))
    );
    assert_eq!(first["consent"]["status_if_new"], "subscribed");
    assert!(first["consent"]["agreement"]["at"].is_string(), "{first}");
    let unknown = |past: &Value| ["ended_at", "outcome", "exit"].map(|key| past[key].clone());
    assert_eq!(
        (&all[0]["state"], &all[0]["started_by"]),
        (&json!("processing"), &json!("watch"))
    );
    assert_eq!(unknown(&all[0]), [Value::Null, Value::Null, Value::Null]);
    let id = run.id.to_string();
    // As when its process dies.
    drop(run);
    let all = history(&world, &[]);
    assert_eq!(
        (&all[0]["state"], &all[0]["run"]),
        (&json!("interrupted"), &json!(id))
    );
    assert_eq!(unknown(&all[0]), [Value::Null, Value::Null, Value::Null]);
    assert!(all[0]["failure"]["what"].is_string());
    let (exit, out, err) = told(&segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    let all = history(&world, &["Spring"]);
    let states: Vec<&str> = all.iter().filter_map(|run| run["state"].as_str()).collect();
    assert_eq!(states, ["successful", "interrupted", "successful"]);
    assert_eq!(
        (&all[1]["settled_by"], &all[0]["resumed"]),
        (&all[0]["run"], &json!(id))
    );
    assert!(all[1]["ended_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_who_when_and_how_many_and_one_run_in_full() {
    let world = saved().await;
    let (exit, out, err) = told(&segue(&world, &["undo", "Spring", "--yes"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    let all = history(&world, &[]);
    let [undo, export] = [0, 1].map(|at| all[at]["run"].as_str().expect("a run"));
    let (_, out, _) = told(&segue(&world, &["history"]));
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    for said in [
        &format!("{undo}  ✓ Successful"),
        &format!("Spring · by a command · undoes {export}"),
        &format!("undone by {undo}"),
        "2 profiles",
        "1 created · 1 updated",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (_, out, _) = told(&segue(
        &world,
        &["history", "Spring", export, "--lang", "sv"],
    ));
    for said in [
        "✓ Lyckades",
        "  = 1 skapad\n  + 1 uppdaterad\n",
        "all-profiles  2         2",
        "accepterat av",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    assert!(!out.contains("segue undo"), "it is undone already: {out}");
    let (_, out, _) = told(&segue(&world, &["list"]));
    assert!(out.contains("undone"), "{out}");
    let (exit, out, err) = told(&segue(&world, &["history", "Spring", "yesterday"]));
    assert_eq!((exit, out.as_str()), (Some(2), ""));
    assert!(err.contains("segue history Spring"), "{err}");
    let (exit, _, err) = told(&segue(&world, &["history", "Nope"]));
    assert_eq!(exit, Some(2), "{err}");
    // Its history outlives it.
    let (exit, out, err) = told(&segue(&world, &["remove", "Spring", "--yes"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    assert_eq!(history(&world, &["spring"]).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_report_is_damaged_says_so_and_the_others_are_told() {
    let world = saved().await;
    let all = history(&world, &[]);
    let report = all[0]["report"].as_str().expect("a path");
    std::fs::write(report, "{\"run\": ").expect("cut");
    let all = history(&world, &["Spring"]);
    assert_eq!((all.len(), &all[0]["state"]), (1, &Value::Null));
    assert!(all[0]["broken"].is_string(), "{all:?}");
    let (exit, out, _) = told(&segue(&world, &["history", "Spring"]));
    assert_eq!(exit, Some(0));
    assert!(out.contains("its report cannot be read"), "{out}");
    let run = all[0]["run"].as_str().expect("a run");
    let (exit, _, err) = told(&segue(&world, &["history", "Spring", run]));
    assert_eq!(exit, Some(1), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_name_among_several_keeps_all_from_running() {
    let world = saved().await;
    let before = history(&world, &[]).len();
    let (exit, out, err) = told(&segue(&world, &["run", "Spring", "Nope", "--json"]));
    assert_eq!(exit, Some(2), "{out}{err}");
    let ended: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(ended.len(), 2, "{out}");
    assert!(
        ended
            .iter()
            .all(|line| line["event"] == "ended" && line["exit"] == 2),
        "{out}"
    );
    assert!(err.contains("No destination is called Nope."), "{err}");
    assert_eq!(history(&world, &[]).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_before_it_begins_is_told_by_its_history() {
    let world = saved().await;
    let mut no_secret = of(&world, &["run", "Spring", "--json"]);
    no_secret.env_remove("SEGUE_MAILCHIMP_TOKEN");
    let (exit, out, err) = told(&given(no_secret, ""));
    assert_eq!(exit, Some(4), "{out}{err}");
    let ended: Value = serde_json::from_str(out.lines().last().expect("a line")).expect("JSON");
    assert!(
        ended["report"]
            .as_str()
            .is_some_and(|path| path.ends_with("report.json")),
        "{out}"
    );
    let all = history(&world, &["Spring"]);
    assert_eq!(all.len(), 2);
    assert_eq!(
        (
            &all[0]["state"],
            &all[0]["outcome"],
            &all[0]["started_by"],
            &all[0]["profiles"]
        ),
        (
            &json!("failed"),
            &json!("sign_in_needed"),
            &json!("command"),
            &json!(0)
        )
    );
    assert!(
        all[0]["failure"]["what"].is_string() && all[0]["failure"]["next"][0].is_object(),
        "{all:?}"
    );
    let (_, out, _) = told(&segue(&world, &["list", "--json"]));
    let listed: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(listed[0]["outcome"], "sign_in_needed");
    assert_eq!(listed[0]["last_run"], all[0]["ended_at"]);
    // It did nothing that could be taken back, told no rejects, and leaves nothing for the next run to settle.
    let (exit, out, err) = told(&segue(&world, &["run", "Spring", "--json"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    assert!(out.contains("\"resumed\":null"), "{out}");
    let (exit, _, err) = told(&segue(&world, &["undo", "Spring", "--yes"]));
    assert_eq!(exit, Some(0), "{err}");
    // Whose place another has did not fail.
    let id = DestinationId::parse("Spring").expect("a name");
    let held = AccountLock::try_destination(&world.home(), &id, "another run").expect("held");
    let before = history(&world, &[]).len();
    let (exit, _, err) = told(&segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(5), "{err}");
    assert_eq!(history(&world, &[]).len(), before);
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_the_account_is_told_at_once_and_to_other_programs() {
    let world = saved().await;
    let all = history(&world, &[]).len();
    let held = AccountLock::try_take(&world.home(), ACCOUNT, "Autumn (4711)").expect("a lock");
    assert!(matches!(held, Locked::Ours(_)));
    let mut command = of(&world, &["run", "Spring", "--wait", "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("started");
    let stdout = running.stdout.take().expect("stdout");
    let lines = BufReader::new(stdout).lines();
    let mut events = lines.map(|line| {
        let line = line.expect("a line");
        serde_json::from_str::<Value>(&line).expect("JSON")
    });
    let first = events.next().expect("an event");
    assert_eq!(
        (&first["event"], &first["phase"]),
        (&json!("progress"), &json!("queued"))
    );
    let told_all = history(&world, &["spring"]);
    assert_eq!(told_all.len(), all + 1);
    let queued = ["state", "started_by", "holder", "run", "created"].map(|key| &told_all[0][key]);
    let wanted = [
        json!("queued"),
        json!("command"),
        json!("Autumn (4711)"),
        Value::Null,
        json!(0),
    ];
    assert_eq!(queued, wanted.each_ref());
    let (_, out, _) = told(&segue(&world, &["history"]));
    assert!(
        out.contains("… Queued") && out.contains("Autumn (4711)"),
        "{out}"
    );
    let (_, out, _) = told(&segue(&world, &["list", "--json"]));
    let listed: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(listed[0]["state"], "queued", "{listed}");
    drop(held);
    let last = events.last().expect("an event");
    assert_eq!(
        (&last["event"], &last["exit"]),
        (&json!("ended"), &json!(0))
    );
    let ended = running.wait_with_output().expect("ended");
    let err = String::from_utf8_lossy(&ended.stderr);
    assert!(err.contains("Queued: Autumn (4711)"), "{err}");
    let states = history(&world, &[]);
    assert_eq!(states.len(), all + 1, "it waits no more");
    assert_eq!(states[0]["state"], "successful");
}
