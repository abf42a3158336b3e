//! Listens, and does to each API request what overload, distance and bad luck would do.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Form, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::dice::mix;
use super::entra::{self, Entra};
use super::faults::{Fault, Faults, Kind};
use super::gauge::Gauge;
use super::insights::Account;
use super::mailchimp::{
    Answer, Audience, Call, Credentials, Found, Problem, SignIn, Start, find, preload,
};
use super::options::{Options, SandboxError};
use super::profiles::Keeper;
use super::wire::{Door, Link};
use super::{auth, clock, control, traffic};

/// The one audience's id: like the service's own, ten hexadecimal digits.
const AUDIENCE: &str = "a1b2c3d4e5";

/// More than any body that keeps to the limits needs.
const BODY_LIMIT: usize = 64 << 20;

/// How long stopping waits for answers under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// Everything the requests share.
#[derive(Debug)]
pub(super) struct World {
    pub(super) gauge: Arc<Gauge>,
    pub(super) audience_id: &'static str,
    /// Where the sandbox is reached: scheme, host and port.
    pub(super) origin: String,
    pub(super) profiles: Keeper,
    pub(super) entra: Entra,
    pub(super) insights: Account,
    api: String,
    audience: Mutex<Audience>,
    start: Start,
    pub(super) faults: Faults,
    sign_in: SignIn,
    pub(super) latency: Duration,
    max_connections: usize,
    served: AtomicU64,
    closing: CancellationToken,
}

/// The world, held by every request.
pub(super) type Place = Arc<World>;

impl World {
    pub(super) fn audience(&self) -> MutexGuard<'_, Audience> {
        self.audience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts members, tags, the source and counts back to the start; tokens and faults stay.
    pub(super) fn reset(&self) {
        let mut audience = self.audience();
        let now = clock::now();
        *audience = Audience::new(self.audience_id, &self.api, now);
        self.start.fill(&mut audience, now);
        self.profiles.reset();
        self.gauge.reset();
    }
}

/// A running sandbox.
#[derive(Debug)]
pub struct Sandbox {
    ready: Map<String, Value>,
    closing: CancellationToken,
    serving: JoinHandle<()>,
}

impl Sandbox {
    /// What it says when ready: each value is exactly what the matching flag or variable takes.
    #[must_use]
    pub fn ready(&self) -> &Map<String, Value> {
        &self.ready
    }

    /// Stops listening, lets answers under way end early, and frees the port.
    pub async fn stop(self) {
        self.closing.cancel();
        let serving = self.serving.abort_handle();
        // A connection that will not end within patience is left to the runtime; the port is free either way.
        if tokio::time::timeout(PATIENCE, self.serving).await.is_err() {
            serving.abort();
        }
    }
}

/// Starts a sandbox on the running tokio runtime.
///
/// # Errors
///
/// Fails when the address is not a loopback address or cannot be listened on, or the members to
/// start with, or the people of a folder, cannot be read.
pub async fn start(options: Options) -> Result<Sandbox, SandboxError> {
    if !options.listen.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(options.listen));
    }
    let start = match &options.preload {
        Some(path) => Start::Preloaded(preload(path)?),
        // People of a folder are not ours to opt out; so its audience starts empty.
        None if options.empty || options.data.is_some() => Start::Empty,
        None => Start::Generated {
            seed: options.seed,
            profiles: options.profiles,
        },
    };
    let profiles = Keeper::new(&options)?;
    let refused = |source| SandboxError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let credentials = Credentials::new(options.seed);
    let insights = Account::new(options.seed);
    let origin = format!("http://{address}");
    let entra = Entra::new(&options, &origin);
    let mut ready = ready(address, &credentials, &insights);
    ready.extend(entra.ready());
    let api = format!("{origin}/3.0");
    let closing = CancellationToken::new();
    let gauge = Arc::new(Gauge::default());
    let place = Arc::new(World {
        gauge: Arc::clone(&gauge),
        audience_id: AUDIENCE,
        entra,
        audience: Mutex::new(Audience::new(AUDIENCE, &api, clock::now())),
        api,
        start,
        faults: Faults::new(&options.faults, options.seed),
        sign_in: SignIn::new(credentials, &origin, options.seed),
        origin,
        profiles,
        insights,
        latency: options.latency,
        max_connections: options.max_connections,
        served: AtomicU64::new(0),
        closing: closing.clone(),
    });
    place.reset();
    let service = router(place).into_make_service_with_connect_info::<Link>();
    let stop = closing.clone();
    let serving = tokio::spawn(async move {
        let door = Door { listener, gauge };
        let serve = axum::serve(door, service).with_graceful_shutdown(stop.cancelled_owned());
        // Accepting never fails for good: the listener retries by itself.
        let _ = serve.await;
    });
    Ok(Sandbox {
        ready,
        closing,
        serving,
    })
}

