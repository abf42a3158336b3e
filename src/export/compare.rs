//! Reads the audience as far as the plan touches it: the status of everyone a run may write to is known before the first
//! write (rule 1).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

use super::{Error, Event};
use crate::deliver::{Caller, Error as DeliverError, Mailchimp, PAGE};
use crate::domain::{AudienceId, Contact, Reason};
use crate::plan::{decide, decide_newcomer};
use crate::store::{Lookup, Plan};

/// How many addresses a lane looks up before it asks for more.
const LOOKUPS: usize = 20;
/// How often a list that changes while it is read is read at most; what changed is asked for afterwards as well.
const READINGS: usize = 3;

/// What comparing needs besides the plan.
pub(super) struct Comparison {
    pub audience: AudienceId,
    pub tags: Arc<[String]>,
    pub refusals: Vec<(String, Reason)>,
    pub lanes: Vec<Caller>,
    pub events: mpsc::Sender<Event>,
}

/// Compares the plan with the audience and decides about every member.
pub(super) async fn compare(plan: Plan, comparison: Comparison) -> Result<Plan, Error> {
    let Some(first) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let mailchimp = Mailchimp::over(first.clone());
    let audience = &comparison.audience;
    let members = plan.open_members()?;
    let since = mailchimp.server_time().await?;
    let held = mailchimp.count(audience, false, None).await?;
    let archived = mailchimp.count(audience, true, None).await?;
    // A page and a single contact cost a call each: whatever takes fewer.
    let plan = if members == 0 || held + archived == 0 {
        plan
    } else if members <= held.div_ceil(PAGE) + archived.div_ceil(PAGE) {
        by_address(plan, &comparison, members).await?
    } else {
        by_page(plan, &comparison, held, archived, since).await?
    };
    plan.meet_nobody(&comparison.refusals, decide_newcomer)?;
    Ok(plan)
}

/// Reads the whole audience in pages, all lanes at once, then what changed while it was read.
async fn by_page(
    plan: Plan,
    comparison: &Comparison,
    held: u64,
    archived: u64,
    since: Timestamp,
) -> Result<Plan, Error> {
    let (send, receive) = mpsc::channel(comparison.lanes.len() * 2);
    let meeting = meet(plan, comparison, receive, held + archived);
    let reading = async {
        for (archived, total) in [(false, held), (true, archived)] {
            read_whole(comparison, archived, total, &send).await?;
        }
        drop(send);
        Ok::<(), DeliverError>(())
    };
    let (plan, read) = tokio::join!(meeting, reading);
    let plan = plan?;
    read?;
    let (send, receive) = mpsc::channel(4);
    let catching_up = async {
        let since = since.to_string();
        for archived in [false, true] {
            changed(comparison, archived, &since, &send).await?;
        }
        drop(send);
        Ok::<(), DeliverError>(())
    };
    let (plan, read) = tokio::join!(
        meet(plan, comparison, receive, held + archived),
        catching_up
    );
    read?;
    plan
}

/// Reads a list until it was read whole: someone who leaves it while it is read shifts those behind past a page's end.
async fn read_whole(
    comparison: &Comparison,
    archived: bool,
    mut total: u64,
    contacts: &mpsc::Sender<Vec<Contact>>,
) -> Result<(), DeliverError> {
    let Some(caller) = comparison.lanes.first() else {
        return Ok(());
    };
    for _ in 0..READINGS {
        read_pages(comparison, archived, total, contacts).await?;
        let now = Mailchimp::over(caller.clone())
            .count(&comparison.audience, archived, None)
            .await?;
        if now == total {
            break;
        }
        total = now;
    }
    Ok(())
}

