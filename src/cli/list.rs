use jiff::Timestamp;
use serde_json::{Value, json};

use super::Context;
use super::context::Failure;
use super::out::{print_columns, print_json, say};
use super::schedule::shown;
use crate::domain::{Agenda, Destination, State};
use crate::export::{Report, last_report, latest};
use crate::store::{Agendas, BrokenDestination, Error as StoreError, Home, KnownAgendas};
use crate::words::Words;

/// A destination with what became of it, and what is to come.
struct Row {
    destination: Destination,
    last: Option<Report>,
    state: Option<State>,
    agenda: Option<Agenda>,
    next: Option<Timestamp>,
}

impl Row {
    fn of(home: &Home, destination: Destination, known: &KnownAgendas) -> Result<Self, StoreError> {
        let (id, now) = (destination.id(), Timestamp::now());
        let last = last_report(home, &id)?.map(|(_, report)| report);
        let state = latest(home, &id)?.map(|latest| latest.state);
        let agenda = known.of(&id).cloned();
        Ok(Self {
            state: agenda.as_ref().map_or(state, |agenda| agenda.state(state)),
            next: match &agenda {
                Some(agenda) => agenda.next_run(now),
                None => destination.schedule.next_due(now),
            },
            destination,
            last,
            agenda,
        })
    }
}

/// Lists the saved destinations with their last run and the next.
pub(super) fn run(context: &Context) -> Result<u8, Failure> {
    let home = &context.surroundings.home;
    let known = Agendas::of(home).all().map_err(|why| context.failed(why))?;
    let mut rows = Vec::new();
    for destination in context.destinations()? {
        let row = Row::of(home, destination, &known);
        rows.push(row.map_err(|why| context.failed(why))?);
    }
    let broken = context.broken_destinations()?;
    if context.json {
        let whole = rows.iter().map(as_json);
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
        "state": null,
        "next_run": null,
        "retry_at": null,
        "stopped": null,
        "broken": broken.why.to_string(),
    })
}

fn as_json(row: &Row) -> Value {
    let (destination, last) = (&row.destination, row.last.as_ref());
    let trouble = row
        .agenda
        .as_ref()
        .and_then(|agenda| agenda.trouble.as_ref());
    let stopped = trouble.filter(|trouble| trouble.retry_at.is_none());
    json!({
        "name": destination.name,
        "audience": destination.audience,
        "source": destination.source.to_string(),
        "segments": destination.segments.iter().map(|segment| segment.id.as_str()).collect::<Vec<_>>(),
        "schedule": shown(&destination.schedule),
        "last_run": last.map(|report| report.ended_at.to_string()),
        "outcome": last.map(|report| report.ended.outcome),
        "undone_by": last.and_then(|report| report.undo.undone_by.as_deref()),
        "state": row.state,
        "next_run": row.next.map(|next| next.to_string()),
        "retry_at": trouble.and_then(|trouble| trouble.retry_at).map(|at| at.to_string()),
        "stopped": stopped.map(|trouble| &trouble.why),
    })
}

fn print_table(context: &Context, rows: &[Row], broken: &[BrokenDestination]) {
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
    for row in rows {
        let (destination, last) = (&row.destination, row.last.as_ref());
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
            next_run(words, row),
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

/// When it runs by itself, or what keeps it from that.
fn next_run(words: &Words, row: &Row) -> String {
    if row.agenda.as_ref().is_some_and(Agenda::is_stopped) {
        return words.text("list-stopped");
    }
    let next = row.next.map(|next| words.date_time(next));
    let state = row.state.filter(|state| *state == State::Queued);
    let state = state.map(|state| words.state(state));
    let parts: Vec<String> = state.into_iter().chain(next).collect();
    parts.join(" · ")
}
