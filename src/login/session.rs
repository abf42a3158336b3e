use std::fmt;
use std::sync::Arc;

use super::error::Result;
use crate::domain::Secret;

/// Who we are to a source's service: the access token of now, and the next one when it is refused. Clones share it.
#[derive(Clone)]
pub struct Session(Arc<Kind>);

enum Kind {
    Fixed(Secret<String>),
}

impl Session {
    /// Uses one token that is never renewed.
    #[must_use]
    pub fn fixed(token: Secret<String>) -> Self {
        Self(Arc::new(Kind::Fixed(token)))
    }

    /// Gives an access token that is valid, as far as we know.
    ///
    /// # Errors
    /// Tells why a sign-in is needed, or what kept us from getting a token.
    #[expect(
        clippy::unused_async,
        reason = "a token that expires is renewed over the network"
    )]
    pub async fn token(&self) -> Result<Secret<String>> {
        let Kind::Fixed(token) = self.0.as_ref();
        Ok(token.clone())
    }

    /// Gives another token than the one the service just refused; one refresh serves all who were refused together.
    ///
    /// # Errors
    /// As [`Session::token`].
    #[expect(
        clippy::unused_async,
        reason = "a token that expires is renewed over the network"
    )]
    pub async fn renew(&self, _refused: &Secret<String>) -> Result<Secret<String>> {
        let Kind::Fixed(token) = self.0.as_ref();
        Ok(token.clone())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Session(…)")
    }
}
