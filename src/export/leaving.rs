//! Who loses which of our tags, and whether so many may (rules 4 and 7).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::memory::{Leaver, Memory, Met};
use super::{Error, Guard, Order, Planned};
use crate::deliver::{Leaving, Removal};
use crate::domain::{PersonKey, SegmentSet};
use crate::store::{Plan, Sent, SourceNotes, Stage};

/// So many members may lose a tag whatever their share is.
const ALWAYS: u64 = 50;
/// The share of a tag's members, in percent, that may lose it unless another one is asked for.
const PERCENT: u8 = 5;

/// The tags to be taken away in a run.
#[derive(Debug, Default)]
pub(super) struct Leavers {
    pub removals: Vec<Removal>,
    /// Members who are still in the source and whom no other call names: they are updated by it.
    only: Vec<SegmentSet>,
}

impl Leavers {
    /// Finds out who loses which tag, from what comparing with the ledger came to. Only a complete reading of the source
    /// tells who left.
    pub fn of(plan: &mut Plan, memory: &Memory, met: &Met) -> Result<Self, Error> {
        let removing = |leaver: &&Leaver| !leaver.remove.is_empty();
        let leavers: Vec<&Leaver> = met.leavers.iter().filter(removing).collect();
        let staying: HashSet<PersonKey> = leavers
            .iter()
            .filter(|leaver| leaver.stays)
            .map(|leaver| leaver.key)
            .collect();
        let mut unnamed = HashMap::new();
        if !staying.is_empty() {
            plan.each(|outline| {
                if outline.stage == Stage::Unchanged && staying.contains(&outline.key) {
                    unnamed.insert(outline.key, outline.segments.clone());
                }
                None
            });
        }
        let addresses = plan.addresses_among(&staying)?;
        let addresses: HashMap<PersonKey, String> = addresses
            .into_iter()
            .map(|found| (found.person, found.address))
            .collect();
        let mut by_tag = HashMap::<u16, Vec<Leaving>>::new();
        let mut only = Vec::new();
        for leaver in leavers {
            // Of several tags the first one counts the member as updated.
            let mut segments = unnamed.remove(&leaver.key);
            only.extend(segments.clone());
            for tag in leaver.remove.iter() {
                let sent = Sent {
                    key: leaver.key,
                    id: leaver.id,
                    values: 0,
                    profile: leaver.profile,
                    segments: segments.take().unwrap_or_default(),
                    add: SegmentSet::default(),
                    before: leaver.status,
                };
                let address = addresses.get(&leaver.key).cloned();
                // A contact that has another address in Mailchimp is found by its id.
                let address = address.filter(|_| leaver.id.is_none());
                let leaving = Leaving { sent, address };
                by_tag.entry(tag).or_default().push(leaving);
            }
        }
        let mut removals: Vec<Removal> = by_tag
            .into_iter()
            .filter_map(|(tag, people)| {
                let tag = memory.spelled.get(usize::from(tag))?.clone();
                Some(Removal { tag, people })
            })
            .collect();
        removals.sort_by(|a, b| a.tag.cmp(&b.tag));
        Ok(Self { removals, only })
    }

    /// Lists the tags that each person loses.
    pub fn by_person(&self) -> BTreeMap<PersonKey, Vec<String>> {
        let mut people = BTreeMap::<PersonKey, Vec<String>>::new();
        for removal in &self.removals {
            for leaving in &removal.people {
                let tags = people.entry(leaving.sent.key).or_default();
                tags.push(removal.tag.clone());
            }
        }
        people
    }

    /// How many tags will be taken away.
    pub fn count(&self) -> u64 {
        let each = self.removals.iter();
        each.map(|removal| removal.people.len() as u64).sum()
    }

    /// Corrects the plan's sums: who only loses a tag is updated, not unchanged.
    pub fn correct(&self, planned: &mut Planned) {
        planned.leaving = self.count();
        for segments in &self.only {
            planned.unchanged -= 1;
            planned.update += 1;
            for at in segments.iter() {
                if let Some(segment) = planned.segments.get_mut(at) {
                    segment.settled -= 1;
                    segment.held -= 1;
                    segment.pending += 1;
                }
            }
        }
    }

    /// Finds the tag that more members would lose than may.
    pub fn guard(&self, memory: &Memory, met: &Met, percent: Option<u8>) -> Option<Guard> {
        let percent = u64::from(percent.unwrap_or(PERCENT));
        self.removals.iter().find_map(|removal| {
            let number = memory.spelled.iter().position(|one| *one == removal.tag)?;
            let number = u16::try_from(number).ok()?;
            let members = met.holders.get(&number).copied().unwrap_or(0);
            let (count, most) = (removal.people.len() as u64, most(members, percent));
            (count > most).then(|| Guard::Removals {
                tag: removal.tag.clone(),
                count,
                members,
            })
        })
    }
}

/// How many of a tag's members may lose it.
fn most(members: u64, percent: u64) -> u64 {
    (members.saturating_mul(percent) / 100).max(ALWAYS)
}

/// Finds whether the source holds less than half of what its last complete reading held, or a segment that was not empty
/// is.
pub(super) fn shrunk(order: &Order, last: &SourceNotes, now: &SourceNotes) -> Option<Guard> {
    let emptied = |(id, count): &&(String, u64)| {
        let is_empty = |(other, now): &(String, u64)| other == id && *now == 0;
        *count > 0 && now.segments.iter().any(is_empty)
    };
    let emptied = last.segments.iter().filter(emptied);
    let label = |(id, _): &(String, u64)| {
        let mut segments = order.destination.segments.iter();
        let found = segments.find(|segment| segment.id.as_str() == id);
        found.map(|segment| segment.label.clone())
    };
    let emptied: Vec<String> = emptied.filter_map(label).collect();
    let halved = now.profiles.saturating_mul(2) < last.profiles;
    (halved || !emptied.is_empty()).then_some(Guard::Shrunk {
        before: last.profiles,
        now: now.profiles,
        emptied,
    })
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn rule_7_a_share_of_a_tags_members_may_lose_it_and_fifty_always() {
        assert_eq!((most(0, 5), most(1000, 5), most(1001, 5)), (50, 50, 50));
        assert_eq!(
            (most(2000, 5), most(2000, 100), most(10, 0)),
            (100, 2000, 50)
        );
    }
}
