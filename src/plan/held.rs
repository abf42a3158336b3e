//! Whether the audience holds a value already, though it gives it back in another form than it was sent in. In doubt it
//! does not: sending a value again is harmless, keeping an old one is not.

use serde_json::Value;
use url::Url;

/// Tells whether what is held is what would be sent.
pub(super) fn holds(held: &Value, wanted: &Value) -> bool {
    match (wanted, held) {
        (Value::Object(wanted), Value::Object(held)) => wanted
            .iter()
            .all(|(part, value)| held.get(part).is_some_and(|held| holds(held, value))),
        (Value::Number(wanted), Value::Number(held)) => wanted.as_f64() == held.as_f64(),
        (Value::Number(wanted), Value::String(held)) => held
            .trim()
            .parse::<f64>()
            .is_ok_and(|held| wanted.as_f64() == Some(held)),
        (Value::String(wanted), held) if wanted.is_empty() => is_empty(held),
        (Value::String(wanted), Value::String(held)) => {
            wanted == held || same_text(wanted, held) || same_form(wanted, held)
        }
        (Value::String(wanted), Value::Number(held)) => *wanted == held.to_string(),
        _ => wanted == held,
    }
}

/// A field that was cleared may come back as nothing at all, or as an address without street and town.
fn is_empty(held: &Value) -> bool {
    match held {
        Value::Null => true,
        Value::String(held) => held.trim().is_empty(),
        Value::Object(parts) => parts
            .iter()
            .filter(|(part, _)| *part != "country")
            .all(|(_, held)| is_empty(held)),
        _ => false,
    }
}

/// Blanks around and between words are not kept as they were sent.
fn same_text(wanted: &str, held: &str) -> bool {
    wanted.split_whitespace().eq(held.split_whitespace())
}

/// The forms we send are known, so they tell what a text is: `404-555-1212`, `1986-05-08`, `05/08`, a web address.
fn same_form(wanted: &str, held: &str) -> bool {
    if is_form(wanted, "000-000-0000") {
        let digits = digits(held);
        return digits
            .strip_prefix('1')
            .filter(|d| d.len() == 10)
            .unwrap_or(&digits)
            == self::digits(wanted);
    }
    if is_form(wanted, "0000-00-00") {
        return same_day(wanted, held);
    }
    if is_form(wanted, "00/00") {
        let numbers = |text: &str| -> Vec<Option<u8>> {
            text.split('/')
                .map(|part| part.trim().parse().ok())
                .collect()
        };
        return numbers(wanted) == numbers(held);
    }
    let page = |text: &str| Url::parse(text).ok().filter(Url::has_host);
    wanted.starts_with("http") && page(wanted).is_some_and(|wanted| page(held) == Some(wanted))
}

/// A date comes back with a time, or in the audience's own order: `05/08/1986` may be two days, and is neither then.
fn same_day(wanted: &str, held: &str) -> bool {
    let held = held.split(['T', ' ']).next().unwrap_or_default();
    let (year, month, day) = (&wanted[..4], &wanted[5..7], &wanted[8..]);
    held == wanted
        || (is_form(held, "00/00/0000")
            && held.ends_with(year)
            && (month == day || day > "12")
            && [format!("{month}/{day}"), format!("{day}/{month}")]
                .iter()
                .any(|way| held.starts_with(way)))
}

fn is_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(letter, form)| match form {
                b'0' => letter.is_ascii_digit(),
                sign => letter == sign,
            })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::holds;

    #[test]
    fn what_mailchimp_gives_back_in_another_form_is_held() {
        let table: [(Value, Value); 16] = [
            (json!(42), json!("42")),
            (json!(1.5), json!(1.5)),
            (json!("7"), json!(7)),
            (json!("Anna  Maria"), json!("Anna Maria ")),
            (json!("404-555-1212"), json!("(404) 555-1212")),
            (json!("404-555-1212"), json!("+1 404 555 1212")),
            (json!("1986-05-28"), json!("05/28/1986")),
            (json!("1986-05-28"), json!("28/05/1986")),
            (json!("1986-05-08"), json!("1986-05-08T00:00:00+00:00")),
            (json!("05/08"), json!("5/8")),
            (json!("https://Example.com"), json!("https://example.com/")),
            (json!(""), json!(null)),
            (json!(""), json!({"addr1": "", "country": "US"})),
            (
                json!({"addr1": "A 1"}),
                json!({"addr1": "A 1", "addr2": ""}),
            ),
            (json!({"addr1": "A  1"}), json!({"addr1": "A 1"})),
            (json!("Gold"), json!("Gold")),
        ];
        for (wanted, held) in table {
            assert!(holds(&held, &wanted), "{wanted} {held}");
        }
    }

    #[test]
    fn what_differs_or_may_differ_is_sent() {
        let table: [(Value, Value); 9] = [
            (json!("A"), json!("a")),
            (json!("404-555-1212"), json!("404-555-1213")),
            (json!("1986-05-08"), json!("05/08/1986")),
            (json!("1986-05-08"), json!("1986-05-09")),
            (json!("05/08"), json!("08/05")),
            (json!("070-123 45 67"), json!("0701234567")),
            (json!("A"), json!("")),
            (json!(""), json!("A")),
            (json!({"addr1": "A"}), json!("")),
        ];
        for (wanted, held) in table {
            assert!(!holds(&held, &wanted), "{wanted} {held}");
        }
    }
}
