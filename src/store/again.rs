use std::collections::{HashMap, HashSet};

use crate::domain::{Class, Email, PersonKey, ProfileHash, ProfileId, Reject, RejectKind};

/// Whom rejects are about who may fare better in another run: those are sent again. People are known by the ids of their
/// profiles; in a source without ids by their addresses, and by their places, since a mended address is another one.
#[derive(Debug, Default)]
pub struct RejectsAgain {
    profiles: HashSet<ProfileHash>,
    people: HashSet<PersonKey>,
    places: HashMap<String, HashSet<u64>>,
}

impl RejectsAgain {
    /// Takes in a reject, unless it is for good or only about a value.
    pub fn add(&mut self, reject: &Reject) {
        let for_good = reject.reason.class() == Class::Permanent;
        if for_good || reject.kind == RejectKind::Value {
            return;
        }
        if let Some(id) = reject.profile.as_deref().and_then(ProfileId::parse) {
            self.profiles.insert(ProfileHash::of(&id));
            return;
        }
        let address = reject.email.as_deref().map(Email::key_of);
        let address = address.filter(|address| !address.is_empty());
        self.people.extend(address.as_deref().map(PersonKey::of));
        if reject.line > 0 {
            let lines = self.places.entry(reject.file.clone()).or_default();
            lines.insert(reject.line);
        }
    }

    /// Tells whether a profile is among them by its id or, without one, by its address.
    pub(super) fn names(&self, id: ProfileHash, key: PersonKey) -> bool {
        if id.is_none() {
            self.people.contains(&key)
        } else {
            self.profiles.contains(&id)
        }
    }

    /// Tells whether places have to be looked at.
    pub(super) fn has_places(&self) -> bool {
        !self.places.is_empty()
    }

    /// Tells whether a row without an id is among them by its place.
    pub(super) fn stood_at(&self, file: &str, line: u64) -> bool {
        self.places.get(file).is_some_and(|at| at.contains(&line))
    }
}
