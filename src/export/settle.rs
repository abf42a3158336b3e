//! Settles runs that ended early before a new one is planned: what was in doubt is looked up, what was owed is done, the
//! ledger takes in what they delivered, and each gets the report that it could not write itself (rule 2).

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::report::unfinished;
use super::{
    ConsentInForce, Counters, Ended, Error, Order, Outcome, Planned, Report, Settling, UndoNote,
};
use crate::deliver::{Caller, Doubt, Mailchimp};
use crate::domain::{DestinationId, Worded};
use crate::store::{
    Error as StoreError, Folded, JournalReader, JournalWriter, Ledger, Record, RunFolder, RunId,
    Runs, fold_journal,
};

/// Finds the newest run of the destination that was killed and has to be settled first. One that could still write its own
/// report, as after a full disk, is settled as well, but has told how far it came.
pub(super) fn earlier(order: &Order) -> Result<Option<String>, Error> {
    let runs = unfinished(&order.home, &order.destination.audience)?;
    let id = order.destination.id();
    let ours = |run: &&RunFolder| run.is_of(&id) && !run.report().exists();
    Ok(runs.iter().find(ours).map(|run| run.id.to_string()))
}

/// Settles the runs to the destination's audience that ended early, the oldest first, in the name of the run `by`; tells
/// whether some of their journals is damaged.
pub(super) async fn settle_earlier(
    order: &Order,
    by: &RunId,
    lanes: &[Caller],
) -> Result<bool, Error> {
    let mut is_damaged = false;
    let runs = unfinished(&order.home, &order.destination.audience)?;
    for run in runs.iter().rev() {
        is_damaged |= settle(order, run, by, lanes).await?;
    }
    Ok(is_damaged)
}

/// Settles a run; tells whether some of its journal is damaged.
async fn settle(
    order: &Order,
    run: &RunFolder,
    by: &RunId,
    lanes: &[Caller],
) -> Result<bool, Error> {
    let (mut folded, _) = fold(run, None).await?;
    let is_damaged = folded.damage.places > 0;
    let Some(began) = folded.began.clone() else {
        // That record is on the disk before anything is sent: without it there is nothing to settle, or nothing that
        // could be believed.
        run.set_aside()?;
        return Ok(is_damaged);
    };
    let audience = order.destination.audience.clone();
    let lane = lanes.first().cloned();
    let lane = lane.ok_or_else(|| Error::Broken("no lane to call in".to_owned()))?;
    let mailchimp = Mailchimp::over(lane);
    let journal = JournalWriter::reopen(run, &folded)?;
    if let Some(at) = folded.clock {
        let doubt = Doubt {
            audience: audience.clone(),
            began: Timestamp::from_second(at).unwrap_or_default(),
            status_if_new: began.status_if_new,
            tags: began.segments.iter().map(|(_, tag)| tag.clone()).collect(),
        };
        let in_doubt = std::mem::take(&mut folded.in_doubt);
        doubt.settle(in_doubt, lanes, &journal).await?;
    }
    let planned = planned(&folded);
    // What was in doubt may have turned out to be owed.
    let (folded, counters) = fold(run, planned).await?;
    for owed in &folded.owed {
        let id = owed.id.unwrap_or(owed.key);
        mailchimp.archive_id(&audience, id).await?;
        journal.write(&Record::Paid(id)).await?;
    }
    if folded.over.is_none() {
        let now = mailchimp.server_time().await?;
        journal.write(&Record::Over(now.as_second())).await?;
    }
    journal.close().await?;
    take_in(order, run).await?;
    report(order, run, by, (&folded, counters))?;
    Ok(is_damaged)
}

/// Takes a run's fates into the ledger; gives what its journal comes to. A journal of which some is lost cannot tell who
/// was delivered: then the next run reads the audience whole.
pub(super) async fn take_in(order: &Order, run: &RunFolder) -> Result<Folded, Error> {
    let (home, audience) = (order.home.clone(), order.destination.audience.clone());
    let run = run.clone();
    let folding = spawn_blocking(move || {
        let mut ledger = Ledger::open_or_begin_anew(&home, &audience)?;
        let folded = ledger.fold_run(&run)?.unwrap_or_default();
        Ok::<_, crate::store::Error>(folded)
    });
    folding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
        .map_err(Error::from)
}

fn planned(folded: &Folded) -> Option<Planned> {
    serde_json::from_slice(folded.planned.as_deref()?).ok()
}

