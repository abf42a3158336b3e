//! Signing in as a client and a person would, on a clock that the tests move.

use axum::body::to_bytes;
use axum::http::header;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::advance;
use url::Url;

use super::routes::Control;
use super::*;

const ORIGIN: &str = "http://127.0.0.1:4000";
const DATAVERSE: &str = "http://127.0.0.1:4000/user_impersonation offline_access openid profile";
const INSIGHTS: &str = "https://api.ci.ai.microsoft.com/.default offline_access openid profile";
const REDIRECT: &str = "http://localhost:53999";
const VERIFIER: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn entra() -> Entra {
    let options = Options {
        token_lifetime: Duration::from_secs(30),
        ..Options::default()
    };
    Entra::new(&options, ORIGIN)
}

fn form(parts: &[(&str, &str)]) -> Form {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    parts.iter().map(own).collect()
}

/// What an app asks for, with some of it changed.
fn asked(entra: &Entra, changed: &[(&str, &str)]) -> Form {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut asked = form(&[
        ("client_id", &entra.client_id),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", DATAVERSE),
        ("state", "a\"b&c"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    asked.extend(form(changed));
    asked
}

/// Where a browser is sent, and what it takes along.
fn sent_to(response: &Response) -> (String, Form) {
    assert_eq!(response.status(), 302);
    let target = response.headers()[header::LOCATION].to_str().unwrap();
    let url = Url::parse(target).unwrap();
    let place = target.split('?').next().unwrap().to_owned();
    (place, url.query_pairs().into_owned().collect())
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn approve(entra: &Entra, changed: &[(&str, &str)]) -> String {
    let mut asked = asked(entra, changed);
    asked.extend(form(&[("decision", "approve")]));
    let (_, told) = sent_to(&entra.decide("common", &asked));
    told["code"].clone()
}

fn token(entra: &Entra, parts: &[(&str, &str)]) -> Result<Value, Value> {
    let mut asked = form(&[("client_id", &entra.client_id)]);
    asked.extend(form(parts));
    let told = entra.token(&entra.tenant, &asked);
    told.map_err(|why| {
        let words = why.parameters(&mut Dice::new(1, "test"));
        let number = words[1].1.split([':', ' ']).next().unwrap().to_owned();
        json!([words[0].1, number])
    })
}

fn redeem(entra: &Entra, code: &str, changed: &[(&str, &str)]) -> Result<Value, Value> {
    let mut parts = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    parts.extend(changed);
    token(entra, &parts)
}

fn refresh(entra: &Entra, tokens: &Value, changed: &[(&str, &str)]) -> Result<Value, Value> {
    let mut parts = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    parts.extend(changed);
    token(entra, &parts)
}

fn sign_in(entra: &Entra) -> Value {
    redeem(entra, &approve(entra, &[]), &[]).unwrap()
}

fn opens(entra: &Entra, tokens: &Value, resource: Resource) -> Result<(), Refused> {
    entra.opens(tokens["access_token"].as_str().unwrap(), resource)
}

fn new_device(entra: &Entra) -> (String, String) {
    let asked = form(&[("client_id", &entra.client_id), ("scope", INSIGHTS)]);
    let given = entra.new_device("organizations", &asked).unwrap();
    assert!(given.get("verification_uri_complete").is_none());
    assert_eq!(
        (&given["expires_in"], &given["interval"]),
        (&json!(900), &json!(5))
    );
    let part = |name: &str| given[name].as_str().unwrap().to_owned();
    (part("device_code"), part("user_code"))
}

fn poll(entra: &Entra, code: &str) -> Result<Value, Value> {
    token(
        entra,
        &[("grant_type", DEVICE_GRANT), ("device_code", code)],
    )
}

fn refused(outcome: Result<Value, Value>) -> Value {
    outcome.unwrap_err()
}

fn control(entra: &Entra, body: Value) {
    entra.control(&serde_json::from_value::<Control>(body).unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_access_token_opens_one_service_for_as_long_as_it_says() {
    let entra = entra();
    let tokens = sign_in(&entra);
    assert_eq!(tokens["expires_in"], 30);
    assert_eq!(opens(&entra, &tokens, Resource::Dataverse), Ok(()));
    let other = opens(&entra, &tokens, Resource::CustomerInsights);
    assert_eq!(other, Err(Refused::OtherResource));
    assert_eq!(entra.opens("x", Resource::Dataverse), Err(Refused::Unknown));
    advance(Duration::from_secs(30)).await;
    let late = opens(&entra, &tokens, Resource::Dataverse);
    assert_eq!(late, Err(Refused::Expired));
}

#[test]
fn refresh_and_id_tokens_come_only_where_they_are_asked_for() {
    let entra = entra();
    let tokens = sign_in(&entra);
    let parts: Vec<&str> = tokens["id_token"].as_str().unwrap().split('.').collect();
    assert_eq!(parts.len(), 3);
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    assert_eq!(claims["aud"], entra.client_id.as_str());
    assert_eq!(claims["tid"], entra.tenant.as_str());
    assert_eq!(claims["preferred_username"], USER);
    assert!(claims["oid"].is_string() && claims["sub"].is_string());
    let alone = "http://127.0.0.1:4000/.default";
    let code = approve(&entra, &[("scope", alone)]);
    let tokens = redeem(&entra, &code, &[]).unwrap();
    assert!(tokens.get("id_token").is_none() && tokens.get("refresh_token").is_none());
    assert_eq!(tokens["scope"], alone);
}

#[tokio::test(start_paused = true)]
async fn a_code_works_once_in_time_and_for_who_began() {
    let entra = entra();
    let code = approve(&entra, &[]);
    redeem(&entra, &code, &[]).unwrap();
    let again = refused(redeem(&entra, &code, &[]));
    assert_eq!(again, json!(["invalid_grant", "AADSTS54005"]));
    let wrong = "x".repeat(43);
    let elsewhere = format!("{REDIRECT}/");
    for (changed, number) in [
        (("code_verifier", wrong.as_str()), "AADSTS501481"),
        (("redirect_uri", elsewhere.as_str()), "AADSTS500112"),
        (("code", "c0de"), "AADSTS70000"),
    ] {
        let told = refused(redeem(&entra, &approve(&entra, &[]), &[changed]));
        assert_eq!(told, json!(["invalid_grant", number]));
    }
    let code = approve(&entra, &[]);
    advance(Duration::from_mins(10)).await;
    let late = refused(redeem(&entra, &code, &[]));
    assert_eq!(late, json!(["invalid_grant", "AADSTS70008"]));
    let secret = refused(redeem(&entra, &code, &[("client_secret", "s")]));
    assert_eq!(secret, json!(["invalid_client", "AADSTS700025"]));
}

#[tokio::test]
async fn the_page_says_what_is_asked_and_sends_back_what_was_decided() {
    let entra = entra();
    let page = text(entra.ask("common", &asked(&entra, &[]))).await;
    assert!(page.contains("Approve") && page.contains("Deny") && page.contains("a&quot;b&amp;c"));
    assert!(page.contains("Read the tables of Dataverse"), "{page}");
    let denied = asked(&entra, &[("decision", "deny")]);
    let (place, told) = sent_to(&entra.decide("common", &denied));
    assert_eq!(place, "http://localhost:53999/");
    assert_eq!(
        (&*told["error"], &*told["state"]),
        ("access_denied", "a\"b&c")
    );
    assert!(told["error_description"].starts_with("AADSTS65004: "));
    assert!(!told.contains_key("code"));
}

#[tokio::test]
async fn only_localhost_without_a_path_is_sent_to_and_any_port_will_do() {
    let entra = entra();
    for (redirect, place) in [
        ("http://localhost", "http://localhost/"),
        ("http://localhost/", "http://localhost/"),
        ("http://localhost:1", "http://localhost:1/"),
    ] {
        let asked = asked(
            &entra,
            &[("redirect_uri", redirect), ("decision", "approve")],
        );
        assert_eq!(sent_to(&entra.decide("common", &asked)).0, place);
    }
    for redirect in [
        "http://localhost:1/callback",
        "https://localhost:1",
        "http://127.0.0.1:1",
        "http://localhost.evil.example",
        "http://a@localhost:1",
        "http://localhost:1?x",
        "http://localhost:1#x",
        "localhost",
    ] {
        let asked = asked(
            &entra,
            &[("redirect_uri", redirect), ("decision", "approve")],
        );
        let response = entra.decide("common", &asked);
        assert_eq!(response.status(), 400, "{redirect}");
        assert!(text(response).await.contains("AADSTS50011"), "{redirect}");
    }
}

#[tokio::test]
async fn an_unknown_app_or_tenant_is_told_on_a_page_and_never_sent_back() {
    let entra = entra();
    let unknown = asked(&entra, &[("client_id", "other")]);
    let response = entra.ask("common", &unknown);
    assert_eq!(response.status(), 400);
    assert!(text(response).await.contains("AADSTS700016"));
    let response = entra.ask("fabrikam", &asked(&entra, &[]));
    assert!(text(response).await.contains("AADSTS90002"));
    assert!(entra.discover("fabrikam").is_err());
    for tenant in [&*entra.tenant, "Contoso.onmicrosoft.com", "organizations"] {
        assert!(entra.discover(tenant).is_ok(), "{tenant}");
    }
}

#[test]
fn what_else_is_wrong_with_a_request_is_told_to_the_app() {
    let entra = entra();
    let both = format!("{DATAVERSE} {INSIGHTS}");
    for (changed, error) in [
        (("scope", both.as_str()), "AADSTS28000"),
        (("scope", "https://org.example/.default"), "AADSTS500011"),
        (("scope", "http://127.0.0.1:4000/write"), "AADSTS70011"),
        (("response_type", "token"), "AADSTS70005"),
        (("response_mode", "form_post"), "AADSTS70007"),
        (("code_challenge", "short"), "AADSTS50147"),
        (("code_challenge_method", "plain"), "AADSTS50147"),
    ] {
        let (_, told) = sent_to(&entra.ask("common", &asked(&entra, &[changed])));
        assert!(told["error_description"].starts_with(error), "{told:?}");
        assert_eq!(told["state"], "a\"b&c");
    }
}

#[test]
fn a_refresh_token_works_once_and_for_one_service_at_a_time() {
    let entra = entra();
    let first = sign_in(&entra);
    let second = refresh(&entra, &first, &[("scope", DATAVERSE)]).unwrap();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(opens(&entra, &second, Resource::Dataverse), Ok(()));
    assert_eq!(opens(&entra, &first, Resource::Dataverse), Ok(()));
    let again = refused(refresh(&entra, &first, &[]));
    assert_eq!(again, json!(["invalid_grant", "AADSTS70000"]));
    let both = format!("{DATAVERSE} {INSIGHTS}");
    let two = refused(refresh(&entra, &second, &[("scope", &both)]));
    assert_eq!(two, json!(["invalid_scope", "AADSTS28000"]));
    let other = refused(refresh(&entra, &second, &[("scope", INSIGHTS)]));
    assert_eq!(
        other,
        json!(["invalid_grant", "AADSTS65001"]),
        "never agreed to"
    );
    // What was refused has not spent it.
    assert!(refresh(&entra, &second, &[]).unwrap()["refresh_token"].is_string());
}

#[tokio::test(start_paused = true)]
async fn a_device_is_told_to_wait_to_slow_down_and_then_gets_its_tokens() {
    let entra = entra();
    let (device, typed) = new_device(&entra);
    let pending = json!(["authorization_pending", "AADSTS70016"]);
    assert_eq!(refused(poll(&entra, &device)), pending);
    advance(Duration::from_secs(3)).await;
    assert_eq!(refused(poll(&entra, &device))[0], "slow_down");
    advance(Duration::from_secs(5)).await;
    assert_eq!(
        refused(poll(&entra, &device))[0],
        "slow_down",
        "ten seconds from now on"
    );
    advance(Duration::from_secs(15)).await;
    assert_eq!(refused(poll(&entra, &device)), pending);
    let page = text(entra.device_login(&form(&[("code", "wrong")]))).await;
    assert!(page.contains("didn’t work"));
    let lower = typed.to_lowercase();
    let page = text(entra.device_login(&form(&[("code", &lower)]))).await;
    assert!(page.contains("Customer Insights API") && page.contains("Approve"));
    let approved = form(&[("code", &lower), ("decision", "approve")]);
    assert!(
        text(entra.device_login(&approved))
            .await
            .contains("signed in")
    );
    advance(Duration::from_secs(15)).await;
    let tokens = poll(&entra, &device).unwrap();
    assert_eq!(opens(&entra, &tokens, Resource::CustomerInsights), Ok(()));
    let again = refused(poll(&entra, &device));
    assert_eq!(again[0], "bad_verification_code");
}

#[tokio::test(start_paused = true)]
async fn a_device_is_told_of_a_no_and_of_a_code_that_nobody_typed() {
    let entra = entra();
    let (device, typed) = new_device(&entra);
    entra.device_login(&form(&[("code", &typed), ("decision", "deny")]));
    let denied = refused(poll(&entra, &device));
    assert_eq!(denied[0], "authorization_declined");
    let (device, typed) = new_device(&entra);
    advance(Duration::from_mins(15)).await;
    let late = refused(poll(&entra, &device));
    assert_eq!(late[0], "expired_token");
    let page = text(entra.device_login(&form(&[("code", &typed)]))).await;
    assert!(page.contains("didn’t work"));
}

#[test]
fn withdrawn_consent_refuses_everything_until_somebody_approves_again() {
    let entra = entra();
    let before = sign_in(&entra);
    let code = approve(&entra, &[]);
    control(&entra, json!({"revoke": "consent"}));
    let no = json!(["invalid_grant", "AADSTS65001"]);
    assert_eq!(refused(refresh(&entra, &before, &[])), no);
    assert_eq!(refused(redeem(&entra, &code, &[])), no);
    assert_eq!(opens(&entra, &before, Resource::Dataverse), Ok(()));
    sign_in(&entra);
    refresh(&entra, &before, &[]).unwrap();
}

#[test]
fn revoked_sessions_end_every_refresh_token_and_no_later_one() {
    let entra = entra();
    let first = sign_in(&entra);
    let second = refresh(&entra, &first, &[]).unwrap();
    control(&entra, json!({"revoke": "sessions"}));
    let gone = refused(refresh(&entra, &second, &[]));
    assert_eq!(gone, json!(["invalid_grant", "AADSTS50173"]));
    let spent = refused(refresh(&entra, &first, &[]));
    assert_eq!(spent, json!(["invalid_grant", "AADSTS70000"]));
    refresh(&entra, &sign_in(&entra), &[]).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_forbids_device_codes_says_so_after_the_code_was_typed() {
    let entra = entra();
    control(&entra, json!({"device": "blocked"}));
    let (device, typed) = new_device(&entra);
    let approved = form(&[("code", &typed), ("decision", "approve")]);
    let page = text(entra.device_login(&approved)).await;
    assert!(page.contains("AADSTS53003"));
    let told = refused(poll(&entra, &device));
    assert_eq!(told, json!(["invalid_grant", "AADSTS53003"]));
    sign_in(&entra);
}

#[tokio::test]
async fn an_error_has_every_part_that_entras_have() {
    let refusal = Refusal::invalid_grant(65_001, "No.").with_suberror("consent_required");
    let response = refusal.answer(&mut Dice::new(1, "test"));
    assert_eq!(response.status(), 400);
    let body: Value = serde_json::from_str(&text(response).await).unwrap();
    let part = |name: &str| body[name].as_str().unwrap();
    let words = format!(
        "AADSTS65001: No.\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
        part("trace_id"),
        part("correlation_id"),
        part("timestamp")
    );
    assert_eq!(part("error_description"), words);
    assert_eq!(
        (part("error"), part("suberror")),
        ("invalid_grant", "consent_required")
    );
    assert_eq!(body["error_codes"], json!([65_001]));
    assert_eq!(part("correlation_id").len(), 36);
    assert!(part("timestamp").ends_with('Z') && part("timestamp").len() == 20);
}

#[test]
fn the_same_seed_gives_the_same_tenant_app_and_tokens() {
    let (one, two) = (entra(), entra());
    assert!(one.ready().eq(two.ready()));
    let (one, two) = (sign_in(&one), sign_in(&two));
    assert_eq!(one["access_token"], two["access_token"]);
    assert_eq!(one["refresh_token"], two["refresh_token"]);
}
