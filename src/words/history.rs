use crate::domain::{Agreement, StartedBy, State, spoken};
use crate::export::{ConsentInForce, Counters, Past, Report};

use super::{Label, Words};

/// What became of a profile in a run, or of a contact in an undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A contact was made.
    Created,
    /// A contact was changed.
    Updated,
    /// All was as it should be.
    Unchanged,
    /// It was left alone.
    Suppressed,
    /// It was refused.
    Rejected,
    /// It is the same person as another one.
    Merged,
    /// An undo archived the contact.
    Archived,
    /// An undo gave the contact its values back.
    Restored,
    /// An undo left the contact, which had changed since.
    Left,
    /// It is still to be done.
    Remaining,
}

impl Part {
    /// What became of how many, as far as there is something to tell; these are the parts of [`Words::total`].
    #[must_use]
    pub fn of(report: &Report) -> Vec<(Self, u64)> {
        let counters = &report.ended.counters;
        if !report.is_undo() {
            return Self::exported(counters);
        }
        there_are([
            (Self::Archived, counters.archived),
            (Self::Restored, counters.restored),
            (Self::Left, counters.left),
            (Self::Remaining, counters.remaining),
        ])
    }

    /// What became, or would become, of the profiles of an export.
    #[must_use]
    pub fn exported(counters: &Counters) -> Vec<(Self, u64)> {
        there_are([
            (Self::Created, counters.created),
            (Self::Updated, counters.updated),
            (Self::Unchanged, counters.unchanged),
            (Self::Suppressed, counters.suppressed),
            (Self::Rejected, counters.rejected),
            (Self::Merged, counters.merged),
            (Self::Remaining, counters.remaining),
        ])
    }

    fn key(self) -> &'static str {
        match self {
            Self::Created => "ui-sum-created",
            Self::Updated => "ui-sum-updated",
            Self::Unchanged => "ui-sum-unchanged",
            Self::Suppressed => "ui-sum-suppressed",
            Self::Rejected => "ui-sum-rejected",
            Self::Merged => "ui-sum-merged",
            Self::Archived => "ui-sum-archived",
            Self::Restored => "ui-sum-restored",
            Self::Left => "ui-sum-left",
            Self::Remaining => "ui-sum-remaining",
        }
    }
}

fn there_are<const N: usize>(parts: [(Part, u64); N]) -> Vec<(Part, u64)> {
    let all = parts.into_iter();
    all.filter(|(_, count)| *count > 0).collect()
}

impl Words {
    /// Names the state of a run, in the documented words.
    #[must_use]
    pub fn state(&self, state: State) -> String {
        self.text(match state {
            State::Queued => "state-queued",
            State::Processing => "state-processing",
            State::Successful => "state-successful",
            State::Skipped => "state-skipped",
            State::Failed => "state-failed",
            State::Cancelled => "state-cancelled",
            State::Interrupted => "state-interrupted",
        })
    }

    /// Says what a run stands for now: how it ended, or that it was taken back.
    #[must_use]
    pub fn ended(&self, report: &Report) -> String {
        if report.undo.undone_by.is_some() {
            return self.text("ui-outcome-undone");
        }
        self.verdict(report)
    }

    /// Says how a run ended, that it was an undo, and how many could not be delivered though it was successful.
    #[must_use]
    pub fn verdict(&self, report: &Report) -> String {
        let state = self.state(report.state());
        match (report.state(), report.ended.counters.rejected) {
            _ if report.is_undo() => format!("{state} · {}", self.text("history-undo-run")),
            (State::Successful, rejected @ 1..) if report.again => {
                let args = [
                    ("count", rejected.into()),
                    ("profiles", report.ended.counters.profiles.into()),
                ];
                format!("{state} · {}", self.with("home-rejected-again", &args))
            }
            (State::Successful, rejected @ 1..) => {
                let rejected = self.with("home-rejected", &[("count", rejected.into())]);
                format!("{state} · {rejected}")
            }
            _ => state,
        }
    }

    /// Says with its sign how a run of the past stands: one that was taken back, as it ended before.
    #[must_use]
    pub fn standing(&self, past: &Past) -> String {
        let state = if past.state == past.report.state() {
            self.verdict(&past.report)
        } else {
            self.state(past.state)
        };
        format!("{} {state}", past.sign())
    }

    /// Says who or what started a run.
    #[must_use]
    pub fn started_by(&self, by: StartedBy) -> String {
        self.text(match by {
            StartedBy::Person => "started-by-person",
            StartedBy::Command => "started-by-command",
            StartedBy::Watch => "started-by-watch",
            StartedBy::Once => "started-by-once",
        })
    }

