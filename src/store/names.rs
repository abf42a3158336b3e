use crate::domain::{Destination, DestinationId, DestinationName};

/// What destinations are called by now.
#[derive(Debug, Default)]
pub struct Names(Vec<(DestinationId, DestinationName)>);

impl<'a> FromIterator<&'a Destination> for Names {
    fn from_iter<I: IntoIterator<Item = &'a Destination>>(all: I) -> Self {
        let named = all.into_iter().map(|one| (one.id(), one.name.clone()));
        Self(named.collect())
    }
}

impl Names {
    /// Names a destination; one that is no more has the name that it is known by.
    #[must_use]
    pub fn of(&self, id: &str) -> String {
        let found = self.0.iter().find(|(known, _)| known.matches(id));
        found.map_or_else(|| id.to_owned(), |(_, name)| name.to_string())
    }

    /// Finds the name of a destination that there still is.
    #[must_use]
    pub fn find(&self, id: &DestinationId) -> Option<&DestinationName> {
        let found = self.0.iter().find(|(known, _)| known.matches(id.as_str()));
        found.map(|(_, name)| name)
    }
}
