use jiff::Timestamp;

use crate::domain::Schedule;

use super::Words;

/// What each day is called, by how it is written.
const DAYS: [(&str, &str); 7] = [
    ("mon", "day-mon"),
    ("tue", "day-tue"),
    ("wed", "day-wed"),
    ("thu", "day-thu"),
    ("fri", "day-fri"),
    ("sat", "day-sat"),
    ("sun", "day-sun"),
];

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
                    ("days", self.days(days.texts()).into()),
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

    /// Says when the next run is due, by the clock that the schedule goes by.
    #[must_use]
    pub fn next_run(&self, schedule: &Schedule, time: Timestamp) -> String {
        let time = match schedule {
            Schedule::Daily { zone, .. } | Schedule::Weekly { zone, .. } => {
                self.date_time_in(time, zone.rules())
            }
            Schedule::Off | Schedule::OnRefresh { .. } => self.date_time(time),
        };
        self.with("schedule-next", &[("time", time.into())])
    }

    /// Says the same in a word or two, for a column.
    #[must_use]
    pub fn schedule_short(&self, schedule: &Schedule) -> String {
        match schedule {
            Schedule::Off => self.text("schedule-off"),
            Schedule::Daily { times, .. } => times.texts().collect::<Vec<_>>().join(" "),
            Schedule::Weekly { days, times, .. } => {
                let times = times.texts().collect::<Vec<_>>().join(" ");
                format!("{} {times}", self.days(days.texts()))
            }
            Schedule::OnRefresh { .. } => self.text("schedule-refresh"),
        }
    }

    fn days(&self, days: impl Iterator<Item = &'static str>) -> String {
        let named = days.filter_map(|day| DAYS.iter().find(|(name, _)| *name == day));
        let named: Vec<_> = named.map(|(_, key)| self.text(key)).collect();
        named.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, Words};
    use crate::domain::{Days, Schedule, Times};

    #[test]
    fn a_schedule_is_said_in_both_languages() {
        let schedule = Schedule::Weekly {
            days: Days::parse(["mon", "sat"]).expect("days"),
            times: Times::parse(["6:00", "18:00"]).expect("times"),
            zone: "Europe/Stockholm".parse().expect("zone"),
        };
        let said = Lang::ALL.map(|lang| Words::new(lang).schedule(&schedule));
        let wanted = [
            "Weekly on Mon, Sat at 06:00, 18:00 (Europe/Stockholm)",
            "Varje vecka mån, lör kl. 06:00, 18:00 (Europe/Stockholm)",
        ];
        assert_eq!(said, wanted);
        let short = Words::new(Lang::Sv).schedule_short(&schedule);
        assert_eq!(short, "mån, lör 06:00 18:00");
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
