//! The end of a destination: all that Segue holds of its people goes, all or nothing.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use super::{Error, Report, Surroundings};
use crate::domain::{AudienceId, Destination, DestinationId, LoginName};
use crate::store::{
    AccountLock, Agendas, Destinations, Drafts, Error as StoreError, Leaving, Ledger, Logins,
    OwnTags, RunFolder, Runs,
};

/// How a destination is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removal {
    /// Whether the history of its runs goes too, and which tags are ours.
    pub purge: bool,
    /// Whether its logins stay, though nobody else uses them.
    pub keep_login: bool,
}

/// What went with a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The logins that nobody else uses.
    pub logins: Vec<LoginName>,
    /// Whether it was forgotten which tags of the audience are ours.
    pub tags_forgotten: bool,
    /// How many people still have to be archived again; as long as there are any, the ledger stays (rule 1).
    pub owed: usize,
}

impl Surroundings {
    /// Finds the logins that nobody but this destination uses, and that go with it.
    ///
    /// # Errors
    /// Fails when destinations or logins cannot be read.
    pub fn logins_of_only(&self, destination: &Destination) -> Result<Vec<LoginName>, Error> {
        let Some(others) = self.others(destination)? else {
            return Ok(Vec::new());
        };
        let used = |login: &LoginName| {
            let mut all = others.iter().flat_map(Destination::logins);
            all.any(|other| other == login)
        };
        let saved = Logins::of(&self.home).list()?;
        let is_saved = |login: &LoginName| saved.iter().any(|saved| saved.name == *login);
        let alone = destination
            .logins()
            .filter(|login| !used(login) && is_saved(login));
        Ok(alone.cloned().collect())
    }

    /// Lists the other destinations; `None` when one of them cannot be read, and might use anything.
    fn others(&self, destination: &Destination) -> Result<Option<Vec<Destination>>, Error> {
        let saved = Destinations::of(&self.home);
        if !saved.broken()?.is_empty() {
            return Ok(None);
        }
        let mut others = saved.list()?;
        others.retain(|other| other.id() != destination.id());
        Ok(Some(others))
    }

    /// Removes a destination with every file that holds its people, and with what nobody else uses: its audience's
    /// ledger, unless people have to be archived again, and its logins. The sums of its runs stay unless purged. Can be
    /// repeated.
    ///
    /// # Errors
    /// Refuses while a run of it goes on. Where something cannot go, everything stays.
    pub async fn remove_destination(
        &self,
        destination: &Destination,
        how: Removal,
    ) -> Result<Removed, Error> {
        let id = destination.id();
        let _ours = self.keep_from_running(destination)?;
        let logins = if how.keep_login {
            Vec::new()
        } else {
            self.logins_of_only(destination)?
        };
        let audience = &destination.audience;
        let others = self.others(destination)?;
        let unused = |audience: &AudienceId| {
            let others = others.as_ref();
            others.is_some_and(|others| others.iter().all(|other| other.audience != *audience))
        };
        let alone = unused(audience);
        // An older ledger holds which tags are ours, and they stay; a damaged one no longer tells, and must not stay for it.
        if let Err(why) = OwnTags::open(&self.home, audience) {
            tracing::warn!(error = %why, "own tags");
        }
        let runs = self.runs_of(destination)?;
        let mut files = Vec::new();
        for run in &runs {
            files.extend(leaving(run, how.purge)?);
        }
        for run in &runs {
            self.take_in_debts(run);
        }
        let owed = if alone { self.owed(audience)? } else { 0 };
        if alone && owed == 0 {
            files.extend(self.home.ledger_files(audience));
        }
        files.extend(self.former_ledgers(audience, unused, how)?);
        let tags_forgotten = alone && how.purge;
        files.extend(tags_forgotten.then(|| self.home.own_tags(audience)));
        files.extend(Drafts::of(&self.home).of_destination(&id));
        files.extend(Destinations::of(&self.home).path(&id)?);
        let leaving = Leaving::take(&self.home, files)?;
        for login in &logins {
            if let Err(why) = self.remove_login(login).await {
                leaving.put_back();
                return Err(why);
            }
        }
        leaving.delete()?;
        Agendas::of(&self.home).change(&id, |agenda| *agenda = None)?;
        if owed > 0 {
            Ledger::open(&self.home, audience)?.forget_all()?;
        }
        if !alone {
            self.let_go(destination);
        }
        for run in runs.iter().filter(|_| !how.purge) {
            forget_people(run)?;
        }
        self.forget_locks(&id, how)?;
        Ok(Removed {
            logins,
            tags_forgotten,
            owed,
        })
    }