    /// Names what a run was about, and how many of them there were: profiles, or contacts where it was an undo.
    #[must_use]
    pub fn total(&self, report: &Report) -> (u64, String) {
        let counters = &report.ended.counters;
        if report.is_undo() {
            let done = counters.archived + counters.restored + counters.left;
            let all = done + counters.remaining;
            (all, self.with("ui-sum-contacts", &[("count", all.into())]))
        } else {
            let count = counters.profiles;
            (
                count,
                self.with("ui-sum-profiles", &[("count", count.into())]),
            )
        }
    }

    /// Says what became of a part, of so many.
    #[must_use]
    pub fn part(&self, part: Part, count: u64) -> String {
        self.with(part.key(), &[("count", count.into())])
    }

    /// Says in one line what became of all.
    #[must_use]
    pub fn in_short(&self, report: &Report) -> String {
        let parts = Part::of(report).into_iter();
        let parts =
            parts.map(|(part, count)| format!("{} {}", self.number(count), self.part(part, count)));
        let told = parts.collect::<Vec<_>>().join(" · ");
        if report.again {
            format!("{}: {told}", self.text("home-sent-again"))
        } else {
            told
        }
    }

    /// Says what a run has to do with others, line by line: what it takes back, what took it back, what settled it, what it
    /// was left out for.
    #[must_use]
    pub fn kin(&self, report: &Report) -> Vec<String> {
        let undo = &report.undo;
        let undoes = undo.undoes.as_deref();
        let undoes = undoes.map(|run| self.with("history-undoes", &[("run", run.into())]));
        let undone = undo.undone_by.as_deref();
        let undone = undone.map(|run| self.with("history-undone-by", &[("run", run.into())]));
        let settled = report.settling.by.as_deref();
        let settled = settled.map(|run| self.with("history-settled-by", &[("run", run.into())]));
        let skipped = report.skipped.as_deref();
        let skipped = skipped.map(|what| self.with("history-skipped", &[("what", what.into())]));
        let all = [undoes, undone, settled, skipped];
        all.into_iter().flatten().collect()
    }

    /// Says who agreed to the transfer, and when.
    #[must_use]
    pub fn agreed(&self, agreement: Option<&Agreement>) -> String {
        agreement.map_or_else(
            || self.text("show-not-agreed"),
            |agreement| {
                let args = [
                    ("user", agreement.user.as_str().into()),
                    ("time", self.date_time(agreement.at).into()),
                ];
                self.with("show-agreed", &args)
            },
        )
    }

    /// Says what was consented to when a run began, part by part.
    #[must_use]
    pub fn consent_in_force(&self, consent: &ConsentInForce) -> [(Label, String); 3] {
        let rule = consent.consent_attribute.as_ref();
        [
            (Label::Privacy, self.agreed(consent.agreement.as_ref())),
            (Label::StatusIfNew, self.new_status(consent.status_if_new)),
            (
                Label::ConsentAttribute,
                rule.map_or_else(
                    || "–".to_owned(),
                    |rule| rule.called(spoken(&rule.attribute)).to_string(),
                ),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, Words};
    use super::Part;
    use crate::domain::State;

    #[test]
    fn each_part_has_a_word_for_one_and_for_many() {
        let parts = [
            (Part::Created, "skapad", "skapade"),
            (Part::Updated, "uppdaterad", "uppdaterade"),
            (Part::Unchanged, "oförändrad", "oförändrade"),
            (Part::Suppressed, "undantagen", "undantagna"),
            (Part::Rejected, "avvisad", "avvisade"),
            (Part::Merged, "sammanslagen", "sammanslagna"),
            (Part::Archived, "arkiverad", "arkiverade"),
            (Part::Restored, "återställd", "återställda"),
            (Part::Left, "lämnad som den är", "lämnade som de är"),
            (Part::Remaining, "återstår", "återstår"),
        ];
        let words = Words::new(Lang::Sv);
        for (part, one, many) in parts {
            let told = [1, 0, 2].map(|count| words.part(part, count));
            assert_eq!(told, [one, many, many]);
        }
        let left = [1, 2].map(|count| Words::new(Lang::En).part(Part::Left, count));
        assert_eq!(left, ["left as it is", "left as they are"]);
    }

    #[test]
    fn states_are_called_as_the_documentation_calls_them() {
        let documented = [
            (State::Queued, "Queued", "I kö"),
            (State::Processing, "Processing", "Bearbetar"),
            (State::Successful, "Successful", "Lyckades"),
            (State::Skipped, "Skipped", "Överhoppad"),
            (State::Failed, "Failed", "Misslyckades"),
            (State::Cancelled, "Canceled", "Avbruten"),
        ];
        for (state, en, sv) in documented {
            assert_eq!(Words::new(Lang::En).state(state), en);
            assert_eq!(Words::new(Lang::Sv).state(state), sv);
        }
    }
}
