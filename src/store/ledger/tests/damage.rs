//! A damaged ledger is told, and nothing of it is believed that was not written.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;

use super::{Place, key, known, people};
use crate::domain::{PersonKey, Reason};
use crate::store::{Error, Known, Ledger};

const ROWS: u32 = 300;
const REFUSED: u32 = 40;

/// A ledger of 300 people, and its bytes.
fn written() -> (Place, Vec<u8>) {
    let place = Place::new();
    let mut ledger = place.ledger();
    ledger.write(people(ROWS)).expect("written");
    let refused: Vec<_> = (0..REFUSED)
        .map(|who| (key(who), Reason::Forgotten))
        .collect();
    let now = Timestamp::UNIX_EPOCH;
    ledger.remember(&refused, now).expect("remembered");
    ledger.owe(&[key(1)], now).expect("owed");
    drop(ledger);
    let bytes = std::fs::read(place.home.ledger(&place.audience)).expect("file");
    (place, bytes)
}

/// Looks at everything in a ledger; nothing of it may be wrong. Tells whether it was found to be whole.
fn is_whole(place: &Place, people: &HashMap<PersonKey, Known>) -> bool {
    let ledger = match Ledger::open(&place.home, &place.audience) {
        Ok(ledger) => ledger,
        Err(_told) => return false,
    };
    let (mut rows, mut wrong) = (0, Vec::new());
    let scan = ledger.each(|key, known| {
        rows += 1;
        wrong.extend((people.get(&key) != Some(&known)).then_some(key));
    });
    assert!(wrong.is_empty(), "wrong rows are believed: {wrong:?}");
    for (key, known) in people.iter().step_by(20) {
        if let Ok(Some(got)) = ledger.get(*key) {
            assert_eq!(got, *known);
        }
    }
    let refusals = ledger.refusals();
    for refusal in refusals.iter().flatten() {
        assert!((0..REFUSED).any(|who| key(who) == refusal.key));
        assert_eq!(refusal.reason, Reason::Forgotten);
    }
    if let Ok(owed) = ledger.owed() {
        assert!(owed.iter().all(|debt| *debt == key(1)));
    }
    let whole = scan.is_ok_and(|scan| scan.damaged == 0);
    assert!(!whole || rows == ROWS, "lost rows are not noticed");
    whole
}

fn put(place: &Place, bytes: &[u8]) {
    for file in place.home.ledger_files(&place.audience) {
        let _gone_or_not = std::fs::remove_file(file);
    }
    std::fs::write(place.home.ledger(&place.audience), bytes).expect("file");
}

#[test]
fn a_flipped_byte_is_never_believed() {
    let (place, bytes) = written();
    let people = people(ROWS).into_iter().collect();
    assert!(is_whole(&place, &people));
    let mut told = 0;
    for at in (0..bytes.len()).step_by(293).chain(0..100) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        put(&place, &damaged);
        told += u32::from(!is_whole(&place, &people));
    }
    assert!(told > 60, "most places are in use, and {told} are told");
}

#[test]
fn a_ledger_that_was_cut_is_never_believed() {
    let (place, bytes) = written();
    let people = people(ROWS).into_iter().collect();
    for cut in (1..bytes.len()).step_by(911) {
        put(&place, &bytes[..cut]);
        assert!(!is_whole(&place, &people), "cut after {cut}");
    }
}

#[test]
fn a_damaged_row_is_passed_over_counted_and_mended_when_read_anew() {
    let place = Place::new();
    let mut ledger = place.ledger();
    ledger.write(people(20)).expect("written");
    // The checksum of one, the value of another.
    let damage = "UPDATE person SET row = ?2 WHERE key = ?1";
    for (who, cut) in [(3, 1), (4, 9)] {
        let find = "SELECT row FROM person WHERE key = ?1";
        let find = ledger
            .db
            .query_row(find, [key(who).as_bytes()], |row| row.get(0));
        let mut row: Vec<u8> = find.expect("row");
        let at = row.len() - cut;
        row[at] ^= 0x10;
        let damaged = ledger.db.execute(damage, (key(who).as_bytes(), row));
        damaged.expect("damaged");
    }
    let (found, scan) = super::all(&ledger);
    assert_eq!((found.len(), scan.rows, scan.damaged), (18, 18, 2));
    assert_eq!(ledger.get(key(3)).expect("read"), None);
    ledger
        .write([(key(3), known(3)), (key(4), known(4))])
        .expect("read anew");
    assert_eq!(super::all(&ledger).0, people(20));
}

