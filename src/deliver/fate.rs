//! Finds out what became of members whose call did not tell, by asking the audience (rule 1).

use super::batch::{Batch, Item};
use super::lane::Worker;
use super::notice::Verdict;
use super::verdict::{note_segments, suppress};
use super::{Delivery, Error, Mailchimp};
use crate::domain::{Contact, Decision, Member, Reason, Status};
use crate::plan::{decide, is_as_sent};

/// How often one member is taken up again before it is given up.
const TURNS: u8 = 9;

impl Worker {
    /// Asks the audience about members whose fate is not known, and goes on from what it says (rule 1).
    pub async fn look_up(&self, items: Vec<Item>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        let mut fates = Fates::default();
        let mut asked = Ok(());
        for item in items {
            match mailchimp
                .contact(&self.delivery.audience, &item.member.address)
                .await
            {
                Ok(contact) => asked = self.decide_fate(&mut fates, item, contact.as_ref()),
                Err(why) => asked = Err(why),
            }
            if asked.is_err() {
                break;
            }
        }
        // What is known is told, whatever failed after it.
        self.settled(fates.verdict).await;
        self.send_again(fates.absent, Batch::Create);
        self.send_again(fates.differing, Batch::Update);
        asked
    }

    fn decide_fate(
        &self,
        fates: &mut Fates,
        item: Item,
        contact: Option<&Contact>,
    ) -> Result<(), Error> {
        let Delivery {
            tags,
            status_if_new,
            ..
        } = &self.delivery;
        let item = Item {
            turns: item.turns + 1,
            ..item
        };
        let Some(contact) = contact else {
            return fates.absent(item);
        };
        let verdict = &mut fates.verdict;
        if item.in_doubt && is_as_sent(&item.member, contact, (*status_if_new).into(), tags) {
            verdict.created += 1;
            verdict.tags_added += item.add.iter().count() as u64;
            note_segments(verdict, &item);
            return Ok(());
        }
        // Those whom the plan knew as transactional are counted there.
        let found_unmailable =
            contact.status == Status::Transactional && item.before != Some(Status::Transactional);
        match decide(&item.member, Some(contact), None, tags) {
            Decision::Suppress(reason) => suppress(verdict, &item, reason),
            Decision::Update { add } if item.turns <= TURNS => {
                verdict.not_mailable += u64::from(found_unmailable);
                let member = Member {
                    address: contact.address.clone(),
                    ..item.member
                };
                let before = Some(contact.status);
                fates.differing.push(Item {
                    member,
                    before,
                    add,
                    in_doubt: false,
                    ..item
                });
            }
            Decision::Update { .. } => {
                return Err(Error::Unseen {
                    what: "update members",
                });
            }
            Decision::Leave | Decision::Create => {
                verdict.not_mailable += u64::from(found_unmailable);
                // A repeated update found everything in place: the call that was not heard of did it.
                let updated = item.before.is_some();
                verdict.updated += u64::from(updated);
                verdict.unchanged += u64::from(!updated);
                verdict.tags_added += if updated {
                    item.add.iter().count() as u64
                } else {
                    0
                };
                note_segments(verdict, &item);
            }
        }
        Ok(())
    }
}

/// What became of members that were looked up.
#[derive(Default)]
struct Fates {
    verdict: Verdict,
    absent: Vec<Item>,
    differing: Vec<Item>,
}

impl Fates {
    /// Goes on about a member whom the audience does not hold.
    fn absent(&mut self, item: Item) -> Result<(), Error> {
        if item.before.is_some() {
            // Deleted since the statuses were read: an update call would make them anew.
            suppress(&mut self.verdict, &item, Reason::Archived);
        } else if item.turns <= TURNS {
            self.absent.push(item);
        } else if item.in_doubt {
            // The service takes no writes now; later it may.
            return Err(Error::Unseen {
                what: "create members",
            });
        } else {
            note_segments(&mut self.verdict, &item);
            let detail = "Mailchimp says that this contact exists, and that it does not";
            self.verdict
                .rejects
                .push(item.member.reject(Reason::Refused, detail));
        }
        Ok(())
    }
}
