use std::borrow::Cow;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use oauth2::CsrfToken;
use serde::{Deserialize, Serialize};
use url::Url;

use super::error::{Error, Result};
use super::exchange::{Authorized, MailchimpApp, authorize_url};
use super::keyring::{Keyring, SecretKind};
use super::pages::ClosingPages;
use super::redirect;
use crate::domain::{LoginName, Secret};
use crate::http::Endpoint;

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
    state: Secret<String>,
    url: String,
    listener: Option<TcpListener>,
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let port = listener.local_addr().map_err(cannot)?.port();
        let sign_in = Self::prepare(app, login, port)?;
        Ok(Self {
            listener: Some(listener),
            ..sign_in
        })
    }

    /// Prepares a sign-in for a browser on another machine: nothing listens, the address is pasted back.
    ///
    /// # Errors
    /// Refuses an endpoint that makes no address.
    pub fn prepare(app: MailchimpApp, login: &Endpoint, port: u16) -> Result<Self> {
        let state = CsrfToken::new_random_len(32).into_secret();
        Self::assemble(app, login.clone(), port, Secret::new(state))
    }

    fn assemble(
        app: MailchimpApp,
        login: Endpoint,
        port: u16,
        state: Secret<String>,
    ) -> Result<Self> {
        let url = authorize_url(&app, &login, &redirect_uri(port), state.expose())?;
        Ok(Self {
            app,
            login,
            port,
            state,
            url,
            listener: None,
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
        redirect_uri(self.port)
    }

    /// Waits for the browser to come back. After a wrong answer one may wait again, for the same page.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, nobody came back.
    pub async fn wait(&self, limit: Duration, pages: ClosingPages) -> Result<Authorized> {
        let cannot = |source| Error::Listen {
            port: self.port,
            source,
        };
        let listener = match &self.listener {
            Some(listener) => listener.try_clone().map_err(cannot)?,
            None => return Err(Error::NothingPending),
        };
        let listener = tokio::net::TcpListener::from_std(listener).map_err(cannot)?;
        let code = redirect::wait((listener, self.port), &self.state, pages, limit).await?;
        Ok(self.authorized(code))
    }

    /// Takes the address that the browser was sent to, pasted by the person, perhaps broken over lines.
    ///
    /// # Errors
    /// Tells apart: denied, refused, an answer to another sign-in, some other text.
    pub fn complete(&self, redirected_url: &str) -> Result<Authorized> {
        let address: String = redirected_url.split_whitespace().collect();
        let expected = self.redirect_uri();
        let url = Url::parse(&address).map_err(|_text| Error::NotARedirect)?;
        let same_place = address.split(['?', '#']).next() == Some(expected.as_str());
        let query = url.query().filter(|_| same_place);
        let code = redirect::judge(query.ok_or(Error::NotARedirect)?, self.state.expose())?;
        Ok(self.authorized(code))
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
            state: self.state.expose().into(),
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
        let sign_in = Self::assemble(app, kept.login, kept.port, state)?;
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
    format!("http://127.0.0.1:{port}{}", redirect::PATH)
}
