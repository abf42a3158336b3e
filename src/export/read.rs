//! Reads the source once, as a stream, into the plan on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::{Error, Event, Options};
use crate::domain::{Destination, Unfit};
use crate::plan::Rules;
use crate::source::{ReadRequest, Row, Source};
use crate::store::{Plan, PlannedRow, Settled};

/// What was read.
pub(super) struct Reading {
    pub plan: Plan,
    pub settled: Settled,
    /// The labels of the segments that no profile is in.
    pub empty: Vec<String>,
}

/// Reads the destination's segments into a new plan and settles it: each person once.
pub(super) async fn read_plan(
    destination: &Destination,
    source: &Source,
    rules: Arc<Rules>,
    path: PathBuf,
    options: &Options,
    events: mpsc::Sender<Event>,
) -> Result<Reading, Error> {
    let limit = options.limit;
    let (send, receive) = mpsc::channel(8);
    let writer = {
        let rules = Arc::clone(&rules);
        spawn_blocking(move || write(&path, &rules, limit, receive, &events))
    };
    let request = ReadRequest {
        segments: destination
            .segments
            .iter()
            .map(|segment| segment.id.clone())
            .collect(),
        attributes: rules.attributes().to_vec(),
        trust_counts: options.trust_counts,
    };
    let read = source.read(request, send).await;
    let written = writer.await.map_err(|why| Error::Broken(why.to_string()))?;
    // A full disk makes the reader stop too: the cause is told, not its echo.
    let (plan, settled) = written?;
    let empty = read?.empty;
    let mut segments = destination.segments.iter();
    let label = |id| {
        segments
            .find(|one| one.id == id)
            .map(|one| one.label.clone())
    };
    Ok(Reading {
        plan,
        settled,
        empty: empty.into_iter().filter_map(label).collect(),
    })
}

fn write(
    path: &Path,
    rules: &Rules,
    limit: Option<u64>,
    mut rows: mpsc::Receiver<Vec<Row>>,
    events: &mpsc::Sender<Event>,
) -> Result<(Plan, Settled), Error> {
    let mut plan = Plan::create(path)?;
    let mut read = 0;
    while let Some(batch) = rows.blocking_recv() {
        read += batch.len() as u64;
        let planned: Vec<PlannedRow> = batch.into_iter().map(|row| planned(rules, row)).collect();
        plan.add(&planned)?;
        // Nobody may be listening any more; then nobody is told.
        let _told = events.blocking_send(Event::Read { rows: read });
    }
    let settled = plan.settle(limit)?;
    Ok((plan, settled))
}

fn planned(rules: &Rules, row: Row) -> PlannedRow {
    let content = match row.cells {
        Ok(cells) => rules.prepare(|at| cells.get(at)),
        Err(fault) => Err(Unfit {
            email: rules.address(|at| fault.cells.get(at)),
            agrees: rules.agrees(|at| fault.cells.get(at)),
            reason: fault.reason,
            detail: fault.detail,
        }),
    };
    PlannedRow {
        profile: row.profile,
        origin: row.origin,
        segments: row.segments,
        content,
    }
}
