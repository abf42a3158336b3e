//! The user's command that is run when an export has ended: it gets the end as JSON, and has its own time limit and log.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::domain::Worded;
use crate::export::Report;
use crate::store::{Error as StoreError, Home, finish_log};

/// How the names of variables end that hold secrets of ours: no other program needs them (rule 5).
const SECRET: [&str; 4] = ["_TOKEN", "_KEY", "_SECRET", "_PASSWORD"];

/// Why the command was of no use.
#[derive(Debug)]
pub enum Unfinished {
    /// What is set cannot be read, so that nobody knows which command it is.
    Unknown(StoreError),
    /// It did not begin.
    NotBegun(StoreError),
    /// The shell that reads it could not be had, or was lost.
    Shell(std::io::Error),
    /// It ended with this instead of 0, as the system says it.
    Failed(ExitStatus),
    /// It took longer than it may, and was ended.
    Late(Duration),
}

/// A command that is to be run.
pub(super) struct Finish {
    pub line: String,
    pub limit: Duration,
    pub destination: String,
    /// What stands on its standard input.
    pub ended: Value,
}

/// What a command gets: the end of the run as `run --json` prints it, and what the history says of it.
pub(super) fn ended(name: &str, report: &Report, stopped: bool) -> Value {
    let mut told = json!({
        "event": "ended",
        "destination": name,
        "run": report.run,
        "state": report.state(),
        "started_at": report.started_at,
        "ended_at": report.ended_at,
        "started_by": report.started_by,
        "skipped": report.skipped,
        "failure": report.failure.as_ref().map(Worded::own),
        "schedule_stopped": stopped,
    });
    let ended = serde_json::to_value(&report.ended).unwrap_or_default();
    if let (Some(told), Value::Object(ended)) = (told.as_object_mut(), ended) {
        told.extend(ended);
    }
    told
}

impl Finish {
    /// Runs it to its end, or to the end of its time; tells what went wrong.
    pub async fn run(self, home: &Home) -> Result<(), Unfinished> {
        let log = finish_log(home).map_err(Unfinished::NotBegun)?;
        let unwritten = |source| {
            let path = home.finish_log();
            Unfinished::NotBegun(StoreError::Write { path, source })
        };
        let head = format!("{} {}\n", Timestamp::now(), self.destination);
        let mut heading = &log;
        std::io::Write::write_all(&mut heading, head.as_bytes()).map_err(unwritten)?;
        let errors = log.try_clone().map_err(unwritten)?;
        let mut command = shell(&self.line);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("SEGUE_") && SECRET.iter().any(|end| text.contains(end)) {
                command.env_remove(&name);
            }
        }
        let text = |key: &str| self.ended[key].as_str().unwrap_or_default().to_owned();
        command
            .env("SEGUE_DESTINATION", &self.destination)
            .env("SEGUE_STATE", text("state"))
            .env("SEGUE_OUTCOME", text("outcome"))
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors);
        let mut group = Group::of(command.spawn().map_err(Unfinished::Shell)?);
        let ran = timeout(self.limit, fed(&mut group.child, &self.ended)).await;
        match ran {
            Ok(Ok(status)) => {
                // What it left behind to go on by itself is the user's own doing.
                group.is_over = true;
                status
                    .success()
                    .then_some(())
                    .ok_or(Unfinished::Failed(status))
            }
            Ok(Err(why)) => Err(Unfinished::Shell(why)),
            Err(_late) => Err(Unfinished::Late(self.limit)),
        }
    }
}

/// A command with all that it began. Whoever lets go of it before its end ends it: its time was up, or the watcher was told
/// twice to stop.
struct Group {
    child: Child,
    is_over: bool,
}

impl Group {
    fn of(child: Child) -> Self {
        Self {
            child,
            is_over: false,
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = self.child.id().and_then(|id| i32::try_from(id).ok())
            && let Some(group) = rustix::process::Pid::from_raw(group)
        {
            let _gone = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _gone = self.child.start_kill();
    }
}

async fn fed(child: &mut Child, ended: &Value) -> std::io::Result<ExitStatus> {
    if let Some(mut stdin) = child.stdin.take() {
        // Who does not read it has no need of it.
        let _unread = stdin.write_all(format!("{ended}\n").as_bytes()).await;
    }
    child.wait().await
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    // A group of its own: Ctrl-C at the watcher is not meant for it.
    command.arg("-c").arg(line).process_group(0);
    command
}

#[cfg(not(unix))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.arg("/C").arg(line);
    command
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::{Finish, Unfinished};
    use crate::store::Home;

    fn finish(line: &str) -> Finish {
        Finish {
            line: line.to_owned(),
            limit: Duration::from_secs(20),
            destination: "Våren".to_owned(),
            ended: json!({"event": "ended", "state": "successful", "outcome": "done"}),
        }
    }

    #[tokio::test]
    async fn a_command_gets_the_end_as_json_and_its_output_is_kept() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let line = "cat; echo \"$SEGUE_DESTINATION $SEGUE_STATE $SEGUE_OUTCOME\" >&2";
        finish(line).run(&home).await.expect("well");
        let log = std::fs::read_to_string(home.finish_log()).expect("log");
        assert!(log.contains(r#"{"event":"ended""#), "{log}");
        assert!(log.ends_with("Våren successful done\n"), "{log}");
        // One that reads nothing is none the worse for it.
        finish("true").run(&home).await.expect("well");
    }

    #[tokio::test]
    async fn a_command_that_fails_or_takes_too_long_is_told_and_ended_with_its_children() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let why = finish("exit 3").run(&home).await.expect_err("failed");
        assert!(matches!(why, Unfinished::Failed(status) if status.code() == Some(3)));
        let mark = folder.path().join("mark");
        let slow = Finish {
            limit: Duration::from_millis(200),
            ..finish(&format!("(sleep 600; touch {}) & wait", mark.display()))
        };
        let began = std::time::Instant::now();
        let why = slow.run(&home).await.expect_err("too slow");
        assert!(matches!(why, Unfinished::Late(_)), "{why:?}");
        assert!(began.elapsed() < Duration::from_secs(10) && !mark.exists());
    }
}
