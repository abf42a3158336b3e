//! Signing in from start to end against a service in the test, whose oddities are those seen at Mailchimp.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::pages::tests::pages;
use super::*;
use crate::domain::{LoginName, Secret};
use crate::http::{Client, Endpoint};

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

/// A browser that asks for a page of ours.
async fn browse(sign_in: &SignIn, path_and_query: &str) -> (u16, HeaderMap, String) {
    let base = sign_in.redirect_uri().replace("/callback", "");
    let client = client();
    let request = client.inner().get(format!("{base}{path_and_query}"));
    let answer = client.send(request).await.expect("page");
    let body = String::from_utf8(answer.body).expect("text");
    (answer.status.as_u16(), answer.headers, body)
}

fn begin() -> Arc<SignIn> {
    let login = Endpoint::parse("https://login.mailchimp.com/oauth2").expect("endpoint");
    Arc::new(SignIn::begin(app(), &login, 0).expect("begin"))
}

fn wait(sign_in: &Arc<SignIn>) -> tokio::task::JoinHandle<Result<Authorized>> {
    let sign_in = sign_in.clone();
    tokio::spawn(async move { sign_in.wait(Duration::from_secs(20), pages()).await })
}

#[tokio::test]
async fn the_browser_comes_back_and_the_code_becomes_a_token() {
    let (service, endpoints) = start().await;
    *service.token.lock().expect("token") = vec![(
        200,
        json!({"access_token": "t0k", "expires_in": 0, "scope": null}),
    )];
    let login = endpoints.login().expect("login");
    let sign_in = Arc::new(SignIn::begin(app(), login, 0).expect("begin"));
    let port = sign_in.redirect_uri();
    assert!(port.starts_with("http://127.0.0.1:") && port.ends_with("/callback"));
    let url = url::Url::parse(sign_in.url()).expect("url");
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(url.path(), "/oauth2/authorize");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(
        (&*asked["client_id"], &asked["redirect_uri"]),
        ("id 1", &port)
    );
    assert!(asked["state"].len() >= 40 && !sign_in.url().contains(CLIENT_SECRET));

    let waiting = wait(&sign_in);
    let (status, _, _) = browse(&sign_in, "/favicon.ico").await;
    assert_eq!(status, 404);
    let (status, _, _) = browse(&sign_in, "/callback").await;
    assert_eq!(status, 404);
    let back = format!("/callback?state={}&code=c0de", state_of(&sign_in));
    let (status, headers, page) = browse(&sign_in, &back).await;
    assert_eq!(status, 200);
    assert!(page.contains("<h1>Signed in</h1>") && !page.contains("c0de"));
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");

    let authorized = waiting.await.expect("task").expect("authorized");
    assert!(!format!("{authorized:?}").contains("c0de"));
    let credential = authorized.exchange(&client()).await.expect("token");
    assert_eq!(credential.secret().expose(), "t0k");
    let forms = service.forms.lock().expect("forms").clone();
    let expected = [
        ("grant_type", "authorization_code"),
        ("client_id", "id 1"),
        ("client_secret", CLIENT_SECRET),
        ("redirect_uri", &port),
        ("code", "c0de"),
    ];
    assert_eq!(forms.len(), 1);
    assert_eq!(forms[0].len(), expected.len());
    for (key, value) in expected {
        assert_eq!(forms[0][key], value, "{key}");
    }
}

#[tokio::test]
async fn a_denial_a_wrong_state_and_a_second_answer_are_told_apart() {
    let sign_in = begin();
    let waiting = wait(&sign_in);
    let back = format!("/callback?error=access_denied&state={}", state_of(&sign_in));
    let (_, _, page) = browse(&sign_in, &back).await;
    assert!(page.contains("<h1>Not signed in</h1>"));
    assert!(matches!(waiting.await.expect("task"), Err(Error::Denied)));

    let waiting = wait(&sign_in);
    let (status, _, page) = browse(&sign_in, "/callback?code=evil&state=other").await;
    assert_eq!(status, 400);
    assert!(page.contains("<h1>Another sign-in</h1>"));
    assert!(matches!(
        waiting.await.expect("task"),
        Err(Error::WrongState)
    ));

    // The same page can still be said yes on.
    let waiting = wait(&sign_in);
    let back = format!("/callback?code=good&state={}", state_of(&sign_in));
    browse(&sign_in, &back).await;
    assert!(waiting.await.expect("task").is_ok());
}

#[tokio::test]
async fn nobody_coming_back_ends_the_wait() {
    let sign_in = begin();
    let outcome = sign_in.wait(Duration::from_millis(30), pages()).await;
    assert!(matches!(outcome, Err(Error::SignInTimeout(_))));
}

