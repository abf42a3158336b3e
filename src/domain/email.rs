use std::borrow::Cow;
use std::str::FromStr;

use email_address::EmailAddress;

/// The longest address a mail server takes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const MAX_BYTES: usize = 254;

/// An e-mail address that can be written to, with the key by which two spellings are the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEmail {
    /// Nothing but blanks.
    Empty,
    /// Something, but no address.
    Invalid,
}

impl Email {
    /// Reads an address by rule 2 of the contract: trimmed of Unicode blanks, accepted by `email_address`, a dot in the
    /// domain, at most 254 bytes. The key is lower-cased as a whole and has its domain in punycode.
    ///
    /// # Errors
    /// Tells an empty text from an invalid address.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let visible = visible(text);
        let address = visible.trim();
        if address.is_empty() {
            return Err(BadEmail::Empty);
        }
        let parsed = EmailAddress::from_str(address).map_err(|_why| BadEmail::Invalid)?;
        // A display name (`Åsa <asa@…>`) is valid to the crate, but it is not an address.
        let joins = address.contains(['\u{200c}', '\u{200d}'])
            || address.contains(|c: char| c.is_whitespace() || c.is_control());
        if address.len() > MAX_BYTES
            || parsed.email() != address
            || !parsed.domain().contains('.')
            || joins
        {
            return Err(BadEmail::Invalid);
        }
        let mut key = address.to_lowercase();
        let (local, domain) = key.rsplit_once('@').ok_or(BadEmail::Invalid)?;
        if !domain.is_ascii() {
            let domain = idna::domain_to_ascii(domain).map_err(|_why| BadEmail::Invalid)?;
            key = format!("{local}@{domain}");
        }
        Ok(Self {
            address: address.to_owned(),
            key,
        })
    }

    /// The address as the source wrote it, trimmed.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The normalised address: equal for two spellings of the same mailbox.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Lists the spellings under which the audience may hold an address: as it is written, and with the domain in
    /// punycode and in Unicode where those differ. Mailchimp's key of a member is a hash of one spelling.
    #[must_use]
    pub fn spellings(address: &str) -> Vec<String> {
        let address = address.trim().to_lowercase();
        let mut spellings = vec![address.clone()];
        if let Some((local, domain)) = address.rsplit_once('@') {
            let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
            let (unicode, _) = idna::domain_to_unicode(&ascii);
            for domain in [ascii, unicode] {
                let spelling = format!("{local}@{domain}");
                if !spellings.contains(&spelling) {
                    spellings.push(spelling);
                }
            }
        }
        spellings
    }

    /// Normalises an address that a service gave back; one that does not parse is only trimmed and lower-cased.
    #[must_use]
    pub fn key_of(address: &str) -> String {
        Self::parse(address).map_or_else(|_| address.trim().to_lowercase(), |email| email.key)
    }
}

/// Takes out letters that nobody sees, leftovers of copying: with them an address would be another person's, who may
/// have said no under the one that is seen (RFC 8264, 9.13).
fn visible(text: &str) -> Cow<'_, str> {
    let invisible = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if text.is_ascii() || !text.contains(invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !invisible(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::{BadEmail, Email};

    #[test]
    fn two_spellings_of_a_mailbox_have_one_key() {
        let key = |text| Email::parse(text).expect("valid").key().to_owned();
        assert_eq!(
            key("  Lotta.Berg@Example.COM\u{a0}"),
            "lotta.berg@example.com"
        );
        assert_eq!(
            key("åsa@Exempel-å.example"),
            key("ÅSA@xn--exempel--h0a.example")
        );
    }

    #[test]
    fn rule_1_letters_that_nobody_sees_make_no_other_person() {
        for text in [
            "\u{200b}asa@example.com",
            "a\u{ad}sa@example.com",
            "asa@example.com\u{feff}",
            "\u{202a}asa@example.com\u{202c}",
        ] {
            let email = Email::parse(text).expect("valid");
            assert_eq!(
                (email.address(), email.key()),
                ("asa@example.com", "asa@example.com")
            );
        }
        assert_eq!(
            Email::parse("a\u{200d}sa@example.com"),
            Err(BadEmail::Invalid)
        );
    }

    #[test]
    fn an_address_is_looked_for_in_every_spelling_of_its_domain() {
        let both = ["å@exempel-å.example", "å@xn--exempel--h0a.example"];
        assert_eq!(Email::spellings("Å@Exempel-å.example"), both);
        assert_eq!(
            Email::spellings("å@xn--exempel--h0a.example"),
            [both[1], both[0]]
        );
        assert_eq!(Email::spellings("a@b.example"), ["a@b.example"]);
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        assert_eq!(Email::parse(" \u{2003} "), Err(BadEmail::Empty));
        let long = format!("{}@example.com", "a".repeat(250));
        for text in [
            "lotta",
            "lotta@example",
            "a b@example.com",
            "Lotta <l@example.com>",
            "a@@example.com",
            "a@example.com, b@example.com",
            "a@example.com;b@example.com",
            "a@example.com/b@example.com",
            "a@example.com b@example.com",
            "a@example.com ::: b@example.com",
            "mailto:a@example.com",
            "<a@example.com>",
            "å\u{a0}b@example.com",
            "å\u{85}b@example.com",
            &long,
        ] {
            assert_eq!(Email::parse(text), Err(BadEmail::Invalid), "{text}");
        }
    }
}
