//! Who said no, and what does not fit, over the whole way from a file to the sandbox's audience.

use segue::domain::{MaxProfiles, Reason, RejectKind};
use segue::export::{Error, Guard, Options};
use segue::store::{RejectReader, Runs};
use serde_json::{Value, json};

use crate::support::{World, tags};

const CONSENT: &str = "consent_attribute = 'optin'";

fn member(email: &str) -> Value {
    json!({"email_address": email, "status": "subscribed", "merge_fields": {}, "tags": []})
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_an_existing_contact_who_says_no_in_the_source_gets_neither_values_nor_tags() {
    let held = ["no@x.example", "blank@x.example", "odd@x.example"].map(member);
    let world = World::new(&held, &[]).await;
    let people = "email,first,optin\nno@x.example,A,No\nblank@x.example,B,\nodd@x.example,C,Perhaps\nnew@x.example,D,Perhaps\n";
    let source = world.file("people.csv", people);
    let report = world
        .report(world.destination(&source, CONSENT, "", &[]))
        .await;
    let members = world.members().await;
    let said_no = &members["no@x.example"];
    assert!(tags(said_no).is_empty() && said_no["merge_fields"]["FNAME"] != "A");
    for (address, name) in [("blank@x.example", "B"), ("odd@x.example", "C")] {
        assert_eq!(
            members[address]["merge_fields"]["FNAME"], name,
            "silence does not concern who is there"
        );
        assert_eq!(tags(&members[address]).len(), 1);
    }
    assert_eq!(members.len(), 3, "an unclear answer creates nobody");
    let counters = &report.ended.counters;
    assert_eq!(
        (counters.updated, counters.reasons[&Reason::NoConsent]),
        (2, 2)
    );
    assert_eq!(
        counters.consent_not_understood,
        [("Perhaps".to_owned(), 2)].into()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_persons_no_counts_wherever_it_stands_in_the_source_limit_or_not() {
    let world = World::new(&[], &[]).await;
    let people = "id,email,first,optin\n1,both@x.example,A,yes\n2,both@x.example,B,no\n3,c@x.example,C,yes\n";
    let source = world.file("people.csv", people);
    let options = Options {
        limit: Some(1),
        ..Options::default()
    };
    let ending = world
        .export(world.destination(&source, CONSENT, "", &[]), options)
        .await;
    let counters = ending.report.expect("a report").ended.counters;
    assert_eq!((counters.profiles, counters.suppressed), (1, 1));
    assert!(world.members().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_a_saved_objection_with_values_is_refused_before_any_call() {
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", "email,first,stop\na@x.example,A,no\n");
    let destination = world.destination(&source, "consent_attribute = '!stop=yes'", "", &[]);
    let failure = world.export(destination, Options::default()).await.failure;
    let failure = failure.expect("refused");
    assert!(matches!(failure, Error::AmbiguousConsent(_)), "{failure}");
    assert_eq!(failure.exit(), 2);
    assert!(world.members().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_a_value_that_does_not_fit_an_optional_field_is_left_out_and_makes_no_reject() {
    let world = World::new(&[], &[]).await;
    let long = "x".repeat(300);
    let source = world.file(
        "people.csv",
        &format!("email,first\na@x.example,{long}\nb@x.example,B\n"),
    );
    for run in ["first", "second"] {
        let report = world.report(world.destination(&source, "", "", &[])).await;
        let counters = &report.ended.counters;
        assert_eq!(
            counters.values_left_out,
            [("FNAME".to_owned(), 1)].into(),
            "{run}"
        );
        assert_eq!((counters.rejected, report.ended.exit), (0, 0), "{run}");
        assert_eq!(counters.updated, 0, "{run}");
        let newest = Runs::of(&world.home()).list().expect("runs").remove(0);
        let rejects = RejectReader::open(&newest.rejects())
            .expect("open")
            .expect("there");
        let rejects: Vec<_> = rejects.map(|reject| reject.expect("read")).collect();
        assert_eq!(rejects.len(), 1, "{run}");
        assert_eq!(
            (rejects[0].kind, rejects[0].line),
            (RejectKind::Value, 2),
            "{run}"
        );
    }
    assert_eq!(world.members().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_repeated_ids_and_segments_are_told_by_the_report() {
    let world = World::new(&[], &[]).await;
    let people =
        "id,email,first\n1,a@x.example,A\n1,b@x.example,B\n1,c@x.example,C\n2,d@x.example,D\n";
    let source = world.file("people.csv", people);
    let counters = world
        .report(world.destination(&source, "", "", &[]))
        .await
        .ended
        .counters;
    assert_eq!((counters.repeated_ids, counters.created), (2, 2));
    assert_eq!(
        counters.repeated_examples,
        ["1 (people.csv:3)", "1 (people.csv:4)"]
    );
    let [segment] = counters.segments.values().copied().collect::<Vec<_>>()[..] else {
        panic!("one segment: {:?}", counters.segments);
    };
    assert_eq!((segment.profiles, segment.members), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_more_than_max_profiles_ends_the_reading_before_the_first_write() {
    let world = World::new(&[], &[]).await;
    let rows: Vec<String> = (0..5000)
        .map(|n| format!("{n},p{n}@x.example,A\n"))
        .collect();
    let source = world.file("people.csv", &format!("id,email,first\n{}", rows.concat()));
    let mut destination = world.destination(&source, "", "", &[]);
    destination.max_profiles = MaxProfiles(1000);
    let failure = world
        .export(destination.clone(), Options::default())
        .await
        .failure;
    let guard = failure.as_ref().and_then(Error::guard);
    assert_eq!(guard, Some(Guard::MaxProfiles { limit: 1000 }));
    assert!(world.members().await.is_empty());
    // A thousand of them are asked for, and no more: then the limit is kept.
    let options = Options {
        limit: Some(10),
        ..Options::default()
    };
    let ending = world.export(destination, options).await;
    assert!(ending.failure.is_none());
    assert_eq!(world.members().await.len(), 10);
}
