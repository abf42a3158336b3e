use std::io::IsTerminal;

use serde_json::json;

use super::Context;
use super::args::{LoginFlags, LogoutFlags};
use super::context::Failure;
use super::logins::{as_json, variables_of};
use super::out::{print, print_json, say};
use super::sandbox::Approve;
use crate::domain::LoginName;
use crate::export::{Error, SignedIn};
use crate::login::{
    ClosingPages, Credential, Error as LoginError, MailchimpApp, PageText, SIGN_IN_LIMIT,
    SecretKind, SignIn, identify, open_browser, pasted_secret,
};
use crate::store::{Login, Logins};
use crate::words::{Next, shell_word};

/// Signs in to Mailchimp: with an API key, by finishing a sign-in begun elsewhere, or in the browser.
pub(super) async fn sign_in(context: &Context, flags: LoginFlags) -> Result<u8, Failure> {
    let name = flags
        .name
        .as_deref()
        .map(|text| context.login_name("--as", text))
        .transpose()?;
    let wanted = Wanted {
        name,
        plan_limit: flags.plan_limit,
        yes: flags.yes,
    };
    if flags.api_key_stdin {
        let text = context.standard_input("--api-key-stdin")?;
        let credential = Credential::api_key(&text);
        let credential = credential
            .map_err(|why| context.failed(why).about("--api-key-stdin", &context.words))?;
        try_keyring(context).await?;
        return finish(context, wanted, credential).await;
    }
    if let Some(from) = &flags.complete {
        return complete(context, wanted, from).await;
    }
    let app = app(context, &flags)?;
    if flags.print_url {
        let login = context.surroundings.endpoints.login();
        let login = login.map_err(|why| context.failed(why))?;
        let sign_in = SignIn::prepare(app, login, flags.port);
        return go_on_later(context, &wanted, sign_in).await;
    }
    let credential = in_browser(context, app, flags.port, None).await?;
    finish(context, wanted, credential).await
}

/// Signs in in the browser; in a demo the sandbox's page is answered for the person, if they wish.
pub(super) async fn in_browser(
    context: &Context,
    app: MailchimpApp,
    port: u16,
    approve: Option<Approve>,
) -> Result<Credential, Failure> {
    try_keyring(context).await?;
    let surroundings = &context.surroundings;
    let begin = || SignIn::begin(app, surroundings.endpoints.login()?, port);
    let sign_in = begin().map_err(|why| context.failed(why))?;
    let url = sign_in.url();
    let approved = async {
        match approve {
            Some(approve) => approve(url.to_owned()).await.map_err(Error::Broken),
            None => Ok(()),
        }
    };
    if approve.is_none() {
        let text = context.words.with("login-open", &[("url", url.into())]);
        context.say_leading(&text, url);
        if let Err(why) = open_browser(url).await {
            // The address is on the screen: it can be opened by hand.
            tracing::info!(error = %why, "no browser");
            say(&context.words.text("login-no-browser"));
        }
    }
    let come_back = async { Ok(sign_in.wait(SIGN_IN_LIMIT, closing_pages(context)).await?) };
    let signed_in = async {
        let (authorized, ()) = tokio::try_join!(come_back, approved)?;
        Ok::<_, Error>(authorized.exchange(&surroundings.client()?).await?)
    };
    signed_in.await.map_err(|why| context.failed(why))
}

/// Prints the address of a sign-in that is completed later, perhaps with a browser elsewhere.
async fn go_on_later(
    context: &Context,
    wanted: &Wanted,
    sign_in: Result<SignIn, LoginError>,
) -> Result<u8, Failure> {
    let sign_in = sign_in.map_err(|why| context.failed(why))?;
    let keyring = &context.surroundings.keyring;
    let kept = sign_in.keep(keyring, wanted.name.as_ref()).await;
    kept.map_err(|why| context.failed(why))?;
    if context.json {
        print_json(&json!({"url": sign_in.url()}));
    } else {
        context.print_leading(sign_in.url(), sign_in.url());
    }
    say(&context.words.text("login-go-on-later"));
    Ok(0)
}

