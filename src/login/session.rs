use std::fmt;
use std::sync::Arc;

use super::entra::{ExportUser, Refresher};
use super::error::Result;
use crate::domain::Secret;

/// Who we are to a source's service: the access token of now, and the next one when it is refused. Clones share it.
#[derive(Clone)]
pub struct Session(Kind);

#[derive(Clone)]
enum Kind {
    Fixed(Secret<String>),
    Entra(Arc<Refresher>),
}

impl Session {
    /// Uses one token that is never renewed.
    #[must_use]
    pub fn fixed(token: Secret<String>) -> Self {
        Self(Kind::Fixed(token))
    }

    /// Uses the tokens of an export user, who has signed in before. Each is renewed ahead of its end; the refresh token
    /// that comes with it is kept before it is used.
    #[must_use]
    pub fn of(user: ExportUser) -> Self {
        Self(Kind::Entra(Arc::new(Refresher::new(user))))
    }

    /// Gives an access token that is valid, as far as we know.
    ///
    /// # Errors
    /// Tells why a sign-in is needed, or what kept us from getting a token.
    pub async fn token(&self) -> Result<Secret<String>> {
        match &self.0 {
            Kind::Fixed(token) => Ok(token.clone()),
            Kind::Entra(refresher) => refresher.token(None).await,
        }
    }

    /// Gives another token than the one the service just refused; one refresh serves all who were refused together.
    ///
    /// # Errors
    /// As [`Session::token`].
    pub async fn renew(&self, refused: &Secret<String>) -> Result<Secret<String>> {
        match &self.0 {
            Kind::Fixed(token) => Ok(token.clone()),
            Kind::Entra(refresher) => refresher.token(Some(refused)).await,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Session(…)")
    }
}
