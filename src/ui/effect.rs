//! The one place that performs what the application asks for: each question on a task of its own, answered exactly once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

use super::look::{blocking, fitting, rejects};
use super::msg::{Answer, Effect, HomeData, Looked, Msg, Outcome, Question, RunEnd, Ticket};
use super::terminal::osc52;
use super::{Approve, Demo};
use crate::deliver::Stop;
use crate::domain::{AudienceId, Destination, LoginName, MergeTag};
use crate::export::{
    AudienceView, Error, Options, Order, Report, StopHandle, Surroundings, check, date_orders,
    look_at_audience, start,
};
use crate::login::{MailchimpApp, is_remote, open_browser};
use crate::store::{Destinations, Drafts, Logins, Runs};
use crate::words::{Explain, Words};

/// How often a run's progress is told.
const PACE: Duration = Duration::from_millis(100);

/// Performs effects.
pub(super) struct Performer {
    desk: Desk,
    tell: Sender<Msg>,
    stops: HashMap<Ticket, StopHandle>,
    port: u16,
}

/// What a task needs to answer a question.
#[derive(Clone)]
pub(super) struct Desk {
    pub surroundings: Surroundings,
    pub words: Words,
    pub approve: Option<Approve>,
    /// Drops the latest check.
    checking: Stop,
}

impl Performer {
    /// Answers to this sender.
    pub fn new(
        surroundings: Surroundings,
        words: Words,
        demo: Option<&Demo>,
        tell: Sender<Msg>,
    ) -> Self {
        Self {
            desk: Desk {
                surroundings,
                words,
                approve: demo.map(|demo| Arc::clone(&demo.approve)),
                checking: Stop::default(),
            },
            tell,
            stops: HashMap::new(),
            port: demo.map_or(crate::login::DEFAULT_PORT, |demo| demo.port),
        }
    }

    /// Performs one effect. What belongs to the terminal (clipboard, bell) is handed back as bytes to send there.
    pub fn perform(&mut self, effect: Effect) -> Option<String> {
        match effect {
            Effect::Ask(ticket, question) => {
                if matches!(question, Question::Check(_)) {
                    self.drop_check();
                }
                let (desk, tell, port) = (self.desk.clone(), self.tell.clone(), self.port);
                tokio::spawn(async move {
                    let answered = tokio::spawn(desk.answer(question, port)).await;
                    // The panic hook has given the terminal back: there is no going on.
                    let msg = answered.map_or(Msg::End(70), |answer| Msg::Answer(ticket, answer));
                    // Nobody listens any more only when the program ends.
                    let _gone = tell.send(msg).await;
                });
            }
            Effect::Run(ticket, destination) => self.run(ticket, *destination),
            Effect::Stop(ticket) => {
                if let Some(stop) = self.stops.get(&ticket) {
                    stop.ask(130);
                }
            }
            Effect::Browse(url) => {
                tokio::spawn(async move { open_browser(&url).await });
            }
            Effect::Copy(text) => return Some(osc52(&text)),
            Effect::Notify(text) => return Some(format!("\x07\x1b]9;{text}\x1b\\")),
            Effect::Keep(draft) => {
                if let Err(why) = Drafts::of(&self.desk.surroundings.home).save(&draft) {
                    tracing::warn!(error = ?why, "the draft was not kept");
                }
            }
            Effect::Forget => {
                if let Err(why) = Drafts::of(&self.desk.surroundings.home).remove() {
                    tracing::warn!(error = ?why, "the draft was not removed");
                }
            }
        }
        None
    }

    /// A check that nobody waits for any more must not take calls from an export to the same account.
    fn drop_check(&mut self) {
        let former = std::mem::take(&mut self.desk.checking);
        former.ask();
        former.ask();
    }

    /// Stops all runs; called when the program ends.
    pub fn stop_all(&self, exit: u8) {
        for stop in self.stops.values() {
            stop.ask(exit);
            stop.ask(exit);
        }
    }

    fn run(&mut self, ticket: Ticket, destination: Destination) {
        self.drop_check();
        let (desk, tell) = (self.desk.clone(), self.tell.clone());
        let handle = StopHandle::default();
        self.stops.insert(ticket, handle.clone());
        tokio::spawn(async move {
            let end = desk.export(ticket, destination, &tell, &handle).await;
            let _gone = tell.send(Msg::Ended(ticket, Box::new(end))).await;
        });
    }
}

