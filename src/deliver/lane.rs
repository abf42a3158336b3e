use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::batch::{Batch, Item, MOST, Outcome, Task};
use super::caller::{Call, Repeat};
use super::queue::Queue;
use super::shared::Shared;
use super::verdict::{Reconciled, names_strangers, of_create, of_update, reason_of_problem};
use super::watch::Watch;
use super::wire::{BatchAnswer, Times};
use super::{Caller, Error, Mailchimp, Stop, request};
use crate::domain::{AudienceId, Fate, NewStatus, Reason};
use crate::http::Answer;
use crate::store::{CallKind, JournalWriter};

/// Calls get no smaller than this because they take too long.
const SMALLEST: usize = 50;
/// How many members are looked up by one task, so that all lanes share the work of a lost answer.
const LOOK_UP: usize = 25;

/// What all batches of a run have in common.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where they go.
    pub audience: AudienceId,
    /// The tag of each of the run's segments, by place.
    pub tags: Arc<[String]>,
    /// What new people get.
    pub status_if_new: NewStatus,
    pub(super) journal: JournalWriter,
    pub(super) shared: Arc<Shared>,
}

/// When a run began, and from when on it asks for changes.
#[derive(Debug, Clone)]
pub struct Began {
    /// The time by the service's clock.
    pub at: Timestamp,
    /// A little earlier, as the service writes times.
    pub changes_from: String,
}

impl Delivery {
    /// Describes the delivery of a run. Each call is written into the journal before and after.
    #[must_use]
    pub fn new(
        audience: AudienceId,
        tags: Arc<[String]>,
        status_if_new: NewStatus,
        began: Began,
        journal: JournalWriter,
    ) -> Self {
        let watch = Watch::new(audience.clone(), began.at, began.changes_from);
        Self {
            audience,
            tags,
            status_if_new,
            journal,
            shared: Arc::new(Shared::new(watch)),
        }
    }

    /// Delivers batches over the lanes given, until the channel ends or the run is stopped. What becomes of each member
    /// is told as [`Notice::Settled`](super::Notice::Settled).
    ///
    /// # Errors
    /// The first error that ends the run; [`Error::Stopped`] when the user did.
    pub async fn run(
        self,
        lanes: Vec<Caller>,
        mut batches: mpsc::Receiver<Batch>,
        stop: Stop,
    ) -> Result<(), Error> {
        let queue = Arc::new(Queue::new(lanes.len()));
        let feeding = Arc::clone(&queue);
        let feeder = tokio::spawn(async move {
            while let Some(batch) = batches.recv().await {
                feeding.feed(Task::Send(batch)).await;
            }
            feeding.end();
        });
        let teller = lanes.first().map(|caller| Worker {
            delivery: self.clone(),
            caller: caller.clone(),
            queue: Arc::clone(&queue),
        });
        let mut workers = JoinSet::new();
        for caller in lanes {
            let worker = Worker {
                delivery: self.clone(),
                caller,
                queue: Arc::clone(&queue),
            };
            let stop = stop.clone();
            workers.spawn(async move { worker.work(stop).await });
        }
        let mut first = Ok(());
        while let Some(ended) = workers.join_next().await {
            let ended = ended.unwrap_or_else(|why| Err(Error::Broken(why.to_string())));
            // One lane's failure ends the run: the others finish what they have in flight.
            if ended.is_err() && first.is_ok() {
                first = ended;
                stop.gently.cancel();
            }
        }
        feeder.abort();
        // Members refused alone were at fault themselves, unless everything was refused.
        if let (Some(teller), false) = (teller, matches!(first, Err(Error::Refused { .. }))) {
            let told = teller.settle(self.shared.taken()).await;
            first = first.and(told);
        }
        first
    }
}

/// One lane at work on the tasks of a delivery.
pub(super) struct Worker {
    pub delivery: Delivery,
    pub caller: Caller,
    pub queue: Arc<Queue<Task>>,
}

impl Worker {
    async fn work(self, stop: Stop) -> Result<(), Error> {
        loop {
            let task = tokio::select! {
                biased;
                () = stop.gently.cancelled() => {
                    return if self.queue.is_over() { Ok(()) } else { Err(Error::Stopped) };
                }
                task = self.queue.take() => task,
            };
            let Some(task) = task else { return Ok(()) };
            let performed = match task {
                Task::Send(Batch::Create(items)) => self.create(items).await,
                Task::Send(Batch::Update(items)) => self.try_out_or_update(items).await,
                Task::Send(Batch::Reinstate(items)) => self.reinstate(items).await,
                Task::LookUp(items) => self.look_up(items).await,
            };
            self.queue.done();
            performed?;
        }
    }

