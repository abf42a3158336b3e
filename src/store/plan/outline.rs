use super::{Order, Plan, Stage};
use crate::domain::{Consent, Decision, PersonKey, SegmentSet, Status};

/// What memory knows of a profile: enough to compare it with what a ledger remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline<'a> {
    /// Whose address it is, also that of a row which cannot be used; nobody where there is none.
    pub key: PersonKey,
    /// The hash of the profile's id; 0 where the source has none.
    pub profile: u64,
    /// The hash of what would be sent; 0 where nothing can be.
    pub values: u64,
    /// What was said of consent, by the person or any row of the address.
    pub consent: Consent,
    /// The segments it is in, with those of the profiles that were merged into it.
    pub segments: &'a SegmentSet,
    /// What the plan says about it.
    pub stage: Stage,
}

impl Plan {
    /// Goes through all profiles in the order of their keys, those of nobody first; of one key, first the one that stands
    /// for it, and then those that were merged or cannot be used. A decision about one that is open is noted, with the
    /// status that is known of the contact.
    pub fn each(
        &mut self,
        mut each: impl FnMut(&Outline<'_>) -> Option<(Decision, Option<Status>)>,
    ) {
        self.sort(Order::Keys);
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            let decided = each(&Outline {
                key: entry.key,
                profile: entry.id.short(),
                values: entry.values(),
                consent: entry.consent(),
                segments: self.sets.get(entry.segments),
                stage: entry.stage(),
            });
            if let (Stage::Open, Some((decision, status))) = (entry.stage(), decided) {
                self.note(at, &decision, status);
            }
        }
    }
}
