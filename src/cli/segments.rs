//! The segments of a destination's source: which there are, and who is in one.

use std::io::IsTerminal;

use serde_json::{Value, json};
use tokio::sync::mpsc::channel;

use super::Context;
use super::args::SegmentsFlags;
use super::context::Failure;
use super::out::{is_closed, print_columns, print_json, print_raw, say};
use super::usage;
use crate::domain::{Destination, Segment, SegmentId};
use crate::export::{Chosen, Error, choose_segments};
use crate::source::{Cells, Error as SourceError, ReadRequest, Row, Source};
use crate::store::{csv_line, csv_record};
use crate::words::Words;

/// How many members a preview shows.
const FIRST: usize = 100;
/// How many batches of rows may wait to be printed.
const BATCHES: usize = 4;
/// What heads the ids of profiles.
const PROFILE: &str = "profile";

/// Lists the segments, or prints who is in one.
pub(super) async fn run(context: &Context, flags: &SegmentsFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    let failed = |why: Error| context.failed_for(&destination, &why);
    let surroundings = &context.surroundings;
    let login = destination.source_login.as_ref();
    let source = surroundings.source(&destination.source, &destination.folder, login);
    let source = source.await.map_err(failed)?;
    let members = flags.preview || flags.csv;
    let named = flags.segment.as_deref().unwrap_or_default();
    let mut chosen = destination.segments.iter();
    // An id that was chosen needs no look at all segments, for which some sources are read once through.
    let chosen = chosen.find(|one| members && one.id.as_str() == named);
    let segment = if let Some(segment) = chosen {
        segment.clone()
    } else {
        let all = source.segments().await.map_err(|why| failed(why.into()))?;
        if flags.segment.is_none() {
            list(context, &destination, &all);
            return Ok(0);
        }
        let argument = ("segue segments", "<SEGMENT>");
        one_segment(argument, named, &all, &context.words)?
    };
    if !members {
        list(context, &only(&destination, &segment), &[segment]);
        return Ok(0);
    }
    let request = request(&destination, segment.id.clone());
    let is_empty = if flags.csv {
        let told = print_csv(context, source.clone(), request).await;
        told.map_err(failed)?
    } else {
        let rows = source.peek(request.clone(), FIRST).await;
        let rows = rows.map_err(|why| failed(why.into()))?;
        preview(context, &request.attributes, &rows);
        rows.is_empty()
    };
    if is_empty {
        // One that was chosen may be gone from the source.
        let all = source.segments().await.map_err(|why| failed(why.into()))?;
        let argument = ("segue segments", "<SEGMENT>");
        one_segment(argument, segment.id.as_str(), &all, &context.words)?;
    }
    Ok(0)
}

/// Finds the segment that was typed, for an argument of a command.
pub(super) fn one_segment(
    argument: (&str, &str),
    text: &str,
    all: &[Segment],
    words: &Words,
) -> Result<Segment, Failure> {
    let text_of = |segment: &Segment| {
        if segment.id.as_str() == segment.label {
            segment.label.clone()
        } else {
            format!("{} ({})", segment.id.as_str(), segment.label)
        }
    };
    let unknown = |segments: &[Segment]| {
        let names: Vec<String> = segments.iter().map(text_of).collect();
        Err(usage::unknown(argument, text, &names, words))
    };
    match choose_segments(text, all) {
        Chosen::One(segment) => Ok(segment),
        Chosen::None => unknown(all),
        Chosen::Many(several) => unknown(&several),
    }
}

/// The destination as if it had chosen no other segment.
fn only(destination: &Destination, segment: &Segment) -> Destination {
    let mut destination = destination.clone();
    destination.segments.retain(|one| one.id == segment.id);
    destination
}

/// Asks for what is mapped, and for what tells of consent.
fn request(destination: &Destination, segment: SegmentId) -> ReadRequest {
    let mapped = destination.map.iter().map(|(_, attribute)| attribute);
    let consent = destination.consent_attribute.as_ref();
    let consent = consent.map(|rule| rule.attribute.as_str());
    let mut attributes: Vec<String> = Vec::new();
    for attribute in mapped.chain(consent) {
        if !attributes.iter().any(|one| one == attribute) {
            attributes.push(attribute.to_owned());
        }
    }
    ReadRequest {
        segments: vec![segment],
        attributes,
        ..ReadRequest::default()
    }
}

/// A segment in the list.
struct Listed<'a> {
    segment: &'a Segment,
    /// Whether the source has it; otherwise it was chosen, and is gone.
    is_there: bool,
    is_chosen: bool,
}

/// Lists the source's segments, and those that were chosen and are gone.
fn list(context: &Context, destination: &Destination, all: &[Segment]) {
    let has = |list: &[Segment], id: &SegmentId| list.iter().any(|one| one.id == *id);
    let chosen = &destination.segments;
    let there = all.iter().map(|segment| Listed {
        segment,
        is_there: true,
        is_chosen: has(chosen, &segment.id),
    });
    let gone = chosen.iter().filter(|one| !has(all, &one.id));
    let gone = gone.map(|segment| Listed {
        segment,
        is_there: false,
        is_chosen: true,
    });
    let listed: Vec<Listed<'_>> = there.chain(gone).collect();
    if context.json {
        let objects = listed.iter().map(|one| one.as_json(destination));
        return print_json(&objects.collect::<Vec<Value>>());
    }
    if listed.is_empty() {
        return say(&context.words.text("add-no-segments"));
    }
    let headings = [
        "history-segment",
        "segments-exported",
        "history-members",
        "segments-state",
        "segments-refreshed",
        "segments-id",
    ];
    let mut rows = vec![headings.map(|key| context.words.text(key)).to_vec()];
    rows.extend(listed.iter().map(|one| one.as_row(&context.words)));
    print_columns(&rows);
}

