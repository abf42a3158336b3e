//! Finds out what became of members whose call did not tell, by asking the audience (rule 1).

use std::sync::Arc;

use super::batch::{Batch, Item, Outcome, Said, Task};
use super::lane::Worker;
use super::verdict::reason_of;
use super::wire::Times;
use super::{Delivery, Error, Mailchimp};
use crate::domain::{Before, Contact, Decision, Email, Fate, Member, Reason, SegmentSet, Status};
use crate::plan::{Remembered, decide, is_as_sent};

/// How often one member is taken up again before it is given up.
const TURNS: u8 = 9;
/// How often somebody is looked up who exists by one call and not by the next.
const DENIALS: u8 = 3;
/// How often a member is sent whom answers do not mention.
const SILENCES: u8 = 2;
const NOT_MENTIONED: &str = "Mailchimp's answers do not mention this contact";

/// What became of members that were looked up.
#[derive(Default)]
struct Found {
    /// Who is settled.
    outcomes: Vec<Outcome>,
    /// To be created, or created again.
    absent: Vec<Item>,
    /// To be updated.
    differing: Vec<Item>,
    /// To be asked about once more.
    denied: Vec<Item>,
    /// To be archived again.
    recreated: Vec<Outcome>,
}

impl Worker {
    /// Asks the audience about members whose fate is not known, and goes on from what it says.
    pub async fn look_up(&self, items: Vec<Item>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        let mut found = Found::default();
        let mut asked = Ok(());
        for item in items {
            let item = Item {
                turns: item.turns + 1,
                ..item
            };
            let contact = mailchimp
                .look_up(&self.delivery.audience, &item.member.address)
                .await;
            asked = match contact {
                Ok(Some((contact, times))) => self.present(&mut found, item, &contact, &times),
                Ok(None) => found.absent(item),
                Err(why) => Err(why),
            };
            if asked.is_err() {
                break;
            }
        }
        // What is known is told, whatever failed after it.
        self.settle(found.outcomes).await?;
        for again in [&mut found.absent, &mut found.differing] {
            self.close(again).await?;
        }
        self.send_again(found.absent, Batch::Create);
        self.send_again(found.differing, Batch::Update);
        if !found.denied.is_empty() {
            self.queue.follow_up(Task::LookUp(found.denied));
        }
        self.archive_again(found.recreated).await.and(asked)
    }

    /// Goes on about a member whom the audience holds.
    fn present(
        &self,
        found: &mut Found,
        item: Item,
        contact: &Contact,
        times: &Times,
    ) -> Result<(), Error> {
        let Delivery {
            tags,
            status_if_new,
            shared,
            ..
        } = &self.delivery;
        let new = item.before.is_none();
        let recreated = Fate::Recreated { told: false };
        if item.in_doubt && new && is_as_sent(&item.member, contact, (*status_if_new).into(), tags)
        {
            if shared.watch.was_there(&item, times) {
                found.recreated.push(Outcome::new(item, recreated));
                return Ok(());
            }
            let status = contact.status;
            found.settled(item, Fate::Created { status }, contact);
            return Ok(());
        }
        // Subscribed people do not become transactional by themselves: a call unseen made them anew.
        if item.in_doubt
            && item.before == Some(Status::Subscribed)
            && contact.status == Status::Transactional
        {
            found.recreated.push(Outcome::new(item, recreated));
            return Ok(());
        }
        match decide(&item.member, Some(contact), &Remembered::default(), tags) {
            Decision::Suppress(reason) => {
                found.settled(item, Fate::Suppressed(reason), contact);
            }
            Decision::Update { add } => return found.update(item, contact, add),
            Decision::Leave | Decision::Create | Decision::Reinstate => found.leave(item, contact),
        }
        Ok(())
    }
}

impl Found {
    fn settled(&mut self, item: Item, fate: Fate, contact: &Contact) {
        self.outcomes.push(Outcome {
            after: contact.stamp,
            contact: contact.contact_id,
            ..Outcome::new(item, fate)
        });
    }

    /// Goes on about a member whom the audience does not hold.
    fn absent(&mut self, item: Item) -> Result<(), Error> {
        if item.before.is_some() {
            // Deleted since the statuses were read: an update call would make them anew.
            let fate = Fate::Suppressed(Reason::Archived);
            self.outcomes.push(Outcome::new(item, fate));
            return Ok(());
        }
        match &item.said {
            Said::Exists(_) if item.turns < DENIALS => self.denied.push(item),
            Said::Exists(words) => {
                let words = Some(Arc::clone(words));
                let fate = Fate::Suppressed(Reason::Unclear);
                self.outcomes.push(Outcome {
                    words,
                    ..Outcome::new(item, fate)
                });
            }
            Said::Silence(words) if !words.is_empty() || item.turns >= SILENCES => {
                let words = Arc::clone(words);
                self.unmentioned(item, words);
            }
            _ if item.turns <= TURNS => self.absent.push(Item {
                said: Said::Nothing,
                ..item
            }),
            // The service takes no writes now; later it may.
            _ => {
                return Err(Error::Unseen {
                    what: "create members",
                });
            }
        }
        Ok(())
    }

    /// Goes on about a member who differs from what the audience holds.
    fn update(&mut self, item: Item, contact: &Contact, add: SegmentSet) -> Result<(), Error> {
        if let Said::Silence(words) = &item.said
            && item.before.is_some()
            && (!words.is_empty() || item.turns >= SILENCES)
        {
            let words = Arc::clone(words);
            self.unmentioned(item, words);
            return Ok(());
        }
        if item.turns > TURNS {
            return Err(Error::Unseen {
                what: "update members",
            });
        }
        let image = Before::of(&item.member, contact);
        self.differing.push(Item {
            id: contact.id.filter(|id| *id != item.member.person),
            image: Some(Box::new(image)),
            member: Member {
                key: Email::key_of(&contact.address),
                address: contact.address.clone(),
                ..item.member
            },
            before: Some(contact.status),
            add,
            in_doubt: false,
            said: Said::Nothing,
            ..item
        });
        Ok(())
    }

    /// Counts a member about whom nothing is left to do.
    fn leave(&mut self, item: Item, contact: &Contact) {
        let fate = match item.before {
            // A repeated update found everything in place: the call that was not heard of did it. Its status is not an
            // answer of ours.
            Some(status) => Fate::Updated { status },
            None => Fate::Unchanged {
                status: contact.status,
            },
        };
        self.settled(item, fate, contact);
    }

    /// Rejects a member whom answers did not mention, in the words of rows that named nobody, where there were any.
    fn unmentioned(&mut self, item: Item, words: Arc<str>) {
        let (reason, words) = match &*words {
            "" => (Reason::Refused, NOT_MENTIONED.into()),
            text => (reason_of(text), words),
        };
        self.outcomes.push(Outcome {
            words: Some(words),
            ..Outcome::new(item, Fate::Rejected(reason))
        });
    }
}
