use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::super::super::tests::peer;
use super::{ATTRIBUTES, Call, Peer, Response, open, read, request, shown};
use crate::domain::Reason;

/// A table of so many profiles, of whom these are in the segment.
struct Table {
    profiles: u64,
    members: Vec<String>,
    /// Whether the service takes the function.
    knows_in: bool,
}

impl Table {
    fn new(profiles: u64, members: usize) -> Self {
        Self {
            profiles,
            members: (0..members).map(id).collect(),
            knows_in: true,
        }
    }

    fn answer(&self, call: &Call) -> Response {
        let target = call.target.as_str();
        if target.contains("/Attributes?") {
            return peer::json(200, ATTRIBUTES);
        }
        if target.contains("/RetrieveTotalRecordCount(") {
            assert!(
                target.contains(r#"?@p1=["msdynci_customerprofile"]"#),
                "{target}"
            );
            let counts = json!({ "Count": 1, "Keys": ["msdynci_customerprofile"], "Values": [self.profiles] });
            return told(&json!({ "EntityRecordCountCollection": counts }));
        }
        if target.contains("msdynci_segmentmemberships") {
            let row = |id: &String| json!({ "msdynci_customerid": id, "msdynci_segments": "VIP" });
            let rows: Vec<Value> = self.members.iter().map(row).collect();
            return told(&json!({ "value": rows }));
        }
        if !target.contains("msdynci_customerprofiles?") {
            return peer::json(404, r#"{"error":{"code":"0x80060888","message":"none"}}"#);
        }
        let Some((_, values)) = target.split_once("&@p2=") else {
            return whole(self.members.iter().map(String::as_str));
        };
        if !self.knows_in {
            let error = json!({ "code": "0x80060888", "message": "unknown function" });
            return peer::json(400, &json!({ "error": error }).to_string());
        }
        assert!(
            target.contains("In(PropertyName=@p1,PropertyValues=@p2)&@p1='msdynci_customerid'")
        );
        let asked: Vec<String> = serde_json::from_str(values).expect("a list");
        whole(asked.iter().map(String::as_str))
    }
}

fn id(number: usize) -> String {
    format!("{number:032x}")
}

fn told(body: &Value) -> Response {
    peer::json(200, &body.to_string())
}

/// The rows of these ids, but for the one that no profile has.
fn whole<'a>(ids: impl Iterator<Item = &'a str>) -> Response {
    let missing = id(7);
    let row = |id: &str| json!({ "msdynci_customerid": id, "msdynci_mejl": format!("{id}@example.com"), "msdynci_firstname": "A" });
    let rows: Vec<Value> = ids.filter(|id| **id != missing).map(row).collect();
    told(&json!({ "value": rows }))
}

async fn rows_and_calls(table: Table) -> (Vec<String>, Vec<String>) {
    let peer = Peer::start(move |call| table.answer(call)).await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["VIP"])).await.expect("rows");
    assert_eq!(summary.rows, rows.len() as u64);
    for row in &rows {
        if let Err(fault) = &row.cells {
            assert_eq!(fault.reason, Reason::NoProfile);
        }
    }
    let calls = peer.calls().into_iter().map(|call| call.target).collect();
    (rows.iter().map(shown).collect(), calls)
}

/// How many calls asked for profiles by id, and how many for all, but for the samples.
fn kinds(calls: &[String]) -> (usize, usize) {
    let profiles = calls
        .iter()
        .filter(|call| call.contains("msdynci_customerprofiles?"));
    let by_id = profiles
        .clone()
        .filter(|call| call.contains("@p2="))
        .count();
    let id_only = profiles.filter(|call| {
        call.contains("msdynci_mejl,msdynci_firstname,msdynci_customerid") && !call.contains("@p2=")
    });
    (by_id, id_only.count())
}

