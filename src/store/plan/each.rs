//! Reads the whole plan, profile by profile: for a person who wants to see all of what a run would do.

use super::entry::Entry;
use super::record::Met;
use super::{Order, Plan, PlannedMember, Stage};
use crate::domain::Reason;
use crate::store::Error;

/// How many profiles are read in one go.
const SOME: usize = 4096;

/// What a plan says about a profile, with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedProfile {
    /// What shall happen.
    pub stage: Stage,
    /// Why it is left alone or cannot be delivered.
    pub reason: Option<Reason>,
    /// The value at fault.
    pub detail: String,
    /// The profile as a member; of one that cannot be delivered, as much of it as there is.
    pub planned: PlannedMember,
}

impl Plan {
    /// Calls back for every profile but those that another one stands for, in the order in which they were read, or met.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each_profile(
        &mut self,
        mut each: impl FnMut(PlannedProfile) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.sort(Order::Places);
        for some in self.entries.chunks(SOME) {
            let told = some.iter().filter(|e| e.stage() != Stage::Merged);
            let told: Vec<&Entry> = told.collect();
            let places: Vec<u64> = told.iter().map(|entry| entry.place()).collect();
            self.spool.each(&places, |nth, bytes| {
                let (entry, read) = (told[nth], self.read(bytes)?);
                let met = read.met.as_ref();
                let image = met.map(Met::image).transpose();
                each(PlannedProfile {
                    stage: entry.stage(),
                    reason: entry.reason(),
                    detail: read.text.detail.to_owned(),
                    planned: PlannedMember {
                        member: self.member(entry, &read),
                        before: entry.status(),
                        add: self.add_of(entry).clone(),
                        id: met.and_then(|met| met.id),
                        image: image.map_err(|why| self.spool.damaged(&why))?,
                    },
                })
            })?;
        }
        Ok(())
    }
}
