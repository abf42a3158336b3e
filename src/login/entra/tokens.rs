use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AccessToken, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
};
use reqwest::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::discovery::Provider;
use super::{EntraApp, EntraError, Granted, Refusal};
use crate::domain::Secret;
use crate::http::{Backoff, BadEndpoint, Client, quote};
use crate::login::call::{Unsent, always, sender, unspent};

/// How long a token is used whose life is not told; a service that refuses it earlier has it renewed.
const ASSUMED_LIFE: Duration = Duration::from_mins(5);

/// No token is believed to live longer than a day.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// Tokens as the service gives them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    access_token: AccessToken,
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    refresh_token: Option<RefreshToken>,
    id_token: Option<String>,
}

impl TokenResponse for Answer {
    type TokenType = BasicTokenType;
    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }
    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }
    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }
    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }
    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// Reads a time in seconds, which some services write as text; `None` where it is no number.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let seconds: Option<f64> = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = seconds.filter(|seconds| !seconds.is_nan());
    Ok(seconds.map(|seconds| {
        let time = Duration::try_from_secs_f64(seconds.max(0.0));
        time.unwrap_or(Duration::MAX)
    }))
}

pub(super) type OAuth = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Makes the client of a public app: no secret, so PKCE proves that code and sign-in belong together.
pub(super) fn oauth(app: &EntraApp, provider: &Provider) -> Result<OAuth, EntraError> {
    let bad = |text: &str| EntraError::BadPlace(BadEndpoint::NoUrl(text.to_owned()));
    let authorize = provider.authorize.as_str();
    let token = provider.token.as_str();
    Ok(oauth2::Client::new(ClientId::new(app.client_id.clone()))
        .set_auth_uri(AuthUrl::new(authorize.to_owned()).map_err(|_why| bad(authorize))?)
        .set_token_uri(TokenUrl::new(token.to_owned()).map_err(|_why| bad(token))?))
}

fn scopes(app: &EntraApp) -> impl Iterator<Item = Scope> {
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
    Tokens::read(&answer.map_err(|why| no_tokens(why, &secrets))?)
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
    Tokens::read(&answer.map_err(|why| no_tokens(why, &[token.expose()]))?)
}

/// Says why there are no tokens. Leaves out the parser's words: they may hold one.
fn no_tokens(why: RequestTokenError<Unsent, BasicErrorResponse>, secrets: &[&str]) -> EntraError {
    match why {
        RequestTokenError::Request(why) => failed(why, secrets),
        RequestTokenError::ServerResponse(answer) => refused(&answer, secrets),
        // Some services complain with status 200.
        RequestTokenError::Parse(_, body) => complaint(&HttpResponse::new(body), secrets),
        RequestTokenError::Other(_) => complaint(&HttpResponse::default(), secrets),
    }
}

/// Says why the service gave nothing to read.
pub(super) fn failed(why: Unsent, secrets: &[&str]) -> EntraError {
    match why {
        Unsent::Call(why) => EntraError::Call(why),
        Unsent::Answer { status, words } => EntraError::Answer {
            status,
            said: quote(&words, secrets),
        },
    }
}

/// Reads what a service complains of in place of the answer.
pub(super) fn complaint(answer: &HttpResponse, secrets: &[&str]) -> EntraError {
    match serde_json::from_slice(answer.body()) {
        Ok(said) => refused(&said, secrets),
        Err(_quotes_it) => EntraError::Answer {
            status: answer.status(),
            said: String::new(),
        },
    }
}

fn refused(answer: &BasicErrorResponse, secrets: &[&str]) -> EntraError {
    let words = answer.error_description().map(String::as_str);
    Refusal::tell(answer.error().as_ref(), words, secrets)
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
    /// Takes tokens that can be used: of the one kind that there is, and not empty.
    pub(super) fn read(answer: &Answer) -> Result<Self, EntraError> {
        let kind = answer.token_type.as_ref();
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(EntraError::TokenType(quote(kind, &[])));
        }
        let access = answer.access_token.secret();
        if access.is_empty() || !access.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EntraError::Answer {
                status: StatusCode::OK,
                said: String::new(),
            });
        }
        let refresh = answer.refresh_token.as_ref().map(RefreshToken::secret);
        let refresh = refresh.filter(|token| !token.trim().is_empty());
        let life = answer.expires_in.unwrap_or(ASSUMED_LIFE);
        let who = answer.id_token.as_deref().and_then(Who::read);
        Ok(Self {
            access: Secret::new(access.clone()),
            refresh: refresh.map(|token| Secret::new(token.clone())),
            life: life.min(LONGEST_LIFE),
            who: who.unwrap_or_default(),
        })
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
