use std::io::IsTerminal;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Context;
use super::context::Failure;
use super::out::{fit, print_columns, print_json, say};
use super::schedule::{Known, next_run, shown, trouble_as_json};
use crate::domain::{Agenda, Destination, SourceSpec, State};
use crate::export::{Queued, Report, last_report, latest, queued, standing};
use crate::store::{
    Agendas, BrokenDestination, Destinations, Error as StoreError, Home, KnownAgendas, Names,
};
use crate::words::{Explain, Words};

/// A destination with what became of it, and what is to come.
struct Row {
    destination: Destination,
    /// When its file was last written.
    updated: Option<Timestamp>,
    last: Option<Report>,
    state: Option<State>,
    agenda: Option<Agenda>,
    next: Option<Timestamp>,
}

impl Row {
    fn of(
        home: &Home,
        (destination, updated): (Destination, Option<Timestamp>),
        known: &Known,
        waiting: &[Queued],
    ) -> Result<Self, StoreError> {
        let id = destination.id();
        let waits = waiting
            .iter()
            .any(|queued| queued.destination.matches(id.as_str()));
        let last = last_report(home, &id)?.map(|(_, report)| report);
        let state = latest(home, &id)?.map(|latest| latest.state);
        let agenda = known.agenda(&destination).cloned();
        let state = agenda.as_ref().map_or(state, |agenda| agenda.state(state));
        Ok(Self {
            state: standing(state, waits),
            next: next_run(&destination, agenda.as_ref()),
            destination,
            updated,
            last,
            agenda,
        })
    }
}

/// Lists the saved destinations with their last run and the next.
pub(super) fn run(context: &Context) -> Result<u8, Failure> {
    let home = &context.surroundings.home;
    // A damaged memory of schedules costs what it says of them, not the list.
    let known = Agendas::of(home).all().unwrap_or_else(|why| {
        say(&why.explain(&context.words).what);
        KnownAgendas::default()
    });
    let known = Known::with(home, known);
    let waiting = queued(home, None).map_err(|why| context.failed(why))?;
    let mut rows = Vec::new();
    let dated = Destinations::of(home).dated();
    for dated in dated.map_err(|why| context.failed(why))? {
        let row = Row::of(home, dated, &known, &waiting);
        rows.push(row.map_err(|why| context.failed(why))?);
    }
    let broken = context.broken_destinations()?;
    if context.json {
        let whole = rows
            .iter()
            .map(|row| as_json(row, &context.words, &known.names));
        let all: Vec<Value> = whole
            .chain(
                broken
                    .iter()
                    .map(|broken| broken_as_json(broken, &context.words)),
            )
            .collect();
        print_json(&all);
    } else if rows.is_empty() && broken.is_empty() {
        say(&context.words.text("command-no-destinations"));
    } else {
        print_table(context, (&rows, &broken), &known.names);
    }
    Ok(0)
}

/// A destination that cannot be read has the keys of the others, and says why.
fn broken_as_json(broken: &BrokenDestination, words: &Words) -> Value {
    json!({
        "name": broken.name,
        "audience": null,
        "audience_name": null,
        "source": null,
        "source_type": null,
        "segments": [],
        "login": null,
        "source_login": null,
        "schedule": null,
        "last_run": null,
        "outcome": null,
        "undone_by": null,
        "state": null,
        "next_run": null,
        "retry_at": null,
        "stopped": null,
        "why": null,
        "created_at": null,
        "updated_at": null,
        "broken": words.why_broken(&broken.why),
    })
}

