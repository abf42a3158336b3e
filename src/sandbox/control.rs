//! The sandbox's own calls, for whoever watches it: counts, all members, changing them or the source, starting
//! over. No key is needed.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde_json::Value;

use super::clock;
use super::mailchimp::{Step, export, export_order};
use super::profiles::Change;
use super::server::Place;

/// How many members are written at a time.
const PIECE: usize = 2000;

/// The paths of the sandbox itself.
pub(super) fn router() -> Router<Place> {
    Router::new()
        .route("/sandbox/stats", get(stats))
        .route("/sandbox/audiences/{id}/members", get(members))
        .route("/sandbox/audiences/{id}/steps", post(steps))
        .route("/sandbox/source", post(source))
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
    let order = export_order(&place.audience());
    // Piece by piece: a million members are 800 MB of text.
    let pieces = (0..order.len()).step_by(PIECE).map(move |from| {
        let upto = order.len().min(from + PIECE);
        Ok::<_, Infallible>(export(&place.audience(), &order[from..upto]))
    });
    let lines = Body::from_stream(stream::iter(pieces));
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8")];
    (kind, lines).into_response()
}

/// Lets others change the audience: `Step` says how. What cannot be done is said in plain text.
async fn steps(State(place): State<Place>, Path(id): Path<String>, body: Bytes) -> Response {
    if id != place.audience_id {
        return StatusCode::NOT_FOUND.into_response();
    }
    let several = body.trim_ascii_start().starts_with(b"[");
    let steps = if several {
        serde_json::from_slice::<Vec<Step>>(&body)
    } else {
        serde_json::from_slice(&body).map(|step| vec![step])
    };
    let done = steps.map_err(|why| why.to_string()).and_then(|steps| {
        let (mut audience, now) = (place.audience(), clock::now());
        steps.iter().try_for_each(|step| audience.step(step, now))
    });
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

/// Changes what Customer Insights holds or how it behaves: `Change` says how. What cannot be done is said in plain text.
async fn source(State(place): State<Place>, body: Bytes) -> Response {
    let change = serde_json::from_slice::<Change>(&body).map_err(|why| why.to_string());
    match change.and_then(|change| place.profiles.change(&change)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

async fn reset(State(place): State<Place>) -> StatusCode {
    place.reset();
    StatusCode::NO_CONTENT
}
