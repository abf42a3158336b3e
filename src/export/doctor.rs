//! What is wrong on this computer, with the saved logins and with the destinations: each check by itself, all at once, and
//! none for longer than a person waits. Reads and asks, and changes nothing.

use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::report::unfinished;
use super::{Error, Surroundings, look_at_audience};
use crate::domain::{Destination, LoginName};
use crate::http::Endpoint;
use crate::login::{Error as LoginError, browser_obstacle};
use crate::plan::Rules;
use crate::store::{Destinations, Erased, Logins};

/// How long a check may take.
const LIMIT: Duration = Duration::from_secs(4);
/// By how much the clocks may differ.
const CLOCK: i64 = 120;
/// Below so many bytes a disk is nearly full: a run of a million people takes about as much.
const SPACE: u64 = 1 << 30;

/// What is looked at. The names are part of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Whether files can be written.
    Folder,
    /// Whether the disk has room.
    Disk,
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
    /// No browser can be opened.
    NoBrowser(&'static str),
    /// These variables are used instead of the keyring.
    Variables(Vec<&'static str>),
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
    /// There was no answer in time.
    Slow,
}

impl Trouble {
    /// Tells whether something does not work; the rest is worth knowing.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        match self {
            Self::Failed(_) | Self::NoBus(_) | Self::Proxy(_) | Self::Clock(_) | Self::Slow => true,
            Self::Space(_)
            | Self::Locale(_)
            | Self::NoBrowser(_)
            | Self::Variables(_)
            | Self::NoLogin
            | Self::Unfinished(_)
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

/// Looks at everything. `variable` reads the environment.
pub async fn doctor(
    surroundings: &Surroundings,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    let quick = Surroundings {
        timeout: surroundings.timeout.min(LIMIT),
        on_wait: None,
        keyring: surroundings.keyring.clone().with_limit(LIMIT),
        ..surroundings.clone()
    };
    let mut found = machine(&quick, &variable);
    let (keyring, proxy, network) = tokio::join!(
        keyring(&quick, &variable),
        proxy(&variable),
        network(&quick)
    );
    let is_online = network.iter().all(|one| one.trouble.is_none());
    found.push(keyring);
    found.extend(proxy);
    found.extend(network);
    // Who cannot be reached is told once, and not again by everything that needs it.
    let logins = async {
        if is_online {
            logins(&quick).await
        } else {
            Vec::new()
        }
    };
    let (logins, destinations) = tokio::join!(logins, destinations(&quick, is_online));
    found.extend(logins);
    found.extend(destinations);
    found
}

/// What this computer tells without asking anybody.
fn machine(
    surroundings: &Surroundings,
    variable: &impl Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    let home = &surroundings.home;
    let mut found = vec![failed(
        Check::Folder,
        "",
        home.try_to_write().map_err(Error::from),
    )];
    let space = free_space(home.runs().parent().unwrap_or(home.folder()));
    if let Some(space) = space {
        let trouble = (space < SPACE).then_some(Trouble::Space(space));
        found.push(finding(Check::Disk, "", trouble));
    }
    if cfg!(unix) {
        found.push(finding(Check::Locale, "", locale(variable)));
    }
    let obstacle = browser_obstacle().map(Trouble::NoBrowser);
    found.push(finding(Check::Browser, "", obstacle));
    let used = SECRETS.into_iter().filter(|name| is_set(variable, name));
    let used: Vec<_> = used.collect();
    if !used.is_empty() {
        found.push(finding(
            Check::Environment,
            "",
            Some(Trouble::Variables(used)),
        ));
    }
    let erased = match Erased::open(home) {
        Ok(erased) if erased.begun() > 0 => Some(Trouble::EraseBegun(erased.begun())),
        Ok(_) => None,
        Err(why) => Some(Trouble::Failed(why.into())),
    };
    if erased.is_some() {
        found.push(finding(Check::Erased, "", erased));
    }
    found
}

/// Variables that are used instead of the keyring.
const SECRETS: [&str; 3] = [
    "SEGUE_MAILCHIMP_TOKEN",
    "SEGUE_INSIGHTS_REFRESH_TOKEN",
    "SEGUE_INSIGHTS_SUBSCRIPTION_KEY",
];

fn is_set(variable: &impl Fn(&str) -> Option<String>, name: &str) -> bool {
    variable(name).is_some_and(|value| !value.trim().is_empty())
}

/// As the system chooses the letters of a terminal: the first of these that is set.
fn locale(variable: &impl Fn(&str) -> Option<String>) -> Option<Trouble> {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = names.into_iter().filter(|name| is_set(variable, name));
    // Without any, it is the system's own.
    let locale = set.into_iter().find_map(variable);
    let locale = locale.unwrap_or_else(|| "C".to_owned());
    let letters = locale.to_lowercase().replace('-', "");
    (!letters.contains("utf8") && cfg!(target_os = "linux")).then_some(Trouble::Locale(locale))
}

#[cfg(unix)]
fn free_space(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let told = rustix::fs::statvfs(there).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(not(unix))]
fn free_space(_folder: &Path) -> Option<u64> {
    None
}

async fn keyring(
    surroundings: &Surroundings,
    variable: &impl Fn(&str) -> Option<String>,
) -> Finding {
    // With no bus there is nobody to ask, and no dialog to wait for.
    let trouble = match surroundings.keyring.try_out().await {
        Ok(()) => None,
        Err(LoginError::NoKeyring(_)) if !is_set(variable, BUS) && cfg!(target_os = "linux") => {
            let folder = variable("XDG_RUNTIME_DIR").unwrap_or_else(|| "/run/user/1000".into());
            Some(Trouble::NoBus(format!("{BUS}=unix:path={folder}/bus")))
        }
        Err(why) => Some(Trouble::Failed(why.into())),
    };
    finding(Check::Keyring, "", trouble)
}

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// Tries the proxy that the environment names, as far as it says where it is.
async fn proxy(variable: &impl Fn(&str) -> Option<String>) -> Option<Finding> {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let name = names.into_iter().find(|name| is_set(variable, name))?;
    let value = variable(name)?;
    let url = if value.contains("://") {
        value
    } else {
        format!("http://{value}")
    };
    let place = url::Url::parse(&url).ok().and_then(|url| {
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        Some((host, url.port_or_known_default().unwrap_or(1080)))
    });
    let is_there = match place {
        Some(place) => matches!(timeout(LIMIT, TcpStream::connect(place)).await, Ok(Ok(_))),
        None => false,
    };
    Some(finding(
        Check::Proxy,
        "",
        (!is_there).then_some(Trouble::Proxy(name)),
    ))
}

/// Asks each service whether it is there, without saying who we are, and what time it is.
async fn network(surroundings: &Surroundings) -> Vec<Finding> {
    let asked = places(surroundings).into_iter().map(async |place| {
        let host = place.host();
        let asked = async {
            let client = surroundings.client()?;
            let what = "whether it is there";
            let request = client.inner().get(place.as_str());
            let answer = client.send(request).await;
            answer.map_err(|source| Error::from(LoginError::Ask { what, source }))
        };
        match timeout(LIMIT + Duration::from_secs(1), asked).await {
            Err(_) => vec![finding(Check::Network, &host, Some(Trouble::Slow))],
            Ok(Err(why)) => vec![failed(Check::Network, &host, Err(why))],
            Ok(Ok(answer)) => {
                let date = answer
                    .headers
                    .get("date")
                    .and_then(|date| date.to_str().ok());
                let clock = date.and_then(|date| clock(date, Timestamp::now()));
                vec![
                    finding(Check::Network, &host, None),
                    finding(Check::Clock, &host, clock),
                ]
            }
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// Where Mailchimp is by the logins, or by what signs in to it.
fn places(surroundings: &Surroundings) -> Vec<Endpoint> {
    let saved = Logins::of(&surroundings.home).list().unwrap_or_default();
    let mut places: Vec<Endpoint> = Vec::new();
    let own = saved.into_iter().map(|login| login.api);
    let env = surroundings.env_credential.as_ref();
    let env = env.and_then(|env| surroundings.endpoints.base(env).ok());
    for place in own.chain(env) {
        if places.iter().all(|one| one.host() != place.host()) {
            places.push(place);
        }
    }
    if places.is_empty() {
        places.extend(surroundings.endpoints.login().ok().cloned());
    }
    places
}

/// Tells by how much our clock is off, where it matters.
fn clock(date: &str, now: Timestamp) -> Option<Trouble> {
    let there = rfc2822::parse(date).ok()?.timestamp();
    let off = now.as_second().abs_diff(there.as_second());
    (off > CLOCK.unsigned_abs()).then_some(Trouble::Clock(off.div_ceil(60)))
}

/// Asks who each login is.
async fn logins(surroundings: &Surroundings) -> Vec<Finding> {
    let names = match surroundings.login_names() {
        Ok(names) if names.is_empty() => {
            return vec![finding(Check::Login, "", Some(Trouble::NoLogin))];
        }
        Ok(names) => names,
        Err(why) => return vec![failed(Check::Login, "", Err(why))],
    };
    let asked = names.iter().map(async |name: &LoginName| {
        let asked = async {
            let access = surroundings.access(name).await?;
            access.mailchimp()?.account().await?;
            Ok(())
        };
        within(Check::Login, name.as_str(), asked).await
    });
    join_all(asked).await
}

async fn within(
    check: Check,
    about: &str,
    asked: impl Future<Output = Result<(), Error>>,
) -> Finding {
    match timeout(LIMIT, asked).await {
        Ok(outcome) => failed(check, about, outcome),
        Err(_) => finding(check, about, Some(Trouble::Slow)),
    }
}

async fn destinations(surroundings: &Surroundings, is_online: bool) -> Vec<Finding> {
    let saved = Destinations::of(&surroundings.home);
    let mut found = Vec::new();
    match saved.broken() {
        Ok(broken) => found.extend(broken.into_iter().map(|broken| {
            let why = Err(Error::from(broken.why));
            failed(Check::Destination, &broken.name, why)
        })),
        Err(why) => found.push(failed(Check::Destination, "", Err(why.into()))),
    }
    let all = saved.list().unwrap_or_default();
    let looked = all
        .iter()
        .map(|destination| look_at(surroundings, destination, is_online));
    found.extend(join_all(looked).await.into_iter().flatten());
    found
}

async fn look_at(
    surroundings: &Surroundings,
    destination: &Destination,
    is_online: bool,
) -> Vec<Finding> {
    let name = destination.name.as_str();
    let audience = async {
        let access = surroundings.access_for(destination).await?;
        let view = look_at_audience(&access.mailchimp()?, &destination.audience).await?;
        Rules::new(destination, &view.merge_fields).map_err(Error::Mapping)?;
        Ok(())
    };
    let source = async {
        let (spec, layout) = (&destination.source, &destination.folder);
        let login = destination.source_login.as_ref();
        surroundings.source(spec, layout, login).await.map(|_| ())
    };
    let (audience, source) = tokio::join!(
        async {
            if is_online {
                Some(within(Check::Destination, name, audience).await)
            } else {
                None
            }
        },
        within(Check::Source, name, source),
    );
    let mut found: Vec<Finding> = audience.into_iter().chain([source]).collect();
    match unfinished(&surroundings.home, &destination.audience) {
        Ok(runs) if runs.is_empty() => {}
        Ok(runs) => found.push(finding(
            Check::Runs,
            name,
            Some(Trouble::Unfinished(runs.len())),
        )),
        Err(why) => found.push(failed(Check::Runs, name, Err(why.into()))),
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Trouble, clock, locale};

    #[test]
    fn a_clock_that_is_off_by_minutes_is_told() {
        let now: Timestamp = "2026-07-01T12:00:00Z".parse().expect("time");
        let off = |date| match clock(date, now) {
            Some(Trouble::Clock(minutes)) => Some(minutes),
            _ => None,
        };
        assert_eq!(off("Wed, 01 Jul 2026 12:01:30 GMT"), None);
        assert_eq!(off("Wed, 01 Jul 2026 12:10:00 GMT"), Some(10));
        assert_eq!(off("Wed, 01 Jul 2026 11:50:00 GMT"), Some(10));
        assert_eq!(off("soon"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_locale_without_utf_8_is_told() {
        let told = |set: &'static [(&str, &str)]| {
            let variable = move |name: &str| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            locale(&variable).is_some()
        };
        assert!(told(&[]) && told(&[("LANG", "C")]));
        assert!(told(&[("LC_ALL", "C"), ("LANG", "sv_SE.UTF-8")]));
        assert!(!told(&[("LANG", "sv_SE.UTF-8")]) && !told(&[("LC_CTYPE", "C.utf8")]));
    }
}
