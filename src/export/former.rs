//! Who had another address that said no. The ledger tells that; where it was lost, the journals of earlier runs do.

use std::collections::{HashMap, HashSet};

use tokio::task::spawn_blocking;

use super::Error;
use super::compare::Comparison;
use super::memory::{Met, is_no};
use super::seen::Looked;
use crate::deliver::Mailchimp;
use crate::domain::{Decision, DestinationId, PersonKey, Reason, Status};
use crate::store::{Home, JournalReader, Plan, Runs, Stage, fold_journal};

/// Whoever would be created and had another address that said no, or is one person with somebody who had, is left alone.
pub(super) fn leave_alone(plan: &mut Plan, said_no: &HashSet<u64>) {
    if said_no.is_empty() {
        return;
    }
    let merged = plan.merged().iter();
    let merged = merged.filter(|(profile, _)| said_no.contains(profile));
    let people: HashSet<PersonKey> = merged.map(|(_, person)| *person).collect();
    plan.each(|outline| {
        let said_no = said_no.contains(&outline.profile) || people.contains(&outline.key);
        (outline.stage == Stage::Open && said_no)
            .then_some((Decision::Suppress(Reason::ChangedAddressOfNo), None))
    });
}

/// An address that a profile of the plan had before, and that says no by now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Former {
    pub key: PersonKey,
    /// The profile, by the hash of its id.
    pub profile: u64,
    pub status: Status,
}

/// Finds what earlier runs sent to addresses that are not in the source any more and say no by now, where the ledger does
/// not know all that they sent.
pub(super) async fn by_journals(
    plan: &mut Plan,
    looked: &Looked,
    met: &Met,
    comparison: &Comparison,
) -> Result<Vec<Former>, Error> {
    let memory = &comparison.memory;
    let is_lost = memory.notes.cursor.is_none() || met.damaged > 0;
    if !is_lost {
        return Ok(Vec::new());
    }
    let (home, id) = (memory.home().clone(), memory.id.clone());
    let audience = comparison.audience.to_string();
    let reading = spawn_blocking(move || sent(&home, &id, &audience));
    let sent = reading.await;
    let mut sent = sent.map_err(|why| Error::Broken(why.to_string()))??;
    if sent.is_empty() {
        return Ok(Vec::new());
    }
    let mut planned = HashSet::new();
    plan.each(|outline| {
        sent.remove(&outline.key);
        planned.insert(outline.profile);
        None
    });
    planned.extend(plan.merged().iter().map(|(profile, _)| *profile));
    sent.retain(|_, (profile, _)| planned.contains(profile));
    let Some(lane) = comparison.lanes.first() else {
        return Err(Error::Broken("no lane to call in".to_owned()));
    };
    let mailchimp = Mailchimp::over(lane.clone());
    let mut former = Vec::new();
    for (key, (profile, id)) in sent {
        let status = match looked.find(key) {
            Some(seen) => Some(seen.status()),
            None if looked.is_whole() => None,
            None => {
                let contact = mailchimp.contact_by_id(&comparison.audience, id).await?;
                contact.map(|contact| contact.status)
            }
        };
        former.extend(status.filter(|status| is_no(*status)).map(|status| Former {
            key,
            profile,
            status,
        }));
    }
    former.sort_unstable_by_key(|one| one.key);
    Ok(former)
}

/// By whose address: the profile, and Mailchimp's own id of the contact.
type SentTo = HashMap<PersonKey, (u64, PersonKey)>;

/// Reads to whom the destination's runs sent which profile, as far as their journals can be read.
fn sent(home: &Home, id: &DestinationId, audience: &str) -> Result<SentTo, Error> {
    let mut sent = SentTo::new();
    // The newest first: what it says of an address counts.
    for run in Runs::of(home).list()? {
        if !run.is_of(id) {
            continue;
        }
        let Some(journal) = JournalReader::open(&run.journal())? else {
            continue;
        };
        fold_journal(journal, |told| {
            let ours = told.began.is_some_and(|began| began.audience == audience);
            let member = told.sent;
            if ours && member.profile != 0 {
                let to = (member.profile, member.id.unwrap_or(member.key));
                sent.entry(member.key).or_insert(to);
            }
        })?;
    }
    Ok(sent)
}
