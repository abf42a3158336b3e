use std::sync::Arc;

use axum::response::{IntoResponse, Response};

use super::super::Error;
use super::super::tests::peer::{Call, Peer, json};
use super::{Columns, Odata, Paging, ServiceError, quoted};
use crate::http::{CallError, Looks};

fn page(rows: &[&str], next: Option<&str>) -> Response {
    let rows: Vec<String> = rows
        .iter()
        .map(|id| format!(r#"{{"id":"{id}"}}"#))
        .collect();
    let next = next.map_or(String::new(), |link| {
        format!(r#","@odata.nextLink":"{link}""#)
    });
    json(200, &format!(r#"{{"value":[{}]{next}}}"#, rows.join(",")))
}

/// Reads everything that a peer has.
async fn read(peer: &Peer, paging: Paging) -> Result<Vec<String>, Error> {
    let odata = Arc::new(Odata::new(peer.service(), &["api"])?);
    let url = odata.url(&["people"], &[("$select", "id")]);
    let mut pages = odata.pages(url, paging, Columns::new(["id"]));
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await? {
        ids.extend(page.rows.iter().map(|row| row.get(0).to_owned()));
    }
    Ok(ids)
}

fn service_error(outcome: Result<Vec<String>, Error>) -> ServiceError {
    match outcome {
        Err(Error::Service(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn links_are_followed_absolute_or_relative_with_the_same_page_size() {
    let peer = Peer::start(|call| {
        let host = call.header("host");
        match call.number {
            0 => page(&["1", "2"], Some("people?$skiptoken=a")),
            1 => page(&[], Some(&format!("http://{host}/api/people?$skiptoken=b"))),
            _ => page(&["3"], None),
        }
    })
    .await;
    let ids = read(&peer, Paging::Links(5000)).await.expect("pages");
    assert_eq!(ids, ["1", "2", "3"]);
    let calls = peer.calls();
    let targets: Vec<&str> = calls.iter().map(|call| call.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "/api/people?$select=id",
            "/api/people?$skiptoken=a",
            "/api/people?$skiptoken=b"
        ]
    );
    for call in &calls {
        assert_eq!(call.header("prefer"), "odata.maxpagesize=5000");
        assert_eq!(call.header("authorization"), "Bearer token");
        assert_eq!(call.header("odata-version"), "4.0");
    }
}

#[tokio::test]
async fn a_link_to_another_server_is_not_followed() {
    let other = Peer::start(|_| page(&["9"], None)).await;
    let link = format!("{}/api/people", other.root);
    let peer = Peer::start(move |_| page(&["1"], Some(&link))).await;
    let why = service_error(read(&peer, Paging::Links(10)).await);
    assert!(matches!(why, ServiceError::LinkAstray { .. }), "{why:?}");
    assert!(other.calls().is_empty());
}

#[tokio::test]
async fn links_in_circles_end_the_reading() {
    let next = |call: &Call| {
        if call.number.is_multiple_of(2) {
            "people?page=b"
        } else {
            "people?page=a"
        }
    };
    let peer = Peer::start(move |call| page(&["1"], Some(next(call)))).await;
    let why = service_error(read(&peer, Paging::Links(10)).await);
    assert!(matches!(why, ServiceError::Endless { .. }), "{why:?}");

    let peer = Peer::start(|call| page(&[], Some(&format!("people?page={}", call.number)))).await;
    let why = service_error(read(&peer, Paging::Links(10)).await);
    assert!(matches!(why, ServiceError::Endless { .. }), "{why:?}");
    assert!(peer.calls().len() < 200);
}

#[tokio::test]
async fn what_fails_in_passing_is_asked_again_until_the_page_is_whole() {
    let peer = Peer::start(|call| match call.number {
        0 => json(500, "{}"),
        1 => json(429, "{}"),
        2 => (axum::http::StatusCode::BAD_REQUEST, "<h1>Bad Request</h1>").into_response(),
        3 => json(200, r#"{"value":[{"id":"1"}"#),
        4 => json(200, ""),
        5 => json(200, r#"{"value":[{"id":"1"}],"error":{"code":"0x0"}}"#),
        _ => page(&["1"], None),
    })
    .await;
    let ids = read(&peer, Paging::Links(10)).await.expect("pages");
    assert_eq!(ids, ["1"]);
    assert_eq!(peer.calls().len(), 7);
}

#[expect(clippy::too_many_lines, reason = "one table of answers")]
#[tokio::test]
async fn what_never_works_is_told_as_what_it_is() {
    type Answer = fn() -> Response;
    type Fits = fn(&ServiceError) -> bool;
    let refused = r#"{"error":{"code":"0x80060888","message":"no\u001b[31m token"}}"#;
    assert!(refused.contains("token"));
    let cases: [(Answer, Fits); 12] = [
        (
            || {
                json(
                    403,
                    r#"{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:14:18."}"#,
                )
            },
            |why| matches!(why, ServiceError::UsedUp { message, .. } if message.contains("03:14:18") && why.is_temporary()),
        ),
        (
            || {
                let there = [("location", "https://login.example/common/authorize?x=1")];
                (axum::http::StatusCode::FOUND, there, "<html>moved</html>").into_response()
            },
            |why| {
                matches!(why, ServiceError::NoAnswer(CallError::Elsewhere { target, .. })
                    if target == "https://login.example/common/authorize" && why.is_temporary())
            },
        ),
        (
            || {
                json(
                    403,
                    r#"{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}"#,
                )
            },
            |why| matches!(why, ServiceError::NotInEnvironment { code, .. } if code == "0x80072560" && why.needs_sign_in()),
        ),
        (
            || json(403, r#"{"error":{"code":"0x80042F09","message":"none"}}"#),
            |why| matches!(why, ServiceError::NotInEnvironment { .. }),
        ),
        (
            || {
                json(
                    403,
                    r#"{"error":{"code":"0x80095ffc","message":"blocked: 192.0.2.7"}}"#,
                )
            },
            |why| matches!(why, ServiceError::Firewall { message, .. } if message == "blocked: 192.0.2.7" && !why.needs_sign_in() && !why.is_temporary()),
        ),
        (
            || json(401, r#"{"error":{"message":"who?"}}"#),
            |why| matches!(why, ServiceError::NotSignedIn { message, .. } if message == "who?"),
        ),
        (
            || {
                json(
                    401,
                    r#"{"statusCode":401,"message":"Access denied due to invalid subscription key."}"#,
                )
            },
            |why| matches!(why, ServiceError::SubscriptionKey { .. }),
        ),
        (
            || json(403, r#"{"error":{"code":"0x80040220","message":"no"}}"#),
            |why| matches!(why, ServiceError::NoPrivilege { what, code, .. } if what == "people" && code == "0x80040220"),
        ),
        (
            || json(404, r#"{"errorCode":"NotFound","message":"gone"}"#),
            |why| matches!(why, ServiceError::NotThere { what, .. } if what == "people"),
        ),
        (
            || {
                json(
                    400,
                    r#"{"error":{"code":"0x80060888","message":"no\u001b[31m token"}}"#,
                )
            },
            |why| matches!(why, ServiceError::Refused { status: 400, message, .. } if message == "no␛[31m …"),
        ),
        (
            || json(503, "{}"),
            |why| matches!(why, ServiceError::Unavailable { status: 503, .. }),
        ),
        (
            || json(200, r#"{"value":"#),
            |why| {
                matches!(
                    why,
                    ServiceError::NoAnswer(CallError::Strange {
                        looks: Looks::Broken,
                        ..
                    })
                )
            },
        ),
    ];
    for (answer, fits) in cases {
        let peer = Peer::start(move |_| answer()).await;
        let why = service_error(read(&peer, Paging::Links(10)).await);
        assert!(fits(&why), "{why:?}");
    }
}

#[tokio::test]
async fn a_service_that_counts_on_is_read_to_its_last_row() {
    let peer = Peer::start(|call| {
        let (top, skip) = (call.option("$top"), call.option("$skip").unwrap_or(0));
        let all = ["1", "2", "3", "4", "5"];
        // Gives fewer rows than asked for: its own limit is 2.
        let most = top.unwrap_or(2).min(2);
        page(&all[skip.min(5)..(skip + most).min(5)], None)
    })
    .await;
    let ids = read(&peer, Paging::Offset(1000)).await.expect("pages");
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_link_is_followed_by_who_counts_on_too_and_the_page_without_one_is_the_last() {
    let peer = Peer::start(|call| {
        if call.target.contains("skiptoken") {
            page(&["3"], None)
        } else {
            page(&["1", "2"], Some("people?$skiptoken=b"))
        }
    })
    .await;
    let ids = read(&peer, Paging::Offset(1000)).await.expect("pages");
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(peer.calls().len(), 2);

    let other = Peer::start(|_| page(&["9"], None)).await;
    let link = format!("{}/api/people", other.root);
    let peer = Peer::start(move |_| page(&["1"], Some(&link))).await;
    let why = service_error(read(&peer, Paging::Offset(10)).await);
    assert!(matches!(why, ServiceError::LinkAstray { .. }), "{why:?}");
    assert!(other.calls().is_empty());
}

#[tokio::test]
async fn a_page_whose_rows_were_all_seen_before_ends_the_reading() {
    for paging in [Paging::Offset(2), Paging::Links(2)] {
        let peer = Peer::start(move |call| {
            let rows: &[&str] = match call.number {
                0 => &["1", "2"],
                1 => &["3", "4"],
                // Neither the page before nor one that came as a whole.
                _ => &["4", "1"],
            };
            let link = format!("people?page={}", call.number);
            page(
                rows,
                matches!(paging, Paging::Links(_)).then_some(link.as_str()),
            )
        })
        .await;
        let why = service_error(read(&peer, paging).await);
        assert!(matches!(why, ServiceError::Endless { .. }), "{why:?}");
        assert_eq!(peer.calls().len(), 3);
    }
}

#[tokio::test]
async fn a_service_that_does_not_count_on_is_not_read_for_ever() {
    let peer = Peer::start(|_| page(&["1", "2"], None)).await;
    let why = service_error(read(&peer, Paging::Offset(2)).await);
    assert!(matches!(why, ServiceError::Endless { .. }), "{why:?}");
    assert_eq!(peer.calls().len(), 2);
}

#[tokio::test]
async fn names_are_quoted_and_encoded() {
    let peer = Peer::start(|_| page(&[], None)).await;
    let odata = Odata::new(peer.service(), &["instances", "a/b"]).expect("a service");
    let filter = format!("IsMemberOfSegment({})", quoted("Björn's & co+1"));
    let url = odata.url(
        &["data", "Customer"],
        &[("$filter", &filter), ("$search", "")],
    );
    assert_eq!(
        url.as_str().strip_prefix(&peer.root),
        Some(
            "/instances/a%2Fb/data/Customer?$filter=IsMemberOfSegment(%27Bj%C3%B6rn%27%27s%20%26%20co%2B1%27)"
        )
    );
}

/// A list of 1,000 rows, of which a page of more than 300 takes too long from the second page on.
fn slow(call: &Call, links: bool) -> Response {
    let size = call.header("prefer").strip_prefix("odata.maxpagesize=");
    let size: usize = size
        .and_then(|size| size.parse().ok())
        .or(call.option("$top"))
        .expect("a size");
    let from = call.option("skip").unwrap_or(0);
    if size > 300 && from > 0 {
        return json(504, r#"{"error":{"message":"too slow"}}"#);
    }
    let ids: Vec<String> = (from..(from + size).min(1000))
        .map(|id| id.to_string())
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let next = format!("people?skip={}", from + size);
    page(&ids, (links && from + size < 1000).then_some(next.as_str()))
}

#[tokio::test]
async fn pages_that_take_too_long_become_smaller_and_nobody_comes_twice() {
    for (paging, links) in [(Paging::Links(600), true), (Paging::Offset(600), false)] {
        let peer = Peer::start(move |call| slow(call, links)).await;
        let ids = read(&peer, paging).await.expect("pages");
        let all: Vec<String> = (0..1000).map(|id| id.to_string()).collect();
        assert_eq!(ids, all, "{paging:?}");
        let calls = peer.calls();
        let refused = calls.iter().filter(|call| {
            call.option("skip").unwrap_or(0) > 0
                && (call.header("prefer").ends_with("=600") || call.option("$top") == Some(600))
        });
        assert_eq!(refused.count(), 1, "asked once, not eight times");
    }
}
