use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Lost, Planned, Warning};
use crate::domain::{Fate, NewStatus, Reason, Status};
use crate::store::Sent;

/// One segment in a run's sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SegmentSum {
    /// Distinct profiles that the source has in it.
    pub profiles: u64,
    /// Members of the audience in it: created, updated, or there already as they should be.
    pub members: u64,
}

/// What of Segue's own notes a run found damaged or gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Losses {
    /// Some of what is remembered of the audience.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ledger_damaged: bool,
    /// All that is remembered of the audience.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ledger_lost: bool,
    /// Some of the journal of a run that ended early.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub journal_damaged: bool,
}

impl Losses {
    /// Notes a loss; tells whether it was known already.
    pub fn note(&mut self, lost: Lost) -> bool {
        let known = match lost {
            Lost::LedgerDamaged => &mut self.ledger_damaged,
            Lost::Ledger => &mut self.ledger_lost,
            Lost::Journal => &mut self.journal_damaged,
        };
        std::mem::replace(known, true)
    }

    fn warnings(self) -> Vec<Warning> {
        let all = [
            (self.ledger_damaged, Lost::LedgerDamaged),
            (self.ledger_lost, Lost::Ledger),
            (self.journal_damaged, Lost::Journal),
        ];
        let lost = all.into_iter().filter(|(is_lost, _)| *is_lost);
        lost.map(|(_, lost)| Warning::Lost(lost)).collect()
    }
}

/// A segment that the source counts otherwise than it was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CountDiffers {
    /// How many members the source counts.
    pub told: u64,
    /// How many were read.
    pub read: u64,
}

/// The sums of a run. Every profile is in exactly one of them (rule 2):
/// `profiles = created + updated + unchanged + suppressed + rejected + merged + remaining`.
///
/// The fields stand in the order of the contract, in which commands print them. A report of an older version lacks some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counters {
    /// Distinct profiles.
    pub profiles: u64,
    /// Members created.
    pub created: u64,
    /// Members updated.
    pub updated: u64,
    /// Members that no call named.
    pub unchanged: u64,
    /// Profiles left alone because of what the person or the service said.
    pub suppressed: u64,
    /// Profiles that could not be delivered.
    pub rejected: u64,
    /// Profiles that another one of the same address stands for.
    pub merged: u64,
    /// Profiles not got to; 0 unless stopped, refused or failed.
    pub remaining: u64,
    /// Of the created: contacts that Segue itself had archived.
    pub reinstated: u64,
    /// People deleted or archived meanwhile whom a call made anew, archived again at once.
    pub recreated: u64,
    /// Contacts that get no marketing mail.
    pub not_mailable: u64,
    /// Tags added to members.
    pub tags_added: u64,
    /// Tags removed from members.
    pub tags_removed: u64,
    /// Values that did not fit an optional merge field and were left out, by field.
    pub values_left_out: BTreeMap<String, u64>,
    /// Values of the consent attribute that are neither a known yes nor a known no, the most frequent ones.
    pub consent_not_understood: BTreeMap<String, u64>,
    /// Rows that were dropped because their id stood in the same file before.
    pub repeated_ids: u64,
    /// Some of those rows.
    pub repeated_examples: Vec<String>,
    /// The labels of the segments that no profile is in.
    pub empty_segments: Vec<String>,
    /// The labels of those of them that the source does not list any more: their tags are left as they are.
    pub gone_segments: Vec<String>,
    /// What of Segue's own notes was lost.
    #[serde(flatten)]
    pub losses: Losses,
    /// Segments, by label, that the source counts otherwise than they were read.
    pub counts_differ: BTreeMap<String, CountDiffers>,
    /// Values with a broken letter, which U+FFFD stands for, by attribute.
    pub letters_replaced: BTreeMap<String, u64>,
    /// Choices that the source has no label for and that were left empty, by attribute.
    pub choices_unknown: BTreeMap<String, u64>,
    /// Profiles with other values in a later segment than in the first one, whose values are delivered.
    #[serde(skip_serializing_if = "is_zero")]
    pub differing: u64,
    /// Whether the segments may be of different moments.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_moments: bool,
    /// The segments by label.
    pub segments: BTreeMap<String, SegmentSum>,
    /// Suppressed and rejected profiles by reason.
    pub reasons: BTreeMap<Reason, u64>,
    /// Requests to Mailchimp.
    pub calls: u64,
    /// Those that change something.
    pub writes: u64,
    /// Requests that repeated one before.
    pub retries: u64,
    /// Answers that asked for patience.
    pub throttled: u64,
    /// Members whose status rose; expected 0.
    pub statuses_raised: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Contacts that an undo archived.
    #[serde(skip_serializing_if = "is_zero")]
    pub archived: u64,
    /// Contacts whose values and tags an undo brought back.
    #[serde(skip_serializing_if = "is_zero")]
    pub restored: u64,
    /// Contacts that an undo left as they are, since somebody changed them.
    #[serde(skip_serializing_if = "is_zero")]
    pub left: u64,
}

