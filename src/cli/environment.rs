//! What the process is told by its environment.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::export::{Error, Surroundings};
use crate::http::{DEFAULT_TIMEOUT, Endpoint, timeout_from};
use crate::login::{
    ADDRESSES, Endpoints, EnvCredential, Keyring, SourceVariables, SqlVariables, SystemKeyring,
};
use crate::store::{Home, IdTrouble};

/// The variable that says after how many seconds a call is given up.
pub(super) const TIMEOUT: &str = "SEGUE_HTTP_TIMEOUT";

/// Reads a variable that is set and not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Reads a variable as [`variable`] does, but no address that nothing may be sent to.
pub(super) fn usable(name: &str) -> Option<String> {
    let is_refused =
        |text: &String| ADDRESSES.contains(&name) && Endpoint::parse(text.trim()).is_err();
    variable(name).filter(|text| !is_refused(text))
}

/// After which time a call is given up; what is no time has been refused, or told, elsewhere.
pub(super) fn timeout(variable: impl Fn(&str) -> Option<String>) -> Duration {
    timeout_from(variable(TIMEOUT).as_deref()).unwrap_or(DEFAULT_TIMEOUT)
}

/// The person at the keyboard, as the environment names them; else the account that the process belongs to.
pub(super) fn user(variable: impl Fn(&str) -> Option<String>) -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(variable)
        .or_else(account)
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Asks the system for the name of the process's account, which may stand in a directory of the organisation.
fn account() -> Option<String> {
    let told = std::process::Command::new("id")
        .arg("-un")
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    let name = String::from_utf8(told.stdout).ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Chooses where files are kept: as the flag says, then the variable. An empty variable is one that was not set.
pub(super) fn home(flag: Option<PathBuf>, variable: Option<OsString>) -> Result<Home, Error> {
    let folder = flag.or_else(|| variable.filter(|text| !text.is_empty()).map(Into::into));
    Ok(match folder {
        Some(folder) => Home::at(folder),
        None => Home::of_user()?,
    })
}

/// Looks at a home, and at what the environment says of the services.
pub(super) fn look_around(
    home: Home,
    makes_home: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(Surroundings, Option<IdTrouble>), Error> {
    // Where nothing was kept yet there is no secret to be found, and who only reads leaves no folder behind.
    let (id, trouble) = if makes_home || home.is_there() {
        home.look_after_id()?
    } else {
        (String::new(), None)
    };
    Ok((look_around_at(home, &id, variable)?, trouble))
}

/// As [`look_around`], at a home whose id is known.
pub(super) fn look_around_at(
    home: Home,
    id: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Surroundings, Error> {
    let (api, login) = (
        variable("SEGUE_MAILCHIMP_API_URL"),
        variable("SEGUE_MAILCHIMP_LOGIN_URL"),
    );
    Ok(Surroundings {
        keyring: Keyring::new(Arc::new(SystemKeyring::new()), id),
        home,
        endpoints: Endpoints::new(api.as_deref(), login.as_deref())?,
        env_credential: variable(EnvCredential::VARIABLE).map(|text| EnvCredential::read(&text)),
        variables: SourceVariables::read(&variable)?,
        sql: SqlVariables::read(text_variables()),
        timeout: timeout(&variable),
        user: user(variable),
        on_wait: None,
    })
}

/// Lists the variables that are text; what else there may be is none of ours.
fn text_variables() -> impl Iterator<Item = (String, String)> {
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{home, user};
    use crate::store::Home;

    #[test]
    fn who_agreed_is_named_by_user_then_logname_then_the_account_of_the_process() {
        let from = |set: &'static [(&str, &str)]| {
            user(move |name| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(from(&[("LOGNAME", "l"), ("USER", "u")]), "u");
        assert_eq!(from(&[("USERNAME", "w"), ("LOGNAME", "l")]), "l");
        #[cfg(unix)]
        {
            let asked = std::process::Command::new("id").arg("-un").output();
            let account = String::from_utf8(asked.expect("id").stdout).expect("a name");
            assert_eq!(from(&[]), account.trim());
        }
    }

    #[test]
    fn an_empty_segue_home_counts_as_unset() {
        let of_user = Home::of_user().expect("a home");
        assert_eq!(home(None, Some(OsString::new())).expect("home"), of_user);
        let at = home(None, Some("/x".into())).expect("home");
        assert_eq!(at, Home::at("/x"));
    }
}
