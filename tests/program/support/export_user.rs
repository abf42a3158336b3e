//! The made-up export user, signed in as the program does it, with the sandbox's form posted instead of a browser.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use segue::domain::Secret;
use segue::http::{Client, Endpoint};
use segue::login::{
    ClosingPages, EntraApp, EntraSignIn, ExportUser, Keeping, PageText, Resource, Session,
};
use segue::store::Home;
use serde_json::{Map, Value};

/// Long enough for a slow machine; nothing waits for it to pass.
const LIMIT: Duration = Duration::from_secs(20);

fn endpoint(ready: &Map<String, Value>, key: &str) -> Endpoint {
    Endpoint::parse(ready[key].as_str().expect("text")).expect("endpoint")
}

/// What the sandbox's Dataverse is asked for as.
pub fn dataverse(ready: &Map<String, Value>) -> Resource {
    Resource::Dataverse(endpoint(ready, "dataverse_url"))
}

/// Signs in for a service; gives who calls it from then on.
pub async fn session(ready: &Map<String, Value>, resource: Resource, home: Home) -> Session {
    let client = Client::new(LIMIT).expect("client");
    let (app, token) = signed_in(ready, resource).await;
    Session::of(ExportUser {
        app,
        keeping: Keeping::Process(Arc::new(Mutex::new(token))),
        home,
        client,
        first_pause: Duration::from_millis(1),
    })
}

/// Signs in for a service; gives the refresh token.
pub async fn signed_in(
    ready: &Map<String, Value>,
    resource: Resource,
) -> (EntraApp, Secret<String>) {
    let app = EntraApp {
        client_id: ready["insights_client_id"]
            .as_str()
            .expect("text")
            .to_owned(),
        authority: endpoint(ready, "authority"),
        resource,
    };
    let client = Client::new(LIMIT).expect("client");
    let begun = EntraSignIn::begin(&client, app.clone()).await;
    let begun = begun.expect("a sign-in");
    let person = async {
        let yes = [("decision", "approve")];
        let page = client.inner().post(begun.url()).form(&yes);
        let answer = client.send(page).await.expect("approved");
        let back = answer.headers["location"].to_str().expect("text");
        client
            .send(client.inner().get(back))
            .await
            .expect("come back")
    };
    let (authorized, _page) = tokio::join!(begun.wait(LIMIT, pages()), person);
    let granted = authorized.expect("approved").exchange(&client).await;
    (app, granted.expect("tokens").refresh_token)
}

/// What the browser is shown in the end.
pub fn pages() -> ClosingPages {
    let page = || PageText {
        title: "Done".to_owned(),
        text: "Close this window.".to_owned(),
    };
    ClosingPages {
        lang: "en".to_owned(),
        ok: page(),
        denied: page(),
        wrong: page(),
    }
}
