//! Explains every failure: what happened, why, what to do next. One file for each folder whose failures they are; the
//! texts are in the Fluent files. Knows no terminal.

use std::fmt::Write;

use super::{Arg, Words};
use crate::domain::{Explanation, Next};

mod deliver;
mod doctor;
mod domain;
mod entra;
mod export;
mod guard;
mod login;
mod service;
mod source;
mod sql;
mod store;
mod system;
mod undo;

/// Names of a list that are shown; the rest is counted.
const MOST_LISTED: usize = 12;

/// A failure that can be explained. The match in each implementation is exhaustive, so that no failure is left out.
pub trait Explain {
    /// Explains the failure in the language of the words.
    fn explain(&self, words: &Words) -> Explanation;
}

impl Explanation {
    /// Writes the explanation as lines for stderr, without colours and ending in a line break.
    #[must_use]
    pub fn render(&self, words: &Words) -> String {
        let what = format!("{}: {}\n", words.text("explain-error"), self.what);
        what + &self.render_rest(words)
    }

    /// Writes the same without what happened, for where that was told already.
    #[must_use]
    pub fn render_rest(&self, words: &Words) -> String {
        let mut out = String::new();
        for line in self.why.lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            // Writing to a string cannot fail, here and below.
            writeln!(out, "{indent}{line}").unwrap_or_default();
        }
        for next in &self.next {
            let (label, line) = match next {
                Next::Run(command) => (words.text("explain-run"), words.to_run(command)),
                Next::Say(sentence) => (words.text("explain-next"), sentence.clone()),
            };
            writeln!(out, "{label}: {line}").unwrap_or_default();
        }
        out
    }
}

impl Words {
    /// Makes an explanation of a text: its value is what happened, its attribute `why` the why, and `run` and `next`
    /// (numbered where there are more) the ways on, in the order of the file.
    fn explained(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Explanation {
        let mut told = Explanation {
            what: self.with(key, args),
            why: String::new(),
            next: Vec::new(),
        };
        for (name, text) in self.attributes(key, args) {
            match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "run" => told.next.push(Next::Run(text)),
                "next" => told.next.push(Next::Say(text)),
                _ => told.why = text,
            }
        }
        told
    }

    /// Lists names, and counts those that would make the list too long to read.
    #[must_use]
    pub fn listed(&self, names: &[String]) -> String {
        let shown = names
            .iter()
            .take(MOST_LISTED)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        match names.len().saturating_sub(MOST_LISTED) {
            0 => shown,
            more => self.with(
                "error-list-more",
                &[("shown", shown.into()), ("count", more.into())],
            ),
        }
    }
}

/// Writes a value as one word of a shell's command line.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_command_line_can_be_copied_whatever_the_name() {
        assert_eq!(shell_word("acme-1"), "acme-1");
        assert_eq!(shell_word("Åsas $HOME"), "'Åsas $HOME'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
