use std::fmt;
use std::path::PathBuf;

use super::{Gap, NoUndo};
use crate::deliver::Error as DeliverError;
use crate::domain::{ConsentRule, DestinationName, Gap as Lacking, LoginName, Segment, SourceSpec};
use crate::http::{BadEndpoint, Endpoint};
use crate::login::Error as LoginError;
use crate::plan::Unmet;
use crate::source::Error as SourceError;
use crate::store::Error as StoreError;

/// A guard that decides before the first write (rule 7), or stops a run early (rule 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// Nobody agreed to the transfer (rule 6).
    NoAgreement,
    /// There are more profiles than the destination allows.
    MaxProfiles {
        /// The limit.
        limit: u64,
    },
    /// The account would have more contacts than its plan allows.
    PlanLimit {
        /// The most contacts of the plan.
        limit: u64,
        /// The contacts of all audiences now, archived ones not counted.
        now: u64,
        /// How many the run would create.
        created: u64,
    },
    /// Tags of these names exist in the audience and are not ours (rule 4).
    ForeignTags(Vec<String>),
    /// The source itself does not vouch for these segments: never switched on, switched off, or not evaluated.
    SegmentState(Vec<Segment>),
    /// More members of a tag would lose it than may.
    Removals {
        /// The tag.
        tag: String,
        /// How many would lose it.
        count: u64,
        /// How many have it.
        members: u64,
    },
    /// The source holds far less than it did: less than half the profiles, nobody in a segment that was not empty, or a
    /// segment not at all.
    Shrunk {
        /// How many profiles the last complete reading found.
        before: u64,
        /// How many there are now.
        now: u64,
        /// The labels of the segments that are empty now.
        emptied: Vec<String>,
        /// The labels of the segments that the source does not list any more.
        gone: Vec<String>,
    },
    /// The first update call changed a contact's status.
    StatusChanged,
    /// Too many people who had left were made anew.
    Recreated,
}

