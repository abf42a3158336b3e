//! Decides about every member, so that the status of everyone a run may write to is known before the first write (rule 1):
//! by what is remembered and what changed since, where that is enough, and by reading the audience otherwise. The
//! service's counts are hints: lists are read to an empty page, and looked at again where the two differ.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::former::{by_journals, leave_alone};
use super::look::{
    Opened, among, ask_for_tags, both, by_address, by_page, open, open_by_address, read_lists,
};
use super::memory::{Memory, Met};
use super::prepare::lost;
use super::seen::{Extent, Looked};
use super::{Error, Event, Lost};
use crate::deliver::{Caller, Mailchimp, PAGE, Which};
use crate::domain::{AudienceId, PersonKey, Status};
use crate::plan::decide_newcomer;
use crate::store::{AudienceNotes, Cursor, Plan, TagSet};

/// Changes are asked for from a little before the run began: the service's clock shows whole seconds, and its lists may
/// lag behind.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// So many changes are read back though some may be our own.
const FEW_CHANGES: u64 = 5000;
/// After so many seconds the audience is read whole again: a week.
const WHOLE_EVERY: i64 = 7 * 24 * 60 * 60;

/// What comparing needs besides the plan.
pub(super) struct Comparison {
    pub audience: AudienceId,
    pub tags: Arc<[String]>,
    pub memory: Arc<Memory>,
    pub lanes: Vec<Caller>,
    pub events: mpsc::Sender<Event>,
    /// When the run began, by the service's clock.
    pub since: Timestamp,
    pub trust_counts: bool,
    /// Whether what is remembered does not count.
    pub fresh: bool,
    /// Whether it is a run, and one through the whole of the source: who is not in the plan has left.
    pub complete: bool,
}

/// A plan in which everybody is decided about.
pub(super) struct Compared {
    pub plan: Plan,
    pub met: Met,
    pub notes: AudienceNotes,
    /// What was delivered last to contacts that somebody changed since, or whose profile changed: the hash of the values.
    pub delivered: HashMap<PersonKey, u64>,
}

/// The plan on its way through the audience, and what was seen there.
pub(super) struct Work {
    pub plan: Plan,
    pub looked: Looked,
}

/// Tells from when on changes are asked for, in a run that began at this time by the service's clock.
pub(super) fn changes_from(began: Timestamp) -> String {
    written(began.checked_sub(OVERLAP).unwrap_or(began))
}

pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn written_second(second: i64) -> String {
    written(Timestamp::from_second(second).unwrap_or_default())
}

/// Opens the lists of the whole audience before anything else is known, where it is clear that it has to be read.
pub(super) async fn open_ahead(
    memory: &Memory,
    audience: &AudienceId,
    lanes: &[Caller],
    fresh: bool,
) -> Result<Vec<Opened>, Error> {
    // If the service's clock tells otherwise afterwards, two calls were made in vain.
    if remembered(memory, Timestamp::now(), fresh).is_some() {
        return Ok(Vec::new());
    }
    open(audience, lanes, both(None)).await
}

/// Tells from where on changes are to be read, if what is remembered may be enough.
fn remembered(memory: &Memory, now: Timestamp, fresh: bool) -> Option<Cursor> {
    let (notes, now) = (&memory.notes, now.as_second());
    let recent = notes.read_whole.is_some_and(|at| now - at < WHOLE_EVERY);
    let usable = recent || notes.complete_since.is_none();
    notes.cursor.filter(|_| usable && !fresh)
}

