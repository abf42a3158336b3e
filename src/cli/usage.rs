//! Tells in the user's language what is wrong with a command line.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::out::{print, say};
use crate::words::{Explanation, Next, Words};

/// Shows help and version on stdout (exit 0), anything else as an error on stderr (exit 2).
pub(super) fn tell(error: &clap::Error, words: &Words) -> u8 {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        print(&error.render().to_string());
        return 0;
    }
    say(&explain(error, words).render(words));
    2
}

fn explain(error: &clap::Error, words: &Words) -> Explanation {
    let part = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let argument = part(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => {
            words.with("usage-unknown-argument", &[("argument", argument.into())])
        }
        ErrorKind::InvalidSubcommand => words.with(
            "usage-unknown-command",
            &[("command", part(ContextKind::InvalidSubcommand).into())],
        ),
        ErrorKind::MissingRequiredArgument | ErrorKind::NoEquals | ErrorKind::TooFewValues => {
            words.with("usage-missing", &[("argument", argument.into())])
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => words
            .with(
                "usage-missing",
                &[("argument", words.text("cli-commands").into())],
            ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8 => {
            let listed = part(ContextKind::ValidValue);
            let source = std::error::Error::source(error)
                .map(ToString::to_string)
                .unwrap_or_default();
            let possible = [listed, source, "none".to_owned()]
                .into_iter()
                .find(|text| !text.is_empty());
            let (value, possible) = (
                part(ContextKind::InvalidValue),
                possible.unwrap_or_default(),
            );
            let args = [
                ("value", value.into()),
                ("argument", argument.into()),
                ("possible", possible.into()),
            ];
            words.with("usage-invalid-value", &args)
        }
        ErrorKind::ArgumentConflict => {
            let other = part(ContextKind::PriorArg);
            words.with(
                "usage-conflict",
                &[("argument", argument.into()), ("other", other.into())],
            )
        }
        kind => words.with("usage-other", &[("message", kind.to_string().into())]),
    };
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(part);
    let suggestion = suggested.into_iter().find(|text| !text.is_empty());
    let suggestion = suggestion
        .map(|text| Next::Say(words.with("usage-suggestion", &[("suggestion", text.into())])));
    let help = Next::Say(words.with("usage-try-help", &[("command", command(error).into())]));
    Explanation {
        what,
        why: String::new(),
        next: suggestion.into_iter().chain([help]).collect(),
    }
}

/// Names the command that was meant, as its usage line does.
fn command(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words = usage.split_whitespace().skip_while(|word| *word != "segue");
    let command: Vec<&str> = words
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    if command.is_empty() {
        "segue --help".to_owned()
    } else {
        format!("{} --help", command.join(" "))
    }
}
