use std::collections::BTreeMap;
use std::io::Read;

use super::{Began, CallKind, Damage, Intent, JournalReader, Record, Sent, Settled};
use crate::domain::{Fate, PersonKey};
use crate::store::Error;

/// What a journal says of one member: the step of every fold.
#[derive(Debug, Clone, Copy)]
pub struct MemberFate<'a> {
    /// What the run is, unless that record is damaged.
    pub began: Option<&'a Began>,
    /// What the call did; `None` of a member whom no call named.
    pub call: Option<CallKind>,
    /// The tag that the call took away.
    pub tag: Option<&'a str>,
    /// The member.
    pub sent: &'a Sent,
    /// What became of it.
    pub settled: &'a Settled,
}

/// A contact that was recreated and is not archived again yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Who.
    pub key: PersonKey,
    /// Mailchimp's `id` of the contact, where it is not the key.
    pub id: Option<PersonKey>,
}

/// An intent of which nobody knows what became of some members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InDoubt {
    /// The intent's number.
    pub no: u32,
    /// What it does.
    pub call: CallKind,
    /// The tag that is taken away, where one is.
    pub tag: Option<String>,
    /// How often its members were sent before.
    pub attempt: u8,
    /// The members in doubt, each with its place in the intent.
    pub members: Vec<(u16, Sent)>,
}

/// What a journal comes to.
#[derive(Debug, Default)]
pub struct Folded {
    /// What the run is; `None` where nothing or something damaged was written.
    pub began: Option<Began>,
    /// The service's clock before any write.
    pub clock: Option<i64>,
    /// The plan's sums.
    pub planned: Option<Vec<u8>>,
    /// What was consented to.
    pub consent: Option<Vec<u8>>,
    /// What is in doubt, by the intents' numbers.
    pub in_doubt: Vec<InDoubt>,
    /// Who has to be archived again.
    pub owed: Vec<Owed>,
    /// Whose debts are paid, also those of earlier runs: by our key or by Mailchimp's.
    pub paid: Vec<PersonKey>,
    /// What the service said of people about whom it contradicts itself.
    pub said: Vec<(PersonKey, String)>,
    /// The service's clock after the last write; `None` of a run that ended early.
    pub over: Option<i64>,
    /// What could not be read.
    pub damage: Damage,
    /// How many fates were told of intents that are not there, because that part is damaged.
    pub strays: u64,
    /// The number of the next intent.
    pub next_intent: u32,
}

/// An intent whose members are not all settled yet.
struct Open {
    intent: Intent,
    settled: Vec<bool>,
    left: usize,
}

impl Open {
    fn new(intent: Intent) -> Self {
        let left = intent.members.len();
        Self {
            intent,
            settled: vec![false; left],
            left,
        }
    }

    fn in_doubt(self) -> InDoubt {
        let Intent {
            no,
            call,
            tag,
            attempt,
            members,
        } = self.intent;
        let each = (0..).zip(members).zip(self.settled);
        InDoubt {
            no,
            call,
            tag,
            attempt,
            members: each
                .filter(|(_, settled)| !settled)
                .map(|(member, _)| member)
                .collect(),
        }
    }
}

/// Folds a journal, telling of each member as it comes. Keeps only the intents that are open and what is owed, however
/// long the journal is.
///
/// # Errors
/// Fails when the journal cannot be read.
pub fn fold_journal<R: Read>(
    mut journal: JournalReader<R>,
    each: impl FnMut(MemberFate<'_>),
) -> Result<Folded, Error> {
    let mut folding = Folding {
        folded: Folded::default(),
        open: BTreeMap::new(),
        owed: BTreeMap::new(),
        each,
    };
    while let Some(record) = journal.read()? {
        folding.take(record);
    }
    let mut folded = folding.folded;
    folded.damage = journal.damage();
    folded.in_doubt = folding.open.into_values().map(Open::in_doubt).collect();
    folded.owed = folding.owed.into_values().collect();
    Ok(folded)
}

struct Folding<F> {
    folded: Folded,
    open: BTreeMap<u32, Open>,
    owed: BTreeMap<PersonKey, Owed>,
    each: F,
}

impl<F: FnMut(MemberFate<'_>)> Folding<F> {
    fn take(&mut self, record: Record) {
        match record {
            Record::Began(began) => self.folded.began = Some(began),
            Record::Clock(at) => self.folded.clock = Some(at),
            Record::Planned(sums) => self.folded.planned = Some(sums),
            Record::Intent(intent) => {
                let next = &mut self.folded.next_intent;
                *next = (*next).max(intent.no.saturating_add(1));
                if !intent.members.is_empty() {
                    self.open.insert(intent.no, Open::new(intent));
                }
            }
            Record::Result { intent, settled } => self.settle(intent, &settled),
            Record::Found(found) => {
                for (sent, settled) in &found {
                    self.tell(None, None, sent, settled);
                }
            }
            Record::Paid(key) => {
                self.folded.paid.push(key);
                self.pay(key);
            }
            Record::Over(at) => self.folded.over = Some(at),
            Record::Said { key, words } => self.folded.said.push((key, words)),
            Record::Consent(consent) => self.folded.consent = Some(consent),
        }
    }

    fn settle(&mut self, no: u32, settled: &[Settled]) {
        let Some(mut open) = self.open.remove(&no) else {
            self.folded.strays += settled.len() as u64;
            return;
        };
        for settled in settled {
            let at = usize::from(settled.at);
            match open.settled.get_mut(at) {
                Some(is_settled) if !*is_settled => *is_settled = true,
                _ => {
                    self.folded.strays += 1;
                    continue;
                }
            }
            open.left -= 1;
            let Intent { call, tag, .. } = &open.intent;
            self.tell(
                Some(*call),
                tag.as_deref(),
                &open.intent.members[at],
                settled,
            );
        }
        if open.left > 0 {
            self.open.insert(no, open);
        }
    }

    fn tell(&mut self, call: Option<CallKind>, tag: Option<&str>, sent: &Sent, settled: &Settled) {
        if let Fate::Recreated { .. } = settled.fate {
            let (key, id) = (sent.key, sent.id);
            self.owed.insert(key, Owed { key, id });
        }
        (self.each)(MemberFate {
            began: self.folded.began.as_ref(),
            call,
            tag,
            sent,
            settled,
        });
    }

    /// Takes note that a debt is paid, whether by our key or by Mailchimp's.
    fn pay(&mut self, key: PersonKey) {
        self.owed
            .retain(|owed, debt| *owed != key && debt.id != Some(key));
    }
}
