//! What goes with a destination, and what keeps it from going.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use super::{Removal, Surroundings};
use crate::domain::{
    Agreement, Destination, Draft, Fate, LoginName, NewStatus, PersonKey, Reason, Schedule,
    SegmentSet, StartedBy, Status,
};
use crate::export::{Error, Report};
use crate::login::{MemoryKeyring, SecretStore, StoreError};
use crate::store::{
    AccountLock, Began, Destinations, Drafts, Home, JournalWriter, Known, Ledger, Login, Logins,
    OwnTags, Record, RunFolder, Runs, SavedDraft, Sent, SettledMember,
};

/// Stands in every file that holds the destination's people.
const PERSON: &str = "anna@x.example";

fn here(folder: &TempDir, store: Arc<dyn SecretStore>) -> Surroundings {
    Surroundings::for_test(Home::at(folder.path()), store)
}

fn save(here: &Surroundings, name: &str, login: &str, audience: &str) -> Destination {
    let text = format!(
        "name = '{name}'\nlogin = '{login}'\naudience = '{audience}'\nsource = 'folder:/people'\n\
         status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\nsegments = []\n[map]\nemail = 'email'\n"
    );
    let destination: Destination = toml::from_str(&text).expect("destination");
    let saved = Destinations::of(&here.home);
    let destination = saved.save(destination, None).expect("saved");
    let login = format!(
        "name = '{login}'\nservice = 'mailchimp'\naccount_id = 'a'\naccount_name = 'A'\n\
         api = 'https://us1.api.mailchimp.com/3.0'\ncreated_at = '2026-01-01T00:00:00Z'\n"
    );
    let login: Login = toml::from_str(&login).expect("login");
    Logins::of(&here.home).save(&login).expect("saved");
    destination
}

/// A run with all its files; one that was killed has no report, but a plan.
fn run(here: &Surroundings, destination: &str, killed: bool) -> RunFolder {
    let run = RunFolder::create(&here.home, Timestamp::UNIX_EPOCH).expect("run");
    let started = json!({"event": "started", "destination": destination, "who": PERSON});
    std::fs::write(run.journal(), format!("{started}\n")).expect("journal");
    std::fs::write(run.rejects(), PERSON).expect("rejects");
    if killed {
        std::fs::write(run.plan(), PERSON).expect("plan");
    } else {
        let report = json!({
            "run": run.id, "destination": destination, "started_at": "2026-01-01T00:00:00Z",
            "ended_at": "2026-01-01T00:00:01Z", "started_by": "lotta", "audience_link": "", "tags": [],
            "merges": [[PERSON, "x"]], "outcome": "done", "exit": 0, "guard": null, "report": "",
            "repeated_examples": [PERSON],
        });
        run.write_report(&report).expect("report");
    }
    run
}

fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("list") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else {
            let bytes = std::fs::read(&path).expect("file");
            if String::from_utf8_lossy(&bytes).contains(text) {
                found.push(path);
            }
        }
    }
    found
}

#[expect(
    clippy::too_many_lines,
    reason = "one scenario, told from start to end"
)]
#[tokio::test]
async fn every_file_that_holds_its_people_goes_and_nothing_of_others() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    let autumn = save(&here, "Autumn", "other", "bbb");
    let mut ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    let refused = [(PersonKey::of(PERSON), Reason::Compliance)];
    ledger
        .remember(&refused, Timestamp::UNIX_EPOCH)
        .expect("remembered");
    drop(ledger);
    let mut own = OwnTags::open(&here.home, &spring.audience).expect("tags");
    own.own(["Gold"], Timestamp::UNIX_EPOCH).expect("owned");
    let draft = SavedDraft {
        former: Some(spring.id()),
        draft: Draft {
            name: PERSON.into(),
            ..Draft::default()
        },
        ..SavedDraft::default()
    };
    Drafts::of(&here.home).save(&draft).expect("draft");
    drop((run(&here, "Spring", false), run(&here, "spring", true)));
    let unknown = run(&here, "Spring", true);
    std::fs::write(unknown.journal(), "damaged").expect("journal");
    drop(unknown);
    let others = run(&here, "Autumn", false);
    let club = LoginName::parse("club").expect("name");
    assert_eq!(
        here.logins_of_only(&spring).expect("logins"),
        std::slice::from_ref(&club)
    );

    let removed = here
        .remove_destination(&spring, Removal::default())
        .await
        .expect("removed");
    assert_eq!(removed.logins, [club]);
    let left = holding(folder.path(), PERSON);
    assert!(
        left.iter().all(|path| path.starts_with(others.folder())),
        "{left:?}"
    );
    assert!(others.rejects().exists() && others.journal().exists());
    let saved = Destinations::of(&here.home).list().expect("list");
    assert_eq!(saved, [autumn]);
    let history = Runs::of(&here.home).list().expect("runs");
    let reports = history
        .iter()
        .filter_map(|run| Runs::report::<Report>(run).expect("report"));
    assert_eq!(reports.count(), 2, "the sums of its runs stay");
    let own = OwnTags::open(&here.home, &spring.audience).expect("tags");
    assert!(own.owns("Gold"), "adding it again just works");

    let again = here.remove_destination(&spring, Removal::default()).await;
    assert!(again.expect("can be repeated").logins.is_empty());
    let purge = Removal {
        purge: true,
        ..Removal::default()
    };
    let removed = here.remove_destination(&spring, purge).await;
    assert!(removed.expect("purged").tags_forgotten);
    let own = OwnTags::open(&here.home, &spring.audience).expect("tags");
    assert!(!own.owns("Gold"));
}

