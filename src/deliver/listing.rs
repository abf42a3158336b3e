//! Reads a list of contacts to its end, whatever the service says about its length.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Error, Mailchimp, PAGE};
use crate::domain::{AudienceId, Contact, Status};

/// Pages get no smaller than this, however slowly they come.
const SMALLEST: u64 = 250;
/// How many pages more than the service's count asks for are read at most: a list must end at some time.
const MORE: u64 = 2000;
/// How many pages may come, one after the other, whose contacts were all read before.
const STALE: u32 = 3;
/// For how many contacts room is made at most before any of them came.
const EXPECTED: u64 = 2_000_000;
const WHAT: &str = "read contacts";

/// Which contacts a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// The archived ones, in place of all others.
    pub archived: bool,
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those changed since this time.
    pub since: Option<String>,
}

/// One reading of a list of contacts, from its first page to an empty one. Lanes may share it.
#[derive(Debug)]
pub struct Listing {
    audience: AudienceId,
    which: Which,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next: u64,
    size: u64,
    /// Where the list was seen to end.
    end: Option<u64>,
    pages: u64,
    stale: u32,
    /// Hashes of the addresses read: a list of millions must fit into memory.
    seen: HashSet<u64>,
    first_count: Option<u64>,
    last_count: Option<u64>,
}

impl Listing {
    /// Begins to read.
    #[must_use]
    pub fn new(audience: AudienceId, which: Which) -> Self {
        let state = State {
            next: 0,
            size: PAGE,
            end: None,
            pages: 0,
            stale: 0,
            seen: HashSet::new(),
            first_count: None,
            last_count: None,
        };
        Self {
            audience,
            which,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the next page, if it begins below `limit`; `None` when there is none. The end of a list is an empty page,
    /// not a number.
    ///
    /// # Errors
    /// As every call; [`Error::Unreadable`] when the list does not end or repeats itself.
    pub async fn next_below(
        &self,
        limit: u64,
        mailchimp: &Mailchimp,
    ) -> Result<Option<Vec<Contact>>, Error> {
        let (mut offset, mut left) = {
            let mut state = self.state();
            if state.next >= limit || state.end.is_some() {
                return Ok(None);
            }
            let (offset, size) = (state.next, state.size);
            state.next = offset.saturating_add(size);
            (offset, size)
        };
        let mut contacts = Vec::new();
        // A page may be shorter than asked, or too large to be answered in time: the rest is asked for after it.
        while left > 0 {
            let size = self.state().size.min(left);
            let shrinks = size > SMALLEST;
            let page = mailchimp
                .page(&self.audience, &self.which, offset, size, shrinks)
                .await;
            let (page, count) = match page {
                Err(Error::TooMuch { .. }) => {
                    let mut state = self.state();
                    state.size = state.size.min((size / 2).max(SMALLEST));
                    continue;
                }
                page => page?,
            };
            let read = page.len() as u64;
            self.note(offset, &page, count)?;
            contacts.extend(page);
            if read == 0 {
                break;
            }
            (offset, left) = (offset.saturating_add(read), left.saturating_sub(read));
        }
        Ok(Some(contacts).filter(|contacts| !contacts.is_empty()))
    }

    /// Reads the next page, up to the list's end.
    ///
    /// # Errors
    /// As [`Listing::next_below`].
    pub async fn next(&self, mailchimp: &Mailchimp) -> Result<Option<Vec<Contact>>, Error> {
        self.next_below(u64::MAX, mailchimp).await
    }

    fn note(&self, offset: u64, page: &[Contact], count: Option<u64>) -> Result<(), Error> {
        let mut state = self.state();
        if state.first_count.is_none() {
            state.first_count = count;
            // All at once: while it grew by halves, it would be there twice.
            let expected = count.unwrap_or(0).min(EXPECTED);
            state.seen.reserve(usize::try_from(expected).unwrap_or(0));
        }
        state.last_count = count.or(state.last_count);
        if page.is_empty() {
            state.end = Some(state.end.map_or(offset, |end| end.min(offset)));
            return Ok(());
        }
        state.pages += 1;
        let before = state.seen.len();
        state.seen.extend(page.iter().map(hash));
        state.stale = if state.seen.len() == before {
            state.stale + 1
        } else {
            0
        };
        let asked = state.first_count.unwrap_or(0).div_ceil(SMALLEST);
        let endless = state.pages > asked.min(MORE * 20).saturating_add(MORE);
        if state.stale >= STALE || endless {
            let pages = state.pages;
            return Err(Error::Unreadable {
                what: WHAT,
                why: format!("the list does not end; {pages} pages were read"),
            });
        }
        Ok(())
    }

    /// Tells how many contacts the service counted when the reading began; a hint, nothing more.
    #[must_use]
    pub fn counted_first(&self) -> Option<u64> {
        self.state().first_count
    }

    /// Tells how many contacts the service counted last.
    #[must_use]
    pub fn counted(&self) -> Option<u64> {
        self.state().last_count
    }

    /// Tells how many different contacts were read.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.state().seen.len() as u64
    }
}

fn hash(contact: &Contact) -> u64 {
    let mut hasher = DefaultHasher::new();
    contact.key.hash(&mut hasher);
    hasher.finish()
}
