//! What a batch answer means for each member. HTTP 200 with an `errors` list is a verdict per member, not a success.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::Problem;
use super::batch::{Item, Outcome, Said};
use super::wire::{BatchAnswer, MemberError, Times, Written};
use crate::domain::{Email, Fate, Reason, Status};

/// What a batch call's answer says: who is settled, and who needs another look.
#[derive(Debug, Default)]
pub(super) struct Reconciled {
    /// Who is settled.
    pub outcomes: Vec<Outcome>,
    /// Members about whom the audience has to be asked.
    pub look_up: Vec<Item>,
}

/// Tells whether an answer names somebody who was not in the call: then nothing in it can be believed.
pub(super) fn names_strangers(items: &[Item], answer: &BatchAnswer) -> bool {
    let mut whose = Whose::of(items);
    let written = answer.new_members.iter().chain(&answer.updated_members);
    let named = written.map(|member| &member.email_address);
    // A refusal may be about nobody in particular.
    let refused = answer.errors.iter().map(|error| &error.email_address);
    let refused = refused.filter(|address| !address.trim().is_empty());
    named
        .chain(refused)
        .any(|address| whose.find(address).is_none())
}

/// Finds the members of a call that an answer names. Answers name them nearly always in the order in which they were sent
/// and as they were written; then nothing has to be normalised, nor looked up.
struct Whose<'a> {
    items: &'a [Item],
    next: usize,
    by_name: OnceCell<HashMap<&'a str, usize>>,
}

impl<'a> Whose<'a> {
    fn of(items: &'a [Item]) -> Self {
        Self {
            items,
            next: 0,
            by_name: OnceCell::new(),
        }
    }

    /// Gives the place of the member with this address.
    fn find(&mut self, address: &str) -> Option<usize> {
        let items = self.items;
        let at = match items.get(self.next) {
            Some(item) if item.member.address == address => self.next,
            _ => {
                // A contact whose address was changed there has one whose key is not the person's; keys come first.
                let by_name = self.by_name.get_or_init(|| {
                    let sent = items.iter().map(|item| item.member.address.as_str());
                    let keys = items.iter().map(|item| item.member.key.as_str());
                    sent.zip(0..).chain(keys.zip(0..)).collect()
                });
                let key = || by_name.get(Email::key_of(address).as_str());
                *by_name.get(address).or_else(key)?
            }
        };
        self.next = at + 1;
        Some(at)
    }

    /// Lays an answer's members beside those that were sent; of one who is named twice, the last counts.
    fn beside<'b>(items: &'a [Item], members: &'b [Written]) -> Vec<Option<&'b Written>> {
        let (mut whose, mut beside) = (Self::of(items), vec![None; items.len()]);
        for member in members {
            if let Some(at) = whose.find(&member.email_address) {
                beside[at] = Some(member);
            }
        }
        beside
    }
}

/// Reconciles a create call's answer with what was sent. `was_there` tells who was there before, by what the service says.
pub(super) fn of_create(
    items: Vec<Item>,
    answer: &BatchAnswer,
    was_there: impl Fn(&Item, &Times) -> bool,
) -> Reconciled {
    let mut out = Reconciled::default();
    let new = Whose::beside(&items, &answer.new_members);
    let updated = Whose::beside(&items, &answer.updated_members);
    let mut errors = Refused::of(answer);
    for (item, (new, updated)) in items.into_iter().zip(new.into_iter().zip(updated)) {
        if let Some(made) = new {
            let fate = if was_there(&item, &made.times()) {
                Fate::Recreated { told: false }
            } else {
                let status = status_of(made);
                Fate::Created { status }
            };
            out.settled(item, fate, made);
        } else if let Some(after) = updated {
            // `update_existing: false` must not touch anyone; whoever was there and may be mailed now is counted.
            let status = status_of(after);
            out.settled(item, Fate::Updated { status }, after);
        } else {
            errors.settle(&mut out, item);
        }
    }
    out
}

/// Reconciles an update call's answer with what was sent.
pub(super) fn of_update(items: Vec<Item>, answer: &BatchAnswer) -> Reconciled {
    let mut out = Reconciled::default();
    let new = Whose::beside(&items, &answer.new_members);
    let updated = Whose::beside(&items, &answer.updated_members);
    let mut errors = Refused::of(answer);
    for (item, (new, updated)) in items.into_iter().zip(new.into_iter().zip(updated)) {
        if let Some(after) = updated {
            let status = status_of(after);
            // A call whose answer was lost may have made someone anew who had just been deleted: then the next answer
            // calls them updated, but subscribed people do not become transactional by themselves.
            let in_doubt = answer.repeated || item.in_doubt;
            let anew = in_doubt
                && status == Status::Transactional
                && item.before == Some(Status::Subscribed);
            let fate = if anew {
                Fate::Recreated { told: false }
            } else {
                Fate::Updated { status }
            };
            out.settled(item, fate, after);
        } else if let Some(made) = new {
            out.settled(item, Fate::Recreated { told: false }, made);
        } else {
            errors.settle(&mut out, item);
        }
    }
    out
}

