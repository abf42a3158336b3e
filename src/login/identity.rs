use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::call::{always, persist, said};
use super::credential::{Credential, Endpoints, is_about_the_login};
use super::error::{Error, Result};
use crate::domain::{BadName, LoginName, Secret, slug};
use crate::http::{Answer, Backoff, CallError, Client, Endpoint, quote};

/// Who a credential makes us, and where its API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The base address of the account's API; a login remembers it.
    pub api: Endpoint,
    /// The account's id.
    pub account_id: String,
    /// The account's name, as shown in Mailchimp.
    pub account_name: String,
    /// The name of the user in that account.
    pub user_name: String,
    /// The plan's type, such as `monthly` or `forever_free`, if told.
    pub plan: Option<String>,
    /// How many subscribers the account has over all audiences, if told.
    pub total_contacts: Option<u64>,
}

impl Identity {
    /// Names the login when the user gave no name: the slug of the account's name.
    ///
    /// # Errors
    /// Never in practice; a slug is a name.
    pub fn login_name(&self) -> Result<LoginName, BadName> {
        LoginName::parse(&slug(&self.account_name))
    }
}

/// Asks Mailchimp who we are; so a wrong key or a revoked token is found before anything is saved.
///
/// # Errors
/// Tells a credential that is not accepted from a service that does not answer, and refuses a data centre that cannot be
/// one.
pub async fn identify(
    client: &Client,
    endpoints: &Endpoints,
    credential: &Credential,
) -> Result<Identity> {
    let api = find_api(client, endpoints, credential).await?;
    let secret = credential.secret().expose();
    let answer = ask(client, "the account", || {
        credential.authorize(client.inner().get(format!("{api}/")))
    })
    .await?;
    let account: Account = read("the account", &answer, secret)?;
    let shown = |text: &str| quote(text, &[secret]);
    Ok(Identity {
        api,
        account_id: shown(&account.id),
        account_name: shown(&account.name),
        user_name: shown(&account.username),
        plan: account.pricing_plan_type.as_deref().map(shown),
        total_contacts: account.total_subscribers,
    })
}

async fn find_api(
    client: &Client,
    endpoints: &Endpoints,
    credential: &Credential,
) -> Result<Endpoint> {
    let token = match (credential, endpoints.api()) {
        (Credential::ApiKey(_), Some(api)) => return Ok(api.clone()),
        (Credential::ApiKey(_), None) => {
            let dc = credential.data_centre();
            return Endpoints::of_data_centre(dc.ok_or(Error::KeyWithoutDataCentre)?);
        }
        (Credential::Token(token), _) => token,
    };
    match (endpoints.login(), endpoints.api()) {
        // A token from the environment for another API: there is no sign-in service to ask.
        (Err(Error::MixedEndpoints), Some(api)) => Ok(api.clone()),
        (login, api) => {
            let host = read_metadata(client, login?, token).await?;
            Ok(api.cloned().unwrap_or(host))
        }
    }
}

/// Learns the data centre of a token's account. The answer's `api_endpoint` is not followed: whoever could change it
/// would get the token.
async fn read_metadata(
    client: &Client,
    login: &Endpoint,
    token: &Secret<String>,
) -> Result<Endpoint> {
    const WHAT: &str = "the data centre of the account";
    let mut header = HeaderValue::from_str(&format!("OAuth {}", token.expose()))
        .map_err(|_unprintable| Error::BadCredential)?;
    header.set_sensitive(true);
    let answer = ask(client, WHAT, || {
        let request = client.inner().get(format!("{login}/metadata"));
        request.header(AUTHORIZATION, header.clone())
    })
    .await?;
    let metadata: Metadata = read(WHAT, &answer, token.expose())?;
    match metadata.dc {
        Some(dc) => Endpoints::of_data_centre(&dc),
        None => Err(strange(WHAT, &answer)),
    }
}

/// Asks a harmless question until it is answered.
async fn ask(
    client: &Client,
    what: &'static str,
    request: impl Fn() -> RequestBuilder,
) -> Result<Answer> {
    let outcome = persist(client, Backoff::new(4, Backoff::FIRST), request, always).await;
    said(outcome).map_err(|source| Error::Ask { what, source })
}

/// An answer that tells nothing of what was asked is none of the service's.
fn strange(what: &'static str, answer: &Answer) -> Error {
    let source = CallError::Strange {
        host: answer.host.clone(),
        status: answer.status,
        looks: answer.looks(),
    };
    Error::Ask { what, source }
}

/// Reads an answer, or what it complains of.
fn read<T: DeserializeOwned>(what: &'static str, answer: &Answer, secret: &str) -> Result<T> {
    let status = answer.status;
    let complaint: Complaint = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = complaint.words().unwrap_or_else(|| status.to_string());
    let reason = quote(&words, &[secret]);
    let about_the_login = match status {
        StatusCode::UNAUTHORIZED => true,
        StatusCode::FORBIDDEN => complaint.is_about_the_login(),
        // The metadata service has been seen to complain with status 200.
        _ => complaint.error.is_some(),
    };
    if about_the_login {
        return Err(Error::CredentialRefused { status, reason });
    }
    if !status.is_success() {
        return Err(Error::AskRefused {
            what,
            status,
            reason,
        });
    }
    // The parser's own words are left out: they quote the answer.
    serde_json::from_slice(&answer.body).map_err(|_quotes| strange(what, answer))
}

#[derive(Deserialize)]
struct Metadata {
    dc: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "account_id")]
    id: String,
    #[serde(rename = "account_name")]
    name: String,
    #[serde(default)]
    username: String,
    pricing_plan_type: Option<String>,
    total_subscribers: Option<u64>,
}

/// Both ways of the service to complain: OAuth's and problem+json.
#[derive(Default, Deserialize)]
struct Complaint {
    error: Option<String>,
    error_description: Option<String>,
    title: Option<String>,
    detail: Option<String>,
}

impl Complaint {
    fn is_about_the_login(&self) -> bool {
        let said = [&self.title, &self.detail, &self.error_description];
        said.into_iter()
            .flatten()
            .any(|text| is_about_the_login(text))
    }

    fn words(&self) -> Option<String> {
        let long = self.detail.as_ref().or(self.error_description.as_ref());
        let text = long.or(self.title.as_ref()).or(self.error.as_ref());
        text.filter(|text| !text.is_empty()).cloned()
    }
}
