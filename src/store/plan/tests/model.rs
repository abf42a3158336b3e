//! The plan against a model of rule 2 that reads as the rule does and takes its time.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::{newcomer, row};
use crate::domain::{Consent, Reason, SegmentSet, Unfit};
use crate::store::plan::{Plan, PlannedRow, Settled, Stage};

/// A row of the source.
#[derive(Debug, Clone)]
struct Given {
    line: u64,
    file: usize,
    segment: usize,
    id: Option<usize>,
    address: Option<usize>,
    usable: bool,
    consent: Consent,
}

impl Given {
    fn planned(&self) -> PlannedRow {
        let address = self
            .address
            .map_or(String::new(), |n| format!("p{n}@x.example"));
        let id = self.id.map_or(String::new(), |id| format!("id{id}"));
        let mut row = row(&id, &format!("f{}", self.file), self.segment, &address);
        row.origin.line = self.line;
        row.consent = self.consent;
        if !self.is_usable() {
            row.content = Err(Unfit {
                email: self.address.map(|_| address),
                reason: Reason::RowTooLong,
                detail: String::new(),
            });
        }
        row
    }

    fn is_usable(&self) -> bool {
        self.usable && self.address.is_some()
    }
}

/// A profile of the model.
#[derive(Debug, Clone)]
struct Profile {
    given: Given,
    segments: BTreeSet<usize>,
    merged: bool,
}

/// What a plan came to: what settling found, and by line each profile's stage and segments.
#[derive(Debug, PartialEq)]
struct Outcome {
    settled: Settled,
    created: BTreeMap<u64, BTreeSet<usize>>,
    refused: u64,
    merges: BTreeMap<String, String>,
}

fn name(given: &Given) -> String {
    match given.id {
        Some(id) => format!("id{id}"),
        None => format!("f{}:{}", given.file, given.line),
    }
}

fn by_segment(profiles: &[Profile]) -> Vec<u64> {
    let mut counts = Vec::new();
    for at in profiles.iter().flat_map(|one| &one.segments) {
        if counts.len() <= *at {
            counts.resize(at + 1, 0);
        }
        counts[*at] += 1;
    }
    counts
}

/// Settles ids: the first row of each wins.
fn settle_ids(rows: &[Given], settled: &mut Settled) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let mut repeated: Vec<(String, u64, String)> = Vec::new();
    for row in rows {
        let known = profiles
            .iter_mut()
            .find(|one| row.id.is_some() && one.given.id == row.id);
        let Some(known) = known else {
            profiles.push(Profile {
                given: row.clone(),
                segments: BTreeSet::from([row.segment]),
                merged: false,
            });
            continue;
        };
        let says = |one: &Given| (one.is_usable(), one.address, one.consent);
        let differs = u64::from(says(&known.given) != says(row));
        known.given.consent = known.given.consent.max(row.consent);
        let in_file = |other: &&Given| other.id == row.id && other.file == row.file;
        let first = rows
            .iter()
            .find(in_file)
            .is_some_and(|other| other.line == row.line);
        if first {
            known.segments.insert(row.segment);
            settled.differing += differs;
        } else {
            settled.contradicting += differs;
            let shown = format!("{} (f{}:{})", name(row), row.file, row.line);
            repeated.push((name(row), row.line, shown));
        }
    }
    repeated.sort();
    settled.repeated = repeated.len() as u64;
    settled.examples = repeated.into_iter().map(|(.., row)| row).take(2).collect();
    let ids: BTreeSet<_> = rows.iter().filter_map(|row| row.id).collect();
    let addresses = |id: &usize| -> BTreeSet<_> {
        let theirs = rows
            .iter()
            .filter(|row| row.id == Some(*id) && row.is_usable());
        theirs.map(|row| row.address).collect()
    };
    settled.apart = ids.iter().filter(|id| addresses(id).len() > 1).count() as u64;
    profiles
}

/// Merges addresses: the smallest id wins, and else the first row.
fn merge(profiles: &mut [Profile], noes: &BTreeSet<usize>) -> BTreeMap<u64, u64> {
    let mut winners = BTreeMap::new();
    for address in 0..9 {
        let mut theirs: Vec<&mut Profile> = profiles
            .iter_mut()
            .filter(|one| one.given.is_usable() && one.given.address == Some(address))
            .collect();
        theirs.sort_by_key(|one| (one.given.id.is_none(), name(&one.given), one.given.line));
        if theirs.first().is_some_and(|one| one.given.id.is_none()) {
            theirs.sort_by_key(|one| one.given.line);
        }
        let all = theirs.iter().flat_map(|one| one.segments.clone()).collect();
        let strictest = theirs.iter().map(|one| one.given.consent).max();
        if let [winner, losers @ ..] = &mut theirs[..] {
            winner.segments = all;
            winner.given.consent = strictest.expect("some");
            if noes.contains(&address) {
                winner.given.consent = Consent::No;
            }
            for loser in losers {
                loser.merged = true;
                winners.insert(loser.given.line, winner.given.line);
            }
        }
    }
    winners
}

