//! Exports that run by themselves, as the program runs them.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

use segue::store::{AccountLock, Locked};
use serde_json::Value;

use super::support::World;
use super::support::command::{add, given, of, segue, told};

/// A destination called Spring of these files, which has not run yet.
async fn spring(rows: &str) -> (World, std::path::PathBuf) {
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", rows);
    add(&world, &source, &["--all-segments"]);
    (world, source)
}

/// The sandbox's account.
pub const ACCOUNT: &str = "5e90e5a4db0c";
const TWO: &str = "email,first\nanna@x.example,Anna\nbo@x.example,Bo\n";
const THREE: &str = "email,first\nanna@x.example,Anna\nbo@x.example,Bo\ncy@x.example,Cy\n";

fn fine(world: &World, line: &str) -> String {
    let line: Vec<&str> = line.split(' ').collect();
    let (exit, out, err) = told(&segue(world, &line));
    assert_eq!(exit, Some(0), "{line:?}: {out}{err}");
    out
}

fn json_of(world: &World, line: &str) -> Value {
    serde_json::from_str(&fine(world, line)).expect("JSON")
}

/// What doctor finds, whatever else is wrong with a bare environment.
fn doctor(world: &World) -> String {
    told(&segue(world, &["doctor", "--json"])).1
}

/// Sets a schedule as if it had been set days ago.
fn set_long_ago(world: &World, schedule: &str) {
    fine(world, &format!("schedule Spring {schedule}"));
    let home = world.folder.path().join("home");
    let kept = home.join("schedules.toml");
    std::fs::remove_file(kept).expect("what was remembered");
    let file = File::options()
        .write(true)
        .open(home.join("destinations/spring.toml"));
    let days = SystemTime::now() - Duration::from_hours(72);
    file.expect("file").set_modified(days).expect("set");
}

/// What each run of the history was: its state, and who or what started it; the oldest first.
fn history(world: &World) -> Vec<(String, String)> {
    let told = json_of(world, "history Spring --json");
    let text = |run: &Value, key: &str| run[key].as_str().unwrap_or("null").to_owned();
    let runs = told.as_array().expect("array").iter().rev();
    runs.map(|run| (text(run, "state"), text(run, "started_by")))
        .collect()
}

fn pair(state: &str, by: &str) -> (String, String) {
    (state.to_owned(), by.to_owned())
}

