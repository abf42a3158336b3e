use std::time::Duration;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Context;
use super::args::HistoryFlags;
use super::context::Failure;
use super::out::{print, print_columns, print_json, print_told, say};
use crate::domain::{DestinationId, State};
use crate::export::{Counters, Past, Queued, Report, Unreadable, can_undo, history, queued};
use crate::store::Destinations;
use crate::words::{Explain, Explanation, Next, Part, Words, shell_word};

/// How wide a line may be, so that it fits the narrowest usual terminal.
const WIDTH: usize = 80;
/// How wide the column of their names is.
const RUN: usize = 25;
/// How wide the column of states is.
const STATE: usize = 14;
/// How far the second line of a run is set in.
const INDENT: &str = "    ";

/// Lists the runs of a destination, or of all, the newest first; or shows one of them in full.
pub(super) fn run(context: &Context, flags: &HistoryFlags) -> Result<u8, Failure> {
    let whose = flags.name.as_deref().map(|name| named(context, name));
    let whose = whose.transpose()?;
    let runs = history(&context.surroundings.home, whose.as_ref());
    let runs = runs.map_err(|why| context.failed(why))?;
    if let (Some(name), Some(wanted)) = (&flags.name, &flags.run) {
        let id = |run: &Result<Past, Unreadable>| match run {
            Ok(past) => past.run.id.as_str() == wanted,
            Err(unreadable) => unreadable.run.id.as_str() == wanted,
        };
        return match runs.into_iter().find(id) {
            None => Err(unknown_run(context, name, wanted)),
            Some(Err(unreadable)) => Err(context.failed(unreadable.why)),
            Some(Ok(past)) if context.json => {
                print_json(&as_json(context, &past));
                Ok(0)
            }
            Some(Ok(past)) => {
                show(context, &past);
                Ok(0)
            }
        };
    }
    let waiting = queued(&context.surroundings.home, whose.as_ref());
    let mut waiting = waiting.map_err(|why| context.failed(why))?;
    // The newest first, as the runs are.
    waiting.reverse();
    if context.json {
        let all = runs.iter().map(|run| match run {
            Ok(past) => as_json(context, past),
            Err(unreadable) => unreadable_as_json(unreadable, &context.words),
        });
        let waiting = waiting.iter().map(queued_as_json);
        print_json(&waiting.chain(all).collect::<Vec<_>>());
    } else if runs.is_empty() && waiting.is_empty() {
        say(&context.words.text("history-none"));
    } else {
        for line in waiting
            .iter()
            .flat_map(|one| queued_lines(&context.words, one, whose.is_none()))
        {
            print(&line);
        }
        for run in &runs {
            for line in lines(context, run, whose.is_none()) {
                print(&line);
            }
        }
    }
    Ok(0)
}

/// Finds whose history is meant: a saved destination, or one of the past whose runs are still remembered.
fn named(context: &Context, typed: &str) -> Result<DestinationId, Failure> {
    let unknown = match context.destination(typed) {
        Ok(destination) => return Ok(destination.id()),
        Err(unknown) => unknown,
    };
    let past = DestinationId::parse(typed).ok().filter(|id| {
        let runs = history(&context.surroundings.home, Some(id));
        runs.is_ok_and(|runs| !runs.is_empty())
    });
    past.ok_or(unknown)
}

/// Says that a destination has no such run: exit 2.
pub(super) fn unknown_run(context: &Context, name: &str, run: &str) -> Failure {
    let args = [("run", run.into()), ("name", name.into())];
    let what = context.words.with("rejects-unknown-run", &args);
    let line = format!("segue history {}", shell_word(name));
    Failure::usage(what, Next::Run(line))
}

/// Why a run failed, or did not end.
fn failure(context: &Context, past: &Past) -> Option<Explanation> {
    let unfinished = past.why_unfinished();
    let unfinished = unfinished.map(|why| why.explain(&context.words));
    let kept = past.report.failure.as_ref();
    kept.map(|kept| context.words.read(kept).clone())
        .or(unfinished)
}

/// A run as an `ended` object with what history adds; what is not known yet is null.
fn as_json(context: &Context, past: &Past) -> Value {
    let mut value = serde_json::to_value(&past.report).unwrap_or_default();
    let Value::Object(told) = &mut value else {
        return value;
    };
    // Whole profiles' ids are the rejects' business, and whether calls are in doubt the next run's.
    for kept in ["merges", "settled", "interrupted", "skipped_for"] {
        told.remove(kept);
    }
    told.insert("event".to_owned(), json!("ended"));
    told.insert("destination".to_owned(), json!(past.name));
    told.insert("state".to_owned(), json!(past.state));
    told.insert("failure".to_owned(), json!(failure(context, past)));
    if past.ended_at.is_none() {
        told.insert("event".to_owned(), json!("started"));
        for unknown in ["ended_at", "outcome", "exit"] {
            told.insert(unknown.to_owned(), Value::Null);
        }
    }
    value
}