#[tokio::test]
async fn rule_1_who_has_to_be_archived_again_is_remembered_when_the_destination_goes() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    let mut ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    let now = Timestamp::UNIX_EPOCH;
    let refused = [(PersonKey::of(PERSON), Reason::Compliance)];
    ledger.remember(&refused, now).expect("remembered");
    ledger.owe(&[PersonKey::of(PERSON)], now).expect("owed");
    drop(ledger);
    let removed = here.remove_destination(&spring, Removal::default()).await;
    assert_eq!(removed.expect("removed").owed, 1);
    assert_eq!(
        holding(folder.path(), PERSON),
        Vec::<PathBuf>::new(),
        "the ledger that stays names nobody"
    );
    let mut ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    let owed = ledger.owed().expect("owed");
    assert_eq!(owed.len(), 1);
    ledger.paid(owed[0]).expect("paid");
    drop(ledger);
    let purge = Removal {
        purge: true,
        ..Removal::default()
    };
    let removed = here.remove_destination(&spring, purge).await;
    assert_eq!(removed.expect("removed").owed, 0);
    assert!(!here.home.ledger(&spring.audience).exists());
}

#[tokio::test]
async fn a_ledger_that_others_use_stays_and_forgets_what_the_destination_held() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    save(&here, "Autumn", "club", "aaa");
    let mut ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    let person = PersonKey::of(PERSON);
    let mut known = Known::default();
    for name in ["Spring", "Autumn"] {
        let destination = ledger.destination(name).expect("number");
        known.hold(destination).values = 7;
    }
    ledger.write([(person, known)]).expect("written");
    drop(ledger);
    let removed = here.remove_destination(&spring, Removal::default()).await;
    removed.expect("removed");
    let ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    let known = ledger.get(person).expect("read").expect("known");
    assert!(known.held_by(0).is_none() && known.held_by(1).is_some());
}

#[tokio::test]
async fn a_destination_is_not_removed_while_its_run_goes_on() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    let going = AccountLock::try_destination(&here.home, &spring.id(), "Spring (4711)");
    let going = going.expect("lock");
    let refused = here.remove_destination(&spring, Removal::default()).await;
    assert!(
        matches!(&refused, Err(Error::GoesOn { holder, .. }) if holder == "Spring (4711)"),
        "{refused:?}"
    );
    assert_eq!(Destinations::of(&here.home).list().expect("list").len(), 1);
    drop(going);
    let removed = here.remove_destination(&spring, Removal::default()).await;
    removed.expect("removed");
}

/// A keyring that a person would have to unlock.
struct Locked;

impl SecretStore for Locked {
    fn set(&self, _: &str, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Locked("at lunch".into()))
    }
    fn get(&self, _: &str) -> Result<String, StoreError> {
        Err(StoreError::Locked("at lunch".into()))
    }
    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Locked("at lunch".into()))
    }
}

#[tokio::test]
async fn where_something_cannot_go_everything_stays() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(Locked));
    let spring = save(&here, "Spring", "club", "aaa");
    let run = run(&here, "Spring", false);
    let refused = here.remove_destination(&spring, Removal::default()).await;
    assert!(matches!(refused, Err(Error::Login(_))), "{refused:?}");
    assert!(run.rejects().exists() && run.journal().exists());
    assert_eq!(Destinations::of(&here.home).list().expect("list").len(), 1);
    assert_eq!(Logins::of(&here.home).list().expect("list").len(), 1);
    let keeping = Removal {
        keep_login: true,
        ..Removal::default()
    };
    let removed = here.remove_destination(&spring, keeping).await;
    removed.expect("the login stays, so the keyring is not needed");
    assert!(!run.rejects().exists());
    assert_eq!(Logins::of(&here.home).list().expect("list").len(), 1);
}

