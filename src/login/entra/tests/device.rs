//! Signing in with a code for another device.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::*;
use super::{Provider, client, refusal, start, tokens, why};
use crate::http::BadEndpoint;

fn code(more: &Value) -> (u16, Value) {
    let mut answer = json!({"device_code": "d3v1ce", "user_code": "ABCD-EFGH", "expires_in": 900,
                            "verification_uri": "https://microsoft.com/devicelogin", "message": "To sign in…"});
    for (key, value) in more.as_object().expect("object") {
        answer[key] = value.clone();
    }
    (200, answer)
}

/// Asks for a code that the provider gives like this.
async fn begin(given: &Value) -> (Arc<Provider>, crate::login::Result<DeviceSignIn>) {
    let (provider, app) = start(Provider::default()).await;
    *provider.device.lock().expect("device") = vec![code(given)];
    let begun = DeviceSignIn::begin(&client(), &app).await;
    (provider, begun)
}

/// Begins with a code that the provider answers about like this; tells what came of it and after which pauses.
async fn poll(
    given: Value,
    answers: Vec<(u16, Value)>,
) -> (crate::login::Result<Granted>, Vec<u64>) {
    let (provider, device) = begin(&given).await;
    *provider.token.lock().expect("token") = answers;
    let device = device.expect("begin");
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

#[tokio::test]
async fn only_a_page_that_a_password_is_safe_with_is_shown() {
    for (page, shown) in [
        (
            "https://microsoft.com/devicelogin",
            "https://microsoft.com/devicelogin",
        ),
        (
            "http://127.0.0.1:4000/device/",
            "http://127.0.0.1:4000/device/",
        ),
        (
            "http://localhost:4000/device",
            "http://localhost:4000/device",
        ),
        // As the browser understands it.
        (
            "https://evil.example\\@microsoft.com",
            "https://evil.example/@microsoft.com",
        ),
    ] {
        let (_, begun) = begin(&json!({"verification_uri": page})).await;
        assert_eq!(begun.expect(page).url(), shown);
    }
    for page in [
        "http://microsoft.com/devicelogin",
        "https://microsoft.com@evil.example/devicelogin",
        "https://microsoft.com:x@evil.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "microsoft.com/devicelogin",
        "",
    ] {
        let why = why(begin(&json!({"verification_uri": page})).await.1);
        assert!(matches!(why, EntraError::BadPage(_)), "{page}: {why:?}");
    }
    let named = why(
        begin(&json!({"verification_uri": "https://u:s3cr3t@evil.example"}))
            .await
            .1,
    );
    let EntraError::BadPage(BadEndpoint::UserInfo(host)) = named else {
        panic!("{named:?}")
    };
    assert_eq!(host, "evil.example");
}

#[tokio::test]
async fn code_and_address_are_shown_whole_or_not_at_all() {
    let (_, begun) = begin(&json!({"user_code": " ÅBCD 12-34 "})).await;
    assert_eq!(begun.expect("begun").code(), "ÅBCD 12-34");
    let long = format!("https://microsoft.com/{}", "a".repeat(300));
    for given in [
        json!({"user_code": ""}),
        json!({"user_code": "A".repeat(65)}),
        json!({"user_code": "AB\u{1b}[2JCD"}),
        json!({"user_code": "AB\nCD"}),
        json!({"user_code": "AB\u{202e}CD"}),
        json!({"user_code": "AB\u{200b}CD"}),
        json!({"verification_uri": long}),
    ] {
        let why = why(begin(&given).await.1);
        assert!(matches!(why, EntraError::Unshowable), "{given} {why:?}");
    }
}

#[tokio::test]
async fn times_are_read_as_numbers_or_text_and_are_never_absurd() {
    for (given, least, most) in [
        (json!({"expires_in": "600"}), 590, 600),
        (json!({"expires_in": 600.5}), 590, 601),
        (json!({"expires_in": null}), 890, 900),
        (json!({"expires_in": "soon"}), 890, 900),
        (json!({"expires_in": u64::MAX}), 3590, 3600),
        (json!({"expires_in": "99999999999999999999999"}), 3590, 3600),
        (json!({"expires_in": -5}), 0, 0),
    ] {
        let left = begin(&given).await.1.expect("begun").time_left();
        let left = left.as_secs_f64().ceil();
        assert!(
            (f64::from(least)..=f64::from(most)).contains(&left),
            "{given} {left}"
        );
    }
    let pending = refusal("authorization_pending", "AADSTS70016: pending");
    let slower = refusal("slow_down", "too fast");
    for (interval, pauses) in [
        (json!(0), [1, 6]),
        (json!(-3), [1, 6]),
        (json!("2"), [2, 7]),
        (json!(null), [5, 10]),
        (json!("often"), [5, 10]),
    ] {
        let answers = vec![
            pending.clone(),
            slower.clone(),
            tokens("a", Some("r1"), 3599),
        ];
        let (outcome, seen) = poll(json!({ "interval": interval }), answers).await;
        outcome.expect("granted");
        assert_eq!(seen, pauses, "{interval}");
    }
    // Sums do not overflow, and nobody is waited for past the end of the code.
    let answers = vec![slower.clone(), slower, tokens("a", Some("r1"), 3599)];
    let (outcome, seen) = poll(json!({"interval": u64::MAX}), answers).await;
    outcome.expect("granted");
    assert!(seen.iter().all(|pause| *pause < 900), "{seen:?}");
}

#[tokio::test]
async fn a_service_in_trouble_is_asked_again_and_then_told_as_it_is() {
    let pending = refusal("authorization_pending", "AADSTS70016: pending");
    let html = (200, json!("<html>Sign in to the hotel</html>"));
    let good = tokens("a", Some("r1"), 3599);
    let answers = vec![
        pending.clone(),
        html.clone(),
        (503, json!({})),
        pending.clone(),
        html.clone(),
        good,
    ];
    let (outcome, pauses) = poll(json!({"interval": 1}), answers).await;
    outcome.expect("granted");
    assert_eq!(pauses, [1, 2, 4, 1, 2]);
    for (answer, status, said) in [
        (html, 200, ""),
        ((200, json!({})), 200, ""),
        ((403, json!("no")), 403, ""),
        (
            (
                503,
                json!({"error": "busy", "error_description": "later d3v1ce"}),
            ),
            503,
            "later …",
        ),
        (
            (500, json!({"error": "invalid_grant"})),
            500,
            "invalid_grant",
        ),
    ] {
        let (outcome, pauses) = poll(json!({"interval": 1}), vec![pending.clone(), answer]).await;
        assert_eq!(pauses, [1, 2, 4, 8]);
        let why = why(outcome);
        assert!(
            matches!(&why, EntraError::Answer { status: told, said: words } if told.as_u16() == status && words == said),
            "{why:?}"
        );
        assert!(why.is_temporary());
    }
    // The code may have been entered: nobody knows.
    let (outcome, _) = poll(json!({"expires_in": 0}), vec![(502, json!({}))]).await;
    assert!(matches!(why(outcome), EntraError::Answer { .. }));
}

#[tokio::test]
async fn what_the_token_endpoint_says_about_a_code_is_told_as_it_is() {
    for (code, words, expired) in [
        (
            "invalid_grant",
            "AADSTS70019: Verification code expired.",
            true,
        ),
        ("invalid_grant", "AADSTS70020: the code has expired", true),
        (
            "invalid_grant",
            "AADSTS53003: Blocked by Conditional Access.",
            false,
        ),
        ("access_denied", "AADSTS50105: not assigned", false),
        ("authorization_declined", "AADSTS65001: no consent", false),
    ] {
        let why = why(poll(json!({}), vec![refusal(code, words)]).await.0);
        assert_eq!(matches!(why, EntraError::CodeExpired), expired, "{why:?}");
        let refused = matches!(&why, EntraError::Refused(refusal) if refusal.reason == words);
        assert_eq!(refused, !expired, "{why:?}");
    }
}
