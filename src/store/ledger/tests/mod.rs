//! What a ledger keeps, and what it does when it is old, newer or damaged.

mod damage;
mod folding;
mod migration;

use jiff::Timestamp;

use super::{AudienceNotes, Cursor, Known, Ledger, Refusal, Scan, SourceNotes, TagSet};
use crate::domain::{AudienceId, PersonKey, Reason, Status};
use crate::store::Home;

/// A home with nothing in it.
struct Place {
    _folder: tempfile::TempDir,
    home: Home,
    audience: AudienceId,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let audience = AudienceId::parse("abc").expect("id");
        std::fs::create_dir_all(home.ledger(&audience).parent().expect("folder")).expect("made");
        Self {
            _folder: folder,
            home,
            audience,
        }
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(&self.home, &self.audience).expect("ledger")
    }
}

fn key(who: u32) -> PersonKey {
    PersonKey::of(&format!("p{who}@x.example"))
}

fn known(who: u32) -> Known {
    let mut known = Known {
        status: Some(Status::Subscribed),
        seen: 1_800_000_000 + i64::from(who),
        contact: who.is_multiple_of(3).then_some([7; 16]),
        ..Known::default()
    };
    let held = known.hold(0);
    held.values = !u64::from(who);
    held.tags = TagSet::from_iter([u16::try_from(who % 5).expect("small")]);
    known
}

fn people(count: u32) -> Vec<(PersonKey, Known)> {
    let mut people: Vec<_> = (0..count).map(|who| (key(who), known(who))).collect();
    people.sort_by_key(|(key, _)| *key);
    people
}

fn all(ledger: &Ledger) -> (Vec<(PersonKey, Known)>, Scan) {
    let mut all = Vec::new();
    let scan = ledger.each(|key, known| all.push((key, known)));
    (all, scan.expect("whole"))
}

#[test]
fn people_are_kept_in_the_order_of_their_keys() {
    let place = Place::new();
    let mut ledger = place.ledger();
    assert!(ledger.is_new());
    let mut people = people(300);
    ledger.write(people.clone()).expect("written");
    // In any order, some new, some anew, one twice.
    let news = [
        (key(5), known(6)),
        (key(301), known(301)),
        (key(5), known(7)),
    ];
    ledger.write(news).expect("written");
    ledger.delete([key(9), key(999)]).expect("forgotten");
    people.retain(|(who, _)| ![key(5), key(9)].contains(who));
    people.extend([(key(5), known(7)), (key(301), known(301))]);
    people.sort_by_key(|(key, _)| *key);
    drop(ledger);
    let ledger = place.ledger();
    assert!(!ledger.is_new());
    let (found, scan) = all(&ledger);
    assert_eq!(found, people);
    let rows = people.len() as u64;
    assert_eq!(scan, Scan { rows, damaged: 0 });
    assert_eq!(ledger.get(key(301)).expect("read"), Some(known(301)));
    assert_eq!(ledger.get(key(9)).expect("read"), None);
}

#[test]
fn news_are_merged_with_what_is_known() {
    let place = Place::new();
    let mut ledger = place.ledger();
    ledger.write(people(10)).expect("written");
    let later = |known: Option<Known>, seen| known.map(|known| Known { seen, ..known });
    ledger
        .merge([(key(3), 5), (key(77), 5)], later)
        .expect("merged");
    assert_eq!(
        ledger.get(key(3)).expect("read"),
        Some(Known {
            seen: 5,
            ..known(3)
        })
    );
    assert_eq!(all(&ledger).1.rows, 10, "nobody came of nothing");
}

#[test]
fn what_fails_half_way_was_never_written() {
    let place = Place::new();
    let mut ledger = place.ledger();
    ledger.write(people(10)).expect("written");
    let broken = ledger.within(|db| {
        super::people::merge(db, [(key(50), ())], |_, ()| Some(known(50)))?;
        Err::<(), _>(super::seal::broken("the test"))
    });
    assert!(broken.is_err());
    assert_eq!(all(&ledger).0, people(10));
}

#[test]
fn names_keep_their_numbers() {
    let place = Place::new();
    let mut ledger = place.ledger();
    assert_eq!(ledger.tag("Gold").expect("tag"), 0);
    assert_eq!(ledger.tag("Silver").expect("tag"), 1);
    assert_eq!(ledger.destination("Spring").expect("destination"), 0);
    let mut ledger = place.ledger();
    assert_eq!(ledger.tag(" GOLD ").expect("tag"), 0);
    assert_eq!(ledger.destination("SPRING").expect("destination"), 0);
    assert_eq!(ledger.tags().expect("tags"), ["gold", "silver"]);
}

