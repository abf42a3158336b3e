//! Tells in the user's language what is wrong with a command line.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::closed_list;
use super::context::Failure;
use super::localise;
use super::out::{print, say};
use crate::words::{Explanation, Next, Words, nearest};

/// Shows help and version on stdout (exit 0), anything else as an error on stderr (exit 2).
pub(super) fn tell(error: &clap::Error, line: &[OsString], words: &Words) -> u8 {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        print(&error.render().to_string());
        return 0;
    }
    say(&explain(error, line, words).render(words));
    2
}

fn explain(error: &clap::Error, line: &[OsString], words: &Words) -> Explanation {
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let suggested = suggested.into_iter().map(|kind| part(error, kind));
    let meant = suggested
        .into_iter()
        .find(|text| !text.is_empty())
        .map(|text| did_you_mean(&text, words));
    let (named, subcommands) = command(line, words);
    let what = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let args = [
                ("command", named.as_str().into()),
                ("possible", subcommands.join(", ").into()),
            ];
            words.with("usage-missing-command", &args)
        }
        _ => what(error, words),
    };
    let lacking = (error.kind() == ErrorKind::MissingRequiredArgument)
        .then(|| part(error, ContextKind::InvalidArg));
    let lacking = lacking.unwrap_or_default();
    let added = lacking
        .split(", ")
        .filter_map(|flag| how_to_add(flag, words));
    Explanation {
        what,
        why: String::new(),
        next: meant
            .into_iter()
            .chain(added)
            .chain([try_help(&named, words)])
            .collect(),
    }
}

/// Says what a flag means to whoever adds it, where that is a promise.
pub(super) fn how_to_add(flag: &str, words: &Words) -> Option<Next> {
    let key = match flag.split(' ').next()? {
        "--accept-privacy" => "usage-add-accept-privacy",
        "--confirm" => "usage-add-confirm",
        "--email-stdin" => "usage-add-email-stdin",
        _ => return None,
    };
    Some(Next::Say(words.text(key)))
}

fn part(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

fn what(error: &clap::Error, words: &Words) -> String {
    let argument = part(error, ContextKind::InvalidArg);
    let argument = argument.trim_end_matches('.').to_owned();
    let about = |key, argument: String| words.with(key, &[("argument", argument.into())]);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let command = part(error, ContextKind::InvalidSubcommand);
            words.with("usage-unknown-command", &[("command", command.into())])
        }
        ErrorKind::InvalidUtf8 => words.text("usage-not-text"),
        // Every sentence below names the argument; without one it would be half a sentence.
        _ if argument.is_empty() => other(error, words),
        ErrorKind::UnknownArgument => about("usage-unknown-argument", argument),
        ErrorKind::MissingRequiredArgument => about("usage-missing", argument),
        ErrorKind::NoEquals | ErrorKind::TooFewValues => missing_value(&argument, words),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = part(error, ContextKind::InvalidValue);
            if value.is_empty() {
                return missing_value(&argument, words);
            }
            let source = std::error::Error::source(error).map(ToString::to_string);
            let source = source.map(|why| number(&why, words).unwrap_or(why));
            let listed = [
                part(error, ContextKind::ValidValue),
                source.unwrap_or_default(),
            ];
            let possible = listed.into_iter().find(|text| !text.is_empty());
            invalid_value(&value, &argument, possible.as_deref(), words)
        }
        ErrorKind::ArgumentConflict => {
            let other = part(error, ContextKind::PriorArg);
            if other.is_empty() || other == argument {
                return about("usage-twice", argument);
            }
            words.with(
                "usage-conflict",
                &[("argument", argument.into()), ("other", other.into())],
            )
        }
        _ => other(error, words),
    }
}

fn missing_value(argument: &str, words: &Words) -> String {
    match closed_list(argument) {
        None => words.with("usage-missing-value", &[("argument", argument.into())]),
        Some(possible) => words.with(
            "usage-missing-value-of",
            &[("argument", argument.into()), ("possible", possible.into())],
        ),
    }
}

/// Says that an argument is missing, and what it takes where that is a closed list.
pub(super) fn missing(argument: &str, words: &Words) -> String {
    match closed_list(argument) {
        None => words.with("usage-missing", &[("argument", argument.into())]),
        Some(possible) => words.with(
            "usage-missing-of",
            &[("argument", argument.into()), ("possible", possible.into())],
        ),
    }
}

/// Says in our words which numbers clap would take: it has sentences of its own for what is no number, and for one that
/// is "not in 1..=10".
fn number(why: &str, words: &Words) -> Option<String> {
    let Some((_, range)) = why.split_once(" is not in ") else {
        let no_number = ["invalid digit", "number too", "cannot parse integer"];
        let is_that = no_number.iter().any(|mark| why.contains(mark));
        return is_that.then(|| words.text("usage-whole-number"));
    };
    let (least, most) = range.split_once("..")?;
    let (least, most) = (least.trim().to_owned(), most.trim_start_matches('=').trim());
    // A bound that nobody would type is none.
    if most.len() > 9 {
        return Some(words.with("usage-whole-number-from", &[("least", least.into())]));
    }
    let most = most.to_owned();
    let args = [("least", least.into()), ("most", most.into())];
    Some(words.with("usage-whole-number-between", &args))
}

/// What clap alone has words for.
fn other(error: &clap::Error, words: &Words) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.trim_start_matches("error:").trim();
    words.with("usage-other", &[("message", line.into())])
}

