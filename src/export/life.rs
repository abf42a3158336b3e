//! What becomes of a saved destination besides being edited, exported and removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Error, Options, Order, Surroundings, Voice};
use crate::domain::{Agenda, Agreement, Destination, DestinationName, Schedule, StartedBy};
use crate::source::{Error as SourceError, REFRESH, SqlError};
use crate::store::{AccountLock, Agendas, Destinations, Locked};

impl Surroundings {
    /// Makes the order of a run or a check: looks up who calls, and how.
    ///
    /// # Errors
    /// Fails when a login cannot be used.
    pub async fn order(
        &self,
        destination: Destination,
        options: Options,
        started_by: StartedBy,
        voice: &Voice,
    ) -> Result<Order, Error> {
        let access = self.access_for(&destination).await?;
        let login = destination.source_login.as_ref();
        let source = self.reach(&destination.source, login).await?;
        let is_saved = Destinations::of(&self.home).get(&destination)?.is_some();
        Ok(Order {
            home: self.home.clone(),
            destination,
            is_saved,
            access,
            source,
            options,
            started_by,
            advice: Arc::clone(&voice.advice),
            explain: Arc::clone(&voice.explain),
        })
    }

    /// Keeps runs of a destination from beginning, as long as what this gives lives.
    ///
    /// # Errors
    /// Refuses while one goes on.
    pub(super) fn keep_from_running(
        &self,
        destination: &Destination,
    ) -> Result<AccountLock, Error> {
        let name = destination.name.clone();
        let ours = format!("{name} ({})", std::process::id());
        match AccountLock::try_destination(&self.home, &destination.id(), &ours)? {
            Locked::Ours(lock) => Ok(lock),
            Locked::Held(holder) => Err(Error::GoesOn { name, holder }),
        }
    }

    /// Gives a destination another name; its history, its rejects and what it has delivered stay its own.
    ///
    /// # Errors
    /// Refuses while a run of it goes on; fails where the name is taken, or a file cannot be written.
    pub fn rename_destination(
        &self,
        destination: &Destination,
        name: DestinationName,
    ) -> Result<Destination, Error> {
        let _ours = self.keep_from_running(destination)?;
        self.change(destination, |saved| saved.name = name)
    }

    /// Leaves a destination without its login. It stays, and does not run until it has another one.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written.
    pub fn detach_destination(&self, destination: &Destination) -> Result<Destination, Error> {
        self.change(destination, |saved| (saved.login, saved.api) = (None, None))
    }

    /// Sets when destinations are exported by themselves, from now on: of none where one of them could not be. Who does so
    /// has looked at what went wrong before.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written.
    pub fn schedule(
        &self,
        wanted: Vec<(Destination, Schedule)>,
    ) -> Result<Vec<Destination>, Error> {
        for (destination, schedule) in &wanted {
            tells_of_refreshes(destination, schedule)?;
        }
        let set = |(destination, schedule)| self.set(&destination, schedule);
        wanted.into_iter().map(set).collect()
    }

    fn set(&self, destination: &Destination, schedule: Schedule) -> Result<Destination, Error> {
        let saved = self.change(destination, |saved| saved.schedule = schedule)?;
        Agendas::of(&self.home).change(&saved.id(), |kept| {
            let schedule = saved.schedule.clone();
            let agenda = Agenda::set(kept.as_ref(), schedule, Timestamp::now());
            *kept = (!saved.schedule.is_off()).then_some(agenda);
        })?;
        Ok(saved)
    }

    /// Changes what is saved by now of a destination, of which a caller may know less.
    fn change(
        &self,
        known: &Destination,
        change: impl FnOnce(&mut Destination),
    ) -> Result<Destination, Error> {
        let changed = Destinations::of(&self.home).change(known, change)?;
        changed.ok_or_else(|| Error::Gone {
            name: known.name.clone(),
        })
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
        let like = Destinations::of(&self.home).text(&destination.id())?;
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
        self.save_like(copy, &like.unwrap_or_default())
    }
}

/// Checks that whoever is to follow the refreshes of an engine can ask for them.
fn tells_of_refreshes(destination: &Destination, schedule: &Schedule) -> Result<(), Error> {
    let follows = matches!(schedule, Schedule::OnRefresh { .. });
    let queries = destination.folder.queries.as_ref();
    match queries.map(|folder| folder.join(REFRESH)) {
        Some(query) if follows && destination.source.engine().is_some() && !query.exists() => {
            Err(SourceError::from(SqlError::NoRefresh(query)).into())
        }
        _ => Ok(()),
    }
}
