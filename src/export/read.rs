//! Reads the source once, as a stream, into the plan on disk.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::{CountDiffers, Error, Event, Found, Guard, Order};
use crate::deliver::{Error as DeliverError, Stop};
use crate::domain::{ProfileId, SegmentId, Unfit};
use crate::plan::{Rules, looks_empty};
use crate::source::{Cells, ReadRequest, Row, Source};
use crate::store::{Plan, PlanInterrupt, PlannedRow, Settled};

/// How soon a statement that goes on too long is stopped, once that was asked for.
const INTERRUPT: Duration = Duration::from_millis(20);

/// What was read.
pub(super) struct Reading {
    pub plan: Plan,
    pub settled: Settled,
    /// What is worth telling of the source.
    pub found: Found,
}

/// Reads the destination's segments into a new plan and settles it: each person once. Ends as soon as a stop is asked for,
/// or there are more profiles than the destination allows.
pub(super) async fn read_plan(
    order: &Order,
    source: &Source,
    rules: Arc<Rules>,
    path: PathBuf,
    stop: &Stop,
    events: mpsc::Sender<Event>,
) -> Result<Reading, Error> {
    let segments = &order.destination.segments;
    let request = ReadRequest {
        segments: segments.iter().map(|segment| segment.id.clone()).collect(),
        attributes: rules.attributes().to_vec(),
        raw: rules.raw(),
        trust_counts: order.options.trust_counts,
    };
    let (send, receive) = mpsc::channel(8);
    let (hand_over, handle) = oneshot::channel();
    let ended = CancellationToken::new();
    tokio::spawn(interrupt(handle, stop.clone(), ended.clone()));
    let (limit, most) = (order.options.limit, order.destination.max_profiles);
    let writer = Writer {
        rules,
        odd: Odd::default(),
        // A limit that keeps below the guard's needs no guard.
        profiles: Profiles::new(
            limit.map_or(most, |limit| if limit > most { most } else { u64::MAX }),
        ),
        stop: stop.clone(),
        events,
    };
    let writing = spawn_blocking(move || {
        let _ended = ended.drop_guard();
        let plan = Plan::create(&path)?;
        // Nobody waits for it when the run was given up meanwhile.
        let _unsent = hand_over.send(plan.interrupt());
        writer.write(plan, limit, receive)
    });
    let read = source.read(request, send).await;
    let written = writing
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    // A full disk makes the reader stop too: the cause is told, not its echo.
    let (plan, settled, odd) = written?;
    let read = read?;
    let label = |id: &SegmentId| {
        let found = segments.iter().find(|one| one.id == *id);
        found.map(|one| one.label.clone())
    };
    let differ = read.miscounted.iter().filter_map(|one| {
        let (told, read) = (one.told, one.read);
        Some((label(&one.segment)?, CountDiffers { told, read }))
    });
    Ok(Reading {
        plan,
        settled,
        found: Found {
            empty: read.empty.iter().filter_map(label).collect(),
            odd,
            counts_differ: differ.collect(),
            letters_replaced: read.letters_replaced,
            choices_unknown: read.choices_unknown,
            ..Found::default()
        },
    })
}

/// Stops the plan's statements, which may take seconds each, once a stop is asked for.
async fn interrupt(handle: oneshot::Receiver<PlanInterrupt>, stop: Stop, ended: CancellationToken) {
    let Ok(handle) = handle.await else { return };
    tokio::select! {
        () = ended.cancelled() => return,
        () = stop.gently.cancelled() => {}
    }
    while !ended.is_cancelled() {
        handle.interrupt();
        tokio::time::sleep(INTERRUPT).await;
    }
}

/// Writes rows into the plan as they come.
struct Writer {
    rules: Arc<Rules>,
    odd: Odd,
    profiles: Profiles,
    stop: Stop,
    events: mpsc::Sender<Event>,
}

impl Writer {
    fn write(
        mut self,
        mut plan: Plan,
        limit: Option<u64>,
        mut rows: mpsc::Receiver<Vec<Row>>,
    ) -> Result<(Plan, Settled, BTreeMap<String, u64>), Error> {
        let mut read = 0;
        while let Some(batch) = rows.blocking_recv() {
            self.go_on()?;
            read += batch.len() as u64;
            let planned: Vec<PlannedRow> = batch.into_iter().map(|row| self.planned(row)).collect();
            plan.add(&planned)?;
            self.profiles.count(&plan, &planned)?;
            // Nobody may be listening any more; then nobody is told.
            let _told = self.events.blocking_send(Event::Read { rows: read });
        }
        self.go_on()?;
        let settled = plan.settle(limit).map_err(Error::from);
        self.go_on()?;
        Ok((plan, settled?, self.odd.told(&self.rules)))
    }

    /// Tells why not to go on: a stop that was asked for.
    fn go_on(&self) -> Result<(), Error> {
        if self.stop.gently.is_cancelled() {
            return Err(Error::Deliver(DeliverError::Stopped));
        }
        Ok(())
    }