/// Says that an argument does not take a value, and what it takes where that is known.
pub(super) fn invalid_value(
    value: &str,
    argument: &str,
    possible: Option<&str>,
    words: &Words,
) -> String {
    let args = [
        ("value", value.into()),
        ("argument", argument.into()),
        ("possible", possible.unwrap_or("none").into()),
    ];
    words.with("usage-invalid-value", &args)
}

/// Names what was likely meant.
pub(super) fn did_you_mean(meant: &str, words: &Words) -> Next {
    Next::Say(words.with("usage-suggestion", &[("suggestion", meant.into())]))
}

/// Points to a command's help.
pub(super) fn try_help(command: &str, words: &Words) -> Next {
    let help = format!("{command} --help");
    Next::Say(words.with("usage-try-help", &[("command", help.into())]))
}

/// Refuses a name that none of these is, for an argument of a command, and offers the one that was likely meant: exit 2.
pub(super) fn unknown(
    (command, argument): (&str, &str),
    typed: &str,
    names: &[String],
    words: &Words,
) -> Failure {
    let what = invalid_value(typed, argument, Some(&words.listed(names)), words);
    let mut failure = Failure::usage(what, try_help(command, words));
    let meant = nearest(typed, names.iter().map(String::as_str));
    let meant = meant.map(|name| did_you_mean(name, words));
    failure.explanation.next.splice(0..0, meant);
    failure
}

/// Names the command of a line, as far as it names one, and those that may follow it.
fn command(line: &[OsString], words: &Words) -> (String, Vec<String>) {
    let root = localise::command(words);
    let (mut at, mut named) = (&root, "segue".to_owned());
    for word in line.iter().skip(1).filter_map(|word| word.to_str()) {
        if let Some(sub) = at.find_subcommand(word) {
            (at, named) = (sub, format!("{named} {word}"));
        }
    }
    let below = at.get_subcommands().map(|sub| sub.get_name().to_owned());
    (named, below.collect())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{explain, missing};
    use crate::cli::localise::parse;
    use crate::words::{Lang, Next, Words};

    fn told(line: &str, words: &Words) -> (String, Vec<String>) {
        let line: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = parse(&line, words).expect_err("does not parse");
        let told = explain(&error, &line, words);
        let texts = told.next.into_iter().map(|next| match next {
            Next::Run(text) | Next::Say(text) => text,
        });
        (told.what, texts.collect())
    }

    #[test]
    fn every_mistake_is_a_whole_sentence_that_names_the_command() {
        let lines = [
            ("segue nosuch", "segue --help"),
            ("segue login", "segue login --help"),
            ("segue login nosuch", "segue login --help"),
            ("segue add --nosuch", "segue add --help"),
            ("segue add --max-profiles 0", "segue add --help"),
            ("segue add --max-profiles many", "segue add --help"),
            ("segue add --max-profiles", "segue add --help"),
            ("segue add --status-if-new maybe", "segue add --help"),
            ("segue add --name a --name b", "segue add --help"),
            ("segue add --segment a --all-segments", "segue add --help"),
            ("segue run", "segue run --help"),
            ("segue run a --all", "segue run --help"),
            ("segue run a --max-in-flight 99", "segue run --help"),
            ("segue rejects a b c", "segue rejects --help"),
            ("segue show", "segue show --help"),
            ("segue list --color=blue", "segue list --help"),
            ("segue --home", "segue --help"),
        ];
        for words in Lang::ALL.map(Words::new) {
            for (line, help) in lines {
                let (what, next) = told(line, &words);
                assert!(
                    what.starts_with(|c: char| !c.is_whitespace()) && !what.contains("  "),
                    "{line}: {what:?}"
                );
                assert!(
                    !what.contains(": .") && !what.contains("“”"),
                    "{line}: {what:?}"
                );
                let last = next.last().expect("a next step");
                assert!(last.contains(help), "{line}: {last}");
            }
        }
    }

    #[test]
    fn numbers_are_asked_for_in_words() {
        let words = Words::new(Lang::En);
        for (line, takes) in [
            ("segue run a --limit 0", "a whole number from 1."),
            ("segue run a --limit x", "a whole number without a sign."),
            ("segue run a --limit -1", "a whole number without a sign."),
            ("segue add --max-segments 0", "a whole number from 1."),
            (
                "segue run a --max-in-flight 99",
                "a whole number from 1 to 10.",
            ),
        ] {
            let (what, _) = told(line, &words);
            assert!(what.ends_with(takes), "{line}: {what}");
        }
    }

    #[test]
    fn what_is_missing_from_a_closed_list_is_asked_for_with_the_list() {
        for words in Lang::ALL.map(Words::new) {
            for (line, takes) in [
                (
                    "segue add --status-if-new",
                    "subscribed, pending, transactional",
                ),
                ("segue add --on-leave", "untag, keep"),
                ("segue list --color", "auto, always, never"),
            ] {
                let (what, _) = told(line, &words);
                assert!(what.contains(takes), "{line}: {what}");
            }
            let what = missing("--status-if-new", &words);
            assert!(what.contains("transactional"), "{what}");
            assert!(missing("--name", &words).ends_with("--name."));
        }
    }

    #[test]
    fn what_is_to_be_added_is_said_and_which_commands_may_follow() {
        let words = Words::new(Lang::En);
        let (what, _) = told("segue login", &words);
        assert!(
            what.ends_with("after it: mailchimp, insights, sql."),
            "{what}"
        );
        let (_, next) = told("segue erase a", &words);
        assert!(
            next.iter().any(|next| next.contains("--confirm delete")),
            "{next:?}"
        );
    }

    #[test]
    fn a_near_command_is_offered() {
        let words = Words::new(Lang::En);
        assert!(told("segue chekc a", &words).1[0].contains("check"));
    }
}
