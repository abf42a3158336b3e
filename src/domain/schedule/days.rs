use jiff::civil::Weekday;

use super::BadSchedule;

/// The days of the week as they are written, from Monday on.
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The same days as people may write them out, in the languages that are spoken here.
const WRITTEN_OUT: [[&str; 2]; 7] = [
    ["monday", "måndag"],
    ["tuesday", "tisdag"],
    ["wednesday", "onsdag"],
    ["thursday", "torsdag"],
    ["friday", "fredag"],
    ["saturday", "lördag"],
    ["sunday", "söndag"],
];

/// Finds the day that a text names, by three letters of it or more.
fn day(text: &str) -> Option<Weekday> {
    let text = text.to_lowercase();
    let fits = |name: &&str| text.chars().count() >= 3 && name.starts_with(&text);
    let mut days = DAYS.iter().zip(WRITTEN_OUT);
    let found = days.find(|(_, names)| names.iter().any(&fits));
    found.map(|((_, day), _)| *day)
}

/// One or more days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days(Vec<Weekday>);

impl Days {
    /// Parts a line into its days and its times, which begin with the first that has a colon.
    #[must_use]
    pub fn split<T: AsRef<str>>(words: &[T]) -> (&[T], &[T]) {
        let first = words.iter().position(|word| word.as_ref().contains(':'));
        words.split_at(first.unwrap_or(words.len()))
    }

    /// Reads days as they are typed: `mon`, `Monday`, `måndag`.
    ///
    /// # Errors
    /// Names what is none.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, BadSchedule> {
        let mut wanted = Vec::new();
        for text in texts.into_iter().map(str::trim) {
            // A comma before a blank leaves nothing behind it.
            if !text.is_empty() {
                wanted.push(day(text).ok_or_else(|| BadSchedule::Day(text.to_owned()))?);
            }
        }
        let all = DAYS.iter().map(|(_, day)| *day);
        let days: Vec<Weekday> = all.filter(|day| wanted.contains(day)).collect();
        match days.len() {
            0 => Err(BadSchedule::Days),
            _ => Ok(Self(days)),
        }
    }

    /// Lists them from Monday on, as `mon`.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> {
        let days = DAYS.iter().filter(|(_, day)| self.0.contains(day));
        days.map(|(name, _)| *name)
    }

    pub(super) fn holds(&self, day: Weekday) -> bool {
        self.0.contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them_and_written_one_way() {
        let read = |text: &str| Days::parse(text.split(',')).map(|days| days.texts().collect());
        let of = |days: &[&'static str]| Ok::<Vec<_>, BadSchedule>(days.to_vec());
        assert_eq!(read("thu,mon"), of(&["mon", "thu"]));
        assert_eq!(read("Monday, thurs,"), of(&["mon", "thu"]));
        assert_eq!(read("måndag,LÖR"), of(&["mon", "sat"]));
        for wrong in ["mo", "monda y", "someday", "m", "06:00"] {
            assert_eq!(read(wrong), Err(BadSchedule::Day(wrong.to_owned())));
        }
        assert_eq!(read(","), Err(BadSchedule::Days));
    }

    #[test]
    fn days_end_where_times_begin() {
        let split = |line: &'static str| {
            let words: Vec<&str> = line.split(' ').collect();
            let (days, times) = Days::split(&words);
            (days.join(" "), times.join(" "))
        };
        assert_eq!(
            split("mon thu 06:00 18:00"),
            ("mon thu".into(), "06:00 18:00".into())
        );
        assert_eq!(split("mon,thu"), ("mon,thu".into(), String::new()));
    }
}
