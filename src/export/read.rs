//! Reads the source once, as a stream, into the plan.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::report::rejects_again;
use super::{CountDiffers, Error, Event, Found, Guard, Order};
use crate::deliver::{Error as DeliverError, Stop};
use crate::domain::{Consent, Email, Reason, Segment, SegmentId, SegmentSet, Unfit};
use crate::plan::{Rules, looks_empty};
use crate::source::{Cells, ReadRequest, ReadSummary, Row, Source, SqlError};
use crate::store::{Erased, Plan, PlannedRow, RejectsAgain, Settled};

/// Segments of the destination that the source does not list.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// Their places.
    pub places: SegmentSet,
    /// Whether the source lists segments only by their members, so that they may also be empty.
    pub by_members: bool,
}

impl Gone {
    fn of(segments: &[Segment], read: &ReadSummary) -> Self {
        let mut places = SegmentSet::default();
        for (at, segment) in segments.iter().enumerate() {
            if read.gone.contains(&segment.id) {
                places.insert(at);
            }
        }
        Self {
            places,
            by_members: read.by_members,
        }
    }
}

/// What was read.
pub(super) struct Reading {
    pub plan: Plan,
    pub settled: Settled,
    pub gone: Gone,
    /// What is worth telling of the source.
    pub found: Found,
}

/// Of rows that come in any order nobody can say which of two with one id counts.
fn agrees(settled: &Settled) -> Result<(), Error> {
    if settled.contradicting == 0 {
        return Ok(());
    }
    let why = SqlError::Contradicting {
        count: settled.contradicting,
        examples: settled.examples.clone(),
    };
    Err(Error::Source(why.into()))
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
    let unordered = source.is_unordered();
    let (send, receive) = mpsc::channel(8);
    let (limit, most) = (order.options.limit, order.destination.max_profiles.0);
    let writer = Writer {
        rules,
        odd: Odd::default(),
        // A limit that keeps below the guard's needs no guard.
        most: limit.map_or(most, |limit| if limit > most { most } else { u64::MAX }),
        again: again(order)?,
        erased: Erased::open(&order.home)?,
        stop: stop.clone(),
        events,
    };
    let writing = spawn_blocking(move || {
        let plan = Plan::create(&path)?;
        let plan = if unordered { plan.unordered() } else { plan };
        writer.write(plan, limit, receive)
    });
    let read = source.read(request, send).await;
    let written = writing
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    // A full disk makes the reader stop too: the cause is told, not its echo.
    let (plan, settled, odd) = written?;
    let read = read?;
    if unordered {
        agrees(&settled)?;
    }
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
        gone: Gone::of(segments, &read),
        found: Found {
            gone: read.gone.iter().filter_map(label).collect(),
            empty: read.empty.iter().filter_map(label).collect(),
            odd,
            counts_differ: differ.collect(),
            letters_replaced: read.letters_replaced,
            choices_unknown: read.choices_unknown,
            differing: if unordered { settled.differing } else { 0 },
            of_moments: read.apart,
            ..Found::default()
        },
        settled,
    })
}

fn again(order: &Order) -> Result<Option<RejectsAgain>, Error> {
    let (home, id) = (&order.home, order.destination.id());
    let again = order.options.only_rejects;
    Ok(again.then(|| rejects_again(home, &id)).transpose()?)
}

/// Writes rows into the plan as they come.
struct Writer {
    rules: Arc<Rules>,
    odd: Odd,
    /// How many profiles there may be.
    most: u64,
    /// Whom alone the run is about, where it sends rejects again.
    again: Option<RejectsAgain>,
    /// Who does not come into the plan.
    erased: Erased,
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
            check_most(&plan, self.most)?;
            // Nobody may be listening any more; then nobody is told.
            let _told = self.events.blocking_send(Event::Read { rows: read });
        }
        self.go_on()?;
        let mut settled = plan.settle(limit)?;
        if let Some(again) = &self.again {
            settled = plan.keep(again, settled)?;
        }
        self.go_on()?;
        Ok((plan, settled, self.odd.told(&self.rules)))
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
        let planned = PlannedRow {
            profile: row.profile,
            origin: row.origin,
            segments: row.segments,
            consent: said,
            unclear,
            content,
        };
        self.unless_erased(planned)
    }

    /// Of a row whose person was erased nothing comes into the plan but that it was there: so nothing that is written by
    /// the plan can name them, whatever else is wrong with the row.
    fn unless_erased(&self, row: PlannedRow) -> PlannedRow {
        let key = match &row.content {
            Ok(content) => Some(Cow::Borrowed(content.email.key())),
            Err(fault) => fault.email.as_deref().map(Email::key_of).map(Cow::Owned),
        };
        if !key.is_some_and(|key| self.erased.holds(&key)) {
            return row;
        }
        PlannedRow {
            consent: Consent::Silent,
            unclear: None,
            content: Err(Unfit {
                email: None,
                reason: Reason::Erased,
                detail: String::new(),
            }),
            ..row
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

/// Refuses more profiles than may be while they are read, so that a source that was chosen by mistake does not first fill
/// the disk.
fn check_most(plan: &Plan, most: u64) -> Result<(), Error> {
    if plan.profiles() > most {
        return Err(Error::Refused(Guard::MaxProfiles { limit: most }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Error, Guard, check_most};
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
        for (at, batch) in batches.iter().enumerate() {
            let rows: Vec<_> = batch.iter().map(|id| row(id)).collect();
            plan.add(&rows).expect("add");
            match check_most(&plan, 3) {
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
