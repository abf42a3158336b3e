//! Holds the sources to the order of the map in `src/lib.rs`: who may import whom, which crate lives where, what is pure.
//!
//! It reads text, not syntax trees: comments and string literals are blanked first, and so is what only tests compile.
//! Unit tests may use what they need; only their attributes are looked at.

#![expect(clippy::expect_used, reason = "helpers of tests may fail the test")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use code::{code, in_word, places, without_tests, words};

mod code;

/// Crates that stay home, and where that is. A star stands for any further letters.
const HOMES: [(&str, &[&str]); 11] = [
    ("ratatui*", &["ui"]),
    ("crossterm", &["ui"]),
    ("clap*", &["cli"]),
    ("axum*", &["sandbox", "login"]),
    ("keyring*", &["login"]),
    ("*_keyring_store", &["login"]),
    ("oauth2", &["login"]),
    ("reqwest", &["http", "login", "source", "deliver"]),
    ("rusqlite", &["store"]),
    ("fluent*", &["words"]),
    ("unic_langid", &["words"]),
];

/// Folders without I/O, clock and tokio.
const PURE: [&str; 2] = ["domain", "plan"];

/// What a pure folder must not name.
const IMPURE: [&str; 13] = [
    "tokio",
    "tokio_util",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::{",
    "Timestamp::now",
    "Zoned::now",
    "SystemTime::now",
    "Instant::now",
];

/// Folders that know less than their place in the list allows.
const STRANGERS: [(&str, &str); 1] = [("cli", "ui")];

/// The folder that imports none of the others, or it would confirm our mistakes.
const ALONE: &str = "sandbox";

/// The most lines of a file.
const LONGEST: usize = 500;

/// Reads the Rust files below a folder of the repository: the path under it, and the text.
fn sources(under: &str) -> Vec<(String, String)> {
    fn walk(top: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(top, &path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(top).expect("below the top");
                let name = name.to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("readable")));
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join(under);
    let mut found = Vec::new();
    walk(&top, &top, &mut found);
    found.sort();
    found
}

/// The folders in the order of the map.
fn map() -> Vec<String> {
    let sources = sources("src");
    let lib = sources.iter().find(|(path, _)| path == "lib.rs");
    let lines = lib.expect("a map").1.lines();
    lines
        .filter_map(|line| Some(line.strip_prefix("//! - [`")?.split_once('`')?.0.to_owned()))
        .collect()
}

/// Tells whether a file is a unit test's: only `#[cfg(test)] mod tests;` brings it in.
fn is_test(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "tests.rs")
}

/// What is wrong, and in which line.
type Leak = (usize, String);

fn leak(before: &str, what: impl Into<String>) -> Leak {
    (before.matches('\n').count() + 1, what.into())
}

fn first_word(text: &str) -> &str {
    text.split(|c| !in_word(c)).next().unwrap_or_default()
}

/// Finds folders that a file may not import, and imports that hide which folder they mean. `use` lines and paths in the
/// code count alike.
fn folder_leaks(order: &[String], path: &str, code: &str) -> Vec<Leak> {
    let folder = first_word(path);
    let place = |name: &str| order.iter().position(|other| other == name);
    let judge = |target: &str| match (place(target), place(folder)) {
        _ if target.is_empty() => Some("imports from `crate` without naming one folder".to_owned()),
        _ if target == folder => None,
        _ if folder == ALONE => Some(format!(
            "{ALONE} imports {target}, and may import no folder"
        )),
        _ if STRANGERS.contains(&(folder, target)) => Some(format!(
            "{folder} imports {target}, and the two shall not know each other"
        )),
        (Some(target), Some(own)) if target < own => None,
        (Some(_), Some(_)) => Some(format!(
            "{folder} imports {target}, which is below it in the map"
        )),
        _ => Some(format!(
            "{folder} imports {target}, and the map does not name both"
        )),
    };
    let mut leaks = Vec::new();
    for (before, after) in places(code, "crate") {
        let visibility = ["pub(", "pub(in "].iter().any(|v| before.ends_with(v));
        if !visibility {
            let target = after.strip_prefix("::").map_or("", first_word);
            leaks.extend(judge(target).map(|what| leak(before, what)));
        }
    }
    let depth = path.split('/').filter(|part| *part != "mod.rs").count();
    let out = vec!["super"; depth].join("::") + "::";
    let leaving = code
        .match_indices(&out)
        .filter(|(at, _)| !code[..*at].ends_with(in_word));
    leaks.extend(leaving.map(|(at, _)| leak(&code[..at], "leaves its folder by `super`")));
    leaks
}

fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

