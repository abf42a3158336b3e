use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

mod days;
mod due;

pub use days::Days;

/// The most times a day, as documented.
const MOST_TIMES: usize = 4;

/// When a destination is exported by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Schedule {
    /// Never.
    #[default]
    Off,
    /// Every day.
    Daily {
        /// When on a day.
        times: Times,
        /// Whose hours these are.
        zone: Zone,
    },
    /// On some days of the week.
    Weekly {
        /// Which.
        days: Days,
        /// When on such a day.
        times: Times,
        /// Whose hours these are.
        zone: Zone,
    },
    /// After every refresh of the source.
    OnRefresh {
        /// How long the source must have been quiet before it counts as refreshed; `None` for what is usual for it.
        quiet_seconds: Option<u32>,
    },
}

impl Schedule {
    /// Tells whether there is none.
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Self::Off
    }

    /// Tells whose hours its times are; nobody's where it has none.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        match self {
            Self::Daily { zone, .. } | Self::Weekly { zone, .. } => Some(zone),
            Self::Off | Self::OnRefresh { .. } => None,
        }
    }

    /// Takes its times as those of another zone.
    #[must_use]
    pub fn in_zone(mut self, other: &Zone) -> Self {
        if let Self::Daily { zone, .. } | Self::Weekly { zone, .. } = &mut self {
            zone.clone_from(other);
        }
        self
    }
}

impl Schedule {
    /// Reads it as it is typed in a line: `off`, `refresh`, `refresh 60`, `06:00 18:00`, `mon,thu 06:00`; or in another
    /// language that is spoken here: `av`, `vid uppdatering`, `mån,tors 06:00`.
    ///
    /// # Errors
    /// Names what is no part of a schedule.
    pub fn from_short(typed: &str, zone: &Zone) -> Result<Self, BadSchedule> {
        let typed = typed.to_lowercase();
        let mut words: Vec<&str> = typed.split_whitespace().collect();
        if let ["on" | "vid", "refresh" | "uppdatering", ..] = words.as_slice() {
            words.remove(0);
        }
        let seconds = |text: &str| {
            let read = text.parse().map(Some);
            read.map_err(|_why| BadSchedule::Time(text.to_owned()))
        };
        Ok(match words.as_slice() {
            [] | ["off" | "av"] => Self::Off,
            ["refresh" | "uppdatering"] => Self::OnRefresh {
                quiet_seconds: None,
            },
            ["refresh" | "uppdatering", quiet] => Self::OnRefresh {
                quiet_seconds: seconds(quiet)?,
            },
            [first, ..] if !first.contains(':') => {
                let (days, times) = Days::split(&words);
                Self::Weekly {
                    days: Days::parse(days.iter().flat_map(|text| text.split(',')))?,
                    times: Times::parse(times.iter().copied())?,
                    zone: zone.clone(),
                }
            }
            times => Self::Daily {
                times: Times::parse(times.iter().copied())?,
                zone: zone.clone(),
            },
        })
    }

    /// Writes it as [`Schedule::from_short`] reads it.
    #[must_use]
    pub fn in_short(&self) -> String {
        let joined = |times: &Times| times.texts().collect::<Vec<_>>().join(" ");
        match self {
            Self::Off => "off".to_owned(),
            Self::Daily { times, .. } => joined(times),
            Self::Weekly { days, times, .. } => {
                let days: Vec<_> = days.texts().collect();
                format!("{} {}", days.join(","), joined(times))
            }
            Self::OnRefresh {
                quiet_seconds: None,
            } => "refresh".to_owned(),
            Self::OnRefresh {
                quiet_seconds: Some(seconds),
            } => format!("refresh {seconds}"),
        }
    }
}

/// What keeps a text from being a part of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// A time is none.
    #[error("{0:?} is no time of day: write HH:MM, from 00:00 to 23:59")]
    Time(String),
    /// There are no times, or more than four.
    #[error("{0} times a day: one to four are possible")]
    Times(usize),
    /// A day is none.
    #[error("{0:?} is no day of the week: write mon, tue, wed, thu, fri, sat or sun")]
    Day(String),
    /// There are no days.
    #[error("no day of the week is given")]
    Days,
    /// A time zone is not known.
    #[error("{0:?} is no time zone: write a name such as Europe/Stockholm")]
    Zone(String),
    /// Keys of a file do not go together.
    #[error("every = {every:?} does not go with {key:?}")]
    Key {
        /// What kind of schedule the file says.
        every: &'static str,
        /// The key that this kind does not have, or lacks.
        key: &'static str,
    },
}

