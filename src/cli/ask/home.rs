//! The list of destinations, and what can be done with each: as the commands do it.

use std::ffi::OsString;

use super::super::args::{AddFlags, Command};
use super::super::context::Failure;
use super::super::localise::parse;
use super::super::out::{say, say_line, wrap_talk};
use super::super::sandbox::Outside;
use super::super::signals::Signals;
use super::super::{Context, perform};
use super::add;
use super::prompt::{Answered, Halt, Prompt};
use crate::deliver::Stop;
use crate::domain::Destination;
use crate::words::shell_word;

/// What can be done with a destination: how it is called, and the command that does it.
const ACTS: [(&str, &str); 9] = [
    ("ui-key-check", "check"),
    ("ui-key-run", "run"),
    ("key-view", "show"),
    ("ask-segments", "segments"),
    ("ask-history", "history"),
    ("ui-key-rejects", "rejects"),
    ("ask-undo", "undo"),
    ("ask-set-schedule", "schedule"),
    ("ui-key-remove", "remove"),
];

/// What is there besides the destinations.
const MORE: [(&str, &str); 3] = [
    ("ui-title-new", ""),
    ("logins-title", "logins"),
    ("ask-doctor", "doctor"),
];

/// Asks what to do until somebody leaves.
pub(in crate::cli) async fn home(context: &Context, outside: &Outside) -> Result<u8, Failure> {
    wrap_talk(context.columns);
    let mut signals = Signals::listen();
    say(&context.words.text("ask-how-home"));
    loop {
        let chosen = tokio::select! {
            chosen = choose(context) => chosen,
            exit = signals.next() => {
                say("");
                return Ok(exit);
            }
        };
        let done = match chosen {
            Ok(None) | Err(Halt::Gone) => return Ok(0),
            Ok(Some(Wish::New)) => Box::pin(add(context, AddFlags::default(), None)).await,
            Ok(Some(Wish::Line(line))) => carry_out(context, outside, &line, &mut signals).await,
            Err(Halt::Failed(why)) => Err(*why),
            Err(Halt::Back) => continue,
        };
        match done {
            // Who stops what goes on wants to leave.
            Ok(exit @ (130 | 143)) => return Ok(exit),
            Ok(_) => {}
            Err(why) => {
                let _told = why.tell(&context.words);
            }
        }
    }
}

/// What somebody wishes to do.
enum Wish {
    /// A new destination.
    New,
    /// What this command line does.
    Line(Vec<String>),
}

/// Asks for a destination and what to do with it; `None` ends.
async fn choose(context: &Context) -> Answered<Option<Wish>> {
    let words = &context.words;
    let prompt = Prompt {
        words: words.clone(),
        help: words.text("ask-help-home"),
        stop: Stop::default(),
    };
    let saved = context.destinations()?;
    for broken in context.broken_destinations()? {
        say(&format!("{}: {}", broken.name, words.broken(&broken.why)));
    }
    let named = |one: &Destination| format!("{} → {}", one.name, one.audience_label());
    let rest = MORE.iter().map(|(key, _)| *key).chain(["ui-key-quit"]);
    let rest = rest.map(|key| words.text(key));
    let options: Vec<String> = saved.iter().map(named).chain(rest).collect();
    say("");
    let first = prompt
        .choose(&words.text("home-title"), &options, Some(0))
        .await?;
    let Some(destination) = saved.get(first) else {
        return Ok(match MORE.get(first - saved.len()) {
            None => None,
            Some((_, "")) => Some(Wish::New),
            Some((_, command)) => Some(Wish::Line(vec![(*command).to_owned()])),
        });
    };
    let options = ACTS.map(|(key, _)| words.text(key));
    say("");
    let act = prompt
        .choose(destination.name.as_str(), &options, Some(0))
        .await?;
    let line = [ACTS[act].1, "--", destination.name.as_str()];
    Ok(Some(Wish::Line(line.map(str::to_owned).to_vec())))
}

/// Does what a command line does, and shows the line: it can be typed the next time.
async fn carry_out(
    context: &Context,
    outside: &Outside,
    line: &[String],
    signals: &mut Signals,
) -> Result<u8, Failure> {
    let typed = line.iter().filter(|word| *word != "--");
    let typed: Vec<String> = typed.map(|word| shell_word(word)).collect();
    let typed = context.words.to_run(&format!("segue {}", typed.join(" ")));
    say_line(&format!("> {typed}"));
    let line: Vec<OsString> = std::iter::once("segue".to_owned())
        .chain(line.iter().cloned())
        .map(OsString::from)
        .collect();
    let parsed = parse(&line, &context.words);
    let parsed = parsed.map_err(|why| Failure::usage(why.to_string(), None))?;
    // These end in order by themselves.
    let ends = matches!(parsed.command, Some(Command::Run(_) | Command::Check(_)));
    if ends {
        return Box::pin(perform(parsed, context, outside.clone(), Some(signals))).await;
    }
    tokio::select! {
        done = Box::pin(perform(parsed, context, outside.clone(), None)) => done,
        exit = signals.next() => Ok(exit),
    }
}
