//! The undo itself: a run of its own, from the locks to the report.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

use super::gather::{Gathered, Sums};
use super::target::{Target, fold};
use super::{audience, blocking};
use crate::deliver::{Caller, Error as DeliverError, Mailchimp, Stop, TakeBack};
use crate::export::prepare::{enter, forward};
use crate::export::run::locks;
use crate::export::settle::settle_earlier;
use crate::export::{
    Ended, Ending, Error, Event, Order, Outcome, Phase, Progress, Report, Running, Settling,
    StopHandle, UndoNote,
};
use crate::store::{Began, JournalWriter, Ledger, LeftWriter, Record, RunFolder, RunId, Runs};

/// Starts to take a run back, or goes on with it. That it can be taken back is looked at again, once nobody else can run.
#[must_use]
pub fn start_undo(order: Order, run: RunId) -> Running {
    let (progress, watched) = watch::channel(Progress::default());
    let stop = StopHandle::default();
    let done = tokio::spawn(begin(order, run, progress, stop.clone()));
    Running {
        progress: watched,
        stop,
        done,
    }
}

async fn begin(
    order: Order,
    run: RunId,
    progress: watch::Sender<Progress>,
    stop: StopHandle,
) -> Ending {
    let undone = Box::pin(undo(order, run, progress, stop)).await;
    undone.unwrap_or_else(|failure| Ending {
        report: None,
        failure: Some(failure),
    })
}

async fn undo(
    order: Order,
    run: RunId,
    progress: watch::Sender<Progress>,
    stop: StopHandle,
) -> Result<Ending, Error> {
    let _ours = locks(&order, &progress, &stop).await?;
    // To wait for others is no part of it.
    let (start, started_at) = (Instant::now(), Timestamp::now());
    let (home, destination) = (order.home.clone(), order.destination.clone());
    let target = blocking(move || Target::find(&home, &destination, Some(run.as_str()))).await?;
    let (events, mut happened) = mpsc::channel(256);
    let mut order = order.telling(&events);
    // Where the run went, whatever its destination says by now.
    order.destination.audience = audience(&target)?;
    let watched = progress.subscribe();
    let telling = tokio::spawn(async move {
        while let Some(event) = happened.recv().await {
            let at = start.elapsed();
            progress.send_modify(|progress| progress.apply(&event, at));
        }
    });
    // A ledger that a newer Segue has written is told before anything is.
    drop(Ledger::open_or_begin_anew(
        &order.home,
        &order.destination.audience,
    )?);
    let (lanes, mut notices) = order.lanes(&stop.stop)?;
    let taken = {
        let taking = take_back(&order, &target, lanes, &events, &stop.stop);
        tokio::pin!(taking);
        loop {
            tokio::select! {
                taken = &mut taking => break taken,
                Some(notice) = notices.recv() => forward(notice, &events, &stop.stop).await,
            }
        }
    };
    while let Ok(notice) = notices.try_recv() {
        forward(notice, &events, &stop.stop).await;
    }
    drop(events);
    telling
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    let taken = taken?;
    let (progress, watch) = (watched.borrow().clone(), (start, started_at));
    blocking(move || report(&order, &target, taken, &progress, &stop, watch)).await
}

/// How far an undo got.
struct Taken {
    folder: RunFolder,
    total: u64,
    lost: u64,
    failure: Option<Error>,
}

