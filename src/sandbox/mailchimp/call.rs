//! One call to the API, and what is answered.

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::Fields;
use crate::sandbox::clock::{self, Seconds};
use crate::sandbox::faults::Faults;

/// What of a page of results was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) offset: usize,
    pub(super) count: usize,
}

/// One call: its parameters from path and query, and its body.
#[derive(Debug)]
pub(in crate::sandbox) struct Call<'a> {
    /// What stands for the `{…}` of the path, in order.
    pub(in crate::sandbox) path: Vec<String>,
    pub(in crate::sandbox) query: HashMap<String, String>,
    pub(in crate::sandbox) body: Bytes,
    pub(in crate::sandbox) now: Seconds,
    pub(in crate::sandbox) faults: &'a Faults,
}

impl Call<'_> {
    /// A parameter of the path; empty if there are fewer.
    pub(super) fn param(&self, at: usize) -> &str {
        self.path.get(at).map_or("", String::as_str)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A switch; the vendor's Python client writes `True`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<Seconds>, Problem> {
        match self.text(name) {
            None | Some("") => Ok(None),
            Some(text) => clock::parse(text)
                .map(Some)
                .ok_or_else(|| Problem::field(name, "This value is not a valid datetime.")),
        }
    }

    /// `count` and `offset`: ten from the start unless told, never more than a thousand.
    pub(super) fn page(&self) -> Result<Page, Problem> {
        let number = |name: &str, default: usize| match self.text(name) {
            None | Some("") => Ok(default),
            Some(text) => text.parse::<usize>().ok().ok_or_else(|| {
                Problem::field(name, "Schema describes integer, string found instead")
            }),
        };
        Ok(Page {
            // [?] Whether more than 1,000 is refused or cut is not documented; cutting is what a careless reader misses.
            count: number("count", 10)?.min(1000),
            offset: number("offset", 0)?,
        })
    }

    pub(super) fn fields(&self) -> Fields {
        Fields::new(self.text("fields"), self.text("exclude_fields"))
    }

    pub(super) fn json<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Problem> {
        parse(&self.body)
    }
}

/// Reads a body, refusing it as the API does.
pub(super) fn parse<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Problem::field("", &schema_words(&error.to_string()))
        } else {
            Problem::new(
                400,
                "JSON Parse Error",
                "We encountered an unspecified JSON parsing error.",
            )
        }
    })
}

/// Says a type error the way the service's validator does.
fn schema_words(error: &str) -> String {
    let Some((found, expected)) = error
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split_once(", expected "))
    else {
        return error.split(" at line ").next().unwrap_or(error).to_owned();
    };
    let kind = |text: &str| match text.trim_start_matches("a ").split([' ', '`']).next() {
        Some("null" | "unit") => "NULL",
        Some("map" | "struct") => "object",
        Some("sequence") => "array",
        Some("integer" | "i64" | "u64") => "integer",
        Some("floating" | "f64") => "number",
        Some("boolean") => "boolean",
        _ => "string",
    };
    format!(
        "Schema describes {}, {} found instead",
        kind(expected),
        kind(found)
    )
}

/// What is answered.
#[derive(Debug)]
pub(in crate::sandbox) enum Answer {
    Json(Vec<u8>),
    NoContent,
}

impl Answer {
    /// Answers a value, cut to the fields asked for.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "it ends a call, and calls may fail"
    )]
    pub(super) fn of(call: &Call<'_>, mut value: Value) -> Result<Self, Problem> {
        let fields = call.fields();
        fields.all().prune(&mut value);
        Ok(Self::Json(value.to_string().into_bytes()))
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Json(body) => respond(200, "application/json; charset=utf-8", body),
            Answer::NoContent => respond(204, "", Vec::new()),
        }
    }
}

fn respond(status: u16, kind: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !kind.is_empty() {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    }
    response
}

/// A refusal as `application/problem+json`.
#[derive(Debug)]
pub(in crate::sandbox) struct Problem {
    status: u16,
    title: &'static str,
    detail: String,
    errors: Vec<(String, String)>,
}

impl Problem {
    pub(in crate::sandbox) fn new(status: u16, title: &'static str, detail: &str) -> Self {
        Self {
            status,
            title,
            detail: detail.to_owned(),
            errors: Vec::new(),
        }
    }

    pub(in crate::sandbox) fn not_found() -> Self {
        Self::new(
            404,
            "Resource Not Found",
            "The requested resource could not be found.",
        )
    }

    /// Something in the request has the wrong shape.
    pub(super) fn field(field: &str, message: &str) -> Self {
        Self {
            errors: vec![(field.to_owned(), message.to_owned())],
            ..Self::new(
                400,
                "Invalid Resource",
                "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
            )
        }
    }

    /// The merge fields of a member were refused.
    pub(super) fn merge(errors: Vec<(String, String)>) -> Self {
        Self {
            errors,
            ..Self::new(400, "Invalid Resource", "Your merge fields were invalid.")
        }
    }

    /// Writes the refusal. Without an `instance` it also lacks `type`, as answers of overloaded services do.
    pub(in crate::sandbox) fn respond(self, instance: Option<&str>) -> Response {
        let mut body = json!({
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        });
        if let Some(instance) = instance {
            body["type"] = "https://mailchimp.com/developer/marketing/docs/errors/".into();
            body["instance"] = instance.into();
        }
        if !self.errors.is_empty() {
            body["errors"] = self
                .errors
                .iter()
                .map(|(field, message)| json!({ "field": field, "message": message }))
                .collect();
        }
        respond(
            self.status,
            "application/problem+json; charset=utf-8",
            body.to_string().into_bytes(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_error_is_said_as_the_service_says_it() {
        let words = |text: &str| {
            let error = serde_json::from_str::<String>(text).expect_err("an error");
            schema_words(&error.to_string())
        };
        assert_eq!(words("null"), "Schema describes string, NULL found instead");
        assert_eq!(words("[1]"), "Schema describes string, array found instead");
        assert_eq!(words("3"), "Schema describes string, integer found instead");
    }
}
