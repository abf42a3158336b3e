//! Checks a value against its merge field before Mailchimp does, and gives it the form the service wants.

use serde_json::{Number, Value};
use url::Url;

use crate::domain::{AddressPart, DateOrder, FieldKind, MergeField};

/// How many bytes of a text Mailchimp keeps. It cuts off the rest without a word, and would hold another text than the
/// source ever after.
const MAX_TEXT: usize = 255;

/// Gives a value the form of its merge field; `None` when it does not fit.
///
/// Dates go out as `YYYY-MM-DD`, birthdays as `MM/DD`, numbers as JSON numbers, choices in the audience's own spelling.
pub(super) fn convert(field: &MergeField, value: &str, order: Option<DateOrder>) -> Option<Value> {
    let value = value.trim();
    let text = || (value.len() <= MAX_TEXT).then(|| Value::from(value));
    match field.kind {
        FieldKind::Text => text(),
        FieldKind::Number => number(value),
        FieldKind::Phone if is_scientific(value) => None,
        FieldKind::Phone if field.us_phone => us_phone(value).map(Value::from),
        FieldKind::Phone => phone(value).then(text)?,
        FieldKind::Zip => zip(value).then(text)?,
        FieldKind::Url | FieldKind::ImageUrl => web_address(value).then(text)?,
        FieldKind::Date => match order?.read(value)? {
            (0, ..) => None,
            (year, month, day) => Some(Value::from(format!("{year:04}-{month:02}-{day:02}"))),
        },
        FieldKind::Birthday => {
            let (_, month, day) = order?.read(value)?;
            Some(Value::from(format!("{month:02}/{day:02}")))
        }
        FieldKind::Radio | FieldKind::Dropdown => {
            let lower = value.to_lowercase();
            field
                .choices
                .iter()
                .find(|choice| choice.to_lowercase() == lower)
                .map(|choice| choice.as_str().into())
        }
        // An address is put together from its parts.
        FieldKind::Address => None,
    }
}

/// Tells whether a merge field takes a value, where that is told by the value alone.
#[must_use]
pub fn fits(field: &MergeField, value: &str, order: Option<DateOrder>) -> bool {
    field.kind == FieldKind::Address || convert(field, value, order).is_some()
}

/// Puts an address together. Mailchimp refuses one that lacks street, town, state or postal code, so such a one is sent
/// not at all; `None` when nothing is there, the missing part when something is.
pub(super) fn address(parts: &[(AddressPart, &str)]) -> Option<Result<Value, AddressPart>> {
    let part = |wanted| {
        parts
            .iter()
            .find(|(part, _)| *part == wanted)
            .map_or("", |(_, text)| text.trim())
    };
    if AddressPart::ALL
        .into_iter()
        .all(|wanted| part(wanted).is_empty())
    {
        return None;
    }
    let needed = [
        AddressPart::Addr1,
        AddressPart::City,
        AddressPart::State,
        AddressPart::Zip,
    ];
    if let Some(missing) = needed.into_iter().find(|needed| part(*needed).is_empty()) {
        return Some(Err(missing));
    }
    let filled = AddressPart::ALL
        .into_iter()
        .filter(|wanted| !part(*wanted).is_empty());
    Some(Ok(Value::Object(
        filled
            .map(|wanted| (wanted.as_str().to_owned(), part(wanted).into()))
            .collect(),
    )))
}

fn number(value: &str) -> Option<Value> {
    if is_scientific(value) {
        return None;
    }
    if let Ok(whole) = value.parse::<i64>() {
        return Some(Value::from(whole));
    }
    // "1,5" is a number in many countries; "1,234" is one of two numbers, and nothing is guessed.
    let point = match value.split_once(',') {
        Some((_, decimals)) if decimals.len() == 3 => return None,
        Some((whole, decimals)) => format!("{whole}.{decimals}"),
        None => value.to_owned(),
    };
    let number: f64 = point.parse().ok()?;
    Number::from_f64(number).map(Value::Number)
}

fn phone(value: &str) -> bool {
    value.bytes().filter(u8::is_ascii_digit).count() >= 3
}

/// Writes a number of the US as Mailchimp does, NPA-NXX-LINE, if it has ten digits after the country's code.
fn us_phone(value: &str) -> Option<String> {
    let national = value.strip_prefix("+1").or(if value.starts_with('+') {
        None
    } else {
        Some(value)
    })?;
    let blank = |c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}')
    };
    let digits: String = national.chars().filter(|c| !blank(*c)).collect();
    let digits = match digits.len() {
        11 => digits.strip_prefix('1')?,
        _ => &digits,
    };
    if digits.len() != 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(format!(
        "{}-{}-{}",
        &digits[..3],
        &digits[3..6],
        &digits[6..]
    ))
}

