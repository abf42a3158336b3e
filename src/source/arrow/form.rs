//! The one table of how values of each type are written.

use arrow_schema::{DataType, Field, TimeUnit};

use crate::domain::ValueKind;

/// Says `arrow.opaque`: the engine's own type, carried as another one.
const OPAQUE: &str = "arrow.opaque";
const UUID: &str = "arrow.uuid";
/// What engines call a number of any precision that they carry as a text.
const NUMERIC: [&str; 2] = ["numeric", "decimal"];

/// How the values of one column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct Form {
    /// The column's type, to which its arrays are held.
    pub(super) holds: DataType,
    pub(super) way: Way,
}

/// | type | text |
/// | --- | --- |
/// | text of any size, `arrow.json` | as it is |
/// | `arrow.uuid` | `0d4f3a5e-7c61-4f0b-8f9a-2b1c3d4e5f60` |
/// | whole number | `42` |
/// | floating point | the shortest that is the same number, without exponent: `1.5`, `20000`; NaN is no value |
/// | decimal, `arrow.opaque` numeric | without the zeros that say nothing: `256414.11`, `0` |
/// | boolean | `true`, `false` |
/// | date | `1986-05-08`; of a year outside 1 to 9999, as engines write "infinity", no value |
/// | time stamp with a time zone | in UTC: `2026-02-09T09:30:00Z`, with `.5` where there are parts of a second |
/// | time stamp without one | as it stands: `2026-02-09T09:30:00` |
/// | time of day | `09:30:00` |
/// | dictionary | its values, by this table |
/// | anything else | none: refused by the column's name |
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Nothing,
    AsIs,
    Numeric,
    Uuid,
    Truth,
    Whole,
    Float,
    Decimal { scale: i8 },
    Day,
    Moment { per_second: i64, utc: bool },
    Clock { per_second: i64 },
    Keyed(Box<Form>),
}

/// A column whose values are no texts, or none that people would know again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct NoText {
    pub column: String,
    /// Its type, as Arrow calls it.
    pub holds: String,
}

impl Form {
    /// Finds how a column is written.
    pub fn of(field: &Field) -> Result<Self, NoText> {
        let extension = field.extension_type_name();
        let numeric = extension == Some(OPAQUE) && is_numeric(field);
        let way = match field.data_type() {
            _ if is_money(field) => None,
            DataType::FixedSizeBinary(16) if extension == Some(UUID) => Some(Way::Uuid),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if numeric => {
                Some(Way::Numeric)
            }
            DataType::Dictionary(_, values) => {
                let values = field.clone().with_data_type(values.as_ref().clone());
                Some(Way::Keyed(Box::new(Self::of(&values)?)))
            }
            plain => way(plain),
        };
        match way {
            Some(way) => Ok(Self {
                holds: field.data_type().clone(),
                way,
            }),
            None => Err(NoText {
                column: field.name().clone(),
                holds: if is_money(field) {
                    "money".to_owned()
                } else {
                    called(field.data_type())
                },
            }),
        }
    }

    /// Tells what kind of values the column holds. Its dates are ISO: nobody has to be asked for their order.
    pub fn kind(&self) -> ValueKind {
        match &self.way {
            Way::Nothing | Way::AsIs | Way::Uuid | Way::Clock { .. } => ValueKind::Text,
            Way::Numeric | Way::Whole | Way::Float | Way::Decimal { .. } => ValueKind::Number,
            Way::Truth => ValueKind::Truth,
            Way::Day | Way::Moment { .. } => ValueKind::Date,
            Way::Keyed(values) => values.kind(),
        }
    }
}

/// `PostgreSQL`'s money comes as a number of its smallest coins, and nothing says how many of them make one.
fn is_money(field: &Field) -> bool {
    let names = ["ADBC:postgresql:typname", "POSTGRESQL:type"];
    let told = names.iter().filter_map(|name| field.metadata().get(name));
    told.into_iter().any(|name| name == "money")
}

fn is_numeric(field: &Field) -> bool {
    let about = field.extension_type_metadata().unwrap_or_default();
    let about: serde_json::Value = serde_json::from_str(about).unwrap_or_default();
    let name = about["type_name"].as_str().unwrap_or_default();
    NUMERIC.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn way(plain: &DataType) -> Option<Way> {
    Some(match plain {
        DataType::Null => Way::Nothing,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Way::AsIs,
        DataType::Boolean => Way::Truth,
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Way::Whole,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Way::Float,
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => Way::Decimal { scale: *scale },
        DataType::Date32 | DataType::Date64 => Way::Day,
        DataType::Timestamp(unit, zone) => Way::Moment {
            per_second: per_second(*unit),
            utc: zone.is_some(),
        },
        DataType::Time32(unit) | DataType::Time64(unit) => Way::Clock {
            per_second: per_second(*unit),
        },
        // Bytes may be anything: a picture, a key, a text in any encoding. Nobody wants to read them as digits.
        DataType::Binary
        | DataType::FixedSizeBinary(_)
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Duration(_)
        | DataType::Interval(_)
        | DataType::List(_)
        | DataType::ListView(_)
        | DataType::FixedSizeList(..)
        | DataType::LargeList(_)
        | DataType::LargeListView(_)
        | DataType::Struct(_)
        | DataType::Union(..)
        | DataType::Map(..)
        | DataType::RunEndEncoded(..)
        | DataType::Dictionary(..) => return None,
    })
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Names a type without what it is made of.
fn called(holds: &DataType) -> String {
    let told = holds.to_string();
    let end = told.find('(').unwrap_or(told.len());
    told[..end].to_owned()
}
