//! What becomes of a saved destination besides being edited, exported and removed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Error, Surroundings};
use crate::domain::{Agreement, Destination, DestinationName, Schedule};
use crate::store::{AccountLock, Locked};

impl Surroundings {
    /// Gives a destination another name; its history, its rejects and what it has delivered stay its own.
    ///
    /// # Errors
    /// Refuses while a run of it goes on; fails where the name is taken, or a file cannot be written.
    pub fn rename_destination(
        &self,
        destination: Destination,
        name: DestinationName,
    ) -> Result<Destination, Error> {
        let id = destination.id();
        let holder = format!("{} ({})", destination.name, std::process::id());
        let _ours = match AccountLock::try_destination(&self.home, &id, &holder)? {
            Locked::Ours(lock) => lock,
            Locked::Held(holder) => {
                let name = destination.name;
                return Err(Error::GoesOn { name, holder });
            }
        };
        let renamed = Destination {
            name,
            ..destination
        };
        self.save_destination(renamed, Some(&id))
    }

    /// Sets when a destination is exported by itself.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written.
    pub fn schedule(
        &self,
        destination: Destination,
        schedule: Schedule,
    ) -> Result<Destination, Error> {
        let id = destination.id();
        let scheduled = Destination {
            schedule,
            ..destination
        };
        self.save_destination(scheduled, Some(&id))
    }

    /// Saves a copy of a destination under another name. Its history is its own, and it is not exported by itself unless
    /// somebody says so.
    ///
    /// # Errors
    /// Fails where the name is taken, or a file cannot be written.
    pub fn duplicate_destination(
        &self,
        destination: Destination,
        name: DestinationName,
        agreement: Option<Agreement>,
    ) -> Result<Destination, Error> {
        let copy = Destination {
            name,
            id: None,
            created_at: Timestamp::now(),
            agreement,
            schedule: Schedule::Off,
            // Nobody has a tag from it.
            removed_tags: BTreeMap::new(),
            ..destination
        };
        self.save_destination(copy, None)
    }
}
