use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, TokenResponse, TokenUrl,
};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use super::call::{Unsent, sender, unspent};
use super::credential::Credential;
use super::error::{Error, Result};
use crate::domain::Secret;
use crate::http::{Backoff, BadEndpoint, CallError, Client, Endpoint, quote};

/// An app registered with Mailchimp. Everybody registers their own: a program that anyone can download cannot keep a
/// secret.
#[derive(Debug, Clone)]
pub struct MailchimpApp {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret<String>,
}

/// An answer of Mailchimp's token service. Of what the standard asks for it reads the token and its kind alone: the
/// service sends `expires_in: 0` for "never" and `scope: null`, or no kind at all, and strict parsers stumble.
#[derive(Debug, Serialize, Deserialize)]
struct MailchimpToken {
    access_token: AccessToken,
    #[serde(default = "bearer")]
    token_type: BasicTokenType,
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

impl TokenResponse for MailchimpToken {
    type TokenType = BasicTokenType;
    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }
    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }
    fn expires_in(&self) -> Option<std::time::Duration> {
        None
    }
    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }
    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

type OAuthClient = oauth2::Client<
    BasicErrorResponse,
    MailchimpToken,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn oauth_client(app: &MailchimpApp, login: &Endpoint, redirect: &str) -> Result<OAuthClient> {
    let no_url = |text: &str| {
        let source = BadEndpoint::NoUrl(text.to_owned());
        let which = "sign-in";
        Error::Endpoint { which, source }
    };
    let authorize = AuthUrl::new(format!("{login}/authorize"));
    let token = TokenUrl::new(format!("{login}/token"));
    let back = RedirectUrl::new(redirect.to_owned());
    let client = oauth2::Client::new(ClientId::new(app.client_id.clone()))
        .set_client_secret(ClientSecret::new(app.client_secret.expose().clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(authorize.map_err(|_why| no_url(login.as_str()))?)
        .set_token_uri(token.map_err(|_why| no_url(login.as_str()))?)
        .set_redirect_uri(back.map_err(|_why| no_url(redirect))?);
    Ok(client)
}

/// Gives the address of the page where a person says yes. No PKCE: Mailchimp documents none, and wants a client secret.
pub(super) fn authorize_url(
    app: &MailchimpApp,
    login: &Endpoint,
    redirect: &str,
    state: &str,
) -> Result<String> {
    let state = CsrfToken::new(state.to_owned());
    let client = oauth_client(app, login, redirect)?;
    let (url, _state) = client.authorize_url(|| state).url();
    Ok(url.into())
}

/// Something that could be an answer, but holds no token.
fn no_token() -> Error {
    Error::ExchangeAnswer {
        status: StatusCode::OK,
        said: String::new(),
    }
}

/// The person said yes; what is left is to exchange the code, once, for a token.
#[derive(Debug)]
pub struct Authorized {
    pub(super) app: MailchimpApp,
    pub(super) login: Endpoint,
    pub(super) redirect: String,
    pub(super) code: Secret<String>,
}

impl Authorized {
    /// Exchanges the code for a token that does not expire. A code works once, so it takes `self`, and a call whose
    /// answer was not seen is not repeated.
    ///
    /// # Errors
    /// Tells a service that was not reached from one that did not answer and one that refused.
    pub async fn exchange(self, client: &Client) -> Result<Credential> {
        let oauth = oauth_client(&self.app, &self.login, &self.redirect)?;
        let code = AuthorizationCode::new(self.code.expose().clone());
        let backoff = Backoff::new(3, Backoff::FIRST);
        let send = sender(client, &backoff, unspent);
        match oauth.exchange_code(code).request_async(&send).await {
            Ok(token) if !token.token_type.as_ref().eq_ignore_ascii_case("bearer") => {
                Err(Error::TokenType(quote(token.token_type.as_ref(), &[])))
            }
            Ok(token) => {
                let token = Credential::from_token(token.access_token.secret());
                token.map_err(|_unprintable| no_token())
            }
            Err(why) => Err(self.explain(why)),
        }
    }

    /// Leaves out the parser's words and the body: both may hold the token.
    fn explain(&self, why: RequestTokenError<Unsent, BasicErrorResponse>) -> Error {
        match why {
            RequestTokenError::Request(Unsent::Call(
                why @ (CallError::Unanswered { .. } | CallError::TooLong { .. }),
            )) => Error::ExchangeUnanswered(why),
            RequestTokenError::Request(Unsent::Call(why)) => Error::ExchangeConnect(why),
            RequestTokenError::Request(Unsent::Answer { status, words }) => Error::ExchangeAnswer {
                status,
                said: quote(&words, &self.secrets()),
            },
            RequestTokenError::ServerResponse(answer) => self.refused(&answer),
            RequestTokenError::Parse(_, body) => match serde_json::from_slice(&body) {
                // The service has been seen to complain with status 200.
                Ok(answer) => self.refused(&answer),
                Err(_no_complaint) => no_token(),
            },
            RequestTokenError::Other(_) => no_token(),
        }
    }

    fn secrets(&self) -> [&str; 2] {
        [self.app.client_secret.expose(), self.code.expose()]
    }

    fn refused(&self, answer: &BasicErrorResponse) -> Error {
        let secrets = self.secrets();
        let code = quote(answer.error().as_ref(), &secrets);
        let words = answer.error_description().map(|text| quote(text, &secrets));
        let reason = words.filter(|text| !text.is_empty());
        Error::ExchangeRefused {
            reason: reason.unwrap_or_else(|| code.clone()),
            code,
        }
    }
}
