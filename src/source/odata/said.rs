//! What a service says when it says no. Dataverse, Customer Insights and the gateway before it each say it in a form of
//! their own.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{ServiceError, what};
use crate::domain::Secret;
use crate::http::{Answer, quote};

/// A refusal.
#[derive(Debug)]
pub(super) struct Said {
    status: StatusCode,
    code: String,
    message: String,
}

/// The forms: `{"error":{"code","message"}}` (Dataverse, `OData`), `{"errorCode","message"}` (Customer Insights),
/// `{"statusCode","message"}` (the gateway that checks the subscription key).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Form {
    error: Option<Inner>,
    error_code: Value,
    message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner {
    code: Value,
    message: String,
}

impl Said {
    pub fn of(answer: &Answer, token: &Secret<String>) -> Self {
        let form: Form = serde_json::from_slice(&answer.body).unwrap_or_default();
        let (code, message) = match form.error {
            Some(inner) => (inner.code, inner.message),
            None => (form.error_code, form.message),
        };
        let code = match code {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let shown = |text: &str| quote(text, &[token.expose()]);
        Self {
            status: answer.status,
            code: shown(&code),
            message: shown(&message),
        }
    }

    /// Tells whether another token may help.
    pub fn is_about_the_token(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED && !self.is_about_the_key()
    }

    fn is_about_the_key(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            && self.message.to_lowercase().contains("subscription key")
    }

    pub fn into_error(self, url: &Url) -> ServiceError {
        let (what, host) = (what(url), url.host_str().unwrap_or_default().to_owned());
        let about_the_key = self.is_about_the_key();
        let (code, message) = (self.code, self.message);
        match self.status {
            _ if about_the_key => ServiceError::SubscriptionKey { host, message },
            StatusCode::UNAUTHORIZED => ServiceError::NotSignedIn { host, message },
            StatusCode::FORBIDDEN => ServiceError::NoPrivilege {
                what,
                code,
                message,
            },
            StatusCode::NOT_FOUND => ServiceError::NotThere {
                what,
                host,
                message,
            },
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                ServiceError::Unavailable {
                    host,
                    status: status.as_u16(),
                    message,
                }
            }
            status => ServiceError::Refused {
                what,
                status: status.as_u16(),
                code,
                message,
            },
        }
    }
}
