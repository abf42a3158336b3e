//! Delivers a prepared plan: first the call that tries out updates, then the other updates, then the creates.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::compare::changes_from;
use super::leaving::Leavers;
use super::memory::Memory;
use super::prepare::{Planning, enter, forward, prepare, tags};
use super::{Access, Error, Event, Order, Phase};
use crate::deliver::{Batch, Began, Caller, Delivery, Item, Mailchimp, Stop};
use crate::domain::Destination;
use crate::store::{
    AudienceNotes, Cursor, JournalWriter, OwnTags, Plan, PlannedMember, Record, RunFolder,
    SourceNotes, Stage,
};

/// The most members in one batch call.
const BATCH: usize = 500;
/// The most members in the first update call (rule 1).
const FIRST_UPDATES: usize = 10;

/// How far a delivery got.
pub(super) struct Delivered {
    pub plan: Plan,
    pub link: String,
    /// What is to be noted of the audience once the run's fates are in the ledger; `None` where nothing was sent.
    pub notes: Option<AudienceNotes>,
    pub failure: Option<Error>,
}

pub(super) async fn deliver(
    order: &Order,
    folder: &RunFolder,
    journal: &JournalWriter,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<Delivered, Error> {
    let destination = &order.destination;
    let prepared = prepare(order, folder, events, stop).await?;
    let (planning, lanes, mut notices) = (prepared.planning, prepared.lanes, prepared.notices);
    let link = tags_link(&order.access, planning.view.audience.web_id);
    let planned = planning.sum_up(destination)?;
    let sums = serde_json::to_vec(&planned).map_err(|why| Error::Broken(why.to_string()))?;
    journal.write(&Record::Planned(sums)).await?;
    let Planning {
        mut plan,
        guard,
        since,
        notes,
        leavers,
        memory,
        sums,
        ..
    } = planning;
    let _told = events.send(Event::Planned(Box::new(planned))).await;
    if let Some(guard) = guard {
        return Ok(Delivered {
            plan,
            link,
            notes: None,
            failure: Some(Error::Refused(guard)),
        });
    }
    enter(Phase::Delivering, events).await;
    OwnTags::open(&order.home, &destination.audience)?.own(
        tags(destination).iter().map(String::as_str),
        Timestamp::now(),
    )?;
    journal.write(&Record::Clock(since.as_second())).await?;
    let first = plan.first_updates(FIRST_UPDATES)?;
    let delivery = delivery(destination, since, journal);
    let clock = lanes.first().cloned().map(Mailchimp::over);
    let mut sending = Box::pin(send_all(delivery, (plan, first), leavers, lanes, stop));
    let (plan, delivered) = loop {
        tokio::select! {
            sent = &mut sending => break sent?,
            Some(notice) = notices.recv() => forward(notice, events, stop).await,
        }
    };
    drop(sending);
    while let Ok(notice) = notices.try_recv() {
        forward(notice, events, stop).await;
    }
    if let (Ok(()), Some(sums)) = (&delivered, sums) {
        remember_source(memory, sums).await?;
    }
    let notes = over(clock, journal, notes).await;
    Ok(Delivered {
        plan,
        link,
        notes: Some(notes),
        failure: delivered.err(),
    })
}

fn delivery(destination: &Destination, since: Timestamp, journal: &JournalWriter) -> Delivery {
    let began = Began {
        at: since,
        changes_from: changes_from(since),
    };
    Delivery::new(
        destination.audience.clone(),
        tags(destination),
        destination.status_if_new,
        began,
        journal.clone(),
    )
}

/// Sends the plan, then takes tags away: whoever is in doubt by then keeps them.
async fn send_all(
    delivery: Delivery,
    (plan, first): (Plan, Vec<PlannedMember>),
    leavers: Leavers,
    lanes: Vec<Caller>,
    stop: &Stop,
) -> Result<(Plan, Result<(), Error>), Error> {
    let untagging = delivery.clone();
    let (plan, delivered) = send(delivery, plan, first, lanes.clone(), stop.clone()).await?;
    let delivered = match delivered {
        Ok(()) => {
            let untagged = untagging.untag(leavers.removals, lanes, stop.clone());
            untagged.await.map_err(Error::from)
        }
        failed => failed,
    };
    Ok((plan, delivered))
}

/// Notes what the source held, for the next run to compare with.
async fn remember_source(memory: Arc<Memory>, sums: SourceNotes) -> Result<(), Error> {
    let noting = spawn_blocking(move || {
        let mut ledger = memory.ledger()?;
        Ok(ledger.note_source(memory.destination, &sums)?)
    });
    noting.await.map_err(|why| Error::Broken(why.to_string()))?
}

/// Notes when the last write was over, by the service's clock: what changed before was our own doing. Without that the next
/// run has more to read back, and that is all.
async fn over(
    clock: Option<Mailchimp>,
    journal: &JournalWriter,
    notes: AudienceNotes,
) -> AudienceNotes {
    let Some(clock) = clock else { return notes };
    let Ok(now) = clock.server_time().await else {
        return notes;
    };
    let now = now.as_second();
    if journal.write(&Record::Over(now)).await.is_err() {
        return notes;
    }
    let cursor = notes.cursor.map(|cursor| Cursor {
        changes_from: now,
        ..cursor
    });
    AudienceNotes { cursor, ..notes }
}

/// Sends the plan front to back: first the call that tries out updates, then updates, then creates.
async fn send(
    delivery: Delivery,
    mut plan: Plan,
    first: Vec<PlannedMember>,
    lanes: Vec<Caller>,
    stop: Stop,
) -> Result<(Plan, Result<(), Error>), Error> {
    let tried: HashSet<u64> = first.iter().map(|one| one.member.seq).collect();
    if let (false, Some(lane)) = (first.is_empty(), lanes.first()) {
        let (feed, batches) = mpsc::channel(1);
        // The channel holds one batch, so this does not wait.
        let _fed = feed
            .send(Batch::Update(first.into_iter().map(Item::of).collect()))
            .await;
        drop(feed);
        let tried = delivery
            .clone()
            .run(vec![lane.clone()], batches, stop.clone());
        if let Err(why) = tried.await {
            return Ok((plan, Err(why.into())));
        }
    }
    let (feed, batches) = mpsc::channel(lanes.len());
    let feeding = spawn_blocking(move || {
        let outcome = feed_batches(&mut plan, &tried, &feed);
        (plan, outcome)
    });
    let delivered = delivery.run(lanes, batches, stop).await;
    let (plan, outcome) = feeding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    Ok((plan, delivered.map_err(Error::from).and(outcome)))
}

fn feed_batches(
    plan: &mut Plan,
    tried: &HashSet<u64>,
    feed: &mpsc::Sender<Batch>,
) -> Result<(), Error> {
    for (stage, batch) in [
        (Stage::Update, Batch::Update as fn(Vec<Item>) -> Batch),
        (Stage::Create, Batch::Create),
        (Stage::Reinstate, Batch::Reinstate),
    ] {
        let mut after = 0;
        loop {
            let rows = plan.batch(stage, after, BATCH)?;
            let Some(last) = rows.last() else { break };
            after = last.member.seq;
            let items: Vec<Item> = rows
                .into_iter()
                .filter(|one| !tried.contains(&one.member.seq))
                .map(Item::of)
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
