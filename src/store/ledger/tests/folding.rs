//! What a run's journal does to the ledger.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Ledger, Place, key};
use crate::domain::{Fate, NewStatus, PersonKey, Reason, SegmentSet, StartedBy, Status};
use crate::store::{
    Began, CallKind, Held, Images, JournalWriter, Known, Record, RunFolder, Sent, SettledMember,
    TagSet, Undone,
};

const CLOCK: i64 = 1_800_000_000;

/// A run that is being written.
struct Run {
    folder: RunFolder,
    journal: JournalWriter,
}

impl Run {
    async fn begin(place: &Place, destination: &str) -> Self {
        let folder = RunFolder::create(&place.home, Timestamp::UNIX_EPOCH).expect("run");
        let journal = JournalWriter::create(&folder).expect("journal");
        let run = Self { folder, journal };
        run.write(Record::Began(Began {
            run: run.folder.id.to_string(),
            destination: destination.to_owned(),
            audience: "abc".to_owned(),
            at: 0,
            started_by: StartedBy::Command,
            status_if_new: NewStatus::Subscribed,
            segments: vec![
                ("Gold".into(), "Gold".into()),
                ("Silver".into(), "Silver".into()),
            ],
            undoes: None,
            partial: false,
        }))
        .await;
        run.write(Record::Clock(CLOCK)).await;
        run
    }

    async fn write(&self, record: Record) {
        self.journal.write(&record).await.expect("written");
    }

    /// Sends people in one call, and settles them.
    async fn call(&self, call: CallKind, tag: Option<&str>, members: &[(Sent, Fate)]) {
        let (sent, fates): (Vec<Sent>, Vec<Fate>) = members.iter().cloned().unzip();
        let no = self.journal.intend(call, tag, 0, &sent, Images::default());
        let settle = |(at, fate)| SettledMember {
            at,
            fate,
            after: 5,
            contact: None,
        };
        let settled = (0..).zip(fates).map(settle).collect();
        let no = no.await.expect("intended");
        self.journal.settle(no, settled).await.expect("settled");
    }
}

fn sent(who: u32, segments: &[usize]) -> Sent {
    let mut set = SegmentSet::default();
    for at in segments {
        set.insert(*at);
    }
    Sent {
        key: key(who),
        id: None,
        values: 11,
        profile: 22,
        segments: set.clone(),
        add: set,
        before: None,
    }
}

fn holds(destination: u16, values: u64, tags: &[u16]) -> Held {
    Held {
        destination,
        values,
        profile: 22,
        tags: tags.iter().copied().collect::<TagSet>(),
    }
}

fn seen(status: Option<Status>, held: Vec<Held>) -> Known {
    Known {
        status,
        seen: CLOCK,
        held,
        ..Known::default()
    }
}

const CREATED: Fate = Fate::Created {
    status: Status::Pending,
};
const UPDATED: Fate = Fate::Updated {
    status: Status::Subscribed,
};

#[tokio::test]
async fn each_fate_becomes_what_is_known_and_folding_twice_is_harmless() {
    let place = Place::new();
    let mut ledger = place.ledger();
    let run = Run::begin(&place, "Spring").await;
    run.call(
        CallKind::Create,
        None,
        &[
            (sent(1, &[0]), CREATED),
            (sent(2, &[0]), Fate::Suppressed(Reason::Unsubscribed)),
            (sent(3, &[0]), Fate::Rejected(Reason::Fake)),
            (sent(4, &[0]), Fate::Nothing),
            (sent(8, &[0]), Fate::Suppressed(Reason::Unclear)),
        ],
    )
    .await;
    run.call(
        CallKind::Update,
        None,
        &[
            (sent(5, &[0, 1]), UPDATED),
            (sent(6, &[1]), Fate::Recreated { told: false }),
            (sent(7, &[1]), Fate::Recreated { told: false }),
        ],
    )
    .await;
    run.write(Record::Paid(key(7))).await;
    for who in [3, 8] {
        let (key, words) = (key(who), "already a member".to_owned());
        run.write(Record::Said { key, words }).await;
    }
    let untagged = [(sent(5, &[]), Fate::Untagged)];
    run.call(CallKind::Untag, Some("SILVER"), &untagged).await;
    assert!(ledger.fold_run(&run.folder).expect("folded").is_some());

    let get = |who| ledger.get(key(who)).expect("read");
    let gold = vec![holds(0, 11, &[0])];
    assert_eq!(get(1), Some(seen(Some(Status::Pending), gold.clone())));
    assert_eq!(get(2), Some(seen(Some(Status::Unsubscribed), Vec::new())));
    assert_eq!((get(3), get(4)), (None, None));
    assert_eq!(get(5), Some(seen(Some(Status::Subscribed), gold)));
    assert_eq!(get(6), Some(seen(None, Vec::new())));
    assert_eq!(ledger.owed().expect("owed"), [key(6)]);
    let refusals = ledger.refusals().expect("refusals").into_iter();
    let refusals: HashMap<_, _> = refusals
        .map(|one| (one.key, (one.reason, one.words)))
        .collect();
    let remembered = [
        (key(3), (Reason::Fake, String::new())),
        (key(8), (Reason::Unclear, "already a member".to_owned())),
    ];
    assert_eq!(refusals, remembered.into());

    ledger.paid(key(6)).expect("paid");
    assert!(ledger.fold_run(&run.folder).expect("known").is_none());
    assert_eq!(ledger.owed().expect("owed"), [], "nothing is folded twice");
    // Settling an unfinished run makes its journal longer, and that is news.
    run.write(Record::Over(CLOCK + 9)).await;
    assert!(ledger.fold_run(&run.folder).expect("folded").is_some());
}

