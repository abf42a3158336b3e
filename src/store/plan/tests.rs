use std::sync::Arc;

use super::{Plan, PlannedRow, Stage};
use crate::domain::{
    Contact, Content, Decision, Email, Origin, ProfileId, Reason, SegmentSet, Status, Unfit,
};

fn row(profile: &str, file: &str, segment: usize, email: &str) -> PlannedRow {
    let content = match Email::parse(email) {
        Ok(email) => Ok(Content {
            email,
            agrees: true,
            fields: "{}".to_owned(),
            language: None,
        }),
        Err(_) => Err(Unfit {
            agrees: true,
            email: Some(email.to_owned()),
            reason: Reason::InvalidEmail,
            detail: email.to_owned(),
        }),
    };
    PlannedRow {
        profile: ProfileId::parse(profile),
        origin: Origin {
            file: Arc::from(file),
            line: 2,
        },
        segments: SegmentSet::only(segment),
        content,
    }
}

fn plan(rows: &[PlannedRow]) -> (tempfile::TempDir, Plan) {
    let folder = tempfile::tempdir().expect("folder");
    let mut plan = Plan::create(&folder.path().join("plan")).expect("create");
    plan.add(rows).expect("add");
    (folder, plan)
}

#[test]
fn rule_2_the_same_id_in_two_files_is_one_profile_in_both_segments() {
    let (_folder, mut plan) = plan(&[
        row("1", "a", 0, "a@x.example"),
        row("1", "b", 1, "a@x.example"),
    ]);
    let settled = plan.settle(None).expect("settle");
    assert_eq!((settled.profiles, settled.repeated), (1, 0));
    plan.meet_nobody(&[]).expect("compare");
    let batch = plan.batch(Stage::Create, 0, 500).expect("batch");
    assert_eq!(batch[0].0.segments.iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn rule_2_the_same_id_twice_in_one_file_the_first_row_wins_with_a_warning() {
    let (_folder, mut plan) = plan(&[
        row("1", "a", 0, "a@x.example"),
        row("1", "a", 1, "b@x.example"),
    ]);
    let settled = plan.settle(None).expect("settle");
    assert_eq!((settled.profiles, settled.repeated), (1, 1));
    plan.meet_nobody(&[]).expect("compare");
    let batch = plan.batch(Stage::Create, 0, 500).expect("batch");
    assert_eq!(batch[0].0.address, "a@x.example");
    assert_eq!(batch[0].0.segments.iter().collect::<Vec<_>>(), [0]);
}

#[test]
fn rule_2_of_one_address_the_smallest_id_wins_with_all_tags_and_the_strictest_consent() {
    let mut objects = row("10", "a", 1, "A@x.example");
    objects.content.as_mut().expect("usable").agrees = false;
    let rows = [
        row("9", "a", 0, "a@x.example "),
        objects,
        row("", "a", 2, "a@X.example"),
    ];
    let (_folder, mut plan) = plan(&rows);
    assert_eq!(plan.settle(None).expect("settle").profiles, 3);
    plan.meet_nobody(&[]).expect("compare");
    let counts = plan.counts().expect("counts");
    assert_eq!((counts.merged, counts.suppressed, counts.create), (2, 1, 0));
    assert_eq!(counts.reasons[&Reason::NoConsent], 1);
    let merges = plan.merges(10).expect("merges");
    assert_eq!(
        merges,
        [
            ("9".to_owned(), "10".to_owned()),
            ("a:2".to_owned(), "10".to_owned())
        ]
    );
}

#[test]
fn rule_2_without_ids_the_first_row_wins_and_every_profile_is_accounted_for() {
    let rows = [
        row("", "a", 0, "b@x.example"),
        row("", "a", 0, "B@x.example"),
        row("", "a", 0, "nobody"),
    ];
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    plan.meet_nobody(&[]).expect("compare");
    let counts = plan.counts().expect("counts");
    assert_eq!(
        counts.profiles,
        counts.create + counts.merged + counts.rejected
    );
    assert_eq!(plan.batch(Stage::Create, 0, 9).expect("batch")[0].0.seq, 1);
}

#[test]
fn a_limit_keeps_the_first_profiles() {
    let rows: Vec<_> = (0..5)
        .map(|n| row(&n.to_string(), "a", 0, &format!("p{n}@x.example")))
        .collect();
    let (_folder, mut plan) = plan(&rows);
    assert_eq!(plan.settle(Some(2)).expect("settle").profiles, 2);
    assert_eq!(plan.open_members().expect("count"), 2);
}

#[test]
fn who_is_met_is_decided_and_who_is_not_is_created_unless_refused_before() {
    let rows = [
        row("1", "a", 0, "in@x.example"),
        row("2", "a", 0, "new@x.example"),
        row("3", "a", 0, "fake@x.example"),
    ];
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    let contact = |key: &str| Contact {
        address: key.to_owned(),
        key: key.to_owned(),
        status: Status::Transactional,
        fields: serde_json::Map::new(),
        tags: vec![],
        language: String::new(),
    };
    let add = SegmentSet::only(0);
    plan.meet(
        &[contact("in@x.example"), contact("else@x.example")],
        |_, _| Decision::Update { add: add.clone() },
    )
    .expect("meet");
    plan.meet_nobody(&[("fake@x.example".to_owned(), Reason::Fake)])
        .expect("rest");
    let counts = plan.counts().expect("counts");
    assert_eq!(
        (
            counts.update,
            counts.create,
            counts.suppressed,
            counts.not_mailable,
            counts.tags
        ),
        (1, 1, 1, 1, 2)
    );
    let (_, before, adds) = plan.batch(Stage::Update, 0, 9).expect("batch").remove(0);
    assert_eq!((before, adds), (Some(Status::Transactional), add));
}
