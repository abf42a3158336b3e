//! The values of one column of one batch, as texts.

use std::fmt::{Display, Write as _};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type,
    Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, LargeStringArray, StringArray, StringViewArray};
use arrow_schema::DataType;

use super::form::{Form, Way};

const DAY: i64 = 86_400;

/// The values of a column, borrowed where they are texts already, else written one after the other into one text.
#[derive(Debug)]
pub(in crate::source) enum Texts<'a> {
    Nothing,
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    Written(Written),
    Keyed {
        keys: Vec<Option<usize>>,
        values: Box<Texts<'a>>,
    },
}

/// One text, and where each value ends in it.
#[derive(Debug, Default)]
pub(in crate::source) struct Written {
    text: String,
    ends: Vec<usize>,
}

impl Texts<'_> {
    /// Gives the value of a row; empty where there is none.
    pub fn get(&self, row: usize) -> &str {
        match self {
            Self::Nothing => "",
            Self::Small(array) => valid(*array, row).map_or("", |row| array.value(row)),
            Self::Large(array) => valid(*array, row).map_or("", |row| array.value(row)),
            Self::View(array) => valid(*array, row).map_or("", |row| array.value(row)),
            Self::Written(written) => written.get(row),
            Self::Keyed { keys, values } => {
                let key = keys.get(row).copied().flatten();
                key.map_or("", |key| values.get(key))
            }
        }
    }
}

fn valid(array: &dyn Array, row: usize) -> Option<usize> {
    (row < array.len() && array.is_valid(row)).then_some(row)
}

impl Written {
    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(row).copied().unwrap_or_default();
        let text = self.text.get(start.copied().unwrap_or_default()..end);
        text.unwrap_or_default()
    }
}

impl Form {
    /// Writes a column of a batch; `None` where it is not of the type that the form was made for.
    pub fn texts<'a>(&self, array: &'a dyn Array) -> Option<Texts<'a>> {
        if *array.data_type() != self.holds {
            return None;
        }
        let written = match &self.way {
            Way::Nothing => return Some(Texts::Nothing),
            Way::AsIs => return as_is(array),
            Way::Keyed(values) => {
                let keyed = array.as_any_dictionary_opt()?;
                return Some(Texts::Keyed {
                    keys: keys(array)?,
                    values: Box::new(values.texts(keyed.values().as_ref())?),
                });
            }
            Way::Numeric => {
                let texts = as_is(array)?;
                each(array, |row, text| text.push_str(numeric(texts.get(row))))
            }
            Way::Uuid => {
                let ids = array.as_fixed_size_binary_opt()?;
                each(array, |row, text| uuid(ids.value(row), text))
            }
            Way::Truth => {
                let truths = array.as_boolean_opt()?;
                each(array, |row, text| shown(truths.value(row), text))
            }
            Way::Whole => whole(array)?,
            Way::Float => float(array)?,
            Way::Decimal { scale } => decimals(array, *scale)?,
            Way::Day => days(array)?,
            Way::Moment { per_second, utc } => {
                let write = |value, text: &mut String| moment(value, *per_second, *utc, text);
                moments(array, write)?
            }
            Way::Clock { per_second } => {
                let write = |value, text: &mut String| clock(value, *per_second, text);
                clocks(array, write)?
            }
        };
        Some(Texts::Written(written))
    }
}

fn as_is(array: &dyn Array) -> Option<Texts<'_>> {
    match array.data_type() {
        DataType::Utf8 => array.as_string_opt::<i32>().map(Texts::Small),
        DataType::LargeUtf8 => array.as_string_opt::<i64>().map(Texts::Large),
        DataType::Utf8View => array.as_string_view_opt().map(Texts::View),
        _ => None,
    }
}

/// Writes every row that has a value.
fn each(array: &dyn Array, mut write: impl FnMut(usize, &mut String)) -> Written {
    let mut written = Written {
        text: String::with_capacity(array.len() * 8),
        ends: Vec::with_capacity(array.len()),
    };
    for row in 0..array.len() {
        if array.is_valid(row) {
            write(row, &mut written.text);
        }
        written.ends.push(written.text.len());
    }
    written
}

