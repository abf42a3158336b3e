//! Which path leads where, and how a test withdraws what was granted.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Entra;
use super::refusal::{Refusal, reply};
use super::tokens::Fate;
use crate::sandbox::page::Form;
use crate::sandbox::server::Place;

/// The paths of the sign-in service.
pub(in crate::sandbox) fn router() -> Router<Place> {
    let place = |path: &str| format!("/entra/{{tenant}}{path}");
    Router::new()
        .route(
            &place("/v2.0/.well-known/openid-configuration"),
            get(discover),
        )
        .route(&place("/discovery/v2.0/keys"), get(keys))
        .route(&place("/oauth2/v2.0/authorize"), get(ask).post(decide))
        .route(&place("/oauth2/v2.0/token"), post(token))
        .route(&place("/oauth2/v2.0/devicecode"), post(device))
        .route("/entra/devicelogin", get(enter).post(type_code))
        .route("/sandbox/entra", post(control))
}

async fn discover(State(place): State<Place>, Path(tenant): Path<String>) -> Response {
    place.entra.answer(place.entra.discover(&tenant))
}

/// There are none: nothing is signed.
async fn keys() -> Response {
    reply(StatusCode::OK, &json!({ "keys": [] }))
}

async fn ask(
    State(place): State<Place>,
    Path(tenant): Path<String>,
    Query(query): Query<Form>,
) -> Response {
    place.entra.ask(&tenant, &query)
}

async fn decide(
    State(place): State<Place>,
    Path(tenant): Path<String>,
    Query(query): Query<Form>,
    body: Bytes,
) -> Response {
    place.entra.decide(&tenant, &joined(query, &body))
}

async fn token(State(place): State<Place>, Path(tenant): Path<String>, body: Bytes) -> Response {
    let form = joined(Form::new(), &body);
    place.entra.answer(place.entra.token(&tenant, &form))
}

async fn device(State(place): State<Place>, Path(tenant): Path<String>, body: Bytes) -> Response {
    let form = joined(Form::new(), &body);
    place.entra.answer(place.entra.new_device(&tenant, &form))
}

/// Shows the empty page, whatever the address says: Entra's has no way to bring the code along.
async fn enter(State(place): State<Place>) -> Response {
    place.entra.device_login(&Form::new())
}

async fn type_code(State(place): State<Place>, Query(query): Query<Form>, body: Bytes) -> Response {
    place.entra.device_login(&joined(query, &body))
}

/// A form may be sent as a body or, by a program without a browser, to the page's own address.
fn joined(mut query: Form, body: &[u8]) -> Form {
    query.extend(url::form_urlencoded::parse(body).into_owned());
    query
}

/// What `POST /sandbox/entra` takes, as JSON; the answer is 204 without a body. Nothing of it is undone by
/// `POST /sandbox/reset`.
///
/// - `{"revoke":"consent"}`: the user no longer agrees to what the app may read. Every exchange is refused (AADSTS65001)
///   until somebody approves on a page again; refresh tokens given before are then good again.
/// - `{"revoke":"sessions"}`: every refresh token given so far is refused for good (AADSTS50173). Signing in works.
/// - `{"device":"blocked"}`: codes typed elsewhere are given and can be typed, but Approve leads to a page that refuses, and
///   so is who asks for tokens (AADSTS53003), as where an organisation's rules forbid that flow. `{"device":"allowed"}`
///   takes it back.
///
/// Access tokens given before stay good until their time is over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(super) enum Control {
    Revoke(Revoke),
    Device(Devices),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Revoke {
    Consent,
    Sessions,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Devices {
    Allowed,
    Blocked,
}

async fn control(
    State(place): State<Place>,
    body: Bytes,
) -> Result<StatusCode, (StatusCode, String)> {
    let unknown = |why: serde_json::Error| (StatusCode::BAD_REQUEST, why.to_string());
    let control = serde_json::from_slice(&body).map_err(unknown)?;
    place.entra.control(&control);
    Ok(StatusCode::NO_CONTENT)
}

impl Entra {
    pub(super) fn control(&self, control: &Control) {
        self.with(|state| match control {
            Control::Revoke(Revoke::Consent) => state.consent.clear(),
            Control::Revoke(Revoke::Sessions) => {
                let good = |fate: &&mut Fate| **fate == Fate::Good;
                let fates = state.refresh.values_mut().map(|kept| &mut kept.fate);
                fates.filter(good).for_each(|fate| *fate = Fate::Revoked);
            }
            Control::Device(devices) => {
                state.device_codes_blocked = matches!(devices, Devices::Blocked);
            }
        });
    }

    fn answer(&self, outcome: Result<Value, Refusal>) -> Response {
        match outcome {
            Ok(body) => reply(StatusCode::OK, &body),
            Err(refusal) => self.with(|state| refusal.answer(&mut state.dice)),
        }
    }
}
