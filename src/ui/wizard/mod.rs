//! The wizard: the documented steps in the documented order, each a plain struct in a file of its own.

mod audience;
mod consent;
mod export_user;
mod folder;
mod known;
mod login;
mod mapping;
mod matching;
mod name;
mod picker;
mod preview;
mod review;
mod rules;
mod segments;
mod source;
mod start;
mod view;
mod ways;

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::Demo;
use super::keys::{Command, Context};
use super::msg::{Answer, Effect, HomeData, Outbox, Question, Ticket, Wait};
use crate::domain::{DestinationId, Draft};
use crate::export::Diff;
use crate::store::SavedDraft;
use crate::words::{Explanation, Words};

/// The keys of the steps' names, in their order.
pub(super) const STEPS: [&str; 10] = [
    "ui-step-start",
    "label-display-name",
    "label-privacy",
    "ui-step-audience",
    "ui-step-login",
    "ui-step-source",
    "label-data-matching",
    "label-segments",
    "ui-step-rules",
    "ui-step-review",
];
const NAME: usize = 1;
const CONSENT: usize = 2;
const AUDIENCE: usize = 3;
const LOGIN: usize = 4;
const SOURCE: usize = 5;
const MATCHING: usize = 6;
const SEGMENTS: usize = 7;
const RULES: usize = 8;
const REVIEW: usize = 9;

use known::{Desk, Known};
pub(super) use review::{facts, totals};
pub(super) use view::HELP;

/// Where a step wants to go after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flow {
    /// It stays.
    Stay,
    /// To the next step.
    Next,
    /// To the step before, or out of the wizard.
    Back,
    /// To a step.
    Jump(usize),
    /// Saves, and exports too if asked.
    Save { export: bool },
}

/// The wizard.
#[derive(Debug, Default)]
pub(super) struct Wizard {
    pub draft: Draft,
    pub former: Option<DestinationId>,
    pub step: usize,
    /// What the draft is known by on disk.
    id: String,
    /// The user answered something, so that there is something to keep.
    touched: bool,
    furthest: usize,
    known: Known,
    demo: bool,
    user: String,
    consent: consent::Consent,
    name: name::Name,
    audience: audience::AudienceStep,
    login: login::LoginStep,
    source: source::SourceStep,
    mapping: mapping::MappingStep,
    segments: segments::SegmentsStep,
    rules: rules::RulesStep,
    review: review::Review,
    saving: Wait<()>,
    export: bool,
}

/// What the application has to do after the wizard saw a message.
#[derive(Debug)]
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// Show the home screen.
    Leave,
    /// The destination was saved; export it if asked.
    Saved(Box<crate::domain::Destination>, bool),
}

impl Wizard {
    /// Starts with a draft; an empty one, one that is kept on disk already, or one of a saved destination.
    pub fn new(
        (saved, is_kept): (SavedDraft, bool),
        home: &HomeData,
        user: &str,
        demo: Option<&Demo>,
    ) -> Self {
        let former = saved.former;
        let others = home.rows.iter().map(|row| &row.destination);
        let others = others.filter(|other| former.as_ref() != Some(&other.id()));
        let mut itself = home.rows.iter();
        let itself = itself.find(|row| former.as_ref() == Some(&row.destination.id()));
        let has_run = itself.filter(|row| row.last.is_some());
        let known = Known {
            saved: has_run.map(|row| row.destination.clone()),
            logins: home.logins.clone(),
            usable: home.usable.clone(),
            users: home.users.clone(),
            taken: others.map(|other| other.name.to_string()).collect(),
            ..Known::default()
        };
        let mut draft = saved.draft;
        if let Some(demo) = demo.filter(|_| draft == Draft::default()) {
            demo.name.clone_into(&mut draft.name);
            demo.audience.clone_into(&mut draft.audience);
        }
        let step = saved.step.min(REVIEW);
        Self {
            name: name::Name::new(&draft),
            audience: audience::AudienceStep::new(&draft),
            login: login::LoginStep::new(demo),
            source: source::SourceStep::new(&draft, home, demo),
            furthest: if former.is_some() { REVIEW } else { step },
            step,
            id: saved.id,
            touched: is_kept,
            draft,
            former,
            known,
            demo: demo.is_some(),
            user: user.to_owned(),
            ..Self::default()
        }
    }

    /// Keeps the answers where the user gave any: what was only looked at leaves nothing behind.
    pub fn keep(&self, out: &mut Outbox) {
        self.keep_at(self.step, out);
    }

    fn keep_at(&self, step: usize, out: &mut Outbox) {
        if self.touched {
            out.push(Effect::Keep(Box::new(SavedDraft {
                id: self.id.clone(),
                step,
                former: self.former.clone(),
                draft: self.draft.clone(),
            })));
        }
    }

    /// Tells whether what is on the screen changes by itself.
    pub fn moves(&self) -> bool {
        self.step == SOURCE && self.source.moves()
    }

    /// Tells which keys apply.
    pub fn context(&self) -> Context {
        match self.step {
            NAME | AUDIENCE => Context::Typing,
            LOGIN => self.login.context(),
            SOURCE => self.source.context(),
            MATCHING => self.mapping.context(),
            SEGMENTS => self.segments.context(),
            RULES => self.rules.context(),
            REVIEW => Context::Review,
            _ => Context::Choices,
        }
    }

    /// Begins: asks what can be known at once.
    pub fn begin(&mut self, now: Timestamp, out: &mut Outbox) {
        self.look(out);
        self.ask_about_tags();
        match self.step {
            MATCHING => self.mapping.enter(&mut self.draft, &self.known),
            REVIEW => self.review.enter(&self.draft, now, out),
            _ => {}
        }
    }

