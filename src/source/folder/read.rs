//! One pass over the files, row by row, into batches.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::super::parts::Line;
use super::super::records::Record;
use super::super::table::Table;
use super::super::tally::{BATCH, Catalogue, Tally};
use super::super::{Cells, Error, Fault, ReadRequest, ReadSummary, Row};
use super::join::{Lists, join};
use super::segment_file::{Holds, SegmentFile};
use super::{ALL_PROFILES, Folder, Parts, unknown_attribute};
use crate::domain::{Origin, ProfileId, Reason, SegmentId, SegmentSet};

/// After how many rows that are passed over a reader looks whether it is still wanted.
const LOOK_UP: u64 = 10_000;

impl Folder {
    /// Sends the rows of the chosen segments.
    pub fn read(
        &self,
        request: &ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        let mut feed = Feed::new(rows, request.segments.len());
        let all = SegmentId::new(ALL_PROFILES);
        let catalogue = match (&self.parts, &self.profiles) {
            (Parts::Members(table), Some(profiles)) => {
                join(&table.chosen(request), profiles, request, &mut feed)?;
                table.catalogue()
            }
            (Parts::Files(files), profiles) => {
                let chosen = chosen(files, request);
                read_files(&chosen, profiles.as_ref(), request, &mut feed)?;
                Catalogue::These(files.iter().map(|file| &file.id).collect())
            }
            (Parts::Column(at), Some(profiles)) => {
                read_column(profiles, *at, request, &mut feed)?;
                Catalogue::ByMembers
            }
            (_, Some(profiles)) => {
                if let Some(place) = request.segments.iter().position(|id| *id == all) {
                    read_rows(profiles, &SegmentSet::only(place), request, &mut feed)?;
                }
                Catalogue::These(vec![&all])
            }
            (_, None) => Catalogue::These(Vec::new()),
        };
        feed.finish(&request.segments, &catalogue)
    }
}

/// Finds the files of the chosen segments that are there, each with its place in the request.
fn chosen<'a>(files: &'a [SegmentFile], request: &ReadRequest) -> Vec<(usize, &'a SegmentFile)> {
    let chosen = request.segments.iter().enumerate();
    let found = chosen.filter_map(|(place, id)| {
        let file = files.iter().find(|file| file.id == *id)?;
        Some((place, file))
    });
    found.collect()
}

fn read_rows(
    table: &Table,
    segments: &SegmentSet,
    request: &ReadRequest,
    feed: &mut Feed,
) -> Result<(), Error> {
    let picker = Picker::new(table, None, request)?;
    let wanted = picker.columns();
    table.each(&wanted, |line| {
        feed.push(picker.row(line, segments.clone()))
    })
}

fn read_column(
    profiles: &Table,
    at: usize,
    request: &ReadRequest,
    feed: &mut Feed,
) -> Result<(), Error> {
    let picker = Picker::new(profiles, Some(at), request)?;
    let listed = request.segments.iter().enumerate();
    let places: HashMap<&str, usize> = listed.map(|(place, id)| (id.as_str(), place)).collect();
    let wanted: Vec<usize> = picker.columns().into_iter().chain([at]).collect();
    profiles.each(&wanted, |line| {
        let missing = profiles.fills.then_some("");
        let value = line.record.get(at).or(missing).map(str::trim);
        let place = value.and_then(|value| places.get(value));
        // A row whose segment is missing, or stands in the wrong column, may well be in a chosen one.
        let hidden = value.is_none() || line.doubt().is_some();
        match place {
            Some(place) => feed.push(picker.row(line, SegmentSet::only(*place)))?,
            None if hidden => feed.push(picker.row(line, SegmentSet::default()))?,
            None => feed.pass()?,
        }
        Ok(())
    })
}

