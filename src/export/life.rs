//! What becomes of a saved destination besides being edited, exported and removed.

use jiff::Timestamp;

use super::{Error, Surroundings};
use crate::domain::{Agreement, Destination, DestinationName};
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

    /// Saves a copy of a destination under another name. Its history is its own.
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
            ..destination
        };
        self.save_destination(copy, None)
    }
}
