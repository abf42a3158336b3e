//! Finds the addresses of people who hold a tag and of whom only the key is known.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::{Caller, Error, Mailchimp, PAGE, Removal, StaticSegment};
use crate::domain::{AudienceId, PersonKey, Status};

/// Finds the addresses of those who will lose a tag and of whom only the key is known, by person. Whoever is archived, or
/// not there, has none; neither has anybody whose tag the audience does not have any more.
///
/// # Errors
/// The first call that fails for good.
pub async fn addresses(
    audience: &AudienceId,
    removals: &[Removal],
    lanes: &[Caller],
) -> Result<HashMap<PersonKey, String>, Error> {
    let mut people = HashMap::new();
    let is_unknown = |removal: &&Removal| removal.people.iter().any(|one| one.address.is_none());
    let removals: Vec<&Removal> = removals.iter().filter(is_unknown).collect();
    let (Some(first), false) = (lanes.first(), removals.is_empty()) else {
        return Ok(people);
    };
    let tags = Mailchimp::over(first.clone())
        .static_segments(audience)
        .await?;
    for removal in removals {
        let Some(tag) = named(&tags, &removal.tag) else {
            continue;
        };
        // Who loses several tags is asked for once.
        let unknown = removal.people.iter().filter(|one| one.address.is_none());
        let unknown = unknown.filter(|one| !people.contains_key(&one.sent.key));
        let keys: HashMap<PersonKey, PersonKey> =
            unknown.map(|one| (one.id(), one.sent.key)).collect();
        let found = find(audience, tag, keys.keys().copied().collect(), lanes).await?;
        let found = found.into_iter();
        people.extend(found.filter_map(|(id, address)| Some((*keys.get(&id)?, address))));
    }
    Ok(people)
}

/// Finds the tag of a name; names are compared without case.
pub(super) fn named<'a>(tags: &'a [StaticSegment], name: &str) -> Option<&'a StaticSegment> {
    let name = name.trim().to_lowercase();
    tags.iter()
        .find(|one| one.name.trim().to_lowercase() == name)
}

/// Finds addresses by what Mailchimp knows people by: in the tag's own pages, or by one call each, whichever takes fewer.
pub(super) async fn find(
    audience: &AudienceId,
    tag: &StaticSegment,
    unknown: HashSet<PersonKey>,
    lanes: &[Caller],
) -> Result<HashMap<PersonKey, String>, Error> {
    let pages = tag.members.div_ceil(PAGE) + 1;
    if unknown.len() as u64 > pages {
        among_holders(audience, tag, unknown, lanes).await
    } else {
        one_by_one(audience, unknown, lanes).await
    }
}

/// Finds people in the pages of a tag's members.
async fn among_holders(
    audience: &AudienceId,
    tag: &StaticSegment,
    mut unknown: HashSet<PersonKey>,
    lanes: &[Caller],
) -> Result<HashMap<PersonKey, String>, Error> {
    let mut people = HashMap::new();
    let Some(first) = lanes.first() else {
        return Ok(people);
    };
    let mailchimp = Mailchimp::over(first.clone());
    let mut offset = 0;
    while !unknown.is_empty() {
        let (page, _) = mailchimp.tag_members(audience, tag.id, offset).await?;
        if page.is_empty() {
            break;
        }
        offset += page.len() as u64;
        for holder in page {
            let id = PersonKey::parse(&holder.id);
            let id = id.unwrap_or_else(|| PersonKey::of(&holder.address.trim().to_lowercase()));
            if unknown.remove(&id) {
                people.insert(id, holder.address);
            }
        }
    }
    Ok(people)
}

/// Asks for each by its id.
async fn one_by_one(
    audience: &AudienceId,
    unknown: HashSet<PersonKey>,
    lanes: &[Caller],
) -> Result<HashMap<PersonKey, String>, Error> {
    let unknown: Arc<[PersonKey]> = unknown.into_iter().collect();
    let next = Arc::new(AtomicUsize::new(0));
    let mut asking = JoinSet::new();
    for caller in lanes {
        let (unknown, next) = (Arc::clone(&unknown), Arc::clone(&next));
        let (mailchimp, audience) = (Mailchimp::over(caller.clone()), audience.clone());
        asking.spawn(async move {
            let mut found = Vec::new();
            while let Some(id) = unknown.get(next.fetch_add(1, Ordering::Relaxed)) {
                let contact = mailchimp.contact_by_id(&audience, *id).await?;
                let contact = contact.filter(|one| one.status != Status::Archived);
                found.extend(contact.map(|contact| (*id, contact.address)));
            }
            Ok::<_, Error>(found)
        });
    }
    let mut people = HashMap::new();
    while let Some(found) = asking.join_next().await {
        people.extend(found.map_err(|why| Error::Broken(why.to_string()))??);
    }
    Ok(people)
}
