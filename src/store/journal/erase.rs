//! Takes a person out of a run's journal and images: their members of calls and what became of them, as though they had
//! never been in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::frame::{Form, Frames, IMAGES, JOURNAL, frame_encoded};
use super::{JournalReader, Record, Sent, Settled};
use crate::domain::PersonKey;
use crate::store::encode::encode;
use crate::store::erase::{Leaver, drop_lines};
use crate::store::files::replace_by;
use crate::store::{Error, RunFolder};

/// What stands for something damaged, so that it is still told as such: no record begins so.
const HOLE: [u8; 8] = [0; 8];

/// Rewrites what a run wrote down of calls without the person, and learns from it which profiles are theirs. The run must
/// not go on.
pub(in crate::store) fn erase_from_records(
    run: &RunFolder,
    leaver: &mut Leaver,
) -> Result<(), Error> {
    for journal in [run.journal(), run.damaged_journal()] {
        match JournalReader::open(&journal) {
            // Lines, as they were written before version 1.
            Ok(None) => drop_lines(&journal, leaver)?,
            Ok(Some(_)) => erase_from_journal(&journal, leaver)?,
            Err(why) => return Err(why),
        }
    }
    // Of an image only whose it is has to be read.
    rewrite::<(PersonKey, Option<PersonKey>)>(&run.images(), IMAGES, |encoded, (key, id)| {
        Ok(Some(encoded).filter(|_| !of(leaver, key, id)))
    })
}

fn erase_from_journal(path: &Path, leaver: &mut Leaver) -> Result<(), Error> {
    let mut gone: BTreeMap<u32, BTreeSet<u16>> = BTreeMap::new();
    rewrite::<Record>(path, JOURNAL, |encoded, record| {
        let mut stays = record.clone();
        if !erase_from_record(&mut stays, leaver, &mut gone) {
            return Ok(None);
        }
        if stays == record {
            return Ok(Some(encoded));
        }
        let mut anew = Vec::new();
        encode(&stays, &mut anew).map_err(|why| Error::Encode(why.to_string()))?;
        Ok(Some(anew))
    })
}

/// Tells whether anything is left of a record. `gone` are the places that were the person's in their calls.
fn erase_from_record(
    record: &mut Record,
    leaver: &mut Leaver,
    gone: &mut BTreeMap<u32, BTreeSet<u16>>,
) -> bool {
    match record {
        Record::Intent(intent) => {
            let places = (0..).zip(&intent.members);
            let theirs = places.filter(|(_, sent)| is_of(leaver, sent));
            let theirs: BTreeSet<u16> = theirs.map(|(at, _)| at).collect();
            if !theirs.is_empty() {
                intent.members.retain(|sent| !learn(leaver, sent));
                gone.insert(intent.no, theirs);
            }
            true
        }
        Record::Result { intent, settled } => {
            if let Some(gone) = gone.get(intent) {
                *settled = without(gone, std::mem::take(settled));
            }
            !settled.is_empty()
        }
        Record::Found(found) => {
            found.retain(|(sent, _)| !learn(leaver, sent));
            !found.is_empty()
        }
        Record::Paid(key) | Record::Said { key, .. } => !leaver.is(*key),
        Record::Began(_)
        | Record::Clock(_)
        | Record::Planned(_)
        | Record::Consent(_)
        | Record::Over(_) => true,
    }
}

/// The fates of those who stay, by the places that these have now.
fn without(gone: &BTreeSet<u16>, settled: Vec<Settled>) -> Vec<Settled> {
    let staying = settled.into_iter().filter(|one| !gone.contains(&one.at));
    let moved = staying.map(|one| Settled {
        at: one.at - u16::try_from(gone.range(..one.at).count()).unwrap_or(one.at),
        ..one
    });
    moved.collect()
}

fn of(leaver: &Leaver, key: PersonKey, id: Option<PersonKey>) -> bool {
    leaver.is(key) || id.is_some_and(|id| leaver.is(id))
}

fn is_of(leaver: &Leaver, sent: &Sent) -> bool {
    of(leaver, sent.key, sent.id)
}

/// Tells whether a member is the person, and then takes note of what they are known by.
fn learn(leaver: &mut Leaver, sent: &Sent) -> bool {
    let is_theirs = is_of(leaver, sent);
    if is_theirs {
        leaver.meet(sent.key, sent.id);
        leaver.know(sent.profile);
    }
    is_theirs
}

/// Writes a file anew with what is left of its records; one of which all is left stays as it is.
fn rewrite<T: DeserializeOwned>(
    path: &Path,
    form: Form,
    mut change: impl FnMut(Vec<u8>, T) -> Result<Option<Vec<u8>>, Error>,
) -> Result<(), Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(Error::read(path, why)),
    };
    let mut frames = Frames::new(file, path, form)?;
    replace_by(path, |out| {
        let failed = |why| Error::write(path, why);
        out.write_all(&form.header()).map_err(failed)?;
        let (mut changed, mut holes, mut written) = (false, 0, Vec::new());
        // What follows the part that is read here belongs to the record too.
        let read = |bytes: &[u8]| Some((bytes.to_vec(), postcard::take_from_bytes(bytes).ok()?.0));
        while let Some((encoded, record)) = frames.find(read)? {
            written.clear();
            if frames.damage().places > holes {
                // Whose it was cannot be told.
                holes = frames.damage().places;
                changed = true;
                written.extend(HOLE);
            }
            let length = encoded.len();
            let left = change(encoded, record)?;
            changed |= left.as_ref().is_none_or(|left| left.len() != length);
            if let Some(left) = left {
                frame_encoded(&left, &mut written)?;
            }
            out.write_all(&written).map_err(failed)?;
        }
        Ok(changed)
    })
}

#[cfg(test)]
mod tests;
