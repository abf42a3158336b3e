//! Splits a secret that is too long for a store over numbered entries, `ACCOUNT/1`, `ACCOUNT/2`…, named by the entry
//! `ACCOUNT` itself.

use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::vault::{SecretStore, StoreError};
use crate::domain::Secret;

type Outcome<T> = Result<T, StoreError>;

/// Windows holds 2,560 bytes and keeps text as UTF-16, in which a text has at most as many units as bytes in UTF-8.
const MOST_BYTES: usize = 1_200;
/// Begins an entry that names pieces; a secret that begins like this is itself split, so the two are never confused.
const MARK: &str = "segue-pieces:";
/// So many pieces are 240,000 bytes; a larger number is damage.
const MOST_PIECES: usize = 200;

/// Which numbered entries make up a secret, and what they add up to.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    first: usize,
    last: usize,
    digest: String,
}

impl Head {
    fn to_text(&self) -> String {
        let Self {
            first,
            last,
            digest,
        } = self;
        format!("{MARK}{first}-{last}:{digest}")
    }

    /// `None` for a secret that is not split.
    fn read(text: &str) -> Option<Outcome<Self>> {
        let rest = text.strip_prefix(MARK)?;
        let parse = || {
            let (range, digest) = rest.split_once(':')?;
            let (first, last) = range.split_once('-')?;
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            let sound = first >= 1 && first <= last && last - first < MOST_PIECES;
            sound.then(|| Self {
                first,
                last,
                digest: digest.to_owned(),
            })
        };
        Some(parse().ok_or(StoreError::Damaged))
    }

    fn range(&self) -> RangeInclusive<usize> {
        self.first..=self.last
    }
}

/// Keeps a secret. Until the entry `ACCOUNT` is written the old secret stays whole: new pieces get numbers of their own.
pub(super) fn set(store: &dyn SecretStore, account: &str, secret: &str) -> Outcome<()> {
    let old = match store.get(account).map(Zeroizing::new) {
        Ok(text) => Head::read(&text).and_then(Result::ok),
        Err(StoreError::Missing | StoreError::Damaged) => None,
        Err(why) => return Err(why),
    };
    let highest = old.as_ref().map_or(0, |head| head.last);
    if secret.len() <= MOST_BYTES && !secret.starts_with(MARK) {
        store.set(account, secret)?;
        return sweep(store, account, highest, None);
    }
    let pieces = split(secret);
    if pieces.len() > MOST_PIECES {
        return Err(StoreError::Failed("the secret is too long".into()));
    }
    let first = match &old {
        Some(head) if head.first <= pieces.len() => head.last + 1,
        _ => 1,
    };
    let head = Head {
        first,
        last: first + pieces.len() - 1,
        digest: digest(secret),
    };
    for (number, piece) in head.range().zip(pieces) {
        store.set(&format!("{account}/{number}"), piece)?;
    }
    store.set(account, &head.to_text())?;
    sweep(store, account, highest.max(head.last), Some(&head.range()))
}

/// Gives a secret back, whole.
pub(super) fn get(store: &dyn SecretStore, account: &str) -> Outcome<Secret<String>> {
    let text = Secret::new(store.get(account)?);
    let Some(head) = Head::read(text.expose()) else {
        return Ok(text);
    };
    let head = head?;
    let mut whole = Zeroizing::new(String::with_capacity(MOST_BYTES * head.range().count()));
    for number in head.range() {
        let piece = match store.get(&format!("{account}/{number}")) {
            Ok(piece) => Zeroizing::new(piece),
            Err(StoreError::Missing) => return Err(StoreError::Damaged),
            Err(why) => return Err(why),
        };
        whole.push_str(&piece);
    }
    if digest(&whole) != head.digest {
        return Err(StoreError::Damaged);
    }
    Ok(Secret::new(std::mem::take(&mut *whole)))
}

/// Forgets a secret and all its pieces, those before the entry that names them.
pub(super) fn delete(store: &dyn SecretStore, account: &str) -> Outcome<()> {
    let highest = match store.get(account).map(Zeroizing::new) {
        Ok(text) => match Head::read(&text) {
            Some(Ok(head)) => head.last,
            _ => 0,
        },
        Err(StoreError::Missing | StoreError::Damaged) => 0,
        Err(why) => return Err(why),
    };
    sweep(store, account, highest, None)?;
    forget(store, account).map(drop)
}

/// Removes pieces that nothing names any more: all up to `highest` and those that follow without a gap (left by a `set`
/// that was cut off), except `keep`.
fn sweep(
    store: &dyn SecretStore,
    account: &str,
    highest: usize,
    keep: Option<&RangeInclusive<usize>>,
) -> Outcome<()> {
    for number in 1.. {
        if keep.is_some_and(|keep| keep.contains(&number)) {
            continue;
        }
        let was_there = forget(store, &format!("{account}/{number}"))?;
        if !was_there && number > highest {
            break;
        }
    }
    Ok(())
}

