//! Every kind of answer without an injected fault fits the published description, and the sign-in works as described.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::Service;
use super::schema::Published;

/// Calls that check each answer against the description.
pub(super) struct Checked {
    pub(super) service: Service,
    pub(super) published: Option<Published>,
}

impl Checked {
    /// Calls, checks, and gives back status and body. `template` is the path as the description names it.
    pub(super) async fn call(
        &self,
        method: Method,
        template: &str,
        parts: &[&str],
        body: Value,
    ) -> (u16, Value) {
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let mut parts = parts.iter();
        let concrete: Vec<String> = path
            .split('/')
            .map(|part| match part {
                "{list_id}" => self.service.told("audience_id").to_owned(),
                part if part.starts_with('{') => parts.next().copied().unwrap_or("").to_owned(),
                part => part.to_owned(),
            })
            .collect();
        let target = format!("{}?{query}", concrete.join("/"));
        let sent = self.service.send(method.clone(), &target, &body).await;
        let answer = sent.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a text");
        if text.is_empty() {
            assert_eq!(status, 204, "{method} {target}");
            return (status, Value::Null);
        }
        let value: Value = serde_json::from_str(&text).expect("JSON");
        if let Some(published) = &self.published {
            published.check(method.as_str(), path, status, &value);
        }
        (status, value)
    }
}

const MEMBER: &str = "/lists/{list_id}/members/{subscriber_hash}";

#[tokio::test]
async fn answers_fit_the_published_description() {
    let Some(published) = Published::load() else {
        return;
    };
    let api = Checked {
        service: Service::start(segue::sandbox::Options::default()).await,
        published: Some(published),
    };
    account_and_batch(&api).await;
    member_lists(&api).await;
    members(&api).await;
    leaving(&api).await;
    tags(&api).await;
    segments(&api).await;
    merge_fields(&api).await;
}

async fn account_and_batch(api: &Checked) {
    for path in [
        "/",
        "/ping",
        "/lists",
        "/lists/{list_id}?include_total_contacts=true",
    ] {
        assert_eq!(
            api.call(Method::GET, path, &[], Value::Null).await.0,
            200,
            "{path}"
        );
    }
    let lists =
        "/lists?fields=lists.id,lists.name,lists.stats.member_count,total_items,constraints";
    let (_, answer) = api.call(Method::GET, lists, &[], Value::Null).await;
    assert_eq!(
        answer["lists"][0]["stats"]
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
    let body = json!({ "update_existing": true, "members": [
        { "email_address": "new@example.com", "status_if_new": "subscribed", "tags": ["Guld"],
          "merge_fields": { "FNAME": "Åsa", "ADDRESS": { "addr1": "Storgatan 1", "city": "Umeå", "state": "AC", "zip": "90325" } } },
        { "email_address": "new@example.com", "status_if_new": "subscribed" },
        { "email_address": "none", "status_if_new": "subscribed" },
        { "email_address": "next@example.com", "status": "transactional" },
    ]});
    let (status, answer) = api
        .call(Method::POST, "/lists/{list_id}", &[], body.clone())
        .await;
    assert_eq!(
        (status, &answer["total_created"], &answer["error_count"]),
        (200, &json!(2), &json!(2))
    );
    let (_, answer) = api.call(Method::POST, "/lists/{list_id}", &[], body).await;
    assert_eq!(answer["total_updated"], 2);
    let (status, _) = api
        .call(
            Method::POST,
            "/lists/{list_id}",
            &[],
            json!({ "members": [{}] }),
        )
        .await;
    assert_eq!(status, 400);
    assert_eq!(api.call(Method::POST, "/ping", &[], json!({})).await.0, 405);
    assert_eq!(
        api.call(Method::GET, "/reports", &[], Value::Null).await.0,
        404
    );
}

async fn member_lists(api: &Checked) {
    for query in [
        "count=1000",
        "status=archived",
        "status=unsubscribed&offset=3",
        "sort_field=last_changed&sort_dir=DESC",
    ] {
        let path = format!("/lists/{{list_id}}/members?{query}");
        let (status, answer) = api.call(Method::GET, &path, &[], Value::Null).await;
        assert_eq!(status, 200, "{query}");
        assert!(
            answer["members"]
                .as_array()
                .is_some_and(|members| !members.is_empty()),
            "{query}"
        );
    }
}

async fn members(api: &Checked) {
    let new = json!({ "email_address": "one@example.com", "status": "subscribed", "tags": ["Guld"], "location": { "latitude": 63.8, "longitude": 20.3 } });
    let (status, _) = api
        .call(Method::POST, "/lists/{list_id}/members", &[], new.clone())
        .await;
    assert_eq!(status, 200);
    let (status, answer) = api
        .call(Method::POST, "/lists/{list_id}/members", &[], new)
        .await;
    assert_eq!((status, &answer["title"]), (400, &json!("Member Exists")));
    let one = ["one@example.com"];
    assert_eq!(
        api.call(Method::GET, MEMBER, &one, Value::Null).await.0,
        200
    );
    assert_eq!(
        api.call(
            Method::PATCH,
            MEMBER,
            &one,
            json!({ "status": "unsubscribed" })
        )
        .await
        .0,
        200
    );
    let bad = json!({ "merge_fields": { "BIRTHDAY": "soon" } });
    let (status, answer) = api.call(Method::PATCH, MEMBER, &one, bad).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (400, &json!("BIRTHDAY"))
    );
    let put = json!({ "email_address": "renamed@example.com", "status_if_new": "subscribed" });
    let (_, answer) = api.call(Method::PUT, MEMBER, &one, put).await;
    assert_eq!(
        (&answer["email_address"], &answer["status"]),
        (&json!("renamed@example.com"), &json!("unsubscribed"))
    );
    assert_eq!(
        api.call(Method::GET, MEMBER, &one, Value::Null).await.0,
        404
    );
}

