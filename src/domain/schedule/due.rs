//! Which moments a schedule means. Hours are those of its zone: one that comes twice in a night is meant once, the first
//! time; one that never comes means the first moment after it.

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan};

use super::{Days, Schedule, Times, Zone};

/// A day may be left out where a zone moves over the date line: its hours are then found on the day after.
const BEFORE: i32 = 2;
/// How many days there are between two of the same name.
const WEEK: i32 = 7;

impl Schedule {
    /// Finds the first moment after another at which an export is due; `None` where none is due by the clock.
    #[must_use]
    pub fn next_due(&self, after: Timestamp) -> Option<Timestamp> {
        let all = self.around(after, -BEFORE, WEEK + 1);
        all.filter(|due| *due > after).min()
    }

    /// Finds the last moment up to another, or at it, at which an export was due.
    #[must_use]
    pub fn last_due(&self, upto: Timestamp) -> Option<Timestamp> {
        let all = self.around(upto, -WEEK - BEFORE, 1);
        all.filter(|due| *due <= upto).max()
    }

    /// Lists the moments of some days around another moment, in no order.
    fn around(&self, at: Timestamp, from: i32, upto: i32) -> impl Iterator<Item = Timestamp> {
        let (days, times, zone) = match self {
            Self::Off | Self::OnRefresh { .. } => (None, None, None),
            Self::Daily { times, zone } => (None, Some(times), Some(zone)),
            Self::Weekly { days, times, zone } => (Some(days), Some(times), Some(zone)),
        };
        let (from, upto) = match days {
            Some(_) => (from, upto),
            None => (from.max(-BEFORE), upto.min(1)),
        };
        let parts = times.zip(zone);
        parts.into_iter().flat_map(move |(times, zone)| {
            let today = at.to_zoned_datetime(zone.0.clone()).date();
            (from..=upto).flat_map(move |day| on(today, day, days, times, zone))
        })
    }
}

/// Lists the moments of one day.
fn on(
    today: Date,
    day: i32,
    days: Option<&Days>,
    times: &Times,
    zone: &Zone,
) -> impl Iterator<Item = Timestamp> {
    let date = today.checked_add(day.days()).ok();
    let date = date.filter(|date| days.is_none_or(|days| days.holds(date.weekday())));
    date.into_iter()
        .flat_map(|date| times.iter().map(move |time| date.to_datetime(time)))
        .filter_map(|hour| moment(hour, zone))
}

