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
    let opened = Source::open(
        &spec,
        &FolderOptions::default(),
        Some(peer.service().into()),
    )
    .await;
    opened.expect("a source")
}

fn request(segments: &[&str]) -> ReadRequest {
    ReadRequest {
        segments: segments.iter().map(|id| SegmentId::new(*id)).collect(),
        attributes: vec!["Mejl".to_owned()],
        ..ReadRequest::default()
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
async fn a_segment_that_was_deleted_is_told_as_gone_and_the_others_are_read() {
    let peer = Peer::start(answer).await;
    let source = open(&peer).await;
    let (rows, mut read_rows) = channel(100);
    let summary = source
        .read(request(&["gone", "news"]), rows)
        .await
        .expect("rows");
    assert_eq!(summary.gone, [SegmentId::new("gone")]);
    assert!(!summary.by_members);
    assert_eq!(read_rows.recv().await.map(|batch| batch.len()), Some(3));
}

#[tokio::test]
async fn a_segment_that_is_deleted_while_it_is_read_ends_the_read() {
    let peer = Peer::start(|call| {
        let listings = call.target.contains("/manage/segments");
        if listings && call.number > 4 {
            return json(200, "[]");
        }
        answer(call)
    })
    .await;
    let source = open(&peer).await;
    let why = read(&source, request(&["news"])).await.expect_err("gone");
    assert!(
        matches!(why, Error::Service(ServiceError::Refreshed { .. })),
        "{why:?}"
    );
}

/// Lets the members of "news" come as listed, a page for each read of them; the last goes on for ever.
async fn reading(pages: &'static [&'static [&'static str]]) -> Peer {
    let times = std::sync::atomic::AtomicUsize::new(0);
    Peer::start(move |call| {
        if !call.target.contains("IsMemberOf") {
            return answer(call);
        }
        if call.option("$skip") != Some(0) {
            return json(200, r#"{"value":[]}"#);
        }
        let at = times.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let ids = pages[at.min(pages.len() - 1)].iter();
        let rows: Vec<String> = ids
            .map(|id| format!(r#"{{"CustomerId":"{id}","Mejl":"{id}@example.com"}}"#))
            .collect();
        json(200, &format!(r#"{{"value":[{}]}}"#, rows.join(",")))
    })
    .await
}

fn ids(rows: &[Row]) -> Vec<&str> {
    let ids = rows.iter().map(|row| row.profile.as_ref());
    ids.map(|id| id.map_or("", |id| id.as_str())).collect()
}

#[tokio::test]
async fn an_id_that_comes_twice_makes_the_segment_be_read_again_and_nobody_is_sent_twice() {
    let peer = reading(&[&["a", "b", "b"], &["a", "c", "b"]]).await;
    let rows = read(&open(&peer).await, request(&["news"]))
        .await
        .expect("rows");
    assert_eq!(ids(&rows), ["a", "b", "c"]);
}

#[tokio::test]
async fn pages_that_shift_every_time_end_the_read_after_three_more() {
    let peer = reading(&[&["a", "b", "b"]]).await;
    let why = read(&open(&peer).await, request(&["news"]))
        .await
        .expect_err("shifting pages");
    assert!(
        matches!(why, Error::Service(ServiceError::Shifted { .. })),
        "{why:?}"
    );
    assert!(why.is_temporary());
    let reads = peer.calls().into_iter();
    let reads = reads.filter(|call| call.option("$skip") == Some(0));
    assert_eq!(reads.count(), 4);
}

#[tokio::test]
async fn fewer_members_than_the_service_counts_end_the_read_unless_its_counts_are_not_trusted() {
    let peer = reading(&[&["a", "b"]]).await;
    let source = open(&peer).await;
    let why = read(&source, request(&["news"]))
        .await
        .expect_err("someone is missing");
    assert!(
        matches!(&why, Error::Service(ServiceError::Fewer { told: 3, read: 2, segment }) if segment == "Nyhetsbrev"),
        "{why:?}"
    );
    assert!(why.is_temporary());

    let trusting = ReadRequest {
        trust_counts: true,
        ..request(&["news"])
    };
    let (rows, _kept) = channel(100);
    let summary = source.read(trusting, rows).await.expect("rows");
    let told: Vec<_> = summary.miscounted.iter().collect();
    assert_eq!((told[0].told, told[0].read, told.len()), (3, 2, 1));
}

#[tokio::test]
async fn more_members_than_the_service_counts_are_told_and_end_nothing() {
    let peer = reading(&[&["a", "b", "c", "d"]]).await;
    let (rows, _kept) = channel(100);
    let source = open(&peer).await;
    let summary = source.read(request(&["news"]), rows).await.expect("rows");
    assert_eq!(
        (summary.miscounted[0].told, summary.miscounted[0].read),
        (3, 4)
    );
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
            r#"[{"instanceId":"one","name":"Contoso"},{"instanceId":"two"},{"instanceId":null,"name":"no id"}]"#,
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

#[tokio::test]
async fn instances_without_ids_and_profiles_without_attributes_are_told_as_that() {
    let peer = Peer::start(|_| json(200, r#"[{"name":"Contoso"},{"instanceId":" "}]"#)).await;
    let why = instances(peer.service()).await.expect_err("no id");
    assert!(
        matches!(why, Error::Service(ServiceError::NoInstanceId { .. })),
        "{why:?}"
    );
    assert_eq!(peer.calls().len(), 1);

    let peer = Peer::start(|_| json(200, r#"{"name":"Customer","attributes":null}"#)).await;
    let spec = SourceSpec::Insights("one".to_owned());
    let opened = Source::open(
        &spec,
        &FolderOptions::default(),
        Some(peer.service().into()),
    )
    .await;
    assert!(
        matches!(&opened, Err(Error::Service(ServiceError::NoAttributes { what })) if what == "Customer"),
        "{opened:?}"
    );
}
