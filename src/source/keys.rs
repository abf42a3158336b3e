//! Ids and rows by a hash of them, so that millions are told apart in little memory.

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

/// 96 bits of an id: that one of five million is taken for one of a million others happens once in 10^16 runs. In words of
/// 32 bits, so that an entry needs 16 bytes and no more.
pub(super) type Key = [u32; 3];

/// Takes a key that is a hash already for its own hash.
pub(super) type AsIs = BuildHasherDefault<Taken>;

/// Makes keys; each of these makes others, so that nobody can prepare ids that collide.
#[derive(Debug, Default)]
pub(super) struct Keys([RandomState; 2]);

impl Keys {
    /// Gives the key of an id, or of a row.
    pub fn of(&self, id: &str) -> Key {
        let [first, second] = [&self.0[0], &self.0[1]].map(|key| key.hash_one(id).to_le_bytes());
        let word = |bytes: &[u8; 8], at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        [word(&first, 0), word(&first, 4), word(&second, 0)]
    }
}

#[derive(Debug, Default)]
pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Gives an id as it is compared: a GUID without braces and in small letters, anything else as it is, without blanks
/// around it.
pub(super) fn folded(id: &str) -> Cow<'_, str> {
    let id = id.trim();
    let bare = id.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let bare = bare.unwrap_or(id);
    let digits = bare.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = bare.bytes().filter(|byte| *byte == b'-').count();
    let is_guid = digits == 32 && (dashes == 0 || dashes == 4) && bare.len() == digits + dashes;
    if !is_guid {
        Cow::Borrowed(id)
    } else if bare.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(bare.to_ascii_lowercase())
    } else {
        Cow::Borrowed(bare)
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn guids_are_compared_without_case_and_braces_and_other_ids_as_they_are() {
        let guid = "0d4f3a5e-7c61-4f0b-8f9a-2b1c3d4e5f60";
        for written in [
            guid.to_owned(),
            guid.to_uppercase(),
            format!("{{{}}}", guid.to_uppercase()),
            format!(" {guid} "),
        ] {
            assert_eq!(folded(&written), guid);
        }
        assert_eq!(
            folded("CE759201F786D590BF2134BFF576C369"),
            "ce759201f786d590bf2134bff576c369"
        );
        for other in ["C1", "{C1}", "ABC-1"] {
            assert_eq!(folded(other), other);
        }
    }
}
