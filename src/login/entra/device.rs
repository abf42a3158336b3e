use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::discovery::{Provider, discover};
use super::tokens::{Tokens, complaint, failed, seconds};
use super::{EntraApp, EntraError, Granted};
use crate::domain::Secret;
use crate::http::{Backoff, Client, Endpoint, web_address};
use crate::login::call::{always, sent, unspent};
use crate::login::error::Result;

/// No code is believed to be valid for longer, and none is asked about more seldom.
const LONGEST: Duration = Duration::from_hours(1);
/// For how long a code is valid where the service does not say.
const ASSUMED_LIFE: Duration = Duration::from_mins(15);
/// How often it is asked about where the service does not say, and never more often than each second.
const ASSUMED_INTERVAL: Duration = Duration::from_secs(5);
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
/// How much less often a service is asked that finds it too often, by RFC 8628.
const SLOWER: Duration = Duration::from_secs(5);
/// After so many failures in a row, each waited out for longer, the service is not asked again.
const MOST_FAILURES: u32 = 4;
/// What is longer cannot be shown whole on a small screen.
const LONGEST_CODE: usize = 64;
const LONGEST_ADDRESS: usize = 300;

/// A sign-in on another device under way: a short code to be entered on a page, for as long as it is valid. Dropping
/// what waits for it cancels it.
///
/// Not by the device flow of `oauth2`: that one goes by the clock on the wall, adds what the service says without a
/// check, and takes every answer that is none for "not yet".
#[derive(Debug)]
pub struct DeviceSignIn {
    client: Client,
    token: Endpoint,
    client_id: String,
    secret: Secret<String>,
    code: String,
    url: String,
    interval: Duration,
    expires_at: Instant,
}

/// A code as the service gives it.
#[derive(Deserialize)]
struct Given {
    device_code: String,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "seconds")]
    interval: Option<Duration>,
}

/// What the service says about a code that nothing speaks against.
enum Heard {
    Granted(Tokens),
    NotYet,
    TooOften,
}

impl DeviceSignIn {
    /// Asks for a code.
    ///
    /// # Errors
    /// Tells an authority that was not reached from one that refuses device codes, or has none, and refuses a code or a
    /// page that cannot be shown as it is.
    pub async fn begin(client: &Client, app: &EntraApp) -> Result<Self> {
        let backoff = Backoff::new(3, Backoff::FIRST);
        let provider = discover(client, &app.authority, &backoff).await?;
        let Provider { token, device, .. } = provider;
        let device = device.ok_or(EntraError::NoDeviceCodes)?;
        let scopes: Vec<String> = app.resource.scopes().collect();
        let form = [("client_id", &app.client_id), ("scope", &scopes.join(" "))];
        let ask = || client.inner().post(device.as_str()).form(&form);
        let answer = sent(client, backoff, ask, always).await;
        let answer = answer.map_err(|why| failed(why, &[]))?;
        let given = serde_json::from_slice::<Given>(answer.body());
        let given = given.map_err(|_quotes_it| complaint(&answer, &[]))?;
        Ok(Self {
            client: client.clone(),
            token,
            client_id: app.client_id.clone(),
            code: shown(&given.user_code)?,
            url: page(&given.verification_uri)?,
            interval: given.interval.unwrap_or(ASSUMED_INTERVAL),
            expires_at: Instant::now() + given.expires_in.unwrap_or(ASSUMED_LIFE).min(LONGEST),
            secret: Secret::new(given.device_code),
        })
    }

    /// Gives the code to enter.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Gives the address of the page to enter it on.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Tells for how long the code is still valid, to be counted down.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.expires_at.saturating_duration_since(Instant::now())
    }

    /// Asks, as often as the service allows, until the person has entered the code and signed in.
    ///
    /// # Errors
    /// Tells apart: denied, expired, refused, a service that does not answer as it should.
    pub async fn wait(&self) -> Result<Granted> {
        self.wait_pausing(sleep).await
    }

    pub(super) async fn wait_pausing<P: Future<Output = ()>>(
        &self,
        pause: impl Fn(Duration) -> P,
    ) -> Result<Granted> {
        let mut interval = self.interval.clamp(SHORTEST_INTERVAL, LONGEST);
        let mut failures = 0;
        loop {
            let failure = match self.ask().await {
                Ok(Heard::Granted(tokens)) => return Ok(tokens.granted()?),
                Ok(heard) => {
                    if matches!(heard, Heard::TooOften) {
                        interval = (interval + SLOWER).min(LONGEST);
                    }
                    failures = 0;
                    None
                }
                Err(why) if why.is_temporary() && failures + 1 < MOST_FAILURES => {
                    failures += 1;
                    Some(why)
                }
                Err(why) => return Err(why.into()),
            };
            let left = self.time_left();
            if left.is_zero() {
                // Whoever could not be asked does not know whether the code was entered.
                return Err(failure.unwrap_or(EntraError::CodeExpired).into());
            }
            pause((interval * (1 << failures)).min(left)).await;
        }
    }

    async fn ask(&self) -> Result<Heard, EntraError> {
        let code = self.secret.expose();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &self.client_id),
            ("device_code", code),
        ];
        let ask = || self.client.inner().post(self.token.as_str()).form(&form);
        // A lost answer is asked for again in the rhythm of the questions, which is not ours to shorten.
        let once = Backoff::new(0, Backoff::FIRST);
        let answer = sent(&self.client, once, ask, unspent).await;
        let answer = answer.map_err(|why| failed(why, &[code]))?;
        if let Ok(tokens) = serde_json::from_slice(answer.body()) {
            return Tokens::read(&tokens).map(Heard::Granted);
        }
        match complaint(&answer, &[code]) {
            EntraError::Refused(refusal) if refusal.code == "authorization_pending" => {
                Ok(Heard::NotYet)
            }
            EntraError::Refused(refusal) if refusal.code == "slow_down" => Ok(Heard::TooOften),
            why => Err(why),
        }
    }
}

/// Takes a code to be shown: whole, or not at all.
fn shown(code: &str) -> Result<String, EntraError> {
    let code = code.trim();
    let fits = |c: char| c.is_alphanumeric() || c.is_ascii_punctuation() || c == ' ';
    if code.is_empty() || code.chars().count() > LONGEST_CODE || !code.chars().all(fits) {
        return Err(EntraError::Unshowable);
    }
    Ok(code.to_owned())
}

/// Takes the page to enter it on, as a browser understands its address: a person signs in there, so it is one that their
/// password is safe with.
fn page(address: &str) -> Result<String, EntraError> {
    let url = web_address(address).map_err(EntraError::BadPage)?;
    let url = String::from(url);
    if url.len() > LONGEST_ADDRESS {
        return Err(EntraError::Unshowable);
    }
    Ok(url)
}
