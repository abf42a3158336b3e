//! What a run would do about every contact, for a person to look at before it: a check that is asked for it writes it
//! down once, from the plan that was compared with the audience, and command and application read it in parts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::leaving::Leavers;
use super::prepare::tags;
use super::{Error, Order};
use crate::domain::{Change, ChangeKind, PersonKey, SegmentSet};
use crate::plan::differing;
use crate::store::{
    Changes, Error as StoreError, Home, Plan, PlannedProfile, RunFolder, Stage, Wanted, Which,
};

/// The changes that a check found. They are deleted with the last of those who look at them.
#[derive(Debug, Clone)]
pub struct Diff(Arc<Kept>);

/// The file is closed before its folder goes.
#[derive(Debug)]
struct Kept {
    changes: Changes,
    _scratch: Scratch,
}

/// A folder that is deleted when it is not needed any more.
#[derive(Debug)]
struct Scratch(RunFolder);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is found and deleted by the next command.
        if let Err(why) = self.0.remove() {
            tracing::warn!(error = ?why, "what a check found could not be deleted");
        }
    }
}

/// What people of the audience will lose: those who left a segment, whether the source still holds them or not.
#[derive(Debug, Default)]
pub(super) struct Losing {
    /// The tags, by person.
    pub tags: BTreeMap<PersonKey, Vec<String>>,
    /// The addresses of those whom the source does not hold any more, as far as the audience tells.
    pub addresses: HashMap<PersonKey, String>,
}

impl Losing {
    /// What these lose, of whom some addresses were found.
    pub fn of(leavers: &Leavers, addresses: HashMap<PersonKey, String>) -> Self {
        Self {
            tags: leavers.by_person(),
            addresses,
        }
    }
}

impl Diff {
    /// Counts the changes of one sort.
    #[must_use]
    pub fn count(&self, which: Which) -> u64 {
        self.0.changes.count(which)
    }

    /// Finds the changes that somebody looks for, by their numbers. Reads the whole file if a text is looked for.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn find(&self, wanted: &Wanted) -> Result<Vec<u32>, Error> {
        Ok(self.0.changes.find(wanted)?)
    }

    /// Reads the changes of these numbers, in their order.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn read(&self, numbers: &[u32]) -> Result<Vec<Change>, Error> {
        // The file is read forwards; each is put where it was asked for.
        let mut places: Vec<usize> = (0..numbers.len()).collect();
        places.sort_by_key(|place| numbers[*place]);
        let ascending: Vec<u32> = places.iter().map(|place| numbers[*place]).collect();
        let mut places = places.into_iter();
        let mut read = vec![None; numbers.len()];
        self.0.changes.read(&ascending, |change| {
            if let Some(place) = places.next() {
                read[place] = Some(change);
            }
            Ok(())
        })?;
        Ok(read.into_iter().flatten().collect())
    }

    /// Calls back for every change of one sort, in the order of the source.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn each(&self, which: Which, mut each: impl FnMut(&Change)) -> Result<(), Error> {
        let told = self.0.changes.each(which, |change| {
            each(&change);
            Ok(())
        });
        Ok(told?)
    }

    /// Keeps changes as they are told, in a folder that goes with them.
    pub(crate) fn told(
        home: &Home,
        tell: impl FnOnce(&mut Changes) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let scratch = Scratch(RunFolder::scratch(home)?);
        let mut changes = Changes::create(&scratch.0.folder().join("changes"))?;
        tell(&mut changes)?;
        changes.flush()?;
        Ok(Self(Arc::new(Kept {
            changes,
            _scratch: scratch,
        })))
    }
}