    async fn create(&self, items: Vec<Item>) -> Result<(), Error> {
        let Delivery {
            tags,
            status_if_new,
            shared,
            ..
        } = &self.delivery;
        // Who is sent again, after an answer that was not seen, waits: the service may be overloaded.
        self.caller
            .wait_turn(items.iter().map(|item| item.turns).max().unwrap_or(0))
            .await?;
        let items = self.keep_out(items).await?;
        let items = self.fit(items, Batch::Create);
        if items.is_empty() {
            return Ok(());
        }
        let body = request::create(&items, tags, *status_if_new);
        let items = self.intend(CallKind::Create, items).await?;
        let sent = self
            .send("create members", body, Repeat::Unsure, &items)
            .await;
        match sent {
            Ok(answer) => {
                let was_there = |item: &Item, times: &Times| shared.watch.was_there(item, times);
                let out = of_create(items, &answer, was_there);
                shared.watch.landed(&out.outcomes);
                self.settle(shared.taken()).await?;
                self.reconciled(out).await
            }
            Err(why) => self.not_taken(items, why, Batch::Create).await,
        }
    }

    /// Leaves out who was archived since the run began, and archives again whom a call has just taken in (rule 1).
    async fn keep_out(&self, items: Vec<Item>) -> Result<Vec<Item>, Error> {
        let watch = &self.delivery.shared.watch;
        let caught = watch.look(&Mailchimp::over(self.caller.clone())).await?;
        let taken_back = caught.into_iter().map(|item| {
            // Its call is settled: this comes on top of it.
            let intents = Vec::new();
            Outcome::new(Item { intents, ..item }, Fate::Recreated { told: true })
        });
        self.archive_again(taken_back.collect()).await?;
        let (archived, items) = watch.part(items);
        let suppressed = archived
            .into_iter()
            .map(|item| Outcome::new(item, Fate::Suppressed(Reason::Archived)));
        self.settle(suppressed.collect()).await?;
        Ok(items)
    }

    /// Sends an update call; tells how many it updated, where it was answered.
    pub async fn update(&self, items: Vec<Item>) -> Result<Option<u64>, Error> {
        let items = self.fit(items, Batch::Update);
        let body = request::update(&items, &self.delivery.tags);
        let items = self.intend(CallKind::Update, items).await?;
        let sent = self
            .send("update members", body, Repeat::Harmless, &items)
            .await;
        match sent {
            Ok(answer) => {
                let out = of_update(items, &answer);
                let updated = |one: &&Outcome| matches!(one.fate, Fate::Updated { .. });
                let updated = out.outcomes.iter().filter(updated).count() as u64;
                self.settle(self.delivery.shared.taken()).await?;
                self.reconciled(out).await?;
                Ok(Some(updated))
            }
            Err(why) => {
                self.not_taken(items, why, Batch::Update).await?;
                Ok(None)
            }
        }
    }

    /// Keeps a call as small as the service wants it; the rest follows.
    fn fit(&self, mut items: Vec<Item>, batch: fn(Vec<Item>) -> Batch) -> Vec<Item> {
        let size = self.delivery.shared.size();
        if items.len() > size {
            let rest = items.split_off(size);
            for some in rest.chunks(size) {
                self.queue.follow_up(Task::Send(batch(some.to_vec())));
            }
        }
        items
    }

    async fn send(
        &self,
        what: &'static str,
        body: Result<Vec<u8>, serde_json::Error>,
        repeat: Repeat,
        items: &[Item],
    ) -> Result<BatchAnswer, Error> {
        let unreadable = |why: serde_json::Error| Error::Unreadable {
            what,
            why: why.to_string(),
        };
        let call = Call {
            what,
            method: Method::POST,
            path: format!("/lists/{}", self.delivery.audience),
            query: vec![],
            body: Some(body.map_err(unreadable)?.into()),
            repeat,
            shrinks: items.len() > SMALLEST,
        };
        let read = |answer: &Answer| serde_json::from_slice(&answer.body);
        let (answer, repeated): (BatchAnswer, bool) = self.caller.insist(&call, read).await?;
        if names_strangers(items, &answer) {
            return Err(Error::stranger(what));
        }
        self.delivery.shared.fitted(items.len());
        Ok(BatchAnswer { repeated, ..answer })
    }

