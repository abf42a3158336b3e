//! Ledgers of older versions go on as ours, without an address; newer ones are left as they are.

use rusqlite::Connection;

use super::{Place, all, key, known};
use crate::domain::{PersonKey, Reason};
use crate::store::{Error, Ledger, OwnTags};

const HASH: &str = "62eeb292278cc15f5817cb78f7790b08";

fn old(place: &Place, statements: &str) {
    let db = Connection::open(place.home.ledger(&place.audience)).expect("old ledger");
    db.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE refusal (key TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
         INSERT INTO refusal VALUES ('anna@x.example', 'compliance', '2026-01-01T00:00:00Z');
         {statements}"
    ))
    .expect("written");
}

fn holds_no_address(place: &Place) {
    for file in place.home.ledger_files(&place.audience) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for name in [b"anna@".as_slice(), b"gone@"] {
            let found = bytes.windows(5).any(|window| window == name);
            assert!(!found, "rule 5: {} names people", file.display());
        }
    }
}

#[test]
fn a_ledger_of_version_2_goes_on_by_keys() {
    let place = Place::new();
    old(
        &place,
        &format!(
            "INSERT INTO refusal VALUES ('gone@x.example', 'fake', '2026-01-01T00:00:00Z');
             DELETE FROM refusal WHERE key LIKE 'gone%';
             CREATE TABLE owed (hash TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
             INSERT INTO owed VALUES ('{HASH}', '2026-01-01T00:00:00Z');
             PRAGMA user_version = 2;"
        ),
    );
    let mut ledger = place.ledger();
    holds_no_address(&place);
    let refusals = ledger.refusals().expect("refusals");
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].key, PersonKey::of("anna@x.example"));
    assert_eq!(refusals[0].reason, Reason::Compliance);
    assert_eq!(
        refusals[0].since,
        "2026-01-01T00:00:00Z".parse().expect("time")
    );
    let hash = PersonKey::parse(HASH).expect("hash");
    assert_eq!(ledger.owed().expect("owed"), [hash]);
    ledger.write([(key(1), known(1))]).expect("written");
    assert_eq!(all(&place.ledger()).1.rows, 1);
    let files = place.home.ledger_files(&place.audience);
    assert_eq!(files.iter().filter(|path| path.exists()).count(), 1);
}

#[test]
fn a_ledger_of_version_1_gives_its_tags_away() {
    let place = Place::new();
    old(
        &place,
        "CREATE TABLE tag (key TEXT PRIMARY KEY, name TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
         INSERT INTO tag VALUES ('gold', 'Gold', '2026-01-01T00:00:00Z');
         PRAGMA user_version = 1;",
    );
    let mut ledger = place.ledger();
    holds_no_address(&place);
    assert_eq!(ledger.refusals().expect("refusals").len(), 1);
    assert_eq!(ledger.tag("Silver").expect("a tag's number"), 0);
    drop(ledger);
    let own = OwnTags::open(&place.home, &place.audience).expect("tags");
    assert!(own.owns("gold"));
}

#[test]
fn a_newer_ledger_is_refused_before_anything_is_written() {
    let place = Place::new();
    let path = place.home.ledger(&place.audience);
    let newer = Connection::open(&path).expect("newer");
    newer.execute_batch("PRAGMA user_version = 4").expect("set");
    drop(newer);
    let before = std::fs::read(&path).expect("file");
    let refused = Ledger::open(&place.home, &place.audience);
    assert!(matches!(refused, Err(Error::Newer { version: 4, .. })));
    assert_eq!(std::fs::read(&path).expect("file"), before);
}
