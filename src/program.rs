//! All of it put together: arguments → front end → exit code. Decides nothing else.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::cli::{self, Context, DemoParts, Failure, Outside, RunningSandbox, SandboxFlags};
use crate::export::Surroundings;
use crate::http::Client;
use crate::login::DEFAULT_PORT;
use crate::sandbox::{self, Fault, Options};
use crate::source::{DRIVER_ARGUMENT, drive};
use crate::ui::{self, Demo, DemoUser, Setup, Start};
use crate::words::{Explanation, Words};

/// Runs the program with the arguments that it was started with; gives its exit code. Where it was started to have a driver
/// loaded, it is that process and nothing else.
///
/// It stands here and not in `main.rs` because a crate compiles anew every `async fn` that it calls, and all that those
/// call: the whole program would be compiled twice.
#[must_use]
pub fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == DRIVER_ARGUMENT)
    {
        return ExitCode::from(drive());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(why) => {
            cli::say(&format!("segue: {why}"));
            return ExitCode::from(1);
        }
    };
    let outside = Outside {
        start_sandbox: Arc::new(|flags| Box::pin(start_sandbox(flags))),
        approve: |address| Box::pin(approve(address)),
        write_people,
        columns: ui::columns,
        look_at_keys: ui::bad_keys,
        open_application: |context, demo| Box::pin(open_application(context, demo)),
    };
    let command = AssertUnwindSafe(|| runtime.block_on(cli::run(std::env::args_os(), outside)));
    let ran = catch_unwind(command);
    // A keyring that waits for a person must not keep the program from ending.
    runtime.shutdown_timeout(Duration::from_millis(100));
    // The panic hook has told what broke; 70 is the contract's code for a bug.
    ExitCode::from(ran.unwrap_or(70))
}

async fn open_application(context: Context, demo: Option<DemoParts>) -> Result<u8, Failure> {
    let words = context.words.clone();
    let start = if demo.is_some() {
        Start::Wizard
    } else {
        Start::Home
    };
    let demo = demo.map(|parts| filled_in(&parts, &words));
    let look = context.look()?;
    let keys = context.keys()?;
    let Context {
        surroundings,
        words,
        colour,
        links,
        ..
    } = context;
    // Nothing may be written across the screen; a run tells of waits in its pane.
    let surroundings = Surroundings {
        on_wait: None,
        ..surroundings
    };
    ui::run(Setup {
        surroundings,
        words,
        look,
        colour,
        links,
        keys,
        demo,
        start,
    })
    .await
    .map_err(|why| Failure {
        exit: 1,
        explanation: Explanation {
            what: chain(&why),
            why: String::new(),
            next: Vec::new(),
        },
    })
}

/// What a demo fills in, so that nobody has to copy anything.
fn filled_in(parts: &DemoParts, words: &Words) -> Demo {
    let ready = |key: &str| {
        let value = parts.ready.get(key).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Demo {
        name: words.text("demo-name"),
        client_id: ready("mailchimp_client_id"),
        client_secret: ready("mailchimp_client_secret"),
        port: DEFAULT_PORT,
        audience: ready("audience_id"),
        folder: parts.people.clone(),
        user: DemoUser {
            client_id: ready("insights_client_id"),
            tenant: ready("tenant"),
            environment: ready("dataverse_url"),
            instance: ready("insights_instance"),
            subscription_key: ready("insights_subscription_key"),
        },
        approve: Arc::new(parts.approve),
    }
}

/// Says yes on the sandbox's page, as a person would in the browser: posts its form, and goes where that leads.
async fn approve(address: String) -> Result<(), String> {
    let client = Client::new(Duration::from_secs(10)).map_err(|why| chain(&why))?;
    let yes = [("decision", "approve")];
    let posted = client
        .send(client.inner().post(&address).form(&yes))
        .await
        .map_err(|why| chain(&why))?;
    let back = posted
        .headers
        .get("location")
        .and_then(|place| place.to_str().ok())
        .unwrap_or_default();
    client
        .send(client.inner().get(back))
        .await
        .map(|_| ())
        .map_err(|why| chain(&why))
}

async fn start_sandbox(flags: SandboxFlags) -> Result<RunningSandbox, String> {
    let started = sandbox::start(options(&flags)?).await;
    let running = started.map_err(|why| chain(&why))?;
    let ready = running.ready().clone();
    Ok(RunningSandbox {
        ready,
        stop: Box::new(|| Box::pin(running.stop())),
    })
}

fn write_people(flags: &SandboxFlags, folder: &Path) -> io::Result<()> {
    sandbox::write_people(&options(flags).map_err(io::Error::other)?, folder)
}

fn options(flags: &SandboxFlags) -> Result<Options, String> {
    let faults: Result<Vec<Fault>, String> = flags
        .fault
        .iter()
        .map(|text| parse("--fault", text))
        .collect();
    Ok(Options {
        listen: parse("--listen", &flags.listen)?,
        profiles: flags.profiles,
        seed: flags.seed,
        latency: duration("--latency", &flags.latency)?,
        max_connections: flags.max_connections,
        faults: faults?,
        empty: flags.empty,
        preload: flags.preload.clone(),
        data: flags.data.clone(),
        token_lifetime: duration("--token-lifetime", &flags.token_lifetime)?,
        refresh_every: duration("--refresh-every", &flags.refresh_every)?,
        ..Options::default()
    })
}

fn parse<T: FromStr<Err: std::fmt::Display>>(flag: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|why| format!("{flag} {text}: {why}"))
}

/// Reads `250ms`, `2s`, `1.5s`, `3m`; a bare number is seconds.
fn duration(flag: &str, text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let end = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("{flag} {text}: ms, s, m, h")),
    };
    let number: f64 = number
        .parse()
        .map_err(|why| format!("{flag} {text}: {why}"))?;
    Duration::try_from_secs_f64(number * seconds).map_err(|why| format!("{flag} {text}: {why}"))
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