fn read_files(
    files: &[(usize, &SegmentFile)],
    profiles: Option<&Table>,
    request: &ReadRequest,
    feed: &mut Feed,
) -> Result<(), Error> {
    let mut ids = Vec::new();
    for (place, file) in files {
        match &file.holds {
            Holds::Rows(table) => read_rows(table, &SegmentSet::only(*place), request, feed)?,
            Holds::Ids(file) => ids.push((*place, file)),
        }
    }
    match profiles {
        Some(profiles) if !ids.is_empty() => join(&Lists::Files(ids), profiles, request, feed),
        _ => Ok(()),
    }
}

/// Takes the wanted cells out of a file's records.
pub(super) struct Picker<'a> {
    table: &'a Table,
    wanted: Vec<usize>,
    /// All columns a row must reach to.
    needed: Vec<usize>,
    furthest: usize,
}

impl<'a> Picker<'a> {
    pub fn new(table: &'a Table, by: Option<usize>, request: &ReadRequest) -> Result<Self, Error> {
        let places = request.attributes.iter().map(|name| {
            let place = table.place(name);
            place.ok_or_else(|| unknown_attribute(table, name))
        });
        let wanted: Vec<usize> = places.collect::<Result<_, _>>()?;
        let needed: Vec<usize> = table
            .id
            .into_iter()
            .chain(by.filter(|_| !table.fills))
            .chain(wanted.iter().copied().filter(|_| !table.fills))
            .collect();
        let furthest = needed.iter().copied().max().unwrap_or(0);
        Ok(Self {
            table,
            wanted,
            needed,
            furthest,
        })
    }

    /// Lists the columns that are read.
    pub fn columns(&self) -> Vec<usize> {
        self.table.id.iter().chain(&self.wanted).copied().collect()
    }

    pub fn row(&self, line: Line<'_>, segments: SegmentSet) -> Row {
        let record = line.record;
        let id = self.table.id.and_then(|at| record.get(at));
        let cells = Cells::gather(
            self.wanted
                .iter()
                .map(|at| record.get(*at).unwrap_or_default()),
        );
        Row {
            profile: id.and_then(ProfileId::parse),
            segments,
            origin: Origin {
                file: Arc::clone(line.file),
                line: record.line,
            },
            cells: match line.doubt().or_else(|| self.short(record)) {
                None => Ok(cells),
                Some((reason, detail)) => Err(Fault {
                    reason,
                    detail: detail.to_owned(),
                    shifted: line.doubt().is_some(),
                    cells,
                }),
            },
        }
    }

    /// Finds the first column that a row should reach to and does not.
    fn short<'r>(&'r self, record: Record<'_>) -> Option<(Reason, &'r str)> {
        if record.len() > self.furthest {
            return None;
        }
        let missing = self.needed.iter().find(|at| **at >= record.len());
        missing.map(|at| (Reason::ShortRow, self.table.columns[*at].as_str()))
    }
}

/// Gathers rows into batches and sends them.
pub(super) struct Feed {
    rows: Sender<Vec<Row>>,
    batch: Vec<Row>,
    pub tally: Tally,
}

impl Feed {
    fn new(rows: Sender<Vec<Row>>, segments: usize) -> Self {
        Self {
            rows,
            batch: Vec::with_capacity(BATCH),
            tally: Tally::new(segments),
        }
    }

    pub fn push(&mut self, row: Row) -> Result<(), Error> {
        self.tally.count(&row);
        self.batch.push(row);
        if self.batch.len() == BATCH {
            self.send()
        } else {
            Ok(())
        }
    }

    /// Passes over a row that is in none of the chosen segments. Nothing is sent of it, so here is where a reader that is
    /// not wanted any more finds out.
    pub fn pass(&mut self) -> Result<(), Error> {
        self.tally.summary.outside += 1;
        if self.tally.summary.outside.is_multiple_of(LOOK_UP) && self.rows.is_closed() {
            return Err(Error::Stopped);
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Error> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.rows
            .blocking_send(batch)
            .map_err(|_unsent| Error::Stopped)
    }

    fn finish(
        mut self,
        segments: &[SegmentId],
        catalogue: &Catalogue<'_>,
    ) -> Result<ReadSummary, Error> {
        if !self.batch.is_empty() {
            self.send()?;
        }
        Ok(self.tally.finish(segments, catalogue))
    }
}
