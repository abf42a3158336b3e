//! Sources as text: what is left of them without comments, literals and tests, and where words stand in it.

use proptest::prelude::proptest;

pub fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Tells how many bytes the block comment at the start of a text has; such comments nest.
fn block_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = text.as_bytes().get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Tells how many bytes the comment or literal at the start of a text has, if there is one.
fn blank_length(text: &str, after_word: bool) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_length(text));
    }
    let raw = text
        .strip_prefix("br")
        .or_else(|| text.strip_prefix('r'))
        .filter(|_| !after_word);
    if let Some(raw) = raw {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(marks));
            let opened = text.len() - raw.len() + marks + 1;
            let length = text[opened..].find(&end).map(|at| opened + at + end.len());
            return Some(length.unwrap_or(text.len()));
        }
    }
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    // A lifetime is no literal: 'a is not followed by a quote, 'a' and '\n' are.
    if quote == '\'' && !text[1..].starts_with('\\') && text.chars().nth(2) != Some('\'') {
        return None;
    }
    let mut escaped = false;
    let end = text[1..].find(|c| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    Some(end.map_or(text.len(), |at| at + 2))
}

/// Replaces comments and literals by blanks; line breaks stay.
pub fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = blank_length(rest, kept.ends_with(in_word));
        let (now, later) = rest.split_at(length.unwrap_or(next.len_utf8()));
        match length {
            Some(_) => kept.extend(now.chars().map(|c| if c == '\n' { c } else { ' ' })),
            None => kept.push_str(now),
        }
        rest = later;
    }
    kept
}

/// Replaces items under `#[cfg(test)]` by blanks; expects what [`code`] gives.
pub fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let mut depth = 0_i32;
        let end = item.char_indices().find_map(|(at, c)| {
            let next = at + c.len_utf8();
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            let over = match c {
                ';' => depth == 0,
                '}' => depth == 0 && !item[next..].trim_start().starts_with(';'),
                _ => false,
            };
            (over || depth < 0).then_some(next)
        });
        let (item, later) = item.split_at(end.unwrap_or(item.len()));
        kept.extend(item.chars().filter(|c| *c == '\n'));
        rest = later;
    }
    kept + rest
}

/// Each place of a word or path, as what stands before and after it. It must begin and end as a word does.
pub fn places<'a>(code: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    code.match_indices(name)
        .map(|(at, found)| (&code[..at], &code[at + found.len()..]))
        .filter(|(before, after)| {
            let begins = !before.ends_with(in_word);
            begins && (name.ends_with('{') || !after.starts_with(in_word))
        })
        .collect()
}

/// Each word of a text, and where it begins.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = code.as_ptr() as usize;
    code.split(|c| !in_word(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

#[test]
fn comments_and_literals_are_blanked() {
    for (text, left) in [
        ("a // crate::b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        ("f(\"x\\\"y\", 'z')", "f( , )"),
        ("f('\\'', '\\u{2068}')", "f( , )"),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
        ("r#\"a \" b\"# + c", "+ c"),
        ("r#type + br\"\\\" + d", "r#type + + d"),
    ] {
        let kept = code(text);
        assert_eq!(kept.split_whitespace().collect::<Vec<_>>().join(" "), left);
        assert_eq!(kept.chars().count(), text.chars().count());
    }
}

#[test]
fn what_only_tests_compile_is_left_out() {
    for (text, left) in [
        ("#[cfg(test)]\nmod tests;\nmod b;", "\n\nmod b;"),
        (
            "a;\n#[cfg(test)]\nmod tests {\n fn f() { g() }\n}\nb;",
            "a;\n\n\n\n\nb;",
        ),
        ("#[cfg(test)]\nuse a::{b, c};\nuse d;", "\n\nuse d;"),
        ("#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\nb", "\n\n\nb"),
        ("#[cfg(unix)]\nuse d;", "#[cfg(unix)]\nuse d;"),
    ] {
        let code = code(text);
        let kept = without_tests(&code);
        assert_eq!(
            kept.lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n"),
            left
        );
    }
}

#[test]
fn a_word_is_found_only_as_a_whole() {
    assert_eq!(places("my_crate::a crates crate::b", "crate").len(), 1);
    assert_eq!(places("use std::{a}; std::{b}", "std::{").len(), 2);
}

proptest! {
    #[test]
    fn any_text_keeps_its_lines(text in "[a\"'/*\\\\r#\n ö]{0,40}") {
        let kept = without_tests(&code(&text));
        assert_eq!(kept.matches('\n').count(), text.matches('\n').count());
    }
}
