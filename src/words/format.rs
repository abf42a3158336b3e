use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Lang, Words};

impl Words {
    /// Writes a whole number grouped by language: `1,000,000`, `1 000 000` (with no-break spaces).
    #[must_use]
    pub fn number(&self, number: u64) -> String {
        group(&number.to_string(), self.lang())
    }

    /// Writes a size on the disk by language: `812 B`, `1.2 MB`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    pub fn bytes(&self, bytes: u64) -> String {
        let units = ["kB", "MB", "GB", "TB"];
        let mut size = bytes as f64;
        let mut unit = None;
        // What would be rounded to 1,000 is one of the next unit.
        for next in units {
            if size < 999.95 {
                break;
            }
            (size, unit) = (size / 1_000.0, Some(next));
        }
        match unit {
            None => format!("{bytes} B"),
            Some(unit) => format!("{} {unit}", self.decimal(size, 1)),
        }
    }

    /// Writes a number with a fixed count of decimals by language: `1,234.5`, `1 234,5`.
    #[must_use]
    pub fn decimal(&self, number: f64, decimals: usize) -> String {
        group(&format!("{number:.decimals$}"), self.lang())
    }

    /// Writes a share of 1 as a percentage with at most one decimal: `5%`, `12.5%`, `12,5 %`.
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        let tenths = format!("{:.1}", share * 100.0);
        let value = group(tenths.strip_suffix(".0").unwrap_or(&tenths), self.lang());
        self.with("percent", &[("value", value.into())])
    }

    /// Writes how long something took, in the two largest units that say something: `3 min 12 s`.
    #[must_use]
    pub fn duration(&self, duration: Duration) -> String {
        let tenths = (duration.as_secs_f64() * 10.0).round() / 10.0;
        if tenths < 10.0 {
            let seconds = self.decimal(tenths, usize::from(tenths.fract() > 0.0));
            return self.with("duration-seconds", &[("seconds", seconds.into())]);
        }
        let seconds = duration.as_secs() + u64::from(duration.subsec_millis() >= 500);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        if hours > 0 {
            let args = [("hours", hours.into()), ("minutes", minutes.into())];
            self.with("duration-hours", &args)
        } else if minutes > 0 {
            let args = [
                ("minutes", minutes.into()),
                ("seconds", (seconds % 60).into()),
            ];
            self.with("duration-minutes", &args)
        } else {
            self.with("duration-seconds", &[("seconds", seconds.into())])
        }
    }

    /// Says between what something takes: `between 0.3 and 0.8 s`, `about 2 s`, `less than a second`.
    pub(super) fn between(&self, least: Duration, most: Duration) -> String {
        let [from, to] = [least, most].map(|time| self.duration(time));
        if most < Duration::from_secs(1) && least < Duration::from_millis(50) {
            self.text("duration-under-second")
        } else if from == to {
            self.with("duration-about", &[("time", to.into())])
        } else {
            // The unit is said once where it is that of both.
            let least = match (from.strip_suffix(" s"), to.strip_suffix(" s")) {
                (Some(least), Some(most)) if !most.contains(' ') => least,
                _ => &from,
            };
            let args = [("least", least.into()), ("most", to.as_str().into())];
            self.with("duration-between", &args)
        }
    }

    /// Writes a point in time in the computer's time zone: `23 Nov 2026, 21:45`, `2026-11-23 21:45`.
    #[must_use]
    pub fn date_time(&self, time: Timestamp) -> String {
        self.date_time_in(time, TimeZone::system())
    }

    /// Writes a day of the local calendar as people of the language write it.
    #[must_use]
    pub fn date(&self, time: Timestamp) -> String {
        self.by_pattern("date-pattern", time, TimeZone::system())
    }

    /// Writes the same by another time zone.
    pub(super) fn date_time_in(&self, time: Timestamp, zone: TimeZone) -> String {
        self.by_pattern("date-time-pattern", time, zone)
    }

    fn by_pattern(&self, pattern: &str, time: Timestamp, zone: TimeZone) -> String {
        let pattern = self.text(pattern);
        let local = time.to_zoned_datetime(zone);
        // A pattern that cannot be followed would be a mistake in a text file: the time itself is still right.
        jiff::fmt::strtime::format(pattern.as_bytes(), &local)
            .unwrap_or_else(|_unfit| local.to_string())
    }
}