fn primitive<T: ArrowPrimitiveType>(
    array: &dyn Array,
    write: impl Fn(T::Native, &mut String),
) -> Option<Written> {
    let values = array.as_primitive_opt::<T>()?;
    Some(each(array, |row, text| write(values.value(row), text)))
}

fn shown(value: impl Display, text: &mut String) {
    // Writing to a text cannot fail.
    let _ = write!(text, "{value}");
}

fn keys(array: &dyn Array) -> Option<Vec<Option<usize>>> {
    let DataType::Dictionary(of, _) = array.data_type() else {
        return None;
    };
    match of.as_ref() {
        DataType::Int8 => keys_of::<Int8Type>(array),
        DataType::Int16 => keys_of::<Int16Type>(array),
        DataType::Int32 => keys_of::<Int32Type>(array),
        DataType::Int64 => keys_of::<Int64Type>(array),
        DataType::UInt8 => keys_of::<UInt8Type>(array),
        DataType::UInt16 => keys_of::<UInt16Type>(array),
        DataType::UInt32 => keys_of::<UInt32Type>(array),
        DataType::UInt64 => keys_of::<UInt64Type>(array),
        _ => None,
    }
}

fn keys_of<T: ArrowDictionaryKeyType>(array: &dyn Array) -> Option<Vec<Option<usize>>>
where
    usize: TryFrom<T::Native>,
{
    let keys = array.as_dictionary_opt::<T>()?.keys().iter();
    Some(keys.map(|key| usize::try_from(key?).ok()).collect())
}

fn whole(array: &dyn Array) -> Option<Written> {
    match array.data_type() {
        DataType::Int8 => primitive::<Int8Type>(array, shown),
        DataType::Int16 => primitive::<Int16Type>(array, shown),
        DataType::Int32 => primitive::<Int32Type>(array, shown),
        DataType::Int64 => primitive::<Int64Type>(array, shown),
        DataType::UInt8 => primitive::<UInt8Type>(array, shown),
        DataType::UInt16 => primitive::<UInt16Type>(array, shown),
        DataType::UInt32 => primitive::<UInt32Type>(array, shown),
        DataType::UInt64 => primitive::<UInt64Type>(array, shown),
        _ => None,
    }
}

fn float(array: &dyn Array) -> Option<Written> {
    fn write<F: Display + PartialOrd + Default>(value: F, text: &mut String) {
        // NaN is equal to nothing, and programs write it where they have no value; zero has no sign.
        if value == F::default() {
            text.push('0');
        } else if value.partial_cmp(&value).is_some() {
            shown(value, text);
        }
    }
    match array.data_type() {
        DataType::Float16 => {
            primitive::<Float16Type>(array, |value, text| write(value.to_f32(), text))
        }
        DataType::Float32 => primitive::<Float32Type>(array, write),
        DataType::Float64 => primitive::<Float64Type>(array, write),
        _ => None,
    }
}

fn decimals(array: &dyn Array, scale: i8) -> Option<Written> {
    fn of<T: ArrowPrimitiveType>(array: &dyn Array, scale: i8) -> Option<Written>
    where
        T::Native: Display,
    {
        let values = array.as_primitive_opt::<T>()?;
        let mut digits = String::new();
        Some(each(array, |row, text| {
            digits.clear();
            shown(values.value(row), &mut digits);
            decimal(&digits, scale, text);
        }))
    }
    match array.data_type() {
        DataType::Decimal32(..) => of::<Decimal32Type>(array, scale),
        DataType::Decimal64(..) => of::<Decimal64Type>(array, scale),
        DataType::Decimal128(..) => of::<Decimal128Type>(array, scale),
        DataType::Decimal256(..) => of::<Decimal256Type>(array, scale),
        _ => None,
    }
}

