use std::sync::Arc;

mod memory;
mod model;

use super::{Plan, PlannedRow, Settled, Stage};
use crate::domain::{
    Consent, Contact, Content, Decision, Email, LeftOut, Origin, PersonKey, ProfileId, Reason,
    Reject, RejectKind, SegmentSet, Status, Unfit,
};
use crate::store::RejectsAgain;

/// Stands for the decision that the plan is told: the store has none of its own.
fn newcomer(consent: Consent, refusal: Option<Reason>) -> Decision {
    match (refusal, consent) {
        (Some(reason), _) => Decision::Suppress(reason),
        (None, Consent::Yes) => Decision::Create,
        (None, _) => Decision::Suppress(Reason::NoConsent),
    }
}

fn row(profile: &str, file: &str, segment: usize, email: &str) -> PlannedRow {
    let content = match Email::parse(email) {
        Ok(email) => Ok(Content {
            email,
            fields: "{}".to_owned(),
            language: None,
            left_out: Vec::new(),
        }),
        Err(_) => Err(Unfit {
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
        consent: Consent::Yes,
        unclear: None,
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
    plan.meet_nobody(&[], newcomer);
    let batch = plan.batch(Stage::Create, 0, 500).expect("batch");
    assert_eq!(batch[0].member.segments.iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn rule_2_the_same_id_twice_in_one_file_the_first_row_wins_with_a_warning() {
    let (_folder, mut plan) = plan(&[
        row("1", "a", 0, "a@x.example"),
        row("1", "a", 1, "b@x.example"),
    ]);
    let settled = plan.settle(None).expect("settle");
    assert_eq!((settled.profiles, settled.repeated), (1, 1));
    plan.meet_nobody(&[], newcomer);
    let batch = plan.batch(Stage::Create, 0, 500).expect("batch");
    assert_eq!(batch[0].member.address, "a@x.example");
    assert_eq!(batch[0].member.segments.iter().collect::<Vec<_>>(), [0]);
}

#[test]
fn rule_2_of_one_address_the_smallest_id_wins_with_all_tags_and_the_strictest_consent() {
    let mut objects = row("10", "a", 1, "A@x.example");
    objects.consent = Consent::No;
    let rows = [
        row("9", "a", 0, "a@x.example "),
        objects,
        row("", "a", 2, "a@X.example"),
    ];
    let (_folder, mut plan) = plan(&rows);
    assert_eq!(plan.settle(None).expect("settle").profiles, 3);
    plan.meet_nobody(&[], newcomer);
    let counts = plan.counts();
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
    plan.meet_nobody(&[], newcomer);
    let counts = plan.counts();
    assert_eq!(
        counts.profiles,
        counts.create + counts.merged + counts.rejected
    );
    let batch = plan.batch(Stage::Create, 0, 9).expect("batch");
    assert_eq!(batch[0].member.address, "b@x.example");
}

#[test]
fn a_limit_keeps_the_first_profiles() {
    let rows: Vec<_> = (0..5)
        .map(|n| row(&n.to_string(), "a", 0, &format!("p{n}@x.example")))
        .collect();
    let (_folder, mut plan) = plan(&rows);
    assert_eq!(plan.settle(Some(2)).expect("settle").profiles, 2);
    assert_eq!(plan.open_members(), 2);
}

#[test]
fn of_rows_in_any_order_a_limit_keeps_the_smallest_ids() {
    for order in [[3, 1, 0, 2], [0, 1, 2, 3], [2, 3, 1, 0]] {
        let rows = order.map(|n| row(&format!("id{n}"), "a", 0, &format!("p{n}@x.example")));
        let folder = tempfile::tempdir().expect("folder");
        let plan = Plan::create(&folder.path().join("plan")).expect("create");
        let mut plan = plan.unordered();
        plan.add(&rows).expect("add");
        assert_eq!(plan.settle(Some(2)).expect("settle").profiles, 2);
        plan.meet_nobody(&[], newcomer);
        let kept = plan.batch(Stage::Create, 0, 9).expect("batch");
        let kept = kept.iter().map(|one| one.member.address.as_str());
        let kept: std::collections::BTreeSet<_> = kept.collect();
        assert_eq!(kept, ["p0@x.example", "p1@x.example"].into(), "{order:?}");
    }
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
        contact_id: None,
        stamp: 0,
        address: key.to_owned(),
        key: key.to_owned(),
        id: None,
        status: Status::Transactional,
        fields: serde_json::Map::new(),
        tags: vec![],
        more_tags: false,
        language: String::new(),
    };
    let add = SegmentSet::only(0);
    plan.meet(
        &[contact("in@x.example"), contact("else@x.example")],
        |_, _| Decision::Update { add: add.clone() },
    )
    .expect("meet");
    let fake = PersonKey::of("fake@x.example");
    plan.meet_nobody(&[(fake, Reason::Fake)], newcomer);
    let counts = plan.counts();
    assert_eq!(
        (
            counts.update,
            counts.create,
            counts.suppressed,
            counts.update_not_mailable,
            counts.tags
        ),
        (1, 1, 1, 1, 2)
    );
    let update = plan.batch(Stage::Update, 0, 9).expect("batch").remove(0);
    assert_eq!(
        (update.before, update.add),
        (Some(Status::Transactional), add)
    );
}

fn saying(consent: Consent, row: PlannedRow) -> PlannedRow {
    PlannedRow { consent, ..row }
}

#[test]
fn rule_1_a_no_behind_the_limit_counts_and_the_limit_keeps_whole_persons() {
    let rows = [
        row("5", "a", 0, "both@x.example"),
        saying(Consent::No, row("3", "a", 1, "both@x.example")),
        row("7", "a", 0, "c@x.example"),
    ];
    for limit in 1..=3 {
        let (_folder, mut plan) = plan(&rows);
        assert_eq!(plan.settle(Some(limit)).expect("settle").profiles, limit);
        plan.meet_nobody(&[], newcomer);
        let counts = plan.counts();
        assert_eq!(counts.reasons[&Reason::NoConsent], 1, "{limit}");
        assert_eq!(counts.create, u64::from(limit == 3), "{limit}");
        assert_eq!(
            counts.profiles,
            counts.create + counts.merged + counts.suppressed
        );
    }
}

#[test]
fn rule_1_a_no_in_a_row_that_is_dropped_or_cannot_be_used_counts() {
    let mut unusable = saying(Consent::No, row("8", "a", 0, "b@x.example"));
    unusable.content = Err(Unfit {
        email: Some(" B@x.example".to_owned()),
        reason: Reason::RowTooLong,
        detail: String::new(),
    });
    let rows = [
        row("1", "a", 0, "a@x.example"),
        row("2", "a", 0, "b@x.example"),
        row("3", "a", 0, "c@x.example"),
        // The id stood in the file before, so the row is dropped; the address still said no.
        saying(Consent::No, row("3", "a", 0, "a@x.example")),
        unusable,
    ];
    for limit in [None, Some(2), Some(3)] {
        let (_folder, mut plan) = plan(&rows);
        plan.settle(limit).expect("settle");
        plan.meet_nobody(&[], newcomer);
        assert_eq!(plan.counts().create, 0, "{limit:?}");
    }
}

#[test]
fn rule_1_an_explicit_no_beats_silence_and_silence_beats_a_yes() {
    let both = |one, other| {
        let rows = [
            saying(one, row("1", "a", 0, "a@x.example")),
            saying(other, row("2", "a", 0, "a@x.example")),
        ];
        let (_folder, mut plan) = plan(&rows);
        plan.settle(None).expect("settle");
        plan.meet_nobody(&[], |consent, _| match consent {
            Consent::Yes => Decision::Create,
            Consent::Silent => Decision::Suppress(Reason::Unclear),
            Consent::No => Decision::Suppress(Reason::NoConsent),
        });
        let counts = plan.counts();
        counts.reasons.keys().next().copied()
    };
    for [one, other] in [
        [Consent::Yes, Consent::Silent],
        [Consent::Silent, Consent::Yes],
    ] {
        assert_eq!(both(one, other), Some(Reason::Unclear));
    }
    for other in Consent::ALL {
        assert_eq!(both(Consent::No, other), Some(Reason::NoConsent));
        assert_eq!(both(other, Consent::No), Some(Reason::NoConsent));
    }
    assert_eq!(both(Consent::Yes, Consent::Yes), None);
}

#[test]
fn ids_whose_rows_have_different_addresses_are_counted_and_two_rows_named() {
    let rows: Vec<_> = (0..4)
        .map(|n| row("company", "a", 0, &format!("p{n}@x.example")))
        .chain([
            row("b", "a", 0, "q@x.example"),
            row("b", "a", 0, "Q@x.example"),
        ])
        .collect();
    let (_folder, mut plan) = plan(&rows);
    let settled = plan.settle(None).expect("settle");
    assert_eq!((settled.apart, settled.repeated), (1, 4));
    assert_eq!(settled.examples, ["b (a:2)", "company (a:2)"]);
}

#[test]
fn what_was_not_understood_and_what_was_left_out_is_counted_for_those_who_are_written() {
    let mut rows = [
        row("1", "a", 0, "a@x.example"),
        row("2", "a", 0, "b@x.example"),
        row("3", "a", 0, "c@x.example"),
    ];
    for row in &mut rows {
        row.unclear = Some("Allow?".to_owned());
        row.content.as_mut().expect("usable").left_out = vec![LeftOut {
            field: "PHONE".to_owned(),
            detail: "PHONE: none".to_owned(),
        }];
    }
    rows[2].consent = Consent::No;
    rows[1].unclear = Some("SANT?".to_owned());
    let (_folder, mut plan) = plan(&rows);
    plan.settle(None).expect("settle");
    plan.meet_nobody(&[], newcomer);
    assert_eq!(
        plan.left_out().expect("count"),
        [("PHONE".to_owned(), 2)].into()
    );
    let unclear = plan.unclear_consent().expect("count");
    assert_eq!(
        unclear,
        [("Allow?".to_owned(), 2), ("SANT?".to_owned(), 1)].into()
    );
}

fn again(rejects: &[(&str, u64, &str)]) -> RejectsAgain {
    let mut again = RejectsAgain::default();
    for (profile, line, email) in rejects {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        again.add(&Reject {
            profile: some(profile),
            file: "a".to_owned(),
            line: *line,
            email: some(email),
            reason: Reason::InvalidEmail,
            detail: String::new(),
            kind: RejectKind::Person,
        });
    }
    again
}

#[test]
fn of_the_rejects_again_only_they_are_kept_and_a_no_elsewhere_counts() {
    let rows = [
        row("1", "a", 0, "a@x.example"),
        row("2", "a", 0, "b@x.example"),
        // The mended address is another profile's too, who has the smaller id, and of a row that says no.
        row("3", "a", 1, "a@x.example"),
        row("4", "a", 0, "c@x.example"),
        saying(Consent::No, row("5", "a", 0, "c@x.example")),
    ];
    let (_folder, mut plan) = plan(&rows);
    let settled = plan.settle(None).expect("settle");
    let rejects = again(&[("3", 2, "bad"), ("4", 2, "worse"), ("9", 2, "gone")]);
    let settled = plan.keep(&rejects, settled).expect("kept");
    assert_eq!((settled.profiles, settled.segments), (2, vec![2, 1]));
    plan.meet_nobody(&[], newcomer);
    let counts = plan.counts();
    assert_eq!((counts.profiles, counts.create), (2, 1));
    assert_eq!(counts.reasons[&Reason::NoConsent], 1);
    let whole = plan.batch(Stage::Create, 0, 9).expect("batch").remove(0);
    assert_eq!(whole.member.address, "a@x.example");
    assert_eq!(whole.member.segments.iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn without_ids_the_rejects_are_known_by_address_or_place() {
    let at = |line, email| {
        let mut row = row("", "a", 0, email);
        row.origin.line = line;
        row
    };
    let rows = [
        at(2, "a@x.example"),
        at(3, "mended@x.example"),
        at(9, "B@x.example"),
        at(5, "c@x.example"),
    ];
    let (_folder, mut plan) = plan(&rows);
    let settled = plan.settle(None).expect("settle");
    let rejects = again(&[("", 3, "mended@x"), ("", 4, "b@X.example"), ("7", 5, "")]);
    assert_eq!(plan.keep(&rejects, settled).expect("kept").profiles, 2);
    plan.meet_nobody(&[], newcomer);
    let kept = plan.batch(Stage::Create, 0, 9).expect("batch").into_iter();
    let kept: Vec<_> = kept.map(|one| one.member.address).collect();
    assert_eq!(kept, ["mended@x.example", "B@x.example"]);
    let none = RejectsAgain::default();
    let settled = plan.keep(&none, Settled::default()).expect("kept");
    assert_eq!((settled.profiles, plan.profiles()), (0, 0));
}

#[test]
fn only_people_who_may_fare_better_are_sent_again() {
    let (_folder, mut plan) = plan(&[row("1", "a", 0, "a@x.example")]);
    let mut again = RejectsAgain::default();
    let mut reject = Reject {
        profile: Some("1".to_owned()),
        file: String::new(),
        line: 0,
        email: None,
        reason: Reason::Fake,
        detail: String::new(),
        kind: RejectKind::Person,
    };
    again.add(&reject);
    (reject.reason, reject.kind) = (Reason::InvalidValue, RejectKind::Value);
    again.add(&reject);
    let settled = plan.settle(None).expect("settle");
    assert_eq!(plan.keep(&again, settled).expect("kept").profiles, 0);
}
