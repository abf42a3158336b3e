use std::sync::Arc;

use reqwest::Method;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::caller::{Call, Repeat};
use super::notice::{Notice, Verdict};
use super::queue::Queue;
use super::verdict::{Reconciled, note_segments, of_create, of_update, reason_of_problem};
use super::wire::BatchAnswer;
use super::{Caller, Error, Mailchimp, Stop, request};
use crate::domain::{AudienceId, Decision, Member, NewStatus, Reason, SegmentSet, Status};
use crate::plan::{decide, is_as_sent};

/// How many members are looked up by one task, so that all lanes share the work of a lost answer.
const LOOK_UP: usize = 25;
/// How often one member is taken up again before it is given up.
const TURNS: u8 = 4;

/// A member on its way to the audience.
#[derive(Debug, Clone)]
pub struct Item {
    /// The member.
    pub member: Member,
    /// The status read before; `None` for someone who was not there.
    pub before: Option<Status>,
    /// The segments whose tags are to be added.
    pub add: SegmentSet,
    /// Whether a create call with this member went out whose answer was not seen.
    pub in_doubt: bool,
    /// How often it was taken up again.
    pub turns: u8,
}

impl Item {
    /// Takes a member from the plan.
    #[must_use]
    pub fn new(member: Member, before: Option<Status>, add: SegmentSet) -> Self {
        Self {
            member,
            before,
            add,
            in_doubt: false,
            turns: 0,
        }
    }
}

/// Members that go to the audience in one call, at most 500.
#[derive(Debug, Clone)]
pub enum Batch {
    /// People who are not in the audience.
    Create(Vec<Item>),
    /// People who are.
    Update(Vec<Item>),
}

#[derive(Debug)]
enum Task {
    Send(Batch),
    LookUp(Vec<Item>),
}

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
            let ended = ended.unwrap_or_else(|why| {
                Err(Error::Unreadable {
                    what: "deliver a batch",
                    why: why.to_string(),
                })
            });
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

struct Worker {
    delivery: Delivery,
    caller: Caller,
    queue: Arc<Queue<Task>>,
}

impl Worker {
    async fn work(self, stop: Stop) -> Result<(), Error> {
        loop {
            let task = tokio::select! {
                biased;
                () = stop.gently.cancelled() => return Err(Error::Stopped),
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
            body: Some(body),
            repeat,
        };
        self.caller.read(&call).await
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
            Mailchimp::over(self.caller.clone())
                .archive(&self.delivery.audience, &item.member.address)
                .await?;
            verdict.recreated += 1;
            suppress(&mut verdict, item, Reason::Archived);
        }
        self.settled(verdict).await;
        self.ask_about(&look_up);
        Ok(())
    }

    async fn settled(&self, verdict: Verdict) {
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

    /// Asks the audience about members whose fate is not known, and goes on from what it says (rule 1).
    async fn look_up(&self, items: Vec<Item>) -> Result<(), Error> {
        let mailchimp = Mailchimp::over(self.caller.clone());
        let Delivery {
            audience,
            tags,
            status_if_new,
        } = &self.delivery;
        let (mut absent, mut differing, mut verdict) = (Vec::new(), Vec::new(), Verdict::default());
        for mut item in items {
            item.turns += 1;
            if item.turns > TURNS {
                note_segments(&mut verdict, &item);
                let detail = "Mailchimp neither took nor refused this member";
                verdict
                    .rejects
                    .push(item.member.reject(Reason::Refused, detail));
                continue;
            }
            let Some(contact) = mailchimp.contact(audience, &item.member.address).await? else {
                if item.before.is_some() {
                    // Deleted since the statuses were read: an update call would make them anew.
                    suppress(&mut verdict, &item, Reason::Archived);
                } else {
                    absent.push(item);
                }
                continue;
            };
            if item.in_doubt && is_as_sent(&item.member, &contact, (*status_if_new).into(), tags) {
                verdict.created += 1;
                verdict.tags_added += item.add.iter().count() as u64;
                note_segments(&mut verdict, &item);
                continue;
            }
            match decide(&item.member, &contact, tags) {
                Decision::Update { add } => {
                    verdict.not_mailable += u64::from(contact.status == Status::Transactional);
                    differing.push(Item {
                        before: Some(contact.status),
                        add,
                        ..item
                    });
                }
                Decision::Leave | Decision::Create => {
                    // A repeated update found everything in place: the call that was not heard of did it.
                    let updated = item.before.is_some();
                    verdict.updated += u64::from(updated);
                    verdict.unchanged += u64::from(!updated);
                    note_segments(&mut verdict, &item);
                }
                Decision::Suppress(reason) => suppress(&mut verdict, &item, reason),
            }
        }
        self.settled(verdict).await;
        self.go_on(absent, differing);
        Ok(())
    }

    fn go_on(&self, absent: Vec<Item>, differing: Vec<Item>) {
        for batch in [Batch::Create(absent), Batch::Update(differing)] {
            let (Batch::Create(items) | Batch::Update(items)) = &batch;
            if !items.is_empty() {
                self.queue.follow_up(Task::Send(batch));
            }
        }
    }
}

fn suppress(verdict: &mut Verdict, item: &Item, reason: Reason) {
    *verdict.suppressed.entry(reason).or_default() += 1;
    note_segments(verdict, item);
}

/// Sends the first update call of a run, with at most ten subscribed members, and reads them again: a status that
/// changed stops the run before more is sent (rule 1).
///
/// # Errors
/// [`Error::StatusChanged`] when one changed; else as every call.
pub async fn try_out_updates(
    delivery: &Delivery,
    caller: &Caller,
    items: Vec<Item>,
) -> Result<(), Error> {
    let (feed, batches) = mpsc::channel(1);
    let addresses: Vec<(String, Option<Status>)> = items
        .iter()
        .map(|item| (item.member.address.clone(), item.before))
        .collect();
    // The channel holds one batch, so this does not wait.
    let _fed = feed.send(Batch::Update(items)).await;
    drop(feed);
    delivery
        .clone()
        .run(vec![caller.clone()], batches, caller.stop().clone())
        .await?;
    let mailchimp = Mailchimp::over(caller.clone());
    for (address, before) in addresses {
        let (Some(before), Some(contact)) = (
            before,
            mailchimp.contact(&delivery.audience, &address).await?,
        ) else {
            continue;
        };
        // Someone may unsubscribe at any moment; what a call of ours must never do is change it otherwise.
        let person_did =
            contact.status == Status::Unsubscribed || contact.status == Status::Archived;
        if contact.status != before && !person_did {
            return Err(Error::StatusChanged {
                before,
                after: contact.status,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::Item;
    use crate::domain::{Member, Origin, SegmentSet};

    pub(in crate::deliver) fn item(address: &str) -> Item {
        let member = Member {
            seq: 1,
            profile: Some("p1".to_owned()),
            origin: Origin {
                file: Arc::from("people.csv"),
                line: 2,
            },
            address: address.to_owned(),
            key: address.to_lowercase(),
            agrees: true,
            segments: SegmentSet::only(0),
            fields: r#"{"FNAME":"A"}"#.to_owned(),
            language: None,
        };
        Item::new(member, None, SegmentSet::only(0))
    }
}
