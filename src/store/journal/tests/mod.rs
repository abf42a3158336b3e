//! Journals as they are written, cut, damaged and read.

mod writing;

use std::path::Path;

use super::frame::{HEADER, JOURNAL, frame};
use super::{
    Began, CallKind, Damage, Folded, Intent, JournalReader, MemberFate, Record, Sent, Settled,
    fold_journal,
};
use crate::domain::{Fate, NewStatus, PersonKey, SegmentSet, StartedBy, Status};
use crate::store::Error;

fn began() -> Began {
    Began {
        run: "r1".to_owned(),
        destination: "Våren".to_owned(),
        audience: "abc".to_owned(),
        at: 1_800_000_000_000,
        started_by: StartedBy::Command,
        status_if_new: NewStatus::Subscribed,
        segments: vec![("Gold".to_owned(), "gold".to_owned())],
        undoes: None,
        partial: false,
    }
}

fn sent(who: u32) -> Sent {
    Sent {
        key: PersonKey::of(&format!("p{who}@x.example")),
        id: None,
        values: !u64::from(who),
        profile: u64::MAX - u64::from(who),
        segments: SegmentSet::only(0),
        add: SegmentSet::default(),
        before: Some(Status::Subscribed),
    }
}

fn settled(at: u16, fate: Fate) -> Settled {
    Settled {
        at,
        fate,
        after: 7 << 60,
        contact: Some([7; 16]),
    }
}

fn created(at: u16) -> Settled {
    let status = Status::Subscribed;
    settled(at, Fate::Created { status })
}

fn intent(no: u32, members: std::ops::Range<u32>) -> Record {
    Record::Intent(Intent {
        no,
        call: CallKind::Create,
        tag: None,
        attempt: 0,
        members: members.map(sent).collect(),
    })
}

fn result(intent: u32, settled: Vec<Settled>) -> Record {
    Record::Result { intent, settled }
}

/// A journal of these records, and where in it each one ends.
fn journal(records: &[Record]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = JOURNAL.header().to_vec();
    let end = |record: &Record| {
        frame(record, &mut bytes).expect("encoded");
        bytes.len()
    };
    let ends = records.iter().map(end).collect();
    (bytes, ends)
}

fn read(bytes: &[u8]) -> (Vec<Record>, Damage) {
    let mut reader = JournalReader::new(bytes, Path::new("journal"))
        .expect("ours")
        .expect("no lines");
    let mut records = Vec::new();
    while let Some(record) = reader.read().expect("memory") {
        records.push(record);
    }
    (records, reader.damage())
}

fn fold(bytes: &[u8], each: impl FnMut(MemberFate<'_>)) -> Folded {
    let reader = JournalReader::new(bytes, Path::new("journal")).expect("ours");
    fold_journal(reader.expect("no lines"), each).expect("folded")
}

fn some_records() -> Vec<Record> {
    vec![
        Record::Began(began()),
        Record::Clock(1_800_000_000),
        intent(0, 0..3),
        intent(1, 3..5),
        result(0, vec![created(0), created(2)]),
        Record::Found(vec![(sent(9), settled(0, Fate::Left))]),
        Record::Over(1_800_000_009),
    ]
}

#[test]
fn a_cut_journal_holds_what_was_whole_before_the_cut() {
    let records = some_records();
    let (bytes, ends) = journal(&records);
    for cut in 0..=bytes.len() {
        let whole = ends.iter().take_while(|end| **end <= cut).count();
        let (read, damage) = read(&bytes[..cut]);
        assert_eq!(read, records[..whole], "cut after {cut} bytes");
        assert_eq!(damage, Damage::default(), "cut after {cut} bytes");
    }
}

#[test]
fn a_flipped_byte_costs_its_record_and_is_told_where_more_follows() {
    let records = some_records();
    let (bytes, ends) = journal(&records);
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let (read, damage) = read(&damaged);
            let hit = (at >= HEADER).then(|| ends.iter().take_while(|end| **end <= at).count());
            let mut left = records.clone();
            let mut lost = HEADER;
            if let Some(hit) = hit {
                left.remove(hit);
                lost = ends[hit] - hit.checked_sub(1).map_or(HEADER, |before| ends[before]);
            }
            assert_eq!(read, left, "flipped {at}");
            let expected = if hit == Some(records.len() - 1) {
                Damage::default()
            } else {
                Damage {
                    places: 1,
                    bytes: lost as u64,
                }
            };
            assert_eq!(damage, expected, "flipped {at}");
        }
    }
}

