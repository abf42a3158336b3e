//! Merge fields: their types, and which values fit them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The type of a merge field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    Text,
    Number,
    Address,
    Phone,
    Date,
    Url,
    ImageUrl,
    Radio,
    Dropdown,
    Birthday,
    Zip,
}

/// One merge field of the audience.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) id: u16,
    pub(super) tag: String,
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) required: bool,
    pub(super) public: bool,
    pub(super) default_value: String,
    pub(super) help_text: String,
    pub(super) display_order: i64,
    pub(super) choices: Vec<String>,
    pub(super) date_format: String,
    pub(super) phone_format: String,
}

/// The parts of an address, in the order they are kept.
pub(super) const ADDRESS: [&str; 6] = ["addr1", "addr2", "city", "state", "zip", "country"];

/// A value that fits its field, kept small.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    Text(Box<str>),
    Number(Box<Number>),
    Address(Box<[Box<str>; 6]>),
}

impl Kept {
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(&**text),
            Self::Number(number) => Value::Number((**number).clone()),
            Self::Address(parts) => ADDRESS
                .iter()
                .zip(&**parts)
                .map(|(key, part)| ((*key).to_owned(), Value::from(&**part)))
                .collect(),
        }
    }
}

impl Field {
    /// Checks a value. None clears the field; the error is what the service says about it.
    pub(super) fn accept(&self, value: &Value) -> Result<Option<Kept>, String> {
        if let (Type::Address, Value::Object(_)) = (self.kind, value) {
            return address(value);
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Null => return Err("Schema describes string, NULL found instead".into()),
            _ => return Err(self.complaint()),
        };
        if text.is_empty() {
            return Ok(None);
        }
        let kept = match self.kind {
            Type::Text => Some(text),
            Type::Number => {
                let number = text
                    .parse::<Number>()
                    .ok()
                    .ok_or_else(|| self.complaint())?;
                return Ok(Some(Kept::Number(Box::new(number))));
            }
            Type::Address => None,
            Type::Phone => self.phone(text),
            Type::Date => self.date(&text),
            Type::Birthday => birthday(&text),
            Type::Zip => zip(&text).then_some(text),
            Type::Url | Type::ImageUrl => url::Url::parse(&text)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .then_some(text),
            Type::Radio | Type::Dropdown => self.choices.contains(&text).then_some(text),
        };
        kept.map(|text| Some(Kept::Text(text.into())))
            .ok_or_else(|| self.complaint())
    }

    fn complaint(&self) -> String {
        match self.kind {
            Type::Number => "Please enter a number".into(),
            Type::Address => "Please enter a complete address".into(),
            Type::Phone => "Please enter a valid phone number".into(),
            Type::Date => "Please enter a valid date".into(),
            Type::Birthday => "Please enter a month (01-12) and a day (01-31)".into(),
            Type::Zip => "Please enter a valid zip code".into(),
            Type::Url | Type::ImageUrl => "Please enter a valid URL".into(),
            Type::Radio | Type::Dropdown => {
                format!("Please select one of: {}", self.choices.join(", "))
            }
            Type::Text => "Please enter a value".into(),
        }
    }

    fn phone(&self, text: String) -> Option<String> {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let fits = if self.phone_format == "US" {
            digits == 10
                && text
                    .chars()
                    .all(|letter| letter.is_ascii_digit() || "()-. ".contains(letter))
        } else {
            digits > 0
        };
        fits.then_some(text)
    }

    /// ISO, or in the order of the field's own format; kept as ISO.
    fn date(&self, text: &str) -> Option<String> {
        if let Some(Ok(date)) = text.get(..10).map(str::parse::<Date>) {
            return Some(date.to_string());
        }
        let parts: Vec<i16> = text
            .split('/')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let [first, second, year] = parts[..] else {
            return None;
        };
        let (month, day) = if self.date_format.starts_with("DD") {
            (second, first)
        } else {
            (first, second)
        };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(date.to_string())
    }
}

