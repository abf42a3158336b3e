//! The text files and the program agree: nothing is missing, nothing is unused, and both languages say the same.

#![expect(clippy::expect_used, reason = "helpers of tests may fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use segue::words::{Lang, Words};

/// Keys that `cli` puts together from the names of commands and arguments, of what the manual lists, or from the kind of
/// a usage error. Tests of that folder hold them to what there is.
const BY_CONVENTION: [&str; 3] = ["cli-", "man-", "usage-"];

/// The keys of a language with what their texts say, variables and references included.
type Texts = BTreeMap<String, String>;

fn files(under: &str, ending: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(under),
        ending,
        &mut found,
    );
    found.sort();
    found
}

fn locale(lang: Lang) -> Vec<PathBuf> {
    files(&format!("assets/locales/{lang}"), "ftl")
}

/// Reads the keys of a file: a line that starts with a letter begins a text, which goes on while lines are indented.
fn texts(lang: Lang) -> Texts {
    let mut texts = Texts::new();
    for file in locale(lang) {
        let mut current: Option<String> = None;
        for line in fs::read_to_string(&file).expect("readable").lines() {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (key, rest) = line.split_once('=').expect("a key");
                let key = key.trim().to_owned();
                let before = texts.insert(key.clone(), rest.to_owned());
                assert!(before.is_none(), "{key} is there twice in {lang}");
                current = Some(key);
            } else if line.starts_with('#') {
                current = None;
            } else if let Some(key) = &current {
                let text = texts.get_mut(key).expect("begun");
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    texts
}

/// Lists what stands right after each occurrence of a mark, as far as it looks like a key or a variable.
fn names_after(text: &str, mark: &str) -> BTreeSet<String> {
    text.split(mark)
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
            rest[..end.unwrap_or(rest.len())].to_owned()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// Lists the variables that a call has to give; `$saved` is given to every text.
fn wanted(text: &str) -> BTreeSet<String> {
    let mut names = names_after(text, "$");
    names.remove("saved");
    names
}

/// Lists the first names of the tuples `("name", …)` in a call's arguments; a bracket after a word is another call.
fn variables_given(args: &str) -> BTreeSet<String> {
    let tuple = |at: usize| {
        !args[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '!')
    };
    args.match_indices("(\"")
        .filter(|(at, _)| tuple(*at))
        .filter_map(|(at, mark)| args[at + mark.len()..].split('"').next())
        .map(str::to_owned)
        .collect()
}

/// The program's sources without their unit tests.
fn sources() -> Vec<(PathBuf, String)> {
    files("src", "rs")
        .into_iter()
        // The sandbox speaks to programs, and knows no words.
        .filter(|path| !path.ancestors().any(|folder| folder.ends_with("sandbox")))
        .map(|path| {
            let source = fs::read_to_string(&path).expect("readable");
            let tests = source.find("#[cfg(test)]").unwrap_or(source.len());
            let code = source[..tests].to_owned();
            (path, code)
        })
        .collect()
}

/// The calls `.method("key"…)` of a source: the key, and what follows it up to the call's closing bracket.
fn calls<'a>(code: &'a str, method: &str) -> Vec<(&'a str, &'a str)> {
    let start = format!(".{method}(");
    let literal = |rest: &'a str| -> Option<(&'a str, &'a str)> {
        let (key, rest) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        })?;
        Some((key, &rest[..end]))
    };
    code.split(start.as_str())
        .skip(1)
        .filter_map(literal)
        .collect()
}

#[test]
fn every_text_file_is_well_formed_and_embedded() {
    for lang in Lang::ALL {
        for file in locale(lang) {
            let text = fs::read_to_string(&file).expect("readable");
            if let Err((_, errors)) = FluentResource::try_new(text) {
                panic!("{}: {errors:?}", file.display());
            }
        }
        let words = Words::new(lang);
        for key in texts(lang).keys() {
            assert!(words.has(key), "{key} does not reach the program in {lang}");
        }
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let [en, sv] = Lang::ALL.map(texts);
    let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&en), keys(&sv));
    for (key, text) in &en {
        let variables = [text, &sv[key]].map(|text| names_after(text, "$"));
        assert_eq!(variables[0], variables[1], "{key}");
    }
}

#[test]
fn every_text_can_be_shown_with_its_variables() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        for (key, text) in texts(lang) {
            let names = names_after(&text, "$");
            let args: Vec<_> = names
                .iter()
                .map(|name| (name.as_str(), "x".into()))
                .collect();
            let shown = words.with(&key, &args);
            assert!(!shown.trim().is_empty(), "{key} is empty in {lang}");
            assert!(
                !shown.contains(['{', '\u{2068}']),
                "{key} in {lang}: {shown}"
            );
        }
    }
}

