use std::io::IsTerminal;
use std::time::Duration;

use super::Context;
use super::args::InsightsFlags;
use super::context::Failure;
use super::lines::next_line;
use super::login::{agree, closing_pages, tell_done, try_keyring};
use super::out::say;
use super::sandbox::Approve;
use crate::domain::{LoginName, Secret, SourceSpec};
use crate::export::{Error, SourceSignIn};
use crate::http::Client;
use crate::login::{
    DeviceSignIn, EntraApp, EntraAuthorized, EntraError, EntraSignIn, Error as LoginError, Granted,
    SIGN_IN_LIMIT, SecretKind, is_remote, open_browser, pasted_secret,
};
use crate::store::Login;
use crate::words::{Explain, Next};

/// Signs an export user in at Microsoft Entra ID: in the browser, or with a code for another device.
pub(super) async fn sign_in(context: &Context, flags: InsightsFlags) -> Result<u8, Failure> {
    let surroundings = &context.surroundings;
    let name = flags.name.as_deref();
    let name = name.map(|text| context.login_name("--as", text));
    let name = name.transpose()?;
    if let Some(name) = &name {
        let free = surroundings.check_name(name, Login::INSIGHTS);
        free.map_err(|why| context.failed(why).about("--as", &context.words))?;
    }
    let asked = asked(context, &flags, name.as_ref())?;
    // What is wrong with it is told before anything is asked of the keyring.
    let app = surroundings.entra_app(&asked);
    app.map_err(|why| context.failed(why))?;
    let key = subscription_key(context, &flags, &asked, name.as_ref()).await?;
    let wanted = Wanted {
        name,
        asked,
        key,
        by_code: flags.device || is_remote(),
        yes: flags.yes,
        approve: None,
    };
    tell_done(context, keep(context, wanted).await?);
    Ok(0)
}

/// What an export user is signed in with.
pub(super) struct Wanted {
    /// What the login shall be called.
    pub name: Option<LoginName>,
    /// The app, and where it signs in.
    pub asked: SourceSignIn,
    /// The subscription key, where one was given.
    pub key: Option<Secret<String>>,
    /// Whether a code is shown for another device.
    pub by_code: bool,
    /// Whether the login of another user may be replaced.
    pub yes: bool,
    /// Answers the sandbox's page, in a demo.
    pub approve: Option<Approve>,
}

/// Signs in, and saves the login.
pub(super) async fn keep(context: &Context, wanted: Wanted) -> Result<Login, Failure> {
    let surroundings = &context.surroundings;
    let app = surroundings.entra_app(&wanted.asked);
    let app = app.map_err(|why| context.failed(why))?;
    let client = surroundings.client().map_err(|why| context.failed(why))?;
    let mut pastes = std::io::stdin().is_terminal();
    let granted = match (wanted.approve, wanted.by_code) {
        (Some(approve), _) => approved(context, &client, app, approve).await,
        (None, true) => by_code(context, &client, app, &mut pastes)
            .await
            .map_err(Error::from),
        (None, false) => in_browser(context, &client, app, &mut pastes)
            .await
            .map_err(Error::from),
    };
    let granted = granted.map_err(|why| context.failed(why))?;
    let save = async |agreed| {
        let (name, asked) = (wanted.name.clone(), wanted.asked.clone());
        let (granted, key) = (granted.clone(), wanted.key.clone());
        let saved = surroundings.save_source_login(name, asked, granted, key, agreed);
        saved.await
    };
    agree(context, wanted.yes, save).await
}

/// Signs in in a demo, and says yes on the sandbox's page.
async fn approved(
    context: &Context,
    client: &Client,
    app: EntraApp,
    approve: Approve,
) -> Result<Granted, Error> {
    let begun = EntraSignIn::begin(client, app).await?;
    let come_back = async { Ok(begun.wait(SIGN_IN_LIMIT, closing_pages(context)).await?) };
    let approved = async { approve(begun.url().to_owned()).await.map_err(Error::Broken) };
    let (authorized, ()) = tokio::try_join!(come_back, approved)?;
    Ok(authorized.exchange(client).await?)
}

/// Reads the subscription key, and finds out whether it and the sign-in can be kept: all that is not asked of the person
/// any more once they have signed in.
async fn subscription_key(
    context: &Context,
    flags: &InsightsFlags,
    asked: &SourceSignIn,
    name: Option<&LoginName>,
) -> Result<Option<Secret<String>>, Failure> {
    let given = if flags.subscription_key_stdin {
        let key = context.standard_input("--subscription-key-stdin")?;
        let key = pasted_secret(SecretKind::InsightsSubscriptionKey, &key);
        Some(key.map_err(|why| {
            let failure = context.failed(why);
            failure.about("--subscription-key-stdin", &context.words)
        })?)
    } else {
        None
    };
    let surroundings = &context.surroundings;
    let lacking = matches!(asked.source, SourceSpec::Insights(_)) && given.is_none();
    let lacks = async |login: Option<&LoginName>| {
        let kept = surroundings.has_subscription_key(login).await;
        Ok(lacking && !kept.map_err(|why| context.failed(why))?)
    };
    let missing = || {
        let words = &context.words;
        let flag = format!(
            "--subscription-key-stdin ({})",
            words.text("login-insights-no-key")
        );
        let what = words.with("usage-missing", &[("argument", flag.into())]);
        Failure::usage(what, Next::Say(words.text("login-insights-key")))
    };
    let before = match name {
        Some(name) => surroundings.asked_before(name),
        None => Ok(None),
    };
    let before = name.filter(|_| matches!(before, Ok(Some(_))));
    if before.is_none() && lacks(None).await? {
        return Err(missing());
    }
    try_keyring(context).await?;
    if lacks(before).await? {
        return Err(missing());
    }
    Ok(given)
}

