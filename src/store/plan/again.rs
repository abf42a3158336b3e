//! Keeps of a settled plan only those who were rejected before and are sent again.

use std::collections::HashSet;

use super::{Entry, Plan, Settled};
use crate::store::{Error, RejectsAgain};

impl Plan {
    /// Keeps those whom the rejects are about; the others are no profiles of this run. It is settled before, so that a
    /// person's "no" counts wherever it stands (rule 1), and whoever is kept is delivered whole.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn keep(&mut self, again: &RejectsAgain, settled: Settled) -> Result<Settled, Error> {
        let by_place = self.stood_there(again)?;
        self.keep_profiles(|entry| {
            again.names(entry.id, entry.key) || by_place.contains(&entry.place())
        });
        self.tidy();
        Ok(Settled {
            profiles: self.profiles(),
            segments: self.profiles_in_segments(),
            ..settled
        })
    }

    /// Finds the rows without an id that stand where rejected ones stood.
    fn stood_there(&self, again: &RejectsAgain) -> Result<HashSet<u64>, Error> {
        let mut there = HashSet::new();
        if !again.has_places() {
            return Ok(there);
        }
        let open = |entry: &Entry| entry.id.is_none() && !again.names(entry.id, entry.key);
        let places = self.places(open);
        self.spool.each(&places, |nth, bytes| {
            let text = self.read(bytes)?.text;
            if again.stood_at(&self.files.name(text.file), text.line) {
                there.insert(places[nth]);
            }
            Ok(())
        })?;
        Ok(there)
    }
}
