//! How Entra says no: an error of the standard with a number and ids of its own, as JSON, on a page, or to the app.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::guid;
use crate::sandbox::clock;
use crate::sandbox::dice::Dice;
use crate::sandbox::page::{escape, page};

/// A refusal, and why.
#[derive(Debug)]
pub(super) struct Refusal {
    number: u32,
    error: &'static str,
    suberror: Option<&'static str>,
    words: String,
}

/// A refusal as it leaves: with ids and a time, which its text repeats.
struct Told {
    description: String,
    trace: String,
    correlation: String,
    time: String,
}

impl Refusal {
    /// Numbers: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
    pub(super) fn new(number: u32, error: &'static str, words: impl Into<String>) -> Self {
        Self {
            number,
            error,
            suberror: None,
            words: words.into(),
        }
    }

    /// A code or token that is good for nothing.
    pub(super) fn invalid_grant(number: u32, words: impl Into<String>) -> Self {
        Self::new(number, "invalid_grant", words)
    }

    /// Adds what tells a client how to go on.
    pub(super) fn with_suberror(self, suberror: &'static str) -> Self {
        Self {
            suberror: Some(suberror),
            ..self
        }
    }

    fn tell(&self, dice: &mut Dice) -> Told {
        let (trace, correlation) = (guid(dice), guid(dice));
        let time = clock::iso(clock::now())
            .replace('T', " ")
            .replace("+00:00", "Z");
        Told {
            description: format!(
                "AADSTS{}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {time}",
                self.number, self.words
            ),
            trace,
            correlation,
            time,
        }
    }

    /// Answers a program.
    pub(super) fn answer(&self, dice: &mut Dice) -> Response {
        let told = self.tell(dice);
        let mut body = json!({
            "error": self.error,
            "error_description": told.description,
            "error_codes": [self.number],
            "timestamp": told.time,
            "trace_id": told.trace,
            "correlation_id": told.correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = suberror.into();
        }
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        reply(status, &body)
    }

    /// Answers a person, where it must or can not be told to the app.
    pub(super) fn page(&self, dice: &mut Dice) -> Response {
        let told = escape(&self.tell(dice).description).replace("\r\n", "<br>");
        let body = format!("<h1>Sorry, but we’re having trouble signing you in.</h1><p>{told}</p>");
        page(StatusCode::BAD_REQUEST, &body)
    }

    /// What the app is told by way of the browser.
    pub(super) fn parameters(&self, dice: &mut Dice) -> [(&'static str, String); 2] {
        [
            ("error", self.error.to_owned()),
            ("error_description", self.tell(dice).description),
        ]
    }
}

/// Answers with JSON that nobody keeps.
pub(super) fn reply(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store, no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}
