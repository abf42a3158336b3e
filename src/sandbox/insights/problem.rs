//! Why the API refuses: the gateway before it, the API itself, and its `OData` part each in their own words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::entra::Refused;
use crate::sandbox::traffic::Trouble;

const KIND: &str = "application/json; charset=utf-8";

/// A refusal.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    body: Value,
    challenge: Option<&'static str>,
}

const KEY_CHALLENGE: &str = "AzureApiManagementKey realm=\"https://api.ci.ai.dynamics.com/v1\",name=\"Ocp-Apim-Subscription-Key\",type=\"header\"";

impl Problem {
    /// What Azure API Management, the gateway before the API, says.
    fn gateway(status: StatusCode, message: &str) -> Self {
        Self {
            body: json!({ "statusCode": status.as_u16(), "message": message }),
            challenge: None,
            status,
        }
    }

    pub(super) fn no_key() -> Self {
        Self {
            challenge: Some(KEY_CHALLENGE),
            ..Self::gateway(
                StatusCode::UNAUTHORIZED,
                "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
            )
        }
    }

    pub(super) fn wrong_key() -> Self {
        Self {
            challenge: Some(KEY_CHALLENGE),
            ..Self::gateway(
                StatusCode::UNAUTHORIZED,
                "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
            )
        }
    }

    /// No token, or one that opens nothing.
    pub(super) fn token(why: Option<Refused>) -> Self {
        let challenge = match why {
            None => "Bearer",
            Some(Refused::Unknown) => "Bearer error=\"invalid_token\"",
            Some(Refused::Expired) => {
                "Bearer error=\"invalid_token\", error_description=\"The token is expired\""
            }
            Some(Refused::OtherResource) => {
                "Bearer error=\"invalid_token\", error_description=\"The audience is invalid\""
            }
        };
        Self {
            challenge: Some(challenge),
            ..Self::gateway(
                StatusCode::UNAUTHORIZED,
                "Unauthorized. Access token is missing or invalid.",
            )
        }
    }

    pub(super) fn no_resource() -> Self {
        Self::gateway(StatusCode::NOT_FOUND, "Resource not found")
    }

    pub(super) fn method(name: &str) -> Self {
        let message = format!("The sandbox is read only; {name} is not supported.");
        Self::gateway(StatusCode::METHOD_NOT_ALLOWED, &message)
    }

    /// What the API says (`ApiErrorResult`).
    fn api(status: StatusCode, culprit: &str, code: &str, message: &str) -> Self {
        let name = status.canonical_reason().unwrap_or_default();
        Self {
            body: json!({
                "httpStatusCode": name.replace(' ', ""),
                "exceptionCulprit": culprit,
                "errorCode": code,
                "resultSeverity": "error",
                "message": message,
                "params": {},
                "ciResults": [],
            }),
            challenge: None,
            status,
        }
    }

    pub(super) fn no_instance(instance: &str) -> Self {
        let message = format!("Instance {instance} was not found.");
        Self::api(StatusCode::NOT_FOUND, "user", "instanceNotFound", &message)
    }

    pub(super) fn no_entity(name: &str) -> Self {
        let message = format!("Entity {name} was not found.");
        Self::api(StatusCode::NOT_FOUND, "user", "entityNotFound", &message)
    }

    pub(super) fn no_job(job: &str) -> Self {
        let message = format!("Job {job} was not found.");
        Self::api(StatusCode::NOT_FOUND, "user", "jobNotFound", &message)
    }

    /// A value of the query is none.
    pub(super) fn value(name: &str, value: &str) -> Self {
        let message = format!("The value '{value}' is not valid for {name}.");
        Self::api(
            StatusCode::BAD_REQUEST,
            "user",
            "invalidParameter",
            &message,
        )
    }

    /// The user has no role that may read profiles.
    pub(super) fn privilege() -> Self {
        Self::api(
            StatusCode::FORBIDDEN,
            "user",
            "authUserNotAuthorized",
            "The user is not authorized to perform this operation.",
        )
    }

    /// What the `OData` part says (`ODataError`).
    pub(super) fn odata(status: StatusCode, code: &str, message: &str) -> Self {
        Self {
            body: json!({
                "errorCode": code,
                "message": message,
                "target": Value::Null,
                "details": [],
                "innerError": Value::Null,
            }),
            challenge: None,
            status,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.body.to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, KIND)], body).into_response();
        if let Some(challenge) = self.challenge {
            let value = HeaderValue::from_static(challenge);
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}

/// An answer in JSON.
pub(super) fn reply(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, KIND)], body).into_response()
}

/// How the API says that it cannot answer now.
pub(super) fn trouble(why: Trouble) -> Response {
    let status = why.status();
    let problem = match why {
        Trouble::TooMany => {
            Problem::gateway(status, "Rate limit is exceeded. Try again in 1 seconds.")
        }
        Trouble::Failed => Problem::api(
            status,
            "system",
            "internalServerError",
            "An unexpected error occurred.",
        ),
        Trouble::Away => Problem::api(
            status,
            "system",
            "serviceUnavailable",
            "The service is unavailable.",
        ),
    };
    problem.into_response()
}
