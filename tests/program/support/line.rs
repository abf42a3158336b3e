//! The program as it is typed: one command line to its end.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command line for a home, in an environment that holds nothing else.
pub fn command(home: &Path, line: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command
        .arg("--home")
        .arg(home)
        .args(line)
        .env_clear()
        .env("HOME", home);
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

/// Runs a command line for a home.
pub fn segue(home: &Path, line: &[&str], input: &str) -> Output {
    given(command(home, line), input)
}

/// The exit code, stdout and stderr.
pub fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), out, err)
}
