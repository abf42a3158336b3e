use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{Agenda, Schedule, Times, Trouble, Zone};
use crate::store::Names;
use crate::watch::Unfinished;

use super::Words;

/// What each day is called in short and in whole, by how it is written.
const DAYS: [(&str, &str, &str); 7] = [
    ("mon", "day-mon", "day-name-mon"),
    ("tue", "day-tue", "day-name-tue"),
    ("wed", "day-wed", "day-name-wed"),
    ("thu", "day-thu", "day-name-thu"),
    ("fri", "day-fri", "day-name-fri"),
    ("sat", "day-sat", "day-name-sat"),
    ("sun", "day-sun", "day-name-sun"),
];

/// The zone of this computer.
#[must_use]
pub fn zone_here() -> Zone {
    Zone::of(TimeZone::system()).unwrap_or_default()
}

impl Words {
    /// Says when a destination is exported by itself.
    #[must_use]
    pub fn schedule(&self, schedule: &Schedule) -> String {
        match schedule {
            Schedule::Off => self.text("schedule-off"),
            Schedule::Daily { times, zone } => {
                let times: Vec<_> = times.texts().collect();
                let args = [
                    ("times", times.join(", ").into()),
                    ("zone", zone.name().into()),
                ];
                self.with("schedule-daily", &args)
            }
            Schedule::Weekly { days, times, zone } => {
                let times: Vec<_> = times.texts().collect();
                let args = [
                    ("days", self.whole_days(days.texts()).into()),
                    ("times", times.join(", ").into()),
                    ("zone", zone.name().into()),
                ];
                self.with("schedule-weekly", &args)
            }
            Schedule::OnRefresh {
                quiet_seconds: None,
            } => self.text("schedule-on-refresh"),
            Schedule::OnRefresh {
                quiet_seconds: Some(seconds),
            } => self.with(
                "schedule-on-refresh-quiet",
                &[("seconds", (*seconds).into())],
            ),
        }
    }

    /// Writes a schedule as it is typed in this language, and as [`Schedule::from_short`] reads it.
    #[must_use]
    pub fn schedule_typed(&self, schedule: &Schedule) -> String {
        match schedule {
            Schedule::Off => self.text("schedule-off"),
            Schedule::Daily { .. } => schedule.in_short(),
            Schedule::Weekly { days, times, .. } => {
                let days = self.days(days.texts()).to_lowercase().replace(' ', "");
                let times: Vec<_> = times.texts().collect();
                format!("{days} {}", times.join(" "))
            }
            Schedule::OnRefresh { quiet_seconds } => {
                let seconds = quiet_seconds.map(|seconds| format!(" {seconds}"));
                self.text("schedule-typed-refresh") + &seconds.unwrap_or_default()
            }
        }
    }

    /// Says when the next run is due, by the clock that the schedule goes by.
    #[must_use]
    pub fn next_run(&self, schedule: &Schedule, time: Timestamp) -> String {
        let time = self.due(schedule, time);
        self.with("schedule-next", &[("time", time.into())])
    }

    /// Writes a time by the clock that a schedule goes by; with its zone where the clocks here show another one.
    #[must_use]
    pub fn due(&self, schedule: &Schedule, time: Timestamp) -> String {
        self.due_seen_from(&TimeZone::system(), schedule, time)
    }

    fn due_seen_from(&self, here: &TimeZone, schedule: &Schedule, time: Timestamp) -> String {
        let zone = schedule.zone().map(|zone| (zone, zone.rules()));
        let zone = zone.filter(|(_, rules)| rules.to_offset(time) != here.to_offset(time));
        match zone {
            Some((zone, rules)) => format!("{} ({})", self.date_time_in(time, rules), zone.name()),
            None => self.date_time_in(time, here.clone()),
        }
    }

    /// Says why a schedule does not go as it should; of one that waits for another, with the name of that one.
    #[must_use]
    pub fn trouble(&self, trouble: &Trouble, names: &Names) -> String {
        let why = self.read(&trouble.why).what.clone();
        match &trouble.waits_for {
            Some(other) => {
                let name = names.of(other.as_str());
                let args = [("name", name.into()), ("why", why.into())];
                self.with("schedule-depends", &args)
            }
            None => why,
        }
    }

    /// Says whether a schedule is tried again or has stopped, and why; nothing where it goes as it should.
    #[must_use]
    pub fn told_trouble(&self, agenda: Option<&Agenda>, names: &Names) -> Option<String> {
        let agenda = agenda?;
        let trouble = agenda.trouble.as_ref()?;
        let why = self.trouble(trouble, names);
        Some(match trouble.retry_at {
            Some(at) => {
                let time = self.due(&agenda.schedule, at);
                let args = [("why", why.into()), ("time", time.into())];
                self.with("schedule-failing", &args)
            }
            None => self.with("schedule-stopped", &[("why", why.into())]),
        })
    }

