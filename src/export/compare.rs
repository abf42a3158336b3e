//! Reads the audience as far as the plan touches it: the status of everyone a run may write to is known before the first
//! write (rule 1). The service's counts are hints: lists are read to an empty page, and looked at again where the two
//! differ.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

use super::{Error, Event, Gap};
use crate::deliver::{Caller, Error as DeliverError, Listing, Mailchimp, PAGE, Which};
use crate::domain::{AudienceId, Contact, PersonKey, Reason};
use crate::plan::{decide, decide_newcomer};
use crate::store::{Lookup, Plan};

/// How many addresses a lane looks up before it asks for more.
const LOOKUPS: usize = 20;
/// How often a list that changes while it is read is read at most; what changed is asked for afterwards as well.
const READINGS: usize = 3;
/// How many people are asked for their tags before others are.
const SOME: usize = 10_000;
/// How many addresses are looked up one by one at most, where lists and counts do not agree.
const MOST_LOOKUPS: u64 = 10_000;
/// Changes are asked for from a little before the run began: the service's clock shows whole seconds, and its lists may
/// lag behind.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// What comparing needs besides the plan.
pub(super) struct Comparison {
    pub audience: AudienceId,
    pub tags: Arc<[String]>,
    pub refusals: Vec<(PersonKey, Reason)>,
    pub lanes: Vec<Caller>,
    pub events: mpsc::Sender<Event>,
    /// When the run began, by the service's clock.
    pub since: Timestamp,
    pub trust_counts: bool,
}

/// Tells from when on changes are asked for, in a run that began at this time by the service's clock.
pub(super) fn changes_from(began: Timestamp) -> String {
    written(began.checked_sub(OVERLAP).unwrap_or(began))
}

fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Compares the plan with the audience and decides about every member.
pub(super) async fn compare(plan: Plan, comparison: Comparison) -> Result<Plan, Error> {
    let Some(first) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let mailchimp = Mailchimp::over(first.clone());
    let members = plan.open_members();
    let mut plan = if members == 0 {
        plan
    } else {
        let mut pages = 0_u64;
        for archived in [false, true] {
            let which = Which {
                archived,
                since: None,
            };
            let counted = mailchimp.count(&comparison.audience, &which).await?;
            pages = pages.saturating_add(counted.div_ceil(PAGE));
        }
        // A page and a single contact cost a call each: whatever takes fewer.
        if members <= pages {
            open_by_address(plan, &comparison, members).await?
        } else {
            let plan = by_page(plan, &comparison).await?;
            ask_for_tags(plan, &comparison).await?
        }
    };
    plan.meet_nobody(&comparison.refusals, decide_newcomer);
    Ok(plan)
}

/// Reads the whole audience in pages, all lanes at once, then what changed while it was read; and looks closer where the
/// counts do not agree.
async fn by_page(mut plan: Plan, comparison: &Comparison) -> Result<Plan, Error> {
    let began = written(comparison.since);
    let mut lists = vec![false, true];
    let mut gap = None;
    for _ in 0..READINGS {
        let mut readings = Vec::new();
        for archived in lists {
            let which = Which {
                archived,
                since: None,
            };
            let (more, listing) = read_list(plan, comparison, which).await?;
            plan = more;
            readings.push((archived, listing));
        }
        let mut changed = 0_u64;
        for archived in [false, true] {
            let since = Some(began.clone());
            let (more, listing) = read_list(plan, comparison, Which { archived, since }).await?;
            plan = more;
            changed = changed.saturating_add(listing.read());
        }
        gap = readings
            .iter()
            .find_map(|(_, listing)| unexplained(listing, changed));
        lists = readings
            .into_iter()
            .filter(|(_, listing)| shifted(listing) || unexplained(listing, changed).is_some())
            .map(|(archived, _)| archived)
            .collect();
        if lists.is_empty() {
            break;
        }
    }
    match gap {
        Some(gap) => look_closer(plan, comparison, gap).await,
        None => Ok(plan),
    }
}

/// Someone who leaves a list while it is read shifts those behind past a page's end.
fn shifted(listing: &Listing) -> bool {
    listing.counted_first() != listing.counted()
}

/// Finds a difference between what was read and what was counted that changes since the run began do not explain.
fn unexplained(listing: &Listing, changed: u64) -> Option<Gap> {
    let (read, counted) = (listing.read(), listing.counted()?);
    (read.abs_diff(counted) > changed).then_some(Gap {
        read,
        counted,
        lookups: 0,
    })
}

/// Tells how many addresses are asked for one by one; `None` where there are too many, and the counts are not trusted.
fn lookups(members: u64, trust_counts: bool) -> Option<u64> {
    if members <= MOST_LOOKUPS {
        Some(members)
    } else {
        trust_counts.then_some(0)
    }
}

