//! Tables that only grow: each change of a thing is one more row about it, and the latest tells how it is.
//!
//! Synapse Link for Dataverse writes such tables when it is told to append only: `isDeleted` tells of things that are gone,
//! `VersionNumber` and `SinkModifiedOn` which row came last. Also when it keeps tables in place a thing can stand in two of
//! their files, because the date by which they are cut has changed.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use jiff::civil::{Date, DateTime, Time};

use super::Error;
use super::file::Stamp;
use super::guess::fold;
use super::parts::Part;
use super::records::Record;
use super::shape::Shape;

/// The columns by which the latest row is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions {
    key: usize,
    deleted: Option<usize>,
    number: Option<usize>,
    modified: Option<usize>,
}

/// The number of a row's version, then when it was written.
type Version = (i64, i64);

/// Which rows of a table are still true, by their place in it: one bit a row.
pub(super) struct Current {
    bits: Vec<u64>,
    stamps: Vec<Stamp>,
}

/// The latest row met about one thing.
#[derive(Clone, Copy)]
struct Latest {
    version: Version,
    row: u64,
}

/// The version that no other follows.
const LAST: Version = (i64::MAX, i64::MAX);
/// The row number of a thing that is gone.
const GONE: u64 = u64::MAX;

impl Versions {
    /// Finds the columns of a table that keeps earlier rows; `key` is where its rows have their id, if not in the column that
    /// Synapse Link has for it.
    pub fn of(columns: &[String], key: Option<usize>) -> Option<Self> {
        let place = |names: &[&str]| {
            let named = |name: &String| names.contains(&fold(name).as_str());
            columns.iter().position(named)
        };
        let deleted = place(&["isdeleted", "isdelete"]);
        let number = place(&["versionnumber"]);
        let sink = place(&["sinkmodifiedon"]);
        // Elsewhere a column of this name need not be the key of the table.
        let id = deleted.or(sink).and_then(|_| place(&["id"]));
        deleted.or(number).or(sink)?;
        Some(Self {
            key: id.or(key)?,
            deleted,
            number,
            modified: sink.or_else(|| place(&["modifiedon"])),
        })
    }

    /// Reads all rows for which of them came last.
    pub fn current(&self, parts: &[Part], shape: &Shape) -> Result<Current, Error> {
        let keys = [RandomState::new(), RandomState::new()];
        let mut latest: HashMap<(u64, u64), Latest> = HashMap::new();
        let (mut bits, mut stamps, mut row) = (Vec::new(), Vec::new(), 0);
        for part in parts {
            let wanted = [Some(self.key), self.deleted, self.number, self.modified];
            let wanted: Vec<usize> = wanted.into_iter().flatten().collect();
            let stamp = part.each(shape, &wanted, |line| {
                let record = line.record;
                let key = record.get(self.key).unwrap_or_default().trim();
                // Of a row that cannot be trusted only its id is taken, and nothing earlier is: it is told as a reject.
                let doubted = line.doubt().is_some();
                let gone = !doubted && self.is_gone(record);
                if key.is_empty() {
                    // Nothing can be said of a row without id; whoever reads it tells of that.
                    set(&mut bits, row, !gone);
                } else {
                    let version = if doubted {
                        LAST
                    } else {
                        self.version(record, gone)
                    };
                    let met = latest.entry((keys[0].hash_one(key), keys[1].hash_one(key)));
                    let now = Latest {
                        version,
                        row: if gone { GONE } else { row },
                    };
                    let known = met.or_insert(now);
                    // Of equals the later row counts: rows are appended.
                    if known.version <= version {
                        *known = now;
                    }
                }
                row += 1;
                Ok(())
            })?;
            stamps.push(stamp);
        }
        for kept in latest.into_values().filter(|latest| latest.row != GONE) {
            set(&mut bits, kept.row, true);
        }
        Ok(Current { bits, stamps })
    }

    fn is_gone(&self, record: Record<'_>) -> bool {
        let value = self.deleted.and_then(|at| record.get(at));
        let value = value.unwrap_or_default().trim();
        value.eq_ignore_ascii_case("true") || value == "1"
    }

    fn version(&self, record: Record<'_>, gone: bool) -> Version {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim);
        let number = cell(self.number).and_then(|number| number.parse().ok());
        let time = cell(self.modified).and_then(seconds);
        let told = if self.number.is_some() { number } else { time };
        if gone && told.is_none() {
            // A row that tells of an end and not when ends its thing: nobody who is gone may be written to.
            return LAST;
        }
        (number.unwrap_or(i64::MIN), time.unwrap_or(i64::MIN))
    }
}

impl Current {
    /// Tells whether the row at a place is still true.
    pub fn holds(&self, row: u64) -> bool {
        let (at, bit) = place(row);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// Tells whether a file is still the one that was read for this.
    pub fn is_of(&self, part: usize, stamp: &Stamp) -> bool {
        self.stamps.get(part) == Some(stamp)
    }
}

fn place(row: u64) -> (usize, u64) {
    (
        usize::try_from(row / 64).unwrap_or(usize::MAX),
        1 << (row % 64),
    )
}

fn set(bits: &mut Vec<u64>, row: u64, on: bool) {
    let (at, bit) = place(row);
    if on {
        if bits.len() <= at {
            bits.resize(at + 1, 0);
        }
        bits[at] |= bit;
    }
}

/// Reads the time in `SinkModifiedOn`: ISO, or `M/d/yyyy H:mm:ss tt`, in which the hour may be above twelve.
fn seconds(text: &str) -> Option<i64> {
    let time = text
        .trim_end_matches('Z')
        .parse::<DateTime>()
        .ok()
        .or_else(|| american(text))?;
    let since = time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    i64::try_from(since.as_millis()).ok()
}

fn american(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let (date, time, half) = (words.next()?, words.next()?, words.next());
    let mut numbers = date.splitn(3, '/').map(str::parse::<i16>);
    let (month, day, year) = (
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    );
    let mut numbers = time.splitn(3, ':').map(str::parse::<i8>);
    let (hour, minute, second) = (
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    );
    let hour = match half.map(str::to_ascii_uppercase).as_deref() {
        Some("PM") if hour < 12 => hour + 12,
        Some("AM") if hour == 12 => 0,
        _ => hour,
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(date.to_datetime(Time::new(hour, minute, second, 0).ok()?))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_read_as_synapse_link_writes_them() {
        let times = [
            "2/9/2026 9:30:00 AM",
            "2026-02-09T09:30:01Z",
            "2/9/2026 12:00:00 PM",
            "2/9/2026 14:00:00 PM",
            "2/9/2026 2:00:01 PM",
            "2026-11-01T00:00:00.1234567Z",
        ];
        let read: Vec<i64> = times.iter().filter_map(|text| seconds(text)).collect();
        assert_eq!(read.len(), times.len());
        assert!(read.is_sorted(), "{read:?}");
        assert_eq!(seconds("soon"), None);
    }
}