    /// Forgets what locks tell of a destination: their files, and of those that others need the names of killed runs.
    fn forget_locks(&self, id: &DestinationId, how: Removal) -> Result<(), Error> {
        AccountLock::forget_destination(&self.home, id)?;
        if how.purge {
            AccountLock::forget_holders(&self.home)?;
        }
        Ok(())
    }

    /// Takes into the ledger what a run that was killed owes; its journal goes with the destination, the debts stay.
    fn take_in_debts(&self, run: &RunFolder) {
        let settled = Runs::report::<Report>(run).ok().flatten();
        let settled = settled.is_some_and(|report| report.settling.settled);
        let began = run.began();
        let audience = began.and_then(|began| AudienceId::parse(&began.audience));
        let (false, Some(audience)) = (settled, audience) else {
            return;
        };
        let folded = Ledger::open_or_begin_anew(&self.home, &audience)
            .and_then(|mut ledger| ledger.fold_run(run));
        // A journal that cannot be read must not stay for it: people asked for their data to go.
        if let Err(why) = folded {
            tracing::warn!(error = %why, "what a killed run owes");
        }
    }

    /// Forgets in the ledger of its audience what a destination held people with: what it does not hold any more must not
    /// keep others from taking a tag away, nor be believed when it comes back.
    pub(super) fn let_go(&self, destination: &Destination) {
        let audience = &destination.audience;
        if !self.home.ledger(audience).exists() {
            return;
        }
        let id = destination.id();
        let gone = Ledger::open(&self.home, audience)
            .and_then(|mut ledger| ledger.forget_destination(id.as_str()));
        // A damaged ledger holds nobody, and is begun anew by the next run.
        if let Err(why) = gone {
            tracing::warn!(error = %why, "what the destination held");
        }
    }

    /// Lists the files of the audiences that it, or another one, exported to before, as far as nobody uses them.
    fn former_ledgers(
        &self,
        audience: &AudienceId,
        unused: impl Fn(&AudienceId) -> bool,
        how: Removal,
    ) -> Result<Vec<PathBuf>, Error> {
        let mut files = Vec::new();
        for former in self.home.audiences()? {
            if former != *audience && unused(&former) && self.owed(&former)? == 0 {
                files.extend(self.home.ledger_files(&former));
                files.extend(how.purge.then(|| self.home.own_tags(&former)));
            }
        }
        Ok(files)
    }

    /// Counts the people whom a run made anew by mistake and who still have to be archived again. A ledger of a newer
    /// version may hold some: it cannot go.
    fn owed(&self, audience: &AudienceId) -> Result<usize, Error> {
        if !self.home.ledger(audience).exists() {
            return Ok(0);
        }
        match Ledger::open(&self.home, audience).and_then(|ledger| ledger.owed()) {
            Ok(owed) => Ok(owed.len()),
            Err(why @ StoreError::Newer { .. }) => Err(why.into()),
            Err(why) => {
                tracing::warn!(error = %why, "people to be archived again");
                Ok(0)
            }
        }
    }

    /// Finds the runs of a destination, killed ones too. One that no longer tells whose it is counts as its own: its
    /// rejects must not stay for good.
    fn runs_of(&self, destination: &Destination) -> Result<Vec<RunFolder>, Error> {
        let (mut found, id) = (Vec::new(), destination.id());
        for run in Runs::of(&self.home).list()? {
            let its_own = match run.destination() {
                Some(of) => id.matches(of.as_str()),
                None => !run.goes_on(&self.home)?,
            };
            if its_own {
                found.push(run);
            }
        }
        Ok(found)
    }
}

/// Lists what goes of a run: its people, or all of it where nothing else would be left.
fn leaving(run: &RunFolder, purge: bool) -> Result<Vec<PathBuf>, Error> {
    if purge || !run.report().exists() {
        return Ok(vec![run.folder().to_owned()]);
    }
    Ok(run.people()?)
}

/// Takes out of a report what names people; its sums stay.
fn forget_people(run: &RunFolder) -> Result<(), Error> {
    // One that is damaged cannot be told from one that names nobody, and keeps its sums to itself.
    if let Ok(Some(mut report)) = Runs::report::<Report>(run) {
        report.merges.clear();
        report.ended.counters.repeated_examples.clear();
        run.write_report(&report)?;
    }
    Ok(())
}