    /// Goes on about a call that was not taken as it was.
    async fn not_taken(
        &self,
        mut items: Vec<Item>,
        why: Error,
        batch: fn(Vec<Item>) -> Batch,
    ) -> Result<(), Error> {
        let shared = &self.delivery.shared;
        match &why {
            Error::TooMuch { done, .. } => {
                shared.too_many(items.len());
                if *done {
                    let items = items.into_iter();
                    self.in_doubt(items.map(Item::doubted).collect(), batch);
                } else {
                    self.close(&mut items).await?;
                    self.queue.follow_up(Task::Send(batch(items)));
                }
                Ok(())
            }
            Error::Unseen { .. } => {
                self.in_doubt(items.into_iter().map(Item::doubted).collect(), batch);
                Ok(())
            }
            // Nothing in it can be believed, so the audience is asked; but not for ever.
            Error::Unreadable { .. } if !shared.refused(items.len()) => {
                self.ask_about(&items.into_iter().map(Item::doubted).collect::<Vec<_>>());
                Ok(())
            }
            Error::Refused {
                status: 400 | 413 | 422,
                problem,
                ..
            } => {
                let about = reason_of_problem(problem);
                self.close(&mut items).await?;
                self.bisect(items, why, about, batch)
            }
            // A call that was refused, or never went out, has done nothing; of others nobody knows.
            Error::Refused { .. } | Error::SignIn(_) | Error::NotFound { .. } => {
                self.close(&mut items).await?;
                Err(why)
            }
            _ => Err(why),
        }
    }

    /// Finds out what became of members of a create call; an update call can simply be repeated.
    fn in_doubt(&self, items: Vec<Item>, batch: fn(Vec<Item>) -> Batch) {
        match batch(items) {
            Batch::Create(items) => self.ask_about(&items),
            other => self.queue.follow_up(Task::Send(other)),
        }
    }

    /// A refusal in JSON of a whole call is about one member of it, so that one is looked for; or about every call, then
    /// the run ends. The first member goes alone, which tells the two apart at once.
    fn bisect(
        &self,
        mut items: Vec<Item>,
        why: Error,
        (reason, detail): (Reason, String),
        batch: fn(Vec<Item>) -> Batch,
    ) -> Result<(), Error> {
        let shared = &self.delivery.shared;
        let about_a_person = items.len() == 1 && reason.is_remembered();
        if !about_a_person && shared.refused(items.len()) {
            return Err(why);
        }
        if items.len() > 1 {
            let mut rest = items.split_off(1);
            let second = rest.split_off(rest.len() / 2);
            for part in [items, rest, second] {
                if !part.is_empty() {
                    self.queue.follow_up(Task::Send(batch(part)));
                }
            }
            return Ok(());
        }
        for item in items {
            shared.hold(Outcome {
                words: Some(detail.as_str().into()),
                ..Outcome::new(item, Fate::Rejected(reason))
            });
        }
        Ok(())
    }

    async fn reconciled(&self, out: Reconciled) -> Result<(), Error> {
        self.ask_about(&out.look_up);
        let anew = |one: &Outcome| matches!(one.fate, Fate::Recreated { .. });
        let (recreated, settled) = out.outcomes.into_iter().partition(anew);
        self.settle(settled).await?;
        self.archive_again(recreated).await
    }

    /// Has members looked up.
    pub fn ask_about(&self, items: &[Item]) {
        for some in items.chunks(LOOK_UP) {
            self.queue.follow_up(Task::LookUp(some.to_vec()));
        }
    }

    /// Puts members in line again, in calls as large as may be: those of several lost answers go together.
    pub fn send_again(&self, items: Vec<Item>, batch: fn(Vec<Item>) -> Batch) {
        if items.is_empty() {
            return;
        }
        self.queue.join(Task::Send(batch(items)), |waiting, more| {
            match (waiting, more) {
                (Task::Send(Batch::Create(waiting)), Task::Send(Batch::Create(more)))
                | (Task::Send(Batch::Update(waiting)), Task::Send(Batch::Update(more)))
                    if waiting.len() + more.len() <= MOST =>
                {
                    waiting.append(more);
                    true
                }
                _ => false,
            }
        });
    }
}
