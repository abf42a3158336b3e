//! What a lane writes down: a call before it goes out, and what became of its members before anyone is told.

use std::collections::BTreeMap;

use super::batch::{Item, Outcome};
use super::lane::Worker;
use super::{Error, Mailchimp, Notice, Told};
use crate::domain::{Fate, PersonKey, Reason};
use crate::store::{CallKind, Image, Images, Record, Sent, SettledMember};

impl Worker {
    /// Writes down that a call is about to be made with these members; nothing goes out before that.
    pub async fn intend(&self, call: CallKind, mut items: Vec<Item>) -> Result<Vec<Item>, Error> {
        let attempt = items.iter().map(|item| item.turns).max().unwrap_or(0);
        let members: Vec<Sent> = items.iter().map(Item::sent).collect();
        let mut images = Images::default();
        for (item, Sent { key, id, .. }) in items.iter_mut().zip(&members) {
            if let Some(image) = item.image.take() {
                let before = serde_json::to_string(&image);
                let before = before.map_err(|why| Error::Broken(why.to_string()))?;
                let (key, id) = (*key, *id);
                images.add(&Image { key, id, before })?;
            }
        }
        let journal = &self.delivery.journal;
        let intent = journal
            .intend(call, None, attempt, &members, images)
            .await?;
        for (at, item) in (0..).zip(&mut items) {
            item.intents.push((intent, at));
        }
        Ok(items)
    }

    /// Writes down what became of members, then tells it.
    pub async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), Error> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let (mut results, mut found) = (BTreeMap::<u32, Vec<_>>::new(), Vec::new());
        let mut said = Vec::new();
        let mut told = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            let (sent, fate) = (outcome.item.sent(), outcome.fate.clone());
            let settled = |at, fate| SettledMember {
                at,
                fate,
                after: outcome.after,
                contact: outcome.contact,
            };
            // An outcome is that of the last call; calls before it, whose answers were not seen, are over with it.
            match outcome.item.intents.split_last() {
                Some(((last, at), earlier)) => {
                    let result = settled(*at, fate.clone());
                    results.entry(*last).or_default().push(result);
                    for (intent, at) in earlier {
                        let nothing = settled(*at, Fate::Nothing);
                        results.entry(*intent).or_default().push(nothing);
                    }
                }
                None => found.push((sent.clone(), settled(0, fate.clone()))),
            }
            let unclear = matches!(fate, Fate::Suppressed(Reason::Unclear));
            let reject = outcome.reject();
            let unclear = outcome.words.filter(|_| unclear);
            if let Some(words) = &unclear {
                let (key, words) = (sent.key, without_addresses(words));
                said.push(Record::Said { key, words });
            }
            told.push(Told {
                sent,
                fate,
                reject,
                unclear,
            });
        }
        let mut written = self.write_down(results, found).await;
        for words in said {
            let noted = self.delivery.journal.write(&words).await;
            written = written.and(noted.map_err(Error::from));
        }
        // What a call did is told, though it cannot be written down: then the run stops, and the next one looks it up.
        self.caller.tell(Notice::Settled(told)).await;
        written
    }

    async fn write_down(
        &self,
        results: BTreeMap<u32, Vec<SettledMember>>,
        found: Vec<(Sent, SettledMember)>,
    ) -> Result<(), Error> {
        let journal = &self.delivery.journal;
        for (intent, settled) in results {
            journal.settle(intent, settled).await?;
        }
        if !found.is_empty() {
            journal.write(&Record::Found(found)).await?;
        }
        Ok(())
    }

    /// Writes down that calls with these members had no effect; other calls will tell what becomes of them.
    pub async fn close(&self, items: &mut [Item]) -> Result<(), Error> {
        let mut results = BTreeMap::<u32, Vec<_>>::new();
        for (intent, at) in items.iter_mut().flat_map(|item| item.intents.drain(..)) {
            results.entry(intent).or_default().push(SettledMember {
                at,
                fate: Fate::Nothing,
                after: 0,
                contact: None,
            });
        }
        self.write_down(results, Vec::new()).await
    }

    /// Archives people again whom a call made anew. That is written down before anything else: a failure must not lose
    /// it; and where it cannot be written down, it is done all the more.
    pub async fn archive_again(&self, recreated: Vec<Outcome>) -> Result<(), Error> {
        if recreated.is_empty() {
            return Ok(());
        }
        let people: Vec<(PersonKey, String)> = recreated
            .iter()
            .map(|one| (one.item.member.person, one.item.member.address.clone()))
            .collect();
        // What is known is told first: archiving may fail.
        let mut noted = self.settle(recreated).await;
        let mailchimp = Mailchimp::over(self.caller.clone());
        let count = people.len() as u64;
        for (person, address) in people {
            mailchimp.archive(&self.delivery.audience, &address).await?;
            let paid = self.delivery.journal.write(&Record::Paid(person)).await;
            noted = noted.and(paid.map_err(Error::from));
        }
        noted?;
        self.delivery.shared.count_recreated(count)
    }
}

/// Takes out of the service's words what may be an address: the journal holds none.
fn without_addresses(words: &str) -> String {
    let words = words.split(' ');
    let nameless = words.map(|word| if word.contains('@') { "…" } else { word });
    nameless.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn rule_5_words_that_are_written_down_name_nobody() {
        let words = "a+b@x.example is already a list member. Use PUT.";
        assert_eq!(
            without_addresses(words),
            "… is already a list member. Use PUT."
        );
    }
}
