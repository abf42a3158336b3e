//! The first update call of a run is made with a few subscribed contacts, who are read again: a status that changed stops
//! the run before more is sent (rule 1).

use super::batch::{Batch, Item, Task};
use super::lane::Worker;
use super::{Error, Mailchimp};
use crate::domain::Status;

/// The most members in the first update call.
const FIRST: usize = 10;

impl Worker {
    /// Sends updates, once the first ones were tried out; else tries these out, while the other lanes' updates wait.
    pub async fn try_out_or_update(&self, items: Vec<Item>) -> Result<(), Error> {
        let mut made = self.delivery.shared.trial.lock().await;
        if *made {
            drop(made);
            return self.update(items).await.map(|_| ());
        }
        let (first, rest) = first(items);
        if !rest.is_empty() {
            self.queue.follow_up(Task::Send(Batch::Update(rest)));
        }
        let tried: Vec<(String, Option<Status>)> = first
            .iter()
            .map(|item| (item.member.address.clone(), item.before))
            .collect();
        if let Some(updated) = self.update(first).await? {
            self.read_back(tried).await?;
            // A call that changed nobody proves nothing.
            *made = updated > 0;
        }
        Ok(())
    }

    async fn read_back(&self, tried: Vec<(String, Option<Status>)>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        for (address, before) in tried {
            let contact = mailchimp.contact(&self.delivery.audience, &address).await?;
            let (Some(before), Some(contact)) = (before, contact) else {
                continue;
            };
            // Someone deleted since the statuses were read has been archived again just now.
            if contact.status != before && contact.status != Status::Archived {
                return Err(Error::StatusChanged {
                    before,
                    after: contact.status,
                });
            }
        }
        Ok(())
    }
}

/// Parts the first update call from the rest: subscribed contacts, for whom no status is higher. Where there are none, a
/// single one of the others goes first, so that at most one person is harmed.
fn first(items: Vec<Item>) -> (Vec<Item>, Vec<Item>) {
    let (mut subscribed, mut others): (Vec<Item>, Vec<Item>) = items
        .into_iter()
        .partition(|item| item.before == Some(Status::Subscribed));
    if subscribed.is_empty() {
        let rest = others.split_off(others.len().min(1));
        return (others, rest);
    }
    others.extend(subscribed.split_off(subscribed.len().min(FIRST)));
    (subscribed, others)
}

#[cfg(test)]
mod tests {
    use super::first;
    use crate::deliver::batch::Item;
    use crate::deliver::batch::tests::item;
    use crate::domain::Status;

    fn items(statuses: &[Status]) -> Vec<Item> {
        let named = |(at, status): (usize, &Status)| Item {
            before: Some(*status),
            ..item(&format!("p{at}@x.example"))
        };
        statuses.iter().enumerate().map(named).collect()
    }

    #[test]
    fn rule_1_the_first_update_call_holds_at_most_ten_members_all_subscribed() {
        let mixed = [[Status::Transactional, Status::Subscribed]; 15].concat();
        let (tried, rest) = first(items(&mixed));
        assert_eq!((tried.len(), rest.len()), (10, 20));
        assert!(
            tried
                .iter()
                .all(|item| item.before == Some(Status::Subscribed))
        );
    }

    #[test]
    fn rule_1_with_nobody_subscribed_one_contact_goes_first_alone() {
        let (tried, rest) = first(items(&[Status::Transactional; 3]));
        assert_eq!((tried.len(), rest.len()), (1, 2));
    }
}
