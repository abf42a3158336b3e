//! What the program makes of answers that Mailchimp, or something before it, gives now and then: nobody who said no is
//! mailed, nobody is lost, and no run goes on for ever.

use md5::{Digest, Md5};
use reqwest::Method;
use segue::domain::Reason;
use segue::export::{Counters, Ended, Options};
use segue::store::{Ledger, Runs};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::tamper::{Act, Call, Tamper};

fn member(at: usize, status: &str) -> Value {
    json!({"email_address": address(at), "status": status, "merge_fields": {}, "tags": []})
}

fn address(at: usize) -> String {
    format!("p{at}@x.example")
}

fn hash(address: &str) -> String {
    let hash = Md5::digest(address.as_bytes());
    let bytes: Vec<String> = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

/// Exports so many people through what stands between, and tells how it ended and what was called.
async fn export(
    world: &mut World,
    people: usize,
    options: Options,
    before: impl Fn(&mut Call, usize) -> Act + Send + Sync + 'static,
    after: impl Fn(&Call, &mut Value) + Send + Sync + 'static,
) -> (Ended, Vec<Call>) {
    let tamper = Tamper::start(world.ready("mailchimp_api"), before, after).await;
    world.between = Some(tamper.root.clone());
    let rows: Vec<String> = (0..people)
        .map(|at| format!("{},New\n", address(at)))
        .collect();
    let source = world.file("people.csv", &format!("email,first\n{}", rows.concat()));
    let destination = world.destination(&source, "", "", &[]);
    let ending = world.export(destination, options).await;
    world.between = None;
    let ended = ending.report.expect("report").ended;
    assert!(ended.counters.sum_holds(), "{:?}", ended.counters);
    assert_eq!(ended.counters.statuses_raised, 0);
    (ended, tamper.calls())
}

fn pass(_: &mut Call, _: usize) -> Act {
    Act::Pass
}

fn untouched(_: &Call, _: &mut Value) {}

fn suppressed(counters: &Counters, reason: Reason) -> u64 {
    counters.reasons.get(&reason).copied().unwrap_or(0)
}

fn batches(calls: &[Call]) -> usize {
    calls.iter().filter(|call| call.is_batch()).count()
}

fn look_ups(calls: &[Call]) -> usize {
    let one = |call: &&Call| call.method == Method::GET && call.target.contains("/members/");
    calls.iter().filter(one).count()
}

fn is_archived_page(call: &Call) -> bool {
    call.is_page() && call.target.contains("status=archived")
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_lists_are_read_until_a_page_is_empty_whatever_is_counted() {
    let held: Vec<Value> = (0..12).map(|at| member(at, "archived")).collect();
    let mut world = World::new(&held, &[]).await;
    let zero = |call: &Call, answer: &mut Value| {
        if is_archived_page(call) {
            answer["total_items"] = json!(0);
        }
    };
    // Nothing that changed since the run began explains the count.
    let unchanged = |call: &mut Call, _| {
        if let Some((before, _)) = call.target.split_once("&since_last_changed=") {
            call.target = format!("{before}&since_last_changed=2099-01-01");
        }
        Act::Pass
    };
    let (ended, calls) = export(&mut world, 60, Options::default(), unchanged, zero).await;
    assert_eq!((ended.exit, ended.counters.created), (0, 48));
    assert_eq!(suppressed(&ended.counters, Reason::Archived), 12);
    assert_eq!(
        look_ups(&calls),
        48,
        "who would be created is asked for by itself"
    );
    assert_eq!(world.stats().await["statuses_raised"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_audience_costs_a_handful_of_reads() {
    let mut world = World::new(&[], &[]).await;
    let (ended, calls) = export(&mut world, 600, Options::default(), pass, untouched).await;
    assert_eq!((ended.counters.created, batches(&calls)), (600, 2));
    assert!(calls.len() <= 14, "{} calls", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_repeats_itself_ends_the_run_with_words() {
    let held: Vec<Value> = (0..10).map(|at| member(at, "unsubscribed")).collect();
    let mut world = World::new(&held, &[]).await;
    let again = |call: &mut Call, _| {
        let offset = format!("offset={}", call.option("offset"));
        call.target = call.target.replace(&offset, "offset=0");
        Act::Pass
    };
    let (ended, calls) = export(&mut world, 60, Options::default(), again, untouched).await;
    assert_eq!(ended.counters.writes, 0);
    assert!(ended.exit == 1 || ended.exit == 5);
    assert!(calls.len() < 20, "{} calls", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_not_answered_in_time_become_smaller() {
    let held: Vec<Value> = (0..1500).map(|at| member(at, "subscribed")).collect();
    let mut world = World::new(&held, &[]).await;
    let slow = |call: &mut Call, _| {
        if call.is_page() && call.option("count") > 500 {
            return Act::Answer(504, "<html>Gateway Time-out</html>".to_owned());
        }
        Act::Pass
    };
    let (ended, calls) = export(&mut world, 40, Options::default(), slow, untouched).await;
    assert_eq!((ended.exit, ended.counters.updated), (0, 40));
    assert!(calls.len() < 60, "{} calls", calls.len());
}

/// Somebody signs up by another way and is archived again.
fn comes_and_goes(list: &str, at: usize) -> Act {
    let who = address(at);
    let members = format!("/3.0/lists/{list}/members");
    Act::First(vec![
        (
            Method::POST,
            members.clone(),
            json!({"email_address": who, "status": "subscribed"}),
        ),
        (
            Method::DELETE,
            format!("{members}/{}", hash(&who)),
            Value::Null,
        ),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_who_is_archived_before_the_creates_begin_is_taken_out() {
    let mut world = World::new(&[], &[]).await;
    let list = world.ready("audience_id").to_owned();
    let seen = std::sync::atomic::AtomicUsize::new(0);
    let archived = move |call: &mut Call, _| {
        let changed = is_archived_page(call) && call.target.contains("since_last_changed");
        // The first reading is the comparison's; the second comes right before the creates.
        if changed && seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            return comes_and_goes(&list, 3);
        }
        Act::Pass
    };
    let (ended, _) = export(&mut world, 30, Options::default(), archived, untouched).await;
    assert_eq!((ended.counters.created, ended.counters.recreated), (29, 0));
    assert_eq!(suppressed(&ended.counters, Reason::Archived), 1);
    assert_eq!(world.members().await[&address(3)]["status"], "archived");
}

/// The service's own times prove that some of the new members were there before.
fn with_old_times(count: usize) -> impl Fn(&Call, &mut Value) + Send + Sync + 'static {
    move |_, answer| {
        let new = answer["new_members"].as_array_mut();
        for member in new.into_iter().flatten().take(count) {
            member["timestamp_signup"] = json!("2019-03-04T10:00:00+00:00");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_who_was_there_before_by_the_services_times_is_archived_again() {
    let mut world = World::new(&[], &[]).await;
    let (ended, _) = export(&mut world, 30, Options::default(), pass, with_old_times(1)).await;
    assert_eq!((ended.counters.created, ended.counters.recreated), (29, 1));
    assert_eq!(suppressed(&ended.counters, Reason::Archived), 1);
    let members = world.members().await;
    let archived = members
        .values()
        .filter(|member| member["status"] == "archived");
    assert_eq!(archived.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_an_archiving_that_failed_is_done_by_the_next_run() {
    let mut world = World::new(&[], &[]).await;
    let failing = |call: &mut Call, _| {
        if call.method == Method::DELETE {
            return Act::Answer(403, r#"{"title": "Forbidden"}"#.to_owned());
        }
        Act::Pass
    };
    let (ended, _) = export(
        &mut world,
        30,
        Options::default(),
        failing,
        with_old_times(1),
    )
    .await;
    assert_eq!((ended.exit, ended.counters.recreated), (1, 1));
    let (ended, _) = export(&mut world, 30, Options::default(), pass, untouched).await;
    assert_eq!((ended.exit, ended.counters.unchanged), (0, 29));
    assert_eq!(suppressed(&ended.counters, Reason::Archived), 1);
    let (ended, calls) = export(&mut world, 30, Options::default(), pass, untouched).await;
    assert_eq!(ended.counters.writes, 0, "{} calls", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_more_than_twenty_made_anew_stop_the_run() {
    let mut world = World::new(&[], &[]).await;
    let (ended, _) = export(&mut world, 30, Options::default(), pass, with_old_times(21)).await;
    assert_eq!((ended.exit, ended.guard.as_deref()), (6, Some("recreated")));
    let members = world.members().await;
    let archived = members
        .values()
        .filter(|member| member["status"] == "archived");
    assert_eq!(archived.count(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_members_whom_an_answer_leaves_out_are_looked_up_once_and_count_as_created() {
    let mut world = World::new(&[], &[]).await;
    let fewer = |call: &Call, answer: &mut Value| {
        if let (true, Some(new)) = (call.is_batch(), answer["new_members"].as_array_mut()) {
            let mut at = 0;
            new.retain(|_| {
                at += 1;
                at % 5 != 0
            });
        }
    };
    let (ended, calls) = export(&mut world, 40, Options::default(), pass, fewer).await;
    assert_eq!((ended.exit, ended.counters.created), (0, 40));
    assert_eq!((look_ups(&calls), batches(&calls)), (8, 1));
}

/// Keeps one person's row from the service, and puts a row of our own in its place.
fn instead_of(
    at: usize,
    row: Value,
) -> (
    impl Fn(&mut Call, usize) -> Act + Send + Sync + 'static,
    impl Fn(&Call, &mut Value) + Send + Sync + 'static,
) {
    let who = address(at);
    let cut = move |call: &mut Call, _: usize| {
        if let Some(members) = call.body["members"].as_array_mut() {
            members.retain(|member| member["email_address"] != who.as_str());
        }
        Act::Pass
    };
    let told = move |_: &Call, answer: &mut Value| {
        if let Some(errors) = answer["errors"].as_array_mut() {
            errors.push(row.clone());
        }
    };
    (cut, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_an_error_without_an_address_costs_one_look_up_round() {
    let mut world = World::new(&[], &[]).await;
    let row = json!({"email_address": null, "error": "Something is wrong with this one.", "error_code": "ERROR_GENERIC"});
    let (cut, told) = instead_of(7, row);
    let (ended, calls) = export(&mut world, 30, Options::default(), cut, told).await;
    assert_eq!((ended.counters.created, ended.counters.rejected), (29, 1));
    assert_eq!(suppressed(&ended.counters, Reason::Refused), 1);
    assert_eq!((look_ups(&calls), batches(&calls)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_who_exists_by_one_call_and_not_by_the_next_three_is_unclear() {
    let mut world = World::new(&[], &[]).await;
    let row = json!({"email_address": address(7), "error": "p7@x.example is already a list member.", "error_code": "ERROR_CONTACT_EXISTS"});
    let (cut, told) = instead_of(7, row);
    let (ended, calls) = export(&mut world, 30, Options::default(), cut, told).await;
    assert_eq!((ended.exit, ended.counters.created), (0, 29));
    assert_eq!(suppressed(&ended.counters, Reason::Unclear), 1);
    assert_eq!((look_ups(&calls), batches(&calls)), (3, 1));
    let run = Runs::of(&world.home()).list().expect("runs").remove(0);
    let mut ledger = Ledger::open(&world.home(), &world.audience()).expect("ledger");
    // Folded by the run itself or only now, it is the same.
    ledger.fold_run(&run).expect("folded");
    let remembered = ledger.refusals().expect("refusals");
    assert_eq!(remembered.len(), 1);
    assert_eq!(remembered[0].words, "… is already a list member.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_every_call_stops_the_run_and_blames_nobody() {
    let mut world = World::new(&[], &[]).await;
    let refused = |call: &mut Call, _| {
        if call.is_batch() {
            let problem =
                r#"{"title": "Invalid Resource", "detail": "This audience takes no members."}"#;
            return Act::Answer(400, problem.to_owned());
        }
        Act::Pass
    };
    let (ended, calls) = export(&mut world, 3000, Options::default(), refused, untouched).await;
    assert_eq!((ended.exit, ended.counters.rejected), (1, 0));
    assert_eq!(ended.counters.remaining, 3000);
    assert!(batches(&calls) <= 24, "{} calls", batches(&calls));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_about_one_member_is_found_and_told_in_mailchimps_words() {
    let mut world = World::new(&[], &[]).await;
    let refused = |call: &mut Call, _| {
        let members = call.body["members"].as_array();
        let at_fault = |member: &Value| member["email_address"] == "p2@x.example";
        if members.is_some_and(|members| members.iter().any(at_fault)) {
            let problem = json!({"title": "Invalid Resource", "detail": "p2@x.example is a role address.",
                "instance": "", "errors": null});
            return Act::Answer(400, problem.to_string());
        }
        Act::Pass
    };
    let (ended, _) = export(&mut world, 200, Options::default(), refused, untouched).await;
    assert_eq!((ended.counters.created, ended.counters.rejected), (199, 1));
    let rejects =
        std::fs::read_to_string(std::path::Path::new(&ended.report).with_file_name("rejects.csv"));
    assert!(rejects.expect("rejects").contains("is a role address"));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_too_large_become_smaller() {
    let mut world = World::new(&[], &[]).await;
    let too_large = |call: &mut Call, _| {
        let members = call.body["members"].as_array().map_or(0, Vec::len);
        if members > 200 {
            return Act::Answer(413, "<html>Request Entity Too Large</html>".to_owned());
        }
        Act::Pass
    };
    let (ended, calls) = export(&mut world, 600, Options::default(), too_large, untouched).await;
    assert_eq!((ended.exit, ended.counters.created), (0, 600));
    assert!(batches(&calls) <= 12, "{} calls", batches(&calls));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_an_answer_about_strangers_is_not_believed_about_anybody() {
    let mut world = World::new(&[], &[]).await;
    let stranger = |call: &Call, answer: &mut Value| {
        if call.is_batch() {
            answer["new_members"][0]["email_address"] = json!("somebody@else.example");
        }
    };
    let (ended, calls) = export(&mut world, 20, Options::default(), pass, stranger).await;
    assert_eq!((ended.exit, ended.counters.created), (0, 20));
    assert_eq!((look_ups(&calls), batches(&calls)), (20, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_updates_born_of_look_ups_are_tried_out_too() {
    let held: Vec<Value> = (0..30).map(|at| member(at, "subscribed")).collect();
    let mut world = World::new(&held, &[]).await;
    // The lists hide everybody: whoever is created exists after all.
    let hidden = |call: &Call, answer: &mut Value| {
        if call.is_page() {
            (answer["members"], answer["total_items"]) = (json!([]), json!(0));
        }
    };
    let (ended, calls) = export(&mut world, 30, Options::default(), pass, hidden).await;
    assert_eq!((ended.exit, ended.counters.updated), (0, 30));
    let updates = calls
        .iter()
        .filter(|call| call.body["update_existing"] == true);
    let sizes: Vec<usize> = updates
        .map(|call| call.body["members"].as_array().map_or(0, Vec::len))
        .collect();
    assert!(sizes[0] <= 10, "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_field_whose_answer_was_lost_is_not_made_twice() {
    use segue::deliver::{Caller, Mailchimp, Stop};
    use segue::domain::{FieldKind, MergeTag};
    use segue::http::Pacer;

    let mut world = World::new(&[], &[]).await;
    let lost = |call: &mut Call, _| {
        if call.method == Method::POST {
            return Act::Lose;
        }
        Act::Pass
    };
    let tamper = Tamper::start(world.ready("mailchimp_api"), lost, untouched).await;
    world.between = Some(tamper.root.clone());
    let (tell, mut notices) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move { while notices.recv().await.is_some() {} });
    let caller = Caller::new(0, world.service(), Pacer::new(1), tell, Stop::default());
    let mailchimp = Mailchimp::over(caller.expect("lane"));
    let tag = MergeTag::parse("TIER").expect("tag");
    let made = mailchimp
        .create_merge_field(&world.audience(), &tag, "Tier", FieldKind::Text)
        .await;
    made.expect("it is there");
    let posts = tamper.calls().into_iter();
    assert_eq!(posts.filter(|call| call.method == Method::POST).count(), 1);
}