#[tokio::test]
async fn a_silent_connection_does_not_hold_the_sign_in_up() {
    let sign_in = begin();
    let waiting = wait(&sign_in);
    let address = sign_in
        .redirect_uri()
        .replace("http://", "")
        .replace("/callback", "");
    let silent = tokio::net::TcpStream::connect(&address)
        .await
        .expect("connect");
    let back = format!("/callback?code=good&state={}", state_of(&sign_in));
    browse(&sign_in, &back).await;
    let outcome = tokio::time::timeout(Duration::from_secs(8), waiting).await;
    assert!(outcome.expect("in time").expect("task").is_ok());
    drop(silent);
}

#[tokio::test]
async fn a_port_in_use_is_named_and_dropping_the_wait_frees_it() {
    let sign_in = begin();
    let port = url::Url::parse(&sign_in.redirect_uri())
        .expect("url")
        .port()
        .expect("port");
    let login = Endpoint::parse("https://login.mailchimp.com/oauth2").expect("endpoint");
    let again = SignIn::begin(app(), &login, port).expect_err("in use");
    assert!(matches!(again, Error::PortInUse { port: named } if named == port));
    assert!(again.to_string().contains(&port.to_string()));
    let waiting = wait(&sign_in);
    tokio::task::yield_now().await;
    waiting.abort();
    let _aborted = waiting.await;
    drop(sign_in);
    SignIn::begin(app(), &login, port).expect("free again");
}

#[tokio::test]
async fn a_pasted_address_completes_a_sign_in_kept_in_the_keyring() {
    let memory = Arc::new(MemoryKeyring::new());
    let keyring = Keyring::new(memory.clone(), "home");
    let login = Endpoint::parse("https://login.mailchimp.com/oauth2").expect("endpoint");
    let nothing = SignIn::resume(&keyring).await.expect_err("nothing");
    assert!(matches!(nothing, Error::NothingPending));
    let prepared = SignIn::prepare(app(), &login, DEFAULT_PORT).expect("prepare");
    let name = LoginName::parse("Contoso").expect("name");
    prepared.keep(&keyring, Some(&name)).await.expect("keep");
    assert_eq!(memory.accounts(), ["home/mailchimp/pending"]);

    let (resumed, save_as) = SignIn::resume(&keyring).await.expect("resume");
    assert_eq!((resumed.url(), save_as), (prepared.url(), Some(name)));
    let state = state_of(&prepared);
    let pasted = |place: &str, state: &str| format!("{place}?code=\nc0de&state={state}\r\n");
    let authorized = resumed.complete(&pasted("http://127.0.0.1:8723/callback", &state));
    assert_eq!(authorized.expect("right").code.expose(), "c0de");
    for (place, state, wrong_state) in [
        ("http://127.0.0.1:8723/callback", "old", true),
        ("http://127.0.0.1:8724/callback", &*state, false),
        ("https://example.com/callback", &*state, false),
        ("c0de", &*state, false),
    ] {
        let why = resumed.complete(&pasted(place, state)).expect_err(place);
        assert_eq!(matches!(why, Error::WrongState), wrong_state, "{why}");
        assert_eq!(matches!(why, Error::NotARedirect), !wrong_state, "{why}");
        assert!(!format!("{why:?}").contains("c0de"));
    }
    SignIn::forget(&keyring).await.expect("forget");
    assert!(memory.accounts().is_empty());
}

async fn exchange(answers: Vec<(u16, Value)>) -> (Result<Credential>, usize) {
    let (service, endpoints) = start().await;
    *service.token.lock().expect("token") = answers;
    let sign_in = SignIn::prepare(app(), endpoints.login().expect("login"), 1).expect("prepare");
    let state = state_of(&sign_in);
    let address = format!("http://127.0.0.1:1/callback?code=c0de&state={state}");
    let authorized = sign_in.complete(&address).expect("authorized");
    let outcome = authorized.exchange(&client()).await;
    let calls = service.forms.lock().expect("forms").len();
    (outcome, calls)
}

#[tokio::test]
async fn odd_answers_to_a_code_are_understood_and_hold_no_secret() {
    let refusal =
        json!({"error": "invalid_client", "error_description": format!("no {CLIENT_SECRET} c0de")});
    for status in [200, 400, 401] {
        let (outcome, calls) = exchange(vec![(status, refusal.clone())]).await;
        let why = outcome.expect_err("refused");
        assert!(
            matches!(&why, Error::ExchangeRefused { code, reason } if code == "invalid_client" && reason == "no … …"),
            "{status} {why:?}"
        );
        assert_eq!(calls, 1);
    }
    for answer in [
        (200, json!({"access_token": 5, "t": CLIENT_SECRET})),
        (200, json!("<html>c0de</html>")),
        (500, json!("<html>c0de</html>")),
        (503, json!({"oops": "c0de"})),
        (302, json!("")),
    ] {
        let (outcome, calls) = exchange(vec![answer]).await;
        let why = outcome.expect_err("no token");
        let shown = format!("{why:?} {why}");
        assert!(matches!(why, Error::ExchangeAnswer { .. }), "{shown}");
        assert!(!shown.contains("c0de") && !shown.contains(CLIENT_SECRET));
        assert_eq!(calls, 1, "a code is sent once");
    }
}