/// Tells whether a count is left out of files: it says something of undos only.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
pub(super) fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Counters {
    /// Takes in what became of one member: the one place where fates are counted. `new` is what people who are created
    /// get, `labels` are those of the run's segments by place.
    pub fn take(&mut self, sent: &Sent, fate: &Fate, new: NewStatus, labels: &[String]) {
        let added = sent.add.iter().count() as u64;
        let before = sent.before.map_or(0, Status::rank);
        match fate {
            Fate::Created { status } | Fate::Reinstated { status } => {
                self.created += 1;
                self.tags_added += added;
                let again = matches!(fate, Fate::Reinstated { .. });
                self.reinstated += u64::from(again);
                let raised = !again && status.rank() > Status::from(new).rank();
                self.statuses_raised += u64::from(raised);
            }
            Fate::Updated { status } => {
                self.updated += 1;
                self.tags_added += added;
                self.not_mailable += u64::from(*status == Status::Transactional);
                self.statuses_raised += u64::from(status.rank() > before);
            }
            Fate::Unchanged { status } => {
                self.unchanged += 1;
                self.not_mailable += u64::from(*status == Status::Transactional);
            }
            Fate::Suppressed(reason) => self.suppress(*reason),
            Fate::Rejected(reason) => {
                self.rejected += 1;
                *self.reasons.entry(*reason).or_default() += 1;
            }
            Fate::Recreated { told } => {
                self.recreated += 1;
                self.suppress(Reason::Archived);
                // Who was made anew by mistake may have been told as created.
                self.created = self.created.saturating_sub(u64::from(*told));
            }
            Fate::Untagged | Fate::NotTagged => {
                self.tags_removed += u64::from(*fate == Fate::Untagged);
                // Who is still in the source is updated by it, where no other call names them.
                self.updated += u64::from(!sent.segments.is_empty());
            }
            Fate::Left => self.left += 1,
            Fate::Undone => self.archived += 1,
            Fate::Restored { .. } => self.restored += 1,
            Fate::Nothing => {}
        }
        let held = fate.change_of_members();
        for at in sent.segments.iter().filter(|_| held != 0) {
            let Some(label) = labels.get(at) else {
                continue;
            };
            if !self.segments.contains_key(label) {
                self.segments.insert(label.clone(), SegmentSum::default());
            }
            if let Some(sum) = self.segments.get_mut(label) {
                sum.members = sum.members.saturating_add_signed(held);
            }
        }
        self.remaining = self.profiles.saturating_sub(self.settled());
    }

    fn suppress(&mut self, reason: Reason) {
        self.suppressed += 1;
        *self.reasons.entry(reason).or_default() += 1;
    }

    /// Takes in what the plan says, once it is made.
    pub fn plan(&mut self, planned: &Planned) {
        self.profiles = planned.profiles;
        self.unchanged = planned.unchanged;
        self.suppressed = planned.suppressed;
        self.rejected = planned.rejected;
        self.merged = planned.merged;
        self.not_mailable = planned.not_mailable;
        self.reasons = planned.reasons.iter().copied().collect();
        let found = &planned.found;
        self.values_left_out.clone_from(&found.left_out);
        self.consent_not_understood.clone_from(&found.consent);
        self.repeated_ids = found.repeated;
        self.repeated_examples.clone_from(&found.repeated_examples);
        self.empty_segments.clone_from(&found.empty);
        self.gone_segments.clone_from(&found.gone);
        self.counts_differ.clone_from(&found.counts_differ);
        self.letters_replaced.clone_from(&found.letters_replaced);
        self.choices_unknown.clone_from(&found.choices_unknown);
        (self.differing, self.of_moments) = (found.differing, found.of_moments);
        for segment in &planned.segments {
            let sum = self.segments.entry(segment.label.clone()).or_default();
            sum.profiles += segment.profiles;
            sum.members += segment.held;
        }
        self.remaining = self.profiles.saturating_sub(self.settled());
    }

    /// Counts the profiles that are accounted for.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.suppressed + self.rejected + self.merged
    }

    /// Tells whether rule 2's sum holds.
    #[must_use]
    pub fn sum_holds(&self) -> bool {
        self.profiles == self.settled() + self.remaining
    }

    /// Finds what in the sums a person should look at, before a run as after it.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.losses.warnings();
        if !self.consent_not_understood.is_empty() {
            let values = self.consent_not_understood.clone();
            warnings.push(Warning::ConsentNotUnderstood(values));
        }
        if !self.values_left_out.is_empty() {
            warnings.push(Warning::ValuesLeftOut(self.values_left_out.clone()));
        }
        if self.repeated_ids > 0 {
            warnings.push(Warning::RepeatedIds {
                count: self.repeated_ids,
                examples: self.repeated_examples.clone(),
            });
        }
        if !self.counts_differ.is_empty() {
            warnings.push(Warning::CountsDiffer(self.counts_differ.clone()));
        }
        if !self.letters_replaced.is_empty() {
            warnings.push(Warning::LettersReplaced(self.letters_replaced.clone()));
        }
        if !self.choices_unknown.is_empty() {
            warnings.push(Warning::ChoicesUnknown(self.choices_unknown.clone()));
        }
        if self.differing > 0 {
            warnings.push(Warning::SegmentsDiffer(self.differing));
        }
        if self.of_moments {
            warnings.push(Warning::OfMoments);
        }
        if !self.gone_segments.is_empty() {
            warnings.push(Warning::GoneSegments(self.gone_segments.clone()));
        }
        let mut empty = self.empty_segments.clone();
        empty.retain(|label| !self.gone_segments.contains(label));
        if !empty.is_empty() {
            warnings.push(Warning::EmptySegments(empty));
        }
        warnings
    }

    /// Lists the counters in the order in which commands print them: numbers as they are, the others as JSON in a line.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, String); 26] {
        [
            ("profiles", json(&self.profiles)),
            ("created", json(&self.created)),
            ("updated", json(&self.updated)),
            ("unchanged", json(&self.unchanged)),
            ("suppressed", json(&self.suppressed)),
            ("rejected", json(&self.rejected)),
            ("merged", json(&self.merged)),
            ("remaining", json(&self.remaining)),
            ("reinstated", json(&self.reinstated)),
            ("recreated", json(&self.recreated)),
            ("not_mailable", json(&self.not_mailable)),
            ("tags_added", json(&self.tags_added)),
            ("tags_removed", json(&self.tags_removed)),
            ("values_left_out", json(&self.values_left_out)),
            ("consent_not_understood", json(&self.consent_not_understood)),
            ("repeated_ids", json(&self.repeated_ids)),
            ("repeated_examples", json(&self.repeated_examples)),
            ("empty_segments", json(&self.empty_segments)),
            ("segments", json(&self.segments)),
            ("reasons", json(&self.reasons)),
            ("calls", json(&self.calls)),
            ("writes", json(&self.writes)),
            ("retries", json(&self.retries)),
            ("throttled", json(&self.throttled)),
            ("statuses_raised", json(&self.statuses_raised)),
            ("duration_ms", json(&self.duration_ms)),
        ]
    }
}

