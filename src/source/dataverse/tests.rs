mod by_id;
mod forms;

use axum::response::Response;
use tokio::sync::mpsc::channel;

use super::super::tests::peer::{Call, Peer, json};
use super::super::{Error, ReadRequest, ReadSummary, Row, ServiceError, Source};
use crate::domain::{FolderOptions, Reason, SegmentId, Semantic, SourceSpec, ValueKind};

const ATTRIBUTES: &str = r#"{"value":[
    {"LogicalName":"msdynci_mejl","DisplayName":{"UserLocalizedLabel":{"Label":"Mejl"}},"AttributeType":"String"},
    {"LogicalName":"msdynci_firstname","DisplayName":{"UserLocalizedLabel":null},"AttributeType":"String"},
    {"LogicalName":"msdynci_born","AttributeType":"DateTime"},
    {"LogicalName":"msdynci_customerid","AttributeType":"String"},
    {"LogicalName":"msdynci_xname","AttributeType":"String","AttributeOf":"msdynci_x"},
    {"LogicalName":"createdon","AttributeType":"DateTime"}
]}"#;

const PROFILES: &str = r#"{"value":[
    {"msdynci_customerid":"a1","msdynci_mejl":"anna@example.com","msdynci_firstname":"Anna","msdynci_born":"1980-01-02T00:00:00Z"},
    {"msdynci_customerid":"b2","msdynci_mejl":"bo@example.com","msdynci_firstname":null},
    {"msdynci_customerid":"c3","msdynci_mejl":"cid@example.com","msdynci_firstname":"Cid"}
]}"#;

fn answer(call: &Call, memberships: &str) -> Response {
    let target = call.target.as_str();
    if target.contains("/Attributes?") {
        json(200, ATTRIBUTES)
    } else if target.contains("msdynci_customerprofiles") {
        json(200, PROFILES)
    } else if target.contains("msdynci_segmentmemberships") {
        json(200, memberships)
    } else {
        json(
            404,
            r#"{"error":{"code":"0x80060888","message":"Resource not found"}}"#,
        )
    }
}

const PLAIN: &str = r#"{"value":[
    {"msdynci_customerid":"a1","msdynci_segments":"[\"VIP\",\"News\"]","msdynci_segmentmembershiptype":"Customer"},
    {"msdynci_customerid":"b2","msdynci_segments":"[\"News\"]"},
    {"msdynci_customerid":"z9","msdynci_segments":"[\"VIP\"]"},
    {"msdynci_customerid":"c3","msdynci_segments":"[\"VIP\"]","msdynci_segmentmembershiptype":"Account"}
]}"#;

async fn open(peer: &Peer) -> Result<Source, Error> {
    let spec = SourceSpec::Dataverse(peer.root.clone());
    Source::open(
        &spec,
        &FolderOptions::default(),
        Some(peer.service().into()),
    )
    .await
}

fn request(segments: &[&str]) -> ReadRequest {
    ReadRequest {
        segments: segments.iter().map(|id| SegmentId::new(*id)).collect(),
        attributes: vec!["msdynci_mejl".to_owned(), "msdynci_firstname".to_owned()],
        ..ReadRequest::default()
    }
}

async fn read(source: &Source, request: ReadRequest) -> Result<(Vec<Row>, ReadSummary), Error> {
    let (rows, mut read) = channel(100);
    let summary = source.read(request, rows).await?;
    let mut all = Vec::new();
    while let Some(batch) = read.recv().await {
        all.extend(batch);
    }
    Ok((all, summary))
}

fn shown(row: &Row) -> String {
    let id = row.profile.as_ref().map_or("-", |id| id.as_str());
    let segments: Vec<String> = row.segments.iter().map(|at| at.to_string()).collect();
    let cells = match &row.cells {
        Ok(cells) => cells.iter().collect::<Vec<_>>().join(","),
        Err(fault) => format!("{:?}", fault.reason),
    };
    format!("{id} {} {cells}", segments.join("+"))
}

