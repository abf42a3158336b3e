//! Texts as lines of a width on the screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::printable;

/// What becomes of a word that is wider than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LongWord {
    /// It is broken: nothing may stand beyond the edge.
    Broken,
    /// It stays whole, and can be copied: the terminal goes on in the next line by itself.
    Whole,
}

/// Breaks a text into lines by width, at blanks where there are some. Keeps its own line breaks.
#[must_use]
pub fn wrap(text: &str, width: usize, long: LongWord) -> Vec<String> {
    let width = width.max(4);
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let word = printable(word);
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            if long == LongWord::Whole {
                line.push_str(&word);
                continue;
            }
            for c in word.chars() {
                if line.width() + c.width().unwrap_or(0) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::LongWord::{Broken, Whole};
    use super::wrap;

    #[test]
    fn lines_are_broken_at_blanks_and_a_long_word_where_it_may_be() {
        assert_eq!(wrap("one two three", 8, Broken), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4, Broken), ["abcd", "efgh", "ij"]);
        assert_eq!(
            wrap("at https://x.example/a now", 6, Whole),
            ["at", "https://x.example/a", "now"]
        );
        assert_eq!(wrap("one\n\ntwo \n", 8, Whole), ["one", "", "two"]);
    }
}