fn ready(address: SocketAddr, credentials: &Credentials, insights: &Account) -> Map<String, Value> {
    [
        ("listening", address.to_string()),
        ("mailchimp_api", format!("http://{address}/3.0")),
        (
            "mailchimp_login",
            format!("http://{address}/mailchimp/oauth2"),
        ),
        ("mailchimp_api_key", credentials.api_key.clone()),
        ("mailchimp_client_id", credentials.client_id.clone()),
        ("mailchimp_client_secret", credentials.client_secret.clone()),
        (
            "mailchimp_redirect_uri",
            credentials.redirect_uri.to_owned(),
        ),
        ("audience_id", AUDIENCE.to_owned()),
        ("insights_url", format!("http://{address}/v1")),
        ("insights_instance", insights.instance.clone()),
        (
            "insights_subscription_key",
            insights.subscription_key.clone(),
        ),
        ("dataverse_url", format!("http://{address}")),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), Value::String(value)))
    .collect()
}

fn router(place: Place) -> Router {
    Router::new()
        .route("/3.0", any(api))
        .route("/3.0/", any(api))
        .route("/3.0/{*path}", any(api))
        .route("/mailchimp/oauth2/authorize", get(ask).post(decide))
        .route("/mailchimp/oauth2/token", post(token))
        .route("/mailchimp/oauth2/metadata", get(metadata))
        .merge(entra::router())
        .merge(traffic::router())
        .merge(control::router())
        .with_state(place)
}

type Params = HashMap<String, String>;

async fn ask(State(place): State<Place>, Query(query): Query<Params>) -> Response {
    place.sign_in.ask(&query)
}

/// The form may be sent as a body or, by a program without a browser, to the page's own address.
async fn decide(
    State(place): State<Place>,
    Query(mut query): Query<Params>,
    body: Bytes,
) -> Response {
    query.extend(url::form_urlencoded::parse(&body).into_owned());
    place.sign_in.decide(&query)
}

async fn token(State(place): State<Place>, Form(form): Form<Params>) -> Response {
    place.sign_in.token(&form)
}

async fn metadata(State(place): State<Place>, headers: HeaderMap) -> Response {
    place.sign_in.metadata(auth::oauth(&headers))
}

