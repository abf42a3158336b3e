//! What is wrong on this computer, with the saved logins and with the destinations: each check by itself, all at once, and
//! none for longer than a person waits. Reads and asks, and changes nothing.

mod machine;
mod services;
mod settings;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::OptionFuture;

use super::{Error, Surroundings};
use crate::domain::{SourceSpec, Worded};
use crate::http::CallError;
use crate::login::BrowserObstacle;
use crate::store::{BadKey, LookAtKeys};
use machine::{keyring, machine, proxy, schedules};
use services::{destinations, engines, logins, network};
pub use settings::finish_of_nobody;
use settings::{config, misset};

/// How long a check may take.
const LIMIT: Duration = Duration::from_secs(4);

/// What is looked at. The names are part of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Whether files can be written.
    Folder,
    /// Whether the disk has room.
    Disk,
    /// Whether what is set in `config.toml` can be read.
    Config,
    /// Whether texts can be shown.
    Locale,
    /// Whether secrets can be kept.
    Keyring,
    /// Whether a browser can be opened.
    Browser,
    /// What the environment gives instead of the keyring.
    Environment,
    /// Whether the proxy can be reached.
    Proxy,
    /// Whether a service answers, whom this computer trusts.
    Network,
    /// Whether the clocks agree.
    Clock,
    /// Whether a login is still accepted.
    Login,
    /// Whether a destination's file can be read, and its audience has what it needs.
    Destination,
    /// Whether a destination's source can be read.
    Source,
    /// Whether runs came to their end.
    Runs,
    /// Whether somebody sees to the schedules, and whether they go on.
    Watch,
    /// Whether those who were erased are known, and erased.
    Erased,
}

impl Check {
    /// Shows the check as JSON spells it; never translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Disk => "disk",
            Self::Config => "config",
            Self::Locale => "locale",
            Self::Keyring => "keyring",
            Self::Browser => "browser",
            Self::Environment => "environment",
            Self::Proxy => "proxy",
            Self::Network => "network",
            Self::Clock => "clock",
            Self::Login => "login",
            Self::Destination => "destination",
            Self::Source => "source",
            Self::Runs => "runs",
            Self::Watch => "watch",
            Self::Erased => "erased",
        }
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// Whose: a login, a destination, a host; else empty.
    pub about: String,
    /// What is the matter; `None` where all is well.
    pub trouble: Option<Trouble>,
}

/// What is the matter.
#[derive(Debug)]
pub enum Trouble {
    /// What a run would fail with.
    Failed(Error),
    /// The disk has only so many bytes left.
    Space(u64),
    /// The locale is not one of UTF-8.
    Locale(String),
    /// There is no D-Bus address, as in cron, and so no keyring; it may be this one.
    NoBus(String),
    /// There is no keyring to be had, and the environment gives every secret.
    NoNeedOfKeyring,
    /// No browser can be opened.
    NoBrowser(BrowserObstacle),
    /// These variables are used instead of the keyring.
    Variables(Vec<String>),
    /// `SEGUE_HTTP_TIMEOUT` is no number of seconds, but this.
    Timeout(String),
    /// `SEGUE_THEME` names no colours that there are.
    Theme(String),
    /// Nobody knows these keys of `config.toml`.
    UnknownKeys(Vec<String>),
    /// These have a command in `on_finish` of `config.toml`, and are no destinations.
    FinishOfNobody(Vec<String>),
    /// This file wishes for a key that cannot be had.
    BadKey(BadKey, PathBuf),
    /// There is no connection to the service.
    NoNetwork(CallError),
    /// The service's certificate is not accepted.
    Certificate(CallError),
    /// The service did not answer as services do.
    Unreachable(CallError),
    /// The proxy that this variable names cannot be reached.
    Proxy(&'static str),
    /// The clocks differ by so many minutes.
    Clock(u64),
    /// Nobody is signed in to Mailchimp.
    NoLogin,
    /// So many runs of the destination ended early and are settled by the next.
    Unfinished(usize),
    /// So many people are to be erased and are not yet.
    EraseBegun(usize),
    /// So many destinations have a schedule, and nobody sees to them.
    NoWatcher(usize),
    /// The schedule of a destination has stopped: why.
    ScheduleStopped(Worded),
    /// There was no answer in time.
    Slow,
}

impl Trouble {
    /// Tells whether something does not work; the rest is worth knowing.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        match self {
            Self::Failed(_)
            | Self::NoBus(_)
            | Self::Timeout(_)
            | Self::Theme(_)
            | Self::BadKey(..)
            | Self::NoNetwork(_)
            | Self::Certificate(_)
            | Self::Unreachable(_)
            | Self::Proxy(_)
            | Self::Clock(_)
            | Self::ScheduleStopped(_)
            | Self::Slow => true,
            // Not even a small run's files would fit.
            Self::Space(left) => *left < 100 << 20,
            Self::Locale(_)
            | Self::NoNeedOfKeyring
            | Self::NoBrowser(_)
            | Self::Variables(_)
            | Self::UnknownKeys(_)
            | Self::FinishOfNobody(_)
            | Self::NoLogin
            | Self::Unfinished(_)
            | Self::NoWatcher(_)
            | Self::EraseBegun(_) => false,
        }
    }
}