fn address(value: &Value) -> Result<Option<Kept>, String> {
    let part = |key: &str| match value.get(key) {
        Some(Value::String(text)) => text.trim().into(),
        Some(Value::Number(number)) => number.to_string().into(),
        _ => "".into(),
    };
    let parts: [Box<str>; 6] = ADDRESS.map(part);
    if parts.iter().all(|part| part.is_empty()) {
        return Ok(None);
    }
    let [street, _, city, state, zip, _] = &parts;
    if [street, city, state, zip]
        .iter()
        .any(|part| part.is_empty())
    {
        return Err("Please enter a complete address".into());
    }
    Ok(Some(Kept::Address(Box::new(parts))))
}

fn birthday(text: &str) -> Option<String> {
    let (month, day) = text.split_once('/')?;
    let two = |part: &str| (part.len() <= 2).then(|| part.parse::<i8>().ok()).flatten();
    let (month, day) = (two(month)?, two(day)?);
    // A leap year, so that the 29th of February is a birthday.
    Date::new(2000, month, day).ok()?;
    Some(format!("{month:02}/{day:02}"))
}

fn zip(text: &str) -> bool {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        None => digits(text, 5),
        Some((five, four)) => digits(five, 5) && digits(four, 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(kind: Type) -> Field {
        Field {
            id: 1,
            tag: "TAG".into(),
            name: "Name".into(),
            kind,
            required: false,
            public: false,
            default_value: String::new(),
            help_text: String::new(),
            display_order: 1,
            choices: vec!["red".into(), "blue".into()],
            date_format: "MM/DD/YYYY".into(),
            phone_format: "none".into(),
        }
    }

    #[test]
    fn values_that_fit_their_type_are_kept() {
        for (kind, value, kept) in [
            (Type::Text, json!(" Åsa "), json!("Åsa")),
            (Type::Text, json!(7), json!("7")),
            (Type::Number, json!("12.50"), json!(12.5)),
            (Type::Number, json!(3), json!(3)),
            (Type::Date, json!("2026-01-31"), json!("2026-01-31")),
            (Type::Date, json!("01/31/2026"), json!("2026-01-31")),
            (Type::Birthday, json!("2/29"), json!("02/29")),
            (
                Type::Phone,
                json!("+46 70 123 456"),
                json!("+46 70 123 456"),
            ),
            (Type::Zip, json!("12345-6789"), json!("12345-6789")),
            (
                Type::Url,
                json!("https://example.com/a"),
                json!("https://example.com/a"),
            ),
            (Type::Dropdown, json!("red"), json!("red")),
        ] {
            let found = field(kind).accept(&value).expect("accepted").expect("kept");
            assert_eq!(found.to_value(), kept, "{kind:?}");
        }
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        for (kind, value) in [
            (Type::Number, json!("twelve")),
            (Type::Date, json!("31/01/2026")),
            (Type::Date, json!("soon")),
            (Type::Birthday, json!("13/01")),
            (Type::Birthday, json!("02/30")),
            (Type::Birthday, json!("1980-02-01")),
            (Type::Phone, json!("none")),
            (Type::Zip, json!("114 35")),
            (Type::Url, json!("example.com")),
            (Type::Radio, json!("green")),
            (Type::Text, json!(["a"])),
            (Type::Address, json!("1 High Street")),
            (
                Type::Address,
                json!({"street": "1 High Street", "city": "Leeds"}),
            ),
        ] {
            assert!(field(kind).accept(&value).is_err(), "{kind:?} {value}");
        }
    }

    #[test]
    fn an_empty_value_clears() {
        assert_eq!(field(Type::Date).accept(&json!("")), Ok(None));
        assert_eq!(field(Type::Address).accept(&json!("")), Ok(None));
        assert_eq!(field(Type::Address).accept(&json!({"addr1": ""})), Ok(None));
    }

    #[test]
    fn an_american_phone_number_has_ten_digits() {
        let american = Field {
            phone_format: "US".into(),
            ..field(Type::Phone)
        };
        assert!(american.accept(&json!("(555) 010-1234")).is_ok());
        assert!(american.accept(&json!("+46 70 123 456")).is_err());
    }
}