#[tokio::test]
async fn a_code_is_sent_again_only_if_it_is_surely_unspent() {
    let good = (200, json!({"access_token": "t", "token_type": "bearer"}));
    let (outcome, calls) = exchange(vec![(429, json!({})), good]).await;
    assert_eq!((outcome.is_ok(), calls), (true, 2));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bind");
    let login = format!("http://{}", listener.local_addr().expect("address"));
    let login = Endpoint::parse(&login).expect("endpoint");
    let hangs_up = tokio::spawn(async move {
        drop(listener.accept().await);
        // A second connection would mean a second try.
        tokio::time::timeout(Duration::from_millis(900), listener.accept())
            .await
            .is_err()
    });
    let sign_in = SignIn::prepare(app(), &login, 1).expect("prepare");
    let address = format!(
        "http://127.0.0.1:1/callback?code=c&state={}",
        state_of(&sign_in)
    );
    let authorized = sign_in.complete(&address).expect("authorized");
    let why = authorized
        .exchange(&client())
        .await
        .expect_err("unanswered");
    assert!(matches!(why, Error::ExchangeUnanswered(_)), "{why:?}");
    assert!(hangs_up.await.expect("listener"));
}

fn account() -> Value {
    json!({
        "account_id": "8d3a3db4d97663a9074efcc16", "account_name": "Contoso\u{1b} Kaffe", "username": "anna",
        "email": "anna@contoso.example", "pricing_plan_type": "monthly", "total_subscribers": 413
    })
}

#[tokio::test]
async fn a_token_and_a_key_each_learn_who_they_are() {
    let (service, endpoints) = start().await;
    *service.metadata.lock().expect("metadata") = vec![(
        200,
        json!({"dc": "us7", "api_endpoint": "https://evil.example"}),
    )];
    *service.account.lock().expect("account") = vec![(503, json!("busy")), (200, account())];
    let token = Credential::from_env_text("t0k").expect("token");
    let identity = identify(&client(), &endpoints, &token)
        .await
        .expect("identity");
    assert_eq!(Some(&identity.api), endpoints.api());
    assert_eq!(
        (&*identity.account_name, &*identity.user_name),
        ("Contoso  Kaffe", "anna")
    );
    assert_eq!(
        identity.login_name().expect("name").as_str(),
        "contoso-kaffe"
    );
    assert_eq!(
        (identity.plan.as_deref(), identity.total_contacts),
        (Some("monthly"), Some(413))
    );

    let key = Credential::api_key("0123456789abcdef0123456789abcdef-us7").expect("key");
    identify(&client(), &endpoints, &key)
        .await
        .expect("identity");
    let headers = service.headers.lock().expect("headers").clone();
    assert_eq!(headers[..3], ["OAuth t0k", "Bearer t0k", "Bearer t0k"]);
    assert!(headers[3].starts_with("Basic ") && headers.len() == 4);
}

#[tokio::test]
async fn a_refused_credential_and_an_odd_answer_are_told_apart() {
    let problem = json!({"type": "x", "title": "API Key Invalid", "status": 401, "detail": "Your key k3y-us1 is wrong"});
    let key = Credential::api_key("k3y-us1").expect("key");
    for status in [401, 403] {
        let (service, endpoints) = start().await;
        *service.account.lock().expect("account") = vec![(status, problem.clone())];
        let why = identify(&client(), &endpoints, &key)
            .await
            .expect_err("refused");
        assert!(
            matches!(&why, Error::CredentialRefused { status: told, reason } if told.as_u16() == status && reason == "Your key … is wrong"),
            "{why:?}"
        );
    }
    let (service, endpoints) = start().await;
    *service.account.lock().expect("account") = vec![(404, json!({"title": "Not Found"}))];
    let why = identify(&client(), &endpoints, &key)
        .await
        .expect_err("odd");
    assert!(matches!(why, Error::Answer { status, .. } if status.as_u16() == 404));

    let token = Credential::from_env_text("t0k").expect("token");
    for (answer, refused) in [
        (
            (
                200,
                json!({"error": "invalid_token", "error_description": "t0k expired"}),
            ),
            true,
        ),
        ((401, json!("nope")), true),
        ((200, json!({"dc": "us1.evil.example"})), false),
        ((200, json!({"dc": null})), false),
    ] {
        *service.metadata.lock().expect("metadata") = vec![answer.clone()];
        let why = identify(&client(), &endpoints, &token)
            .await
            .expect_err("refused");
        assert_eq!(
            matches!(why, Error::CredentialRefused { .. }),
            refused,
            "{answer:?} {why:?}"
        );
        assert!(!format!("{why:?}").contains("t0k"), "{why:?}");
    }
}
