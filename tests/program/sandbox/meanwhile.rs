//! What others do to an audience meanwhile, by the sandbox's own call, and how the service then tells of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::Service;
use super::schema::Published;
use super::service::Checked;

async fn step(service: &Service, audience: &str, steps: &Value) -> (u16, String) {
    let listening = service.told("listening");
    let url = format!("http://{listening}/sandbox/audiences/{audience}/steps");
    let sent = service.client.post(url).json(steps).send().await;
    let answer = sent.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("a text"))
}

#[tokio::test]
async fn campaigns_and_automations_fit_the_published_description() {
    let Some(published) = Published::load() else {
        return;
    };
    let api = Checked {
        service: Service::empty().await,
        published: Some(published),
    };
    let audience = api.service.told("audience_id").to_owned();
    let steps = json!([
        { "campaign": { "title": "May", "subject_line": "Hi", "send_time": "2026-05-01T10:00:00Z" } },
        { "campaign": { "title": "Not yet" } },
        { "automation": { "title": "Welcome", "workflow_type": "welcomeSeries" } },
    ]);
    for there in [0, 1] {
        for path in ["/campaigns?status=sent", "/automations"] {
            let (status, answer) = api.call(Method::GET, path, &[], Value::Null).await;
            assert_eq!((status, &answer["total_items"]), (200, &json!(there)));
        }
        let (status, words) = step(&api.service, &audience, &steps).await;
        assert_eq!((status, words.as_str()), (204, ""));
    }
}

#[tokio::test]
async fn a_step_that_cannot_be_done_is_said_in_words() {
    let service = Service::empty().await;
    let audience = service.told("audience_id").to_owned();
    service.subscribe("a@example.com").await.expect("an answer");
    let one = json!({ "unsubscribe": "a@example.com" });
    assert_eq!(step(&service, &audience, &one).await.0, 204);
    assert_eq!(service.members().await[0]["status"], "unsubscribed");
    let (status, words) = step(&service, &audience, &json!({ "bounce": "b@example.com" })).await;
    assert_eq!(
        (status, words.as_str()),
        (400, "there is no contact b@example.com")
    );
    let (status, words) = step(&service, &audience, &json!({ "dance": "a@example.com" })).await;
    assert_eq!(status, 400);
    assert!(words.contains("unknown variant `dance`"), "{words}");
    assert_eq!(step(&service, "other", &one).await.0, 404);
}