fn json(value: &impl Serialize) -> String {
    // Numbers, lists and maps by text are always JSON.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Counters;
    use crate::domain::{Fate, NewStatus, PersonKey, Reason, SegmentSet, Status};
    use crate::store::Sent;

    fn sent(before: Option<Status>) -> Sent {
        Sent {
            key: PersonKey::of("a@x.example"),
            id: None,
            values: 1,
            profile: 1,
            segments: SegmentSet::only(0),
            add: SegmentSet::only(0),
            before,
        }
    }

    fn taken(fates: &[(Option<Status>, Fate)]) -> Counters {
        let mut counters = Counters {
            profiles: fates.len() as u64,
            ..Counters::default()
        };
        for (before, fate) in fates {
            counters.take(
                &sent(*before),
                fate,
                NewStatus::Pending,
                &["Gold".to_owned()],
            );
        }
        counters
    }

    #[test]
    fn rule_2_each_fate_of_a_profile_is_in_one_sum() {
        let status = Status::Subscribed;
        let there = Some(Status::Subscribed);
        let counters = taken(&[
            (
                None,
                Fate::Created {
                    status: Status::Pending,
                },
            ),
            (
                None,
                Fate::Reinstated {
                    status: Status::Pending,
                },
            ),
            (there, Fate::Updated { status }),
            (there, Fate::Unchanged { status }),
            (None, Fate::Suppressed(Reason::Unclear)),
            (None, Fate::Rejected(Reason::Fake)),
            (None, Fate::Recreated { told: false }),
            (there, Fate::Untagged),
        ]);
        assert!(counters.sum_holds());
        assert_eq!(counters.remaining, 0);
        assert_eq!((counters.created, counters.reinstated), (2, 1));
        assert_eq!((counters.updated, counters.tags_removed), (2, 1));
        assert_eq!((counters.tags_added, counters.statuses_raised), (3, 0));
        assert_eq!(counters.segments["Gold"].members, 5);
        assert_eq!(counters.reasons[&Reason::Archived], 1);
        let told = (None, Fate::Recreated { told: true });
        let created = (
            None,
            Fate::Created {
                status: Status::Pending,
            },
        );
        let taken_back = taken(&[created, told]);
        assert_eq!((taken_back.created, taken_back.suppressed), (0, 1));
        assert_eq!(taken_back.segments["Gold"].members, 0);
    }

    #[test]
    fn rule_1_a_status_that_rose_is_counted() {
        let status = Status::Subscribed;
        let rose = [
            (None, Fate::Created { status }),
            (Some(Status::Transactional), Fate::Updated { status }),
            (
                None,
                Fate::Updated {
                    status: Status::Transactional,
                },
            ),
        ];
        assert_eq!(taken(&rose).statuses_raised, 3);
        assert_eq!(taken(&rose).not_mailable, 1);
        let again = [(Some(Status::Archived), Fate::Reinstated { status })];
        assert_eq!(taken(&again).statuses_raised, 0);
    }

    #[test]
    fn the_counters_are_printed_in_the_order_of_the_contract() {
        let counters = Counters {
            created: 3,
            values_left_out: BTreeMap::from([("PHONE".to_owned(), 2)]),
            ..Counters::default()
        };
        let lines = counters.lines();
        let keys: Vec<&str> = lines.iter().map(|(key, _)| *key).collect();
        let order = "profiles created updated unchanged suppressed rejected merged remaining reinstated recreated \
            not_mailable tags_added tags_removed values_left_out consent_not_understood repeated_ids \
            repeated_examples empty_segments segments reasons calls writes retries throttled statuses_raised duration_ms";
        assert_eq!(keys, order.split_whitespace().collect::<Vec<_>>());
        assert_eq!(
            (lines[1].1.as_str(), lines[13].1.as_str()),
            ("3", r#"{"PHONE":2}"#)
        );
    }
}
