//! The ways to sign in: the browser, a pasted address, a code for another device.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::*;
use super::{Provider, client, refusal, start, tokens, why};
use crate::login::pages::tests::pages;

fn asked(sign_in: &EntraSignIn) -> HashMap<String, String> {
    let url = url::Url::parse(sign_in.url()).expect("url");
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn the_browser_comes_back_to_localhost_and_the_code_becomes_a_refresh_token() {
    let (provider, app) = start(Provider {
        like_entra: true,
        ..Provider::default()
    })
    .await;
    *provider.token.lock().expect("token") = vec![tokens("a1", Some("r1"), 3599)];
    let sign_in = Arc::new(EntraSignIn::begin(&client(), app).await.expect("begin"));
    let asked = asked(&sign_in);
    assert_eq!(asked["redirect_uri"], sign_in.redirect_uri());
    assert!(sign_in.redirect_uri().starts_with("http://localhost:"));
    assert_eq!(
        asked["scope"],
        "https://org.crm.dynamics.com/user_impersonation offline_access openid profile"
    );
    assert_eq!(
        (&*asked["code_challenge_method"], &*asked["response_mode"]),
        ("S256", "query")
    );
    let waiting = tokio::spawn({
        let sign_in = sign_in.clone();
        async move { sign_in.wait(Duration::from_secs(20), pages()).await }
    });
    let back = format!(
        "{}/?code=c0de&state={}",
        sign_in.redirect_uri(),
        asked["state"]
    );
    let page = client()
        .send(client().inner().get(back))
        .await
        .expect("page");
    assert_eq!(page.status, 200);
    let authorized = waiting.await.expect("task").expect("authorized");
    let granted = authorized.exchange(&client()).await.expect("granted");
    assert_eq!(granted.refresh_token.expose(), "r1");
    assert_eq!(
        (&*granted.account_id, &*granted.account_name),
        ("o-1", "anna@contoso.example")
    );
    let form = provider.forms.lock().expect("forms")[0].clone();
    assert_eq!((&*form["client_id"], &*form["code"]), ("id 1", "c0de"));
    assert_eq!(form["redirect_uri"], sign_in.redirect_uri());
    assert!(form["code_verifier"].len() >= 43 && !form.contains_key("client_secret"));
}

#[tokio::test]
async fn a_pasted_address_completes_the_sign_in_and_others_do_not() {
    let (_provider, app) = start(Provider::default()).await;
    let sign_in = EntraSignIn::begin(&client(), app).await.expect("begin");
    let (uri, state) = (sign_in.redirect_uri(), asked(&sign_in)["state"].clone());
    for slash in ["", "/"] {
        let pasted = format!(" {uri}{slash}?code=c&\nstate={state}&session_state=x\n");
        sign_in.complete(&pasted).expect("completed");
    }
    let other = why(sign_in.complete(&format!("{uri}/?code=c&state=old")));
    assert!(matches!(other, EntraError::WrongState));
    let denied = why(sign_in.complete(&format!("{uri}/?error=access_denied&state={state}")));
    assert!(matches!(denied, EntraError::Denied));
    let words = "error_description=AADSTS65001%3a+no+consent%0d%0aTrace+ID%3a+1";
    let refused = format!("{uri}/?error=consent_required&{words}&state={state}");
    let refused = why(sign_in.complete(&refused));
    assert!(
        matches!(&refused, EntraError::Refused(Refusal { kind: RefusalKind::ConsentRequired, reason, .. })
            if reason == "AADSTS65001: no consent"),
        "{refused:?}"
    );
    assert!(matches!(
        why(sign_in.complete("c0de")),
        EntraError::NotARedirect
    ));
}

#[tokio::test]
async fn a_wrong_tenant_and_a_place_without_a_document_are_told_apart() {
    let unknown = refusal(
        "invalid_tenant",
        "AADSTS90002: Tenant 't1' not found. Check it.",
    );
    for (document, is_tenant) in [
        (unknown, true),
        ((404, json!({})), false),
        ((200, json!({"issuer": "x"})), false),
    ] {
        let (provider, app) = start(Provider::default()).await;
        *provider.document.lock().expect("document") = Some(document);
        let why = why(EntraSignIn::begin(&client(), app).await);
        let tenant = matches!(&why, EntraError::Refused(refusal) if refusal.kind == RefusalKind::WrongTenant);
        assert_eq!(tenant, is_tenant, "{why:?}");
        assert_eq!(
            matches!(why, EntraError::NoDocument { .. }),
            !is_tenant,
            "{why:?}"
        );
    }
    let (provider, app) = start(Provider::default()).await;
    let plain = json!({"authorization_endpoint": "http://example.com/a", "token_endpoint": "https://example.com/t"});
    *provider.document.lock().expect("document") = Some((200, plain));
    assert!(matches!(
        why(EntraSignIn::begin(&client(), app).await),
        EntraError::BadPlace(_)
    ));
}

fn code(more: &Value) -> (u16, Value) {
    let mut answer = json!({"device_code": "d3v1ce", "user_code": "ABCD-EFGH", "expires_in": 900,
                            "verification_uri": "https://microsoft.com/devicelogin", "message": "To sign in…"});
    for (key, value) in more.as_object().expect("object") {
        answer[key] = value.clone();
    }
    (200, answer)
}

/// Begins with a code that the provider answers about like this; tells what came of it and after which pauses.
async fn poll(
    given: Value,
    answers: Vec<(u16, Value)>,
) -> (crate::login::Result<Granted>, Vec<u64>) {
    let (provider, app) = start(Provider::default()).await;
    *provider.device.lock().expect("device") = vec![code(&given)];
    *provider.token.lock().expect("token") = answers;
    let device = DeviceSignIn::begin(&client(), &app).await.expect("begin");
    assert_eq!(
        (device.code(), device.url()),
        ("ABCD-EFGH", "https://microsoft.com/devicelogin")
    );
    let pauses = Mutex::new(Vec::new());
    let outcome = device
        .wait_pausing(async |pause: Duration| pauses.lock().expect("pauses").push(pause.as_secs()))
        .await;
    assert!(!format!("{outcome:?}").contains("d3v1ce"));
    (outcome, pauses.into_inner().expect("pauses"))
}

#[tokio::test]
async fn a_code_is_asked_about_in_the_rhythm_the_service_wants() {
    let pending = refusal("authorization_pending", "AADSTS70016: pending");
    let slower = refusal("slow_down", "too fast");
    let answers = vec![
        pending.clone(),
        slower,
        pending,
        tokens("a", Some("r1"), 3599),
    ];
    let (outcome, pauses) = poll(json!({}), answers.clone()).await;
    assert_eq!(outcome.expect("granted").refresh_token.expose(), "r1");
    assert_eq!(
        pauses,
        [5, 10, 10],
        "five seconds where the service names no interval"
    );
    let (_, pauses) = poll(json!({"interval": 2}), answers).await;
    assert_eq!(pauses, [2, 7, 7]);
}

#[tokio::test]
async fn a_denial_an_expired_code_and_an_unknown_one_are_told_apart() {
    for (code, denied, expired) in [
        ("authorization_declined", true, false),
        ("access_denied", true, false),
        ("expired_token", false, true),
        ("bad_verification_code", false, false),
    ] {
        let why = why(poll(json!({}), vec![refusal(code, "no d3v1ce")]).await.0);
        assert_eq!(matches!(why, EntraError::Denied), denied, "{why:?}");
        assert_eq!(matches!(why, EntraError::CodeExpired), expired, "{why:?}");
        let unknown = matches!(&why, EntraError::Refused(refusal) if refusal.kind == RefusalKind::BadDeviceCode);
        assert_eq!(unknown, !denied && !expired, "{why:?}");
    }
    let over = poll(
        json!({"expires_in": 0}),
        vec![refusal("authorization_pending", "")],
    )
    .await;
    assert!(matches!(why(over.0), EntraError::CodeExpired));
    let no_refresh = poll(json!({}), vec![tokens("a", None, 60)]).await;
    assert!(matches!(why(no_refresh.0), EntraError::NoRefreshToken));
}
