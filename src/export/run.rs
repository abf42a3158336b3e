use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};

use super::compare::{Comparison, compare};
use super::read::read_plan;
use super::recorder::Recorder;
use super::setup::{foreign_tags, look_at_audience};
use super::{
    AudienceView, Ended, Error, Event, Guard, Outcome, Phase, Planned, Progress, Report,
    last_report,
};
use crate::deliver::{
    Batch, Caller, Delivery, Error as DeliverError, Item, Mailchimp, Notice, Service, Stop,
    try_out_updates,
};
use crate::domain::{Destination, Reason};
use crate::http::Pacer;
use crate::plan::Rules;
use crate::source::Source;
use crate::store::{
    AccountLock, Home, Ledger, Locked, Plan, RejectKeys, RejectReader, RunFolder, Stage,
};

/// The most members in one batch call.
const BATCH: usize = 500;
/// The most members in the first update call (rule 1).
const FIRST_UPDATES: usize = 10;
/// How many merges the report lists.
const MERGES: usize = 1000;

/// What to do about a reject, in the user's words.
pub type Advice = Arc<dyn Fn(Reason) -> String + Send + Sync>;

/// The account a run uses.
#[derive(Debug, Clone)]
pub struct Access {
    /// How to call it.
    pub service: Service,
    /// The account's identifier, by which runs keep out of each other's way.
    pub account: String,
}

/// How a run differs from the usual.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only the first profiles.
    pub limit: Option<u64>,
    /// Calls at once, at most 10.
    pub max_in_flight: usize,
    /// Whether any reject, also one the last report had, makes the exit code 3.
    pub strict: bool,
    /// Whether guards refuse; a check only tells.
    pub guards: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: None,
            max_in_flight: 8,
            strict: false,
            guards: true,
        }
    }
}

/// All that a run needs.
#[derive(Clone)]
pub struct Order {
    /// Where files are kept.
    pub home: Home,
    /// What to export, and where to.
    pub destination: Destination,
    /// Who calls.
    pub access: Access,
    /// How it differs from the usual.
    pub options: Options,
    /// Who started it.
    pub started_by: String,
    /// What to say about rejects.
    pub advice: Advice,
}

impl Order {
    /// Names a folder for a plan that is only looked at.
    pub(super) fn scratch(&self) -> RunFolder {
        RunFolder::scratch(&self.home)
    }
}

/// Stops a run, and remembers by which signal.
#[derive(Debug, Clone, Default)]
pub struct StopHandle {
    /// The two steps of stopping.
    pub stop: Stop,
    exit: Arc<AtomicU8>,
}

impl StopHandle {
    /// Stops: once, what is in flight is finished; twice, it is dropped. `exit` is the code of the signal: 130 or 143.
    pub fn ask(&self, exit: u8) {
        self.exit.store(exit, Ordering::Relaxed);
        self.stop.ask();
    }
}

/// How a run ended, and why when it did not come to its end.
pub struct Ending {
    /// What is kept of it; `None` when it could not even be begun.
    pub report: Option<Report>,
    /// Why it failed.
    pub failure: Option<Error>,
}

/// A run that goes on. Wizard, commands and tests hold the same three things.
pub struct Running {
    /// The latest state.
    pub progress: watch::Receiver<Progress>,
    /// The way to stop it.
    pub stop: StopHandle,
    /// Its end.
    pub done: JoinHandle<Ending>,
}

/// Starts an export run.
#[must_use]
pub fn start(order: Order) -> Running {
    let (progress, watched) = watch::channel(Progress::default());
    let stop = StopHandle::default();
    let done = tokio::spawn(begin(order, progress, stop.clone()));
    Running {
        progress: watched,
        stop,
        done,
    }
}

async fn begin(order: Order, progress: watch::Sender<Progress>, stop: StopHandle) -> Ending {
    match run(order, progress, stop).await {
        Ok(ending) => ending,
        Err(failure) => Ending {
            report: None,
            failure: Some(failure),
        },
    }
}

