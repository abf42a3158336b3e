//! Every failure is explained in both languages: one snapshot over every variant. `SEGUE_BLESS=1` writes it anew.

#![expect(clippy::expect_used, reason = "helpers of tests may fail the test")]

mod failures;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use segue::words::{Explanation, Lang, Next, Words};

use failures::{Failure, all};

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The variants of a public enum, as its source lists them.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let source = fs::read_to_string(root(file)).expect("readable");
    let start = source
        .find(&format!("pub enum {name} {{"))
        .expect("the enum");
    source[start..]
        .lines()
        .skip(1)
        .take_while(|line| *line != "}")
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| {
            let end = line.find(|c: char| !c.is_ascii_alphanumeric());
            line[..end.unwrap_or(line.len())].to_owned()
        })
        .collect()
}

/// Takes the number out of the runtime's own words, as it differs from run to run.
fn without_task_number(text: &str) -> String {
    let Some((before, rest)) = text.split_once(": task ") else {
        return text.to_owned();
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}: task N{rest}")
}

/// Checks what holds for every explanation.
fn check(failure: &Failure, told: &Explanation, shown: &str) {
    let name = failure.name();
    assert!(!told.what.is_empty() && !told.why.is_empty(), "{name}");
    assert!(!told.next.is_empty(), "{name} has no next step");
    let marks = [
        "[error", "[doing", "[warning", "[step", "[date", "{", "Secret(",
    ];
    for mark in marks {
        assert!(!shown.contains(mark), "{name}: {shown}");
    }
    assert!(!told.what.contains('\n'), "{name}: {shown}");
    for next in &told.next {
        let (Next::Run(line) | Next::Say(line)) = next;
        assert!(!line.trim().is_empty(), "{name}: {shown}");
    }
}

#[test]
fn every_failure_is_explained_as_before() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let mut text = String::new();
        for failure in all() {
            let told = failure.what.explain(&words);
            let shown = without_task_number(&told.render(&words));
            check(&failure, &told, &shown);
            write!(text, "== {}\n{shown}\n", failure.name()).expect("a string");
        }
        let path = root(&format!("tests/program/snapshots/explain-{lang}.txt"));
        if std::env::var_os("SEGUE_BLESS").is_some() {
            fs::write(&path, &text).expect("writable");
        }
        let before = fs::read_to_string(&path).unwrap_or_default();
        for (now, before) in text.split("== ").zip(before.split("== ")) {
            assert_eq!(now, before, "SEGUE_BLESS=1 accepts it");
        }
        assert_eq!(text.len(), before.len(), "SEGUE_BLESS=1 accepts it");
    }
}

#[test]
fn no_variant_is_left_out_of_the_snapshot() {
    for (folder, file, name) in [
        ("http", "src/http/client.rs", "ClientError"),
        ("http", "src/http/endpoint.rs", "BadEndpoint"),
        ("store", "src/store/error.rs", "Error"),
        ("source", "src/source/error.rs", "Error"),
        ("source", "src/source/sql/error.rs", "SqlError"),
        ("login", "src/login/error.rs", "Error"),
        ("login", "src/login/entra/error.rs", "EntraError"),
        ("login", "src/login/entra/refusal.rs", "RefusalKind"),
        ("plan", "src/plan/rules.rs", "Unmet"),
        ("deliver", "src/deliver/error.rs", "Error"),
        ("export", "src/export/error.rs", "Error"),
        ("export", "src/export/error.rs", "Guard"),
        ("export", "src/export/undo/mod.rs", "NoUndo"),
        ("export", "src/export/check.rs", "Warning"),
    ] {
        let of = format!("{folder}::{name}");
        let told: BTreeSet<String> = all()
            .iter()
            .filter(|failure| failure.of == of)
            .map(Failure::variant)
            .collect();
        assert_eq!(told, variants(file, name), "{of}");
    }
}

#[test]
fn both_languages_offer_the_same_steps() {
    let [en, sv] = Lang::ALL.map(Words::new);
    for failure in all() {
        let [en, sv] = [&en, &sv].map(|words| failure.what.explain(words).next);
        assert_eq!(en.len(), sv.len(), "{}", failure.name());
        for pair in en.iter().zip(&sv) {
            match pair {
                (Next::Run(en), Next::Run(sv)) => assert_eq!(en, sv),
                (Next::Say(en), Next::Say(sv)) => {
                    assert_ne!(en, sv, "{}", failure.name());
                    assert_eq!(flags(en), flags(sv), "{}", failure.name());
                }
                _ => panic!("{}: {pair:?}", failure.name()),
            }
        }
    }
}

/// A line that is printed to be copied is a command that this program has, with flags that it knows, and lacks nothing
/// that it could not do without.
#[test]
fn every_line_to_run_runs_as_it_stands() {
    let words = Words::new(Lang::En);
    let lines: BTreeSet<String> = all()
        .iter()
        .flat_map(|failure| failure.what.explain(&words).next)
        .filter_map(|next| match next {
            Next::Run(line) => line.strip_prefix("segue ").map(str::to_owned),
            Next::Say(_) => None,
        })
        .collect();
    assert!(lines.len() > 3, "{lines:?}");
    let enough = ["--help", "--api-key-stdin", "--complete", "insights --as"];
    for line in lines {
        assert!(
            !line.starts_with("login ") || enough.iter().any(|flag| line.contains(flag)),
            "something is missing that is asked for: {line}"
        );
        // A shell takes the line apart, as it would where it is copied to.
        let told = std::process::Command::new("sh")
            .args(["-c", &format!("\"$0\" {line} --help")])
            .arg(env!("CARGO_BIN_EXE_segue"))
            .output()
            .expect("the program");
        assert!(told.status.success(), "{line}: {told:?}");
    }
}

fn flags(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .filter(|word| word.starts_with("--") || word.starts_with("SEGUE_"))
        .collect()
}

/// Names of calls are for the log; people read them in their language.
#[test]
fn every_call_to_mailchimp_has_a_text() {
    let words = Words::new(Lang::Sv);
    let mut seen = 0;
    let folder = fs::read_dir(root("src/deliver")).expect("readable");
    let mut files: Vec<_> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    files.push(root("src/export/compare.rs"));
    for file in files {
        let code = fs::read_to_string(file).expect("readable");
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = code.lines().map(str::trim).collect();
        for mark in ["what: \"", "what = \"", "Call::get(\"", ".send(\""] {
            for call in code.split(mark).skip(1) {
                let call = call.split('"').next().unwrap_or_default().to_owned();
                let what: &'static str = Box::leak(call.into_boxed_str());
                let told = failures::not_found(what).what.explain(&words);
                assert!(!told.what.contains(what), "{what} has no Swedish text");
                seen += 1;
            }
        }
    }
    assert!(seen >= 13, "the calls are found in the sources: {seen}");
}

#[test]
fn a_warning_is_said_in_one_line() {
    let words = Words::new(Lang::En);
    let said = words.warning(&segue::export::Warning::RepeatedIds {
        count: 1,
        examples: vec!["7 (people.csv:3)".to_owned()],
    });
    assert_eq!(
        said,
        "One row was left out because its ID was in the same file before (7 (people.csv:3)). The first row of an ID counts."
    );
}