#[tokio::test]
async fn attributes_are_those_of_people_with_labels_kinds_and_guessed_meanings() {
    let peer = Peer::start(|call| answer(call, PLAIN)).await;
    let source = open(&peer).await.expect("a source");
    let told: Vec<_> = source
        .attributes()
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.label.as_str(),
                one.kind,
                one.semantic,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("msdynci_born", "msdynci_born", ValueKind::Date, None),
            (
                "msdynci_customerid",
                "msdynci_customerid",
                ValueKind::Text,
                Some(Semantic::Id)
            ),
            (
                "msdynci_firstname",
                "msdynci_firstname",
                ValueKind::Text,
                Some(Semantic::FirstName)
            ),
            (
                "msdynci_mejl",
                "Mejl",
                ValueKind::Text,
                Some(Semantic::Email)
            ),
        ]
    );
    assert_eq!(source.attributes()[3].samples[0], "anna@example.com");
}

#[tokio::test]
async fn segments_are_counted_from_the_memberships_of_profiles() {
    let peer = Peer::start(|call| answer(call, PLAIN)).await;
    let source = open(&peer).await.expect("a source");
    let segments = source.segments().await.expect("segments");
    let told: Vec<_> = segments
        .iter()
        .map(|one| (one.id.as_str(), one.count))
        .collect();
    assert_eq!(told, [("News", Some(2)), ("VIP", Some(2))]);
}

#[tokio::test]
async fn members_are_joined_with_their_profiles_and_one_without_is_told() {
    let peer = Peer::start(|call| answer(call, PLAIN)).await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["VIP", "News"]))
        .await
        .expect("rows");
    let told: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(
        told,
        [
            "a1 0+1 anna@example.com,Anna",
            "b2 1 bo@example.com,",
            "z9 0 NoProfile"
        ]
    );
    assert_eq!((summary.rows, summary.faults, summary.outside), (3, 1, 1));
    assert_eq!(
        rows[2].cells.as_ref().expect_err("a fault").reason,
        Reason::NoProfile
    );
}

