//! One page of an answer, read straight into cells: no tree of values is built.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::super::Cells;
use crate::http::limits;

/// One page of rows.
#[derive(Debug, Default)]
pub(in crate::source) struct Page {
    /// The wanted properties of each row, in the order asked for; empty where a row has none or `null`.
    pub rows: Vec<Cells>,
    /// Whether a letter in any of them was broken, and U+FFFD stands for it.
    pub broken: bool,
    /// Where the next page is, as the service wrote it.
    pub next: Option<String>,
}

/// The properties to take out of each row.
#[derive(Debug, Clone)]
pub(in crate::source) struct Columns {
    places: HashMap<String, usize>,
    /// The distinct property that each wanted value is of: one may be wanted twice.
    wanted: Vec<usize>,
    /// Which of the wanted values tells rows apart; else the whole row does.
    id: Option<usize>,
}

impl Columns {
    /// Names the properties.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut places = HashMap::new();
        let wanted = names.into_iter().map(|name| {
            let next = places.len();
            *places.entry(name.to_owned()).or_insert(next)
        });
        let wanted = wanted.collect();
        Self {
            places,
            wanted,
            id: None,
        }
    }

    /// Gives the text that tells a row from others, and whether it does so for certain: rows without an id may be alike.
    pub fn key<'a>(&self, row: &'a Cells) -> (&'a str, bool) {
        match self.id.map(|at| row.get(at).trim()) {
            Some("") => (row.text(), false),
            Some(id) => (id, true),
            None => (row.text(), !row.text().is_empty()),
        }
    }

    /// Reads one page; also a bare list of rows.
    pub fn read(&self, body: &[u8]) -> Result<Page, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_slice(body);
        let page = PageSeed(self).deserialize(&mut json)?;
        json.end()?;
        Ok(page)
    }
}

/// Writes what to select for attributes and, as the last value, the id.
pub(in crate::source) fn selection(attributes: &[String], id: &str) -> (String, Columns) {
    let names = attributes.iter().map(String::as_str).chain([id]);
    let mut distinct: Vec<&str> = Vec::new();
    for name in names.clone() {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    let columns = Columns {
        id: Some(attributes.len()),
        ..Columns::new(names)
    };
    (distinct.join(","), columns)
}

struct PageSeed<'a>(&'a Columns);

impl<'de> DeserializeSeed<'de> for PageSeed<'_> {
    type Value = Page;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Page, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PageSeed<'_> {
    type Value = Page;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a page of rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page, A::Error> {
        let (mut page, mut whole) = (Page::default(), false);
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match &*key {
                "value" => {
                    (page.rows, page.broken) = map.next_value_seed(RowsSeed(self.0))?;
                    whole = true;
                }
                "@odata.nextLink" => page.next = map.next_value()?,
                // OData lets a service break off in the middle of an answer that began well.
                "error" => return Err(A::Error::custom("the answer ends in an error")),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if whole {
            Ok(page)
        } else {
            Err(A::Error::missing_field("value"))
        }
    }
}

struct RowsSeed<'a>(&'a Columns);

impl<'de> DeserializeSeed<'de> for RowsSeed<'_> {
    type Value = (Vec<Cells>, bool);

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(Vec<Cells>, bool), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = (Vec<Cells>, bool);

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(Vec<Cells>, bool), A::Error> {
        let mut scratch = Scratch::new(self.0);
        let mut rows = Vec::new();
        while list.next_element_seed(RowSeed(&mut scratch))?.is_some() {
            if rows.len() == limits::SOURCE_ROWS {
                return Err(A::Error::custom("more rows than any page has"));
            }
            rows.push(scratch.cells());
        }
        Ok((rows, scratch.broken))
    }
}

/// The values of the row being read: one text, and where in it each column's value is.
struct Scratch<'a> {
    columns: &'a Columns,
    text: String,
    spans: Vec<(usize, usize)>,
    /// Whether a letter of any row was broken.
    broken: bool,
}

impl<'a> Scratch<'a> {
    fn new(columns: &'a Columns) -> Self {
        Self {
            columns,
            text: String::new(),
            spans: vec![(0, 0); columns.places.len()],
            broken: false,
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.spans.fill((0, 0));
    }

    fn cells(&self) -> Cells {
        Cells::gather(self.columns.wanted.iter().map(|at| {
            let (from, upto) = self.spans[*at];
            &self.text[from..upto]
        }))
    }
}

struct RowSeed<'s, 'a>(&'s mut Scratch<'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.0;
        row.clear();
        while let Some(key) = map.next_key_seed(KeySeed(row.columns))? {
            let Some(at) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let from = row.text.len();
            row.broken |= map.next_value_seed(ValueSeed(&mut row.text))?;
            row.spans[at] = (from, row.text.len());
        }
        Ok(())
    }
}