    fn planned(&mut self, row: Row) -> PlannedRow {
        let cells = match &row.cells {
            Ok(cells) => Some(cells),
            // Where values may stand in the wrong columns, what looks like a yes is none.
            Err(fault) => Some(&fault.cells).filter(|_| !fault.shifted),
        };
        let (said, unclear) = self
            .rules
            .consent(|at| cells.map_or("", |cells| cells.get(at)));
        let content = match row.cells {
            Ok(cells) => {
                self.odd.look_at(&cells);
                self.rules.prepare(|at| cells.get(at))
            }
            Err(fault) => Err(Unfit {
                email: self.rules.address(|at| fault.cells.get(at)),
                reason: fault.reason,
                detail: fault.detail,
            }),
        };
        PlannedRow {
            profile: row.profile,
            origin: row.origin,
            segments: row.segments,
            consent: said,
            unclear,
            content,
        }
    }
}

/// Counts the values that look like none.
#[derive(Default)]
struct Odd(BTreeMap<(usize, &'static str), u64>);

impl Odd {
    fn look_at(&mut self, cells: &Cells) {
        for (at, value) in cells.iter().enumerate() {
            if let Some(word) = looks_empty(value) {
                *self.0.entry((at, word)).or_default() += 1;
            }
        }
    }

    fn told(&self, rules: &Rules) -> BTreeMap<String, u64> {
        let name = |at: usize| rules.attributes().get(at).map_or("", String::as_str);
        let each = self.0.iter();
        each.map(|((at, word), count)| (format!("{}: {word}", name(*at)), *count))
            .collect()
    }
}

/// Counts distinct profiles as they are read, so that a source that was chosen by mistake does not first fill the disk.
struct Profiles {
    most: u64,
    rows: u64,
    /// What tells ids apart, once there are more rows than profiles may be: eight bytes each.
    ids: Option<HashSet<u64>>,
    without_id: u64,
    hasher: RandomState,
}

impl Profiles {
    fn new(most: u64) -> Self {
        Self {
            most,
            rows: 0,
            ids: None,
            without_id: 0,
            hasher: RandomState::new(),
        }
    }

    fn count(&mut self, plan: &Plan, rows: &[PlannedRow]) -> Result<(), Error> {
        self.rows += rows.len() as u64;
        if self.rows <= self.most {
            return Ok(());
        }
        if let Some(mut ids) = self.ids.take() {
            for row in rows {
                self.take(&mut ids, row.profile.as_ref().map(ProfileId::as_str));
            }
            self.ids = Some(ids);
        } else {
            let mut ids = HashSet::new();
            plan.each_id(|id| self.take(&mut ids, id))?;
            self.ids = Some(ids);
        }
        let found = self.without_id + self.ids.as_ref().map_or(0, |ids| ids.len() as u64);
        if found > self.most {
            let limit = self.most;
            return Err(Error::Refused(Guard::MaxProfiles { limit }));
        }
        Ok(())
    }

    fn take(&mut self, ids: &mut HashSet<u64>, id: Option<&str>) {
        match id {
            Some(id) => {
                ids.insert(self.hasher.hash_one(id));
            }
            None => self.without_id += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Error, Guard, Profiles};
    use crate::domain::{Consent, Origin, ProfileId, Reason, SegmentSet, Unfit};
    use crate::store::{Plan, PlannedRow};

    fn row(id: &str) -> PlannedRow {
        PlannedRow {
            profile: ProfileId::parse(id),
            origin: Origin {
                file: Arc::from("a.csv"),
                line: 2,
            },
            segments: SegmentSet::only(0),
            consent: Consent::Yes,
            unclear: None,
            content: Err(Unfit {
                email: None,
                reason: Reason::NoEmail,
                detail: String::new(),
            }),
        }
    }

    /// Reads rows with a limit of three profiles; tells in which batch they were refused.
    fn refused(batches: &[&[&str]]) -> Option<usize> {
        let folder = tempfile::tempdir().expect("folder");
        let mut plan = Plan::create(&folder.path().join("plan")).expect("plan");
        let mut profiles = Profiles::new(3);
        for (at, batch) in batches.iter().enumerate() {
            let rows: Vec<_> = batch.iter().map(|id| row(id)).collect();
            plan.add(&rows).expect("add");
            match profiles.count(&plan, &rows) {
                Ok(()) => {}
                Err(Error::Refused(Guard::MaxProfiles { limit: 3 })) => return Some(at),
                Err(why) => panic!("{why}"),
            }
        }
        None
    }

    #[test]
    fn rule_7_too_many_profiles_are_refused_while_they_are_read() {
        assert_eq!(refused(&[&["1", "2"], &["3", "4"], &["5"]]), Some(1));
        assert_eq!(refused(&[&["", ""], &["", ""]]), Some(1));
        assert_eq!(refused(&[&["1", "2", "3"], &["1", "2"], &["4"]]), Some(2));
    }

    #[test]
    fn rule_7_one_profile_in_many_rows_counts_once() {
        assert_eq!(refused(&[&["1", "2", "3"], &["1", "2", "3"], &["3"]]), None);
        assert_eq!(refused(&[&["1", "1", "1", "1", "2"], &["", "1"]]), None);
    }
}