fn finding(check: Check, about: &str, trouble: Option<Trouble>) -> Finding {
    Finding {
        check,
        about: about.to_owned(),
        trouble,
    }
}

fn failed(check: Check, about: &str, outcome: Result<(), Error>) -> Finding {
    finding(check, about, outcome.err().map(Trouble::Failed))
}

/// What can be asked. What cannot be reached is told once, and not again by everything that needs it; and nobody is asked
/// to unlock a keyring.
#[derive(Debug, Clone, Copy)]
struct AtHand {
    network: bool,
    services: bool,
    keyring: bool,
}

impl AtHand {
    fn mailchimp(self, surroundings: &Surroundings) -> bool {
        self.network && (self.keyring || surroundings.env_credential.is_some())
    }

    fn source(self, surroundings: &Surroundings, source: &SourceSpec) -> bool {
        let has_secret = self.keyring || surroundings.variables.keeping().is_some();
        !source.needs_login() || self.services && has_secret
    }
}

/// Looks at everything. `variable` reads the environment; where an address in it cannot be used, no service is asked: it
/// would be another one than was meant.
pub async fn doctor(
    surroundings: &Surroundings,
    variable: impl Fn(&str) -> Option<String>,
    look_at_keys: LookAtKeys,
) -> Vec<Finding> {
    let quick = Surroundings {
        timeout: surroundings.timeout.min(LIMIT),
        on_wait: None,
        keyring: surroundings.keyring.clone().with_limit(LIMIT),
        ..surroundings.clone()
    };
    let mut found = machine(&quick, &variable);
    let (addresses, others) = misset(&variable);
    let is_astray = !addresses.is_empty();
    found.extend(addresses.into_iter().chain(others));
    found.extend(config(&quick.home, look_at_keys));
    let asked = (!is_astray).then(|| network(&quick));
    let (keyring, proxy, network) = tokio::join!(
        keyring(&quick, &variable),
        proxy(&variable),
        OptionFuture::from(asked),
    );
    let network = network.unwrap_or_default();
    let at_hand = AtHand {
        network: !is_astray && network.iter().all(|one| one.trouble.is_none()),
        services: !is_astray,
        keyring: keyring.trouble.is_none(),
    };
    found.push(keyring);
    found.extend(proxy);
    found.extend(network);
    let (logins, destinations) =
        tokio::join!(logins(&quick, at_hand), destinations(&quick, at_hand));
    found.extend(logins);
    found.extend(engines(&quick).await);
    found.extend(destinations);
    found.extend(schedules(&quick));
    found
}
