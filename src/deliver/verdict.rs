//! What a batch answer means for each member. HTTP 200 with an `errors` list is a verdict per member, not a success.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Problem;
use super::batch::{Item, Said};
use super::notice::Verdict;
use super::wire::{BatchAnswer, MemberError, Times, Written};
use crate::domain::{Email, NewStatus, Reason, Status};

/// The outcome of a batch call: what is settled, and who needs another look.
#[derive(Debug, Default)]
pub(super) struct Reconciled {
    /// What is settled.
    pub verdict: Verdict,
    /// Members about whom the audience has to be asked.
    pub look_up: Vec<Item>,
    /// People deleted or archived meanwhile whom the call made anew.
    pub recreated: Vec<Item>,
    /// Who was created.
    pub created: Vec<Item>,
}

/// Tells whether an answer names somebody who was not in the call: then nothing in it can be believed.
pub(super) fn names_strangers(items: &[Item], answer: &BatchAnswer) -> bool {
    let sent: HashSet<&str> = items.iter().map(|item| item.member.key.as_str()).collect();
    let written = answer.new_members.iter().chain(&answer.updated_members);
    let named = written.map(|member| &member.email_address);
    // A refusal may be about nobody in particular.
    let refused = answer.errors.iter().map(|error| &error.email_address);
    let refused = refused.filter(|address| !address.trim().is_empty());
    named
        .chain(refused)
        .any(|address| !sent.contains(Email::key_of(address).as_str()))
}

/// Reconciles a create call's answer with what was sent. `was_there` tells who was there before, by what the service says.
pub(super) fn of_create(
    items: Vec<Item>,
    answer: &BatchAnswer,
    status: NewStatus,
    was_there: impl Fn(&Item, &Times) -> bool,
) -> Reconciled {
    let mut out = Reconciled::default();
    let (new, updated) = (by_key(&answer.new_members), by_key(&answer.updated_members));
    let mut errors = Refused::of(answer);
    for item in items {
        if let Some(made) = new.get(&item.member.key) {
            let after = status_of(made);
            if was_there(&item, &made.times()) {
                out.recreated.push(item);
                continue;
            }
            out.verdict.statuses_raised += u64::from(after.rank() > Status::from(status).rank());
            out.verdict.created += 1;
            out.verdict.tags_added += item.add.iter().count() as u64;
            note_held(&mut out.verdict, &item);
            out.created.push(item);
        } else if let Some(after) = updated.get(&item.member.key) {
            // `update_existing: false` must not touch anyone; whoever was there and may be mailed now is counted.
            out.verdict.statuses_raised += u64::from(status_of(after).rank() > 0);
            out.verdict.updated += 1;
            note_held(&mut out.verdict, &item);
        } else {
            errors.settle(&mut out, item);
        }
    }
    out
}

/// Reconciles an update call's answer with what was sent.
pub(super) fn of_update(items: Vec<Item>, answer: &BatchAnswer) -> Reconciled {
    let mut out = Reconciled::default();
    let (new, updated) = (by_key(&answer.new_members), by_key(&answer.updated_members));
    let mut errors = Refused::of(answer);
    for item in items {
        if let Some(after) = updated.get(&item.member.key) {
            let after = status_of(after);
            let before = item.before.unwrap_or(Status::Unsubscribed);
            out.verdict.statuses_raised += u64::from(after.rank() > before.rank());
            // A call whose answer was lost may have made someone anew who had just been deleted: then the next answer
            // calls them updated, but subscribed people do not become transactional by themselves.
            let in_doubt = answer.repeated || item.in_doubt;
            if in_doubt && after == Status::Transactional && before == Status::Subscribed {
                out.recreated.push(item);
                continue;
            }
            out.verdict.updated += 1;
            out.verdict.tags_added += item.add.iter().count() as u64;
            note_held(&mut out.verdict, &item);
        } else if new.contains_key(&item.member.key) {
            out.recreated.push(item);
        } else {
            errors.settle(&mut out, item);
        }
    }
    out
}

/// The rows of an answer that say no.
struct Refused<'a> {
    by_key: HashMap<String, &'a MemberError>,
    /// What is said about nobody in particular.
    nameless: Arc<str>,
}

