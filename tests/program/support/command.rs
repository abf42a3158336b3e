//! Commands as they are typed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::json;

use super::World;

/// Runs a command over the world's home and its sandbox.
pub fn segue(world: &World, line: &[&str]) -> Output {
    given(of(world, line), "")
}

/// A command over the world's home and its sandbox.
pub fn of(world: &World, line: &[&str]) -> Command {
    let home = world.folder.path().join("home");
    let api = world.between.as_deref();
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command
        .args(line)
        .env_clear()
        .env("SEGUE_HOME", &home)
        .env("HOME", &home)
        .env(
            "SEGUE_MAILCHIMP_API_URL",
            api.unwrap_or(world.ready("mailchimp_api")),
        )
        .env("SEGUE_MAILCHIMP_TOKEN", world.ready("mailchimp_api_key"));
    command
}

/// A command over a home alone.
pub fn at(home: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command.arg("--home").arg(home).args(line).env_clear();
    command.env("HOME", home);
    command
}

/// Runs a command with this on standard input.
pub fn given(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = command.spawn().expect("started");
    let mut stdin = running.stdin.take().expect("stdin");
    // Whoever does not read it has ended already.
    let _unread = stdin.write_all(input.as_bytes());
    drop(stdin);
    running.wait_with_output().expect("ended")
}

/// Its exit code, its data and its talk.
pub fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), out, err)
}

/// Saves a destination called Spring from files, mapped from `email` and `first`, with more flags.
pub fn add(world: &World, files: &Path, more: &[&str]) {
    let (exit, out, err) = try_add(world, files, more);
    assert_eq!(exit, Some(0), "{out}{err}");
}

/// As [`add`], whatever comes of it.
pub fn try_add(world: &World, files: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let source = format!("folder:{}", files.display());
    let audience = world.audience().to_string();
    let line = "add --name Spring --accept-privacy --map email=email --map FNAME=first --status-if-new subscribed";
    let line: Vec<&str> = line
        .split(' ')
        .chain(["--audience", &audience, "--source", &source])
        .chain(more.iter().copied())
        .collect();
    told(&segue(world, &line))
}

/// A destination, saved as Spring, with a run that created one contact and updated another.
pub async fn saved() -> World {
    let held = json!({
        "email_address": "anna@x.example", "status": "subscribed", "merge_fields": {"FNAME": "Anna"}, "tags": [],
    });
    let world = World::new(&[held], &[]).await;
    let rows = "email,first\nanna@x.example,Annika\nbo@x.example,Bo\n";
    let source = world.file("people.csv", rows);
    add(&world, &source, &["--all-segments"]);
    let (exit, out, err) = told(&segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    world
}
