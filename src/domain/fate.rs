use serde::{Deserialize, Serialize};

use super::{Reason, Status};

/// What became of one member in one attempt. Counters, report, progress, rejects and ledger are folds of fates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// A create call made the contact.
    Created {
        /// The status that the contact has now.
        status: Status,
    },
    /// As [`Fate::Created`], of a contact that Segue itself had archived by an undo.
    Reinstated {
        /// The status that the contact has now.
        status: Status,
    },
    /// An update call brought values or tags.
    Updated {
        /// The status that the contact has now.
        status: Status,
    },
    /// The audience turned out to hold everything.
    Unchanged {
        /// The status that the contact has.
        status: Status,
    },
    /// The member was left alone.
    Suppressed(Reason),
    /// The member was refused; the words are Mailchimp's, without the address.
    Rejected(Reason),
    /// Somebody deleted or archived meanwhile was made anew by the call, and has to be archived again.
    Recreated {
        /// Whether the member had been told as created before.
        told: bool,
    },
    /// One of our tags was taken away.
    Untagged,
    /// A contact that the run should have touched was found changed by others, and left.
    Left,
    /// An undo archived a contact that its run had created.
    Undone,
    /// An undo brought back values and tags.
    Restored {
        /// The status that the contact has.
        status: Status,
    },
    /// Nothing happened: the call of the intent did not take effect, or not for this member, and its fate is another
    /// attempt's.
    Nothing,
    /// One of our tags should have been taken away, and the contact did not have it any more.
    NotTagged,
}

impl Fate {
    /// Tells by how much it changes the number of members that the audience holds as they should be.
    #[must_use]
    pub fn change_of_members(&self) -> i64 {
        match self {
            Self::Created { .. }
            | Self::Reinstated { .. }
            | Self::Updated { .. }
            | Self::Unchanged { .. }
            | Self::Untagged
            | Self::NotTagged => 1,
            Self::Recreated { told: true } => -1,
            Self::Recreated { told: false }
            | Self::Suppressed(_)
            | Self::Rejected(_)
            | Self::Left
            | Self::Undone
            | Self::Restored { .. }
            | Self::Nothing => 0,
        }
    }
}
