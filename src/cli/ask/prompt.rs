//! How a question is put in lines, and how its answer is read.

use super::super::context::{Failure, is_yes};
use super::super::lines::{Unseen, next_line};
use super::super::out::{ask, say};
use crate::deliver::Stop;
use crate::words::Words;

/// Why a question got no answer.
#[derive(Debug)]
pub(super) enum Halt {
    /// Back to the question before.
    Back,
    /// Nobody types any more.
    Gone,
    /// Something failed, and is to be told.
    Failed(Box<Failure>),
}

impl From<Failure> for Halt {
    fn from(why: Failure) -> Self {
        Self::Failed(Box::new(why))
    }
}

/// What came of a question.
pub(super) type Answered<T> = Result<T, Halt>;

/// What was chosen from a list that takes other answers too.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// One of the list.
    At(usize),
    /// What was typed instead.
    Other(String),
}

/// Puts the questions of one step.
pub(super) struct Prompt {
    /// The texts.
    pub words: Words,
    /// What `?` explains.
    pub help: String,
    /// Ends the waiting for an answer.
    pub stop: Stop,
}

impl Prompt {
    /// Asks for a text; an empty line is the usual answer, if there is one.
    pub async fn text(&self, question: &str, usual: &str) -> Answered<String> {
        loop {
            match self.line(question, usual).await? {
                Some(text) => return Ok(text),
                None => say(&self.words.text("ask-needed")),
            }
        }
    }

    /// Asks for a text that may be left out: an empty line is the usual answer, or none.
    pub async fn line(&self, question: &str, usual: &str) -> Answered<Option<String>> {
        let asked = if usual.is_empty() {
            format!("{question}: ")
        } else {
            format!("{question} [{usual}]: ")
        };
        loop {
            ask(&asked);
            let typed = tokio::select! {
                typed = next_line() => typed,
                () = self.stop.gently.cancelled() => None,
            };
            let Some(line) = typed else {
                say("");
                return Err(Halt::Gone);
            };
            match line.trim() {
                "?" => say(&self.help),
                back if self.is_back(back) => return Err(Halt::Back),
                "" => return Ok(Some(usual.to_owned()).filter(|usual| !usual.is_empty())),
                text => return Ok(Some(text.to_owned())),
            }
        }
    }

    fn is_back(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        text == "back" || text == self.words.text("ask-back")
    }

    /// Asks for a secret, which is not shown; an empty line is the one that is known already, if there is one.
    pub async fn secret(&self, question: &str, known: &str, flag: &str) -> Answered<String> {
        let Some(_unseen) = Unseen::begin() else {
            let args = [("flag", flag.into())];
            return Err(Failure::usage(self.words.with("ask-no-secret", &args), None).into());
        };
        let shown = if known.is_empty() { "" } else { "…" };
        match self.text(question, shown).await? {
            same if same == shown => Ok(known.to_owned()),
            typed => Ok(typed),
        }
    }

    /// Asks for yes or no.
    pub async fn yes(&self, question: &str, usual: bool) -> Answered<bool> {
        let word = |yes: bool| self.words.text(if yes { "yes" } else { "no" });
        let typed = self.text(question, &word(usual)).await?;
        Ok(is_yes(&typed))
    }

    /// Has one of a list chosen, by its number.
    pub async fn choose(
        &self,
        question: &str,
        options: &[String],
        usual: Option<usize>,
    ) -> Answered<usize> {
        list(question, options);
        loop {
            let choice = self.pick(options, "ask-number", usual).await?;
            match choice {
                Choice::At(at) => return Ok(at),
                Choice::Other(_) => self.refuse(options),
            }
        }
    }

    /// Has one of a list chosen, by its number, or something else typed, for which `key` asks too.
    pub async fn choose_or_type(
        &self,
        (question, key): (&str, &str),
        options: &[String],
        usual: Option<usize>,
    ) -> Answered<Choice> {
        list(question, options);
        self.pick(options, key, usual).await
    }

    /// Has some of a list chosen, by their numbers.
    pub async fn several(
        &self,
        question: &str,
        options: &[String],
        usual: &[usize],
    ) -> Answered<Vec<usize>> {
        list(question, options);
        let usual: Vec<String> = usual.iter().map(|at| (at + 1).to_string()).collect();
        loop {
            let typed = self.words.text("ask-numbers");
            let typed = self.text(&typed, &usual.join(", ")).await?;
            match several(&typed, options.len(), &self.words.text("ask-all")) {
                Some(chosen) => return Ok(chosen),
                None => self.refuse(options),
            }
        }
    }

    async fn pick(&self, options: &[String], key: &str, usual: Option<usize>) -> Answered<Choice> {
        let usual = usual.map(|at| (at + 1).to_string()).unwrap_or_default();
        let typed = self.text(&self.words.text(key), &usual).await?;
        let number = typed.parse::<usize>().ok();
        let number = number.and_then(|number| number.checked_sub(1));
        Ok(match number.filter(|at| *at < options.len()) {
            Some(at) => Choice::At(at),
            None => Choice::Other(typed),
        })
    }

    fn refuse(&self, options: &[String]) {
        let last = [("last", options.len().into())];
        say(&self.words.with("ask-no-such-number", &last));
    }
}

fn list(question: &str, options: &[String]) {
    say(question);
    for (at, option) in options.iter().enumerate() {
        say(&format!("  {} {option}", at + 1));
    }
}

/// Reads numbers of a list of so many, parted by commas or blanks; the word for all stands for each.
fn several(typed: &str, options: usize, all: &str) -> Option<Vec<usize>> {
    if typed.to_lowercase() == all || typed == "*" {
        return Some((0..options).collect());
    }
    let mut chosen = Vec::new();
    for number in typed.split([',', ' ']).filter(|text| !text.is_empty()) {
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        if at >= options {
            return None;
        }
        if !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    Some(chosen).filter(|chosen| !chosen.is_empty())
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn numbers_are_parted_by_commas_or_blanks_and_each_counts_once() {
        let read = |typed| several(typed, 3, "all");
        assert_eq!(read("1, 3 3"), Some(vec![0, 2]));
        assert_eq!(read("ALL"), Some(vec![0, 1, 2]));
        for wrong in ["0", "4", "1;2", "gold", ","] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