/// Folds a run's journal aside, and counts its fates on top of what was planned.
async fn fold(run: &RunFolder, planned: Option<Planned>) -> Result<(Folded, Counters), Error> {
    let run = run.clone();
    let folding = spawn_blocking(move || count(&run, planned.as_ref()));
    let folded = folding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    folded.map_err(Error::from)
}

fn count(run: &RunFolder, planned: Option<&Planned>) -> Result<(Folded, Counters), StoreError> {
    let mut counters = Counters::default();
    if let Some(planned) = planned {
        counters.plan(planned);
    }
    let Some(journal) = JournalReader::open(&run.journal())? else {
        return Ok((Folded::default(), counters));
    };
    let mut labels = Vec::new();
    let folded = fold_journal(journal, |told| {
        let Some(began) = told.began else { return };
        if labels.is_empty() {
            labels.extend(began.segments.iter().map(|(label, _)| label.clone()));
        }
        let (sent, fate) = (told.sent, &told.settled.fate);
        counters.take(sent, fate, began.status_if_new, &labels);
    })?;
    Ok((folded, counters))
}

/// Tells by its journal how far a run came that wrote no report, or did not write it yet.
pub(super) fn so_far(run: &RunFolder) -> Result<Option<Report>, StoreError> {
    let (folded, _) = count(run, None)?;
    let (folded, counters) = count(run, planned(&folded).as_ref())?;
    Ok(unreported(run, &folded, counters, None))
}

/// Writes the report that the run could not write itself, or completes the one that it wrote.
fn report(
    order: &Order,
    run: &RunFolder,
    by: &RunId,
    (folded, counters): (&Folded, Counters),
) -> Result<(), Error> {
    let written = Runs::report::<Report>(run).ok().flatten();
    let report = if let Some(report) = written {
        Some(completed(report, counters))
    } else {
        let failure = (order.explain)(&interrupted(&counters));
        unreported(run, folded, counters, Some(failure))
    };
    let Some(mut report) = report else {
        return Ok(());
    };
    report.settling.settled = true;
    report.settling.by = Some(by.to_string());
    run.write_report(&report)?;
    // The plan holds people's data, and is of no use any more.
    run.drop_plan()?;
    Ok(())
}

/// What the journal says counts; of the calls only the run itself knows.
fn completed(mut report: Report, counters: Counters) -> Report {
    let Counters {
        calls,
        writes,
        retries,
        throttled,
        duration_ms,
        ..
    } = report.ended.counters;
    report.ended.counters = Counters {
        calls,
        writes,
        retries,
        throttled,
        duration_ms,
        ..counters
    };
    report
}

/// Why a run has no report of its own: its program died.
pub(super) fn interrupted(counters: &Counters) -> Error {
    Error::Interrupted {
        done: counters.settled(),
        profiles: counters.profiles,
    }
}

/// What is told of a run that wrote no report itself.
fn unreported(
    run: &RunFolder,
    folded: &Folded,
    mut counters: Counters,
    failure: Option<Worded>,
) -> Option<Report> {
    let began = folded.began.as_ref()?;
    let destination = DestinationId::parse(&began.destination).ok()?;
    let (started_at, ended_at) = (
        Timestamp::from_millisecond(began.at).unwrap_or_default(),
        Timestamp::now(),
    );
    let exit = interrupted(&counters).exit();
    counters.remaining = counters.profiles.saturating_sub(counters.settled());
    Some(Report {
        run: run.id.to_string(),
        destination,
        started_at,
        ended_at,
        started_by: began.started_by,
        audience_link: String::new(),
        tags: began.segments.iter().map(|(_, tag)| tag.clone()).collect(),
        merges: Vec::new(),
        failure,
        skipped: None,
        skipped_for: None,
        limited: began.partial,
        again: false,
        settling: Settling {
            interrupted: true,
            ..Settling::default()
        },
        consent: consent(folded),
        undo: UndoNote {
            undoes: began.undoes.clone(),
            ..UndoNote::default()
        },
        ended: Ended {
            outcome: Outcome::Failed,
            exit,
            guard: None,
            counters,
            resumed: None,
            report: run.report().display().to_string(),
        },
    })
}

fn consent(folded: &Folded) -> Option<ConsentInForce> {
    serde_json::from_slice(folded.consent.as_deref()?).ok()
}
