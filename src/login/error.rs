use std::io;
use std::time::Duration;

use reqwest::StatusCode;

use super::browser::BrowserObstacle;
use super::entra::EntraError;
use super::keyring::SecretKind;
use super::vault::StoreError;
use crate::domain::LoginName;
use crate::http::{BadEndpoint, CallError};

/// What a step of signing in gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whose sign-in at Microsoft Entra ID it is, to tell what signs them in again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's yet.
    New,
    /// That of a saved login.
    Saved(LoginName),
    /// That of the environment's refresh token.
    Environment,
}

/// Why signing in, or looking up who we are, did not work. Holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No keyring service answers on this machine.
    #[error("no keyring service is reachable")]
    NoKeyring(#[source] StoreError),
    /// The keyring is locked and was not unlocked, or it refused.
    #[error("the keyring is locked or refused access")]
    KeyringLocked(#[source] StoreError),
    /// The keyring waited for a person, or hung, for longer than we do.
    #[error("the keyring gave no answer within {} seconds", .0.as_secs_f32())]
    KeyringTimeout(Duration),
    /// The keyring works, but not for this entry.
    #[error("could not use the keyring entry {kind} of login {login}")]
    KeyringEntry {
        /// The login it belongs to.
        login: LoginName,
        /// Which of its secrets.
        kind: SecretKind,
        /// What the keyring said.
        #[source]
        source: StoreError,
    },
    /// Nothing was ever kept there, or somebody deleted it.
    #[error("the keyring holds no {kind} for login {login}")]
    NoSecret {
        /// The login it belongs to.
        login: LoginName,
        /// Which of its secrets.
        kind: SecretKind,
    },
    /// The program could not start a thread to ask the keyring or the browser from.
    #[error("could not start a thread")]
    Thread(#[source] io::Error),

    /// Another program listens on the port of the redirect URI.
    #[error("port {port} of 127.0.0.1 is in use by another program")]
    PortInUse {
        /// The port; another one needs a redirect URI of its own in the app's settings.
        port: u16,
    },
    /// The port of the redirect URI cannot be listened on.
    #[error("could not listen on port {port} of 127.0.0.1")]
    Listen {
        /// The port.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// This session has no browser that could be opened.
    #[error("no browser can be opened from here: {0:?}")]
    NoBrowser(BrowserObstacle),
    /// The browser of this session did not open.
    #[error("the browser did not open")]
    OpenBrowser(#[source] io::Error),
    /// The person said no on the consent page.
    #[error("the sign-in was denied")]
    Denied,
    /// The service sent the browser back with an error other than a denial.
    #[error("the sign-in was refused: {reason}")]
    Refused {
        /// The service's own words, made safe to show.
        reason: String,
    },
    /// The answer belongs to another sign-in: an old tab, or somebody else's page.
    #[error("the answer belongs to another sign-in")]
    WrongState,
    /// Nobody came back from the browser.
    #[error("no answer from the browser within {} seconds", .0.as_secs_f32())]
    SignInTimeout(Duration),
    /// What was pasted is not the address that the browser was sent to.
    #[error("that is not the address the browser was sent back to")]
    NotARedirect,
    /// There is no begun sign-in that the pasted address could complete.
    #[error("no sign-in waits to be completed")]
    NothingPending,

    /// The sign-in service was not reached, so the code was not spent.
    #[error("could not reach the sign-in service")]
    ExchangeConnect(#[source] CallError),
    /// The code was sent and no answer seen; it works once only, so it is not sent again.
    #[error("the sign-in service did not answer the exchange of the code")]
    ExchangeUnanswered(#[source] CallError),
    /// The sign-in service did not take the code, the client id or the secret.
    #[error("the sign-in service refused the exchange of the code: {reason}")]
    ExchangeRefused {
        /// The service's error code, such as `invalid_client`.
        code: String,
        /// The service's own words, made safe to show.
        reason: String,
    },
    /// The sign-in service answered something that is no token.
    #[error("the sign-in service answered the exchange of the code with something else ({status})")]
    ExchangeAnswer {
        /// The HTTP status of the answer.
        status: StatusCode,
        /// What the answer says of itself, made safe to show; empty when it says nothing.
        said: String,
    },
    /// The sign-in service gave a token of a kind that Mailchimp's API does not take.
    #[error("the sign-in service gave a token of the kind {0:?}")]
    TokenType(String),

    /// The text is neither an API key nor a token.
    #[error("that is not an API key or token of Mailchimp")]
    BadCredential,
    /// A pasted secret is empty, or holds blanks or line breaks.
    #[error("that is no {0}: it is empty or holds blanks")]
    BadSecret(SecretKind),
    /// What an environment variable holds can be no credential.
    #[error("{name} holds neither an API key nor a token of Mailchimp")]
    BadVariable {
        /// The variable.
        name: &'static str,
    },
    /// An API key ends in a dash and its data centre, such as `-us1`.
    #[error("the API key does not end in a data centre such as -us1")]
    KeyWithoutDataCentre,
    /// The service named a data centre that cannot be one; no request was sent there.
    #[error("the service named a data centre that cannot be one: {0:?}")]
    BadDataCentre(String),
    /// An endpoint given from outside is no address that credentials may be sent to.
    #[error("the {which} endpoint cannot be used")]
    Endpoint {
        /// The environment variable it came from.
        which: &'static str,
        /// What is wrong with it.
        #[source]
        source: BadEndpoint,
    },
    /// Only one of the two endpoints is overridden: a token of the one side would be sent to the other.
    #[error("of SEGUE_MAILCHIMP_API_URL and SEGUE_MAILCHIMP_LOGIN_URL only one is set")]
    MixedEndpoints,
    /// The export user could not sign in, or did not stay signed in.
    #[error("the sign-in at Microsoft Entra ID failed")]
    Entra {
        /// Whose sign-in.
        whose: Whose,
        /// Why.
        #[source]
        source: Box<EntraError>,
    },
    /// The service did not answer the question who we are.
    #[error("could not ask {what}")]
    Ask {
        /// What was asked for.
        what: &'static str,
        /// What the network said.
        #[source]
        source: CallError,
    },
    /// The key or token is wrong, revoked or disabled.
    #[error("Mailchimp does not accept the key or token: {reason}")]
    CredentialRefused {
        /// 401 or 403.
        status: StatusCode,
        /// The service's own words, made safe to show.
        reason: String,
    },
    /// The service takes the credential, and does not tell what was asked.
    #[error("the service refused to tell {what} ({status}): {reason}")]
    AskRefused {
        /// What was asked for.
        what: &'static str,
        /// The HTTP status of the answer.
        status: StatusCode,
        /// The service's own words, made safe to show.
        reason: String,
    },
}

impl Error {
    /// Tells whether the service or the network failed, so that the same may work later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Ask { .. }
            | Self::ExchangeConnect(_)
            | Self::ExchangeUnanswered(_)
            | Self::ExchangeAnswer { .. } => true,
            Self::Entra { source, .. } => source.is_temporary(),
            _ => false,
        }
    }
}

impl EntraError {
    /// Says whose sign-in it was that failed.
    pub(super) fn of(self, whose: Whose) -> Error {
        Error::Entra {
            whose,
            source: Box::new(self),
        }
    }
}

impl From<EntraError> for Error {
    fn from(why: EntraError) -> Self {
        why.of(Whose::New)
    }
}

impl Error {
    /// Tells whether the service refused something else than the login.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::AskRefused { .. })
    }

    /// Tells whether what was typed or set is at fault, and nothing was asked of a service yet.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        let source = match self {
            Self::BadSecret(_)
            | Self::BadVariable { .. }
            | Self::Endpoint { .. }
            | Self::MixedEndpoints => return true,
            Self::Entra { source, .. } => source,
            _ => return false,
        };
        matches!(
            **source,
            EntraError::BadTenant(_) | EntraError::NoClientId | EntraError::MixedVariables
        )
    }
}
