//! Commands as they are typed.

use std::process::{Command, Output, Stdio};

use serde_json::json;

use super::World;

/// Runs a command over the world's home and its sandbox.
pub fn segue(world: &World, line: &[&str]) -> Output {
    let home = world.folder.path().join("home");
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command
        .args(line)
        .env_clear()
        .env("SEGUE_HOME", &home)
        .env("HOME", &home)
        .env("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api"))
        .env("SEGUE_MAILCHIMP_TOKEN", world.ready("mailchimp_api_key"))
        .stdin(Stdio::null());
    command.output().expect("ended")
}

/// Its exit code, its data and its talk.
pub fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), out, err)
}

/// A destination, saved as Spring, with a run that created one contact and updated another.
pub async fn saved() -> World {
    let held = json!({
        "email_address": "anna@x.example", "status": "subscribed", "merge_fields": {"FNAME": "Anna"}, "tags": [],
    });
    let world = World::new(&[held], &[]).await;
    let rows = "email,first\nanna@x.example,Annika\nbo@x.example,Bo\n";
    let source = world.file("people.csv", rows);
    let source = format!("folder:{}", source.display());
    let audience = world.audience().to_string();
    let add = [
        "add",
        "--name",
        "Spring",
        "--accept-privacy",
        "--audience",
        &audience,
        "--source",
        &source,
        "--map",
        "email=email",
        "--map",
        "FNAME=first",
        "--all-segments",
        "--status-if-new",
        "subscribed",
    ];
    let (exit, out, err) = told(&segue(&world, &add));
    assert_eq!(exit, Some(0), "{out}{err}");
    let (exit, out, err) = told(&segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(0), "{out}{err}");
    world
}