async fn read_pages(
    comparison: &Comparison,
    archived: bool,
    total: u64,
    contacts: &mpsc::Sender<Vec<Contact>>,
) -> Result<(), DeliverError> {
    let next = Arc::new(AtomicU64::new(0));
    let mut lanes = JoinSet::new();
    for caller in &comparison.lanes {
        let (mailchimp, contacts) = (Mailchimp::over(caller.clone()), contacts.clone());
        let (audience, next) = (comparison.audience.clone(), Arc::clone(&next));
        lanes.spawn(async move {
            let mut total = total;
            loop {
                let offset = next.fetch_add(PAGE, Ordering::Relaxed);
                if offset >= total {
                    return Ok(());
                }
                let (page, now) = mailchimp.page(&audience, archived, None, offset).await?;
                total = now;
                if contacts.send(page).await.is_err() {
                    return Ok(());
                }
            }
        });
    }
    all(lanes).await
}

async fn changed(
    comparison: &Comparison,
    archived: bool,
    since: &str,
    contacts: &mpsc::Sender<Vec<Contact>>,
) -> Result<(), DeliverError> {
    let Some(caller) = comparison.lanes.first() else {
        return Ok(());
    };
    let mailchimp = Mailchimp::over(caller.clone());
    let mut offset = 0;
    loop {
        let (page, total) = mailchimp
            .page(&comparison.audience, archived, Some(since), offset)
            .await?;
        offset += PAGE;
        if contacts.send(page).await.is_err() || offset >= total {
            return Ok(());
        }
    }
}

/// Reads the contacts of the plan's addresses one by one, all lanes at once.
async fn by_address(plan: Plan, comparison: &Comparison, members: u64) -> Result<Plan, Error> {
    let most = usize::try_from(members).unwrap_or(usize::MAX);
    let lookups = plan.lookups(0, most)?;
    let (send, receive) = mpsc::channel(comparison.lanes.len() * 2);
    let meeting = meet(plan, comparison, receive, members);
    let reading = async {
        let mut lanes = JoinSet::new();
        let chunks: Arc<[Vec<Lookup>]> = lookups.chunks(LOOKUPS).map(<[Lookup]>::to_vec).collect();
        let next = Arc::new(AtomicU64::new(0));
        for caller in &comparison.lanes {
            let (mailchimp, send) = (Mailchimp::over(caller.clone()), send.clone());
            let (audience, chunks, next) = (
                comparison.audience.clone(),
                Arc::clone(&chunks),
                Arc::clone(&next),
            );
            lanes.spawn(async move {
                loop {
                    let at =
                        usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX);
                    let Some(chunk) = chunks.get(at) else {
                        return Ok(());
                    };
                    let mut found = Vec::new();
                    for lookup in chunk {
                        let contact = mailchimp.contact(&audience, &lookup.address).await?;
                        // Known by the address we asked for, whatever spelling the answer has.
                        found.extend(contact.map(|contact| Contact {
                            key: lookup.key.clone(),
                            ..contact
                        }));
                    }
                    if send.send(found).await.is_err() {
                        return Ok(());
                    }
                }
            });
        }
        drop(send);
        all(lanes).await
    };
    let (plan, read) = tokio::join!(meeting, reading);
    read?;
    plan
}

async fn all(mut lanes: JoinSet<Result<(), DeliverError>>) -> Result<(), DeliverError> {
    let mut first = Ok(());
    while let Some(ended) = lanes.join_next().await {
        let ended = ended.unwrap_or_else(|why| Err(DeliverError::Broken(why.to_string())));
        if first.is_ok() && ended.is_err() {
            first = ended;
            lanes.abort_all();
        }
    }
    first
}

async fn meet(
    plan: Plan,
    comparison: &Comparison,
    mut contacts: mpsc::Receiver<Vec<Contact>>,
    total: u64,
) -> Result<Plan, Error> {
    let (tags, events) = (Arc::clone(&comparison.tags), comparison.events.clone());
    let meeting = spawn_blocking(move || {
        let mut done = 0;
        while let Some(page) = contacts.blocking_recv() {
            plan.meet(&page, |member, contact| {
                decide(member, Some(contact), None, &tags)
            })?;
            done += page.len() as u64;
            let _told = events.blocking_send(Event::Compared {
                done,
                total: total.max(done),
            });
        }
        Ok(plan)
    });
    meeting
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
}
