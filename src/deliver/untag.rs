//! Takes our tags away from people who left a segment, and nothing else of them (rule 4): 500 at a time.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::batch::MOST;
use super::holders::{find, named};
use super::{Caller, Delivery, Error, Mailchimp, Notice, StaticSegment, Stop, Told};
use crate::domain::{Fate, PersonKey};
use crate::store::{CallKind, Images, Record, Sent, SettledMember};

/// Who loses one tag.
#[derive(Debug, Clone, Default)]
pub struct Removal {
    /// The tag; names are compared without case.
    pub tag: String,
    /// Who.
    pub people: Vec<Leaving>,
}

/// Somebody who loses a tag.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// As the journal knows the person. The segments are those of somebody who is still in the source and whom no other
    /// call names; else there are none.
    pub sent: Sent,
    /// The address, where it is known: of people who are not in the source any more only the key is.
    pub address: Option<String>,
}

impl Leaving {
    /// What Mailchimp knows the person by.
    pub(super) fn id(&self) -> PersonKey {
        self.sent.id.unwrap_or(self.sent.key)
    }
}

/// People who lose a tag in one call, each with the address.
struct Call {
    tag: String,
    /// The tag's id; `None` where the audience has no such tag any more.
    id: Option<u64>,
    people: Vec<(Sent, String)>,
}