/// One to four times of a day, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times(Vec<Time>);

impl Times {
    /// Reads times as they are typed: `6:00`, `18:30`.
    ///
    /// # Errors
    /// Names what is none, or how many there are if these are too few or too many.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, BadSchedule> {
        let times: Result<Vec<Time>, BadSchedule> = texts.into_iter().map(time).collect();
        let mut times = times?;
        times.sort();
        times.dedup();
        match times.len() {
            1..=MOST_TIMES => Ok(Self(times)),
            many => Err(BadSchedule::Times(many)),
        }
    }

    /// Lists them as `HH:MM`.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let times = self.0.iter();
        times.map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
    }

    fn iter(&self) -> impl Iterator<Item = Time> + Clone {
        self.0.iter().copied()
    }
}

fn time(text: &str) -> Result<Time, BadSchedule> {
    let bad = || BadSchedule::Time(text.to_owned());
    let (hour, minute) = text.trim().split_once(':').ok_or_else(bad)?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let fits = digits.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        fits.then(|| text.parse().ok()).flatten()
    };
    let (hour, minute) = (number(hour, 1..=2), number(minute, 2..=2));
    let (hour, minute) = hour.zip(minute).ok_or_else(bad)?;
    Time::new(hour, minute, 0, 0).map_err(|_range| bad())
}

/// A time zone, known by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Takes a time zone that has a name.
    #[must_use]
    pub fn of(zone: TimeZone) -> Option<Self> {
        zone.iana_name().is_some().then(|| Self(zone))
    }

    /// The rules by which it tells the time.
    #[must_use]
    pub fn rules(&self) -> TimeZone {
        self.0.clone()
    }

    /// Shows the name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl FromStr for Zone {
    type Err = BadSchedule;

    /// The rules of all zones are built in, for systems that have none.
    fn from_str(text: &str) -> Result<Self, BadSchedule> {
        let unknown = || BadSchedule::Zone(text.trim().to_owned());
        let zone = TimeZone::get(text.trim()).map_err(|_why| unknown())?;
        Self::of(zone).ok_or_else(unknown)
    }
}

/// The kinds of schedules, as files and programs spell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Every {
    Day,
    Week,
    Refresh,
}

impl Every {
    fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Refresh => "refresh",
        }
    }
}

/// A schedule as files and programs have it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    every: Option<Every>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quiet_seconds: Option<u32>,
}

impl From<Schedule> for Written {
    fn from(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Off => Self::default(),
            Schedule::Daily { times, zone } => Self {
                every: Some(Every::Day),
                at: Some(times.texts().collect()),
                time_zone: Some(zone.name().to_owned()),
                ..Self::default()
            },
            Schedule::Weekly { days, times, zone } => Self {
                every: Some(Every::Week),
                days: Some(days.texts().map(str::to_owned).collect()),
                at: Some(times.texts().collect()),
                time_zone: Some(zone.name().to_owned()),
                ..Self::default()
            },
            Schedule::OnRefresh { quiet_seconds } => Self {
                every: Some(Every::Refresh),
                quiet_seconds,
                ..Self::default()
            },
        }
    }
}

impl TryFrom<Written> for Schedule {
    type Error = BadSchedule;

