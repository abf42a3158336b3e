//! What a check found of every contact: written once into a file beside the plan, and read in parts, so that a person can
//! scroll in a million of them.

use std::path::Path;

use super::Error;
use super::plan::Spool;
use crate::domain::{Change, ChangeKind, FieldChange, Reason};

/// How many changes are read in one go.
const SOME: usize = 4096;
/// Bits of an index's number beside the place: four for the kind, one for values changed in Mailchimp, the rest for the
/// reason, counted from 1.
const MARKS: u32 = 16;
const KIND: u64 = 0b1111;
const ELSEWHERE: u64 = 1 << 4;
const REASON: u32 = 5;

/// The columns of the changes as CSV; a row for each value that changes.
pub const CHANGE_COLUMNS: [&str; 10] = [
    "address",
    "profile",
    "what",
    "reason",
    "field",
    "old",
    "new",
    "tags_added",
    "tags_removed",
    "place",
];

/// So many changes are sorted by contact although nobody asked for that: all of them have to be read for it.
const NAMED: usize = 100_000;

/// All changes of a check, in the order of its plan. They hold people's data: the file goes with its folder.
#[derive(Debug)]
pub struct Changes {
    spool: Spool,
    /// Place and kind of each, eight bytes.
    index: Vec<u64>,
    buffer: Vec<u8>,
}

/// Which changes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// All but those who stay as they are.
    #[default]
    Changes,
    /// One kind.
    Kind(ChangeKind),
    /// Those of a kind that have this reason.
    Reason(ChangeKind, Reason),
    /// Contacts whose values somebody changed in Mailchimp.
    Elsewhere,
    /// Everybody.
    Everything,
}

/// By what changes are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortedBy {
    /// Where the source holds them: the order of the plan.
    #[default]
    Place,
    /// What would be done, what matters most first; then whom, unless that takes too long.
    Kind,
    /// Whom.
    Contact,
    /// Why nothing would be written.
    Reason,
}

/// What a person looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The kind.
    pub which: Which,
    /// A text that must stand in it, in whatever case; empty for any.
    pub text: String,
    /// In which order.
    pub by: SortedBy,
    /// Whether from the end.
    pub reversed: bool,
}