#[tokio::test]
async fn a_long_journal_is_folded_in_parts_to_the_same_end() {
    let place = Place::new();
    let run = Run::begin(&place, "Spring").await;
    let everyone = 1..=100;
    let made: Vec<_> = everyone
        .clone()
        .map(|who| (sent(who, &[0]), CREATED))
        .collect();
    run.call(CallKind::Create, None, &made).await;
    let updated = everyone.step_by(3).map(|who| (sent(who, &[0, 1]), UPDATED));
    let updated: Vec<_> = updated.collect();
    run.call(CallKind::Update, None, &updated).await;
    run.call(
        CallKind::Create,
        None,
        &[(sent(101, &[0]), Fate::Rejected(Reason::Fake))],
    )
    .await;
    let mut ends = Vec::new();
    for part in [u64::MAX, 1000, 100] {
        let mut ledger = Ledger::begin_anew(&place.home, &place.audience).expect("new");
        ledger
            .fold_by(part, &run.folder)
            .expect("folded")
            .expect("news");
        let mut people = Vec::new();
        ledger
            .each(|key, known| people.push((key, known)))
            .expect("whole");
        assert_eq!(people.len(), 100);
        ends.push((people, ledger.refusals().expect("refusals")));
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0], ends[2]);
}

#[tokio::test]
async fn an_update_keeps_what_other_destinations_hold_and_a_creation_does_not() {
    let place = Place::new();
    let mut ledger = place.ledger();
    let spring = Run::begin(&place, "Spring").await;
    let both = [(sent(1, &[0]), UPDATED), (sent(2, &[0]), UPDATED)];
    spring.call(CallKind::Update, None, &both).await;
    ledger.fold_run(&spring.folder).expect("folded");
    let autumn = Run::begin(&place, "Autumn").await;
    let only_tags = Sent {
        values: 0,
        ..sent(1, &[1])
    };
    autumn
        .call(CallKind::Update, None, &[(only_tags, UPDATED)])
        .await;
    autumn
        .call(CallKind::Create, None, &[(sent(2, &[1]), CREATED)])
        .await;
    ledger.fold_run(&autumn.folder).expect("folded");
    let held = |who| ledger.get(key(who)).expect("read").expect("known").held;
    assert_eq!(held(1), [holds(0, 11, &[0]), holds(1, 0, &[1])]);
    assert_eq!(held(2), [holds(1, 11, &[1])]);
}

#[tokio::test]
async fn an_undo_is_known_until_its_people_are_exported_again() {
    let place = Place::new();
    let mut ledger = place.ledger();
    let run = Run::begin(&place, "Spring").await;
    run.call(CallKind::Create, None, &[(sent(1, &[0]), CREATED)])
        .await;
    run.call(CallKind::Update, None, &[(sent(2, &[0]), UPDATED)])
        .await;
    ledger.fold_run(&run.folder).expect("folded");
    let undo = Run::begin(&place, "Spring").await;
    undo.call(CallKind::Archive, None, &[(sent(1, &[0]), Fate::Undone)])
        .await;
    let status = Status::Subscribed;
    let restored = [(sent(2, &[0]), Fate::Restored { status })];
    undo.call(CallKind::Restore, None, &restored).await;
    ledger.fold_run(&undo.folder).expect("folded");
    let undone = Undone {
        key: key(1),
        since: CLOCK,
        after: 5,
    };
    assert_eq!(ledger.undone().expect("undone"), [undone]);
    let get = |who| ledger.get(key(who)).expect("read").expect("known");
    assert_eq!(get(1), seen(Some(Status::Archived), Vec::new()));
    assert_eq!(get(2), seen(Some(status), vec![holds(0, 0, &[])]));
    let again = Run::begin(&place, "Spring").await;
    let reinstated = [(sent(1, &[0]), Fate::Reinstated { status })];
    again.call(CallKind::Reinstate, None, &reinstated).await;
    ledger.fold_run(&again.folder).expect("folded");
    assert_eq!(ledger.undone().expect("undone"), []);
}

#[tokio::test]
async fn of_several_fates_the_last_one_counts() {
    let place = Place::new();
    let mut ledger = place.ledger();
    let run = Run::begin(&place, "Spring").await;
    let id = PersonKey::of("changed@x.example");
    let changed = Sent {
        id: Some(id),
        ..sent(1, &[0])
    };
    run.call(CallKind::Create, None, &[(changed.clone(), CREATED)])
        .await;
    let made_anew = SettledMember {
        at: 0,
        fate: Fate::Recreated { told: true },
        after: 0,
        contact: None,
    };
    run.write(Record::Found(vec![(changed, made_anew)])).await;
    ledger.fold_run(&run.folder).expect("folded");
    let known = ledger.get(key(1)).expect("read").expect("known");
    assert_eq!(
        (known.status, known.id, known.held),
        (None, Some(id), Vec::new())
    );
    assert_eq!(ledger.owed().expect("owed"), [id]);
    // Who pays it later says so by what Mailchimp knows the contact by.
    run.write(Record::Paid(id)).await;
    ledger.fold_run(&run.folder).expect("folded");
    assert_eq!(ledger.owed().expect("owed"), []);
}

#[tokio::test]
async fn a_run_without_a_journal_is_nothing_to_fold() {
    let place = Place::new();
    let run = RunFolder::create(&place.home, Timestamp::UNIX_EPOCH).expect("run");
    let mut ledger = place.ledger();
    assert!(ledger.fold_run(&run).expect("none").is_none());
    std::fs::write(run.journal(), "{\"event\":\"started\"}\n").expect("lines");
    assert!(ledger.fold_run(&run).expect("of lines").is_none());
}
