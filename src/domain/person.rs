use std::fmt::{self, Debug, Formatter};

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// By what a person is known wherever their address shall not stand: 16 bytes of the normalised address. All joining and
/// settling goes by it.
///
/// It is made as Mailchimp makes its own `id` of a contact (the MD5 of the lower-cased address), so the two are the same
/// but for domains that are not ASCII and for addresses that were changed in Mailchimp.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonKey([u8; 16]);

impl PersonKey {
    /// Makes the key of a normalised address.
    #[must_use]
    pub fn of(normalised: &str) -> Self {
        Self(Md5::digest(normalised.as_bytes()).into())
    }

    /// Tells whether it is nobody's: all zero, the key where there is no address.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        *self == Self::default()
    }

    /// Takes the bytes of a key.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Shows the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads what [`PersonKey::hex`] wrote.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |letter: u8| char::from(letter).to_digit(16);
            let value = digit(pair[0])? * 16 + digit(pair[1])?;
            *byte = u8::try_from(value).ok()?;
        }
        Some(Self(bytes))
    }

    /// Writes the key as Mailchimp writes the `id` of a contact: 32 hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
        let each = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        each.map(digit).collect()
    }
}

impl Debug for PersonKey {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.hex())
    }
}

#[cfg(test)]
mod tests {
    use super::PersonKey;

    #[test]
    fn a_key_is_what_mailchimp_calls_the_contact() {
        let key = PersonKey::of("urist.mcvankab@freddiesjokes.com");
        assert_eq!(key.hex(), "62eeb292278cc15f5817cb78f7790b08");
        assert_eq!(PersonKey::parse(&key.hex()), Some(key));
        assert_eq!(PersonKey::parse("62"), None);
        assert_eq!(PersonKey::parse(&"g".repeat(32)), None);
    }
}
