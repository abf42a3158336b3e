use tokio::sync::mpsc;

use super::batch::{Batch, Item};
use super::{Caller, Delivery, Error, Mailchimp};
use crate::domain::Status;

/// Sends the first update call of a run, with at most ten subscribed members, and reads them again: a status that
/// changed stops the run before more is sent (rule 1).
///
/// # Errors
/// [`Error::StatusChanged`] when one changed; else as every call.
pub async fn try_out_updates(
    delivery: &Delivery,
    caller: &Caller,
    items: Vec<Item>,
) -> Result<(), Error> {
    let (feed, batches) = mpsc::channel(1);
    let addresses: Vec<(String, Option<Status>)> = items
        .iter()
        .map(|item| (item.member.address.clone(), item.before))
        .collect();
    // The channel holds one batch, so this does not wait.
    let _fed = feed.send(Batch::Update(items)).await;
    drop(feed);
    delivery
        .clone()
        .run(vec![caller.clone()], batches, caller.stop().clone())
        .await?;
    let mailchimp = Mailchimp::over(caller.clone());
    for (address, before) in addresses {
        let (Some(before), Some(contact)) = (
            before,
            mailchimp.contact(&delivery.audience, &address).await?,
        ) else {
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
