//! Where the profiles come from, and in whose name they are read.

use super::super::export_user::{Wanted, keep};
use super::super::login::try_keyring;
use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Halt, Prompt};
use crate::domain::{LoginName, SourceSpec};
use crate::export::{FirstRows, SourceSignIn};
use crate::login::{SecretKind, is_remote, pasted_secret};
use crate::source::ENGINES_ARE_BUILT;

/// One way to profiles.
enum Way {
    Approve,
    Saved(LoginName, SourceSpec),
    Dataverse,
    Insights,
    Folder,
    /// An engine that is asked in SQL, and who it says that it is.
    Engine(LoginName, String),
    Connect,
}

impl Asking<'_> {
    pub(super) async fn source(&mut self, prompt: &Prompt) -> Answered<()> {
        let ways = self.ways()?;
        let words = &self.context.words;
        let named = |way: &Way| match way {
            Way::Approve => words.text("ui-source-approve"),
            Way::Saved(name, source) => {
                let args = [
                    ("login", name.as_str().into()),
                    ("source", source.to_string().into()),
                ];
                words.with("ui-source-saved", &args)
            }
            Way::Dataverse => words.text("ui-source-dataverse"),
            Way::Insights => words.text("ui-source-insights"),
            Way::Folder => words.text("ui-source-files-way"),
            Way::Engine(name, engine) => {
                let args = [
                    ("login", name.as_str().into()),
                    ("engine", engine.as_str().into()),
                ];
                words.with("ui-sql-saved", &args)
            }
            Way::Connect => words.text("ui-source-sql"),
        };
        let options: Vec<String> = ways.iter().map(named).collect();
        let given = self.answers.source.as_deref().unwrap_or_default();
        let is_usual = |way: &Way| match way {
            Way::Saved(_, source) => source.to_string() == given,
            Way::Folder => given.starts_with("folder:"),
            Way::Engine(name, _) => SourceSpec::Sql(name.clone()).to_string() == given,
            Way::Approve | Way::Dataverse | Way::Insights | Way::Connect => false,
        };
        let usual = ways.iter().position(is_usual).unwrap_or(0);
        loop {
            let lead = self.text("ui-source-lead");
            let question = prompt.about("ask-about-source");
            let at = question.choose(&lead, &options, Some(usual)).await?;
            // What cannot be read, or was turned away from, is no answer.
            let before = (self.answers.clone(), self.source.take());
            let first = std::mem::take(&mut self.first);
            let taken = match self.take_source(&ways[at], prompt).await {
                Ok(()) => self.open().await,
                halted => halted,
            };
            let taken = match taken {
                Ok(()) => self.understood(prompt).await,
                halted => halted,
            };
            match taken {
                Err(Halt::Back) => {}
                Err(Halt::Failed(why)) => prompt.refuse(*why),
                taken => return taken,
            }
            (self.answers, self.source) = before;
            self.first = first;
        }
    }

    fn ways(&self) -> Answered<Vec<Way>> {
        let users = self.context.surroundings.export_users();
        let users = users.map_err(|why| self.context.failed(why))?;
        let saved = users.into_iter();
        let saved = saved.map(|(name, asked)| Way::Saved(name, asked.source));
        let demo = self.demo.map(|_| Way::Approve);
        let new = [Way::Dataverse, Way::Insights, Way::Folder];
        let engines = self.engines()?.into_iter();
        let engines = engines.map(|login| Way::Engine(login.name, login.account_name));
        let connect = ENGINES_ARE_BUILT.then_some(Way::Connect);
        let ways = saved.chain(engines).chain(demo).chain(new).chain(connect);
        Ok(ways.collect())
    }

    async fn take_source(&mut self, way: &Way, prompt: &Prompt) -> Answered<()> {
        match way {
            Way::Folder => self.folder(prompt).await,
            Way::Engine(name, _) => self.queries(name, prompt).await,
            Way::Connect => {
                let name = self.connect(prompt).await?;
                self.queries(&name, prompt).await
            }
            Way::Saved(name, SourceSpec::Insights(_)) => self.instance(name.clone(), prompt).await,
            Way::Saved(name, source) => {
                self.read_as(name, source);
                Ok(())
            }
            Way::Approve => {
                let asked = SourceSignIn {
                    client_id: self.ready("insights_client_id").to_owned(),
                    tenant: self.ready("tenant").to_owned(),
                    source: SourceSpec::Insights(self.ready("insights_instance").to_owned()),
                };
                let key = self.ready("insights_subscription_key").to_owned();
                let source = asked.source.clone();
                let approve = self.demo.map(|demo| demo.approve);
                let name = self.sign_in(asked, Some(&key), false, approve).await?;
                self.read_as(&name, &source);
                Ok(())
            }
            Way::Dataverse => {
                say(&self.text("ui-user-dataverse-lead"));
                let known = self.ready("dataverse_url");
                let typed = prompt
                    .about("ask-about-environment")
                    .text(&self.text("ui-user-environment"), known)
                    .await?;
                let source = SourceSpec::Dataverse(SourceSpec::environment(&typed));
                let (asked, by_code) = self.app(source.clone(), prompt).await?;
                let name = self.sign_in(asked, None, by_code, None).await?;
                self.read_as(&name, &source);
                Ok(())
            }
            Way::Insights => {
                say(&self.text("ui-user-insights-lead"));
                let question = self.text("ui-user-key");
                let known = self.ready("insights_subscription_key");
                let key = prompt
                    .about("ask-about-subscription-key")
                    .secret(&question, known, "--subscription-key-stdin")
                    .await?;
                let source = SourceSpec::Insights(String::new());
                let (asked, by_code) = self.app(source, prompt).await?;
                let name = self.sign_in(asked, Some(&key), by_code, None).await?;
                self.instance(name, prompt).await
            }
        }
    }

    /// Asks for the app, and for the way to sign in.
    async fn app(&self, source: SourceSpec, prompt: &Prompt) -> Answered<(SourceSignIn, bool)> {
        say(&self.text("ask-user-register"));
        let known = self.ready("insights_client_id");
        let question = prompt.about("ui-help-source");
        let client_id = question
            .text(&self.text("ui-user-client-id"), known)
            .await?;
        let known = self.ready("tenant");
        let question = prompt.about("ask-about-tenant");
        let tenant = question.text(&self.text("ui-user-tenant"), known).await?;
        let hows = ["ui-user-by-browser", "ui-user-by-code"].map(|key| self.text(key));
        let usual = usize::from(is_remote());
        let how = prompt
            .about("ui-user-code-blocked")
            .choose(&self.text("ui-user-how"), &hows, Some(usual))
            .await?;
        let asked = SourceSignIn {
            client_id,
            tenant,
            source,
        };
        Ok((asked, how == 1))
    }

    async fn sign_in(
        &self,
        asked: SourceSignIn,
        key: Option<&str>,
        by_code: bool,
        approve: Option<super::super::sandbox::Approve>,
    ) -> Answered<LoginName> {
        let kind = SecretKind::InsightsSubscriptionKey;
        let key = key.map(|key| pasted_secret(kind, key)).transpose();
        let key = key.map_err(|why| self.context.failed(why))?;
        try_keyring(self.context).await?;
        let wanted = Wanted {
            name: None,
            asked,
            key,
            by_code,
            yes: false,
            approve,
        };
        let login = keep(self.context, wanted).await?;
        let account = [("account", login.account_name.as_str().into())];
        say(&self.context.words.with("ui-user-connected", &account));
        Ok(login.name)
    }

    /// Takes the only instance that a user sees, or has one chosen.
    async fn instance(&mut self, name: LoginName, prompt: &Prompt) -> Answered<()> {
        let found = self.context.surroundings.instances(&name).await;
        let found = found.map_err(|why| self.context.failed(why))?;
        let at = match found.len() {
            0 => {
                say(&self.text("ui-user-no-instance"));
                return Err(Halt::Back);
            }
            1 => 0,
            _ => {
                let options: Vec<String> = found.iter().map(|one| one.name.clone()).collect();
                prompt
                    .about("ask-about-instance")
                    .choose(&self.text("ui-user-pick"), &options, Some(0))
                    .await?
            }
        };
        self.read_as(&name, &SourceSpec::Insights(found[at].id.clone()));
        Ok(())
    }

    fn read_as(&mut self, name: &LoginName, source: &SourceSpec) {
        self.answers.source = Some(source.to_string());
        self.answers.source_login = Some(name.to_string());
        self.forget_queries();
        self.forget_layout();
        self.forget_id_column();
    }

    /// Looks whether the source can be read, and says what is in it.
    pub(super) async fn open(&mut self) -> Answered<()> {
        let adding = self.adding();
        let mut draft = adding.draft()?;
        let source = adding.open_source(&mut draft).await?;
        let segments = source.segments().await;
        let segments = segments.map_err(|why| self.context.failed(why))?;
        let args = [
            ("segments", segments.len().into()),
            ("attributes", source.attributes().len().into()),
        ];
        say(&self.context.words.with("ui-source-found", &args));
        // Where there are none, nothing is told of them: the export says why.
        self.first = FirstRows::read(&source, &segments)
            .await
            .unwrap_or_default();
        self.source = Some(source);
        Ok(())
    }
}