async fn run(
    order: Order,
    progress: watch::Sender<Progress>,
    stop: StopHandle,
) -> Result<Ending, Error> {
    let (start, started_at) = (Instant::now(), Timestamp::now());
    let _ours = lock(&order)?;
    let folder = RunFolder::create(&order.home, started_at)?;
    let ledger = Ledger::open(&order.home, &order.destination.audience)?;
    let before = rejects_before(&order)?;
    let recorder = Recorder::open(
        &folder,
        ledger,
        before,
        Arc::clone(&order.advice),
        progress,
        start,
    )?;
    let (events, happened) = mpsc::channel(256);
    let recording = spawn_blocking(move || recorder.record(happened));
    let told = started(&order, &folder);
    // The recorder ends only when the disk fails; then the run ends with that error below.
    let _recorded = events.send(told).await;
    let delivered = deliver(&order, &folder, &events, &stop.stop).await;
    drop(events);
    let mut recorder = recording
        .await
        .map_err(|why| Error::Broken(why.to_string()))??;
    let (link, merges, failure) = match delivered {
        Ok(Delivered {
            plan,
            link,
            failure,
        }) => {
            plan.each_reject(|reject| recorder.reject(&reject))?;
            recorder.rejects.flush()?;
            (link, plan.merges(MERGES)?, failure)
        }
        Err(why) => (String::new(), Vec::new(), Some(why)),
    };
    folder.drop_plan()?;
    let ended = ended(&order, &folder, &recorder, failure.as_ref(), &stop, start);
    let report = Report {
        run: folder.id.to_string(),
        destination: order.destination.name.clone(),
        started_at,
        ended_at: Timestamp::now(),
        started_by: order.started_by.clone(),
        audience_link: link,
        tags: tags(&order.destination).to_vec(),
        merges,
        ended,
    };
    folder.write_report(&report)?;
    Ok(Ending {
        report: Some(report),
        failure,
    })
}

fn lock(order: &Order) -> Result<AccountLock, Error> {
    let holder = format!("{} ({})", order.destination.name, std::process::id());
    match AccountLock::try_take(&order.home, &order.access.account, &holder)? {
        Locked::Ours(lock) => Ok(lock),
        Locked::Held(holder) => Err(Error::Busy { holder }),
    }
}

fn rejects_before(order: &Order) -> Result<RejectKeys, Error> {
    let mut keys = RejectKeys::default();
    if let Some((run, _)) = last_report(&order.home, &order.destination.name)? {
        for reject in RejectReader::open(&run.rejects())?.into_iter().flatten() {
            keys.add(&reject?);
        }
    }
    Ok(keys)
}

fn started(order: &Order, folder: &RunFolder) -> Event {
    Event::Started {
        run: folder.id.to_string(),
        destination: order.destination.name.to_string(),
        segments: tags(&order.destination).to_vec(),
    }
}

fn tags(destination: &Destination) -> Arc<[String]> {
    destination
        .segments
        .iter()
        .map(|segment| destination.tag_of(segment))
        .collect()
}

/// A plan that is ready to be delivered, and what was learnt on the way.
pub(super) struct Prepared {
    pub plan: Plan,
    pub repeated: u64,
    pub view: AudienceView,
    pub source: Source,
    pub lanes: Vec<Caller>,
    pub notices: mpsc::Receiver<Notice>,
    /// The guard that refuses, where one does.
    pub guard: Option<Guard>,
}

