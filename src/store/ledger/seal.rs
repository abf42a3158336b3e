use rusqlite::Error as Sql;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::encode::encode;

/// How many bytes the checksum at the end of a sealed value takes.
const SUM: usize = 4;

/// Encodes a value with a checksum over it and the key under which it stands, into a buffer that held another.
pub(super) fn seal(key: &[u8], value: &impl Serialize, into: &mut Vec<u8>) -> Result<u32, Sql> {
    into.clear();
    encode(value, into).map_err(|why| Sql::ToSqlConversionFailure(why.into()))?;
    let sum = checksum(key, into);
    into.extend(sum.to_le_bytes());
    Ok(sum)
}

/// Reads what was sealed; `None` where anything of it has changed.
pub(super) fn unseal<T: DeserializeOwned>(key: &[u8], sealed: &[u8]) -> Option<T> {
    let (value, sum) = sealed.split_at_checked(sealed.len().checked_sub(SUM)?)?;
    if u32::from_le_bytes(sum.try_into().ok()?) != checksum(key, value) {
        return None;
    }
    let (value, rest) = postcard::take_from_bytes(value).ok()?;
    rest.is_empty().then_some(value)
}

/// Gives the checksum of something sealed, right or not.
pub(super) fn sum_of(sealed: &[u8]) -> u32 {
    let sum = sealed.last_chunk::<SUM>();
    sum.map_or(0, |sum| u32::from_le_bytes(*sum))
}

/// The error of a value whose checksum is wrong, where it cannot be passed over.
pub(super) fn broken(what: &'static str) -> Sql {
    Sql::FromSqlConversionFailure(0, Type::Blob, format!("wrong checksum in {what}").into())
}

fn checksum(key: &[u8], value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    hasher.finalize()
}
