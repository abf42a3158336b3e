use std::collections::BTreeMap;
use std::fmt::{self, Formatter};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::files::{from_toml, read_if_there};
use super::keys::{KeyTable, KeyWish};
use super::{BrokenDestination, Error, Home};
use crate::domain::Destination;

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
    /// What is run when an export that a schedule began has ended.
    pub on_finish: OnFinish,
    /// The libraries of drivers by the names that logins have for them.
    drivers: BTreeMap<String, PathBuf>,
    /// The keys that are wished for in the terminal application.
    #[serde(skip)]
    pub key_wishes: Vec<KeyWish>,
    /// The same as they are written.
    keys: KeyTable,
}

/// What is run when an export that a schedule began has ended: `on_finish = "COMMAND"`, or a table with more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnFinish {
    /// The command line for every destination; the shell reads it.
    command: Option<String>,
    /// Others for some destinations, by their names; an empty one for none.
    destinations: BTreeMap<String, String>,
    /// How long it may take.
    pub limit: Duration,
}

/// How long a command may take where nothing is said.
const LIMIT: Duration = Duration::from_mins(1);

impl Default for OnFinish {
    fn default() -> Self {
        Self {
            command: None,
            destinations: BTreeMap::new(),
            limit: LIMIT,
        }
    }
}

impl OnFinish {
    /// Gives the command line for a destination, if there is one: by its name, or by the one that it was made with.
    #[must_use]
    pub fn command(&self, destination: &Destination) -> Option<&str> {
        let named = |matches: &dyn Fn(&str) -> bool| {
            let mut own = self.destinations.iter();
            own.find(|(name, _)| matches(name))
        };
        let (name, id) = (&destination.name, destination.id());
        let own = named(&|text| name.matches(text)).or_else(|| named(&|text| id.matches(text)));
        let command = own.map(|(_, command)| command).or(self.command.as_ref());
        command
            .map(String::as_str)
            .filter(|text| !text.trim().is_empty())
    }
}

impl OnFinish {
    /// Names those that have a command of their own and are no destinations: of these, neither the name nor the one that it
    /// was made with, nor of those whose files cannot be read.
    #[must_use]
    pub fn strangers(&self, saved: &[Destination], broken: &[BrokenDestination]) -> Vec<String> {
        let is_saved = |text: &str| {
            let whole = |one: &Destination| one.name.matches(text) || one.id().matches(text);
            let lost = |one: &BrokenDestination| one.name.to_lowercase() == text.to_lowercase();
            saved.iter().any(whole) || broken.iter().any(lost)
        };
        let named = self.destinations.keys();
        named.filter(|text| !is_saved(text)).cloned().collect()
    }
}

