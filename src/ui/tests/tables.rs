//! Rejects and changes as tables: sorted, narrowed down, searched, copied from, written to a file.

use KeyCode::{Backspace, Char, Down, Enter, Esc, Tab};
use crossterm::event::KeyCode;

use super::super::msg::{Effect, HomeData, Question};
use super::super::writing::{Listing, RejectsWanted, Writing, Written, write};
use super::bench::{Bench, a_world, assert_shows, home};
use super::hands::some;
use super::screens::{last, report};
use super::world::{World, changes};
use crate::domain::{ChangeKind, Reason, Reject, RejectKind};
use crate::store::{RejectWriter, RunFolder, Wanted, Which};
use crate::words::{Lang, Words};

/// A file of every name is there already.
pub(super) fn written(writing: &Writing) -> Option<Written> {
    writing.over.then(|| Written {
        path: format!("/tmp/{}", writing.path),
        rows: 3,
    })
}

/// Rejects of three reasons, one of them with what no screen may show as it is.
pub(super) fn rejects() -> Vec<Reject> {
    let reject = |line, email: Option<&str>, reason, detail: &str| Reject {
        profile: Some(format!("P-{line}")),
        file: "people.csv".to_owned(),
        line,
        email: email.map(ToOwned::to_owned),
        reason,
        detail: detail.to_owned(),
        kind: RejectKind::Person,
    };
    vec![
        reject(4, None, Reason::NoEmail, ""),
        reject(
            9,
            Some("a@\u{1b}[2J.example"),
            Reason::InvalidEmail,
            "\u{7}",
        ),
        reject(
            12,
            Some("b@example.com"),
            Reason::InvalidValue,
            "BIRTHDAY: 31/31",
        ),
    ]
}

fn exported(world: &World) -> HomeData {
    let mut saved = home(world, &["Alpha"]);
    let row = &mut saved.rows[0];
    row.last = Some(last(report(&row.destination)));
    saved
}

fn copied(bench: &Bench<'_>) -> Vec<String> {
    let copies = bench.asked.iter().filter_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    copies.collect()
}

fn order(shown: &str, texts: &[&str]) {
    let places = texts.iter().map(|text| {
        let place = shown.find(text);
        place.unwrap_or_else(|| panic!("no {text:?} on:\n{shown}"))
    });
    let places: Vec<usize> = places.collect();
    assert!(places.is_sorted(), "{texts:?} on:\n{shown}");
}

#[tokio::test]
async fn rejects_are_sorted_by_keys_and_by_a_click_on_a_heading() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, exported(&world));
    bench.press(&[Enter, Char('r')]);
    let shown = bench.shown();
    assert_shows(&shown, "Where ▲");
    order(&shown, &["people.csv:4", "people.csv:9", "people.csv:12"]);
    bench.press(&[Char('S')]);
    order(
        &bench.shown(),
        &["people.csv:12", "people.csv:9", "people.csv:4"],
    );
    bench.press(&[Char('s')]);
    let shown = bench.shown();
    assert_shows(&shown, "Contact ▲");
    order(&shown, &["people.csv:9", "people.csv:12", "people.csv:4"]);
    bench.click("Where", 1);
    order(
        &bench.shown(),
        &["people.csv:4", "people.csv:9", "people.csv:12"],
    );
}

#[tokio::test]
async fn rejects_are_narrowed_down_by_reason_and_text_and_esc_clears_the_text_first() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, exported(&world));
    bench.press(&[Enter, Char('r')]);
    assert_shows(&bench.shown(), "1 All 3");
    bench.press(&[Tab, Tab]);
    let shown = bench.shown();
    assert_shows(&shown, "1 / 1");
    assert!(!shown.contains("people.csv:12"), "{shown}");
    bench.press(&[Char('1'), Char('/'), Char('B'), Char('I'), Char('R'), Enter]);
    let shown = bench.shown();
    assert_shows(&shown, "b@example.com");
    assert_shows(&shown, "1 / 1");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "1 / 3");
    bench.click("value does not", 1);
    assert_shows(&bench.shown(), "1 / 1");
    bench.press(&[Esc]);
    assert_shows(&bench.shown(), "r rejects");
}