/// A watcher that goes on, and what it tells.
struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn begin(world: &World) -> Self {
        let mut command: Command = of(world, &["watch", "--json"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("started");
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        Self { child, lines }
    }

    /// Reads what it tells up to an event.
    fn until(&mut self, event: &str) -> Value {
        for line in self.lines.by_ref() {
            let told: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
            if told["event"] == event {
                return told;
            }
        }
        panic!("it ended without {event}");
    }

    #[cfg(unix)]
    fn signal(&mut self, name: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill").success());
        self.child.wait().expect("ended").code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_runs_once_and_what_was_missed_is_made_up_for() {
    let (world, _) = spring(TWO).await;
    fine(&world, "watch --once");
    assert_eq!(history(&world), [], "without a schedule nothing runs");
    set_long_ago(
        &world,
        "--daily 00:00 06:00 12:00 18:00 --tz Europe/Stockholm",
    );
    assert!(json_of(&world, "list --json")[0]["next_run"].is_string());
    for _ in 0..3 {
        fine(&world, "watch --once");
    }
    assert_eq!(history(&world), [pair("successful", "once")]);
    assert_eq!(world.members().await.len(), 2);
    // Set anew, it is due from now on.
    fine(&world, "schedule Spring --daily 00:00");
    fine(&world, "watch --once");
    assert_eq!(history(&world).len(), 1);
    let (exit, out, _) = told(&segue(&world, &["run", "--scheduled", "--json"]));
    assert_eq!(exit, Some(0), "{out}");
    assert_eq!(history(&world)[1], pair("successful", "command"));
    fine(&world, "schedule Spring --off");
    let (exit, _, err) = told(&segue(&world, &["run", "--scheduled"]));
    assert!(exit == Some(2) && err.contains("schedule"), "{err}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn each_refresh_of_a_folder_is_a_run_and_a_killed_watcher_forgets_none() {
    let (world, source) = spring(TWO).await;
    fine(&world, "schedule Spring --on-refresh --quiet-seconds 0");
    let mut watching = Watching::begin(&world);
    assert_eq!(watching.until("watching")["schedules"], 1);
    // What is there counts as seen once it has been looked at.
    let kept = world.folder.path().join("home/schedules.toml");
    wait_for(|| std::fs::read_to_string(&kept).is_ok_and(|text| text.contains("mark")));
    std::fs::write(&source, THREE).expect("refreshed");
    assert_eq!(watching.until("ended")["created"], 3);
    // The same rows again: a run that has nothing to send.
    std::fs::write(&source, THREE).expect("refreshed");
    let ended = watching.until("ended");
    assert_eq!(
        (&ended["unchanged"], &ended["writes"]),
        (&3.into(), &0.into())
    );
    let (exit, _, err) = told(&segue(&world, &["watch"]));
    assert!(exit == Some(5) && err.contains("segue watch ("), "{err}");
    watching.child.kill().expect("killed");
    watching.child.wait().expect("ended");
    std::fs::write(&source, TWO).expect("refreshed while nobody watches");
    let mut watching = Watching::begin(&world);
    assert_eq!(watching.until("ended")["profiles"], 2);
    assert_eq!(watching.signal("TERM"), Some(143));
    assert_eq!(history(&world), vec![pair("successful", "watch"); 3]);
    // To people it says that such a run had nothing to do.
    std::fs::write(&source, TWO).expect("refreshed");
    let out = fine(&world, "watch --once");
    assert!(
        out.contains("nothing had changed, and nothing was sent"),
        "{out}"
    );
    assert_eq!(history(&world)[3], pair("successful", "once"));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_queues_while_the_account_is_busy() {
    let (world, _) = spring(TWO).await;
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    let held = AccountLock::try_take(&world.home(), ACCOUNT, "Autumn (4711)").expect("a lock");
    assert!(matches!(held, Locked::Ours(_)));
    let mut watching = Watching::begin(&world);
    let queued = watching.until("queued");
    assert_eq!(
        (&queued["for"], &queued["holder"]),
        (&"account".into(), &"Autumn (4711)".into()),
        "{queued}"
    );
    let listed = &json_of(&world, "list --json")[0];
    assert_eq!(listed["state"], "queued", "{listed}");
    assert_eq!(history(&world), [pair("queued", "watch")]);
    drop(held);
    assert_eq!(watching.until("ended")["created"], 2);
    assert_eq!(watching.signal("TERM"), Some(143));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_not_there_may_come_back_and_a_path_that_is_typed_wrong_does_not() {
    let (world, source) = spring(TWO).await;
    std::fs::remove_file(&source).expect("unmounted");
    for line in [["run", "Spring"], ["check", "Spring"]] {
        let (exit, _, err) = told(&segue(&world, &line));
        assert_eq!(exit, Some(5), "{line:?}: {err}");
    }
    let typed = format!("folder:{}", source.display());
    let line = ["edit", "Spring", "--source", &typed];
    let (exit, _, err) = told(&segue(&world, &line));
    assert_eq!(exit, Some(2), "{err}");
    assert!(err.contains("--source"), "{err}");
}

/// Waits for what another program does.
fn wait_for(done: impl Fn() -> bool) {
    for _ in 0..600 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it was not done in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_now_is_queued_and_told_in_the_readers_language() {
    let (world, source) = spring(TWO).await;
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    let found = doctor(&world);
    assert!(found.contains("segue watch is not running"), "{found}");
    let aside = world.folder.path().join("aside.csv");
    std::fs::rename(&source, &aside).expect("gone");
    let (exit, _, err) = told(&segue(&world, &["watch", "--once"]));
    assert_eq!(exit, Some(5), "a share may be mounted later: {err}");
    let listed = &json_of(&world, "list --json")[0];
    assert_eq!(
        (&listed["state"], &listed["stopped"]),
        (&"queued".into(), &Value::Null),
        "{listed}"
    );
    assert_eq!(listed["retry_at"], listed["next_run"]);
    assert!(listed["retry_at"].is_string(), "{listed}");
    assert!(listed["why"].is_string(), "{listed}");
    let scheduled = &json_of(&world, "schedule --json")[0];
    for key in ["next_run", "retry_at", "why"] {
        assert_eq!(scheduled[key], listed[key], "{key}: {scheduled}");
    }
    let (_, out, _) = told(&segue(&world, &["list"]));
    assert!(out.contains("will be tried again at"), "{out}");
    // Whoever reads it reads it in their language, whatever the watcher spoke.
    let why = |listed: &Value| listed["why"].as_str().unwrap_or_default().to_owned();
    assert!(why(listed).ends_with("does not exist."), "{listed}");
    let listed = &json_of(&world, "--lang sv list --json")[0];
    assert!(why(listed).ends_with("finns inte."), "{listed}");
    let told_of = &json_of(&world, "--lang sv history Spring --json")[0]["failure"];
    assert_eq!(told_of["what"].as_str(), listed["why"].as_str());
    assert!(told_of.get("in").is_none(), "{told_of}");
    // It is not time to try again yet.
    let (_, out, err) = told(&segue(&world, &["watch", "--once"]));
    assert!(out.contains("Nothing is due now"), "{out}");
    assert_eq!(err, "", "cron has no mail to send");
    assert_eq!(history(&world), [pair("failed", "once")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_good_stops_until_somebody_ran_it() {
    let (world, source) = spring(TWO).await;
    // A column that is gone comes back only if somebody sees to it.
    std::fs::write(&source, "mail,first\nanna@x.example,Anna\n").expect("another file");
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    let (exit, _, err) = told(&segue(&world, &["watch", "--once"]));
    assert_eq!(exit, Some(1), "{err}");
    assert!(err.contains("segue run Spring"), "{err}");
    let listed = &json_of(&world, "list --json")[0];
    assert_eq!(
        (&listed["state"], &listed["next_run"]),
        (&"failed".into(), &Value::Null),
        "{listed}"
    );
    assert!(listed["stopped"].is_string(), "{listed}");
    let (_, out, _) = told(&segue(&world, &["list"]));
    assert!(out.contains("stopped, until"), "{out}");
    let found = doctor(&world);
    assert!(
        found.contains("The schedule of Spring has stopped"),
        "{found}"
    );
    std::fs::write(&source, TWO).expect("back");
    let (_, _, err) = told(&segue(&world, &["watch", "--once"]));
    assert_eq!(history(&world).len(), 1, "{err}");
    // Some of the people show nothing of the rest.
    fine(&world, "run Spring --limit 1");
    let listed = &json_of(&world, "list --json")[0];
    assert!(listed["stopped"].is_string(), "{listed}");
    fine(&world, "run Spring");
    fine(&world, "watch --once");
    let listed = &json_of(&world, "list --json")[0];
    assert_eq!(listed["stopped"], Value::Null, "{listed}");
    assert!(listed["next_run"].is_string(), "{listed}");
    assert_eq!(history(&world).len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_with_a_source_that_fails_one_is_skipped_with_the_others_name() {
    let (world, source) = spring(TWO).await;
    fine(&world, "duplicate Spring Autumn --accept-privacy");
    let home = world.folder.path().join("home");
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    fine(&world, "schedule Autumn --daily 00:00 --tz UTC");
    std::fs::remove_file(home.join("schedules.toml")).expect("what was remembered");
    let file = File::options()
        .write(true)
        .open(home.join("destinations/autumn.toml"));
    let days = SystemTime::now() - Duration::from_hours(72);
    file.expect("file").set_modified(days).expect("set");
    std::fs::remove_file(&source).expect("gone");
    told(&segue(&world, &["watch", "--once"]));
    let skipped = &json_of(&world, "history Spring --json")[0];
    assert_eq!(
        (&skipped["state"], &skipped["skipped"]),
        (&"skipped".into(), &"Autumn".into())
    );
    let (_, out, _) = told(&segue(&world, &["history", "Spring"]));
    assert!(out.contains("Autumn"), "{out}");
    // It is the same one by another name.
    fine(&world, "rename Autumn Winter");
    let skipped = &json_of(&world, "history Spring --json")[0];
    assert_eq!(skipped["skipped"], "Winter", "{skipped}");
    let (_, out, _) = told(&segue(&world, &["list"]));
    assert!(out.contains("it waits for Winter, which failed"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cron_is_told_which_variable_it_does_not_have() {
    let (world, _) = spring(TWO).await;
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    let mut command = of(&world, &["watch", "--once"]);
    command.env_remove("SEGUE_MAILCHIMP_TOKEN");
    let (exit, _, err) = told(&given(command, ""));
    assert_eq!(exit, Some(4), "{err}");
    for part in [
        "SEGUE_MAILCHIMP_TOKEN is not set",
        "cron",
        "segue run Spring",
        "segue edit Spring --login",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_told_the_end_of_each_export_but_not_what_is_tried_again() {
    let (world, source) = spring(TWO).await;
    let home = world.folder.path().join("home");
    let got = home.join("got");
    let config = format!("on_finish = 'cat >> {}'\n", shown(&got));
    std::fs::write(home.join("config.toml"), config).expect("config");
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    fine(&world, "watch --once");
    let ended = std::fs::read_to_string(&got).expect("told");
    let ended: Value = serde_json::from_str(&ended).expect("JSON");
    assert_eq!(
        (&ended["event"], &ended["created"]),
        (&"ended".into(), &2.into())
    );
    assert_eq!(
        (&ended["destination"], &ended["started_by"]),
        (&"Spring".into(), &"once".into())
    );
    std::fs::remove_file(&got).expect("read");
    let away = world.folder.path().join("away.csv");
    std::fs::rename(&source, &away).expect("gone");
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    told(&segue(&world, &["watch", "--once"]));
    assert!(!got.exists(), "nobody is alarmed yet");
    // Of settings that cannot be read it is said that they cannot, and where.
    std::fs::rename(&away, &source).expect("back");
    std::fs::write(home.join("config.toml"), "on_finish = 5\n").expect("config");
    set_long_ago(&world, "--daily 00:00 --tz UTC");
    let (_, _, err) = told(&segue(&world, &["watch", "--once"]));
    for part in ["nobody was told of its end", "config.toml", "line 1"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert!(!err.contains("on_finish.log"), "{err}");
}

#[cfg(unix)]
fn shown(path: &Path) -> String {
    path.display().to_string()
}