impl Changes {
    /// Starts an empty file, readable by its owner only.
    ///
    /// # Errors
    /// Fails when it cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            spool: Spool::create(path)?,
            index: Vec::new(),
            buffer: Vec::new(),
        })
    }

    /// Adds a change. It can be read after [`Changes::flush`].
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, change: &Change) -> Result<(), Error> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.buffer =
            postcard::to_extend(change, buffer).map_err(|why| Error::Encode(why.to_string()))?;
        let place = self.spool.append(&[&self.buffer])?;
        let elsewhere = u64::from(change.changed_in_mailchimp) * ELSEWHERE;
        let reason = change.reason.map_or(0, mark_of) << REASON;
        self.index
            .push(place << MARKS | reason | elsewhere | change.what as u64);
        Ok(())
    }

    /// Writes what is gathered.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.spool.flush()
    }

    /// Counts the changes of one sort.
    #[must_use]
    pub fn count(&self, which: Which) -> u64 {
        self.index.iter().filter(|one| fits(**one, which)).count() as u64
    }

    /// Finds the changes that somebody looks for, by their numbers, in the order that is wanted.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn find(&self, wanted: &Wanted) -> Result<Vec<u32>, Error> {
        let mut found = self.narrowed(wanted)?;
        let index = |at: &u32| self.index.get(*at as usize).copied().unwrap_or_default();
        match wanted.by {
            SortedBy::Place => {}
            SortedBy::Kind => {
                if found.len() <= NAMED {
                    found = self.by_contact(&found)?;
                }
                found.sort_by_key(|at| rank(index(at)));
            }
            SortedBy::Reason => found.sort_by_key(|at| {
                let marks = index(at) & ((1 << MARKS) - 1);
                // Whoever has a reason comes first.
                (marks >> REASON == 0, marks >> REASON)
            }),
            SortedBy::Contact => found = self.by_contact(&found)?,
        }
        if wanted.reversed {
            found.reverse();
        }
        Ok(found)
    }

    fn narrowed(&self, wanted: &Wanted) -> Result<Vec<u32>, Error> {
        let text = wanted.text.trim().to_lowercase();
        let all = (0_u32..).zip(&self.index);
        let all = all.filter(|(_, one)| fits(**one, wanted.which));
        let all: Vec<u32> = all.map(|(at, _)| at).collect();
        if text.is_empty() {
            return Ok(all);
        }
        let mut found = Vec::new();
        for some in all.chunks(SOME) {
            let mut numbers = some.iter().copied();
            self.read(some, |change| {
                found.extend(numbers.next().filter(|_| change.mentions(&text)));
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn by_contact(&self, all: &[u32]) -> Result<Vec<u32>, Error> {
        let mut named: Vec<(Box<str>, u32)> = Vec::with_capacity(all.len());
        for some in all.chunks(SOME) {
            let mut numbers = some.iter().copied();
            self.read(some, |change| {
                let who = change.who().to_lowercase().into_boxed_str();
                named.extend(numbers.next().map(|at| (who, at)));
                Ok(())
            })?;
        }
        named.sort_unstable();
        Ok(named.into_iter().map(|(_, at)| at).collect())
    }

    /// Calls back for the changes of these numbers, which ascend.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn read(
        &self,
        numbers: &[u32],
        mut each: impl FnMut(Change) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let places = numbers.iter().filter_map(|at| self.index.get(*at as usize));
        let places: Vec<u64> = places.map(|one| one >> MARKS).collect();
        self.spool.each(&places, |_, bytes| {
            let change = postcard::from_bytes(bytes);
            each(change.map_err(|why| self.spool.damaged(&why))?)
        })
    }

    /// Calls back for every change of one sort, in order.
    ///
    /// # Errors
    /// Fails when the disk or the caller does.
    pub fn each(
        &self,
        which: Which,
        mut each: impl FnMut(Change) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let all = self.find(&Wanted {
            which,
            ..Wanted::default()
        })?;
        for some in all.chunks(SOME) {
            self.read(some, &mut each)?;
        }
        Ok(())
    }
}

fn fits(one: u64, which: Which) -> bool {
    let is = |kind: ChangeKind| one & KIND == kind as u64;
    match which {
        Which::Everything => true,
        Which::Changes => !is(ChangeKind::Unchanged),
        Which::Kind(kind) => is(kind),
        Which::Reason(kind, reason) => {
            is(kind) && (one & ((1 << MARKS) - 1)) >> REASON == mark_of(reason)
        }
        Which::Elsewhere => one & ELSEWHERE != 0,
    }
}

/// The rank of the kind that a change of the index has.
fn rank(one: u64) -> u8 {
    let mut kinds = ChangeKind::ALL.into_iter();
    let kind = kinds.find(|kind| *kind as u64 == one & KIND);
    kind.map_or(u8::MAX, ChangeKind::rank)
}

fn mark_of(reason: Reason) -> u64 {
    reason as u64 + 1
}

/// Writes a change as rows of cells, one for each value that changes.
#[must_use]
pub fn change_rows(change: &Change) -> Vec<[String; 10]> {
    let row = |field: Option<&FieldChange>| {
        let told = |of: fn(&FieldChange) -> &String| field.map(of).cloned().unwrap_or_default();
        let profile = change.profile.clone().unwrap_or_default();
        let reason = change.reason.map(|reason| reason.as_str().to_owned());
        [
            change.address.clone(),
            profile,
            change.what.as_str().to_owned(),
            reason.unwrap_or_default(),
            told(|one| &one.field),
            told(|one| &one.old),
            told(|one| &one.new),
            change.tags_added.join(", "),
            change.tags_removed.join(", "),
            change.place.clone(),
        ]
    };
    if change.fields.is_empty() {
        return vec![row(None)];
    }
    change.fields.iter().map(|field| row(Some(field))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Changes, SortedBy, Wanted, Which};
    use crate::domain::{Change, ChangeKind, FieldChange, Reason};

    fn change(at: usize, what: ChangeKind) -> Change {
        Change {
            address: format!("p{at}@x.example"),
            profile: None,
            place: format!("people.csv:{at}"),
            what,
            reason: (what == ChangeKind::Rejected).then_some(Reason::InvalidEmail),
            detail: String::new(),
            fields: vec![FieldChange {
                field: "FNAME".to_owned(),
                old: String::new(),
                new: format!("Åsa {at}"),
            }],
            tags_added: vec!["Gold".to_owned()],
            tags_removed: Vec::new(),
            changed_in_mailchimp: at == 3,
        }
    }

    #[test]
    fn changes_are_found_by_kind_and_text_and_read_back_as_they_were() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("changes");
        let mut changes = Changes::create(&path).expect("file");
        let all: Vec<Change> = (0..70)
            .map(|at| change(at, ChangeKind::ALL[at % 7]))
            .collect();
        for one in &all {
            changes.add(one).expect("added");
        }
        changes.flush().expect("written");
        let find = |which, text: &str| {
            let text = text.to_owned();
            let wanted = Wanted {
                which,
                text,
                ..Wanted::default()
            };
            changes.find(&wanted).expect("found")
        };
        let sorted = |by, reversed| {
            let wanted = Wanted {
                which: Which::Everything,
                by,
                reversed,
                ..Wanted::default()
            };
            changes.find(&wanted).expect("found")
        };
        let rejected = Which::Reason(ChangeKind::Rejected, Reason::InvalidEmail);
        assert_eq!(changes.count(rejected), 10);
        let other = Which::Reason(ChangeKind::Rejected, Reason::NoEmail);
        assert_eq!(changes.count(other), 0);
        assert_eq!(sorted(SortedBy::Place, true)[..2], [69, 68]);
        // What is lost comes first, by address, then what changes.
        assert_eq!(sorted(SortedBy::Kind, false)[..3], [10, 17, 24]);
        assert_eq!(sorted(SortedBy::Kind, false)[10], 16);
        assert_eq!(sorted(SortedBy::Reason, false)[..2], [5, 12]);
        assert_eq!(sorted(SortedBy::Contact, false)[..4], [0, 10, 11, 12]);
        assert_eq!(sorted(SortedBy::Contact, true)[..2], [9, 8]);
        assert_eq!(find(Which::Everything, "").len(), 70);
        assert_eq!(changes.count(Which::Changes), 60);
        assert_eq!(find(Which::Kind(ChangeKind::Rejected), "").len(), 10);
        assert_eq!(find(Which::Everything, " åsa 12"), [12]);
        assert_eq!(find(Which::Everything, "P33@X."), [33]);
        assert_eq!(find(Which::Elsewhere, ""), [3]);
        assert_eq!(find(Which::Changes, "nobody"), [0_u32; 0]);
        let mut read = Vec::new();
        let kept = changes.read(&[0, 5, 69], |change| {
            read.push(change);
            Ok(())
        });
        kept.expect("read");
        assert_eq!(read, [all[0].clone(), all[5].clone(), all[69].clone()]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "rule 5");
        }
    }
}