/// Keeps the first profiles, each person whole.
fn cut(profiles: &[Profile], limit: usize, winners: &BTreeMap<u64, u64>) -> Vec<Profile> {
    let (first, rest) = profiles.split_at(limit.min(profiles.len()));
    let mut kept = first.to_vec();
    for behind in rest {
        let line = behind.given.line;
        let merged_into = |one: &Profile| winners.get(&one.given.line) == Some(&line);
        if let Some(swapped) = kept.iter().position(merged_into) {
            kept.remove(swapped);
            kept.push(behind.clone());
        }
    }
    kept
}

fn modelled(rows: &[Given], limit: Option<u64>) -> Outcome {
    let mut settled = Settled::default();
    let mut profiles = settle_ids(rows, &mut settled);
    // A row says no for its address, and for that of its profile, whether it can be used or not.
    let said = rows.iter().chain(profiles.iter().map(|one| &one.given));
    let noes = said.filter(|row| row.consent == Consent::No);
    let noes = noes.filter_map(|row| row.address).collect();
    settled.segments = by_segment(&profiles);
    let winners = merge(&mut profiles, &noes);
    if let Some(limit) = limit {
        let limit = usize::try_from(limit).expect("few");
        if limit < profiles.len() {
            profiles = cut(&profiles, limit, &winners);
        }
        settled.segments = by_segment(&profiles);
    }
    settled.profiles = profiles.len() as u64;
    let find = |line: u64| profiles.iter().find(|one| one.given.line == line);
    let merges = profiles
        .iter()
        .filter(|one| one.merged)
        .map(|one| {
            let winner = find(winners[&one.given.line]).expect("whoever stands for it");
            (name(&one.given), name(&winner.given))
        })
        .collect();
    let open = |one: &&Profile| one.given.is_usable() && !one.merged;
    let (yes, no): (Vec<_>, Vec<_>) = profiles
        .iter()
        .filter(open)
        .partition(|one| one.given.consent == Consent::Yes);
    Outcome {
        settled,
        created: yes
            .iter()
            .map(|one| (one.given.line, one.segments.clone()))
            .collect(),
        refused: no.len() as u64,
        merges,
    }
}

/// What a plan makes of the rows, taken in so many at a time.
fn planned(rows: &[Given], limit: Option<u64>, at_a_time: usize) -> Outcome {
    let folder = tempfile::tempdir().expect("folder");
    let mut plan = Plan::create(&folder.path().join("plan")).expect("create");
    for some in rows.chunks(at_a_time) {
        let some: Vec<_> = some.iter().map(Given::planned).collect();
        plan.add(&some).expect("add");
    }
    let settled = plan.settle(limit).expect("settle");
    plan.meet_nobody(&[], newcomer);
    let counts = plan.counts();
    assert_eq!(
        counts.profiles,
        counts.create + counts.merged + counts.rejected + counts.suppressed
    );
    let merges = plan.merges(usize::MAX).expect("merges");
    let created = plan.batch(Stage::Create, 0, usize::MAX).expect("batch");
    assert!(created.is_sorted_by_key(|one| one.member.origin.line));
    let segments = |set: &SegmentSet| set.iter().collect();
    Outcome {
        settled,
        created: created
            .iter()
            .map(|one| (one.member.origin.line, segments(&one.member.segments)))
            .collect(),
        refused: counts.suppressed,
        merges: merges.into_iter().collect(),
    }
}

fn rows() -> impl Strategy<Value = Vec<Given>> {
    let consent = prop_oneof![
        8 => Just(Consent::Yes),
        1 => Just(Consent::Silent),
        1 => Just(Consent::No),
    ];
    let id = prop::option::weighted(0.8, 0..8_usize);
    let address = prop::option::weighted(0.9, 0..9_usize);
    let row = (
        0..3_usize,
        0..4_usize,
        id,
        address,
        prop::bool::weighted(0.85),
        consent,
    );
    vec(row, 0..40).prop_map(|mut rows| {
        // Files are read one after the other.
        rows.sort_by_key(|row| row.0);
        let given = |(line, row): (u64, (_, _, _, _, _, _))| {
            let (file, segment, id, address, usable, consent) = row;
            Given {
                line,
                file,
                segment,
                id,
                address,
                usable,
                consent,
            }
        };
        (1..).zip(rows).map(given).collect()
    })
}

proptest! {
    #[test]
    fn rule_2_whatever_the_rows_the_plan_is_what_the_rule_says(
        rows in rows(),
        limit in prop::option::of(0..20_u64),
        at_a_time in 1..9_usize,
    ) {
        prop_assert_eq!(planned(&rows, limit, at_a_time), modelled(&rows, limit));
    }
}
