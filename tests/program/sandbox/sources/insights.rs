//! The Customer Insights API.

use std::time::Duration;

use segue::sandbox::Options;
use serde_json::{Value, json};

use super::{Service, read};

async fn segments(service: &Service) -> Vec<Value> {
    let (status, told) = service.insights_json("/manage/segments").await;
    assert_eq!(status, 200);
    told.as_array().expect("segments").clone()
}

#[tokio::test]
async fn the_gateway_wants_a_key_and_a_token() {
    let service = Service::of_people(1).await;
    let url = format!("{}/instances", service.told("insights_url"));
    let key = service.told("insights_subscription_key").to_owned();
    for (key, token, message) in [
        (
            None,
            Some(service.token("insights").await),
            "missing subscription key",
        ),
        (
            Some("wrong"),
            Some(service.token("insights").await),
            "invalid subscription key",
        ),
        (
            Some(key.as_str()),
            None,
            "Access token is missing or invalid",
        ),
        (
            Some(key.as_str()),
            Some(service.token("dataverse").await),
            "Access token is missing or invalid",
        ),
    ] {
        let mut request = service.client.get(&url);
        if let Some(key) = key {
            request = request.header("Ocp-Apim-Subscription-Key", key);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let (status, told) = read(request.send().await.expect("an answer")).await;
        assert_eq!((status.as_u16(), &told["statusCode"]), (401, &json!(401)));
        let said = told["message"].as_str().expect("a text");
        assert!(said.contains(message), "{said}");
    }
    let (status, told) = service.insights_json("").await;
    assert_eq!(status, 200);
    assert_eq!(told["instanceId"], service.told("insights_instance"));
    service.change(json!({ "subscription_key": "off" })).await;
    assert_eq!(service.insights_json("").await.0, 401);
}

#[tokio::test]
async fn instances_are_listed() {
    let service = Service::of_people(1).await;
    let answer = service
        .client
        .get(format!("{}/instances/", service.told("insights_url")))
        .bearer_auth(service.token("insights").await)
        .header(
            "ocp-apim-subscription-key",
            service.told("insights_subscription_key"),
        )
        .send()
        .await;
    let (status, told) = read(answer.expect("an answer")).await;
    assert_eq!(status, 200);
    assert_eq!(told[0]["instanceId"], service.told("insights_instance"));
    assert_eq!(told[0]["instanceType"], "sandbox");
}

#[tokio::test]
async fn segments_have_names_counts_and_states() {
    let service = Service::of_people(400).await;
    let all = segments(&service).await;
    let names: Vec<_> = all
        .iter()
        .map(|one| one["friendlyName"].as_str().expect("a name"))
        .collect();
    assert_eq!(names[..2], ["Nyhetsbrev", "Active customers"]);
    assert_eq!(names.len(), 10);
    assert_eq!(all[1]["name"], "Active_customers");
    let status = |one: &Value| {
        let status = &one["evaluationStatus"];
        json!([one["state"], status["jobStatus"]])
    };
    assert_eq!(status(&all[0]), json!(["active", "CompletedSuccess"]));
    assert_eq!(status(&all[8]), json!(["inactive", "CompletedSuccess"]));
    assert_eq!(status(&all[9]), json!(["active", "CompletedFailure"]));
    let date = |one: &Value| {
        one["evaluationStatus"]["evaluationDate"]
            .as_str()
            .expect("a date")
            .to_owned()
    };
    assert!(date(&all[9]) < date(&all[0]));
    for one in &all[..8] {
        let name = one["name"].as_str().expect("a name");
        let path = format!(
            "/data/Customer?$filter=IsMemberOfSegment('{name}')&$top=1000&$select=CustomerId"
        );
        let (_, page) = service.insights_json(&path).await;
        let members = page["value"].as_array().expect("rows").len();
        assert_eq!(one["evaluationStatus"]["entityCount"], members, "{name}");
    }
    service.change(json!({ "delete_segment": "Gold" })).await;
    assert_eq!(segments(&service).await.len(), 9);
    let (status, told) = service
        .insights_json("/data/Customer?$filter=IsMemberOfSegment('Gold')")
        .await;
    assert_eq!(status, 400);
    assert!(told["errorCode"].is_string() && told["message"].is_string());
}

#[tokio::test]
async fn attributes_have_types_and_meanings() {
    let service = Service::of_people(1).await;
    let (_, told) = service.insights_json("/manage/entities").await;
    assert_eq!(told["entities"][0]["name"], "Customer");
    let (_, customer) = service.insights_json("/manage/entities/Customer").await;
    assert_eq!(customer, told["entities"][0]);
    let attributes = customer["attributes"].as_array().expect("attributes");
    let named = |name: &str| attributes.iter().find(|one| one["name"] == name);
    let email = named("EMail").expect("an attribute");
    assert_eq!(email["semanticType"], "IdentityServiceEmail");
    assert_eq!(email["dataType"]["cdsaType"], "string");
    let subscriber = named("EmailSubscriber").expect("an attribute");
    assert_eq!(subscriber["friendlyName"], "Email Subscriber");
    assert_eq!(customer["keys"][0][0]["name"], "CustomerId");
    service
        .change(json!({ "rename_attribute": ["EMail", "Mail"] }))
        .await;
    let (status, told) = service.insights_json("/data/Customer?$select=EMail").await;
    assert_eq!(status, 400, "{told}");
}

#[tokio::test]
async fn rows_come_a_hundred_at_a_time_and_never_with_a_link() {
    let service = Service::of_people(5100).await;
    for (query, rows) in [
        ("$select=EMail", 100),
        ("$select=EMail&$top=9000", 5000),
        ("$select=EMail&$top=9000&$skip=5000", 100),
        ("$skip=9000", 0),
    ] {
        let (_, page) = service
            .insights_json(&format!("/data/Customer?{query}"))
            .await;
        assert_eq!(
            page["value"].as_array().expect("rows").len(),
            rows,
            "{query}"
        );
        assert!(page["@odata.nextLink"].is_null());
    }
    let ordered = "/data/Customer?$select=CustomerId&$top=5000&$orderby=CustomerId desc";
    let (_, page) = service.insights_json(ordered).await;
    let ids: Vec<_> = page["value"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["CustomerId"].to_string())
        .collect();
    assert!(ids.is_sorted_by(|one, next| one > next));
}

#[tokio::test]
async fn the_evaluation_date_moves_on_with_each_refresh() {
    let options = Options {
        profiles: 3,
        empty: true,
        refresh_every: Duration::from_millis(20),
        ..Options::default()
    };
    let service = Service::start(options).await;
    let date = |all: &[Value]| all[0]["evaluationStatus"]["evaluationDate"].clone();
    let first = date(&segments(&service).await);
    let mut moved = false;
    for _ in 0..200 {
        moved = moved || date(&segments(&service).await) != first;
    }
    assert!(moved, "200 requests take longer than one refresh");
}

#[tokio::test]
async fn a_running_refresh_shows_in_jobs_and_segments() {
    let service = Service::of_people(1).await;
    let path = "/workflows/main/jobs?top=1";
    let (_, jobs) = service.insights_json(path).await;
    assert_eq!(jobs[0]["jobStatus"], "successful");
    assert!(jobs[0]["endTimestamp"].is_string());
    service.change(json!({ "refresh": "running" })).await;
    let (_, jobs) = service.insights_json(path).await;
    assert_eq!(jobs[0]["jobStatus"], "running");
    assert!(jobs[0]["endTimestamp"].is_null());
    assert_eq!(
        segments(&service).await[0]["evaluationStatus"]["jobStatus"],
        "Running"
    );
    let job = format!(
        "/workflows/main/jobs/{}",
        jobs[0]["jobId"].as_str().expect("an id")
    );
    assert_eq!(
        service.insights_json(&job).await.1["tasks"][0]["taskStatus"],
        "running"
    );
    let (_, history) = service.insights_json("/workflows/main/history?top=4").await;
    assert_eq!(history.as_array().expect("tasks").len(), 4);
    service.change(json!({ "refresh": "idle" })).await;
    assert_eq!(
        service.insights_json(path).await.1[0]["jobStatus"],
        "successful"
    );
}

#[tokio::test]
async fn jobs_are_found_under_one_of_the_two_paths_only() {
    let service = Service::of_people(1).await;
    let paths = ["/workflows/main/jobs", "/manage/workflows/main/jobs"];
    for (change, expected) in [
        (json!({}), [200, 404]),
        (json!({ "jobs_under": "manage" }), [404, 200]),
    ] {
        assert_eq!(service.change(change).await, 204);
        for (path, status) in paths.iter().zip(expected) {
            assert_eq!(service.insights_json(path).await.0, status, "{path}");
        }
    }
}

#[tokio::test]
async fn a_foreign_instance_and_a_foreign_role_are_refused() {
    let service = Service::of_people(1).await;
    let (status, told) = service.insights_json("0/manage/segments").await;
    assert_eq!(
        (status.as_u16(), &told["httpStatusCode"]),
        (404, &json!("NotFound"))
    );
    assert_eq!(told["exceptionCulprit"], "user");
    service.change(json!({ "privilege": "off" })).await;
    assert_eq!(service.insights_json("/data/Customer").await.0, 403);
    assert_eq!(service.insights_json("/manage/segments").await.0, 200);
}