/// Puts the point into a number of so many decimals, and takes off the zeros behind it.
fn decimal(digits: &str, scale: i8, text: &mut String) {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    if digits == "0" {
        text.push('0');
        return;
    }
    text.push_str(sign);
    let places = usize::from(scale.unsigned_abs());
    if scale <= 0 {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', places));
        return;
    }
    let (before, after) = digits.split_at(digits.len().saturating_sub(places));
    text.push_str(if before.is_empty() { "0" } else { before });
    let filling = places - after.len();
    let after = after.trim_end_matches('0');
    if !after.is_empty() {
        text.push('.');
        text.extend(std::iter::repeat_n('0', filling));
        text.push_str(after);
    }
}

/// Takes the zeros off a number that came as a text.
fn numeric(value: &str) -> &str {
    let value = value.trim();
    if value.eq_ignore_ascii_case("nan") {
        return "";
    }
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    if !unsigned.contains('.') || !unsigned.bytes().all(plain) {
        return value;
    }
    let bare = value.trim_end_matches('0').trim_end_matches('.');
    if bare.is_empty() || bare == "-" || bare == "-0" {
        "0"
    } else {
        bare
    }
}

/// Writes an id of 16 bytes.
pub(in crate::source) fn uuid(bytes: &[u8], text: &mut String) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
}

fn days(array: &dyn Array) -> Option<Written> {
    match array.data_type() {
        DataType::Date32 => primitive::<Date32Type>(array, |value, text| {
            day(value.into(), text);
        }),
        DataType::Date64 => primitive::<Date64Type>(array, |value, text| {
            day(value.div_euclid(DAY * 1000), text);
        }),
        _ => None,
    }
}

fn moments(array: &dyn Array, write: impl Fn(i64, &mut String)) -> Option<Written> {
    match array.data_type() {
        DataType::Timestamp(unit, _) => match unit {
            arrow_schema::TimeUnit::Second => primitive::<TimestampSecondType>(array, write),
            arrow_schema::TimeUnit::Millisecond => {
                primitive::<TimestampMillisecondType>(array, write)
            }
            arrow_schema::TimeUnit::Microsecond => {
                primitive::<TimestampMicrosecondType>(array, write)
            }
            arrow_schema::TimeUnit::Nanosecond => {
                primitive::<TimestampNanosecondType>(array, write)
            }
        },
        _ => None,
    }
}

fn clocks(array: &dyn Array, write: impl Fn(i64, &mut String)) -> Option<Written> {
    use arrow_schema::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let narrow = |value: i32, text: &mut String| write(value.into(), text);
    match array.data_type() {
        DataType::Time32(Second) => primitive::<Time32SecondType>(array, narrow),
        DataType::Time32(Millisecond) => primitive::<Time32MillisecondType>(array, narrow),
        DataType::Time64(Microsecond) => primitive::<Time64MicrosecondType>(array, write),
        DataType::Time64(Nanosecond) => primitive::<Time64NanosecondType>(array, write),
        _ => None,
    }
}

/// Writes a day, counted from 1970; tells whether it did. Engines know days beyond any calendar, "infinity" for one, which
/// are no value.
fn day(since: i64, text: &mut String) -> bool {
    // The year begins in March here, so that the odd day is its last; eras of 400 years are all alike.
    // <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
    let days = since + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (1..=9_999).contains(&year) && write!(text, "{year:04}-{month:02}-{day:02}").is_ok()
}

fn moment(value: i64, per_second: i64, utc: bool, text: &mut String) {
    let per_day = DAY * per_second;
    if !day(value.div_euclid(per_day), text) {
        return;
    }
    text.push('T');
    clock(value.rem_euclid(per_day), per_second, text);
    if utc {
        text.push('Z');
    }
}

fn clock(value: i64, per_second: i64, text: &mut String) {
    let (seconds, part) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let _ = write!(text, "{hour:02}:{minute:02}:{second:02}");
    if part > 0 {
        let digits = per_second.ilog10() as usize;
        let _ = write!(text, ".{part:0digits$}");
        text.truncate(text.trim_end_matches('0').len());
    }
}
