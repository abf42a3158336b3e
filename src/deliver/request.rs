//! The bodies of batch calls (rule 1): people who are new in create calls, people who are there in update calls.

use serde::Serialize;

use super::batch::Item;
use crate::domain::{NewStatus, Status};

/// About as many bytes as a member takes.
const MEMBER: usize = 200;

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

/// Writes the members one after the other. Their merge fields are JSON already and go in as they are.
fn write(
    items: &[Item],
    tags: &[String],
    create: Option<NewStatus>,
) -> Result<Vec<u8>, serde_json::Error> {
    let tags: Vec<String> = tags
        .iter()
        .map(serde_json::to_string)
        .collect::<Result<_, _>>()?;
    let status = match create {
        Some(status) => format!(r#","status":"{}""#, Status::from(status).as_str()),
        None => format!(r#","status_if_new":"{}""#, Status::Transactional.as_str()),
    };
    let mut body = Vec::with_capacity(items.len() * MEMBER);
    body.extend_from_slice(br#"{"members":["#);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(br#"{"email_address":"#);
        put(&mut body, &item.member.address)?;
        body.extend_from_slice(status.as_bytes());
        body.extend_from_slice(br#","merge_fields":"#);
        body.extend_from_slice(item.member.fields.as_bytes());
        let mut opening = br#","tags":["#.as_slice();
        for tag in item.add.iter().filter_map(|at| tags.get(at)) {
            body.extend_from_slice(opening);
            body.extend_from_slice(tag.as_bytes());
            opening = b",";
        }
        if opening == b"," {
            body.push(b']');
        }
        if let Some(language) = &item.member.language {
            body.extend_from_slice(br#","language":"#);
            put(&mut body, language)?;
        }
        body.push(b'}');
    }
    body.extend_from_slice(br#"],"update_existing":"#);
    put(&mut body, &create.is_none())?;
    body.push(b'}');
    Ok(body)
}

fn put(body: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), serde_json::Error> {
    serde_json::to_writer(body, value)
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
