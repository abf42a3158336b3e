//! Mailchimp's sign-in: OAuth 2 with a client secret, codes that work once and tokens that never end.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::account::{ACCOUNT, ACCOUNT_ID, EMAIL};
use crate::sandbox::dice::Dice;
use crate::sandbox::page::{Form, choice, page};

/// The one redirect address the imitated app has registered.
const REDIRECT: &str = "http://127.0.0.1:8723/callback";

/// The data centre the account lives in.
const CENTRE: &str = "us1";

/// What an app and its user know.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Credentials {
    pub(in crate::sandbox) api_key: String,
    pub(in crate::sandbox) client_id: String,
    pub(in crate::sandbox) client_secret: String,
    pub(in crate::sandbox) redirect_uri: &'static str,
}

impl Credentials {
    /// The same seed gives the same credentials, so that a sandbox can be started again under what knows it.
    pub(in crate::sandbox) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "credentials");
        Self {
            api_key: format!("{}-{CENTRE}", dice.hex(32)),
            client_id: format!("{:012}", 100_000_000_000 + dice.below(800_000_000_000)),
            client_secret: dice.hex(50),
            redirect_uri: REDIRECT,
        }
    }
}

/// The sign-in service.
#[derive(Debug)]
pub(in crate::sandbox) struct SignIn {
    known: Credentials,
    /// `http://HOST:PORT`, which stands for both of the service's hosts.
    origin: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    dice: Dice,
    codes: HashSet<String>,
    tokens: HashSet<String>,
}

impl SignIn {
    pub(in crate::sandbox) fn new(known: Credentials, origin: &str, seed: u64) -> Self {
        Self {
            known,
            origin: origin.to_owned(),
            state: Mutex::new(State {
                dice: Dice::new(seed, "tokens"),
                codes: HashSet::new(),
                tokens: HashSet::new(),
            }),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a key or token opens the API.
    pub(in crate::sandbox) fn opens(&self, secret: &str) -> bool {
        secret == self.known.api_key || self.with(|state| state.tokens.contains(secret))
    }

    /// Shows the page that asks the user.
    pub(in crate::sandbox) fn ask(&self, query: &Form) -> Response {
        if let Err(refusal) = self.check(query) {
            return *refusal;
        }
        let asked = ["response_type", "client_id", "redirect_uri", "state"];
        page(
            StatusCode::OK,
            &format!(
                "<h1>Sandbox sign-in</h1><p>An application asks for access to the account <b>{ACCOUNT}</b>. This is an imitation; no real account is behind it.</p>{}",
                choice("authorize", query, &asked)
            ),
        )
    }

    /// Takes the user's answer and sends the browser back to the app.
    pub(in crate::sandbox) fn decide(&self, form: &Form) -> Response {
        if let Err(refusal) = self.check(form) {
            return *refusal;
        }
        let mut back = url::form_urlencoded::Serializer::new(String::new());
        if form.get("decision").is_some_and(|word| word == "deny") {
            back.append_pair("error", "access_denied");
        } else {
            let code = self.with(|state| {
                let code = state.dice.hex(32);
                state.codes.insert(code.clone());
                code
            });
            back.append_pair("code", &code);
        }
        if let Some(state) = form.get("state") {
            back.append_pair("state", state);
        }
        let target = format!("{REDIRECT}?{}", back.finish());
        (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
    }

    /// Never sends a browser to an address that is not registered; so these refusals are pages.
    fn check(&self, form: &Form) -> Result<(), Box<Response>> {
        let refuse = |words: &str| {
            let text = format!("<h1>Sign-in is not possible</h1><p>{words}</p>");
            Err(Box::new(page(StatusCode::BAD_REQUEST, &text)))
        };
        let given = |name: &str| form.get(name).map_or("", String::as_str);
        if given("client_id") != self.known.client_id {
            return refuse("invalid_client: the client id is unknown.");
        }
        if given("redirect_uri") != REDIRECT {
            return refuse(
                "redirect_uri_mismatch: the redirect URI is not exactly the one registered for this app.",
            );
        }
        if given("response_type") != "code" {
            return refuse("unsupported_response_type: the response type must be code.");
        }
        Ok(())
    }

    /// Gives a token for a code.
    pub(in crate::sandbox) fn token(&self, form: &Form) -> Response {
        let given = |name: &str| form.get(name).map_or("", String::as_str);
        if given("grant_type") != "authorization_code" {
            return error(
                400,
                "unsupported_grant_type",
                "Only authorization_code is supported.",
            );
        }
        if given("client_id") != self.known.client_id
            || given("client_secret") != self.known.client_secret
        {
            return error(401, "invalid_client", "The client id or secret is wrong.");
        }
        // A code is used up even when the rest is wrong.
        let known = self.with(|state| state.codes.remove(given("code")));
        if !known || given("redirect_uri") != REDIRECT {
            return error(
                400,
                "invalid_grant",
                "The code is invalid, used, or for another redirect URI.",
            );
        }
        let token = self.with(|state| {
            let token = state.dice.hex(32);
            state.tokens.insert(token.clone());
            token
        });
        reply(
            200,
            &json!({ "access_token": token, "expires_in": 0, "scope": null }),
        )
    }

    /// Tells where the account of a token lives.
    pub(in crate::sandbox) fn metadata(&self, token: Option<&str>) -> Response {
        let known = token.is_some_and(|token| self.with(|state| state.tokens.contains(token)));
        if !known {
            return error(
                401,
                "invalid_token",
                "The access token is invalid or was revoked.",
            );
        }
        reply(
            200,
            &json!({
                "dc": CENTRE,
                "role": "owner",
                "accountname": ACCOUNT,
                "user_id": 1,
                "login": {
                    "email": EMAIL, "avatar": null, "login_id": 1,
                    "login_name": "sandbox", "login_email": EMAIL,
                },
                "account_id": ACCOUNT_ID,
                "login_url": format!("{}/mailchimp", self.origin),
                "api_endpoint": self.origin,
            }),
        )
    }
}

fn reply(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_string()).into_response()
}

fn error(status: u16, name: &str, description: &str) -> Response {
    reply(
        status,
        &json!({ "error": name, "error_description": description }),
    )
}
