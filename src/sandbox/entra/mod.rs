//! The imitated Microsoft Entra ID: one tenant with one user and one app, which is a public client.
//!
//! - `routes` says which path leads where, and takes what tests break (`POST /sandbox/entra`).
//! - `discovery` tells where things are; `authorize` is the page of a sign-in in the browser, `device` the one for a code
//!   typed elsewhere; `token` gives tokens for what came of either.
//! - `scopes` reads what is asked for, `tokens` makes tokens, `refusal` says no in Entra's words and numbers.
//!
//! Codes and tokens live on tokio's clock, so that tests can move it. A refresh token works once: Entra itself forgives
//! a second use, other providers do not, and what survives the stricter reading survives both. Knows nothing of what the
//! tokens open: the APIs ask [`Entra::opens`].

mod authorize;
mod device;
mod discovery;
mod refusal;
mod routes;
mod scopes;
#[cfg(test)]
mod tests;
mod token;
mod tokens;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::dice::Dice;
use super::options::Options;
use super::page::Form;
use device::Device;
use refusal::Refusal;
pub(super) use routes::router;
pub(super) use scopes::Resource;
pub(super) use tokens::Refused;
use tokens::{Access, Code, Refresh};

/// The tenant's domain, which stands for its id; so do `organizations` and `common`.
const DOMAIN: &str = "contoso.onmicrosoft.com";

/// What the app and the user are called.
const APP: &str = "Segue (sandbox)";
const USER_NAME: &str = "Export User";
const USER: &str = "export.user@contoso.example";

/// The sign-in service.
#[derive(Debug)]
pub(in crate::sandbox) struct Entra {
    /// `http://HOST:PORT`, which is also the address of the one Dataverse environment.
    origin: String,
    tenant: String,
    client_id: String,
    /// The user's id in the tenant, and to the app.
    user_id: String,
    subject: String,
    token_lifetime: Duration,
    device_interval: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    dice: Dice,
    codes: HashMap<String, Code>,
    /// By device code.
    devices: HashMap<String, Device>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    /// What the user agreed that the app may use; `None` is knowing who they are.
    consent: HashSet<Option<Resource>>,
    device_codes_blocked: bool,
}

impl Entra {
    /// The same seed gives the same tenant, app and user, so that a sandbox can be started again under what knows it.
    pub(in crate::sandbox) fn new(options: &Options, origin: &str) -> Self {
        let mut dice = Dice::new(options.seed, "entra");
        Self {
            origin: origin.to_owned(),
            tenant: guid(&mut dice),
            client_id: guid(&mut dice),
            user_id: guid(&mut dice),
            subject: dice.hex(43),
            token_lifetime: options.token_lifetime,
            device_interval: options.device_interval,
            state: Mutex::new(State {
                dice: Dice::new(options.seed, "entra tokens"),
                codes: HashMap::new(),
                devices: HashMap::new(),
                access: HashMap::new(),
                refresh: HashMap::new(),
                consent: HashSet::new(),
                device_codes_blocked: false,
            }),
        }
    }

    /// Tells what a client needs to know: each value is what the matching flag or variable takes.
    pub(in crate::sandbox) fn ready(&self) -> impl Iterator<Item = (String, Value)> {
        [
            ("authority", self.authority(&self.tenant)),
            ("tenant", self.tenant.clone()),
            ("insights_client_id", self.client_id.clone()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), Value::String(value)))
    }

    fn authority(&self, tenant: &str) -> String {
        format!("{}/entra/{tenant}", self.origin)
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Checks that a part of the address names the tenant.
    fn check_tenant(&self, tenant: &str) -> Result<(), Refusal> {
        let known = [self.tenant.as_str(), DOMAIN, "organizations", "common"];
        if known.iter().any(|name| name.eq_ignore_ascii_case(tenant)) {
            return Ok(());
        }
        Err(Refusal::new(
            90_002,
            "invalid_tenant",
            format!(
                "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
            ),
        ))
    }

    /// Checks that a request names the app.
    fn check_client(&self, form: &Form) -> Result<(), Refusal> {
        let client_id = required(form, "client_id")?;
        if client_id == self.client_id {
            return Ok(());
        }
        Err(Refusal::new(
            700_016,
            "unauthorized_client",
            format!(
                "Application with identifier '{client_id}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
            ),
        ))
    }
}

/// Takes a part of a request that must be there.
fn required<'form>(form: &'form Form, name: &str) -> Result<&'form str, Refusal> {
    let given = form.get(name).map(String::as_str);
    given.filter(|text| !text.is_empty()).ok_or_else(|| {
        Refusal::new(
            900_144,
            "invalid_request",
            format!("The request body must contain the following parameter: '{name}'."),
        )
    })
}

/// Draws an id as Entra writes them.
fn guid(dice: &mut Dice) -> String {
    let digits = dice.hex(30);
    format!(
        "{}-{}-4{}-8{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..15],
        &digits[15..18],
        &digits[18..]
    )
}
