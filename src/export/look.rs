//! Reads the audience as far as it has to be read: in pages, or one contact at a time.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::try_join_all;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

use super::compare::{Comparison, Work, changes_from};
use super::memory::Met;
use super::seen::Holding;
use super::{Error, Event, Gap};
use crate::deliver::{Caller, Error as DeliverError, Listing, Mailchimp, Which};
use crate::domain::{AudienceId, Contact, PersonKey};
use crate::plan::decide;
use crate::store::Lookup;

/// How many addresses a lane looks up before it asks for more.
const LOOKUPS: usize = 20;
/// How often a list that changes while it is read is read at most; what changed is asked for afterwards as well.
const READINGS: usize = 3;
/// How many pages wait to be met; each lane has one more in its hands.
const QUEUED: usize = 2;
/// How many people are asked for their tags before others are.
const SOME: usize = 10_000;
/// How many addresses are looked up one by one at most, where lists and counts do not agree.
const MOST_LOOKUPS: u64 = 10_000;

/// Reads the whole audience in pages, all lanes at once, then what changed while it was read; and looks closer where the
/// counts do not agree. Gives how many contacts the service counts.
pub(super) async fn by_page(
    mut work: Work,
    comparison: &Comparison,
    mut lists: Vec<Opened>,
) -> Result<(Work, Option<u64>), Error> {
    let changes = both(Some(&changes_from(comparison.since)));
    let mut gap = None;
    let mut counted = [None; 2];
    for reading in 1..=READINGS {
        let mut readings = Vec::new();
        for list in lists {
            let (which, listing) = (list.which.clone(), Arc::clone(&list.listing));
            work = read_list(work, comparison, list).await?;
            counted[usize::from(which.archived)] = listing.counted();
            readings.push((which, listing));
        }
        let (more, changes) = read_lists(work, comparison, changes.to_vec()).await?;
        work = more;
        let read = changes.iter().map(|listing| listing.read());
        let moved = read.fold(0, u64::saturating_add);
        gap = readings
            .iter()
            .find_map(|(_, listing)| unexplained(listing, moved));
        let again: Vec<Which> = readings
            .into_iter()
            .filter(|(_, listing)| shifted(listing) || unexplained(listing, moved).is_some())
            .map(|(which, _)| which)
            .collect();
        if again.is_empty() || reading == READINGS {
            break;
        }
        lists = open(&comparison.audience, &comparison.lanes, again).await?;
    }
    let counted = counted[0].zip(counted[1]).map(|(a, b)| a + b);
    if let Some(gap) = gap {
        work = look_closer(work, comparison, gap).await?;
    }
    Ok((work, counted))
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
async fn look_closer(mut work: Work, comparison: &Comparison, gap: Gap) -> Result<Work, Error> {
    let members = work.plan.open_members();
    let Some(lookups) = lookups(members, comparison.trust_counts) else {
        return Err(Error::CountsDiffer(gap));
    };
    let gap = Gap { lookups, ..gap };
    work.looked.has_gap = true;
    // Nobody may be listening any more; then nobody is told.
    let _told = comparison.events.send(Event::CountsDiffer(gap)).await;
    if lookups == 0 {
        return Ok(work);
    }
    open_by_address(work, comparison, members).await
}

/// Asks for those who lack a tag in a list, which tells some of a contact's tags only: one at a time they are told all.
pub(super) async fn ask_for_tags(mut work: Work, comparison: &Comparison) -> Result<Work, Error> {
    let mut after = PersonKey::default();
    loop {
        let some = work.plan.more_tags(after, SOME)?;
        let Some(last) = some.last() else {
            return Ok(work);
        };
        after = last.person;
        work = by_address(work, comparison, some, &Met::default()).await?;
    }
}

/// A list whose first page was read.
pub(super) struct Opened {
    which: Which,
    pub listing: Arc<Listing>,
    page: Option<Vec<Contact>>,
}

/// The list of all contacts, or of those changed since a time, and that of the archived ones.
pub(super) fn both(since: Option<&str>) -> [Which; 2] {
    [false, true].map(|archived| Which {
        archived,
        status: None,
        since: since.map(str::to_owned),
    })
}

/// Reads the first page of each list, all at once.
pub(super) async fn open(
    audience: &AudienceId,
    lanes: &[Caller],
    lists: impl IntoIterator<Item = Which>,
) -> Result<Vec<Opened>, Error> {
    let lanes = lanes.iter().cycle();
    let opening = lists.into_iter().zip(lanes).map(|(which, lane)| async {
        let mailchimp = Mailchimp::over(lane.clone());
        let listing = Arc::new(Listing::new(audience.clone(), which.clone()));
        let page = listing.next(&mailchimp).await?;
        Ok::<_, Error>(Opened {
            which,
            listing,
            page,
        })
    });
    try_join_all(opening).await
}

/// Reads lists to their ends, one after the other: what the later ones tell counts.
pub(super) async fn read_lists(
    mut work: Work,
    comparison: &Comparison,
    lists: Vec<Which>,
) -> Result<(Work, Vec<Arc<Listing>>), Error> {
    let mut read = Vec::with_capacity(lists.len());
    for list in open(&comparison.audience, &comparison.lanes, lists).await? {
        read.push(Arc::clone(&list.listing));
        work = read_list(work, comparison, list).await?;
    }
    Ok((work, read))
}

/// Reads some contacts, by the list of all: for many of them that takes fewer calls than one by one.
pub(super) async fn among(
    mut work: Work,
    comparison: &Comparison,
    people: &HashSet<PersonKey>,
) -> Result<Work, Error> {
    work.looked.only = Some(people.clone());
    let all = [Which::default()];
    for list in open(&comparison.audience, &comparison.lanes, all).await? {
        work = read_list(work, comparison, list).await?;
    }
    work.looked.only = None;
    ask_for_tags(work, comparison).await
}

/// Reads a list to its end: as far as the service counts by all lanes at once, from there on by one.
async fn read_list(work: Work, comparison: &Comparison, list: Opened) -> Result<Work, Error> {
    let Some(first) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let first = Mailchimp::over(first.clone());
    let Opened { listing, page, .. } = list;
    let Some(page) = page else { return Ok(work) };
    let (send, receive) = mpsc::channel(QUEUED);
    let hint = Arc::clone(&listing);
    let meeting = meet(work, comparison, receive, move || {
        hint.counted_first().unwrap_or(0)
    });
    let reading = async {
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
    let (work, read) = tokio::join!(meeting, reading);
    read?;
    work
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
pub(super) async fn open_by_address(
    work: Work,
    comparison: &Comparison,
    members: u64,
) -> Result<Work, Error> {
    let most = usize::try_from(members).unwrap_or(usize::MAX);
    let lookups = work.plan.lookups(most)?;
    by_address(work, comparison, lookups, &Met::default()).await
}

/// Somebody to be asked for, and the id of a contact whose address was changed in Mailchimp.
type Asked = (Lookup, Option<PersonKey>);

/// Reads contacts one by one, all lanes at once; those whose address was changed in Mailchimp by the one they have now.
pub(super) async fn by_address(
    work: Work,
    comparison: &Comparison,
    lookups: Vec<Lookup>,
    met: &Met,
) -> Result<Work, Error> {
    if lookups.is_empty() {
        return Ok(work);
    }
    let members = lookups.len() as u64;
    let asked: Vec<PersonKey> = lookups.iter().map(|lookup| lookup.person).collect();
    let (send, receive) = mpsc::channel(comparison.lanes.len() * 2);
    let meeting = meet(work, comparison, receive, move || members);
    let reading = async {
        let mut lanes = JoinSet::new();
        let with_id = |lookup: Lookup| {
            let moved = met.moved.get(&lookup.person).map(|(id, _)| *id);
            (lookup, moved)
        };
        let lookups: Vec<_> = lookups.into_iter().map(with_id).collect();
        let chunks = lookups.chunks(LOOKUPS).map(<[_]>::to_vec);
        let chunks: Arc<[Vec<Asked>]> = chunks.collect();
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
                    for (lookup, moved) in chunk {
                        let contact = match moved {
                            Some(id) => mailchimp.contact_by_id(&audience, *id).await?,
                            None => mailchimp.contact(&audience, &lookup.address).await?,
                        };
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
    let (work, read) = tokio::join!(meeting, reading);
    read?;
    let mut work = work?;
    work.looked.asked(&asked);
    Ok(work)
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
    work: Work,
    comparison: &Comparison,
    mut contacts: mpsc::Receiver<Vec<Contact>>,
    total: impl Fn() -> u64 + Send + 'static,
) -> Result<Work, Error> {
    let (tags, events) = (Arc::clone(&comparison.tags), comparison.events.clone());
    let memory = Arc::clone(&comparison.memory);
    let meeting = spawn_blocking(move || {
        let Work {
            mut plan,
            mut looked,
        } = work;
        let mut done = 0;
        while let Some(mut page) = contacts.blocking_recv() {
            done += page.len() as u64;
            looked.pass_over(&mut page);
            let held = RefCell::new(Vec::new());
            plan.meet(&page, |member, contact| {
                let remembered = memory.of(member.person);
                let decision = decide(member, Some(contact), &remembered, &tags);
                let holding = Holding::of(&memory, member, &decision);
                held.borrow_mut().extend(holding);
                decision
            })?;
            looked.take(&memory, &page, held.into_inner());
            let total = total().max(done);
            let _told = events.blocking_send(Event::Compared { done, total });
        }
        Ok(Work { plan, looked })
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
