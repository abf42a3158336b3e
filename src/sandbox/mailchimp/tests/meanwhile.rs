//! What moves in an audience and how it is read: ids, times, lists, tags, mailings, and what others do.

use serde_json::{Value, json};

use super::{Api, one};
use crate::sandbox::clock;
use crate::sandbox::mailchimp::Step;
use crate::sandbox::mailchimp::status::Status;

impl Api {
    fn step(&mut self, step: &Value) -> Result<(), String> {
        let step: Step = serde_json::from_value(step.clone()).map_err(|why| why.to_string())?;
        self.audience.step(&step, self.now)
    }

    fn does(&mut self, step: &Value) {
        let done = self.step(step);
        done.unwrap_or_else(|why| panic!("{step}: {why}"));
    }

    /// The addresses of a list and its length.
    fn list(&mut self, query: &str) -> (Vec<String>, u64) {
        self.emails(&format!("/lists/aud/members?{query}"))
    }

    fn emails(&mut self, path: &str) -> (Vec<String>, u64) {
        let answer = self.ok("GET", path, &Value::Null);
        let members = answer["members"].as_array().cloned().unwrap_or_default();
        let email = |member: &Value| member["email_address"].as_str().unwrap_or("").to_owned();
        (
            members.iter().map(email).collect(),
            answer["total_items"].as_u64().unwrap_or(0),
        )
    }

