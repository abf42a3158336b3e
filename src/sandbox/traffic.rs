//! What happens to every request to the imitated services of Microsoft: counted, faulted, answered, delayed.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tokio::time::Instant;

use super::faults::Kind;
use super::path::unescape;
use super::server::{Place, World, wait};
use super::wire::Link;
use super::{dataverse, insights};

/// More than any request to them carries.
const BODY_LIMIT: usize = 1 << 20;

/// How long a caller is asked to wait.
const RETRY: HeaderValue = HeaderValue::from_static("1");

/// One request, read.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    /// Below the service's root, unescaped, without a slash at its end.
    pub(super) path: String,
    /// The query as it came, for links that repeat it.
    pub(super) raw_query: String,
    pub(super) query: HashMap<String, String>,
    pub(super) headers: HeaderMap,
}

impl Asked {
    /// A parameter of the query.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }
}

/// One of the services.
#[derive(Debug)]
pub(super) struct Service {
    /// What all its paths begin with.
    pub(super) root: &'static str,
    /// The template that a path is counted under.
    pub(super) template: fn(&str) -> &'static str,
    /// Answers a request.
    pub(super) answer: fn(&World, &Asked) -> Response,
    /// How the service says that it cannot answer now, in its own words.
    pub(super) trouble: fn(Trouble) -> Response,
}

/// Why a service cannot answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There were too many requests.
    TooMany,
    /// It failed.
    Failed,
    /// It is away for a moment.
    Away,
}

impl Trouble {
    /// The status it is told with.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Away => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The paths of the services.
pub(super) fn router() -> Router<Place> {
    Router::new()
        .route("/api/data/v9.2/{*path}", any(dataverse_call))
        .route("/v1/{*path}", any(insights_call))
}

async fn dataverse_call(
    State(place): State<Place>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response {
    pass(&place, &link, &dataverse::SERVICE, request).await
}

async fn insights_call(
    State(place): State<Place>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response {
    pass(&place, &link, &insights::SERVICE, request).await
}

async fn read(root: &str, request: Request) -> Asked {
    let (head, body) = request.into_parts();
    // Nothing reads it, but a client whose sending fails would not see the answer.
    let _ = axum::body::to_bytes(body, BODY_LIMIT).await;
    let raw_query = head.uri.query().unwrap_or_default().to_owned();
    let path = head.uri.path().strip_prefix(root).unwrap_or_default();
    let pairs = url::form_urlencoded::parse(raw_query.as_bytes()).into_owned();
    Asked {
        method: head.method,
        path: unescape(path.trim_end_matches('/')),
        query: pairs.collect(),
        raw_query,
        headers: head.headers,
    }
}

async fn pass(place: &Place, link: &Link, service: &Service, request: Request) -> Response {
    let began = Instant::now();
    let asked = read(service.root, request).await;
    let template = (service.template)(&asked.path);
    let name = format!("{} {}{template}", asked.method, service.root);
    place.gauge.request(name);
    let fault = place.faults.draw();
    let kind = fault.map(|fault| fault.kind);
    if !place.profiles.answers() || kind == Some(Kind::DropBefore) {
        link.cut();
        return Response::default();
    }
    if matches!(kind, Some(Kind::TooManyRequests | Kind::EmptyForbidden)) {
        place.gauge.throttle();
    }
    let refusal = kind.and_then(|kind| refuse(kind, service));
    let response = refusal.unwrap_or_else(|| (service.answer)(place, &asked));
    match fault {
        Some(fault) if fault.kind == Kind::Hang => wait(place, began, fault.hang).await,
        _ => wait(place, began, place.latency).await,
    }
    if kind == Some(Kind::DropAfter) {
        link.cut();
        return Response::default();
    }
    response
}

fn refuse(kind: Kind, service: &Service) -> Option<Response> {
    let trouble = match kind {
        Kind::EmptyForbidden => return Some(StatusCode::FORBIDDEN.into_response()),
        Kind::HtmlBadRequest => return Some(web_page()),
        Kind::TooManyRequests => Trouble::TooMany,
        Kind::ServerError => Trouble::Failed,
        Kind::Unavailable => Trouble::Away,
        _ => return None,
    };
    let mut response = (service.trouble)(trouble);
    if trouble != Trouble::Failed {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY);
    }
    Some(response)
}

/// What Microsoft's front answers to what it cannot read.
fn web_page() -> Response {
    (
        StatusCode::BAD_REQUEST,
        [(header::CONTENT_TYPE, "text/html; charset=us-ascii")],
        "<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD>\r\n<BODY><h2>Bad Request - Invalid URL</h2>\r\n<hr><p>HTTP Error 400. The request URL is invalid.</p>\r\n</BODY></HTML>\r\n",
    )
        .into_response()
}