impl Guard {
    /// Shows the guard as JSON spells it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoAgreement => "consent",
            Self::MaxProfiles { .. } => "max_profiles",
            Self::PlanLimit { .. } => "plan_limit",
            Self::ForeignTags(_) => "foreign_tags",
            Self::SegmentState(_) => "segment_state",
            Self::Removals { .. } => "removals",
            Self::Shrunk { .. } => "shrunk",
            Self::StatusChanged => "status_changed",
            Self::Recreated => "recreated",
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Why a run, a check or the making of a destination did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something on disk failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Mailchimp failed or refused.
    #[error(transparent)]
    Deliver(#[from] DeliverError),
    /// The login failed.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// An address of a service is none.
    #[error(transparent)]
    Endpoint(#[from] BadEndpoint),
    /// The mapping does not fit the audience (any more).
    #[error("the mapping does not fit the audience: {0:?}")]
    Mapping(Vec<Unmet>),
    /// The destination's file lacks what no destination can be without.
    #[error("{name} is not complete: {lacking:?}")]
    Incomplete {
        /// The destination.
        name: DestinationName,
        /// Its file.
        path: PathBuf,
        /// What it lacks.
        lacking: Vec<Lacking>,
    },
    /// The consent attribute can be read two ways (rule 1).
    #[error("the consent attribute {0} can be read two ways")]
    AmbiguousConsent(ConsentRule),
    /// A guard refused.
    #[error("refused by the guard {0}")]
    Refused(Guard),
    /// Another run has the account.
    #[error("the account is busy with {holder}")]
    Busy {
        /// The other run, in its own words.
        holder: String,
    },
    /// Somebody sees to the schedules of this home already.
    #[error("schedules are seen to by {holder}")]
    Watched {
        /// Who, in its own words.
        holder: String,
    },
    /// The run was killed, or its computer was; what it had done by then is settled.
    #[error("interrupted after {done} of {profiles} profiles")]
    Interrupted {
        /// Profiles that it had settled.
        done: u64,
        /// Profiles in all; 0 where its plan was not made yet.
        profiles: u64,
    },
    /// A run of the destination goes on, so that it cannot be removed.
    #[error("{name} is being exported by {holder}")]
    GoesOn {
        /// The destination.
        name: DestinationName,
        /// The run, in its own words.
        holder: String,
    },
    /// The destination was removed meanwhile.
    #[error("{name} is not there any more")]
    Gone {
        /// The destination.
        name: DestinationName,
    },
    /// What the destination reads, or where it leads, was changed while a run waited for its turn.
    #[error("{name} was changed while its run waited")]
    Changed {
        /// The destination.
        name: DestinationName,
    },
    /// The login a destination uses was made with another address of the service.
    #[error("the login was made with {made}, not with {now}")]
    OtherService {
        /// The address it was made with.
        made: Endpoint,
        /// The address asked for now.
        now: Endpoint,
    },
    /// The login of the export user was made for another source.
    #[error("the login was made for {made}, not for {now}")]
    OtherSource {
        /// The address it was made for.
        made: Endpoint,
        /// The address asked for now.
        now: Endpoint,
    },
    /// There is no login of an export user that could be used for a source.
    #[error("no login {login:?} of an export user reaches {source_spec}")]
    NoSourceLogin {
        /// Its name; `None` when none was named and none stands out.
        login: Option<LoginName>,
        /// The source.
        source_spec: SourceSpec,
    },
    /// The name belongs to a login of another service.
    #[error("{login} is the name of a login for {service} already")]
    LoginTaken {
        /// The name.
        login: LoginName,
        /// The service of the login that has it.
        service: String,
    },
    /// The name belongs to a login of another account, which nobody agreed to replace.
    #[error("{login} is the login of {had}, and {now} signed in")]
    OtherAccount {
        /// The name.
        login: LoginName,
        /// The account whose login it is.
        had: String,
        /// The account that signed in.
        now: String,
    },
    /// The destination has no login: it was detached.
    #[error("{name} has no login")]
    NotConnected {
        /// The destination.
        name: DestinationName,
    },
    /// There is no login of that name that reaches an engine.
    #[error("no login {login} reaches an engine")]
    NoEngine {
        /// The name.
        login: LoginName,
    },
    /// There is no login of that name.
    #[error("no login is called {login:?}")]
    NoLogin {
        /// The name.
        login: String,
    },
    /// What was read of the audience stays different from what the service counts, and too many would be created to ask
    /// for each.
    #[error("read {} contacts, {} are counted", .0.read, .0.counted)]
    CountsDiffer(Gap),
    /// A run cannot be taken back.
    #[error("cannot be undone: {0:?}")]
    NoUndo(NoUndo),
    /// A part of the run came to an unexpected end: a bug.
    #[error("a part of the run broke off: {0}")]
    Broken(String),
}

impl Error {
    /// Tells the exit code of the contract: 2 usage, 4 sign-in needed, 5 temporary, 6 refused, 70 a bug, else 1.
    #[must_use]
    pub fn exit(&self) -> u8 {
        match self {
            Self::Login(why) if why.is_temporary() => 5,
            Self::Login(why) if why.is_usage() => 2,
            Self::Login(why) if why.is_refusal() => 1,
            // A share that is not mounted for now, or a file that is being written.
            Self::Source(why) if why.may_pass() => 5,
            Self::Source(why) if why.needs_sign_in() => 4,
            Self::Source(why) if why.is_usage() => 2,
            Self::Deliver(DeliverError::SignIn(_))
            | Self::Login(_)
            | Self::NotConnected { .. }
            | Self::NoLogin { .. }
            | Self::NoEngine { .. }
            | Self::NoSourceLogin { .. } => 4,
            Self::Deliver(why) if why.is_temporary() => 5,
            Self::CountsDiffer(_)
            | Self::Interrupted { .. }
            | Self::Busy { .. }
            | Self::Watched { .. }
            | Self::Changed { .. }
            | Self::GoesOn { .. } => 5,
            Self::Deliver(
                DeliverError::StatusChanged { .. } | DeliverError::ManyRecreated { .. },
            )
            | Self::Refused(_) => 6,
            Self::Deliver(DeliverError::Stopped) => 130,
            Self::Store(StoreError::Exists(_))
            | Self::OtherService { .. }
            | Self::OtherSource { .. }
            | Self::LoginTaken { .. }
            | Self::AmbiguousConsent(_)
            | Self::OtherAccount { .. }
            | Self::NoUndo(_)
            | Self::Gone { .. }
            | Self::Endpoint(_) => 2,
            Self::Broken(_) | Self::Deliver(DeliverError::Broken(_)) => 70,
            Self::Store(_)
            | Self::Source(_)
            | Self::Deliver(_)
            | Self::Mapping(_)
            | Self::Incomplete { .. } => 1,
        }
    }

    /// Tells the guard that refused, where one did.
    #[must_use]
    pub fn guard(&self) -> Option<Guard> {
        match self {
            Self::Refused(guard) => Some(guard.clone()),
            Self::Deliver(DeliverError::StatusChanged { .. }) => Some(Guard::StatusChanged),
            Self::Deliver(DeliverError::ManyRecreated { .. }) => Some(Guard::Recreated),
            _ => None,
        }
    }
}