/// Takes what is not on the command line from the login that shall be signed in again.
fn asked(
    context: &Context,
    flags: &InsightsFlags,
    name: Option<&LoginName>,
) -> Result<SourceSignIn, Failure> {
    let before = match name {
        Some(name) => {
            let before = context.surroundings.asked_before(name);
            before.map_err(|why| context.failed(why))?
        }
        None => None,
    };
    let missing = |flag: &str| {
        let words = &context.words;
        let what = words.with("usage-missing", &[("argument", flag.into())]);
        Failure::usage(what, Next::Say(words.text("login-insights-register")))
    };
    let source = match (&flags.environment, &flags.instance) {
        (Some(environment), _) => Some(SourceSpec::Dataverse(SourceSpec::environment(environment))),
        (None, Some(instance)) => Some(SourceSpec::Insights(instance.trim().to_owned())),
        (None, None) => None,
    };
    let (client_id, tenant) = (flags.client_id.clone(), flags.tenant.clone());
    let kept = |part: fn(&SourceSignIn) -> String| before.as_ref().map(part);
    Ok(SourceSignIn {
        client_id: client_id
            .or_else(|| kept(|before| before.client_id.clone()))
            .ok_or_else(|| missing("--client-id"))?,
        tenant: tenant
            .or_else(|| kept(|before| before.tenant.clone()))
            .ok_or_else(|| missing("--tenant"))?,
        source: source
            .or_else(|| before.map(|before| before.source))
            .ok_or_else(|| missing("--environment"))?,
    })
}

async fn in_browser(
    context: &Context,
    client: &Client,
    app: EntraApp,
    pastes: &mut bool,
) -> Result<Granted, LoginError> {
    let sign_in = EntraSignIn::begin(client, app).await?;
    let words = &context.words;
    let url = [("url", sign_in.url().into())];
    context.say_leading(&words.with("login-insights-open", &url), sign_in.url());
    if let Err(why) = open_browser(sign_in.url()).await {
        // The address is on the screen: it can be opened by hand.
        tracing::info!(error = %why, "no browser");
        say(&words.text("login-insights-no-browser"));
    }
    come_back(context, &sign_in, SIGN_IN_LIMIT, pastes)
        .await?
        .exchange(client)
        .await
}

/// Shows a code for another device. Some organisations forbid codes, so the address for a browser elsewhere stands beside
/// it wherever it can be pasted back.
async fn by_code(
    context: &Context,
    client: &Client,
    app: EntraApp,
    pastes: &mut bool,
) -> Result<Granted, LoginError> {
    let words = &context.words;
    let device = match DeviceSignIn::begin(client, &app).await {
        Ok(device) => Some(device),
        Err(why) if !*pastes || why.is_temporary() => return Err(why),
        Err(why) => {
            say(&why.explain(words).render(words));
            None
        }
    };
    let mut limit = SIGN_IN_LIMIT;
    if let Some(device) = &device {
        limit = device.time_left();
        let args = [
            ("url", device.url().into()),
            ("code", device.code().into()),
            ("time", words.duration(limit).into()),
        ];
        context.say_leading(&words.with("login-insights-code", &args), device.url());
    }
    if !*pastes {
        return match &device {
            Some(device) => {
                say(&words.text("login-insights-blocked"));
                device.wait().await
            }
            None => Err(EntraError::NoDeviceCodes.into()),
        };
    }
    let sign_in = EntraSignIn::begin(client, app).await?;
    let url = [("url", sign_in.url().into())];
    context.say_leading(
        &words.with("login-insights-paste-back", &url),
        sign_in.url(),
    );
    let by_device = async {
        if let Some(device) = &device {
            match device.wait().await {
                Ok(granted) => return granted,
                // Who blocks codes often says so only now; the way by the browser is still open.
                Err(why) => say(&why.explain(words).render(words)),
            }
        }
        std::future::pending().await
    };
    tokio::select! {
        granted = by_device => Ok(granted),
        authorized = come_back(context, &sign_in, limit, pastes) => authorized?.exchange(client).await,
    }
}

/// Waits for the browser, or for the address that it was sent to.
async fn come_back(
    context: &Context,
    sign_in: &EntraSignIn,
    limit: Duration,
    pastes: &mut bool,
) -> Result<EntraAuthorized, LoginError> {
    let mut browser = std::pin::pin!(sign_in.wait(limit, closing_pages(context)));
    loop {
        let line = async {
            if *pastes {
                next_line().await
            } else {
                std::future::pending().await
            }
        };
        tokio::select! {
            authorized = &mut browser => return authorized,
            line = line => match line {
                None => *pastes = false,
                Some(line) if line.trim().is_empty() => {}
                Some(line) => match sign_in.complete(&line) {
                    Ok(authorized) => return Ok(authorized),
                    // It can be pasted again.
                    Err(why) => say(&why.explain(&context.words).render(&context.words)),
                },
            },
        }
    }
}
