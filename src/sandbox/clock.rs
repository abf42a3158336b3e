//! Time in whole seconds, as the services write it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// Seconds since 1970; enough until 2106 and half the size of the usual.
pub(super) type Seconds = u32;

/// Tells the time.
pub(super) fn now() -> Seconds {
    Seconds::try_from(Timestamp::now().as_second()).unwrap_or(0)
}

/// Writes a time as `2026-01-31T10:00:00+00:00`.
pub(super) fn iso(time: Seconds) -> String {
    let Ok(stamp) = Timestamp::from_second(i64::from(time)) else {
        return String::new();
    };
    let at = Offset::UTC.to_datetime(stamp);
    // Three of these stand in every member object: written digit by digit, and not through the machinery of `format!`.
    let mut text = String::with_capacity("2026-01-31T10:00:00+00:00".len());
    let century = i8::try_from(at.year() / 100).unwrap_or(0);
    let year = i8::try_from(at.year() % 100).unwrap_or(0);
    for (number, behind) in [
        (century, ""),
        (year, "-"),
        (at.month(), "-"),
        (at.day(), "T"),
        (at.hour(), ":"),
        (at.minute(), ":"),
        (at.second(), "+00:00"),
    ] {
        let number = number.unsigned_abs();
        text.extend([b'0' + number / 10, b'0' + number % 10].map(char::from));
        text.push_str(behind);
    }
    text
}

/// Reads a time as Mailchimp takes it: ISO 8601 with `Z` or an offset, or `2026-01-31 10:00:00` in UTC, or a day.
pub(super) fn parse(text: &str) -> Option<Seconds> {
    // A `+` that was not escaped in a query arrives as a blank before the offset.
    let mended = match text.rsplit_once(' ') {
        Some((left, offset)) if left.contains('T') => format!("{left}+{offset}"),
        _ => text.to_owned(),
    };
    let stamp = mended
        .parse::<Timestamp>()
        .ok()
        .or_else(|| in_utc(mended.parse::<DateTime>().ok()?))
        .or_else(|| {
            in_utc(
                mended
                    .parse::<Date>()
                    .ok()?
                    .to_datetime(jiff::civil::Time::MIN),
            )
        })?;
    Seconds::try_from(stamp.as_second()).ok()
}

fn in_utc(at: DateTime) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_was_written() {
        let time = parse("2026-01-31T10:00:00+00:00").expect("a time");
        assert_eq!(iso(time), "2026-01-31T10:00:00+00:00");
        assert_eq!(parse("2026-01-31 10:00:00"), Some(time));
        assert_eq!(parse("2026-01-31T10:00:00 00:00"), Some(time));
        assert_eq!(parse("2026-01-31T11:00:00+01:00"), Some(time));
        assert_eq!(parse("2026-01-31"), Some(time - 36_000));
        assert_eq!(parse("soon"), None);
    }
}
