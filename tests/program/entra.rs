//! The export user signs in at the sandbox's imitation of Microsoft Entra ID, and stays signed in, as the program does it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use segue::domain::Secret;
use segue::http::{Client, Endpoint};
use segue::login::{
    DeviceSignIn, EntraApp, EntraError, EntraSignIn, Error, ExportUser, Granted, Keeping,
    RefusalKind, Resource, Session,
};
use segue::sandbox::{Options, Sandbox, start};
use segue::store::Home;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{Url, form_urlencoded};

use super::support::export_user::pages;

/// Long enough for a slow machine; nothing waits for it to pass.
const LIMIT: Duration = Duration::from_secs(20);

struct World {
    sandbox: Sandbox,
    client: Client,
    folder: TempDir,
}

impl World {
    async fn new(token_lifetime: Duration) -> Self {
        let options = Options {
            empty: true,
            token_lifetime,
            device_interval: Duration::ZERO,
            ..Options::default()
        };
        Self {
            client: Client::new(LIMIT).expect("client"),
            sandbox: start(options).await.expect("sandbox"),
            folder: tempfile::tempdir().expect("folder"),
        }
    }

    fn told(&self, key: &str) -> &str {
        self.sandbox.ready()[key].as_str().expect("text")
    }

    fn app(&self) -> EntraApp {
        let endpoint = |text: &str| Endpoint::parse(text).expect("endpoint");
        let dataverse = format!("http://{}", self.told("listening"));
        EntraApp {
            client_id: self.told("insights_client_id").to_owned(),
            authority: endpoint(self.told("authority")),
            resource: Resource::Dataverse(endpoint(&dataverse)),
        }
    }

    async fn get(&self, url: &str) -> String {
        let answer = self.client.send(self.client.inner().get(url)).await;
        String::from_utf8(answer.expect("answer").body).expect("text")
    }

    /// Posts the form of a page whose button has this label; gives the address that the browser is then sent to, if any,
    /// and the page that it sees otherwise.
    async fn press(&self, page_url: &str, page: &str, label: &str) -> (Option<String>, String) {
        let button = format!(">{label}</button>");
        let form = page.split("<form ").find(|form| form.contains(&button));
        let form = form.expect("a form with the button");
        let action = Url::parse(page_url).expect("url");
        let action = action.join(attribute(form, "action")).expect("url");
        let mut body = form_urlencoded::Serializer::new(String::new());
        for input in form.split("<input ").skip(1) {
            let value = attribute(input, "value").replace("&quot;", "\"");
            body.append_pair(attribute(input, "name"), &value.replace("&amp;", "&"));
        }
        self.post(action, body.finish()).await
    }

    async fn post(&self, url: Url, body: String) -> (Option<String>, String) {
        let form = "application/x-www-form-urlencoded";
        let request = self.client.inner().post(url).header("content-type", form);
        let answer = self.client.send(request.body(body)).await.expect("answer");
        let target = answer.headers.get("location");
        (
            target.map(|text| text.to_str().expect("text").to_owned()),
            String::from_utf8(answer.body).expect("text"),
        )
    }

    /// Signs in in the browser, pressing this button.
    async fn sign_in(&self, label: &str) -> segue::login::Result<Granted> {
        let sign_in = EntraSignIn::begin(&self.client, self.app()).await?;
        let person = async {
            let page = self.get(sign_in.url()).await;
            let (target, _) = self.press(sign_in.url(), &page, label).await;
            self.get(&target.expect("sent back")).await
        };
        let (authorized, _closing_page) = tokio::join!(sign_in.wait(LIMIT, pages()), person);
        authorized?.exchange(&self.client).await
    }

    /// Enters a code on the page for it, and presses this button on the next.
    async fn enter(&self, device: &DeviceSignIn, label: &str) -> String {
        assert!(self.get(device.url()).await.contains("name=\"code\""));
        let url = Url::parse(device.url()).expect("url");
        let (_, page) = self.post(url, format!("code={}", device.code())).await;
        self.press(device.url(), &page, label).await.1
    }

    fn session(&self, granted: &Granted) -> Session {
        Session::of(ExportUser {
            app: self.app(),
            keeping: Keeping::Process(Arc::new(Mutex::new(granted.refresh_token.clone()))),
            home: Home::at(self.folder.path()),
            client: self.client.clone(),
            first_pause: Duration::from_millis(1),
        })
    }

