use std::num::NonZeroU16;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::files::{from_toml, read_if_there};
use super::{Error, Home};

/// The colours of the terminal application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Those of the terminal.
    #[default]
    Terminal,
    /// Light text on a dark ground of its own.
    Dark,
    /// Dark text on a light ground of its own.
    Light,
    /// As far apart as colours can be.
    Contrast,
}

impl Look {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Dark, Self::Light, Self::Contrast];

    /// Its name in `config.toml` and `SEGUE_THEME`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
        }
    }

    /// Finds one by its name, without case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|look| look.as_str().eq_ignore_ascii_case(name.trim()))
    }
}

/// What a home's `config.toml` says, which people write: where it says nothing, and where there is none, all is as usual.
/// Keys that are not known are left alone: they may be a newer version's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How many days runs are remembered.
    pub history_days: NonZeroU16,
    /// The colours of the terminal application.
    pub theme: Look,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            history_days: const { NonZeroU16::MIN.saturating_add(89) },
            theme: Look::default(),
        }
    }
}

impl Config {
    /// Reads the file of a home.
    ///
    /// # Errors
    /// Fails when it cannot be read, or holds something that it must not.
    pub fn read(home: &Home) -> Result<Self, Error> {
        let path = home.config_file();
        match read_if_there(&path)? {
            Some(text) => from_toml(&path, &text),
            None => Ok(Self::default()),
        }
    }

    /// Tells since when runs are remembered.
    #[must_use]
    pub fn remembered_since(&self, now: Timestamp) -> Timestamp {
        let days = i64::from(self.history_days.get());
        let since = now.checked_sub(SignedDuration::from_hours(24 * days));
        since.unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Look};
    use crate::store::{Error, Home};

    #[test]
    fn what_is_set_is_read_and_what_is_wrong_is_told_with_its_line() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let days = || Config::read(&home).map(|config| config.history_days.get());
        assert_eq!(days().expect("none"), 90);
        std::fs::write(home.config_file(), "theme = 'dark'\nhistory_days = 365\n").expect("file");
        assert_eq!(days().expect("read"), 365);
        std::fs::write(home.config_file(), "theme = 'dark'\n").expect("file");
        assert_eq!(days().expect("read"), 90);
        for look in Look::ALL {
            let text = format!("theme = '{}'\n", look.as_str());
            std::fs::write(home.config_file(), text).expect("file");
            assert_eq!(Config::read(&home).expect("read").theme, look);
            assert_eq!(Look::parse(look.as_str()), Some(look));
        }
        for wrong in ["0", "-1", "'ever'"] {
            let text = format!("theme = 'dark'\nhistory_days = {wrong}\n");
            std::fs::write(home.config_file(), text).expect("file");
            let why = days().expect_err(wrong);
            assert!(
                matches!(&why, Error::Damaged { why, .. } if why.starts_with("line 2:")),
                "{why}"
            );
        }
    }
}
