//! The rules that never break, sentence by sentence, over the whole way from a file to the sandbox's audience.

mod accounts;

use std::future::Future;
use std::pin::Pin;

use segue::deliver::Batch;
use segue::domain::{Reason, Status};
use segue::export::{Error, Options, Outcome, start};
use segue::store::{Disk, JournalWriter};
use serde_json::{Value, json};

use self::accounts::{accounted, joins, many_tags, unchanged};
use crate::support::{World, deliver, delivered_with, item, tags};

type Scenario = fn() -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! scenarios {
    ($($sentence:literal => $scenario:ident,)*) => {
        [$(($sentence, (|| Box::pin($scenario())) as Scenario)),*]
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sentence_of_rules_1_to_3_holds() {
    let table = scenarios! {
        "1: opted-out, bounced, archived and unconfirmed contacts are suppressed with a reason, not written" => suppressed,
        "1: a status is read before the first write, archived contacts by their own read" => read_first,
        "1: remembered refusals are suppressed and never sent again" => refusals,
        "1: transactional contacts get values and tags, keep their status, and are told as not mailable" => transactional,
        "1: new people go in create calls with the status the user chose" => created_as_chosen,
        "1: someone deleted meanwhile is not subscribed anew, but archived again at once" => recreated,
        "1: who was made anew by mistake is archived again even where that cannot be written down" => recreated_on_a_full_disk,
        "1: the first update call carries at most ten members" => ten_first,
        "1: after a lost answer to a create call its members are read back, none is lost or doubled" => lost_answers,
        "1: a contact who exists after all is never a reject" => exists_after_all,
        "1: only profiles whose consent attribute is a known yes are created" => consent,
        "1: a no is found under any spelling of an address's domain" => spellings,
        "1: the strictest consent of a profile wins, in whichever file or row it stands" => strictest_consent,
        "2: every profile is accounted for, bad rows once, merged ones by their winner" => accounted,
        "2: a second run names nobody in a call" => unchanged,
        "2: a member who only joins a segment is updated" => joins,
        "2: a contact of more tags than a list tells is asked for the rest before it is called changed" => many_tags,
        "3: an empty value is not sent and clears nothing" => empty_clears_nothing,
        "3: an empty value clears when the user said so" => clear_empty,
        "3: fields that are not mapped stay as others made them" => unmapped_stay,
        "4: a tag that others made is not touched unless adopted" => foreign_tags,
    };
    for (sentence, scenario) in table {
        println!("rule {sentence}");
        scenario().await;
    }
}

const STATUSES: [(&str, &str); 4] = [
    ("unsubscribed", "unsubscribed"),
    ("cleaned", "cleaned"),
    ("archived", "archived"),
    ("pending", "awaiting_confirmation"),
];

fn member(email: &str, status: &str) -> Value {
    json!({"email_address": email, "status": status, "merge_fields": {}, "tags": []})
}

async fn suppressed() {
    // Every one of them would be overwritten by a careless call: the faults make answers go missing as well.
    let held: Vec<Value> = STATUSES
        .iter()
        .map(|(status, _)| member(&format!("{status}@x.example"), status))
        .collect();
    let world = World::new(&held, &["drop-after=0.1", "500=0.1", "429=0.1"]).await;
    let rows: Vec<String> = STATUSES
        .iter()
        .map(|(status, _)| format!("{status}@X.example,New\n"))
        .collect();
    let source = world.file(
        "people.csv",
        &format!("email,first\n{}new@x.example,New\n", rows.concat()),
    );
    let before = world.members().await;
    let report = world.report(world.destination(&source, "", "", &[])).await;
    let after = world.members().await;
    for (status, reason) in STATUSES {
        let address = format!("{status}@x.example");
        assert_eq!(after[&address], before[&address], "{status} is left alone");
        assert_eq!(
            report.ended.counters.reasons[&Reason::parse(reason).expect("reason")],
            1
        );
    }
    assert_eq!(
        (
            report.ended.counters.suppressed,
            report.ended.counters.created
        ),
        (4, 1)
    );
}

async fn read_first() {
    let held = [
        member("a@x.example", "archived"),
        member("b@x.example", "subscribed"),
    ];
    let world = World::new(&held, &[]).await;
    let source = world.file("people.csv", "email,first\na@x.example,A\n");
    world.report(world.destination(&source, "", "", &[])).await;
    let stats = world.stats().await;
    assert_eq!(
        stats["requests"]["POST /3.0/lists/{list_id}"],
        Value::Null,
        "nothing was left to write"
    );
}

async fn refusals() {
    let world = World::new(&[], &["compliance=1"]).await;
    let source = world.file("people.csv", "email,first\na@x.example,A\n");
    let first = world.report(world.destination(&source, "", "", &[])).await;
    assert_eq!((first.ended.counters.rejected, first.ended.exit), (1, 3));
    let second = world.report(world.destination(&source, "", "", &[])).await;
    assert_eq!(second.ended.counters.reasons[&Reason::Compliance], 1);
    assert_eq!(
        (
            second.ended.counters.suppressed,
            second.ended.counters.writes
        ),
        (1, 0)
    );
}

async fn transactional() {
    let world = World::new(&[member("a@x.example", "transactional")], &[]).await;
    let source = world.file("people.csv", "email,first\na@x.example,Anna\n");
    let report = world.report(world.destination(&source, "", "", &[])).await;
    let after = &world.members().await["a@x.example"];
    assert_eq!(
        (
            report.ended.counters.updated,
            report.ended.counters.not_mailable
        ),
        (1, 1)
    );
    assert_eq!(after["status"], "transactional");
    assert_eq!(after["merge_fields"]["FNAME"], "Anna");
    assert_eq!(tags(after), ["all-profiles"]);
}

async fn created_as_chosen() {
    for status in ["subscribed", "pending", "transactional"] {
        let world = World::new(&[], &[]).await;
        let source = world.file("people.csv", "email,first\na@x.example,A\n");
        let top = format!("status_if_new = '{status}'");
        let report = world
            .report(world.destination(&source, &top, "", &[]))
            .await;
        assert_eq!(report.ended.counters.created, 1);
        assert_eq!(world.members().await["a@x.example"]["status"], status);
    }
}

async fn recreated() {
    let world = World::new(&[], &[]).await;
    let gone = item("gone@x.example", Some(Status::Subscribed));
    let verdict = deliver(&world, Batch::Update(vec![gone])).await;
    assert_eq!((verdict.recreated, verdict.updated), (1, 0));
    assert_eq!(verdict.reasons[&Reason::Archived], 1);
    assert_eq!(
        world.members().await["gone@x.example"]["status"],
        "archived"
    );
}

/// A disk that takes so many writes.
#[derive(Debug)]
struct Full(usize);

impl Disk for Full {
    fn write_all(&mut self, _bytes: &[u8]) -> std::io::Result<()> {
        let room = self.0.checked_sub(1);
        self.0 = room.ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(())
    }

    fn sync_data(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn recreated_on_a_full_disk() {
    let world = World::new(&[], &[]).await;
    let path = world.folder.path().join("journal");
    // The intent still fits on it, the result does not.
    let disk = |room| Box::new(Full(room)) as Box<dyn Disk>;
    let journal = JournalWriter::on((path.clone(), disk(0)), (path, disk(1)), 0);
    let gone = item("gone@x.example", Some(Status::Subscribed));
    let (verdict, delivered) = delivered_with(&world, Batch::Update(vec![gone]), journal).await;
    assert_eq!(verdict.recreated, 1);
    assert!(
        matches!(delivered, Err(segue::deliver::Error::Store(_))),
        "{delivered:?}"
    );
    assert_eq!(
        world.members().await["gone@x.example"]["status"],
        "archived"
    );
}

async fn exists_after_all() {
    let world = World::new(
        &[
            member("a@x.example", "unsubscribed"),
            member("b@x.example", "subscribed"),
        ],
        &[],
    )
    .await;
    let items = vec![item("a@x.example", None), item("b@x.example", None)];
    let verdict = deliver(&world, Batch::Create(items)).await;
    assert_eq!(verdict.rejected, 0);
    assert_eq!(
        (verdict.reasons[&Reason::Unsubscribed], verdict.updated),
        (1, 1)
    );
    let members = world.members().await;
    assert_eq!(members["a@x.example"]["status"], "unsubscribed");
    assert_eq!(members["b@x.example"]["merge_fields"]["FNAME"], "New");
}

async fn ten_first() {
    let held: Vec<Value> = (0..30)
        .map(|n| member(&format!("p{n}@x.example"), "subscribed"))
        .collect();
    let world = World::new(&held, &[]).await;
    let rows: Vec<String> = (0..30).map(|n| format!("p{n}@x.example,New\n")).collect();
    let source = world.file("people.csv", &format!("email,first\n{}", rows.concat()));
    let report = world.report(world.destination(&source, "", "", &[])).await;
    // Ten in the call that tries it out, which are read again one by one, and twenty in the second.
    assert_eq!(
        (report.ended.counters.updated, report.ended.counters.writes),
        (30, 2)
    );
    let stats = world.stats().await;
    assert_eq!(
        stats["requests"]["GET /3.0/lists/{list_id}/members/{subscriber_hash}"], 10,
        "{stats}"
    );
}

async fn lost_answers() {
    // Members of a lost call are read back one by one, ten tries each: rates so high that all ten may fail test nothing.
    let world = World::new(&[], &["drop-after=0.2", "drop-before=0.02", "500=0.02"]).await;
    let rows: Vec<String> = (0..2200)
        .map(|n| format!("p{n}@x.example,Name{n}\n"))
        .collect();
    let source = world.file("people.csv", &format!("email,first\n{}", rows.concat()));
    let report = world.report(world.destination(&source, "", "", &[])).await;
    assert_eq!(
        (
            report.ended.counters.created,
            report.ended.counters.rejected
        ),
        (2200, 0)
    );
    let members = world.members().await;
    assert_eq!(members.len(), 2200);
    assert!(
        members
            .values()
            .all(|member| member["status"] == "subscribed" && tags(member) == ["all-profiles"])
    );
}

async fn consent() {
    let world = World::new(&[member("old@x.example", "subscribed")], &[]).await;
    let people = "email,first,optin\nyes@x.example,A,Ja\nno@x.example,B,No\nempty@x.example,C,\nold@x.example,D,\n";
    let source = world.file("people.csv", people);
    let destination = world.destination(&source, "consent_attribute = 'optin'", "", &[]);
    let report = world.report(destination).await;
    let members = world.members().await;
    assert_eq!(
        members.keys().collect::<Vec<_>>(),
        ["old@x.example", "yes@x.example"]
    );
    assert_eq!(report.ended.counters.reasons[&Reason::NoConsent], 2);
    assert_eq!(members["old@x.example"]["status"], "subscribed");
}

async fn spellings() {
    let held = [
        member("kalle@xn--exempel--h0a.example", "unsubscribed"),
        member("nisse@xn--exempel--h0a.example", "subscribed"),
    ];
    let world = World::new(&held, &[]).await;
    let source = world.file(
        "people.csv",
        "email,first\nkalle@exempel-å.example,K\nnisse@exempel-å.example,N\n",
    );
    let report = world.report(world.destination(&source, "", "", &[])).await;
    assert_eq!(
        (
            report.ended.counters.suppressed,
            report.ended.counters.updated
        ),
        (1, 1)
    );
    let members = world.members().await;
    assert_eq!(members.len(), 2);
    assert_eq!(
        members["kalle@xn--exempel--h0a.example"]["status"],
        "unsubscribed"
    );
    assert_eq!(
        members["nisse@xn--exempel--h0a.example"]["merge_fields"]["FNAME"],
        "N"
    );
}

async fn strictest_consent() {
    let world = World::new(&[], &[]).await;
    world.file(
        "alpha.csv",
        "id,email,first,optin\n1,a@x.example,A,yes\n2,b@x.example,B,yes\n3,c@x.example,C,yes\n",
    );
    let beta = world.file(
        "beta.csv",
        "id,email,first,optin\n1,a@x.example,A,no\n4,B@x.example,B,no\n",
    );
    let folder = beta.parent().expect("folder");
    let destination = world.destination(
        folder,
        "consent_attribute = 'optin'",
        "",
        &["alpha", "beta"],
    );
    let report = world.report(destination).await;
    assert_eq!(
        (
            report.ended.counters.created,
            report.ended.counters.reasons[&Reason::NoConsent]
        ),
        (1, 2)
    );
    assert_eq!(
        world.members().await.keys().collect::<Vec<_>>(),
        ["c@x.example"]
    );
}

async fn with_name(top: &str) -> Value {
    let held = json!({"email_address": "a@x.example", "status": "subscribed",
        "merge_fields": {"FNAME": "Kept", "LNAME": "Others"}, "tags": ["Theirs"]});
    let world = World::new(&[held], &[]).await;
    let source = world.file("people.csv", "email,first\na@x.example,\n");
    world.report(world.destination(&source, top, "", &[])).await;
    world.members().await["a@x.example"].clone()
}

async fn empty_clears_nothing() {
    assert_eq!(with_name("").await["merge_fields"]["FNAME"], "Kept");
}

async fn clear_empty() {
    assert_eq!(
        with_name("clear_empty = true").await["merge_fields"]["FNAME"],
        ""
    );
}

async fn unmapped_stay() {
    let after = with_name("").await;
    assert_eq!(after["merge_fields"]["LNAME"], "Others");
    assert_eq!(tags(&after), ["Theirs", "all-profiles"]);
}

async fn foreign_tags() {
    let held = json!({"email_address": "b@x.example", "status": "subscribed", "merge_fields": {}, "tags": ["VIP"]});
    let world = World::new(&[held], &[]).await;
    let source = world.file("people.csv", "email,first,tier\na@x.example,A,vip\n");
    let tables = "[folder]\nsegment_by = 'tier'";
    let ending = world
        .export(
            world.destination(&source, "", tables, &["vip"]),
            segue::export::Options::default(),
        )
        .await;
    let ended = ending.report.expect("report").ended;
    assert_eq!(
        (ended.exit, ended.guard.as_deref(), ended.counters.writes),
        (6, Some("foreign_tags"), 0)
    );
    assert!(ended.counters.sum_holds());
    let report = world
        .report(world.destination(&source, "adopt_tags = true", tables, &["vip"]))
        .await;
    assert_eq!(report.ended.counters.created, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_takes_no_writes_ends_the_run_and_rejects_nobody() {
    let world = World::new(&[], &["drop-before=1"]).await;
    let source = world.file("people.csv", "email,first\na@x.example,A\nb@x.example,B\n");
    let ending = world
        .export(
            world.destination(&source, "", "", &[]),
            segue::export::Options::default(),
        )
        .await;
    let ended = ending.report.expect("report").ended;
    assert_eq!((ended.exit, ended.counters.rejected), (5, 0));
    assert!(ended.counters.sum_holds());
}

/// Shows that the count of raised statuses can be other than zero: a call that breaks rule 1 on purpose.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_report_cannot_be_written_is_not_done() {
    let world = World::new(&[], &[]).await;
    let source = world.file("people.csv", "email,first\na@x.example,A\n");
    let destination = world.destination(&source, "", "", &[]);
    let mut running = start(world.order(destination, Options::default()));
    let begun = running.progress.wait_for(|now| !now.run.is_empty()).await;
    let run = begun.expect("begun").run.clone();
    // Where a folder stands no file can be put.
    let in_the_way = world.home().runs().join(run).join("report.json");
    std::fs::create_dir(in_the_way).expect("folder");
    let ending = running.done.await.expect("the run ends");
    assert!(
        matches!(ending.failure, Some(Error::Store(_))),
        "{:?}",
        ending.failure
    );
    let ended = ending.report.expect("report").ended;
    assert_eq!((ended.outcome, ended.exit), (Outcome::Failed, 1));
    assert_eq!(ended.counters.created, 1);
}

#[tokio::test]
async fn a_call_that_raises_a_status_is_counted_by_the_sandbox() {
    let world = World::new(&[member("a@x.example", "unsubscribed")], &[]).await;
    let service = world.service();
    let client = service.client.clone();
    let url = format!("{}/lists/{}", service.api, world.audience());
    let body = json!({"members": [{"email_address": "a@x.example", "status": "subscribed"}], "update_existing": true});
    let request = service
        .credential
        .authorize(client.inner().post(url))
        .json(&body);
    assert!(
        client
            .send(request)
            .await
            .expect("answer")
            .status
            .is_success()
    );
    assert_eq!(world.stats().await["statuses_raised"], 1);
}
