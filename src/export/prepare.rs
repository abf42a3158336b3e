//! Reads the source into a plan, lets the guards decide, and compares the plan with the audience.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::compare::{Compared, Comparison, compare, open_ahead};
use super::leaving::{Leavers, shrunk};
use super::look::Opened;
use super::memory::Memory;
use super::overage;
use super::read::{Reading, read_plan};
use super::report::unfinished;
use super::settle::settle_earlier;
use super::setup::{foreign_tags, look_at_audience};
use super::{
    AudienceView, Error, Event, Found, Guard, Lost, Order, Phase, Planned, PlannedSegment,
};
use crate::deliver::{Caller, Error as DeliverError, Mailchimp, Notice, Stop};
use crate::domain::{Destination, Draft, Gap, PersonKey, Segment, SegmentId};
use crate::plan::Rules;
use crate::source::Source;
use crate::store::{
    AudienceNotes, Destinations, Home, Ledger, OwnTags, Plan, RunFolder, SegmentCount, Settled,
    SourceNotes,
};

pub(super) fn tags(destination: &Destination) -> Arc<[String]> {
    destination.all_tags().into()
}

/// A plan that was compared with the audience, and what was learnt on the way.
pub(super) struct Planning {
    pub plan: Plan,
    pub settled: Settled,
    /// What is worth telling of the source.
    pub found: Found,
    pub view: AudienceView,
    pub source: Source,
    /// When the run began, by the service's clock.
    pub since: Timestamp,
    /// The guard that refuses, where one does.
    pub guard: Option<Guard>,
    /// What is remembered of the audience, and what comparing with it came to.
    pub memory: Arc<Memory>,
    pub leavers: Leavers,
    pub notes: AudienceNotes,
    /// What was delivered last to contacts that somebody changed since, or whose profile changed: the hash of the values.
    pub delivered: HashMap<PersonKey, u64>,
    /// What a complete reading of the source came to; `None` of one that was not complete.
    pub sums: Option<SourceNotes>,
}

/// A plan that is ready to be delivered, and the lanes to deliver it in.
pub(super) struct Prepared {
    pub planning: Planning,
    pub lanes: Vec<Caller>,
    pub notices: mpsc::Receiver<Notice>,
}

impl Planning {
    /// Sums up what the plan says: what a run tells before it delivers, and a check instead.
    pub fn sum_up(&self, destination: &Destination) -> Result<Planned, Error> {
        let counts = self.plan.counts();
        let segments = self.plan.segment_counts(destination.segments.len());
        let profiles = self.settled.segments.iter().copied();
        let profiles = profiles.chain(std::iter::repeat(0));
        let segments = destination.segments.iter().zip(segments).zip(profiles);
        let segment =
            |((segment, count), profiles): ((&Segment, SegmentCount), u64)| PlannedSegment {
                label: segment.label.clone(),
                profiles,
                pending: count.pending,
                settled: count.settled,
                held: count.held,
            };
        let found = Found {
            repeated: self.settled.repeated,
            repeated_examples: self.settled.examples.clone(),
            apart: self.settled.apart,
            left_out: self.plan.left_out()?,
            consent: self.plan.unclear_consent()?,
            ..self.found.clone()
        };
        let mut planned = Planned::new(&counts, segments.map(segment).collect(), found);
        self.leavers.correct(&mut planned);
        Ok(planned)
    }
}

