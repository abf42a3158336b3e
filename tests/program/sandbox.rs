//! The sandbox over HTTP: what only a real connection shows.

mod meanwhile;
mod schema;
mod service;
mod sources;

use std::time::{Duration, Instant};

use reqwest::{Client, Method, Response};
use segue::sandbox::{Fault, Options, Sandbox, start};
use serde_json::{Value, json};

/// A sandbox and a client that knows its key.
struct Service {
    sandbox: Sandbox,
    client: Client,
}

impl Service {
    async fn start(options: Options) -> Self {
        // Another test of this binary may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let redirect = reqwest::redirect::Policy::none();
        let client = Client::builder().no_proxy().redirect(redirect).build();
        Self {
            sandbox: start(options).await.expect("a sandbox"),
            client: client.expect("a client"),
        }
    }

    async fn empty() -> Self {
        Self::start(Options {
            empty: true,
            ..Options::default()
        })
        .await
    }

    async fn faulty(fault: &str) -> Self {
        Self::start(Options {
            empty: true,
            faults: vec![fault.parse::<Fault>().expect("a fault")],
            ..Options::default()
        })
        .await
    }

    fn told(&self, key: &str) -> &str {
        self.sandbox.ready()[key].as_str().unwrap_or_default()
    }

    fn list(&self) -> String {
        format!("/lists/{}", self.told("audience_id"))
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}{path}", self.told("mailchimp_api"));
        let request = self
            .client
            .request(method, url)
            .basic_auth("any", Some(self.told("mailchimp_api_key")));
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        request.send().await
    }

    async fn subscribe(&self, email: &str) -> reqwest::Result<Response> {
        let body = json!({ "members": [{ "email_address": email, "status": "subscribed" }] });
        self.send(Method::POST, &self.list(), &body).await
    }

    async fn own(&self, path: &str) -> String {
        let url = format!("http://{}/sandbox/{path}", self.told("listening"));
        let answer = self.client.get(url).send().await.expect("an answer");
        answer.text().await.expect("a text")
    }

    async fn stats(&self) -> Value {
        serde_json::from_str(&self.own("stats").await).expect("JSON")
    }

    async fn members(&self) -> Vec<Value> {
        let path = format!("audiences/{}/members", self.told("audience_id"));
        let lines = self.own(&path).await;
        let parse = |line| serde_json::from_str(line).expect("JSON");
        lines.lines().map(parse).collect()
    }
}

#[tokio::test]
async fn a_refused_faulted_or_dropped_call_takes_no_effect_unless_told() {
    for (fault, status, members) in [
        ("429=1", Some(429), 0),
        ("403-empty=1", Some(403), 0),
        ("500=1", Some(500), 0),
        ("503=1", Some(503), 0),
        ("html-400=1", Some(400), 0),
        ("drop-before=1", None, 0),
        ("drop-after=1", None, 1),
        ("hang=1:0.3", Some(200), 1),
    ] {
        let service = Service::faulty(fault).await;
        let began = Instant::now();
        let answer = service.subscribe("a@example.com").await;
        match (&answer, status) {
            (Ok(answer), Some(status)) => assert_eq!(answer.status(), status, "{fault}"),
            (Err(error), None) => assert!(error.status().is_none(), "{fault}: {error:?}"),
            _ => panic!("{fault}: {answer:?}"),
        }
        if fault.starts_with("hang") {
            assert!(began.elapsed() >= Duration::from_millis(300));
        }
        if let Ok(answer) = answer {
            let text = answer.text().await.expect("a text");
            assert_eq!(text.is_empty(), fault == "403-empty=1", "{fault}: {text}");
            assert_eq!(
                text.contains("<H1>"),
                fault == "html-400=1",
                "{fault}: {text}"
            );
        }
        assert_eq!(service.members().await.len(), members, "{fault}");
        let stats = service.stats().await;
        assert_eq!(stats["requests"]["POST /3.0/lists/{list_id}"], 1, "{fault}");
        service.sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_dropped_connection_carries_no_byte_of_an_answer() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let service = Service::faulty("drop-after=1").await;
    let mut stream = tokio::net::TcpStream::connect(service.told("listening"))
        .await
        .expect("a connection");
    let request = b"GET /3.0/ping HTTP/1.1\r\nHost: sandbox\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let mut bytes = Vec::new();
    // Ended or reset: both are a broken connection.
    let _ = stream.read_to_end(&mut bytes).await;
    assert!(bytes.is_empty(), "{}", String::from_utf8_lossy(&bytes));
}

#[tokio::test]
async fn requests_above_the_limit_are_refused_and_counted() {
    let service = Service::start(Options {
        empty: true,
        latency: Duration::from_millis(300),
        max_connections: 2,
        ..Options::default()
    })
    .await;
    let began = Instant::now();
    let calls = (0..6).map(|_| service.send(Method::GET, "/ping", &Value::Null));
    let answers = futures_util::future::join_all(calls).await;
    let statuses: Vec<u16> = answers
        .into_iter()
        .map(|answer| answer.expect("an answer").status().as_u16())
        .collect();
    let good = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(good, 2, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| [200, 429, 403].contains(status))
    );
    assert!(began.elapsed() >= Duration::from_millis(300));
    let stats = service.stats().await;
    assert_eq!(
        (&stats["max_in_flight"], &stats["throttled"]),
        (&json!(6), &json!(4))
    );
    assert_eq!(stats["max_sockets"], 6);
    assert_eq!(stats["requests"]["GET /3.0/ping"], 6);
}

