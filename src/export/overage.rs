//! Keeps a run from taking the account beyond the contacts that its plan allows (rule 7).

use super::{Error, Guard, Order};
use crate::deliver::{Mailchimp, Which};

/// Counts the account's contacts and refuses a run after which they would be more than its plan allows, where the user
/// told how many that is. Decided once it is known who would be created, and before the first write.
pub(super) async fn guard(
    order: &Order,
    mailchimp: &Mailchimp,
    created: u64,
) -> Result<Option<Guard>, Error> {
    let limit = order.access.plan_limit;
    let Some(limit) = limit.filter(|_| !order.options.allow_overage && created > 0) else {
        return Ok(None);
    };
    Ok(over(limit, contacts(mailchimp).await?, created))
}

/// Counts the contacts of all audiences. Archived ones are not counted, as they are not billed; who is in two audiences
/// counts twice, as there.
async fn contacts(mailchimp: &Mailchimp) -> Result<u64, Error> {
    let everyone = Which::default();
    let mut contacts = 0_u64;
    for audience in mailchimp.audiences().await? {
        let counted = mailchimp.count(&audience.id, &everyone).await?;
        contacts = contacts.saturating_add(counted);
    }
    Ok(contacts)
}

/// Decides by the numbers. A run that creates nobody goes on also where the account is beyond its plan already.
fn over(limit: u64, now: u64, created: u64) -> Option<Guard> {
    let refused = created > 0 && now.saturating_add(created) > limit;
    refused.then_some(Guard::PlanLimit {
        limit,
        now,
        created,
    })
}

#[cfg(test)]
mod tests {
    use super::over;

    #[test]
    fn rule_7_more_contacts_than_the_plan_allows_are_refused() {
        assert_eq!(over(100, 90, 10), None);
        assert!(over(100, 90, 11).is_some());
        assert!(over(100, u64::MAX, 1).is_some());
    }

    #[test]
    fn rule_7_a_run_that_creates_nobody_adds_no_contact_to_the_plan() {
        assert_eq!(over(100, 120, 0), None);
        assert!(over(100, 120, 1).is_some());
    }
}