impl Desk {
    async fn export(
        &self,
        ticket: Ticket,
        destination: Destination,
        tell: &Sender<Msg>,
        asked: &StopHandle,
    ) -> RunEnd {
        let order = match self.order(destination).await {
            Ok(order) => order,
            Err(why) => return self.failed(&why),
        };
        let mut running = start(order);
        let mut done = running.done;
        let stop = running.stop;
        let (gently, at_once) = (asked.stop.gently.clone(), asked.stop.now.clone());
        let passing = tokio::spawn(async move {
            gently.cancelled().await;
            stop.ask(130);
            at_once.cancelled().await;
            stop.ask(130);
        });
        let ended = loop {
            tokio::select! {
                ended = &mut done => break ended,
                changed = running.progress.changed() => {
                    let progress = running.progress.borrow_and_update().clone();
                    let told = tell.send(Msg::Progress(ticket, Box::new(progress))).await;
                    if changed.is_err() || told.is_err() {
                        break (&mut done).await;
                    }
                    sleep(PACE).await;
                }
            }
        };
        passing.abort();
        let last = running.progress.borrow().clone();
        let _gone = tell.send(Msg::Progress(ticket, Box::new(last))).await;
        match ended {
            Ok(ending) => RunEnd {
                report: ending.report,
                failure: ending.failure.map(|why| why.explain(&self.words)),
            },
            Err(why) => {
                if why.is_panic() {
                    let _gone = tell.send(Msg::End(70)).await;
                }
                self.failed(&Error::Broken(why.to_string()))
            }
        }
    }

    fn failed(&self, why: &Error) -> RunEnd {
        RunEnd {
            report: None,
            failure: Some(why.explain(&self.words)),
        }
    }

    async fn order(&self, destination: Destination) -> Result<Order, Error> {
        let access = self.surroundings.access(&destination.login).await?;
        let login = destination.source_login.as_ref();
        let source = self
            .surroundings
            .source_service(&destination.source, login)
            .await?;
        let words = self.words.clone();
        Ok(Order {
            home: self.surroundings.home.clone(),
            destination,
            access,
            source,
            options: Options::default(),
            started_by: self.surroundings.user.clone(),
            advice: Arc::new(move |reason| words.advice(reason)),
        })
    }

    async fn answer(self, question: Question, port: u16) -> Answer {
        match question {
            Question::Home => Answer::Home(self.told(self.home().await)),
            Question::SignIn { id, secret } => {
                let app = MailchimpApp {
                    client_id: id,
                    client_secret: secret,
                };
                Answer::SignIn(self.told(self.begin(app, port)))
            }
            Question::Wait(sign_in, given_up) => {
                Answer::Login(self.told(self.wait(&sign_in, &given_up).await))
            }
            Question::Complete(sign_in, text) => {
                Answer::Login(self.told(self.complete(sign_in.complete(&text)).await))
            }
            Question::Approve(sign_in) => Answer::Login(self.approve(&sign_in).await),
            Question::BeginUser(asked) => {
                Answer::UserSignIn(self.told(self.begin_user(*asked).await))
            }
            Question::WaitUser(sign_in) => Answer::User(self.told(self.wait_user(&sign_in).await)),
            Question::CompleteUser(sign_in, text) => {
                Answer::User(self.told(self.complete_user(&sign_in, &text).await))
            }
            Question::ApproveUser(sign_in) => {
                Answer::User(self.told(self.approve_user(&sign_in).await))
            }
            Question::Instances(login) => {
                let found = self.surroundings.instances(&login).await;
                Answer::Instances(self.told(found))
            }
            Question::ApiKey(key) => Answer::Login(self.told(self.api_key(key.expose()).await)),
            Question::Save(destination, former) => {
                let saved =
                    Destinations::of(&self.surroundings.home).save(&destination, former.as_deref());
                Answer::Saved(self.told(saved.map(|()| destination).map_err(Error::from)))
            }
            Question::Remove(name) => {
                let removed = Destinations::of(&self.surroundings.home).remove(&name);
                Answer::Removed(self.told(removed.map_err(Error::from)))
            }
            Question::Rejects(path) => {
                let read = blocking(move || rejects(&path)).await;
                Answer::Rejects(self.told(read))
            }
            Question::Path(text) => Answer::Path(
                blocking(move || Ok(fitting(&text)))
                    .await
                    .unwrap_or_default(),
            ),
            question => self.look(question).await,
        }
    }

