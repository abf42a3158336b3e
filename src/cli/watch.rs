use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::Context;
use super::args::WatchFlags;
use super::context::Failure;
use super::out::{print, print_json, say};
use super::run::{gravest, print_ended};
use super::signals::Signals;
use crate::domain::{Schedule, StartedBy, State};
use crate::export::{Error, Report, StopHandle, finish_of_nobody};
use crate::watch::{Event, Tell, VoiceOf, Watcher};
use crate::words::{Explain, Explanation, Words, shell_word};

/// Sees to the schedules of the home until a signal comes, or does once what is due now.
pub(super) async fn run(
    context: &Context,
    flags: &WatchFlags,
    signals: &mut Signals,
) -> Result<u8, Failure> {
    let by = if flags.once {
        StartedBy::Once
    } else {
        StartedBy::Watch
    };
    let strangers = finish_of_nobody(&context.surroundings.home);
    if let Some(told) = strangers.and_then(|found| context.words.finding(&found)) {
        let warning = [("warning", told.what.into())];
        say(&context.words.with("command-warning", &warning));
    }
    let (words, json) = (context.words.clone(), context.json);
    let once = flags.once;
    let tell: Tell = Arc::new(move |event| match event {
        event if json => print_event(&words, event),
        Event::Watching { schedules, next } if once => say_once(&words, schedules, next),
        // Whoever calls it from cron throws standard output away, and gets by mail what goes wrong.
        event if once && !is_trouble(&event) => tell_event(&words, event, print),
        event => tell_event(&words, event, say),
    });
    let surroundings = context.surroundings.clone();
    let words = context.words.clone();
    let voice_of: VoiceOf = Arc::new(move |name| words.speaking_of(name.as_str()).voice());
    let watcher = Watcher::new(surroundings, voice_of, by, tell);
    let stop = StopHandle::default();
    let watching = watcher.watch(flags.once, &stop);
    tokio::pin!(watching);
    let exits = loop {
        tokio::select! {
            exits = &mut watching => break exits,
            exit = signals.next() => {
                say(&context.words.text("watch-stopping"));
                stop.ask(exit);
            }
        }
    };
    let exits = exits.map_err(|why| context.failed(why))?;
    // What became of each was told: it is the signal that ends a watcher, and once everything has ended the gravest exit.
    Ok(if flags.once {
        if exits.is_empty() && !json {
            print(&context.words.text("watch-nothing-due"));
        }
        gravest(&exits)
    } else {
        stop.code()
    })
}

fn print_event(words: &Words, event: Event) {
    match event {
        Event::Watching { schedules, next } => print_json(&json!({
            "event": "watching", "schedules": schedules, "next_run": next.map(|(at, _)| at),
        })),
        Event::Hindered(failure) => print_json(&json!({
            "event": "hindered", "why": failure.explain(words).what,
        })),
        Event::Broken(name, why) => print_json(&json!({
            "event": "broken", "destination": name, "why": words.why_broken(&why),
        })),
        Event::Waits(name) => print_json(&json!({
            "event": "queued", "destination": name, "for": "source", "holder": null,
        })),
        Event::Queued { name, holder } => print_json(&json!({
            "event": "queued", "destination": name, "for": "account", "holder": holder,
        })),
        Event::Started { name, run, resumed } => print_json(&json!({
            "event": "started", "run": run, "destination": name, "resumed": resumed,
        })),
        Event::Ended {
            name,
            report: Some(report),
            ..
        } => print_ended(Some(&name), &report.ended),
        Event::Ended { report: None, .. } => {}
        Event::Skipped { name, failed } => print_json(&json!({
            "event": "skipped", "destination": name, "failed": failed,
        })),
        Event::Unseen { name, failure } => print_json(&json!({
            "event": "unseen", "destination": name, "why": failure.explain(words).what,
        })),
        Event::Retry { name, at, .. } => print_json(&json!({
            "event": "retry", "destination": name, "retry_at": at,
        })),
        Event::Stopped { name, why } => print_json(&json!({
            "event": "stopped", "destination": name, "why": why.what,
        })),
        Event::Finish { name, why } => print_json(&json!({
            "event": "on_finish", "destination": name, "why": words.unfinished(&why),
        })),
    }
}

