use serde_json::{Value, json};

use super::Context;
use super::context::Failure;
use super::out::{print_columns, print_json, say};
use crate::export::{ENV_LOGIN, Surroundings};
use crate::login::{EnvCredential, SourceVariables};
use crate::store::{Login, Logins};

/// Where secrets come from that no variable gives.
const KEYRING: &str = "keyring";

/// Lists the logins that can be used: the saved ones, and those that a token in the environment stands for.
pub(super) fn list(context: &Context) -> Result<u8, Failure> {
    let words = &context.words;
    let saved = Logins::of(&context.surroundings.home)
        .list()
        .map_err(|why| context.failed(why))?;
    let unsaved = from_environment(&context.surroundings, &saved);
    if context.json {
        let saved = saved.iter().map(|login| as_json(context, login));
        let unsaved = unsaved.iter().map(Unsaved::as_json);
        print_json(&saved.chain(unsaved).collect::<Vec<_>>());
        return Ok(0);
    }
    if saved.is_empty() && unsaved.is_empty() {
        say(&words.text("login-none"));
        return Ok(0);
    }
    let headings = [
        "login-column-name",
        "login-column-account",
        "login-column-service",
        "login-column-since",
        "login-column-secret",
    ];
    let mut rows = vec![headings.map(|key| words.text(key)).to_vec()];
    rows.extend(saved.into_iter().map(|login| {
        let secret = secret_of(&context.surroundings, &login);
        let reached = reached(&login);
        vec![
            login.name.to_string(),
            login.account_name,
            reached,
            words.date_time(login.created_at),
            secret.map_or_else(|| "–".to_owned(), |secret| named(context, &secret)),
        ]
    }));
    rows.extend(unsaved.into_iter().map(|login| {
        let nothing = || "–".to_owned();
        vec![
            ENV_LOGIN.to_owned(),
            nothing(),
            login.api.unwrap_or_else(nothing),
            nothing(),
            named(context, login.secret),
        ]
    }));
    print_columns(&rows);
    Ok(0)
}

/// A login that nobody saved: a variable stands for it.
struct Unsaved {
    service: &'static str,
    /// Where it is used, as far as that is known without asking anyone.
    api: Option<String>,
    /// The variable.
    secret: &'static str,
}

impl Unsaved {
    fn as_json(&self) -> Value {
        json!({
            "name": ENV_LOGIN, "service": self.service, "account_id": null, "account_name": null,
            "api": self.api, "created_at": null, "plan_limit": null, "entra": null, "sql": null,
            "secret": self.secret,
        })
    }
}

/// Finds the logins that variables stand for, as long as none of the same service is saved.
fn from_environment(surroundings: &Surroundings, saved: &[Login]) -> Vec<Unsaved> {
    let is_free = |service: &str| saved.iter().all(|login| login.service != service);
    let mailchimp = surroundings.env_credential.as_ref();
    let mailchimp = mailchimp.filter(|_| is_free(Login::MAILCHIMP));
    let mailchimp = mailchimp.map(|credential| Unsaved {
        service: Login::MAILCHIMP,
        api: surroundings
            .endpoints
            .base(credential)
            .ok()
            .map(String::from),
        secret: EnvCredential::VARIABLE,
    });
    let insights = surroundings.variables.keeping();
    let insights = insights.filter(|_| is_free(Login::INSIGHTS));
    let insights = insights.map(|_| Unsaved {
        service: Login::INSIGHTS,
        api: surroundings.variables.insights().cloned().map(String::from),
        secret: SourceVariables::REFRESH_TOKEN,
    });
    mailchimp.into_iter().chain(insights).collect()
}

/// Lists the variables that a login stands for which is listed and not saved.
pub(super) fn variables_of(context: &Context, name: &str) -> Result<Vec<String>, Failure> {
    let saved = Logins::of(&context.surroundings.home).list();
    let saved = saved.map_err(|why| context.failed(why))?;
    let is_env = name.trim().eq_ignore_ascii_case(ENV_LOGIN);
    let unsaved = from_environment(&context.surroundings, &saved).into_iter();
    let variables = unsaved.map(|login| login.secret.to_owned());
    Ok(variables.filter(|_| is_env).collect())
}

/// Where the secret of a saved login comes from: the keyring, or the variable that is used instead.
fn secret_of(surroundings: &Surroundings, login: &Login) -> Option<String> {
    let secret = match login.service.as_str() {
        Login::MAILCHIMP if surroundings.env_credential.is_some() => EnvCredential::VARIABLE,
        Login::INSIGHTS if surroundings.variables.keeping().is_some() => {
            SourceVariables::REFRESH_TOKEN
        }
        _ => KEYRING,
    };
    match &login.sql {
        Some(sql) if sql.secrets.is_empty() => None,
        Some(sql) => surroundings.sql_variable(sql).or(Some(secret.to_owned())),
        None => Some(secret.to_owned()),
    }
}

/// Where a login is used: the address of its service, or the driver of its engine.
fn reached(login: &Login) -> String {
    let driver = login.sql.as_ref().map(|sql| sql.driver.clone());
    let api = login.api.clone().map(String::from);
    api.or(driver).unwrap_or_default()
}

fn named(context: &Context, secret: &str) -> String {
    match secret {
        KEYRING => context.words.text("login-secret-keyring"),
        variable => variable.to_owned(),
    }
}

/// A saved login as JSON.
pub(super) fn as_json(context: &Context, login: &Login) -> Value {
    json!({
        "name": login.name, "service": login.service, "account_id": login.account_id,
        "account_name": login.account_name, "api": login.api, "created_at": login.created_at,
        "plan_limit": login.plan_limit, "entra": login.entra, "sql": login.sql,
        "secret": secret_of(&context.surroundings, login),
    })
}
