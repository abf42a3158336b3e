//! Stands between Segue and the sandbox, and changes what passes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use reqwest::Method;
use segue::http::Client;
use serde_json::Value;

/// A call on its way to the sandbox.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    /// Path and query below the API's root, as they were sent.
    pub target: String,
    pub body: Value,
}

impl Call {
    /// Tells whether it brings members to the audience.
    pub fn is_batch(&self) -> bool {
        self.method == Method::POST && !self.body["members"].is_null()
    }

    /// Tells whether it reads a page of contacts.
    pub fn is_page(&self) -> bool {
        self.method == Method::GET && self.target.contains("/members?")
    }

    /// The number after `name=`.
    pub fn option(&self, name: &str) -> u64 {
        let rest = self.target.split_once(&format!("{name}="));
        let number = rest.and_then(|(_, rest)| rest.split('&').next()?.parse().ok());
        number.unwrap_or(0)
    }
}

/// What happens to a call.
pub enum Act {
    /// It goes to the sandbox.
    Pass,
    /// It is answered like this and goes nowhere.
    Answer(u16, String),
    /// It goes to the sandbox, and its answer is lost.
    Lose,
    /// Others go first: method, path, body.
    First(Vec<(Method, String, Value)>),
}

type Before = dyn Fn(&mut Call, usize) -> Act + Send + Sync;
type After = dyn Fn(&Call, &mut Value) + Send + Sync;

/// Notes a call, and tells how many of its kind came before.
fn note(seen: &Mutex<Vec<Call>>, call: &Call) -> usize {
    let mut seen = seen.lock().expect("calls");
    let path = |call: &Call| call.target.split('?').next().map(str::to_owned);
    let same = |one: &&Call| one.method == call.method && path(one) == path(call);
    let number = seen.iter().filter(same).count();
    seen.push(call.clone());
    number
}

/// Serves at a port of its own, and tells the base of the API there.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let root = format!("http://{}/3.0", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    root
}

pub struct Tamper {
    pub root: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Tamper {
    /// Starts to stand in between. `before` sees each call and how many of its kind (method and path) came before it;
    /// `after` sees each answer in JSON.
    pub async fn start(
        api: &str,
        before: impl Fn(&mut Call, usize) -> Act + Send + Sync + 'static,
        after: impl Fn(&Call, &mut Value) + Send + Sync + 'static,
    ) -> Self {
        let (before, after): (Arc<Before>, Arc<After>) = (Arc::new(before), Arc::new(after));
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let seen = Arc::clone(&calls);
        let api = api.trim_end_matches("/3.0").to_owned();
        let client = Client::new(Duration::from_secs(20)).expect("client");
        let answer = move |request: Request| {
            let (before, after, seen) =
                (Arc::clone(&before), Arc::clone(&after), Arc::clone(&seen));
            let (api, client) = (api.clone(), client.clone());
            async move {
                let authorization = request.headers().get("authorization").cloned();
                let (method, target) = (request.method().clone(), request.uri().to_string());
                let body = to_bytes(request.into_body(), usize::MAX).await;
                let body = serde_json::from_slice(&body.expect("body")).unwrap_or_default();
                let mut call = Call {
                    method,
                    target,
                    body,
                };
                let number = note(&seen, &call);
                let send = async |method: Method, target: &str, body: &Value| {
                    let mut request = client.inner().request(method, format!("{api}{target}"));
                    if let Some(authorization) = &authorization {
                        request = request.header("authorization", authorization);
                    }
                    if !body.is_null() {
                        request = request.json(body);
                    }
                    client.send(request).await.expect("the sandbox answers")
                };
                let act = before(&mut call, number);
                match &act {
                    Act::Answer(status, text) => return respond(*status, text.clone().into()),
                    Act::First(others) => {
                        for (method, path, body) in others {
                            send(method.clone(), path, body).await;
                        }
                    }
                    Act::Pass | Act::Lose => {}
                }
                let answer = send(call.method.clone(), &call.target, &call.body).await;
                if matches!(act, Act::Lose) {
                    return respond(502, b"<html>Bad Gateway</html>".to_vec());
                }
                let mut body = answer.body;
                if let Ok(mut json) = serde_json::from_slice::<Value>(&body) {
                    after(&call, &mut json);
                    body = json.to_string().into_bytes();
                }
                respond(answer.status.as_u16(), body)
            }
        };
        let root = serve(Router::new().fallback(answer)).await;
        Self { root, calls }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("calls").clone()
    }
}

fn respond(status: u16, body: Vec<u8>) -> Response {
    let kind = if body.starts_with(b"<") {
        "text/html"
    } else {
        "application/json"
    };
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", kind)], body).into_response()
}
