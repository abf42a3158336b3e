//! The bodies of batch calls (rule 1): people who are new in create calls, people who are there in update calls.

use serde::Serialize;
use serde_json::value::RawValue;

use super::batch::Item;
use crate::domain::{NewStatus, SegmentSet, Status};

#[derive(Serialize)]
struct Body<'a> {
    members: Vec<WireItem<'a>>,
    update_existing: bool,
}

#[derive(Serialize)]
struct WireItem<'a> {
    email_address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<NewStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_if_new: Option<&'static str>,
    merge_fields: &'a RawValue,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// Writes a create call: `update_existing: false`, every member with the status the user chose.
pub(super) fn create(
    items: &[Item],
    tags: &[String],
    status: NewStatus,
) -> Result<Vec<u8>, serde_json::Error> {
    write(items, tags, Some(status))
}

/// Writes an update call: `update_existing: true`, no status. Someone deleted since the statuses were read must not be
/// subscribed anew, so new ones would become `transactional`.
pub(super) fn update(items: &[Item], tags: &[String]) -> Result<Vec<u8>, serde_json::Error> {
    write(items, tags, None)
}

fn write(
    items: &[Item],
    tags: &[String],
    create: Option<NewStatus>,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut members = Vec::with_capacity(items.len());
    for item in items {
        members.push(WireItem {
            email_address: &item.member.address,
            status: create,
            status_if_new: create.is_none().then_some(Status::Transactional.as_str()),
            merge_fields: serde_json::from_str(&item.member.fields)?,
            tags: names(&item.add, tags),
            language: item.member.language.as_deref(),
        });
    }
    serde_json::to_vec(&Body {
        members,
        update_existing: create.is_none(),
    })
}

fn names<'a>(set: &SegmentSet, tags: &'a [String]) -> Vec<&'a str> {
    set.iter()
        .filter_map(|at| tags.get(at))
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{create, update};
    use crate::deliver::batch::tests::item;
    use crate::domain::NewStatus;

    #[test]
    fn rule_1_create_calls_carry_a_status_and_update_nobody() {
        let body = create(
            &[item("a@x.example")],
            &["Gold".to_owned()],
            NewStatus::Pending,
        )
        .expect("body");
        let body: Value = serde_json::from_slice(&body).expect("json");
        assert_eq!(
            body,
            json!({"update_existing": false, "members": [
                {"email_address": "a@x.example", "status": "pending", "merge_fields": {"FNAME": "A"}, "tags": ["Gold"]}
            ]})
        );
    }

    #[test]
    fn rule_1_update_calls_carry_no_status_and_make_nobody_a_subscriber() {
        let body = update(&[item("a@x.example")], &["Gold".to_owned()]).expect("body");
        let body: Value = serde_json::from_slice(&body).expect("json");
        assert_eq!(body["update_existing"], true);
        assert_eq!(body["members"][0]["status"], Value::Null);
        assert_eq!(body["members"][0]["status_if_new"], "transactional");
        assert_eq!(body["sync_tags"], Value::Null, "sync_tags is never true");
    }

    #[test]
    fn both_bodies_are_what_mailchimp_describes() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../shared/mailchimp/post-lists-id.request.2026.schema.json"
        );
        let Ok(schema) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is not there");
            return;
        };
        let schema: Value = serde_json::from_str(&schema).expect("schema");
        let schema = jsonschema::validator_for(&schema).expect("compiles");
        let tags = ["Gold".to_owned()];
        for body in [
            update(&[item("a@x.example")], &tags),
            create(&[item("b@x.example")], &tags, NewStatus::Subscribed),
        ] {
            let body: Value = serde_json::from_slice(&body.expect("body")).expect("json");
            schema.validate(&body).expect("valid");
        }
    }
}
