//! How a question is put in lines, and how its answer is read.

use super::super::context::{Failure, read_yes};
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

/// Puts questions, each with an explanation of its own.
pub(super) struct Prompt {
    /// The texts.
    pub words: Words,
    /// Ends the waiting for an answer.
    pub stop: Stop,
}

impl Prompt {
    /// Begins a question that this text explains.
    pub fn about(&self, key: &str) -> Question<'_> {
        self.explained_by(self.words.text(key))
    }

    /// Begins a question whose explanation is put together.
    pub fn explained_by(&self, help: String) -> Question<'_> {
        Question { prompt: self, help }
    }

    /// Begins a question with a list to choose from, each of which a text explains.
    pub fn about_each(&self, lead: &str, keys: &[&str]) -> Question<'_> {
        let each = keys.iter().enumerate();
        let each = each.map(|(at, key)| format!("  {} {}", at + 1, self.words.text(key)));
        let all = std::iter::once(self.words.text(lead)).chain(each);
        self.explained_by(all.collect::<Vec<_>>().join("\n"))
    }

    /// Says why an answer was not taken.
    pub fn refuse(&self, why: Failure) {
        let _told = why.in_talk().tell(&self.words);
    }
}

/// One question, and what `?` says of it.
pub(super) struct Question<'a> {
    prompt: &'a Prompt,
    help: String,
}

/// What an answer is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Any text: the word for help may be meant.
    Free,
    /// A number, or yes or no: the word for help can only be a wish for it.
    Picked,
}

impl Question<'_> {
    /// Asks for a text; an empty line is the usual answer, if there is one.
    pub async fn text(&self, question: &str, usual: &str) -> Answered<String> {
        self.needed(question, usual, Form::Free).await
    }

    /// Asks for a text that may be left out: an empty line is the usual answer, or none.
    pub async fn line(&self, question: &str, usual: &str) -> Answered<Option<String>> {
        self.typed(question, usual, Form::Free).await
    }

    async fn needed(&self, question: &str, usual: &str, form: Form) -> Answered<String> {
        loop {
            match self.typed(question, usual, form).await? {
                Some(text) => return Ok(text),
                None => say(&self.prompt.words.text("ask-needed")),
            }
        }
    }

    async fn typed(&self, question: &str, usual: &str, form: Form) -> Answered<Option<String>> {
        let asked = if usual.is_empty() {
            format!("{question}: ")
        } else {
            format!("{question} [{usual}]: ")
        };
        loop {
            ask(&asked);
            let typed = tokio::select! {
                typed = next_line() => typed,
                () = self.prompt.stop.gently.cancelled() => None,
            };
            let Some(line) = typed else {
                say("");
                return Err(Halt::Gone);
            };
            match line.trim() {
                help if self.is_help(help, form) => say(&self.help),
                back if self.is_back(back) => return Err(Halt::Back),
                "" => return Ok(Some(usual.to_owned()).filter(|usual| !usual.is_empty())),
                text => return Ok(Some(text.to_owned())),
            }
        }
    }

    fn is_help(&self, text: &str, form: Form) -> bool {
        let word = text.to_lowercase();
        let is_word = word == "help" || word == self.prompt.words.text("ask-help");
        text == "?" || (form == Form::Picked && is_word)
    }

    fn is_back(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        text == "back" || text == self.prompt.words.text("ask-back")
    }

    /// Asks for a secret, which is not shown; an empty line is the one that is known already, if there is one.
    pub async fn secret(&self, question: &str, known: &str, flag: &str) -> Answered<String> {
        let Some(_unseen) = Unseen::begin() else {
            let args = [("flag", flag.into())];
            let words = &self.prompt.words;
            return Err(Failure::usage(words.with("ask-no-secret", &args), None).into());
        };
        let shown = if known.is_empty() { "" } else { "…" };
        match self.text(question, shown).await? {
            same if same == shown => Ok(known.to_owned()),
            typed => Ok(typed),
        }
    }

    /// Asks for yes or no, until it is one of them.
    pub async fn yes(&self, question: &str, usual: bool) -> Answered<bool> {
        let words = &self.prompt.words;
        let usual = words.text(if usual { "yes" } else { "no" });
        loop {
            let typed = self.needed(question, &usual, Form::Picked).await?;
            match read_yes(&typed) {
                Some(yes) => return Ok(yes),
                None => say(&words.text("command-yes-or-no")),
            }
        }
    }

    /// Asks for a whole number from 1 on, until it is one.
    pub async fn count(&self, question: &str, usual: u64) -> Answered<u64> {
        loop {
            let typed = self
                .needed(question, &usual.to_string(), Form::Picked)
                .await?;
            match read_count(&typed) {
                Some(count) => return Ok(count),
                None => say(&self.prompt.words.text("ask-whole-number")),
            }
        }
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
            let number = "ask-number";
            match self.pick(options, number, usual, Form::Picked).await? {
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
        self.pick(options, key, usual, Form::Free).await
    }

    /// Has some of a list chosen, by their numbers.
    pub async fn several(
        &self,
        question: &str,
        options: &[String],
        usual: &[usize],
    ) -> Answered<Vec<usize>> {
        list(question, options);
        let words = &self.prompt.words;
        let usual: Vec<String> = usual.iter().map(|at| (at + 1).to_string()).collect();
        let usual = usual.join(", ");
        loop {
            let numbers = words.text("ask-numbers");
            let typed = self.needed(&numbers, &usual, Form::Picked).await?;
            match several(&typed, options.len(), &words.text("ask-all")) {
                Some(chosen) => return Ok(chosen),
                None => self.refuse(options),
            }
        }
    }

    async fn pick(
        &self,
        options: &[String],
        key: &str,
        usual: Option<usize>,
        form: Form,
    ) -> Answered<Choice> {
        let usual = usual.map(|at| (at + 1).to_string()).unwrap_or_default();
        let asked = self.prompt.words.text(key);
        let typed = self.needed(&asked, &usual, form).await?;
        let number = typed.parse::<usize>().ok();
        let number = number.and_then(|number| number.checked_sub(1));
        Ok(match number.filter(|at| *at < options.len()) {
            Some(at) => Choice::At(at),
            None => Choice::Other(typed),
        })
    }

    fn refuse(&self, options: &[String]) {
        let last = [("last", options.len().into())];
        say(&self.prompt.words.with("ask-no-such-number", &last));
    }
}

/// A file's numbers end there.
const MOST: u64 = i64::MAX.unsigned_abs();

/// Reads a whole number, with blanks between its digits or without.
fn read_count(typed: &str) -> Option<u64> {
    let digits: String = typed.chars().filter(|one| !one.is_whitespace()).collect();
    let count = digits.parse().ok();
    count.filter(|count| (1..=MOST).contains(count))
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
    use super::{read_count, several};

    #[test]
    fn numbers_are_parted_by_commas_or_blanks_and_each_counts_once() {
        let read = |typed| several(typed, 3, "all");
        assert_eq!(read("1, 3 3"), Some(vec![0, 2]));
        assert_eq!(read("ALL"), Some(vec![0, 1, 2]));
        for wrong in ["0", "4", "1;2", "gold", ","] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number_from_1_on() {
        assert_eq!(read_count("20 000"), Some(20_000));
        for wrong in ["0", "-1", "1.5", "many", "99999999999999999999"] {
            assert_eq!(read_count(wrong), None, "{wrong}");
        }
    }
}