/// Deletes a check's plan, and keeps what it says of every contact where that was asked for.
pub(super) async fn keep(
    order: &Order,
    plan: Plan,
    folder: RunFolder,
    losing: Losing,
    delivered: HashMap<PersonKey, u64>,
) -> Result<Option<Diff>, Error> {
    let scratch = Scratch(folder);
    if !order.options.diff {
        drop(plan);
        scratch.0.remove()?;
        return Ok(None);
    }
    let order = order.clone();
    let written = spawn_blocking(move || {
        let mut changes = Changes::create(&scratch.0.folder().join("changes"))?;
        let tags = tags(&order.destination);
        let delivered = |person| Ok(delivered.get(&person).copied());
        write(plan, &mut changes, &tags, losing, delivered)?;
        scratch.0.drop_plan()?;
        Ok(Some(Diff(Arc::new(Kept {
            changes,
            _scratch: scratch,
        }))))
    });
    written
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
}

/// Writes down what the plan says of every contact. `delivered` gives the hash of the values that a person was delivered
/// with last.
fn write(
    mut plan: Plan,
    changes: &mut Changes,
    tags: &[String],
    losing: Losing,
    delivered: impl Fn(PersonKey) -> Result<Option<u64>, StoreError>,
) -> Result<(), StoreError> {
    let Losing {
        tags: mut removals,
        mut addresses,
    } = losing;
    plan.each_profile(|profile| {
        let person = profile.planned.member.person;
        let removed = match profile.stage {
            // A row that cannot be used stands for nobody.
            Stage::Rejected => None,
            _ => removals.remove(&person),
        };
        let mut change = change(profile, tags, removed.unwrap_or_default());
        if let (ChangeKind::Updated, Some(values)) = (change.change.what, change.sends) {
            change.change.changed_in_mailchimp = delivered(person)? == Some(values);
        }
        changes.add(&change.change)
    })?;
    for (person, tags) in removals {
        let address = addresses.remove(&person);
        changes.add(&left(address.unwrap_or_else(|| person.hex()), tags))?;
    }
    changes.flush()
}

/// A change, and the hash of the values that would be sent to a contact that holds others.
struct Told {
    change: Change,
    sends: Option<u64>,
}

fn change(profile: PlannedProfile, tags: &[String], tags_removed: Vec<String>) -> Told {
    let PlannedProfile {
        stage,
        reason,
        detail,
        planned,
    } = profile;
    let member = &planned.member;
    let (what, reason) = match stage {
        Stage::Create => (ChangeKind::Created, None),
        Stage::Reinstate => (ChangeKind::Reinstated, None),
        Stage::Update => (ChangeKind::Updated, None),
        Stage::Suppressed => (ChangeKind::Suppressed, reason),
        Stage::Rejected => (ChangeKind::Rejected, reason),
        // Whoever only leaves a segment is updated, as far as anybody sees who looks at contacts.
        Stage::Open | Stage::Unchanged | Stage::Merged if !tags_removed.is_empty() => {
            (ChangeKind::Updated, None)
        }
        Stage::Open | Stage::Unchanged | Stage::Merged => (ChangeKind::Unchanged, None),
    };
    let sent = matches!(stage, Stage::Create | Stage::Reinstate | Stage::Update);
    let fields = if sent {
        differing(member, planned.image.as_ref())
    } else {
        Vec::new()
    };
    let sends = (planned.image.is_some() && !fields.is_empty()).then_some(member.values);
    let change = Change {
        address: member.address.clone(),
        profile: member.profile.clone(),
        place: format!("{}:{}", member.origin.file, member.origin.line),
        what,
        reason,
        detail,
        fields,
        tags_added: if sent {
            names(&planned.add, tags)
        } else {
            Vec::new()
        },
        tags_removed,
        changed_in_mailchimp: false,
    };
    Told { change, sends }
}

/// Tells of somebody who is in no segment of the source any more.
fn left(address: String, tags_removed: Vec<String>) -> Change {
    Change {
        address,
        profile: None,
        place: String::new(),
        what: ChangeKind::Untagged,
        reason: None,
        detail: String::new(),
        fields: Vec::new(),
        tags_added: Vec::new(),
        tags_removed,
        changed_in_mailchimp: false,
    }
}

fn names(segments: &SegmentSet, tags: &[String]) -> Vec<String> {
    let named = segments.iter().filter_map(|at| tags.get(at));
    named.cloned().collect()
}

#[cfg(test)]
mod tests;