/// What the login shall be called, what it says of the plan, and whether another account's may be replaced.
#[derive(Default)]
pub(super) struct Wanted {
    name: Option<LoginName>,
    plan_limit: Option<u64>,
    yes: bool,
}

/// Finds out whether secrets are kept here, before a person goes through a sign-in.
pub(super) async fn try_keyring(context: &Context) -> Result<(), Failure> {
    let tried = context.surroundings.keyring.try_out().await;
    tried.map_err(|why| context.failed(why))
}

fn app(context: &Context, flags: &LoginFlags) -> Result<MailchimpApp, Failure> {
    let missing = |flag: &str| {
        let what = context
            .words
            .with("usage-missing", &[("argument", flag.into())]);
        let uri = format!("http://127.0.0.1:{}/callback", flags.port);
        Failure::usage(
            what,
            Next::Say(context.words.with("login-register", &[("uri", uri.into())])),
        )
    };
    let client_id = flags
        .client_id
        .clone()
        .ok_or_else(|| missing("--client-id"))?;
    if !flags.client_secret_stdin {
        return Err(missing("--client-secret-stdin"));
    }
    let client_secret = context.standard_input("--client-secret-stdin")?;
    let client_secret = pasted_secret(SecretKind::ClientSecret, &client_secret);
    let client_secret = client_secret.map_err(|why| {
        let failure = context.failed(why);
        failure.about("--client-secret-stdin", &context.words)
    })?;
    Ok(MailchimpApp {
        client_id,
        client_secret,
    })
}

async fn complete(context: &Context, wanted: Wanted, from: &str) -> Result<u8, Failure> {
    if from != "-" {
        let args = [
            ("value", from.into()),
            ("argument", "--complete".into()),
            ("possible", "-".into()),
        ];
        return Err(Failure::usage(
            context.words.with("usage-invalid-value", &args),
            None,
        ));
    }
    if std::io::stdin().is_terminal() {
        say(&context.words.text("login-paste"));
    }
    let pasted = context.standard_input("--complete")?;
    let keyring = &context.surroundings.keyring;
    let (sign_in, kept) = SignIn::resume(keyring)
        .await
        .map_err(|why| context.failed(why))?;
    let authorized = sign_in
        .complete(&pasted)
        .map_err(|why| context.failed(why))?;
    let client = context
        .surroundings
        .client()
        .map_err(|why| context.failed(why))?;
    let credential = authorized
        .exchange(&client)
        .await
        .map_err(|why| context.failed(why))?;
    SignIn::forget(keyring)
        .await
        .map_err(|why| context.failed(why))?;
    let name = wanted.name.or(kept);
    finish(context, Wanted { name, ..wanted }, credential).await
}

/// Saves the login, and tells its name.
async fn finish(context: &Context, wanted: Wanted, credential: Credential) -> Result<u8, Failure> {
    tell_done(context, keep(context, wanted, credential).await?);
    Ok(0)
}

/// Asks whose credential it is, and saves the login.
pub(super) async fn keep(
    context: &Context,
    wanted: Wanted,
    credential: Credential,
) -> Result<Login, Failure> {
    let surroundings = &context.surroundings;
    let client = surroundings.client().map_err(|why| context.failed(why))?;
    let identity = identify(&client, &surroundings.endpoints, &credential).await;
    let identity = identity.map_err(|why| context.failed(why))?;
    let save = async |agreed| {
        let (name, identity) = (wanted.name.clone(), identity.clone());
        let saved = surroundings.save_login(name, identity, &credential, wanted.plan_limit, agreed);
        saved.await
    };
    agree(context, wanted.yes, save).await
}

