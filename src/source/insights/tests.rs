use axum::response::Response;
use tokio::sync::mpsc::channel;

use super::super::tests::peer::{Call, Peer, json};
use super::super::{Error, ReadRequest, Row, ServiceError, Source, instances};
use crate::domain::{FolderOptions, SegmentId, SegmentState, Semantic, SourceSpec};

const ENTITY: &str = r#"{"name":"Customer","attributes":[
    {"name":"CustomerId","dataType":"string"},
    {"name":"Mejl","friendlyName":"E-post","dataType":{"cdsaType":"string"},"semanticType":"Identity.Service.Email"},
    {"name":"Backup","dataType":"string"}
],"keys":[[{"name":"CustomerId"}]]}"#;

fn segments(evaluated: &str) -> String {
    format!(
        r#"[{{"name":"news","friendlyName":"Nyhetsbrev","state":"active","evaluationStatus":{{"jobStatus":"CompletedSuccess","evaluationDate":"{evaluated}","entityCount":3}}}},
        {{"name":"old","state":"inactive"}}]"#
    )
}

fn rows(call: &Call) -> Response {
    let (top, skip) = (
        call.option("$top").unwrap_or(100),
        call.option("$skip").unwrap_or(0),
    );
    let ids = (skip..(skip + top).min(3)).map(|at| {
        format!(
            r#"{{"CustomerId":"c{at}","Mejl":"p{at}@example.com","Backup":"b{at}@example.com"}}"#
        )
    });
    json(
        200,
        &format!(r#"{{"value":[{}]}}"#, ids.collect::<Vec<_>>().join(",")),
    )
}

fn answer(call: &Call) -> Response {
    let target = call.target.as_str();
    if target.contains("/manage/entities/Customer") {
        json(200, ENTITY)
    } else if target.contains("/manage/segments") {
        json(200, &segments("2026-11-20T08:00:00Z"))
    } else if target.contains("/data/Customer") {
        rows(call)
    } else {
        json(404, r#"{"errorCode":"NotFound","message":"no such path"}"#)
    }
}

async fn open(peer: &Peer) -> Source {
    let spec = SourceSpec::Insights("one".to_owned());
    let opened = Source::open(&spec, &FolderOptions::default(), Some(peer.service())).await;
    opened.expect("a source")
}

fn request(segments: &[&str]) -> ReadRequest {
    ReadRequest {
        segments: segments.iter().map(|id| SegmentId::new(*id)).collect(),
        attributes: vec!["Mejl".to_owned()],
    }
}

async fn read(source: &Source, request: ReadRequest) -> Result<Vec<Row>, Error> {
    let (rows, mut read) = channel(100);
    source.read(request, rows).await?;
    let mut all = Vec::new();
    while let Some(batch) = read.recv().await {
        all.extend(batch);
    }
    Ok(all)
}

#[tokio::test]
async fn the_services_own_meaning_goes_before_a_guess() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await;
    let told: Vec<_> = source
        .attributes()
        .iter()
        .map(|one| (one.label.as_str(), one.semantic))
        .collect();
    assert_eq!(
        told,
        [
            ("CustomerId", Some(Semantic::Id)),
            ("E-post", Some(Semantic::Email)),
            ("Backup", None)
        ]
    );
}

#[tokio::test]
async fn segments_tell_state_count_and_time_and_what_is_switched_off_is_not_ready() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await;
    let segments = source.segments().await.expect("segments");
    assert_eq!(
        (segments[0].label.as_str(), segments[0].count),
        ("Nyhetsbrev", Some(3))
    );
    assert!(segments[0].evaluated_at.is_some());
    let chosen = [SegmentId::new("news"), SegmentId::new("old")];
    let not_ready = source.not_ready(&chosen).await.expect("segments");
    assert_eq!(not_ready.len(), 1);
    assert_eq!(not_ready[0].state, SegmentState::Inactive);
}

#[tokio::test]
async fn members_are_read_with_the_largest_pages_that_the_service_gives() {
    let peer = Peer::start(|call| match call.option("$top") {
        Some(top) if top > 100 => json(400, r#"{"errorCode":"BadRequest","message":"$top"}"#),
        _ => answer(call),
    })
    .await;
    let source = open(&peer).await;
    let rows = read(&source, request(&["news"])).await.expect("rows");
    let ids: Vec<&str> = rows
        .iter()
        .filter_map(|row| Some(row.profile.as_ref()?.as_str()))
        .collect();
    assert_eq!(ids, ["c0", "c1", "c2"]);
    let calls = peer.calls();
    let last = calls
        .iter()
        .rfind(|call| call.target.contains("IsMember"))
        .expect("a call");
    assert!(
        last.target.contains(
            "$filter=IsMemberOfSegment('news')&$select=Mejl,CustomerId&$orderby=CustomerId&$top=100"
        ),
        "{}",
        last.target
    );
    assert_eq!(last.header("ocp-apim-subscription-key"), "key");
}

#[tokio::test]
async fn a_segment_evaluated_anew_while_it_is_read_ends_the_read() {
    let peer = Peer::start(|call| {
        if call.target.contains("/manage/segments") {
            json(
                200,
                &segments(&format!("2026-11-20T08:00:{:02}Z", call.number)),
            )
        } else {
            answer(call)
        }
    })
    .await;
    let source = open(&peer).await;
    let why = read(&source, request(&["news"]))
        .await
        .expect_err("mixed times");
    assert!(
        matches!(why, Error::Service(ServiceError::Refreshed { .. })),
        "{why:?}"
    );
    assert!(why.is_temporary());
}

#[tokio::test]
async fn a_segment_that_was_deleted_is_named() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await;
    let why = read(&source, request(&["gone"]))
        .await
        .expect_err("no segment");
    assert!(matches!(why, Error::SegmentGone { candidates, .. } if candidates == ["news", "old"]));
}

#[tokio::test]
async fn jobs_are_found_where_the_documentation_has_them_too() {
    let peer = Peer::start(|call| {
        if call.target.contains("/manage/workflows/main/jobs") {
            json(200, r#"[{"jobStatus":"running","operationType":"all"}]"#)
        } else {
            answer(call)
        }
    })
    .await;
    assert!(open(&peer).await.refresh().await.expect("jobs").running);
}

#[tokio::test]
async fn instances_are_listed_to_pick_from() {
    let peer = Peer::start(|_| {
        json(
            200,
            r#"[{"instanceId":"one","name":"Contoso"},{"instanceId":"two"}]"#,
        )
    })
    .await;
    let found = instances(peer.service()).await.expect("instances");
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.id.as_str(), one.name.as_str()))
        .collect();
    assert_eq!(told, [("one", "Contoso"), ("two", "two")]);
}
