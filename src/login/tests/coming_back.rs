//! The ways back from the browser: by itself, or pasted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::json;

use super::super::pages::tests::pages;
use super::super::*;
use super::{CLIENT_SECRET, app, client, start, state_of};
use crate::domain::LoginName;
use crate::http::Endpoint;

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
async fn a_denial_ends_the_wait_and_the_page_can_still_be_said_yes_on() {
    let sign_in = begin();
    let waiting = wait(&sign_in);
    let back = format!("/callback?error=access_denied&state={}", state_of(&sign_in));
    let (_, _, page) = browse(&sign_in, &back).await;
    assert!(page.contains("<h1>Not signed in</h1>"));
    assert!(matches!(waiting.await.expect("task"), Err(Error::Denied)));

    // The same page can still be said yes on.
    let waiting = wait(&sign_in);
    let back = format!("/callback?code=good&state={}", state_of(&sign_in));
    browse(&sign_in, &back).await;
    assert!(waiting.await.expect("task").is_ok());
}

#[tokio::test]
async fn only_an_answer_to_this_sign_in_ends_the_wait() {
    let sign_in = begin();
    let waiting = wait(&sign_in);
    let state = state_of(&sign_in);
    for (path, expected) in [
        ("/callback?code=evil&state=other".to_owned(), 400),
        ("/callback?code=evil&state=".to_owned(), 400),
        ("/callback?code=evil".to_owned(), 400),
        ("/callback?error=access_denied".to_owned(), 400),
        ("/callback?error=access_denied&state=other".to_owned(), 400),
        (format!("/other?code=evil&state={state}"), 404),
        (format!("/callback/?code=evil&state={state}"), 404),
        ("/favicon.ico".to_owned(), 404),
    ] {
        let (status, _, page) = browse(&sign_in, &path).await;
        assert_eq!(status, expected, "{path}");
        assert!(page.contains("<h1>Another sign-in</h1>"), "{path}");
    }
    let answer = format!("/callback?code=evil&state={state}");
    let address = sign_in.redirect_uri().replace("/callback", &answer);
    let client = client();
    for (method, host, expected) in [
        ("POST", None, 405),
        ("HEAD", None, 405),
        ("DELETE", None, 405),
        ("GET", Some("evil.example"), 421),
        ("GET", Some("127.0.0.1:1"), 421),
        ("GET", Some("127.0.0.1.evil.example"), 421),
    ] {
        let method = method.parse().expect("method");
        let mut request = client.inner().request(method, &address);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let answer = client.send(request).await.expect("a page");
        assert_eq!(answer.status.as_u16(), expected, "{host:?}");
    }
    assert!(!waiting.is_finished());
    let (status, _, _) = browse(&sign_in, &format!("/callback?code=good&state={state}")).await;
    assert_eq!(status, 200);
    let authorized = waiting.await.expect("task").expect("authorized");
    assert_eq!(authorized.code.expose(), "good");
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