/// Reads the source into a plan and compares it with the audience. Guards that can tell before the audience is read do.
pub(super) async fn prepare(
    order: &Order,
    path: PathBuf,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Prepared, Error> {
    if order.destination.agreement.is_none() {
        return Err(Error::Refused(Guard::NoAgreement));
    }
    let lanes_wanted = order.options.max_in_flight.clamp(1, 10);
    let pacer = Pacer::new(lanes_wanted);
    let (tell, mut notices) = mpsc::channel(256);
    let service = &order.access.service;
    let lane = |at| {
        Caller::new(
            at,
            service.clone(),
            pacer.clone(),
            tell.clone(),
            stop.clone(),
        )
    };
    let lanes: Vec<Caller> = (0..lanes_wanted).map(lane).collect::<Result<_, _>>()?;
    drop(tell);
    let prepared = {
        let planning = plan(order, path, &lanes, events);
        tokio::pin!(planning);
        loop {
            tokio::select! {
                planned = &mut planning => break planned,
                Some(notice) = notices.recv() => forward(notice, events).await,
                () = stop.gently.cancelled() => break Err(Error::Deliver(DeliverError::Stopped)),
            }
        }
    };
    while let Ok(notice) = notices.try_recv() {
        forward(notice, events).await;
    }
    let Planning {
        plan,
        repeated,
        view,
        source,
        guard,
    } = prepared?;
    Ok(Prepared {
        plan,
        repeated,
        view,
        source,
        lanes,
        notices,
        guard,
    })
}

struct Planning {
    plan: Plan,
    repeated: u64,
    view: AudienceView,
    source: Source,
    guard: Option<Guard>,
}

async fn plan(
    order: &Order,
    path: PathBuf,
    lanes: &[Caller],
    events: &mpsc::Sender<Event>,
) -> Result<Planning, Error> {
    let destination = &order.destination;
    let view = look_at_audience(&Mailchimp::over(lanes[0].clone()), &destination.audience).await?;
    let rules = Arc::new(Rules::new(destination, &view.merge_fields).map_err(Error::Mapping)?);
    let source = Source::open(&destination.source, &destination.folder).await?;
    let _told = events
        .send(Event::Phase {
            phase: Phase::Reading,
        })
        .await;
    let limit = order.options.limit;
    let (plan, settled) =
        read_plan(destination, &source, rules, path, limit, events.clone()).await?;
    let repeated = settled.repeated;
    let ledger = Ledger::open(&order.home, &destination.audience)?;
    let guard = guard(destination, &ledger, &view, settled.profiles)?;
    if order.options.guards && guard.is_some() {
        return Ok(Planning {
            plan,
            repeated,
            view,
            source,
            guard,
        });
    }
    let _told = events
        .send(Event::Phase {
            phase: Phase::Comparing,
        })
        .await;
    let comparison = Comparison {
        audience: destination.audience.clone(),
        tags: tags(destination),
        refusals: ledger.refusals()?,
        lanes: lanes.to_vec(),
        events: events.clone(),
    };
    // The ledger's connection cannot be held over the waiting below.
    drop(ledger);
    let plan = compare(plan, comparison).await?;
    Ok(Planning {
        plan,
        repeated,
        view,
        source,
        guard,
    })
}

fn guard(
    destination: &Destination,
    ledger: &Ledger,
    view: &AudienceView,
    profiles: u64,
) -> Result<Option<Guard>, Error> {
    if profiles > destination.max_profiles {
        return Ok(Some(Guard::MaxProfiles {
            found: profiles,
            limit: destination.max_profiles,
        }));
    }
    let foreign = foreign_tags(destination, ledger, view)?;
    Ok(Some(foreign)
        .filter(|foreign| !foreign.is_empty())
        .map(Guard::ForeignTags))
}

async fn forward(notice: Notice, events: &mpsc::Sender<Event>) {
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
        Notice::Settled(verdict) => Event::Settled(verdict),
    };
    // The recorder ends only when the disk fails, and tells that itself.
    let _recorded = events.send(event).await;
}

struct Delivered {
    plan: Plan,
    link: String,
    failure: Option<Error>,
}