/// The form with more in it.
#[derive(Deserialize)]
struct Table {
    command: Option<String>,
    seconds: Option<u64>,
    #[serde(default)]
    destinations: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for OnFinish {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

/// Reads either form key by key, so that what is wrong, or known to nobody, is told by its place.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = OnFinish;

    fn expecting(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str("a command, or a table with command, seconds, destinations")
    }

    fn visit_str<E>(self, command: &str) -> Result<OnFinish, E> {
        Ok(OnFinish {
            command: Some(command.to_owned()),
            ..OnFinish::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OnFinish, A::Error> {
        let table = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OnFinish {
            command: table.command,
            destinations: table.destinations,
            limit: table.seconds.map_or(LIMIT, Duration::from_secs),
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            history_days: const { NonZeroU16::MIN.saturating_add(89) },
            theme: Look::default(),
            on_finish: OnFinish::default(),
            drivers: BTreeMap::new(),
            key_wishes: Vec::new(),
            keys: KeyTable::default(),
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
            Some(text) => {
                let read: Self = from_toml(&path, &text)?;
                let key_wishes = read.keys.wishes(&text);
                Ok(Self { key_wishes, ..read })
            }
            None => Ok(Self::default()),
        }
    }

    /// Reads the file of a home, where there is one, and names the keys in it that nobody knows.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn read_strictly(home: &Home) -> Result<Option<Vec<String>>, Error> {
        let Some(text) = read_if_there(&home.config_file())? else {
            return Ok(None);
        };
        let mut unknown = Vec::new();
        if let Ok(file) = toml::Deserializer::parse(&text) {
            let _read: Result<Self, _> =
                serde_ignored::deserialize(file, |key| unknown.push(key.to_string()));
        }
        // What does not fit is told with its line.
        Self::read(home).map(|_config| Some(unknown))
    }

    /// Finds the library of a driver by its name, from the folder of the file; a driver that the file does not name is called
    /// as it is.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn driver(home: &Home, name: &str) -> Result<String, Error> {
        let named = Self::read(home)?.drivers.remove(name);
        let place = named.map(|path| home.config_file().with_file_name(path));
        Ok(place.map_or_else(|| name.to_owned(), |path| path.display().to_string()))
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
    use crate::domain::{Destination, DestinationId};
    use crate::store::{BrokenDestination, Error, Home};

    #[test]
    fn a_command_is_for_all_or_for_some_destinations() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let of = |text: &str, name: &str| {
            std::fs::write(home.config_file(), text).expect("file");
            let read = Config::read(&home).expect("read").on_finish;
            let command = read.command(&destination(name));
            (command.map(str::to_owned), read.limit.as_secs())
        };
        assert_eq!(of("", "Spring"), (None, 60));
        let all = Some("notify".to_owned());
        assert_eq!(of("on_finish = 'notify'", "Spring"), (all.clone(), 60));
        let table = "[on_finish]\ncommand = 'notify'\nseconds = 5\n[on_finish.destinations]\nAutumn = ''\n'År' = 'mail'";
        assert_eq!(of(table, "Spring"), (all, 5));
        assert_eq!(of(table, "autumn"), (None, 5));
        assert_eq!(of(table, "år"), (Some("mail".to_owned()), 5));
        let renamed = Destination {
            id: DestinationId::parse("Autumn").ok(),
            ..destination("Winter")
        };
        let read = Config::read(&home).expect("read").on_finish;
        assert_eq!(read.command(&renamed), None, "it is still the same one");
        let broken = BrokenDestination {
            name: "Spring".to_owned(),
            path: home.destinations().join("Spring.toml"),
            why: Error::NoHome,
        };
        let strangers = |saved: &[Destination], broken| read.strangers(saved, broken);
        assert_eq!(strangers(std::slice::from_ref(&renamed), &[]), ["År"]);
        assert_eq!(strangers(&[destination("år"), renamed], &[broken]), [""; 0]);
    }

    fn destination(name: &str) -> Destination {
        let text = format!(
            "name = '{name}'\naudience = 'b'\nsource = 'folder:/people'\nsegments = []\n\
             status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n[map]\nemail = 'email'\n"
        );
        toml::from_str(&text).expect("destination")
    }

    #[test]
    fn a_driver_that_has_a_name_is_found_beside_the_file_or_where_it_says() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let of = |name: &str| Config::driver(&home, name).expect("read");
        assert_eq!(of("postgresql"), "postgresql");
        std::fs::write(
            home.config_file(),
            "[drivers]\npostgresql = 'drivers/pg.so'\nsnow = '/opt/snow.so'",
        )
        .expect("file");
        let beside = home.config_file().with_file_name("drivers/pg.so");
        assert_eq!(of("postgresql"), beside.display().to_string());
        assert_eq!(of("snow"), "/opt/snow.so");
        assert_eq!(of("/lib/own.so"), "/lib/own.so");
    }

    #[test]
    fn keys_that_nobody_knows_are_named_also_within_on_finish() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let of = |text: &str| {
            std::fs::write(home.config_file(), text).expect("file");
            Config::read_strictly(&home).map_err(|why| why.to_string())
        };
        assert_eq!(Config::read_strictly(&home).expect("none"), None);
        let table =
            "on_finnish = 'x'\n[on_finish]\ncomand = 'notify'\n[on_finish.destinations]\nA = 'b'";
        let keys = ["on_finish.comand", "on_finnish"].map(str::to_owned);
        assert_eq!(of(table), Ok(Some(keys.to_vec())));
        assert_eq!(
            of("on_finish = 'notify'\ntheme = 'dark'"),
            Ok(Some(Vec::new()))
        );
        let why = of("theme = 'dark'\n[on_finish]\nseconds = 'x'").expect_err("wrong");
        assert!(why.contains("line 3"), "{why}");
    }

    #[test]
    fn keys_are_wished_for_with_their_lines_in_the_order_of_the_file() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let text = "theme = 'dark'\n[keys]\nrun = 'x'\n\n'å-ä' = 'F5'\ncheck = 'r'\n";
        std::fs::write(home.config_file(), text).expect("file");
        let wishes = Config::read(&home).expect("read").key_wishes;
        let wishes: Vec<_> = wishes
            .iter()
            .map(|wish| (&*wish.command, &*wish.key, wish.line))
            .collect();
        assert_eq!(
            wishes,
            [("run", "x", 3), ("å-ä", "F5", 5), ("check", "r", 6)]
        );
        assert_eq!(
            Config::read_strictly(&home).expect("read"),
            Some(Vec::new())
        );
        std::fs::write(home.config_file(), "[keys]\nrun = 1\n").expect("file");
        let why = Config::read(&home).expect_err("a number").to_string();
        assert!(why.contains("line 2"), "{why}");
    }

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
