//! The sandbox's own calls, for whoever watches it: counts, all members, starting over. No key is needed.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::mailchimp::export;
use super::server::Place;

/// The paths of the sandbox itself.
pub(super) fn router() -> Router<Place> {
    Router::new()
        .route("/sandbox/stats", get(stats))
        .route("/sandbox/audiences/{id}/members", get(members))
        .route("/sandbox/reset", post(reset))
}

async fn stats(State(place): State<Place>) -> Json<Value> {
    let tally = place.audience().tally;
    let mut counts = place.gauge.read();
    counts.insert("statuses_raised".into(), tally.statuses_raised.into());
    counts.insert(
        "opted_out_set_pending".into(),
        tally.opted_out_set_pending.into(),
    );
    Json(Value::Object(counts))
}

async fn members(State(place): State<Place>, Path(id): Path<String>) -> Response {
    if id != place.audience_id {
        return StatusCode::NOT_FOUND.into_response();
    }
    let lines = export(&place.audience());
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8")];
    (kind, Body::from(lines)).into_response()
}

async fn reset(State(place): State<Place>) -> StatusCode {
    place.reset();
    StatusCode::NO_CONTENT
}