async fn deliver(
    order: &Order,
    folder: &RunFolder,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Delivered, Error> {
    let destination = &order.destination;
    let prepared = prepare(order, folder.plan(), events, stop).await?;
    let Prepared {
        plan,
        repeated,
        view,
        lanes,
        mut notices,
        guard,
        ..
    } = prepared;
    let link = tags_link(&order.access, view.audience.web_id);
    let counts = plan.counts()?;
    let segments = plan.segment_counts(destination.segments.len())?;
    let planned = Planned::new(&counts, &segments, repeated);
    let _told = events.send(Event::Planned(Box::new(planned))).await;
    if let Some(guard) = guard {
        return Ok(Delivered {
            plan,
            link,
            failure: Some(Error::Refused(guard)),
        });
    }
    let _told = events
        .send(Event::Phase {
            phase: Phase::Delivering,
        })
        .await;
    let tags = tags(destination);
    Ledger::open(&order.home, &destination.audience)?
        .own(tags.iter().map(String::as_str), Timestamp::now())?;
    let first = plan.first_updates(FIRST_UPDATES)?;
    let delivery = Delivery {
        audience: destination.audience.clone(),
        tags,
        status_if_new: destination.status_if_new,
    };
    let sending = send(delivery, plan, first, lanes, stop.clone());
    tokio::pin!(sending);
    let (plan, delivered) = loop {
        tokio::select! {
            sent = &mut sending => break sent?,
            Some(notice) = notices.recv() => forward(notice, events).await,
        }
    };
    while let Ok(notice) = notices.try_recv() {
        forward(notice, events).await;
    }
    Ok(Delivered {
        plan,
        link,
        failure: delivered.err(),
    })
}

type Row = (
    crate::domain::Member,
    Option<crate::domain::Status>,
    crate::domain::SegmentSet,
);

/// Sends the plan front to back: first the call that tries out updates, then updates, then creates.
async fn send(
    delivery: Delivery,
    plan: Plan,
    first: Vec<Row>,
    lanes: Vec<Caller>,
    stop: Stop,
) -> Result<(Plan, Result<(), Error>), Error> {
    let tried: HashSet<u64> = first.iter().map(|(member, ..)| member.seq).collect();
    if let (false, Some(lane)) = (first.is_empty(), lanes.first()) {
        let items = first.into_iter().map(item).collect();
        if let Err(why) = try_out_updates(&delivery, lane, items).await {
            return Ok((plan, Err(why.into())));
        }
    }
    let (feed, batches) = mpsc::channel(lanes.len());
    let feeding = spawn_blocking(move || {
        let outcome = feed_batches(&plan, &tried, &feed);
        (plan, outcome)
    });
    let delivered = delivery.run(lanes, batches, stop).await;
    let (plan, outcome) = feeding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    Ok((plan, delivered.map_err(Error::from).and(outcome)))
}

fn item((member, before, add): Row) -> Item {
    Item::new(member, before, add)
}

fn feed_batches(
    plan: &Plan,
    tried: &HashSet<u64>,
    feed: &mpsc::Sender<Batch>,
) -> Result<(), Error> {
    for (stage, batch) in [
        (Stage::Update, Batch::Update as fn(Vec<Item>) -> Batch),
        (Stage::Create, Batch::Create),
    ] {
        let mut after = 0;
        loop {
            let rows = plan.batch(stage, after, BATCH)?;
            let Some((last, ..)) = rows.last() else { break };
            after = last.seq;
            let items: Vec<Item> = rows
                .into_iter()
                .filter(|(member, ..)| !tried.contains(&member.seq))
                .map(item)
                .collect();
            // A closed channel means that delivery ended; why, it tells itself.
            if !items.is_empty() && feed.blocking_send(batch(items)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Where the segments are found in Mailchimp: Audience → Tags.
fn tags_link(access: &Access, web_id: u64) -> String {
    let host = access.service.api.as_str().trim_end_matches("/3.0");
    let admin = host.replace(".api.mailchimp.com", ".admin.mailchimp.com");
    format!("{admin}/lists/tags?id={web_id}")
}

fn ended(
    order: &Order,
    folder: &RunFolder,
    recorder: &Recorder,
    failure: Option<&Error>,
    stop: &StopHandle,
    start: Instant,
) -> Ended {
    let mut counters = recorder.progress.borrow().counters.clone();
    counters.duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let rejects = if order.options.strict {
        counters.rejected
    } else {
        recorder.new_rejects
    };
    let (outcome, exit) = match failure {
        None if counters.rejected == 0 => (Outcome::Done, 0),
        None => (Outcome::DoneWithRejects, if rejects > 0 { 3 } else { 0 }),
        Some(why) => match Outcome::of(why) {
            Outcome::Stopped => (Outcome::Stopped, stop.exit.load(Ordering::Relaxed).max(130)),
            outcome => (outcome, why.exit()),
        },
    };
    Ended {
        outcome,
        exit,
        guard: failure
            .and_then(Error::guard)
            .map(|guard| guard.as_str().to_owned()),
        counters,
        resumed: false,
        report: folder.report().display().to_string(),
    }
}