impl<'a> Refused<'a> {
    fn of(answer: &'a BatchAnswer) -> Self {
        let (named, nameless): (Vec<_>, Vec<_>) = answer
            .errors
            .iter()
            .partition(|error| !error.email_address.trim().is_empty());
        let key = |error: &'a MemberError| (Email::key_of(&error.email_address), error);
        let words: Vec<String> = nameless
            .into_iter()
            .map(|error| reason_of_member(error).1)
            .collect();
        Self {
            by_key: named.into_iter().map(key).collect(),
            nameless: Arc::from(words.join(" · ")),
        }
    }

    /// Rejects a member that was refused; asks the audience about one who is there after all, or whom the answer forgot.
    fn settle(&mut self, out: &mut Reconciled, item: Item) {
        match self.by_key.remove(&item.member.key) {
            Some(error) if error.error_code != "ERROR_CONTACT_EXISTS" => {
                let (reason, detail) = reason_of_member(error);
                out.verdict.rejects.push(item.member.reject(reason, detail));
                note_segments(&mut out.verdict, &item);
            }
            Some(error) => out.look_up.push(Item {
                said: Said::Exists(Arc::from(error.error.as_str())),
                ..item
            }),
            None => out.look_up.push(Item {
                said: Said::Silence(Arc::clone(&self.nameless)),
                in_doubt: true,
                ..item
            }),
        }
    }
}

/// Counts a settled member in its segments.
pub(super) fn note_segments(verdict: &mut Verdict, item: &Item) {
    for at in item.member.segments.iter() {
        *verdict.by_segment.entry(at).or_default() += 1;
    }
}

/// Counts a settled member whom the audience holds.
pub(super) fn note_held(verdict: &mut Verdict, item: &Item) {
    note_segments(verdict, item);
    for at in item.member.segments.iter() {
        *verdict.held.entry(at).or_default() += 1;
    }
}

/// Takes back that the audience holds a member, who stays settled.
pub(super) fn note_taken_back(verdict: &mut Verdict, item: &Item) {
    for at in item.member.segments.iter() {
        *verdict.held.entry(at).or_default() -= 1;
    }
}

/// Counts a member that is left alone.
pub(super) fn suppress(verdict: &mut Verdict, item: &Item, reason: Reason) {
    *verdict.suppressed.entry(reason).or_default() += 1;
    note_segments(verdict, item);
}

fn by_key(members: &[Written]) -> HashMap<String, &Written> {
    members
        .iter()
        .map(|member| (Email::key_of(&member.email_address), member))
        .collect()
}

/// A status that is not known allows nothing, so it counts as the lowest.
fn status_of(member: &Written) -> Status {
    Status::parse(&member.status).unwrap_or(Status::Unsubscribed)
}

fn reason_of_member(error: &MemberError) -> (Reason, String) {
    let reason = match reason_of(&error.error) {
        Reason::Refused if !error.field.is_empty() => Reason::MergeInvalid,
        reason => reason,
    };
    let field = [&*error.field, &*error.field_message]
        .into_iter()
        .filter(|part| !part.is_empty());
    let detail = std::iter::once(error.error.as_str())
        .chain(field)
        .collect::<Vec<_>>()
        .join(" · ");
    (reason, detail)
}

/// Finds the reason in a refusal of a whole call that held one member.
pub(super) fn reason_of_problem(problem: &Problem) -> (Reason, String) {
    let text = problem.to_string();
    let reason = match reason_of(&text) {
        Reason::Refused if !problem.errors.is_empty() => Reason::MergeInvalid,
        reason => reason,
    };
    (reason, text)
}