/// Finds crates used outside their folders.
fn crate_leaks(path: &str, code: &str) -> Vec<Leak> {
    let folder = first_word(path);
    let mut leaks = Vec::new();
    for (at, name) in words(code) {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let path_begins = after.starts_with("::") && !before.ends_with("::");
        let imported = before.ends_with("use ") || before.ends_with("extern crate ");
        let home = HOMES.iter().find(|(pattern, _)| fits(pattern, name));
        if let Some((_, folders)) = home
            && (path_begins || imported)
            && !folders.contains(&folder)
        {
            leaks.push(leak(
                before,
                format!("{name} is used outside {}", folders.join(", ")),
            ));
        }
    }
    leaks
}

/// Finds I/O, clocks and tokio in folders that shall be pure.
fn purity_leaks(path: &str, code: &str) -> Vec<Leak> {
    let folder = first_word(path);
    let names = IMPURE.iter().filter(|_| PURE.contains(&folder));
    names
        .flat_map(|name| {
            places(code, name)
                .into_iter()
                .map(move |place| (place.0, name))
        })
        .filter(|(before, name)| name.contains("::") || !before.ends_with("::"))
        .map(|(before, name)| leak(before, format!("{folder} is pure, and names {name}")))
        .collect()
}

/// Finds exceptions to lints that give no reason, in tests too.
fn lint_leaks(code: &str) -> Vec<Leak> {
    let mut leaks = Vec::new();
    for (at, _) in code.match_indices("#[").chain(code.match_indices("#![")) {
        let attribute = code[at..].split(']').next().unwrap_or_default();
        let has = |name| !places(attribute, name).is_empty();
        if has("allow") {
            leaks.push(leak(
                &code[..at],
                "allows; `#[expect(…, reason = …)]` says why",
            ));
        } else if has("expect") && !has("reason") {
            leaks.push(leak(&code[..at], "expects a lint without a reason"));
        }
    }
    leaks
}

/// The files that stand in no folder, and may use all of them.
const LOOSE: [&str; 3] = ["lib.rs", "main.rs", "program.rs"];

/// Finds all that is wrong with a file of `src/`.
fn leaks(order: &[String], path: &str, text: &str) -> Vec<Leak> {
    let whole = code(text);
    let mut leaks = lint_leaks(&whole);
    if is_test(path) {
        return leaks;
    }
    let code = without_tests(&whole);
    if !places(&code, "mod tests").is_empty() {
        leaks.push((1, "has tests that are not under #[cfg(test)]".to_owned()));
    }
    leaks.extend(crate_leaks(path, &code));
    leaks.extend(purity_leaks(path, &code));
    if !LOOSE.contains(&path) {
        leaks.extend(folder_leaks(order, path, &code));
    }
    leaks
}

/// Shows leaks as a compiler would.
fn show(under: &str, path: &str, leaks: &[Leak]) -> String {
    leaks.iter().fold(String::new(), |mut shown, (line, what)| {
        let _ = writeln!(shown, "{under}/{path}:{line}: {what}");
        shown
    })
}

