use std::time::Duration;

use oauth2::StandardDeviceAuthorizationResponse;
use tokio::time::{Instant, sleep, timeout_at};

use super::discovery::discover;
use super::tokens::{OAuth, Tokens, failed, oauth, scopes};
use super::{EntraApp, EntraError, Granted};
use crate::http::{Backoff, Client, quote};
use crate::login::call::{always, sender, unspent};
use crate::login::error::Result;

/// No code is believed to be valid for longer.
const LONGEST: Duration = Duration::from_hours(1);

/// A sign-in on another device under way: a short code to be entered on a page, for as long as it is valid. Dropping
/// what waits for it cancels it.
#[derive(Debug)]
pub struct DeviceSignIn {
    client: Client,
    oauth: OAuth,
    given: StandardDeviceAuthorizationResponse,
    code: String,
    url: String,
    expires_at: Instant,
}

impl DeviceSignIn {
    /// Asks for a code.
    ///
    /// # Errors
    /// Tells an authority that was not reached from one that refuses device codes, or has none.
    pub async fn begin(client: &Client, app: &EntraApp) -> Result<Self> {
        let backoff = Backoff::new(3, Backoff::FIRST);
        let provider = discover(client, &app.authority, &backoff).await?;
        let oauth = oauth(app, &provider)?;
        let send = sender(client, &backoff, always);
        let request = oauth.exchange_device_code();
        let request = request.map_err(|_not_set| EntraError::NoDeviceCodes)?;
        let given: StandardDeviceAuthorizationResponse = request
            .add_scopes(scopes(app))
            .request_async(&send)
            .await
            .map_err(|why| failed(why, &[]))?;
        Ok(Self {
            client: client.clone(),
            code: quote(given.user_code().secret(), &[]),
            url: quote(given.verification_uri(), &[]),
            expires_at: Instant::now() + given.expires_in().min(LONGEST),
            oauth,
            given,
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
        // A lost answer is asked for again in the rhythm of the polls, which is not ours to shorten.
        let once = Backoff::new(0, Backoff::FIRST);
        let send = sender(&self.client, &once, unspent);
        let request = self.oauth.exchange_device_access_token(&self.given);
        let polling = request.request_async(&send, pause, None);
        let code = self.given.device_code().secret();
        match timeout_at(self.expires_at, polling).await {
            Ok(Ok(answer)) => Ok(Tokens::read(&answer).granted()?),
            Ok(Err(why)) => Err(failed(why, &[code]).into()),
            Err(_elapsed) => Err(EntraError::CodeExpired.into()),
        }
    }
}
