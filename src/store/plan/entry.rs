use crate::domain::{Consent, PersonKey, ProfileHash, Reason, Status};

/// What a plan says about a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nothing yet.
    Open,
    /// It cannot be delivered.
    Rejected,
    /// Another profile with the same address stands for it.
    Merged,
    /// It is left alone, with a reason.
    Suppressed,
    /// The audience holds it as it is.
    Unchanged,
    /// It goes into a create call.
    Create,
    /// It goes into an update call.
    Update,
    /// It is put back by a call of its own.
    Reinstate,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Open,
        Self::Rejected,
        Self::Merged,
        Self::Suppressed,
        Self::Unchanged,
        Self::Create,
        Self::Update,
        Self::Reinstate,
    ];

    /// Tells whether profiles at this stage stand for no person: the plan decides nothing about them.
    pub(super) fn is_aside(self) -> bool {
        matches!(self, Self::Rejected | Self::Merged)
    }
}

/// What memory keeps of a profile: 52 bytes, since there may be a million. All else lies in the spool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Whose address it is, also that of a row which cannot be used; nobody where there is none.
    pub key: PersonKey,
    /// The hash of its id.
    pub id: ProfileHash,
    // A number of eight bytes would have the entry padded to 56.
    values: [u8; 8],
    /// Its set in the table of segment sets.
    pub segments: u32,
    /// As long as rows are read, the file in which the id stood last; from then on, the set of segments whose tags are to be
    /// added.
    pub link: u32,
    place: u32,
    /// The upper eight bits of the place, and the marks.
    marks: u32,
}

const _: () = assert!(size_of::<Entry>() == 52);

/// Some bits of the marks.
#[derive(Clone, Copy)]
struct Bits {
    from: u32,
    width: u32,
}

impl Bits {
    const fn new(from: u32, width: u32) -> Self {
        Self { from, width }
    }

    const fn after(self, width: u32) -> Self {
        Self::new(self.from + self.width, width)
    }

    const fn mask(self) -> u32 {
        ((1 << self.width) - 1) << self.from
    }
}

const PLACE: Bits = Bits::new(0, 8);
const STAGE: Bits = PLACE.after(3);
const CONSENT: Bits = STAGE.after(2);
const REASON: Bits = CONSENT.after(6);
const STATUS: Bits = REASON.after(3);
const UNCLEAR: Bits = STATUS.after(1);
const LEFT_OUT: Bits = UNCLEAR.after(1);
const MORE_TAGS: Bits = LEFT_OUT.after(1);
const APART: Bits = MORE_TAGS.after(1);
const DROPPED: Bits = APART.after(1);

const _: () = assert!(DROPPED.from < 32 && Stage::ALL.len() <= 8);
const _: () = assert!(Reason::ALL.len() < 64 && Status::ALL.len() < 8);

impl Entry {
    /// Makes the entry of a row about which nothing is decided.
    pub fn new(key: PersonKey, id: ProfileHash, place: u64) -> Self {
        let mut entry = Self {
            key,
            id,
            values: [0; 8],
            segments: 0,
            link: 0,
            place: 0,
            marks: 0,
        };
        entry.set_place(place);
        entry
    }

    fn get(&self, bits: Bits) -> u32 {
        (self.marks & bits.mask()) >> bits.from
    }

    fn set(&mut self, bits: Bits, value: u32) {
        self.marks = (self.marks & !bits.mask()) | ((value << bits.from) & bits.mask());
    }

