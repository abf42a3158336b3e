use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, spawn_blocking};

use super::not_begun::not_begun;
use super::prepare::{lost, tags};
use super::recorder::Recorder;
use super::report::known_rejects;
use super::send::{Delivered, deliver};
use super::settle::{earlier, take_in};
use super::{
    ConsentInForce, Ended, Ending, Error, Event, Lost, Order, Outcome, Progress, Report, Running,
    Settling, StopHandle, UndoNote, last_report_that,
};
use crate::deliver::Error as DeliverError;
use crate::domain::{Destination, StartedBy};
use crate::store::{
    AccountLock, Agendas, AudienceNotes, Began, Destinations, Error as StoreError, JournalWriter,
    Ledger, Locked, Record, RunFolder, Waiting, Waits,
};

/// How long to wait before the account is asked for again.
const LOCK_PAUSE: Duration = Duration::from_millis(500);
/// How many merges the report lists.
const MERGES: usize = 1000;

/// Starts an export run.
#[must_use]
pub fn start(order: Order) -> Running {
    start_with(order, StopHandle::default())
}

/// Starts an export run that is stopped by a handle made before.
#[must_use]
pub fn start_with(order: Order, stop: StopHandle) -> Running {
    let (progress, watched) = watch::channel(Progress::default());
    let done = tokio::spawn(begin(order, progress, stop.clone()));
    Running {
        progress: watched,
        stop,
        done,
    }
}

async fn begin(order: Order, progress: watch::Sender<Progress>, stop: StopHandle) -> Ending {
    let (home, destination, by) = (
        order.home.clone(),
        order.destination.clone(),
        order.started_by,
    );
    let (explain, mut folder) = (Arc::clone(&order.explain), None);
    match Box::pin(run(order, progress, stop, &mut folder)).await {
        Ok(ending) => ending,
        Err(why) => not_begun(&home, &destination, by, &explain, why, folder),
    }
}

async fn run(
    order: Order,
    progress: watch::Sender<Progress>,
    stop: StopHandle,
    made: &mut Option<RunFolder>,
) -> Result<Ending, Error> {
    let _ours = locks(&order, &progress, &stop).await?;
    // To wait for others is no part of it.
    let (start, started_at) = (Instant::now(), Timestamp::now());
    let order = as_saved_by_now(order)?;
    let folder = RunFolder::create(&order.home, started_at)?;
    let folder = made.insert(folder).clone();
    let ledger = Ledger::open_or_begin_anew(&order.home, &order.destination.audience)?;
    let before = known_rejects(&order.home, &order.destination.id())?;
    let is_lost = ledger.is_new() && has_delivered(&order)?;
    let journal = begin_journal(&order, &folder).await?;
    let recorder = Recorder::open(&folder, before, Arc::clone(&order.advice), progress, start)?;
    let (events, happened) = mpsc::channel(256);
    let order = order.telling(&events);
    let on_disk_full = stop.stop.clone();
    let recording = spawn_blocking(move || recorder.record(happened, &on_disk_full));
    let resumed = earlier(&order)?;
    if is_lost {
        lost(Lost::Ledger, &events).await;
    }
    let _recorded = events.send(started(&order, &folder, resumed.clone())).await;
    let delivered = Box::pin(deliver(&order, &folder, &journal, &events, &stop.stop)).await;
    drop(events);
    let (mut recorder, wrote) = recording.await.map_err(broken)?;
    let told = tell_plan(delivered, &mut recorder).unwrap_or_else(|why| Told {
        failure: Some(why),
        ..Told::default()
    });
    // The plan holds people's data: it goes whatever happened.
    let dropped = folder.drop_plan();
    let kept = keep(&order, &folder, journal, told.notes).await;
    let settled = matches!(kept, Ok(true));
    let failure = wrote
        .err()
        .or(told.failure)
        .or(kept.err())
        .or(dropped.err().map(Error::from));
    let ended = ended(&order, &folder, &recorder, failure.as_ref(), &stop, start);
    let report = Report {
        run: folder.id.to_string(),
        destination: order.destination.id(),
        started_at,
        ended_at: Timestamp::now(),
        started_by: order.started_by,
        audience_link: told.link,
        tags: tags(&order.destination).to_vec(),
        merges: told.merges,
        failure: failure.as_ref().map(|why| (order.explain)(why)),
        skipped: None,
        skipped_for: None,
        limited: order.options.is_partial(),
        again: order.options.only_rejects,
        settling: Settling::by_itself(settled),
        consent: Some(ConsentInForce::of(&order.destination)),
        undo: UndoNote::default(),
        ended: Ended { resumed, ..ended },
    };
    let ending = ending(&folder, report, failure);
    heal(&order, ending.failure.as_ref());
    looked_at(&order, &ending);
    Ok(ending)
}