/// Saves a login, and asks first where that replaces the login of another account.
pub(super) async fn agree(
    context: &Context,
    yes: bool,
    save: impl AsyncFn(bool) -> Result<SignedIn, Error>,
) -> Result<Login, Failure> {
    let saved = match save(yes).await {
        Err(Error::OtherAccount { login, had, now }) => {
            let args = [
                ("login", login.as_str().into()),
                ("had", had.as_str().into()),
                ("now", now.as_str().into()),
            ];
            let question = context.words.with("login-other-account", &args);
            if !context.answer(&question, "--yes").await? {
                let what = context.words.with("login-not-saved", &args[..2]);
                let exit = 1;
                return Err(Failure {
                    exit,
                    ..Failure::usage(what, None)
                });
            }
            save(true).await
        }
        saved => saved,
    };
    let saved = saved.map_err(|why| context.failed(why))?;
    tell_connected(context, &saved);
    Ok(saved.login)
}

/// Says which destinations are connected again, and which are not and how they would be.
fn tell_connected(context: &Context, saved: &SignedIn) {
    let (words, login) = (&context.words, saved.login.name.as_str());
    let back: Vec<String> = saved.back.iter().map(ToString::to_string).collect();
    if !back.is_empty() {
        let args = [
            ("count", back.len().into()),
            ("names", words.listed(&back).into()),
        ];
        say(&words.with("login-connected-again", &args));
    }
    let flag = if saved.login.service == Login::MAILCHIMP {
        "--login"
    } else {
        "--source-login"
    };
    for (name, had) in &saved.left {
        let line = format!(
            "segue edit {} {flag} {}",
            shell_word(name.as_str()),
            shell_word(login)
        );
        let args = [
            ("name", name.as_str().into()),
            ("had", had.as_str().into()),
            ("line", line.into()),
        ];
        say(&words.with("login-not-connected", &args));
    }
}

/// Prints the name of a login that was made, and says whose it is.
pub(super) fn tell_done(context: &Context, login: Login) {
    if context.json {
        print_json(&as_json(context, &login));
    } else {
        print(login.name.as_str());
        let account = [("account", login.account_name.into())];
        say(&context.words.with("login-done", &account));
    }
}

pub(super) fn closing_pages(context: &Context) -> ClosingPages {
    let words = &context.words;
    let page = |title: &str, text: &str| PageText {
        title: words.text(title),
        text: words.text(text),
    };
    ClosingPages {
        lang: words.lang().as_str().to_owned(),
        ok: page("login-page-ok", "login-page-ok-text"),
        denied: page("login-page-denied", "login-page-denied-text"),
        wrong: page("login-page-wrong", "login-page-wrong-text"),
    }
}

/// Removes a login; one in use lists what uses it and asks.
pub(super) async fn sign_out(context: &Context, flags: &LogoutFlags) -> Result<u8, Failure> {
    let words = &context.words;
    let found = Logins::of(&context.surroundings.home)
        .find(&flags.login)
        .map_err(|why| context.failed(why))?;
    let Some(login) = found else {
        let variables = variables_of(context, &flags.login)?;
        if !variables.is_empty() {
            let args = [
                ("login", flags.login.as_str().into()),
                ("variables", words.listed(&variables).into()),
            ];
            let what = words.with("login-from-variable", &args);
            return Err(Failure::usage(what, None));
        }
        let what = words.with("login-unknown", &[("login", flags.login.as_str().into())]);
        return Err(Failure::usage(what, Next::Run("segue logins".to_owned())));
    };
    let destinations = context.destinations()?;
    let users: Vec<&str> = destinations
        .iter()
        .filter(|destination| destination.logins().any(|used| *used == login.name))
        .map(|destination| destination.name.as_str())
        .collect();
    if !users.is_empty() {
        let args = [
            ("login", login.name.as_str().into()),
            ("destinations", users.join(", ").into()),
        ];
        if !context
            .confirm(&words.with("login-in-use", &args), flags.yes)
            .await?
        {
            return Ok(0);
        }
    }
    let surroundings = &context.surroundings;
    surroundings
        .detach(&login.name)
        .map_err(|why| context.failed(why))?;
    surroundings
        .remove_login(&login.name)
        .await
        .map_err(|why| context.failed(why))?;
    say(&words.with("login-removed", &[("login", login.name.as_str().into())]));
    Ok(0)
}
