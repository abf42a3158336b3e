//! The two ways to read Customer Insights, as a client meets them.

use reqwest::{Response, StatusCode};
use segue::login::Resource;
use segue::sandbox::{Options, write_people};
use segue::store::Home;
use serde_json::{Value, json};

use super::super::support::export_user;
use super::Service;

mod dataverse;
mod faults;
mod insights;

impl Service {
    /// An access token of the export user, for Dataverse or for Customer Insights.
    async fn token(&self, service: &str) -> String {
        let home = tempfile::tempdir().expect("a folder");
        let ready = self.sandbox.ready();
        let resource = match service {
            "dataverse" => export_user::dataverse(ready),
            _ => Resource::CustomerInsights,
        };
        let session = export_user::session(ready, resource, Home::at(home.path())).await;
        session.token().await.expect("a token").expose().clone()
    }

    async fn of_people(profiles: u64) -> Self {
        let options = Options {
            profiles,
            empty: true,
            ..Options::default()
        };
        Self::start(options).await
    }

    /// Asks Dataverse, for pages of a size.
    async fn dataverse(&self, url: &str, size: usize) -> reqwest::Result<Response> {
        let url = match url.strip_prefix('/') {
            Some(path) => format!("{}/api/data/v9.2/{path}", self.told("dataverse_url")),
            None => url.to_owned(),
        };
        self.client
            .get(url)
            .bearer_auth(self.token("dataverse").await)
            .header("Prefer", format!("odata.maxpagesize={size}"))
            .send()
            .await
    }

    async fn dataverse_json(&self, url: &str, size: usize) -> (StatusCode, Value) {
        read(self.dataverse(url, size).await.expect("an answer")).await
    }

    /// Reads a table of Dataverse to its end.
    async fn dataverse_rows(&self, path: &str, size: usize) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(url) = next {
            let (status, page) = self.dataverse_json(&url, size).await;
            assert_eq!(status, 200, "{page}");
            rows.extend(page["value"].as_array().expect("rows").iter().cloned());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        rows
    }

    /// Asks the Customer Insights API, below the instance.
    async fn insights(&self, path: &str) -> reqwest::Result<Response> {
        let root = self.told("insights_url");
        let instance = self.told("insights_instance");
        self.client
            .get(format!("{root}/instances/{instance}{path}"))
            .bearer_auth(self.token("insights").await)
            .header(
                "Ocp-Apim-Subscription-Key",
                self.told("insights_subscription_key"),
            )
            .send()
            .await
    }

    async fn insights_json(&self, path: &str) -> (StatusCode, Value) {
        read(self.insights(path).await.expect("an answer")).await
    }

    /// Reads one page of rows.
    async fn insights_rows(&self, path: &str) -> Vec<Value> {
        let (status, page) = self.insights_json(path).await;
        assert_eq!(status, 200, "{page}");
        page["value"].as_array().expect("rows").clone()
    }

    async fn change(&self, change: Value) -> StatusCode {
        let url = format!("http://{}/sandbox/source", self.told("listening"));
        let sent = self.client.post(url).json(&change).send().await;
        sent.expect("an answer").status()
    }
}

async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.expect("a text");
    (status, serde_json::from_str(&text).expect("JSON"))
}

/// The cells of each line but the first, in a file without quotes.
fn lines(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().skip(1);
    lines.map(|line| line.split(',').collect()).collect()
}

/// Those columns of each row.
fn columns(rows: &[Value], names: [&str; 3]) -> Vec<Value> {
    let told = rows.iter().map(|row| json!(names.map(|name| &row[name])));
    told.collect()
}

fn ids(rows: &[Value], name: &str) -> Vec<String> {
    let ids = rows.iter().filter_map(|row| row[name].as_str());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_folder_and_both_services_hold_the_same_people_in_the_same_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        profiles: 230,
        ..Options::default()
    };
    write_people(&options, folder.path()).expect("files");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let (profiles, gold) = (read("profiles.csv"), read("segments/Silver and gold.csv"));
    let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let expected: Vec<Value> = lines(&profiles)
        .iter()
        .map(|line| json!([line[0], cell(line[1]), cell(line[12])]))
        .collect();
    let members: Vec<&str> = gold.lines().skip(1).collect();
    let given = Options {
        data: Some(folder.path().to_owned()),
        ..Options::default()
    };
    for service in [Service::of_people(230).await, Service::start(given).await] {
        let names = [
            "msdynci_customerid",
            "msdynci_email",
            "msdynci_emailsubscriber",
        ];
        let path = format!("/msdynci_customerprofiles?$select={}", names.join(","));
        let rows = service.dataverse_rows(&path, 100).await;
        assert_eq!(columns(&rows, names), expected);

        let names = ["CustomerId", "EMail", "EmailSubscriber"];
        let path = format!("/data/Customer?$select={}&$top=999", names.join(","));
        let rows = service.insights_rows(&path).await;
        assert_eq!(columns(&rows, names), expected);

        let filter = "$filter=contains(msdynci_segments,'\"Silver and gold\"')";
        let path = format!("/msdynci_segmentmemberships?{filter}&$select=msdynci_customerid");
        let rows = service.dataverse_rows(&path, 7).await;
        assert_eq!(ids(&rows, "msdynci_customerid"), members);

        let path = "/data/Customer?$filter=IsMemberOfSegment('Silver_and_gold')&$top=999";
        let rows = service.insights_rows(path).await;
        assert_eq!(ids(&rows, "CustomerId"), members);
    }
}