#[test]
fn a_stretch_of_zeros_holds_no_records() {
    let (mut bytes, _) = journal(&[Record::Clock(1)]);
    bytes.extend([0; 4096]);
    assert_eq!(read(&bytes), (vec![Record::Clock(1)], Damage::default()));
    frame(&Record::Clock(2), &mut bytes).expect("encoded");
    let lost = Damage {
        places: 1,
        bytes: 4096,
    };
    assert_eq!(
        read(&bytes),
        (vec![Record::Clock(1), Record::Clock(2)], lost)
    );
}

#[test]
fn a_journal_longer_than_what_is_read_at_a_time_is_read_whole() {
    let records: Vec<Record> = (0..60).map(|no| intent(no, 0..500)).collect();
    let (mut bytes, ends) = journal(&records);
    assert!(bytes.len() > 3 * 256 * 1024);
    assert_eq!(read(&bytes).0, records);
    bytes[ends[20]] ^= 1;
    let (left, damage) = read(&bytes);
    assert_eq!((left.len(), damage.places), (59, 1));
}

#[test]
fn a_newer_journal_is_refused() {
    let (mut bytes, _) = journal(&some_records());
    bytes[8] = 2;
    let sum = crc32fast::hash(&bytes[..12]);
    bytes[12..HEADER].copy_from_slice(&sum.to_le_bytes());
    let refused = JournalReader::new(bytes.as_slice(), Path::new("journal"));
    assert!(matches!(refused, Err(Error::Newer { version: 2, .. })));
}

#[test]
fn a_fold_keeps_what_is_in_doubt_and_what_is_owed() {
    let untag = Record::Intent(Intent {
        no: 7,
        call: CallKind::Untag,
        tag: Some("gold".to_owned()),
        attempt: 0,
        members: vec![sent(5)],
    });
    let recreated = |at| settled(at, Fate::Recreated { told: false });
    let (bytes, _) = journal(&[
        Record::Began(began()),
        Record::Planned(b"{}".to_vec()),
        intent(0, 0..3),
        intent(1, 3..5),
        untag,
        result(0, vec![created(1)]),
        result(1, vec![recreated(0), recreated(1)]),
        result(7, vec![settled(0, Fate::Untagged)]),
        Record::Found(vec![(sent(9), recreated(0))]),
        Record::Paid(sent(3).key),
        // A part of the journal is lost, and somebody is settled twice.
        result(5, vec![created(0)]),
        result(0, vec![created(1)]),
    ]);
    let mut told = Vec::new();
    let folded = fold(&bytes, |fate| {
        assert_eq!(fate.began, Some(&began()));
        told.push((fate.sent.key, fate.call, fate.tag.map(str::to_owned)));
    });
    let create = Some(CallKind::Create);
    let expected = [
        (sent(1).key, create, None),
        (sent(3).key, create, None),
        (sent(4).key, create, None),
        (sent(5).key, Some(CallKind::Untag), Some("gold".to_owned())),
        (sent(9).key, None, None),
    ];
    assert_eq!(told, expected);
    let doubt = &folded.in_doubt[0];
    assert_eq!(folded.in_doubt.len(), 1);
    assert_eq!((doubt.no, doubt.call), (0, CallKind::Create));
    assert_eq!(doubt.members, [(0, sent(0)), (2, sent(2))]);
    let mut owed: Vec<PersonKey> = folded.owed.iter().map(|owed| owed.key).collect();
    owed.sort();
    let mut both = [sent(4).key, sent(9).key];
    both.sort();
    assert_eq!(owed, both);
    assert_eq!((folded.over, folded.strays), (None, 2));
    assert_eq!(folded.planned.as_deref(), Some(b"{}".as_slice()));
    assert_eq!(folded.next_intent, 8);
}
