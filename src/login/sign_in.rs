use std::borrow::Cow;
use std::io::ErrorKind;
use std::time::Duration;

use oauth2::CsrfToken;
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::exchange::{Authorized, MailchimpApp, authorize_url};
use super::keyring::{Keyring, SecretKind};
use super::pages::ClosingPages;
use super::redirect::{Astray, WayBack};
use crate::domain::{LoginName, Secret};
use crate::http::{Endpoint, quote};

/// The port of the redirect URI unless the user registered another one.
pub const DEFAULT_PORT: u16 = 8723;
/// How long a person has to say yes.
pub const SIGN_IN_LIMIT: Duration = Duration::from_mins(5);

/// A sign-in under way: a page for a person to say yes on, and two ways to learn their answer, from the browser itself
/// or from the address it was sent to. Dropping it frees the port.
#[derive(Debug)]
pub struct SignIn {
    app: MailchimpApp,
    login: Endpoint,
    port: u16,
    back: WayBack,
    url: String,
}

impl SignIn {
    /// Begins a sign-in that listens for the browser, from now on. Port 0 takes a free one.
    ///
    /// # Errors
    /// [`Error::PortInUse`] when another program has the port.
    pub fn begin(app: MailchimpApp, login: &Endpoint, port: u16) -> Result<Self> {
        let cannot = |source: std::io::Error| match source.kind() {
            ErrorKind::AddrInUse => Error::PortInUse { port },
            _ => Error::Listen { port, source },
        };
        let back = WayBack::listen(port, false, redirect_uri, new_state()).map_err(cannot)?;
        Self::assemble(app, login.clone(), back)
    }

    /// Prepares a sign-in for a browser on another machine: nothing listens, the address is pasted back.
    ///
    /// # Errors
    /// Refuses an endpoint that makes no address.
    pub fn prepare(app: MailchimpApp, login: &Endpoint, port: u16) -> Result<Self> {
        let back = WayBack::deaf(redirect_uri(port), new_state());
        Self::assemble(app, login.clone(), back)
    }

    fn assemble(app: MailchimpApp, login: Endpoint, back: WayBack) -> Result<Self> {
        let url = authorize_url(&app, &login, back.uri(), back.state().expose())?;
        let port = url::Url::parse(back.uri()).ok().and_then(|uri| uri.port());
        Ok(Self {
            app,
            login,
            port: port.unwrap_or(DEFAULT_PORT),
            back,
            url,
        })
    }

    /// Gives the address of the page to say yes on.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gives the redirect URI, which the app's settings have to hold exactly like this.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.back.uri().to_owned()
    }

    /// Waits for the browser to come back. After a wrong answer one may wait again, for the same page.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, nobody came back.
    pub async fn wait(&self, limit: Duration, pages: ClosingPages) -> Result<Authorized> {
        let code = self.back.wait(limit, pages).await;
        Ok(self.authorized(code.map_err(|why| self.astray(why))?))
    }

    /// Takes the address that the browser was sent to, pasted by the person, perhaps broken over lines.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, some other text.
    pub fn complete(&self, redirected_url: &str) -> Result<Authorized> {
        let code = self.back.complete(redirected_url);
        Ok(self.authorized(code.map_err(|why| self.astray(why))?))
    }

    fn astray(&self, why: Astray) -> Error {
        match why {
            Astray::Refused { code, .. } if code == "access_denied" => Error::Denied,
            Astray::Refused { code: _, words } => Error::Refused {
                reason: quote(&words, &[self.back.state().expose()]),
            },
            Astray::WrongState => Error::WrongState,
            Astray::NotARedirect => Error::NotARedirect,
            Astray::Timeout(limit) => Error::SignInTimeout(limit),
            Astray::Deaf => Error::NothingPending,
            Astray::Listen(source) => Error::Listen {
                port: self.port,
                source,
            },
        }
    }

    fn authorized(&self, code: Secret<String>) -> Authorized {
        Authorized {
            app: self.app.clone(),
            login: self.login.clone(),
            redirect: self.redirect_uri(),
            code,
        }
    }

    /// Keeps a prepared sign-in, client secret and state included, until another run of the program completes it, with
    /// the name that the login shall get. One per home: a newer one takes the place of an older one.
    ///
    /// # Errors
    /// Those of [`Keyring::set`].
    pub async fn keep(&self, keyring: &Keyring, save_as: Option<&LoginName>) -> Result<()> {
        let kept = Kept {
            client_id: self.app.client_id.as_str().into(),
            client_secret: self.app.client_secret.expose().into(),
            login: self.login.clone(),
            port: self.port,
            state: self.back.state().expose().into(),
            save_as: save_as.cloned(),
        };
        let text = serde_json::to_string(&kept).map(Secret::new);
        let text = text.map_err(|_never| Error::NothingPending)?;
        let login = pending_login()?;
        keyring.set(&login, SecretKind::Pending, &text).await
    }

    /// Takes up a kept sign-in and the name that its login shall get.
    ///
    /// # Errors
    /// [`Error::NothingPending`] when none was kept; otherwise those of [`Keyring::get`].
    pub async fn resume(keyring: &Keyring) -> Result<(Self, Option<LoginName>)> {
        let text = match keyring.get(&pending_login()?, SecretKind::Pending).await {
            Ok(text) => text,
            Err(Error::NoSecret { .. }) => return Err(Error::NothingPending),
            Err(why) => return Err(why),
        };
        let kept: Kept<'_> =
            serde_json::from_str(text.expose()).map_err(|_damaged| Error::NothingPending)?;
        let app = MailchimpApp {
            client_id: kept.client_id.into_owned(),
            client_secret: Secret::new(kept.client_secret.into_owned()),
        };
        let state = Secret::new(kept.state.into_owned());
        let back = WayBack::deaf(redirect_uri(kept.port), state);
        let sign_in = Self::assemble(app, kept.login, back)?;
        Ok((sign_in, kept.save_as))
    }

    /// Forgets a kept sign-in, once it is completed.
    ///
    /// # Errors
    /// Those of [`Keyring::delete`].
    pub async fn forget(keyring: &Keyring) -> Result<()> {
        let login = pending_login()?;
        keyring.delete(&login, SecretKind::Pending).await
    }
}

/// What `--print-url` leaves in the keyring for `--complete`.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    client_id: Cow<'a, str>,
    client_secret: Cow<'a, str>,
    login: Endpoint,
    port: u16,
    state: Cow<'a, str>,
    save_as: Option<LoginName>,
}

/// The sign-in has no name yet, so its entry bears the service's.
fn pending_login() -> Result<LoginName> {
    LoginName::parse("mailchimp").map_err(|_never| Error::NothingPending)
}

fn redirect_uri(port: u16) -> String {
    format!("http://127.0.0.1:{port}/callback")
}

/// Makes the text that tells one sign-in from another.
pub(super) fn new_state() -> Secret<String> {
    Secret::new(CsrfToken::new_random_len(32).into_secret())
}