/// Words for several that no text may put behind a 1, by language.
const SEVERAL: [(Lang, &[&str]); 2] = [
    (
        Lang::En,
        &[
            "profiles",
            "contacts",
            "members",
            "segments",
            "rows",
            "calls",
            "values",
            "people",
            "destinations",
            "files",
            "fields",
            "tags",
            "columns",
            "schedules",
            "times",
            "memberships",
            "campaigns",
            "logins",
            "cells",
            "lines",
        ],
    ),
    (
        Lang::Sv,
        &[
            "profiler",
            "kontakter",
            "medlemmar",
            "rader",
            "värden",
            "personer",
            "filer",
            "taggar",
            "kolumner",
            "scheman",
            "gånger",
            "kampanjer",
            "inloggningar",
            "celler",
            "skapade",
            "uppdaterade",
            "oförändrade",
            "undantagna",
            "avvisade",
            "sammanslagna",
            "arkiverade",
            "återställda",
            "lämnade",
            "valda",
            "olika",
        ],
    ),
];

/// Texts that are only ever about several.
const ONLY_SEVERAL: [&str; 7] = [
    "ask-schedules",
    "error-deliver-many-recreated",
    "error-guard-removals",
    "error-source-too-many-segments",
    "schedule-bad-times",
    "warning-many-segments",
    "warning-many-values",
];

#[test]
fn no_text_speaks_of_one_as_of_several() {
    let mut wrong = Vec::new();
    for (lang, several) in SEVERAL {
        let words = Words::new(lang);
        let all = texts(lang).into_iter();
        for (key, text) in all.filter(|(key, _)| !ONLY_SEVERAL.contains(&key.as_str())) {
            let names = names_after(&text, "$");
            let args: Vec<_> = names
                .iter()
                .map(|name| (name.as_str(), 1_u64.into()))
                .collect();
            let shown = words.with(&key, &args);
            let told: Vec<&str> = shown.split_whitespace().collect();
            let word = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            // What stands behind a full stop or a comma is not counted by the number before it.
            let mut pairs = told.windows(2).filter(|pair| pair[0].ends_with('1'));
            if pairs.any(|pair| word(pair[0]) == "1" && several.contains(&word(pair[1]).as_str())) {
                wrong.push(format!("{key}: {shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_text_is_used() {
    let sources = sources();
    let quoted: BTreeSet<&str> = sources
        .iter()
        .flat_map(|(_, code)| code.split('"'))
        .collect();
    for lang in Lang::ALL {
        let texts = texts(lang);
        let referred: BTreeSet<String> =
            texts.values().flat_map(|t| names_after(t, "{ ")).collect();
        let unused: Vec<&String> = texts
            .keys()
            .filter(|key| !BY_CONVENTION.iter().any(|start| key.starts_with(start)))
            .filter(|key| !quoted.contains(key.as_str()) && !referred.contains(*key))
            .collect();
        assert!(unused.is_empty(), "unused in {lang}: {unused:?}");
    }
}

#[test]
fn every_text_asked_for_exists_and_gets_its_variables() {
    let texts = texts(Lang::En);
    let mut seen = 0;
    for (path, code) in sources() {
        let at = path.display();
        for (key, _) in calls(&code, "text") {
            let text = texts.get(key);
            let text = text.unwrap_or_else(|| panic!("{at}: there is no text {key}"));
            assert_eq!(wanted(text), BTreeSet::new(), "{at}: {key} wants variables");
            seen += 1;
        }
        let explained = calls(&code, "explained");
        for (key, args) in calls(&code, "with").into_iter().chain(explained) {
            let text = texts.get(key);
            let text = text.unwrap_or_else(|| panic!("{at}: there is no text {key}"));
            if args.contains("&[") {
                let given = variables_given(args);
                assert_eq!(given, wanted(text), "{at}: {key}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 20, "the calls are found in the sources: {seen}");
}

#[test]
fn every_key_named_in_words_exists() {
    let texts = texts(Lang::En);
    let like_a_key = |text: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c == '-';
        text.trim_matches('-').contains('-') && text.chars().all(fits)
    };
    for (path, code) in sources() {
        if !path.ancestors().any(|folder| folder.ends_with("src/words")) {
            continue;
        }
        for key in code.split('"').filter(|text| like_a_key(text)) {
            assert!(texts.contains_key(key), "{}: {key}", path.display());
        }
    }
}
