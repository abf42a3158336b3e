//! Which keys of the wizard do something now.

use super::super::keys::Command;
use super::{Step, Wizard};

impl Wizard {
    /// Tells whether a key does anything now.
    pub fn offers(&self, command: Command) -> bool {
        match (self.step, command) {
            // What would change is known once that was checked.
            (_, Command::Changes) => self.diff().is_some(),
            // There is nothing to choose, and no step before.
            (Step::Start, Command::Choose | Command::StepBack) => false,
            // A single audience is chosen already.
            (Step::Mailchimp, Command::Up) => {
                let audiences = self.known.audiences.get();
                audiences.is_none_or(|audiences| audiences.len() > 1)
            }
            (Step::Matching, command) => self.mapping.offers(command, &self.draft, &self.known),
            (Step::Segments, command) => self.segments.offers(command, &self.draft, &self.known),
            _ => true,
        }
    }
}