    fn changed(&mut self, email: &str) -> String {
        self.get(email)["last_changed"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    }
}

#[test]
fn a_changed_address_changes_the_id_and_keeps_the_contact_id() {
    for method in ["PATCH", "PUT"] {
        let mut api = Api::new();
        api.batch("", &one("a@example.com", "status", "subscribed"));
        let before = api.get("a@example.com");
        let hash = before["id"].as_str().unwrap_or_default().to_owned();
        let body = json!({ "email_address": "B@example.com", "status_if_new": "subscribed" });
        api.now += 60;
        let after = api.ok(method, &format!("/lists/aud/members/{hash}"), &body);
        assert_eq!(after["id"], "d3d7ebb9768eb6f1d6cee6d0cefd341b", "{method}");
        assert_eq!(after["contact_id"], before["contact_id"]);
        assert_eq!(after["contact_id"].as_str().map(str::len), Some(32));
        assert_ne!(after["unique_email_id"], before["unique_email_id"]);
        assert_ne!(after["last_changed"], before["last_changed"]);
        assert_eq!(after["timestamp_signup"], before["timestamp_signup"]);
        let old = format!("/lists/aud/members/{hash}");
        assert!(api.problem("GET", &old, &Value::Null).contains("404"));
        let contact = after["contact_id"].as_str().unwrap_or_default().to_owned();
        assert_eq!(api.get(&contact), after);
    }
}

#[test]
fn ids_times_and_counts_come_in_lists_reads_and_batches_alike() {
    let mut api = Api::new();
    let body = json!({ "members": [
        { "email_address": "a@example.com", "status": "subscribed", "tags": ["Guld"] },
    ]});
    let written = api.batch("", &body)["new_members"][0].clone();
    let fields = [
        "id",
        "contact_id",
        "unique_email_id",
        "last_changed",
        "timestamp_signup",
        "timestamp_opt",
        "tags_count",
    ];
    let read = api.get("a@example.com");
    let of_members: Vec<String> = fields.map(|field| format!("members.{field}")).into();
    let query = format!("/lists/aud/members?fields={}", of_members.join(","));
    let listed = api.ok("GET", &query, &Value::Null)["members"][0].clone();
    for field in fields {
        assert!(!written[field].is_null(), "{field}");
        assert_eq!(written[field], read[field], "{field}");
        assert_eq!(written[field], listed[field], "{field}");
    }
    assert_eq!(listed.as_object().map_or(0, serde_json::Map::len), 7);
    assert_eq!(read["tags_count"], 1);
}

#[test]
fn every_change_of_status_value_or_tag_moves_last_changed() {
    let path = "/lists/aud/members/a@example.com";
    let tag = |status| json!({ "tags": [{ "name": "VIP", "status": status }] });
    let changes: [(&str, &str, Value); 8] = [
        ("PATCH", path, json!({ "merge_fields": { "FNAME": "Eva" } })),
        ("PATCH", path, json!({ "language": "sv" })),
        ("POST", &format!("{path}/tags"), tag("active")),
        ("POST", &format!("{path}/tags"), tag("inactive")),
        (
            "POST",
            "/lists/aud/segments/1000001",
            json!({ "members_to_add": ["a@example.com"] }),
        ),
        (
            "POST",
            "/lists/aud/segments/1000001",
            json!({ "members_to_remove": ["a@example.com"] }),
        ),
        ("DELETE", path, Value::Null),
        ("PATCH", path, json!({ "status": "subscribed" })),
    ];
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    for (method, path, body) in changes {
        let before = api.changed("a@example.com");
        api.now += 10;
        api.ok(method, path, &body);
        let now = clock::iso(api.now);
        assert_ne!(before, now, "{method} {path} {body}");
        assert_eq!(api.changed("a@example.com"), now, "{method} {path} {body}");
    }
}

#[test]
fn lists_of_every_status_are_cut_to_a_span_and_sorted() {
    for status in [
        Status::Subscribed,
        Status::Unsubscribed,
        Status::Cleaned,
        Status::Pending,
        Status::Transactional,
        Status::Archived,
    ] {
        let mut api = Api::new();
        for (nth, n) in [3, 1, 4, 2].into_iter().enumerate() {
            let email = format!("p{n}@example.com");
            api.there(&email, status, false);
            api.there(&format!("other{n}@example.com"), other(status), false);
            let at = api.audience.named(&email).expect("a contact");
            api.audience.states[at].opted = 500 - n;
            api.audience.states[at].joined = 600 + n;
            for at in [at, at + 1] {
                let time = 2_000 + 10 * u32::try_from(nth).expect("small");
                api.audience.touch(at, time);
            }
        }
        let name = status.name();
        let span = format!(
            "since_last_changed={}&before_last_changed={}",
            escaped(2_010),
            escaped(2_020)
        );
        let (mut emails, total) = api.list(&format!("status={name}&{span}"));
        emails.sort_unstable();
        assert_eq!(total, 2, "{name}");
        assert_eq!(emails, ["p1@example.com", "p4@example.com"], "{name}");
        for (field, direction, order) in [
            ("last_changed", "ASC", "3142"),
            ("last_changed", "DESC", "2413"),
            ("timestamp_signup", "ASC", "1234"),
            ("timestamp_opt", "ASC", "4321"),
        ] {
            let query = format!("status={name}&sort_field={field}&sort_dir={direction}");
            let mut got = String::new();
            for offset in 0..5 {
                let (emails, total) = api.list(&format!("{query}&count=1&offset={offset}"));
                assert_eq!(total, 4);
                got.extend(emails.iter().filter_map(|email| email.chars().nth(1)));
            }
            assert_eq!(got, order, "{name} {field} {direction}");
        }
    }
}

fn other(status: Status) -> Status {
    match status {
        Status::Subscribed => Status::Unsubscribed,
        _ => Status::Subscribed,
    }
}

fn escaped(time: u32) -> String {
    clock::iso(time).replace('+', "%2B")
}

#[test]
fn a_list_that_was_made_is_made_anew_once_something_changed() {
    let mut api = Api::new();
    for n in 0..3 {
        api.there(&format!("p{n}@example.com"), Status::Subscribed, false);
    }
    let query = "sort_field=timestamp_signup&count=2";
    assert_eq!(api.list(query).1, 3);
    api.there("p3@example.com", Status::Subscribed, false);
    assert_eq!(api.list(&format!("{query}&offset=2")).0.len(), 2);
    api.ok("DELETE", "/lists/aud/members/p0@example.com", &Value::Null);
    assert_eq!(
        api.list(query).0,
        ["p1@example.com", "p2@example.com"],
        "an archived contact leaves the list"
    );
    let since = format!("since_last_changed={}", escaped(api.now));
    assert_eq!(api.list(&since).1, 0);
    assert_eq!(api.list(&format!("{since}&status=archived")).1, 1);
}

#[test]
fn the_members_of_a_tag_are_paged_and_the_active_ones_unless_told() {
    let mut api = Api::new();
    for (n, status) in [
        Status::Subscribed,
        Status::Unsubscribed,
        Status::Cleaned,
        Status::Transactional,
        Status::Subscribed,
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("p{n}@example.com");
        api.there(&email, status, false);
        api.does(&json!({ "tag": [email, "Guld"] }));
    }
    let path = "/lists/aud/segments/1000001/members";
    assert_eq!(api.emails(path).1, 2);
    let all = "include_cleaned=true&include_unsubscribed=true&include_transactional=true";
    let (emails, total) = api.emails(&format!("{path}?{all}&count=2&offset=3"));
    assert_eq!(
        (emails, total),
        (vec!["p3@example.com".into(), "p4@example.com".into()], 5)
    );
    api.does(&json!({ "untag": ["p4@example.com", "Guld"] }));
    assert_eq!(api.emails(path).1, 1);
}

#[test]
fn a_tag_takes_500_at_most_and_leaves_archived_contacts_as_they_are() {
    let mut api = Api::new();
    let member = json!({ "email_address": "a@example.com", "status": "subscribed", "tags": ["T"] });
    api.batch("", &json!({ "members": [member] }));
    api.does(&json!({ "archive": "a@example.com" }));
    let path = "/lists/aud/segments/1000001";
    for key in ["members_to_add", "members_to_remove"] {
        let emails: Vec<String> = (0..501).map(|n| format!("p{n}@example.com")).collect();
        let problem = api.problem("POST", path, &json!({ key: emails }));
        assert!(problem.contains("400"), "{problem}");
        assert!(problem.contains("500 elements"), "{problem}");
        api.ok("POST", path, &json!({ key: emails[..500] }));
    }
    let body = json!({ "members_to_remove": ["a@example.com", "nobody@example.com"] });
    let answer = api.ok("POST", path, &body);
    assert_eq!(
        (&answer["total_removed"], &answer["error_count"]),
        (&json!(0), &json!(0))
    );
    let tags = json!({ "tags": [{ "name": "T", "status": "inactive" }] });
    api.ok("POST", "/lists/aud/members/a@example.com/tags", &tags);
    assert_eq!(api.get("a@example.com")["tags"][0]["name"], "T");
    let back =
        json!({ "status": "subscribed", "language": "sv", "merge_fields": { "FNAME": "Eva" } });
    let contact = api.ok("PATCH", "/lists/aud/members/a@example.com", &back);
    assert_eq!(contact["status"], "subscribed");
    assert_eq!(contact["language"], "sv");
    assert_eq!(contact["full_name"], "Eva");
    assert_eq!(api.ok("POST", path, &body)["total_removed"], 1);
}

#[test]
fn tags_are_listed_as_static_segments_page_by_page() {
    let mut api = Api::new();
    api.there("a@example.com", Status::Subscribed, false);
    for n in 0..12 {
        api.does(&json!({ "tag": ["a@example.com", format!("Tag {n}")] }));
    }
    let list = |api: &mut Api, query: &str| {
        let path = format!("/lists/aud/segments?{query}");
        let answer = api.ok("GET", &path, &Value::Null);
        let shown = answer["segments"].as_array().map_or(0, Vec::len);
        (shown, answer["total_items"].as_u64())
    };
    assert_eq!(list(&mut api, "type=static"), (10, Some(12)));
    assert_eq!(list(&mut api, "type=static&offset=10"), (2, Some(12)));
    assert_eq!(list(&mut api, "type=saved"), (0, Some(0)));
}

#[test]
fn no_campaign_and_no_automation_is_there_until_a_step_says_so() {
    let mut api = Api::new();
    for path in ["/campaigns", "/automations"] {
        assert_eq!(api.ok("GET", path, &Value::Null)["total_items"], 0);
    }
    api.does(&json!({ "campaign": { "title": "May", "send_time": "2026-05-01T10:00:00Z" } }));
    api.does(&json!({ "campaign": { "title": "June", "send_time": "2026-06-01T10:00:00Z" } }));
    api.does(&json!({ "campaign": { "title": "Never" } }));
    let elsewhere = json!({ "title": "Else", "send_time": "2026-06-02", "list_id": "other" });
    api.does(&json!({ "campaign": elsewhere }));
    let since = "since_send_time=2026-05-01T10:00:01%2B00:00";
    let fields = "fields=campaigns.settings.title,campaigns.send_time,total_items";
    let found = api.ok(
        "GET",
        &format!("/campaigns?list_id=aud&status=sent&{since}&{fields}"),
        &Value::Null,
    );
    assert_eq!(
        found,
        json!({ "total_items": 1, "campaigns": [
            { "settings": { "title": "June" }, "send_time": "2026-06-01T10:00:00+00:00" },
        ]})
    );
    let welcome = json!({ "title": "Welcome", "workflow_type": "welcomeSeries" });
    api.does(&json!({ "automation": welcome }));
    let found = api.ok("GET", "/automations?status=sending", &Value::Null);
    let automation = &found["automations"][0];
    assert_eq!(automation["recipients"]["list_id"], "aud");
    assert_eq!(
        automation["trigger_settings"]["workflow_type"],
        "welcomeSeries"
    );
    assert!(
        api.step(&json!({ "campaign": { "title": "x", "send_time": "soon" } }))
            .is_err()
    );
}

#[test]
fn a_person_s_own_no_stands_and_is_no_raise_when_taken_back_by_the_person() {
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    api.now += 10;
    for (step, status) in [("unsubscribe", "unsubscribed"), ("bounce", "cleaned")] {
        api.does(&json!({ step: "a@example.com" }));
        assert_eq!(api.status("a@example.com"), status);
        assert_eq!(api.changed("a@example.com"), clock::iso(api.now));
        let back = json!({ "status": "subscribed" });
        let problem = api.problem("PATCH", "/lists/aud/members/a@example.com", &back);
        assert!(problem.contains("Compliance"), "{problem}");
        api.does(&json!({ "subscribe": "a@example.com" }));
        assert_eq!(api.status("a@example.com"), "subscribed");
    }
    assert_eq!(api.audience.tally.statuses_raised, 0);
    api.does(&json!({ "subscribe": "new@example.com" }));
    assert_eq!(api.status("new@example.com"), "subscribed");
    assert!(
        api.step(&json!({ "unsubscribe": "nobody@example.com" }))
            .is_err()
    );
}

#[test]
fn others_edit_move_archive_and_delete_contacts() {
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    let contact = api.get("a@example.com")["contact_id"].clone();
    api.now += 10;
    let values = json!({ "FNAME": "Eva" });
    api.does(
        &json!({ "edit": { "email": "a@example.com", "merge_fields": values, "language": "sv" } }),
    );
    api.does(&json!({ "move": ["a@example.com", "b@example.com"] }));
    let moved = api.get("b@example.com");
    assert_eq!(moved["contact_id"], contact);
    assert_eq!(moved["merge_fields"]["FNAME"], "Eva");
    assert_eq!(moved["language"], "sv");
    assert_eq!(moved["last_changed"], clock::iso(api.now));
    api.does(&json!({ "archive": "b@example.com" }));
    assert_eq!(api.status("b@example.com"), "archived");
    api.does(&json!({ "forget": "b@example.com" }));
    let answer = api.batch("", &one("b@example.com", "status", "subscribed"));
    assert_eq!(answer["error_count"], 1);
    for wrong in [
        json!({ "edit": { "email": "b@example.com" } }),
        json!({ "move": ["b@example.com", "c@example.com"] }),
        json!({ "untag": ["b@example.com", "VIP"] }),
        json!({ "dance": "b@example.com" }),
    ] {
        assert!(api.step(&wrong).is_err(), "{wrong}");
    }
}