/// Reads the source into a plan and compares it with the audience. Guards that can tell before the audience is read do.
pub(super) async fn prepare(
    order: &Order,
    folder: &RunFolder,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Prepared, Error> {
    if order.destination.agreement.is_none() {
        return Err(Error::Refused(Guard::NoAgreement));
    }
    look_through(&order.home, &order.destination)?;
    let consent = order.destination.consent_attribute.as_ref();
    if let Some(rule) = consent.filter(|rule| rule.is_ambiguous()) {
        return Err(Error::AmbiguousConsent(rule.clone()));
    }
    let (lanes, mut notices) = order.lanes(stop)?;
    let prepared = {
        let planning = plan(order, folder, &lanes, events, stop);
        tokio::pin!(planning);
        loop {
            tokio::select! {
                planned = &mut planning => break planned,
                Some(notice) = notices.recv() => forward(notice, events, stop).await,
                () = stop.gently.cancelled() => break Err(Error::Deliver(DeliverError::Stopped)),
            }
        }
    };
    while let Ok(notice) = notices.try_recv() {
        forward(notice, events, stop).await;
    }
    Ok(Prepared {
        planning: prepared?,
        lanes,
        notices,
    })
}

/// Looks whether a destination has what none is saved without: its file may have been written by hand, and one without
/// segments would have everybody leave them.
///
/// # Errors
/// [`Error::Incomplete`] names what is missing.
pub(super) fn look_through(home: &Home, destination: &Destination) -> Result<(), Error> {
    let mut lacking = Draft::from(destination.clone()).gaps();
    lacking.retain(|gap| {
        matches!(
            gap,
            Gap::Email | Gap::Segments | Gap::Tag(_) | Gap::SameTag(_)
        )
    });
    if lacking.is_empty() {
        return Ok(());
    }
    let path = Destinations::of(home).path(&destination.id())?;
    Err(Error::Incomplete {
        name: destination.name.clone(),
        path: path.unwrap_or_else(|| home.destinations()),
        lacking,
    })
}

async fn plan(
    order: &Order,
    folder: &RunFolder,
    lanes: &[Caller],
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Planning, Error> {
    let destination = &order.destination;
    if order.options.guards && settle_earlier(order, &folder.id, lanes).await? {
        lost(Lost::Journal, events).await;
    }
    let mut memory = remember(order, events).await?;
    let fresh = order.options.fresh || unsettled(order)?;
    let (view, since, opened) = first_look(order, &memory, lanes, fresh).await?;
    let rules = Arc::new(Rules::new(destination, &view.merge_fields).map_err(Error::Mapping)?);
    let (spec, layout) = (&destination.source, &destination.folder);
    let source = Source::open(spec, layout, order.source.clone()).await?;
    let not_ready = look_at_segments(order, &source, events).await?;
    if let (true, Some(guard)) = (order.options.guards, &not_ready) {
        return Err(Error::Refused(guard.clone()));
    }
    enter(Phase::Reading, events).await;
    let Reading {
        plan,
        settled,
        gone,
        found,
    } = read_plan(order, &source, rules, folder.plan(), stop, events.clone()).await?;
    let own = OwnTags::open(&order.home, &destination.audience)?;
    let sums = (!order.options.is_partial()).then(|| sums(order, &settled));
    let guard = not_ready
        .or_else(|| guard(destination, &own, &view))
        .or_else(|| shrunk(order, &gone, memory.source.as_ref(), sums.as_ref()));
    memory.leave(&gone.places);
    let memory = Arc::new(memory);
    let planning = Planning {
        plan,
        settled,
        found,
        view,
        source,
        since,
        guard,
        leavers: Leavers::default(),
        memory,
        notes: AudienceNotes::default(),
        delivered: HashMap::new(),
        sums,
    };
    if order.options.guards && planning.guard.is_some() {
        return Ok(planning);
    }
    let comparison = Comparison {
        audience: destination.audience.clone(),
        tags: tags(destination),
        memory: Arc::clone(&planning.memory),
        lanes: lanes.to_vec(),
        events: events.clone(),
        since,
        trust_counts: order.options.trust_counts,
        fresh,
        complete: order.options.guards && !order.options.is_partial(),
    };
    Box::pin(decide(order, planning, &comparison, opened)).await
}

/// Asks for the audience, the service's clock, and the first pages of its lists where all of them will be read: nothing of
/// this waits for anything else of it.
async fn first_look(
    order: &Order,
    memory: &Memory,
    lanes: &[Caller],
    fresh: bool,
) -> Result<(AudienceView, Timestamp, Vec<Opened>), Error> {
    let audience = &order.destination.audience;
    let mailchimp = Mailchimp::over(lanes[0].clone());
    let (view, since, opened) = tokio::join!(
        look_at_audience(&mailchimp, audience),
        mailchimp.server_time(),
        open_ahead(memory, audience, lanes, fresh),
    );
    let (mut view, since, opened) = (view?, since?, opened?);
    view.count_as_there(&order.options.new_fields);
    Ok((view, since, opened))
}

/// Decides about everybody in the plan, and who loses which tag; the guards that need that decide then.
async fn decide(
    order: &Order,
    planning: Planning,
    comparison: &Comparison,
    lists: Vec<Opened>,
) -> Result<Planning, Error> {
    let mailchimp = Mailchimp::over(comparison.lanes[0].clone());
    enter(Phase::Comparing, &comparison.events).await;
    if order.options.guards {
        pay_debts(order, &mailchimp).await?;
    }
    let Compared {
        mut plan,
        met,
        notes,
        delivered,
    } = compare(planning.plan, comparison, lists).await?;
    let mut leavers = Leavers::default();
    if !order.options.is_partial() {
        leavers = Leavers::of(&mut plan, &planning.memory, &met)?;
    }
    let too_many = leavers.guard(&planning.memory, &met, order.options.max_removals);
    let over = overage::guard(order, &mailchimp, plan.counts().create).await?;
    Ok(Planning {
        plan,
        guard: planning.guard.or(too_many).or(over),
        leavers,
        notes,
        delivered,
        ..planning
    })
}

/// What a complete reading of the source came to.
fn sums(order: &Order, settled: &Settled) -> SourceNotes {
    let segments = order.destination.segments.iter();
    let counts = settled.segments.iter().copied().chain(std::iter::repeat(0));
    SourceNotes {
        profiles: settled.profiles,
        segments: segments
            .map(|segment| segment.id.as_str().to_owned())
            .zip(counts)
            .collect(),
    }
}

/// Opens what is remembered of the audience; tells where that was damaged.
async fn remember(order: &Order, events: &mpsc::Sender<Event>) -> Result<Memory, Error> {
    let (home, destination) = (order.home.clone(), order.destination.clone());
    let opening = spawn_blocking(move || {
        let tags = tags(&destination);
        Memory::open(&home, &destination, &tags, Timestamp::now())
    });
    let memory = opening
        .await
        .map_err(|why| Error::Broken(why.to_string()))??;
    if memory.begun_anew {
        lost(Lost::LedgerDamaged, events).await;
    }
    Ok(memory)
}

/// Tells whether a run to the audience ended early and is not settled: a check settles nothing, so that what is remembered
/// may be wrong.
fn unsettled(order: &Order) -> Result<bool, Error> {
    Ok(!order.options.guards && !unfinished(&order.home, &order.destination.audience)?.is_empty())
}

/// Archives again whom an earlier run made anew by mistake and could not archive any more (rule 1). A check writes nothing.
async fn pay_debts(order: &Order, mailchimp: &Mailchimp) -> Result<(), Error> {
    let audience = &order.destination.audience;
    let owed = Ledger::open(&order.home, audience)?.owed()?;
    for id in owed {
        mailchimp.archive_id(audience, id).await?;
        Ledger::open(&order.home, audience)?.paid(id)?;
    }
    Ok(())
}

/// Waits for a refresh of the source to end, where that was asked for, and finds segments that the source does not vouch
/// for.
async fn look_at_segments(
    order: &Order,
    source: &Source,
    events: &mpsc::Sender<Event>,
) -> Result<Option<Guard>, Error> {
    if order.options.wait && source.refresh().await?.running {
        enter(Phase::Waiting, events).await;
        source.refreshed().await?;
    }
    let segments = order.destination.segments.iter();
    let chosen: Vec<SegmentId> = segments.map(|segment| segment.id.clone()).collect();
    let not_ready = source.not_ready(&chosen).await?;
    Ok((!not_ready.is_empty()).then_some(Guard::SegmentState(not_ready)))
}

fn guard(destination: &Destination, own: &OwnTags, view: &AudienceView) -> Option<Guard> {
    let foreign = foreign_tags(destination, own, view);
    (!foreign.is_empty()).then_some(Guard::ForeignTags(foreign))
}

/// Tells that a stretch of the run begins.
pub(super) async fn enter(phase: Phase, events: &mpsc::Sender<Event>) {
    // Nobody may be listening any more; then nobody is told.
    let _told = events.send(Event::Phase { phase }).await;
}

/// Tells that some of Segue's own notes is not to be had any more.
pub(super) async fn lost(what: Lost, events: &mpsc::Sender<Event>) {
    // Nobody may be listening any more; then nobody is told.
    let _told = events.send(Event::Lost(what)).await;
}

pub(super) async fn forward(notice: Notice, events: &mpsc::Sender<Event>, stop: &Stop) {
    let event = match notice {
        Notice::Started {
            lane,
            writes,
            again,
        } => Event::CallStarted {
            lane,
            writes,
            again,
        },
        Notice::Over {
            lane,
            trouble,
            limit,
        } => Event::CallOver {
            lane,
            trouble,
            limit,
        },
        Notice::Settled(told) => Event::Settled(told),
    };
    // Nothing goes on that is not written down: the recorder ends early when the disk fails.
    if events.send(event).await.is_err() {
        stop.gently.cancel();
    }
}