impl Listed<'_> {
    fn count(&self) -> Option<u64> {
        self.segment.count.filter(|_| self.is_there)
    }

    fn as_json(&self, destination: &Destination) -> Value {
        let segment = self.segment;
        json!({
            "id": segment.id,
            "label": segment.label,
            "chosen": self.is_chosen,
            "tag": self.is_chosen.then(|| destination.tag_of(segment)),
            "count": self.count(),
            "state": if self.is_there { segment.state.as_str() } else { "gone" },
            "last_refreshed": segment.evaluated_at,
        })
    }

    fn as_row(&self, words: &Words) -> Vec<String> {
        let segment = self.segment;
        let known = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let id = Some(segment.id.as_str()).filter(|id| *id != segment.label);
        let state = if self.is_there {
            words.segment_state(segment.state)
        } else {
            words.text("segment-gone")
        };
        vec![
            segment.label.clone(),
            known(self.is_chosen.then(|| "✓".to_owned())),
            known(self.count().map(|count| words.number(count))),
            state,
            known(segment.evaluated_at.map(|at| words.date_time(at))),
            known(id.map(str::to_owned)),
        ]
    }
}

/// Prints the first members.
fn preview(context: &Context, attributes: &[String], rows: &[Row]) {
    let mut left_out = LeftOut::default();
    let members: Vec<(&str, &Cells)> = rows.iter().filter_map(|row| left_out.keep(row)).collect();
    if context.json {
        let objects = members.iter().map(|(profile, cells)| {
            let named = attributes.iter().map(String::as_str).zip(cells.iter());
            let named: serde_json::Map<String, Value> = named
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .collect();
            json!({"profile": profile, "attributes": named})
        });
        print_json(&objects.collect::<Vec<_>>());
    } else if members.is_empty() {
        say(&context.words.text("segments-empty"));
    } else {
        let mut table = vec![head(attributes).map(str::to_owned).collect()];
        table.extend(members.iter().map(|member| {
            let cells = line(*member).map(str::to_owned);
            cells.collect::<Vec<_>>()
        }));
        print_columns(&table);
    }
    left_out.tell(&context.words);
}

/// Prints all members as CSV, as they are read; tells whether there were none.
async fn print_csv(context: &Context, source: Source, request: ReadRequest) -> Result<bool, Error> {
    print_raw(record(head(&request.attributes)).as_bytes());
    let (rows, mut read) = channel::<Vec<Row>>(BATCHES);
    let reading = tokio::spawn(async move { source.read(request, rows).await });
    let mut left_out = LeftOut::default();
    // Where nobody reads on, nothing more is read either.
    while !is_closed()
        && let Some(batch) = read.recv().await
    {
        let members = batch.iter().filter_map(|row| left_out.keep(row));
        let records: String = members.map(|member| record(line(member))).collect();
        print_raw(records.as_bytes());
    }
    drop(read);
    let over = reading.await;
    left_out.tell(&context.words);
    match over.map_err(|why| Error::Broken(why.to_string()))? {
        Ok(read) => Ok(!read.empty.is_empty()),
        Err(SourceError::Stopped) => Ok(false),
        Err(why) => Err(why.into()),
    }
}

/// A record as it is, unless a terminal shows it.
fn record<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    if std::io::stdout().is_terminal() {
        csv_line(cells) + "\n"
    } else {
        csv_record(cells)
    }
}

fn head(attributes: &[String]) -> impl Iterator<Item = &str> {
    std::iter::once(PROFILE).chain(attributes.iter().map(String::as_str))
}

fn line<'a>((profile, cells): (&'a str, &'a Cells)) -> impl Iterator<Item = &'a str> {
    std::iter::once(profile).chain(cells.iter())
}

/// Rows that cannot be read: they are told, never skipped in silence.
#[derive(Debug, Default)]
struct LeftOut {
    count: u64,
    first: Option<Row>,
}

impl LeftOut {
    /// Gives a member's profile and values, or counts the row.
    fn keep<'a>(&mut self, row: &'a Row) -> Option<(&'a str, &'a Cells)> {
        if let Ok(cells) = &row.cells {
            let profile = row.profile.as_ref();
            return Some((profile.map_or("", |id| id.as_str()), cells));
        }
        self.count += 1;
        self.first.get_or_insert_with(|| row.clone());
        None
    }

    fn tell(&self, words: &Words) {
        let Some(Row {
            origin,
            cells: Err(fault),
            ..
        }) = &self.first
        else {
            return;
        };
        let place = format!("{}:{}", origin.file, origin.line);
        let args = [
            ("count", self.count.into()),
            ("place", place.into()),
            ("reason", words.reason(fault.reason).into()),
        ];
        say(&words.with("segments-left-out", &args));
    }
}
