//! Answers what the application asks: of the services, of the source, of what is on disk.

use std::sync::Arc;

use super::history::Run;
use super::look::{blocking, fitting, part, rejects};
use super::msg::{Answer, Broken, Change, HomeData, Last, Looked, Outcome, Question, Row};
use super::writing::write;
use super::{Approve, Demo};
use crate::deliver::Stop;
use crate::domain::{
    AudienceId, Destination, DestinationId, LoginName, MergeField, MergeTag, NewField,
};
use crate::export::{
    AudienceView, Error, Past, Removal, Surroundings, check, create_fields, date_orders, did,
    history, look_at_audience, missing_fields, offer_undo, overlap, queued, standing,
};
use crate::login::{MailchimpApp, is_remote};
use crate::plan::Unmet;
use crate::source::{keep_query, query_text};
use crate::store::{
    AccountLock, Agendas, Destinations, Drafts, Error as StoreError, Logins, Names,
};
use crate::words::{Explain, Words};

/// What a task needs to answer a question.
#[derive(Clone)]
pub(super) struct Desk {
    pub surroundings: Surroundings,
    pub words: Words,
    pub approve: Option<Approve>,
    /// Drops the latest check.
    pub checking: Stop,
}

impl Desk {
    pub fn new(surroundings: Surroundings, words: Words, demo: Option<&Demo>) -> Self {
        Self {
            surroundings,
            words,
            approve: demo.map(|demo| Arc::clone(&demo.approve)),
            checking: Stop::default(),
        }
    }

    /// Answers a question.
    pub async fn answer(self, question: Question, port: u16) -> Answer {
        match question {
            Question::Home => Answer::Home(self.told(self.home().await)),
            Question::SignIn { id, secret } => {
                let app = MailchimpApp {
                    client_id: id,
                    client_secret: secret,
                };
                Answer::SignIn(self.told(self.begin(app, port).await))
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
            Question::Save(destination, former, fields) => {
                Answer::Saved(self.told(self.save(destination, former, fields).await))
            }
            Question::Change(destination, change) => {
                Answer::Changed(self.told(self.change(*destination, change).await))
            }
            Question::Schedule(all, schedule) => {
                let surroundings = self.surroundings.clone();
                let wanted = all.into_iter().map(|one| (one, schedule.clone())).collect();
                let set = blocking(move || surroundings.schedule(wanted)).await;
                Answer::Scheduled(self.told(set))
            }
            Question::LoginsOfOnly(destination) => {
                let surroundings = self.surroundings.clone();
                let found = blocking(move || surroundings.logins_of_only(&destination)).await;
                Answer::LoginsOfOnly(self.told(found))
            }
            Question::Remove(name, how) => Answer::Removed(self.told(self.remove(name, how).await)),
            Question::Logout(login) => Answer::LoggedOut(self.told(self.log_out(&login).await)),
            Question::Rejects(path) => {
                let read = blocking(move || rejects(&path)).await;
                Answer::Rejects(self.told(read))
            }
            Question::History(id) => Answer::History(self.told(self.history(id).await)),
            question => self.look(question).await,
        }
    }

    /// Changes a destination as the commands do.
    async fn change(
        &self,
        destination: Destination,
        change: Change,
    ) -> Result<Box<Destination>, Error> {
        let surroundings = self.surroundings.clone();
        blocking(move || {
            let changed = match change {
                Change::Rename(name) => surroundings.rename_destination(&destination, name),
                Change::Duplicate(name, agreement) => {
                    surroundings.duplicate_destination(destination, name, Some(agreement))
                }
                Change::Detach => surroundings.detach_destination(&destination),
            };
            changed.map(Box::new)
        })
        .await
    }

    /// Removes a login as the command does: what uses it stays without one.
    async fn log_out(&self, login: &LoginName) -> Result<(), Error> {
        let (surroundings, name) = (self.surroundings.clone(), login.clone());
        blocking(move || surroundings.detach(&name)).await?;
        self.surroundings.remove_login(login).await
    }

    /// Removes a destination as the command does, and says what is left of it. One that is gone already is no failure.
    async fn remove(&self, name: String, how: Removal) -> Result<(String, Option<String>), Error> {
        let (home, wanted) = (self.surroundings.home.clone(), name.clone());
        let found = blocking(move || Ok(Destinations::of(&home).find(&wanted)?)).await?;
        let Some(destination) = found else {
            return Ok((name, None));
        };
        let removed = self.surroundings.remove_destination(&destination, how);
        let owed = removed.await?.owed;
        let told = (owed > 0).then(|| self.words.owed(owed, &destination.audience));
        Ok((name, told))
    }

    /// Reads the runs of a destination; one that was killed is told why it has no report.
    async fn history(&self, id: DestinationId) -> Result<Vec<Run>, Error> {
        let (home, words) = (self.surroundings.home.clone(), self.words.clone());
        blocking(move || {
            let runs = history(&home, Some(&id))?.into_iter();
            let told = runs.map(|run| match run {
                Ok(mut past) => {
                    let why = past.why_unfinished().map(|why| words.worded(&why));
                    past.report.failure = past.report.failure.take().or(why);
                    Ok(past)
                }
                Err(unreadable) => Err(Broken {
                    name: unreadable.run.id.to_string(),
                    line: words.unreadable(&unreadable.why),
                    why: unreadable.why.explain(&words),
                }),
            });
            Ok(told.collect())
        })
        .await
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
            Question::Overlap(source, segments) => {
                Answer::Overlap(self.told(overlap(&source, segments).await))
            }
            Question::Preview(source, request, most) => {
                let first = source.peek(request, most).await;
                Answer::Preview(self.told(first.map_err(Error::from)))
            }
            Question::Dates(source, mapping, fields) => {
                Answer::Dates(self.told(date_orders(&source, &mapping, &fields, |_| None).await))
            }
            Question::Field(source, segments, mapping) => {
                let found = missing_fields(&source, &segments, &mapping, &[]).await;
                Answer::Field(self.told(found))
            }
            Question::Check(destination, fields) => {
                let checked = async {
                    let mut order = self.order(*destination).await?;
                    order.options.diff = true;
                    order.options.new_fields = fields.into_iter().map(MergeField::from).collect();
                    check(order, self.checking.clone()).await
                };
                Answer::Check(self.told(checked.await.map(Box::new)))
            }
            question => self.tell_of_runs(question).await,
        }
    }