/// A run that waits has the keys of the others; it has no name and no files yet.
fn queued_as_json(queued: &Queued) -> Value {
    let mut value = serde_json::to_value(Counters::default()).unwrap_or_default();
    let known = json!({
        "event": "queued",
        "run": null,
        "destination": queued.name,
        "state": State::Queued,
        "started_at": queued.since,
        "ended_at": null,
        "started_by": queued.started_by,
        "holder": queued.holder,
        "outcome": null,
        "exit": null,
        "guard": null,
        "resumed": null,
        "report": null,
        "failure": null,
    });
    if let (Value::Object(told), Value::Object(known)) = (&mut value, known) {
        told.extend(known);
    }
    value
}

/// A run whose report cannot be read has the keys that tell runs apart, and says why.
fn unreadable_as_json(unreadable: &Unreadable, words: &Words) -> Value {
    json!({
        "event": null,
        "run": unreadable.run.id,
        "destination": unreadable.destination,
        "state": null,
        "started_at": unreadable.run.id.time(),
        "ended_at": null,
        "started_by": null,
        "outcome": null,
        "broken": words.why_broken(&unreadable.why),
    })
}

/// Writes a run into two lines or three: what and when, then whose and how many.
fn lines(context: &Context, run: &Result<Past, Unreadable>, with_name: bool) -> Vec<String> {
    let words = &context.words;
    let past = match run {
        Ok(past) => past,
        Err(unreadable) => {
            let why = [("why", words.unreadable(&unreadable.why).into())];
            let name = unreadable.destination.iter().filter(|_| with_name);
            let told = [words.with("history-unreadable", &why)];
            let mut lines = vec![format!("{}  ✗", unreadable.run.id)];
            lines.extend(wrapped(name.cloned().chain(told)));
            return lines;
        }
    };
    let report = &past.report;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(with_name.then(|| past.name.clone()));
    parts.push(words.started_by(report.started_by));
    parts.extend(words.kin(report));
    let (total, of) = words.total(report);
    parts.push(format!("{} {of}", words.number(total)));
    parts.extend(Some(words.in_short(report)).filter(|told| !told.is_empty()));
    let failure = report.failure.as_ref();
    parts.extend(failure.map(|kept| words.read(kept).what.clone()));
    parts.extend(
        past.why_unfinished()
            .map(|_| words.text("history-interrupted-next")),
    );
    // How many were rejected, and what was undone, stands below.
    let state = format!("{} {}", past.sign(), words.state(past.state));
    let mut times = times(past, state, words);
    if let Some(state) = times.first_mut() {
        *state += &" ".repeat(STATE.saturating_sub(state.width()));
    }
    let mut lines = vec![format!("{}  {}", past.run.id, times.join("  "))];
    lines.extend(wrapped(parts));
    lines
}

/// Writes a run that waits as the others are written: there is no name yet to put before it.
fn queued_lines(words: &Words, queued: &Queued, with_name: bool) -> Vec<String> {
    let state = format!("{} {}", State::Queued.sign(), words.state(State::Queued));
    let blanks = " ".repeat(STATE.saturating_sub(state.width()));
    let since = words.date_time(queued.since);
    let mut lines = vec![format!("{:RUN$}  {state}{blanks}  {since}", "-")];
    let name = with_name.then(|| queued.name.clone());
    let holder = [("holder", queued.holder.as_str().into())];
    let why = words.with("run-queued", &holder);
    lines.extend(wrapped(
        name.into_iter()
            .chain([words.started_by(queued.started_by), why]),
    ));
    lines
}

/// Says how a run stands, in these words, when it began, and how long it took where that is known.
fn times(past: &Past, state: String, words: &Words) -> Vec<String> {
    let report = &past.report;
    let took = past.ended_at.filter(|_| past.state != State::Interrupted);
    let took = took.map(|_| Duration::from_millis(report.ended.counters.duration_ms));
    let mut times = vec![state, words.date_time(report.started_at)];
    times.extend(took.map(|took| words.duration(took)));
    times
}

/// Joins parts into lines that are not too wide, as far as no single part is.
fn wrapped(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width() + 3 + part.width() <= WIDTH => {
                line.push_str(" · ");
                line.push_str(&part);
            }
            _ => lines.push(format!("{INDENT}{part}")),
        }
    }
    lines
}

