//! What the service answers to a code, a token and a key.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::*;
use super::{CLIENT_SECRET, app, client, start, state_of};
use crate::http::Endpoint;

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
        assert!(why.is_temporary(), "{shown}");
        assert!(!shown.contains("c0de") && !shown.contains(CLIENT_SECRET));
        assert_eq!(calls, 1, "a code is sent once");
    }
}

#[tokio::test]
async fn a_token_of_mailchimp_is_a_bearer_or_says_nothing() {
    for (kind, taken) in [
        (json!("BEARER"), true),
        (json!("bearer"), true),
        (json!("mac"), false),
    ] {
        let answer = json!({"access_token": "t", "token_type": kind});
        let (outcome, _) = exchange(vec![(200, answer)]).await;
        assert_eq!(outcome.is_ok(), taken, "{kind}");
        if let Err(why) = outcome {
            assert!(
                matches!(&why, Error::TokenType(kind) if kind == "mac"),
                "{why:?}"
            );
        }
    }
    for bad in ["", "two words", "a\nb"] {
        let (outcome, _) = exchange(vec![(200, json!({"access_token": bad}))]).await;
        assert!(
            matches!(outcome, Err(Error::ExchangeAnswer { .. })),
            "{bad:?}"
        );
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
        ("Contoso␛ Kaffe", "anna")
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
    assert!(matches!(why, Error::AskRefused { status, .. } if status.as_u16() == 404));

    let expired = json!({"title": "Forbidden", "detail": "Your trial has expired", "errors": null});
    *service.account.lock().expect("account") = vec![(403, expired)];
    let why = identify(&client(), &endpoints, &key).await;
    let why = why.expect_err("expired");
    assert!(
        matches!(&why, Error::AskRefused { reason, .. } if reason == "Your trial has expired"),
        "{why:?}"
    );
    assert!(why.is_refusal() && !why.is_temporary());
    *service.account.lock().expect("account") = vec![(200, json!({"nothing": true}))];
    let why = identify(&client(), &endpoints, &key).await;
    let why = why.expect_err("no account");
    assert!(
        matches!(why, Error::Ask { .. }) && why.is_temporary(),
        "{why:?}"
    );

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
