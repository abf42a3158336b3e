//! Signs in with Mailchimp for the wizard: what the performer does for the questions about it.

use std::sync::Arc;

use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::msg::Outcome;
use crate::export::Error;
use crate::login::{
    Authorized, ClosingPages, Credential, Error as LoginError, MailchimpApp, PageText,
    SIGN_IN_LIMIT, SecretKind, SignIn, identify, pasted_secret,
};
use crate::store::Login;
use crate::words::Explanation;

impl Desk {
    pub async fn begin(&self, app: MailchimpApp, port: u16) -> Result<Arc<SignIn>, Error> {
        pasted_secret(SecretKind::ClientSecret, app.client_secret.expose())?;
        self.surroundings.keyring.try_out().await?;
        let login = self.surroundings.endpoints.login()?;
        Ok(Arc::new(SignIn::begin(app, login, port)?))
    }

    pub async fn wait(
        &self,
        sign_in: &SignIn,
        given_up: &CancellationToken,
    ) -> Result<Login, Error> {
        let authorized = tokio::select! {
            authorized = sign_in.wait(SIGN_IN_LIMIT, self.pages()) => authorized,
            () = given_up.cancelled() => Err(LoginError::NothingPending),
        };
        self.complete(authorized).await
    }

    pub async fn complete(
        &self,
        authorized: Result<Authorized, LoginError>,
    ) -> Result<Login, Error> {
        let (authorized, client) = (authorized?, self.surroundings.client()?);
        // The compiler cannot see that the exchange's closures may move between threads; here it stays on one.
        let here = tokio::runtime::Handle::current();
        let exchanged = spawn_blocking(move || here.block_on(authorized.exchange(&client)));
        let credential = exchanged
            .await
            .map_err(|why| Error::Broken(why.to_string()))??;
        self.save_login(credential).await
    }

    pub async fn approve(&self, sign_in: &SignIn) -> Outcome<Login> {
        let Some(approve) = &self.approve else {
            return self.told(self.wait(sign_in, &CancellationToken::new()).await);
        };
        let approved = tokio::spawn(approve(sign_in.url().to_owned()));
        let answer = self.wait(sign_in, &CancellationToken::new()).await;
        let approved = approved.await.unwrap_or(Ok(()));
        match (answer, approved) {
            (Err(_), Err(why)) => Err(Explanation {
                what: why,
                why: String::new(),
                next: Vec::new(),
            }),
            (answer, _) => self.told(answer),
        }
    }

    pub async fn api_key(&self, key: &str) -> Result<Login, Error> {
        let credential = Credential::api_key(key)?;
        self.surroundings.keyring.try_out().await?;
        self.save_login(credential).await
    }

    async fn save_login(&self, credential: Credential) -> Result<Login, Error> {
        let client = self.surroundings.client()?;
        let identity = identify(&client, &self.surroundings.endpoints, &credential).await?;
        let saved = self
            .surroundings
            .save_login(None, identity, &credential, None, false);
        Ok(saved.await?.login)
    }

    pub fn pages(&self) -> ClosingPages {
        let page = |title: &str, text: &str| PageText {
            title: self.words.text(title),
            text: self.words.text(text),
        };
        ClosingPages {
            lang: self.words.lang().as_str().to_owned(),
            ok: page("login-page-ok", "login-page-ok-text"),
            denied: page("login-page-denied", "login-page-denied-text"),
            wrong: page("login-page-wrong", "login-page-wrong-text"),
        }
    }
}
