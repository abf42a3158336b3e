//! What a sign-in by a command asks for before it sends a person anywhere.

use std::process::{Command, Output};

use crate::support::command::given;

/// Runs a sign-in where there is no keyring, with a sign-in service that nobody answers at: whoever asks it ends with 5.
fn login(line: &[&str], input: &str) -> Output {
    let home = tempfile::tempdir().expect("folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command
        .args(["login", "insights", "--client-id", "c1", "--tenant", "t1"])
        .args(line)
        .env_clear()
        .env("SEGUE_HOME", home.path())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("SEGUE_ENTRA_AUTHORITY", "http://127.0.0.1:9/t1")
        .env("SEGUE_INSIGHTS_URL", "http://127.0.0.1:9/v1");
    given(command, input)
}

fn told(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), text)
}

#[test]
#[cfg(target_os = "linux")]
fn a_missing_keyring_is_told_before_anybody_signs_in() {
    let environment = ["--environment", "https://org.crm4.dynamics.com"];
    for way in [&["--device"][..], &[]] {
        let (exit, text) = told(&login(&[&environment[..], way].concat(), ""));
        assert_eq!(exit, Some(4), "{text}");
        assert!(text.contains("No keyring answers"), "{text}");
    }
}

#[test]
fn a_missing_or_broken_subscription_key_stops_before_anybody_signs_in() {
    let (exit, text) = told(&login(&["--instance", "i1"], ""));
    assert_eq!(exit, Some(2), "{text}");
    assert!(
        text.contains("--subscription-key-stdin") && text.contains("Permissions"),
        "{text}"
    );
    let flags = ["--instance", "i1", "--subscription-key-stdin"];
    for key in ["0123\n4567", "0123 4567"] {
        let (exit, text) = told(&login(&flags, key));
        assert_eq!(exit, Some(2), "{text}");
        assert!(
            text.contains("subscription key") && text.contains("line breaks"),
            "{text}"
        );
        assert!(!text.contains("4567"), "{text}");
    }
}