#[tokio::test]
async fn a_segment_that_no_filter_meets_is_looked_for_in_all_memberships() {
    let peer = Peer::start(|call| {
        let filtered = call.target.contains("contains(");
        let listed = r#"{"value":[{"msdynci_customerid":"a1","msdynci_segments":"VIP; News"}]}"#;
        answer(call, if filtered { r#"{"value":[]}"# } else { listed })
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["News", "Gone"]))
        .await
        .expect("rows");
    assert_eq!(
        rows.iter().map(shown).collect::<Vec<_>>(),
        ["a1 0 anna@example.com,Anna"]
    );
    assert_eq!(summary.gone, [SegmentId::new("Gone")]);
    assert!(summary.by_members && summary.gone == summary.empty);
}

#[tokio::test]
async fn the_first_members_are_looked_at_without_reading_the_tables_through() {
    let peer = Peer::start(|call| answer(call, PLAIN)).await;
    let source = open(&peer).await.expect("a source");
    let before = peer.calls().len();
    let rows = source.peek(request(&["News"]), 100).await.expect("rows");
    assert_eq!(
        rows.iter().map(shown).collect::<Vec<_>>(),
        ["a1 0 anna@example.com,Anna", "b2 0 bo@example.com,"]
    );
    let calls = peer.calls();
    let targets: Vec<&str> = calls[before..]
        .iter()
        .map(|call| call.target.as_str())
        .collect();
    assert_eq!(targets.len(), 2);
    assert!(
        targets[1].contains("$filter=msdynci_customerid eq 'a1' or msdynci_customerid eq 'b2'"),
        "{targets:?}"
    );
}

#[tokio::test]
async fn an_attribute_that_was_renamed_is_named() {
    let peer = Peer::start(|call| answer(call, PLAIN)).await;
    let source = open(&peer).await.expect("a source");
    let mut request = request(&["News"]);
    request.attributes.push("msdynci_gone".to_owned());
    let why = read(&source, request)
        .await
        .expect_err("an unknown attribute");
    assert!(
        matches!(why, Error::UnknownAttribute { attribute, .. } if attribute == "msdynci_gone")
    );
}

#[tokio::test]
async fn an_environment_without_customer_insights_says_so() {
    let peer =
        Peer::start(|_| json(404, r#"{"error":{"code":"0x80060888","message":"none"}}"#)).await;
    let why = open(&peer).await.expect_err("no tables");
    assert!(
        matches!(&why, Error::Service(ServiceError::NotThere { what, .. }) if what == "msdynci_customerprofile"),
        "{why:?}"
    );
}

#[tokio::test]
async fn guids_are_the_same_with_other_letters_and_braces() {
    let guid = "0d4f3a5e-7c61-4f0b-8f9a-2b1c3d4e5f60";
    let peer = Peer::start(move |call| {
        let upper = guid.to_uppercase();
        if call.target.contains("msdynci_customerprofiles") {
            let row =
                format!(r#"{{"msdynci_customerid":"{upper}","msdynci_mejl":"anna@example.com"}}"#);
            return json(200, &format!(r#"{{"value":[{row}]}}"#));
        }
        let listed = format!(
            r#"{{"value":[{{"msdynci_customerid":"{{{guid}}}","msdynci_segments":"VIP"}}]}}"#
        );
        answer(call, &listed)
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let (rows, _) = read(&source, request(&["VIP"])).await.expect("rows");
    let told: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(told, [format!("{guid} 0 anna@example.com,")]);
    let first = source.peek(request(&["VIP"]), 9).await.expect("rows");
    assert_eq!(first, rows);
}

#[tokio::test]
async fn a_membership_without_an_id_is_told_and_a_table_without_any_is_refused() {
    const SOME: &str = r#"{"value":[
        {"msdynci_customerid":"a1","msdynci_segments":"VIP"},
        {"msdynci_customerid":null,"msdynci_segments":"VIP"}]}"#;
    const NONE: &str = r#"{"value":[{"msdynci_customerid":null,"msdynci_segments":"VIP"}]}"#;
    let peer = Peer::start(|call| answer(call, SOME)).await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["VIP"])).await.expect("rows");
    let told: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(told, ["a1 0 anna@example.com,Anna", "- 0 NoProfile"]);
    assert_eq!(summary.faults, 1);

    let peer = Peer::start(|call| answer(call, NONE)).await;
    let source = open(&peer).await.expect("a source");
    let why = read(&source, request(&["VIP"])).await.expect_err("no ids");
    assert!(
        matches!(&why, Error::Service(ServiceError::NoIds { what, column }) if what == "msdynci_segmentmemberships" && column == "msdynci_customerid"),
        "{why:?}"
    );
}

#[tokio::test]
async fn profiles_that_come_twice_are_read_again_and_nobody_is_lost_or_sent_twice() {
    let times = std::sync::atomic::AtomicUsize::new(0);
    let peer = Peer::start(move |call| {
        if !call.target.contains("msdynci_customerprofiles?$select") {
            return answer(call, PLAIN);
        }
        if times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0 {
            return json(200, PROFILES);
        }
        let rows = r#"{"value":[
            {"msdynci_customerid":"a1","msdynci_mejl":"anna@example.com","msdynci_firstname":"Anna"},
            {"msdynci_customerid":"c3"},{"msdynci_customerid":"c3"}]}"#;
        json(200, rows)
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["News"])).await.expect("rows");
    let told: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(told, ["a1 0 anna@example.com,Anna", "b2 0 bo@example.com,"]);
    assert_eq!(summary.faults, 0);
}

#[tokio::test]
async fn profiles_without_attributes_are_told_as_that() {
    let peer = Peer::start(|_| json(200, r#"{"value":[]}"#)).await;
    let why = open(&peer).await.expect_err("nothing to map");
    assert!(
        matches!(&why, Error::Service(ServiceError::NoAttributes { .. })),
        "{why:?}"
    );
}