fn is_trouble(event: &Event) -> bool {
    match event {
        Event::Hindered(_)
        | Event::Broken(..)
        | Event::Unseen { .. }
        | Event::Stopped { .. }
        | Event::Finish { .. } => true,
        Event::Ended { failure, .. } => failure.is_some(),
        Event::Watching { .. }
        | Event::Waits(_)
        | Event::Queued { .. }
        | Event::Started { .. }
        | Event::Skipped { .. }
        | Event::Retry { .. } => false,
    }
}

fn tell_event(words: &Words, event: Event, tell: fn(&str)) {
    let about = |key: &str, name: &str, value: &str| {
        let args = [("name", name.into()), ("value", value.into())];
        words.with(key, &args)
    };
    let said = match event {
        Event::Watching { schedules, next } => watching(words, schedules, next),
        Event::Hindered(failure) => {
            let why = failure.explain(words).what;
            words.with("watch-hindered", &[("value", why.into())])
        }
        Event::Broken(name, why) => about("watch-broken", &name, &words.unreadable(&why)),
        Event::Waits(name) => about("watch-waits", &name, ""),
        Event::Queued { name, holder } => about("watch-queued", &name, holder.trim()),
        Event::Started { name, run, .. } => about("watch-started", &name, &run),
        Event::Ended {
            name,
            report,
            failure,
        } => match report {
            Some(report) => ended(words, &name, &report, failure.as_ref()),
            None => return,
        },
        Event::Skipped { name, failed } => about("watch-skipped", &name, &failed),
        Event::Unseen { name, failure } => {
            about("watch-unseen", &name, &failure.explain(words).what)
        }
        Event::Retry { name, at, schedule } => {
            about("watch-retry", &name, &words.due(&schedule, at))
        }
        Event::Stopped { name, why } => stopped(words, &name, &why),
        Event::Finish { name, why } => about("watch-finish", &name, &words.unfinished(&why)),
    };
    let time = words.date_time(Timestamp::now());
    tell(&format!("{time}  {said}"));
}

/// Says what there is for somebody who does not stay.
fn say_once(words: &Words, schedules: usize, next: Option<(Timestamp, Schedule)>) {
    let all = words.with("watch-once", &[("count", schedules.into())]);
    let next = next.map(|(next, schedule)| {
        let key = if next <= Timestamp::now() {
            "watch-due"
        } else {
            "schedule-next"
        };
        words.with(key, &[("time", words.due(&schedule, next).into())])
    });
    let parts: Vec<String> = [all].into_iter().chain(next).collect();
    print(&parts.join(" · "));
}

fn watching(words: &Words, schedules: usize, next: Option<(Timestamp, Schedule)>) -> String {
    let watching = words.with("watch-watching", &[("count", schedules.into())]);
    let next = next.map(|(next, schedule)| words.next_run(&schedule, next));
    let parts: Vec<String> = [watching].into_iter().chain(next).collect();
    parts.join(" · ")
}

/// Says how a run ended in a line: what came of its profiles, or why it failed.
fn ended(words: &Words, name: &str, report: &Report, failure: Option<&Error>) -> String {
    let state = words.state(report.state());
    let counters = &report.ended.counters;
    let unchanged = report.state() == State::Successful && counters.writes == 0;
    let (count, what) = words.total(report);
    let mut told = if unchanged {
        vec![words.text("watch-unchanged")]
    } else {
        let total = format!("{} {what}", words.number(count));
        vec![total, words.in_short(report)]
    };
    told.extend(failure.map(|why| why.explain(words).what));
    told.retain(|part| !part.is_empty());
    format!("{name}: {state} · {}", told.join(" · "))
}

fn stopped(words: &Words, name: &str, why: &Explanation) -> String {
    let line = words.to_run(&format!("segue run {}", shell_word(name)));
    let args = [
        ("name", name.into()),
        ("value", why.what.as_str().into()),
        ("line", line.into()),
    ];
    let told = words.with("watch-stopped", &args);
    // Nobody looks before something does: whoever reads this, maybe in a mail of cron, is to know all of it.
    format!("{told}\n{}", why.render_rest(words))
        .trim_end()
        .to_owned()
}