/// Decides about every member of the plan, and takes into the ledger what was seen. Lists of the audience may be open already.
pub(super) async fn compare(
    plan: Plan,
    comparison: &Comparison,
    lists: Vec<Opened>,
) -> Result<Compared, Error> {
    let work = Work {
        plan,
        looked: Looked::default(),
    };
    let (work, mut met) = match by_memory(work, comparison).await? {
        (work, Some(met)) => (work, met),
        (work, None) => afresh(work, comparison, lists).await?,
    };
    let Work {
        mut plan,
        mut looked,
    } = work;
    looked.sort();
    let memory = Arc::clone(&comparison.memory);
    met.former = by_journals(&mut plan, &looked, &met, comparison).await?;
    met.said_no.extend(met.former.iter().map(|one| one.profile));
    leave_alone(&mut plan, &met.said_no);
    if !comparison.complete {
        // Only a run through the whole of the source lets anybody go.
        let each = met.leavers.iter_mut();
        each.for_each(|leaver| leaver.let_go = TagSet::default());
    }
    let refusals: Vec<_> = memory.refusals.iter().map(|(k, r)| (*k, *r)).collect();
    plan.meet_nobody(&refusals, decide_newcomer);
    let notes = notes(comparison, &looked, &met);
    let (kept, now) = (notes.clone(), comparison.since.as_second());
    let taking = spawn_blocking(move || {
        let delivered = memory.take_in(looked, &met, &kept, now)?;
        Ok::<_, Error>((met, delivered))
    });
    let (met, delivered) = taking
        .await
        .map_err(|why| Error::Broken(why.to_string()))??;
    Ok(Compared {
        plan,
        met,
        notes,
        delivered,
    })
}

/// What is noted of the audience after it was looked at.
fn notes(comparison: &Comparison, looked: &Looked, met: &Met) -> AudienceNotes {
    let old = &comparison.memory.notes;
    let now = comparison.since.as_second();
    let from = now - OVERLAP.as_secs();
    let cursor = Cursor {
        statuses_from: from,
        changes_from: old
            .cursor
            .map_or(from, |cursor| cursor.changes_from.max(from)),
    };
    let whole = looked.is_whole();
    AudienceNotes {
        cursor: Some(cursor),
        complete_since: match looked.extent {
            Extent::Whole if looked.has_gap => None,
            Extent::Whole => Some(now),
            Extent::Changes => old.complete_since,
            // What was remembered was not enough, or never was all.
            Extent::Some => None,
        },
        read_whole: if whole { Some(now) } else { old.read_whole },
        count_difference: if whole {
            // Who was looked up by another address is among them twice.
            let twice = |key: &&PersonKey| looked.find(**key).is_some();
            let twice = met.moved.keys().filter(twice).count();
            let known = (looked.all().len() - twice) as u64;
            met.counted.map(|counted| difference(counted, known))
        } else {
            old.count_difference
        },
        rebuilt: old.rebuilt,
    }
}

fn difference(counted: u64, known: u64) -> i64 {
    let apart = i64::try_from(counted.abs_diff(known)).unwrap_or(i64::MAX);
    if counted < known { -apart } else { apart }
}

/// Decides by what is remembered and what changed since; reads only contacts that something would be sent to. `None` where
/// that is not enough, or reading the audience takes fewer calls.
async fn by_memory(mut work: Work, comparison: &Comparison) -> Result<(Work, Option<Met>), Error> {
    let notes = &comparison.memory.notes;
    let complete = notes.complete_since.is_some();
    let cursor = remembered(&comparison.memory, comparison.since, comparison.fresh);
    let Some(cursor) = cursor else {
        return Ok((work, None));
    };
    let (counted, news) = tokio::try_join!(
        count_all(comparison),
        count(comparison, changed_since(cursor.statuses_from)),
    )?;
    let Some(lists) = changes(comparison, cursor, counted, news).await? else {
        return Ok((work, None));
    };
    work.looked.extent = if complete {
        Extent::Changes
    } else {
        Extent::Some
    };
    (work, _) = read_lists(work, comparison, lists).await?;
    work = ask_for_tags(work, comparison).await?;
    let (mut work, met) = meet_memory(work, comparison).await?;
    let known = met.there + met.archived + met.news;
    let expected = notes.count_difference.unwrap_or(0);
    let explained = !complete || difference(counted, known) == expected;
    let pages = counted.div_ceil(PAGE) + 1;
    let to_read = met.unknown.len() as u64;
    if !explained || met.damaged > 0 {
        return Ok((work, None));
    }
    if to_read > pages {
        if !complete {
            return Ok((work, None));
        }
        work = among(work, comparison, &met.unknown).await?;
    }
    let lookups = work.plan.lookups_among(&met.unknown)?;
    work = by_address(work, comparison, lookups, &met).await?;
    Ok((work, Some(met)))
}

