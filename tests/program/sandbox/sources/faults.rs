//! What goes wrong on purpose.

use segue::sandbox::{Fault, Options};
use serde_json::json;

use super::Service;

const PROFILES: &str = "/msdynci_customerprofiles";
const ROWS: &str = "/data/Customer";

async fn faulty(fault: &str) -> Service {
    let options = Options {
        profiles: 3,
        empty: true,
        faults: vec![fault.parse::<Fault>().expect("a fault")],
        ..Options::default()
    };
    Service::start(options).await
}

#[tokio::test]
async fn each_service_says_in_its_own_words_that_it_cannot_answer() {
    for (fault, status, dataverse, insights) in [
        ("429=1", 429, "0x80072322", "Rate limit is exceeded"),
        (
            "500=1",
            500,
            "0x80040216",
            "\"exceptionCulprit\":\"system\"",
        ),
        ("503=1", 503, "0x80044150", "serviceUnavailable"),
        ("html-400=1", 400, "<HTML>", "<HTML>"),
        ("403-empty=1", 403, "", ""),
    ] {
        let service = faulty(fault).await;
        let answers = [
            (service.dataverse(PROFILES, 10).await, dataverse),
            (service.insights(ROWS).await, insights),
        ];
        for (answer, words) in answers {
            let answer = answer.expect("an answer");
            assert_eq!(answer.status().as_u16(), status, "{fault}");
            let wait = answer.headers().get("retry-after").cloned();
            assert_eq!(wait.is_some(), status == 429 || status == 503, "{fault}");
            let text = answer.text().await.expect("a text");
            assert!(text.contains(words), "{fault}: {text}");
        }
        let stats = service.stats().await;
        let requests = &stats["requests"];
        assert_eq!(requests["GET /api/data/v9.2/msdynci_customerprofiles"], 1);
        assert_eq!(
            requests["GET /v1/instances/{instanceId}/data/{relativePath}"],
            1
        );
        let throttled = if matches!(status, 429 | 403) { 2 } else { 0 };
        assert_eq!(stats["throttled"], throttled, "{fault}");
    }
    for fault in ["drop-before=1", "drop-after=1"] {
        let service = faulty(fault).await;
        assert!(service.dataverse(PROFILES, 10).await.is_err(), "{fault}");
        assert!(service.insights(ROWS).await.is_err(), "{fault}");
    }
}

#[tokio::test]
async fn a_source_vanishes_and_comes_back() {
    let service = Service::of_people(3).await;
    service.change(json!({ "vanish_after": 1 })).await;
    assert!(service.dataverse(PROFILES, 10).await.is_ok());
    assert!(service.dataverse(PROFILES, 10).await.is_err());
    assert!(service.insights(ROWS).await.is_err());
    let url = format!("http://{}/sandbox/reset", service.told("listening"));
    service.client.post(url).send().await.expect("an answer");
    assert!(service.insights(ROWS).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_changed_is_said() {
    let service = Service::of_people(3).await;
    for change in [
        json!({ "delete_segment": "Platinum" }),
        json!({ "moon": "on" }),
    ] {
        assert_eq!(service.change(change).await, 400);
    }
}