    /// Answers what is asked of runs that ended.
    async fn tell_of_runs(&self, question: Question) -> Answer {
        match question {
            Question::Undo(destination, run) => {
                let offered = async {
                    let order = self.undo_order(*destination).await?;
                    offer_undo(&order, run.as_deref()).await
                };
                Answer::Undo(self.told(offered.await.map(Box::new)))
            }
            Question::Did(destination, run) => {
                let told = async {
                    let order = self.undo_order(*destination).await?;
                    did(&order, &run).await
                };
                Answer::Did(self.told(told.await))
            }
            question => self.ask_engine(question).await,
        }
    }

    /// Answers what is asked of the files alone.
    pub async fn files(&self, question: Question) -> Answer {
        match question {
            Question::Write(writing) => {
                let words = self.words.clone();
                let written = blocking(move || write(&writing, &words)).await;
                Answer::Written(self.told(written))
            }
            Question::Changes(diff, stretch) => {
                let read = blocking(move || part(&diff, *stretch)).await;
                Answer::Changes(self.told(read.map(Box::new)))
            }
            Question::OpenQuery(file) => {
                let text = blocking(move || Ok(query_text(&file)?)).await;
                Answer::QueryText(self.told(text))
            }
            Question::KeepQuery(file, text, over) => {
                let kept = blocking(move || Ok(keep_query(&file, &text, over)?)).await;
                Answer::QueryKept(self.told(kept))
            }
            Question::Path(text, fits) => {
                let found = blocking(move || Ok(fitting(&text, fits))).await;
                Answer::Path(found.unwrap_or_default())
            }
            _ => Answer::Path(Vec::new()),
        }
    }

    /// Explains why there is no answer, and writes it down.
    pub fn told<T>(&self, outcome: Result<T, Error>) -> Outcome<T> {
        outcome.map_err(|why| {
            tracing::warn!(error = ?why, "asked for by the application");
            why.explain(&self.words)
        })
    }