#[tokio::test]
async fn a_destination_stays_without_the_login_that_was_removed_and_does_not_run() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    let autumn = save(&here, "Autumn", "other", "bbb");
    let club = LoginName::parse("club").expect("name");
    let reads = Destination {
        source_login: Some(club.clone()),
        ..autumn.clone()
    };
    let reads = here
        .save_destination(reads, Some(&autumn.id()))
        .expect("saved");
    here.detach(&club).expect("detached");
    let saved = Destinations::of(&here.home);
    let detached = saved.find("Spring").expect("read").expect("there");
    let other = Destination {
        login: None,
        ..spring
    };
    assert_eq!(detached, other);
    let why = here.access_for(&detached).await.expect_err("no login");
    assert!(matches!(&why, Error::NotConnected { name } if name.matches("spring")));
    assert_eq!(why.exit(), 4);
    let left = saved.find("Autumn").expect("read").expect("there");
    assert_eq!((left.login, left.source_login), (reads.login, None));
}

#[tokio::test]
async fn rule_1_what_a_killed_run_owes_outlives_its_destination() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let spring = save(&here, "Spring", "club", "aaa");
    let run = RunFolder::create(&here.home, Timestamp::UNIX_EPOCH).expect("run");
    let journal = JournalWriter::create(&run).expect("journal");
    let began = Began {
        run: run.id.to_string(),
        destination: "Spring".to_owned(),
        audience: "aaa".to_owned(),
        at: 0,
        started_by: StartedBy::Command,
        status_if_new: NewStatus::Subscribed,
        segments: Vec::new(),
        undoes: None,
        partial: false,
    };
    let sent = Sent {
        key: PersonKey::of(PERSON),
        id: None,
        values: 1,
        profile: 0,
        segments: SegmentSet::default(),
        add: SegmentSet::default(),
        before: Some(Status::Archived),
    };
    let made_anew = SettledMember {
        at: 0,
        fate: Fate::Recreated { told: true },
        after: 0,
        contact: None,
    };
    for record in [Record::Began(began), Record::Found(vec![(sent, made_anew)])] {
        journal.write(&record).await.expect("written");
    }
    drop((journal, run));
    let removed = here.remove_destination(&spring, Removal::default()).await;
    assert_eq!(removed.expect("removed").owed, 1);
    let ledger = Ledger::open(&here.home, &spring.audience).expect("ledger");
    assert_eq!(ledger.owed().expect("owed"), [PersonKey::of(PERSON)]);
    assert!(Runs::of(&here.home).list().expect("list").is_empty());
}

#[tokio::test]
async fn what_others_changed_meanwhile_stays_and_who_was_removed_does_not_come_back() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let stale = save(&here, "Spring", "club", "aaa");
    let agreed = Destination {
        consent_attribute: "Consent".parse().ok(),
        agreement: Some(Agreement {
            at: Timestamp::UNIX_EPOCH,
            user: "lotta".to_owned(),
            language: "en".to_owned(),
            text_sha256: String::new(),
        }),
        ..stale.clone()
    };
    here.save_destination(agreed.clone(), Some(&stale.id()))
        .expect("saved");
    let refresh = Schedule::OnRefresh {
        quiet_seconds: None,
    };
    let set = here.schedule(vec![(stale.clone(), refresh)]);
    let scheduled = set.expect("scheduled").remove(0);
    assert_eq!(scheduled.consent_attribute, agreed.consent_attribute);
    let detached = here.detach_destination(&stale).expect("detached");
    assert_eq!((&detached.login, &detached.api), (&None, &None));
    assert_eq!(detached.schedule, scheduled.schedule);
    let name = "Summer".to_owned().try_into().expect("name");
    let renamed = here.rename_destination(&stale, name).expect("renamed");
    assert_eq!(renamed.agreement, agreed.agreement);
    let removed = here.remove_destination(&renamed, Removal::default()).await;
    removed.expect("removed");
    let gone = |done: Result<Destination, Error>| matches!(done, Err(Error::Gone { .. }));
    let off = here.schedule(vec![(stale.clone(), Schedule::Off)]);
    assert!(gone(off.map(|_all| stale.clone())));
    assert!(gone(here.detach_destination(&stale)));
    let name = "Winter".to_owned().try_into().expect("name");
    assert!(gone(here.rename_destination(&stale, name)));
    assert!(
        Destinations::of(&here.home)
            .list()
            .expect("list")
            .is_empty()
    );
}

#[tokio::test]
async fn a_ledger_of_a_newer_version_keeps_its_destination() {
    let folder = tempfile::tempdir().expect("folder");
    let here = here(&folder, Arc::new(MemoryKeyring::new()));
    let saved = save(&here, "Spring", "club", "aaa");
    drop(Ledger::open(&here.home, &saved.audience).expect("made"));
    let path = here.home.ledger(&saved.audience);
    let db = rusqlite::Connection::open(&path).expect("opened");
    db.execute_batch("PRAGMA user_version = 4").expect("newer");
    let removed = here.remove_destination(&saved, Removal::default()).await;
    let newer = matches!(
        removed,
        Err(Error::Store(crate::store::Error::Newer { .. }))
    );
    assert!(newer && path.exists(), "{removed:?}");
    assert!(
        Destinations::of(&here.home)
            .get(&saved)
            .expect("read")
            .is_some()
    );
}
