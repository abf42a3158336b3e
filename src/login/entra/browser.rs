use std::time::Duration;

use super::discovery::{Provider, discover};
use super::tokens::{authorize_url, exchange, oauth};
use super::{EntraApp, EntraError, Granted, Refusal};
use crate::domain::Secret;
use crate::http::{Backoff, Client};
use crate::login::ClosingPages;
use crate::login::error::Result;
use crate::login::redirect::{Astray, WayBack};
use crate::login::sign_in::new_state;

/// A sign-in in the browser under way: a page to sign in on, and two ways to learn the answer, from the browser itself
/// or from the address it was sent to. Dropping it frees the port.
#[derive(Debug)]
pub struct EntraSignIn {
    app: EntraApp,
    provider: Provider,
    back: WayBack,
    url: String,
    verifier: Secret<String>,
}

impl EntraSignIn {
    /// Begins a sign-in that listens for the browser on a free port, from now on. Entra ignores the port of a redirect URI
    /// at `localhost`, so the app's settings hold `http://localhost`.
    ///
    /// # Errors
    /// Tells an authority that was not reached from one that is none, and a machine that cannot be listened on.
    pub async fn begin(client: &Client, app: EntraApp) -> Result<Self> {
        let backoff = Backoff::new(3, Backoff::FIRST);
        let provider = discover(client, &app.authority, &backoff).await?;
        let uri = |port| format!("http://localhost:{port}");
        let back = WayBack::listen(0, true, uri, new_state()).map_err(EntraError::Listen)?;
        let oauth = oauth(&app, &provider)?;
        let (url, verifier) = authorize_url(&oauth, &app, back.uri(), back.state())?;
        Ok(Self {
            app,
            provider,
            back,
            url,
            verifier,
        })
    }

    /// Gives the address of the page to sign in on.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gives the redirect URI of this sign-in.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        self.back.uri()
    }

    /// Waits for the browser to come back. After a wrong answer one may wait again, for the same page.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, nobody came back.
    pub async fn wait(&self, limit: Duration, pages: ClosingPages) -> Result<EntraAuthorized> {
        let code = self.back.wait(limit, pages).await;
        Ok(self.authorized(code.map_err(|why| self.astray(why))?))
    }

    /// Takes the address that the browser was sent to, pasted by the person, perhaps broken over lines.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, some other text.
    pub fn complete(&self, redirected_url: &str) -> Result<EntraAuthorized> {
        let code = self.back.complete(redirected_url);
        Ok(self.authorized(code.map_err(|why| self.astray(why))?))
    }

    fn authorized(&self, code: Secret<String>) -> EntraAuthorized {
        EntraAuthorized {
            app: self.app.clone(),
            provider: self.provider.clone(),
            redirect: self.back.uri().to_owned(),
            code,
            verifier: self.verifier.clone(),
        }
    }

    fn astray(&self, why: Astray) -> EntraError {
        match why {
            Astray::Refused { code, words } => {
                let secrets = [self.back.state().expose().as_str()];
                Refusal::tell(&code, Some(&words), &secrets)
            }
            Astray::WrongState => EntraError::WrongState,
            Astray::NotARedirect | Astray::Deaf => EntraError::NotARedirect,
            Astray::Timeout(limit) => EntraError::Timeout(limit),
            Astray::Listen(why) => EntraError::Listen(why),
        }
    }
}

/// The person signed in and said yes; what is left is to exchange the code, once, for tokens.
#[derive(Debug)]
pub struct EntraAuthorized {
    app: EntraApp,
    provider: Provider,
    redirect: String,
    code: Secret<String>,
    verifier: Secret<String>,
}

impl EntraAuthorized {
    /// Exchanges the code. It works once, so this takes `self`, and a call whose answer was not seen is not repeated.
    ///
    /// # Errors
    /// Tells a service that did not answer from one that refused, and one that gives no refresh token.
    pub async fn exchange(self, client: &Client) -> Result<Granted> {
        let oauth = oauth(&self.app, &self.provider)?;
        let tokens = exchange(client, &oauth, &self.code, &self.verifier, &self.redirect).await?;
        Ok(tokens.granted()?)
    }
}
