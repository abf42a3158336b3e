use serde_json::json;

use super::Context;
use super::args::RejectsFlags;
use super::context::Failure;
use super::history::unknown_run;
use super::out::{print, print_json, print_people, say};
use super::remembered;
use crate::domain::{Destination, State};
use crate::export::{Error, Report, last_report_that};
use crate::store::{RejectReader, RunFolder, RunId, Runs, each_reject_line};

/// Lists the rejects of a run: a table, CSV, or one JSON object a line in an array. Or lists who is remembered as refused,
/// or forgets some of them.
pub(super) async fn run(context: &Context, flags: &RejectsFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    if flags.forget {
        return remembered::forget(context, &destination);
    }
    let named = flags.run.as_deref();
    let named = named.map(|text| self::named(context, &destination, text));
    let named = named.transpose()?;
    if flags.remembered {
        return remembered::list(context, &destination, named).await;
    }
    // A run that failed before it read anything has no rejects to tell of.
    let tells =
        |report: &Report| report.state() == State::Successful || report.ended.counters.profiles > 0;
    let last = || last_report_that(&context.surroundings.home, &destination.id(), tells);
    let run = match named {
        None => last()
            .map_err(|why| context.failed(why))?
            .map(|(run, _)| run),
        named => named,
    };
    let Some(run) = run else {
        say(&context.words.text("rejects-no-run"));
        if context.json {
            print("[]");
        }
        return Ok(0);
    };
    if flags.csv {
        each_reject_line(&run.rejects(), print).map_err(|why| context.failed(why))?;
        return Ok(0);
    }
    show(context, &run).map_err(|why| context.failed(why))
}

fn named(context: &Context, destination: &Destination, text: &str) -> Result<RunFolder, Failure> {
    let runs = Runs::of(&context.surroundings.home)
        .list()
        .map_err(|why| context.failed(why))?;
    let wanted = RunId::parse(text);
    // A run of another destination is as good as unknown here: its people are not this one's.
    let id = destination.id();
    runs.into_iter()
        .find(|run| Some(&run.id) == wanted.as_ref())
        .filter(|run| run.is_of(&id))
        .ok_or_else(|| unknown_run(context, destination.name.as_str(), text))
}

fn show(context: &Context, run: &RunFolder) -> Result<u8, Error> {
    let words = &context.words;
    let mut table = Vec::new();
    let mut array = Vec::new();
    let mut damaged = None;
    for reject in RejectReader::open(&run.rejects())?.into_iter().flatten() {
        // What stands before the damage is still told.
        let reject = match reject {
            Ok(reject) => reject,
            Err(why) => {
                damaged = Some(why);
                break;
            }
        };
        if context.json {
            array.push(json!({
                "run": run.id, "profile": reject.profile, "file": reject.file, "line": reject.line,
                "email": reject.email, "reason": reject.reason, "class": reject.reason.class(),
                "advice": words.advice(reject.reason), "detail": reject.detail, "kind": reject.kind,
            }));
        } else {
            table.push(vec![
                reject.place(),
                reject.profile.unwrap_or_default(),
                reject.email.unwrap_or_default(),
                words.class(reject.reason.class()),
                words.reason(reject.reason),
                reject.detail,
                words.advice(reject.reason),
            ]);
        }
    }
    if context.json {
        print_json(&array);
    } else if table.is_empty() && damaged.is_none() {
        say(&words.text("rejects-none"));
    } else {
        let headings = [
            "rejects-place",
            "rejects-profile",
            "rejects-email",
            "rejects-class",
            "rejects-reason",
            "rejects-detail",
            "rejects-advice",
        ];
        let mut rows = vec![headings.map(|key| words.text(key)).to_vec()];
        rows.append(&mut table);
        print_people(&rows, context.plain);
    }
    damaged.map_or(Ok(0), |why| Err(why.into()))
}