async fn leaving(api: &Checked) {
    let renamed = ["renamed@example.com"];
    assert_eq!(
        api.call(Method::DELETE, MEMBER, &renamed, Value::Null)
            .await
            .0,
        204
    );
    let (_, answer) = api.call(Method::GET, MEMBER, &renamed, Value::Null).await;
    assert_eq!(answer["status"], "archived");
    let erase = "/lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent";
    assert_eq!(
        api.call(Method::POST, erase, &renamed, json!({})).await.0,
        204
    );
    assert_eq!(
        api.call(Method::GET, MEMBER, &renamed, Value::Null).await.0,
        404
    );
}

async fn tags(api: &Checked) {
    let tags = "/lists/{list_id}/members/{subscriber_hash}/tags";
    let new = ["new@example.com"];
    let change = json!({ "tags": [{ "name": "VIP", "status": "active" }, { "name": "Guld", "status": "inactive" }] });
    assert_eq!(api.call(Method::POST, tags, &new, change).await.0, 204);
    let (_, answer) = api.call(Method::GET, tags, &new, Value::Null).await;
    assert_eq!(
        (&answer["total_items"], &answer["tags"][0]["name"]),
        (&json!(1), &json!("VIP"))
    );
    assert_eq!(
        api.call(
            Method::GET,
            "/lists/{list_id}/tag-search?name=v",
            &[],
            Value::Null
        )
        .await
        .0,
        200
    );
    assert_eq!(
        api.call(Method::GET, "/lists/{list_id}/segments", &[], Value::Null)
            .await
            .0,
        200
    );
}

