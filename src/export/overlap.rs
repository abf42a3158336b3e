//! How many different people there are in segments that share some of them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::sync::mpsc::channel;

use super::{Counters, Error};
use crate::domain::{SegmentId, SegmentSet};
use crate::source::{ReadRequest, Row, Source};

/// Who shares which of a source's segments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overlap {
    segments: Vec<SegmentId>,
    /// How many people are in just these segments.
    sets: Vec<(SegmentSet, u64)>,
}

/// What some segments hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Together {
    /// Different people.
    pub people: u64,
    /// How often they are in one of the segments.
    pub memberships: u64,
}

impl Together {
    /// What the segments of a run hold, where some of their people are in several.
    #[must_use]
    pub fn shared(counters: &Counters) -> Option<Self> {
        let sums = counters.segments.values();
        let together = Self {
            people: counters.profiles,
            memberships: sums.map(|sum| sum.profiles).sum(),
        };
        (together.memberships > together.people).then_some(together)
    }
}

impl Overlap {
    /// Counts the people of some of the segments; `None` where one of them was not counted.
    #[must_use]
    pub fn of<'a>(&self, chosen: impl IntoIterator<Item = &'a SegmentId>) -> Option<Together> {
        let place = |id: &SegmentId| self.segments.iter().position(|one| one == id);
        let chosen: Vec<usize> = chosen.into_iter().map(place).collect::<Option<_>>()?;
        let mut together = Together::default();
        for (set, people) in &self.sets {
            let times = chosen.iter().filter(|at| set.contains(**at)).count() as u64;
            together.people += if times > 0 { *people } else { 0 };
            together.memberships += times * people;
        }
        Some(together)
    }
}

/// Everybody met so far: a few bytes a person, since there may be a million.
#[derive(Default)]
struct People {
    /// By the hash of the profile's id, the place of the segments that it is in.
    known: HashMap<u64, u32>,
    sets: Vec<SegmentSet>,
    places: HashMap<SegmentSet, u32>,
    /// Those of rows without an id: nothing tells whether they are met again.
    nameless: HashMap<u32, u64>,
}

impl People {
    fn place(&mut self, set: SegmentSet) -> u32 {
        if let Some(at) = self.places.get(&set) {
            return *at;
        }
        let at = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(set.clone());
        self.places.insert(set, at);
        at
    }

    fn meet(&mut self, row: &Row) {
        if row.segments.is_empty() {
            return;
        }
        let Some(id) = &row.profile else {
            let at = self.place(row.segments.clone());
            *self.nameless.entry(at).or_default() += 1;
            return;
        };
        let mut hash = DefaultHasher::new();
        id.hash(&mut hash);
        let hash = hash.finish();
        let before = self.known.get(&hash).copied();
        let mut set = row.segments.clone();
        if let Some(before) = before.and_then(|at| self.sets.get(at as usize)) {
            set.extend(before);
        }
        let at = self.place(set);
        self.known.insert(hash, at);
    }

    fn sets(self) -> Vec<(SegmentSet, u64)> {
        let mut counts = vec![0; self.sets.len()];
        let all = self.known.into_values().map(|at| (at, 1));
        for (at, people) in all.chain(self.nameless) {
            if let Some(count) = counts.get_mut(at as usize) {
                *count += people;
            }
        }
        let counted = self.sets.into_iter().zip(counts);
        counted.filter(|(_, people)| *people > 0).collect()
    }
}

/// Reads through a source for who is in which of its segments.
///
/// # Errors
/// As reading the source.
pub async fn overlap(source: &Source, segments: Vec<SegmentId>) -> Result<Overlap, Error> {
    let request = ReadRequest {
        segments: segments.clone(),
        trust_counts: true,
        ..ReadRequest::default()
    };
    let (rows, mut read) = channel::<Vec<Row>>(2);
    let source = source.clone();
    let reading = tokio::spawn(async move { source.read(request, rows).await });
    let mut people = People::default();
    while let Some(batch) = read.recv().await {
        for row in &batch {
            people.meet(row);
        }
    }
    reading.await.map_err(crate::source::Error::Task)??;
    Ok(Overlap {
        segments,
        sets: people.sets(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Overlap, Together, overlap};
    use crate::domain::{FolderOptions, SegmentId, SourceSpec};
    use crate::source::Source;

    async fn read(files: &[(&str, &str)]) -> (Overlap, Vec<SegmentId>) {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            std::fs::write(path, text).expect("written");
        }
        let spec = SourceSpec::Folder(folder.path().to_owned());
        let source = Source::open(&spec, &FolderOptions::default(), None).await;
        let source = source.expect("open");
        let segments = source.segments().await.expect("segments").into_iter();
        let segments: Vec<SegmentId> = segments.map(|one| one.id).collect();
        let found = overlap(&source, segments.clone()).await.expect("read");
        (found, segments)
    }

    #[tokio::test]
    async fn a_person_of_several_files_is_one_person_and_a_member_of_each() {
        let (found, segments) = read(&[
            ("gold.csv", "id,EMail\n1,a@x.se\n2,b@x.se\n"),
            ("silver.csv", "id,EMail\n2,b@x.se\n3,c@x.se\n2,b@x.se\n"),
        ])
        .await;
        let all = found.of(&segments);
        assert_eq!(
            all,
            Some(Together {
                people: 3,
                memberships: 4
            })
        );
        let one = found.of([&segments[0]]);
        assert_eq!(
            one,
            Some(Together {
                people: 2,
                memberships: 2
            })
        );
        assert_eq!(found.of([&SegmentId::new("gone")]), None);
    }

    #[tokio::test]
    async fn a_person_of_several_lists_of_ids_is_one_person() {
        let (found, segments) = read(&[
            ("profiles.csv", "id,EMail\n1,a@x.se\n2,b@x.se\n3,c@x.se\n"),
            ("segments/gold.csv", "id\n1\n2\n"),
            ("segments/silver.csv", "id\n2\n"),
        ])
        .await;
        assert_eq!(
            found.of(&segments),
            Some(Together {
                people: 2,
                memberships: 3
            })
        );
    }
}