#[test]
fn a_lost_row_is_noticed() {
    let place = Place::new();
    let mut ledger = place.ledger();
    ledger.write(people(20)).expect("written");
    let lost = "DELETE FROM person WHERE key = ?1";
    ledger.db.execute(lost, [key(3).as_bytes()]).expect("lost");
    let told = ledger.each(|_, _| {});
    assert!(matches!(told, Err(Error::Damaged { .. })), "{told:?}");
}

#[test]
fn a_ledger_begun_anew_knows_it_and_keeps_who_was_refused() {
    let (place, mut bytes) = written();
    // The page of the tables' names stays, the people's are overwritten.
    let table = key(7).as_bytes().to_vec();
    let at = bytes
        .windows(16)
        .rposition(|window| window == table)
        .expect("there");
    bytes[at..at + 40].fill(0x55);
    put(&place, &bytes);
    let mut ledger = Ledger::begin_anew(&place.home, &place.audience).expect("anew");
    assert!(ledger.audience_notes().expect("notes").rebuilt);
    assert_eq!(super::all(&ledger).0, Vec::<(_, Known)>::new());
    assert_eq!(ledger.owed().expect("owed"), [key(1)]);
    let refusals = ledger.refusals().expect("refusals");
    assert!(refusals.len() >= REFUSED as usize - 3, "{}", refusals.len());
    ledger.write(people(3)).expect("goes on");
    put(
        &place,
        b"no database at all, but long enough to be looked at as one",
    );
    let told = Ledger::open(&place.home, &place.audience);
    assert!(matches!(told, Err(Error::Damaged { .. })));
    let ledger = Ledger::open_or_begin_anew(&place.home, &place.audience).expect("anew");
    assert!(ledger.is_new());
    assert_eq!(ledger.refusals().expect("none left"), []);
    let left = std::fs::read_dir(place.home.ledger(&place.audience).parent().expect("folder"));
    assert_eq!(left.expect("list").count(), 1, "nothing stays beside it");
}

/// How large a page is, and those in which names stand, counted from 1.
fn pages_of_names(path: &Path) -> (usize, Vec<usize>) {
    let db = rusqlite::Connection::open(path).expect("opens");
    let size = db.query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0));
    let pages = "SELECT rootpage FROM sqlite_master WHERE tbl_name IN ('tag', 'destination')";
    let mut pages = db.prepare(pages).expect("query");
    let pages = pages.query_map([], |row| row.get::<_, u32>(0));
    let pages = pages
        .expect("pages")
        .map(|page| page.expect("page") as usize);
    (size.expect("size") as usize, pages.collect())
}

#[test]
fn a_name_that_is_damaged_is_told_when_the_ledger_is_opened_and_not_amid_a_run() {
    let place = Place::new();
    let mut ledger = place.ledger();
    for name in ["Gold", "Silver", "Bronze"] {
        ledger.tag(name).expect("tag");
    }
    ledger.destination("Spring").expect("destination");
    drop(ledger);
    let path = place.home.ledger(&place.audience);
    let whole = std::fs::read(&path).expect("file");
    let (size, pages) = pages_of_names(&path);
    assert_eq!(pages.len(), 4, "two tables and what finds names in them");
    let mut told = 0;
    for at in pages.iter().flat_map(|page| (page - 1) * size..page * size) {
        if whole[at] == 0 {
            continue;
        }
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).expect("damaged");
        let Ok(mut ledger) = Ledger::open(&place.home, &place.audience) else {
            told += 1;
            continue;
        };
        for name in ["Gold", "Silver", "Bronze", "Iron"] {
            ledger
                .tag(name)
                .unwrap_or_else(|why| panic!("byte {at}: {why}"));
        }
        ledger.destination("Autumn").expect("a number");
    }
    assert!(told > 50, "{told}");
}