/// One API request: counted in, read, refused or faulted or answered, delayed, counted out.
async fn api(
    State(place): State<Place>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response {
    let began = Instant::now();
    link.calls_api();
    let flight = place.gauge.enter();
    let (head, body) = request.into_parts();
    let path = head.uri.path().strip_prefix("/3.0").unwrap_or_default();
    let found = find(head.method.as_str(), path);
    let template = found.as_ref().map_or("/…", |found| found.template);
    place
        .gauge
        .request(format!("{} /3.0{template}", head.method));
    let writes = head.method != Method::GET;
    if writes {
        place.gauge.write();
    }
    // Read whole before anything is answered, or the client would see its sending fail instead of the answer.
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let serial = place.served.fetch_add(1, Ordering::Relaxed);
    let instance = format!("{:016x}-{:016x}", mix(1, serial), mix(2, serial));
    let over = flight.level > place.max_connections;
    let fault = if over { None } else { place.faults.draw() };
    if fault.is_some_and(|fault| fault.kind == Kind::DropBefore) {
        link.cut();
        return Response::default();
    }
    let response = if over {
        throttle(&place, serial)
    } else if let Some(refusal) = fault.and_then(|fault| refuse(&place, fault)) {
        refusal
    } else {
        let query = head.uri.query().unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        answer(&place, found, query.collect(), &head.headers, body)
            .unwrap_or_else(|problem| problem.respond(Some(&instance)))
    };
    match fault {
        Some(fault) if fault.kind == Kind::Hang => wait(&place, began, fault.hang).await,
        _ => wait(&place, began, place.latency).await,
    }
    if writes {
        place.gauge.write();
    }
    if fault.is_some_and(|fault| fault.kind == Kind::DropAfter) {
        link.cut();
        return Response::default();
    }
    response
}

/// Waits until so much time has passed since the request began; not at all once the sandbox stops.
pub(super) async fn wait(place: &World, began: Instant, time: Duration) {
    if time.is_zero() {
        return;
    }
    tokio::select! {
        () = tokio::time::sleep_until(began + time) => {}
        () = place.closing.cancelled() => {}
    }
}

fn answer(
    place: &World,
    found: Option<Found>,
    query: Params,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !auth::secret(headers).is_some_and(|secret| place.sign_in.opens(&secret)) {
        return Err(Problem::new(
            401,
            "API Key Invalid",
            "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
        ));
    }
    let found = found.ok_or_else(Problem::not_found)?;
    let respond = found.respond.ok_or_else(|| {
        Problem::new(
            405,
            "Method Not Allowed",
            "The requested method and resource are not compatible. See the Allow header for this resource's available methods.",
        )
    })?;
    if found.template.contains("{list_id}")
        && found.parts.first().map(String::as_str) != Some(place.audience_id)
    {
        return Err(Problem::not_found());
    }
    let call = Call {
        path: found.parts,
        query,
        body,
        now: clock::now(),
        faults: &place.faults,
    };
    let answer: Answer = respond(&mut place.audience(), &call)?;
    Ok(answer.into())
}

/// Refuses a request above the limit; now and then the way an overloaded service does, without a body.
fn throttle(place: &World, serial: u64) -> Response {
    place.gauge.throttle();
    if mix(3, serial).is_multiple_of(8) {
        return StatusCode::FORBIDDEN.into_response();
    }
    too_many(place.max_connections)
}

fn too_many(limit: usize) -> Response {
    let detail = format!("You have exceeded the limit of {limit} simultaneous connections.");
    Problem::new(429, "Too Many Requests", &detail).respond(None)
}

/// The answer of a fault that keeps the request from taking effect.
fn refuse(place: &World, fault: Fault) -> Option<Response> {
    let response = match fault.kind {
        Kind::TooManyRequests => {
            place.gauge.throttle();
            too_many(place.max_connections)
        }
        Kind::EmptyForbidden => {
            place.gauge.throttle();
            StatusCode::FORBIDDEN.into_response()
        }
        Kind::ServerError => Problem::new(
            500,
            "Internal Server Error",
            "An unexpected internal error has occurred. Please contact Support for more information.",
        )
        .respond(None),
        Kind::Unavailable => Problem::new(
            503,
            "Service Unavailable",
            "The service is temporarily unavailable.",
        )
        .respond(None),
        Kind::HtmlBadRequest => (
            StatusCode::BAD_REQUEST,
            [(header::CONTENT_TYPE, "text/html")],
            Body::from("<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD><BODY><H1>Bad Request</H1></BODY></HTML>"),
        )
            .into_response(),
        _ => return None,
    };
    Some(response)
}