fn forget(store: &dyn SecretStore, account: &str) -> Outcome<bool> {
    match store.delete(account) {
        Ok(()) => Ok(true),
        Err(StoreError::Missing) => Ok(false),
        Err(why) => Err(why),
    }
}

fn split(secret: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = secret;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(MOST_BYTES));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn digest(secret: &str) -> String {
    let sum = Sha256::digest(secret.as_bytes());
    let first = sum.iter().take(8);
    first
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::{MARK, MOST_BYTES, delete, get, set};
    use crate::login::{MemoryKeyring, SecretStore, StoreError};

    fn kept(store: &dyn SecretStore) -> String {
        get(store, "a").expect("kept").expose().clone()
    }

    #[test]
    fn a_long_secret_is_split_and_comes_back_whole() {
        let store = MemoryKeyring::new();
        let long = "åäö€😀".repeat(500);
        set(&store, "a", &long).expect("set");
        assert_eq!(kept(&store), long);
        assert!(store.accounts().len() > 5);
        for account in store.accounts() {
            let units = store.get(&account).expect("entry").encode_utf16().count();
            assert!(units * 2 <= 2_560, "{account} takes {units} units");
        }
        delete(&store, "a").expect("delete");
        assert!(store.accounts().is_empty());
    }

    #[test]
    fn a_secret_of_the_limit_stays_one_entry_and_one_byte_more_does_not() {
        let store = MemoryKeyring::new();
        set(&store, "a", &"x".repeat(MOST_BYTES)).expect("set");
        assert_eq!(store.accounts(), ["a"]);
        set(&store, "a", &"x".repeat(MOST_BYTES + 1)).expect("set");
        assert_eq!(store.accounts(), ["a", "a/1", "a/2"]);
    }

    #[test]
    fn replacing_leaves_nothing_of_the_old_secret() {
        let store = MemoryKeyring::new();
        for secret in [
            "x".repeat(5_000),
            "y".repeat(2_000),
            "z".repeat(9_000),
            "w".repeat(1_300),
            "short".to_owned(),
            String::new(),
        ] {
            set(&store, "a", &secret).expect("set");
            assert_eq!(kept(&store), secret);
            let pieces = secret.len().div_ceil(MOST_BYTES);
            let expected = if pieces > 1 { pieces + 1 } else { 1 };
            assert_eq!(store.accounts().len(), expected, "{:?}", store.accounts());
        }
    }

    #[test]
    fn a_secret_that_looks_like_our_mark_comes_back_as_it_was() {
        let store = MemoryKeyring::new();
        let odd = format!("{MARK}1-2:00");
        set(&store, "a", &odd).expect("set");
        assert_eq!(kept(&store), odd);
    }

    #[test]
    fn a_lost_or_changed_piece_is_damage_and_can_be_replaced_and_deleted() {
        let store = MemoryKeyring::new();
        set(&store, "a", &"x".repeat(3_000)).expect("set");
        store.set("a/2", "other").expect("change");
        assert!(matches!(get(&store, "a"), Err(StoreError::Damaged)));
        store.delete("a/2").expect("lose");
        assert!(matches!(get(&store, "a"), Err(StoreError::Damaged)));
        set(&store, "a", "new").expect("set");
        assert_eq!(
            (kept(&store), store.accounts()),
            ("new".to_owned(), vec!["a".to_owned()])
        );
    }

    /// Fails after so many writes, as a program does that is killed.
    struct CutOff(MemoryKeyring, std::sync::atomic::AtomicI32);

    impl SecretStore for CutOff {
        fn set(&self, account: &str, secret: &str) -> Result<(), StoreError> {
            if self.1.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) <= 0 {
                return Err(StoreError::Failed("cut off".into()));
            }
            self.0.set(account, secret)
        }
        fn get(&self, account: &str) -> Result<String, StoreError> {
            self.0.get(account)
        }
        fn delete(&self, account: &str) -> Result<(), StoreError> {
            self.0.delete(account)
        }
    }

    #[test]
    fn a_replacement_cut_off_anywhere_leaves_the_old_secret_or_the_new_one() {
        let (old, new) = ("o".repeat(4_000), "n".repeat(3_000));
        for writes in 0..5 {
            let store = CutOff(MemoryKeyring::new(), 100.into());
            set(&store, "a", &old).expect("set");
            store.1.store(writes, std::sync::atomic::Ordering::SeqCst);
            let whole = set(&store, "a", &new).is_ok();
            assert_eq!(kept(&store), if whole { &*new } else { &*old }, "{writes}");
            delete(&store, "a").expect("delete");
            assert!(store.0.accounts().is_empty(), "{:?}", store.0.accounts());
        }
    }
}
