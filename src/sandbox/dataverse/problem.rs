//! Why Dataverse refuses, in its words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::USER;
use crate::sandbox::entra::Refused;
use crate::sandbox::traffic::Trouble;

/// A refusal.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    /// The request itself is wrong.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "0x80060888",
            message: message.into(),
        }
    }

    pub(super) fn no_property(name: &str, entity: &str) -> Self {
        Self::bad(no_property(name, entity))
    }

    pub(super) fn not_found(path: &str) -> Self {
        let last = path.rsplit('/').next().unwrap_or_default();
        Self {
            status: StatusCode::NOT_FOUND,
            code: "0x8006088a",
            message: format!("Resource not found for the segment '{last}'."),
        }
    }

    pub(super) fn no_entity(name: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "0x80041102",
            message: format!(
                "The entity with a name = '{name}' with namemapping = 'Logical' was not found in the MetadataCache."
            ),
        }
    }

    pub(super) fn too_long() -> Self {
        Self {
            status: StatusCode::URI_TOO_LONG,
            code: "0x80060888",
            message: "The request URL is too long.".to_owned(),
        }
    }

    pub(super) fn method(name: &str) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "0x80060888",
            message: format!("The requested resource does not support http method '{name}'."),
        }
    }

    /// The user may not read a table, told by the name in its privilege, its logical name and its label.
    pub(super) fn privilege(schema: &str, entity: &str, label: &str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "0x80040220",
            message: format!(
                "Principal user (Id={USER}, type=8, roleCount=1, privilegeCount=12, accessMode='0 Read-Write'), is missing prvReadmsdynci_{schema} privilege (Id=0d4f3a5e-7c61-4f0b-8f9a-2b1c3d4e5f60) on OTC=10231 for entity '{entity}' (LocalizedName='{label}'). context.Caller={USER}. Consider adding missed privilege to one of the principal (user/team) roles."
            ),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        reply(self.status, &body)
    }
}

/// How a column is told to be unknown.
pub(super) fn no_property(name: &str, entity: &str) -> String {
    format!("Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{entity}'.")
}

/// An answer in JSON, with Dataverse's headers.
pub(super) fn reply(status: StatusCode, body: &Value) -> Response {
    page(status, body.to_string().into_bytes())
}

/// The same for JSON that is written already.
pub(super) fn page(status: StatusCode, body: Vec<u8>) -> Response {
    let kind = "application/json; odata.metadata=minimal";
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        ("odata-version", "4.0"),
    ];
    (status, headers, body).into_response()
}

/// No token, or one that opens nothing: a header says why and where to sign in, the body is no JSON.
pub(super) fn unauthorized(why: Option<Refused>, resource: &str) -> Response {
    let place = "authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize";
    let why = match why {
        None => "",
        Some(Refused::Unknown) => {
            ", error=invalid_token, error_description=Error during token validation!"
        }
        Some(Refused::Expired) => {
            ", error=invalid_token, error_description=The token lifetime is invalid; the token is expired."
        }
        Some(Refused::OtherResource) => {
            ", error=invalid_token, error_description=The audience of the token is invalid."
        }
    };
    let challenge = format!("Bearer {place}, resource_id={resource}/{why}");
    let text = "HTTP Error 401 - Unauthorized: Access is denied";
    let mut response = (StatusCode::UNAUTHORIZED, text).into_response();
    if let Ok(value) = HeaderValue::from_str(&challenge) {
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// How Dataverse says that it cannot answer now.
pub(super) fn trouble(why: Trouble) -> Response {
    let (code, message) = match why {
        Trouble::TooMany => (
            "0x80072322",
            "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
        ),
        Trouble::Failed => ("0x80040216", "An unexpected error occurred."),
        Trouble::Away => ("0x80044150", "The service is unavailable."),
    };
    let problem = Problem {
        status: why.status(),
        code,
        message: message.to_owned(),
    };
    problem.into_response()
}
