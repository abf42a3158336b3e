//! From step to step, and out of the wizard.

use jiff::Timestamp;

use super::super::msg::{Effect, Outbox, Question, Wait};
use super::{After, Flow, Kept, MATCHING, REVIEW, RULES, SEGMENTS, Wizard, review, segments};
use crate::store::SavedDraft;

impl Wizard {
    /// Begins: asks what can be known at once.
    pub fn begin(&mut self, now: Timestamp, out: &mut Outbox) {
        self.look(out);
        self.ask_about_tags();
        match self.step {
            MATCHING => self.mapping.enter(&mut self.draft, &self.known, out),
            REVIEW => self.review.enter(&self.draft, now, out),
            _ => {}
        }
    }

    /// Goes to a step that was visited before.
    pub fn visit(&mut self, step: usize, now: Timestamp, out: &mut Outbox) {
        if step <= self.furthest && !self.saving.is_asked() {
            self.go(Flow::Jump(step), now, out);
            self.look(out);
        }
    }

    pub(super) fn go(&mut self, flow: Flow, now: Timestamp, out: &mut Outbox) -> After {
        let before = self.step;
        match flow {
            Flow::Stay => return After::Nothing,
            Flow::Next => self.step = (self.step + 1).min(REVIEW),
            Flow::Leave if self.kept == Kept::Answers => return After::AskLeave,
            Flow::Leave => return self.leave(true, out),
            Flow::Jump(step) => self.step = step,
            Flow::Limit => self.step = RULES,
            Flow::Save => self.save(false, now, out),
            Flow::Export => {
                let checked = self.review.checked();
                return checked.map_or(After::Nothing, After::AskExport);
            }
        }
        self.furthest = self.furthest.max(self.step);
        if self.step != before {
            self.enter(now, out);
        }
        if matches!(flow, Flow::Limit) {
            self.rules.limit(&self.draft, &self.known);
        }
        After::Nothing
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
            self.save(true, now, out);
        }
    }

    /// Makes the destination, if nothing is missing; otherwise goes to the first step that lacks something.
    fn save(&mut self, export: bool, now: Timestamp, out: &mut Outbox) {
        match self.draft.clone().finish(now) {
            Ok(destination) => {
                let (former, fields) = (self.former.clone(), self.draft.fields_to_make());
                let question = Question::Save(Box::new(destination), former, fields);
                self.saving = Wait::Asked(out.ask(question));
                self.export = export;
            }
            Err(gaps) => self.step = gaps.first().map_or(self.step, review::step_of),
        }
    }

    fn enter(&mut self, now: Timestamp, out: &mut Outbox) {
        self.notice = None;
        self.ask_about_tags();
        match self.step {
            MATCHING => self.mapping.enter(&mut self.draft, &self.known, out),
            SEGMENTS => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            RULES => self.rules.enter(&mut self.draft, &self.known),
            REVIEW => self.review.enter(&self.draft, now, out),
            _ => {}
        }
        self.keep(out);
    }

    /// Has the rules ask what becomes of tags that were taken out, once the segments are chosen.
    pub(super) fn ask_about_tags(&mut self) {
        if let (Some(saved), RULES..) = (&self.known.saved, self.step) {
            self.draft.ask_about_tags(saved);
        }
    }

    /// Asks for what can be known by now and is not yet.
    pub(super) fn look(&mut self, out: &mut Outbox) {
        let typed = self.source.is_typed();
        self.known.look(&self.draft, self.step, typed, out);
    }

    /// Keeps the answers where the user gave any: what was only looked at leaves nothing behind.
    pub fn keep(&self, out: &mut Outbox) {
        self.keep_at(self.step, out);
    }

    fn keep_at(&self, step: usize, out: &mut Outbox) {
        if self.kept != Kept::Nothing {
            out.push(Effect::Keep(Box::new(SavedDraft {
                id: self.id.clone(),
                step,
                former: self.former.clone(),
                draft: self.draft.clone(),
            })));
        }
    }
}
