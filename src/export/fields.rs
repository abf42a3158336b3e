//! The merge fields that a mapping names and the audience lacks: what they would be, and their making.

use tokio::sync::mpsc;

use super::{Error, find_attribute};
use crate::deliver::Mailchimp;
use crate::domain::{
    AudienceId, FieldKind, Mapping, MergeField, MergeTag, SegmentId, Semantic, Target, ValueKind,
};
use crate::source::{Error as SourceError, ReadRequest, Source};

/// The longest tag Mailchimp gives a new merge field; it cuts longer ones without a word.
pub const LONGEST_TAG: usize = 10;
/// The most digits of a number: beyond them it would not come back as it was written.
const DIGITS: usize = 15;

/// Works out the merge fields to be made, without making them. A field is one of numbers only if every value of the chosen
/// segments is a number that stays as it is written: leading zeros are part of a text.
///
/// # Errors
/// As reading the source.
pub async fn missing_fields(
    source: &Source,
    segments: &[SegmentId],
    mapping: &Mapping,
    there: &[MergeField],
) -> Result<Vec<MergeField>, Error> {
    let known = |tag: &MergeTag| there.iter().any(|field| field.tag == *tag);
    let missing = mapping.tags().into_iter().filter(|tag| !known(tag));
    let mut fields: Vec<MergeField> = missing.map(|tag| likely(tag, mapping, source)).collect();
    // Services and engines say what a column holds, and reading one to its end may take minutes there.
    let typed = source.folder().is_none();
    let is_typed = |tag: &MergeTag| {
        let attribute = mapping.get(&Target::Field(tag.clone()));
        let attribute = attribute.and_then(|name| find_attribute(name, source.attributes()).ok());
        typed && attribute.is_some_and(|attribute| attribute.kind == ValueKind::Number)
    };
    let numbers: Vec<usize> = (0..fields.len())
        .filter(|at| fields[*at].kind == FieldKind::Number && !is_typed(&fields[*at].tag))
        .collect();
    let attributes = numbers.iter().filter_map(|at| {
        let target = Target::Field(fields[*at].tag.clone());
        mapping.get(&target).map(str::to_owned)
    });
    let request = ReadRequest {
        segments: segments.to_vec(),
        attributes: attributes.collect(),
        ..ReadRequest::default()
    };
    let hold = only_numbers(source, request).await?;
    for (at, holds) in numbers.into_iter().zip(hold) {
        if !holds {
            fields[at].kind = FieldKind::Text;
        }
    }
    Ok(fields)
}

/// Makes merge fields, and reads them all again: what the audience has is what it says, not what was asked for.
///
/// # Errors
/// As the calls to Mailchimp.
pub async fn create_fields(
    mailchimp: &Mailchimp,
    audience: &AudienceId,
    fields: &[MergeField],
) -> Result<Vec<MergeField>, Error> {
    for field in fields {
        mailchimp
            .create_merge_field(audience, &field.tag, &field.name, field.kind)
            .await?;
    }
    Ok(mailchimp.merge_fields(audience).await?)
}

fn likely(tag: &MergeTag, mapping: &Mapping, source: &Source) -> MergeField {
    let parts = mapping
        .iter()
        .any(|(target, _)| matches!(target, Target::Address(mapped, _) if mapped == tag));
    let attribute = mapping.get(&Target::Field(tag.clone()));
    let attribute = attribute.and_then(|name| find_attribute(name, source.attributes()).ok());
    let semantic = attribute.and_then(|attribute| attribute.semantic);
    let samples = attribute.map_or(&[][..], |attribute| &attribute.samples);
    let kind = match semantic {
        _ if parts => FieldKind::Address,
        Some(Semantic::Phone) => FieldKind::Phone,
        Some(Semantic::Birthday) => FieldKind::Birthday,
        _ if !samples.is_empty() && samples.iter().all(|sample| is_number(sample)) => {
            FieldKind::Number
        }
        _ => FieldKind::Text,
    };
    MergeField {
        tag: tag.clone(),
        name: attribute.map_or_else(|| tag.to_string(), |attribute| attribute.label.clone()),
        kind,
        required: false,
        choices: Vec::new(),
        us_phone: false,
    }
}

/// Reads attributes to their end, or until none of them can hold numbers only.
async fn only_numbers(source: &Source, request: ReadRequest) -> Result<Vec<bool>, Error> {
    let mut holds = vec![true; request.attributes.len()];
    if holds.is_empty() {
        return Ok(holds);
    }
    let (rows, mut read) = mpsc::channel(2);
    let whole = source.clone();
    let reading = tokio::spawn(async move { whole.read(request, rows).await });
    while let Some(batch) = read.recv().await {
        for cells in batch.iter().filter_map(|row| row.cells.as_ref().ok()) {
            for (at, holds) in holds.iter_mut().enumerate() {
                let value = cells.get(at).trim();
                *holds &= value.is_empty() || is_number(value);
            }
        }
        if !holds.contains(&true) {
            break;
        }
    }
    drop(read);
    match reading
        .await
        .map_err(|why| Error::Broken(why.to_string()))?
    {
        Ok(_) | Err(SourceError::Stopped) => Ok(holds),
        Err(why) => Err(why.into()),
    }
}

/// Tells whether a text is a number that Mailchimp gives back as it was written, but for its form: no zeros before it, no
/// exponent, no more digits than a number keeps.
fn is_number(text: &str) -> bool {
    let digits = text.trim().strip_prefix('-').unwrap_or(text.trim());
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let led_by_zero = whole.len() > 1 && whole.starts_with('0');
    plain(whole) && plain(decimals) && !led_by_zero && whole.len() + decimals.len() <= DIGITS
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FieldKind, Mapping, Source, is_number, missing_fields};
    use crate::domain::{FolderOptions, SourceSpec};

    #[test]
    fn a_number_is_what_comes_back_as_it_was_written() {
        for number in ["0", "42", "-7", "3.50", " 12 ", "0.5"] {
            assert!(is_number(number), "{number}");
        }
        for text in [
            "",
            "01234",
            "00",
            "1.2E+14",
            "+46",
            "1,5",
            "12345678901234567890",
            "NaN",
            "4.",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[tokio::test]
    async fn leading_zeros_anywhere_in_a_column_make_its_new_field_a_text() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("people.csv");
        let row = |at| {
            let zip = if at == 1999 { "01234" } else { "12345" };
            format!("{at},p{at}@people.example,{zip},{}", at % 90)
        };
        let rows: Vec<String> = (0..2000).map(row).collect();
        fs::write(&path, format!("Id,Email,Zip,Age\n{}\n", rows.join("\n"))).expect("write");
        let spec = SourceSpec::Folder(path);
        let source = Source::open(&spec, &FolderOptions::default(), None)
            .await
            .expect("open");
        let mut mapping = Mapping::default();
        for (target, attribute) in [("email", "Email"), ("ZIPCODE", "Zip"), ("AGE", "Age")] {
            mapping.set(target.parse().expect("target"), attribute);
        }
        let segments = source.segments().await.expect("segments");
        let ids: Vec<_> = segments.into_iter().map(|segment| segment.id).collect();
        let fields = missing_fields(&source, &ids, &mapping, &[])
            .await
            .expect("read");
        let kinds: Vec<_> = fields
            .iter()
            .map(|field| (field.tag.as_str(), field.kind))
            .collect();
        assert_eq!(
            kinds,
            [("AGE", FieldKind::Number), ("ZIPCODE", FieldKind::Text)]
        );
    }
}
