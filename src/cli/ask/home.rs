//! The list of destinations, and what can be done with each: as the commands do it.

use std::ffi::OsString;

use super::super::args::{AddFlags, Command};
use super::super::context::Failure;
use super::super::localise::parse;
use super::super::out::{say, say_line, wrap_talk};
use super::super::sandbox::Outside;
use super::super::signals::Signals;
use super::super::{Context, perform};
use super::prompt::{Answered, Halt, Prompt};
use super::{add, edit};
use crate::deliver::Stop;
use crate::domain::{Destination, DestinationId, Schedule, Zone};
use crate::words::{shell_word, zone_here};

/// What can be done with a destination.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// What a command does that needs nothing but its name.
    Command(&'static str),
    Edit,
    Rename,
    Duplicate,
    Schedule,
    /// Back to the list.
    Leave,
}

/// How each is called.
const ACTS: [(&str, Act); 13] = [
    ("ui-key-check", Act::Command("check")),
    ("ui-key-run", Act::Command("run")),
    ("key-view", Act::Command("show")),
    ("ui-key-edit", Act::Edit),
    ("ask-segments", Act::Command("segments")),
    ("ask-history", Act::Command("history")),
    ("ui-key-rejects", Act::Command("rejects")),
    ("ask-undo", Act::Command("undo")),
    ("ask-set-schedule", Act::Schedule),
    ("key-rename", Act::Rename),
    ("key-duplicate", Act::Duplicate),
    ("ui-key-remove", Act::Command("remove")),
    ("ask-all-destinations", Act::Leave),
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
    let prompt = Prompt {
        words: context.words.clone(),
        stop: Stop::default(),
    };
    say(&prompt.words.text("ask-how-home"));
    // The destination that somebody is at.
    let mut at = None;
    loop {
        let chosen = tokio::select! {
            chosen = choose(context, &prompt, &mut at) => chosen,
            exit = signals.next() => {
                say("");
                return Ok(exit);
            }
        };
        let done = match chosen {
            Ok(Wish::Leave) | Err(Halt::Gone | Halt::Back) => {
                say(&prompt.words.text("ask-ends"));
                return Ok(0);
            }
            Ok(Wish::New) => Box::pin(add(context, AddFlags::default(), None)).await,
            Ok(Wish::Edit(saved)) => Box::pin(edit(context, *saved)).await,
            Ok(Wish::Line(line)) => carry_out(context, outside, &line, &mut signals).await,
            // The list cannot be read: to ask again would not help.
            Err(Halt::Failed(why)) => return Err(*why),
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
    /// To change this one.
    Edit(Box<Destination>),
    /// What this command line does.
    Line(Vec<String>),
    /// Nothing more.
    Leave,
}

impl Wish {
    /// A command line of which the words behind `--` may look like flags.
    fn line(command: &[&str], names: &[&str]) -> Self {
        let words = command.iter().chain(&["--"]).chain(names);
        Self::Line(words.map(|word| (*word).to_owned()).collect())
    }
}

/// Asks for a destination and what to do with it. Whoever did something with one stays there.
async fn choose(
    context: &Context,
    prompt: &Prompt,
    at: &mut Option<DestinationId>,
) -> Answered<Wish> {
    loop {
        let saved = context.destinations()?;
        let is_at = |one: &&Destination| at.as_ref() == Some(&one.id());
        let Some(destination) = saved.iter().find(is_at) else {
            *at = None;
            match choose_destination(context, prompt, &saved).await? {
                Ok(destination) => *at = Some(destination),
                Err(wish) => return Ok(wish),
            }
            continue;
        };
        match act(context, prompt, destination).await {
            Ok(Some(wish)) => return Ok(wish),
            Ok(None) | Err(Halt::Back) => *at = None,
            Err(halt) => return Err(halt),
        }
    }
}

/// Has a destination chosen, or what there is besides.
async fn choose_destination(
    context: &Context,
    prompt: &Prompt,
    saved: &[Destination],
) -> Answered<Result<DestinationId, Wish>> {
    let words = &context.words;
    for broken in context.broken_destinations()? {
        say(&format!("{}: {}", broken.name, words.broken(&broken.why)));
    }
    let named = |one: &Destination| format!("{} → {}", one.name, one.audience_label());
    let rest = MORE.iter().map(|(key, _)| *key).chain(["ui-key-quit"]);
    let rest = rest.map(|key| words.text(key));
    let options: Vec<String> = saved.iter().map(named).chain(rest).collect();
    say("");
    let first = prompt
        .about("ask-help-home")
        .choose(&words.text("home-title"), &options, Some(0))
        .await?;
    let Some(more) = first.checked_sub(saved.len()) else {
        return Ok(Ok(saved[first].id()));
    };
    Ok(Err(match MORE.get(more) {
        None => Wish::Leave,
        Some((_, "")) => Wish::New,
        Some((_, command)) => Wish::Line(vec![(*command).to_owned()]),
    }))
}

/// Asks what to do with a destination, and what that needs to know; `None` leads to the list.
async fn act(
    context: &Context,
    prompt: &Prompt,
    destination: &Destination,
) -> Answered<Option<Wish>> {
    let words = &context.words;
    let name = destination.name.as_str();
    let options = ACTS.map(|(key, _)| words.text(key));
    loop {
        say("");
        let at = prompt
            .about("ask-help-acts")
            .choose(name, &options, Some(0))
            .await?;
        let wish = match ACTS[at].1 {
            Act::Leave => return Ok(None),
            Act::Command(command) => Ok(Wish::line(&[command], &[name])),
            Act::Edit => Ok(Wish::Edit(Box::new(destination.clone()))),
            Act::Rename => rename(prompt, name).await,
            Act::Duplicate => duplicate(prompt, name).await,
            Act::Schedule => schedule(prompt, destination).await,
        };
        match wish {
            // To the question before: what to do.
            Err(Halt::Back) => {}
            wish => return wish.map(Some),
        }
    }
}

async fn rename(prompt: &Prompt, name: &str) -> Answered<Wish> {
    let question = prompt.words.with("ask-rename", &[("name", name.into())]);
    let new = prompt.about("ui-help-name").text(&question, name).await?;
    Ok(Wish::line(&["rename"], &[name, &new]))
}

/// Asks for the name of a copy, and for the agreement to its transfer.
async fn duplicate(prompt: &Prompt, name: &str) -> Answered<Wish> {
    let words = &prompt.words;
    say(&words.text("ask-duplicate-more"));
    let question = words.with("ask-duplicate", &[("name", name.into())]);
    let question = format!("{question} · {}", words.text("ask-new-name"));
    let new = prompt.about("ui-help-name").text(&question, "").await?;
    let text = words.consent_text();
    say(&text);
    let about = words.text("ui-help-consent");
    let consent = prompt.explained_by(format!("{text}\n{about}"));
    let agree = words.text("consent-agree");
    while !consent.yes(&agree, false).await? {
        say(&words.text("ask-consent-needed"));
    }
    Ok(Wish::line(
        &["duplicate", "--accept-privacy"],
        &[name, &new],
    ))
}

/// Asks when a destination runs by itself, until that is a schedule.
async fn schedule(prompt: &Prompt, destination: &Destination) -> Answered<Wish> {
    let words = &prompt.words;
    let name = destination.name.as_str();
    let now = &destination.schedule;
    let typed = words.schedule_typed(now);
    let question = words.with("ask-schedule", &[("name", name.into())]);
    let zone = now.zone().cloned().unwrap_or_else(zone_here);
    let wanted = loop {
        let about = prompt.about("ask-schedule-how");
        let line = about.text(&question, &typed).await?;
        match Schedule::from_short(&line, &zone) {
            Ok(wanted) => break wanted,
            Err(_why) => say(&words.no_schedule(&line).render(words)),
        }
    };
    let short = wanted.in_short();
    let parts: Vec<&str> = short.split(' ').collect();
    let zone = match wanted.zone() {
        Some(zone) => Some(ask_zone(prompt, zone).await?),
        None => None,
    };
    let mut line = vec!["schedule"];
    match &wanted {
        Schedule::Off => line.push("--off"),
        Schedule::Daily { .. } => line.extend(["--daily"].into_iter().chain(parts)),
        Schedule::Weekly { .. } => line.extend(["--weekly"].into_iter().chain(parts)),
        Schedule::OnRefresh { quiet_seconds } => {
            line.push("--on-refresh");
            if quiet_seconds.is_some() {
                line.extend(["--quiet-seconds"].into_iter().chain(parts.last().copied()));
            }
        }
    }
    if let Some(zone) = &zone {
        line.extend(["--tz", zone.as_str()]);
    }
    Ok(Wish::line(&line, &[name]))
}

/// Asks whose hours the times of a schedule are, until that is a time zone.
async fn ask_zone(prompt: &Prompt, usual: &Zone) -> Answered<String> {
    let words = &prompt.words;
    loop {
        let question = prompt.about("ask-about-zone");
        let typed = question
            .text(&words.text("label-zone"), usual.name())
            .await?;
        match typed.parse::<Zone>() {
            Ok(zone) => return Ok(zone.name().to_owned()),
            Err(_why) => say(&words.no_zone(&typed).render(words)),
        }
    }
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
