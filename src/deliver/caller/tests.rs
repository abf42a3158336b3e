use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{Call, Caller, Repeat, Service, Stop};
use crate::deliver::Error;
use crate::http::{CallError, Client, Endpoint, Pacer, Waits};
use crate::login::Credential;

/// Answers every call in the same way, and reads what is asked.
async fn asked(status: u16, headers: &str, body: &str, repeat: Repeat) -> Result<Value, Error> {
    let pacer = Pacer::new(1);
    asked_in_turn(vec![said(status, headers, body)], repeat, &pacer).await
}

fn said(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// Gives one answer after the other, the last one for ever, and reads what is asked.
async fn asked_in_turn(
    answers: Vec<String>,
    repeat: Repeat,
    pacer: &Pacer,
) -> Result<Value, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let root = format!("http://{}", listener.local_addr().expect("address"));
    let peer = tokio::spawn(async move {
        let mut turn = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let _asked = stream.read(&mut [0; 4096]).await;
            let answer = &answers[turn.min(answers.len() - 1)];
            turn += 1;
            let _sent = stream.write_all(answer.as_bytes()).await;
        }
    });
    let service = Service {
        api: Endpoint::parse(&root).expect("endpoint"),
        credential: Credential::from_token("t").expect("token"),
        client: Client::new(Duration::from_secs(20)).expect("client"),
        first_pause: Duration::from_micros(1),
        waits: Waits::default(),
    };
    let (tell, _unheard) = mpsc::channel(1000);
    let caller = Caller::new(0, service, pacer.clone(), tell, Stop::default()).expect("a lane");
    let call = Call {
        repeat,
        ..Call::get("read tags", "/x", &[])
    };
    let read: Result<std::collections::BTreeMap<String, Value>, Error> = caller.read(&call).await;
    peer.abort();
    read.map(|map| json!(map))
}

const PAGE: &str = "<html>Sign in to the Wi-Fi</html>";

#[expect(clippy::too_many_lines, reason = "one table of answers")]
#[tokio::test]
async fn what_no_service_said_is_temporary_and_what_mailchimp_said_is_not() {
    type Fits = fn(&Error) -> bool;
    let unreachable: Fits = |why| matches!(why, Error::Unreachable { .. });
    let cases: [(u16, &str, &str, Fits, bool); 15] = [
        (200, "", "", unreachable, true),
        (204, "", "", unreachable, true),
        (200, "", PAGE, unreachable, true),
        (200, "", r#"{"tags":["#, unreachable, true),
        (
            200,
            "",
            "[]",
            |why| matches!(why, Error::Unreadable { .. }),
            true,
        ),
        (
            302,
            "location: http://login.hotel.example/portal?u=1\r\n",
            PAGE,
            |why| {
                matches!(why, Error::Unreachable { source: CallError::Elsewhere { target, .. }, .. }
                    if target == "http://login.hotel.example/portal")
            },
            true,
        ),
        (403, "", PAGE, unreachable, true),
        (404, "", PAGE, unreachable, true),
        (
            503,
            "",
            r#"{"detail":"down for an hour"}"#,
            |why| matches!(why, Error::Unreachable { problem, .. } if problem.detail == "down for an hour"),
            true,
        ),
        (
            405,
            "",
            "{}",
            |why| matches!(why, Error::Refused { status: 405, .. }),
            true,
        ),
        (
            413,
            "",
            PAGE,
            |why| matches!(why, Error::Refused { status: 413, .. }),
            true,
        ),
        (401, "", "{}", |why| matches!(why, Error::SignIn(_)), false),
        (
            403,
            "",
            r#"{"title":"Wrong Datacenter","detail":"The API key provided is linked to a different datacenter"}"#,
            |why| matches!(why, Error::SignIn(problem) if problem.detail.contains("different")),
            false,
        ),
        (
            403,
            "",
            r#"{"title":"Forbidden","detail":"Your trial has expired","errors":null}"#,
            |why| matches!(why, Error::Refused { problem, .. } if problem.detail == "Your trial has expired"),
            false,
        ),
        (
            404,
            "",
            "{}",
            |why| matches!(why, Error::NotFound { .. }),
            false,
        ),
    ];
    for (status, headers, body, fits, temporary) in cases {
        let why = asked(status, headers, body, Repeat::Harmless).await;
        let why = why.expect_err("no tags");
        assert!(fits(&why), "{status} {body}: {why:?}");
        assert_eq!(why.is_temporary(), temporary, "{status} {body}: {why:?}");
    }
}

#[tokio::test]
async fn a_call_that_must_not_be_repeated_blindly_is_unseen_once_it_may_have_happened() {
    for (status, body, unseen) in [
        (200, "", true),
        (200, PAGE, true),
        (302, PAGE, true),
        (500, "{}", true),
        (403, PAGE, false),
        (400, "{}", false),
    ] {
        let why = asked(status, "", body, Repeat::Unsure).await;
        let why = why.expect_err("no answer");
        assert_eq!(
            matches!(why, Error::Unseen { .. }),
            unseen,
            "{status} {why:?}"
        );
    }
}

#[tokio::test]
async fn throttling_alone_is_waited_out_and_costs_lanes_until_good_answers_come() {
    for (status, body) in [(429, "{}"), (403, "")] {
        let mut answers = vec![said(status, "", body); 40];
        answers.push(said(200, "", "{}"));
        let pacer = Pacer::new(8);
        let read = asked_in_turn(answers, Repeat::Unsure, &pacer).await;
        assert_eq!(read.expect("an answer"), json!({}), "{status}");
        assert_eq!(pacer.limit(), 2, "one good answer makes a window of one");
    }
}

#[tokio::test]
async fn failures_between_are_still_counted() {
    let put_off = said(429, "", "{}");
    let failed = said(500, "", "{}");
    let answers = std::iter::repeat_n([put_off, failed], 30);
    let read = asked_in_turn(
        answers.flatten().collect(),
        Repeat::Harmless,
        &Pacer::new(1),
    )
    .await;
    let why = read.expect_err("no answer");
    assert!(
        matches!(why, Error::Unreachable { tries: 20, .. }),
        "{why:?}"
    );
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_costs_lanes_too() {
    let late = said(504, "", "<html>Gateway Time-out</html>");
    let answers = vec![late.clone(), late, said(200, "", "{}")];
    let pacer = Pacer::new(8);
    let read = asked_in_turn(answers, Repeat::Harmless, &pacer).await;
    assert_eq!(read.expect("an answer"), json!({}));
    assert_eq!(pacer.limit(), 2);
}