/// Reads the audience: whole, or only those in the plan, whichever takes fewer calls.
async fn afresh(
    work: Work,
    comparison: &Comparison,
    mut lists: Vec<Opened>,
) -> Result<(Work, Met), Error> {
    let Work { mut plan, .. } = work;
    plan.reopen();
    let mut looked = Looked::default();
    let members = plan.open_members();
    if lists.is_empty() && (members > 0 || comparison.fresh) {
        lists = open(&comparison.audience, &comparison.lanes, both(None)).await?;
    }
    let counted = lists.iter().filter_map(|list| list.listing.counted_first());
    let pages = counted.fold(0, u64::saturating_add).div_ceil(PAGE);
    // A page and a single contact cost a call each: whatever takes fewer.
    let singly = members <= pages && !comparison.fresh;
    looked.extent = if singly { Extent::Some } else { Extent::Whole };
    let mut work = Work { plan, looked };
    let mut counted = None;
    if singly {
        work = open_by_address(work, comparison, members).await?;
    } else {
        (work, counted) = by_page(work, comparison, lists).await?;
        work = ask_for_tags(work, comparison).await?;
    }
    let (mut work, mut met) = meet_memory(work, comparison).await?;
    met.counted = counted;
    // Whoever has another address in Mailchimp now is there all the same.
    let moved = met.moved.keys().copied().collect();
    let lookups = work.plan.lookups_among(&moved)?;
    work = by_address(work, comparison, lookups, &met).await?;
    Ok((work, met))
}

/// Counts the contacts, archived ones too.
async fn count_all(comparison: &Comparison) -> Result<u64, Error> {
    let (there, archived) = tokio::try_join!(
        count(comparison, Which::default()),
        count(
            comparison,
            Which {
                archived: true,
                ..Which::default()
            }
        ),
    )?;
    Ok(there.saturating_add(archived))
}

async fn count(comparison: &Comparison, which: Which) -> Result<u64, Error> {
    let Some(first) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let mailchimp = Mailchimp::over(first.clone());
    Ok(mailchimp.count(&comparison.audience, &which).await?)
}

fn changed_since(second: i64) -> Which {
    Which {
        since: Some(written_second(second)),
        ..Which::default()
    }
}

/// Chooses the lists that tell what changed since the audience was looked at. Where the run before wrote to very many, these
/// are not read back: then the lists by status tell who said no meanwhile, and everything else is asked for from the end of
/// that run on. `None` where reading the whole audience takes fewer calls.
async fn changes(
    comparison: &Comparison,
    cursor: Cursor,
    counted: u64,
    news: u64,
) -> Result<Option<Vec<Which>>, Error> {
    let since = changed_since;
    let archived = Which {
        archived: true,
        ..since(cursor.statuses_from)
    };
    if news <= FEW_CHANGES {
        return Ok(Some(vec![since(cursor.statuses_from), archived]));
    }
    let by_status = [Status::Unsubscribed, Status::Cleaned, Status::Pending];
    let mut lists: Vec<Which> = by_status
        .into_iter()
        .map(|status| Which {
            status: Some(status),
            ..since(cursor.statuses_from)
        })
        .collect();
    lists.push(archived);
    // The clock shows whole seconds: what is ours of the last one is not read back either, if it is much.
    for second in [cursor.changes_from, cursor.changes_from + 1] {
        let changed = count(comparison, since(second)).await?;
        if changed <= FEW_CHANGES || (second > cursor.changes_from && changed < counted / 2) {
            lists.push(since(second));
            return Ok(Some(lists));
        }
    }
    Ok(None)
}

/// Puts the plan beside what is remembered.
async fn meet_memory(work: Work, comparison: &Comparison) -> Result<(Work, Met), Error> {
    let memory = Arc::clone(&comparison.memory);
    let meeting = spawn_blocking(move || {
        let Work {
            mut plan,
            mut looked,
        } = work;
        looked.sort();
        let met = memory.meet(&mut plan, &looked)?;
        Ok::<_, Error>((Work { plan, looked }, met))
    });
    let (work, met) = meeting
        .await
        .map_err(|why| Error::Broken(why.to_string()))??;
    if met.damaged > 0 {
        lost(Lost::LedgerDamaged, &comparison.events).await;
    }
    Ok((work, met))
}
