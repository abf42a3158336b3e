//! Who was erased, remembered so that nobody can be found in it without having the address already: by hashes under a
//! random key that lies in this home. A list without its key is worth nothing, and nobody may be sent by it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::files::{from_toml, read_if_there, replace};
use super::lock::ConfigLock;
use super::{Error, Home};

/// What is hashed to tell whether a key is the list's own.
const CHECK: &str = "the list of erased people";
/// What is hashed of a person begins so.
const PERSON: &str = "person ";

/// The people who were erased.
#[derive(Debug, Clone)]
pub struct Erased {
    /// `None` as long as nobody was erased.
    key: Option<Key>,
    kept: Kept,
}

/// The file of the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// By what it is told that a key is the list's own.
    key_check: String,
    /// The people.
    people: BTreeSet<String>,
    /// Those of them whose erasing did not come to its end.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    begun: BTreeSet<String>,
}

/// A key, ready to hash with.
#[derive(Debug, Clone)]
struct Key(Hmac<Sha256>);

impl Key {
    /// Reads a key as its file holds it.
    fn read(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.trim()).ok()?;
        let bytes = Some(bytes).filter(|bytes| bytes.len() == 32)?;
        Hmac::new_from_slice(&bytes).ok().map(Self)
    }

    fn hash(&self, text: &str) -> String {
        let mut hash = self.0.clone();
        hash.update(text.as_bytes());
        BASE64.encode(hash.finalize().into_bytes())
    }

    fn person(&self, normalised: &str) -> String {
        self.hash(&[PERSON, normalised].concat())
    }
}

impl Erased {
    /// Reads who was erased.
    ///
    /// # Errors
    /// [`Error::NoErasedKey`] when the list's key is missing, or another one: nobody can be told from those erased then.
    pub fn open(home: &Home) -> Result<Self, Error> {
        let (list, path) = (home.erased(), home.erased_key());
        let key = read_if_there(&path)?.as_deref().and_then(Key::read);
        let Some(text) = read_if_there(&list)? else {
            // A key that came first belongs to the list that is to come.
            let kept = Kept::default();
            return Ok(Self { key, kept });
        };
        let kept: Kept = from_toml(&list, &text)?;
        match key.filter(|key| key.hash(CHECK) == kept.key_check) {
            Some(key) => Ok(Self {
                key: Some(key),
                kept,
            }),
            None => Err(Error::NoErasedKey { key: path, list }),
        }
    }

    /// Tells whether somebody was erased, by the normalised address.
    #[must_use]
    pub fn holds(&self, normalised: &str) -> bool {
        let is_theirs = |key: &Key| self.kept.people.contains(&key.person(normalised));
        !self.kept.people.is_empty() && self.key.as_ref().is_some_and(is_theirs)
    }

    /// Counts those whose erasing did not come to its end, and has to be asked for again.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.kept.begun.len()
    }

    /// Takes note that somebody is being erased: from now on no run sends them.
    ///
    /// # Errors
    /// Fails when the key or the list cannot be read or written.
    pub fn begin(home: &Home, normalised: &str) -> Result<(), Error> {
        Self::change(home, |kept, key| {
            let person = key.person(normalised);
            kept.people.insert(person.clone());
            kept.begun.insert(person);
        })
    }

    /// Takes note that nothing is left of somebody.
    ///
    /// # Errors
    /// As [`Erased::begin`].
    pub fn finish(home: &Home, normalised: &str) -> Result<(), Error> {
        Self::change(home, |kept, key| {
            kept.begun.remove(&key.person(normalised));
        })
    }

    fn change(home: &Home, change: impl FnOnce(&mut Kept, &Key)) -> Result<(), Error> {
        let _ours = ConfigLock::take(&home.config_lock())?;
        let Self { key, mut kept } = Self::open(home)?;
        let key = match key {
            Some(key) => key,
            None => new_key(home)?,
        };
        kept.key_check = key.hash(CHECK);
        change(&mut kept, &key);
        let text = toml::to_string(&kept).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&home.erased(), text.as_bytes())
    }
}

/// Makes the key, before anything is hashed by it.
fn new_key(home: &Home) -> Result<Key, Error> {
    let bytes: [u8; 32] = rand::random();
    let text = BASE64.encode(bytes);
    replace(&home.erased_key(), text.as_bytes())?;
    Key::read(&text).ok_or_else(|| Error::Encode("a key".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::Erased;
    use crate::store::{Error, Home};

    #[test]
    fn who_was_erased_is_known_by_the_address_and_by_nothing_in_the_file() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let holds = |who| Erased::open(&home).expect("open").holds(who);
        assert!(!holds("anna@x.example"));
        Erased::begin(&home, "anna@x.example").expect("begun");
        assert!(holds("anna@x.example") && !holds("bo@x.example"));
        assert_eq!(Erased::open(&home).expect("open").begun(), 1);
        Erased::begin(&home, "bo@x.example").expect("begun");
        Erased::finish(&home, "anna@x.example").expect("finished");
        assert_eq!(Erased::open(&home).expect("open").begun(), 1);
        assert!(holds("anna@x.example") && holds("bo@x.example"));
        let list = std::fs::read_to_string(home.erased()).expect("list");
        assert!(!list.contains("anna") && !list.contains("x.example"));
    }

    #[test]
    fn a_list_without_its_key_tells_nobody_apart() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        Erased::begin(&home, "anna@x.example").expect("begun");
        let no_key = |opened| matches!(opened, Err(Error::NoErasedKey { .. }));
        std::fs::write(home.erased_key(), "A".repeat(43) + "=").expect("another key");
        assert!(no_key(Erased::open(&home).map(|_| ())));
        std::fs::remove_file(home.erased_key()).expect("gone");
        assert!(no_key(Erased::open(&home).map(|_| ())));
        assert!(no_key(Erased::begin(&home, "bo@x.example")));
        std::fs::remove_file(home.erased()).expect("gone");
        assert!(!Erased::open(&home).expect("anew").holds("anna@x.example"));
    }
}
