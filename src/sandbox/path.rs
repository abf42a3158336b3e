//! Paths and the templates they are counted under.

/// What stands for the names of a template (`/lists/{list_id}`) in a path, if it fits.
pub(super) fn fit(template: &str, path: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let (mut names, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (names.next(), found.next()) {
            (None, None) => return Some(parts),
            (Some(name), Some(part)) if name.starts_with('{') && !part.is_empty() => {
                parts.push(unescape(part));
            }
            (Some(name), Some(part)) if name == part => {}
            _ => return None,
        }
    }
}

/// Reads `%40` and its like.
pub(super) fn unescape(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let escaped = match tail {
            [high, low, ..] if *byte == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high * 16 + low);
            rest = &tail[2..];
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16)?.try_into().ok()
}
