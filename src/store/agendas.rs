use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::files::{from_toml, read_if_there, replace};
use super::lock::ConfigLock;
use super::{Error, Home};
use crate::domain::{Agenda, DestinationId};

/// What is remembered of the schedules of a home: one small file, written whole.
#[derive(Debug, Clone)]
pub struct Agendas {
    path: PathBuf,
    lock: PathBuf,
}

/// The file, by the identities of destinations.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    destinations: BTreeMap<String, Agenda>,
}

impl Agendas {
    /// Opens what a home remembers; it may be nothing.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            path: home.agendas(),
            lock: home.agendas_lock(),
        }
    }

    /// Lists what is remembered, to be looked up by [`Known::of`].
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn all(&self) -> Result<Known, Error> {
        Ok(Known(self.read()?.destinations))
    }

    /// Finds what is remembered of a destination's schedule.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn find(&self, id: &DestinationId) -> Result<Option<Agenda>, Error> {
        Ok(self.read()?.destinations.remove(&key(id)))
    }

    /// Changes what is remembered of a destination's schedule. Nobody else changes it meanwhile.
    ///
    /// # Errors
    /// Fails when the file cannot be read or written; then it is as it was.
    pub fn change<T>(
        &self,
        id: &DestinationId,
        change: impl FnOnce(&mut Option<Agenda>) -> T,
    ) -> Result<T, Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        let before = self.read()?;
        let mut agenda = before.destinations.get(&key(id)).cloned();
        let told = change(&mut agenda);
        if agenda.as_ref() == before.destinations.get(&key(id)) {
            return Ok(told);
        }
        let mut after = before.destinations;
        match agenda {
            Some(agenda) => after.insert(key(id), agenda),
            None => after.remove(&key(id)),
        };
        let kept = Kept {
            destinations: after,
        };
        let text = toml::to_string(&kept).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&self.path, text.as_bytes())?;
        Ok(told)
    }

    fn read(&self) -> Result<Kept, Error> {
        match read_if_there(&self.path)? {
            Some(text) => from_toml(&self.path, &text),
            None => Ok(Kept::default()),
        }
    }
}

/// What is remembered of all schedules at one moment.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<String, Agenda>);

impl Known {
    /// Finds what is remembered of a destination's schedule.
    #[must_use]
    pub fn of(&self, id: &DestinationId) -> Option<&Agenda> {
        self.0.get(&key(id))
    }
}

/// Destinations are told apart without case.
fn key(id: &DestinationId) -> String {
    id.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Agendas;
    use crate::domain::{Agenda, DestinationId, Schedule};
    use crate::store::{Error, Home};

    fn id(name: &str) -> DestinationId {
        DestinationId::parse(name).expect("a name")
    }

    #[test]
    fn what_is_remembered_of_each_destination_is_its_own() {
        let folder = tempfile::tempdir().expect("folder");
        let agendas = Agendas::of(&Home::at(folder.path()));
        let refresh = Schedule::OnRefresh {
            quiet_seconds: None,
        };
        let agenda = Agenda::new(refresh, Timestamp::UNIX_EPOCH);
        assert_eq!(agendas.find(&id("Våren")).expect("none"), None);
        agendas
            .change(&id("Våren"), |kept| *kept = Some(agenda.clone()))
            .expect("kept");
        agendas
            .change(&id("b \"c\".d"), |kept| *kept = Some(agenda.clone()))
            .expect("kept");
        assert_eq!(agendas.find(&id("VÅREN")).expect("read"), Some(agenda));
        agendas
            .change(&id("våren"), |kept| *kept = None)
            .expect("forgotten");
        assert_eq!(agendas.find(&id("Våren")).expect("read"), None);
        assert!(agendas.find(&id("b \"c\".d")).expect("read").is_some());
        std::fs::write(folder.path().join("schedules.toml"), "[destinations").expect("damaged");
        let why = agendas.change(&id("x"), |kept| *kept = None);
        assert!(matches!(why, Err(Error::Damaged { .. })), "{why:?}");
    }
}
