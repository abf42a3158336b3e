//! Puts people back whom an undo had archived and nobody touched since: a call for each, with the status that new people
//! get. It is the one exception of rule 1, and counted by itself.

use super::batch::{Batch, Item, Outcome, Task};
use super::lane::Worker;
use super::verdict::reason_of_problem;
use super::{Error, Mailchimp};
use crate::domain::{Fate, Status};
use crate::store::CallKind;

impl Worker {
    /// Puts people back, one by one.
    pub async fn reinstate(&self, items: Vec<Item>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        let delivery = &self.delivery;
        let mut items = items;
        // The others follow one by one, so that a stop is heard between them.
        let rest = items.split_off(items.len().min(1));
        if !rest.is_empty() {
            self.queue.follow_up(Task::Send(Batch::Reinstate(rest)));
        }
        for item in items {
            let id = item.sent().id.unwrap_or(item.member.person);
            let contact = mailchimp.contact_by_id(&delivery.audience, id).await?;
            if contact.is_none_or(|contact| contact.status != Status::Archived) {
                // Somebody was faster: what the person wants is asked for once more.
                self.ask_about(&[item]);
                continue;
            }
            let mut items = self.intend(CallKind::Reinstate, vec![item]).await?;
            let Some(item) = items.first() else { continue };
            let tags = item.add.iter().filter_map(|at| delivery.tags.get(at));
            let tags: Vec<&str> = tags.map(String::as_str).collect();
            let put = mailchimp
                .put_back(
                    &delivery.audience,
                    &item.member,
                    delivery.status_if_new,
                    &tags,
                )
                .await;
            let Some(item) = items.pop() else { continue };
            match put {
                Ok(contact) => {
                    let status = contact.status;
                    let outcome = Outcome {
                        after: contact.stamp,
                        contact: contact.contact_id,
                        ..Outcome::new(item, Fate::Reinstated { status })
                    };
                    self.settle(vec![outcome]).await?;
                }
                Err(Error::Refused {
                    status: 400 | 422,
                    problem,
                    ..
                }) => {
                    let (reason, words) = reason_of_problem(&problem);
                    let outcome = Outcome {
                        words: Some(words.into()),
                        ..Outcome::new(item, Fate::Rejected(reason))
                    };
                    self.settle(vec![outcome]).await?;
                }
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }
}