/// Groups the digits before the decimal point by threes and writes the point by language.
pub(super) fn group(number: &str, lang: Lang) -> String {
    let (between, point) = match lang {
        Lang::En => (',', '.'),
        Lang::Sv => ('\u{a0}', ','),
    };
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", number),
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(between);
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push(point);
        out.push_str(decimals);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::{TimeZone, offset};

    use super::{Lang, Words, group};

    fn both(write: impl Fn(&Words) -> String) -> [String; 2] {
        Lang::ALL.map(|lang| write(&Words::new(lang)))
    }

    #[test]
    fn numbers_are_written_by_language() {
        assert_eq!(both(|w| w.number(0)), ["0", "0"]);
        assert_eq!(both(|w| w.number(999)), ["999", "999"]);
        let million = ["1,000,000", "1\u{a0}000\u{a0}000"];
        assert_eq!(both(|w| w.number(1_000_000)), million);
        let fraction = ["1,234.50", "1\u{a0}234,50"];
        assert_eq!(both(|w| w.decimal(1234.5, 2)), fraction);
        assert_eq!(both(|w| w.percent(0.05)), ["5%", "5\u{a0}%"]);
        assert_eq!(both(|w| w.percent(0.125)), ["12.5%", "12,5\u{a0}%"]);
        assert_eq!(group("-1234", Lang::En), "-1,234");
    }

    #[test]
    fn a_size_has_the_unit_that_reads_best() {
        assert_eq!(both(|w| w.bytes(812)), ["812 B", "812 B"]);
        assert_eq!(both(|w| w.bytes(999)), ["999 B", "999 B"]);
        assert_eq!(both(|w| w.bytes(1_250)), ["1.2 kB", "1,2 kB"]);
        assert_eq!(both(|w| w.bytes(999_960)), ["1.0 MB", "1,0 MB"]);
        assert_eq!(both(|w| w.bytes(3_400_000_000)), ["3.4 GB", "3,4 GB"]);
    }

    #[test]
    fn a_duration_has_the_two_largest_units() {
        let millis = |ms| both(move |w| w.duration(Duration::from_millis(ms)));
        assert_eq!(millis(0), ["0 s", "0 s"]);
        assert_eq!(millis(840), ["0.8 s", "0,8 s"]);
        assert_eq!(millis(9_990), ["10 s", "10 s"]);
        assert_eq!(millis(59_700), ["1 min 0 s", "1 min 0 s"]);
        assert_eq!(millis(192_000), ["3 min 12 s", "3 min 12 s"]);
        assert_eq!(millis(3_840_000), ["1 h 4 min", "1 tim 4 min"]);
    }

    #[test]
    fn what_something_takes_reads_as_people_say_it() {
        let between = |least, most| {
            both(move |w| w.between(Duration::from_millis(least), Duration::from_millis(most)))
        };
        assert_eq!(between(0, 0), ["less than a second", "under en sekund"]);
        assert_eq!(between(40, 600), ["less than a second", "under en sekund"]);
        assert_eq!(
            between(300, 800),
            ["between 0.3 and 0.8 s", "mellan 0,3 och 0,8 s"]
        );
        assert_eq!(between(2_000, 2_010), ["about 2 s", "ungefär 2 s"]);
        assert_eq!(
            between(50_000, 72_000),
            ["between 50 s and 1 min 12 s", "mellan 50 s och 1 min 12 s"]
        );
    }

    #[test]
    fn a_time_is_local_and_written_by_language() {
        let time = "2026-11-03T20:45:09Z".parse().expect("valid");
        let zone = TimeZone::fixed(offset(1));
        let written = both(|w| w.date_time_in(time, zone.clone()));
        assert_eq!(written, ["3 Nov 2026, 21:45", "2026-11-03 21:45"]);
        assert_ne!(Words::new(Lang::En).date_time(time), "");
    }
}
