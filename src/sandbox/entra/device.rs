//! Signing in with a code that is typed on another device: the code, the page it is typed on, and asking about it.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::authorize::{declined, request_for};
use super::refusal::Refusal;
use super::tokens::Grant;
use super::{Entra, State, required};
use crate::sandbox::dice::Dice;
use crate::sandbox::page::{Form, choice, page};

/// How long a code can be typed.
const CODE_LIFE: Duration = Duration::from_mins(15);

/// What is added to the interval of a client that asks too often, by RFC 8628.
const SLOWER: Duration = Duration::from_secs(5);

/// No letter that reads as another or makes a word.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXYZ23456789";

/// A code that was given, and what became of it.
#[derive(Debug)]
pub(super) struct Device {
    user_code: String,
    grant: Grant,
    expires_at: Instant,
    interval: Duration,
    asked_at: Option<Instant>,
    decision: Option<Decision>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Approved,
    Denied,
}

impl Entra {
    /// Gives a code to type.
    pub(super) fn new_device(&self, tenant: &str, form: &Form) -> Result<Value, Refusal> {
        self.check_tenant(tenant)?;
        self.check_client(form)?;
        let grant = Grant {
            scopes: self.read_scopes(required(form, "scope")?)?,
            nonce: None,
        };
        let url = self.device_page();
        Ok(self.with(|state| {
            let device_code = format!("1.A{}", state.dice.hex(200));
            let user_code = user_code(&mut state.dice);
            let answer = json!({
                "user_code": user_code,
                "device_code": device_code,
                "verification_uri": url,
                "expires_in": CODE_LIFE.as_secs(),
                "interval": self.device_interval.as_secs(),
                "message": format!("To sign in, use a web browser to open the page {url} and enter the code {user_code} to authenticate."),
            });
            let device = Device {
                user_code,
                grant,
                expires_at: Instant::now() + CODE_LIFE,
                interval: self.device_interval,
                asked_at: None,
                decision: None,
            };
            state.devices.insert(device_code, device);
            answer
        }))
    }

    fn device_page(&self) -> String {
        format!("{}/entra/devicelogin", self.origin)
    }

    /// Answers a client that asks whether its code was typed.
    pub(super) fn poll(&self, form: &Form) -> Result<Value, Refusal> {
        let code = required(form, "device_code")?;
        let now = Instant::now();
        self.with(|state| {
            let blocked = state.device_codes_blocked;
            let device = state.devices.get_mut(code).ok_or_else(|| {
                let words = "The device code is not known, or was exchanged already.";
                Refusal::new(70_018, "bad_verification_code", words)
            })?;
            device.be_asked(now)?;
            match device.decision {
                None => return Err(pending()),
                Some(Decision::Denied) => return Err(declined("authorization_declined")),
                Some(Decision::Approved) if blocked => return Err(forbidden()),
                Some(Decision::Approved) => {}
            }
            let grant = device.grant.clone();
            self.check_consent(&grant, state)?;
            state.devices.remove(code);
            Ok(self.give(&grant, now, state))
        })
    }

    /// Shows the page that a code is typed on, and the pages after it.
    pub(super) fn device_login(&self, form: &Form) -> Response {
        let Some(typed) = form.get("code") else {
            return enter("");
        };
        let decision = match form.get("decision").map(String::as_str) {
            Some("approve") => Some(Decision::Approved),
            Some("deny") => Some(Decision::Denied),
            _ => None,
        };
        self.with(|state| {
            let Some(device) = state.waiting_for(typed) else {
                return enter("<p><b>That code didn’t work. Check it and try again.</b></p>");
            };
            let Some(decision) = decision else {
                let asked = request_for(&device.grant.scopes);
                let choice = choice("devicelogin", form, &["code"]);
                return page(StatusCode::OK, &format!("{asked}{choice}"));
            };
            device.decision = Some(decision);
            let resource = device.grant.scopes.resource;
            match decision {
                Decision::Denied => done("You declined the request."),
                Decision::Approved if state.device_codes_blocked => {
                    forbidden().page(&mut state.dice)
                }
                Decision::Approved => {
                    state.consent.insert(resource);
                    done("You have signed in to the application on your device.")
                }
            }
        })
    }
}

impl Device {
    /// Takes note of a question; refuses one that comes too early or too late.
    fn be_asked(&mut self, now: Instant) -> Result<(), Refusal> {
        let early = |before: Instant| now < before + self.interval;
        let too_early = self.asked_at.replace(now).is_some_and(early);
        if self.expires_at <= now {
            return Err(Refusal::new(
                70_020,
                "expired_token",
                "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
            ));
        }
        if too_early {
            self.interval += SLOWER;
            // Not in Entra's list; the number is the one of too many requests.
            let words = "There are too many incoming requests: ask less often.";
            return Err(Refusal::new(90_055, "slow_down", words));
        }
        Ok(())
    }
}

impl State {
    /// Finds the sign-in that waits for a code, typed in whatever case and with blanks or dashes.
    fn waiting_for(&mut self, typed: &str) -> Option<&mut Device> {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let now = Instant::now();
        self.devices.values_mut().find(|device| {
            device.user_code.eq_ignore_ascii_case(&typed)
                && device.decision.is_none()
                && now < device.expires_at
        })
    }
}

fn user_code(dice: &mut Dice) -> String {
    let draw = |_| char::from(dice.pick(LETTERS).unwrap_or(b'B'));
    (0..9).map(draw).collect()
}

fn pending() -> Refusal {
    Refusal::new(
        70_016,
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )
}

fn forbidden() -> Refusal {
    let words = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
    Refusal::invalid_grant(53_003, words).with_suberror("message_only")
}

fn enter(problem: &str) -> Response {
    page(
        StatusCode::OK,
        &format!(
            "<h1>Enter code</h1>{problem}<p>Enter the code displayed on your app or device.</p><form method=\"post\" action=\"devicelogin\"><input name=\"code\" aria-label=\"Code\" autocomplete=\"off\" autofocus><button type=\"submit\">Next</button></form>"
        ),
    )
}

fn done(what: &str) -> Response {
    let body = format!("<h1>{what}</h1><p>You may now close this window.</p>");
    page(StatusCode::OK, &body)
}
