//! Takes one person out of all files of a home: ledgers, journals, images, rejects, lists of who was left, reports, drafts,
//! logs, what is remembered of schedules. Each file is rewritten whole or not at all, with new checksums, and one in which the person is not stays as it
//! is: so it can be done again whenever it was cut short.

mod text;

pub(super) use text::drop_lines;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::files::is_temporary;
use super::journal::erase_from_records;
use super::leaving::clear;
use super::lock::ConfigLock;
use super::runs::entries;
use super::{Drafts, Error, Home, Ledger, RunFolder, Runs};
use crate::domain::{AudienceId, Email, PersonKey, ProfileHash, ProfileId};

/// Somebody who is to be erased, and all that they are known by.
#[derive(Debug, Clone)]
pub struct Leaver {
    /// The address as it was given, and as it may be written besides, in lower case.
    spellings: Vec<String>,
    /// Keys of the address, and Mailchimp's ids of the contact.
    keys: HashSet<PersonKey>,
    /// Hashes of the ids of their profiles.
    profiles: HashSet<u64>,
}

impl Leaver {
    /// Begins with the address.
    #[must_use]
    pub fn of(email: &Email) -> Self {
        let mut spellings = Email::spellings(email.address());
        if !spellings.iter().any(|one| one == email.key()) {
            spellings.push(email.key().to_owned());
        }
        let keys = spellings.iter().map(|one| PersonKey::of(one)).collect();
        Self {
            spellings,
            keys,
            profiles: HashSet::new(),
        }
    }

    /// Learns from the ledger of an audience under which ids Mailchimp knows the person: an address may have been changed
    /// there.
    ///
    /// # Errors
    /// Fails when the ledger cannot be read.
    pub fn learn(&mut self, home: &Home, audience: &AudienceId) -> Result<(), Error> {
        if !home.ledger(audience).exists() {
            return Ok(());
        }
        let ledger = Ledger::open_or_begin_anew(home, audience)?;
        // What its rows would have told is lost with them.
        let damaged = |why| match why {
            Error::Damaged { .. } => Ledger::begin_anew(home, audience).map(|_| ()),
            why => Err(why),
        };
        let (mut ids, mut profiles) = (Vec::new(), Vec::new());
        ledger
            .each(|key, known| {
                if self.is(key) || known.id.is_some_and(|id| self.is(id)) {
                    ids.extend([Some(key), known.id].into_iter().flatten());
                    profiles.extend(known.held.iter().map(|held| held.profile));
                }
            })
            .map(|_| ())
            .or_else(damaged)?;
        for id in ids {
            self.meet(id, None);
        }
        for profile in profiles {
            self.know(profile);
        }
        Ok(())
    }

    /// Lists the ids under which Mailchimp may know the person.
    pub fn ids(&self) -> impl Iterator<Item = PersonKey> + '_ {
        self.keys.iter().copied()
    }

    /// Tells whether a key or an id is theirs.
    pub(super) fn is(&self, key: PersonKey) -> bool {
        self.keys.contains(&key)
    }

    /// Takes note of an id beside a key of theirs.
    pub(super) fn meet(&mut self, key: PersonKey, id: Option<PersonKey>) {
        self.keys.extend([Some(key), id].into_iter().flatten());
    }

    /// Takes note of the hash of a profile's id; 0 stands for none.
    pub(super) fn know(&mut self, profile: u64) {
        if profile != 0 {
            self.profiles.insert(profile);
        }
    }

    fn has_profile(&self, id: &str) -> bool {
        let hash = ProfileId::parse(id).map(|id| ProfileHash::of(&id).short());
        hash.is_some_and(|hash| self.profiles.contains(&hash))
    }

    /// Takes the person out of everything that a home keeps. No run may go on meanwhile. Blocks.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written, or is of a newer version: then it has to be done again.
    pub fn erase(mut self, home: &Home) -> Result<(), Error> {
        for audience in home.audiences()? {
            self.learn(home, &audience)?;
        }
        let runs = Runs::of(home).list()?;
        for run in &runs {
            erase_from_records(run, &mut self)?;
            text::learn_profiles(&run.rejects(), &mut self)?;
        }
        for audience in home.audiences()? {
            Ledger::open_or_begin_anew(home, &audience)?.erase(&self)?;
        }
        for run in &runs {
            self.erase_from_texts(run)?;
        }
        for log in entries(&home.logs())? {
            text::drop_lines(&log, &self)?;
        }
        let drafts = Drafts::of(home).files();
        drafts
            .iter()
            .try_for_each(|draft| text::blank(draft, &self))?;
        // Why a schedule has stopped may be said in words of Mailchimp.
        let _ours = ConfigLock::take(&home.agendas_lock())?;
        text::blank(&home.agendas(), &self)
    }

    fn erase_from_texts(&self, run: &RunFolder) -> Result<(), Error> {
        text::drop_rows(&run.rejects(), self)?;
        text::drop_rows(&run.left(), self)?;
        text::blank_json(&run.report(), self)?;
        let unfinished: Vec<PathBuf> = entries(run.folder())?;
        let mut unfinished = unfinished.iter().filter(|path| is_temporary(path));
        unfinished.try_for_each(|path| clear(path))
    }
}

/// Reads a text that may be of any letters; `None` where there is none.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Error::read(path, why)),
    }
}
