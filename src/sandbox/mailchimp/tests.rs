//! The rules of writing, each as a sentence.

use serde_json::{Value, json};

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::routes::find;
use super::status::Status;
use crate::sandbox::faults::{Fault, Faults};

mod meanwhile;

/// An audience that is called without a server.
struct Api {
    audience: Audience,
    faults: Faults,
    now: u32,
}

impl Api {
    fn new() -> Self {
        Self::with_faults(&[])
    }

    fn with_faults(faults: &[&str]) -> Self {
        let faults: Vec<Fault> = faults
            .iter()
            .map(|text| text.parse().expect("a fault"))
            .collect();
        Self {
            audience: Audience::new("aud", "http://sandbox/3.0", 1_000),
            faults: Faults::new(&faults, 1),
            now: 2_000,
        }
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, Problem> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let found = find(method, path).expect("a route");
        let call = Call {
            path: found.parts,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            body: body.to_string().into(),
            now: self.now,
            faults: &self.faults,
        };
        let respond = found.respond.expect("a method");
        match respond(&mut self.audience, &call)? {
            Answer::Json(body) => Ok(serde_json::from_slice(&body).expect("JSON")),
            Answer::NoContent => Ok(Value::Null),
        }
    }

    fn ok(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.call(method, path, body);
        answer.unwrap_or_else(|problem| panic!("{method} {path}: {problem:?}"))
    }

    fn problem(&mut self, method: &str, path: &str, body: &Value) -> String {
        let answer = self.call(method, path, body);
        format!("{:?}", answer.expect_err("a problem"))
    }

    fn get(&mut self, email: &str) -> Value {
        self.ok("GET", &format!("/lists/aud/members/{email}"), &Value::Null)
    }

    fn status(&mut self, email: &str) -> String {
        self.get(email)["status"].as_str().unwrap_or("").to_owned()
    }

    fn batch(&mut self, query: &str, body: &Value) -> Value {
        self.ok("POST", &format!("/lists/aud?{query}"), body)
    }

    /// A contact in a state, put there as by the person (or the mail server), or by an administrator.
    fn there(&mut self, email: &str, status: Status, by_person: bool) {
        let at = self.audience.insert(email, status, 1_000);
        self.audience.contacts[at].by_person = by_person;
    }
}

fn one(email: &str, key: &str, status: &str) -> Value {
    json!({ "members": [{ "email_address": email, key: status }] })
}

#[test]
fn a_new_member_is_created_and_an_existing_one_is_an_error_without_update_existing() {
    let mut api = Api::new();
    let body = one("a@example.com", "status", "subscribed");
    let first = api.batch("", &body);
    assert_eq!(first["total_created"], 1);
    assert_eq!(first["new_members"][0]["email_address"], "a@example.com");
    let again = api.batch("", &body);
    assert_eq!(again["error_count"], 1);
    assert_eq!(again["errors"][0]["error_code"], "ERROR_CONTACT_EXISTS");
}

#[test]
fn status_if_new_leaves_an_existing_status_alone() {
    for status in [Status::Unsubscribed, Status::Cleaned, Status::Pending] {
        let mut api = Api::new();
        api.there("a@example.com", status, true);
        let mut body = one("a@example.com", "status_if_new", "subscribed");
        body["update_existing"] = true.into();
        let answer = api.batch("", &body);
        assert_eq!(answer["total_updated"], 1, "{status:?}");
        assert_eq!(api.status("a@example.com"), status.name());
        assert_eq!(api.audience.tally.statuses_raised, 0);
    }
}

#[test]
fn an_archived_contact_counts_as_new_in_both_shapes() {
    for (key, update) in [("status", false), ("status_if_new", true)] {
        let mut api = Api::new();
        api.there("a@example.com", Status::Archived, false);
        let mut body = one("a@example.com", key, "subscribed");
        body["update_existing"] = update.into();
        let answer = api.batch("", &body);
        assert_eq!(answer["total_created"], 1, "{key}");
        assert_eq!(api.status("a@example.com"), "subscribed");
        assert_eq!(api.audience.tally.statuses_raised, 1);
    }
}

