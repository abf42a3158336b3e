//! Takes back what a run did, contact by contact: each is read right before it is touched, and written down before and
//! after. Contacts are archived, values and tags are put back; a status is never raised.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::mailchimp::Values;
use super::stamp::{stamp_with, tags_of};
use super::touched::{Step, Touched};
use super::{Caller, Error, Mailchimp, Notice, Stop, Told};
use crate::domain::{AudienceId, Contact, Fate, PersonKey, SegmentSet, Status};
use crate::store::{
    Because, CallKind, Images, JournalWriter, LeftWriter, Record, Sent, SettledMember,
};

/// What all contacts of an undo have in common.
#[derive(Debug, Clone)]
pub struct TakeBack {
    /// Where they are.
    pub audience: AudienceId,
    /// The tags of the run's segments, by place.
    pub tags: Arc<[String]>,
    /// The undo's own journal.
    pub journal: JournalWriter,
    /// Where those are listed who are left.
    pub left: Arc<Mutex<LeftWriter>>,
}

impl TakeBack {
    /// Goes through contacts over all lanes, until the channel ends or the undo is stopped. What becomes of each is told
    /// as [`Notice::Settled`].
    ///
    /// # Errors
    /// The first error that ends it; [`Error::Stopped`] when the user did.
    pub async fn run(
        self,
        lanes: Vec<Caller>,
        work: mpsc::Receiver<Touched>,
        stop: Stop,
    ) -> Result<(), Error> {
        let work = Arc::new(tokio::sync::Mutex::new(work));
        let mut workers = JoinSet::new();
        for caller in lanes {
            let worker = Worker {
                mailchimp: Mailchimp::over(caller.clone()),
                caller,
                all: self.clone(),
            };
            let (work, stop) = (Arc::clone(&work), stop.clone());
            workers.spawn(async move { worker.work(&work, &stop).await });
        }
        let mut first = Ok(());
        while let Some(ended) = workers.join_next().await {
            let ended = ended.unwrap_or_else(|why| Err(Error::Broken(why.to_string())));
            // One lane's failure ends the undo: the others finish what they have in flight.
            if ended.is_err() && first.is_ok() {
                first = ended;
                stop.gently.cancel();
            }
        }
        first
    }
}

/// One lane at work.
struct Worker {
    all: TakeBack,
    caller: Caller,
    mailchimp: Mailchimp,
}

impl Worker {
    async fn work(
        &self,
        work: &tokio::sync::Mutex<mpsc::Receiver<Touched>>,
        stop: &Stop,
    ) -> Result<(), Error> {
        loop {
            let next = async { work.lock().await.recv().await };
            let touched = tokio::select! {
                biased;
                () = stop.gently.cancelled() => return Err(Error::Stopped),
                touched = next => touched,
            };
            let Some(touched) = touched else {
                return Ok(());
            };
            self.take_back(touched).await?;
        }
    }

    async fn take_back(&self, touched: Touched) -> Result<(), Error> {
        let id = touched.sent.id.unwrap_or(touched.sent.key);
        let contact = self.read(id).await?;
        let Some(contact) = contact else {
            return self.leave(touched.sent, None, Because::Gone).await;
        };
        match touched.step(&contact, &self.all.tags) {
            Step::Archive => self.archive(touched.sent, id, &contact).await,
            Step::Restore(tags, values) => {
                self.restore(touched.sent, (id, &contact), &tags, &values)
                    .await
            }
            Step::Leave(because) => self.leave(touched.sent, Some(&contact), because).await,
        }
    }

    async fn read(&self, id: PersonKey) -> Result<Option<Contact>, Error> {
        let found = self.mailchimp.look_up_id(&self.all.audience, id).await?;
        Ok(found.map(|(contact, _)| contact))
    }

    async fn archive(&self, sent: Sent, id: PersonKey, contact: &Contact) -> Result<(), Error> {
        let intent = self.intend(CallKind::Archive, &sent).await?;
        let call = self.mailchimp.archive_seen(&self.all.audience, id).await;
        match call {
            Ok(()) => {}
            // What is archived already cannot be archived: an answer went missing, or somebody was faster.
            Err(Error::NotFound { .. } | Error::Refused { status: 405, .. }) => {
                let now = self.read(id).await?;
                if now.is_none_or(|now| now.status != Status::Archived) {
                    return self.refused(sent, intent, contact).await;
                }
            }
            Err(why) => return self.not_taken(sent, intent, contact, why).await,
        }
        let after = stamp_with(contact, Status::Archived, &tags_of(contact));
        let after = after.unwrap_or(0);
        self.settle(sent, intent, Fate::Undone, after).await
    }

