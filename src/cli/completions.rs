//! Shell completion. The script that `segue completions` prints asks the program itself, so that flags have their texts in
//! the user's language and saved names are offered.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;

use super::args::{CompletionsFlags, closed_list};
use super::context::said;
use super::environment::home;
use super::localise;
use super::out::{print, print_raw};
use crate::store::{Destinations, Home, Logins};
use crate::words::Words;

/// The variable by which a shell's script asks; its value is the shell.
const ASKED_BY: &str = "SEGUE_COMPLETE";

/// Tells which shell asks for candidates, if one does.
pub(super) fn asking() -> Option<String> {
    std::env::var(ASKED_BY)
        .ok()
        .filter(|shell| !shell.is_empty())
}

/// Prints the script that teaches a shell to ask us.
pub(super) fn run(flags: &CompletionsFlags) -> u8 {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&flags.shell) {
        // Memory takes all that is written to it.
        let _written = shell.write_registration(ASKED_BY, "segue", "segue", "segue", &mut script);
    }
    let script = String::from_utf8_lossy(&script);
    // Bash inserts a candidate as it stands, unless told that it may have to be quoted: names have blanks in them.
    print(
        script
            .replace("complete -o nospace", "complete -o filenames -o nospace")
            .trim(),
    );
    0
}

/// Answers a shell that asks how the line it has so far may go on. What cannot be found out is not offered: nobody reads
/// an error there.
pub(super) fn answer(shell: &str, line: &[OsString], words: &Words) -> u8 {
    let typed = line.iter().position(|word| word == "--");
    let typed = typed.map(|at| line[at + 1..].to_vec());
    let shells = Shells::builtins();
    let (Some(shell), Some(typed)) = (shells.completer(shell), typed) else {
        return 2;
    };
    let saved = Saved::of(&typed);
    let mut command = offering(localise::command(words), &saved);
    let here = std::env::current_dir().ok();
    let mut answer = Vec::new();
    match shell.write_complete(&mut command, typed, here.as_deref(), &mut answer) {
        Ok(()) => print_raw(&answer),
        Err(_) => return 1,
    }
    0
}

/// The names that are saved in the home that a line is about.
#[derive(Debug, Clone, Default)]
struct Saved {
    destinations: Vec<String>,
    logins: Vec<String>,
    segments: BTreeSet<String>,
}

impl Saved {
    fn of(typed: &[OsString]) -> Self {
        let named = said(typed, "--home").map(|text| PathBuf::from(unquoted(text)));
        home(named, std::env::var_os("SEGUE_HOME"))
            .map_or_else(|_| Self::default(), |home| Self::at(&home))
    }

    fn at(home: &Home) -> Self {
        let destinations = Destinations::of(home).list().unwrap_or_default();
        let logins = Logins::of(home).list().unwrap_or_default();
        Self {
            destinations: destinations
                .iter()
                .map(|one| one.name.to_string())
                .collect(),
            logins: logins.iter().map(|one| one.name.to_string()).collect(),
            // Those that were chosen: which others there are, only the source could tell.
            segments: destinations
                .iter()
                .flat_map(|one| &one.segments)
                .map(|segment| segment.label.clone())
                .collect(),
        }
    }
}

/// Gives every argument whose values are known the means to offer them.
fn offering(command: Command, saved: &Saved) -> Command {
    let is_new = |arg: &clap::Arg| arg.get_id() == "name" && !arg.is_positional();
    let arguments: Vec<(String, Vec<String>)> = command
        .get_arguments()
        .filter(|arg| !is_new(arg))
        .filter_map(|arg| {
            let id = arg.get_id().as_str();
            let flag = arg.get_long().map(|long| format!("--{long}"));
            let flag = flag.unwrap_or_else(|| format!("<{}>", id.to_uppercase()));
            let values = match (id, closed_list(&flag)) {
                ("name", _) => saved.destinations.clone(),
                ("login" | "source_login", _) => saved.logins.clone(),
                ("segment", _) => saved.segments.iter().cloned().collect(),
                (_, Some(listed)) => listed.split(", ").map(str::to_owned).collect(),
                (_, None) => return None,
            };
            Some((id.to_owned(), values))
        })
        .collect();
    let subcommands: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = command;
    for (id, values) in arguments {
        let offer = move |typed: &OsStr| candidates(typed, &values);
        command = command.mut_arg(id, |arg| arg.add(ArgValueCompleter::new(offer)));
    }
    for name in subcommands {
        command = command.mut_subcommand(name, |sub| offering(sub, saved));
    }
    command
}