    /// Takes a key.
    pub fn key(
        &mut self,
        command: Command,
        event: KeyEvent,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> After {
        if self.saving.is_asked() {
            return After::Nothing;
        }
        let before = self.draft.clone();
        let flow = match command {
            Command::StepBack => Flow::Jump(self.step.saturating_sub(1)),
            Command::StepOn => Flow::Jump((self.step + 1).min(self.furthest)),
            _ => self.step_key(command, event, (words, now), out),
        };
        self.touched |= self.draft != before;
        let after = self.go(&flow, now, out);
        self.look(out);
        after
    }

    /// Goes to a step that was visited before.
    pub fn visit(&mut self, step: usize, now: Timestamp, out: &mut Outbox) {
        if step <= self.furthest && !self.saving.is_asked() {
            self.go(&Flow::Jump(step), now, out);
            self.look(out);
        }
    }

    /// What an export would do about each contact, where that is what the page shows.
    pub fn diff(&self) -> Option<Diff> {
        let shown = self.step == REVIEW && !self.saving.is_asked();
        self.review.diff().filter(|_| shown)
    }

    fn step_key(
        &mut self,
        command: Command,
        event: KeyEvent,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> Flow {
        let mut desk = Desk {
            draft: &mut self.draft,
            known: &mut self.known,
            out,
            words,
            demo: self.demo,
            now,
            user: &self.user,
        };
        match self.step {
            NAME => self.name.key(command, event, &mut desk),
            CONSENT => self.consent.key(command, &mut desk),
            AUDIENCE => self.audience.key(command, event, &mut desk),
            LOGIN => self.login.key(command, event, &mut desk),
            SOURCE => self.source.key(command, event, &mut desk),
            MATCHING => self.mapping.key(command, event, &mut desk),
            SEGMENTS => self.segments.key(command, event, &mut desk),
            RULES => self.rules.key(command, event, &mut desk),
            REVIEW => self.review.key(command, &mut desk),
            _ => start::key(command),
        }
    }

    /// Takes pasted text into the field with the focus.
    pub fn paste(&mut self, text: &str, (words, now): (&Words, Timestamp), out: &mut Outbox) {
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
        match self.step {
            NAME => self.name.paste(text, &mut desk),
            AUDIENCE => self.audience.paste(text, &mut desk),
            LOGIN => self.login.paste(text, &mut desk),
            SOURCE => self.source.paste(text, &mut desk),
            MATCHING => self.mapping.paste(text),
            SEGMENTS => self.segments.paste(text),
            RULES => self.rules.paste(text),
            _ => {}
        }
        self.touched |= self.draft != before;
    }

    fn go(&mut self, flow: &Flow, now: Timestamp, out: &mut Outbox) -> After {
        let before = self.step;
        match flow {
            Flow::Stay => return After::Nothing,
            Flow::Next => self.step = (self.step + 1).min(REVIEW),
            Flow::Back if self.step == 0 => {
                // Going on begins where the user was furthest.
                self.keep_at(self.furthest, out);
                out.push(Effect::DropCheck);
                return After::Leave;
            }
            Flow::Back => self.step -= 1,
            Flow::Jump(step) => self.step = *step,
            Flow::Save { export } => self.save(*export, now, out),
        }
        self.furthest = self.furthest.max(self.step);
        if self.step != before {
            self.enter(now, out);
        }
        After::Nothing
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
        self.ask_about_tags();
        match self.step {
            MATCHING => self.mapping.enter(&mut self.draft, &self.known),
            SEGMENTS => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            RULES if self.former.is_none() => self.rules.enter(&mut self.draft, &self.known),
            REVIEW => self.review.enter(&self.draft, now, out),
            _ => {}
        }
        self.keep(out);
    }

    /// Has the rules ask what becomes of tags that were taken out, once the segments are chosen.
    fn ask_about_tags(&mut self) {
        if let (Some(saved), RULES..) = (&self.known.saved, self.step) {
            self.draft.ask_about_tags(saved);
        }
    }

    /// Asks for what can be known by now and is not yet.
    fn look(&mut self, out: &mut Outbox) {
        let typed = self.source.is_typed();
        self.known.look(&self.draft, self.step, typed, out);
    }

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
                self.audience.suggest(&mut self.draft, &self.known);
            }
            Answer::Audience(found) if self.known.view.is(ticket) => {
                self.known.view.settle(found);
                self.known.plan_fields(&self.draft);
                if let Some(view) = self.known.view.get() {
                    self.draft.audience_name.clone_from(&view.audience.name);
                }
            }
            Answer::Source(found) if self.known.source.is(ticket) => {
                self.known.source.settle(found);
                self.source.answered();
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
                        self.login.answer(ticket, other, &mut desk)
                    }
                    Answer::Dates(_) | Answer::Preview(_) if self.mapping.waits(ticket) => {
                        self.mapping.answer(other, &mut desk)
                    }
                    Answer::Preview(rows) => self.segments.answer(ticket, rows),
                    Answer::Check(checked) => self.review.answer(ticket, checked),
                    other => self.source.answer(ticket, other, &mut desk),
                };
                // A login, or the order of dates.
                self.touched |= self.draft != before;
            }
        }
        match self.step {
            SOURCE if flow == Flow::Stay => flow = self.source.go_on(&self.draft, &self.known),
            MATCHING => self.mapping.enter(&mut self.draft, &self.known),
            SEGMENTS => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            _ => {}
        }
        let after = self.go(&flow, now, out);
        self.look(out);
        after
    }

    /// Why saving failed.
    pub fn failure(&self) -> Option<&Explanation> {
        self.saving.failure()
    }
}
