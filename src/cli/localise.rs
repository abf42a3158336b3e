//! Gives clap its texts in the user's language, by the names of commands and flags.

use std::ffi::OsString;

use clap::{Command, CommandFactory, FromArgMatches};

use super::args::Parsed;
use crate::words::Words;

/// Flags that every command has.
pub(super) const GLOBAL: [&str; 8] = [
    "home", "lang", "color", "verbose", "json", "plain", "help", "version",
];

/// Parses a command line; help and errors come in the words' language.
pub(super) fn parse(line: &[OsString], words: &Words) -> Result<Parsed, clap::Error> {
    let matches = command(words).try_get_matches_from(asking(line.to_vec()))?;
    Parsed::from_arg_matches(&matches)
}

/// Writes `help COMMAND` as `COMMAND --help`, as users of other programs type it.
fn asking(mut line: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = line.get(at).and_then(|word| word.to_str()) {
        match word {
            "help" => {
                line.remove(at);
                line.push("--help".into());
                break;
            }
            // Global flags with a value of their own.
            "--home" | "--lang" | "--color" => at += 2,
            flag if flag.starts_with('-') => at += 1,
            _ => break,
        }
    }
    line
}

/// The whole command tree with texts.
pub(super) fn command(words: &Words) -> Command {
    let mut root = Parsed::command();
    // Builds help and version flags in, so that they get their texts too.
    root.build();
    dress(root, "cli", words).about(words.text("cli-about"))
}

fn dress(command: Command, key: &str, words: &Words) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let arguments: Vec<(String, bool)> = command
        .get_arguments()
        .map(|arg| (arg.get_id().to_string(), arg.is_positional()))
        .collect();
    let (heading, globals) = (words.text("cli-options"), words.text("cli-global-options"));
    let positional_heading = words.text("cli-arguments");
    let mut command = command
        .help_template(template(words))
        .subcommand_help_heading(words.text("cli-commands"))
        .subcommand_value_name(words.text("cli-commands").to_uppercase())
        .about(words.text(key));
    let more = format!("{key}-more");
    if words.has(&more) {
        command = command.before_help(words.text(&more));
    }
    let examples = format!("{key}-examples");
    if words.has(&examples) {
        let indented: Vec<String> = words
            .text(&examples)
            .lines()
            .map(|line| format!("  {line}"))
            .collect();
        command = command.after_help(format!(
            "{}:\n{}",
            words.text("cli-examples-heading"),
            indented.join("\n")
        ));
    }
    for (id, positional) in arguments {
        let text = argument_key(key, &id);
        command = command.mut_arg(&id, |arg| {
            let heading = match (positional, GLOBAL.contains(&id.as_str())) {
                (true, _) => &positional_heading,
                (false, true) => &globals,
                (false, false) => &heading,
            };
            // Else a number below zero would be taken for a flag that there is not.
            let arg = arg.allow_negative_numbers(!positional);
            let arg = arg.hide_default_value(true).hide_possible_values(true);
            arg.help(words.text(&text)).help_heading(heading.clone())
        });
    }
    for name in names {
        let key = if key == "cli" {
            format!("cli-{name}")
        } else {
            format!("{key}-{name}")
        };
        command = command.mut_subcommand(&name, |sub| dress(sub, &key, words));
    }
    command
}

fn argument_key(command: &str, id: &str) -> String {
    if GLOBAL.contains(&id) {
        return format!("cli-global-{id}");
    }
    // What changes a part says the same as what first says it.
    let command = match (command, id) {
        ("cli-edit", "destination" | "no_login" | "removed_tags") => command,
        ("cli-edit", _) => "cli-add",
        _ => command,
    };
    let id = match (command, id) {
        ("cli-login-mailchimp" | "cli-login-insights" | "cli-login-sql", "name") => "as",
        _ => id,
    };
    format!("{command}-{}", id.replace('_', "-"))
}

fn template(words: &Words) -> String {
    format!(
        "{{about}}\n\n{{before-help}}{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        words.text("cli-usage")
    )
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::{argument_key, command, parse};
    use crate::words::{Lang, Words};

    fn keys(command: &Command, key: &str, into: &mut Vec<String>) {
        into.push(if key == "cli" {
            "cli-about".to_owned()
        } else {
            key.to_owned()
        });
        into.extend(
            command
                .get_arguments()
                .map(|arg| argument_key(key, arg.get_id().as_str())),
        );
        for sub in command.get_subcommands() {
            keys(sub, &format!("{key}-{}", sub.get_name()), into);
        }
    }

    #[test]
    fn help_may_stand_before_the_command_that_it_is_about() {
        let words = Words::new(Lang::En);
        let shown = |line: &str| {
            let line: Vec<_> = line.split(' ').map(Into::into).collect();
            let why = parse(&line, &words)
                .err()
                .map(|why| (why.kind(), why.to_string()));
            why.unwrap_or_else(|| panic!("{line:?} is no question"))
        };
        for (asked, like) in [
            ("segue help", "segue --help"),
            ("segue help run", "segue run --help"),
            ("segue --home x --plain help run", "segue run --help"),
            ("segue help login sql", "segue login sql --help"),
            ("segue help nosuch", "segue nosuch --help"),
        ] {
            assert_eq!(shown(asked), shown(like), "{asked}");
        }
        let line = ["segue", "run", "help"].map(Into::into);
        assert!(
            parse(&line, &words).is_ok(),
            "a destination may be called so"
        );
        let (_, all) = shown("segue --help");
        let (_, one) = shown("segue edit --help");
        assert!(
            !all.contains("--no-login") && !all.contains("FIELD="),
            "{all}"
        );
        assert!(one.contains("--map FIELD= takes a field away"), "{one}");
    }

    #[test]
    fn every_command_and_flag_has_a_text_and_every_text_a_command_or_flag() {
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let mut used = Vec::new();
            keys(&command(&words), "cli", &mut used);
            for key in &used {
                assert!(words.has(key), "{lang}: {key} is missing");
            }
            let others = [
                "usage",
                "commands",
                "options",
                "arguments",
                "global-options",
                "examples-heading",
                "examples",
            ];
            used.extend(others.map(|key| format!("cli-{key}")));
            let unused: Vec<String> = words
                .keys()
                .filter(|key| {
                    let of_command = |end| key.strip_suffix(end).is_some_and(|key| words.has(key));
                    key.starts_with("cli-")
                        && !["-examples", "-more"].into_iter().any(of_command)
                        && !used.contains(key)
                })
                .collect();
            assert!(unused.is_empty(), "{lang}: nothing uses {unused:?}");
        }
    }
}