/// Tells a number that a spreadsheet shortened (`4.67012E+10`): its last digits are gone.
pub(super) fn is_scientific(value: &str) -> bool {
    let value = value.trim();
    let Some((digits, power)) = value.split_once(['e', 'E']) else {
        return false;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    number(whole) && number(part) && number(power.strip_prefix(['+', '-']).unwrap_or(power))
}

fn zip(value: &str) -> bool {
    let (five, four) = value
        .split_once('-')
        .map_or((value, "0000"), |(five, four)| (five, four));
    let digits = |text: &str, wanted: usize| {
        text.len() == wanted && text.bytes().all(|b| b.is_ascii_digit())
    };
    digits(five, 5) && digits(four, 4)
}

fn web_address(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{address, convert, is_scientific};
    use crate::domain::{AddressPart, DateOrder, FieldKind, MergeField, MergeTag};

    fn field(kind: FieldKind) -> MergeField {
        MergeField {
            tag: MergeTag::parse("X").expect("tag"),
            name: "X".to_owned(),
            kind,
            required: false,
            choices: vec!["Gold".to_owned(), "Silver".to_owned()],
            us_phone: false,
        }
    }

    #[test]
    fn each_type_takes_what_fits_and_nothing_else() {
        let fits = |kind, value| convert(&field(kind), value, Some(DateOrder::Mdy));
        assert_eq!(fits(FieldKind::Number, "42"), Some(json!(42)));
        assert_eq!(fits(FieldKind::Number, "1,5"), Some(json!(1.5)));
        assert_eq!(fits(FieldKind::Number, "many"), None);
        assert_eq!(fits(FieldKind::Number, "1,234"), None);
        assert_eq!(fits(FieldKind::Number, "NaN"), None);
        assert_eq!(fits(FieldKind::Date, "5/8/1986"), Some(json!("1986-05-08")));
        assert_eq!(fits(FieldKind::Date, "5/8"), None);
        assert_eq!(fits(FieldKind::Birthday, "5/8/1986"), Some(json!("05/08")));
        assert_eq!(fits(FieldKind::Birthday, "13/13"), None);
        assert_eq!(
            fits(FieldKind::Zip, "12345-6789"),
            Some(json!("12345-6789"))
        );
        assert_eq!(fits(FieldKind::Zip, "114 55"), None);
        assert_eq!(
            fits(FieldKind::Url, "https://example.com/a"),
            Some(json!("https://example.com/a"))
        );
        assert_eq!(fits(FieldKind::Url, "example"), None);
        assert_eq!(fits(FieldKind::Dropdown, "gold"), Some(json!("Gold")));
        assert_eq!(fits(FieldKind::Radio, "bronze"), None);
        assert_eq!(
            fits(FieldKind::Phone, "983.566.0706x9509"),
            Some(json!("983.566.0706x9509"))
        );
        assert_eq!(fits(FieldKind::Phone, "none"), None);
    }

    #[test]
    fn a_phone_of_the_us_is_written_as_mailchimp_does_or_left_out() {
        let us = MergeField {
            us_phone: true,
            ..field(FieldKind::Phone)
        };
        let fits = |value| convert(&us, value, None);
        for good in [
            "(212) 555-0100",
            "1-212-555-0100",
            "+1 212 555 0100",
            "12125550100",
            "212.555.0100",
        ] {
            assert_eq!(fits(good), Some(json!("212-555-0100")), "{good}");
        }
        for bad in [
            "+46 70 123 45 67",
            "070-123 45 67 8",
            "555-0100",
            "2.125550100E+9",
            "212-555-0100 x5",
        ] {
            assert_eq!(fits(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_number_that_lost_its_last_digits_is_neither_number_nor_phone() {
        for value in ["4.67012E+10", "4,67012E+10", "1E5", "-1.2e14"] {
            assert!(is_scientific(value), "{value}");
            assert_eq!(convert(&field(FieldKind::Phone), value, None), None);
            assert_eq!(convert(&field(FieldKind::Number), value, None), None);
        }
        for value in ["E5", "1.5", "Eva", "1E", "E10", "12 E 5"] {
            assert!(!is_scientific(value), "{value}");
        }
    }

    #[test]
    fn a_text_longer_than_mailchimp_keeps_does_not_fit() {
        let longest = "å".repeat(127);
        let text = field(FieldKind::Text);
        assert!(convert(&text, &longest, None).is_some());
        assert_eq!(convert(&text, &format!("{longest}xy"), None), None);
    }

    #[test]
    fn an_address_is_sent_whole_or_not_at_all() {
        let full = [
            (AddressPart::Addr1, "Storgatan 1"),
            (AddressPart::City, "Lidingö"),
            (AddressPart::State, "AB"),
            (AddressPart::Zip, "181 30"),
        ];
        let whole =
            json!({"addr1": "Storgatan 1", "city": "Lidingö", "state": "AB", "zip": "181 30"});
        assert_eq!(address(&full), Some(Ok(whole)));
        assert_eq!(address(&full[..2]), Some(Err(AddressPart::State)));
        assert_eq!(address(&[(AddressPart::City, " ")]), None);
    }
}
