/// Makes words of a service fit to be shown: printable, short, and without the given secrets.
#[must_use]
pub fn quote(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(*secret, "…");
    }
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    one_line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words_of_a_service_are_printable_short_and_without_secrets() {
        assert_eq!(
            quote("bad \u{1b}[31msecret s3cr3t\n", &["s3cr3t", ""]),
            "bad  [31msecret …"
        );
        assert_eq!(quote(&"å".repeat(500), &[]).chars().count(), 200);
    }
}
