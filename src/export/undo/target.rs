//! Which run is taken back, and what stands in the way.

use jiff::Timestamp;

use super::NoUndo;
use crate::domain::Destination;
use crate::export::{Error, Outcome, Report};
use crate::store::{
    Began, Destinations, Folded, Home, JournalReader, MemberFate, RunFolder, RunId, Runs,
    fold_journal,
};

/// A run that can be taken back.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub run: RunFolder,
    pub began: Began,
    /// The undo of it that ended early.
    pub undo: Option<RunFolder>,
}

/// The runs whose journals tell what they are, the newest first.
struct All(Vec<(RunFolder, Began)>);

impl Target {
    /// Finds a destination's run by its name, or the latest one that wrote to the audience.
    ///
    /// # Errors
    /// [`Error::NoUndo`] when it cannot be taken back.
    pub fn find(
        home: &Home,
        destination: &Destination,
        wanted: Option<&str>,
    ) -> Result<Self, Error> {
        let all = All::of(home)?;
        let refused = |why| Err(Error::NoUndo(why));
        let (id, name) = (destination.id(), &destination.name);
        let its_own = |began: &Began| id.matches(&began.destination);
        let Some(wanted) = wanted else {
            let mut written = all.written();
            let latest = written.find(|(_, began)| its_own(began));
            let nothing = || {
                let destination = name.clone();
                refused(NoUndo::NothingWritten { destination })
            };
            return latest.map_or_else(nothing, |one| all.check(home, one, destination));
        };
        let run = RunId::parse(wanted);
        let named = |one: &RunFolder| Some(&one.id) == run.as_ref();
        let mut known = all.0.iter();
        if let Some(one) = known.find(|(run, began)| named(run) && its_own(began)) {
            return all.check(home, one, destination);
        }
        let mut listed = Runs::of(home).list()?.into_iter();
        let own = listed.find(named).filter(|run| run.is_of(&id));
        let run = wanted.to_owned();
        if let Some(own) = own {
            let report = Runs::report::<Report>(&own).ok().flatten();
            let wrote = report.is_none_or(|report| report.ended.counters.writes > 0);
            return refused(if wrote {
                NoUndo::NoJournal { run }
            } else {
                NoUndo::WroteNothing { run: own.id }
            });
        }
        let destination = name.clone();
        refused(NoUndo::UnknownRun { destination, run })
    }

    /// Finds a destination's run by its name, whether it can be taken back or not.
    pub fn look(home: &Home, destination: &Destination, wanted: &str) -> Result<Self, Error> {
        let all = All::of(home)?.0.into_iter();
        let id = destination.id();
        let mut named =
            all.filter(|(run, began)| run.id.as_str() == wanted && id.matches(&began.destination));
        let lost = || NoUndo::NoJournal {
            run: wanted.to_owned(),
        };
        let (run, began) = named.next().ok_or_else(|| Error::NoUndo(lost()))?;
        Ok(Self {
            run,
            began,
            undo: None,
        })
    }

    /// Folds the run's journal, telling of each member.
    pub fn fold(&self, each: impl FnMut(MemberFate<'_>)) -> Result<Folded, Error> {
        fold(&self.run, each)
    }

    /// When the run began, by the service's clock as far as it was asked.
    pub fn since(&self) -> Result<Timestamp, Error> {
        let clock = self.fold(|_| {})?.clock;
        let clock = clock.and_then(|at| Timestamp::from_second(at).ok());
        let ours = Timestamp::from_millisecond(self.began.at);
        Ok(clock.or(ours.ok()).unwrap_or_default())
    }
}

/// Folds a run's journal.
pub(super) fn fold(run: &RunFolder, each: impl FnMut(MemberFate<'_>)) -> Result<Folded, Error> {
    let lost = || NoUndo::NoJournal {
        run: run.id.to_string(),
    };
    let journal = JournalReader::open(&run.journal())?;
    let journal = journal.ok_or_else(|| Error::NoUndo(lost()))?;
    Ok(fold_journal(journal, each)?)
}

impl All {
    fn of(home: &Home) -> Result<Self, Error> {
        let runs = Runs::of(home).list()?.into_iter();
        let told = runs.filter_map(|run| {
            let began = run.began()?;
            Some((run, began))
        });
        Ok(Self(told.collect()))
    }

    /// The exports that wrote to an audience.
    fn written(&self) -> impl Iterator<Item = &(RunFolder, Began)> {
        let mut all = self.0.iter().filter(|(_, began)| began.undoes.is_none());
        std::iter::from_fn(move || all.find(|(run, _)| run.wrote()))
    }

    /// The undos of a run.
    fn undos(&self, run: &RunId) -> impl Iterator<Item = &RunFolder> {
        let of = move |began: &Began| began.undoes.as_deref() == Some(run.as_str());
        let undos = self.0.iter().filter(move |(_, began)| of(began));
        undos.map(|(undo, _)| undo)
    }

    /// The undo that took a run back, where one came to its end.
    fn undone(&self, run: &RunId) -> Option<&RunFolder> {
        self.undos(run).find(|undo| {
            let report = Runs::report::<Report>(undo).ok().flatten();
            report.is_some_and(|report| report.ended.outcome == Outcome::Done)
        })
    }

    /// Checks that nothing stands in the way of taking a run back.
    fn check(
        &self,
        home: &Home,
        (run, began): &(RunFolder, Began),
        destination: &Destination,
    ) -> Result<Target, Error> {
        let refused = |why| Err(Error::NoUndo(why));
        let id = run.id.clone();
        if let Some(undoes) = &began.undoes {
            let undoes = undoes.clone();
            return refused(NoUndo::IsUndo { run: id, undoes });
        }
        if !run.wrote() {
            return refused(NoUndo::WroteNothing { run: id });
        }
        let same = |other: &Began| other.audience == began.audience;
        let open = |one: &&(RunFolder, Began)| same(&one.1) && self.undone(&one.0.id).is_none();
        if let Some(by) = self.undone(&id) {
            let mut before = self.written().filter(open);
            let own = destination.id();
            let its_own = |other: &Began| own.matches(&other.destination);
            let before = before.find(|(run, other)| run.id < id && its_own(other));
            return refused(NoUndo::Undone {
                destination: destination.name.clone(),
                by: by.id.clone(),
                before: before.map(|(run, _)| run.id.clone()),
                run: id,
            });
        }
        let mut later = self.written().take_while(|(run, _)| run.id > id);
        if let Some((later, began)) = later.find(open) {
            return refused(NoUndo::Later {
                run: id,
                later: later.id.clone(),
                destination: Destinations::of(home).names().of(&began.destination),
            });
        }
        Ok(Target {
            undo: self.undos(&id).next().cloned(),
            run: run.clone(),
            began: began.clone(),
        })
    }
}
