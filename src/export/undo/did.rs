//! What a run did to each contact, told afterwards: its journal knows whom it wrote to and which tags, its images what
//! these people were before, and the audience what they are now.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;

use super::gather::{Gathered, Told};
use super::target::Target;
use super::{audience, blocking};
use crate::deliver::{Listing, Mailchimp, Which};
use crate::domain::{Change, ChangeKind, Contact, MergeTag, PersonKey};
use crate::export::compare::changes_from;
use crate::export::{Diff, Error, Order};
use crate::plan::differing_since;

/// How many contacts are looked up in the audience at most: more would keep a person waiting.
const MOST: u64 = 20_000;

/// How many of those whom no list of what changed names are looked up one by one, and how many of them at once.
const SINGLY: (usize, usize) = (200, 8);

/// Tells what a run did to each contact. Of people who cannot be found any more only Mailchimp's key is told.
///
/// # Errors
/// [`Error::NoUndo`] when the run left no journal; else as every call, and when files cannot be read.
pub async fn did(order: &Order, run: &str) -> Result<Diff, Error> {
    let (home, destination) = (order.home.clone(), order.destination.clone());
    let wanted = run.to_owned();
    let (target, gathered) = blocking(move || {
        let target = Target::look(&home, &destination, &wanted)?;
        let gathered = Gathered::of(&target, &[])?;
        Ok((target, gathered))
    })
    .await?;
    let mailchimp = order.access.mailchimp()?;
    let contacts = changed_contacts(&target, &gathered.people(), &mailchimp).await?;
    let (home, destination) = (order.home.clone(), order.destination.clone());
    blocking(move || {
        let mapped = destination.map.tags();
        let mapped: Vec<&str> = mapped.into_iter().map(MergeTag::as_str).collect();
        Diff::told(&home, |changes| {
            gathered.tell(&target.run, |told| {
                let now = contacts.get(&told.key);
                Ok(changes.add(&change(told, now, &mapped, &target))?)
            })
        })
    })
    .await
}

/// Looks up those whom the run wrote to, as far as they are not too many.
async fn changed_contacts(
    target: &Target,
    people: &HashSet<PersonKey>,
    mailchimp: &Mailchimp,
) -> Result<HashMap<PersonKey, Contact>, Error> {
    let which = Which {
        since: Some(changes_from(target.since()?)),
        ..Which::default()
    };
    let listing = Listing::new(audience(target)?, which);
    let mut found = HashMap::new();
    while let Some(page) = listing.next_below(MOST, mailchimp).await? {
        let keyed = page.into_iter().map(|one| (PersonKey::of(&one.key), one));
        found.extend(keyed.filter(|(key, _)| people.contains(key)));
    }
    // Somebody who only lost a tag need not count as changed.
    let others = people.iter().filter(|key| !found.contains_key(*key));
    let others: Vec<PersonKey> = others.take(SINGLY.0).copied().collect();
    let audience = audience(target)?;
    for some in others.chunks(SINGLY.1) {
        let looked = some
            .iter()
            .map(|key| mailchimp.contact_by_id(&audience, *key));
        for (key, contact) in some.iter().zip(join_all(looked).await) {
            found.extend(contact?.map(|contact| (*key, contact)));
        }
    }
    Ok(found)
}

fn change(told: Told, now: Option<&Contact>, mapped: &[&str], target: &Target) -> Change {
    let before = told.before.as_ref();
    let address = now.map(|now| &now.address);
    let address = address.or(before.map(|before| &before.address));
    let held: Vec<&str> = match before {
        Some(before) => before.fields.keys().map(String::as_str).collect(),
        None => mapped.to_vec(),
    };
    // Where it is not known what somebody was before, no value is told as a change.
    let is_known = before.is_some() || told.what == ChangeKind::Created;
    let now = now.filter(|_| is_known);
    let tag = |place: usize| target.began.segments.get(place).map(|(_, tag)| tag.clone());
    Change {
        address: address.cloned().unwrap_or_else(|| told.key.hex()),
        profile: None,
        place: String::new(),
        what: told.what,
        reason: None,
        detail: String::new(),
        fields: now.map_or_else(Vec::new, |now| differing_since(before, now, &held)),
        tags_added: told.added.iter().filter_map(tag).collect(),
        tags_removed: told.removed,
        changed_in_mailchimp: false,
    }
}
