//! A service that answers as a test tells it, on a port of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::domain::Secret;
use crate::http::{Client, Endpoint, Waits};
use crate::login::Session;
use crate::source::Service;

/// A call that was received.
#[derive(Debug, Clone)]
pub(in crate::source) struct Call {
    /// Path and query, with the percent signs resolved.
    pub target: String,
    pub headers: HeaderMap,
    /// How many calls came before.
    pub number: usize,
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The number after `name=`.
    pub fn option(&self, name: &str) -> Option<usize> {
        let (_, rest) = self.target.split_once(&format!("{name}="))?;
        rest.split('&').next()?.parse().ok()
    }
}

/// What it answers.
pub(in crate::source) type Script = Arc<dyn Fn(&Call) -> Response + Send + Sync>;

/// The service; it ends with the test's runtime.
pub(in crate::source) struct Peer {
    pub root: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Peer {
    /// Starts to answer. Anything but GET is a failed test: it is answered so that every read fails.
    pub async fn start(script: impl Fn(&Call) -> Response + Send + Sync + 'static) -> Self {
        let script: Script = Arc::new(script);
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let seen = Arc::clone(&calls);
        let answer = move |request: Request| {
            let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
            async move {
                if request.method() != "GET" {
                    return json(418, r#"{"error":{"code":"","message":"not GET"}}"#);
                }
                let target = request.uri().to_string();
                let target = percent_encoding::percent_decode_str(&target);
                let call = {
                    let mut seen = seen.lock().expect("calls");
                    let call = Call {
                        target: target.decode_utf8_lossy().into_owned(),
                        headers: request.headers().clone(),
                        number: seen.len(),
                    };
                    seen.push(call.clone());
                    call
                };
                script(&call)
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { root, calls }
    }

    pub fn service(&self) -> Service {
        Service {
            root: Endpoint::parse(&self.root).expect("an address"),
            session: Session::fixed(Secret::new("token".to_owned())),
            subscription_key: Some(Secret::new("key".to_owned())),
            client: Client::new(Duration::from_secs(20)).expect("a client"),
            first_pause: Duration::from_millis(1),
            waits: Waits::default(),
        }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("calls").clone()
    }
}

pub(in crate::source) fn json(status: u16, body: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    let kind = [("content-type", "application/json")];
    (status, kind, body.to_owned()).into_response()
}
