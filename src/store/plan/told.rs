//! What is told of values, whatever becomes of their profiles: those left out, and answers about consent that nobody
//! understands.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::entry::Entry;
use super::{Plan, Stage};
use crate::domain::{Reason, Reject, RejectKind};
use crate::store::Error;

/// How many values of the consent attribute are told.
const MOST: usize = 20;
/// How many different values are counted: a column of times, taken for one of consent, has a million.
const COUNTED: usize = 10_000;

impl Plan {
    /// Counts the values of the consent attribute that were not understood, the most frequent ones, each profile once.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn unclear_consent(&self) -> Result<BTreeMap<String, u64>, Error> {
        let places = self.places(Entry::is_unclear);
        let mut counts: HashMap<String, u64> = HashMap::new();
        self.spool.each(&places, |_, bytes| {
            let Some(value) = self.read(bytes)?.text.unclear else {
                return Ok(());
            };
            if let Some(count) = counts.get_mut(value) {
                *count += 1;
            } else if counts.len() < COUNTED {
                counts.insert(value.to_owned(), 1);
            }
            Ok(())
        })?;
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable_by(|(a, many), (b, more)| (Reverse(many), a).cmp(&(Reverse(more), b)));
        Ok(counts.into_iter().take(MOST).collect())
    }

    /// Counts the values that are left out of what is delivered, by field.
    ///
    /// # Errors
    /// As [`Plan::each_left_out`].
    pub fn left_out(&self) -> Result<BTreeMap<String, u64>, Error> {
        let mut counts = BTreeMap::new();
        self.each_left_out(|field, _| {
            *counts.entry(field.to_owned()).or_default() += 1;
            Ok(())
        })?;
        Ok(counts)
    }

    /// Calls back for every value that is left out of what is delivered, in the order of reading, with its field.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each_left_out(
        &self,
        mut each: impl FnMut(&str, Reject) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // Of people who are not written nothing is left out.
        let written = [
            Stage::Create,
            Stage::Reinstate,
            Stage::Update,
            Stage::Unchanged,
        ];
        let places = self.places(|entry| entry.leaves_out() && written.contains(&entry.stage()));
        self.spool.each(&places, |_, bytes| {
            let read = self.read(bytes)?;
            for value in read.text.left_out.iter() {
                let detail = value.detail.clone();
                let kind = RejectKind::Value;
                let reject = self.reject(&read, Reason::InvalidValue, detail, kind);
                each(&value.field, reject)?;
            }
            Ok(())
        })
    }
}