#[test]
fn a_destination_that_is_no_more_holds_nobody() {
    let place = Place::new();
    let mut ledger = place.ledger();
    assert_eq!(ledger.destination("Spring").expect("number"), 0);
    assert_eq!(ledger.destination("Autumn").expect("number"), 1);
    let mut both = known(2);
    both.hold(1).values = 5;
    ledger
        .write([(key(1), known(1)), (key(2), both.clone())])
        .expect("written");
    let source = SourceNotes::default();
    ledger.note_source(0, &source).expect("noted");
    ledger.note_source(1, &source).expect("noted");
    ledger.forget_destination("SPRING").expect("forgotten");
    both.let_go(0);
    assert_eq!(ledger.get(key(2)).expect("read"), Some(both));
    assert!(
        all(&ledger)
            .0
            .iter()
            .all(|(_, known)| known.held_by(0).is_none())
    );
    assert_eq!(ledger.source_notes(0).expect("notes"), None);
    let names = ledger.destinations().expect("names");
    assert!(!names.iter().any(|name| name == "spring"), "{names:?}");
    assert_eq!(ledger.source_notes(1).expect("notes"), Some(source));
}

#[test]
fn refusals_are_remembered_and_forgotten() {
    let place = Place::new();
    let now = Timestamp::from_second(1_800_000_000).expect("time");
    let refused = [(key(1), Reason::Compliance), (key(2), Reason::Unclear)];
    place.ledger().remember(&refused, now).expect("remembered");
    let mut ledger = place.ledger();
    let mut listed: Vec<_> = ledger.refusals().expect("list");
    listed.sort_by_key(|refusal| refusal.reason);
    let told = listed.iter().map(|one| (one.key, one.reason, one.since));
    let expected = refused.map(|(key, reason)| (key, reason, now));
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert!(ledger.forget(key(1)).expect("forget"));
    assert!(!ledger.forget(key(1)).expect("forget"));
    ledger.write(people(3)).expect("written");
    ledger.owe(&[key(3)], now).expect("owed");
    ledger.forget_all().expect("forget");
    assert_eq!(ledger.refusals().expect("list"), []);
    assert_eq!(all(&ledger), (Vec::new(), Scan::default()));
    assert_eq!(ledger.owed().expect("owed").len(), 1);
}

#[test]
fn rule_1_a_refusal_holds_for_good_and_a_contradiction_for_a_week() {
    let since = Timestamp::from_second(1_800_000_000).expect("time");
    let after = |hours| since + jiff::SignedDuration::from_hours(hours);
    let holds = |reason, hours| {
        let refusal = Refusal {
            key: key(1),
            reason,
            since,
            words: String::new(),
        };
        refusal.still_holds(after(hours))
    };
    for reason in [Reason::Forgotten, Reason::Compliance, Reason::Fake] {
        assert!(holds(reason, 0) && holds(reason, 24 * 3650), "{reason:?}");
    }
    assert!(holds(Reason::Unclear, -1) && holds(Reason::Unclear, 7 * 24 - 1));
    assert!(!holds(Reason::Unclear, 7 * 24));
}

#[test]
fn each_debt_is_owed_once_until_it_is_paid() {
    let place = Place::new();
    let now = Timestamp::UNIX_EPOCH;
    let mut ledger = place.ledger();
    ledger.owe(&[key(1), key(2)], now).expect("owed");
    ledger.owe(&[key(1)], now).expect("owed");
    let mut both = [key(1), key(2)];
    both.sort();
    assert_eq!(ledger.owed().expect("list"), both);
    ledger.paid(key(1)).expect("paid");
    assert_eq!(ledger.owed().expect("list"), [key(2)]);
}

#[test]
fn notes_are_kept() {
    let place = Place::new();
    let mut ledger = place.ledger();
    assert_eq!(
        ledger.audience_notes().expect("none"),
        AudienceNotes::default()
    );
    let notes = AudienceNotes {
        cursor: Some(Cursor {
            statuses_from: 1,
            changes_from: 2,
        }),
        complete_since: Some(3),
        ..AudienceNotes::default()
    };
    ledger.note_audience(&notes).expect("noted");
    assert_eq!(ledger.audience_notes().expect("notes"), notes);
    let source = SourceNotes {
        profiles: 9,
        segments: vec![("gold".to_owned(), 4)],
    };
    ledger.note_source(1, &source).expect("noted");
    assert_eq!(ledger.source_notes(1).expect("notes"), Some(source));
    assert_eq!(ledger.source_notes(0).expect("notes"), None);
}