/// Offers the values that begin as what was typed, in whatever case.
fn candidates(typed: &OsStr, values: &[String]) -> Vec<CompletionCandidate> {
    let typed = unquoted(&typed.to_string_lossy()).to_lowercase();
    let fit = values
        .iter()
        .filter(|value| value.to_lowercase().starts_with(&typed));
    fit.map(CompletionCandidate::new).collect()
}

/// Takes away what a shell leaves of its quoting in the word under the cursor: a quote at its beginning, and backslashes.
fn unquoted(typed: &str) -> String {
    let typed = typed.strip_prefix(['"', '\'']).unwrap_or(typed);
    let typed = typed.strip_suffix(['"', '\'']).unwrap_or(typed);
    let mut escaped = false;
    let mut kept = String::new();
    for character in typed.chars() {
        escaped = character == '\\' && !escaped;
        if !escaped {
            kept.push(character);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::{OsStr, OsString};

    use super::{Saved, candidates, closed_list, offering, unquoted};
    use crate::cli::localise::command;
    use crate::words::{Lang, Words};

    fn saved() -> Saved {
        Saved {
            destinations: vec!["Spring newsletter".to_owned(), "VIP".to_owned()],
            logins: vec!["work".to_owned()],
            segments: BTreeSet::from(["Gold".to_owned(), "Silver".to_owned()]),
        }
    }

    /// What is offered for the last word of a line.
    fn offered(line: &[&str]) -> Vec<String> {
        let line: Vec<OsString> = line.iter().map(OsString::from).collect();
        let mut command = offering(command(&Words::new(Lang::En)), &saved());
        let last = line.len() - 1;
        let found = clap_complete::engine::complete(&mut command, line, last, None);
        let found = found.expect("completes").into_iter();
        let names = found.map(|one| one.get_value().to_string_lossy().into_owned());
        names.filter(|name| !name.starts_with('-')).collect()
    }

    #[test]
    fn saved_names_are_offered_where_a_name_or_a_login_belongs() {
        assert_eq!(offered(&["segue", "run", ""]), ["Spring newsletter", "VIP"]);
        assert_eq!(
            offered(&["segue", "run", "VIP", "spr"]),
            ["Spring newsletter"]
        );
        assert_eq!(offered(&["segue", "show", "v"]), ["VIP"]);
        assert_eq!(offered(&["segue", "logout", ""]), ["work"]);
        assert_eq!(offered(&["segue", "add", "--login", ""]), ["work"]);
        assert_eq!(offered(&["segue", "add", "--source-login", "w"]), ["work"]);
        assert_eq!(offered(&["segue", "segments", "VIP", "g"]), ["Gold"]);
        assert_eq!(
            offered(&["segue", "edit", "VIP", "--segment", "s"]),
            ["Silver"]
        );
        assert!(offered(&["segue", "add", "--name", ""]).is_empty());
    }

    #[test]
    fn closed_lists_are_offered_as_errors_name_them() {
        for (line, argument) in [
            (["segue", "add", "--on-leave", ""].as_slice(), "--on-leave"),
            (&["segue", "add", "--status-if-new", ""], "--status-if-new"),
            (&["segue", "--lang", ""], "--lang"),
            (&["segue", "completions", ""], "<SHELL>"),
        ] {
            let listed = closed_list(argument).expect("a closed list");
            assert_eq!(offered(line).join(", "), listed, "{argument}");
        }
    }

    #[test]
    fn a_word_under_the_cursor_may_be_half_quoted() {
        assert_eq!(unquoted("\"Spring n"), "Spring n");
        assert_eq!(unquoted("Spring\\ n"), "Spring n");
        assert_eq!(unquoted("a\\\\b"), "a\\b");
        let values = ["Spring newsletter".to_owned()];
        assert_eq!(candidates(OsStr::new("'spring\\ n"), &values).len(), 1);
        assert_eq!(candidates(OsStr::new("x"), &values).len(), 0);
    }
}
