use std::collections::BTreeMap;
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

#[cfg(test)]
mod tests {
    use super::SqlVariables;

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
}
