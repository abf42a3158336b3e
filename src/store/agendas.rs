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

    #[test]
    fn what_an_older_version_remembered_still_opens() {
        let folder = tempfile::tempdir().expect("folder");
        let older = "[destinations.spring]\nhandled = \"2026-11-01T06:00:00Z\"\n\
                     [destinations.spring.trouble]\nsince = \"2026-11-02T06:00:00Z\"\nfailures = 1\n\
                     why = \"/people does not exist.\"\nretry_at = \"2026-11-02T06:01:00Z\"\n\
                     [destinations.spring.schedule]\nevery = \"day\"\nat = [\"06:00\"]\ntime_zone = \"UTC\"\n";
        std::fs::write(folder.path().join("schedules.toml"), older).expect("written");
        let agendas = Agendas::of(&Home::at(folder.path()));
        let read = || agendas.find(&id("Spring")).expect("read").expect("kept");
        let before = read();
        let trouble = before.trouble.clone().expect("trouble");
        assert_eq!(trouble.why.of("sv").what, "/people does not exist.");
        assert!(!before.is_stopped() && trouble.waits_for.is_none());
        // Written anew it says the same.
        let change = |kept: &mut Option<Agenda>| kept.as_mut().map(|kept| kept.waits = true);
        agendas.change(&id("Spring"), change).expect("changed");
        assert_eq!(read().trouble, before.trouble);
    }
}
