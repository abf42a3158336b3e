//! A sandbox with its people, a home and an export over both: what the program's tests begin with.

pub mod command;
pub mod export_user;
pub mod odd;
pub mod tamper;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use segue::deliver::{Batch, Began, Caller, Delivery, Item, Notice, Service, Stop};
use segue::domain::{
    AudienceId, Destination, Member, NewStatus, Origin, SegmentSet, StartedBy, Status,
};
use segue::export::{Access, Counters, Ending, Options, Order, Report, start};
use segue::http::{Client, Endpoint, Pacer};
use segue::login::Credential;
use segue::sandbox::{self, Sandbox};
use segue::store::{Home, JournalWriter, RunFolder};
use segue::words::{Lang, Words};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// One test's world; nothing in it is shared with another test.
pub struct World {
    pub folder: TempDir,
    pub sandbox: Sandbox,
    /// What stands between Segue and the sandbox, where something does.
    pub between: Option<String>,
    client: Client,
}

impl World {
    /// Starts a sandbox whose audience holds these members (the lines of a `--preload` file), with these faults.
    pub async fn new(members: &[Value], faults: &[&str]) -> Self {
        let client = Client::new(Duration::from_secs(20)).expect("client");
        Self::seeded(members, faults, sandbox::Options::default().seed, client).await
    }

    /// The same by a client that is there already, since making one takes longer than a small export; the faults are drawn
    /// by a seed.
    pub async fn seeded(members: &[Value], faults: &[&str], seed: u64, client: Client) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let preload = folder.path().join("members.ndjson");
        let lines: Vec<String> = members.iter().map(Value::to_string).collect();
        std::fs::write(&preload, lines.join("\n")).expect("preload");
        let faults = faults
            .iter()
            .map(|fault| fault.parse().expect("fault"))
            .collect();
        let options = sandbox::Options {
            preload: Some(preload),
            faults,
            seed,
            ..sandbox::Options::default()
        };
        let sandbox = sandbox::start(options).await.expect("sandbox");
        Self {
            folder,
            sandbox,
            between: None,
            client,
        }
    }

    /// One of the values that the sandbox tells when it is ready.
    pub fn ready(&self, key: &str) -> &str {
        self.sandbox.ready()[key].as_str().expect("text")
    }

    pub fn audience(&self) -> AudienceId {
        AudienceId::parse(self.ready("audience_id")).expect("audience")
    }

    pub fn service(&self) -> Service {
        let api = self.between.as_deref();
        let api = api.unwrap_or_else(|| self.ready("mailchimp_api"));
        Service {
            api: Endpoint::parse(api).expect("endpoint"),
            credential: Credential::api_key(self.ready("mailchimp_api_key")).expect("key"),
            client: self.client.clone(),
            first_pause: Duration::from_millis(1),
            waits: segue::http::Waits::default(),
        }
    }

    pub fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    /// Writes a file of the source.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join("source").join(name);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        std::fs::write(&path, text).expect("file");
        path
    }

    /// A destination for this source, with more or other lines of TOML. Segments: those named, or `all-profiles`.
    pub fn destination(
        &self,
        source: &Path,
        top: &str,
        tables: &str,
        segments: &[&str],
    ) -> Destination {
        let segments: Vec<&str> = if segments.is_empty() {
            vec!["all-profiles"]
        } else {
            segments.to_vec()
        };
        let segments: Vec<String> = segments
            .iter()
            .map(|id| format!("[[segments]]\nid = '{id}'\nlabel = '{id}'"))
            .collect();
        let status = if top.contains("status_if_new") {
            ""
        } else {
            "status_if_new = 'subscribed'"
        };
        let text = format!(
            "name = 'Test'\nlogin = 'test'\naudience = '{}'\nsource = 'folder:{}'\n{status}\n{top}\n\
             created_at = '2026-01-01T00:00:00Z'\n\
             [agreement]\nat = '2026-01-01T00:00:00Z'\nuser = 'test'\nlanguage = 'en'\ntext_sha256 = ''\n\
             [map]\nemail = 'email'\nFNAME = 'first'\n{tables}\n{}",
            self.audience(),
            source.display(),
            segments.join("\n"),
        );
        toml::from_str(&text).unwrap_or_else(|why| panic!("{why}\n{text}"))
    }

    /// Runs a destination to its end.
    pub async fn export(&self, destination: Destination, options: Options) -> Ending {
        let order = self.order(destination, options);
        start(order).done.await.expect("the run ends")
    }

    /// The order of a run.
    pub fn order(&self, destination: Destination, options: Options) -> Order {
        Order {
            home: self.home(),
            destination,
            is_saved: false,
            access: Access {
                service: self.service(),
                account: "test".to_owned(),
                plan_limit: None,
            },
            source: None,
            options,
            started_by: StartedBy::Command,
            advice: Arc::new(|reason| reason.as_str().to_owned()),
            explain: Arc::new(|why| Words::new(Lang::En).worded(why)),
        }
    }

    /// Runs a destination that must come to its end, checks what holds of every run, and gives its report.
    pub async fn report(&self, destination: Destination) -> Report {
        let ending = self.export(destination, Options::default()).await;
        assert!(ending.failure.is_none(), "{:?}", ending.failure);
        let report = ending.report.expect("report");
        let counters = &report.ended.counters;
        assert!(
            counters.sum_holds(),
            "every profile is accounted for: {counters:?}"
        );
        assert_eq!(counters.remaining, 0);
        assert_eq!(counters.statuses_raised, 0);
        assert_eq!(self.stats().await["statuses_raised"], 0);
        report
    }

    async fn get(&self, path: &str) -> String {
        let api = self.ready("mailchimp_api").trim_end_matches("/3.0");
        let client = &self.client;
        let answer = client
            .send(client.inner().get(format!("{api}{path}")))
            .await
            .expect("answer");
        String::from_utf8(answer.body).expect("text")
    }

    /// Every member of the audience by address, archived ones too.
    pub async fn members(&self) -> BTreeMap<String, Value> {
        let lines = self
            .get(&format!("/sandbox/audiences/{}/members", self.audience()))
            .await;
        let member = |line: &str| -> (String, Value) {
            let member: Value = serde_json::from_str(line).expect("member");
            (
                member["email_address"]
                    .as_str()
                    .expect("address")
                    .to_lowercase(),
                member,
            )
        };
        lines.lines().map(member).collect()
    }

    /// Does what others do to the audience meanwhile: one step or a list of them.
    pub async fn steps(&self, steps: &Value) {
        let api = self.ready("mailchimp_api").trim_end_matches("/3.0");
        let client = &self.client;
        let path = format!("{api}/sandbox/audiences/{}/steps", self.audience());
        let request = client.inner().post(path).json(steps);
        let answer = client.send(request).await.expect("answer");
        assert!(answer.status.is_success(), "{}", answer.status);
    }

    pub async fn stats(&self) -> Value {
        serde_json::from_str(&self.get("/sandbox/stats").await).expect("stats")
    }
}

