use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::{Host, Url};

use super::{ARGUMENT, SqlError};
use crate::domain::Secret;

/// How an engine is reached: by which driver, with which settings, in which process.
#[derive(Clone)]
pub struct Engine {
    /// The driver: a name that a manifest stands for, or the path of a library.
    pub driver: String,
    /// What its database is opened with.
    pub options: BTreeMap<String, String>,
    /// The same, where nobody may see it.
    pub secrets: BTreeMap<String, Secret<String>>,
    /// The program that has the driver loaded, with its arguments.
    pub program: (PathBuf, Vec<OsString>),
    /// After which silence the engine is given up.
    pub patience: Duration,
}

impl fmt::Debug for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Engine({})", self.driver)
    }
}

/// The setting that names a driver's first function, where it is not called as usual.
const ENTRYPOINT: &str = "entrypoint";

impl Engine {
    /// How long an engine may be silent, unless somebody says otherwise: a warehouse may take its time before the first row.
    pub const PATIENCE: Duration = Duration::from_mins(15);

    /// Has this program load the driver.
    ///
    /// # Errors
    /// Fails when the system does not tell which program this is.
    pub fn own_program() -> std::io::Result<(PathBuf, Vec<OsString>)> {
        Ok((std::env::current_exe()?, vec![ARGUMENT.into()]))
    }

    /// Refuses an address that would be called unencrypted, unless it is on this computer.
    ///
    /// # Errors
    /// Names the address.
    pub fn check(&self) -> Result<(), SqlError> {
        let secrets = self.secrets.values().map(|secret| secret.expose().as_str());
        let known = self
            .options
            .values()
            .map(String::as_str)
            .map(|text| (text, true));
        for (text, is_shown) in known.chain(secrets.map(|text| (text, false))) {
            if let Some(host) = plain(text) {
                let shown = if is_shown { text.to_owned() } else { host };
                return Err(SqlError::Plain(shown));
            }
        }
        Ok(())
    }

    /// Names the driver as people know it.
    pub(super) fn called(&self) -> String {
        let path = Path::new(&self.driver);
        let file = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        file.unwrap_or_else(|| self.driver.clone())
    }

    #[cfg_attr(not(feature = "sql"), expect(dead_code, reason = "nothing is opened"))]
    /// Gives all that the database is opened with, and the name of the driver's first function apart.
    pub(super) fn settings(&self) -> (Option<String>, BTreeMap<String, String>) {
        let secrets = self.secrets.iter();
        let secrets = secrets.map(|(key, secret)| (key.clone(), secret.expose().clone()));
        let mut all: BTreeMap<_, _> = self.options.clone().into_iter().chain(secrets).collect();
        (all.remove(ENTRYPOINT), all)
    }
}

/// Tells whether a text is an address that is called unencrypted over a network: gives its host.
fn plain(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let without = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
        name == "sslmode" && matches!(&*value, "disable" | "allow")
    };
    let is_plain = match url.scheme() {
        "grpc" | "grpc+tcp" | "http" | "ws" => true,
        // <https://www.postgresql.org/docs/current/libpq-ssl.html>
        "postgresql" | "postgres" => url.query_pairs().any(without),
        _ => false,
    };
    if !is_plain {
        return None;
    }
    let host = url.host_str()?.to_owned();
    // Of schemes that are not the web's, addresses are not told from names.
    let is_here = match Host::parse(&host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    };
    (!is_here).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_leaves_this_computer_unencrypted() {
        for here in [
            "grpc://127.0.0.1:32010",
            "grpc+tcp://localhost:1",
            "grpc://[::1]:1",
            "grpc+tls://db.example:443",
            "grpc+unix:///tmp/socket",
            "postgresql://db.example/x",
            "postgresql://db.example/x?sslmode=verify-full",
            "postgresql://localhost/x?sslmode=disable",
            "/data/x.db",
        ] {
            assert_eq!(plain(here), None, "{here}");
        }
        for (away, host) in [
            ("grpc://db.example:32010", "db.example"),
            (" GRPC+TCP://10.0.0.1", "10.0.0.1"),
            ("http://db.example", "db.example"),
            ("postgresql://db.example/x?sslmode=disable", "db.example"),
            ("grpc://localhost.example", "localhost.example"),
        ] {
            assert_eq!(plain(away).as_deref(), Some(host), "{away}");
        }
    }
}
