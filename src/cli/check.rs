use std::io::IsTerminal;

use serde_json::json;

use super::Context;
use super::args::CheckFlags;
use super::context::Failure;
use super::diff;
use super::history::print_parts;
use super::out::{in_one_piece, print, print_json, say};
use super::run::order;
use super::signals::Signals;
use crate::deliver::Stop;
use crate::export::{Checked, Error, Options, check};
use crate::words::Part;

/// Tells what a run would do. Warnings are for people on stderr, and listed in the JSON.
pub(super) async fn run(context: &Context, flags: &CheckFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    let context = &context.speaking_of(&destination);
    let options = Options {
        trust_counts: flags.trust_counts,
        diff: flags.diff,
        ..Options::default()
    };
    let failed = |why| context.failed_for(&destination, &why);
    let order = order(context, destination.clone(), options)
        .await
        .map_err(failed)?;
    let (stop, mut signals) = (Stop::default(), Signals::listen());
    let checking = check(order, stop.clone());
    tokio::pin!(checking);
    let checked = tokio::select! {
        checked = &mut checking => checked.map_err(failed)?,
        exit = signals.next() => {
            // Nothing is written by a check, so there is nothing to finish but its own clearing up.
            stop.ask();
            let _cleared_up = checking.await;
            return Ok(exit);
        }
    };
    let told = if flags.csv {
        say(&context.words.totals(&checked.would));
        say_warnings(context, &checked);
        let diff = checked.diff.as_ref();
        in_one_piece(|| diff.map_or(Ok(()), |diff| diff::print_csv(context, diff)))
    } else {
        tell(context, &checked)
    };
    told.map_err(|why| context.failed_for(&destination, &why))?;
    Ok(checked.exit)
}

/// Prints a check's sums, warnings, and changes where they were asked for.
fn tell(context: &Context, checked: &Checked) -> Result<(), Error> {
    let warnings: Vec<String> = checked
        .warnings
        .iter()
        .map(|warning| context.words.warning(warning))
        .collect();
    if context.json {
        let told = json!({
            "would": checked.would,
            "calls_of_run": checked.run.calls,
            "seconds_of_run": checked.run.seconds,
            "warnings": warnings,
        });
        if let Some(diff) = &checked.diff {
            return in_one_piece(|| diff::print_json(context, &told, diff));
        }
        print_json(&told);
        return Ok(());
    }
    in_one_piece(|| {
        print_would(context, checked);
        let diff = checked.diff.as_ref();
        diff.map_or(Ok(()), |diff| diff::print_lines(context, diff))
    })?;
    if !std::io::stdout().is_terminal() {
        say(&context.words.totals(&checked.would));
    }
    say_warnings(context, checked);
    Ok(())
}

/// Prints the counters, or what would become of how many where a person reads that.
fn print_would(context: &Context, checked: &Checked) {
    let would = &checked.would;
    if std::io::stdout().is_terminal() {
        let profiles = [("count", would.profiles.into())];
        print(&context.words.with("ui-check-of", &profiles));
        return print_parts(&context.words, Part::exported(would));
    }
    for (key, value) in would.lines() {
        print(&format!("{key}: {value}"));
    }
}

/// Says why profiles are left alone or refused, and what a person should know before a run.
pub(super) fn say_warnings(context: &Context, checked: &Checked) {
    for line in context.words.why_not(&checked.would) {
        say(&line);
    }
    say(&context.words.forecast(&checked.run));
    for warning in &checked.warnings {
        let warning = context.words.warning(warning);
        say(&context
            .words
            .with("command-warning", &[("warning", warning.into())]));
    }
}