async fn take_back(
    order: &Order,
    target: &Target,
    lanes: Vec<Caller>,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Taken, Error> {
    let mailchimp = Mailchimp::over(lanes[0].clone());
    let tags = target.began.segments.iter().map(|(_, tag)| tag.clone());
    let tags = tags.collect();
    let (folder, journal) = opened(order, target, &mailchimp, &lanes).await?;
    let all = TakeBack {
        audience: order.destination.audience.clone(),
        tags,
        journal: journal.clone(),
        left: Arc::new(Mutex::new(LeftWriter::open(&folder)?)),
    };
    let (run, target) = (target.run.clone(), target.clone());
    let target = Target {
        undo: Some(folder.clone()),
        ..target
    };
    let gathered = blocking(move || Gathered::of(&target, &[])).await?;
    let (total, lost) = (gathered.total(), gathered.lost);
    tell_start(order, &folder, &gathered, events).await;
    let (feed, work) = mpsc::channel(lanes.len());
    let feeding = spawn_blocking(move || gathered.feed(&run, &feed));
    let taken = all.run(lanes, work, stop.clone()).await;
    let read = feeding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    let mut taken = taken.map_err(Error::from).and(read);
    if taken.is_ok()
        && let Ok(now) = mailchimp.server_time().await
    {
        let over = journal.write(&Record::Over(now.as_second())).await;
        taken = over.map_err(Error::from);
    }
    let closed = journal.close().await.map_err(Error::from);
    Ok(Taken {
        folder,
        total,
        lost,
        failure: taken.and(closed).err(),
    })
}

/// Tells that an undo begins, or how far it is when it goes on.
async fn tell_start(
    order: &Order,
    folder: &RunFolder,
    gathered: &Gathered,
    events: &mpsc::Sender<Event>,
) {
    let started = Event::Started {
        run: folder.id.to_string(),
        segments: Vec::new(),
        status_if_new: order.destination.status_if_new,
        resumed: None,
    };
    // Nobody may be listening any more; then nobody is told.
    let _told = events.send(started).await;
    enter(Phase::Undoing, events).await;
    let Sums {
        archived,
        restored,
        left,
    } = gathered.sums;
    let begun = Event::Undoing {
        done: [archived, restored, left],
        total: gathered.total(),
    };
    let _told = events.send(begun).await;
}

/// Opens the journal of an undo. What ended early is settled first, the run itself and an undo of it too.
async fn opened(
    order: &Order,
    target: &Target,
    mailchimp: &Mailchimp,
    lanes: &[Caller],
) -> Result<(RunFolder, JournalWriter), Error> {
    if let Some(undo) = &target.undo {
        settle_earlier(order, &undo.id, lanes).await?;
        return gone_on(order, undo).await;
    }
    let folder = RunFolder::create(&order.home, Timestamp::now())?;
    let journal = match settle_earlier(order, &folder.id, lanes).await {
        Ok(_) => begun(order, target, mailchimp, &folder).await,
        Err(why) => Err(why),
    };
    match journal {
        Ok(journal) => Ok((folder, journal)),
        Err(why) => {
            // Nothing was done yet that it could tell of.
            folder.remove()?;
            Err(why)
        }
    }
}

/// Goes on with an undo that ended early.
async fn gone_on(order: &Order, undo: &RunFolder) -> Result<(RunFolder, JournalWriter), Error> {
    let busy = || Error::Busy {
        holder: undo.id.to_string(),
    };
    let folder = undo.go_on(&order.home)?.ok_or_else(busy)?;
    let of = folder.clone();
    let so_far = blocking(move || {
        // From here on there are calls again of which nobody may know what came of them.
        if let Some(mut report) = Runs::report::<Report>(&of)? {
            report.settling.settled = false;
            of.write_report(&report)?;
        }
        fold(&of, |_| {})
    })
    .await?;
    let journal = JournalWriter::reopen(&folder, &so_far)?;
    Ok((folder, journal))
}

/// Begins the journal of an undo.
async fn begun(
    order: &Order,
    target: &Target,
    mailchimp: &Mailchimp,
    folder: &RunFolder,
) -> Result<JournalWriter, Error> {
    // Asked first: without its clock nothing is written.
    let clock = mailchimp.server_time().await?;
    let journal = JournalWriter::create(folder)?;
    let began = Began {
        run: folder.id.to_string(),
        at: Timestamp::now().as_millisecond(),
        started_by: order.started_by,
        undoes: Some(target.run.id.to_string()),
        partial: true,
        ..target.began.clone()
    };
    journal.write(&Record::Began(began)).await?;
    journal.write(&Record::Clock(clock.as_second())).await?;
    Ok(journal)
}

/// Takes what was done into the ledger, writes the report, and marks the run that was taken back.
fn report(
    order: &Order,
    target: &Target,
    taken: Taken,
    progress: &Progress,
    stop: &StopHandle,
    (start, started_at): (Instant, Timestamp),
) -> Result<Ending, Error> {
    let Taken {
        folder,
        total,
        lost,
        failure,
    } = taken;
    let mut counters = progress.counters.clone();
    counters.duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let done = counters.archived + counters.restored + counters.left;
    counters.remaining = total.saturating_sub(done);
    // Stopped after the last contact: it is done all the same.
    let stopped = matches!(failure, Some(Error::Deliver(DeliverError::Stopped)));
    let failure = failure.filter(|_| !(stopped && counters.remaining == 0));
    let folded = remember(order, target, &folder);
    let failure = failure.or(folded.err());
    let (outcome, exit) = match &failure {
        None => (Outcome::Done, 0),
        Some(why) => match Outcome::of(why) {
            Outcome::Stopped => (Outcome::Stopped, stop.exit.load(Ordering::Relaxed).max(130)),
            outcome => (outcome, why.exit()),
        },
    };
    let report = Report {
        run: folder.id.to_string(),
        destination: order.destination.id(),
        started_at,
        ended_at: Timestamp::now(),
        started_by: order.started_by,
        audience_link: String::new(),
        tags: Vec::new(),
        merges: Vec::new(),
        failure: failure.as_ref().map(|why| (order.explain)(why)),
        skipped: None,
        skipped_for: None,
        limited: false,
        again: false,
        // Of one that was stopped or failed the next run finds out.
        settling: Settling::by_itself(failure.is_none()),
        // It sends nobody anywhere.
        consent: None,
        undo: UndoNote {
            undoes: Some(target.run.id.to_string()),
            undone_by: None,
            lost,
        },
        ended: Ended {
            outcome,
            exit,
            guard: None,
            counters,
            resumed: None,
            report: folder.report().display().to_string(),
        },
    };
    folder.write_report(&report)?;
    if outcome == Outcome::Done {
        mark(&target.run, &folder.id);
    }
    Ok(Ending {
        report: Some(report),
        failure,
    })
}

/// Takes both journals into the ledger, the run's first: whom the undo archived counts as new when exported again.
fn remember(order: &Order, target: &Target, undo: &RunFolder) -> Result<(), Error> {
    let mut ledger = Ledger::open_or_begin_anew(&order.home, &order.destination.audience)?;
    ledger.fold_run(&target.run)?;
    ledger.fold_run(undo)?;
    Ok(())
}

/// Notes in a run's report that it was taken back. The undo's own report says so too: this one is for who looks at it.
fn mark(run: &RunFolder, by: &RunId) {
    let marked = Runs::report::<Report>(run).and_then(|report| {
        let Some(mut report) = report else {
            return Ok(());
        };
        report.undo.undone_by = Some(by.to_string());
        run.write_report(&report)
    });
    if let Err(why) = marked {
        tracing::warn!(error = %why, "the report of the run that was taken back");
    }
}