    async fn restore(
        &self,
        sent: Sent,
        (id, contact): (PersonKey, &Contact),
        tags: &BTreeMap<String, bool>,
        values: &Values,
    ) -> Result<(), Error> {
        let status = contact.status;
        if tags.is_empty() && values.is_empty() {
            let fate = Fate::Restored { status };
            return self.found(sent, fate, contact.stamp).await;
        }
        let intent = self.intend(CallKind::Restore, &sent).await?;
        let audience = &self.all.audience;
        let mut after = 0;
        // Tags first: what is half done can be told by them (`Touched::step`).
        let mut done = Ok(());
        if !tags.is_empty() {
            done = self.mailchimp.set_tags(audience, id, tags).await;
        }
        if done.is_ok() {
            self.hold(&sent, tags, status).await?;
        }
        if done.is_ok() && !values.is_empty() {
            let restored = self.mailchimp.set_values(audience, id, values).await;
            done = restored.map(|contact| after = contact.stamp);
        }
        match done {
            Ok(()) => {
                let fate = Fate::Restored { status };
                self.settle(sent, intent, fate, after).await
            }
            Err(why) => self.not_taken(sent, intent, contact, why).await,
        }
    }

    /// Writes down that the destination holds the contact in tags that are back, so that the next run can take them away
    /// once more.
    async fn hold(
        &self,
        sent: &Sent,
        tags: &BTreeMap<String, bool>,
        status: Status,
    ) -> Result<(), Error> {
        let spelled = |tag: &String| tag.trim().to_lowercase();
        let back = tags.iter().filter(|(_, is_back)| **is_back);
        let mut segments = SegmentSet::default();
        for (tag, _) in back {
            let mut places = self.all.tags.iter();
            if let Some(at) = places.position(|other| spelled(other) == spelled(tag)) {
                segments.insert(at);
            }
        }
        if segments.is_empty() {
            return Ok(());
        }
        let held = Sent {
            values: 0,
            segments,
            add: SegmentSet::default(),
            ..sent.clone()
        };
        let settled = SettledMember {
            at: 0,
            fate: Fate::Unchanged { status },
            after: 0,
            contact: None,
        };
        let found = Record::Found(vec![(held, settled)]);
        Ok(self.all.journal.write(&found).await?)
    }

    async fn intend(&self, call: CallKind, sent: &Sent) -> Result<u32, Error> {
        let (members, images) = (std::slice::from_ref(sent), Images::default());
        let journal = &self.all.journal;
        Ok(journal.intend(call, None, 0, members, images).await?)
    }

    /// A refusal that is about this contact leaves it; any other ends the undo.
    async fn not_taken(
        &self,
        sent: Sent,
        intent: u32,
        contact: &Contact,
        why: Error,
    ) -> Result<(), Error> {
        match why {
            Error::NotFound { .. }
            | Error::Refused {
                status: 400 | 405 | 422,
                ..
            } => self.refused(sent, intent, contact).await,
            why => Err(why),
        }
    }

    async fn refused(&self, sent: Sent, intent: u32, contact: &Contact) -> Result<(), Error> {
        self.list(&sent, Some(contact), Because::Refused)?;
        self.settle(sent, intent, Fate::Left, contact.stamp).await
    }

    async fn leave(
        &self,
        sent: Sent,
        contact: Option<&Contact>,
        because: Because,
    ) -> Result<(), Error> {
        self.list(&sent, contact, because)?;
        let after = contact.map_or(0, |contact| contact.stamp);
        self.found(sent, Fate::Left, after).await
    }

    /// Lists who is left, before that is written down: listed twice is better than not at all.
    fn list(&self, sent: &Sent, contact: Option<&Contact>, because: Because) -> Result<(), Error> {
        let address = contact.map_or("", |contact| &contact.address);
        let mut left = self.all.left.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(left.add(sent.id.unwrap_or(sent.key), address, because)?)
    }

    async fn settle(&self, sent: Sent, intent: u32, fate: Fate, after: u64) -> Result<(), Error> {
        let settled = SettledMember {
            at: 0,
            fate: fate.clone(),
            after,
            contact: None,
        };
        let written = self.all.journal.settle(intent, vec![settled]).await;
        // What a call did is told, though it cannot be written down.
        self.tell(sent, fate).await;
        Ok(written?)
    }

    async fn found(&self, sent: Sent, fate: Fate, after: u64) -> Result<(), Error> {
        let settled = SettledMember {
            at: 0,
            fate: fate.clone(),
            after,
            contact: None,
        };
        let found = Record::Found(vec![(sent.clone(), settled)]);
        self.all.journal.write(&found).await?;
        self.tell(sent, fate).await;
        Ok(())
    }

    async fn tell(&self, sent: Sent, fate: Fate) {
        let told = Told {
            sent,
            fate,
            reject: None,
            unclear: None,
        };
        self.caller.tell(Notice::Settled(vec![told])).await;
    }
}
