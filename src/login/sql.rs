use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::domain::Secret;

/// What the environment says about engines that are asked in SQL.
#[derive(Debug, Clone, Default)]
pub struct SqlVariables {
    secrets: BTreeMap<String, Secret<String>>,
    /// After which silence an engine is given up, where that is said.
    pub patience: Option<Duration>,
}

impl SqlVariables {
    /// What the variables of secrets begin with.
    pub const SECRET: &'static str = "SEGUE_SQL_SECRET_";
    /// The variable that says how many seconds an engine may be silent.
    pub const TIMEOUT: &'static str = "SEGUE_SQL_TIMEOUT";

    /// Reads the variables; an empty one counts as not set.
    pub fn read(all: impl Iterator<Item = (String, String)>) -> Self {
        let mut read = Self::default();
        for (name, value) in all.filter(|(_, value)| !value.trim().is_empty()) {
            if name.starts_with(Self::SECRET) {
                read.secrets
                    .insert(name, Secret::new(value.trim().to_owned()));
            } else if name == Self::TIMEOUT {
                let seconds = value.trim().parse().ok().filter(|seconds| *seconds > 0);
                read.patience = seconds.map(Duration::from_secs);
            }
        }
        read
    }

    /// Names the variable of a setting that is a secret: `SEGUE_SQL_SECRET_PASSWORD` for `password`.
    #[must_use]
    pub fn name_of(setting: &str) -> String {
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        };
        let name: String = setting.chars().map(letter).collect();
        format!("{}{name}", Self::SECRET)
    }

    /// Gives a setting's secret.
    #[must_use]
    pub fn secret(&self, setting: &str) -> Option<&Secret<String>> {
        self.secrets.get(&Self::name_of(setting))
    }

    /// Names the variables of secrets that are set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.secrets.keys().map(String::as_str)
    }
}

/// What is in the names of settings that hold secrets.
const SECRETS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "token",
    "secret",
    "credential",
    "authorization",
    "jwt",
    "pkcs8",
    "private_key",
    "access_key",
    "api_key",
];

/// Tells a secret by the name of its setting, or by a password in its value: in that of an address, or as drivers write
/// settings in one text (`host=db user=reader password=x`, `Server=db;Pwd=x`).
#[must_use]
pub fn is_secret_setting(key: &str, value: &str) -> bool {
    let names_one = |name: &str| {
        let name = name.to_lowercase().replace('-', "_");
        SECRETS.iter().any(|secret| name.contains(secret))
    };
    let in_address = || {
        let url = url::Url::parse(value.trim()).ok()?;
        let asked = url.query_pairs().any(|(name, _)| names_one(&name));
        Some(url.password().is_some() || asked)
    };
    let in_settings = || {
        // libpq allows spaces around the sign.
        let mut parts = value.split('=').peekable();
        while let Some(part) = parts.next() {
            let name = part.trim_end().rsplit([' ', ';', ',', '\t', '\n']).next();
            if parts.peek().is_some() && name.is_some_and(names_one) {
                return true;
            }
        }
        false
    };
    let is_key = value.trim_start().starts_with("-----BEGIN");
    names_one(key) || is_key || in_address().unwrap_or_else(in_settings)
}

/// A driver is found from cron too, wherever that starts; a name is one for a manifest.
#[must_use]
pub fn driver_place(driver: &str) -> String {
    let path = Path::new(driver);
    let is_path = path.components().count() > 1 || path.extension().is_some();
    let absolute = std::path::absolute(path).ok().filter(|_| is_path);
    absolute.map_or_else(|| driver.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{SqlVariables, driver_place, is_secret_setting};

    #[test]
    fn a_secret_is_found_by_the_name_of_its_setting() {
        let set = [
            (
                "SEGUE_SQL_SECRET_ADBC_FLIGHT_SQL_AUTHORIZATION_HEADER",
                " Bearer x ",
            ),
            ("SEGUE_SQL_SECRET_PASSWORD", ""),
            ("SEGUE_SQL_TIMEOUT", "60"),
            ("PATH", "/bin"),
        ];
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = SqlVariables::read(set.into_iter());
        let header = read.secret("adbc.flight.sql.authorization_header");
        assert_eq!(
            header.map(|secret| secret.expose().as_str()),
            Some("Bearer x")
        );
        assert!(read.secret("password").is_none(), "an empty one is none");
        assert_eq!(read.names().count(), 1);
        assert_eq!(read.patience.map(|time| time.as_secs()), Some(60));
    }

    #[test]
    fn what_looks_like_a_secret_is_no_option() {
        for (key, value) in [
            ("password", "x"),
            ("adbc.flight.sql.authorization_header", "Bearer x"),
            ("uri", "postgresql://reader:x@db.example/crm"),
            ("uri", "postgresql://db.example/crm?password=x"),
            ("uri", "host=db user=reader password=hemlig"),
            ("uri", "host=db password = hemlig"),
            ("uri", "Server=db;Pwd=hemlig"),
            ("snowflake.jwt_private_key_pkcs8_value", "x"),
            ("key", "-----BEGIN PRIVATE KEY-----"),
        ] {
            assert!(is_secret_setting(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("uri", "postgresql://reader@db.example/crm"),
            ("uri", "/data/people.db"),
            ("uri", "host=db user=reader passfile=/etc/pgpass"),
            (
                "uri",
                "postgresql://reader@db.example/crm?options=-c%20a%3Db",
            ),
            ("username", "reader"),
        ] {
            assert!(!is_secret_setting(key, value), "{key}={value}");
        }
    }

    #[test]
    fn a_path_is_made_absolute_and_a_name_is_not() {
        assert_eq!(driver_place("flightsql"), "flightsql");
        assert_eq!(driver_place("/opt/libduckdb.so"), "/opt/libduckdb.so");
        let here = std::env::current_dir().expect("a folder");
        for typed in ["libduckdb.so", "./libduckdb.so"] {
            assert_eq!(
                driver_place(typed),
                here.join("libduckdb.so").display().to_string()
            );
        }
    }
}
