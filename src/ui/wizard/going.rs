//! From step to step, and out of the wizard.

use jiff::Timestamp;

use super::super::msg::{Effect, Outbox, Question, Wait};
use super::known::{Known, Wanted};
use super::{After, Fact, Flow, Kept, Step, Wizard, segments};
use crate::store::SavedDraft;

impl Wizard {
    /// Begins: asks what can be known at once.
    pub fn begin(&mut self, now: Timestamp, out: &mut Outbox) {
        self.look(out);
        self.ask_about_tags();
        match self.step {
            Step::Mailchimp => self.mailchimp.enter(&self.draft),
            Step::Matching => self.mapping.enter(&mut self.draft, &self.known, out),
            Step::Review => self.review.enter(&self.draft, now, out),
            _ => {}
        }
    }

    /// Goes to a step that was visited before.
    pub fn visit(&mut self, step: Step, now: Timestamp, out: &mut Outbox) {
        if step <= self.furthest && !self.saving.is_asked() {
            self.go(Flow::Jump(step), now, out);
            self.look(out);
        }
    }

    pub(super) fn go(&mut self, flow: Flow, now: Timestamp, out: &mut Outbox) -> After {
        let before = self.step;
        let mut asked = None;
        match flow {
            Flow::Stay => return After::Nothing,
            Flow::Next => {
                let from = self.returns.take();
                self.step = if from.is_some_and(|from| from == self.origin()) {
                    Step::Review
                } else {
                    self.step.next()
                };
            }
            Flow::Leave if self.kept == Kept::Answers => return After::AskLeave,
            Flow::Leave => return self.leave(true, out),
            Flow::Jump(step) => (self.step, self.returns) = (step, None),
            Flow::Change(fact) => asked = Some(fact),
            Flow::Save => asked = self.save(false, now, out),
            Flow::Export => {
                let checked = self.review.checked();
                return checked.map_or(After::Nothing, After::AskExport);
            }
        }
        if before == Step::Review && asked.is_some() {
            self.returns = Some(self.origin());
        }
        self.step = asked.map_or(self.step, Fact::step);
        self.furthest = self.furthest.max(self.step);
        if self.step != before {
            self.enter(now, out);
        }
        if let Some(fact) = asked {
            self.change(fact);
        }
        After::Nothing
    }

    /// What the steps behind the connection depend on.
    fn origin(&self) -> (Option<Wanted>, String) {
        (Known::wanted(&self.draft), self.draft.audience.to_string())
    }

    /// Leaves the wizard; what was answered is kept as a draft or thrown away.
    pub fn leave(&mut self, keeps: bool, out: &mut Outbox) -> After {
        if keeps {
            // Going on begins where the user was furthest.
            self.keep_at(self.furthest, out);
        } else {
            out.push(Effect::Forget(self.id.clone()));
        }
        out.push(Effect::DropCheck);
        After::Leave
    }

    /// Saves and exports: the user saw what that would do, and said yes.
    pub fn export(&mut self, now: Timestamp, out: &mut Outbox) {
        if !self.saving.is_asked() {
            let lacking = self.save(true, now, out);
            if let Some(fact) = lacking {
                self.go(Flow::Change(fact), now, out);
            }
        }
    }

    /// Makes the destination, if nothing is missing; otherwise tells the first answer that lacks.
    fn save(&mut self, export: bool, now: Timestamp, out: &mut Outbox) -> Option<Fact> {
        match self.draft.clone().finish(now) {
            Ok(destination) => {
                let (former, fields) = (self.former.clone(), self.draft.fields_to_make());
                let question = Question::Save(Box::new(destination), former, fields);
                self.saving = Wait::Asked(out.ask(question));
                self.export = export;
                None
            }
            Err(gaps) => gaps.first().map(Fact::of),
        }
    }

    /// Puts the cursor on an answer of the step.
    fn change(&mut self, fact: Fact) {
        match fact {
            Fact::Name | Fact::Privacy => self.name.change(fact),
            Fact::Audience | Fact::Login => self.mailchimp.change(fact),
            Fact::Limit => self.rules.limit(&self.draft, &self.known),
            Fact::Source | Fact::Matching | Fact::Segments | Fact::Rules => {}
        }
    }

    fn enter(&mut self, now: Timestamp, out: &mut Outbox) {
        self.notice = None;
        self.ask_about_tags();
        match self.step {
            Step::Name => self.name.change(Fact::Name),
            Step::Mailchimp => self.mailchimp.enter(&self.draft),
            Step::Matching => self.mapping.enter(&mut self.draft, &self.known, out),
            Step::Segments => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            Step::Rules => self.rules.enter(&mut self.draft, &self.known),
            Step::Review => self.review.enter(&self.draft, now, out),
            _ => {}
        }
        self.keep(out);
    }

    /// Has the rules ask what becomes of tags that were taken out, once the segments are chosen.
    pub(super) fn ask_about_tags(&mut self) {
        if let Some(saved) = self
            .known
            .saved
            .as_ref()
            .filter(|_| self.step >= Step::Rules)
        {
            self.draft.ask_about_tags(saved);
        }
    }

    /// Asks for what can be known by now and is not yet.
    pub(super) fn look(&mut self, out: &mut Outbox) {
        let typed = match self.step {
            Step::Mailchimp => self.mailchimp.is_typed(),
            Step::Source => self.source.is_typed(),
            _ => false,
        };
        self.known.look(&self.draft, self.step, typed, out);
    }

    /// Keeps the answers where the user gave any: what was only looked at leaves nothing behind.
    pub fn keep(&self, out: &mut Outbox) {
        self.keep_at(self.step, out);
    }

    fn keep_at(&self, step: Step, out: &mut Outbox) {
        if self.kept != Kept::Nothing {
            out.push(Effect::Keep(Box::new(SavedDraft {
                id: self.id.clone(),
                step: step.name().to_owned(),
                former: self.former.clone(),
                draft: self.draft.clone(),
            })));
        }
    }
}