    /// Answers what is asked of the audience, the source and the files.
    async fn look(&self, question: Question) -> Answer {
        match question {
            Question::Audiences(login) => {
                Answer::Audiences(self.told(self.audiences(&login).await))
            }
            Question::Audience(login, id) => {
                Answer::Audience(self.told(self.audience(&login, &id).await))
            }
            Question::MakeField(login, id, tag, kind) => {
                let made = self.make_field(&login, &id, &tag, kind).await;
                Answer::Audience(self.told(made))
            }
            Question::Source(spec, options, login) => {
                let looked = async {
                    let source = self
                        .surroundings
                        .source(&spec, &options, login.as_ref())
                        .await?;
                    let segments = source.segments().await?;
                    let refreshing = source.refresh().await?.running;
                    Ok(Box::new(Looked {
                        source,
                        refreshing,
                        segments,
                    }))
                };
                Answer::Source(self.told(looked.await))
            }
            Question::Preview(source, request, most) => {
                let first = source.peek(request, most).await;
                Answer::Preview(self.told(first.map_err(Error::from)))
            }
            Question::Dates(source, mapping, fields) => {
                Answer::Dates(self.told(date_orders(&source, &mapping, &fields, None).await))
            }
            Question::Check(destination) => {
                let checked = async {
                    let order = self.order(*destination).await?;
                    check(order, self.checking.clone()).await
                };
                Answer::Check(self.told(checked.await.map(Box::new)))
            }
            _ => Answer::Path(Vec::new()),
        }
    }

    pub fn told<T>(&self, outcome: Result<T, Error>) -> Outcome<T> {
        outcome.map_err(|why| {
            tracing::warn!(error = ?why, "asked for by the application");
            why.explain(&self.words)
        })
    }

    async fn home(&self) -> Result<Box<HomeData>, Error> {
        let surroundings = self.surroundings.clone();
        blocking(move || {
            let home = &surroundings.home;
            let mut reports: Vec<(Report, std::path::PathBuf)> = Vec::new();
            for run in Runs::of(home).list()? {
                if let Ok(Some(report)) = Runs::report::<Report>(&run) {
                    reports.push((report, run.rejects()));
                }
            }
            let rows = Destinations::of(home)
                .list()?
                .into_iter()
                .map(|destination| {
                    let last = reports
                        .iter()
                        .find(|(report, _)| report.destination == destination.name)
                        .cloned();
                    (destination, last)
                });
            Ok(Box::new(HomeData {
                rows: rows.collect(),
                logins: Logins::of(home).list()?,
                usable: surroundings.login_names()?,
                draft: Drafts::of(home).load(),
                users: surroundings.export_users()?,
                remote: is_remote(),
            }))
        })
        .await
    }

    async fn audiences(&self, login: &LoginName) -> Result<Vec<crate::domain::Audience>, Error> {
        let mailchimp = self.surroundings.access(login).await?.mailchimp()?;
        Ok(mailchimp.audiences().await?)
    }

    async fn audience(
        &self,
        login: &LoginName,
        id: &AudienceId,
    ) -> Result<Box<AudienceView>, Error> {
        let mailchimp = self.surroundings.access(login).await?.mailchimp()?;
        look_at_audience(&mailchimp, id).await.map(Box::new)
    }

    async fn make_field(
        &self,
        login: &LoginName,
        id: &AudienceId,
        tag: &MergeTag,
        kind: crate::domain::FieldKind,
    ) -> Result<Box<AudienceView>, Error> {
        let mailchimp = self.surroundings.access(login).await?.mailchimp()?;
        mailchimp
            .create_merge_field(id, tag, tag.as_str(), kind)
            .await?;
        look_at_audience(&mailchimp, id).await.map(Box::new)
    }
}
