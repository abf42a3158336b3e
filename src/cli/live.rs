//! What a run says while it goes on: a live line on a terminal, plain lines without one, JSON lines for programs.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Context;
use super::out::{print_json, say, say_in_place};
use crate::export::{Ending, Error, Message, Phase, Progress, Running};
use crate::words::Words;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// One line that changes, on a terminal.
    Live,
    /// A line now and then.
    Plain,
    /// JSON lines on stdout.
    Json,
}

impl Manner {
    /// Chooses: JSON when asked for, the live line on a terminal, plain lines otherwise.
    pub fn of(context: &Context, plain: bool) -> Self {
        match (context.json, plain || !stderr().is_terminal()) {
            (true, _) => Self::Json,
            (false, true) => Self::Plain,
            (false, false) => Self::Live,
        }
    }

    fn pause(self) -> Duration {
        match self {
            Self::Live => Duration::from_millis(100),
            Self::Plain => Duration::from_secs(10),
            Self::Json => Duration::from_millis(500),
        }
    }
}

/// The signals that ask a command to end, listened to from the moment this is made, so that none is lost.
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<(tokio::signal::unix::Signal, u8)>,
}

impl Signals {
    /// Begins to listen. What cannot be listened to ends the program as it always did.
    pub fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let kinds = [
                (SignalKind::interrupt(), 130),
                (SignalKind::terminate(), 143),
                (SignalKind::hangup(), 143),
            ];
            let streams = kinds
                .into_iter()
                .filter_map(|(kind, exit)| Some((signal(kind).ok()?, exit)));
            Self {
                streams: streams.collect(),
            }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for the next one, and tells the exit code that belongs to it.
    pub async fn next(&mut self) -> u8 {
        #[cfg(unix)]
        {
            let waiting = self.streams.iter_mut().map(|(stream, exit)| {
                Box::pin(async move {
                    stream.recv().await;
                    *exit
                })
            });
            let waiting: Vec<_> = waiting.collect();
            if !waiting.is_empty() {
                return futures_util::future::select_all(waiting).await.0;
            }
        }
        let _interrupted = tokio::signal::ctrl_c().await;
        130
    }
}

/// Follows a run to its end. The first signal lets it finish what is in flight, the second drops that too.
pub(super) async fn follow(
    context: &Context,
    running: Running,
    destination: &str,
    manner: Manner,
    signals: &mut Signals,
) -> Ending {
    let Running {
        mut progress,
        stop,
        mut done,
    } = running;
    if manner == Manner::Json {
        let begun = progress.wait_for(|progress| !progress.run.is_empty()).await;
        if let Ok(progress) = begun {
            let run = progress.run.clone();
            print_json(
                &json!({"event": "started", "run": run, "destination": destination, "resumed": null}),
            );
        }
    }
    // What is told at once is not held back until the next plain line.
    let mut tick = interval(manner.pause().min(Duration::from_millis(500)));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut last, mut told) = (Instant::now(), Duration::ZERO);
    let ending = loop {
        tokio::select! {
            ending = &mut done => break ending,
            exit = signals.next() => {
                if manner == Manner::Live {
                    clear();
                }
                say(&context.words.text("command-stopping"));
                stop.ask(exit);
            }
            _ = tick.tick() => {
                let now = progress.borrow().clone();
                told = tell_waits(context, &now, told, manner);
                if now.phase.is_some() && (manner != Manner::Plain || last.elapsed() >= manner.pause()) {
                    last = Instant::now();
                    show(context, &now, manner);
                }
            }
        }
    };
    if manner == Manner::Live {
        clear();
    }
    ending.unwrap_or_else(|why| Ending {
        report: None,
        failure: Some(Error::Broken(why.to_string())),
    })
}

/// Tells on stderr, in every manner, of the waits that a service asked for after `told`; gives the time of the last.
fn tell_waits(context: &Context, progress: &Progress, told: Duration, manner: Manner) -> Duration {
    let mut latest = told;
    for (at, message) in &progress.messages {
        if let (Message::Waits(asker, pause), true) = (message, *at > told) {
            if manner == Manner::Live {
                clear();
            }
            say(&context.words.asked_to_wait(*asker, *pause));
            latest = *at;
        }
    }
    latest
}

fn show(context: &Context, progress: &Progress, manner: Manner) {
    let (done, total) = progress.done();
    match manner {
        Manner::Json => print_json(&json!({
            "event": "progress",
            "phase": progress.phase,
            "done": done,
            "total": total,
            "in_flight": progress.in_flight(),
            "rate": (progress.rate() * 10.0).round() / 10.0,
        })),
        Manner::Plain => say(&line(&context.words, progress)),
        Manner::Live => {
            let width = terminal_width().saturating_sub(1).max(20);
            let text: String = line(&context.words, progress).chars().take(width).collect();
            say_in_place(&text);
        }
    }
}

fn clear() {
    say_in_place("");
}

/// The width that the shell exports, or the usual 80; the line is cut, not wrapped.
fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(80)
}

fn line(words: &Words, progress: &Progress) -> String {
    let (done, total) = progress.done();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate to look at"
    )]
    let rate = progress.rate().round() as u64;
    let args = [
        ("done", done.into()),
        ("total", total.into()),
        ("rate", rate.into()),
    ];
    match progress.phase {
        Some(Phase::Waiting) => words.text("run-waiting"),
        None | Some(Phase::Reading) => words.with("run-reading", &args),
        Some(Phase::Comparing) => words.with("run-comparing", &args),
        Some(Phase::Delivering) => {
            let counters = &progress.counters;
            let more = [
                ("in-flight", (progress.in_flight() as u64).into()),
                ("rejected", counters.rejected.into()),
                ("suppressed", counters.suppressed.into()),
            ];
            let all: Vec<_> = args.into_iter().chain(more).collect();
            words.with("run-delivering", &all)
        }
    }
}
