//! An export user signs in and stays signed in, at a provider in the test.

mod device;
mod signing_in;
mod staying;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::http::{Client, Endpoint};

type Answers = Mutex<Vec<(u16, Value)>>;
type Watch = Box<dyn Fn() -> String + Send + Sync>;

/// What the imitated provider shall answer, and what it was asked.
#[derive(Default)]
struct Provider {
    /// Whether its document is where Entra's is.
    like_entra: bool,
    document: Mutex<Option<(u16, Value)>>,
    token: Answers,
    device: Answers,
    forms: Mutex<Vec<HashMap<String, String>>>,
    /// Looked at whenever a token is asked for.
    watch: Mutex<Option<Watch>>,
    watched: Mutex<Vec<String>>,
}

fn next(answers: &Answers) -> Response {
    let mut answers = answers.lock().expect("answers");
    let (status, body) = match answers.len() {
        0 => (500, json!({})),
        1 => answers[0].clone(),
        _ => answers.remove(0),
    };
    answer(status, body)
}

fn answer(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).expect("status");
    (status, Json(body)).into_response()
}

async fn serve(
    State((own, base)): State<(Arc<Provider>, String)>,
    uri: Uri,
    body: String,
) -> Response {
    let entras = uri.path() == "/t1/v2.0/.well-known/openid-configuration";
    let standard = uri.path() == "/t1/.well-known/openid-configuration";
    if entras || standard {
        let own_document = own.document.lock().expect("document").clone();
        let device = format!("{base}/devicecode");
        return match own_document {
            Some((status, body)) => answer(status, body),
            None if entras == own.like_entra => answer(
                200,
                json!({"authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
                       "device_authorization_endpoint": device, "issuer": "https://other.example/{tenantid}"}),
            ),
            None => answer(
                404,
                json!({"error": "invalid_request", "error_description": "no such route"}),
            ),
        };
    }
    own.forms.lock().expect("forms").push(
        url::form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect(),
    );
    if let Some(watch) = own.watch.lock().expect("watch").as_ref() {
        own.watched.lock().expect("watched").push(watch());
    }
    match uri.path() {
        "/devicecode" => next(&own.device),
        "/token" => next(&own.token),
        path => panic!("{path} was asked for"),
    }
}

async fn start(own: Provider) -> (Arc<Provider>, EntraApp) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bind");
    let base = format!("http://{}", listener.local_addr().expect("address"));
    let own = Arc::new(own);
    let router = Router::new()
        .fallback(serve)
        .with_state((own.clone(), base.clone()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let endpoint = |text: &str| Endpoint::parse(text).expect("endpoint");
    let app = EntraApp {
        client_id: "id 1".to_owned(),
        authority: endpoint(&format!("{base}/t1")),
        resource: Resource::Dataverse(endpoint("https://org.crm.dynamics.com")),
    };
    (own, app)
}

fn client() -> Client {
    Client::new(Duration::from_secs(10)).expect("client")
}

/// A token answer with an ID token for Anna.
fn tokens(access: &str, refresh: Option<&str>, life: u64) -> (u16, Value) {
    let claims = json!({"oid": "o-1", "preferred_username": "anna@contoso.example"}).to_string();
    let id_token = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
    let mut answer = json!({"access_token": access, "token_type": "Bearer", "expires_in": life, "id_token": id_token});
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    (200, answer)
}

fn refusal(code: &str, words: &str) -> (u16, Value) {
    (
        400,
        json!({"error": code, "error_description": words, "error_codes": [1]}),
    )
}

fn why<T: std::fmt::Debug>(outcome: crate::login::Result<T>) -> EntraError {
    match outcome.expect_err("an error") {
        crate::login::Error::Entra { source, .. } => *source,
        other => panic!("{other:?}"),
    }
}