/// Finds a property's place without keeping its name.
struct KeySeed<'a>(&'a Columns);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Option<usize>, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a property's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.places.get(name).copied())
    }
}

/// Appends one value as text: numbers and truth values as JSON writes them, `null` as nothing, lists and objects as JSON.
/// Tells whether a letter in it was broken.
struct ValueSeed<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        let raw = <&RawValue>::deserialize(json)?.get();
        match raw.as_bytes().first() {
            Some(b'"') => {
                let (text, broken) = mended(raw).map_err(D::Error::custom)?;
                self.0.push_str(&text);
                return Ok(broken);
            }
            Some(b'n') => {}
            Some(b'{' | b'[') => self.0.push_str(&compact(raw)),
            Some(b'0'..=b'9' | b'-') if raw.contains(['.', 'e', 'E']) => {
                let number: f64 = raw.parse().map_err(D::Error::custom)?;
                // Writing to a string cannot fail.
                let _written = write!(self.0, "{number}");
            }
            _ => self.0.push_str(raw),
        }
        Ok(false)
    }
}

/// Reads a text. Half of a letter, as is left where an emoji was cut in two, becomes U+FFFD; tells whether there was one.
/// Such texts are within JSON's grammar (RFC 8259, 8.2), and .NET does send them.
fn mended(raw: &str) -> Result<(Cow<'_, str>, bool), serde_json::Error> {
    if !raw.contains('\\') {
        return Ok((Cow::Borrowed(&raw[1..raw.len() - 1]), false));
    }
    let mut json = serde_json::Deserializer::from_str(raw);
    let mut bytes = json.deserialize_bytes(BytesVisitor)?;
    // Half a letter takes as many bytes as U+FFFD: ED A0..BF xx, which nothing else begins with.
    let mut broken = false;
    for at in 0..bytes.len().saturating_sub(2) {
        if bytes[at] == 0xED && bytes[at + 1] >= 0xA0 {
            bytes[at..at + 3].copy_from_slice("\u{FFFD}".as_bytes());
            broken = true;
        }
    }
    let text = String::from_utf8(bytes).map_err(serde_json::Error::custom)?;
    Ok((Cow::Owned(text), broken))
}

/// Writes a list or an object without blanks; as it came, where it cannot be read.
fn compact(raw: &str) -> Cow<'_, str> {
    match serde_json::from_str::<serde_json::Value>(raw) {
        Ok(value) => Cow::Owned(value.to_string()),
        Err(_half_a_letter) => Cow::Borrowed(raw),
    }
}

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;

    #[test]
    fn a_page_gives_the_wanted_properties_in_the_order_asked_for() {
        let columns = Columns::new(["id", "name", "age", "ok"]);
        let body = r#"{"@odata.context":"x","value":[
            {"@odata.etag":"W/\"1\"","name":"Åsa \"A\"","id":"1","age":41,"ok":true,"other":{"a":[1]}},
            {"id":"2","name":null,"age":1.5},
            {"id":"3","name":["a","b"]}
        ],"@odata.nextLink":"next?x=1","@odata.count":7}"#;
        let page = columns.read(body.as_bytes()).expect("a page");
        let rows: Vec<Vec<&str>> = page.rows.iter().map(|row| row.iter().collect()).collect();
        assert_eq!(
            rows,
            [
                vec!["1", "Åsa \"A\"", "41", "true"],
                vec!["2", "", "1.5", ""],
                vec!["3", r#"["a","b"]"#, "", ""],
            ]
        );
        assert_eq!(page.next.as_deref(), Some("next?x=1"));
    }

    #[test]
    fn half_a_letter_becomes_one_sign_in_its_value_and_stops_nothing_else() {
        let columns = Columns::new(["id", "note"]);
        let body = r#"{"value":[
            {"id":"1","note":"cut \ud83d","other":"\udc00"},
            {"id":"2","note":"\ude00\ud83d\ud83d\ude00 \\ud83d","list":["\ud83d"]}]}"#;
        let page = columns.read(body.as_bytes()).expect("a page");
        assert_eq!(page.rows[0].get(1), "cut \u{FFFD}");
        assert_eq!(page.rows[1].get(1), "\u{FFFD}\u{FFFD}\u{1F600} \\ud83d");
        assert!(page.broken);
        // What nobody wants is not looked at.
        let page = Columns::new(["id"]).read(body.as_bytes()).expect("a page");
        assert!(!page.broken && page.rows.len() == 2);
    }

    #[test]
    fn half_a_page_is_none() {
        let columns = Columns::new(["id"]);
        for body in [
            "",
            "{}",
            r#"{"value":[{"id":"1"}"#,
            r#"{"value":[{"id":"1"}]"#,
            r#"{"value":null}"#,
            r#"{"value":[{"id":"1"}],"error":{"code":"x"}}"#,
            r#"{"value":[{"id":"1"}]} and more"#,
        ] {
            assert!(columns.read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
