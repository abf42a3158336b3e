//! A sandbox, a home, and exports and undos over both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::{offer_undo, start_undo};
use crate::domain::{AudienceId, PersonKey, StartedBy};
use crate::export::{Access, Error, Options, Order, Report, start};
use crate::http::{Client, Endpoint, Waits};
use crate::login::Credential;
use crate::sandbox::{self, Sandbox};
use crate::store::{Home, Ledger, RunFolder, Runs};

pub(super) struct World {
    folder: TempDir,
    sandbox: Sandbox,
}

/// A subscribed contact, as a line of a `--preload` file.
pub(super) fn member(address: &str, fields: &Value, tags: &[&str]) -> Value {
    json!({"email_address": address, "status": "subscribed", "merge_fields": fields, "tags": tags})
}

/// The names of a member's tags, sorted.
pub(super) fn tags(member: &Value) -> Vec<String> {
    let tags = member["tags"].as_array().expect("tags").iter();
    let name = |tag: &Value| {
        tag["name"]
            .as_str()
            .or(tag.as_str())
            .expect("name")
            .to_owned()
    };
    let mut names: Vec<String> = tags.map(name).collect();
    names.sort();
    names
}

impl World {
    pub async fn new(members: &[Value], faults: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let preload = folder.path().join("members.ndjson");
        let lines: Vec<String> = members.iter().map(Value::to_string).collect();
        std::fs::write(&preload, lines.join("\n")).expect("preload");
        let faults = faults.iter().map(|fault| fault.parse().expect("fault"));
        let options = sandbox::Options {
            preload: Some(preload),
            faults: faults.collect(),
            ..sandbox::Options::default()
        };
        let sandbox = sandbox::start(options).await.expect("sandbox");
        Self { folder, sandbox }
    }

    fn ready(&self, key: &str) -> &str {
        self.sandbox.ready()[key].as_str().expect("text")
    }

    pub fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn audience(&self) -> AudienceId {
        AudienceId::parse(self.ready("audience_id")).expect("audience")
    }

    pub fn order(&self, name: &str) -> Order {
        let text = format!(
            "name = '{name}'\nlogin = 'test'\naudience = '{}'\nsource = 'folder:{}'\n\
             status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n\
             [agreement]\nat = '2026-01-01T00:00:00Z'\nuser = 'test'\nlanguage = 'en'\ntext_sha256 = ''\n\
             [map]\nemail = 'email'\nFNAME = 'first'\nlanguage = 'lang'\n\
             [[segments]]\nid = 'all-profiles'\nlabel = 'all-profiles'\n",
            self.audience(),
            self.folder.path().join("people.csv").display(),
        );
        let service = crate::deliver::Service {
            api: Endpoint::parse(self.ready("mailchimp_api")).expect("endpoint"),
            credential: Credential::api_key(self.ready("mailchimp_api_key")).expect("key"),
            client: Client::new(Duration::from_secs(20)).expect("client"),
            first_pause: Duration::from_millis(1),
            waits: Waits::default(),
        };
        Order {
            home: self.home(),
            destination: toml::from_str(&text).expect("destination"),
            is_saved: false,
            access: Access {
                service,
                account: "test".to_owned(),
                plan_limit: None,
            },
            source: None,
            options: Options::default(),
            started_by: StartedBy::Command,
            advice: Arc::new(|reason| reason.as_str().to_owned()),
            explain: Arc::new(|why| why.to_string().as_str().into()),
        }
    }

    /// Exports rows of `email,first,lang`; gives the run.
    pub async fn export(&self, name: &str, rows: &str) -> RunFolder {
        let text = format!("email,first,lang\n{rows}");
        std::fs::write(self.folder.path().join("people.csv"), text).expect("people");
        let mut own = crate::store::OwnTags::open(&self.home(), &self.audience()).expect("tags");
        own.own(["all-profiles"], Timestamp::UNIX_EPOCH)
            .expect("owned");
        let ending = start(self.order(name)).done.await.expect("joined");
        assert!(ending.failure.is_none(), "{:?}", ending.failure);
        self.latest().0
    }

    /// Takes a run back, as the command does.
    pub async fn undo(&self, name: &str, run: Option<&str>) -> Result<Report, Error> {
        let order = self.order(name);
        let offer = offer_undo(&order, run).await?;
        let ending = start_undo(order, offer.run).done.await.expect("joined");
        match ending.failure {
            Some(why) => Err(why),
            None => Ok(ending.report.expect("report")),
        }
    }

    /// The newest run, and its report.
    pub fn latest(&self) -> (RunFolder, Report) {
        let run = Runs::of(&self.home()).list().expect("runs").remove(0);
        let report = Runs::report(&run).expect("readable").expect("report");
        (run, report)
    }

    /// How many undos there are.
    pub fn undos(&self) -> usize {
        let runs = Runs::of(&self.home()).list().expect("runs").into_iter();
        let undoes = |run: &RunFolder| run.began().is_some_and(|began| began.undoes.is_some());
        runs.filter(undoes).count()
    }

    pub fn ledger(&self) -> Ledger {
        Ledger::open(&self.home(), &self.audience()).expect("ledger")
    }

    /// The hash of a contact as it stands.
    pub async fn stamp(&self, key: PersonKey) -> u64 {
        let members = self.members().await;
        let address = members.keys().find(|address| PersonKey::of(address) == key);
        let mailchimp = self.order("Spring").access.mailchimp().expect("lane");
        let (audience, address) = (self.audience(), address.expect("address"));
        let contact = mailchimp.contact(&audience, address).await;
        contact.expect("read").expect("there").stamp
    }

    fn url(&self, path: &str) -> String {
        let api = self.ready("mailchimp_api").trim_end_matches("/3.0");
        format!("{api}/sandbox/{path}")
    }

    async fn get(&self, path: &str) -> String {
        let client = Client::new(Duration::from_secs(20)).expect("client");
        let request = client.inner().get(self.url(path));
        let answer = client.send(request).await.expect("answer");
        String::from_utf8(answer.body).expect("text")
    }

    /// What others do meanwhile.
    pub async fn step(&self, steps: &Value) {
        let client = Client::new(Duration::from_secs(20)).expect("client");
        let url = self.url(&format!("audiences/{}/steps", self.audience()));
        let answer = client.send(client.inner().post(url).json(steps)).await;
        assert_eq!(answer.expect("answer").status.as_u16(), 204, "{steps}");
    }

    /// Every member of the audience by address, archived ones too.
    pub async fn members(&self) -> BTreeMap<String, Value> {
        let path = format!("audiences/{}/members", self.audience());
        let lines = self.get(&path).await;
        let member = |line: &str| -> (String, Value) {
            let member: Value = serde_json::from_str(line).expect("member");
            let address = member["email_address"].as_str().expect("address");
            (address.to_lowercase(), member)
        };
        lines.lines().map(member).collect()
    }

    pub async fn nobody_rose(&self) {
        let stats: Value = serde_json::from_str(&self.get("stats").await).expect("stats");
        assert_eq!(stats["statuses_raised"], 0);
    }
}
