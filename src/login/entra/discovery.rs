use reqwest::StatusCode;
use serde::Deserialize;

use super::{EntraError, Refusal};
use crate::http::{
    Answer, Backoff, CallError, Client, Endpoint, Meaning, Outcome, Wanted, meaning,
};
use crate::login::call::persist;

/// Where the document is: Entra's own place first, then the standard's.
const PLACES: [&str; 2] = [
    "/v2.0/.well-known/openid-configuration",
    "/.well-known/openid-configuration",
];

/// Where a provider signs people in, by its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provider {
    pub authorize: Endpoint,
    pub token: Endpoint,
    pub device: Option<Endpoint>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "authorization_endpoint")]
    authorize: String,
    #[serde(rename = "token_endpoint")]
    token: String,
    #[serde(rename = "device_authorization_endpoint")]
    device: Option<String>,
}

#[derive(Deserialize)]
struct Complaint {
    error: String,
    error_description: Option<String>,
}

/// Asks the authority where it signs people in. Its issuer is not compared: Entra's names a placeholder in place of a
/// tenant, and the tokens are not read by us.
pub(super) async fn discover(
    client: &Client,
    authority: &Endpoint,
    backoff: &Backoff,
) -> Result<Provider, EntraError> {
    let mut refused = None;
    for place in PLACES {
        let request = || client.inner().get(format!("{authority}{place}"));
        // Who does not have it there says so in any form.
        let missing = |answer: &Answer| answer.status == StatusCode::NOT_FOUND;
        let may_repeat = |outcome: &Outcome| !outcome.as_ref().is_ok_and(missing);
        let outcome = persist(client, backoff.clone(), request, may_repeat).await;
        let answer = match (meaning(&outcome, Wanted::Json), outcome) {
            (Meaning::Elsewhere, outcome) => {
                return Err(EntraError::Call(CallError::of(outcome, Wanted::Json)));
            }
            (_, outcome) => outcome.map_err(EntraError::Call)?,
        };
        let document = serde_json::from_slice::<Document>(&answer.body);
        if let (StatusCode::OK, Ok(document)) = (answer.status, document) {
            return read(&document).map_err(EntraError::BadPlace);
        }
        refused.get_or_insert_with(|| complain(authority, answer.status, &answer.body));
    }
    Err(refused.unwrap_or(EntraError::NoDocument {
        authority: authority.clone(),
        status: StatusCode::NOT_FOUND,
    }))
}

fn read(document: &Document) -> Result<Provider, crate::http::BadEndpoint> {
    let device = document.device.as_deref();
    Ok(Provider {
        authorize: Endpoint::parse(&document.authorize)?,
        token: Endpoint::parse(&document.token)?,
        device: device.map(Endpoint::parse).transpose()?,
    })
}

/// Entra says what is wrong with a tenant in place of the document.
fn complain(authority: &Endpoint, status: StatusCode, body: &[u8]) -> EntraError {
    let complaint = serde_json::from_slice::<Complaint>(body).ok();
    let numbered = complaint.filter(|complaint| {
        let words = complaint.error_description.as_deref();
        Refusal::is_numbered(words.unwrap_or_default())
    });
    match numbered {
        Some(Complaint {
            error,
            error_description,
        }) => EntraError::Refused(Refusal::read(&error, error_description.as_deref(), &[])),
        None => EntraError::NoDocument {
            authority: authority.clone(),
            status,
        },
    }
}