/// The names of a member's tags, sorted.
pub fn tags(member: &Value) -> Vec<String> {
    let tags = member["tags"].as_array().expect("tags").iter();
    let name = |tag: &Value| {
        tag.as_str()
            .or_else(|| tag["name"].as_str())
            .expect("name")
            .to_owned()
    };
    let mut names: Vec<String> = tags.map(name).collect();
    names.sort();
    names
}

/// A member named FNAME = New, in the first segment.
pub fn item(address: &str, before: Option<Status>) -> Item {
    let member = Member {
        seq: 1,
        profile: None,
        origin: Origin {
            file: Arc::from("people.csv"),
            line: 2,
        },
        address: address.to_owned(),
        key: address.to_owned(),
        person: segue::domain::PersonKey::of(address),
        values: 1,
        profile_hash: 0,
        consent: segue::domain::Consent::Yes,
        segments: SegmentSet::only(0),
        fields: r#"{"FNAME":"New"}"#.to_owned(),
        language: None,
    };
    Item::new(member, before, SegmentSet::only(0))
}

/// Delivers one batch and adds up what became of its members.
pub async fn deliver(world: &World, batch: Batch) -> Counters {
    let (verdict, delivered) = delivered(world, batch).await;
    delivered.expect("delivered");
    verdict
}

/// The same over one lane, whatever comes of it.
async fn delivered(world: &World, batch: Batch) -> (Counters, Result<(), segue::deliver::Error>) {
    let run = RunFolder::create(&world.home(), Timestamp::now()).expect("run");
    let journal = JournalWriter::create(&run).expect("journal");
    delivered_with(world, batch, journal).await
}

/// The same, written down in this journal.
pub async fn delivered_with(
    world: &World,
    batch: Batch,
    journal: JournalWriter,
) -> (Counters, Result<(), segue::deliver::Error>) {
    let (tell, mut notices) = mpsc::channel(64);
    let caller =
        Caller::new(0, world.service(), Pacer::new(1), tell, Stop::default()).expect("lane");
    let began = Began {
        at: Timestamp::now(),
        changes_from: "2026-01-01T00:00:00+00:00".to_owned(),
    };
    let delivery = Delivery::new(
        world.audience(),
        Arc::from(["Gold".to_owned()]),
        NewStatus::Subscribed,
        began,
        journal,
    );
    let (feed, batches) = mpsc::channel(1);
    feed.send(batch).await.expect("fed");
    drop(feed);
    let running = tokio::spawn(delivery.run(vec![caller], batches, Stop::default()));
    let mut sum = Counters::default();
    while let Some(notice) = notices.recv().await {
        if let Notice::Settled(settled) = notice {
            for told in settled {
                let new = NewStatus::Subscribed;
                sum.take(&told.sent, &told.fate, new, &["Gold".to_owned()]);
            }
        }
    }
    (sum, running.await.expect("joined"))
}
