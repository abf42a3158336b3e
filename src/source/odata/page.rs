//! One page of an answer, read straight into cells: no tree of values is built.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::super::Cells;

/// One page of rows.
#[derive(Debug, Default)]
pub(in crate::source) struct Page {
    /// The wanted properties of each row, in the order asked for; empty where a row has none or `null`.
    pub rows: Vec<Cells>,
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
                    page.rows = map.next_value_seed(RowsSeed(self.0))?;
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
    type Value = Vec<Cells>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Vec<Cells>, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = Vec<Cells>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Cells>, A::Error> {
        let mut scratch = Scratch::new(self.0);
        let mut rows = Vec::new();
        while list.next_element_seed(RowSeed(&mut scratch))?.is_some() {
            rows.push(scratch.cells());
        }
        Ok(rows)
    }
}

/// The values of the row being read: one text, and where in it each column's value is.
struct Scratch<'a> {
    columns: &'a Columns,
    text: String,
    spans: Vec<(usize, usize)>,
}

impl<'a> Scratch<'a> {
    fn new(columns: &'a Columns) -> Self {
        Self {
            columns,
            text: String::new(),
            spans: vec![(0, 0); columns.places.len()],
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
            map.next_value_seed(ValueSeed(&mut row.text))?;
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
struct ValueSeed<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl ValueSeed<'_> {
    fn write(self, value: impl fmt::Display) {
        // Writing to a string cannot fail.
        let _written = write!(self.0, "{value}");
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.push_str(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.write(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        let list =
            serde_json::Value::deserialize(serde::de::value::SeqAccessDeserializer::new(list))?;
        self.write(list);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let map =
            serde_json::Value::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        self.write(map);
        Ok(())
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
