use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::{Decimal128Type, Int8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal128Array, Decimal256Array,
    FixedSizeBinaryArray, Float32Array, Float64Array, Int64Array, LargeStringArray, NullArray,
    PrimitiveArray, StringArray, StringViewArray, Time64NanosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Fields, IntervalUnit, TimeUnit};

use super::{Form, NoText};
use crate::domain::ValueKind;

fn field(array: &dyn Array) -> Field {
    Field::new("x", array.data_type().clone(), true)
}

fn extended(array: &dyn Array, name: &str, about: &str) -> Field {
    let told = [
        ("ARROW:extension:name", name),
        ("ARROW:extension:metadata", about),
    ];
    let told = told.map(|(key, value)| (key.to_owned(), value.to_owned()));
    field(array).with_metadata(
        told.into_iter()
            .collect::<std::collections::HashMap<_, _>>(),
    )
}

fn written(field: &Field, array: &dyn Array) -> Vec<String> {
    let form = Form::of(field).expect("a form");
    let texts = form.texts(array).expect("the type it was made for");
    (0..array.len())
        .map(|row| texts.get(row).to_owned())
        .collect()
}

fn texts(array: impl Array) -> Vec<String> {
    written(&field(&array), &array)
}

#[test]
fn texts_of_any_size_are_taken_as_they_are_and_null_is_no_value() {
    let values = vec![
        Some("å, \"ö\""),
        None,
        Some(""),
        Some(" a longer text than fits a view "),
    ];
    let expected = ["å, \"ö\"", "", "", " a longer text than fits a view "];
    assert_eq!(texts(StringArray::from(values.clone())), expected);
    assert_eq!(texts(LargeStringArray::from(values.clone())), expected);
    assert_eq!(texts(StringViewArray::from(values)), expected);
    assert_eq!(texts(NullArray::new(2)), ["", ""]);
    assert_eq!(
        texts(StringArray::from(vec!["a", "b", "c"]).slice(1, 2)),
        ["b", "c"]
    );
}

#[test]
fn what_lies_under_a_null_is_never_a_value() {
    use arrow_buffer::NullBuffer;
    let (offsets, values, _) = StringArray::from(vec!["a", "b"]).into_parts();
    let nulls = NullBuffer::from(vec![true, false]);
    assert_eq!(
        texts(StringArray::new(offsets, values, Some(nulls.clone()))),
        ["a", ""]
    );
    assert_eq!(
        texts(Int64Array::new(vec![1, 2].into(), Some(nulls))),
        ["1", ""]
    );
}

#[test]
fn numbers_are_written_without_exponents_and_zeros_that_say_nothing() {
    assert_eq!(
        texts(Int64Array::from(vec![Some(0), None, Some(i64::MIN)])),
        ["0", "", "-9223372036854775808"]
    );
    assert_eq!(
        texts(UInt64Array::from(vec![u64::MAX])),
        ["18446744073709551615"]
    );
    assert_eq!(
        texts(Float64Array::from(vec![
            1.5,
            20000.0,
            0.1,
            -0.0,
            f64::NAN,
            1e21,
            256_414.112_709
        ])),
        [
            "1.5",
            "20000",
            "0.1",
            "0",
            "",
            "1000000000000000000000",
            "256414.112709"
        ]
    );
    assert_eq!(
        texts(Float32Array::from(vec![0.1_f32, f32::INFINITY])),
        ["0.1", "inf"]
    );
}

#[test]
fn decimals_lose_the_zeros_at_their_end_only() {
    let of = |scale: i8, values: &[i128]| {
        let array = Decimal128Array::from(values.to_vec());
        texts(array.with_precision_and_scale(20, scale).expect("scale"))
    };
    assert_eq!(
        of(2, &[25_641_410, 0, 5, -5, 100, -12_345, 10]),
        ["256414.1", "0", "0.05", "-0.05", "1", "-123.45", "0.1"]
    );
    assert_eq!(of(0, &[100]), ["100"]);
    let thousands = PrimitiveArray::<Decimal128Type>::from(vec![-12, 0]);
    let thousands = thousands.with_data_type(DataType::Decimal128(20, -3));
    assert_eq!(texts(thousands), ["-12000", "0"]);
    let wide = arrow_buffer::i256::from_string("123456789012345678901234567890123456789012300");
    let wide = Decimal256Array::from(vec![wide]);
    assert_eq!(
        texts(wide.with_precision_and_scale(70, 3).expect("scale")),
        ["123456789012345678901234567890123456789012.3"]
    );
}

#[test]
fn dates_and_times_are_iso_and_instants_are_told_in_utc() {
    assert_eq!(
        texts(Date32Array::from(vec![
            0, 5971, -1, 11_016, 19_782, -719_162
        ])),
        [
            "1970-01-01",
            "1986-05-08",
            "1969-12-31",
            "2000-02-29",
            "2024-02-29",
            "0001-01-01"
        ]
    );
    assert_eq!(
        texts(Date64Array::from(vec![515_894_400_000])),
        ["1986-05-08"]
    );
    let at = 1_770_629_400;
    assert_eq!(
        texts(TimestampSecondArray::from(vec![at])),
        ["2026-02-09T09:30:00"]
    );
    assert_eq!(
        texts(TimestampMillisecondArray::from(vec![at * 1000 + 500]).with_timezone("+02:00")),
        ["2026-02-09T09:30:00.5Z"]
    );
    assert_eq!(
        texts(TimestampMicrosecondArray::from(vec![-1]).with_timezone("UTC")),
        ["1969-12-31T23:59:59.999999Z"]
    );
    assert_eq!(
        texts(TimestampNanosecondArray::from(vec![at * 1_000_000_000 + 1])),
        ["2026-02-09T09:30:00.000000001"]
    );
    assert_eq!(
        texts(Time64NanosecondArray::from(vec![34_200_050_000_000])),
        ["09:30:00.05"]
    );
}