#[expect(clippy::needless_pass_by_value, reason = "as it is handed over")]
fn broken(why: JoinError) -> Error {
    Error::Broken(why.to_string())
}

/// Begins a ledger anew that was found damaged where this run could not go on without it: the next one can.
fn heal(order: &Order, failure: Option<&Error>) {
    let audience = &order.destination.audience;
    if let Some(Error::Store(StoreError::Damaged { path, .. })) = failure
        && *path == order.home.ledger(audience)
        && let Err(why) = Ledger::begin_anew(&order.home, audience)
    {
        tracing::warn!(error = %why, "the ledger is damaged still");
    }
}

/// An export by hand that comes to its end shows that nothing is wrong any more: its schedule goes on.
fn looked_at(order: &Order, ending: &Ending) {
    let by_hand = matches!(order.started_by, StartedBy::Person | StartedBy::Command);
    let report = ending.report.as_ref().filter(|_| ending.failure.is_none());
    let Some(report) = report.filter(|report| by_hand && report.told_all()) else {
        return;
    };
    let noted = Agendas::of(&order.home).change(&order.destination.id(), |kept| {
        if let Some(agenda) = kept {
            agenda.looked_at(report.started_at);
        }
    });
    if let Err(why) = noted {
        tracing::warn!(error = %why, "what is remembered of the schedule");
    }
}

/// Writes the report. Where that fails, the run has failed.
fn ending(folder: &RunFolder, mut report: Report, failure: Option<Error>) -> Ending {
    let written = folder.write_report(&report).err().map(Error::from);
    if let (None, Some(why)) = (&failure, &written) {
        (report.ended.outcome, report.ended.exit) = (Outcome::of(why), why.exit());
    }
    Ending {
        report: Some(report),
        failure: failure.or(written),
    }
}

/// Ends the journal and takes its fates into the ledger; tells whether it is known of each call what came of it.
async fn keep(
    order: &Order,
    folder: &RunFolder,
    journal: JournalWriter,
    notes: Option<AudienceNotes>,
) -> Result<bool, Error> {
    journal.close().await?;
    let kept = take_in(order, folder).await?;
    if let Some(notes) = notes {
        let (home, audience) = (order.home.clone(), order.destination.audience.clone());
        let noting = spawn_blocking(move || {
            let mut ledger = Ledger::open(&home, &audience)?;
            // Where the ledger was begun anew meanwhile, or the journal is damaged, it does not know the audience.
            if ledger.audience_notes()?.cursor.is_some() {
                ledger.note_audience(&notes)?;
            }
            Ok::<_, StoreError>(())
        });
        noting
            .await
            .map_err(|why| Error::Broken(why.to_string()))??;
    }
    Ok(kept.in_doubt.is_empty() && kept.owed.is_empty())
}

/// What the report takes from the plan and the delivery.
#[derive(Default)]
struct Told {
    link: String,
    /// Profiles that were merged, each with the one that stands for it.
    merges: Vec<(String, String)>,
    notes: Option<AudienceNotes>,
    failure: Option<Error>,
}

/// Tells the plan's rejects and merges to the recorder and the report.
fn tell_plan(delivered: Result<Delivered, Error>, recorder: &mut Recorder) -> Result<Told, Error> {
    let Delivered {
        plan,
        link,
        notes,
        failure,
    } = delivered?;
    plan.each_reject(|reject| recorder.reject(&reject))?;
    plan.each_left_out(|_, value| recorder.reject(&value))?;
    recorder.rejects.flush()?;
    Ok(Told {
        link,
        merges: plan.merges(MERGES)?,
        notes,
        failure,
    })
}