    /// Where the spool holds the profile.
    pub fn place(&self) -> u64 {
        u64::from(self.get(PLACE)) << 32 | u64::from(self.place)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the spool ends below 2^40, and both halves are kept"
    )]
    pub fn set_place(&mut self, place: u64) {
        self.place = place as u32;
        self.set(PLACE, (place >> 32) as u32);
    }

    /// The hash of what is sent; 0 where nothing can be.
    pub fn values(&self) -> u64 {
        match self.stage() {
            Stage::Rejected => 0,
            _ => u64::from_le_bytes(self.values),
        }
    }

    pub fn set_values(&mut self, values: u64) {
        self.values = values.to_le_bytes();
    }

    /// Notes a usable address that stands under the same id; tells whether it is the first one that differs from those
    /// before. A rejected entry, which has no values, keeps the first such address in their place.
    pub fn is_first_apart(&mut self, address: PersonKey) -> bool {
        if self.stage() == Stage::Rejected && self.values == [0; 8] {
            self.values.copy_from_slice(&address.as_bytes()[..8]);
        }
        let known = match self.stage() {
            Stage::Rejected => &self.values[..],
            _ => &self.key.as_bytes()[..8],
        };
        let apart = known != &address.as_bytes()[..8] && self.get(APART) == 0;
        self.set(APART, self.get(APART) | u32::from(apart));
        apart
    }

    pub fn stage(&self) -> Stage {
        let at = self.get(STAGE) as usize;
        Stage::ALL.get(at).copied().unwrap_or(Stage::Rejected)
    }

    pub fn set_stage(&mut self, stage: Stage) {
        self.set(STAGE, stage as u32);
    }

    pub fn consent(&self) -> Consent {
        let at = self.get(CONSENT) as usize;
        // What cannot be read is no yes.
        Consent::ALL.get(at).copied().unwrap_or(Consent::No)
    }

    pub fn set_consent(&mut self, consent: Consent) {
        self.set(CONSENT, consent as u32);
    }

    /// Why the profile is rejected or suppressed.
    pub fn reason(&self) -> Option<Reason> {
        nth(&Reason::ALL, self.get(REASON))
    }

    pub fn set_reason(&mut self, reason: Option<Reason>) {
        self.set(REASON, number(&Reason::ALL, reason));
    }

    /// The status of the contact, as far as one was met or is known.
    pub fn status(&self) -> Option<Status> {
        nth(&Status::ALL, self.get(STATUS))
    }

    pub fn set_status(&mut self, status: Option<Status>) {
        self.set(STATUS, number(&Status::ALL, status));
    }

    /// Whether the value of the consent attribute was not understood.
    pub fn is_unclear(&self) -> bool {
        self.get(UNCLEAR) == 1
    }

    pub fn set_unclear(&mut self, unclear: bool) {
        self.set(UNCLEAR, unclear.into());
    }

    /// Whether values are left out of what is sent.
    pub fn leaves_out(&self) -> bool {
        self.get(LEFT_OUT) == 1
    }

    pub fn set_leaves_out(&mut self, leaves_out: bool) {
        self.set(LEFT_OUT, leaves_out.into());
    }

    /// Whether the contact may have more tags than were told, and among them those it seems to lack.
    pub fn has_more_tags(&self) -> bool {
        self.get(MORE_TAGS) == 1
    }

    pub fn set_more_tags(&mut self, more: bool) {
        self.set(MORE_TAGS, more.into());
    }

    /// Whether it is about to be taken out of the plan.
    pub fn is_dropped(&self) -> bool {
        self.get(DROPPED) == 1
    }

    pub fn drop_it(&mut self) {
        self.set(DROPPED, 1);
    }
}

/// Finds what [`number`] wrote: 0 is none, since an entry begins as all zero.
fn nth<T: Copy>(all: &[T], number: u32) -> Option<T> {
    all.get((number as usize).checked_sub(1)?).copied()
}

fn number<T: Copy + PartialEq>(all: &[T], one: Option<T>) -> u32 {
    let place = one.and_then(|one| all.iter().position(|other| *other == one));
    place.map_or(0, |place| u32::try_from(place + 1).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Entry, Stage};
    use crate::domain::{Consent, PersonKey, ProfileHash, Reason, Status};

    #[test]
    fn an_entry_keeps_all_that_is_put_into_its_bits() {
        let mut entry = Entry::new(PersonKey::of("a"), ProfileHash::default(), (1 << 40) - 1);
        for stage in Stage::ALL {
            entry.set_stage(stage);
            for consent in Consent::ALL {
                entry.set_consent(consent);
                for reason in Reason::ALL.map(Some).into_iter().chain([None]) {
                    entry.set_reason(reason);
                    for status in Status::ALL.map(Some).into_iter().chain([None]) {
                        entry.set_status(status);
                        assert_eq!((entry.stage(), entry.consent()), (stage, consent));
                        assert_eq!((entry.reason(), entry.status()), (reason, status));
                    }
                }
            }
        }
        entry.set_more_tags(true);
        entry.set_unclear(true);
        assert!(entry.has_more_tags() && entry.is_unclear());
        assert!(!entry.leaves_out() && !entry.is_dropped());
        assert_eq!(entry.place(), (1 << 40) - 1);
    }

    #[test]
    fn an_address_apart_is_told_once_also_where_the_first_row_cannot_be_used() {
        let [a, b] = ["a", "b"].map(PersonKey::of);
        let mut usable = Entry::new(a, ProfileHash::default(), 0);
        let told = [a, b, b].map(|address| usable.is_first_apart(address));
        assert_eq!(told, [false, true, false]);
        let mut unusable = Entry::new(a, ProfileHash::default(), 0);
        unusable.set_stage(Stage::Rejected);
        let told = [b, b, a, b].map(|address| unusable.is_first_apart(address));
        assert_eq!(told, [false, false, true, false]);
        assert_eq!(unusable.values(), 0);
    }
}
