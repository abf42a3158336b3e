//! Reads who calls from an `Authorization` header.

use axum::http::{HeaderMap, header};

/// The key or token of a call: a bearer token, or the password of Basic with any user name.
pub(super) fn secret(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = scheme(headers)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = String::from_utf8(base64(rest)?).ok()?;
    // curl's `-u KEY:` puts the key before the colon; the service takes either.
    match plain.split_once(':') {
        Some((user, "")) => Some(user.to_owned()),
        Some((_, password)) => Some(password.to_owned()),
        None => Some(plain),
    }
}

/// The token of an `Authorization: OAuth TOKEN` header.
pub(super) fn oauth(headers: &HeaderMap) -> Option<&str> {
    scheme(headers)
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("oauth"))
        .map(|(_, token)| token)
}

fn scheme(headers: &HeaderMap) -> Option<(&str, &str)> {
    let (scheme, rest) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    Some((scheme, rest.trim()))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
        headers
    }

    #[test]
    fn a_key_is_found_in_basic_and_bearer() {
        assert_eq!(secret(&with("Bearer abc")).as_deref(), Some("abc"));
        // "any:key-us1"
        assert_eq!(
            secret(&with("Basic YW55OmtleS11czE=")).as_deref(),
            Some("key-us1")
        );
        // "key-us1:"
        assert_eq!(
            secret(&with("Basic a2V5LXVzMTo=")).as_deref(),
            Some("key-us1")
        );
        assert_eq!(secret(&with("Digest x")), None);
        assert_eq!(oauth(&with("OAuth t")), Some("t"));
        assert_eq!(oauth(&with("Bearer t")), None);
    }
}
