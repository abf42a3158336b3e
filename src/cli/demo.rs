use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::args::{AddFlags, DemoFlags};
use super::context::Failure;
use super::live::Manner;
use super::out::say;
use super::run::export;
use super::sandbox::{DemoParts, Outside};
use super::signals::Signals;
use super::{Context, add, ask, export_user, is_at_terminal, login};
use crate::domain::{NewStatus, Secret, SourceSpec};
use crate::export::{Options, SourceSignIn, Surroundings, last_report};
use crate::login::{Credential, Endpoints, Keyring, MemoryKeyring, SourceVariables};
use crate::store::{Error as StoreError, Home};

/// Shows the whole way on made-up people and an imitated Mailchimp: sign-in, destination, run, report.
pub(super) async fn run(
    context: &Context,
    flags: &DemoFlags,
    outside: &Outside,
) -> Result<u8, Failure> {
    let folder = tempfile::tempdir().map_err(|source| {
        context.failed(StoreError::Write {
            path: std::env::temp_dir(),
            source,
        })
    })?;
    let sandbox = outside.sandbox(context, flags.sandbox.clone()).await?;
    let ready = |key: &str| text(&sandbox.ready, key);
    let endpoints = Endpoints::new(
        Some(&ready("mailchimp_api")),
        Some(&ready("mailchimp_login")),
    );
    let variables = SourceVariables::read(|name| match name {
        "SEGUE_ENTRA_AUTHORITY" => Some(ready("authority")),
        "SEGUE_INSIGHTS_URL" => Some(ready("insights_url")),
        _ => None,
    });
    let surroundings = Surroundings {
        home: Home::at(folder.path().join("home")),
        keyring: Keyring::new(Arc::new(MemoryKeyring::new()), "demo"),
        endpoints: endpoints.map_err(|why| context.failed(why))?,
        env_credential: None,
        variables: variables.map_err(|why| context.failed(why))?,
        ..context.surroundings.clone()
    };
    let demo = Context {
        demo: true,
        surroundings,
        ..context.clone()
    };
    let exit = if flags.auto || context.json || !is_at_terminal() {
        automatically(&demo, &sandbox.ready, outside).await
    } else {
        let people = folder.path().join("people");
        let people = write_people(context, flags, outside, people)?;
        let parts = DemoParts {
            ready: sandbox.ready.clone(),
            people,
            approve: outside.approve,
        };
        if context.plain {
            ask::add(&demo, AddFlags::default(), Some(&parts)).await
        } else {
            (outside.open_application)(demo, Some(parts)).await
        }
    };
    (sandbox.stop)().await;
    say(&context.words.text("demo-ends"));
    exit
}

fn text(ready: &Map<String, Value>, key: &str) -> String {
    ready
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Writes the people as a folder, too, so that the wizard can show that way; or takes the folder they are from.
fn write_people(
    context: &Context,
    flags: &DemoFlags,
    outside: &Outside,
    path: PathBuf,
) -> Result<PathBuf, Failure> {
    if let Some(given) = &flags.sandbox.data {
        return Ok(given.clone());
    }
    match (outside.write_people)(&flags.sandbox, &path) {
        Ok(()) => Ok(path),
        Err(source) => Err(context.failed(StoreError::Write { path, source })),
    }
}

/// Signs the made-up export user in, and says yes on the sandbox's page.
async fn sign_in(
    demo: &Context,
    ready: &Map<String, Value>,
    outside: &Outside,
) -> Result<SourceSpec, Failure> {
    let asked = SourceSignIn {
        client_id: text(ready, "insights_client_id"),
        tenant: text(ready, "tenant"),
        source: SourceSpec::Insights(text(ready, "insights_instance")),
    };
    let wanted = export_user::Wanted {
        name: None,
        asked: asked.clone(),
        key: Some(Secret::new(text(ready, "insights_subscription_key"))),
        by_code: false,
        yes: false,
        approve: Some(outside.approve),
    };
    export_user::keep(demo, wanted).await?;
    Ok(asked.source)
}

/// Signs in to both services, sets up a destination, runs it, prints the report. Exit 0 when the run ended and rule 2's sum
/// holds, rejects or not.
async fn automatically(
    demo: &Context,
    ready: &Map<String, Value>,
    outside: &Outside,
) -> Result<u8, Failure> {
    say(&demo.words.text("demo-begins"));
    let key = Credential::api_key(&text(ready, "mailchimp_api_key"));
    let key = key.map_err(|why| demo.failed(why))?;
    login::keep(demo, login::Wanted::default(), key).await?;
    let source = sign_in(demo, ready, outside).await?;
    let flags = AddFlags {
        name: Some(demo.words.text("demo-name")),
        accept_privacy: true,
        audience: Some(text(ready, "audience_id")),
        source: Some(source.to_string()),
        map: ["email=EMail", "FNAME=FirstName", "LNAME=LastName"]
            .map(str::to_owned)
            .to_vec(),
        all_segments: true,
        status_if_new: Some(NewStatus::Subscribed),
        consent_attribute: Some("Email Subscriber".to_owned()),
        ..AddFlags::default()
    };
    let destination = add::add(demo, flags).await?;
    let manner = Manner::of(demo);
    let exit = export(
        demo,
        destination.clone(),
        Options::default(),
        manner,
        &mut Signals::listen(),
    )
    .await;
    let last =
        last_report(&demo.surroundings.home, &destination.id()).map_err(|why| demo.failed(why))?;
    let whole = last.is_some_and(|(_, report)| report.ended.counters.sum_holds());
    Ok(match exit {
        0 | 3 if whole => 0,
        0 | 3 => 70,
        other => other,
    })
}