#[test]
fn a_status_overrules_an_administrator_but_not_the_person() {
    for (by_person, refused) in [(false, false), (true, true)] {
        let mut api = Api::new();
        api.there("a@example.com", Status::Unsubscribed, by_person);
        let mut body = one("a@example.com", "status", "subscribed");
        body["update_existing"] = true.into();
        let answer = api.batch("", &body);
        assert_eq!(answer["error_count"], u8::from(refused));
        assert_eq!(api.audience.tally.statuses_raised, u64::from(!refused));
        if refused {
            let words = answer["errors"][0]["error"].as_str().unwrap_or_default();
            assert!(words.contains("is in a compliance state"), "{words}");
        }
    }
}

#[test]
fn asking_an_opted_out_contact_to_confirm_is_possible_and_counted() {
    let mut api = Api::new();
    api.there("a@example.com", Status::Unsubscribed, true);
    let body = json!({ "status": "pending" });
    api.ok("PATCH", "/lists/aud/members/a@example.com", &body);
    assert_eq!(api.audience.tally.opted_out_set_pending, 1);
    assert_eq!(api.audience.tally.statuses_raised, 1);
}

#[test]
fn a_forgotten_contact_is_not_found_and_cannot_be_written() {
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    let path = "/lists/aud/members/a@example.com";
    api.ok(
        "POST",
        &format!("{path}/actions/delete-permanent"),
        &Value::Null,
    );
    assert!(api.problem("GET", path, &Value::Null).contains("404"));
    let answer = api.batch("", &one("a@example.com", "status", "subscribed"));
    let words = answer["errors"][0]["error"].as_str().unwrap_or_default();
    assert!(words.contains("was permanently deleted and cannot be re-imported"));
    let body = json!({ "email_address": "a@example.com", "status_if_new": "subscribed" });
    assert!(
        api.problem("PUT", path, &body)
            .contains("Forgotten Email Not Subscribed")
    );
    assert_eq!(
        api.ok("GET", "/lists/aud/members", &Value::Null)["total_items"],
        0
    );
}

#[test]
fn a_member_of_a_batch_needs_a_status_of_either_kind() {
    let mut api = Api::new();
    let body = json!({ "members": [{ "email_address": "a@example.com" }] });
    let problem = api.problem("POST", "/lists/aud", &body);
    assert!(problem.contains("anyOf"), "{problem}");
    let problem = api.problem(
        "POST",
        "/lists/aud",
        &one("a@example.com", "status", "archived"),
    );
    assert!(problem.contains("400"), "{problem}");
}

#[test]
fn a_batch_takes_at_most_500_members() {
    let mut api = Api::new();
    let member =
        |n| json!({ "email_address": format!("p{n}@example.com"), "status": "subscribed" });
    let members = |count| json!({ "members": (0..count).map(member).collect::<Vec<_>>() });
    assert!(
        api.problem("POST", "/lists/aud", &members(501))
            .contains("500 elements")
    );
    assert_eq!(api.batch("", &members(500))["total_created"], 500);
}

#[test]
fn a_double_in_one_call_is_an_error_unless_passed_over() {
    for (query, errors) in [("", 1), ("skip_duplicate_check=True", 0)] {
        let mut api = Api::new();
        let body = json!({ "members": [
            { "email_address": "a@example.com", "status": "subscribed" },
            { "email_address": "A@Example.com", "status": "unsubscribed" },
        ]});
        let answer = api.batch(query, &body);
        assert_eq!(
            (&answer["total_created"], &answer["error_count"]),
            (&json!(1), &json!(errors))
        );
        assert_eq!(api.status("a@example.com"), "subscribed");
    }
}

#[test]
fn required_merge_fields_are_asked_for_unless_skipped() {
    let mut api = Api::new();
    let field = json!({ "name": "Shop", "type": "text", "required": true });
    assert_eq!(
        api.ok("POST", "/lists/aud/merge-fields", &field)["tag"],
        "SHOP"
    );
    let body = one("a@example.com", "status", "subscribed");
    let answer = api.batch("", &body);
    assert_eq!(answer["errors"][0]["field"], "SHOP");
    assert_eq!(answer["errors"][0]["field_message"], "Please enter a value");
    assert_eq!(
        api.batch("skip_merge_validation=true", &body)["total_created"],
        1
    );
    let body = json!({ "email_address": "b@example.com", "status": "subscribed" });
    let problem = api.problem("POST", "/lists/aud/members", &body);
    assert!(
        problem.contains("Your merge fields were invalid."),
        "{problem}"
    );
}