/// Finds the reason in Mailchimp's words. There are only two error codes, so the text decides; titles have changed over
/// the years, so each reason has more than one mark.
pub(super) fn reason_of(text: &str) -> Reason {
    let text = text.to_lowercase();
    let marks = [
        (
            Reason::Compliance,
            ["compliance state", "compliance review"],
        ),
        (
            Reason::Forgotten,
            ["permanently deleted", "forgotten email"],
        ),
        (Reason::Fake, ["looks fake or invalid", "looks fake"]),
        (
            Reason::TooManySignups,
            ["signed up to a lot of lists", "not allowing more signups"],
        ),
        (
            Reason::MergeInvalid,
            ["merge fields were invalid", "merge field"],
        ),
    ];
    let found = marks
        .iter()
        .find(|(_, marks)| marks.iter().any(|mark| text.contains(mark)));
    found.map_or(Reason::Refused, |(reason, _)| *reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_create, of_update, reason_of};
    use crate::deliver::batch::tests::item;
    use crate::deliver::wire::BatchAnswer;
    use crate::domain::{NewStatus, Reason, Status};

    fn answer(json: serde_json::Value) -> BatchAnswer {
        serde_json::from_value(json).expect("answer")
    }

    #[test]
    fn mailchimps_words_are_understood() {
        let table = [
            (
                "a@b is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.",
                Reason::Compliance,
            ),
            (
                "a@b was permanently deleted and cannot be re-imported.",
                Reason::Forgotten,
            ),
            (
                "a@b looks fake or invalid, please enter a real email address.",
                Reason::Fake,
            ),
            (
                "a@b has signed up to a lot of lists very recently; we're not allowing more signups for now",
                Reason::TooManySignups,
            ),
            ("Your merge fields were invalid.", Reason::MergeInvalid),
            ("Something new", Reason::Refused),
        ];
        for (text, reason) in table {
            assert_eq!(reason_of(text), reason, "{text}");
        }
    }

    #[test]
    fn each_member_of_a_batch_gets_a_verdict_of_its_own() {
        let items = [
            "new@x.example",
            "there@x.example",
            "fake@x.example",
            "silent@x.example",
        ]
        .map(item);
        let answer = answer(json!({
            "new_members": [{"email_address": "NEW@x.example", "status": "subscribed"}],
            "errors": [
                {"email_address": "there@x.example", "error": "exists", "error_code": "ERROR_CONTACT_EXISTS"},
                {"email_address": "fake@x.example", "error": "looks fake or invalid", "error_code": "ERROR_GENERIC"},
            ],
        }));
        let out = of_create(items.to_vec(), &answer, NewStatus::Subscribed, |_, _| false);
        assert_eq!((out.verdict.created, out.verdict.tags_added), (1, 1));
        let (settled, held) = (&out.verdict.by_segment, &out.verdict.held);
        assert_eq!(
            (settled[&0], held[&0]),
            (2, 1),
            "who was refused is settled, but not in the audience"
        );
        assert_eq!(out.verdict.rejects[0].reason, Reason::Fake);
        let look_up: Vec<_> = out
            .look_up
            .iter()
            .map(|item| item.member.key.as_str())
            .collect();
        assert_eq!(
            look_up,
            ["there@x.example", "silent@x.example"],
            "an existing contact is never a reject"
        );
    }

    #[test]
    fn rule_1_a_status_that_rose_is_counted() {
        let mut transactional = item("a@x.example");
        transactional.before = Some(Status::Transactional);
        let answer = answer(
            json!({"updated_members": [{"email_address": "a@x.example", "status": "subscribed"}]}),
        );
        assert_eq!(
            of_update(vec![transactional], &answer)
                .verdict
                .statuses_raised,
            1
        );
    }

    #[test]
    fn rule_1_people_deleted_meanwhile_are_seen_even_after_a_lost_answer() {
        let mut gone = item("a@x.example");
        gone.before = Some(Status::Subscribed);
        let made = answer(
            json!({"new_members": [{"email_address": "a@x.example", "status": "transactional"}]}),
        );
        assert_eq!(of_update(vec![gone.clone()], &made).recreated.len(), 1);
        let second = answer(
            json!({"updated_members": [{"email_address": "a@x.example", "status": "transactional"}]}),
        );
        let second = BatchAnswer {
            repeated: true,
            ..second
        };
        assert_eq!(of_update(vec![gone.clone()], &second).recreated.len(), 1);
        let first = BatchAnswer {
            repeated: false,
            ..second
        };
        let out = of_update(vec![gone], &first);
        assert_eq!(
            (out.recreated.len(), out.verdict.updated),
            (0, 1),
            "somebody else made them transactional"
        );
    }
}
