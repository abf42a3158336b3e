//! What the wizard does with an answer.

use jiff::Timestamp;

use super::super::msg::{Answer, Effect, Outbox, Ticket, Wait};
use super::{After, Desk, Flow, Step, Wizard, segments};
use crate::domain::{AudienceId, SourceSpec};
use crate::words::Words;

impl Wizard {
    /// Takes an answer; one that nobody waits for is dropped.
    pub fn answer(
        &mut self,
        ticket: Ticket,
        answer: Answer,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> After {
        let mut flow = Flow::Stay;
        match answer {
            Answer::Audiences(found) if self.known.audiences.is(ticket) => {
                self.known.audiences.settle(found);
                self.mailchimp.suggest(&mut self.draft, &self.known);
            }
            Answer::Audience(found) if self.known.view.is(ticket) => {
                self.known.view.settle(found);
                self.name_audience();
            }
            Answer::Source(found) if self.known.source.is(ticket) => {
                self.known.source.settle(found);
                if let Some(source) = self.known.open() {
                    self.draft.folder.columns = source.columns();
                }
                self.source.answered(&self.draft, &self.known, out);
            }
            Answer::Overlap(found) if self.known.overlap.is(ticket) => {
                self.known.overlap.settle(found);
            }
            Answer::Saved(Ok(destination)) if self.saving.is(ticket) => {
                out.push(Effect::Forget(self.id.clone()));
                out.push(Effect::DropCheck);
                return After::Saved(destination, self.export);
            }
            Answer::Saved(Err(why)) if self.saving.is(ticket) => {
                self.saving = Wait::Failed(Box::new(why));
            }
            other => {
                let before = self.draft.clone();
                let mut desk = Desk {
                    draft: &mut self.draft,
                    known: &mut self.known,
                    out,
                    words,
                    demo: self.demo,
                    now,
                    user: &self.user,
                };
                flow = match other {
                    Answer::SignIn(_) | Answer::Login(_) => {
                        self.mailchimp.answer(ticket, other, &mut desk)
                    }
                    Answer::Dates(_) | Answer::Field(_) | Answer::Preview(_)
                        if self.mapping.waits(ticket) =>
                    {
                        self.mapping.answer(ticket, other, &mut desk)
                    }
                    Answer::Preview(rows) => self.segments.answer(ticket, rows),
                    Answer::Check(checked) => self.review.answer(ticket, checked),
                    other => self.source.answer(ticket, other, &mut desk),
                };
                // A login, or the order of dates.
                self.compare(&before);
            }
        }
        self.go_on(flow, (words, now), out)
    }

    /// Names the audience as it is called, and plans the fields that it lacks.
    fn name_audience(&mut self) {
        self.known.plan_fields(&self.draft);
        let view = self.known.view.get();
        // Another ID may have been typed by then.
        let of_this = |id: &AudienceId| id.as_str() == self.draft.audience.trim();
        if let Some(view) = view.filter(|view| of_this(&view.audience.id)) {
            self.draft.audience_name.clone_from(&view.audience.name);
        }
    }

    /// Goes where an answer leads: on by itself, where that is what the user waits for.
    fn go_on(
        &mut self,
        mut flow: Flow,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> After {
        let mut notice = None;
        match self.step {
            Step::Mailchimp if flow == Flow::Stay => {
                flow = self.mailchimp.go_on(&self.draft, &self.known);
            }
            Step::Source if flow == Flow::Stay => {
                flow = self.source.go_on(&self.draft, &self.known);
                let account = self.known.account(self.draft.source_login.as_ref());
                let source = self.draft.source.as_ref();
                let is_user = source.is_some_and(SourceSpec::needs_login);
                notice = is_user.then_some(("ui-user-connected", account));
            }
            Step::Matching => self.mapping.enter(&mut self.draft, &self.known, out),
            Step::Segments => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            _ => {}
        }
        let goes_on = flow == Flow::Next;
        let after = self.go(flow, now, out);
        if let Some((key, account)) = notice.filter(|_| goes_on) {
            self.notice = Some(words.with(key, &[("account", account.into())]));
        }
        self.look(out);
        after
    }
}
