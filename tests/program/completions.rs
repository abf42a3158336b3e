//! Completion in the shells that are there, by the scripts that the program prints.

use std::path::{Path, PathBuf};
use std::process::Command;

use segue::store::{Destinations, Home};

use crate::support::command::{at, given as run, told};

/// A home with a saved destination whose name has to be quoted, and the folder of the program.
fn given(folder: &Path) -> (PathBuf, PathBuf) {
    let home = folder.join("home");
    let text = "name = \"It's a club\"\nlogin = 'a'\naudience = 'aaa'\nsource = 'folder:/x'\n\
                status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n\
                [[segments]]\nid = 'all-profiles'\nlabel = 'all'\n[map]\nemail = 'email'\n";
    let destination = toml::from_str(text).expect("destination");
    let saved = Destinations::of(&Home::at(&home)).save(destination, None);
    saved.expect("saved");
    let program = Path::new(env!("CARGO_BIN_EXE_segue"));
    let bin = program.parent().expect("a folder").to_owned();
    (home, bin)
}

/// Has a shell do something, if it is there.
fn shell(name: &str, (home, bin): &(PathBuf, PathBuf), line: &str) -> Option<String> {
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let mut shell = Command::new(name);
    let shell = shell.args(["-c", line]).env_clear();
    let shell = shell
        .env("PATH", path)
        .env("SEGUE_HOME", home)
        .env("HOME", home);
    let Ok(done) = shell.output() else {
        eprintln!("skipped: {name} is not there");
        return None;
    };
    let (_, out, err) = told(&done);
    assert_eq!(err, "", "{out}");
    Some(out)
}

#[test]
fn bash_offers_saved_names_and_quotes_them() {
    let folder = tempfile::tempdir().expect("folder");
    let given = given(folder.path());
    let asked = "source <(segue completions bash); complete -p segue; \
                 COMP_WORDS=(segue run it); COMP_CWORD=2; COMP_TYPE=9; \
                 compopt() { :; }; _clap_complete_segue segue it run; echo \"${COMPREPLY[@]}\"";
    let Some(out) = shell("bash", &given, asked) else {
        return;
    };
    assert!(out.contains("-o filenames"), "{out}");
    assert_eq!(out.lines().last(), Some("It's a club"), "{out}");
}

#[test]
fn fish_offers_saved_names() {
    let folder = tempfile::tempdir().expect("folder");
    let given = given(folder.path());
    let asked = "segue completions fish | source; complete -C 'segue run it'";
    if let Some(out) = shell("fish", &given, asked) {
        assert_eq!(out, "It's a club\n");
    }
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    let folder = tempfile::tempdir().expect("folder");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (exit, out, err) = told(&run(at(folder.path(), &["completions", shell]), ""));
        assert_eq!((exit, err.as_str()), (Some(0), ""), "{shell}");
        assert!(out.contains("SEGUE_COMPLETE"), "{shell}: {out}");
    }
    let (exit, _, err) = told(&run(at(folder.path(), &["completions", "tcsh"]), ""));
    assert!(exit == Some(2) && err.contains("bash, elvish"), "{err}");
}
