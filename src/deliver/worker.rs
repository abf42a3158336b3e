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
use crate::domain::{AudienceId, Contact, Decision, Member, NewStatus, Reason, SegmentSet, Status};
use crate::plan::{decide, is_as_sent};

/// How many members are looked up by one task, so that all lanes share the work of a lost answer.
const LOOK_UP: usize = 25;
/// The most members in one call.
const MOST: usize = 500;
/// How often one member is taken up again before it is given up.
const TURNS: u8 = 9;

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
            body: Some(body),
            repeat,
        };
        let (answer, repeated) = self.caller.insist(&call).await?;
        let unreadable = |why: serde_json::Error| Error::Unreadable {
            what,
            why: why.to_string(),
        };
        let answer: BatchAnswer = serde_json::from_slice(&answer.body).map_err(unreadable)?;
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
        let mut fates = Fates::default();
        let mut asked = Ok(());
        for item in items {
            match mailchimp
                .contact(&self.delivery.audience, &item.member.address)
                .await
            {
                Ok(contact) => asked = self.decide_fate(&mut fates, item, contact.as_ref()),
                Err(why) => asked = Err(why),
            }
            if asked.is_err() {
                break;
            }
        }
        // What is known is told, whatever failed after it.
        self.settled(fates.verdict).await;
        self.send_again(fates.absent, Batch::Create);
        self.send_again(fates.differing, Batch::Update);
        asked
    }

    fn decide_fate(
        &self,
        fates: &mut Fates,
        item: Item,
        contact: Option<&Contact>,
    ) -> Result<(), Error> {
        let Delivery {
            tags,
            status_if_new,
            ..
        } = &self.delivery;
        let item = Item {
            turns: item.turns + 1,
            ..item
        };
        let Some(contact) = contact else {
            return fates.absent(item);
        };
        let verdict = &mut fates.verdict;
        if item.in_doubt && is_as_sent(&item.member, contact, (*status_if_new).into(), tags) {
            verdict.created += 1;
            verdict.tags_added += item.add.iter().count() as u64;
            note_segments(verdict, &item);
            return Ok(());
        }
        // Those whom the plan knew as transactional are counted there.
        let found_unmailable =
            contact.status == Status::Transactional && item.before != Some(Status::Transactional);
        match decide(&item.member, contact, tags) {
            Decision::Suppress(reason) => suppress(verdict, &item, reason),
            Decision::Update { add } if item.turns <= TURNS => {
                verdict.not_mailable += u64::from(found_unmailable);
                let member = Member {
                    address: contact.address.clone(),
                    ..item.member
                };
                let before = Some(contact.status);
                fates.differing.push(Item {
                    member,
                    before,
                    add,
                    in_doubt: false,
                    ..item
                });
            }
            Decision::Update { .. } => {
                return Err(Error::Unseen {
                    what: "update members",
                });
            }
            Decision::Leave | Decision::Create => {
                verdict.not_mailable += u64::from(found_unmailable);
                // A repeated update found everything in place: the call that was not heard of did it.
                let updated = item.before.is_some();
                verdict.updated += u64::from(updated);
                verdict.unchanged += u64::from(!updated);
                verdict.tags_added += if updated {
                    item.add.iter().count() as u64
                } else {
                    0
                };
                note_segments(verdict, &item);
            }
        }
        Ok(())
    }

    /// Puts members in line again, in calls as large as may be: those of several lost answers go together.
    fn send_again(&self, items: Vec<Item>, batch: fn(Vec<Item>) -> Batch) {
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

/// What became of members that were looked up.
#[derive(Default)]
struct Fates {
    verdict: Verdict,
    absent: Vec<Item>,
    differing: Vec<Item>,
}

impl Fates {
    /// Goes on about a member whom the audience does not hold.
    fn absent(&mut self, item: Item) -> Result<(), Error> {
        if item.before.is_some() {
            // Deleted since the statuses were read: an update call would make them anew.
            suppress(&mut self.verdict, &item, Reason::Archived);
        } else if item.turns <= TURNS {
            self.absent.push(item);
        } else if item.in_doubt {
            // The service takes no writes now; later it may.
            return Err(Error::Unseen {
                what: "create members",
            });
        } else {
            note_segments(&mut self.verdict, &item);
            let detail = "Mailchimp says that this contact exists, and that it does not";
            self.verdict
                .rejects
                .push(item.member.reject(Reason::Refused, detail));
        }
        Ok(())
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
        // Someone deleted since the statuses were read has been archived again just now.
        if contact.status != before && contact.status != Status::Archived {
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
