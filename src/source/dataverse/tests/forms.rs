//! Choices, two-option attributes and dates, as people read them and as they are judged.

use axum::response::Response;

use super::{Call, Peer, json, open, read};
use crate::domain::{SegmentId, ValueKind};
use crate::source::{Error, ReadRequest, Row, ServiceError};

const ATTRIBUTES: &str = r#"{"value":[
    {"LogicalName":"msdynci_customerid","AttributeType":"String"},
    {"LogicalName":"msdynci_level","AttributeType":"Picklist","AttributeTypeName":{"Value":"PicklistType"}},
    {"LogicalName":"msdynci_likes","AttributeType":"Virtual","AttributeTypeName":{"Value":"MultiSelectPicklistType"}},
    {"LogicalName":"msdynci_picture","AttributeType":"Virtual","AttributeTypeName":{"Value":"ImageType"}},
    {"LogicalName":"msdynci_donotemail","AttributeType":"Boolean"},
    {"LogicalName":"msdynci_born","AttributeType":"DateTime"},
    {"LogicalName":"msdynci_joined","AttributeType":"DateTime"}
]}"#;

/// The user reads Swedish, the organisation's base language is English.
fn label(base: &str, user: &str) -> String {
    format!(
        r#"{{"LocalizedLabels":[{{"Label":"{user}","LanguageCode":1053}},{{"Label":"{base}","LanguageCode":1033}}],
            "UserLocalizedLabel":{{"Label":"{user}","LanguageCode":1053}}}}"#
    )
}

fn options(of: &[(u32, &str, &str)]) -> String {
    let options = of
        .iter()
        .map(|(value, base, user)| format!(r#"{{"Value":{value},"Label":{}}}"#, label(base, user)));
    format!(
        r#"{{"Options":[{}]}}"#,
        options.collect::<Vec<_>>().join(",")
    )
}

fn described(call: &Call) -> Option<Response> {
    let (_, kind) = call
        .target
        .split_once("/Attributes/Microsoft.Dynamics.CRM.")?;
    let kind = kind.split("AttributeMetadata").next()?;
    let levels = options(&[
        (100_000_000, "Silver", "Silver"),
        (100_000_001, "Gold", "Guld"),
    ]);
    let likes = options(&[(1, "Tea", "Te"), (2, "Coffee", "Kaffe")]);
    let one =
        |name: &str, rest: &str| format!(r#"{{"value":[{{"LogicalName":"{name}",{rest}}}]}}"#);
    let body = match kind {
        "Picklist" => one("msdynci_level", &format!(r#""OptionSet":{levels},"GlobalOptionSet":null"#)),
        // A set of choices that several tables share.
        "MultiSelectPicklist" => one("msdynci_likes", &format!(r#""OptionSet":null,"GlobalOptionSet":{likes}"#)),
        "Boolean" => one(
            "msdynci_donotemail",
            &format!(
                r#""OptionSet":{{"TrueOption":{{"Value":1,"Label":{}}},"FalseOption":{{"Value":0,"Label":{}}}}}"#,
                label("Do Not Allow", "Till\u{e5}t inte"),
                label("Allow", "Till\u{e5}t"),
            ),
        ),
        _ => r#"{"value":[
            {"LogicalName":"msdynci_born","Format":"DateOnly","DateTimeBehavior":{"Value":"UserLocal"}},
            {"LogicalName":"msdynci_joined","Format":"DateAndTime","DateTimeBehavior":{"Value":"TimeZoneIndependent"}}]}"#
            .to_owned(),
    };
    Some(json(200, &body))
}

const PROFILES: &str = r#"{"value":[
    {"msdynci_customerid":"a1","msdynci_level":100000001,"msdynci_likes":"1,2","msdynci_donotemail":false,
        "msdynci_born":"1980-05-07T22:00:00Z","msdynci_joined":"2020-01-15T00:00:00Z"},
    {"msdynci_customerid":"b2","msdynci_level":7,"msdynci_likes":null,"msdynci_donotemail":true,
        "msdynci_born":null,"msdynci_joined":"2020-01-15T14:30:00Z"}]}"#;

fn answer(call: &Call) -> Response {
    let target = call.target.as_str();
    if let Some(described) = described(call) {
        return described;
    }
    if target.contains("/Attributes?") {
        json(200, ATTRIBUTES)
    } else if target.contains("/organizations") {
        json(200, r#"{"value":[{"languagecode":1033}]}"#)
    } else if target.contains("msdynci_customerprofiles") {
        json(200, PROFILES)
    } else {
        let rows = r#"{"value":[{"msdynci_customerid":"a1","msdynci_segments":"VIP"},
            {"msdynci_customerid":"b2","msdynci_segments":"VIP"}]}"#;
        json(200, rows)
    }
}

fn request(names: &[&str], raw: Option<usize>) -> ReadRequest {
    ReadRequest {
        segments: vec![SegmentId::new("VIP")],
        attributes: names.iter().map(|name| format!("msdynci_{name}")).collect(),
        raw,
        ..ReadRequest::default()
    }
}

fn values(rows: &[Row]) -> Vec<Vec<&str>> {
    let cells = rows.iter().map(|row| row.cells.as_ref().expect("no fault"));
    cells.map(|cells| cells.iter().collect()).collect()
}

#[tokio::test]
async fn choices_are_read_by_their_labels_in_the_base_language_and_dates_by_their_meaning() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await.expect("a source");
    let wanted = request(&["level", "likes", "donotemail", "born", "joined"], None);
    let (rows, summary) = read(&source, wanted.clone()).await.expect("rows");
    assert_eq!(
        values(&rows),
        [
            ["Gold", "Tea; Coffee", "Allow", "1980-05-08", "2020-01-15"],
            ["", "", "Do Not Allow", "", "2020-01-15T14:30:00"],
        ]
    );
    // A choice that was removed from the attribute is left out, and told.
    assert_eq!(
        summary.choices_unknown,
        [("msdynci_level".to_owned(), 1)].into()
    );
    assert_eq!(source.peek(wanted, 9).await.expect("rows"), rows);
    let level = &source.attributes()[4];
    assert_eq!(
        (level.name.as_str(), level.samples[0].as_str()),
        ("msdynci_level", "Gold")
    );
    assert_eq!(source.attributes().len(), 6, "no pictures");
}

#[tokio::test]
async fn rule_1_a_two_option_attribute_is_judged_by_true_and_false_and_a_choice_by_its_label() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await.expect("a source");
    let (rows, _) = read(&source, request(&["donotemail", "donotemail"], Some(1)))
        .await
        .expect("rows");
    assert_eq!(
        values(&rows),
        [["Allow", "false"], ["Do Not Allow", "true"]]
    );
    let (rows, _) = read(&source, request(&["level"], Some(0)))
        .await
        .expect("rows");
    assert_eq!(values(&rows), [["Gold"], [""]]);
}

