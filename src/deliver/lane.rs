use std::sync::Arc;

use reqwest::Method;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::batch::{Batch, Item, MOST, Task};
use super::caller::{Call, Repeat};
use super::notice::{Notice, Verdict};
use super::queue::Queue;
use super::verdict::{
    Reconciled, note_segments, of_create, of_update, reason_of_problem, suppress,
};
use super::wire::BatchAnswer;
use super::{Caller, Error, Mailchimp, Stop, request};
use crate::domain::{AudienceId, NewStatus, Reason};
use crate::http::Answer;

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
}

impl Delivery {
    /// Delivers batches over the lanes given, until the channel ends or the run is stopped. What becomes of each member
    /// is told as [`Notice::Settled`].
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
        first
    }
}

/// One lane at work on the tasks of a delivery.
pub(super) struct Worker {
    pub delivery: Delivery,
    pub caller: Caller,
    queue: Arc<Queue<Task>>,
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
                Task::Send(Batch::Update(items)) => self.update(items).await,
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
            ..
        } = &self.delivery;
        // Who is sent again, after an answer that was not seen, waits: the service may be overloaded.
        self.caller
            .wait_turn(items.iter().map(|item| item.turns).max().unwrap_or(0))
            .await?;
        let body = request::create(&items, tags, *status_if_new);
        match self.send("create members", body, Repeat::Unsure).await {
            Ok(answer) => {
                self.reconciled(of_create(items, &answer, *status_if_new))
                    .await
            }
            Err(Error::Unseen { .. } | Error::Unreadable { .. }) => {
                let in_doubt: Vec<Item> = items
                    .into_iter()
                    .map(|item| Item {
                        in_doubt: true,
                        ..item
                    })
                    .collect();
                self.ask_about(&in_doubt);
                Ok(())
            }
            Err(why) => self.bisect(items, why, Batch::Create).await,
        }
    }

    async fn update(&self, items: Vec<Item>) -> Result<(), Error> {
        let body = request::update(&items, &self.delivery.tags);
        match self.send("update members", body, Repeat::Harmless).await {
            Ok(answer) => self.reconciled(of_update(items, &answer)).await,
            Err(why) => self.bisect(items, why, Batch::Update).await,
        }
    }

    async fn send(
        &self,
        what: &'static str,
        body: Result<Vec<u8>, serde_json::Error>,
        repeat: Repeat,
    ) -> Result<BatchAnswer, Error> {
        let body = body.map_err(|why| Error::Unreadable {
            what,
            why: why.to_string(),
        })?;
        let path = format!("/lists/{}", self.delivery.audience);
        let call = Call {
            what,
            method: Method::POST,
            path,
            query: vec![],
            body: Some(body.into()),
            repeat,
        };
        let read = |answer: &Answer| serde_json::from_slice(&answer.body);
        let (answer, repeated): (BatchAnswer, bool) = self.caller.insist(&call, read).await?;
        Ok(BatchAnswer { repeated, ..answer })
    }

    /// A refusal in JSON of a whole call is about one member of it: halves are sent until that one is alone.
    async fn bisect(
        &self,
        mut items: Vec<Item>,
        why: Error,
        batch: fn(Vec<Item>) -> Batch,
    ) -> Result<(), Error> {
        let Error::Refused {
            status: 400 | 422,
            problem,
            ..
        } = &why
        else {
            return Err(why);
        };
        if items.len() > 1 {
            let second = items.split_off(items.len() / 2);
            self.queue.follow_up(Task::Send(batch(items)));
            self.queue.follow_up(Task::Send(batch(second)));
            return Ok(());
        }
        let (reason, detail) = reason_of_problem(problem);
        self.reject(items, reason, &detail).await;
        Ok(())
    }

    async fn reconciled(&self, out: Reconciled) -> Result<(), Error> {
        let Reconciled {
            mut verdict,
            look_up,
            recreated,
        } = out;
        for item in &recreated {
            verdict.recreated += 1;
            suppress(&mut verdict, item, Reason::Archived);
        }
        // What is known is told first: archiving may fail.
        self.settled(verdict).await;
        self.ask_about(&look_up);
        let mailchimp = Mailchimp::over(self.caller.clone());
        for item in &recreated {
            mailchimp
                .archive(&self.delivery.audience, &item.member.address)
                .await?;
        }
        Ok(())
    }

    /// Tells what became of members.
    pub async fn settled(&self, verdict: Verdict) {
        if verdict != Verdict::default() {
            self.caller.tell(Notice::Settled(Box::new(verdict))).await;
        }
    }

    async fn reject(&self, items: Vec<Item>, reason: Reason, detail: &str) {
        let mut verdict = Verdict::default();
        for item in items {
            note_segments(&mut verdict, &item);
            verdict.rejects.push(item.member.reject(reason, detail));
        }
        self.settled(verdict).await;
    }

    fn ask_about(&self, items: &[Item]) {
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