#[test]
fn a_refused_member_is_left_as_it_was() {
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    let before = api.get("a@example.com");
    api.now += 100;
    let body = json!({ "update_existing": true, "members": [{
        "email_address": "a@example.com", "status_if_new": "subscribed", "tags": ["T"],
        "merge_fields": { "FNAME": "Åsa", "BIRTHDAY": "1980-01-01" },
    }]});
    assert_eq!(api.batch("", &body)["errors"][0]["field"], "BIRTHDAY");
    assert_eq!(api.get("a@example.com"), before);
}

#[test]
fn values_that_are_not_sent_stay_and_empty_ones_clear() {
    let mut api = Api::new();
    let write = |fields: Value| {
        json!({ "update_existing": true, "members": [{
            "email_address": "a@example.com", "status_if_new": "subscribed", "merge_fields": fields,
        }]})
    };
    api.batch(
        "",
        &write(json!({ "FNAME": "Åsa", "LNAME": "Öberg", "UNKNOWN": "x" })),
    );
    api.batch("", &write(json!({ "FNAME": "Eva" })));
    assert_eq!(api.get("a@example.com")["full_name"], "Eva Öberg");
    api.batch("", &write(json!({ "LNAME": "" })));
    let fields = api.get("a@example.com")["merge_fields"].clone();
    assert_eq!(
        (&fields["FNAME"], &fields["LNAME"]),
        (&json!("Eva"), &json!(""))
    );
}