/// Shows all that is known of a run.
fn show(context: &Context, past: &Past) {
    let (words, report) = (&context.words, &past.report);
    print(&format!("{} · {}", past.name, past.run.id));
    let by = words.started_by(report.started_by);
    print(&format!(
        "{} · {by}",
        times(past, words.standing(past), words).join(" · ")
    ));
    for line in words.kin(report) {
        print(&line);
    }
    if let Some(why) = failure(context, past) {
        print("");
        print(&why.render(words));
    }
    print("");
    print_sum(words, words.total(report), Part::of(report));
    for line in words.why_not(&report.ended.counters) {
        print(&line);
    }
    print_segments(words, report);
    if let Some(consent) = &report.consent {
        let facts = words.consent_in_force(consent);
        let facts = facts.map(|(label, value)| vec![words.label(label), value]);
        print_columns(&facts);
    }
    hints(context, past);
}

/// Prints how many there were, and below that what became of them.
fn print_sum(words: &Words, (total, of): (u64, String), parts: Vec<(Part, u64)>) {
    let mut sums = vec![(String::new(), total, of)];
    for (part, count) in parts {
        let sign = if sums.len() == 1 { "=" } else { "+" };
        sums.push((sign.to_owned(), count, words.part(part, count)));
    }
    print_numbers(words, sums);
}

/// Prints what would become of how many.
pub(super) fn print_parts(words: &Words, parts: Vec<(Part, u64)>) {
    let parts = parts.into_iter();
    let parts = parts.map(|(part, count)| (String::new(), count, words.part(part, count)));
    print_numbers(words, parts.collect());
}

/// Says how a run ended, how long it took and what became of how many, for people at a terminal.
pub(super) fn print_end(context: &Context, report: &Report) {
    let words = &context.words;
    let took = Duration::from_millis(report.ended.counters.duration_ms);
    let (ended, took) = (words.ended(report), words.duration(took));
    print(&format!("{} {ended} · {took}", report.sign()));
    if report.stopped_reading() {
        print(&words.text("report-stopped-reading"));
    } else {
        print_sum(words, words.total(report), Part::of(report));
    }
    // What a demo kept is gone when somebody could look.
    if !context.demo {
        let path = report.ended.report.as_str();
        let args = [("path", path.into())];
        context.print_leading(&words.with("history-report", &args), path);
    }
}

/// Prints numbers as people add them up: the last digits below each other.
fn print_numbers(words: &Words, lines: Vec<(String, u64, String)>) {
    let numbers = lines.iter().map(|(_, count, _)| words.number(*count));
    let wide = numbers.map(|number| number.width()).max().unwrap_or(0);
    for (sign, count, word) in lines {
        let count = words.number(count);
        let blanks = " ".repeat(wide - count.width());
        print_told(&format!("{sign:>3} {blanks}{count} {word}"));
    }
}

fn print_segments(words: &Words, report: &Report) {
    let segments = &report.ended.counters.segments;
    if segments.is_empty() {
        return;
    }
    let head = ["history-segment", "history-profiles", "history-members"];
    let mut rows = vec![head.map(|key| words.text(key)).to_vec()];
    rows.extend(segments.iter().map(|(label, sum)| {
        let [profiles, members] = [sum.profiles, sum.members].map(|count| words.number(count));
        vec![label.clone(), profiles, members]
    }));
    print("");
    print_columns(&rows);
    print("");
}

/// Says what deserves a look, and which commands lead on.
fn hints(context: &Context, past: &Past) {
    let (words, report) = (&context.words, &past.report);
    if report.limited {
        let count = [("count", report.ended.counters.profiles.into())];
        print(&words.with("run-limited", &count));
    }
    for warning in report.ended.counters.warnings() {
        print(&format!("! {}", words.warning(&warning)));
    }
    let (name, run) = (shell_word(&past.name), &past.run.id);
    if report.ended.counters.rejected > 0 && past.run.rejects().exists() {
        let line = words.to_run(&format!("segue rejects {name} {run}"));
        print(&words.with("run-see-rejects", &[("line", line.into())]));
    }
    let is_over = past.ended_at.is_some();
    let home = &context.surroundings.home;
    let saved = Destinations::of(home).find(&past.name).ok().flatten();
    if is_over && saved.is_some_and(|saved| can_undo(home, &saved, run)) {
        let line = words.to_run(&format!("segue undo {name} {run}"));
        print(&words.with("history-undo", &[("line", line.into())]));
    }
    let path = past.run.report();
    if path.exists() {
        let path = path.display().to_string();
        let args = [("path", path.as_str().into())];
        context.print_leading(&words.with("history-report", &args), &path);
    }
}
