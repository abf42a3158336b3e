//! One sandbox, and its people as each kind of source has them.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use segue::domain::{FolderOptions, Secret, SegmentId, SourceSpec};
use segue::http::{Client, Endpoint};
use segue::login::Resource;
use segue::sandbox::{self, Sandbox};
use segue::source::{Error, Service, Source};
use segue::store::Home;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::support::{export_user, tags};

/// Long enough for a slow machine; nothing waits for it to pass.
const LIMIT: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Folder,
    Tables,
    Dataverse,
    Insights,
}

pub const KINDS: [Kind; 4] = [Kind::Folder, Kind::Tables, Kind::Dataverse, Kind::Insights];

pub struct World {
    pub sandbox: Sandbox,
    pub folder: TempDir,
    client: Client,
}

impl World {
    pub async fn new(options: sandbox::Options) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let people = folder.path().join("people");
        sandbox::write_people(&options, &people).expect("people");
        write_tables(&people, &folder.path().join("tables"));
        Self {
            sandbox: sandbox::start(options).await.expect("sandbox"),
            folder,
            client: Client::new(LIMIT).expect("client"),
        }
    }

    pub fn ready(&self, key: &str) -> &str {
        self.sandbox.ready()[key].as_str().expect("text")
    }

    pub fn spec(&self, kind: Kind) -> SourceSpec {
        match kind {
            Kind::Folder => SourceSpec::Folder(self.folder.path().join("people")),
            Kind::Tables => SourceSpec::Folder(self.folder.path().join("tables")),
            Kind::Dataverse => SourceSpec::Dataverse(self.ready("dataverse_url").to_owned()),
            Kind::Insights => SourceSpec::Insights(self.ready("insights_instance").to_owned()),
        }
    }

    /// How the source is called, after the export user has signed in; nothing for a folder.
    pub async fn service(&self, kind: Kind) -> Option<Service> {
        let ready = self.sandbox.ready();
        let (key, resource) = match kind {
            Kind::Folder | Kind::Tables => return None,
            Kind::Dataverse => ("dataverse_url", export_user::dataverse(ready)),
            Kind::Insights => ("insights_url", Resource::CustomerInsights),
        };
        let root = Endpoint::parse(self.ready(key)).expect("endpoint");
        let home = Home::at(self.folder.path().join("home"));
        let session = export_user::session(ready, resource, home).await;
        let key = self.ready("insights_subscription_key");
        Some(Service {
            root,
            session,
            subscription_key: Some(Secret::new(key.to_owned())),
            client: Client::new(LIMIT).expect("a client"),
            first_pause: Duration::from_millis(1),
            waits: segue::http::Waits::default(),
        })
    }

    pub async fn open(&self, kind: Kind) -> Result<Source, Error> {
        let service = self.service(kind).await;
        Source::open(
            &self.spec(kind),
            &FolderOptions::default(),
            service.map(Into::into),
        )
        .await
    }

    /// Changes what the source's services do: POST /sandbox/source, or /sandbox/entra.
    pub async fn control(&self, of: &str, body: Value) {
        let url = format!("http://{}/sandbox/{of}", self.ready("listening"));
        let answer = self
            .client
            .send(self.client.inner().post(url).json(&body))
            .await;
        assert_eq!(answer.expect("answer").status, 204, "{body}");
    }

    /// Deletes a segment in every kind of source.
    pub async fn delete_segment(&self, label: &str) {
        self.control("source", json!({"delete_segment": label}))
            .await;
        let segments = self.folder.path().join("people").join("segments");
        std::fs::remove_file(segments.join(format!("{label}.csv"))).expect("a file");
        let tables = self
            .folder
            .path()
            .join("tables")
            .join("SegmentMembership.csv");
        let rows = std::fs::read_to_string(&tables).expect("memberships");
        let others = rows
            .lines()
            .filter(|row| !row.starts_with(&format!("{label},")));
        std::fs::write(&tables, others.collect::<Vec<_>>().join("\n")).expect("written");
    }

    async fn get(&self, path: &str) -> String {
        let url = format!("http://{}/sandbox/{path}", self.ready("listening"));
        let answer = self.client.send(self.client.inner().get(url)).await;
        String::from_utf8(answer.expect("answer").body).expect("text")
    }

    /// How often each call was asked for.
    pub async fn counts_of_calls(&self) -> serde_json::Map<String, Value> {
        let stats: Value = serde_json::from_str(&self.get("stats").await).expect("stats");
        stats["requests"].as_object().expect("counts").clone()
    }

    /// The calls that the source's services were asked, method and path.
    pub async fn calls_to_source(&self) -> Vec<String> {
        let counts = self.counts_of_calls().await;
        let calls = counts.keys();
        let of_source = |call: &&String| call.contains(" /api/data/") || call.contains(" /v1/");
        calls.filter(of_source).cloned().collect()
    }

    /// The members of the audience, without what differs from one sandbox to the next.
    pub async fn members(&self) -> Vec<Value> {
        let path = format!("audiences/{}/members", self.ready("audience_id"));
        let text = self.get(&path).await;
        let same = |line: &str| {
            let member: Value = serde_json::from_str(line).expect("member");
            let tags = tags(&member);
            json!([
                member["email_address"],
                member["status"],
                member["merge_fields"],
                member["language"],
                tags
            ])
        };
        text.lines().map(same).collect()
    }
}

pub fn attribute_of(source: &Source, label: &str) -> String {
    let found = source.attributes().iter().find(|one| one.label == label);
    let found = found.unwrap_or_else(|| panic!("no {label} in {:?}", source.attributes()));
    found.name.clone()
}

pub async fn segment_of(source: &Source, label: &str) -> SegmentId {
    let segments = source.segments().await.expect("segments");
    let found = segments.iter().find(|segment| segment.label == label);
    found
        .unwrap_or_else(|| panic!("no {label} in {segments:?}"))
        .id
        .clone()
}

/// Writes the folder's people again as Customer Insights writes tables: a model, files without headers, memberships.
fn write_tables(people: &Path, tables: &Path) {
    std::fs::create_dir_all(tables).expect("folder");
    let profiles = std::fs::read_to_string(people.join("profiles.csv")).expect("profiles");
    let (header, rows) = profiles.split_once('\n').expect("a header");
    std::fs::write(tables.join("Customer.csv"), rows).expect("written");
    let mut memberships = String::new();
    for entry in std::fs::read_dir(people.join("segments")).expect("segments") {
        let path = entry.expect("a segment").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        let ids = std::fs::read_to_string(path).expect("ids");
        for id in ids.lines().skip(1) {
            writeln!(memberships, "{name},{id}").expect("text");
        }
    }
    std::fs::write(tables.join("SegmentMembership.csv"), memberships).expect("written");
    let entity = |name: &str, columns: &[&str]| {
        let attributes = columns
            .iter()
            .map(|name| json!({"name": name, "dataType": "string"}));
        json!({
            "$type": "LocalEntity",
            "name": name,
            "attributes": attributes.collect::<Vec<_>>(),
            "partitions": [{
                "name": "p",
                "location": format!("https://lake.example/ci/{name}.csv"),
                "fileFormatSettings": {"$type": "CsvFormatSettings"}
            }],
        })
    };
    let columns: Vec<&str> = header.split(',').collect();
    let model = json!({"name": "export", "version": "1.0", "entities": [
        entity("Customer", &columns),
        entity("SegmentMembership", &["SegmentId", "CustomerProfileId"]),
    ]});
    std::fs::write(tables.join("model.json"), model.to_string()).expect("written");
}