#[test]
fn every_folder_imports_only_from_folders_above_it() {
    let order = map();
    let shown = |(path, text): &(String, String)| show("src", path, &leaks(&order, path, text));
    let found: String = sources("src").iter().map(shown).collect();
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn the_map_names_every_folder_once() {
    let mut named = map();
    let sources = sources("src");
    let mut folders: Vec<String> = sources
        .iter()
        .filter_map(|(path, _)| Some(path.split_once('/')?.0.to_owned()))
        .collect();
    folders.dedup();
    named.sort();
    assert_eq!(named, folders);
    let loose = sources.iter().filter(|(path, _)| !path.contains('/'));
    assert_eq!(loose.map(|(path, _)| path).collect::<Vec<_>>(), LOOSE);
}

#[test]
fn every_folder_says_first_what_it_does() {
    for (path, text) in sources("src") {
        let opens = path.ends_with("/mod.rs") || !path.contains('/');
        assert!(
            !opens || text.starts_with("//! "),
            "src/{path} opens with its doc comment"
        );
    }
}

#[test]
fn no_file_is_too_long() {
    for under in ["src", "tests"] {
        for (path, text) in sources(under) {
            let lines = text.lines().count();
            assert!(lines <= LONGEST, "{under}/{path} has {lines} lines");
        }
    }
}

#[test]
fn every_exception_in_a_test_gives_its_reason() {
    let shown = |(path, text): &(String, String)| show("tests", path, &lint_leaks(&code(text)));
    let found: String = sources("tests").iter().map(shown).collect();
    assert!(found.is_empty(), "\n{found}");
}

/// The checks themselves, on a map of this order.
const ORDER: [&str; 10] = [
    "domain", "http", "store", "login", "source", "plan", "deliver", "ui", "cli", "sandbox",
];

fn found(path: &str, text: &str) -> Vec<Leak> {
    leaks(&ORDER.map(str::to_owned), path, text)
}

#[test]
fn a_leak_is_found() {
    for (path, text) in [
        ("http/client.rs", "use crate::store::Home;"),
        ("http/client.rs", "fn f() { crate::store::open() }"),
        ("http/client.rs", "pub use crate::store::Home;"),
        ("http/client.rs", "use super::super::store::Home;"),
        ("http/mod.rs", "use super::store::Home;"),
        ("source/folder/mod.rs", "use super::super::plan;"),
        ("store/home.rs", "use crate::{domain, http};"),
        ("store/home.rs", "use crate::*;"),
        ("store/home.rs", "use crate as all;"),
        ("store/home.rs", "use crate::other::Thing;"),
        ("other/home.rs", "use crate::domain::Email;"),
        ("cli/run.rs", "use crate::ui::Theme;"),
        ("ui/app.rs", "use crate::cli::Args;"),
        ("sandbox/mod.rs", "use crate::domain::Email;"),
        ("domain/email.rs", "use crate::plan::decide;"),
        ("cli/run.rs", "use ratatui::Frame;"),
        ("cli/run.rs", "use crossterm::event;"),
        ("program.rs", "use clap::Parser;"),
        ("ui/app.rs", "#[derive(clap::Parser)] struct A;"),
        ("deliver/worker.rs", "use axum::Router;"),
        ("store/home.rs", "keyring_core::Entry::new()"),
        ("store/home.rs", "use apple_native_keyring_store as keys;"),
        ("http/client.rs", "use oauth2::Scope;"),
        ("cli/run.rs", "let a = reqwest::get(b);"),
        ("cli/run.rs", "use rusqlite;"),
        ("cli/run.rs", "use fluent_bundle::FluentArgs;"),
        ("domain/email.rs", "async fn f() { tokio::spawn(g()) }"),
        ("plan/decide.rs", "use std::fs;"),
        ("plan/decide.rs", "use std::{env, fs};"),
        ("plan/decide.rs", "std::net::lookup()"),
        ("domain/agreement.rs", "let now = Timestamp::now();"),
        ("domain/agreement.rs", "let now = jiff::Timestamp::now();"),
        ("plan/decide.rs", "std::time::Instant::now()"),
        ("plan/decide.rs", "SystemTime::now()"),
        ("plan/decide.rs", "mod tests { }"),
        ("plan/decide.rs", "#[allow(dead_code)] fn f() {}"),
        ("plan/decide.rs", "#![allow(dead_code)]"),
        ("plan/decide.rs", "#[cfg_attr(unix, allow(dead_code))]"),
        ("plan/decide.rs", "#[expect(dead_code)] fn f() {}"),
        (
            "plan/tests.rs",
            "#[allow(dead_code, reason = \"x\")] fn f() {}",
        ),
    ] {
        assert_eq!(
            found(path, text).len(),
            1,
            "{path}: {text}: {:?}",
            found(path, text)
        );
    }
}

#[test]
fn what_is_allowed_is_no_leak() {
    for (path, text) in [
        (
            "store/home.rs",
            "use crate::domain::{AudienceId, slug};\nuse crate::http::Endpoint;",
        ),
        (
            "store/home.rs",
            "pub(crate) fn f() {} pub(in crate::store) fn g() {}",
        ),
        (
            "store/plan/mod.rs",
            "use super::Error; pub(super) fn f() {}",
        ),
        (
            "store/plan/read.rs",
            "use super::super::Error; use crate::store::Home;",
        ),
        (
            "store/home.rs",
            "// use crate::ui::App;\nlet a = \"crate::ui\";",
        ),
        (
            "store/home.rs",
            "let crates = my_crate::x; let a = b.oauth2; let tokio = 1;",
        ),
        (
            "store/home.rs",
            "use rusqlite::Row; tokio::spawn(f()); std::fs::read(p)",
        ),
        ("cli/run.rs", "use crate::deliver::reqwest::Thing;"),
        ("program.rs", "use crate::{cli, sandbox};"),
        (
            "domain/email.rs",
            "use std::time::Duration;\n#[cfg(test)]\nmod tests { use tokio::test; use crate::ui::App; }",
        ),
        (
            "domain/tests.rs",
            "use tokio::test; use crate::sandbox::Sandbox;",
        ),
        (
            "plan/decide.rs",
            "#[expect(dead_code, reason = \"x\")] fn f() { a.expect(b) }",
        ),
    ] {
        assert_eq!(found(path, text), [], "{path}: {text}");
    }
}

#[test]
fn a_leak_is_shown_with_its_line() {
    let text = "//! Opens.\n\nuse crate::ui::App;\n";
    let shown = show("src", "store/home.rs", &found("store/home.rs", text));
    assert_eq!(
        shown,
        "src/store/home.rs:3: store imports ui, which is below it in the map\n"
    );
}
