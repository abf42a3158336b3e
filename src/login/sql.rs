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

/// Tells a setting that is a secret by the name of its setting, or by an address with a password in it.
#[must_use]
pub fn is_secret_setting(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    let names = ["password", "passwd", "token", "secret", "authorization"];
    let of_address = || {
        let url = url::Url::parse(value).ok()?;
        let asked = url
            .query_pairs()
            .any(|(name, _)| names.contains(&&*name.to_lowercase()));
        Some(url.password().is_some() || asked)
    };
    names.iter().any(|name| key.contains(name)) || of_address().unwrap_or(false)
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
        ] {
            assert!(is_secret_setting(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("uri", "postgresql://reader@db.example/crm"),
            ("uri", "/data/people.db"),
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