#[test]
fn a_day_beyond_the_calendar_is_no_value() {
    let days = [i32::MAX, i32::MIN, 2_932_896, 2_932_897, -719_162, -719_163];
    let days = texts(Date32Array::from(days.to_vec()));
    assert_eq!(days, ["", "", "9999-12-31", "", "0001-01-01", ""]);
    // Nor does the furthest instant overflow.
    let far = TimestampSecondArray::from(vec![i64::MAX, i64::MIN]);
    assert_eq!(texts(far), ["", ""]);
}

#[test]
fn money_of_unknown_coins_is_refused_by_its_name() {
    let cents = Int64Array::from(vec![1250]);
    let told = [("ADBC:postgresql:typname".to_owned(), "money".to_owned())];
    let told: std::collections::HashMap<_, _> = told.into();
    let why = Form::of(&field(&cents).with_metadata(told)).map_err(|why| why.holds);
    assert_eq!(why.err().as_deref(), Some("money"));
}

#[test]
fn extension_types_are_known_by_their_name() {
    let numbers = [
        "0.00000000000000000000",
        "12.500",
        "-0.0",
        "100",
        "NaN",
        "1e5",
        "-7.0",
    ];
    let numbers = StringArray::from(numbers.to_vec());
    let opaque = extended(
        &numbers,
        "arrow.opaque",
        r#"{"type_name": "numeric", "vendor_name": "PostgreSQL"}"#,
    );
    assert_eq!(
        written(&opaque, &numbers),
        ["0", "12.5", "0", "100", "", "1e5", "-7"]
    );
    assert_eq!(
        Form::of(&opaque).map(|form| form.kind()),
        Ok(ValueKind::Number)
    );
    let other = extended(&numbers, "arrow.opaque", r#"{"type_name": "inet"}"#);
    assert_eq!(written(&other, &numbers)[1], "12.500");
    let json = StringArray::from(vec![r#"{"tier": "gold"}"#]);
    assert_eq!(
        written(&extended(&json, "arrow.json", ""), &json),
        [r#"{"tier": "gold"}"#]
    );
    let id: Vec<u8> = (0..16).collect();
    let ids = FixedSizeBinaryArray::try_from_iter([id.as_slice()].into_iter()).expect("ids");
    assert_eq!(
        written(&extended(&ids, "arrow.uuid", ""), &ids),
        ["00010203-0405-0607-0809-0a0b0c0d0e0f"]
    );
    assert!(
        Form::of(&field(&ids)).is_err(),
        "bytes that nobody called an id"
    );
}

#[test]
fn dictionaries_are_read_by_their_values() {
    let mut tiers = StringDictionaryBuilder::<Int8Type>::new();
    for tier in [Some("gold"), None, Some("none"), Some("gold")] {
        match tier {
            Some(tier) => {
                tiers.append(tier).expect("key");
            }
            None => tiers.append_null(),
        }
    }
    assert_eq!(texts(tiers.finish()), ["gold", "", "none", "gold"]);
}

#[test]
fn booleans_are_true_or_false() {
    let truths = BooleanArray::from(vec![Some(true), Some(false), None]);
    assert_eq!(texts(truths), ["true", "false", ""]);
}

#[test]
fn kinds_are_told_by_the_type() {
    let kind = |holds| Form::of(&Field::new("x", holds, true)).map(|form| form.kind());
    assert_eq!(kind(DataType::Utf8), Ok(ValueKind::Text));
    assert_eq!(kind(DataType::Int16), Ok(ValueKind::Number));
    assert_eq!(kind(DataType::Boolean), Ok(ValueKind::Truth));
    assert_eq!(kind(DataType::Date32), Ok(ValueKind::Date));
    assert_eq!(
        kind(DataType::Timestamp(TimeUnit::Second, None)),
        Ok(ValueKind::Date)
    );
    let keyed = DataType::Dictionary(DataType::Int8.into(), DataType::Date32.into());
    assert_eq!(kind(keyed), Ok(ValueKind::Date));
}

#[test]
fn what_is_no_text_is_refused_by_the_name_of_its_column() {
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    let both = Fields::from(vec![
        Field::new("a", DataType::Utf8, true),
        Field::new("b", DataType::Utf8, true),
    ]);
    let entries = Arc::new(Field::new("entries", DataType::Struct(both.clone()), false));
    let refused = [
        (DataType::List(item.clone()), "List"),
        (DataType::LargeList(item), "LargeList"),
        (DataType::Struct(both), "Struct"),
        (DataType::Map(entries, false), "Map"),
        (DataType::Binary, "Binary"),
        (DataType::FixedSizeBinary(12), "FixedSizeBinary"),
        (DataType::Duration(TimeUnit::Second), "Duration"),
        (DataType::Interval(IntervalUnit::YearMonth), "Interval"),
        (
            DataType::Dictionary(DataType::Int8.into(), DataType::Binary.into()),
            "Binary",
        ),
    ];
    for (holds, called) in refused {
        let why = NoText {
            column: "Tags".to_owned(),
            holds: called.to_owned(),
        };
        assert_eq!(Form::of(&Field::new("Tags", holds, true)), Err(why));
    }
}

#[test]
fn an_array_of_another_type_than_was_told_is_not_read() {
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let form = Form::of(&Field::new("x", DataType::Int64, true)).expect("a form");
    assert!(form.texts(text.as_ref()).is_none());
}
