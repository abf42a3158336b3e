//! What became of the members of calls that a killed run had in flight: the audience is asked, and what it says is the
//! fate (rule 2).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::wire::Times;
use super::{Caller, Error, Mailchimp, PAGE, Which};
use crate::domain::{AudienceId, Contact, Fate, NewStatus, PersonKey, Status};
use crate::store::{CallKind, InDoubt, JournalWriter, Sent, SettledMember};

/// So many contacts are asked for one by one, whatever the lists are like.
const FEW: u64 = 40;
/// Changes are asked for from a little before the run began: the service's clock shows whole seconds.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// Contacts by Mailchimp's own key.
type Changed = HashMap<PersonKey, (Contact, Times)>;

/// What the run was whose calls are in doubt.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// Where its calls went.
    pub audience: AudienceId,
    /// When it began, by the service's clock; without it nothing was written.
    pub began: Timestamp,
    /// What new people got.
    pub status_if_new: NewStatus,
    /// The tags of its segments, by place.
    pub tags: Arc<[String]>,
}

impl Doubt {
    /// Asks the audience about every member in doubt, over all lanes, and writes the fates into the run's journal.
    ///
    /// # Errors
    /// As every call, and when the journal cannot be written; what was found out until then is in it.
    pub async fn settle(
        self,
        in_doubt: Vec<InDoubt>,
        lanes: &[Caller],
        journal: &JournalWriter,
    ) -> Result<(), Error> {
        let Some(first) = lanes.first().filter(|_| !in_doubt.is_empty()) else {
            return Ok(());
        };
        let mailchimp = Mailchimp::over(first.clone());
        let people = in_doubt.iter().map(|intent| intent.members.len() as u64);
        let people: u64 = people.sum();
        // A page and a single contact cost a call each: whatever takes fewer.
        if people > FEW {
            let changed = self.count_changed(&mailchimp).await?;
            if changed.div_ceil(PAGE) + FEW < people {
                let found = self.read_changed(&mailchimp).await?;
                return self.settle_by(&in_doubt, &found, journal).await;
            }
        }
        self.ask_each(in_doubt, lanes, journal).await
    }