/// A list that is not as long as the service says may hide a no: whoever would be created is asked for by address.
async fn look_closer(plan: Plan, comparison: &Comparison, gap: Gap) -> Result<Plan, Error> {
    let members = plan.open_members();
    let Some(lookups) = lookups(members, comparison.trust_counts) else {
        return Err(Error::CountsDiffer(gap));
    };
    let gap = Gap { lookups, ..gap };
    // Nobody may be listening any more; then nobody is told.
    let _told = comparison.events.send(Event::CountsDiffer(gap)).await;
    if lookups == 0 {
        return Ok(plan);
    }
    open_by_address(plan, comparison, members).await
}

/// Asks for those who lack a tag in a list, which tells some of a contact's tags only: one at a time they are told all.
async fn ask_for_tags(mut plan: Plan, comparison: &Comparison) -> Result<Plan, Error> {
    let mut after = PersonKey::default();
    loop {
        let some = plan.more_tags(after, SOME)?;
        let Some(last) = some.last() else {
            return Ok(plan);
        };
        after = last.person;
        plan = by_address(plan, comparison, some).await?;
    }
}

/// Reads a list to its end: as far as the service counts by all lanes at once, from there on by one.
async fn read_list(
    plan: Plan,
    comparison: &Comparison,
    which: Which,
) -> Result<(Plan, Arc<Listing>), Error> {
    let Some(first) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let first = Mailchimp::over(first.clone());
    let listing = Arc::new(Listing::new(comparison.audience.clone(), which));
    let (send, receive) = mpsc::channel(comparison.lanes.len() * 2);
    let hint = Arc::clone(&listing);
    let meeting = meet(plan, comparison, receive, move || {
        hint.counted_first().unwrap_or(0)
    });
    let reading = async {
        let Some(page) = listing.next(&first).await? else {
            return Ok(());
        };
        // A channel that is closed means that the plan failed, which is told there.
        if send.send(page).await.is_err() {
            return Ok(());
        }
        let counted = listing.counted_first().unwrap_or(0);
        let mut lanes = JoinSet::new();
        for caller in &comparison.lanes {
            let (mailchimp, send) = (Mailchimp::over(caller.clone()), send.clone());
            let listing = Arc::clone(&listing);
            lanes.spawn(async move { pages(&listing, counted, &mailchimp, &send).await });
        }
        all(lanes).await?;
        pages(&listing, u64::MAX, &first, &send).await?;
        drop(send);
        Ok::<(), DeliverError>(())
    };
    let (plan, read) = tokio::join!(meeting, reading);
    read?;
    Ok((plan?, listing))
}

async fn pages(
    listing: &Listing,
    limit: u64,
    mailchimp: &Mailchimp,
    send: &mpsc::Sender<Vec<Contact>>,
) -> Result<(), DeliverError> {
    while let Some(page) = listing.next_below(limit, mailchimp).await? {
        if send.send(page).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Asks for everybody about whom nothing is decided.
async fn open_by_address(plan: Plan, comparison: &Comparison, members: u64) -> Result<Plan, Error> {
    let most = usize::try_from(members).unwrap_or(usize::MAX);
    let lookups = plan.lookups(most)?;
    by_address(plan, comparison, lookups).await
}

/// Reads contacts one by one, all lanes at once.
async fn by_address(
    plan: Plan,
    comparison: &Comparison,
    lookups: Vec<Lookup>,
) -> Result<Plan, Error> {
    let members = lookups.len() as u64;
    let (send, receive) = mpsc::channel(comparison.lanes.len() * 2);
    let meeting = meet(plan, comparison, receive, move || members);
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

/// Takes contacts into the plan, as they come; `total` tells how many are expected.
async fn meet(
    mut plan: Plan,
    comparison: &Comparison,
    mut contacts: mpsc::Receiver<Vec<Contact>>,
    total: impl Fn() -> u64 + Send + 'static,
) -> Result<Plan, Error> {
    let (tags, events) = (Arc::clone(&comparison.tags), comparison.events.clone());
    let meeting = spawn_blocking(move || {
        let mut done = 0;
        while let Some(page) = contacts.blocking_recv() {
            plan.meet(&page, |member, contact| {
                decide(member, Some(contact), None, &tags)
            })?;
            done += page.len() as u64;
            let total = total().max(done);
            let _told = events.blocking_send(Event::Compared { done, total });
        }
        Ok(plan)
    });
    meeting
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::lookups;

    #[test]
    fn rule_1_ten_thousand_are_asked_for_one_by_one_and_more_only_where_counts_are_trusted() {
        assert_eq!(lookups(10_000, false), Some(10_000));
        assert_eq!(lookups(10_000, true), Some(10_000));
        assert_eq!(lookups(10_001, false), None);
        assert_eq!(lookups(10_001, true), Some(0));
    }
}
