//! What a table lists, written to a file that a person names.

use std::path::{PathBuf, absolute};

use super::changes::PART;
use crate::domain::{Reason, Reject};
use crate::export::{Diff, Error};
use crate::store::{
    CHANGE_COLUMNS, REJECT_COLUMNS, RejectReader, Wanted, change_rows, reject_cells, write_listing,
};
use crate::words::Words;

/// A file that is to be written.
#[derive(Debug, Clone)]
pub(super) struct Writing {
    /// What stands in it.
    pub listing: Listing,
    /// Where it shall be, as it was typed.
    pub path: String,
    /// Whether a file that is there may be written over.
    pub over: bool,
}

/// What a table lists.
#[derive(Debug, Clone)]
pub(super) enum Listing {
    /// What a check found of each contact.
    Changes(Diff, Wanted),
    /// The rejects in this file, of the run of this name.
    Rejects(PathBuf, String, RejectsWanted),
}

/// Which rejects are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RejectsWanted {
    /// The reason.
    pub reason: Option<Reason>,
    /// A text in lower case that must stand in it; empty for any.
    pub text: String,
}

impl RejectsWanted {
    /// Tells whether a reject is one of them.
    pub fn fits(&self, reject: &Reject) -> bool {
        let place = reject.place();
        let parts = [&*reject.detail, &*place].into_iter();
        let names = [reject.email.as_deref(), reject.profile.as_deref()];
        let mut parts = parts.chain(names.into_iter().flatten());
        self.reason.is_none_or(|reason| reject.reason == reason)
            && (self.text.is_empty() || parts.any(|part| part.to_lowercase().contains(&self.text)))
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Where it is.
    pub path: String,
    /// How many rows it has.
    pub rows: u64,
}

/// Writes what a table lists to a file.
pub(super) fn write(writing: &Writing, words: &Words) -> Result<Option<Written>, Error> {
    let path = absolute(&writing.path).map_err(|why| Error::Broken(why.to_string()))?;
    let rows = match &writing.listing {
        Listing::Changes(diff, wanted) => {
            let found = diff.find(wanted)?;
            write_listing(&path, writing.over, &CHANGE_COLUMNS, |put| {
                for some in found.chunks(PART) {
                    let changes = diff.read(some)?;
                    let mut rows = changes.iter().flat_map(change_rows);
                    rows.try_for_each(|row| put(&row))?;
                }
                Ok::<(), Error>(())
            })?
        }
        Listing::Rejects(from, run, wanted) => {
            write_listing(&path, writing.over, &REJECT_COLUMNS, |put| {
                for reject in RejectReader::open(from)?.into_iter().flatten() {
                    let reject = reject?;
                    if wanted.fits(&reject) {
                        put(&reject_cells(run, &reject, &words.advice(reject.reason)))?;
                    }
                }
                Ok::<(), Error>(())
            })?
        }
    };
    let path = path.display().to_string();
    Ok(rows.map(|rows| Written { path, rows }))
}