impl Delivery {
    /// Takes tags away, over the lanes given. What becomes of each person is told as [`Notice::Settled`].
    ///
    /// # Errors
    /// The first error that ends the run; [`Error::Stopped`] when the user did.
    pub async fn untag(
        self,
        removals: Vec<Removal>,
        lanes: Vec<Caller>,
        stop: Stop,
    ) -> Result<(), Error> {
        let Some(first) = lanes.first().cloned() else {
            return Ok(());
        };
        if removals.is_empty() {
            return Ok(());
        }
        let mailchimp = Mailchimp::over(first);
        let tags = mailchimp.static_segments(&self.audience).await?;
        let mut calls = Vec::new();
        for removal in removals {
            let found = named(&tags, &removal.tag);
            let people = self.addressed(&removal, found, &lanes).await?;
            for some in people.chunks(MOST) {
                calls.push(Call {
                    tag: removal.tag.clone(),
                    id: found.map(|one| one.id),
                    people: some.to_vec(),
                });
            }
        }
        let (calls, next) = (Arc::new(calls), Arc::new(AtomicUsize::new(0)));
        let mut working = JoinSet::new();
        for caller in lanes {
            let (calls, next) = (Arc::clone(&calls), Arc::clone(&next));
            let (delivery, stop) = (self.clone(), stop.clone());
            working.spawn(async move {
                while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if stop.gently.is_cancelled() {
                        return Err(Error::Stopped);
                    }
                    delivery.take_away(call, &caller).await?;
                }
                Ok(())
            });
        }
        all(working).await
    }

    /// Finds the addresses of those of whom only the key is known: in the tag's own pages, or by one call each, whichever
    /// takes fewer. Who is archived, or not there, cannot lose a tag; an archived contact keeps it until it is back.
    async fn addressed(
        &self,
        removal: &Removal,
        tag: Option<&StaticSegment>,
        lanes: &[Caller],
    ) -> Result<Vec<(Sent, String)>, Error> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            removal.people.iter().partition(|one| one.address.is_some());
        let mut people: Vec<(Sent, String)> = known
            .into_iter()
            .map(|one| (one.sent.clone(), one.address.clone().unwrap_or_default()))
            .collect();
        let Some(tag) = tag else {
            let unknown = unknown
                .into_iter()
                .map(|one| (one.sent.clone(), String::new()));
            people.extend(unknown);
            return Ok(people);
        };
        let (found, lost): (Vec<_>, Vec<_>) = {
            let ids = unknown.iter().map(|one| one.id()).collect();
            let mut addresses = find(&self.audience, tag, ids, lanes).await?;
            let each = unknown.into_iter();
            let each = each.map(|one| (one.sent.clone(), addresses.remove(&one.id())));
            each.partition(|(_, address)| address.is_some())
        };
        self.leave(lost.into_iter().map(|(sent, _)| sent).collect(), lanes)
            .await?;
        let found = found.into_iter();
        people.extend(found.map(|(sent, address)| (sent, address.unwrap_or_default())));
        Ok(people)
    }

    /// Tells of people who cannot lose a tag now.
    async fn leave(&self, people: Vec<Sent>, lanes: &[Caller]) -> Result<(), Error> {
        let (Some(caller), false) = (lanes.first(), people.is_empty()) else {
            return Ok(());
        };
        let told = people.iter().cloned().map(|sent| Told {
            fate: as_before(&sent),
            sent,
            reject: None,
            unclear: None,
        });
        let told = told.collect();
        let left = |sent: Sent| {
            let settled = SettledMember {
                at: 0,
                fate: as_before(&sent),
                after: 0,
                contact: None,
            };
            (sent, settled)
        };
        let found = Record::Found(people.into_iter().map(left).collect());
        self.journal.write(&found).await?;
        caller.tell(Notice::Settled(told)).await;
        Ok(())
    }

    /// Makes one call, written down before and after.
    async fn take_away(&self, call: &Call, caller: &Caller) -> Result<(), Error> {
        let members: Vec<Sent> = call.people.iter().map(|(sent, _)| sent.clone()).collect();
        let intent = self
            .journal
            .intend(
                CallKind::Untag,
                Some(&call.tag),
                0,
                &members,
                Images::default(),
            )
            .await?;
        let fates = self.fates(call, caller).await?;
        let settled = (0..).zip(&fates).map(|(at, fate)| SettledMember {
            at,
            fate: fate.clone(),
            after: 0,
            contact: None,
        });
        let written = self.journal.settle(intent, settled.collect()).await;
        let told = members.into_iter().zip(fates).map(|(sent, fate)| Told {
            sent,
            fate,
            reject: None,
            unclear: None,
        });
        caller.tell(Notice::Settled(told.collect())).await;
        Ok(written?)
    }

    async fn fates(&self, call: &Call, caller: &Caller) -> Result<Vec<Fate>, Error> {
        let Some(id) = call.id else {
            return Ok(vec![Fate::NotTagged; call.people.len()]);
        };
        let addresses: Vec<String> = call.people.iter().map(|(_, one)| one.clone()).collect();
        let mailchimp = Mailchimp::over(caller.clone());
        let untagged = match mailchimp
            .remove_from_tag(&self.audience, id, &addresses)
            .await
        {
            // The tag went meanwhile, and with it everyone's.
            Err(Error::NotFound { .. }) => return Ok(vec![Fate::NotTagged; addresses.len()]),
            untagged => untagged?,
        };
        let lower = |address: &String| address.trim().to_lowercase();
        let removed: HashSet<String> = untagged.removed.iter().map(lower).collect();
        let refused = |address: &String| {
            let mut errors = untagged.errors.iter();
            errors.any(|(one, _)| lower(one) == lower(address))
        };
        let fate = |(sent, address): &(Sent, String)| {
            if removed.contains(&lower(address)) || untagged.repeated {
                Fate::Untagged
            } else if refused(address) {
                as_before(sent)
            } else {
                Fate::NotTagged
            }
        };
        Ok(call.people.iter().map(fate).collect())
    }
}

/// What became of somebody who should have lost a tag and could not: whoever is in the source is as before.
fn as_before(sent: &Sent) -> Fate {
    match sent.before {
        Some(status) if !sent.segments.is_empty() => Fate::Unchanged { status },
        _ => Fate::Left,
    }
}

async fn all(mut working: JoinSet<Result<(), Error>>) -> Result<(), Error> {
    let mut first = Ok(());
    while let Some(ended) = working.join_next().await {
        first = first.and(ended.unwrap_or_else(|why| Err(Error::Broken(why.to_string()))));
    }
    first
}
