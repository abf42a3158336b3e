use thiserror::Error;

use crate::http::CallError;
use crate::login::Error as LoginError;

/// What can go wrong while a service is read. What a service said is shortened, and printable.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// A service's address cannot be called.
    #[error("the source's address cannot be called")]
    Address(#[source] url::ParseError),
    /// There is no token to call a service with.
    #[error("could not sign in to the source")]
    Login(#[from] LoginError),
    /// A service gave no answer, however often it was asked.
    #[error("the source does not answer")]
    NoAnswer(#[source] CallError),
    /// A service is overloaded or out of order, for longer than we wait.
    #[error("{host} is not available ({status}): {message}")]
    Unavailable {
        /// The service's host.
        host: String,
        /// Its last answer's status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// What may be asked of a service in a period is used up.
    #[error("{host} has given all that it gives in a period: {message}")]
    UsedUp {
        /// The service's host.
        host: String,
        /// What it said; it names the time when there is more.
        message: String,
    },
    /// A service does not take a fresh token of the export user.
    #[error("{host} does not accept the export user: {message}")]
    NotSignedIn {
        /// The service's host.
        host: String,
        /// What it said.
        message: String,
    },
    /// Customer Insights wants a subscription key, or another one.
    #[error("{host} does not accept the subscription key: {message}")]
    SubscriptionKey {
        /// The service's host.
        host: String,
        /// What it said.
        message: String,
    },
    /// The export user may not read something.
    #[error("the export user may not read {what}: {message} ({code})")]
    NoPrivilege {
        /// The table, or the list asked for.
        what: String,
        /// The service's code, if it gave one.
        code: String,
        /// What it said.
        message: String,
    },
    /// The export user is not let into the environment at all: no member of it, switched off in it, or without a licence.
    #[error("{host} does not let the export user in: {message} ({code})")]
    NotInEnvironment {
        /// The service's host.
        host: String,
        /// The service's code.
        code: String,
        /// What it said.
        message: String,
    },
    /// The environment is open to other networks only.
    #[error("{host} does not answer to this network: {message} ({code})")]
    Firewall {
        /// The service's host.
        host: String,
        /// The service's code.
        code: String,
        /// What it said; it names the address that it saw.
        message: String,
    },
    /// The service does not have what was asked for.
    #[error("{host} has no {what}: {message}")]
    NotThere {
        /// The table, the instance or the list asked for.
        what: String,
        /// The service's host.
        host: String,
        /// What it said.
        message: String,
    },
    /// A service refused a call for another reason.
    #[error("the source refused to give {what} ({status} {code}): {message}")]
    Refused {
        /// The table, or the list asked for.
        what: String,
        /// The answer's status.
        status: u16,
        /// The service's code, if it gave one.
        code: String,
        /// What it said.
        message: String,
    },
    /// An answer cannot be understood, however often it was asked for.
    #[error("the source's answer for {what} cannot be understood")]
    Unreadable {
        /// The table, or the list asked for.
        what: String,
        /// What is wrong with it, and where.
        source: serde_json::Error,
    },
    /// The link to the next page leads to another server, which must not be given the export user's token.
    #[error("the next page of {what} is said to be at another place: {link}")]
    LinkAstray {
        /// The table.
        what: String,
        /// The link.
        link: String,
    },
    /// The links from page to page lead in circles.
    #[error("the pages of {what} lead in circles")]
    Endless {
        /// The table.
        what: String,
    },
    /// The rows of a list moved from page to page, each time it was read, so that some may have been missed.
    #[error("the pages of {what} shifted each time they were read")]
    Shifted {
        /// The table, or the segment.
        what: String,
    },
    /// Far fewer members came than the service itself counts.
    #[error("{read} members of {segment:?} came where the source counts {told}")]
    Fewer {
        /// The label of the segment.
        segment: String,
        /// How many the service counts.
        told: u64,
        /// How many came.
        read: u64,
    },
    /// The rows of a table do not tell whose they are.
    #[error("no row of {what} has a value in {column}")]
    NoIds {
        /// The table.
        what: String,
        /// The column that should hold the id.
        column: String,
    },
    /// The environment does not tell the labels of a choice, which would go out as a bare number.
    #[error("the labels of the choices of {attribute} are not told")]
    NoLabels {
        /// The attribute.
        attribute: String,
    },
    /// The service describes profiles without any attribute.
    #[error("{what} has no attributes")]
    NoAttributes {
        /// The table.
        what: String,
    },
    /// The service lists instances, and none of them with an id.
    #[error("{host} lists instances without an id")]
    NoInstanceId {
        /// The service's host.
        host: String,
    },
    /// The source was refreshed while it was read, so that what was read is of two times.
    #[error("the segment {segment:?} was evaluated anew while it was read")]
    Refreshed {
        /// The label of the segment.
        segment: String,
    },
}

impl ServiceError {
    /// Tells whether the same may work later, without anyone doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::NoAnswer(_)
            | Self::Unavailable { .. }
            | Self::UsedUp { .. }
            | Self::Unreadable { .. }
            | Self::Shifted { .. }
            | Self::Fewer { .. }
            | Self::Refreshed { .. } => true,
            Self::Login(why) => why.is_temporary(),
            _ => false,
        }
    }

    /// Tells whether fewer rows at a time may work where so many did not.
    pub(super) fn is_too_large(&self) -> bool {
        match self {
            Self::Unavailable { status, .. } => *status == 504,
            Self::NoAnswer(why) => why.is_about_size(),
            _ => false,
        }
    }

    /// Tells whether the export user, or someone with more rights, must sign in or grant something first.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        match self {
            Self::NotSignedIn { .. }
            | Self::SubscriptionKey { .. }
            | Self::NotInEnvironment { .. }
            | Self::NoPrivilege { .. } => true,
            Self::Login(why) => !why.is_temporary() && !why.is_usage(),
            _ => false,
        }
    }
}
