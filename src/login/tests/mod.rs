//! Signing in from start to end against a service in the test, whose oddities are those seen at Mailchimp.

mod answers;
mod coming_back;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::*;
use crate::domain::Secret;
use crate::http::Client;

const CLIENT_SECRET: &str = "very-secret";

/// What the imitated service shall answer, and what it was asked.
#[derive(Default)]
struct Service {
    token: Mutex<Vec<(u16, Value)>>,
    metadata: Mutex<Vec<(u16, Value)>>,
    account: Mutex<Vec<(u16, Value)>>,
    forms: Mutex<Vec<HashMap<String, String>>>,
    headers: Mutex<Vec<String>>,
}

type Desk = State<Arc<Service>>;

fn next(answers: &Mutex<Vec<(u16, Value)>>) -> impl IntoResponse + use<> {
    let mut answers = answers.lock().expect("answers");
    let (status, body) = match answers.len() {
        0 => (500, Value::Null),
        1 => answers[0].clone(),
        _ => answers.remove(0),
    };
    let status = StatusCode::from_u16(status).expect("status");
    match body {
        Value::String(text) => (status, text).into_response(),
        body => (status, Json(body)).into_response(),
    }
}

fn note(service: &Service, headers: &HeaderMap) {
    let value = headers.get("authorization").map(|value| value.to_str());
    let value = value.transpose().expect("text").unwrap_or_default();
    service.headers.lock().expect("headers").push(value.into());
}

async fn start() -> (Arc<Service>, Endpoints) {
    let service = Arc::new(Service::default());
    let router = Router::new()
        .route(
            "/oauth2/token",
            post(
                |State(service): Desk, Form(form): Form<HashMap<String, String>>| async move {
                    service.forms.lock().expect("forms").push(form);
                    next(&service.token)
                },
            ),
        )
        .route(
            "/oauth2/metadata",
            get(|State(service): Desk, headers: HeaderMap| async move {
                note(&service, &headers);
                next(&service.metadata)
            }),
        )
        .route(
            "/3.0/",
            get(|State(service): Desk, headers: HeaderMap| async move {
                note(&service, &headers);
                next(&service.account)
            }),
        )
        .with_state(service.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bind");
    let base = format!("http://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (api, login) = (format!("{base}/3.0"), format!("{base}/oauth2"));
    (
        service,
        Endpoints::new(Some(&api), Some(&login)).expect("endpoints"),
    )
}

fn app() -> MailchimpApp {
    MailchimpApp {
        client_id: "id 1".to_owned(),
        client_secret: Secret::new(CLIENT_SECRET.to_owned()),
    }
}

fn client() -> Client {
    Client::new(Duration::from_secs(5)).expect("client")
}

fn state_of(sign_in: &SignIn) -> String {
    let url = url::Url::parse(sign_in.url()).expect("url");
    let pairs: HashMap<_, _> = url.query_pairs().into_owned().collect();
    pairs["state"].clone()
}
