use jiff::Timestamp;
use serde_json::{Value, json};

use super::Context;
use super::context::Failure;
use super::out::{print_columns, print_json, say};
use super::schedule::shown;
use crate::domain::Destination;
use crate::export::{Report, last_report};
use crate::store::BrokenDestination;

/// Lists the saved destinations with their last run.
pub(super) fn run(context: &Context) -> Result<u8, Failure> {
    let home = &context.surroundings.home;
    let mut rows = Vec::new();
    for destination in context.destinations()? {
        let last = last_report(home, &destination.id()).map_err(|why| context.failed(why))?;
        rows.push((destination, last.map(|(_, report)| report)));
    }
    let broken = context.broken_destinations()?;
    if context.json {
        let whole = rows
            .iter()
            .map(|(destination, last)| as_json(destination, last.as_ref()));
        let all: Vec<Value> = whole.chain(broken.iter().map(broken_as_json)).collect();
        print_json(&all);
    } else if rows.is_empty() && broken.is_empty() {
        say(&context.words.text("command-no-destinations"));
    } else {
        print_table(context, &rows, &broken);
    }
    Ok(0)
}

/// A destination that cannot be read has the keys of the others, and says why.
fn broken_as_json(broken: &BrokenDestination) -> Value {
    json!({
        "name": broken.name,
        "audience": null,
        "source": null,
        "segments": [],
        "schedule": null,
        "last_run": null,
        "outcome": null,
        "undone_by": null,
        "next_run": null,
        "broken": broken.why.to_string(),
    })
}

fn as_json(destination: &Destination, last: Option<&Report>) -> Value {
    json!({
        "name": destination.name,
        "audience": destination.audience,
        "source": destination.source.to_string(),
        "segments": destination.segments.iter().map(|segment| segment.id.as_str()).collect::<Vec<_>>(),
        "schedule": shown(&destination.schedule),
        "last_run": last.map(|report| report.ended_at.to_string()),
        "outcome": last.map(|report| report.ended.outcome),
        "undone_by": last.and_then(|report| report.undo.undone_by.as_deref()),
        "next_run": destination.schedule.next_due(Timestamp::now()).map(|next| next.to_string()),
    })
}

fn print_table(
    context: &Context,
    rows: &[(Destination, Option<Report>)],
    broken: &[BrokenDestination],
) {
    let words = &context.words;
    let headings = [
        "list-name",
        "list-audience",
        "list-segments",
        "list-last-run",
        "list-outcome",
        "label-schedule",
        "list-next-run",
    ];
    let mut table = vec![headings.map(|key| words.text(key)).to_vec()];
    for (destination, last) in rows {
        let audience = Some(&destination.audience_name).filter(|name| !name.is_empty());
        table.push(vec![
            destination.name.to_string(),
            audience.map_or_else(|| destination.audience.to_string(), Clone::clone),
            words.number(destination.segments.len() as u64),
            last.as_ref().map_or_else(
                || words.text("list-never"),
                |report| words.date_time(report.ended_at),
            ),
            last.as_ref().map_or_else(String::new, |report| {
                let undone = report.undo.undone_by.as_ref();
                let undone = undone.map(|_by| words.text("ui-outcome-undone"));
                undone.unwrap_or_else(|| report.ended.outcome.as_str().to_owned())
            }),
            words.schedule_short(&destination.schedule),
            destination
                .schedule
                .next_due(Timestamp::now())
                .map_or_else(String::new, |next| words.date_time(next)),
        ]);
    }
    for broken in broken {
        let nothing = || "–".to_owned();
        let why = [("why", broken.why.to_string().into())];
        table.push(vec![
            broken.name.clone(),
            nothing(),
            nothing(),
            nothing(),
            words.with("list-broken", &why),
        ]);
    }
    print_columns(&table);
}
