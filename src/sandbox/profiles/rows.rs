//! The profiles, kept as text that is ready to be sent, and sets of them.

use std::borrow::Cow;

/// Parts the values of a row. Values are escaped for JSON, which leaves no such character in them.
const PART: u8 = 0x1f;

/// All profiles, in the source's order. A value is escaped once, when it comes in, so that a page is only copied together.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Rows {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    /// Adds a profile.
    pub(super) fn push<V: AsRef<str>>(&mut self, values: impl Iterator<Item = V>) {
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.text.push(PART);
            }
            escape(value.as_ref(), &mut self.text);
        }
        self.ends.push(self.text.len());
    }

    /// How many profiles there are.
    pub(in crate::sandbox) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The values of a profile, escaped; none for a row that is not there.
    pub(in crate::sandbox) fn values(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let begin = row
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| *end);
        let end = self.ends.get(row).copied().unwrap_or(begin);
        self.text[begin..end].split(|byte| *byte == PART)
    }

    /// A value as text; none where the profile has none, for neither service keeps empty texts.
    pub(in crate::sandbox) fn text(&self, row: usize, at: usize) -> Option<Cow<'_, str>> {
        let value = self.values(row).nth(at).unwrap_or_default();
        (!value.is_empty()).then(|| unescape(value))
    }

    /// A profile's id, which is its first value, escaped.
    pub(in crate::sandbox) fn id(&self, row: usize) -> &[u8] {
        self.values(row).next().unwrap_or_default()
    }
}

/// Writes a text as it stands between the quotes of JSON.
pub(in crate::sandbox) fn escape(text: &str, out: &mut Vec<u8>) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let quoted = serde_json::Value::from(text).to_string();
    out.extend_from_slice(&quoted.as_bytes()[1..quoted.len() - 1]);
}

/// Reads an escaped text back.
pub(in crate::sandbox) fn unescape(text: &[u8]) -> Cow<'_, str> {
    let plain = String::from_utf8_lossy(text);
    if !plain.contains('\\') {
        return plain;
    }
    serde_json::from_str(&format!("\"{plain}\"")).map_or(plain, Cow::Owned)
}

/// A set of rows.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn insert(&mut self, row: usize) {
        if self.0.len() <= row / 64 {
            self.0.resize(row / 64 + 1, 0);
        }
        self.0[row / 64] |= 1 << (row % 64);
    }

    pub(in crate::sandbox) fn holds(&self, row: usize) -> bool {
        let word = self.0.get(row / 64).copied().unwrap_or(0);
        word & (1 << (row % 64)) != 0
    }

    pub(in crate::sandbox) fn len(&self) -> usize {
        let ones = self.0.iter().map(|word| word.count_ones() as usize);
        ones.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went_in() {
        let mut rows = Rows::default();
        let first = ["a", "Bo \"B\"", "", "C:\\x\u{1f}\n", "åäö"];
        rows.push(first.iter());
        rows.push(["b", "", "", "", ""].iter());
        assert_eq!(rows.len(), 2);
        for (at, value) in first.iter().enumerate() {
            let expected = (!value.is_empty()).then_some(*value);
            assert_eq!(rows.text(0, at).as_deref(), expected);
        }
        assert_eq!(rows.id(1), b"b");
        assert_eq!(rows.text(1, 4), None);
        assert_eq!(rows.text(9, 0), None);
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut bits = Bits::default();
        for row in [0, 63, 64, 200] {
            bits.insert(row);
        }
        assert_eq!(bits.len(), 4);
        assert!(bits.holds(64) && !bits.holds(65) && !bits.holds(9000));
    }
}