async fn segments(api: &Checked) {
    let body = json!({ "name": "Ny", "static_segment": [] });
    let (status, answer) = api
        .call(Method::POST, "/lists/{list_id}/segments", &[], body.clone())
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        api.call(Method::POST, "/lists/{list_id}/segments", &[], body)
            .await
            .0,
        400
    );
    let id = answer["id"].to_string();
    let segment = "/lists/{list_id}/segments/{segment_id}";
    let body = json!({ "members_to_add": ["new@example.com", "stranger@example.com"] });
    let (_, answer) = api.call(Method::POST, segment, &[&id], body).await;
    assert_eq!(answer["total_added"], 1);
    let members = "/lists/{list_id}/segments/{segment_id}/members";
    let (_, answer) = api.call(Method::GET, members, &[&id], Value::Null).await;
    assert_eq!(answer["total_items"], 1);
    assert_eq!(
        api.call(Method::PATCH, segment, &[&id], json!({ "name": "Nyare" }))
            .await
            .0,
        200
    );
    let body = json!({ "members_to_remove": ["new@example.com"] });
    let (_, answer) = api.call(Method::POST, segment, &[&id], body).await;
    assert_eq!(answer["total_removed"], 1);
    assert_eq!(
        api.call(Method::GET, segment, &[&id], Value::Null).await.0,
        200
    );
    assert_eq!(
        api.call(Method::DELETE, segment, &[&id], Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(
        api.call(Method::GET, segment, &[&id], Value::Null).await.0,
        404
    );
}

async fn merge_fields(api: &Checked) {
    let fields = "/lists/{list_id}/merge-fields";
    let (_, answer) = api.call(Method::GET, fields, &[], Value::Null).await;
    assert_eq!(answer["total_items"], 5);
    for body in [
        json!({ "name": "Loyalty", "type": "dropdown", "options": { "choices": ["gold", "silver"] } }),
        json!({ "name": "Points", "type": "number", "tag": "POINTS" }),
        json!({ "name": "Joined", "type": "date" }),
    ] {
        let (status, answer) = api.call(Method::POST, fields, &[], body).await;
        assert_eq!(status, 200);
        let id = answer["merge_id"].to_string();
        let field = "/lists/{list_id}/merge-fields/{merge_id}";
        assert_eq!(
            api.call(Method::GET, field, &[&id], Value::Null).await.0,
            200
        );
        let (_, answer) = api
            .call(
                Method::PATCH,
                field,
                &[&id],
                json!({ "name": "Other", "required": true }),
            )
            .await;
        assert_eq!(answer["required"], true);
        assert_eq!(
            api.call(Method::DELETE, field, &[&id], Value::Null).await.0,
            204
        );
    }
    let body = json!({ "name": "Again", "type": "text", "tag": "fname" });
    assert_eq!(api.call(Method::POST, fields, &[], body).await.0, 400);
}

/// An app that signs in.
struct App {
    service: Service,
}

impl App {
    fn told(&self, key: &str) -> &str {
        self.service.told(key)
    }

    fn ask(&self, redirect: &str) -> Url {
        let login = self.told("mailchimp_login");
        let mut url = Url::parse(&format!("{login}/authorize")).expect("a URL");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.told("mailchimp_client_id"))
            .append_pair("redirect_uri", redirect)
            .append_pair("state", "a\"b&c");
        url
    }

    async fn page(&self, redirect: &str) -> (u16, String) {
        let sent = self.service.client.get(self.ask(redirect)).send().await;
        let answer = sent.expect("a page");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a text"),
        )
    }

    /// Decides on the page and gives back what the app is told.
    async fn back(&self, decision: &str) -> HashMap<String, String> {
        let redirect = self.told("mailchimp_redirect_uri");
        let request = self.service.client.post(self.ask(redirect));
        let answer = request.form(&[("decision", decision)]).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 302);
        let target = answer.headers()["location"].to_str().expect("text");
        assert!(target.starts_with(&format!("{redirect}?")), "{target}");
        let url = Url::parse(target).expect("a URL");
        url.query_pairs().into_owned().collect()
    }

    async fn token(&self, secret: &str, code: &str) -> Value {
        let url = format!("{}/token", self.told("mailchimp_login"));
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", self.told("mailchimp_client_id")),
            ("client_secret", secret),
            ("redirect_uri", self.told("mailchimp_redirect_uri")),
            ("code", code),
        ];
        let answer = self.service.client.post(url).form(&form).send().await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    async fn metadata(&self, token: &str) -> Value {
        let url = format!("{}/metadata", self.told("mailchimp_login"));
        let request = self.service.client.get(url);
        let request = request.header("Authorization", format!("OAuth {token}"));
        let answer = request.send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }
}

#[tokio::test]
async fn the_sign_in_page_asks_and_sends_back_to_the_registered_address_only() {
    let app = App {
        service: Service::empty().await,
    };
    let redirect = app.told("mailchimp_redirect_uri");
    let (status, page) = app.page(redirect).await;
    assert_eq!(status, 200);
    assert!(page.contains("Approve") && page.contains("Deny") && page.contains("a&quot;b&amp;c"));
    let (status, _) = app.page(&format!("{redirect}/")).await;
    assert_eq!(
        status, 400,
        "the redirect URI matches exactly or not at all"
    );
    let denied = app.back("deny").await;
    assert_eq!(denied["error"], "access_denied");
    assert_eq!(denied["state"], "a\"b&c");
}

#[tokio::test]
async fn signing_in_gives_a_token_that_opens_the_api() {
    let app = App {
        service: Service::empty().await,
    };
    let approved = app.back("approve").await;
    assert_eq!(approved["state"], "a\"b&c");
    let (code, secret) = (&approved["code"], app.told("mailchimp_client_secret"));
    assert_eq!(app.token("wrong", code).await["error"], "invalid_client");
    let given = app.token(secret, code).await;
    assert_eq!(
        (&given["expires_in"], &given["scope"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(
        app.token(secret, code).await["error"],
        "invalid_grant",
        "a code works once"
    );
    let access = given["access_token"].as_str().expect("a token");
    let told = app.metadata(access).await;
    assert_eq!(told["dc"], "us1");
    assert!(told["api_endpoint"].is_string() && told["login_url"].is_string());
    assert_eq!(app.metadata("wrong").await["error"], "invalid_token");
    let ping = format!("{}/ping", app.told("mailchimp_api"));
    let answer = app
        .service
        .client
        .get(ping)
        .bearer_auth(access)
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), 200);
}
