//! What is read of an audience besides its contacts: who has a tag, and what is sent to it.

use std::collections::BTreeSet;

use segue::deliver::{Automation, Caller, Error, Mailchimp, Stop};
use segue::domain::Status;
use segue::http::Pacer;
use serde_json::{Value, json};

use super::support::World;

fn over(world: &World) -> Mailchimp {
    let (tell, mut notices) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move { while notices.recv().await.is_some() {} });
    let caller = Caller::new(0, world.service(), Pacer::new(1), tell, Stop::default());
    Mailchimp::over(caller.expect("lane"))
}

/// Lets others do something to the audience.
async fn step(world: &World, steps: Value) {
    let (listening, audience) = (world.ready("listening"), world.audience());
    let url = format!("http://{listening}/sandbox/audiences/{audience}/steps");
    let sent = reqwest::Client::new().post(url).json(&steps).send().await;
    assert_eq!(sent.expect("an answer").status(), 204, "{steps}");
}

fn member(email: &str, status: &str, tags: &[&str]) -> Value {
    json!({ "email_address": email, "status": status, "tags": tags })
}

fn gold_and_other() -> [Value; 6] {
    [
        member("a@example.com", "subscribed", &["Gold", "Other"]),
        member("b@example.com", "unsubscribed", &["Gold"]),
        member("c@example.com", "cleaned", &["Gold"]),
        member("d@example.com", "transactional", &["Gold"]),
        member("e@example.com", "archived", &["Gold"]),
        member("f@example.com", "subscribed", &["Other"]),
    ]
}

#[tokio::test]
async fn who_has_a_tag_is_listed_whatever_the_status() {
    let world = World::new(&gold_and_other(), &[]).await;
    let (mailchimp, audience) = (over(&world), world.audience());
    let tags = mailchimp.static_segments(&audience).await.expect("tags");
    let told: Vec<(&str, u64)> = tags
        .iter()
        .map(|tag| (tag.name.as_str(), tag.members))
        .collect();
    assert_eq!(told, [("Gold", 1), ("Other", 2)]);
    let gold = tags[0].id;
    let (holders, counted) = mailchimp
        .tag_members(&audience, gold, 0)
        .await
        .expect("a page");
    let told: Vec<(&str, Status)> = holders
        .iter()
        .map(|one| (one.address.as_str(), one.status))
        .collect();
    assert_eq!(
        told,
        [
            ("a@example.com", Status::Subscribed),
            ("b@example.com", Status::Unsubscribed),
            ("c@example.com", Status::Cleaned),
            ("d@example.com", Status::Transactional),
        ]
    );
    assert_eq!(counted, Some(4));
    assert_eq!(holders[0].id, "b418773a2c51fb9777a1648346fa7394");
    assert_eq!(holders[0].contact_id.len(), 32);
    let (rest, _) = mailchimp
        .tag_members(&audience, gold, 4)
        .await
        .expect("a page");
    assert!(rest.is_empty());
    let why = mailchimp
        .tag_members(&audience, 999, 0)
        .await
        .expect_err("no such tag");
    assert!(matches!(why, Error::NotFound { .. }), "{why:?}");
}

#[tokio::test]
async fn contacts_are_taken_out_of_one_tag_and_the_others_are_not_named() {
    let world = World::new(&gold_and_other(), &[]).await;
    let (mailchimp, audience) = (over(&world), world.audience());
    let tags = mailchimp.static_segments(&audience).await.expect("tags");
    let gold = tags[0].id;
    let out: Vec<String> = [
        "a@example.com",
        "b@example.com",
        "e@example.com",
        "f@example.com",
        "x@example.com",
    ]
    .map(String::from)
    .into();
    let done = mailchimp
        .remove_from_tag(&audience, gold, &out)
        .await
        .expect("done");
    assert_eq!(done.removed, ["a@example.com", "b@example.com"]);
    assert!(done.errors.is_empty() && !done.repeated);
    let again = mailchimp
        .remove_from_tag(&audience, gold, &out)
        .await
        .expect("done");
    assert!(again.removed.is_empty());
    let (left, _) = mailchimp
        .tag_members(&audience, gold, 0)
        .await
        .expect("a page");
    let left: BTreeSet<&str> = left.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(left, BTreeSet::from(["c@example.com", "d@example.com"]));
}

#[tokio::test]
async fn a_removal_whose_answer_was_lost_says_that_it_may_have_been_done() {
    let members = [member("a@example.com", "subscribed", &["Gold"])];
    let world = World::new(&members, &["drop-after=0.3"]).await;
    let (mailchimp, audience) = (over(&world), world.audience());
    let gold = mailchimp.static_segments(&audience).await.expect("tags")[0].id;
    for _ in 0..20 {
        step(&world, json!({ "tag": ["a@example.com", "Gold"] })).await;
        let out = ["a@example.com".to_owned()];
        let done = mailchimp
            .remove_from_tag(&audience, gold, &out)
            .await
            .expect("done");
        assert_eq!(done.removed.is_empty(), done.repeated);
    }
}

#[tokio::test]
async fn mails_sent_since_and_automations_are_those_of_the_audience() {
    let world = World::new(&[], &[]).await;
    let (mailchimp, audience) = (over(&world), world.audience());
    let since = "2026-05-01T10:00:00.5Z".parse().expect("a time");
    let none = mailchimp.campaigns_since(&audience, since).await;
    assert!(none.expect("campaigns").is_empty());
    assert!(
        mailchimp
            .automations(&audience)
            .await
            .expect("automations")
            .is_empty()
    );
    step(
        &world,
        json!([
            { "campaign": { "title": "July", "send_time": "2026-07-01T10:00:00Z" } },
            { "campaign": { "title": "", "subject_line": "Hi", "send_time": "2026-06-01T10:00:00Z" } },
            { "campaign": { "title": "April", "send_time": "2026-04-01T10:00:00Z" } },
            { "campaign": { "title": "Never" } },
            { "campaign": { "title": "Else", "send_time": "2026-06-02T10:00:00Z", "list_id": "other" } },
            { "automation": { "title": "Welcome", "workflow_type": "welcomeSeries" } },
            { "automation": { "title": "Old", "workflow_type": "tagSubscriber", "status": "paused" } },
            { "automation": { "title": "Else", "workflow_type": "welcomeSeries", "list_id": "other" } },
        ]),
    )
    .await;
    let sent = mailchimp
        .campaigns_since(&audience, since)
        .await
        .expect("campaigns");
    let told: Vec<String> = sent
        .iter()
        .map(|one| format!("{} {}", one.title, one.sent))
        .collect();
    assert_eq!(
        told,
        ["Hi 2026-06-01T10:00:00Z", "July 2026-07-01T10:00:00Z"]
    );
    let automation = |title: &str, workflow: &str, sending| Automation {
        title: title.to_owned(),
        workflow: workflow.to_owned(),
        sending,
    };
    assert_eq!(
        mailchimp.automations(&audience).await.expect("automations"),
        [
            automation("Welcome", "welcomeSeries", true),
            automation("Old", "tagSubscriber", false)
        ]
    );
}
