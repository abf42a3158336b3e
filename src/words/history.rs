use crate::domain::{Agreement, StartedBy, State};
use crate::export::{ConsentInForce, Report};

use super::{Label, Words};

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
            (all, self.text("ui-sum-contacts"))
        } else {
            (counters.profiles, self.text("ui-sum-profiles"))
        }
    }

    /// Says what became of them, as far as there is something to tell; these are the parts of [`Words::total`].
    #[must_use]
    pub fn parts(&self, report: &Report) -> Vec<(u64, String)> {
        let counters = &report.ended.counters;
        let undone = [
            (counters.archived, "ui-sum-archived"),
            (counters.restored, "ui-sum-restored"),
            (counters.left, "ui-sum-left"),
        ];
        let exported = [
            (counters.created, "ui-sum-created"),
            (counters.updated, "ui-sum-updated"),
            (counters.unchanged, "ui-sum-unchanged"),
            (counters.suppressed, "ui-sum-suppressed"),
            (counters.rejected, "ui-sum-rejected"),
            (counters.merged, "ui-sum-merged"),
        ];
        let parts: &[_] = if report.is_undo() { &undone } else { &exported };
        let rest = [(counters.remaining, "ui-sum-remaining")];
        let all = parts.iter().chain(&rest);
        all.filter(|(count, _)| *count > 0)
            .map(|(count, key)| (*count, self.text(key)))
            .collect()
    }

    /// Says what a run has to do with others, line by line: what it takes back, what took it back, what settled it.
    #[must_use]
    pub fn kin(&self, report: &Report) -> Vec<String> {
        let undo = &report.undo;
        let undoes = undo.undoes.as_deref();
        let undoes = undoes.map(|run| self.with("history-undoes", &[("run", run.into())]));
        let undone = undo.undone_by.as_deref();
        let undone = undone.map(|run| self.with("history-undone-by", &[("run", run.into())]));
        let settled = report.settling.by.as_deref();
        let settled = settled.map(|run| self.with("history-settled-by", &[("run", run.into())]));
        [undoes, undone, settled].into_iter().flatten().collect()
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
                rule.map_or_else(|| "–".to_owned(), ToString::to_string),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, Words};
    use crate::domain::State;

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
