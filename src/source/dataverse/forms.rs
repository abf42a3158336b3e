//! What values are shown as: choices and two-option attributes by their labels, dates as their attribute means them.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::Cells;

/// How the values of an attribute are written for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// The labels of its choices, by their numbers.
    Choice(HashMap<String, String>),
    /// A choice whose labels the environment does not tell.
    Unlabelled,
    /// The labels of false and of true.
    Truth([String; 2]),
    /// A day, or a day and time, that is the same everywhere.
    Everywhere,
    /// A day that was written down as the midnight with which it began where the writer was.
    WritersDay,
}

impl Form {
    /// Writes a value; `None` for a choice that has no label.
    fn show<'v>(&'v self, value: &'v str) -> Option<Cow<'v, str>> {
        match self {
            _ if value.trim().is_empty() => Some(Cow::Borrowed("")),
            Self::Choice(labels) => {
                let labels = value.split(',').map(|one| labels.get(one.trim()));
                let labels: Option<Vec<&str>> =
                    labels.map(|label| label.map(String::as_str)).collect();
                // As Dataverse itself writes several choices.
                labels.map(|labels| Cow::Owned(labels.join("; ")))
            }
            Self::Unlabelled => None,
            Self::Truth([no, yes]) => Some(match value.trim() {
                "true" => Cow::Borrowed(yes),
                "false" => Cow::Borrowed(no),
                other => Cow::Borrowed(other),
            }),
            Self::Everywhere => Some(everywhere(value.trim())),
            Self::WritersDay => Some(writers_day(value.trim())),
        }
    }
}

/// Takes off a time zone that means nothing, and the time of day of what is a day only.
fn everywhere(value: &str) -> Cow<'_, str> {
    let bare = value.strip_suffix('Z').unwrap_or(value);
    match bare.split_once('T') {
        Some((day, time)) if time.bytes().all(|byte| b"0:.".contains(&byte)) => Cow::Borrowed(day),
        _ => Cow::Borrowed(bare),
    }
}

/// Finds the day of a midnight somewhere: the nearest one in UTC, as no place is more than half a day away. So the day does
/// not hang on where the export user is.
fn writers_day(value: &str) -> Cow<'_, str> {
    const HALF_A_DAY: i64 = 12 * 60 * 60;
    let moment = value.parse::<Timestamp>().ok();
    let nearest = moment.and_then(|at| Timestamp::from_second(at.as_second() + HALF_A_DAY).ok());
    match nearest {
        Some(at) => Cow::Owned(TimeZone::UTC.to_datetime(at).date().to_string()),
        None => Cow::Borrowed(value),
    }
}

/// The forms of a request's attributes, by their places.
#[derive(Debug)]
pub(super) struct Shapes<'a>(Vec<Option<&'a Form>>);

impl<'a> Shapes<'a> {
    /// Finds the forms; the attribute at the place `raw` keeps its truth values.
    pub fn new(forms: &'a HashMap<String, Form>, names: &[String], raw: Option<usize>) -> Self {
        let found = names.iter().enumerate().map(|(at, name)| {
            let kept = |form: &&Form| !(raw == Some(at) && matches!(form, Form::Truth(_)));
            forms.get(name).filter(kept)
        });
        Self(found.collect())
    }

    /// Writes a row for people. A choice without a label becomes empty, and its place is told.
    pub fn show(&self, cells: Cells, mut no_label: impl FnMut(usize)) -> Cells {
        if self.0.iter().all(Option::is_none) {
            return cells;
        }
        let shown: Vec<Cow<'_, str>> = (0..cells.len())
            .map(|at| match self.0.get(at).copied().flatten() {
                None => Cow::Borrowed(cells.get(at)),
                Some(form) => form.show(cells.get(at)).unwrap_or_else(|| {
                    no_label(at);
                    Cow::Borrowed("")
                }),
            })
            .collect();
        Cells::gather(shown.iter().map(|text| &**text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Form, Shapes};
    use crate::source::Cells;

    fn show(form: &Form, value: &str) -> Option<String> {
        form.show(value).map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn a_choice_is_its_label_and_never_its_number() {
        let labels = [("1", "Guld"), ("2", "Silver")];
        let labels = labels.map(|(number, label)| (number.to_owned(), label.to_owned()));
        let form = Form::Choice(HashMap::from(labels));
        assert_eq!(show(&form, "1").as_deref(), Some("Guld"));
        assert_eq!(show(&form, "2, 1").as_deref(), Some("Silver; Guld"));
        assert_eq!(show(&form, "").as_deref(), Some(""));
        assert_eq!(show(&form, "3"), None);
        assert_eq!(show(&form, "1,3"), None);
        assert_eq!(show(&Form::Unlabelled, "1"), None);
    }

    #[test]
    fn dates_are_the_days_that_their_attribute_means() {
        for (value, day) in [
            ("2020-01-15", "2020-01-15"),
            ("2020-01-15T00:00:00Z", "2020-01-15"),
            ("2020-01-15T14:30:00Z", "2020-01-15T14:30:00"),
        ] {
            assert_eq!(show(&Form::Everywhere, value).as_deref(), Some(day));
        }
        for (value, day) in [
            // Stockholm, New York, UTC, Auckland: the midnight with which the 8th of May began.
            ("1980-05-07T22:00:00Z", "1980-05-08"),
            ("1980-05-08T04:00:00Z", "1980-05-08"),
            ("1980-05-08T00:00:00Z", "1980-05-08"),
            ("1980-05-07T12:00:00Z", "1980-05-08"),
            ("soon", "soon"),
        ] {
            assert_eq!(show(&Form::WritersDay, value).as_deref(), Some(day));
        }
    }

    #[test]
    fn a_two_option_attribute_is_its_label_to_people_and_raw_where_it_is_judged() {
        let labels = ["Tillåt".to_owned(), "Tillåt inte".to_owned()];
        let forms = HashMap::from([("no".to_owned(), Form::Truth(labels))]);
        let names = ["no".to_owned(), "no".to_owned()];
        let cells: Cells = ["true", "true"].into_iter().collect();
        let shown = Shapes::new(&forms, &names, Some(1)).show(cells, |_| panic!("a label"));
        assert_eq!(shown.iter().collect::<Vec<_>>(), ["Tillåt inte", "true"]);
    }
}