#[tokio::test]
async fn a_wrong_key_or_token_is_refused() {
    let service = Service::empty().await;
    let url = format!("{}/ping", service.told("mailchimp_api"));
    for request in [
        service.client.get(&url),
        service
            .client
            .get(&url)
            .basic_auth("any", Some("wrong-us1")),
        service.client.get(&url).bearer_auth("wrong"),
    ] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 401);
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap_or_default()
            .to_owned();
        assert!(kind.starts_with("application/problem+json"), "{kind}");
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["title"], "API Key Invalid");
    }
    let key = service.told("mailchimp_api_key");
    let answer = service
        .client
        .get(&url)
        .bearer_auth(key)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("date"));
}

#[tokio::test]
async fn generated_members_hold_every_status_and_reset_brings_them_back() {
    let service = Service::start(Options::default()).await;
    let before = service.members().await;
    assert!(
        (350..500).contains(&before.len()),
        "{} of 5,000",
        before.len()
    );
    for status in [
        "subscribed",
        "unsubscribed",
        "cleaned",
        "pending",
        "archived",
        "transactional",
    ] {
        let count = before
            .iter()
            .filter(|member| member["status"] == status)
            .count();
        assert!(count > 5, "{count} {status}");
    }
    let emails: Vec<&str> = before
        .iter()
        .filter_map(|member| member["email_address"].as_str())
        .collect();
    assert!(emails.is_sorted());
    let mut raised = 0;
    for member in before
        .iter()
        .filter(|member| member["status"] == "archived")
        .take(3)
    {
        let email = member["email_address"].as_str().unwrap_or_default();
        service.subscribe(email).await.expect("an answer");
        raised += 1;
    }
    assert_eq!(
        service.stats().await["statuses_raised"],
        raised,
        "the count can be broken"
    );
    let url = format!("http://{}/sandbox/reset", service.told("listening"));
    let answer = service.client.post(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 204);
    let after = service.members().await;
    let names = |members: &[Value]| -> Vec<(Value, Value)> {
        let name = |member: &Value| (member["email_address"].clone(), member["status"].clone());
        members.iter().map(name).collect()
    };
    assert_eq!(names(&before), names(&after));
    let stats = service.stats().await;
    assert_eq!(
        (&stats["statuses_raised"], &stats["requests"]),
        (&json!(0), &json!({}))
    );
}

#[tokio::test]
async fn a_file_of_members_replaces_the_generated_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("members.ndjson");
    let lines = [
        json!({ "email_address": "b@example.com", "status": "archived", "tags": ["Guld"] }),
        json!({ "email_address": "A@example.com", "status": "subscribed", "merge_fields": { "FNAME": "Åsa" } }),
        json!({ "email_address": "c@example.com", "status": "forgotten" }),
        json!({ "email_address": "d@example.com", "status": "unsubscribed" }),
    ];
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    std::fs::write(&file, text.join("\n")).expect("a file");
    let options = Options {
        preload: Some(file.clone()),
        ..Options::default()
    };
    let service = Service::start(options.clone()).await;
    let members = service.members().await;
    let emails: Vec<&Value> = members
        .iter()
        .map(|member| &member["email_address"])
        .collect();
    assert_eq!(emails, ["A@example.com", "b@example.com", "d@example.com"]);
    assert_eq!(members[0]["merge_fields"]["FNAME"], "Åsa");
    assert_eq!(members[1]["tags"], json!(["Guld"]));
    let answer = service.subscribe("c@example.com").await.expect("an answer");
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error_count"], 1);
    std::fs::write(
        &file,
        "{\"email_address\":\"a@example.com\",\"status\":\"odd\"}",
    )
    .expect("a file");
    let error = start(options).await.expect_err("an error");
    assert!(error.to_string().contains("line 1"), "{error}");
}

#[tokio::test]
async fn only_loopback_is_listened_on_and_stopping_frees_the_port() {
    let anywhere = Options {
        listen: ([0, 0, 0, 0], 0).into(),
        ..Options::default()
    };
    assert!(start(anywhere).await.is_err());
    let service = Service::faulty("hang=1:60").await;
    let address = service.told("listening").to_owned();
    let ping = format!("{}/ping", service.told("mailchimp_api"));
    let hanging = tokio::spawn(service.client.get(ping).send());
    while service.stats().await["max_in_flight"] != 1 {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    service.sandbox.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5));
    let answer = hanging.await.expect("a task");
    assert!(answer.is_ok(), "an answer under way is let go: {answer:?}");
    std::net::TcpListener::bind(address).expect("the port is free");
}
