use std::io::IsTerminal;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::args::{AddFlags, DemoFlags};
use super::context::Failure;
use super::live::{Manner, Signals};
use super::run::export;
use super::sandbox::{DemoParts, Outside};
use super::{Context, add, is_interactive, login};
use crate::domain::NewStatus;
use crate::export::{Options, Surroundings, last_report};
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
    let people = folder.path().join("people");
    let write = outside.write_people;
    let source = flags.sandbox.data.clone().unwrap_or_else(|| people.clone());
    if flags.sandbox.data.is_none() {
        write(&flags.sandbox, &people).map_err(|source| {
            context.failed(StoreError::Write {
                path: people,
                source,
            })
        })?;
    }
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
    let exit = if flags.auto || context.json || !is_interactive() {
        automatically(
            &demo,
            &ready("mailchimp_api_key"),
            source.display().to_string(),
            ready("audience_id"),
        )
        .await
    } else {
        let parts = DemoParts {
            ready: sandbox.ready.clone(),
            people: source,
        };
        (outside.open_application)(demo, Some(parts)).await
    };
    (sandbox.stop)().await;
    exit
}

fn text(ready: &Map<String, Value>, key: &str) -> String {
    ready
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Sets up a destination, runs it, prints the report. Exit 0 when the run ended and rule 2's sum holds, rejects or not.
async fn automatically(
    demo: &Context,
    key: &str,
    source: String,
    audience: String,
) -> Result<u8, Failure> {
    eprintln!("{}", demo.words.text("demo-begins"));
    let key = Credential::api_key(key).map_err(|why| demo.failed(why))?;
    login::save(demo, None, key, None)
        .await
        .map_err(|why| demo.failed(why))?;
    let flags = AddFlags {
        name: Some(demo.words.text("demo-name")),
        accept_privacy: true,
        audience: Some(audience),
        source: Some(format!("folder:{source}")),
        map: ["email=EMail", "FNAME=FirstName", "LNAME=LastName"]
            .map(str::to_owned)
            .to_vec(),
        all_segments: true,
        status_if_new: Some(NewStatus::Subscribed),
        consent_attribute: Some("Email Subscriber".to_owned()),
        ..AddFlags::default()
    };
    let destination = add::add(demo, flags).await?;
    let manner = Manner::of(demo, !std::io::stderr().is_terminal());
    let exit = export(
        demo,
        destination.clone(),
        Options::default(),
        manner,
        &mut Signals::listen(),
    )
    .await;
    let last =
        last_report(&demo.surroundings.home, &destination.name).map_err(|why| demo.failed(why))?;
    let whole = last.is_some_and(|(_, report)| report.ended.counters.sum_holds());
    Ok(match exit {
        0 | 3 if whole => 0,
        0 | 3 => 70,
        other => other,
    })
}