#[tokio::test]
async fn a_choice_without_labels_is_refused_where_it_is_wanted_and_only_there() {
    let peer = Peer::start(|call| match described(call) {
        Some(_) => json(404, r#"{"error":{"code":"0x0","message":"nothing here"}}"#),
        None => answer(call),
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let told = source.attributes().iter().map(|one| one.kind);
    assert_eq!(told.filter(|kind| *kind == ValueKind::Truth).count(), 1);
    let (rows, _) = read(&source, request(&["customerid", "donotemail"], None))
        .await
        .expect("rows");
    assert_eq!(values(&rows)[0], ["a1", "false"]);
    for outcome in [
        read(&source, request(&["customerid", "level"], None))
            .await
            .map(|_| ()),
        source.peek(request(&["level"], None), 9).await.map(|_| ()),
    ] {
        assert!(
            matches!(&outcome, Err(Error::Service(ServiceError::NoLabels { attribute })) if attribute == "msdynci_level"),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_broken_letter_is_counted_where_it_is_wanted_and_stops_nothing() {
    let peer = Peer::start(|call| {
        if !call.target.contains("msdynci_customerprofiles") {
            return answer(call);
        }
        let rows = r#"{"value":[
            {"msdynci_customerid":"a1","msdynci_born":"cut \ud83d","msdynci_level":100000001},
            {"msdynci_customerid":"b2","msdynci_born":"whole","msdynci_level":100000001},
            {"msdynci_customerid":"z9","msdynci_born":"\ud83d"}]}"#;
        json(200, rows)
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["joined", "born"], None))
        .await
        .expect("rows");
    assert_eq!(values(&rows), [["", "cut \u{FFFD}"], ["", "whole"]]);
    assert_eq!(
        summary.letters_replaced,
        [("msdynci_born".to_owned(), 1)].into()
    );
    let (_, summary) = read(&source, request(&["level"], None))
        .await
        .expect("rows");
    assert!(summary.letters_replaced.is_empty());
}

#[tokio::test]
async fn samples_name_the_attributes_that_they_show() {
    let peer = Peer::start(answer).await;
    open(&peer).await.expect("a source");
    let calls = peer.calls();
    let sample = calls
        .iter()
        .find(|call| call.target.contains("msdynci_customerprofiles"));
    let target = &sample.expect("a sample").target;
    assert!(
        target.contains("$select=msdynci_born,msdynci_customerid,"),
        "{target}"
    );
    assert!(!target.contains("picture"), "{target}");
}