#[tokio::test]
async fn an_address_is_copied_and_that_is_told_until_the_next_key() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, exported(&world));
    bench.press(&[Enter, Char('r'), Down, Down, Char('c')]);
    assert_eq!(copied(&bench), ["b@example.com"]);
    assert_shows(&bench.shown(), "✓ Copied: b@example.com");
    bench.press(&[Down]);
    assert!(!bench.shown().contains("Copied"));
    bench.press(&[Esc, Esc, Char('c'), Char('d'), Char('c')]);
    bench.press(&[Down, Char('c')]);
    assert_eq!(copied(&bench).last().expect("copied"), "p0@x.example");
    // Of somebody without an address it is said what was copied instead.
    bench.press(&[Esc, Esc, Enter, Char('r'), Char('c')]);
    assert_eq!(copied(&bench).last().expect("copied"), "P-4");
    assert_shows(&bench.shown(), "Copied the profile ID: P-4");
}

#[tokio::test]
async fn what_is_listed_is_written_to_the_file_that_is_named_and_none_is_written_over_unasked() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut bench = Bench::new(&world, exported(&world));
    bench.press(&[Enter, Char('r'), Char('w')]);
    assert_shows(&bench.shown(), "Write to rejects-alpha.csv");
    let over = |effect: &Effect| matches!(effect, Effect::Ask(_, Question::Write(writing)) if writing.over);
    bench.press(&[Enter]);
    assert_eq!(bench.count(over), 0);
    assert_shows(&bench.shown(), "Enter overwrites it");
    // Another name is another file.
    bench.press(&[Backspace, Enter]);
    assert_eq!(bench.count(over), 0);
    bench.press(&[Enter]);
    assert_eq!(bench.count(over), 1);
    assert_shows(&bench.shown(), "✓ 3 rows written to /tmp/rejects-alpha.cs");
    bench.press(&[Char('w'), Esc]);
    assert_shows(&bench.shown(), "1 / 3");
}

#[tokio::test]
async fn a_written_file_holds_what_fits_as_the_commands_write_it() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let words = Words::new(Lang::En);
    let path = folder.path().join("list.csv");
    let run = RunFolder::scratch(&crate::store::Home::at(folder.path())).expect("a run");
    std::fs::create_dir_all(run.folder()).expect("its folder");
    let mut writer = RejectWriter::create(&run).expect("rejects");
    for reject in rejects() {
        writer.add(&reject, "").expect("added");
    }
    writer.flush().expect("written");
    let wanted = RejectsWanted {
        reason: Some(Reason::InvalidValue),
        text: String::new(),
    };
    let mut writing = Writing {
        listing: Listing::Rejects(run.rejects(), "r1".to_owned(), wanted),
        path: path.display().to_string(),
        over: false,
    };
    let written = write(&writing, &words).expect("written").expect("new");
    assert_eq!(
        (written.rows, written.path.as_str()),
        (1, writing.path.as_str())
    );
    let text = std::fs::read_to_string(&path).expect("read");
    assert!(text.starts_with("run,profile,file,line,email,"), "{text}");
    assert!(text.contains("r1,P-12,people.csv,12,b@example.com,invalid_value,mapping,"));
    assert_eq!(write(&writing, &words).expect("there"), None);
    let wanted = Wanted {
        which: Which::Kind(ChangeKind::Updated),
        ..Wanted::default()
    };
    writing.listing = Listing::Changes(world.diff.clone(), wanted);
    writing.over = true;
    let written = write(&writing, &words).expect("written").expect("over");
    let updated = changes()
        .into_iter()
        .find(|one| one.what == ChangeKind::Updated);
    assert_eq!(written.rows, updated.expect("one").fields.len() as u64);
    let text = std::fs::read_to_string(&path).expect("read");
    assert!(text.starts_with("address,profile,what,"), "{text}");
}

#[tokio::test]
async fn values_that_were_left_out_are_not_counted_as_rejected_people() {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = some(&world);
    let last = saved.rows[0].last.as_mut().expect("a run");
    last.report.ended.counters.rejected = 1;
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Down, Enter, Char('r')]);
    let left_out = rejects().len() - 1;
    assert_shows(
        &bench.shown(),
        format!("1 reject · {left_out} values left out"),
    );
}