impl Reconciled {
    fn settled(&mut self, item: Item, fate: Fate, contact: &Written) {
        self.outcomes.push(Outcome {
            after: contact.stamp(),
            contact: contact.contact_id.map(|id| id.0),
            ..Outcome::new(item, fate)
        });
    }
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
                out.outcomes.push(Outcome {
                    words: Some(detail.into()),
                    ..Outcome::new(item, Fate::Rejected(reason))
                });
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

/// A status that is not known allows nothing, so it counts as the lowest.
fn status_of(member: &Written) -> Status {
    member.status.unwrap_or(Status::Unsubscribed)
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

    use super::{Reconciled, of_create, of_update, reason_of};
    use crate::deliver::batch::Item;
    use crate::deliver::batch::tests::item;
    use crate::deliver::wire::{BatchAnswer, Times, WireMember};
    use crate::domain::{Fate, Reason, Status};

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

    fn fates(out: &Reconciled) -> Vec<(&str, &Fate)> {
        let each = out.outcomes.iter();
        each.map(|one| (one.item.member.key.as_str(), &one.fate))
            .collect()
    }

    #[test]
    fn each_member_of_a_batch_gets_a_fate_of_its_own() {
        let items = [
            "new@x.example",
            "there@x.example",
            "fake@x.example",
            "silent@x.example",
            "old@x.example",
        ]
        .map(item);
        let answer = answer(json!({
            "new_members": [
                {"email_address": "NEW@x.example", "status": "subscribed"},
                {"email_address": "old@x.example", "status": "subscribed"},
            ],
            "errors": [
                {"email_address": "there@x.example", "error": "exists", "error_code": "ERROR_CONTACT_EXISTS"},
                {"email_address": "fake@x.example", "error": "looks fake or invalid", "error_code": "ERROR_GENERIC"},
            ],
        }));
        let was_there = |item: &Item, _: &Times| item.member.key.starts_with("old");
        let out = of_create(items.to_vec(), &answer, was_there);
        let status = Status::Subscribed;
        let right = [
            ("new@x.example", &Fate::Created { status }),
            ("fake@x.example", &Fate::Rejected(Reason::Fake)),
            ("old@x.example", &Fate::Recreated { told: false }),
        ];
        assert_eq!(fates(&out), right);
        let reject = out.outcomes[1].reject().expect("reject");
        assert_eq!(reject.detail, "looks fake or invalid");
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
    fn rule_1_people_deleted_meanwhile_are_seen_even_after_a_lost_answer() {
        let mut gone = item("a@x.example");
        gone.before = Some(Status::Subscribed);
        let recreated = [("a@x.example", &Fate::Recreated { told: false })];
        let made = answer(
            json!({"new_members": [{"email_address": "a@x.example", "status": "transactional"}]}),
        );
        assert_eq!(fates(&of_update(vec![gone.clone()], &made)), recreated);
        let second = answer(
            json!({"updated_members": [{"email_address": "a@x.example", "status": "transactional"}]}),
        );
        let second = BatchAnswer {
            repeated: true,
            ..second
        };
        assert_eq!(fates(&of_update(vec![gone.clone()], &second)), recreated);
        let first = BatchAnswer {
            repeated: false,
            ..second
        };
        let status = Status::Transactional;
        let by_others = [("a@x.example", &Fate::Updated { status })];
        assert_eq!(
            fates(&of_update(vec![gone], &first)),
            by_others,
            "somebody else made them transactional"
        );
    }

    #[test]
    fn the_same_contact_has_the_same_stamp_in_any_answer() {
        let told = json!({
            "email_address": "a@x.example", "status": "subscribed", "language": "sv",
            "merge_fields": {"FNAME": "A"}, "tags": [{"id": 1, "name": "Gold"}],
        });
        let written = answer(json!({"new_members": [told]}));
        let read: WireMember = serde_json::from_value(told).expect("member");
        assert_eq!(written.new_members[0].stamp(), read.contact().stamp);
    }
}