#[test]
fn tags_are_added_and_only_sync_tags_takes_others_away() {
    let mut api = Api::new();
    let write = |tags: Value, sync: bool| {
        json!({ "update_existing": true, "sync_tags": sync, "members": [{
            "email_address": "a@example.com", "status_if_new": "subscribed", "tags": tags,
        }]})
    };
    let names = |api: &mut Api| -> Vec<String> {
        let tags = api.get("a@example.com")["tags"].clone();
        let tags = tags.as_array().cloned().unwrap_or_default();
        tags.iter()
            .map(|tag| tag["name"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    api.batch("", &write(json!(["Guld", "VIP"]), false));
    api.batch("", &write(json!(["guld "]), false));
    assert_eq!(names(&mut api), ["Guld", "VIP"]);
    api.batch("", &write(json!(["VIP"]), true));
    assert_eq!(names(&mut api), ["VIP"]);
    let put =
        json!({ "email_address": "a@example.com", "status_if_new": "subscribed", "tags": ["X"] });
    api.ok("PUT", "/lists/aud/members/a@example.com", &put);
    assert_eq!(names(&mut api), ["VIP"], "PUT ignores tags in silence");
}

#[test]
fn a_tag_is_a_segment_whose_count_follows_the_members() {
    let mut api = Api::new();
    let member = |n: u8| json!({ "email_address": format!("p{n}@example.com"), "status": "subscribed", "tags": ["Guld"] });
    api.batch("", &json!({ "members": [member(1), member(2), member(3)] }));
    let segments = api.ok("GET", "/lists/aud/segments", &Value::Null);
    let id = segments["segments"][0]["id"].to_string();
    let count = |api: &mut Api| {
        let path = format!("/lists/aud/segments/{id}");
        api.ok("GET", &path, &Value::Null)["member_count"].as_u64()
    };
    assert_eq!(count(&mut api), Some(3));
    api.ok("DELETE", "/lists/aud/members/p1@example.com", &Value::Null);
    assert_eq!(count(&mut api), Some(2), "an archived member is not active");
    let change = json!({
        "members_to_remove": ["p2@example.com", "nobody@example.com"],
        "members_to_add": ["stranger@example.com"],
    });
    let answer = api.ok("POST", &format!("/lists/aud/segments/{id}"), &change);
    assert_eq!(
        (&answer["total_added"], &answer["total_removed"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(count(&mut api), Some(1));
    let found = api.ok("GET", "/lists/aud/tag-search?name=gu", &Value::Null);
    assert_eq!(found["tags"][0]["name"], "Guld");
}

#[test]
fn lists_are_paged_and_leave_archived_contacts_out() {
    let mut api = Api::new();
    for n in 0..25 {
        api.there(&format!("p{n}@example.com"), Status::Subscribed, false);
    }
    api.there("gone@example.com", Status::Archived, false);
    let list = |api: &mut Api, query: &str| {
        let answer = api.ok("GET", &format!("/lists/aud/members?{query}"), &Value::Null);
        let shown = answer["members"].as_array().map_or(0, Vec::len);
        (shown, answer["total_items"].as_u64().unwrap_or(0))
    };
    assert_eq!(list(&mut api, ""), (10, 25), "ten unless told");
    assert_eq!(list(&mut api, "count=1000&offset=20"), (5, 25));
    assert_eq!(list(&mut api, "status=archived"), (1, 1));
    assert_eq!(list(&mut api, "fields=total_items"), (0, 25));
    api.ok(
        "PATCH",
        "/lists/aud/members/p3@example.com",
        &json!({ "vip": true }),
    );
    let since = "since_last_changed=1970-01-01T00:33:20%2B00:00";
    assert_eq!(list(&mut api, since), (1, 1), "changed at that very second");
}

#[test]
fn a_member_is_found_by_hash_id_and_address() {
    let mut api = Api::new();
    api.batch("", &one("Anna.B@Example.com", "status", "subscribed"));
    let member = api.get("anna.b@example.com");
    assert_eq!(member["email_address"], "Anna.B@Example.com");
    let hash = member["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(hash, "635ee49ef466f102b5e85d6cd3cf05a4");
    let contact = member["contact_id"].as_str().unwrap_or_default().to_owned();
    for name in [hash, contact] {
        assert_eq!(api.get(&name), member, "{name}");
    }
}

#[test]
fn archiving_twice_is_refused_and_patch_brings_back() {
    let mut api = Api::new();
    api.batch("", &one("a@example.com", "status", "subscribed"));
    let path = "/lists/aud/members/a@example.com";
    api.ok("DELETE", path, &Value::Null);
    assert_eq!(api.status("a@example.com"), "archived");
    assert!(api.problem("DELETE", path, &Value::Null).contains("405"));
    api.ok(
        "PATCH",
        path,
        &json!({ "merge_fields": { "FNAME": "Åsa" } }),
    );
    assert_eq!(api.status("a@example.com"), "archived");
    api.ok("PATCH", path, &json!({ "status": "subscribed" }));
    assert_eq!(api.status("a@example.com"), "subscribed");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for email in [
        "",
        "a",
        "a@",
        "@example.com",
        "a@b",
        "a@@example.com",
        " a@example.com",
        "a b@example.com",
    ] {
        let mut api = Api::new();
        let answer = api.batch("", &one(email, "status", "subscribed"));
        assert_eq!(answer["error_count"], 1, "{email:?}");
    }
}

#[test]
fn faults_of_addresses_speak_the_service_s_words() {
    for (fault, words) in [
        ("compliance=1", "is in a compliance state"),
        ("forgotten=1", "was permanently deleted"),
        ("fake=1", "looks fake or invalid"),
        ("merge-invalid=1", "Your merge fields were invalid."),
        (
            "too-many-signups=1",
            "has signed up to a lot of lists very recently",
        ),
    ] {
        let mut api = Api::with_faults(&[fault]);
        let body = json!({ "members": [{
            "email_address": "a@example.com", "status": "subscribed", "merge_fields": { "FNAME": "Åsa" },
        }]});
        for attempt in 0..4 {
            let answer = api.batch("", &body);
            if fault.starts_with("too-many") && attempt == 3 {
                assert_eq!(answer["total_created"], 1, "cleared after three tries");
            } else {
                let found = answer["errors"][0]["error"].as_str().unwrap_or_default();
                assert!(found.contains(words), "{fault}: {found}");
            }
        }
    }
}