    async fn control(&self, body: Value) {
        let url = format!("http://{}/sandbox/entra", self.told("listening"));
        let request = self.client.inner().post(url).json(&body);
        let answer = self.client.send(request).await.expect("answer");
        assert_eq!(answer.status, 204);
    }
}

fn attribute<'text>(tag: &'text str, name: &str) -> &'text str {
    let (_, rest) = tag.split_once(&format!("{name}=\"")).expect("attribute");
    rest.split('"').next().expect("value")
}

fn why<T: std::fmt::Debug>(outcome: segue::login::Result<T>) -> EntraError {
    match outcome.expect_err("an error") {
        Error::Entra { source, .. } => *source,
        other => panic!("{other:?}"),
    }
}

fn refusal<T: std::fmt::Debug>(outcome: segue::login::Result<T>) -> RefusalKind {
    match why(outcome) {
        EntraError::Refused(refusal) => {
            assert!(refusal.correlation.is_some(), "{refusal:?}");
            refusal.kind
        }
        other => panic!("{other:?}"),
    }
}

async fn token(session: &Session) -> Secret<String> {
    session.token().await.expect("token")
}

#[tokio::test]
async fn an_export_user_signs_in_in_the_browser_and_tokens_that_end_are_renewed() {
    // A token that ends at once is renewed at every use, each time with the refresh token of the time before.
    let world = World::new(Duration::ZERO).await;
    let granted = world.sign_in("Approve").await.expect("granted");
    assert_eq!(granted.account_name, "export.user@contoso.example");
    assert!(!granted.account_id.is_empty());
    let session = world.session(&granted);
    let mut before = token(&session).await;
    for _ in 0..3 {
        let next = token(&session).await;
        assert_ne!(next.expose(), before.expose());
        before = next;
    }
    let old = world.session(&granted);
    assert_eq!(refusal(old.token().await), RefusalKind::InvalidGrant);
    assert!(matches!(
        why(world.sign_in("Deny").await),
        EntraError::Denied
    ));
}

#[tokio::test]
async fn a_token_that_lives_is_used_until_a_service_refuses_it() {
    let world = World::new(Duration::from_hours(1)).await;
    let granted = world.sign_in("Approve").await.expect("granted");
    let session = world.session(&granted);
    let first = token(&session).await;
    assert_eq!(token(&session).await.expose(), first.expose());
    let second = session.renew(&first).await.expect("renewed");
    assert_ne!(second.expose(), first.expose());
}

#[tokio::test]
async fn an_export_user_signs_in_with_a_code_for_another_device() {
    let world = World::new(Duration::from_hours(1)).await;
    let begin = || async { DeviceSignIn::begin(&world.client, &world.app()).await };
    let device = begin().await.expect("a code");
    assert_eq!(device.code().len(), 9);
    let (granted, page) = tokio::join!(device.wait(), world.enter(&device, "Approve"));
    assert!(page.contains("signed in"), "{page}");
    token(&world.session(&granted.expect("granted"))).await;
    let device = begin().await.expect("a code");
    world.enter(&device, "Deny").await;
    assert!(matches!(why(device.wait().await), EntraError::Denied));
    world.control(json!({"device": "blocked"})).await;
    let device = begin().await.expect("a code");
    let page = world.enter(&device, "Approve").await;
    assert!(page.contains("AADSTS53003"), "{page}");
    assert_eq!(refusal(device.wait().await), RefusalKind::Forbidden);
}

#[tokio::test]
async fn withdrawn_consent_revoked_sessions_and_a_wrong_tenant_are_told_apart() {
    let world = World::new(Duration::ZERO).await;
    let granted = world.sign_in("Approve").await.expect("granted");
    let session = world.session(&granted);
    token(&session).await;
    world.control(json!({"revoke": "consent"})).await;
    let withdrawn = refusal(session.token().await);
    assert_eq!(withdrawn, RefusalKind::ConsentRequired);
    world.sign_in("Approve").await.expect("agreed again");
    token(&session).await;
    world.control(json!({"revoke": "sessions"})).await;
    assert_eq!(refusal(session.token().await), RefusalKind::Revoked);
    let tenant = world.told("tenant");
    let elsewhere = world.told("authority").replace(tenant, "fabrikam");
    let app = EntraApp {
        authority: Endpoint::parse(&elsewhere).expect("endpoint"),
        ..world.app()
    };
    let wrong = EntraSignIn::begin(&world.client, app).await;
    assert_eq!(refusal(wrong), RefusalKind::WrongTenant);
}
