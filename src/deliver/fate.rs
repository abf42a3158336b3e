//! Finds out what became of members whose call did not tell, by asking the audience (rule 1).

use std::sync::Arc;

use super::batch::{Batch, Item, Said, Task};
use super::lane::Worker;
use super::notice::Verdict;
use super::verdict::{note_held, note_segments, reason_of, suppress};
use super::wire::Times;
use super::{Delivery, Error, Mailchimp};
use crate::domain::{Contact, Decision, Member, Reason, SegmentSet, Status};
use crate::plan::{decide, is_as_sent};

/// How often one member is taken up again before it is given up.
const TURNS: u8 = 9;
/// How often somebody is looked up who exists by one call and not by the next.
const DENIALS: u8 = 3;
/// How often a member is sent whom answers do not mention.
const SILENCES: u8 = 2;
const NOT_MENTIONED: &str = "Mailchimp's answers do not mention this contact";

/// What became of members that were looked up.
#[derive(Default)]
struct Fates {
    verdict: Verdict,
    /// To be created, or created again.
    absent: Vec<Item>,
    /// To be updated.
    differing: Vec<Item>,
    /// To be asked about once more.
    denied: Vec<Item>,
    /// To be archived again.
    recreated: Vec<Item>,
}

impl Worker {
    /// Asks the audience about members whose fate is not known, and goes on from what it says.
    pub async fn look_up(&self, items: Vec<Item>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        let mut fates = Fates::default();
        let mut asked = Ok(());
        for item in items {
            let item = Item {
                turns: item.turns + 1,
                ..item
            };
            let found = mailchimp
                .look_up(&self.delivery.audience, &item.member.address)
                .await;
            asked = match found {
                Ok(Some((contact, times))) => self.present(&mut fates, item, &contact, &times),
                Ok(None) => fates.absent(item),
                Err(why) => Err(why),
            };
            if asked.is_err() {
                break;
            }
        }
        // What is known is told, whatever failed after it.
        self.caller.tell_settled(fates.verdict).await;
        self.send_again(fates.absent, Batch::Create);
        self.send_again(fates.differing, Batch::Update);
        if !fates.denied.is_empty() {
            self.queue.follow_up(Task::LookUp(fates.denied));
        }
        self.archive_again(fates.recreated, 0).await.and(asked)
    }

    /// Goes on about a member whom the audience holds.
    fn present(
        &self,
        fates: &mut Fates,
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
        if item.in_doubt && new && is_as_sent(&item.member, contact, (*status_if_new).into(), tags)
        {
            if shared.watch.was_there(&item, times) {
                fates.recreated.push(item);
                return Ok(());
            }
            let verdict = &mut fates.verdict;
            verdict.created += 1;
            verdict.tags_added += item.add.iter().count() as u64;
            note_held(verdict, &item);
            return Ok(());
        }
        // Subscribed people do not become transactional by themselves: a call unseen made them anew.
        if item.in_doubt
            && item.before == Some(Status::Subscribed)
            && contact.status == Status::Transactional
        {
            fates.recreated.push(item);
            return Ok(());
        }
        match decide(&item.member, Some(contact), None, tags) {
            Decision::Suppress(reason) => suppress(&mut fates.verdict, &item, reason),
            Decision::Update { add } => return fates.update(item, contact, add),
            Decision::Leave | Decision::Create => fates.leave(&item, contact),
        }
        Ok(())
    }
}

impl Fates {
    /// Goes on about a member whom the audience does not hold.
    fn absent(&mut self, item: Item) -> Result<(), Error> {
        if item.before.is_some() {
            // Deleted since the statuses were read: an update call would make them anew.
            suppress(&mut self.verdict, &item, Reason::Archived);
            return Ok(());
        }
        match &item.said {
            Said::Exists(_) if item.turns < DENIALS => self.denied.push(item),
            Said::Exists(words) => {
                self.verdict.unclear.push(words.to_string());
                suppress(&mut self.verdict, &item, Reason::Unclear);
            }
            Said::Silence(words) if !words.is_empty() || item.turns >= SILENCES => {
                self.unmentioned(&item, words);
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
            self.unmentioned(&item, words);
            return Ok(());
        }
        if item.turns > TURNS {
            return Err(Error::Unseen {
                what: "update members",
            });
        }
        self.verdict.not_mailable += u64::from(found_unmailable(&item, contact));
        self.differing.push(Item {
            member: Member {
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
    fn leave(&mut self, item: &Item, contact: &Contact) {
        let verdict = &mut self.verdict;
        verdict.not_mailable += u64::from(found_unmailable(item, contact));
        // A repeated update found everything in place: the call that was not heard of did it.
        if item.before.is_some() {
            verdict.updated += 1;
            verdict.tags_added += item.add.iter().count() as u64;
        } else {
            verdict.unchanged += 1;
        }
        note_held(verdict, item);
    }

    /// Rejects a member whom answers did not mention, in the words of rows that named nobody, where there were any.
    fn unmentioned(&mut self, item: &Item, words: &Arc<str>) {
        let (reason, detail) = match &**words {
            "" => (Reason::Refused, NOT_MENTIONED),
            words => (reason_of(words), words),
        };
        note_segments(&mut self.verdict, item);
        self.verdict
            .rejects
            .push(item.member.reject(reason, detail));
    }
}

/// Tells of a contact who gets no marketing mail. Those whom the plan knew as transactional are counted there.
fn found_unmailable(item: &Item, contact: &Contact) -> bool {
    contact.status == Status::Transactional && item.before != Some(Status::Transactional)
}