/// One without a login is not connected, and does not run.
fn as_json(row: &Row, words: &Words, names: &Names) -> Value {
    let (destination, last) = (&row.destination, row.last.as_ref());
    let segments = destination.segments.iter();
    let segments = segments.map(|segment| segment.id.as_str());
    let mut told = json!({
        "name": destination.name,
        "audience": destination.audience,
        "audience_name": destination.audience_name,
        "source": destination.source.to_string(),
        "source_type": source_type(&destination.source),
        "segments": segments.collect::<Vec<_>>(),
        "login": destination.login,
        "source_login": destination.source_login,
        "schedule": shown(&destination.schedule),
        "last_run": last.map(|report| report.ended_at.to_string()),
        "outcome": last.map(|report| report.ended.outcome),
        "undone_by": last.and_then(|report| report.undo.undone_by.as_deref()),
        "state": row.state,
        "next_run": row.next,
        "created_at": destination.created_at,
        "updated_at": row.updated,
    });
    for (key, value) in trouble_as_json(words, row.agenda.as_ref(), names) {
        told[key] = value;
    }
    told
}

/// The type of a source as its spec spells it; never translated.
fn source_type(source: &SourceSpec) -> &'static str {
    match source {
        SourceSpec::Folder(_) => "folder",
        SourceSpec::Dataverse(_) => "dataverse",
        SourceSpec::Insights(_) => "insights",
        SourceSpec::Sql(_) => "sql",
    }
}

/// The columns of the table.
const HEADINGS: [&str; 11] = [
    "list-name",
    "home-source",
    "list-audience",
    "list-segments",
    "label-login",
    "list-last-run",
    "list-outcome",
    "label-schedule",
    "list-next-run",
    "label-created",
    "home-updated",
];
/// Those that are left out where there is no room for them, by place: room is given to the last one first, since whoever looks
/// at the list asks when things run.
const LEFT_OUT: [usize; 7] = [9, 10, 3, 1, 2, 8, 7];
/// How wide a terminal is that does not say.
const USUAL: u16 = 80;

fn print_table(context: &Context, (rows, broken): (&[Row], &[BrokenDestination]), names: &Names) {
    let words = &context.words;
    let mut table = vec![HEADINGS.map(|key| words.text(key)).to_vec()];
    table.extend(rows.iter().map(|row| cells(words, row)));
    if std::io::stdout().is_terminal() {
        let width = (context.columns)().unwrap_or(USUAL);
        fit(&mut table, width.into(), &LEFT_OUT);
    }
    if !rows.is_empty() {
        print_columns(&table);
    }
    let failing = rows.iter().filter_map(|row| {
        let told = words.told_trouble(row.agenda.as_ref(), names)?;
        Some(vec![row.destination.name.to_string(), told])
    });
    let broken = broken
        .iter()
        .map(|broken| vec![broken.name.clone(), words.broken(&broken.why)]);
    print_columns(&failing.chain(broken).collect::<Vec<_>>());
}

fn cells(words: &Words, row: &Row) -> Vec<String> {
    let (destination, last) = (&row.destination, row.last.as_ref());
    let outcome = last.map(|report| words.ended(report));
    // One that was killed and not settled yet has no report.
    let outcome = outcome.or_else(|| row.state.map(|state| words.state(state)));
    let ended = last.map(|report| words.date_time(report.ended_at));
    let updated = row.updated.map(|at| words.date_time(at));
    vec![
        destination.name.to_string(),
        words.source_type(&destination.source),
        destination.audience_label().to_owned(),
        words.number(destination.segments.len() as u64),
        words.connections(destination),
        ended.unwrap_or_else(|| words.text("list-never")),
        outcome.unwrap_or_default(),
        words.schedule_short(&destination.schedule),
        when(words, row),
        words.date_time(destination.created_at),
        updated.unwrap_or_default(),
    ]
}

/// When it runs by itself, or what keeps it from that.
fn when(words: &Words, row: &Row) -> String {
    if row.agenda.as_ref().is_some_and(Agenda::is_stopped) {
        return words.text("list-stopped");
    }
    let schedule = &row.destination.schedule;
    let next = row.next.map(|next| words.due(schedule, next));
    let state = row.state.filter(|state| *state == State::Queued);
    let state = state.map(|state| words.state(state));
    let parts: Vec<String> = state.into_iter().chain(next).collect();
    parts.join(" · ")
}
