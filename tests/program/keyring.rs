//! The system's keyring, for real. Active only when `.ci/keyring` sets `SEGUE_TEST_KEYRING` to what the keyring is like:
//! `open`, `locked` or `none`. A developer's own keyring is never touched.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use segue::domain::{LoginName, Secret};
use segue::login::{Error, Keyring, SecretKind, SystemKeyring};
use serde_json::Value;

use crate::support::World;
use crate::support::command::{self, of, told};

const LIMIT: Duration = Duration::from_secs(5);

/// The keyring and a login of it, if the test may run.
fn given(like: &str) -> Option<(Keyring, LoginName)> {
    if std::env::var("SEGUE_TEST_KEYRING").as_deref() != Ok(like) {
        eprintln!("skipped: needs a keyring that is {like}; .ci/keyring runs it");
        return None;
    }
    let keyring = Keyring::new(Arc::new(SystemKeyring::new()), "test-home").with_limit(LIMIT);
    let login = LoginName::parse("Kafé / Contoso").ok()?;
    Some((keyring, login))
}

#[tokio::test]
async fn an_open_keyring_keeps_replaces_and_forgets_secrets() {
    let Some((keyring, login)) = given("open") else {
        return;
    };
    let kind = SecretKind::MailchimpToken;
    keyring.look().await.expect("open");
    let missing = keyring.get(&login, kind).await.expect_err("nothing yet");
    assert!(matches!(missing, Error::NoSecret { .. }), "{missing:?}");
    for text in [
        "a token".to_owned(),
        "åäö€😀".repeat(800),
        "another long one ".repeat(300),
        "short again".to_owned(),
        "left for secret-tool ".repeat(100),
    ] {
        let started = Instant::now();
        let secret = Secret::new(text.clone());
        keyring.set(&login, kind, &secret).await.expect("set");
        let (set, started) = (started.elapsed(), Instant::now());
        let kept = keyring.get(&login, kind).await.expect("get");
        assert_eq!(*kept.expose(), text);
        let (bytes, get) = (text.len(), started.elapsed());
        eprintln!("{bytes} bytes: set in {set:?}, got in {get:?}");
    }
    let other = keyring.get(&login, SecretKind::MailchimpApiKey).await;
    assert!(matches!(other, Err(Error::NoSecret { .. })));
    let gone = LoginName::parse("gone").expect("name");
    let long = Secret::new("x".repeat(4_000));
    keyring.set(&gone, kind, &long).await.expect("set");
    keyring.delete(&gone, kind).await.expect("delete");
    keyring.delete(&gone, kind).await.expect("delete again");
    let missing = keyring.get(&gone, kind).await.expect_err("deleted");
    assert!(matches!(missing, Error::NoSecret { .. }), "{missing:?}");
}

/// Signs in by a command, with the keyring of this session.
fn sign_in(world: &World, line: &[&str], input: &str) -> Value {
    let mut command = of(world, &[&["login", "mailchimp", "--json"], line].concat());
    command
        .env_remove("SEGUE_MAILCHIMP_TOKEN")
        .env("SEGUE_MAILCHIMP_LOGIN_URL", world.ready("mailchimp_login"));
    for name in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"] {
        command.env(name, std::env::var(name).unwrap_or_default());
    }
    let (exit, out, err) = told(&command::given(command, input));
    assert_eq!(exit, Some(0), "{line:?}: {out}{err}");
    serde_json::from_str(&out).expect("one line of JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_sign_in_is_printed_for_programs_and_it_is_completed_later() {
    if given("open").is_none() {
        return;
    }
    let world = World::new(&[], &[]).await;
    let (id, secret) = ("mailchimp_client_id", "mailchimp_client_secret");
    let (id, secret) = (world.ready(id), world.ready(secret));
    let begin = ["--client-id", id, "--client-secret-stdin", "--print-url"];
    let printed = sign_in(&world, &[&begin[..], &["--as", "later"]].concat(), secret);
    let url = printed["url"].as_str().expect("an address");
    assert!(url.starts_with(world.ready("mailchimp_login")), "{url}");
    let keys: Vec<&String> = printed.as_object().expect("object").keys().collect();
    assert!(keys == ["url"] && !url.contains(secret), "{printed}");
    // A browser elsewhere, whose last address is brought here.
    let (page, query) = url.split_once('?').expect("a query");
    let browser = reqwest::Client::builder().redirect(Policy::none());
    let browser = browser.build().expect("client");
    let form = browser
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("{query}&decision=approve"));
    let answer = form.send().await.expect("answered");
    let back = answer.headers()["location"].to_str().expect("an address");
    assert!(
        back.starts_with("http://127.0.0.1:8723/callback?"),
        "{back}"
    );
    let login = sign_in(&world, &["--complete", "-"], back);
    assert_eq!(
        (&login["name"], &login["service"]),
        (&"later".into(), &"mailchimp".into())
    );
}

#[tokio::test]
async fn a_locked_keyring_is_an_error_within_the_time_limit() {
    let Some((keyring, login)) = given("locked") else {
        return;
    };
    let started = Instant::now();
    let looked = keyring.look().await.expect_err("locked");
    assert!(matches!(looked, Error::KeyringLocked(_)), "{looked:?}");
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "nobody was asked"
    );
    let started = Instant::now();
    let kind = SecretKind::MailchimpToken;
    let kept = keyring.get(&login, kind).await.expect_err("locked");
    eprintln!("get: {kept:?} after {:?}", started.elapsed());
    let secret = Secret::new("new".to_owned());
    let set = keyring.set(&login, kind, &secret).await;
    let set = set.expect_err("locked");
    eprintln!("set: {set:?} after {:?}", started.elapsed());
    for why in [kept, set] {
        let is_told = matches!(why, Error::KeyringLocked(_) | Error::KeyringTimeout(_));
        assert!(is_told, "{why:?}");
    }
    assert!(started.elapsed() < LIMIT * 2 + Duration::from_secs(1));
}

#[tokio::test]
async fn no_keyring_is_an_error_at_once_and_tells_its_cause() {
    let Some((keyring, login)) = given("none") else {
        return;
    };
    let started = Instant::now();
    let why = keyring.get(&login, SecretKind::MailchimpToken).await;
    let why = why.expect_err("none");
    let mut chain = why.to_string();
    let mut source = std::error::Error::source(&why);
    while let Some(cause) = source {
        chain = format!("{chain}: {cause}");
        source = cause.source();
    }
    eprintln!("{chain} after {:?}", started.elapsed());
    assert!(matches!(why, Error::NoKeyring(_)), "{why:?}");
    assert!(started.elapsed() < Duration::from_secs(2));
}
