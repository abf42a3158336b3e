//! The ways to sign in by the browser: it comes back, or its address is pasted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

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
    // Entra names a rule of the organisation so, too.
    let rule = "error=access_denied&error_description=AADSTS50105%3a+not+assigned";
    let rule = why(sign_in.complete(&format!("{uri}/?{rule}&state={state}")));
    assert!(
        matches!(&rule, EntraError::Refused(refusal) if refusal.kind == RefusalKind::NotAssigned),
        "{rule:?}"
    );
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
