use std::fmt::Display;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, DeviceAuthorizationUrl, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, ErrorResponseType, ExtraTokenFields, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardErrorResponse,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use super::discovery::Provider;
use super::{EntraApp, EntraError, Granted, Refusal};
use crate::domain::Secret;
use crate::http::{Backoff, BadEndpoint, Client, quote};
use crate::login::call::{Unsent, always, sender, unspent};

/// How long a token is used whose life is not told; a service that refuses it earlier has it renewed.
const ASSUMED_LIFE: Duration = Duration::from_mins(5);

/// No token is believed to live longer than a day.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// The parts of an answer that `OpenID` Connect adds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OpenId {
    id_token: Option<String>,
}

impl ExtraTokenFields for OpenId {}

pub(super) type Answer = StandardTokenResponse<OpenId, BasicTokenType>;

pub(super) type OAuth = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointMaybeSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Makes the client of a public app: no secret, so PKCE proves that code and sign-in belong together.
pub(super) fn oauth(app: &EntraApp, provider: &Provider) -> Result<OAuth, EntraError> {
    let bad = |text: &str| EntraError::BadPlace(BadEndpoint::NoUrl(text.to_owned()));
    let authorize = provider.authorize.as_str();
    let token = provider.token.as_str();
    let device = provider.device.as_ref().map(|device| {
        DeviceAuthorizationUrl::new(device.to_string()).map_err(|_why| bad(device.as_str()))
    });
    Ok(oauth2::Client::new(ClientId::new(app.client_id.clone()))
        .set_auth_uri(AuthUrl::new(authorize.to_owned()).map_err(|_why| bad(authorize))?)
        .set_token_uri(TokenUrl::new(token.to_owned()).map_err(|_why| bad(token))?)
        .set_device_authorization_url_option(device.transpose()?))
}

pub(super) fn scopes(app: &EntraApp) -> impl Iterator<Item = Scope> {
    app.resource.scopes().map(Scope::new)
}

/// Gives the address of the page to sign in on, and what proves later that the code is ours.
pub(super) fn authorize_url(
    oauth: &OAuth,
    app: &EntraApp,
    redirect: &str,
    state: &Secret<String>,
) -> Result<(String, Secret<String>), EntraError> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let state = CsrfToken::new(state.expose().clone());
    let request = oauth
        .authorize_url(|| state)
        .set_redirect_uri(std::borrow::Cow::Owned(redirect_url(redirect)?))
        .add_scopes(scopes(app))
        .add_extra_param("response_mode", "query")
        // Whoever is signed in there may be somebody else than the export user.
        .add_extra_param("prompt", "select_account")
        .set_pkce_challenge(challenge);
    let (url, _state) = request.url();
    Ok((url.into(), Secret::new(verifier.into_secret())))
}

fn redirect_url(text: &str) -> Result<RedirectUrl, EntraError> {
    RedirectUrl::new(text.to_owned())
        .map_err(|_why| EntraError::BadPlace(BadEndpoint::NoUrl(text.to_owned())))
}

/// Exchanges a code, once, for tokens.
pub(super) async fn exchange(
    client: &Client,
    oauth: &OAuth,
    code: &Secret<String>,
    verifier: &Secret<String>,
    redirect: &str,
) -> Result<Tokens, EntraError> {
    let secrets = [code.expose().as_str(), verifier.expose().as_str()];
    let backoff = Backoff::new(3, Backoff::FIRST);
    let send = sender(client, &backoff, unspent);
    let answer = oauth
        .exchange_code(AuthorizationCode::new(code.expose().clone()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().clone()))
        .set_redirect_uri(std::borrow::Cow::Owned(redirect_url(redirect)?))
        .request_async(&send)
        .await;
    Ok(Tokens::read(&answer.map_err(|why| failed(why, &secrets))?))
}

/// Exchanges a refresh token for new tokens. Entra leaves the old one valid, so an answer that was not seen is asked for
/// again; where the old one is spent, not asking again would lose as much.
pub(super) async fn refresh(
    client: &Client,
    oauth: &OAuth,
    app: &EntraApp,
    token: &Secret<String>,
    backoff: &Backoff,
) -> Result<Tokens, EntraError> {
    let send = sender(client, backoff, always);
    let old = RefreshToken::new(token.expose().clone());
    let answer = oauth
        .exchange_refresh_token(&old)
        .add_scopes(scopes(app))
        .request_async(&send)
        .await;
    let answer = answer.map_err(|why| failed(why, &[token.expose()]))?;
    Ok(Tokens::read(&answer))
}

/// Says why there are no tokens. Leaves out the parser's words and the body: both may hold one.
pub(super) fn failed<T: ErrorResponseType + Display + AsRef<str> + 'static>(
    why: RequestTokenError<Unsent, StandardErrorResponse<T>>,
    secrets: &[&str],
) -> EntraError {
    let no_token = EntraError::Answer {
        status: StatusCode::OK,
    };
    match why {
        RequestTokenError::Request(Unsent::Call(why)) => EntraError::Call(why),
        RequestTokenError::Request(Unsent::Answer(status)) => EntraError::Answer { status },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => no_token,
        RequestTokenError::ServerResponse(answer) => {
            let words = answer.error_description().map(String::as_str);
            match answer.error().as_ref() {
                // RFC 8628 and Entra name the same thing differently.
                "access_denied" | "authorization_declined" => EntraError::Denied,
                "expired_token" => EntraError::CodeExpired,
                code => EntraError::Refused(Refusal::read(code, words, secrets)),
            }
        }
    }
}

/// What the sign-in service gave.
#[derive(Debug)]
pub(super) struct Tokens {
    pub access: Secret<String>,
    pub refresh: Option<Secret<String>>,
    pub life: Duration,
    who: Who,
}

impl Tokens {
    pub(super) fn read(answer: &Answer) -> Self {
        let refresh = answer.refresh_token().map(RefreshToken::secret);
        let id_token = answer.extra_fields().id_token.as_deref();
        Self {
            access: Secret::new(answer.access_token().secret().clone()),
            refresh: refresh.map(|token| Secret::new(token.clone())),
            life: answer
                .expires_in()
                .unwrap_or(ASSUMED_LIFE)
                .min(LONGEST_LIFE),
            who: id_token.and_then(Who::read).unwrap_or_default(),
        }
    }

    /// Takes what a login keeps of a sign-in.
    pub(super) fn granted(self) -> Result<Granted, EntraError> {
        let shown = |text: Option<String>| quote(&text.unwrap_or_default(), &[]);
        Ok(Granted {
            refresh_token: self.refresh.ok_or(EntraError::NoRefreshToken)?,
            account_id: shown(self.who.oid.or(self.who.sub)),
            account_name: shown(self.who.preferred_username.or(self.who.name)),
        })
    }
}

/// Whom an ID token names. Its signature is not looked at: it comes straight from the service, and decides nothing.
#[derive(Debug, Default, Deserialize)]
struct Who {
    oid: Option<String>,
    sub: Option<String>,
    preferred_username: Option<String>,
    name: Option<String>,
}

impl Who {
    fn read(id_token: &str) -> Option<Self> {
        let claims = id_token.split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&claims).ok()
    }
}
