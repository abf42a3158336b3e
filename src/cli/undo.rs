use std::io::IsTerminal;

use serde_json::json;

use super::Context;
use super::args::UndoFlags;
use super::context::Failure;
use super::history::print_end;
use super::live::{Manner, follow};
use super::out::{print, print_json, say};
use super::signals::Signals;
use crate::domain::{Destination, StartedBy};
use crate::export::{
    Ended, Ending, Error, Offer, Options, Order, Outcome, Report, Voice, offer_undo, start_undo,
};
use crate::store::{RunFolder, RunId, Runs};

/// Takes a run back: says what that means, asks, does it. For programs there is one line of JSON, whatever came of it.
pub(super) async fn run(context: &Context, flags: &UndoFlags) -> Result<u8, Failure> {
    let undone = undo(context, flags).await;
    if let Err(failure) = &undone {
        let outcome = if failure.exit == 4 {
            Outcome::SignInNeeded
        } else {
            Outcome::Failed
        };
        print_nothing_done(context, &flags.name, outcome, failure.exit);
    }
    undone
}

async fn undo(context: &Context, flags: &UndoFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    let name = destination.name.to_string();
    let failed = |why| context.failed_for(&destination, &why);
    let order = order(context, destination.clone()).await.map_err(failed)?;
    let offer = offer_undo(&order, flags.run.as_deref());
    let offer = offer.await.map_err(failed)?;
    for line in context.words.offer(&offer) {
        say(&line);
    }
    if !context
        .confirm(&context.words.ask_undo(&offer), flags.yes)
        .await?
    {
        return Ok(0);
    }
    // From here on a signal ends it in order.
    let mut signals = Signals::listen();
    let manner = match Manner::of(context) {
        Manner::Json => Manner::Plain,
        manner => manner,
    };
    let undoing = start_undo(order, offer.run.clone());
    let ending = follow(context, undoing, &name, manner, &mut signals).await;
    Ok(tell(context, &destination, &offer, &ending))
}

/// Makes the order of an undo: as that of a run, without a source.
pub(super) async fn order(context: &Context, destination: Destination) -> Result<Order, Error> {
    let Voice { advice, explain } = context.words.voice();
    let surroundings = &context.surroundings;
    Ok(Order {
        access: surroundings.access_for(&destination).await?,
        home: surroundings.home.clone(),
        destination,
        is_saved: true,
        source: None,
        options: Options::default(),
        started_by: StartedBy::Command,
        advice,
        explain,
    })
}

/// Tells how an undo ended; gives its exit code.
fn tell(context: &Context, destination: &Destination, offer: &Offer, ending: &Ending) -> u8 {
    let exit = match (&ending.report, &ending.failure) {
        (Some(report), _) => report.ended.exit,
        (None, Some(why)) => why.exit(),
        (None, None) => 0,
    };
    let name = destination.name.as_str();
    match &ending.report {
        Some(report) if context.json => print_ended(report),
        Some(report) if std::io::stdout().is_terminal() => print_end(context, report),
        Some(report) => print_lines(report),
        None => print_nothing_done(context, name, Outcome::Failed, exit),
    }
    if let Some(report) = &ending.report {
        tell_rest(context, name, offer, report);
    }
    let told = ending.failure.as_ref();
    if let Some(why) = told.filter(|_| !matches!(exit, 130 | 143)) {
        let _told = context.failed_for(destination, why).tell(&context.words);
    }
    exit
}

/// Tells people what is left, and how to go on.
fn tell_rest(context: &Context, name: &str, offer: &Offer, report: &Report) {
    let counters = &report.ended.counters;
    if std::io::stdout().is_terminal() && !context.json {
        say("");
    }
    if let Some(path) = left_at(context, report) {
        let args = [
            ("count", counters.left.into()),
            ("path", path.as_str().into()),
        ];
        context.say_leading(&context.words.with("undo-left", &args), &path);
    }
    if report.ended.outcome != Outcome::Done {
        let args = [("name", name.into()), ("run", offer.run.as_str().into())];
        say(&context.words.with("undo-again", &args));
    }
}

/// Finds the list of those who were left, where there are some.
fn left_at(context: &Context, report: &Report) -> Option<String> {
    let id = RunId::parse(&report.run).filter(|_| report.ended.counters.left > 0)?;
    let runs = Runs::of(&context.surroundings.home).list().ok()?;
    let run: Option<RunFolder> = runs.into_iter().find(|run| run.id == id);
    run.map(|run| run.left().display().to_string())
}

/// The keys of the JSON, and their values where nothing was done.
fn print_ended(report: &Report) {
    let Ended {
        outcome,
        exit,
        counters,
        report: path,
        ..
    } = &report.ended;
    print_json(&json!({
        "event": "ended",
        "destination": report.destination,
        "run": report.run,
        "undoes": report.undo.undoes,
        "outcome": outcome,
        "exit": exit,
        "archived": counters.archived,
        "restored": counters.restored,
        "left": counters.left,
        "lost": report.undo.lost,
        "remaining": counters.remaining,
        "calls": counters.calls,
        "writes": counters.writes,
        "retries": counters.retries,
        "throttled": counters.throttled,
        "duration_ms": counters.duration_ms,
        "report": path,
    }));
}

fn print_lines(report: &Report) {
    let counters = &report.ended.counters;
    print(&format!("run: {}", report.run));
    let undoes = report.undo.undoes.as_deref();
    print(&format!("undoes: {}", undoes.unwrap_or_default()));
    for (key, count) in [
        ("archived", counters.archived),
        ("restored", counters.restored),
        ("left", counters.left),
        ("lost", report.undo.lost),
        ("remaining", counters.remaining),
        ("calls", counters.calls),
        ("writes", counters.writes),
        ("duration_ms", counters.duration_ms),
    ] {
        print(&format!("{key}: {count}"));
    }
    print(&format!("report: {}", report.ended.report));
}

/// Tells a program that nothing was done.
fn print_nothing_done(context: &Context, destination: &str, outcome: Outcome, exit: u8) {
    if context.json {
        print_json(&json!({
            "event": "ended", "destination": destination, "run": null, "undoes": null, "outcome": outcome,
            "exit": exit, "archived": 0, "restored": 0, "left": 0, "lost": 0, "remaining": 0, "calls": 0,
            "writes": 0, "retries": 0, "throttled": 0, "duration_ms": 0, "report": "",
        }));
    }
}