    /// The lists of what changed since the run began, archived contacts by themselves.
    fn changed(&self) -> [Which; 2] {
        let from = self.began.checked_sub(OVERLAP).unwrap_or(self.began);
        let since = Some(from.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
        [false, true].map(|archived| Which {
            archived,
            since: since.clone(),
            ..Which::default()
        })
    }

    async fn count_changed(&self, mailchimp: &Mailchimp) -> Result<u64, Error> {
        let mut counted = 0_u64;
        for which in self.changed() {
            counted = counted.saturating_add(mailchimp.count(&self.audience, &which).await?);
        }
        Ok(counted)
    }

    /// Reads what changed since the run began: a call that took effect changed its members.
    async fn read_changed(&self, mailchimp: &Mailchimp) -> Result<Changed, Error> {
        let mut changed = Changed::new();
        for which in self.changed() {
            let mut offset = 0;
            loop {
                let page = mailchimp.page_with_times(&self.audience, &which, offset);
                let page = page.await?;
                if page.is_empty() {
                    break;
                }
                offset += page.len() as u64;
                changed.extend(page.into_iter().map(|(contact, times)| {
                    let key = PersonKey::of(&contact.address.trim().to_lowercase());
                    (contact.id.unwrap_or(key), (contact, times))
                }));
            }
        }
        Ok(changed)
    }

    async fn settle_by(
        &self,
        in_doubt: &[InDoubt],
        changed: &Changed,
        journal: &JournalWriter,
    ) -> Result<(), Error> {
        for intent in in_doubt {
            let settled = intent.members.iter().map(|(place, sent)| {
                let found = changed.get(&sent.id.unwrap_or(sent.key));
                let found = found.map(|(contact, times)| (contact, times));
                self.settled(intent, (*place, sent), found)
            });
            journal.settle(intent.no, settled.collect()).await?;
        }
        Ok(())
    }

    fn settled(
        &self,
        intent: &InDoubt,
        (at, sent): (u16, &Sent),
        found: Option<(&Contact, &Times)>,
    ) -> SettledMember {
        SettledMember {
            at,
            fate: self.fate(intent, sent, found),
            after: found.map_or(0, |(contact, _)| contact.stamp),
            contact: found.and_then(|(contact, _)| contact.contact_id),
        }
    }

    /// Asks for each contact by itself.
    async fn ask_each(
        self,
        in_doubt: Vec<InDoubt>,
        lanes: &[Caller],
        journal: &JournalWriter,
    ) -> Result<(), Error> {
        let (all, next) = (Arc::new(in_doubt), Arc::new(AtomicUsize::new(0)));
        let mut asking = JoinSet::new();
        for caller in lanes {
            let (doubt, journal) = (self.clone(), journal.clone());
            let (all, next) = (Arc::clone(&all), Arc::clone(&next));
            let mailchimp = Mailchimp::over(caller.clone());
            asking.spawn(async move {
                while let Some(at) = place(&all, next.fetch_add(1, Ordering::Relaxed)) {
                    let (intent, (place, sent)) = at;
                    let id = sent.id.unwrap_or(sent.key);
                    let found = mailchimp.look_up_id(&doubt.audience, id).await?;
                    let found = found.as_ref().map(|(contact, times)| (contact, times));
                    let settled = doubt.settled(intent, (*place, sent), found);
                    journal.settle(intent.no, vec![settled]).await?;
                }
                Ok::<(), Error>(())
            });
        }
        let mut first = Ok(());
        while let Some(asked) = asking.join_next().await {
            first = first.and(asked.unwrap_or_else(|why| Err(Error::Broken(why.to_string()))));
        }
        first
    }

    /// Tells what became of a member by what the audience holds now. Where that is not clear, nothing is said to have
    /// happened: the next plan compares with the audience, so that nobody is lost by it.
    fn fate(&self, intent: &InDoubt, sent: &Sent, found: Option<(&Contact, &Times)>) -> Fate {
        let Some((contact, times)) = found else {
            return Fate::Nothing;
        };
        let status = contact.status;
        let is_new = status == Status::from(self.status_if_new);
        let has = |tag: &str| {
            let tag = tag.trim().to_lowercase();
            let mut held = contact.tags.iter();
            held.any(|held| held.trim().to_lowercase() == tag)
        };
        let mut added = sent.add.iter().filter_map(|at| self.tags.get(at));
        let as_sent = is_new && added.all(|tag| has(tag));
        match intent.call {
            CallKind::Create if as_sent && times.before(self.began) => {
                Fate::Recreated { told: false }
            }
            CallKind::Create if as_sent => Fate::Created { status },
            // Subscribed people do not become transactional by themselves.
            CallKind::Update
                if status == Status::Transactional && sent.before == Some(Status::Subscribed) =>
            {
                Fate::Recreated { told: false }
            }
            CallKind::Untag if intent.tag.as_deref().is_some_and(|tag| !has(tag)) => Fate::Untagged,
            CallKind::Archive if status == Status::Archived => Fate::Undone,
            CallKind::Reinstate if is_new => Fate::Reinstated { status },
            CallKind::Create
            | CallKind::Update
            | CallKind::Untag
            | CallKind::Archive
            | CallKind::Reinstate
            | CallKind::Restore => Fate::Nothing,
        }
    }
}

/// Finds the member at a place, counted over all intents.
fn place(all: &[InDoubt], mut at: usize) -> Option<(&InDoubt, &(u16, Sent))> {
    for intent in all {
        if let Some(member) = intent.members.get(at) {
            return Some((intent, member));
        }
        at -= intent.members.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Doubt;
    use crate::deliver::batch::tests::item;
    use crate::deliver::wire::{Times, WireMember};
    use crate::domain::{AudienceId, Contact, Fate, NewStatus, Status};
    use crate::store::{CallKind, InDoubt};

    fn contact(status: &str, tag: &str, signup: &str) -> (Contact, Times) {
        let member = serde_json::json!({
            "email_address": "a@x.example", "status": status, "tags": [{"name": tag}],
            "timestamp_signup": signup,
        });
        let member: WireMember = serde_json::from_value(member).expect("member");
        let times = member.times();
        (member.contact(), times)
    }

    fn fate(call: CallKind, before: Option<Status>, found: Option<&(Contact, Times)>) -> Fate {
        let doubt = Doubt {
            audience: AudienceId::parse("abc").expect("id"),
            began: "2026-01-01T00:00:00Z".parse::<Timestamp>().expect("time"),
            status_if_new: NewStatus::Subscribed,
            tags: ["Gold".to_owned()].into(),
        };
        let intent = InDoubt {
            no: 1,
            call,
            tag: Some("Gold".to_owned()),
            attempt: 0,
            members: vec![],
        };
        let mut item = item("a@x.example");
        item.before = before;
        let found = found.map(|(contact, times)| (contact, times));
        doubt.fate(&intent, &item.sent(), found)
    }

    #[test]
    fn what_the_audience_holds_tells_what_became_of_a_call() {
        let now = "2026-01-01T00:00:09Z";
        let (status, there) = (Status::Subscribed, Some(Status::Subscribed));
        let sent = contact("subscribed", "gold", now);
        let older = contact("subscribed", "Gold", "2025-01-01T00:00:00Z");
        let untagged = contact("subscribed", "Silver", now);
        let anew = contact("transactional", "Gold", now);
        let archived = contact("archived", "Gold", now);
        let table = [
            (CallKind::Create, None, None, Fate::Nothing),
            (
                CallKind::Create,
                None,
                Some(&sent),
                Fate::Created { status },
            ),
            (
                CallKind::Create,
                None,
                Some(&older),
                Fate::Recreated { told: false },
            ),
            (CallKind::Create, None, Some(&untagged), Fate::Nothing),
            (CallKind::Create, None, Some(&archived), Fate::Nothing),
            (CallKind::Update, there, Some(&sent), Fate::Nothing),
            (
                CallKind::Update,
                there,
                Some(&anew),
                Fate::Recreated { told: false },
            ),
            (CallKind::Untag, there, Some(&untagged), Fate::Untagged),
            (CallKind::Untag, there, Some(&sent), Fate::Nothing),
            (CallKind::Archive, there, Some(&archived), Fate::Undone),
            (CallKind::Archive, there, Some(&sent), Fate::Nothing),
            (
                CallKind::Reinstate,
                there,
                Some(&sent),
                Fate::Reinstated { status },
            ),
            (CallKind::Restore, there, Some(&sent), Fate::Nothing),
        ];
        for (call, before, found, right) in table {
            assert_eq!(fate(call, before, found), right, "{call:?}");
        }
    }
}
