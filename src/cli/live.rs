//! What a run says while it goes on: a live line on a terminal, plain lines without one, JSON lines for programs.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval};
use unicode_width::UnicodeWidthChar;

use super::Context;
use super::out::{print_json, say, say_in_place};
use super::signals::Signals;
use crate::export::{Ending, Error, Gap, Message, Progress, Running, Warning};

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
    pub fn of(context: &Context) -> Self {
        match (context.json, context.plain || !stderr().is_terminal()) {
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

/// Follows a run to its end. The first signal lets it finish what is in flight, the second drops that too.
pub(super) async fn follow(
    context: &Context,
    running: Running,
    destination: &str,
    manner: Manner,
    signals: &mut Signals,
) -> Ending {
    let Running {
        progress,
        stop,
        mut done,
    } = running;
    let mut shown = Shown {
        context,
        destination,
        manner,
        begun: false,
        last: Instant::now(),
        told: Duration::ZERO,
        gap: None,
        holder: None,
    };
    // What is told at once is not held back until the next plain line.
    let mut tick = interval(manner.pause().min(Duration::from_millis(500)));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ending = loop {
        tokio::select! {
            ending = &mut done => break ending,
            exit = signals.next() => {
                shown.clear();
                say(&context.words.text("command-stopping"));
                stop.ask(exit);
            }
            _ = tick.tick() => {
                let now = progress.borrow().clone();
                shown.show(&now);
            }
        }
    };
    let last = progress.borrow().clone();
    shown.begin(&last);
    shown.tell_gap(&last);
    shown.clear();
    ending.unwrap_or_else(|why| Ending {
        report: None,
        failure: Some(Error::Broken(why.to_string())),
    })
}

/// What has been said of a run so far.
struct Shown<'a> {
    context: &'a Context,
    destination: &'a str,
    manner: Manner,
    begun: bool,
    last: Instant,
    /// The time of the last wait that was told.
    told: Duration,
    /// What was told of the audience's counts.
    gap: Option<Gap>,
    /// For whom it was told to wait.
    holder: Option<String>,
}

impl Shown<'_> {
    /// Says once that the run has begun, as soon as it has a name.
    fn begin(&mut self, progress: &Progress) {
        if self.manner == Manner::Json && !self.begun && !progress.run.is_empty() {
            self.begun = true;
            let (run, destination) = (&progress.run, self.destination);
            let resumed = &progress.resumed;
            print_json(
                &json!({"event": "started", "run": run, "destination": destination, "resumed": resumed}),
            );
        }
    }

    /// Tells on stderr, in every manner, of the waits that a service asked for since the last time.
    fn tell_waits(&mut self, progress: &Progress) {
        for (at, message) in &progress.messages {
            if let (Message::Waits(asker, pause), true) = (message, *at > self.told) {
                self.clear();
                say(&self.context.words.asked_to_wait(*asker, *pause));
                self.told = *at;
            }
        }
    }

    /// Tells at once, and once of each, for whom the run waits before it begins.
    fn tell_queued(&mut self, progress: &Progress) {
        if self.holder == progress.holder {
            return;
        }
        self.holder.clone_from(&progress.holder);
        if self.holder.is_some() && self.manner != Manner::Live {
            say(&self.context.words.progress(progress));
            if self.manner == Manner::Json {
                print_progress(progress);
            }
        }
    }

    /// Tells once that the audience's counts do not agree with what was read.
    fn tell_gap(&mut self, progress: &Progress) {
        if let (None, Some(gap)) = (self.gap, progress.gap) {
            self.clear();
            say(&self
                .context
                .words
                .warning(&Warning::AudienceCountsDiffer(gap)));
            self.gap = Some(gap);
        }
    }

    fn show(&mut self, progress: &Progress) {
        self.begin(progress);
        self.tell_queued(progress);
        self.tell_waits(progress);
        self.tell_gap(progress);
        let early = self.manner == Manner::Plain && self.last.elapsed() < self.manner.pause();
        // The first that a program reads is that the run started, or that it waits.
        let first = self.manner == Manner::Json && !self.begun;
        if progress.phase.is_none() || early || first {
            return;
        }
        self.last = Instant::now();
        match self.manner {
            Manner::Json => print_progress(progress),
            Manner::Plain => say(&self.context.words.progress(progress)),
            Manner::Live => {
                let columns = (self.context.columns)().unwrap_or(USUAL_COLUMNS);
                let room = usize::from(columns).saturating_sub(1);
                say_in_place(fitting(&self.context.words.progress(progress), room));
            }
        }
    }

    fn clear(&self) {
        if self.manner == Manner::Live {
            say_in_place("");
        }
    }
}

/// Prints for programs how far the run is.
fn print_progress(progress: &Progress) {
    let (done, total) = progress.done();
    print_json(&json!({
        "event": "progress",
        "phase": progress.phase,
        "done": done,
        "total": total,
        "in_flight": progress.in_flight(),
        "rate": (progress.rate() * 10.0).round() / 10.0,
    }));
}

/// The width of a terminal that does not tell.
const USUAL_COLUMNS: u16 = 80;

/// Takes what fits into so many columns: the line is cut, never wrapped.
fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn the_live_line_is_cut_by_its_width_on_the_screen() {
        assert_eq!(fitting("Delivering", 20), "Delivering");
        assert_eq!(fitting("Delivering", 4), "Deli");
        assert_eq!(fitting("日本語", 5), "日本");
        assert_eq!(fitting("日本語", 0), "");
    }
}
