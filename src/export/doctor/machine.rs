//! What can be told of this computer: its files, its keyring, its browser, its proxy.

use std::path::Path;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Check, Finding, LIMIT, Trouble, failed, finding};
use crate::domain::Destination;
use crate::export::{Error, Surroundings};
use crate::login::{EnvCredential, Error as LoginError, SourceVariables, browser_obstacle};
use crate::store::{AccountLock, Agendas, Destinations, Erased};

/// Below so many bytes a disk is nearly full: a run of a million people takes about as much.
const SPACE: u64 = 1 << 30;

/// What this computer tells without asking anybody.
pub(super) fn machine(
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
        found.push(finding(Check::Disk, "", scarce(space)));
    }
    if cfg!(unix) {
        found.push(finding(Check::Locale, "", locale(variable)));
    }
    let obstacle = browser_obstacle().map(Trouble::NoBrowser);
    found.push(finding(Check::Browser, "", obstacle));
    let used = SECRETS.into_iter().filter(|name| is_set(variable, name));
    let used: Vec<String> = used
        .chain(surroundings.sql.names())
        .map(str::to_owned)
        .collect();
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

/// Tells whether so many bytes are too few for a large run.
fn scarce(space: u64) -> Option<Trouble> {
    (space < SPACE).then_some(Trouble::Space(space))
}

/// Whether somebody sees to the schedules that there are, and which of them have stopped.
pub(super) fn schedules(surroundings: &Surroundings) -> Vec<Finding> {
    let home = &surroundings.home;
    // What cannot be read of the destinations is told with them.
    let saved = Destinations::of(home).list().unwrap_or_default();
    let scheduled: Vec<_> = saved.iter().filter(|one| !one.schedule.is_off()).collect();
    if scheduled.is_empty() {
        return Vec::new();
    }
    let watched = AccountLock::is_watched(home).map_err(Error::from);
    let trouble = match watched {
        Ok(true) => None,
        Ok(false) => Some(Trouble::NoWatcher(scheduled.len())),
        Err(why) => Some(Trouble::Failed(why)),
    };
    let mut found = vec![finding(Check::Watch, "", trouble)];
    match Agendas::of(home).all() {
        Ok(known) => found.extend(scheduled.into_iter().filter_map(|destination| {
            let agenda = known
                .of(&destination.id())
                .filter(|agenda| agenda.is_stopped())?;
            let why = agenda.trouble.as_ref()?.why.clone();
            let trouble = Some(Trouble::ScheduleStopped(why));
            Some(finding(Check::Watch, destination.name.as_str(), trouble))
        })),
        Err(why) => found.push(failed(Check::Watch, "", Err(why.into()))),
    }
    found
}

/// Variables that are used instead of the keyring.
const SECRETS: [&str; 3] = [
    EnvCredential::VARIABLE,
    SourceVariables::REFRESH_TOKEN,
    SourceVariables::SUBSCRIPTION_KEY,
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

pub(super) async fn keyring(
    surroundings: &Surroundings,
    variable: &impl Fn(&str) -> Option<String>,
) -> Finding {
    let trouble = match surroundings.keyring.look().await {
        Ok(()) => None,
        Err(_) if is_needless(surroundings) => Some(Trouble::NoNeedOfKeyring),
        Err(LoginError::NoKeyring(_)) if !is_set(variable, BUS) && cfg!(target_os = "linux") => {
            let folder = variable("XDG_RUNTIME_DIR").unwrap_or_else(session_folder);
            Some(Trouble::NoBus(format!("{BUS}=unix:path={folder}/bus")))
        }
        Err(why) => Some(Trouble::Failed(why.into())),
    };
    finding(Check::Keyring, "", trouble)
}

/// Tells whether the environment gives every secret that is needed.
fn is_needless(surroundings: &Surroundings) -> bool {
    let saved = Destinations::of(&surroundings.home);
    let reads = |saved: Vec<Destination>| saved.iter().any(|one| one.source.needs_login());
    let asks_source = saved.list().map_or(true, reads);
    let has_source = surroundings.variables.keeping().is_some();
    surroundings.env_credential.is_some() && (has_source || !asks_source)
}

/// Where the session of the user keeps its bus, whom cron runs as too.
#[cfg(unix)]
fn session_folder() -> String {
    format!("/run/user/{}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn session_folder() -> String {
    String::new()
}

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// Tries the proxy that the environment names, as far as it says where it is.
pub(super) async fn proxy(variable: &impl Fn(&str) -> Option<String>) -> Option<Finding> {
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

#[cfg(test)]
mod tests {
    use super::{SPACE, locale, scarce};
    use crate::export::Trouble;

    #[test]
    fn a_disk_that_is_nearly_full_is_told_with_what_is_left() {
        assert!(scarce(SPACE).is_none());
        let told = scarce(SPACE - 1);
        assert!(matches!(told, Some(Trouble::Space(left)) if left == SPACE - 1));
        assert!(!told.is_some_and(|told| told.is_wrong()));
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
