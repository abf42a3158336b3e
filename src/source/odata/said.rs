//! What a service says when it says no. Dataverse, Customer Insights and the gateway before it each say it in a form of
//! their own.

use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

use super::{ServiceError, what};
use crate::domain::Secret;
use crate::http::{Answer, Meaning, quote};

/// Dataverse's codes for a user who is no member of the environment, is switched off in it, or has no licence.
const MEMBER: [&str; 3] = ["0x80072560", "0x80040225", "0x80042f09"];
/// Its codes for a network that the environment does not answer to.
const NETWORK: [&str; 1] = ["0x80095ffc"];

/// What keeps out whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Member,
    Network,
}

/// A refusal.
#[derive(Debug)]
pub(super) struct Said {
    meaning: Meaning,
    status: StatusCode,
    code: String,
    message: String,
}

impl Said {
    /// Reads it in any of its forms: `{"error":{"code","message"}}` (Dataverse, `OData`), `{"errorCode","message"}`
    /// (Customer Insights), `{"statusCode","message"}` (the gateway that checks the subscription key).
    pub fn of(meaning: Meaning, answer: &Answer, token: &Secret<String>) -> Self {
        let form: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let (code, message) = match &form["error"] {
            Value::Object(inner) => (inner.get("code"), inner.get("message")),
            _ => (form.get("errorCode"), form.get("message")),
        };
        let code = match code {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let message = message.and_then(Value::as_str).unwrap_or_default();
        let shown = |text: &str| quote(text, &[token.expose()]);
        Self {
            meaning,
            status: answer.status,
            code: shown(&code),
            message: shown(message),
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

    /// Finds out whether the environment lets in neither user nor network, whatever may be read in it.
    fn door(&self) -> Option<Door> {
        if !matches!(
            self.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ) {
            return None;
        }
        let (code, words) = (self.code.to_lowercase(), self.message.to_lowercase());
        let is = |codes: &[&str], phrases: &[&str]| {
            codes.contains(&code.as_str()) || phrases.iter().any(|phrase| words.contains(phrase))
        };
        if is(&NETWORK, &["ip firewall", "ip address"]) {
            Some(Door::Network)
        } else if is(
            &MEMBER,
            &["not a member of the organization", "user is disabled"],
        ) {
            Some(Door::Member)
        } else {
            None
        }
    }

    pub fn into_error(self, url: &Url) -> ServiceError {
        let (what, host) = (what(url), url.host_str().unwrap_or_default().to_owned());
        let about_the_key = self.is_about_the_key();
        let door = self.door();
        let (code, message) = (self.code, self.message);
        match self.status {
            _ if about_the_key => ServiceError::SubscriptionKey { host, message },
            _ if door == Some(Door::Member) => ServiceError::NotInEnvironment {
                host,
                code,
                message,
            },
            _ if door == Some(Door::Network) => ServiceError::Firewall {
                host,
                code,
                message,
            },
            StatusCode::UNAUTHORIZED => ServiceError::NotSignedIn { host, message },
            _ if self.meaning == Meaning::UsedUp => ServiceError::UsedUp { host, message },
            status if is_for_now(self.meaning) => ServiceError::Unavailable {
                host,
                status: status.as_u16(),
                message,
            },
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
            status => ServiceError::Refused {
                what,
                status: status.as_u16(),
                code,
                message,
            },
        }
    }
}

/// Tells whether a refusal is one for now only.
fn is_for_now(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Overloaded | Meaning::Failing)
}
