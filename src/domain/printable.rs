use std::borrow::Cow;
use std::fmt::Write;

/// Makes any text of data or of a service fit for a terminal or a log: one line, in which nothing can steer the
/// terminal, hide, or turn the reading round. Line breaks and tabs become blanks, other such characters a mark (`␛`, `�`):
/// one character stands for one, so that places in the text stay what they were.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let shown = |c| match c {
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if is_unprintable(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Writes the characters that [`printable`] takes away as `\uXXXX`, which the strings of JSON read back as what they
/// were. Line breaks between values stay.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    let strange = |c: char| c != '\n' && is_unprintable(c);
    if !text.contains(strange) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if strange(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                write!(out, "\\u{unit:04x}").unwrap_or_default();
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Tells whether a character is a control character (C0, C1), without width, or one that changes the direction of what
/// follows. Combining marks and variants of signs belong to the character before them, and are none.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    match c {
        c if c < '\u{ad}' => c.is_control(),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, printable};

    #[test]
    fn nothing_of_a_text_can_steer_a_terminal_hide_or_turn_the_reading_round() {
        assert_eq!(printable("a\u{1b}[31m\u{9b}2J\u{7f}"), "a␛[31m\u{fffd}2J␡");
        assert_eq!(
            printable("\u{202e}x\u{2066}\u{200b}\u{feff}\u{ad}"),
            "\u{fffd}x\u{fffd}\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(
            printable("one\r\ntwo\tthree\u{2028}four\u{85}"),
            "one  two three four "
        );
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["Åsa Ö", "e\u{301}", "日本語", "👍🏽", "☎\u{fe0f}", "a\u{a0}b"] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn escaped_text_reads_back_as_it_was() {
        let nasty = "a\u{9b}31m\u{202e}\u{200b}\u{e0041}å";
        let json = serde_json::to_string(nasty).expect("json");
        let shown = escaped(&json);
        assert_eq!(printable(&shown), shown);
        assert_eq!(
            serde_json::from_str::<String>(&shown).expect("reads"),
            nasty
        );
    }
}