fn moment(hour: DateTime, zone: &Zone) -> Option<Timestamp> {
    match zone.0.to_ambiguous_timestamp(hour).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(hour).ok(),
        // The first of the two.
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(hour).ok(),
        AmbiguousOffset::Gap { before, .. } => {
            let as_if = before.to_timestamp(hour).ok()?;
            // What it falls after is when the clocks were put forward.
            let just_after = as_if.checked_add(1.nanosecond()).ok()?;
            let forward = zone.0.preceding(just_after).next();
            forward.map(|forward| forward.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    use super::super::{Days, Schedule, Times, Zone};

    fn daily(zone: &str, times: &[&str]) -> Schedule {
        Schedule::Daily {
            times: Times::parse(times.iter().copied()).expect("times"),
            zone: zone.parse().expect("zone"),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("time")
    }

    /// All that is due between two moments.
    fn all(schedule: &Schedule, from: &str, upto: &str) -> Vec<String> {
        let next = |after: &Timestamp| schedule.next_due(*after);
        let due = std::iter::successors(next(&at(from)), next);
        due.take_while(|due| *due <= at(upto))
            .map(|due| due.to_string())
            .collect()
    }

    #[test]
    fn an_hour_that_comes_twice_is_due_once_and_one_that_never_comes_at_the_first_moment_after() {
        // Of each zone the night in which clocks go forward, and the one in which they go back: an hour that is in it.
        let nights = [
            (
                "Europe/Stockholm",
                "2026-03-29",
                "02:30",
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Stockholm",
                "2026-10-25",
                "02:30",
                "2026-10-25T00:30:00Z",
            ),
            (
                "America/New_York",
                "2026-03-08",
                "02:15",
                "2026-03-08T07:00:00Z",
            ),
            (
                "America/New_York",
                "2026-11-01",
                "01:15",
                "2026-11-01T05:15:00Z",
            ),
            // Half an hour only.
            (
                "Australia/Lord_Howe",
                "2026-10-04",
                "02:10",
                "2026-10-03T15:30:00Z",
            ),
            (
                "Australia/Lord_Howe",
                "2026-04-05",
                "01:45",
                "2026-04-04T14:45:00Z",
            ),
        ];
        for (zone, date, hour, due) in nights {
            let night = format!("{date}T12:00:00Z");
            let (from, upto) = (
                at(&night) - SignedDuration::from_hours(36),
                at(&night) + SignedDuration::from_hours(36),
            );
            let found = all(&daily(zone, &[hour]), &from.to_string(), &upto.to_string());
            assert_eq!(found.len(), 3, "{zone} {date}: {found:?}");
            assert!(found.contains(&due.to_owned()), "{zone} {date}: {found:?}");
        }
    }

    #[test]
    fn two_hours_that_never_come_are_one_moment() {
        let schedule = daily("Europe/Stockholm", &["02:10", "02:50", "03:00"]);
        let found = all(&schedule, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
        assert_eq!(found, ["2026-03-29T01:00:00Z"]);
    }

    #[test]
    fn a_day_that_a_zone_leaves_out_is_due_when_the_next_one_begins() {
        // Samoa went from the 29th to the 31st.
        let found = all(
            &daily("Pacific/Apia", &["06:00"]),
            "2011-12-29T00:00:00Z",
            "2012-01-01T00:00:00Z",
        );
        let wanted = [
            "2011-12-29T16:00:00Z",
            "2011-12-30T10:00:00Z",
            "2011-12-30T16:00:00Z",
            "2011-12-31T16:00:00Z",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_week_has_the_days_that_were_chosen_by_the_date_of_the_zone() {
        let schedule = Schedule::Weekly {
            days: Days::parse(["mon", "thu"]).expect("days"),
            times: Times::parse(["00:30", "12:00"]).expect("times"),
            zone: "Asia/Tokyo".parse().expect("zone"),
        };
        let found = all(&schedule, "2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z");
        let wanted = [
            "2026-11-22T15:30:00Z",
            "2026-11-23T03:00:00Z",
            "2026-11-25T15:30:00Z",
            "2026-11-26T03:00:00Z",
        ];
        assert_eq!(found, wanted);
        assert_eq!(schedule.last_due(at(wanted[0])), Some(at(wanted[0])));
        assert_eq!(
            schedule.last_due(at(wanted[0]) - SignedDuration::from_secs(1)),
            Some(at("2026-11-19T03:00:00Z"))
        );
    }

    #[test]
    fn nothing_is_due_by_the_clock_without_hours() {
        let refresh = Schedule::OnRefresh {
            quiet_seconds: None,
        };
        for schedule in [Schedule::Off, refresh] {
            assert_eq!(schedule.next_due(at("2026-01-01T00:00:00Z")), None);
            assert_eq!(schedule.last_due(at("2026-01-01T00:00:00Z")), None);
        }
    }

    fn schedules() -> impl Strategy<Value = Schedule> {
        let zones = [
            "Europe/Stockholm",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Pacific/Apia",
            "America/Nuuk",
            "UTC",
        ];
        let times = prop::collection::vec((0..24_u8, 0..60_u8), 1..=4);
        let days = prop::collection::vec(0..7_usize, 0..=7);
        (times, days, prop::sample::select(zones.to_vec())).prop_map(|(times, days, zone)| {
            let texts: Vec<String> = times.iter().map(|(h, m)| format!("{h}:{m:02}")).collect();
            let times = Times::parse(texts.iter().map(String::as_str)).expect("times");
            let zone: Zone = zone.parse().expect("zone");
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            match Days::parse(days.into_iter().map(|day| names[day])) {
                Ok(days) => Schedule::Weekly { days, times, zone },
                Err(_) => Schedule::Daily { times, zone },
            }
        })
    }

    proptest! {
        /// What is next is what will have been last, nothing lies between, and each moment is an hour of the schedule
        /// by the clock of its zone, or the moment at which that clock was put forward.
        #[test]
        fn next_and_last_agree(schedule in schedules(), second in 1_750_000_000_i64..1_850_000_000) {
            let now = Timestamp::from_second(second).expect("time");
            let next = schedule.next_due(now).expect("due");
            prop_assert!(next > now);
            prop_assert!(next.duration_since(now) <= SignedDuration::from_hours(24 * 8));
            prop_assert_eq!(schedule.last_due(next), Some(next));
            let last = schedule.last_due(now).expect("was due");
            prop_assert!(last <= now);
            prop_assert_eq!(schedule.next_due(last), Some(next));
            let (Schedule::Daily { times, zone } | Schedule::Weekly { times, zone, .. }) = &schedule else {
                panic!("by the clock");
            };
            let local = next.to_zoned_datetime(zone.0.clone());
            let hour = format!("{:02}:{:02}", local.hour(), local.minute());
            let moved = zone.0.preceding(next + SignedDuration::from_nanos(1)).next();
            let moved = moved.is_some_and(|moved| moved.timestamp() == next);
            prop_assert!(moved || times.texts().any(|time| time == hour), "{}", local);
        }
    }
}
