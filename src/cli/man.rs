//! The manual: the texts of `--help`, of all commands on one page, with what a script has to know.

use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

use super::localise::{self, GLOBAL};
use super::out::print;
use crate::words::Words;

/// The exit codes of the contract, as the keys of their texts end.
const EXITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "130", "143", "70"];

/// The variables that people set, as the contract names them.
const VARIABLES: [&str; 14] = [
    "SEGUE_HOME",
    "SEGUE_MAILCHIMP_TOKEN",
    "SEGUE_INSIGHTS_REFRESH_TOKEN",
    "SEGUE_INSIGHTS_SUBSCRIPTION_KEY",
    "SEGUE_MAILCHIMP_API_URL",
    "SEGUE_MAILCHIMP_LOGIN_URL",
    "SEGUE_ENTRA_AUTHORITY",
    "SEGUE_INSIGHTS_URL",
    "SEGUE_HTTP_TIMEOUT",
    "SEGUE_THEME",
    "SEGUE_PLAIN",
    "SEGUE_LOG",
    "NO_COLOR",
    "HTTPS_PROXY",
];

/// Prints the manual as roff, for `man -l -` and for packages.
pub(super) fn run(words: &Words) -> u8 {
    let command = localise::command(words);
    print(page(&command, words).trim_end());
    0
}

fn page(command: &Command, words: &Words) -> String {
    let version = format!("segue {}", command.get_version().unwrap_or_default());
    let mut page = Roff::new();
    page.control("TH", ["SEGUE", "1", "", version.as_str()]);
    section(&mut page, &words.text("man-name"));
    page.text([roman(format!("segue \u{2013} {}", about(command)))]);
    section(&mut page, &words.text("man-synopsis"));
    page.text(usage(command));
    section(&mut page, &words.text("cli-commands"));
    commands(&mut page, command);
    section(&mut page, &words.text("cli-global-options"));
    for arg in command.get_arguments() {
        argument(&mut page, arg);
    }
    for (heading, prefix, listed) in [
        ("man-exits", "man-exit-", EXITS.as_slice()),
        ("man-variables", "man-", VARIABLES.as_slice()),
    ] {
        section(&mut page, &words.text(heading));
        for name in listed {
            let text = words.text(&format!("{prefix}{name}"));
            entry(&mut page, vec![bold(*name)], &text);
        }
    }
    examples(&mut page, command, "SH");
    page.to_roff()
}

fn section(page: &mut Roff, heading: &str) {
    page.control("SH", [heading.to_uppercase().as_str()]);
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Says how a command is called, with its name as it is typed.
fn usage(command: &Command) -> Vec<Inline> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage
        .split_once(": ")
        .map_or(usage.as_str(), |(_, usage)| usage);
    let name = command.get_bin_name().unwrap_or("segue").to_owned();
    let rest = usage.strip_prefix(&name).unwrap_or(usage).to_owned();
    vec![bold(name), roman(rest)]
}

fn commands(page: &mut Roff, command: &Command) {
    for sub in command.get_subcommands() {
        if sub.has_subcommands() {
            commands(page, sub);
            continue;
        }
        let name = sub.get_bin_name().unwrap_or_default();
        page.control("SS", [name]);
        page.text([roman(about(sub))]);
        if let Some(more) = sub.get_before_help() {
            page.control("PP", []);
            page.text([roman(more.to_string())]);
        }
        page.control("PP", []);
        page.text(usage(sub));
        let own = |arg: &&Arg| !GLOBAL.contains(&arg.get_id().as_str());
        for arg in sub.get_arguments().filter(own) {
            argument(page, arg);
        }
        examples(page, sub, "PP");
    }
}

fn argument(page: &mut Roff, arg: &Arg) {
    let takes_value = arg.get_action().takes_values();
    let value = arg.get_value_names().unwrap_or_default().join(" ");
    let short = arg.get_short().map(|short| bold(format!("-{short}")));
    let long = arg.get_long().map(|long| bold(format!("--{long}")));
    let mut names: Vec<Inline> = Vec::new();
    for name in short.into_iter().chain(long) {
        if !names.is_empty() {
            names.push(roman(", "));
        }
        names.push(name);
    }
    if takes_value {
        if !names.is_empty() {
            names.push(roman(" "));
        }
        names.push(italic(value));
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    entry(page, names, &help);
}

fn entry(page: &mut Roff, term: Vec<Inline>, text: &str) {
    page.control("TP", []).text(term).text([roman(text)]);
}

/// Shows a command's examples as they are typed, under the heading that `--help` gives them.
fn examples(page: &mut Roff, command: &Command, heading: &str) {
    let Some(text) = command.get_after_help().map(ToString::to_string) else {
        return;
    };
    let mut lines = text.lines();
    let named = lines.next().unwrap_or_default();
    if heading == "SH" {
        section(page, named.trim_end_matches(':'));
    } else {
        page.control("PP", []).text([roman(named)]);
    }
    page.control("RS", ["2"]).control("nf", []);
    for line in lines {
        page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    page.control("fi", []).control("RE", []);
}

#[cfg(test)]
mod tests {
    use super::{EXITS, VARIABLES, page};
    use crate::cli::localise::command;
    use crate::words::{Lang, Words};

    #[test]
    fn the_manual_has_every_command_flag_example_exit_code_and_variable() {
        for words in Lang::ALL.map(Words::new) {
            let command = command(&words);
            // What roff writes for a hyphen and a quote.
            let page = page(&command, &words)
                .replace("\\-", "-")
                .replace("\\*(Aq", "'");
            let mut wanted: Vec<String> = EXITS
                .iter()
                .chain(&VARIABLES)
                .map(ToString::to_string)
                .collect();
            for sub in command
                .get_subcommands()
                .filter(|sub| !sub.has_subcommands())
            {
                wanted.push(format!(".SS \"segue {}\"", sub.get_name()));
                wanted.extend(sub.get_about().map(ToString::to_string));
                wanted.extend(
                    sub.get_arguments()
                        .filter_map(|arg| arg.get_long())
                        .map(|long| format!("--{long}")),
                );
                let examples = sub
                    .get_after_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                wanted.extend(
                    examples
                        .lines()
                        .skip(1)
                        .map(|line| line.trim().trim_end_matches('\\').to_owned()),
                );
            }
            for text in wanted {
                assert!(page.contains(&text), "{text} is missing");
            }
            for key in words.keys().filter(|key| key.starts_with("man-")) {
                let shown = words.text(&key);
                let heading = shown.to_uppercase();
                assert!(
                    page.contains(&shown) || page.contains(&heading),
                    "nothing uses {key}"
                );
            }
            assert!(!page.contains("man-"), "a text is missing: {page}");
        }
    }
}
