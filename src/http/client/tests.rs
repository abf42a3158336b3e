use std::io::Write as _;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{
    CallError, CertificateFault, Client, DEFAULT_TIMEOUT, Looks, certificate_fault, holds_at_most,
    is_loopback, timeout_from,
};
use crate::http::limits::{self, Most};

#[test]
fn the_timeout_is_above_the_vendors_unless_set() {
    assert_eq!(timeout_from(None), Some(DEFAULT_TIMEOUT));
    assert_eq!(timeout_from(Some("5")), Some(Duration::from_secs(5)));
    for wrong in ["0", "-1", "2.5", "abc"] {
        assert_eq!(timeout_from(Some(wrong)), None, "{wrong}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_found_below_whatever_is_around_it() {
    use rustls::{CertificateError, Error};
    use std::io::Error as Io;
    let fault = |why| {
        let tls = Error::InvalidCertificate(why);
        certificate_fault(&Io::other(Io::other(tls)))
    };
    let unknown = fault(CertificateError::UnknownIssuer);
    assert_eq!(unknown, Some(CertificateFault::Issuer));
    let expired = fault(CertificateError::Expired);
    assert_eq!(expired, Some(CertificateFault::Time));
    let other = fault(CertificateError::NotValidForName);
    assert_eq!(other, Some(CertificateFault::Other));
    assert_eq!(certificate_fault(&Io::other(Error::DecryptError)), None);
}

#[test]
fn this_computer_is_never_reached_by_a_proxy() {
    let near = |text: &str| is_loopback(&text.parse().expect("a URL"));
    for here in [
        "http://127.0.0.1:1/3.0",
        "http://127.9.9.9/",
        "http://localhost:1/",
        "http://[::1]:1/",
    ] {
        assert!(near(here), "{here}");
    }
    for there in [
        "https://us1.api.mailchimp.com/",
        "http://localhost.example/",
        "http://10.0.0.1/",
    ] {
        assert!(!near(there), "{there}");
    }
}

fn client() -> Client {
    Client::new(Duration::from_secs(20)).expect("client")
}

/// Answers every call as told.
async fn peer<F: Future<Output = ()> + Send>(
    answer: impl Fn(TcpStream) -> F + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _asked = stream.read(&mut [0; 4096]).await;
            answer(stream).await;
        }
    });
    url
}

const MOST: Most = Most {
    bytes: 1_000_000,
    values: 1000,
};

async fn get(url: &str) -> Result<super::Answer, CallError> {
    let client = client().reading(MOST);
    client.send(client.inner().get(url)).await
}

#[tokio::test]
async fn a_call_that_never_left_is_told_from_one_without_an_answer() {
    let client = client();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    let gone = tokio::spawn(async move { drop(listener.accept().await) });
    let why = client.send(client.inner().get(&url)).await;
    let why = why.expect_err("dropped");
    assert!(matches!(why, CallError::Unanswered { .. }), "{why:?}");
    gone.await.expect("listener");
    let why = client.send(client.inner().get(&url)).await;
    let why = why.expect_err("closed");
    assert!(matches!(why, CallError::Connect { .. }), "{why:?}");
}

/// A piece of an answer that does not end.
static MUCH: [u8; 8192] = [b'a'; 8192];

#[tokio::test]
async fn an_answer_without_end_is_read_to_the_limit_only() {
    let url = peer(|mut stream| async move {
        let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"a\":\"";
        let _sent = stream.write_all(head).await;
        while stream.write_all(&MUCH).await.is_ok() {}
    })
    .await;
    let why = get(&url).await.expect_err("no end");
    assert!(
        matches!(
            why,
            CallError::TooLong {
                limit: 1_000_000,
                ..
            }
        ),
        "{why:?}"
    );
}

#[test]
fn values_are_counted_wherever_they_stand_and_only_those() {
    for (body, values) in [
        (r#"{"a":[1,2,{"b":3}]}"#, 5),
        (r#"["a,b","\"[{,"]"#, 2),
        ("", 0),
        ("[[[[", 4),
    ] {
        assert!(holds_at_most(values, body.as_bytes()), "{body}");
        assert!(
            values == 0 || !holds_at_most(values - 1, body.as_bytes()),
            "{body}"
        );
    }
}

#[tokio::test]
async fn an_answer_of_ever_more_values_is_none() {
    let url = peer(|mut stream| async move {
        let body = format!("[{}1]", "{},".repeat(2000));
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        let _sent = stream.write_all(format!("{head}{body}").as_bytes()).await;
    })
    .await;
    let why = get(&url).await.expect_err("too many");
    assert!(matches!(why, CallError::TooLong { .. }), "{why:?}");
}

#[tokio::test]
async fn what_is_packed_small_counts_as_large_as_it_is() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"[").expect("packed");
    packed.write_all(&vec![b' '; 20_000_000]).expect("packed");
    packed.write_all(b"]").expect("packed");
    let body = packed.finish().expect("packed");
    assert!(body.len() < 100_000);
    let url = peer(move |mut stream| {
        let body = body.clone();
        async move {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let _sent = stream.write_all(head.as_bytes()).await;
            let _sent = stream.write_all(&body).await;
        }
    })
    .await;
    let why = get(&url).await.expect_err("a bomb");
    assert!(matches!(why, CallError::TooLong { .. }), "{why:?}");
}

#[tokio::test]
async fn a_refusal_is_cut_where_nobody_reads_on() {
    let url = peer(|mut stream| async move {
        let head = b"HTTP/1.1 500 No\r\nconnection: close\r\n\r\n<html>";
        let _sent = stream.write_all(head).await;
        while stream.write_all(&MUCH).await.is_ok() {}
    })
    .await;
    let answer = get(&url).await.expect("an answer");
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body.len(), limits::REFUSAL);
    assert_eq!(answer.looks(), Looks::Page);
}

#[test]
fn an_answer_nested_without_end_is_an_error_and_no_crash() {
    let deep = "[".repeat(1_000_000);
    assert!(serde_json::from_str::<serde_json::Value>(&deep).is_err());
    let deep = "{\"a\":".repeat(1_000_000);
    assert!(serde_json::from_str::<serde_json::Value>(&deep).is_err());
}
