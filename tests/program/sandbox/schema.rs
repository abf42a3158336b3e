//! The published description of the API, where it is at hand.

use std::path::Path;

use serde_json::{Value, json};

/// The description that answers are checked against.
pub struct Published(Value);

impl Published {
    /// Reads the description; says so and gives none where there is no copy.
    pub fn load() -> Option<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/mailchimp/marketing.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!(
                "SKIPPED: there is no {}, so answers are not checked against it",
                path.display()
            );
            return None;
        };
        Some(Self(
            serde_json::from_str(&text).expect("the description is JSON"),
        ))
    }

    /// Checks one answer. Paths that are not described have nothing to be checked against.
    pub fn check(&self, method: &str, path: &str, status: u16, body: &Value) {
        let call = &self.0["paths"][path][method.to_lowercase()];
        let responses = &call["responses"];
        let response = responses
            .get(status.to_string())
            .or_else(|| responses.get("default"));
        let content = match response {
            Some(response) if status < 400 => &response["content"]["application/json"],
            Some(response) => &response["content"]["application/problem+json"],
            // A path or method that is not described: all its refusals look alike.
            None => {
                &self.0["paths"]["/ping"]["get"]["responses"]["default"]["content"]["application/problem+json"]
            }
        };
        let mut schema = content["schema"].clone();
        assert!(
            schema.is_object(),
            "{method} {path} {status} is not described"
        );
        mend(&mut schema);
        let validator = jsonschema::draft4::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("a schema");
        let wrong: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            wrong.is_empty(),
            "{method} {path} {status}: {wrong:#?}\n{body:#}"
        );
    }
}

/// Turns `OpenAPI` 3.0 into JSON Schema: `nullable` is a type of its own there.
fn mend(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(mend),
        Value::Object(map) => {
            if map.remove("nullable") == Some(json!(true))
                && let Some(kind) = map.remove("type")
            {
                map.insert("type".into(), json!([kind, "null"]));
            }
            map.values_mut().for_each(mend);
        }
        _ => {}
    }
}
