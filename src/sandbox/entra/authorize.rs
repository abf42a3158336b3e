//! The page of a sign-in in the browser: what the app asks for, and the way back to it.

use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::refusal::Refusal;
use super::scopes::Scopes;
use super::tokens::Grant;
use super::{APP, Entra, Resource, USER, USER_NAME, guid, required};
use crate::sandbox::page::{Form, choice, escape, page};

/// How long a code waits to be exchanged.
const CODE_LIFE: Duration = Duration::from_mins(10);

/// What the page's form sends on.
const ASKED: [&str; 9] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// A request that may be answered to the app, right or wrong.
struct Asked {
    redirect: Url,
    wanted: Result<Wanted, Refusal>,
}

struct Wanted {
    scopes: Scopes,
    challenge: String,
}

impl Entra {
    /// Shows the page that asks the user.
    pub(super) fn ask(&self, tenant: &str, query: &Form) -> Response {
        let asked = match self.read_request(tenant, query) {
            Ok(asked) => asked,
            Err(refusal) => return self.with(|state| refusal.page(&mut state.dice)),
        };
        match asked.wanted {
            Ok(wanted) => page(
                StatusCode::OK,
                &format!(
                    "{}{}",
                    request_for(&wanted.scopes),
                    choice("authorize", query, &ASKED)
                ),
            ),
            Err(refusal) => {
                let told = self.with(|state| refusal.parameters(&mut state.dice));
                send_back(asked.redirect, query, &told)
            }
        }
    }

    /// Takes the user's answer and sends the browser back to the app.
    pub(super) fn decide(&self, tenant: &str, form: &Form) -> Response {
        let approves = match form.get("decision").map(String::as_str) {
            Some("approve") => true,
            Some("deny") => false,
            _ => return self.ask(tenant, form),
        };
        let asked = match self.read_request(tenant, form) {
            Ok(asked) => asked,
            Err(refusal) => return self.with(|state| refusal.page(&mut state.dice)),
        };
        let told = self.with(|state| match asked.wanted {
            Err(refusal) => refusal.parameters(&mut state.dice),
            Ok(_) if !approves => declined("access_denied").parameters(&mut state.dice),
            Ok(wanted) => {
                let grant = Grant {
                    scopes: wanted.scopes,
                    nonce: form.get("nonce").cloned(),
                };
                state.consent.insert(grant.scopes.resource);
                let redirect = form.get("redirect_uri").map_or("", String::as_str);
                let code = Self::new_code(grant, redirect, &wanted.challenge, CODE_LIFE, state);
                [("code", code), ("session_state", guid(&mut state.dice))]
            }
        });
        send_back(asked.redirect, form, &told)
    }

    /// Never sends a browser to an address that is not registered, nor for an app that is not known: these refusals are
    /// pages. All others the app is told.
    fn read_request(&self, tenant: &str, form: &Form) -> Result<Asked, Refusal> {
        self.check_tenant(tenant)?;
        self.check_client(form)?;
        let redirect = self.redirect_of(required(form, "redirect_uri")?)?;
        Ok(Asked {
            redirect,
            wanted: self.read_wanted(form),
        })
    }

    /// The app has `http://localhost` registered, so any port of it is right and any path wrong. See
    /// <https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>
    fn redirect_of(&self, text: &str) -> Result<Url, Refusal> {
        let registered = |url: &Url| {
            let end = url.port().map(|port| format!(":{port}"));
            let place = format!("http://localhost{}", end.unwrap_or_default());
            text == place || text == format!("{place}/")
        };
        Url::parse(text).ok().filter(registered).ok_or_else(|| {
            Refusal::new(
                50_011,
                "invalid_request",
                format!(
                    "The redirect URI '{text}' specified in the request does not match the redirect URIs configured for the application '{}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
                    self.client_id
                ),
            )
        })
    }

    fn read_wanted(&self, form: &Form) -> Result<Wanted, Refusal> {
        let kind = required(form, "response_type")?;
        if kind != "code" {
            let words = format!("The app asked for an unsupported response type '{kind}'.");
            return Err(Refusal::new(70_005, "unsupported_response_type", words));
        }
        if form
            .get("response_mode")
            .is_some_and(|mode| mode != "query")
        {
            let words = "The app asked for an unsupported value of 'response_mode'.";
            return Err(Refusal::new(70_007, "invalid_request", words));
        }
        let scopes = self.read_scopes(required(form, "scope")?)?;
        let challenge = form.get("code_challenge").map_or("", String::as_str);
        let method = form.get("code_challenge_method").map(String::as_str);
        // 32 bytes in base64.
        if challenge.len() != 43 || method != Some("S256") {
            let words =
                "The size of the code challenge parameter isn't valid, or its method is not S256.";
            return Err(Refusal::new(50_147, "invalid_request", words));
        }
        let challenge = challenge.to_owned();
        Ok(Wanted { scopes, challenge })
    }
}

/// The user's no, by the name that each flow has for it.
pub(super) fn declined(error: &'static str) -> Refusal {
    let words = "User declined to consent to access the app.";
    Refusal::new(65_004, error, words)
}

/// Says in words what the app asks for.
pub(super) fn request_for(scopes: &Scopes) -> String {
    let service = match scopes.resource {
        Some(Resource::Dataverse) => "<li>Read the tables of Dataverse as you</li>",
        Some(Resource::CustomerInsights) => "<li>Use the Customer Insights API as you</li>",
        None => "",
    };
    let long = if scopes.contain("offline_access") {
        "<li>Keep this access until you take it back</li>"
    } else {
        ""
    };
    let asked = escape(&scopes.asked.join(" "));
    format!(
        "<h1>Permissions requested</h1><p>You are <b>{USER_NAME}</b> ({USER}). The application <b>{APP}</b> would like to:</p><ul><li>See who you are</li>{service}{long}</ul><p><code>{asked}</code></p><p>This is an imitation of Microsoft Entra ID; no real account is behind it.</p>"
    )
}

/// A redirect URI without a path comes back with a slash, as browsers and Entra write it.
fn send_back(mut redirect: Url, form: &Form, told: &[(&str, String)]) -> Response {
    redirect.query_pairs_mut().extend_pairs(told);
    if let Some(state) = form.get("state") {
        redirect.query_pairs_mut().append_pair("state", state);
    }
    (
        StatusCode::FOUND,
        [(header::LOCATION, String::from(redirect))],
    )
        .into_response()
}
