use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What the source calls a segment; stable when its label changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SegmentId(String);

impl SegmentId {
    /// Takes the source's own identifier as it is.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Shows the identifier as the source wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The set of profiles chosen in the source, by name. A person may write its name alone, as in `segments = ["Gold"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Segment {
    /// What the source calls it.
    pub id: SegmentId,
    /// What people call it, and the name of its tag unless another was chosen.
    pub label: String,
    /// Members at the time of looking, where the source can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Its state at the time of looking; a saved segment has none.
    #[serde(skip)]
    pub state: SegmentState,
    /// When the source last found out who belongs to it, where it can tell; a saved segment has none.
    #[serde(skip)]
    pub evaluated_at: Option<Timestamp>,
}

/// A segment as files hold it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a segment is its name, or a table with `id` and `label`"
)]
enum Written {
    Name(String),
    Whole {
        id: SegmentId,
        label: String,
        count: Option<u64>,
    },
}

impl From<Written> for Segment {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => Self::new(name.clone(), name),
            Written::Whole { id, label, count } => Self {
                count,
                ..Self::new(id.0, label)
            },
        }
    }
}

/// Whether what a segment holds can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SegmentState {
    /// It can, as far as the source tells.
    #[default]
    Ready,
    /// It was never switched on.
    Draft,
    /// It was switched off: the source keeps no members up to date.
    Inactive,
    /// Its last evaluation failed, so that its members are those of an earlier one.
    Stale,
    /// The source is finding its members out just now.
    Running,
}

impl SegmentState {
    /// Tells whether the source vouches for who is in the segment.
    #[must_use]
    pub fn is_reliable(self) -> bool {
        matches!(self, Self::Ready | Self::Running)
    }

    /// Shows the state as JSON spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Draft => "draft",
            Self::Inactive => "inactive",
            Self::Stale => "stale",
            Self::Running => "running",
        }
    }
}

impl Segment {
    /// Names a segment of which nothing else is known.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: SegmentId::new(id),
            label: label.into(),
            count: None,
            state: SegmentState::Ready,
            evaluated_at: None,
        }
    }
}

/// Which of a run's segments a profile belongs to: a bit set over the run's list of segments. A set of the first 128 needs no
/// memory of its own: a run makes a dozen for each member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct SegmentSet(SmallVec<[u8; 16]>);

impl SegmentSet {
    /// Makes the set with one segment, by its place in the run's list.
    #[must_use]
    pub fn only(index: usize) -> Self {
        let mut set = Self::default();
        set.insert(index);
        set
    }

    /// Adds a segment by its place in the run's list.
    pub fn insert(&mut self, index: usize) {
        if self.0.len() <= index / 8 {
            self.0.resize(index / 8 + 1, 0);
        }
        self.0[index / 8] |= 1 << (index % 8);
    }

    /// Adds all segments of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    /// Tells whether a segment is in the set.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        let byte = self.0.get(index / 8);
        byte.is_some_and(|byte| byte & (1 << (index % 8)) != 0)
    }

    /// Tells whether no segment is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// Lists the places of the set's segments in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, byte)| {
            (0..8)
                .filter(move |bit| byte & (1 << bit) != 0)
                .map(move |bit| at * 8 + bit)
        })
    }

    /// Gives the set's bytes, little end first, as the plan keeps them on disk.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads the set back from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(SmallVec::from_slice(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::SegmentSet;

    #[test]
    fn a_set_holds_what_was_put_in_and_survives_the_disk() {
        let mut set = SegmentSet::only(3);
        set.extend(&SegmentSet::only(17));
        let back = SegmentSet::from_bytes(set.as_bytes());
        assert_eq!(back.iter().collect::<Vec<_>>(), [3, 17]);
        assert!(SegmentSet::default().is_empty());
    }
}