    fn try_from(written: Written) -> Result<Self, BadSchedule> {
        let Written {
            every,
            days,
            at,
            time_zone,
            quiet_seconds,
        } = written;
        let Some(every) = every else {
            return Ok(Self::Off);
        };
        let no_key = |there: bool, key| {
            let every = every.as_str();
            let bad = || BadSchedule::Key { every, key };
            if there { Err(bad()) } else { Ok(()) }
        };
        no_key(every != Every::Week && days.is_some(), "days")?;
        no_key(every == Every::Refresh && at.is_some(), "at")?;
        no_key(every == Every::Refresh && time_zone.is_some(), "time_zone")?;
        no_key(
            every != Every::Refresh && quiet_seconds.is_some(),
            "quiet_seconds",
        )?;
        let times = || Times::parse(at.iter().flatten().map(String::as_str));
        let zone = || time_zone.as_deref().map(str::parse).transpose();
        Ok(match every {
            Every::Refresh => Self::OnRefresh { quiet_seconds },
            Every::Day => Self::Daily {
                times: times()?,
                zone: zone()?.unwrap_or_default(),
            },
            Every::Week => Self::Weekly {
                days: Days::parse(days.iter().flatten().map(String::as_str))?,
                times: times()?,
                zone: zone()?.unwrap_or_default(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{BadSchedule, Days, Schedule, Times, Zone};

    fn read(toml: &str) -> Result<Schedule, String> {
        toml::from_str(toml).map_err(|why| why.message().to_owned())
    }

    #[test]
    fn a_schedule_is_written_as_it_is_read() {
        for (toml, typed) in [
            ("", "off"),
            (
                "every = \"day\"\nat = [\"06:00\", \"18:30\"]\ntime_zone = \"Europe/Stockholm\"\n",
                "06:00 18:30",
            ),
            (
                "every = \"week\"\ndays = [\"mon\", \"thu\"]\nat = [\"23:59\"]\ntime_zone = \"UTC\"\n",
                "mon,thu 23:59",
            ),
            ("every = \"refresh\"\n", "refresh"),
            ("every = \"refresh\"\nquiet_seconds = 5\n", "refresh 5"),
        ] {
            let schedule = read(toml).expect(toml);
            assert_eq!(toml::to_string(&schedule).expect("toml"), toml);
            assert_eq!(schedule.in_short(), typed);
            assert_eq!(schedule.is_off(), toml.is_empty());
            let zone = match &schedule {
                Schedule::Daily { zone, .. } | Schedule::Weekly { zone, .. } => zone.clone(),
                Schedule::Off | Schedule::OnRefresh { .. } => Zone::default(),
            };
            let short = schedule.in_short();
            assert_eq!(Schedule::from_short(&short, &zone), Ok(schedule), "{short}");
        }
    }

    #[test]
    fn a_line_is_read_in_each_language_that_is_spoken_here() {
        let zone = Zone::default();
        for (typed, short) in [
            ("av", "off"),
            ("Off", "off"),
            ("vid uppdatering", "refresh"),
            ("on refresh", "refresh"),
            ("uppdatering 60", "refresh 60"),
            ("Mån,tors 6:00", "mon,thu 06:00"),
            ("mon, torsdag 06:00", "mon,thu 06:00"),
        ] {
            let read = Schedule::from_short(typed, &zone);
            assert_eq!(
                read.map(|one| one.in_short()).as_deref(),
                Ok(short),
                "{typed}"
            );
        }
        for none in ["vid", "on 06:00", "av 06:00", "uppdatering x"] {
            assert!(Schedule::from_short(none, &zone).is_err(), "{none}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_told() {
        for (toml, why) in [
            ("every = \"day\"", "0 times a day"),
            ("every = \"day\"\nat = [\"24:00\"]", "\"24:00\""),
            ("every = \"day\"\nat = [\"6.00\"]", "HH:MM"),
            (
                "every = \"day\"\nat = [\"1:00\",\"2:00\",\"3:00\",\"4:00\",\"5:00\"]",
                "5 times",
            ),
            ("every = \"week\"\nat = [\"1:00\"]", "no day"),
            (
                "every = \"week\"\nat = [\"1:00\"]\ndays = [\"someday\"]",
                "\"someday\"",
            ),
            ("every = \"day\"\ndays = [\"mon\"]", "\"days\""),
            ("every = \"refresh\"\nat = [\"1:00\"]", "\"at\""),
            ("every = \"hour\"", "hour"),
            (
                "every = \"day\"\nat = [\"1:00\"]\ntime_zone = \"Europe/Atlantis\"",
                "Atlantis",
            ),
            (
                "every = \"day\"\nat = [\"1:00\"]\nquiet_seconds = 1",
                "quiet",
            ),
        ] {
            let told = read(toml).expect_err(toml);
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn a_line_that_is_no_schedule_is_none() {
        for line in ["06:00 noon", "mon", "refresh soon", "on 06:00"] {
            assert!(
                Schedule::from_short(line, &Zone::default()).is_err(),
                "{line}"
            );
        }
    }

    #[test]
    fn times_and_days_come_in_their_order_once_each() {
        let times = Times::parse(["18:00", "6:00", "06:00"]).expect("times");
        assert_eq!(times.texts().collect::<Vec<_>>(), ["06:00", "18:00"]);
        let days = Days::parse(["SUN", " mon", "sun"]).expect("days");
        assert_eq!(days.texts().collect::<Vec<_>>(), ["mon", "sun"]);
        assert_eq!(Days::parse([]), Err(BadSchedule::Days));
        for bad in ["", "6", "006:00", "6:0", "+6:00", "06:00:00"] {
            assert!(Times::parse([bad]).is_err(), "{bad:?}");
        }
        assert_eq!(
            "europe/stockholm".parse::<Zone>().expect("zone").name(),
            "Europe/Stockholm"
        );
    }
}