#[tokio::test]
async fn a_small_segment_of_a_large_table_costs_few_calls() {
    let (rows, calls) = rows_and_calls(Table::new(5_000_000, 1_000)).await;
    assert_eq!(rows.len(), 1_000);
    let faults: Vec<&String> = rows
        .iter()
        .filter(|row| row.ends_with("NoProfile"))
        .collect();
    assert_eq!(faults, [&format!("{} 0 NoProfile", id(7))]);
    assert_eq!(kinds(&calls), (6, 0), "{}", calls.len());
    assert!(calls.len() <= 20, "{}", calls.len());
    let longest = calls.iter().map(String::len).max();
    assert!(
        longest.is_some_and(|longest| longest < 8_000),
        "{longest:?}"
    );
}

#[tokio::test]
async fn the_whole_table_is_read_where_that_costs_no_more_and_gives_the_same() {
    let by_id = rows_and_calls(Table::new(5_000_000, 400)).await;
    let whole = rows_and_calls(Table::new(9_000, 400)).await;
    assert_eq!(kinds(&by_id.1), (3, 0));
    assert_eq!(kinds(&whole.1), (0, 1));
    let set = |rows: &[String]| rows.iter().cloned().collect::<HashSet<_>>();
    assert_eq!(set(&by_id.0), set(&whole.0));
    assert_eq!(by_id.0.len(), whole.0.len());
}

#[tokio::test]
async fn a_service_that_takes_no_ids_or_does_not_count_is_read_whole() {
    let table = Table {
        knows_in: false,
        ..Table::new(5_000_000, 400)
    };
    let (rows, calls) = rows_and_calls(table).await;
    assert_eq!((rows.len(), kinds(&calls)), (400, (1, 1)));
    let (rows, calls) = rows_and_calls(Table::new(0, 400)).await;
    assert_eq!((rows.len(), kinds(&calls)), (400, (0, 1)));
}

#[tokio::test]
async fn a_segment_without_members_asks_for_no_profile() {
    let (rows, calls) = rows_and_calls(Table::new(5_000_000, 0)).await;
    assert_eq!((rows.len(), kinds(&calls)), (0, (0, 0)));
}

#[tokio::test]
async fn a_group_that_is_put_off_is_asked_for_again() {
    let table = Table::new(5_000_000, 1_000);
    let refused = Mutex::new(HashSet::new());
    let peer = Peer::start(move |call| {
        let first = refused.lock().expect("a lock").insert(call.target.clone());
        if call.target.contains("@p2=") && first {
            let error =
                json!({ "code": "0x80072322", "message": "Number of requests exceeded the limit" });
            return peer::json(429, &json!({ "error": error }).to_string());
        }
        table.answer(call)
    })
    .await;
    let source = open(&peer).await.expect("a source");
    let (rows, summary) = read(&source, request(&["VIP"])).await.expect("rows");
    assert_eq!((rows.len(), summary.faults), (1_000, 1));
    let calls: Vec<String> = peer.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(kinds(&calls), (12, 0));
}

#[tokio::test]
async fn a_guid_is_found_whichever_table_has_it_in_braces() {
    const GUID: &str = "0d4f3a5e-7c61-4f0b-8f9a-2b1c3d4e5f60";
    for (member, profile) in [
        (GUID.to_owned(), format!("{{{GUID}}}")),
        (format!("{{{GUID}}}"), GUID.to_owned()),
    ] {
        let table = Table {
            members: vec![member],
            ..Table::new(5_000_000, 0)
        };
        let peer = Peer::start(move |call| {
            let asked = call
                .target
                .split_once("&@p2=")
                .map(|(_, values)| values.to_owned());
            match asked {
                Some(asked) if asked == format!("[\"{profile}\"]") => {
                    whole([profile.as_str()].into_iter())
                }
                Some(_) => whole(std::iter::empty()),
                None => table.answer(call),
            }
        })
        .await;
        let source = open(&peer).await.expect("a source");
        let (rows, summary) = read(&source, request(&["VIP"])).await.expect("rows");
        assert_eq!((rows.len(), summary.faults), (1, 0));
    }
}