    /// Says what became of the command that is run when an export has ended.
    #[must_use]
    pub fn unfinished(&self, why: &Unfinished) -> String {
        let because = |key, why: String| self.with(key, &[("value", why.into())]);
        match why {
            Unfinished::Unknown(why) => because("finish-unknown", self.unreadable(why)),
            Unfinished::NotBegun(why) => because("finish-not-begun", self.unreadable(why)),
            Unfinished::Shell(why) => because("finish-not-begun", why.to_string()),
            Unfinished::Failed(status) => because("finish-failed", status.to_string()),
            Unfinished::Late(limit) => because("finish-late", self.duration(*limit)),
        }
    }

    /// Says the same in a word or two, for a column.
    #[must_use]
    pub fn schedule_short(&self, schedule: &Schedule) -> String {
        match schedule {
            Schedule::Off => self.text("schedule-off"),
            Schedule::Daily { times, zone } => in_zone(times, zone),
            Schedule::Weekly { days, times, zone } => {
                format!("{} {}", self.days(days.texts()), in_zone(times, zone))
            }
            Schedule::OnRefresh { .. } => self.text("schedule-refresh"),
        }
    }

    fn days(&self, days: impl Iterator<Item = &'static str>) -> String {
        let named = days.filter_map(|day| DAYS.iter().find(|(name, ..)| *name == day));
        let named: Vec<_> = named.map(|(_, key, _)| self.text(key)).collect();
        named.join(", ")
    }

    /// Lists days as a sentence does.
    fn whole_days(&self, days: impl Iterator<Item = &'static str>) -> String {
        let named = days.filter_map(|day| DAYS.iter().find(|(name, ..)| *name == day));
        let named: Vec<_> = named.map(|(.., key)| self.text(key)).collect();
        match named.split_last() {
            Some((last, before)) if !before.is_empty() => {
                let args = [
                    ("days", before.join(", ").into()),
                    ("last", last.as_str().into()),
                ];
                self.with("days-and", &args)
            }
            _ => named.concat(),
        }
    }
}

/// Lists times; with their zone where that is not this computer's.
fn in_zone(times: &Times, zone: &Zone) -> String {
    let other = Some(zone).filter(|zone| **zone != zone_here());
    let zone = other.map(|zone| zone.name().to_owned());
    times.texts().chain(zone).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::super::{Lang, Words};
    use crate::domain::{Days, Schedule, Times};

    #[test]
    fn a_time_is_that_of_the_schedules_clock_with_its_zone_where_clocks_here_differ() {
        let schedule = Schedule::Daily {
            times: Times::parse(["06:00"]).expect("times"),
            zone: "Europe/Stockholm".parse().expect("zone"),
        };
        let seen_from = |here: &str, time: &str| {
            let here = TimeZone::get(here).expect("zone");
            let time: Timestamp = time.parse().expect("time");
            Words::new(Lang::Sv).due_seen_from(&here, &schedule, time)
        };
        let time = "2026-11-28T05:00:00Z";
        assert_eq!(seen_from("Europe/Stockholm", time), "2026-11-28 06:00");
        assert_eq!(seen_from("Europe/Berlin", time), "2026-11-28 06:00");
        let zoned = "2026-11-28 06:00 (Europe/Stockholm)";
        assert_eq!(seen_from("UTC", time), zoned);
        // In summer only one of the two has put its clocks forward.
        assert_eq!(seen_from("Africa/Lagos", time), "2026-11-28 06:00");
        let summer = "2026-06-28T04:00:00Z";
        assert_eq!(
            seen_from("Africa/Lagos", summer),
            "2026-06-28 06:00 (Europe/Stockholm)"
        );
    }

    #[test]
    fn a_schedule_is_said_in_both_languages() {
        let schedule = Schedule::Weekly {
            days: Days::parse(["mon", "sat"]).expect("days"),
            times: Times::parse(["6:00", "18:00"]).expect("times"),
            zone: "Europe/Stockholm".parse().expect("zone"),
        };
        let said = Lang::ALL.map(|lang| Words::new(lang).schedule(&schedule));
        let wanted = [
            "Every Monday and Saturday at 06:00, 18:00 (Europe/Stockholm)",
            "Varje måndag och lördag kl. 06:00, 18:00 (Europe/Stockholm)",
        ];
        assert_eq!(said, wanted);
        let short = Words::new(Lang::Sv).schedule_short(&schedule);
        let zone = if super::zone_here().name() == "Europe/Stockholm" {
            ""
        } else {
            " Europe/Stockholm"
        };
        assert_eq!(short, format!("mån, lör 06:00 18:00{zone}"));
        let quiet = Schedule::OnRefresh {
            quiet_seconds: Some(5),
        };
        let said = Words::new(Lang::En).schedule(&quiet);
        assert_eq!(
            said,
            "After every refresh of the source, once it has been quiet for 5 s"
        );
    }
}
