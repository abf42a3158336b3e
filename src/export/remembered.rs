//! Whom an audience is remembered to refuse, named by what still names them: the ledger knows people by keys alone.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::Error;
use crate::domain::{Destination, Email, PersonKey, Reason, Target};
use crate::source::{ReadRequest, Row, Source};
use crate::store::{Home, Ledger, Refusal, RejectReader, RunFolder};

/// Someone who is left alone because of what Mailchimp said of them before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The address, where something still names it.
    pub email: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` for good.
    pub until: Option<Timestamp>,
    /// Mailchimp's own words, where it contradicts itself; else empty.
    pub words: String,
}

/// Addresses by the keys of those who are looked for.
type Names = HashMap<PersonKey, Option<String>>;

/// Who is remembered as refused by an audience, to be named.
#[derive(Debug)]
pub struct Refused {
    refusals: Vec<Refusal>,
    names: Names,
}

impl Refused {
    /// Reads who is remembered now. An audience that nothing was exported to yet has no ledger, and gets none by this.
    ///
    /// # Errors
    /// Fails when the ledger cannot be read.
    pub fn by(home: &Home, destination: &Destination, now: Timestamp) -> Result<Self, Error> {
        let refusals = match ledger(home, destination)? {
            Some(ledger) => ledger.refusals()?,
            None => Vec::new(),
        };
        let holding = refusals.into_iter().filter(|one| one.still_holds(now));
        let refusals: Vec<_> = holding.collect();
        let names = refusals.iter().map(|refusal| (refusal.key, None)).collect();
        Ok(Self { refusals, names })
    }

    /// Tells whether anybody is without a name yet.
    #[must_use]
    pub fn lacks_names(&self) -> bool {
        self.names.values().any(Option::is_none)
    }

    /// Takes names from the rejects of a run. A file that is damaged names whom it can.
    pub fn name_by_rejects(&mut self, run: &RunFolder) {
        let rejects = RejectReader::open(&run.rejects());
        let rejects = rejects.into_iter().flatten().flatten();
        for reject in rejects.map_while(Result::ok) {
            self.name(reject.email.as_deref().unwrap_or_default());
        }
    }

    /// Takes names from the source, which is read whole for it; nothing of it is kept.
    ///
    /// # Errors
    /// As reading the source.
    pub async fn name_by_source(
        &mut self,
        source: &Source,
        destination: &Destination,
    ) -> Result<(), Error> {
        let Some(attribute) = destination.map.get(&Target::Email) else {
            return Ok(());
        };
        let segments = destination.segments.iter();
        let request = ReadRequest {
            segments: segments.map(|segment| segment.id.clone()).collect(),
            attributes: vec![attribute.to_owned()],
            trust_counts: true,
            ..ReadRequest::default()
        };
        let (send, mut rows) = mpsc::channel::<Vec<Row>>(8);
        let naming = async {
            while let Some(batch) = rows.recv().await {
                for cells in batch.iter().filter_map(|row| row.cells.as_ref().ok()) {
                    self.name(cells.get(0));
                }
            }
        };
        let (read, ()) = tokio::join!(source.read(request, send), naming);
        read?;
        Ok(())
    }

    fn name(&mut self, address: &str) {
        let Ok(email) = Email::parse(address) else {
            return;
        };
        if let Some(name) = self.names.get_mut(&PersonKey::of(email.key())) {
            name.get_or_insert_with(|| email.address().to_owned());
        }
    }

    /// Lists them: first those with a name, the longest remembered first.
    #[must_use]
    pub fn listed(mut self) -> Vec<Remembered> {
        let named = self.refusals.iter().map(|refusal| Remembered {
            email: self.names.get_mut(&refusal.key).and_then(Option::take),
            reason: refusal.reason,
            since: refusal.since,
            until: refusal.until(),
            words: refusal.words.clone(),
        });
        let mut listed: Vec<_> = named.collect();
        listed.sort_by_key(|one| (one.email.is_none(), one.since, one.reason));
        listed
    }
}

fn ledger(home: &Home, destination: &Destination) -> Result<Option<Ledger>, Error> {
    let there = home.ledger(&destination.audience).exists();
    let ledger = there.then(|| Ledger::open(home, &destination.audience));
    Ok(ledger.transpose()?)
}

/// Forgets that these addresses were refused, so that the next run sends them again; tells how many were remembered.
///
/// # Errors
/// Fails when the ledger cannot be read or written.
pub fn forget_refusals<'a>(
    home: &Home,
    destination: &Destination,
    addresses: impl IntoIterator<Item = &'a str>,
) -> Result<u64, Error> {
    let Some(mut ledger) = ledger(home, destination)? else {
        return Ok(0);
    };
    let mut forgotten = 0;
    for address in addresses {
        let key = PersonKey::of(&Email::key_of(address));
        forgotten += u64::from(ledger.forget(key)?);
    }
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Refused, forget_refusals};
    use crate::domain::{Destination, PersonKey, Reason, Reject, RejectKind};
    use crate::source::Source;
    use crate::store::{Home, Ledger, RejectWriter, RunFolder};

    fn destination(people: &str) -> Destination {
        let text = format!(
            "name = 'a'\nlogin = 'a'\naudience = 'aaa'\nsource = 'folder:{people}'\nstatus_if_new = 'subscribed'\n\
             created_at = '2026-01-01T00:00:00Z'\n[[segments]]\nid = 'all-profiles'\nlabel = 'all'\n[map]\nemail = 'E-mail'\n"
        );
        toml::from_str(&text).expect("destination")
    }

    fn reject(run: &RunFolder, email: &str) {
        let mut rejects = RejectWriter::create(run).expect("rejects");
        let reject = Reject {
            profile: None,
            file: "people.csv".to_owned(),
            line: 2,
            email: Some(email.to_owned()),
            reason: Reason::Refused,
            detail: String::new(),
            kind: RejectKind::Person,
        };
        rejects.add(&reject, "").expect("added");
        rejects.flush().expect("written");
    }

    #[tokio::test]
    async fn who_is_remembered_is_named_by_what_still_names_them_and_forgotten_by_address() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path().join("home"));
        let people = folder.path().join("people.csv");
        std::fs::write(&people, "E-mail\n Source@X.example\nother@x.example\n").expect("people");
        let destination = destination(&people.display().to_string());
        let now = Timestamp::from_second(1_800_000_000).expect("time");
        let by = |now| Refused::by(&home, &destination, now).expect("read");
        assert!(by(now).listed().is_empty());
        assert!(
            !home.ledger(&destination.audience).exists(),
            "nothing is made by looking"
        );
        let refused = [
            ("source", Reason::Fake),
            ("rejects", Reason::Unclear),
            ("gone", Reason::Compliance),
        ];
        let refused = refused.map(|(who, why)| (PersonKey::of(&format!("{who}@x.example")), why));
        let mut ledger = Ledger::open(&home, &destination.audience).expect("ledger");
        ledger.remember(&refused, now).expect("remembered");
        let run = RunFolder::create(&home, now).expect("run");
        reject(&run, "rejects@x.example");

        let mut found = by(now);
        found.name_by_rejects(&run);
        assert!(found.lacks_names());
        let source = Source::open(&destination.source, &destination.folder, None).await;
        let source = source.expect("source");
        let read = found.name_by_source(&source, &destination).await;
        read.expect("read");
        let listed: Vec<_> = found
            .listed()
            .into_iter()
            .map(|one| (one.email, one.reason, one.until.is_some()))
            .collect();
        let named = |who: &str| Some(who.to_owned());
        let expected = [
            (named("Source@X.example"), Reason::Fake, false),
            (named("rejects@x.example"), Reason::Unclear, true),
            (None, Reason::Compliance, false),
        ];
        assert_eq!(listed, expected);
        let later = now + SignedDuration::from_hours(8 * 24);
        assert_eq!(
            by(later).listed().len(),
            2,
            "a contradiction is over after a week"
        );

        let forget = |addresses: &[&str]| {
            forget_refusals(&home, &destination, addresses.iter().copied()).expect("forgotten")
        };
        assert_eq!(forget(&[" GONE@x.example", "nobody@x.example"]), 1);
        assert_eq!(forget(&["gone@x.example"]), 0);
        assert_eq!(by(now).listed().len(), 2);
    }
}