    async fn home(&self) -> Result<Box<HomeData>, Error> {
        let (surroundings, words) = (self.surroundings.clone(), self.words.clone());
        blocking(move || {
            let home = &surroundings.home;
            // A report that cannot be read is told by the history.
            let past = history(home, None)?.into_iter().filter_map(Result::ok);
            let past: Vec<Past> = past.filter(|past| !past.report.is_undo()).collect();
            // A damaged memory of schedules is told by the watcher and the doctor.
            let known = Agendas::of(home).all().unwrap_or_default();
            let watched = AccountLock::is_watched(home)?;
            let waiting = queued(home, None)?;
            let saved = Destinations::of(home).dated()?;
            let names: Names = saved.iter().map(|(one, _)| one).collect();
            let saved = saved.into_iter();
            let rows = saved.map(|(destination, updated)| {
                let its_own = |past: &&Past| past.report.is_of(&destination.id());
                let agenda = known.of(&destination.id()).cloned();
                let id = destination.id();
                let waits = waiting
                    .iter()
                    .any(|one| one.destination.matches(id.as_str()));
                let state = |state| {
                    let agenda = agenda.as_ref();
                    let state = agenda
                        .and_then(|agenda| agenda.state(Some(state)))
                        .unwrap_or(state);
                    standing(Some(state), waits).unwrap_or(state)
                };
                let last = past.iter().find(its_own).map(|past| Last {
                    state: state(past.state),
                    report: past.report.clone(),
                    rejects: past.run.rejects(),
                });
                Row {
                    trouble: words.told_trouble(agenda.as_ref(), &names),
                    destination,
                    updated,
                    last,
                    agenda,
                    watched,
                }
            });
            let broken = Destinations::of(home).broken()?.into_iter();
            let broken = broken.map(|broken| Broken {
                line: words.broken_in_short(&broken.why),
                why: broken.why.explain(&words),
                name: broken.name,
            });
            Ok(Box::new(HomeData {
                rows: rows.collect(),
                broken: broken.collect(),
                // A damaged file of logins costs the logins, not this page; whoever needs one is told why.
                logins: Logins::of(home).list().unwrap_or_default(),
                usable: surroundings.login_names().unwrap_or_default(),
                drafts: Drafts::of(home).list(),
                users: surroundings.export_users().unwrap_or_default(),
                queries: home.queries(),
                remote: is_remote(),
            }))
        })
        .await
    }

    async fn save(
        &self,
        destination: Box<Destination>,
        former: Option<DestinationId>,
        fields: Vec<NewField>,
    ) -> Result<Box<Destination>, Error> {
        if !fields.is_empty() {
            self.make_fields(&destination, former.as_ref(), fields)
                .await?;
        }
        let surroundings = self.surroundings.clone();
        blocking(move || {
            let saved = surroundings.save_destination(*destination, former.as_ref())?;
            Ok(Box::new(saved))
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

    /// Makes the merge fields that the audience still lacks: the last thing before saving.
    async fn make_fields(
        &self,
        destination: &Destination,
        former: Option<&DestinationId>,
        fields: Vec<NewField>,
    ) -> Result<(), Error> {
        let (home, name) = (self.surroundings.home.clone(), destination.name.to_string());
        let taken = {
            let name = name.clone();
            blocking(move || Ok(Destinations::of(&home).find(&name)?)).await?
        };
        if taken.is_some_and(|other| former != Some(&other.id())) {
            return Err(StoreError::Exists(name).into());
        }
        let login = Surroundings::login_of(destination)?;
        let mailchimp = self.surroundings.access(login).await?.mailchimp()?;
        let audience = &destination.audience;
        let there = mailchimp.merge_fields(audience).await?;
        let lacks =
            |there: &[MergeField], tag: &MergeTag| there.iter().all(|field| field.tag != *tag);
        let lacking = fields.into_iter().filter(|field| lacks(&there, &field.tag));
        let lacking: Vec<MergeField> = lacking.map(MergeField::from).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let there = create_fields(&mailchimp, audience, &lacking).await?;
        let unmade = lacking.iter().filter(|field| lacks(&there, &field.tag));
        let unmet: Vec<Unmet> = unmade
            .map(|field| Unmet::UnknownField(field.tag.clone()))
            .collect();
        if unmet.is_empty() {
            Ok(())
        } else {
            Err(Error::Mapping(unmet))
        }
    }
}
