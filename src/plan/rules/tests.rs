use jiff::Timestamp;
use serde_json::json;

use super::{Rules, looks_empty};
use crate::domain::{
    Agreement, Consent, Content, Destination, Draft, FieldKind, LoginName, MergeField, MergeTag,
    NewStatus, Reason, Segment, SourceSpec, Unfit,
};

/// A destination that maps `email`, and what else is said.
fn destination(map: &[(&str, &str)], consent: Option<&str>) -> Destination {
    let mut draft = Draft {
        name: "d".into(),
        login: LoginName::parse("acme").ok(),
        audience: "abc".into(),
        source: Some(SourceSpec::Folder("people.csv".into())),
        status_if_new: Some(NewStatus::Subscribed),
        consent_attribute: consent.map(|rule| rule.parse().expect("rule")),
        agreement: Some(Agreement {
            at: Timestamp::UNIX_EPOCH,
            user: "lotta".to_owned(),
            language: "en".to_owned(),
            text_sha256: String::new(),
        }),
        segments: vec![Segment::new("s", "S")],
        ..Draft::default()
    };
    for (target, attribute) in [("email", "email")].iter().chain(map) {
        draft.map.set(target.parse().expect("target"), *attribute);
    }
    draft.finish(Timestamp::UNIX_EPOCH).expect("complete")
}

fn field(tag: &str, kind: FieldKind, required: bool) -> MergeField {
    MergeField {
        tag: MergeTag::parse(tag).expect("tag"),
        name: tag.to_owned(),
        kind,
        required,
        choices: vec!["Gold".to_owned()],
        us_phone: false,
    }
}

/// Prepares a row given as attribute and value.
fn prepare(rules: &Rules, row: &[(&str, &'static str)]) -> Result<Content, Unfit> {
    rules.prepare(cells(rules, row))
}

fn cells(rules: &Rules, row: &[(&str, &'static str)]) -> impl Fn(usize) -> &'static str {
    let value = |name: &String| row.iter().find(|(attribute, _)| attribute == name);
    let values: Vec<&'static str> = rules
        .attributes()
        .iter()
        .map(|name| value(name).map_or("", |(_, value)| *value))
        .collect();
    move |at| values[at]
}

fn fields(content: &Content) -> serde_json::Value {
    serde_json::from_str(&content.fields).expect("json")
}

#[test]
fn rule_2_a_value_that_does_not_fit_an_optional_field_is_left_out_and_told() {
    let map = [
        ("FNAME", "first"),
        ("PHONE", "phone"),
        ("TIER", "tier"),
        ("ADDRESS.addr1", "street"),
        ("ADDRESS.city", "city"),
        ("language", "lang"),
    ];
    let audience = [
        field("FNAME", FieldKind::Text, false),
        field("PHONE", FieldKind::Phone, false),
        field("TIER", FieldKind::Dropdown, false),
        field("ADDRESS", FieldKind::Address, false),
    ];
    let rules = Rules::new(&destination(&map, None), &audience).expect("fits");
    let row = [
        ("email", "a@x.example"),
        ("first", "Anna"),
        ("phone", "4.67E+10"),
        ("tier", "Bronze"),
        ("street", "Storgatan 1"),
        ("lang", "Klingon"),
    ];
    let content = prepare(&rules, &row).expect("a member");
    assert_eq!(fields(&content), json!({"FNAME": "Anna"}));
    assert_eq!(content.language, None);
    let told: Vec<(&str, &str)> = content
        .left_out
        .iter()
        .map(|one| (one.field.as_str(), one.detail.as_str()))
        .collect();
    let wanted = [
        ("ADDRESS", "ADDRESS.city"),
        ("PHONE", "PHONE: 4.67E+10"),
        ("TIER", "TIER: Bronze"),
        ("language", "language: Klingon"),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn rule_2_only_the_address_and_required_fields_reject_a_person() {
    let map = [("PHONE", "phone"), ("FNAME", "first")];
    let audience = [
        field("PHONE", FieldKind::Phone, true),
        field("FNAME", FieldKind::Text, true),
    ];
    let rules = Rules::new(&destination(&map, None), &audience).expect("fits");
    let reason = |row: &[(&str, &'static str)]| prepare(&rules, row).map_err(|why| why.reason);
    let good = [
        ("email", "a@x.example"),
        ("first", "A"),
        ("phone", "070-123"),
    ];
    assert!(reason(&good).is_ok());
    let table = [
        (("phone", "none"), Reason::InvalidValue),
        (("phone", ""), Reason::MissingRequired),
        (("first", " "), Reason::MissingRequired),
        (("email", "a@@x"), Reason::InvalidEmail),
        (("email", ""), Reason::NoEmail),
    ];
    for (changed, wanted) in table {
        let row: Vec<_> = good
            .iter()
            .map(|cell| if cell.0 == changed.0 { changed } else { *cell })
            .collect();
        assert_eq!(reason(&row).err(), Some(wanted), "{changed:?}");
    }
}

#[test]
fn rule_1_consent_is_read_of_every_row_and_what_is_not_understood_is_named() {
    let rules = Rules::new(&destination(&[], Some("!stop")), &[]).expect("fits");
    let says = |value: &'static str| rules.consent(cells(&rules, &[("stop", value)]));
    assert_eq!(says("no"), (Consent::Yes, None));
    assert_eq!(says("Yes"), (Consent::No, None));
    assert_eq!(says(" "), (Consent::Silent, None));
    assert_eq!(
        says(" Perhaps "),
        (Consent::Silent, Some("Perhaps".to_owned()))
    );
    let long = "a word that is far longer than anybody will ever want to read in a report of a run";
    let (_, told) = says(long);
    assert_eq!(told.map(|told| told.chars().count()), Some(61));
    let unasked = Rules::new(&destination(&[], None), &[]).expect("fits");
    assert_eq!(unasked.consent(|_| ""), (Consent::Yes, None));
}

#[test]
fn values_that_look_like_none_are_named_as_they_stand() {
    for (value, word) in [
        ("NULL", "NULL"),
        ("null", "NULL"),
        ("\\N", "\\N"),
        ("n/a", "N/A"),
        ("#N/A", "#N/A"),
        ("1.2E+14", "1.2E+14"),
    ] {
        assert_eq!(looks_empty(value), Some(word), "{value}");
    }
    for value in ["", "Nullius", "Nils", "12", "1 E 5", "Anna"] {
        assert_eq!(looks_empty(value), None, "{value}");
    }
}
