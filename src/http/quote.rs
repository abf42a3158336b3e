use super::limits;
use crate::domain::printable;

/// Makes words of a service fit to be shown: printable, short, and without the given secrets.
#[must_use]
pub fn quote(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(*secret, "…");
    }
    let short: String = text.trim().chars().take(limits::WORDS).collect();
    printable(&short).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{limits, quote};

    #[test]
    fn words_of_a_service_are_printable_short_and_without_secrets() {
        assert_eq!(
            quote("bad \u{1b}[31msecret\u{202e} s3cr3t\n", &["s3cr3t", ""]),
            "bad ␛[31msecret\u{fffd} …"
        );
        assert_eq!(quote(&"å".repeat(500), &[]).chars().count(), limits::WORDS);
    }
}