/// Takes the destination, so that it is not removed meanwhile, and the account. One that is taken is waited for if that
/// was asked for, and who has it is told.
pub(super) async fn locks(
    order: &Order,
    progress: &watch::Sender<Progress>,
    stop: &StopHandle,
) -> Result<[AccountLock; 2], Error> {
    let (home, id) = (&order.home, order.destination.id());
    let ours = format!("{} ({})", order.destination.name, std::process::id());
    let destination = lock(order, progress, stop, || {
        AccountLock::try_destination(home, &id, &ours)
    })
    .await?;
    let account = &order.access.account;
    let account = lock(order, progress, stop, || {
        AccountLock::try_take(home, account, &ours)
    })
    .await?;
    progress.send_if_modified(|progress| progress.queue(None));
    Ok([destination, account])
}

/// The order for the destination as it is saved now that nobody else exports or removes it: what was changed while the run
/// waited counts, a consent attribute above all.
fn as_saved_by_now(order: Order) -> Result<Order, Error> {
    if !order.is_saved {
        return Ok(order);
    }
    let was = &order.destination;
    let name = was.name.clone();
    let Some(now) = Destinations::of(&order.home).get(was)? else {
        return Err(Error::Gone { name });
    };
    let asks = |one: &Destination| {
        (
            one.audience.clone(),
            one.source.clone(),
            one.login.clone(),
            one.source_login.clone(),
            one.api.clone(),
        )
    };
    if asks(&now) != asks(was) {
        return Err(Error::Changed { name });
    }
    Ok(Order {
        destination: now,
        ..order
    })
}

async fn lock(
    order: &Order,
    progress: &watch::Sender<Progress>,
    stop: &StopHandle,
    ask: impl Fn() -> Result<Locked, StoreError>,
) -> Result<AccountLock, Error> {
    let (since, mut noted) = (Timestamp::now(), None);
    loop {
        match ask()? {
            Locked::Ours(lock) => return Ok(lock),
            // Whoever has no name only clears up.
            Locked::Held(holder) if !order.options.wait && !holder.is_empty() => {
                return Err(Error::Busy { holder });
            }
            Locked::Held(holder) => {
                let told = Some(holder.clone());
                let is_news = progress.send_if_modified(|progress| progress.queue(told));
                if is_news || noted.is_none() {
                    noted = note(order, since, holder);
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOCK_PAUSE) => {}
            () = stop.stop.gently.cancelled() => return Err(Error::Deliver(DeliverError::Stopped)),
        }
    }
}

/// Lets other programs see that the run waits; one that they do not see waits all the same.
fn note(order: &Order, since: Timestamp, holder: String) -> Option<Waiting> {
    let waits = Waits {
        destination: order.destination.id(),
        started_by: order.started_by,
        since,
        holder,
    };
    Waiting::note(&order.home, &waits).unwrap_or_else(|why| {
        tracing::warn!(error = %why, "a run that waits");
        None
    })
}

/// Tells whether an earlier run of the destination got people into the audience.
pub(super) fn has_delivered(order: &Order) -> Result<bool, Error> {
    let has = |report: &Report| report.ended.counters.settled() > 0;
    Ok(last_report_that(&order.home, &order.destination.id(), has)?.is_some())
}

fn started(order: &Order, folder: &RunFolder, resumed: Option<String>) -> Event {
    Event::Started {
        run: folder.id.to_string(),
        segments: tags(&order.destination).to_vec(),
        status_if_new: order.destination.status_if_new,
        resumed,
    }
}

/// Begins the journal with what the run is.
async fn begin_journal(order: &Order, folder: &RunFolder) -> Result<JournalWriter, Error> {
    let journal = JournalWriter::create(folder)?;
    let began = Record::Began(began(order, folder));
    journal.write(&began).await?;
    let consent = serde_json::to_vec(&ConsentInForce::of(&order.destination));
    let consent = consent.map_err(|why| Error::Broken(why.to_string()))?;
    journal.write(&Record::Consent(consent)).await?;
    Ok(journal)
}

/// What the journal says of the run itself.
fn began(order: &Order, folder: &RunFolder) -> Began {
    let destination = &order.destination;
    let segments = destination.segments.iter();
    Began {
        run: folder.id.to_string(),
        destination: destination.id().to_string(),
        audience: destination.audience.to_string(),
        at: Timestamp::now().as_millisecond(),
        started_by: order.started_by,
        status_if_new: destination.status_if_new,
        segments: segments
            .map(|segment| (segment.label.clone(), destination.tag_of(segment)))
            .collect(),
        undoes: None,
        partial: order.options.is_partial(),
    }
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
        resumed: None,
        report: folder.report().display().to_string(),
    }
}
