//! Who loses which of our tags, and whether so many may (rules 4 and 7).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::memory::{Leaver, Memory, Met};
use super::read::Gone;
use super::{Error, Guard, Order, Planned};
use crate::deliver::{Leaving, Removal};
use crate::domain::{PersonKey, Segment, SegmentId, SegmentSet};
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
            if memory.confirmed.contains(number) {
                return None;
            }
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

/// Finds whether the source holds less than half of what its last complete reading held, nobody in a segment that was not
/// empty, or a segment not at all, unless that is allowed. What was allowed once is not refused again. Only a complete
/// reading counts profiles.
pub(super) fn shrunk(
    order: &Order,
    gone: &Gone,
    last: Option<&SourceNotes>,
    now: Option<&SourceNotes>,
) -> Option<Guard> {
    let shrunk = lost(&order.destination.segments, gone, last, now);
    shrunk.filter(|_| !order.options.allow_shrink)
}

fn lost(
    segments: &[Segment],
    gone: &Gone,
    last: Option<&SourceNotes>,
    now: Option<&SourceNotes>,
) -> Option<Guard> {
    let count = |notes: Option<&SourceNotes>, id: &SegmentId| {
        let counts = &notes?.segments;
        let found = counts.iter().find(|(other, _)| other == id.as_str());
        found.map(|(_, count)| *count)
    };
    let (mut emptied, mut missing) = (Vec::new(), Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        let before = count(last, &segment.id);
        if gone.places.contains(at) {
            // Of a segment that was never read, a source that lists only what has members cannot tell.
            if before.map_or(!gone.by_members, |count| count > 0) {
                missing.push(segment.label.clone());
            }
        } else if before.is_some_and(|count| count > 0) && count(now, &segment.id) == Some(0) {
            emptied.push(segment.label.clone());
        }
    }
    let sum = |notes: Option<&SourceNotes>| notes.map_or(0, |notes| notes.profiles);
    let (before, now) = (sum(last.filter(|_| now.is_some())), sum(now));
    let chosen = |(id, _): &(String, u64)| segments.iter().any(|one| one.id.as_str() == id);
    // Where a segment was taken out of the destination, fewer profiles are what was wanted.
    let same = last.is_some_and(|last| last.segments.iter().all(chosen));
    let halved = same && now.saturating_mul(2) < before;
    (halved || !emptied.is_empty() || !missing.is_empty()).then_some(Guard::Shrunk {
        before,
        now,
        emptied,
        gone: missing,
    })
}

#[cfg(test)]
mod tests {
    use super::{Gone, Guard, lost, most};
    use crate::domain::{Segment, SegmentSet};
    use crate::store::SourceNotes;

    fn notes(profiles: u64, segments: &[(&str, u64)]) -> SourceNotes {
        let segments = segments
            .iter()
            .map(|(id, count)| ((*id).to_owned(), *count));
        SourceNotes {
            profiles,
            segments: segments.collect(),
        }
    }

    /// What the guard names of "gold" and "silver", of which these are gone.
    fn named(
        gone: &[usize],
        by_members: bool,
        last: Option<&SourceNotes>,
        now: Option<&SourceNotes>,
    ) -> Option<(Vec<String>, Vec<String>)> {
        let segments = ["gold", "silver"].map(|id| Segment::new(id, id));
        let mut places = SegmentSet::default();
        for at in gone {
            places.insert(*at);
        }
        let gone = Gone { places, by_members };
        match lost(&segments, &gone, last, now)? {
            Guard::Shrunk { emptied, gone, .. } => Some((emptied, gone)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rule_7_a_segment_that_is_gone_is_refused_until_that_was_allowed() {
        let gold = || vec!["gold".to_owned()];
        let (there, allowed) = (
            notes(5, &[("gold", 2), ("silver", 3)]),
            notes(3, &[("gold", 0), ("silver", 3)]),
        );
        let now = notes(3, &[("gold", 0), ("silver", 3)]);
        let (none, gone) = (Some((vec![], gold())), &[0][..]);
        assert_eq!(named(gone, false, Some(&there), Some(&now)), none);
        assert_eq!(named(gone, true, Some(&there), Some(&now)), none);
        assert_eq!(named(gone, false, Some(&there), None), none, "limited");
        assert_eq!(named(gone, false, None, Some(&now)), none, "never read");
        assert_eq!(named(gone, true, None, Some(&now)), None, "it may be empty");
        assert_eq!(named(gone, false, Some(&allowed), Some(&now)), None);
        let (many, few) = (notes(9, &[("gold", 9)]), notes(4, &[("gold", 4)]));
        assert_eq!(
            named(&[], false, Some(&many), Some(&few)),
            Some((vec![], vec![])),
            "halved"
        );
        let other = notes(9, &[("gold", 4), ("bronze", 5)]);
        assert_eq!(
            named(&[], false, Some(&other), Some(&few)),
            None,
            "bronze was taken out"
        );
        let emptied = Some((gold(), vec![]));
        assert_eq!(named(&[], false, Some(&there), Some(&now)), emptied);
        assert_eq!(named(&[], false, Some(&allowed), Some(&now)), None);
        assert_eq!(named(&[], false, Some(&there), None), None, "limited");
    }

    #[test]
    fn rule_7_a_share_of_a_tags_members_may_lose_it_and_fifty_always() {
        assert_eq!((most(0, 5), most(1000, 5), most(1001, 5)), (50, 50, 50));
        assert_eq!(
            (most(2000, 5), most(2000, 100), most(10, 0)),
            (100, 2000, 50)
        );
    }
}
