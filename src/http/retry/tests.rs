use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::Meaning::{
    Answered, Elsewhere, Failing, LoginRefused, Overloaded, Refused, Strange, TooLong, UsedUp,
};
use super::{
    Advice, Answer, Backoff, CallError, Meaning, Outcome, Wanted, advise, is_put_off, meaning,
};
use crate::http::{Looks, limits};

#[expect(
    clippy::unnecessary_wraps,
    reason = "an answer is one way a call comes out"
)]
fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Outcome {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().expect("header"));
    }
    Ok(Answer {
        host: "api.example".to_owned(),
        status: StatusCode::from_u16(status).expect("status"),
        headers: map,
        body: body.into(),
    })
}

const PAGE: &str = "<html>Access Denied</html>";
const QUOTA: &str = r#"{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:14:18."}"#;

#[test]
fn one_table_tells_what_every_answer_means_and_whether_to_ask_again() {
    let (never, briefly, again) = (Advice::Never, Advice::Briefly, Advice::Backoff);
    let table: [(u16, &str, Meaning, Advice); 36] = [
        (200, "{}", Answered, never),
        (200, " [1]\n", Answered, never),
        (200, "", Strange, briefly),
        (200, " \r\n", Strange, briefly),
        (204, "", Strange, briefly),
        (200, PAGE, Strange, briefly),
        (200, r#"{"members":[{"#, Strange, briefly),
        (200, "OK", Strange, briefly),
        (301, "", Elsewhere, briefly),
        (302, PAGE, Elsewhere, briefly),
        (304, "", Elsewhere, briefly),
        (307, "{}", Elsewhere, briefly),
        (400, "{}", Refused, never),
        (400, "<H1>Bad Request</H1>", Overloaded, again),
        (401, "{}", LoginRefused, never),
        (401, "", LoginRefused, never),
        (401, PAGE, Strange, briefly),
        (403, "{}", Refused, never),
        (403, "", Overloaded, again),
        (403, PAGE, Overloaded, again),
        (403, QUOTA, UsedUp, never),
        (404, "{}", Refused, never),
        (404, PAGE, Strange, briefly),
        (404, "", Strange, briefly),
        (405, "{}", Refused, never),
        (405, PAGE, Strange, briefly),
        (407, PAGE, Strange, briefly),
        (408, "", Failing, again),
        (413, PAGE, Refused, never),
        (422, "{}", Refused, never),
        (425, "", Overloaded, again),
        (429, "{}", Overloaded, again),
        (500, "{}", Failing, again),
        (502, PAGE, Failing, again),
        (503, "", Failing, again),
        (504, PAGE, Failing, again),
    ];
    for (status, body, means, advice) in table {
        let outcome = answer(status, &[], body);
        assert_eq!(meaning(&outcome, Wanted::Json), means, "{status} {body}");
        assert_eq!(advise(&outcome, Wanted::Json), advice, "{status} {body}");
    }
}

#[test]
fn where_nothing_is_to_be_told_nothing_is_an_answer_and_a_web_page_is_none() {
    for (status, body, means) in [
        (204, "", Answered),
        (200, "", Answered),
        (200, "{}", Answered),
        (200, PAGE, Strange),
        (404, "{}", Refused),
    ] {
        let outcome = answer(status, &[], body);
        assert_eq!(meaning(&outcome, Wanted::Done), means, "{status} {body}");
    }
}

#[test]
fn a_401_that_says_how_to_sign_in_is_a_refusal_of_the_login_in_any_form() {
    let outcome = answer(401, &[("www-authenticate", "Bearer realm=x")], PAGE);
    assert_eq!(meaning(&outcome, Wanted::Json), LoginRefused);
}

#[test]
fn an_answer_without_end_is_not_asked_for_again() {
    let endless = Err(CallError::TooLong {
        host: "api.example".to_owned(),
        limit: 1,
    });
    assert_eq!(meaning(&endless, Wanted::Json), TooLong);
    assert_eq!(advise(&endless, Wanted::Json), Advice::Never);
}

#[test]
fn only_what_was_turned_away_or_never_sent_surely_did_not_happen() {
    for (status, body, may) in [
        (200, "", true),
        (302, "", true),
        (500, "{}", true),
        (504, PAGE, true),
        (404, PAGE, true),
        (429, "{}", false),
        (403, PAGE, false),
        (400, "<H1>", false),
        (400, "{}", false),
        (401, "{}", false),
    ] {
        let means = meaning(&answer(status, &[], body), Wanted::Json);
        assert_eq!(means.may_have_happened(), may, "{status} {body}");
    }
}

#[test]
fn a_named_time_is_waited_for_within_limits() {
    let date = ("date", "Thu, 26 Nov 2026 13:00:00 GMT");
    for (named, seconds) in [
        ("7", 7),
        ("0", 1),
        ("3600", 120),
        ("99999999999999", 120),
        ("Thu, 26 Nov 2026 13:00:40 GMT", 40),
        ("Thu, 26 Nov 2026 12:00:00 GMT", 1),
        ("Fri, 27 Nov 2026 13:00:00 GMT", 120),
    ] {
        for status in [429, 503] {
            let outcome = answer(status, &[("retry-after", named), date], "{}");
            let wait = Advice::After(Duration::from_secs(seconds));
            assert_eq!(advise(&outcome, Wanted::Json), wait, "{named}");
        }
    }
    let outcome = answer(429, &[("retry-after", "soon")], "{}");
    assert_eq!(advise(&outcome, Wanted::Json), Advice::Backoff);
    let refused = answer(400, &[("retry-after", "7")], "{}");
    assert_eq!(advise(&refused, Wanted::Json), Advice::Never);
}

#[test]
fn pauses_grow_to_a_bound_and_end() {
    let mut backoff = Backoff::new(12, Backoff::FIRST);
    let pauses: Vec<Duration> = std::iter::from_fn(|| backoff.next(Advice::Backoff)).collect();
    assert_eq!(pauses.len(), 12);
    assert!(pauses[0] <= Backoff::FIRST && pauses.iter().all(|pause| *pause <= Backoff::LONGEST));
    let mut backoff = Backoff::new(12, Backoff::FIRST);
    let few = std::iter::from_fn(|| backoff.next(Advice::Briefly)).count();
    assert_eq!(few, 4);
    assert_eq!(Backoff::new(3, Backoff::FIRST).next(Advice::Never), None);
}

#[test]
fn a_call_waits_a_quarter_of_an_hour_in_all() {
    let mut backoff = Backoff::new(100, Backoff::FIRST);
    let wait = Advice::After(limits::WAIT);
    let waited: Duration = std::iter::from_fn(|| backoff.next(wait)).sum();
    assert!(waited <= limits::WAITS && waited > limits::WAITS / 2);
}

#[test]
fn where_an_answer_leads_is_named_without_what_may_be_secret() {
    let at = |target| {
        let outcome = answer(302, &[("location", target)], PAGE);
        CallError::of(outcome, Wanted::Json)
    };
    for (target, shown) in [
        (
            "http://login.hotel.example/portal?u=1",
            "http://login.hotel.example/portal",
        ),
        ("/sign-in?token=s3cr3t#x", "/sign-in"),
    ] {
        let why = at(target);
        assert!(
            matches!(&why, CallError::Elsewhere { target, .. } if target == shown),
            "{why:?}"
        );
    }
    let nowhere = CallError::of(answer(302, &[], ""), Wanted::Json);
    assert!(matches!(nowhere, CallError::Strange { .. }));
    let half = CallError::of(answer(200, &[], r#"{"a":"#), Wanted::Json);
    assert!(matches!(half, CallError::Strange { looks, .. } if looks == Looks::Broken));
}

#[test]
fn the_service_puts_a_call_off_for_as_long_as_it_likes() {
    let mut backoff = Backoff::new(2, Backoff::FIRST);
    let puts_off: Vec<Duration> = (0..200).map(|_| backoff.put_off(Advice::Backoff)).collect();
    assert!(puts_off[0] <= Backoff::FIRST);
    assert!(puts_off.iter().all(|pause| *pause <= Backoff::LONGEST));
    let waited: Duration = puts_off.iter().sum();
    assert!(waited > limits::WAITS, "{waited:?}");
    let named = Advice::After(limits::WAIT);
    assert!(backoff.put_off(named) >= limits::WAIT);
    assert_eq!(
        std::iter::from_fn(|| backoff.next(Advice::Backoff)).count(),
        2
    );
}

#[test]
fn only_the_service_s_own_call_for_patience_puts_a_call_off() {
    for (status, body, puts_off) in [
        (429, "{}", true),
        (429, "", true),
        (403, "", true),
        (403, " ", true),
        (429, PAGE, false),
        (403, PAGE, false),
        (403, "{}", false),
        (400, "", false),
        (500, "{}", false),
        (503, "", false),
        (200, "{}", false),
    ] {
        let outcome = answer(status, &[], body);
        assert_eq!(is_put_off(&outcome), puts_off, "{status} {body:?}");
    }
    let lost = Err(CallError::TooLong {
        host: "api.example".to_owned(),
        limit: 1,
    });
    assert!(!is_put_off(&lost));
}
