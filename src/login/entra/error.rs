use std::io;
use std::time::Duration;

use reqwest::StatusCode;

use super::Refusal;
use crate::http::{BadEndpoint, CallError, Endpoint};
use crate::store::Error as StoreError;

/// Why signing in as the export user, or staying signed in, did not work. Holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum EntraError {
    /// The tenant is no domain, id or word that could be part of an address.
    #[error("{0:?} is not a tenant")]
    BadTenant(String),
    /// A refresh token is given by the environment, but not for which app it is.
    #[error("no client id is known for the refresh token")]
    NoClientId,
    /// Only one of the two addresses of sign-in and API is given by the environment.
    #[error("of SEGUE_ENTRA_AUTHORITY and SEGUE_INSIGHTS_URL only one is set")]
    MixedVariables,
    /// The sign-in service was not reached, or gave no answer.
    #[error("could not ask the sign-in service")]
    Call(#[source] CallError),
    /// The sign-in service does not say where it signs people in.
    #[error("{authority} has no OpenID discovery document ({status})")]
    NoDocument {
        /// The authority.
        authority: Endpoint,
        /// What it answered instead.
        status: StatusCode,
    },
    /// The sign-in service names an address that secrets may not be sent to.
    #[error("the sign-in service names an address that cannot be used")]
    BadPlace(#[source] BadEndpoint),
    /// The sign-in service answered something else than a token.
    #[error("the sign-in service answered with something else than a token ({status})")]
    Answer {
        /// The HTTP status of the answer.
        status: StatusCode,
        /// What the answer says of itself, made safe to show; empty when it says nothing.
        said: String,
    },
    /// The sign-in service gave a token of a kind that no API of ours takes.
    #[error("the sign-in service gave a token of the kind {0:?}")]
    TokenType(String),
    /// The page to enter a code on is none that a person should sign in on.
    #[error("the page to enter the code on cannot be used")]
    BadPage(#[source] BadEndpoint),
    /// The code, or the address of its page, cannot be shown as it is.
    #[error("the code or its page cannot be shown whole")]
    Unshowable,
    /// The sign-in service said no, and why.
    #[error("the sign-in service refused: {0}")]
    Refused(Refusal),
    /// The person said no.
    #[error("the sign-in was denied")]
    Denied,
    /// The answer belongs to another sign-in.
    #[error("the answer belongs to another sign-in")]
    WrongState,
    /// What was pasted is not the address that the browser was sent to.
    #[error("that is not the address the browser was sent back to")]
    NotARedirect,
    /// Nobody came back from the browser.
    #[error("no answer from the browser within {} seconds", .0.as_secs_f32())]
    Timeout(Duration),
    /// The way back from the browser cannot be listened on.
    #[error("could not listen for the browser on this machine")]
    Listen(#[source] io::Error),
    /// The provider gives no device codes.
    #[error("the sign-in service gives no device codes")]
    NoDeviceCodes,
    /// Nobody entered the code while it was valid.
    #[error("the device code expired")]
    CodeExpired,
    /// The sign-in worked, but gives no right to ask for tokens later.
    #[error("the sign-in service gave no refresh token")]
    NoRefreshToken,
    /// Another Segue renews the token of this login, and does not come to an end.
    #[error("another process has been renewing the token for {} seconds", .0.as_secs_f32())]
    Busy(Duration),
    /// The file that keeps two processes from renewing at once cannot be used.
    #[error("could not use the lock of the login")]
    Lock(#[source] StoreError),
}

impl EntraError {
    /// Tells whether the service or the network failed, so that the same may work later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Call(_) | Self::Busy(_) | Self::Answer { .. } => true,
            // Who has no document says so; anything else is trouble, or something in between.
            Self::NoDocument { status, .. } => !matches!(
                *status,
                StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::GONE
            ),
            Self::Refused(refusal) => refusal.kind.is_temporary(),
            _ => false,
        }
    }
}
